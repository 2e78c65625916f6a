//! Clients with habits: they look up again, leave, save their retries, hold two addresses.
//!
//! The scenario is that of the closed forms: nothing takes time and nothing fails but what a test says.

use firedrill::model::{Cause, Phase, RunOutcome, simulate};

use crate::closed_form::plan;

/// Outcome of run 0 with settings and tables over the base.
fn outcome(settings: &[&str], added: &str) -> RunOutcome {
    simulate(&plan(settings, added), 0, 0).unwrap()
}

/// The app of region a is gone from the 100th second to the 400th.
fn gone(mode: &str) -> String {
    format!(
        "[[incidents]]\nname = \"gone\"\nkind = \"app-outage\"\ntarget = \"a\"\nat = \"100s\"\nlasts = \"300s\"\n\
         mode = \"{mode}\"\n"
    )
}

/// Two sessions a second of ten requests each, for ten minutes; the outage goes unnoticed by the traffic manager.
const SESSIONS: [&str; 5] = [
    "study.horizon=10m",
    "geographies.here.sessions.rate=2",
    "geographies.here.requests_per_session=10",
    "geographies.here.think_time=1s",
    "dns.health_checks={ checkers = 1, interval = \"60s\", fall = 100 }",
];
const NOTICED: &str =
    "dns.health_checks={ checkers = 1, interval = \"1s\", timeout = \"1s\", fall = 1, probe = \"tcp\" }";

fn sessions<'a>(more: &[&'a str]) -> Vec<&'a str> {
    SESSIONS.iter().copied().chain(more.iter().copied()).collect()
}

/// Requests that failed, and all that ended, by the second of their start.
fn by_second(outcome: &RunOutcome) -> Vec<(u32, u32)> {
    let cells = outcome.windows.counts.chunks(2);
    cells.map(|cell| (cell[0][1] + cell[1][1], cell.iter().flatten().sum())).collect()
}

fn sum(seconds: &[(u32, u32)]) -> (u32, u32) {
    seconds.iter().fold((0, 0), |sums, (failed, all)| (sums.0 + failed, sums.1 + all))
}

#[test]
fn a_client_that_looks_up_again_after_a_failed_connect_gives_a_pinned_answer_up() {
    let pinned =
        ["geographies.here.client.pin_share=1.0", "geographies.here.client.pin=2h", NOTICED, "dns.answer_ttl=1s"];
    let again = [&pinned[..], &["geographies.here.client.reresolve=true"]].concat();
    let (stubborn, flexible) =
        (outcome(&sessions(&pinned), &gone("refuse")), outcome(&sessions(&again), &gone("refuse")));
    // The published answer is right from the 102nd second on at the latest.
    let (failed, all) = sum(&by_second(&stubborn)[110..390]);
    assert!(f64::from(failed) > 0.9 * f64::from(all), "{failed} of {all} of those who pin fail");
    // Those who look up again lose the first request of a session, of ten.
    let (failed, all) = sum(&by_second(&flexible)[115..390]);
    let share = f64::from(failed) / f64::from(all);
    assert!((0.08..0.12).contains(&share), "{failed} of {all} fail");
}

#[test]
fn a_visitor_leaves_after_a_failed_request_as_often_as_the_scenario_says() {
    let requests_in_outage = |leave: &str| {
        let setting = format!("geographies.here.client.leave={leave}");
        let outcome = outcome(&sessions(&[&setting]), &gone("refuse"));
        // All who are there then have started in the outage.
        f64::from(sum(&by_second(&outcome)[120..390]).1)
    };
    let (stays, half, leaves) = (requests_in_outage("0"), requests_in_outage("0.5"), requests_in_outage("1"));
    // 540 sessions: each of 10, of 1 + 1/2 + 1/4 + … = 2 - 2^-9, or of 1 request.
    assert!((stays / leaves / 10.0 - 1.0).abs() < 0.05, "{stays} requests against {leaves}");
    // A session of that kind has a standard deviation of 1.4 requests: 3 % of the ratio.
    assert!((half / leaves / 2.0 - 1.0).abs() < 0.12, "{half} requests against {leaves}");
    assert!((leaves / 540.0 - 1.0).abs() < 0.2, "{leaves} sessions");
}

