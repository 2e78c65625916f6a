//! Incidents as a user meets them: what each kind does to visitors, and what it leaves alone.

use firedrill::model::{Cause, Phase, Plan, RunOutcome, Timing, WriteTally, simulate};
use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::units::SimDuration;

use crate::closed_form;
use crate::support::SMALL;

/// The world of [`SMALL`] under other incidents.
pub(crate) fn plan(settings: &[&str], incidents: &str) -> Plan {
    let world = SMALL.split("[[incidents]]").next().expect("a world");
    let overrides = settings.iter().map(|setting| setting.parse().expect("KEY=VALUE")).collect();
    let options = LoadOptions { overrides, ..LoadOptions::default() };
    match Scenario::parse(&format!("{world}{incidents}"), "incidents.toml", &options) {
        Ok(loaded) => Plan::new(&loaded.scenario),
        Err(error) => panic!("{error}"),
    }
}

/// Run 0 of design number `design` of the world of [`SMALL`] under `incidents`.
pub(crate) fn run(design: usize, settings: &[&str], incidents: &str) -> RunOutcome {
    simulate(&plan(settings, incidents), design, 0).unwrap_or_else(|failure| panic!("{failure}"))
}

/// An incident from the 3rd minute on, for `lasts`.
pub(crate) fn incident(name: &str, lasts: &str, rest: &str) -> String {
    format!("[[incidents]]\nname = \"{name}\"\nat = \"3m\"\nlasts = \"{lasts}\"\n{rest}\n")
}

/// Failed requests of a geography, by cause.
pub(crate) fn failed(run: &RunOutcome, geography: usize, cause: Cause) -> u64 {
    run.visitors[geography].iter().map(|tally| tally.failed_by_cause[cause as usize]).sum()
}

/// Failed requests by phase.
pub(crate) fn in_phase(run: &RunOutcome, phase: Phase) -> u64 {
    run.visitors.iter().flatten().map(|tally| tally.failed_by_phase[phase as usize]).sum()
}

pub(crate) fn requests(run: &RunOutcome, geography: usize) -> u64 {
    run.visitors[geography].iter().map(|tally| tally.succeeded + tally.failed).sum()
}

pub(crate) fn all_failed(run: &RunOutcome) -> u64 {
    run.visitors.iter().flatten().map(|tally| tally.failed).sum()
}

/// Mean latency of a geography's reads (0) or writes (1).
fn mean_s(run: &RunOutcome, geography: usize, operation: usize) -> f64 {
    let latency = &run.visitors[geography][operation].latency;
    latency.sum_ns as f64 / latency.count() as f64 / 1e9
}

/// Failed reads of a geography.
pub(crate) fn failed_reads(run: &RunOutcome, geography: usize) -> u64 {
    run.visitors[geography][0].failed
}

/// Longest replication lag that the timeline shows, in seconds.
fn longest_lag(run: &RunOutcome) -> f64 {
    run.timeline.bins.iter().map(|bin| bin.lag_s).fold(0.0, f64::max)
}

#[test]
fn errors_of_a_gray_region_fail_with_cause_error_and_phase_gray_and_shallow_probes_do_not_see_them() {
    let gray = incident("bad build", "2m", "kind = \"gray\"\ntarget = \"singapore\"\nerrors = 0.9");
    let seen = run(0, &["dns.health_checks.probe=http"], &gray);
    let unseen = run(0, &["dns.health_checks.probe=tcp"], &gray);
    assert!(failed(&unseen, 0, Cause::Error) > 100, "{}", failed(&unseen, 0, Cause::Error));
    assert_eq!(in_phase(&unseen, Phase::Gray), failed(&unseen, 0, Cause::Error) + failed(&unseen, 1, Cause::Error));
    assert!(matches!(seen.incidents[0].dns_verdict, Timing::After(_)));
    assert_eq!(unseen.incidents[0].dns_verdict, Timing::NotApplicable);
    assert!(failed(&seen, 0, Cause::Error) < failed(&unseen, 0, Cause::Error));
    assert!(matches!(seen.incidents[0].first_failed_over(), Timing::After(_)));
}

