//! Length, runs and service level of a study.

use serde::Serialize;

use super::text::kind::{ABOVE_ZERO, Count, DURATION, SOME_SHARE, TIME_OF_DAY, Unless, narrowed};
use super::text::reader::TableReader;
use crate::units::SimDuration;

/// Length, runs and service level of a study.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StudyPlan {
    /// Simulated length of one run.
    pub horizon: SimDuration,
    /// Length at the start of a run that is simulated but not measured.
    pub warmup: SimDuration,
    /// Number of runs of each design.
    pub runs: u64,
    /// Seed of the study; 0 is as good as any other.
    pub seed: u64,
    /// Share of requests that must succeed for a window not to count as downtime (default 0.95).
    pub slo: f64,
    /// Length of the windows in which success is counted; `None`: the shortest of 1, 2, 5, 10, 30, 60 s in which 100
    /// requests are expected.
    pub window: Option<SimDuration>,
    /// Time that success must stay at the service level for an incident to count as recovered (default 30 s).
    pub stable: SimDuration,
    /// Time after an incident and the recovery from it for which failures still count as its aftermath (default 10 min).
    pub aftermath: SimDuration,
    /// Time of day (UTC) at which a run starts.
    #[serde(skip_serializing_if = "is_midnight")]
    pub starts_at: SimDuration,
}

fn is_midnight(time: &SimDuration) -> bool {
    *time == SimDuration::ZERO
}

/// The longest horizon: ten years.
const LONGEST_HORIZON: SimDuration = SimDuration::from_secs(10 * 365 * 86_400);

impl StudyPlan {
    /// Reads `[study]`.
    pub(super) fn read(table: &mut TableReader<'_>) -> Self {
        let horizon = narrowed(ABOVE_ZERO, "duration up to 10 years", |horizon| match horizon {
            horizon if horizon > LONGEST_HORIZON => Err("is too long; the longest horizon is 10y".to_owned()),
            horizon => Ok(horizon),
        });
        StudyPlan {
            horizon: table.key("horizon", "simulated length of a run").or(
                horizon,
                SimDuration::from_secs(45 * 60),
                "convention: an outage of some minutes and what follows",
            ),
            warmup: table
                .key(
                    "warmup",
                    "length at the start that is not measured; warm-up and longest patience must end before the horizon",
                )
                .or(DURATION, SimDuration::from_secs(5 * 60), "convention"),
            runs: table.key("runs", "runs of each design").or(
                Count(1, 10_000_000),
                200_u64,
                "convention: enough for an upper confidence bound on the 98th percentile",
            ),
            seed: table.key("seed", "seed of the study; 0 is as good as any").or(Count(0, u64::MAX), 1, ""),
            slo: table
                .key("slo", "share of requests that must succeed for a window not to be downtime")
                .or(SOME_SHARE, 0.95, "convention: one failure in twenty"),
            window: table
                .key(
                    "window",
                    "length of the windows; `auto`: the shortest of 1, 2, 5, 10, 30, 60 s with 100 expected requests (a \
                     shorter one gets a warning; so do windows of fewer than 10 / (1 − `slo`), chosen by `auto` only if \
                     they hold fewer than 100, too)",
                )
                .or(Unless("auto", ABOVE_ZERO), None, "with fewer, one failure makes a window \"down\""),
            stable: table
                .key("stable", "how long success must last to count as recovery")
                .or(DURATION, SimDuration::from_secs(30), "convention"),
            aftermath: table
                .key(
                    "aftermath",
                    "how long after an incident, and the recovery from it, failures still count as its own: a relapse \
                     within that time puts the recovery off",
                )
                .or(DURATION, SimDuration::from_secs(10 * 60), "convention"),
            starts_at: table
                .key("starts_at", "when a run starts, for geographies with a daily profile")
                .or(TIME_OF_DAY, SimDuration::ZERO, "convention: midnight"),
        }
    }
}
