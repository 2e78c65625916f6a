//! Does the cost of a request stay the same as a scenario grows?
//!
//! `cargo bench --bench growth` prints the tables of `docs/performance.md`: nanoseconds per request (least of three) of
//! active/active in the article's scenario, with one quantity at a time made larger, and of a study with more runs and threads.

#![expect(clippy::disallowed_macros, clippy::disallowed_methods, reason = "a benchmark measures and prints")]

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use firedrill::model::{Plan, simulate};
use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::study::{self, StudySpec};

const REPEATS: u32 = 3;

fn main() {
    growth("sessions/s", &[10, 100, 1_000, 10_000, 100_000], |sessions| settings(sessions, 40, 100_000));
    growth("resolvers", &[10, 100, 1_000, 10_000, 100_000], |resolvers| settings(6, resolvers, 100_000));
    growth("keys", &[1, 1_000, 100_000, 1_000_000, 10_000_000], |keys| settings(6, 40, keys));
    studies();
}

/// 100,000 sessions of 6 requests at most, whatever the rate, but at least 10 s; regions as large as they have to be.
fn settings(sessions: u64, resolvers: u64, keys: u64) -> Vec<String> {
    let rate = sessions as f64 / 2.0;
    let mut settings = vec![
        format!("study.horizon={}s", (100_000 / sessions).max(10)),
        "study.warmup=1s".to_owned(),
        "incidents=[]".to_owned(),
        "expect=[]".to_owned(),
        format!("keys.count={keys}"),
    ];
    for geography in ["asia", "europe"] {
        settings.push(format!("geographies.{geography}.sessions.rate={rate:?}"));
        settings.push(format!("geographies.{geography}.resolvers.count={resolvers}"));
        settings.push(format!("geographies.{geography}.client.patience=5s"));
    }
    for region in ["hong-kong", "frankfurt"] {
        settings.push(format!("regions.{region}.app.instances={}", 2 + sessions / 24));
        settings.push(format!("regions.{region}.database.connections={}", 16 + sessions / 24));
    }
    settings
}

fn article(settings: Vec<String>) -> Scenario {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scenarios/article.toml");
    let settings = settings.iter().map(|setting| setting.parse().expect("KEY=VALUE"));
    let options = LoadOptions { overrides: settings.collect(), ..LoadOptions::default() };
    match Scenario::load(&path, &options) {
        Ok(loaded) => loaded.scenario,
        Err(error) => panic!("{error}"),
    }
}

fn growth(what: &str, sizes: &[u64], settings: impl Fn(u64) -> Vec<String>) {
    println!("\n| {what} | requests of a run | ns/request |\n|---|---|---|");
    for &size in sizes {
        let plan = Plan::new(&article(settings(size)));
        let mut least = f64::INFINITY;
        let mut requests = 0;
        for run in 0..REPEATS {
            let before = Instant::now();
            let outcome = simulate(&plan, 0, u64::from(run)).expect("a run");
            requests = outcome.requests_simulated;
            least = least.min(before.elapsed().as_nanos() as f64 / requests as f64);
        }
        println!("| {size} | {requests} | {least:.0} |");
    }
}

fn studies() {
    println!("\n| runs | threads | s | ns/event |\n|---|---|---|---|");
    for (runs, threads) in [(8, 1), (32, 1), (128, 1), (8, 2), (32, 2), (128, 2)] {
        let mut least = f64::INFINITY;
        let mut events = 0;
        for _ in 0..REPEATS {
            let mut spec = StudySpec::new(article(Vec::new()));
            spec.runs = Some(runs);
            spec.jobs = NonZeroUsize::new(threads);
            let prepared = spec.prepare().expect("a study");
            let before = Instant::now();
            let outcome = study::run(&prepared, |_| (), &AtomicBool::new(false)).expect("a study");
            least = least.min(before.elapsed().as_secs_f64());
            events = outcome.events;
        }
        println!("| {runs} | {threads} | {least:.2} | {:.0} |", least * 1e9 / events as f64);
    }
}