#[test]
fn factors_of_gray_incidents_multiply_and_slowness_that_fails_a_request_has_phase_gray() {
    let gray = |name| incident(name, "3m", "kind = \"gray\"\ntarget = \"singapore\"\nfactor = 4.0");
    let mean = |run: &RunOutcome| mean_s(run, 0, 0);
    let calm = ["study.horizon=6m", "regions.singapore.app.workers=2000", "study.warmup=3m"];
    let (well, one) = (run(0, &calm, ""), run(0, &calm, &gray("one")));
    let two = run(0, &calm, &format!("{}{}", gray("one"), gray("two")));
    // The app takes 24 ms in the mean and the database 2 ms: three times that is added, and fifteen times.
    let added = |run: &RunOutcome| mean(run) - mean(&well);
    assert!((added(&one) - 0.078).abs() < 0.02, "{}", added(&one));
    assert!((added(&two) - 0.39).abs() < 0.08, "{}", added(&two));
    let slow = incident("crawl", "7m", "kind = \"gray\"\ntarget = \"singapore\"\nfactor = 900.0");
    let slow = run(0, &["dns.health_checks.probe=ping"], &slow);
    assert!(in_phase(&slow, Phase::Gray) > 100);
    assert_eq!(in_phase(&slow, Phase::Capacity), 0);
}

#[test]
fn a_slow_link_slows_the_calls_that_cross_it_by_its_delay_and_no_others() {
    let slow = incident("detour", "7m", "kind = \"link-slow\"\ndelay = \"1s\"");
    let settings =
        ["study.warmup=3m", "geographies.europe.resolvers.foreign=0", "geographies.asia.resolvers.foreign=0"];
    let (before, after) = (run(0, &settings, ""), run(0, &settings, &slow));
    assert!((mean_s(&after, 1, 1) - mean_s(&before, 1, 1) - 1.0).abs() < 0.01, "writes from Europe cross the link");
    assert!((mean_s(&after, 1, 0) - mean_s(&before, 1, 0)).abs() < 0.001, "local reads do not");
    assert!((mean_s(&after, 0, 1) - mean_s(&before, 0, 1)).abs() < 0.001, "nor do writes at the primary");
}

#[test]
fn a_stalled_stream_lets_the_lag_grow_and_loses_nothing_unless_the_primary_dies_in_it() {
    let stall = incident("task failed", "90s", "kind = \"replication-stall\"");
    let alone = run(0, &[], &stall);
    assert!(longest_lag(&run(0, &[], "")) < 2.0);
    assert!((80.0..91.0).contains(&longest_lag(&alone)), "{}", longest_lag(&alone));
    assert_eq!(all_failed(&alone), 0);
    assert_eq!(alone.data_loss_window.as_secs_f64(), 0.0);
    let death = incident("power loss", "2m", "kind = \"region-outage\"\ntarget = \"singapore\"").replace("3m", "4m");
    let both = run(0, &[], &format!("{stall}{death}"));
    let window = both.data_loss_window.as_secs_f64();
    assert!((55.0..61.0).contains(&window), "{window}");
}

#[test]
fn the_checkers_of_one_place_that_see_nothing_take_a_healthy_region_out_only_if_they_are_the_quorum() {
    let blind = incident("blind", "3m", "kind = \"checker-outage\"\ntarget = \"asia\"\nregion = \"singapore\"");
    let outvoted = run(0, &[], &blind);
    let believed = run(0, &["dns.health_checks.quorum=0.4"], &blind);
    assert!(outvoted.incidents[0].dns_verdict != believed.incidents[0].dns_verdict);
    assert!(matches!(believed.incidents[0].dns_verdict, Timing::After(_)));
    assert_eq!(all_failed(&outvoted) + all_failed(&believed), 0, "a false alarm fails nobody");
    let bytes = |run: &RunOutcome| run.regions[1].load.cross_region_bytes;
    assert!(bytes(&believed) > bytes(&outvoted), "Asia's writes come from Frankfurt while it is believed");
}

#[test]
fn a_cut_path_fails_the_visitors_of_its_geography_alone() {
    let cut = incident("cable", "2m", "kind = \"path-outage\"\ntarget = \"asia\"\nregion = \"singapore\"");
    let settings = ["geographies.europe.resolvers.foreign=0", "geographies.asia.resolvers.foreign=0"];
    let run = run(0, &settings, &cut);
    let of = |geography: usize| run.visitors[geography].iter().map(|tally| tally.failed).sum::<u64>();
    assert!(of(0) > 100, "{}", of(0));
    assert_eq!(of(1), 0);
    assert_eq!(failed(&run, 0, Cause::ConnectTimeout) + failed(&run, 0, Cause::RequestTimeout), of(0));
    assert_eq!(in_phase(&run, Phase::Undetected), of(0), "half of the checkers are not more than half");
}

