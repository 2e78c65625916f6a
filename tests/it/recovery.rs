//! Recovery, fail-over and attendance of whole runs, with the right values worked by hand.

use std::fs;

use firedrill::model::{IncidentOutcome, Operation, Plan, RunOutcome, Timing, simulate};
use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::study::{MetricTable, Observation, Sample};
use firedrill::units::{SimDuration, SimTime};

use crate::closed_form;
use crate::incidents::{incident, plan, run};
use crate::support::{finish, firedrill, repository, scratch};

/// A scenario of the library with one more incident.
fn library(name: &str, more: &str) -> Plan {
    let path = repository().join("scenarios").join(name);
    let text = fs::read_to_string(path).expect("a scenario of the library");
    parsed(&format!("{text}\n{more}"))
}

fn parsed(text: &str) -> Plan {
    let loaded = Scenario::parse(text, "recovery.toml", &LoadOptions::default());
    Plan::new(&loaded.unwrap_or_else(|error| panic!("{error}")).scenario)
}

fn outcome(plan: &Plan, design: usize, number: u64) -> RunOutcome {
    simulate(plan, design, number).unwrap_or_else(|failure| panic!("{failure}"))
}

fn seconds(timing: Timing) -> f64 {
    match timing {
        Timing::After(time) => time.as_secs_f64(),
        other => panic!("{other:?}"),
    }
}

fn at(seconds: u64) -> SimTime {
    SimTime::ZERO + SimDuration::from_secs(seconds)
}

/// A second of stalled replication, which no visitor notices, changes nothing about the recovery from a power loss: neither
/// at the same instant nor in the midst of the first window that fails.
#[test]
fn a_harmless_incident_within_the_first_bad_window_changes_no_recovery() {
    let power_loss = |plan: &Plan, number| -> IncidentOutcome {
        let outcome = outcome(plan, 0, number);
        *outcome.incidents.iter().find(|incident| incident.incident == 0).expect("the power loss")
    };
    let hiccup = |at: &str| {
        let hiccup = format!("name = \"hiccup\"\nkind = \"replication-stall\"\nat = \"{at}\"\nlasts = \"1s\"");
        library("region-outage.toml", &format!("[[incidents]]\n{hiccup}"))
    };
    let (alone, same, within) = (library("region-outage.toml", ""), hiccup("15m"), hiccup("15m 500ms"));
    for number in 0..3 {
        let expected = power_loss(&alone, number);
        assert!(expected.affected && expected.started == at(900), "{expected:?}");
        for found in [power_loss(&same, number), power_loss(&within, number)] {
            assert_eq!((found.recovered, found.first_recovered), (expected.recovered, expected.first_recovered));
            assert_eq!((found.relapses, found.confirmed), (expected.relapses, expected.confirmed));
        }
    }
}

/// The power loss strikes in the midst of a window, after a hiccup that is long over, or that still lasts: the requests that it
/// strikes on their way started before it, and it is charged with them all the same.
#[test]
fn an_incident_is_charged_with_the_requests_that_it_strikes_on_their_way() {
    let recovered = |at: &str, hiccup: &str| -> Vec<f64> {
        let hiccup = format!(
            "[[incidents]]\nname = \"hiccup\"\nkind = \"replication-stall\"\nat = \"6m\"\nlasts = \"{hiccup}\""
        );
        let text = std::fs::read_to_string(repository().join("scenarios/region-outage.toml")).unwrap();
        let at = format!("incidents.0.at={at}").parse().unwrap();
        let options = LoadOptions { overrides: vec![at], ..LoadOptions::default() };
        let plan = Plan::new(&Scenario::parse(&format!("{text}\n{hiccup}"), "it.toml", &options).unwrap().scenario);
        let of_run = |number| {
            let outcome = outcome(&plan, 0, number);
            let of = |place: usize| *outcome.incidents.iter().find(|incident| incident.incident == place).unwrap();
            assert!(!of(1).affected && of(0).affected, "{:?}", outcome.incidents);
            seconds(of(0).recovered)
        };
        (0..3).map(of_run).collect()
    };
    let expected = recovered("15m", "1s");
    for (at, hiccup) in [("15m 500ms", "1s"), ("15m 1s", "1s"), ("15m 500ms", "30m")] {
        // The windows are of 5 s, and the draws of the checks are the same.
        for (found, expected) in recovered(at, hiccup).into_iter().zip(&expected) {
            assert!((found - expected).abs() <= 30.0, "{at} {hiccup}: {found} s against {expected} s");
        }
    }
}

