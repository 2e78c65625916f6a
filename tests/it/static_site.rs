//! A static site: its apps answer by themselves, and ask no database.

use firedrill::model::{Phase, RunOutcome, Timing};
use firedrill::scenario::{LoadOptions, Scenario};

use crate::closed_form::{plan, runs};

/// Ten reads a second at apps that take 100 ms, beside databases that would take a second.
fn outcome(settings: &[&str], incident: &str) -> RunOutcome {
    let common = [
        "study.horizon=1000s",
        "study.warmup=100s",
        "geographies.here.sessions.rate=10",
        "geographies.here.client.patience=10s",
        "regions.a.app.service=100ms",
        "regions.b.app.service=100ms",
        "regions.a.database.read=1s",
        "regions.b.database.read=1s",
        "designs.only.database.reads=none",
        r#"dns.health_checks={ checkers = 1, interval = "10s", timeout = "500ms", fall = 1, probe = "deep" }"#,
    ];
    runs(&plan(&[&common[..], settings].concat(), incident), 1, Clone::clone).remove(0)
}

fn gone(kind: &str) -> String {
    format!("[[incidents]]\nname = \"gone\"\nkind = \"{kind}\"\ntarget = \"a\"\nat = \"300s\"\nlasts = \"500s\"\n")
}

#[test]
fn a_static_site_takes_the_time_of_its_apps_alone_and_outlives_its_databases() {
    for settings in [&[][..], &["regions.a.app.hold_worker=false"], &["geographies.here.rtt.a=20ms"]] {
        let outcome = outcome(settings, &gone("database-outage"));
        let reads = &outcome.visitors[0][0];
        assert_eq!(reads.failed, 0, "{settings:?}");
        let mean_s = reads.latency.sum_ns as f64 / reads.succeeded as f64 / 1e9;
        let round_trips_s = if settings.iter().any(|setting| setting.contains("rtt")) { 0.04 } else { 0.0 };
        assert!((mean_s - 0.1 - round_trips_s).abs() < 1e-9, "{settings:?}: {mean_s}");
        assert_eq!(outcome.incidents[0].dns_verdict, Timing::NotApplicable, "no probe asks a database either");
        assert_eq!(outcome.regions[0].load.database_busy_ns, 0);
    }
}

#[test]
fn a_static_site_is_beyond_help_only_without_a_region() {
    let both = "[[incidents]]\nname = \"gone\"\nkind = \"database-outage\"\ntarget = \"b\"\nat = \"300s\"\nlasts = \"500s\"\n\
                [[incidents]]\nname = \"dark\"\nkind = \"region-outage\"\ntarget = \"a\"\nat = \"300s\"\nlasts = \"500s\"\n";
    let reads = &outcome(&[], both).visitors[0][0];
    // Both nodes are gone, and the other region's app serves once it is answered.
    assert!(reads.failed > 100 && reads.failed < 1_500, "{}", reads.failed);
    assert_eq!(reads.failed_by_phase[Phase::NothingLeft as usize], 0);
}

#[test]
fn nobody_writes_to_a_static_site() {
    let text = include_str!("small.toml").replacen("reads = \"local\"", "reads = \"none\"", 1);
    let error = Scenario::parse(&text, "small.toml", &LoadOptions::default()).unwrap_err().to_string();
    assert!(error.contains("a static site takes no writes"), "{error}");
}
