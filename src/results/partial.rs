//! Counts the runs of a study that was stopped before its end.

use serde::{Deserialize, Serialize};

use super::words::grouped;

/// The extent of a study that was stopped before its end. Everything else is concluded from these runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Partial {
    /// Runs of each design that were made.
    pub made: u64,
    /// Runs of each design that were asked for, at most.
    pub asked: u64,
}

impl Partial {
    /// Says so in words, without a full stop.
    pub fn sentence(&self) -> String {
        let Partial { made, asked } = self;
        format!(
            "PARTIAL: stopped after {} of {} runs of each design; nothing here is the whole study",
            grouped(*made),
            grouped(*asked)
        )
    }

    /// Says so in a few words.
    pub fn label(&self) -> String {
        format!("PARTIAL: {} of {} runs", grouped(self.made), grouped(self.asked))
    }
}