/// Outages of minutes or hours, days apart, in windows of an hour: the last window that an outage can fail is the one after
/// it, so that recovery takes no more than two hours longer than the outage.
#[test]
fn a_year_of_outages_is_recovered_from_within_hours() {
    let plan = library("year-of-outages.toml", "");
    let mut affected = 0;
    for incident in outcome(&plan, 1, 0).incidents.iter().filter(|incident| incident.affected) {
        affected += 1;
        let lasted = incident.ended.since(incident.started).as_secs_f64();
        assert!(seconds(incident.recovered) <= lasted + 7_200.0, "{incident:?}");
    }
    assert!(affected >= 5, "{affected}");
}

/// The app restarts for a minute, into 40 minutes in which its one worker takes 120 ms instead of 60: 8.3 requests a second of
/// the 10 that come. The queue grows by 1.7 a second, and after some 50 s it is 83 long: whoever comes then waits for more than
/// its 10 s. So the service is up from 60 s on, down from about 110 s to 2,400 s, and well from then on, since a full queue of
/// 150 is worked off in 9 s.
#[test]
fn a_service_that_is_up_while_its_queue_fills_and_then_down_for_long_has_not_recovered() {
    let settings = [
        "study.horizon=60m",
        "study.warmup=60s",
        "geographies.here.sessions.rate=10",
        "geographies.here.client.request_timeout=10s",
        "geographies.here.client.patience=30s",
        "regions.a.app.workers=1",
        "regions.a.app.service=60ms",
        "regions.a.app.queue_limit=150",
    ];
    let restart = incident("restart", "60s", "kind = \"app-outage\"\ntarget = \"a\"");
    let slow = incident("slow", "40m", "kind = \"gray\"\ntarget = \"a\"\nfactor = 2.0");
    let outcome = outcome(&closed_form::plan(&settings, &format!("{restart}{slow}")), 0, 0);
    let [restart, slow] = &outcome.incidents[..] else { panic!("two incidents") };
    let first = seconds(restart.first_recovered);
    assert!((60.0..=61.0).contains(&first), "{first}");
    let sustained = seconds(restart.recovered);
    assert!((2_390.0..=2_410.0).contains(&sustained), "{sustained}");
    assert_eq!((restart.relapses, restart.confirmed), (1, true));
    // They began at one instant, and share the clock.
    assert!(restart.affected && slow.affected);
    assert_eq!((slow.recovered, slow.first_recovered), (restart.recovered, restart.first_recovered));
    assert_eq!(outcome.episodes.len(), 1);
}

/// The storage is destroyed at 180 s, the outage lasts for 60 s, and 200 MB at 4 MB/s take 50 s more: until 290 s. What begins
/// in between belongs to it; what begins after it and its last bad window does not.
#[test]
fn an_incident_lasts_as_long_as_the_full_copy_that_it_left() {
    let fire = incident("fire", "60s", "kind = \"database-outage\"\ntarget = \"singapore\"\nstorage = \"destroyed\"");
    let stall = |at: &str| {
        incident("lull", "1s", "kind = \"traffic-surge\"\ntarget = \"asia\"\nfactor = 0.9").replace("3m", at)
    };
    let settings = [
        "keys.size=200MB",
        "links.0.bandwidth=4MB/s",
        "designs.active-active.promotion={ when = \"never\" }",
        "study.aftermath=30s",
    ];
    let outcome = run(0, &settings, &format!("{fire}{}{}", stall("4m 45s"), stall("8m").replace("lull", "later")));
    let [fire, within, later] = &outcome.incidents[..] else { panic!("three incidents") };
    assert_eq!((fire.ended, fire.effects_ended), (at(240), at(290)));
    assert_eq!((fire.episode, within.episode, later.episode), (0, 0, 1));
    assert_eq!(outcome.episodes[0].ended, at(290));
    assert!((100.0..=130.0).contains(&seconds(fire.recovered)), "{fire:?}");
}

