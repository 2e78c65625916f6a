//! Calm time, idle capacity and cost, as a user meets them.

use firedrill::model::{Plan, RunOutcome, simulate};
use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::study::{MetricTable, Observation};

use crate::incidents::{incident, plan, run};
use crate::support::repository;

/// Of a run of 40 minutes, of which the last 30 s are not measured.
const LONG: &str = "study.horizon=40m";

fn power_loss(lasts: &str) -> String {
    incident("power loss", lasts, "kind = \"region-outage\"\ntarget = \"singapore\"")
}

/// One metric of one run.
fn observe(name: &str, plan: &Plan, run: &RunOutcome) -> Observation {
    MetricTable::of(plan.scenario()).observe_one(name, run, 0.95).unwrap_or_else(|| panic!("no metric {name}"))
}

fn value(name: &str, plan: &Plan, run: &RunOutcome) -> f64 {
    observe(name, plan, run).value().unwrap_or_else(|| panic!("no value of {name}"))
}

#[test]
fn calm_time_before_an_incident_is_the_same_as_without_it() {
    // The incident comes after two minutes of measured time; without it the run is measured to the same moment.
    let (outage, calm) = (plan(&[], &power_loss("2m")), plan(&["study.horizon=3m30s"], ""));
    let [with, without] = [&outage, &calm].map(|plan| simulate(plan, 0, 0).expect("a run"));
    assert_eq!(with.calm.before.length.as_secs_f64(), 120.0);
    assert_eq!(without.calm.before.length, without.span.to.since(without.span.from), "all of it is calm");
    let requests = |run: &RunOutcome| -> u64 {
        run.calm.before.visitors.iter().flatten().map(|tally| tally.succeeded + tally.failed).sum()
    };
    assert_eq!(requests(&with), requests(&without), "they have started before, whatever became of them");
    assert_eq!(with.calm.before.loads, without.calm.before.loads);
    assert_eq!(value("latency_p50_ms_calm", &outage, &with), value("latency_p50_ms", &calm, &without));
    assert_ne!(value("latency_p50_ms", &outage, &with), value("latency_p50_ms", &calm, &without));
    // Europe's reads are served in frankfurt: every one of them is the same.
    let reads = |run: &RunOutcome| run.calm.before.visitors[1][0].latency.clone();
    assert!(reads(&with).count() > 100);
    assert_eq!(reads(&with), reads(&without));
}

#[test]
fn calm_latency_does_not_contain_the_outage() {
    // An app alone: the primary keeps its role, so that calm time is as before when answers lead back.
    let app = incident("crash", "5m", "kind = \"app-outage\"\ntarget = \"singapore\"\nmode = \"blackhole\"");
    let (calm, outage) = (plan(&[LONG], ""), plan(&[LONG], &app));
    let [well, hit] = [&calm, &outage].map(|plan| simulate(plan, 0, 0).expect("a run"));
    let p99 = |name, plan, run| value(name, plan, run);
    let (all, in_calm) = (p99("latency_p99_ms", &outage, &hit), p99("latency_p99_ms_calm", &outage, &hit));
    let undisturbed = p99("latency_p99_ms", &calm, &well);
    assert_eq!(p99("latency_p99_ms_calm", &calm, &well), undisturbed, "all of a run without incidents is calm");
    assert!(all > 1.5 * undisturbed, "{all} ms in all, {undisturbed} ms without an outage");
    assert!(
        (in_calm / undisturbed - 1.0).abs() < 0.05,
        "{in_calm} ms in calm time, {undisturbed} ms without an outage"
    );
    // Who is on the way when the app dies started in calm time.
    assert!(value("availability_requests_calm", &outage, &hit) > 0.9999);
    assert!(value("availability_requests", &outage, &hit) < 0.99);
}

/// The calm seconds of a run after its only incident, and the seconds from the incident's end to the end of measured time.
fn again_s(run: &RunOutcome) -> (f64, f64) {
    let ended = run.incidents.iter().map(|incident| incident.ended).max().expect("an incident");
    (run.calm.again.length.as_secs_f64(), run.span.to.since(ended).as_secs_f64())
}

