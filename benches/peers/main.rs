//! Compares the speed of Firedrill with that of others that simulate the same requests.
//!
//! Runs one request path (see `w3.rs`) alternately through the whole of Firedrill (`w3.toml`), through desque, a small and
//! fast event-list crate, and through a floor written by hand for this one model; prints the least time of each; and fails
//! unless all agree on the share that failed and on the mean latency of the rest.
//!
//! `cargo bench --bench peers`, or with `-- ROUNDS` for another number of rounds than 7.

#![expect(clippy::disallowed_macros, clippy::disallowed_methods, reason = "a benchmark measures and prints")]

mod by_events;
mod by_stages;
mod w3;

use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use firedrill::model::{Plan, simulate};
use firedrill::scenario::{LoadOptions, Scenario};
use w3::Tally;

/// Of all populations of requests that the peers could have drawn, the share that fails and the mean latency (in
/// milliseconds) of those that do not, averaged over a few runs, lie in these.
const FAILED: (f64, f64) = (0.0434, 0.0439);
const MEAN_MS: (f64, f64) = (48.6, 48.7);

struct Peer<'a> {
    name: &'static str,
    run: &'a dyn Fn(u64) -> Tally,
    /// Least time of a request so far, in nanoseconds.
    least: f64,
    all: Tally,
}

fn main() -> ExitCode {
    let rounds = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(7);
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers/w3.toml");
    let scenario = Scenario::load(&path, &LoadOptions::default()).expect("a scenario that can be read").scenario;
    let plan = Plan::new(&scenario);
    let firedrill = |seed| firedrill(&plan, seed);
    let peer = |name, run| Peer { name, run, least: f64::INFINITY, all: Tally::default() };
    let mut peers =
        [peer("firedrill", &firedrill), peer("desque", &by_events::run), peer("floor, by hand", &by_stages::run)];
    for seed in 1..=rounds {
        for peer in &mut peers {
            let before = Instant::now();
            let tally = (peer.run)(seed);
            let taken = before.elapsed().as_nanos() as f64;
            peer.least = peer.least.min(taken / tally.requests as f64);
            peer.all.requests += tally.requests;
            peer.all.failed += tally.failed;
            peer.all.latency += tally.latency;
        }
    }
    report(&peers, rounds)
}

/// One run of the whole of Firedrill, whose requests are all of measured time.
fn firedrill(plan: &Plan, run: u64) -> Tally {
    let outcome = simulate(plan, 0, run).expect("a run");
    let mut sum = Tally::default();
    for tally in outcome.visitors.iter().flatten() {
        sum.requests += tally.succeeded + tally.failed;
        sum.failed += tally.failed;
        sum.latency += tally.latency.sum_ns as u64;
    }
    assert_eq!(sum.requests, outcome.requests_simulated, "all requests are of measured time");
    sum
}

fn report(peers: &[Peer], rounds: u64) -> ExitCode {
    println!("900 s of 1000 requests a second, least of {rounds} alternate rounds in one thread\n");
    println!(
        "{:<16}{:>10}{:>14}{:>13}{:>10}{:>12}",
        "", "ns/request", "M requests/s", "x firedrill", "failed", "mean, ms"
    );
    let mut agree = true;
    for Peer { name, least, all, .. } in peers {
        let failed = all.failed as f64 / all.requests as f64;
        let mean = all.latency as f64 / 1e6 / (all.requests - all.failed) as f64;
        let within = |value, (low, high)| low <= value && value <= high;
        agree &= within(failed, FAILED) && within(mean, MEAN_MS);
        let ratio = peers[0].least / least;
        println!("{name:<16}{least:>10.1}{:>14.2}{ratio:>13.2}{failed:>10.4}{mean:>12.2}", 1e3 / least);
    }
    if agree {
        println!("\nall agree: failed within {FAILED:?}, mean of the successful within {MEAN_MS:?} ms");
        ExitCode::SUCCESS
    } else {
        eprintln!(
            "\nthey do not agree: failed must be within {FAILED:?}, the mean of the successful within {MEAN_MS:?} ms"
        );
        ExitCode::FAILURE
    }
}
