//! Names that misbehave: resolvers with a mind of their own, authorities that are silent or empty, and nothing to answer.
//!
//! The scenario is that of the closed forms: nothing takes time and nothing fails but what a test says.

use firedrill::model::{Cause, RunOutcome, simulate};

use crate::closed_form::plan;

/// Outcome of run 0 with settings and tables over the base.
fn outcome(settings: &[&str], added: &str) -> RunOutcome {
    simulate(&plan(settings, added), 0, 0).unwrap()
}

fn incident(kind: &str, target: &str, more: &str) -> String {
    format!(
        "[[incidents]]\nname = \"{target} {kind}\"\nkind = \"{kind}\"\ntarget = \"{target}\"\nat = \"100s\"\n\
         lasts = \"100s\"\n{more}\n"
    )
}

/// Failed requests by the second of their start.
fn failures_by_second(outcome: &RunOutcome) -> Vec<u32> {
    outcome.windows.counts.chunks(2).map(|window| window[0][1] + window[1][1]).collect()
}

fn failed(outcome: &RunOutcome, cause: Cause) -> u64 {
    outcome.visitors.iter().flatten().map(|tally| tally.failed_by_cause[cause as usize]).sum()
}

/// Half an hour in which somebody asks the one resolver twenty times a second, and waits for up to ten seconds.
const BUSY: [&str; 4] = [
    "study.horizon=10m",
    "geographies.here.sessions.rate=20",
    "geographies.here.client.patience=10s",
    "dns.answer_ttl=1s",
];

fn busy<'a>(more: &[&'a str]) -> Vec<&'a str> {
    BUSY.iter().copied().chain(more.iter().copied()).collect()
}

#[test]
fn a_resolver_that_clamps_a_ttl_is_one_that_was_given_the_clamped_ttl() {
    let debug = |settings: &[&str]| format!("{:?}", outcome(&busy(settings), ""));
    let exact = debug(&["dns.answer_ttl=7s", "dns.cname_ttl=7s", "dns.gtm_rtt=20ms"]);
    let cut = ["dns.answer_ttl=1h", "dns.cname_ttl=2h", "geographies.here.resolvers.max_ttl=7s", "dns.gtm_rtt=20ms"];
    let lengthened =
        ["dns.answer_ttl=1s", "dns.cname_ttl=2s", "geographies.here.resolvers.min_ttl=7s", "dns.gtm_rtt=20ms"];
    assert_eq!(debug(&cut), exact);
    assert_eq!(debug(&lengthened), exact);
    assert_ne!(debug(&cut[..1]), exact);
}

#[test]
fn an_empty_answer_fails_at_once_and_for_as_long_as_it_is_cached() {
    let empty = incident("dns-outage", "gtm", "mode = \"empty\"");
    let uncached = failures_by_second(&outcome(&busy(&[]), &empty));
    let cached = failures_by_second(&outcome(&busy(&["geographies.here.resolvers.failure_ttl=30s"]), &empty));
    // The last answer may serve for its TTL of 1 s.
    assert!(uncached[..100].iter().chain(&uncached[200..]).all(|failed| *failed == 0));
    assert!(uncached[102..200].iter().all(|failed| *failed > 0));
    // The first empty answer came in the 101st or 102nd second, and each is cached for 30 s: the last until after 220 s.
    let first = cached.iter().position(|failed| *failed > 0).unwrap();
    let last = cached.iter().rposition(|failed| *failed > 0).unwrap();
    assert!((100..=101).contains(&first) && (219..=222).contains(&last), "from {first} to {last}");
    assert!(cached[first + 1..last].iter().all(|failed| *failed > 0));
    // An empty answer leaves time for a second attempt; silence outlasts the patience of most.
    let impatient = busy(&["geographies.here.client.max_attempts=2", "geographies.here.client.patience=3s"]);
    let attempts = |outcome: RunOutcome| {
        let tally = &outcome.visitors[0][0];
        (tally.attempts - tally.succeeded, tally.failed)
    };
    let (attempts_of_failed, failed) = attempts(outcome(&impatient, &empty));
    assert!(failed > 1_000 && attempts_of_failed == 2 * failed, "{attempts_of_failed} attempts, {failed} failed");
    let (attempts_of_failed, failed) = attempts(outcome(&impatient, &incident("dns-outage", "gtm", "")));
    assert!(failed > 1_000 && attempts_of_failed < 2 * failed, "{attempts_of_failed} attempts, {failed} failed");
}

#[test]
fn a_stale_answer_serves_while_the_authority_is_silent_but_not_when_it_says_that_there_is_none() {
    let silent = incident("dns-outage", "gtm", "");
    let stale = "geographies.here.resolvers.serve_stale=true";
    let honest = outcome(&busy(&[]), &silent);
    let served = outcome(&busy(&[stale]), &silent);
    assert!(failed(&honest, Cause::DnsFailure) > 1_000);
    assert_eq!(failed(&served, Cause::DnsFailure), 0);
    // Whoever asks first waits for the client response timer, and the others who ask meanwhile with them.
    let slowest = served.visitors[0][0].latency.max.as_secs_f64();
    assert!((1.7..1.81).contains(&slowest), "{slowest}");
    let empty = outcome(&busy(&[stale]), &incident("dns-outage", "gtm", "mode = \"empty\""));
    assert!(failed(&empty, Cause::DnsFailure) > 1_000);
    let for_a_while =
        failures_by_second(&outcome(&busy(&[stale, "geographies.here.resolvers.max_stale=40s"]), &silent));
    let first = for_a_while.iter().position(|failed| *failed > 0).unwrap();
    assert!((138..=145).contains(&first), "the first failure comes in second {first}");
}

#[test]
fn when_all_regions_are_down_the_traffic_manager_fails_open_or_closed() {
    let both = format!("{}{}", incident("region-outage", "a", ""), incident("region-outage", "b", ""));
    let checks = "dns.health_checks={ checkers = 1, interval = \"1s\", timeout = \"1s\", fall = 1 }";
    let open = outcome(&busy(&[checks]), &both);
    let closed = outcome(&busy(&[checks, "dns.when_all_down=servfail"]), &both);
    assert_eq!(failed(&open, Cause::DnsFailure), 0);
    assert!(failed(&open, Cause::ConnectTimeout) > 1_500);
    assert!(failed(&closed, Cause::ConnectTimeout) < 200);
    assert!(failed(&closed, Cause::DnsFailure) > 1_500);
    // Once they are back they are answered again.
    assert!(failures_by_second(&closed)[205..].iter().all(|failed| *failed == 0));
}
