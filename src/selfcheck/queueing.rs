//! Queues: Erlang's and Pollaczek and Khinchine's formulas for the app pool.

use super::degenerate::{Failure, plan, runs};
use super::effort::Effort;
use super::findings::{Findings, Simulated};
use crate::maths;

/// Mean service time of every pool here, in seconds.
const SERVICE_S: f64 = 0.01;

/// Runs of every pool.
const RUNS: u64 = 40;

/// Erlang's B: the share of arrivals that find all of `servers` busy, when none may wait and `offered` erlangs come.
fn erlang_b(servers: u32, offered: f64) -> f64 {
    (1..=servers).fold(1.0, |blocked, server| offered * blocked / (f64::from(server) + offered * blocked))
}

/// Mean wait in an M/M/c queue, in service times: Erlang's C over c (1 - rho).
fn erlang_wait(servers: u32, load: f64) -> f64 {
    let blocked = erlang_b(servers, f64::from(servers) * load);
    let waits = blocked / (1.0 - load * (1.0 - blocked));
    waits / (f64::from(servers) * (1.0 - load))
}

/// A pool in which only the app takes time.
struct Queue<'a> {
    servers: u32,
    load: f64,
    /// Service demand of mean [`SERVICE_S`], as TOML.
    service: &'a str,
    /// Arrivals in measured time, over all runs, for a standard error of 1 %.
    arrivals: f64,
}

impl Queue<'_> {
    /// Mean wait in service times, and utilisation, over all runs.
    fn simulate(&self, effort: Effort) -> Result<(Simulated, Simulated), Failure> {
        let rate = f64::from(self.servers) * self.load / SERVICE_S;
        // The longest time constant of an M/M/c queue is about 1 / (c mu (1 - sqrt(rho))^2); 20 of them.
        let gap = 1.0 - self.load.sqrt();
        let warmup = (20.0 * SERVICE_S / (f64::from(self.servers) * gap * gap)).max(1.0);
        let horizon = warmup + effort.of(self.arrivals) / rate / RUNS as f64 + 5.0;
        let plan = plan(
            &[
                &format!("study.warmup={}ms", (warmup * 1e3).round()),
                &format!("study.horizon={}ms", (horizon * 1e3).round()),
                &format!("geographies.here.sessions.rate={rate}"),
                "geographies.here.client.patience=5s",
                &format!("regions.a.app.workers={}", self.servers),
                &format!("regions.a.app.service={}", self.service),
            ],
            "",
        )?;
        let measured = runs(&plan, RUNS, |outcome| {
            let region = &outcome.regions[0];
            let (count, waited) = region.app_waits;
            (
                (waited as f64 / 1e9 / SERVICE_S, count as f64),
                region.load.app_busy_ns as f64 / region.load.app_on_ns as f64,
            )
        })?;
        let waits: Vec<(f64, f64)> = measured.iter().map(|run| run.0).collect();
        let busy: Vec<f64> = measured.iter().map(|run| run.1).collect();
        Ok((Simulated::ratio(&waits), Simulated::mean(&busy)))
    }
}

const EXPONENTIAL: &str = r#"{ dist = "exponential", mean = "10ms" }"#;

// C1. Mistakes, in standard errors: averaging over those who waited only is off by 37 at (1, 0.8), 156 at (8, 0.8), 20 at
// (8, 0.95) and 75 at (64, 0.95); one fast worker instead of eight by 98 at (8, 0.8); a worker too few by 78 at (64, 0.95).
// Not tested at (64, 0.5), where one request in two million waits. At a load of 0.95, 1 % takes the most: 22 to 56 million
// requests; at (64, 0.8), where one in a hundred waits, 60 million.

fn wait_is_erlangs(findings: &mut Findings, servers: u32, load: f64, arrivals: f64) -> Result<(), Failure> {
    let (wait, busy) = Queue { servers, load, service: EXPONENTIAL, arrivals }.simulate(findings.effort)?;
    findings.mean(format!("wait in M/M/{servers} at load {load}"), wait, erlang_wait(servers, load));
    findings.mean(format!("utilisation of M/M/{servers} at load {load}"), busy, load);
    Ok(())
}

