//! Caches of the clients' own: answers that are kept whatever their TTL, and connections.

use firedrill::scenario::{DnsCache, LoadOptions, Override, Scenario};
use firedrill::units::SimDuration;

use crate::closed_form::{plan, runs};

/// Look-ups for each request of sessions that make 61 of them, a second apart, each on a new connection unless that is kept.
fn lookups_per_request(settings: &[&str]) -> f64 {
    let common = [
        "study.horizon=4000s",
        "study.warmup=100s",
        "geographies.here.sessions.rate=0.5",
        "geographies.here.requests_per_session=61",
        "geographies.here.think_time=1s",
        "dns.answer_ttl=1s",
    ];
    let counts = runs(&plan(&[&common[..], settings].concat(), ""), 2, |outcome| {
        (outcome.names[0].lookups, outcome.visitors[0][0].succeeded)
    });
    let (lookups, requests) = counts.iter().fold((0, 0), |sum, count| (sum.0 + count.0, sum.1 + count.1));
    lookups as f64 / requests as f64
}

#[test]
fn a_client_keeps_an_answer_for_its_own_time_whatever_the_ttl() {
    for (kept, lookups) in [("30s", 3.0), ("31s", 2.0), ("forever", 1.0), ("0s", 61.0)] {
        let found = lookups_per_request(&[&format!("geographies.here.client.dns_cache={kept}")]) * 61.0;
        assert!((found / lookups - 1.0).abs() < 0.03, "{kept}: {found} look-ups in a session, not {lookups}");
    }
}

/// A connection that is not kept was used again by a request that followed at once.
#[test]
fn a_connection_is_kept_never_or_for_ever() {
    let uncached = "geographies.here.client.dns_cache=0s";
    let at_once = "geographies.here.think_time=0s";
    let never = lookups_per_request(&[uncached, at_once, "geographies.here.client.keepalive=0s"]);
    assert!((never - 1.0).abs() < 0.01, "{never}");
    let rarely = "geographies.here.think_time=100s";
    let for_ever = ["geographies.here.client.keepalive=forever", "study.horizon=40000s", "study.warmup=7000s"];
    let for_ever = lookups_per_request(&[&[uncached, rarely][..], &for_ever].concat()) * 61.0;
    assert!((for_ever - 1.0).abs() < 0.05, "{for_ever}");
}

#[test]
fn presets_of_clients_say_what_they_keep() {
    let client = |settings: &[&str]| {
        let overrides = settings.iter().map(|setting| setting.parse::<Override>().unwrap()).collect();
        let options = LoadOptions { overrides, ..LoadOptions::default() };
        Scenario::parse(include_str!("small.toml"), "small.toml", &options).unwrap().scenario.geographies[0]
            .client
            .clone()
    };
    let secs = SimDuration::from_secs;
    let own = |word: &str| {
        let client = client(&[&format!("geographies.asia.client={{ preset = \"{word}\" }}")]);
        (client.dns_cache, client.keepalive, client.pin_share)
    };
    assert_eq!(own("jvm"), (DnsCache::For(secs(30)), secs(60), 0.0));
    assert_eq!(own("browser"), (DnsCache::For(secs(60)), secs(300), 0.0));
    assert_eq!(own("go"), (DnsCache::For(SimDuration::ZERO), secs(90), 0.0));
    assert_eq!(own("node"), (DnsCache::For(SimDuration::ZERO), secs(5), 0.0));
    let stated = client(&["geographies.asia.client={ preset = \"jvm\", dns_cache = \"forever\" }"]);
    assert_eq!((stated.dns_cache, stated.pin_share), (DnsCache::Forever, 0.0), "the file's own key wins");
}

/// A hundred clients that never leave, beside a session in an hour: each makes a request, of 20 ms, every 2.02 s.
const SERVICES: [&str; 9] = [
    "study.horizon=2000s",
    "study.warmup=100s",
    "geographies.here.sessions.rate=0.0003",
    "geographies.here.service_clients=100",
    "geographies.here.think_time={ dist = \"exponential\", mean = \"2s\" }",
    "geographies.here.rtt.a=20ms",
    "geographies.here.client.keepalive=forever",
    "geographies.here.client.leave=1",
    "designs.only.database.reads=local",
];

#[test]
fn clients_that_never_leave_make_one_request_after_the_other_to_the_end_of_the_run() {
    let outcomes =
        runs(&plan(&SERVICES, ""), 2, |outcome| (outcome.visitors[0][0].succeeded, outcome.names[0].lookups));
    for (requests, lookups) in outcomes {
        // 1899 s are measured; a standard error is 0.3 %.
        assert!((requests as f64 / (1_899.0 * 100.0 / 2.02) - 1.0).abs() < 0.015, "{requests}");
        assert!(lookups < 10, "their connections are kept for ever: {lookups}");
    }
}

#[test]
fn a_client_that_keeps_an_answer_for_ever_is_led_to_a_dead_region_until_it_is_back() {
    let gone =
        "[[incidents]]\nname = \"gone\"\nkind = \"region-outage\"\ntarget = \"a\"\nat = \"500s\"\nlasts = \"1000s\"\n";
    let checks = r#"dns.health_checks={ checkers = 1, interval = "10s", timeout = "1s", fall = 1 }"#;
    let failed = |kept: &str| {
        let kept = format!("geographies.here.client.dns_cache={kept}");
        let settings = [&SERVICES[..], &[&kept, checks, "geographies.here.client.connect_timeout=1s"]].concat();
        let shares = runs(&plan(&settings, gone), 2, |outcome| {
            let [reads, _] = &outcome.visitors[0];
            reads.failed as f64 / (reads.failed + reads.succeeded) as f64
        });
        shares.iter().sum::<f64>() / shares.len() as f64
    };
    // Verdict and TTL of a minute take 70 s of 1900 at most; with leave = 1 nobody leaves all the same.
    let (told, for_ever) = (failed("ttl"), failed("forever"));
    assert!(told < 0.04, "{told}");
    // A request in 3 s while the region is gone, and in 2.02 s otherwise: 333 of 778 fail.
    assert!((for_ever / (333.3 / (333.3 + 899.0 / 2.02)) - 1.0).abs() < 0.03, "{for_ever}");
}
