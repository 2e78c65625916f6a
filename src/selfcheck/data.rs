//! Data: what a crash of the primary takes with it, what reads at the replica miss, and how long a backlog lasts.

use super::degenerate::{Failure, plan, runs, seconds};
use super::effort::Effort;
use super::findings::{Findings, Simulated};
use crate::maths;
use crate::model::WriteTally;

/// The primary dies for good.
const CRASH: &str = r#"
[[incidents]]
name   = "crash"
kind   = "database-outage"
target = "a"
at     = "3s"
lasts  = "1h"
"#;

/// The primary dies, the replica is promoted, and the old primary discards its branch when it is back.
const CRASH_AND_RETURN: &str = r#"
[[incidents]]
name   = "crash"
kind   = "database-outage"
target = "a"
at     = "3s"
lasts  = "2s"
"#;

const PROMOTE: &str = r#"designs.only.promotion={ when = "automatic", detect = "1s", duration = "0s" }"#;

// C6. Mistakes, in standard errors: half the link's round trip of 400 ms counted as lost too is off by 143, a window that is
// the sender's delay itself by 26.

/// Writes lost, and the data loss window in seconds, in each run of a crash with a sender that waits a constant 250 ms.
fn losses(link_rtt: &str, count: u64) -> Result<Vec<(f64, f64)>, Failure> {
    let plan = plan(
        &[
            "study.horizon=7s",
            "geographies.here.sessions.rate=200",
            "geographies.here.write_share=1",
            &format!("links.0.rtt={link_rtt}"),
            "designs.only.replication.ship=250ms",
            PROMOTE,
        ],
        CRASH_AND_RETURN,
    )?;
    runs(&plan, count, |outcome| (outcome.writes[0].lost as f64, outcome.data_loss_window.as_secs_f64()))
}

/// A crash takes the commits that had not left.
pub(super) fn constant_delay(findings: &mut Findings) -> Result<(), Failure> {
    let (rate, ship_s) = (200.0, 0.25);
    let count = findings.effort.runs(600);
    let near = losses("0s", count)?;
    let lost: Vec<f64> = near.iter().map(|run| run.0).collect();
    findings.mean("writes lost with the primary", Simulated::mean(&lost), rate * ship_s);
    if findings.effort == Effort::Thorough {
        variance_is_the_mean(findings, &lost, rate * ship_s);
    }
    // The oldest write not sent is the first to come after the moment a ship delay before the crash.
    let windows: Vec<f64> = near.iter().map(|run| run.1).collect();
    let exact = ship_s - (1.0 - maths::exp(-rate * ship_s)) / rate;
    findings.mean("data loss window", Simulated::mean(&windows), exact);
    // What has left arrives, however long the way is.
    let far = losses("400ms", count)?;
    let differ = near.iter().zip(&far).filter(|(near, far)| near != far).count();
    findings.same("runs that lose something else over a longer link", differ as f64, 0.0);
    Ok(())
}

/// Compares the variance of a Poisson count with its mean. For 1 % a variance takes two hundred times as many runs as a
/// mean, so that this one is held to 10 %, and not looked at with little effort, where it could hardly fail.
fn variance_is_the_mean(findings: &mut Findings, lost: &[f64], mean: f64) {
    let squares: Vec<f64> = lost.iter().map(|lost| (lost - mean) * (lost - mean)).collect();
    findings.mean_within("variance of the writes lost", Simulated::mean(&squares), mean, 0.1);
}

// C6b. Mistakes, in standard errors: commits that do not wait for those before them (rate times mean delay) are off by 63
// with exponential delays and by 57 with lognormal ones.

/// Mean number of commits that have not left, when they leave in order: that of the oldest which holds itself up and of
/// all younger ones. `excess(a)` is E[(X - a)+] of a commit's own delay X; the integral goes up to `longest` seconds.
fn held_up_in_order(rate: f64, longest: f64, excess: impl Fn(f64) -> f64) -> f64 {
    let steps = 200_000;
    let width = longest / f64::from(steps);
    let age: f64 = (0..steps).map(|n| 1.0 - maths::exp(-rate * excess((f64::from(n) + 0.5) * width))).sum();
    rate * age * width + 1.0 - maths::exp(-rate * excess(0.0))
}

