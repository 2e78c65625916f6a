//! Presets of `client`, by word.

mod defaults;
mod flavel_2014;

use std::sync::LazyLock;

use crate::scenario::text::words::words;

use defaults::ClientDefaults;

/// Clients that are known by a name.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario) enum ClientPreset {
    Flavel2014,
}

words!(ClientPreset: "flavel-2014" => Flavel2014);

impl ClientPreset {
    /// Returns what it changes.
    pub(in crate::scenario) fn defaults(self) -> ClientDefaults {
        match self {
            ClientPreset::Flavel2014 => flavel_2014::DEFAULTS,
        }
    }

    /// Says what each changes, for the documents of the format.
    pub(in crate::scenario) fn meaning() -> &'static str {
        static MEANING: LazyLock<String> =
            LazyLock::new(|| ["other defaults for the rest of this table", flavel_2014::MEANING].join(". "));
        &MEANING
    }
}