/// The mean wait of one worker and of several is Erlang's, and so is the share shed by a pool without a queue.
pub(super) fn erlang(findings: &mut Findings) -> Result<(), Failure> {
    wait_is_erlangs(findings, 1, 0.5, 0.6e6)?;
    wait_is_erlangs(findings, 1, 0.8, 2.0e6)?;
    wait_is_erlangs(findings, 1, 0.95, 22.0e6)?;
    wait_is_erlangs(findings, 8, 0.5, 6.0e6)?;
    wait_is_erlangs(findings, 8, 0.8, 4.0e6)?;
    wait_is_erlangs(findings, 8, 0.95, 30.0e6)?;
    // A third of all the work of a quick check, which must not take ten seconds.
    if findings.effort == Effort::Thorough {
        wait_is_erlangs(findings, 64, 0.8, 60.0e6)?;
    }
    wait_is_erlangs(findings, 64, 0.95, 56.0e6)?;
    share_shed(findings)
}

// A queue of one place, instead of none, is off by 101 standard errors.
fn share_shed(findings: &mut Findings) -> Result<(), Failure> {
    let (servers, offered) = (8, 6.0);
    let horizon = 3.0 + findings.effort.of(100.0);
    let plan = plan(
        &[
            "study.warmup=2s",
            &format!("study.horizon={horizon}s"),
            &format!("geographies.here.sessions.rate={}", offered / SERVICE_S),
            &format!("regions.a.app.workers={servers}"),
            "regions.a.app.queue_limit=0",
            &format!("regions.a.app.service={EXPONENTIAL}"),
        ],
        "",
    )?;
    let shed = runs(&plan, RUNS, |outcome| {
        let reads = &outcome.visitors[0][0];
        (reads.failed as f64, (reads.succeeded + reads.failed) as f64)
    })?;
    findings.mean("share shed by M/M/8/8 offered 6 erlangs", Simulated::ratio(&shed), erlang_b(servers, offered));
    Ok(())
}

// C2. Mistakes, in standard errors, with lognormal service: the square of the mean instead of the mean square is off by 67,
// an exponential of the same mean by 52, the 97.5th percentile taken for the 95th by 23.

fn wait_is_pollaczek_and_khinchines(
    findings: &mut Findings,
    (what, service): (&str, &str),
    squared_variation: f64,
    arrivals: f64,
) -> Result<(), Failure> {
    let load = 0.7;
    let (wait, _) = Queue { servers: 1, load, service, arrivals }.simulate(findings.effort)?;
    let exact = load * (1.0 + squared_variation) / 2.0 / (1.0 - load);
    findings.mean(format!("wait in M/G/1 at load {load}, {what} service"), wait, exact);
    Ok(())
}

/// The mean wait of one worker is Pollaczek and Khinchine's, whatever the service time.
pub(super) fn general_service(findings: &mut Findings) -> Result<(), Failure> {
    let uniform = r#"{ dist = "uniform", low = "0ms", high = "20ms" }"#;
    wait_is_pollaczek_and_khinchines(findings, ("constant", r#""10ms""#), 0.0, 0.6e6)?;
    wait_is_pollaczek_and_khinchines(findings, ("uniform", uniform), 1.0 / 3.0, 1.0e6)?;
    // p95 three times the median: sigma = ln 3 / 1.6449; the median that gives a mean of 10 ms, to the nanosecond.
    let sigma = maths::ln(3.0) / 1.644_853_626_951_472_2;
    let median_ns = (1e7 * maths::exp(-sigma * sigma / 2.0)).round();
    let lognormal = format!(r#"{{ dist = "lognormal", median = "{median_ns}ns", p95 = "{}ns" }}"#, 3.0 * median_ns);
    let squared_variation = maths::exp(sigma * sigma) - 1.0;
    wait_is_pollaczek_and_khinchines(findings, ("lognormal", &lognormal), squared_variation, 1.5e6)
}
