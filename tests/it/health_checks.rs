//! Health checks on the public interface: what a probe of a slow region meets, and when each checker probes what.

use std::collections::BTreeSet;

use firedrill::model::{Component, Plan, Timing, What, simulate, simulate_traced};
use firedrill::scenario::{LoadOptions, Override, Scenario};

/// West is a thousand times slower for a quarter of an hour: 20 s for each answer. Its checkers wait 2 s for theirs.
const SLOW_REGION: &str = r#"
name = "slow region"
study = { horizon = "30m", warmup = "5m", runs = 30 }

[regions.west]
app      = { instances = 2, workers = 32, service = "20ms", queue_limit = 400 }
database = { connections = 32, read = "2ms", write = "4ms" }

[regions.east]
app      = { instances = 2, workers = 32, service = "20ms", queue_limit = 400 }
database = { connections = 32, read = "2ms", write = "4ms" }

[[links]]
between = ["west", "east"]
rtt     = "70ms"

[geographies.g]
sessions             = { rate = 0.2 }
requests_per_session = 5
think_time           = { dist = "exponential", mean = "5s" }
write_share          = "10%"
rtt                  = { west = "20ms", east = "80ms" }
client               = { pin_share = 0, keepalive = "5s" }

[dns]
answer_ttl    = "30s"
cname_ttl     = "30s"
health_checks = { checkers = 6, interval = "10s", timeout = "2s", fall = 3, probe = "http" }

[designs.d]
routing  = { policy = "failover", order = ["west", "east"] }
database = { primary = "east", reads = "primary" }

[[incidents]]
name   = "slow"
kind   = "gray"
factor = 1000
target = "west"
at     = "8m"
lasts  = "15m"
"#;

fn plan(settings: &[&str]) -> Plan {
    let overrides = settings.iter().map(|setting| setting.parse::<Override>().unwrap()).collect();
    let options = LoadOptions { overrides, ..LoadOptions::default() };
    Plan::new(&Scenario::parse(SLOW_REGION, "slow.toml", &options).unwrap_or_else(|error| panic!("{error}")).scenario)
}

/// An http probe took a worker for no time: the verdict came when the queue was full, after six minutes, in 24 of 30 runs, and was
/// taken back when it was not.
#[test]
fn a_region_that_is_too_slow_for_its_probes_is_found_down_after_as_many_of_them_and_stays_so() {
    for probe in ["dns.health_checks.probe=http", "dns.health_checks.probe=deep"] {
        let plan = plan(&[probe]);
        for run in 0..30 {
            let (outcome, steps) = simulate_traced(&plan, 0, run).unwrap();
            let Timing::After(verdict) = outcome.incidents[0].dns_verdict else { panic!("no verdict in run {run}") };
            // Three time-outs of 2 s, 10 s apart, from up to 10 s after the beginning on.
            assert!((22.0..=32.0).contains(&verdict.as_secs_f64()), "{probe}, run {run}: {verdict}");
            let verdicts: Vec<bool> = steps
                .iter()
                .filter_map(|step| match step.what {
                    What::Verdict { component: Component::Region(_), down } => Some(down),
                    _ => None,
                })
                .collect();
            assert_eq!(verdicts, [true, false], "{probe}, run {run}: found up again once, when it is");
        }
    }
}

/// A deep probe takes the time of the node, too.
#[test]
fn a_probe_that_asks_the_database_fails_where_that_is_too_slow_for_it() {
    let verdict = |settings: &[&str]| {
        let outcome = simulate(&plan(settings), 0, 0).unwrap();
        matches!(outcome.incidents[0].dns_verdict, Timing::After(_))
    };
    // The app's 1 ms become 1 s, which its checkers wait for; the 2 ms of a read become 2 s on top of it.
    let factor = ["regions.west.app.service=1ms", "designs.d.database.primary=west"];
    assert!(!verdict(&[&factor[..], &["dns.health_checks.probe=http"]].concat()));
    assert!(verdict(&[&factor[..], &["dns.health_checks.probe=deep"]].concat()));
}

#[test]
fn a_checker_probes_each_target_at_a_time_of_its_own() {
    // Both regions die at once: with one phase for all its targets, a checker would find both down at one moment.
    let text = format!(
        "{SLOW_REGION}\n[[incidents]]\nname = \"east\"\nkind = \"region-outage\"\ntarget = \"east\"\nat = \"8m\"\nlasts = \"5m\"\n"
    )
    .replace("kind   = \"gray\"\nfactor = 1000", "kind   = \"region-outage\"");
    let scenario =
        Scenario::parse(&text, "dark.toml", &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
    let (_, steps) = simulate_traced(&Plan::new(&scenario.scenario), 0, 0).unwrap();
    let finds = steps.iter().filter(|step| matches!(step.what, What::CheckerFinds { down: true, .. }));
    let moments: Vec<_> = finds.map(|step| step.at).collect();
    let different: BTreeSet<_> = moments.iter().copied().collect();
    // Six checkers of two regions, and of the two nodes no one where reads go to the primary.
    assert_eq!((moments.len(), different.len()), (12, 12));
}
