//! Two primaries: writes thrown away by a write of the other side that had not seen them.

use firedrill::maths;

use super::{Estimate, plan, runs};

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

// C9. A lag counted both ways is off by more than 100 standard errors, and so is the share of writes that were the newest
// anywhere when they were overwritten, (1 - exp(-2 mu L)) / 2.
#[test]
fn c9_the_last_of_two_writers_throws_away_what_it_had_not_seen() {
    for (rate, lag_s) in [(5.0, 0.1), (10.0, 0.1)] {
        let plan = plan(
            &[
                "study.horizon=400s",
                &format!("geographies.here.sessions.rate={rate}"),
                "geographies.here.write_share=1",
                &format!("geographies.there.sessions.rate={rate}"),
                &format!("links.0.rtt={}ms", lag_s * 2_000.0),
                r#"designs.only.routing={ policy = "nearest", orders = { here = ["a", "b"], there = ["b", "a"] } }"#,
                r#"designs.only.database={ writes = "multi-primary", conflicts = { policy = "last-writer-wins" }, endpoint = { via = "driver" } }"#,
            ],
            THERE,
        );
        let shares = runs(&plan, 60, |outcome| {
            assert_eq!(outcome.keys_diverged, 0, "the last writer wins everywhere");
            let count =
                |of: fn(&firedrill::model::WriteTally) -> u64| outcome.writes.iter().map(of).sum::<u64>() as f64;
            (count(|tally| tally.conflicting), count(|tally| tally.acknowledged))
        });
        let exact = 1.0 - maths::exp(-rate * lag_s);
        Estimate::ratio(&shares).must_be_near(exact, &format!("C9: share thrown away at {rate} writes a second"));
    }
}
