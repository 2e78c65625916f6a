//! One design over all runs.

use serde::{Deserialize, Serialize};

use super::estimate::StudyEstimate;
use super::geography::GeographyResults;
use super::statistics::Statistics;
use super::waterfall::Waterfall;

/// One design over all runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema), schemars(deny_unknown_fields, rename = "Design"))]
pub struct DesignResults {
    /// Its name.
    pub name: String,
    /// Its position in the scenario file, by which it is coloured.
    pub place: usize,
    /// One per metric, in the order of the definitions.
    pub metrics: Vec<Statistics>,
    /// Metrics that are given by geography, for each geography; empty with a single one.
    pub geographies: Vec<GeographyResults>,
    /// Reason why its downtime hangs on the service level, in words; null if it does not.
    pub on_the_edge: Option<String>,
    /// Reason why its runs say nothing of an outage, in words: no request met it; null if they do, or had no incident.
    pub untested: Option<String>,
    /// Its lost service by phase, and what to fix first.
    pub waterfall: Waterfall,
    /// Acknowledged writes of a run that were not simply kept: lost, stranded, recovered or conflicting.
    pub writes_at_risk: Option<StudyEstimate>,
}
