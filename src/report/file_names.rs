//! Names files of a folder of results.

/// The file with the text of the scenario, as it was read.
pub(super) const SCENARIO: &str = "scenario.toml";

/// The file with all that a study concludes.
pub const SUMMARY: &str = "summary.json";
