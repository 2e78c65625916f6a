//! Incidents: how soon the health checks notice, how often they fail requests, and what retries save.

use super::degenerate::{Failure, plan, runs, seconds};
use super::findings::{Findings, Simulated};
use crate::maths;
use crate::model::Plan;

// C4. Mistakes, in standard errors: a failed probe that is known at its start is off by 31, one failure more or less by 154,
// a quorum of half that half suffices for by 45 (four checkers). Checkers that share one phase have the right mean with
// three of five, but sqrt(n) D = 6.6.

const INTERVAL_S: f64 = 10.0;
const TIMEOUT_S: f64 = 2.0;
const FALL: f64 = 3.0;

/// Share of samples of `count` uniform variates in which at least `least` are under `x`.
fn order_statistic_cdf(x: f64, least: u32, count: u32) -> f64 {
    let x = x.clamp(0.0, 1.0);
    let choose = |k: u32| (0..k).fold(1.0, |product, i| product * f64::from(count - i) / f64::from(i + 1));
    (least..=count).map(|k| choose(k) * maths::pow(x, f64::from(k)) * maths::pow(1.0 - x, f64::from(count - k))).sum()
}

/// Compares the time to the verdict on a region that falls silent, by `checkers` of whom `needed` must agree.
fn verdict(findings: &mut Findings, checkers: u32, quorum: &str, needed: u32) -> Result<(), Failure> {
    let plan = plan(
        &[
            "study.horizon=75s",
            // Somebody meets the silence in every run: to one that nobody does, no verdict applies.
            "geographies.here.sessions.rate=1",
            &format!(
                r#"dns.health_checks={{ checkers = {checkers}, interval = "10s", timeout = "2s", fall = 3, quorum = {quorum} }}"#
            ),
        ],
        r#"
[[incidents]]
name   = "silence"
kind   = "region-outage"
target = "a"
at     = "30s"
lasts  = "60s"
"#,
    )?;
    let verdicts = runs(&plan, findings.effort.runs(2_000), |outcome| seconds(outcome.incidents[0].dns_verdict))?;
    let what = format!("verdict of {needed} of {checkers} checkers");
    // The first probe that fails starts U(0, I) after the silence, the last one (k - 1) I later, and fails w after that.
    let fixed = (FALL - 1.0) * INTERVAL_S + TIMEOUT_S;
    let exact = INTERVAL_S * f64::from(needed) / f64::from(checkers + 1) + fixed;
    findings.mean(&what, Simulated::mean(&verdicts), exact);
    let cdf = |time: f64| order_statistic_cdf((time - fixed) / INTERVAL_S, needed, checkers);
    findings.distribution(format!("{what}, whole distribution"), verdicts, cdf);
    Ok(())
}

/// A checker notices within its phase and the failures that it waits for; a verdict takes more than the quorum of them.
pub(super) fn detection(findings: &mut Findings) -> Result<(), Failure> {
    verdict(findings, 1, "0.5", 1)?;
    verdict(findings, 5, "0.5", 3)?;
    // Half of four is not more than half.
    verdict(findings, 4, "0.5", 3)?;
    verdict(findings, 6, "0.0", 1)
}

// C7. Mistakes, in standard errors: a gap that counts from the start of the outage before is off by 54 if outages do not
// overlap and by 22 if they may.

/// Requests of no duration, while the app is down for `lasts` (TOML, mean 2 s) after every 6 s or so.
fn share_of_downtime(findings: &mut Findings, what: &str, lasts: &str) -> Result<(), Failure> {
    let horizon = 61.0 + findings.effort.of(3_000.0);
    let plan = plan(
        &["study.warmup=60s", &format!("study.horizon={horizon}s"), "geographies.here.sessions.rate=10"],
        &format!(
            r#"
[[incidents]]
name   = "again and again"
kind   = "app-outage"
target = "a"
every  = {{ dist = "exponential", mean = "6s" }}
lasts  = {lasts}
"#
        ),
    )?;
    let failed = runs(&plan, 60, |outcome| {
        let reads = &outcome.visitors[0][0];
        (reads.failed as f64, (reads.succeeded + reads.failed) as f64)
    })?;
    findings.mean(format!("share that fails, {what} outages"), Simulated::ratio(&failed), 2.0 / (6.0 + 2.0));
    Ok(())
}

