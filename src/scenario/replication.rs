//! Replication of commits to the other region.

use serde::Serialize;

use super::distribution::{DURATIONS, Distribution};
use super::text::kind::{ABOVE_ZERO, SIZE, Unless};
use super::text::reader::TableReader;
use super::text::words::words;
use crate::units::SimDuration;

/// Replication of commits to the other region.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Replication {
    /// Receipt that a commit waits for before it is acknowledged.
    pub mode: ReplicationMode,
    /// Seconds that a commit waits at the sender: log reading, batching.
    pub ship: Distribution,
    /// Seconds that the receiver takes to apply one commit.
    pub apply: Distribution,
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

impl Replication {
    /// Reads `replication`.
    pub(super) fn read(table: &mut TableReader<'_>) -> Self {
        Replication {
            mode: table.deciding(ReplicationMode::read),
            ship: table.key("ship", "how long a commit waits at the sender: log reading, batching").or(
                DURATIONS,
                Distribution::Exponential { mean: 0.1 },
                "assumption: keeps lag under a second, as Aurora Global Database's",
            ),
            apply: table.key("apply", "how long the receiver takes to apply a commit").or(
                DURATIONS,
                Distribution::constant(0.001),
                "assumption",
            ),
            write_size: table.key("write_size", "bytes of a commit on the link").or(SIZE, 1_000, "assumption"),
        }
    }
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