/// A region that fails one request in fifty for ten minutes, which takes no window under the service level, loses its app for a
/// minute: in the midst of a window, or at the start of one while requests are on their way. It is the app that broke the service,
/// and not what has been failing for two minutes. The last bad window ends at 361 s, and at 360 s.
#[test]
fn an_outage_within_a_long_gray_incident_has_its_own_clock() {
    for (outage_at, rtt, expected) in [("5m 500ms", "0s", 60.5), ("5m", "200ms", 60.0)] {
        let rtt = format!("geographies.here.rtt.a={rtt}");
        let settings = ["study.horizon=20m", "study.warmup=60s", "geographies.here.sessions.rate=1000", &rtt];
        let gray = incident("gray", "10m", "kind = \"gray\"\ntarget = \"a\"\nerrors = 0.02");
        let outage = incident("outage", "60s", "kind = \"app-outage\"\ntarget = \"a\"").replace("3m", outage_at);
        let outcome = outcome(&closed_form::plan(&settings, &format!("{gray}{outage}")), 0, 0);
        let [gray, outage] = &outcome.incidents[..] else { panic!("two incidents") };
        assert!(!gray.affected && outage.affected, "{gray:?}, {outage:?}");
        assert_eq!(seconds(outage.recovered), expected, "{outage_at}");
    }
}

/// A region is gone for ten minutes, and an operator decides after 0 to 40: in three runs of four nobody is served by the other
/// side before the region is back.
const LUCKY: &str = r#"
name = "failover of the lucky"
study = { horizon = "20m", warmup = "2m" }
[regions.singapore]
app      = { instances = 4, workers = 16, service = "10ms", queue_limit = 200 }
database = { connections = 32, read = "2ms", write = "4ms" }
[regions.frankfurt]
app      = { instances = 4, workers = 16, service = "10ms", queue_limit = 200 }
database = { connections = 32, read = "2ms", write = "4ms" }
[[links]]
between = ["singapore", "frankfurt"]
rtt     = "160ms"
[geographies.asia]
sessions             = { rate = 4 }
requests_per_session = 1
think_time           = "1s"
write_share          = 0.5
rtt                  = { singapore = "35ms", frankfurt = "170ms" }
[dns]
answer_ttl    = "10s"
health_checks = { interval = "5s", timeout = "2s" }
[designs.operator]
routing   = { policy = "failover", order = ["singapore", "frankfurt"] }
standby   = { region = "frankfurt", kind = "hot" }
database  = { primary = "singapore", reads = "primary" }
promotion = { when = "manual", decision = { dist = "uniform", low = "0s", high = "40m" }, duration = "10s" }
[[incidents]]
name   = "dark"
kind   = "region-outage"
target = "singapore"
at     = "4m"
lasts  = "10m"
"#;

#[test]
fn a_failover_that_the_end_of_the_incident_cut_off_is_censored_at_its_length() {
    let plan = parsed(LUCKY);
    let metrics = MetricTable::of(plan.scenario());
    let mut observed = Vec::new();
    for number in 0..100 {
        let outcome = outcome(&plan, 0, number);
        for name in ["time_to_fail_over_s", "database_verdict_s"] {
            match metrics.observe_one(name, &outcome, 0.95).expect("a metric") {
                // A promotion that is decided within the outage goes through.
                Observation::Value(after) => assert!(after < 620.0, "{name}: {after}"),
                other => assert_eq!(other, Observation::CensoredAt(600.0), "{name}"),
            }
        }
        observed.push(metrics.observe_one("time_to_fail_over_s", &outcome, 0.95).expect("a metric"));
    }
    let sample = Sample::of(observed);
    // Three quarters of 100, give or take three standard deviations of 4.3.
    assert!((62..=88).contains(&sample.watched.len()), "{}", sample.watched.len());
    assert_eq!((sample.n, sample.mean), (100, None));
    let median = sample.quantile(0.5).expect("runs enough");
    assert!(median.point.is_infinite() && median.low > 590.0, "more than ten minutes: {median:?}");
    // A tenth is decided within 4 min, and takes seconds more.
    let tenth = sample.quantile(0.1).expect("runs enough");
    assert!(tenth.low <= 250.0 && 250.0 <= tenth.high, "{tenth:?}");
}

/// The run ends at 10 min, six minutes into the outage: what nobody has decided by then was not cut off by the end of the incident,
/// and lies beyond the horizon. The operator takes longer than that in 34 of 40 runs.
#[test]
fn a_failover_that_the_end_of_the_run_cut_off_lies_beyond_the_horizon() {
    let plan = parsed(&LUCKY.replace("horizon = \"20m\"", "horizon = \"10m\""));
    let metrics = MetricTable::of(plan.scenario());
    let mut beyond = 0;
    for number in 0..20 {
        let outcome = outcome(&plan, 0, number);
        let observe = |name: &str| metrics.observe_one(name, &outcome, 0.95).expect("a metric");
        assert_eq!(observe("failover_ended_first"), Observation::Value(0.0));
        for name in ["time_to_fail_over_s", "database_verdict_s"] {
            match observe(name) {
                Observation::Value(after) => assert!(after < 360.0, "{name}: {after}"),
                other => assert_eq!(other, Observation::Censored, "{name}"),
            }
        }
        beyond += u32::from(observe("time_to_fail_over_s") == Observation::Censored);
    }
    assert!(beyond > 0);
}

