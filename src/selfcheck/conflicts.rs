//! Two primaries: writes thrown away by a write of the other side that had not seen them.

use super::degenerate::{Failure, plan, runs};
use super::findings::{Findings, Simulated};
use crate::maths;
use crate::model::WriteTally;

/// Writers at both regions, each led to its own.
const THERE: &str = r#"
[geographies.there]
sessions             = { rate = 1.0 }
requests_per_session = 1
think_time           = "0s"
write_share          = 1.0
rtt                  = { a = "0s", b = "0s" }
resolvers            = { count = 1, skew = 0.0, rtt = "0s", foreign = 0.0 }
client               = { pin_share = 0.0, keepalive = "0s", tls_round_trips = 0, max_attempts = 1, backoff = "0s", patience = "1s" }
"#;

// C9. A lag counted both ways is off by more than 100 standard errors. The share of writes that were the newest anywhere when
// they were overwritten, (1 - exp(-2 mu L)) / 2 (the next write of all is the other side's, and comes within the lag), is
// 58 and more than 200 standard errors away; no counter says which writes those are.

/// The last of two writers throws away what it had not seen.
pub(super) fn last_writer_wins(findings: &mut Findings) -> Result<(), Failure> {
    let horizon = findings.effort.of(400.0);
    for (rate, lag_s) in [(5.0, 0.1), (10.0, 0.1)] {
        let plan = plan(
            &[
                &format!("study.horizon={horizon}s"),
                &format!("geographies.here.sessions.rate={rate}"),
                "geographies.here.write_share=1",
                &format!("geographies.there.sessions.rate={rate}"),
                &format!("links.0.rtt={}ms", lag_s * 2_000.0),
                r#"designs.only.routing={ policy = "nearest", orders = { here = ["a", "b"], there = ["b", "a"] } }"#,
                r#"designs.only.database={ writes = "multi-primary", conflicts = { policy = "last-writer-wins" }, endpoint = { via = "driver" } }"#,
            ],
            THERE,
        )?;
        let measured = runs(&plan, 60, |outcome| {
            let count = |of: fn(&WriteTally) -> u64| outcome.writes.iter().map(of).sum::<u64>() as f64;
            ((count(|tally| tally.conflicting), count(|tally| tally.acknowledged)), outcome.keys_diverged)
        })?;
        let shares: Vec<(f64, f64)> = measured.iter().map(|run| run.0).collect();
        let diverged: u64 = measured.iter().map(|run| run.1).sum();
        let exact = 1.0 - maths::exp(-rate * lag_s);
        findings.mean(format!("share thrown away at {rate} writes a second"), Simulated::ratio(&shares), exact);
        findings.same(format!("keys that stay different at {rate} writes a second"), diverged as f64, 0.0);
    }
    Ok(())
}