#[test]
fn a_retry_budget_limits_retries_to_its_share_of_the_requests() {
    let attempts_per_failure = |settings: &[&str]| {
        let settings = [&["geographies.here.client.max_attempts=5"], settings].concat();
        let outcome = outcome(&sessions(&settings), &gone("refuse"));
        let tally = &outcome.visitors[0][0];
        assert!(tally.failed > 4_000);
        (tally.attempts - tally.succeeded) as f64 / tally.failed as f64
    };
    assert_eq!(attempts_per_failure(&[]), 5.0);
    let limited = attempts_per_failure(&["geographies.here.client.retry_budget=0.1"]);
    // Twenty retries have been saved up by then, and the rest come out of a tenth of the requests.
    assert!((1.09..1.11).contains(&limited), "{limited} attempts per failed request");
    assert_eq!(attempts_per_failure(&["geographies.here.client.retry_budget=0"]), 1.0 + 1.0 / attempts_total());
}

/// Failed requests of the outage of [`gone`] without retries.
fn attempts_total() -> f64 {
    outcome(&sessions(&[]), &gone("refuse")).visitors[0][0].failed as f64
}

#[test]
fn a_second_address_hides_an_outage_that_nobody_has_noticed() {
    let patience = "geographies.here.client.patience=10s";
    let two = sessions(&["dns.addresses=2", patience]);
    let failed = |outcome: &RunOutcome| outcome.visitors[0][0].failed;
    let one = outcome(&sessions(&[patience]), &gone("blackhole"));
    assert!(one.visitors[0][0].failed_by_cause[Cause::ConnectTimeout as usize] > 4_000);
    let silent = outcome(&two, &gone("blackhole"));
    assert_eq!(failed(&silent), 0);
    // The first address costs a connect timeout, and the second nothing.
    assert_eq!(silent.visitors[0][0].latency.max.as_secs_f64(), 3.0);
    let refused = outcome(&two, &gone("refuse"));
    assert_eq!((failed(&refused), refused.visitors[0][0].latency.max.as_secs_f64()), (0, 0.0));
    // With both regions gone there is nothing to hide behind.
    let other = gone("refuse").replace("\"gone\"", "\"gone too\"").replace("\"a\"", "\"b\"");
    let both = outcome(&two, &format!("{}{other}", gone("refuse")));
    assert!(both.visitors[0][0].failed_by_cause[Cause::ConnectionRefused as usize] > 4_000);
}

#[test]
fn a_client_gives_up_in_time_what_is_still_on_its_way() {
    // It takes 4 s to connect, and the request would need 2 s more to get there, but is given up after 1 s: attempts start after 0, 5
    // and 10 s, and the third is cut off by the end of patience before it has connected.
    let far = [
        "study.horizon=10m",
        "geographies.here.sessions.rate=2",
        "geographies.here.rtt={ a = \"4s\", b = \"4s\" }",
        "geographies.here.client.connect_timeout=5s",
        "geographies.here.client.request_timeout=1s",
        "geographies.here.client.patience=11s",
        "geographies.here.client.max_attempts=9",
        "geographies.here.client.backoff=1us",
        "dns.health_checks={ checkers = 1, interval = \"60s\", fall = 100 }",
    ];
    let outcome = outcome(&far, "");
    let tallies = outcome.visitors.iter().flatten();
    let sums = tallies.fold([0; 4], |[succeeded, failed, attempts, other], tally| {
        let of_other_phase = tally.failed_by_phase[Phase::Other as usize];
        [succeeded + tally.succeeded, failed + tally.failed, attempts + tally.attempts, other + of_other_phase]
    });
    assert!(sums[1] > 500, "{sums:?}");
    assert_eq!(sums, [0, sums[1], 3 * sums[1], sums[1]]);
}

