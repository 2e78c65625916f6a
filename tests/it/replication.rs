//! The replication pipeline on the public interface: what its lag depends on, and what it does not.

use firedrill::model::{Plan, RunOutcome, simulate};
use firedrill::scenario::{LoadOptions, Loaded, Override, Scenario};

/// Two regions with ample servers, whose primary is gone for five minutes; each request is a write.
const WORLD: &str = r#"
name = "replication"
study = { horizon = "15m", warmup = "1m", seed = 5 }

[regions.west]
app      = { instances = 2, workers = 4000, service = "20ms", queue_limit = 400 }
database = { connections = 1000, read = "2ms", write = "4ms" }

[regions.east]
app      = { instances = 2, workers = 4000, service = "20ms", queue_limit = 400 }
database = { connections = 1000, read = "2ms", write = "4ms" }

[[links]]
between   = ["west", "east"]
rtt       = "70ms"
bandwidth = "20MB/s"

[geographies.g]
sessions             = { rate = 5 }
requests_per_session = 1
think_time           = "0s"
write_share          = "100%"
rtt                  = { west = "20ms", east = "80ms" }
client               = { pin_share = 0 }

[designs.d]
routing     = { policy = "failover", order = ["west", "east"] }
database    = { primary = "west", reads = "primary", endpoint = { via = "driver" } }
replication = { mode = "async" }
promotion   = { when = "automatic", detect = "10s", duration = "20s" }

[[incidents]]
name   = "primary gone"
kind   = "database-outage"
target = "west"
at     = "7m"
lasts  = "5m"
"#;

fn loaded(settings: &[&str]) -> Loaded {
    let overrides = settings.iter().map(|setting| setting.parse::<Override>().unwrap()).collect();
    let options = LoadOptions { overrides, ..LoadOptions::default() };
    Scenario::parse(WORLD, "replication.toml", &options).unwrap_or_else(|error| panic!("{error}"))
}

/// Outcomes of so many runs.
fn outcomes(settings: &[&str], runs: u64) -> Vec<RunOutcome> {
    let plan = Plan::new(&loaded(settings).scenario);
    (0..runs).map(|run| simulate(&plan, 0, run).unwrap()).collect()
}

/// Mean seconds of writes that are lost, in so many runs at a rate of writes.
fn seconds_lost(rate: u32, settings: &[&str], runs: u64) -> f64 {
    let rate_setting = format!("geographies.g.sessions.rate={rate}");
    let settings = [settings, &[rate_setting.as_str(), "study.horizon=8m"]].concat();
    let lost: u64 = outcomes(&settings, runs).iter().map(|outcome| outcome.writes[0].stranded).sum();
    lost as f64 / f64::from(rate) / runs as f64
}

/// Each commit used to draw its own delay, and none may overtake: at 300 writes a second a crash took four times the 100 ms.
#[test]
fn the_seconds_of_writes_that_a_crash_takes_do_not_depend_on_how_many_there_are() {
    let ship = [r#"designs.d.replication.ship={ dist = "exponential", mean = "100ms" }"#];
    // The standard error of the mean of 200 delays is 7 ms, and at 5 a second that of the writes 10 ms.
    for rate in [5, 50, 150] {
        let lost = seconds_lost(rate, &ship, 200);
        assert!((0.07..0.13).contains(&lost), "{lost} s at {rate} a second");
    }
    // With a delay for each commit the slowest of those under way holds up the others.
    let each = [ship[0], "designs.d.replication.lag_changes_every=0s"];
    assert!(seconds_lost(150, &each, 40) > 0.2);
}

#[test]
fn a_receiver_applies_as_many_commits_a_second_as_it_can_and_no_more() {
    // Two minutes without the link at 50 writes a second leave 6000 commits behind, which arrive within 0.3 s of its healing.
    // Applied at 100 a second while 50 come, they are all visible 120 s later, not before.
    let settings = [
        r#"incidents.primary gone={ name = "primary gone", kind = "link-partition", at = "3m", lasts = "2m" }"#,
        "geographies.g.sessions.rate=50",
        r#"designs.d.promotion={ when = "never" }"#,
        "study.horizon=10m",
    ];
    let behind = |rate: &str| {
        let rate = format!("designs.d.replication.apply_rate={rate}");
        let timeline = outcomes(&[&settings[..], &[rate.as_str()]].concat(), 1).remove(0).timeline;
        // The lag at the end of each bin; the last one in which it is more than 5 s.
        let late = timeline.bins.iter().rposition(|bin| bin.lag_s > 5.0).unwrap();
        (late + 1) as f64 * timeline.bin.as_secs_f64()
    };
    let (at_once, slowly) = (behind("unlimited"), behind("100"));
    assert!((298.0..=304.0).contains(&at_once), "{at_once}");
    assert!((410.0..=424.0).contains(&slowly), "{slowly}");
}

#[test]
fn a_log_that_is_polled_holds_commits_until_the_next_reading() {
    // Between none and 2 s since the last reading, and 100 ms to ship it: 1.1 s of writes on average, whose standard error is
    // 0.58 / sqrt(200) s.
    let polled = ["designs.d.replication.poll=2s", "designs.d.replication.ship=100ms"];
    let lost = seconds_lost(20, &polled, 200);
    assert!((0.97..1.23).contains(&lost), "{lost}");
}

#[test]
fn the_preset_of_dts_polls_and_what_the_file_states_wins() {
    let value = |settings: &[&str], key: &str| {
        let all = loaded(settings).scenario.resolved();
        all.into_iter().find(|setting| setting.key == format!("designs.d.replication.{key}")).unwrap().value
    };
    let dts = ["designs.d.replication.preset=dts"];
    let shown = ["poll", "ship.median", "ship.p95", "lag_changes_every"].map(|key| value(&dts, key));
    assert_eq!(shown, ["1s", "200ms", "1s", "10s"]);
    let own = ["designs.d.replication.preset=dts", "designs.d.replication.poll=500ms"];
    assert_eq!(["poll", "ship.p95"].map(|key| value(&own, key)), ["500ms", "1s"]);
    let usual = ["poll", "ship.median", "ship.p95", "lag_changes_every", "apply_rate"].map(|key| value(&[], key));
    assert_eq!(usual, ["never", "2ms", "20ms", "1s", "unlimited"]);
    // The lag of some 0.8 s is that of the documents; 30 s of it come to within a tenth.
    assert!((0.7..0.95).contains(&seconds_lost(20, &dts, 200)));
}

#[test]
fn delays_that_change_so_often_that_order_lengthens_them_are_warned_of() {
    let warnings = |settings: &[&str]| -> Vec<String> {
        loaded(settings)
            .warnings
            .iter()
            .map(ToString::to_string)
            .filter(|text| text.contains("lag_changes_every"))
            .collect()
    };
    let slow = r#"designs.d.replication.ship={ dist = "lognormal", median = "2s", p95 = "10s" }"#;
    assert_eq!(warnings(&[slow]), Vec::<String>::new(), "by default it changes every 100 s");
    let often = warnings(&[slow, "designs.d.replication.lag_changes_every=1s"]);
    let [text] = &often[..] else { panic!("{often:?}") };
    assert!(text.contains("they wait 9.39s") && text.contains("the 3.23s"), "{text}");
    let each = warnings(&[slow, "designs.d.replication.lag_changes_every=0s", "geographies.g.sessions.rate=1"]);
    let [text] = &each[..] else { panic!("{each:?}") };
    assert!(text.contains("each commit has its own delay, and 1.000 are made a second"), "{text}");
}
