//! Presets of `client`, by word.

mod browser;
mod defaults;
mod flavel_2014;
mod go;
mod jvm;
mod node;

use std::sync::LazyLock;

use crate::scenario::text::words::words;

use defaults::ClientDefaults;

/// Clients that are known by a name.
#[derive(Clone, Copy, Debug)]
pub(in crate::scenario) enum ClientPreset {
    Flavel2014,
    Jvm,
    Browser,
    Go,
    Node,
}

words!(
    ClientPreset: "flavel-2014" => Flavel2014, "jvm" => Jvm, "browser" => Browser, "go" => Go, "node" => Node
);

impl ClientPreset {
    /// Returns what it changes.
    pub(in crate::scenario) fn defaults(self) -> ClientDefaults {
        match self {
            ClientPreset::Flavel2014 => flavel_2014::DEFAULTS,
            ClientPreset::Jvm => jvm::DEFAULTS,
            ClientPreset::Browser => browser::DEFAULTS,
            ClientPreset::Go => go::DEFAULTS,
            ClientPreset::Node => node::DEFAULTS,
        }
    }

    /// Says what each changes, for the documents of the format.
    pub(in crate::scenario) fn meaning() -> &'static str {
        static MEANING: LazyLock<String> = LazyLock::new(|| {
            let others = "other defaults for the rest of this table";
            [others, flavel_2014::MEANING, jvm::MEANING, browser::MEANING, go::MEANING, node::MEANING].join(". ")
        });
        &MEANING
    }
}