#[test]
fn weighted_routing_deals_look_ups_by_weight_and_skips_what_is_down() {
    let weighted =
        ["designs.only.routing={ policy = \"weighted\", weights = { a = 1, b = 3 } }", NOTICED, "dns.answer_ttl=1s"];
    let outcome = outcome(&sessions(&weighted), &gone("refuse"));
    let sent = |from: usize, to: usize| {
        let bins = outcome.timeline.bins.iter().take(to / 2).skip(from / 2);
        bins.fold([0.0; 2], |sums, bin| [0, 1].map(|region| sums[region] + f64::from(bin.attempts_to[region])))
    };
    assert_eq!(outcome.timeline.bin.as_secs_f64(), 2.0);
    // Each of some 1,800 and 3,600 requests looks up anew: four standard errors are 4 and 3 %.
    for (from, to, tolerance) in [(10, 100, 0.04), (410, 590, 0.03)] {
        let [a, b] = sent(from, to);
        assert!((a / (a + b) - 0.25).abs() < tolerance, "{a} to a and {b} to b from {from} s to {to} s");
    }
    let [a, b] = sent(106, 400);
    assert_eq!((a, b > 5_000.0), (0.0, true), "{a} to a and {b} to b while a is down");
}

/// Sessions of one request each that started between two hours of the run.
fn started(outcome: &RunOutcome, from_h: f64, to_h: f64) -> f64 {
    let bins = outcome.timeline.bins.iter().enumerate();
    let within = |place: usize| {
        let at_h = place as f64 * outcome.timeline.bin.as_secs_f64() / 3_600.0;
        (from_h..to_h).contains(&at_h)
    };
    bins.filter(|(place, _)| within(*place)).map(|(_, bin)| f64::from(bin.succeeded + bin.failed)).sum()
}

#[test]
fn sessions_follow_the_clocks_of_their_geography() {
    // Nobody is awake but from 6 to 10, with the peak at 8: a triangle whose mean over the day is that of 4 hours of 24 / 4.
    let mut profile = [0; 24];
    (profile[7], profile[8], profile[9]) = (5, 10, 5);
    let sessions =
        format!("geographies.here.sessions={{ daily_mean = 1.0, profile = {profile:?}, utc_offset = \"8h\" }}");
    let outcome = outcome(&["study.horizon=12h", "study.window=60s", "study.starts_at=22:00", &sessions], "");
    // It is 6 in the morning there when the run starts. Of 86,400 sessions a quarter comes between 7 and 7:30 … 8 and 9.
    assert!(started(&outcome, 4.05, 12.0) == 0.0, "somebody is awake after 10");
    let total = started(&outcome, 0.0, 12.0);
    assert!((total / 86_400.0 - 1.0).abs() < 4.0 / 86_400_f64.sqrt(), "{total} sessions");
    for (from, to, share) in [(0.0, 1.0, 0.125), (1.0, 2.0, 0.375), (2.0, 3.0, 0.375), (3.0, 4.0, 0.125)] {
        let there = started(&outcome, from, to) / total;
        assert!((there - share).abs() < 0.006, "{there} of the sessions between hours {from} and {to}");
    }
}

#[test]
fn sessions_start_when_the_trace_says() {
    let folder = crate::support::scratch();
    let file = folder.path().join("access.csv");
    std::fs::write(&file, "time_s,count\n31.5,3\n2,1\n100,0\n40,2\n5000,7\n").unwrap();
    let trace = format!("geographies.here.sessions={{ trace = {:?} }}", file.display().to_string());
    let outcome = outcome(&["study.horizon=60s", "geographies.here.requests_per_session=1", &trace], "");
    assert_eq!(outcome.requests_simulated, 6);
    let ends: Vec<(usize, u32)> =
        outcome.timeline.bins.iter().enumerate().map(|(second, bin)| (second, bin.succeeded)).collect();
    let busy: Vec<&(usize, u32)> = ends.iter().filter(|(_, count)| *count > 0).collect();
    assert_eq!(busy, [&(2, 1), &(31, 3), &(40, 2)]);
}