#[test]
fn it_is_calm_again_ten_minutes_after_the_end_once_answers_lead_back() {
    // A minute of a dead app: singapore is held back for `hold` after the verdict that it is up, some 45 s after the end.
    let outage = incident("crash", "2m", "kind = \"app-outage\"\ntarget = \"singapore\"");
    let after = |failback: &str| {
        let run = run(0, &[LONG, failback], &outage);
        let (again, after) = again_s(&run);
        assert!(
            run.calm.before.length.as_secs_f64() == 120.0 && run.calm.disruptions[0].is_over,
            "{:?}",
            run.calm.disruptions
        );
        after - again
    };
    let soon = after("designs.active-active.failback={ when = \"automatic\", hold = \"0s\" }");
    assert!((600.0..720.0).contains(&soon), "{soon} s after the end");
    // Answers lead back 20 minutes after the verdict, and until then it is not calm.
    let late = after("designs.active-active.failback={ when = \"automatic\", hold = \"20m\" }");
    assert!((1_200.0..1_320.0).contains(&late), "{late} s after the end");
    // They never do: the design keeps it so for good, and the aftermath is all.
    let never = after("designs.active-active.failback={ when = \"never\" }");
    assert!((600.0..720.0).contains(&never), "{never} s after the end");
}

#[test]
fn a_role_that_is_to_return_is_waited_for_and_one_that_stays_is_not() {
    let after = |role: &[&str]| {
        let run = run(0, &[&[LONG], role].concat(), &power_loss("1m"));
        let (again, after) = again_s(&run);
        after - again
    };
    let stays = after(&[]);
    assert!((600.0..780.0).contains(&stays), "{stays} s");
    // The role returns 15 minutes after the rejoining, by a switch with an aftermath of its own.
    let returns = after(&["designs.active-active.promotion.return_role=\"15m\""]);
    assert!((1_500.0..1_680.0).contains(&returns), "{returns} s");
}

#[test]
fn a_run_has_no_calm_time_after_an_incident_that_lasts_and_none_before_one_in_the_warm_up() {
    let lasting = plan(&[LONG], &power_loss("10h"));
    let hit = simulate(&lasting, 0, 0).expect("a run");
    assert_eq!((hit.calm.again.length.as_secs_f64(), hit.calm.disruptions[0].is_over), (0.0, false));
    assert_eq!(value("calm_before_s", &lasting, &hit), 120.0);
    // 2 of 38.5 measured minutes.
    assert!((value("calm_share", &lasting, &hit) - 120.0 / 2_310.0).abs() < 1e-12);
    let early = plan(&["study.warmup=4m"], &power_loss("10h"));
    let hit = simulate(&early, 0, 0).expect("a run");
    assert_eq!(value("calm_share", &early, &hit), 0.0);
    for name in
        ["latency_p50_ms_calm", "utilisation_calm", "idle_capacity_calm", "stale_read_share_calm", "instances_calm"]
    {
        assert_eq!(observe(name, &early, &hit), Observation::NotApplicable, "{name}");
    }
}

/// The library's scenario of that name, with settings.
fn library(name: &str, settings: &[&str]) -> Plan {
    let path = repository().join("scenarios").join(name);
    let text = std::fs::read_to_string(path).expect("a scenario");
    let overrides = settings.iter().map(|setting| setting.parse().expect("KEY=VALUE")).collect();
    let options = LoadOptions { overrides, ..LoadOptions::default() };
    Plan::new(&Scenario::parse(&text, name, &options).expect("a good scenario").scenario)
}

/// The article's "50 % of the resources are just idle".
#[test]
fn half_of_an_active_passive_pair_is_idle_in_calm_time_less_what_stragglers_keep_busy() {
    let article = library("article.toml", &[]);
    let place = |name: &str| {
        article.scenario().designs.iter().position(|design| design.name == name).unwrap_or_else(|| panic!("no {name}"))
    };
    let passive = simulate(&article, place("active-passive"), 0).expect("a run");
    let [main, standby] = passive.calm.before.loads;
    // Both regions are equal and on: half of the instance-time, less the busy workers' part of the standby's instances.
    assert_eq!(main.instances_on_ns, standby.instances_on_ns);
    assert_eq!(main.instances_idle_ns, 0);
    let region = article.scenario().regions[1].app.workers;
    let busy = standby.app_busy_ns as f64 / f64::from(region);
    let expected = (standby.instances_on_ns as f64 - busy) / (2 * standby.instances_on_ns) as f64;
    let mut before = passive.clone();
    before.calm.again = Default::default();
    let found = value("idle_capacity_calm", &article, &before);
    assert!((found - expected).abs() < 1e-9, "{found}, by hand {expected}");
    assert!((0.49..=0.5).contains(&found), "{found}");
    let active = simulate(&article, place("active-active"), 0).expect("a run");
    assert_eq!(value("idle_capacity_calm", &article, &active), 0.0);
}