/// The outage of the primary's node is over after 20 s; the promotion that it caused was decided after 15, is done after 45,
/// and is then what writes fail over by.
#[test]
fn a_promotion_that_an_incident_caused_counts_for_it_after_its_end() {
    let crash = incident("crash", "20s", "kind = \"database-outage\"\ntarget = \"singapore\"");
    let promotion = "designs.active-active.promotion={ when = \"automatic\", detect = \"15s\", duration = \"30s\" }";
    let outcome = run(0, &[promotion, "designs.active-active.database.reads=primary"], &crash);
    let crash = &outcome.incidents[0];
    assert_eq!(crash.database_verdict, Timing::After(SimDuration::from_secs(15)));
    let writes = seconds(crash.failed_over[Operation::Write as usize]);
    assert!((45.0..60.0).contains(&writes), "{writes}");
}

/// With two primaries each region writes to its own node, and goes on to do so when the other's dies: that is no fail-over.
/// Those of the dead node's region write elsewhere only once their app knows, by the verdict on the node's name.
#[test]
fn with_two_primaries_a_regions_own_writes_are_no_failover() {
    let crash = incident("crash", "6m", "kind = \"database-outage\"\ntarget = \"singapore\"");
    let design =
        "designs.active-active.database={ writes = \"multi-primary\", conflicts = { policy = \"last-writer-wins\" } }";
    let outcome = run(0, &[design, "designs.active-active.promotion={ when = \"never\" }"], &crash);
    let crash = &outcome.incidents[0];
    let writes = seconds(crash.failed_over[Operation::Write as usize]);
    assert!(writes > seconds(crash.dns_verdict), "{writes} s, in the face of {crash:?}");
}

/// Nobody reads: nothing is waited for.
#[test]
fn what_nobody_does_fails_over_in_no_time_at_all() {
    let crash = incident("crash", "4m", "kind = \"region-outage\"\ntarget = \"singapore\"");
    let writes = ["geographies.asia.write_share=1.0", "geographies.europe.write_share=1.0"];
    let crash = run(0, &writes, &crash).incidents[0];
    assert_eq!(crash.failed_over[Operation::Read as usize], Timing::NotApplicable);
    assert_eq!(crash.first_failed_over(), crash.failed_over[Operation::Write as usize]);
}

/// Visitors come once a second until 8 min into the run; the region dies at 10.
fn trace_that_ends_early(folder: &std::path::Path) -> String {
    let times: Vec<String> = (0..480).map(|second| second.to_string()).collect();
    fs::write(folder.join("visitors.csv"), format!("time_s\n{}\n", times.join("\n"))).expect("a trace");
    let world = LUCKY
        .replace("{ rate = 4 }", "{ trace = \"visitors.csv\" }")
        .replace("at     = \"4m\"", "at     = \"10m\"")
        .replace("horizon = \"20m\"", "horizon = \"25m\"");
    format!(
        "{world}\n[objectives]\nrto = \"5m\"\n\
         [[expect]]\ndesign = \"operator\"\nmetric = \"downtime_s\"\nstat = \"max\"\nmax = 60\n\
         [[expect]]\ndesign = \"operator\"\nobjective = \"rto\"\nshare = 0.5\n"
    )
}

#[test]
fn an_incident_that_no_request_met_passes_no_expectation_and_no_objective() {
    let folder = scratch();
    fs::write(folder.path().join("early.toml"), trace_that_ends_early(folder.path())).expect("a scenario");
    let checked = finish(firedrill(folder.path()).args(["check", "early.toml", "--runs", "6"]));
    assert_eq!(checked.status, 1, "{}{}", checked.stdout, checked.stderr);
    let told = "no request met the incident in 6 of 6 runs";
    // The two expectations, and the objective.
    assert_eq!(checked.stdout.matches(told).count(), 3, "{}", checked.stdout);
    assert!(checked.stdout.contains(&format!("not met: {told}")), "{}", checked.stdout);
}