/// Renewal incidents fail the share of requests that the share of downtime is.
pub(super) fn renewal(findings: &mut Findings) -> Result<(), Failure> {
    share_of_downtime(findings, "exponential", r#"{ dist = "exponential", mean = "2s" }"#)?;
    share_of_downtime(findings, "uniform", r#"{ dist = "uniform", low = "0s", high = "4s" }"#)
}

// C10. A budget of two attempts, or of four, is off by more than 100 standard errors.

/// Retries of independent errors fail as p^n, and take (1 - p^n) / (1 - p) attempts.
pub(super) fn independent_errors(findings: &mut Findings) -> Result<(), Failure> {
    let (share, attempts) = (0.25, 3.0);
    let horizon = 20.0 + findings.effort.of(1_900.0);
    let plan = plan(
        &[
            "study.warmup=10s",
            &format!("study.horizon={horizon}s"),
            "geographies.here.sessions.rate=20",
            "geographies.here.client.max_attempts=3",
            "geographies.here.client.backoff=100ms",
            "geographies.here.client.patience=10s",
        ],
        r#"
[[incidents]]
name   = "errors"
kind   = "gray"
target = "a"
at     = "0s"
lasts  = "10h"
errors = 0.25
"#,
    )?;
    let [failed, retries] = failures_and_retries(&plan)?;
    let all_fail = maths::pow(share, attempts);
    findings.mean("failed in three attempts, independent errors", failed, all_fail);
    let beyond = (1.0 - all_fail) / (1.0 - share) - 1.0;
    findings.mean("attempts beyond the first, independent errors", retries, beyond);
    Ok(())
}

/// Share of requests that fail, and attempts per request beyond the first.
fn failures_and_retries(plan: &Plan) -> Result<[Simulated; 2], Failure> {
    let measured = runs(plan, 60, |outcome| {
        let reads = &outcome.visitors[0][0];
        let all = (reads.succeeded + reads.failed) as f64;
        ((reads.failed as f64, all), (reads.attempts as f64 - all, all))
    })?;
    let failed: Vec<(f64, f64)> = measured.iter().map(|run| run.0).collect();
    let retries: Vec<(f64, f64)> = measured.iter().map(|run| run.1).collect();
    Ok([Simulated::ratio(&failed), Simulated::ratio(&retries)])
}

// C10b. Mistakes, in standard errors: a back-off without jitter, after which the errors are independent, is off by 38 in the
// share and by 17 in the attempts; one that does not double by 14.

/// Retries fail as often as the outage outlasts the back-off.
pub(super) fn retries(findings: &mut Findings) -> Result<(), Failure> {
    // Errors come from short outages, up and down for exponential times: a chain whose memory fades as exp(-t / fading).
    let (up_s, down_s, backoff_s) = (0.3, 0.1, 1.0);
    let horizon = 20.0 + findings.effort.of(1_900.0);
    let plan = plan(
        &[
            "study.warmup=10s",
            &format!("study.horizon={horizon}s"),
            "geographies.here.sessions.rate=20",
            "geographies.here.client.max_attempts=3",
            "geographies.here.client.backoff=1s",
            "geographies.here.client.patience=10s",
        ],
        r#"
[[incidents]]
name   = "hiccup"
kind   = "app-outage"
target = "a"
every  = { dist = "exponential", mean = "300ms" }
lasts  = { dist = "exponential", mean = "100ms" }
"#,
    )?;
    let [failed, retries] = failures_and_retries(&plan)?;
    let share = down_s / (up_s + down_s);
    let fading = 1.0 / (1.0 / up_s + 1.0 / down_s);
    // Fails again after a back-off uniform on (0, ceiling): share + (1 - share) E[exp(-t / fading)]. Where the memory is
    // short, that is the share, and this the p^n and (1 - p^n) / (1 - p) of independent errors.
    let again = |ceiling: f64| share + (1.0 - share) * fading / ceiling * (1.0 - maths::exp(-ceiling / fading));
    let (second, third) = (again(backoff_s), again(2.0 * backoff_s));
    findings.mean("failed in three attempts, short outages", failed, share * second * third);
    findings.mean("attempts beyond the first, short outages", retries, share + share * second);
    Ok(())
}
