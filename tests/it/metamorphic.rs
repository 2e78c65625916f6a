//! More of a good thing: what one more notch of it does to the same runs.
//!
//! No formula tells what these scenarios give, but everybody knows in which direction they must move. Each test changes one
//! setting, runs the same run numbers on both sides (common random numbers) and looks at the differences, pair by pair. Where
//! the direction is certain only on average, the whole 99 % interval of the mean difference must lie on the right side (or
//! reach zero, where a difference may be nil); where the coupling makes it certain in each run, every pair is looked at.
//! The last tests are about good things of which more truly is worse.
//!
//! Left out: longer retention of the primary's log. The model's log is never cut short, so there is nothing to vary.

#![expect(clippy::disallowed_macros, reason = "each test prints what it measured")]

use std::sync::atomic::AtomicBool;

use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::stats::{Estimate, paired};
use firedrill::study::{self, StudySpec};

use crate::support::{SMALL, cases, repository};

/// The metric of `design` in each run of the scenario `text`, with settings changed (`KEY=VALUE`).
fn measure(text: &str, settings: &[&str], design: &str, metric: &str, runs: u64) -> Vec<f64> {
    let overrides = settings.iter().map(|setting| setting.parse().expect("KEY=VALUE")).collect();
    let options = LoadOptions { overrides, ..LoadOptions::default() };
    let loaded = Scenario::parse(text, "metamorphic.toml", &options).unwrap_or_else(|error| panic!("{error}"));
    let mut spec = StudySpec::new(loaded.scenario);
    spec.designs = vec![design.to_owned()];
    spec.runs = Some(runs);
    let prepared = spec.prepare().unwrap_or_else(|error| panic!("{error}"));
    let outcome = study::run(&prepared, |_| (), &AtomicBool::new(false)).unwrap_or_else(|error| panic!("{error}"));
    let position = outcome.metrics.position(metric).expect("a known metric");
    let value = |observation: study::Observation| observation.value_or_infinity().expect("a metric that applies");
    outcome.designs[0].rows.column(position).into_iter().map(value).collect()
}

/// Returns the excess of `more` over `less`, on average, run by run.
fn excess(what: &str, more: &[f64], less: &[f64]) -> Estimate {
    let pairs: Vec<(f64, f64)> = more.iter().copied().zip(less.iter().copied()).collect();
    let difference = paired(&pairs, 0.99).difference.expect("enough runs, none of them censored");
    println!("{what}: {:+.3} [{:+.3} to {:+.3}]", difference.point, difference.low, difference.high);
    difference
}

/// Values of one metric for settings from the best to the worst: each step must make it clearly greater on average.
fn must_rise(what: &str, steps: &[Vec<f64>]) {
    for (step, pair) in steps.windows(2).enumerate() {
        let difference = excess(&format!("{what}, step {step}"), &pair[1], &pair[0]);
        assert!(difference.low > 0.0, "{what}: step {step} makes a difference of {difference:?}, not clearly more");
    }
}

/// The values of one metric for each of several values of one key, in the active-active design of the small scenario.
fn over(key: &str, values: &[&str], metric: &str) -> Vec<Vec<f64>> {
    let one = |value: &&str| measure(SMALL, &[&format!("{key}={value}")], "active-active", metric, cases(60, 18));
    values.iter().map(one).collect()
}

fn scenario(name: &str) -> String {
    std::fs::read_to_string(repository().join("scenarios").join(name)).expect("a scenario of the library")
}

#[test]
fn a_longer_ttl_loses_more_service_in_a_region_outage() {
    must_rise("lost service by TTL", &over("dns.answer_ttl", &["5s", "30s", "2m"], "lost_service_s"));
}

#[test]
fn slower_checks_lose_more_service() {
    must_rise(
        "lost service by interval of the checks",
        &over("dns.health_checks.interval", &["5s", "15s", "30s"], "lost_service_s"),
    );
}

