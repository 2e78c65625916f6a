//! Warnings to read before results are relied on.

use serde::{Deserialize, Serialize};

/// A warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub struct Warning {
    /// Names of the designs that it is about; empty if it is about the scenario.
    pub designs: Vec<String>,
    /// The warning, in words, without a full stop.
    pub sentence: String,
}
