//! Presets of `replication`, by word.

mod defaults;
mod dts;

use std::sync::LazyLock;

use crate::scenario::text::words::words;

use defaults::ReplicationDefaults;

/// Ways to ship commits that are known by a name.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario) enum ReplicationPreset {
    Dts,
}

words!(ReplicationPreset: "dts" => Dts);

impl ReplicationPreset {
    /// Returns what it changes.
    pub(in crate::scenario) fn defaults(self) -> ReplicationDefaults {
        match self {
            ReplicationPreset::Dts => dts::defaults(),
        }
    }

    /// Says what each changes, for the documents of the format.
    pub(in crate::scenario) fn meaning() -> &'static str {
        static MEANING: LazyLock<String> =
            LazyLock::new(|| ["other defaults for the rest of this table", dts::MEANING].join(". "));
        &MEANING
    }
}