#[test]
fn a_surge_adds_sessions_and_a_lull_keeps_some_away_and_the_others_stay_as_they_are() {
    let surge = |factor: &str| {
        run(
            0,
            &["study.horizon=10m"],
            &incident("news", "7m", &format!("kind = \"traffic-surge\"\ntarget = \"asia\"\nfactor = {factor}")),
        )
    };
    let usual = run(0, &[], "");
    let ratio = |run: &RunOutcome| requests(run, 0) as f64 / requests(&usual, 0) as f64;
    // Six and a half of the eight and a half measured minutes.
    let expected = |factor: f64| (2.0 + 6.5 * factor) / 8.5;
    for (text, factor) in [("3.0", 3.0), ("0.5", 0.5), ("0.0", 0.0)] {
        let run = surge(text);
        assert!((ratio(&run) - expected(factor)).abs() < 0.12 * factor.max(1.0), "{text}: {}", ratio(&run));
        assert_eq!(requests(&run, 1), requests(&usual, 1), "Europe");
    }
}

#[test]
fn an_outage_of_half_the_instances_takes_half_the_workers_and_what_they_were_serving() {
    let settings = ["regions.singapore.app.instances=4", "regions.singapore.app.workers=1", "study.warmup=170s"];
    let lost = |share: &str, name| {
        incident(name, "2m", &format!("kind = \"app-outage\"\ntarget = \"singapore\"\nshare = {share}"))
    };
    let hours = |run: &RunOutcome| run.regions[0].load.instances_on_ns as f64 / 1e9;
    let well = run(0, &settings, "");
    let half = run(0, &settings, &lost("0.5", "half"));
    assert!((hours(&well) - hours(&half) - 240.0).abs() < 1e-6, "two instances for two minutes");
    assert_eq!(half.incidents[0].dns_verdict, Timing::NotApplicable, "probes are answered");
    assert!(half.regions[0].app_waits.1 > well.regions[0].app_waits.1);
    // Two halves are the whole: then the pool refuses, and the checks see it.
    let all = run(0, &settings, &format!("{}{}", lost("0.5", "one"), lost("0.5", "other")));
    assert!((hours(&well) - hours(&all) - 480.0).abs() < 1e-6);
    assert!(failed(&all, 0, Cause::ConnectionRefused) > 0);
    assert_eq!(failed(&half, 0, Cause::ConnectionRefused), 0);
}

/// The small world, with a promotion that comes soon, and no sessions that are routed elsewhere.
const SOON: [&str; 3] = [
    "designs.active-active.promotion={ when = \"automatic\", detect = \"15s\", duration = \"5s\" }",
    "geographies.asia.resolvers.foreign=0",
    "geographies.europe.resolvers.foreign=0",
];

#[test]
fn an_isolated_primary_is_promoted_away_from_and_what_it_had_not_shipped_is_lost_when_it_is_found_again() {
    let isolated = "kind = \"region-isolation\"\ntarget = \"singapore\"";
    let slow = ["designs.active-active.replication.ship=5s"];
    let settings: Vec<&str> = SOON.iter().chain(&slow).copied().collect();
    let healed = run(0, &settings, &incident("cut off", "2m", isolated));
    let cut = run(0, &settings, &incident("cut", "2m", "kind = \"link-partition\""));
    let forever = run(0, &settings, &incident("cut off", "20m", isolated));
    assert_eq!(healed.incidents[0].database_verdict, Timing::After(SimDuration::from_secs(15)));
    assert_eq!(cut.incidents[0].database_verdict, Timing::NotApplicable, "a witness sees through a cut link");
    assert!(matches!(healed.incidents[0].dns_verdict, Timing::After(_)));
    assert!(matches!(healed.incidents[0].first_failed_over(), Timing::After(_)));
    let sum = |run: &RunOutcome, of: fn(&WriteTally) -> u64| run.writes.iter().map(of).sum::<u64>();
    assert!(sum(&healed, |tally| tally.lost) > 5 && sum(&healed, |tally| tally.stranded) == 0);
    assert!(sum(&forever, |tally| tally.stranded) > 5 && sum(&forever, |tally| tally.lost) == 0);
    // What had not left was at most 5 s old when it was cut off; nobody got a success after that.
    for window in [healed.data_loss_window.as_secs_f64(), forever.stranded_window.as_secs_f64()] {
        assert!((3.0..5.1).contains(&window), "{window}");
    }
    assert_eq!(in_phase(&healed, Phase::Link), 0, "a node that is cut off counts as gone");
    assert!(in_phase(&healed, Phase::NoPrimary) > 0, "Europe's writes");
}