/// A check's phase is the same uniform number times its interval, and the outage starts at a multiple of each interval here.
/// So the first probe that fails is later for the slower check in every run, and so is the verdict.
#[test]
fn slower_checks_are_later_in_every_run() {
    let long = SMALL.replace(r#"lasts  = "2m""#, r#"lasts  = "7m""#);
    let verdicts = |interval: &str| {
        let interval = format!("dns.health_checks.interval={interval}");
        measure(&long, &["dns.health_checks.probe=ping", &interval], "active-active", "dns_verdict_s", cases(60, 20))
    };
    let steps = ["5s", "15s", "30s", "60s"].map(verdicts);
    assert!(steps[0] != steps[3], "the interval makes no difference");
    for pair in steps.windows(2) {
        assert!(pair[0].iter().zip(&pair[1]).all(|(faster, slower)| faster <= slower), "a faster check was later");
    }
}

#[test]
fn fewer_instances_lose_more_service() {
    let busy = ["geographies.asia.sessions.rate=20", "geographies.europe.sessions.rate=20"];
    let one = |instances: u32| {
        let here = format!("regions.singapore.app.instances={instances}");
        let there = format!("regions.frankfurt.app.instances={instances}");
        let settings = [busy[0], busy[1], &here, &there];
        measure(SMALL, &settings, "active-active", "lost_service_s", 10)
    };
    must_rise("lost service by instances", &[one(4), one(1)]);
}

#[test]
fn more_lag_loses_more_writes() {
    must_rise(
        "writes lost by delay of shipping",
        &over("designs.active-active.replication.ship", &["10ms", "1s", "10s"], "writes_lost"),
    );
}

#[test]
fn waiting_for_the_receipt_never_loses_more_writes() {
    let lost = |mode: &str| {
        let mode = format!("designs.active-active.replication.mode={mode}");
        measure(
            SMALL,
            &["designs.active-active.replication.ship=500ms", &mode],
            "active-active",
            "writes_lost",
            cases(60, 24),
        )
    };
    let (waiting, not_waiting) = (lost("sync"), lost("async"));
    assert!(waiting.iter().all(|lost| *lost == 0.0), "sync lost writes");
    must_rise("writes lost by mode", &[waiting, not_waiting]);
}

#[test]
fn a_slower_promotion_loses_more_service() {
    must_rise(
        "lost service by duration of the promotion",
        &over("designs.active-active.promotion.duration", &["5s", "40s", "90s"], "lost_service_s"),
    );
}

#[test]
fn more_visitors_who_pin_an_old_address_lose_more_service() {
    let one = |share: &str| {
        let asia = format!("geographies.asia.client.pin_share={share}");
        let europe = format!("geographies.europe.client.pin_share={share}");
        measure(SMALL, &[&asia, &europe], "active-active", "lost_service_s", cases(60, 24))
    };
    must_rise("lost service by pinned share", &[one("0"), one("0.1"), one("0.5")]);
}

/// A change that is for the worse: caches that are asked less often outlive an authority that is silent.
#[test]
fn a_shorter_ttl_loses_more_service_when_the_authority_is_silent() {
    let text = scenario("dns-outage.toml");
    let lost = |ttl: &str| {
        let setting = format!("designs.long-ttl-driver.dns.answer_ttl={ttl}");
        measure(&text, &[&setting], "long-ttl-driver", "lost_service_s", 12)
    };
    must_rise("lost service by TTL under a DNS outage, from long to short", &[lost("1h"), lost("10m"), lost("1m")]);
}

/// A change that is for the worse: each retry is more work for a pool that has too much already.
#[test]
fn more_retries_lose_more_service_under_overload() {
    let text = scenario("retry-storm.toml");
    let lost = |attempts: u32| {
        let setting = format!("geographies.asia.client.max_attempts={attempts}");
        measure(&text, &[&setting], "impatient", "lost_service_s", 8)
    };
    must_rise("lost service by attempts under overload", &[lost(1), lost(6)]);
}

/// A change that is for the worse: short slow spells of one region that a patient check overlooks make a hasty one send
/// everybody to the other region, which is too small for all of them and cold.
#[test]
fn faster_checks_lose_more_service_when_they_flap() {
    let spells = [
        "regions.singapore.app.workers=2",
        "regions.frankfurt.app.workers=2",
        "regions.frankfurt.app.cold_start={ factor = 6, lasts = \"60s\" }",
        "geographies.asia.sessions.rate=8",
        "geographies.europe.sessions.rate=8",
        "dns.answer_ttl=10s",
        "dns.health_checks.rise=1",
    ];
    let text = SMALL.replace(r#"kind   = "region-outage""#, r#"kind   = "app-outage""#);
    let text = text.replace(r#"lasts  = "2m""#, r#"lasts  = "6s""#);
    let lost = |checks: [&str; 3]| {
        let settings: Vec<&str> = spells.iter().copied().chain(checks).collect();
        measure(&text, &settings, "active-active", "lost_service_s", cases(40, 16))
    };
    let patient = ["dns.health_checks.interval=15s", "dns.health_checks.timeout=5s", "dns.health_checks.fall=3"];
    let hasty = ["dns.health_checks.interval=2s", "dns.health_checks.timeout=1s", "dns.health_checks.fall=1"];
    must_rise("lost service by haste of the checks", &[lost(patient), lost(hasty)]);
}
