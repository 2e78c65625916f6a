//! The data at the start of a run.

use super::super::node_id::NodeId;
use super::super::setting::Setting;
use super::Data;
use crate::scenario::Writes;

impl Data {
    /// Both databases, in step.
    pub(in super::super) fn at_start(setting: &Setting) -> Self {
        let (scenario, database) = (&setting.plan.scenario, &setting.design.database);
        let conflicts = match &database.writes {
            Writes::SinglePrimary => None,
            Writes::MultiPrimary { conflicts } => Some(conflicts),
        };
        let primary = NodeId::of(database.primary);
        let apply_gap = setting.of_design().apply_gap;
        Data::new(primary, scenario.keys.count, apply_gap, conflicts, scenario.geographies.len())
    }
}