#[test]
fn requests_sent_into_a_cut_path_arrive_when_it_heals_though_nobody_waits_for_them() {
    let cut = incident("cable", "2m", "kind = \"path-outage\"\ntarget = \"asia\"\nregion = \"singapore\"");
    let writes = ["geographies.asia.write_share=1.0", "geographies.asia.think_time=4s", "dns.health_checks.quorum=0.6"];
    let with = |retransmit: &'static str| {
        let settings: Vec<&str> = SOON.iter().chain(&writes).copied().chain([retransmit]).collect();
        run(0, &settings, &cut)
    };
    let (kept, given_up) =
        (with("geographies.asia.client.retransmit_for=15m"), with("geographies.asia.client.retransmit_for=1m"));
    let zombies = |run: &RunOutcome| run.writes[0].ambiguous + run.writes[0].duplicated;
    // Answers under way when the path was cut leave a few.
    assert!(zombies(&given_up) < 5, "{}", zombies(&given_up));
    assert!(zombies(&kept) > zombies(&given_up) + 10, "{} and {}", zombies(&kept), zombies(&given_up));
}

#[test]
fn while_a_control_plane_is_out_nothing_is_changed_and_what_fails_in_it_is_made_up_for_at_its_end() {
    let death = incident("power loss", "6m", "kind = \"region-outage\"\ntarget = \"singapore\"");
    let control = |rest: &str| incident("no changes", "2m", &format!("kind = \"control-plane-outage\"\n{rest}"));
    let with = |rest: &str| format!("{death}{}", control(rest));
    let first = |run: &RunOutcome| (run.incidents[0].dns_verdict, run.incidents[0].database_verdict);
    let (free, out) = (run(0, &SOON, &death), run(0, &SOON, &with("")));
    assert_eq!(first(&out).0, first(&free).0, "health checks go on");
    assert_eq!(first(&free).1, Timing::After(SimDuration::from_secs(15)));
    assert_eq!(first(&out).1, Timing::After(SimDuration::from_secs(120)));
    let failed_over = |run: &RunOutcome| match run.incidents[0].first_failed_over() {
        Timing::After(time) => time.as_secs_f64(),
        other => panic!("{other:?}"),
    };
    assert!(failed_over(&free) < 100.0 && failed_over(&out) > 120.0);
    // The promotion is Frankfurt's, the publication about Singapore.
    let (there, here) =
        (run(0, &SOON, &with("target = \"frankfurt\"")), run(0, &SOON, &with("target = \"singapore\"")));
    assert_eq!((first(&there).1, first(&here).1), (first(&out).1, first(&free).1));
    assert!(failed_over(&there) < 100.0 && failed_over(&here) > 120.0);
    assert_eq!(all_failed(&run(0, &SOON, &control(""))), 0, "what serves goes on serving");
    let plan = plan(&SOON, &with("fails = 0.5"));
    let verdicts: Vec<Timing> = (0..30).map(|number| first(&simulate(&plan, 0, number).expect("a run")).1).collect();
    let late = verdicts.iter().filter(|verdict| **verdict == first(&out).1).count();
    assert!((8..=22).contains(&late), "{late} of 30 failed with probability a half");
    assert!(verdicts.iter().all(|verdict| *verdict == first(&out).1 || *verdict == first(&free).1));
}

/// A success that comes by way of the far region takes 40 s: connect, then there and back.
#[test]
fn a_failover_that_the_run_did_not_live_to_see_has_not_been_seen() {
    let failed_over = |horizon: &str| {
        let settings = [
            horizon,
            "geographies.here.sessions.rate=20",
            "geographies.here.rtt.b=20s",
            "geographies.here.client.connect_timeout=30s",
            "geographies.here.client.request_timeout=60s",
            "geographies.here.client.patience=60s",
            "dns.addresses=2",
        ];
        let gone =
            "[[incidents]]\nname = \"gone\"\nkind = \"app-outage\"\ntarget = \"a\"\nat = \"60s\"\nlasts = \"1h\"\n";
        simulate(&closed_form::plan(&settings, gone), 0, 0).unwrap().incidents[0].first_failed_over()
    };
    assert!(matches!(failed_over("study.horizon=200s"), Timing::After(time) if time.as_secs_f64() > 40.0));
    // The answer is on its way at the horizon.
    assert!(!matches!(failed_over("study.horizon=95s"), Timing::After(_)));
}
