//! `firedrill schema`: the JSON Schema of the scenario format.

use super::error::CliError;
use super::exit::ExitStatus;
use super::print;
use crate::model::Phase;
use crate::scenario::{Scenario, Vocabulary, schema};
use crate::study::MetricTable;

/// Prints it.
///
/// # Errors
/// If stdout cannot be written.
pub(crate) fn run() -> Result<ExitStatus, CliError> {
    print::result(&format!("{:#}\n", schema(&vocabulary())))?;
    Ok(ExitStatus::Good)
}

/// A scenario with prices, so that it has all metrics.
const PRICED: &str = concat!(include_str!("../../assets/starter.toml"), "\n[prices]\n");

/// Returns the words that the format takes from the metrics and the phases.
pub(super) fn vocabulary() -> Vocabulary {
    let priced = Scenario::parse(PRICED, "starter.toml", &Default::default()).expect("the starter is a scenario");
    let regions = priced.scenario.regions.each_ref().map(|region| format!("_{}", region.name));
    // What is known of one region is called after it.
    let is_of_a_region = |name: &str| regions.iter().any(|region| name.contains(region.as_str()));
    let table = MetricTable::of(&priced.scenario);
    let names = table.all().iter().map(|metric| metric.name.clone());
    Vocabulary {
        metrics: names.filter(|name| !is_of_a_region(name)).collect(),
        phases: Phase::ALL.into_iter().map(|phase| phase.name().to_owned()).collect(),
    }
}
