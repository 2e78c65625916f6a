//! Replication of commits to the other region.

use serde::Serialize;

use super::distribution::{DURATIONS, Distribution};
use super::presets::replication::ReplicationPreset;
use super::text::kind::{ABOVE_ZERO, DURATION, PlainNumber, SIZE, Unless, one_of};
use super::text::reader::TableReader;
use super::text::words::words;
use crate::units::SimDuration;

/// Replication of commits to the other region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replication {
    /// Receipt that a commit waits for before it is acknowledged.
    pub mode: ReplicationMode,
    /// Time between two readings of the log; `None`: commits are streamed as they are made.
    pub poll: Option<SimDuration>,
    /// Seconds that a commit waits at the sender: log reading, batching.
    pub ship: Distribution,
    /// Time for which the delays of the pipeline stay as they are; zero: each commit has its own.
    pub lag_changes_every: SimDuration,
    /// Seconds from the receipt of a commit until it can be seen, however many are applied at the same time.
    pub apply: Distribution,
    /// Commits that the receiver applies in a second, at the most; `None`: as many as come.
    pub apply_rate: Option<f64>,
    /// Bytes of one commit on the link (default 1 kB).
    pub write_size: u64,
}

/// Receipt that a commit waits for before it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "mode", rename_all = "kebab-case")]
pub enum ReplicationMode {
    /// For nothing.
    Async,
    /// For receipt by the replica, at most `ack_timeout`; then asynchronous until the replica has caught up.
    SemiSync {
        /// Longest wait (default 10 s).
        ack_timeout: SimDuration,
    },
    /// For receipt by the replica, as long as it takes.
    Sync {
        /// After how long a replica that does not answer is let go; `None`: never.
        eject_after: Option<SimDuration>,
    },
}

/// The words for [`ReplicationMode`].
#[derive(Clone, Copy)]
pub(super) enum Acknowledgement {
    Async,
    SemiSync,
    Sync,
}

words!(Acknowledgement: "async" => Async, "semi-sync" => SemiSync, "sync" => Sync);

/// The shortest time that delays stay as they are by default.
const SHORTEST_STATE: SimDuration = SimDuration::from_secs(1);

/// The greatest number of commits that a receiver may apply in a second.
const GREATEST_RATE: f64 = 1e9;

impl Replication {
    /// Reads `replication`.
    pub(super) fn read(table: &mut TableReader<'_>) -> Self {
        let preset: Option<ReplicationPreset> = table.key("preset", ReplicationPreset::meaning()).optional(one_of());
        if !table.is_sound(&["preset"]) {
            table.abandon();
        }
        let default = preset.map(ReplicationPreset::defaults).unwrap_or_default();
        let mode = table.deciding(ReplicationMode::read);
        let poll = table
            .key(
                "poll",
                "how often the log is read, if it is polled: a commit waits for the next time, and then for `ship`",
            )
            .or(Unless("never", ABOVE_ZERO), default.poll, "senders of MySQL, PostgreSQL and their kin stream the log");
        let ship = table.key("ship", "how long a commit waits at the sender: log reading, batching").or(
            DURATIONS,
            default.ship.unwrap_or(Distribution::Lognormal { median: 0.002, p95: 0.02 }),
            "assumption: log flush and wake-up of the sender",
        );
        let apply = table
            .key("apply", "how long after its receipt a commit can be seen, however many are applied at the same time")
            .or(DURATIONS, Distribution::constant(0.001), "assumption");
        Replication {
            mode,
            poll,
            lag_changes_every: table
                .key(
                    "lag_changes_every",
                    "how long `ship`, `apply` and the round trip that commits take stay as they are, for all commits; `0s`: \
                     each commit has its own, and in order the slowest holds up those behind it",
                )
                .or_as(
                    DURATION,
                    "ten times the 95th percentile of `ship` or `apply`, the longer one, and at least 1s",
                    state_lasts([&ship, &apply]),
                    "assumption: shorter ones would let order lengthen the lag",
                ),
            ship,
            apply,
            apply_rate: table.key("apply_rate", "how many commits a second the receiver applies, at the most").or(
                Unless("unlimited", PlainNumber::AboveZero(GREATEST_RATE)),
                None,
                "assumption: a replica keeps up",
            ),
            write_size: table.key("write_size", "bytes of a commit on the link").or(SIZE, 1_000, "assumption"),
        }
    }
}

/// Returns the time for which such delays stay as they are by default: ten times the longest that is not rare, in whole
/// milliseconds.
fn state_lasts(delays: [&Distribution; 2]) -> SimDuration {
    const TIMES: f64 = 10.0;
    let longest_s = delays.map(|delay| delay.quantile(0.95)).into_iter().fold(0.0, f64::max);
    SimDuration::from_secs_f64((TIMES * longest_s * 1e3).ceil() / 1e3).max(SHORTEST_STATE)
}

impl ReplicationMode {
    fn read(table: &mut TableReader<'_>) -> Self {
        let mode = table
            .key("mode", "what a commit waits for before it is acknowledged: nothing, receipt for a while, or receipt");
        mode.decides(Some(Acknowledgement::Async), "the usual mode between regions", |table, word| match word {
            Acknowledgement::Async => ReplicationMode::Async,
            Acknowledgement::SemiSync => ReplicationMode::SemiSync {
                ack_timeout: table
                    .key("ack_timeout", "longest wait; then asynchronous until the replica has caught up")
                    .or(ABOVE_ZERO, SimDuration::from_secs(10), "MySQL: `rpl_semi_sync_source_timeout`"),
            },
            Acknowledgement::Sync => ReplicationMode::Sync {
                eject_after: table.key("eject_after", "after how long a silent replica is let go").or(
                    Unless("never", ABOVE_ZERO),
                    None,
                    "",
                ),
            },
        })
    }
}