fn stranded_by_a_crash(rate: f64, ship: &str, count: u64) -> Result<Simulated, Failure> {
    let plan = plan(
        &[
            "study.horizon=4500ms",
            &format!("geographies.here.sessions.rate={rate}"),
            "geographies.here.write_share=1",
            &format!("designs.only.replication.ship={ship}"),
            "designs.only.replication.lag_changes_every=0s",
        ],
        CRASH,
    )?;
    Ok(Simulated::mean(&runs(&plan, count, |outcome| outcome.writes[0].stranded as f64)?))
}

/// Commits wait for the slowest before them.
pub(super) fn random_delay(findings: &mut Findings) -> Result<(), Failure> {
    let (rate, count) = (50.0, findings.effort.runs(4_000));
    let mean_s = 0.1;
    let exact = held_up_in_order(rate, 3.0, |age| mean_s * maths::exp(-age / mean_s));
    let stranded = stranded_by_a_crash(rate, r#"{ dist = "exponential", mean = "100ms" }"#, count)?;
    findings.mean("writes stranded, exponential delays of the sender", stranded, exact);

    let (median_s, p95_s): (f64, f64) = (0.2, 0.4);
    let (location, sigma) = (maths::ln(median_s), maths::ln(p95_s / median_s) / 1.644_853_626_951_472_2);
    let normal_cdf = |x: f64| 0.5 * maths::erfc(-x / 2.0_f64.sqrt());
    let excess = |age: f64| {
        let distance = (location - maths::ln(age.max(1e-300))) / sigma;
        maths::exp(location + sigma * sigma / 2.0) * normal_cdf(distance + sigma) - age * normal_cdf(distance)
    };
    let exact = held_up_in_order(rate, 10.0, excess);
    let stranded = stranded_by_a_crash(rate, r#"{ dist = "lognormal", median = "200ms", p95 = "400ms" }"#, count)?;
    findings.mean("writes stranded, lognormal delays of the sender", stranded, exact);
    Ok(())
}

// C6c. Mistakes, in standard errors: a delay of its own for each commit, in order, is off by 100 at 300 writes a second, a poll
// that takes the whole time between two readings by 110.

/// Delays of up to 400 ms, 200 ms on average.
const UP_TO_400_MS: &str = r#"{ dist = "uniform", low = "0s", high = "400ms" }"#;

/// Seconds of writes that a crash strands, with that rate of writes and those settings of the replication.
fn seconds_stranded(rate: f64, settings: &[&str], count: u64) -> Result<Simulated, Failure> {
    let rate_setting = format!("geographies.here.sessions.rate={rate}");
    let all: Vec<&str> =
        [&["study.horizon=4500ms", "geographies.here.write_share=1", rate_setting.as_str()], settings].concat();
    let stranded = runs(&plan(&all, CRASH)?, count, |outcome| outcome.writes[0].stranded as f64 / rate)?;
    Ok(Simulated::mean(&stranded))
}

/// The delays of the pipeline are the same for all commits of an interval: what a crash takes and a synchronous write waits does
/// not depend on how many there are.
pub(super) fn shared_delay(findings: &mut Findings) -> Result<(), Failure> {
    // The crash, at 3 s, is in the middle of an interval of 2 s, longer than any delay.
    let settings =
        [&format!("designs.only.replication.ship={UP_TO_400_MS}"), "designs.only.replication.lag_changes_every=2s"];
    for (rate, count) in [(1.0, 60_000), (300.0, 4_000)] {
        let simulated = seconds_stranded(rate, &settings, findings.effort.runs(count))?;
        findings.mean(format!("seconds of writes stranded, {rate} a second"), simulated, 0.2);
    }
    // Since the last reading that had left, 100 ms ago: between none and 400 ms.
    let settings = ["designs.only.replication.ship=100ms", "designs.only.replication.poll=400ms"];
    let simulated = seconds_stranded(100.0, &settings, findings.effort.runs(4_000))?;
    findings.mean("seconds of writes stranded, log polled", simulated, 0.3);

    let (few, many) = (waits_s(1.0, findings.effort.runs(6_000))?, waits_s(300.0, 20)?);
    let alike = few.iter().zip(&many).filter(|(few, many)| (*few - *many).abs() < 1e-9).count();
    findings.same("runs of 20 in which writes wait as long at 1 as at 300 a second", alike as f64, 20.0);
    findings.mean("wait of a synchronous write", Simulated::mean(&few), 0.2 + 0.3);
    Ok(())
}

/// Mean latency of a synchronous write over a round trip of 300 ms, in seconds, in runs each of which has one delay.
fn waits_s(rate: f64, count: u64) -> Result<Vec<f64>, Failure> {
    let plan = plan(
        &[
            "study.horizon=40s",
            &format!("geographies.here.sessions.rate={rate}"),
            "geographies.here.write_share=1",
            "geographies.here.client.patience=2s",
            "links.0.rtt=300ms",
            &format!("designs.only.replication.ship={UP_TO_400_MS}"),
            "designs.only.replication.lag_changes_every=1h",
            "designs.only.replication.mode=sync",
        ],
        "",
    )?;
    runs(&plan, count, |outcome| {
        let writes = &outcome.visitors[0][1];
        writes.latency.sum_ns as f64 / 1e9 / writes.succeeded as f64
    })
}

// C8. Mistakes, in standard errors: a lag that counts from the commit is off by 25, a whole round trip of the link instead of
// half by more than 100, one that forgets the sender or the way by more than 100.

/// Reads at the replica are stale as often and as far as the lag says.
pub(super) fn staleness(findings: &mut Findings) -> Result<(), Failure> {
    // Written over 100 ms of round trip, so that the acknowledgement comes 50 ms after the commit; visible 200 ms (sender)
    // and 250 ms (way) after it.
    let (write_rate, lag_s) = (2.0, 0.4);
    let horizon = 6.0 + findings.effort.of(500.0);
    let plan = plan(
        &[
            "study.warmup=5s",
            &format!("study.horizon={horizon}s"),
            "geographies.here.sessions.rate=2",
            "geographies.here.write_share=1",
            "geographies.here.rtt.a=100ms",
            "links.0.rtt=500ms",
            "designs.only.replication.ship=200ms",
            "designs.only.database.reads=local",
            r#"designs.only.routing={ policy = "nearest", orders = { here = ["a", "b"], there = ["b", "a"] } }"#,
        ],
        r#"
[geographies.there]
sessions             = { rate = 10.0 }
requests_per_session = 1
think_time           = "0s"
write_share          = 0.0
rtt                  = { a = "0s", b = "0s" }
resolvers            = { count = 1, rtt = "0s", foreign = 0.0 }
client               = { pin_share = 0.0, keepalive = "0s", tls_round_trips = 0, max_attempts = 1, patience = "1s" }
"#,
    )?;
    let measured = runs(&plan, 60, |outcome| {
        let reads = &outcome.visitors[1][0];
        let (stale, all) = (reads.stale_reads as f64, reads.succeeded as f64);
        ((stale, all), (reads.staleness.sum_ns as f64 / 1e9, stale))
    })?;
    let shares: Vec<(f64, f64)> = measured.iter().map(|run| run.0).collect();
    let ages: Vec<(f64, f64)> = measured.iter().map(|run| run.1).collect();
    let share = 1.0 - maths::exp(-write_rate * lag_s);
    findings.mean("share of stale reads", Simulated::ratio(&shares), share);
    findings.mean("mean staleness", Simulated::ratio(&ages), (lag_s - share / write_rate) / share);
    Ok(())
}

// C11. Exact, so that there is no standard error: one way instead of both would be off by 150 ms in every write.

/// Writes that succeeded, the sum of their latencies in nanoseconds, and the number of requests that failed, in each run.
fn writes_under(mode: &str) -> Result<Vec<(u64, u128, u64)>, Failure> {
    let plan = plan(
        &[
            "study.horizon=60s",
            "geographies.here.sessions.rate=100",
            "geographies.here.write_share=0.5",
            "geographies.here.client.patience=10s",
            r#"regions.a.database.write={ dist = "exponential", mean = "20ms" }"#,
            "links.0.rtt=300ms",
            &format!("designs.only.replication.mode={mode}"),
        ],
        "",
    )?;
    runs(&plan, 4, |outcome| {
        let [reads, writes] = &outcome.visitors[0];
        (writes.succeeded, writes.latency.sum_ns, reads.failed + writes.failed)
    })
}

fn crash_under(mode: &str) -> Result<Vec<WriteTally>, Failure> {
    let plan = plan(
        &[
            "study.horizon=12s",
            "geographies.here.sessions.rate=100",
            "geographies.here.write_share=1",
            "geographies.here.client.patience=4s",
            "links.0.rtt=300ms",
            r#"designs.only.replication.ship={ dist = "exponential", mean = "200ms" }"#,
            "designs.only.replication.lag_changes_every=0s",
            &format!("designs.only.replication.mode={mode}"),
            PROMOTE,
        ],
        CRASH_AND_RETURN,
    )?;
    runs(&plan, 40, |outcome| outcome.writes[0])
}

/// Semi-synchronous replication adds exactly one round trip to every write, and a crash loses nothing acknowledged.
pub(super) fn semi_sync(findings: &mut Findings) -> Result<(), Failure> {
    let (plain, waiting) = (writes_under("async")?, writes_under("semi-sync")?);
    let pairs = || plain.iter().zip(&waiting);
    let alike = pairs().filter(|(plain, waiting)| waiting.0 == plain.0 && plain.2 + waiting.2 == 0).count();
    findings.same("runs of 4 with the same writes and no failure", alike as f64, 4.0);
    let round_trip_ns = 300_000_000;
    let longer = pairs().filter(|(plain, waiting)| waiting.1 - plain.1 == u128::from(plain.0) * round_trip_ns).count();
    findings.same("runs of 4 whose writes take exactly 300 ms longer", longer as f64, 4.0);
    let asynchronous = crash_under("async")?;
    let runs_with_loss = asynchronous.iter().filter(|tally| tally.lost > 0).count();
    findings.same("runs of 40 that lose writes in a crash under async", runs_with_loss as f64, 40.0);
    let semi_sync = crash_under("semi-sync")?;
    let gone: u64 = semi_sync.iter().map(|tally| tally.lost + tally.stranded).sum();
    findings.same("writes lost in a crash", gone as f64, 0.0);
    // Commits waited for their receipt when the primary died: there was something to lose.
    let waited = semi_sync.iter().filter(|tally| tally.ambiguous > 0).count();
    findings.same("runs of 40 with commits that waited for a receipt", waited as f64, 40.0);
    Ok(())
}

// C12. Mistakes, in standard errors: what was under way not sent again is off by 25, a whole round trip of it instead of half
// by 25, what had queued before the cut forgotten by 8, new commits forgotten by 127. That a commit is sent again from its
// start, of which the line had sent a part, is worth 1, so that this does not show it.

/// A backlog is cleared at the rate that the stream has to spare.
pub(super) fn backlog(findings: &mut Findings) -> Result<(), Failure> {
    let (rate, capacity, cut_s, way_s) = (80.0, 100.0, 0.5, 0.1);
    let plan = plan(
        &[
            "study.horizon=40s",
            "geographies.here.sessions.rate=80",
            "geographies.here.write_share=1",
            "links.0.rtt=200ms",
            "links.0.bandwidth=100kB/s",
            "designs.only.replication.write_size=1kB",
        ],
        r#"
[[incidents]]
name  = "cut"
kind  = "link-partition"
at    = "10s"
lasts = "500ms"
in_flight = "lost"
"#,
    )?;
    let cleared = runs(&plan, findings.effort.runs(2_500), |outcome| seconds(outcome.incidents[0].backlog_cleared))?;
    let load = rate / capacity;
    let queued = load + load * load / (2.0 * (1.0 - load));
    let exact = (rate * cut_s + queued + rate * way_s) / (capacity - rate);
    findings.mean("time until the backlog is cleared", Simulated::mean(&cleared), exact);
    Ok(())
}
