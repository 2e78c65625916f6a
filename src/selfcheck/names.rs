//! Names: how often a resolver's cache answers, and how long it goes on with an old answer.

use super::degenerate::{Failure, plan, runs};
use super::findings::{Findings, Simulated};

// C3. Mistakes, in standard errors: a TTL that counts from the sending of the query is off by 80, one from its arrival at the
// authority by 38, look-ups that share another's query counted as answered at once by 133.

/// A resolver answers from its cache as often as the renewal argument says.
pub(super) fn cache(findings: &mut Findings) -> Result<(), Failure> {
    let (rate, ttl_s, upstream_s) = (10.0, 0.1, 0.02);
    let horizon = 11.0 + findings.effort.of(2_000.0);
    let plan = plan(
        &[
            "study.warmup=10s",
            &format!("study.horizon={horizon}s"),
            "geographies.here.sessions.rate=10",
            "dns.answer_ttl=100ms",
            "dns.gtm_rtt=20ms",
        ],
        "",
    )?;
    let look_ups = runs(&plan, 20, |outcome| (outcome.names[0].hits as f64, outcome.names[0].lookups as f64))?;
    // A cycle is idle for 1 / rate, waits for the authority, and then answers for the TTL.
    let exact = rate * ttl_s / (1.0 + rate * (ttl_s + upstream_s));
    findings.mean("share of look-ups answered at once", Simulated::ratio(&look_ups), exact);
    Ok(())
}

// C5. Mistakes, in standard errors, 5 s after the change: resolvers that all hold an answer are off by 159, caches that are
// cold at the start by 437.

/// The old answer fades linearly over its TTL.
pub(super) fn switch_tail(findings: &mut Findings) -> Result<(), Failure> {
    let (resolvers, rate, ttl_s) = (400.0, 20.0, 60.0);
    // The answer changes within 1.2 s of the start, so that the caches must be stationary from the first moment on.
    let plan = plan(
        &[
            "study.horizon=75s",
            "geographies.here.sessions.rate=20",
            "geographies.here.resolvers.count=400",
            r#"dns.health_checks={ checkers = 1, interval = "100ms", timeout = "100ms", fall = 1 }"#,
        ],
        r#"
[[incidents]]
name   = "gone"
kind   = "region-outage"
target = "a"
at     = "1s"
lasts  = "100s"
"#,
    )?;
    let bins = 7;
    let tails = runs(&plan, findings.effort.runs(1_200), |outcome| {
        let pairs = |counts: &[[u64; 2]]| -> Vec<(f64, f64)> {
            counts[..bins].iter().map(|[old, all]| (*old as f64, *all as f64)).collect()
        };
        (pairs(&outcome.switch_tail.lookups), pairs(&outcome.switch_tail.attempts))
    })?;
    let each = rate / resolvers;
    for bin in 0..bins {
        // The share is linear in the age, so that a bin's is the one at its middle.
        let age_s = 10.0 * bin as f64 + 5.0;
        let look_ups: Vec<(f64, f64)> = tails.iter().map(|run| run.0[bin]).collect();
        let attempts: Vec<(f64, f64)> = tails.iter().map(|run| run.1[bin]).collect();
        if age_s < ttl_s {
            let exact = each * (ttl_s - age_s) / (1.0 + each * ttl_s);
            let what = format!("share led to the old region {age_s} s after the change");
            findings.mean(what, Simulated::ratio(&attempts), exact);
            // One attempt for each look-up, so that they are led alike.
            let differ = look_ups.iter().zip(&attempts).filter(|(look_up, attempt)| look_up != attempt).count();
            findings.same(format!("runs whose look-ups differ from attempts at {age_s} s"), differ as f64, 0.0);
        } else {
            let old: f64 = look_ups.iter().map(|(old, _)| old).sum();
            findings.same(format!("look-ups led to the old region {age_s} s after it"), old, 0.0);
        }
    }
    Ok(())
}