#[test]
fn a_weight_of_nothing_leads_nobody_and_one_above_it_does() {
    let idle = |weights: &str| {
        let routing = format!("designs.active-active.routing={{ policy = \"weighted\", weights = {weights} }}");
        let plan = plan(&[&routing], "");
        value("idle_capacity_frankfurt_calm", &plan, &simulate(&plan, 0, 0).expect("a run"))
    };
    assert!(idle("{ singapore = 1.0, frankfurt = 0.0 }") > 0.99);
    assert_eq!(idle("{ singapore = 1000.0, frankfurt = 1.0 }"), 0.0);
}

#[test]
fn a_region_that_cannot_be_reached_is_no_idle_capacity() {
    let cut = incident("cut", "5m", "kind = \"region-isolation\"\ntarget = \"singapore\"");
    let hit = run(0, &[], &cut);
    let load = hit.regions[0].load;
    // Two instances for five minutes of the 8.5 that are measured.
    assert_eq!(load.instances_on_ns - load.instances_up_ns, 600_000_000_000);
    // From the publication on it is out of reach, and then up until answers lead back: some 45 s of two instances.
    let idle_s = load.instances_idle_ns as f64 / 1e9;
    assert!((20.0..160.0).contains(&idle_s), "{idle_s} instance-seconds");
}

#[test]
fn a_month_costs_the_same_however_long_the_run_goes_on_after_its_outage() {
    for outages in ["0", "2"] {
        let per_month = format!("prices.outages_per_month={outages}");
        let short = library("region-outage.toml", &[&per_month]);
        let long = library("region-outage.toml", &[&per_month, "study.horizon=90m"]);
        for design in 0..2 {
            let cost = |plan: &Plan| value("cost_per_month", plan, &simulate(plan, design, 0).expect("a run"));
            assert_eq!(cost(&short), cost(&long), "design {design} with {outages} outages a month");
        }
    }
    // In active-active nothing stays on after an outage, and one that begins with a window takes nothing with it: a month with
    // one costs what a month without costs, less what was gone for ten minutes. In active-passive the instance that the standby
    // has grown by stays on for the rest of the month, 730 h at 0.096.
    for at in ["15m", "15m 500ms"] {
        let cost = |outages: &str, design| {
            let settings = [format!("prices.outages_per_month={outages}"), format!("incidents.0.at={at}")];
            let plan = library("region-outage.toml", &settings.each_ref().map(String::as_str));
            value("cost_per_month", &plan, &simulate(&plan, design, 0).expect("a run"))
        };
        let more = [0, 1].map(|design| cost("1", design) - cost("0", design));
        assert!(more[0].abs() < 1.0 && (more[1] - 70.1).abs() < 1.0, "{at}: {more:?}");
    }
    // Four instances and two nodes, and 730.5 h of each; the traffic over the link is the rest.
    let plan = library("region-outage.toml", &[]);
    let run = simulate(&plan, 0, 0).expect("a run");
    let machines = 730.5 * (4.0 * 0.096 + 2.0 * 0.171);
    let cost = value("cost_per_month", &plan, &run);
    assert!(cost > machines && cost < machines * 1.01, "{cost}, of which machines {machines}");
    assert!((value("cost_share_app", &plan, &run) - 730.5 * 4.0 * 0.096 / cost).abs() < 1e-9);
    let shares = ["app", "database", "traffic"].map(|part| value(&format!("cost_share_{part}"), &plan, &run));
    assert!((shares.iter().sum::<f64>() - 1.0).abs() < 1e-12, "{shares:?}");
}