#[test]
fn an_occurrence_that_no_request_met_has_no_times_and_is_counted() {
    let folder = scratch();
    let path = folder.path().join("early.toml");
    fs::write(&path, trace_that_ends_early(folder.path())).expect("a scenario");
    let loaded = Scenario::load(&path, &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let plan = Plan::new(&loaded.scenario);
    let outcome = outcome(&plan, 0, 0);
    let dark = &outcome.incidents[0];
    assert!(!dark.attended && !dark.affected);
    assert_eq!(
        (dark.dns_verdict, dark.recovered, dark.failed_over[0]),
        (Timing::NotApplicable, Timing::NotApplicable, Timing::NotApplicable)
    );
    let metrics = MetricTable::of(plan.scenario());
    assert_eq!(metrics.observe_one("incidents_unattended", &outcome, 0.95), Some(Observation::Value(1.0)));
}

/// The region is gone from 600 to 1200 s: who comes at its first instant meets it, and who comes at its last does not.
#[test]
fn an_incident_is_attended_from_its_first_instant_up_to_its_last_and_not_at_it() {
    let folder = scratch();
    let path = folder.path().join("early.toml");
    let text = trace_that_ends_early(folder.path());
    let text = text.split("[objectives]").next().expect("a scenario").to_owned();
    fs::write(&path, text).expect("a scenario");
    let overrides =
        ["incidents.0.at=600s", "incidents.0.lasts=600s"].map(|setting| setting.parse().expect("a setting"));
    let options = LoadOptions { overrides: overrides.to_vec(), ..LoadOptions::default() };
    let attended = |second: u64| {
        fs::write(folder.path().join("visitors.csv"), format!("time_s\n{second}\n")).expect("a trace");
        let loaded = Scenario::load(&path, &options).unwrap_or_else(|error| panic!("{error}"));
        let dark = outcome(&Plan::new(&loaded.scenario), 0, 0).incidents[0];
        assert_eq!((dark.started, dark.effects_ended), (at(600), at(1200)));
        dark.attended
    };
    assert_eq!([600, 1199, 1200, 1201].map(attended), [true, true, false, false]);
}

/// Asia goes quiet in the middle of the run: what is wrong with the way from there, with its checkers or its resolvers then
/// meets nobody, though Europe's visitors go on; what is wrong with the region meets them.
#[test]
fn whom_an_incident_can_touch_decides_whether_it_is_attended() {
    let quiet =
        incident("quiet", "7m", "kind = \"traffic-surge\"\ntarget = \"asia\"\nfactor = 0.0").replace("3m", "60s");
    let of = |kind: &str| {
        let outage = incident("outage", "20s", kind).replace("3m", "6m");
        let settings = ["geographies.asia.requests_per_session=1", "geographies.asia.client.patience=10s"];
        run(0, &settings, &format!("{quiet}{outage}")).incidents[1].attended
    };
    assert!(!of("kind = \"path-outage\"\ntarget = \"asia\"\nregion = \"singapore\""));
    assert!(!of("kind = \"checker-outage\"\ntarget = \"asia\"\nregion = \"singapore\""));
    assert!(!of("kind = \"dns-outage\"\ntarget = \"asia\""));
    assert!(of("kind = \"path-outage\"\ntarget = \"europe\"\nregion = \"singapore\""));
    assert!(of("kind = \"region-outage\"\ntarget = \"singapore\""));
    assert!(of("kind = \"dns-outage\"\ntarget = \"gtm\""));
}

/// A region that is gone for 8 s, in a design that probes every 15: the first checkers' probes of its time count as failed 5 s
/// later, after its end, and a verdict needs one failure of a quarter of them.
#[test]
fn a_verdict_that_an_incidents_probes_led_to_counts_for_it_after_its_end() {
    let brief = incident("blink", "8s", "kind = \"region-outage\"\ntarget = \"singapore\"");
    let plan = plan(&["dns.health_checks.fall=1", "dns.health_checks.quorum=0.25"], &brief);
    let after: Vec<f64> = (0..20)
        .filter_map(|number| match outcome(&plan, 0, number).incidents[0].dns_verdict {
            Timing::After(time) => Some(time.as_secs_f64()),
            _ => None,
        })
        .collect();
    assert!(after.iter().any(|time| *time > 8.0), "{after:?}");
    assert!(after.iter().all(|time| *time < 8.0 + 15.0 + 5.0), "{after:?}");
}
