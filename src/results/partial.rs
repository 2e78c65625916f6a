//! Counts the runs of a study that was stopped before its end.

use serde::{Deserialize, Serialize};

/// The extent of a study that was stopped before its end. Everything else is concluded from these runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
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
        format!("PARTIAL: stopped after {made} of {asked} runs of each design; nothing here is the whole study")
    }

    /// Says so in a few words.
    pub fn label(&self) -> String {
        format!("PARTIAL: {} of {} runs", self.made, self.asked)
    }
}
