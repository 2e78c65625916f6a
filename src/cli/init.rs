//! `firedrill init`: a scenario to start from.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::error::CliError;
use super::exit::ExitStatus;
use super::print;
use crate::output::OutputFile;

const EXAMPLES: &str = "\
Examples:
  firedrill init
  firedrill init drills/database.toml --template database-outage";

/// Arguments of `firedrill init`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct InitArgs {
    /// File to write; an existing file is not overwritten
    #[arg(value_name = "FILE", default_value = "drill.toml")]
    file: PathBuf,

    /// Scenario to start from
    #[arg(long, value_enum, default_value_t = Template::Starter)]
    template: Template,
}

/// Scenarios to start from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Template {
    /// Few settings, each explained: a region fails
    Starter,
    /// A region fails: quick checks of the app against an operator and a warm standby
    RegionOutage,
    /// The primary dies: what asynchronous, semi-synchronous and synchronous replication cost and save
    DatabaseOutage,
    /// The link is cut, and both regions go on
    LinkPartition,
    /// The traffic manager's name servers stop answering
    DnsOutage,
    /// The primary's role moves as planned
    PlannedSwitchOver,
    /// Two primaries write to the same keys
    TwoWaySync,
    /// A year of random failures
    YearOfOutages,
}

impl Template {
    fn text(self) -> &'static str {
        match self {
            Template::Starter => include_str!("../../assets/starter.toml"),
            Template::RegionOutage => include_str!("../../scenarios/region-outage.toml"),
            Template::DatabaseOutage => include_str!("../../scenarios/database-outage.toml"),
            Template::LinkPartition => include_str!("../../scenarios/link-partition.toml"),
            Template::DnsOutage => include_str!("../../scenarios/dns-outage.toml"),
            Template::PlannedSwitchOver => include_str!("../../scenarios/planned-switch-over.toml"),
            Template::TwoWaySync => include_str!("../../scenarios/two-way-sync.toml"),
            Template::YearOfOutages => include_str!("../../scenarios/year-of-outages.toml"),
        }
    }
}

/// Writes the template.
///
/// # Errors
/// If the file exists already or cannot be written.
pub(crate) fn run(args: &InitArgs) -> Result<ExitStatus, CliError> {
    let name = args.file.display();
    OutputFile::open_new(&args.file)?.write(args.template.text().as_bytes())?;
    print::result(&format!("{name}: written\n"))?;
    let quoted = crate::study::quoted(&name.to_string());
    print::note(&format!("next: put your own figures in, then run it\n  firedrill compare {quoted}"));
    Ok(ExitStatus::Good)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{LoadOptions, Scenario};

    #[test]
    fn every_template_is_a_scenario_without_warnings_but_on_a_window_of_its_own() {
        for template in Template::value_variants() {
            let loaded = Scenario::parse(template.text(), "drill.toml", &LoadOptions::default());
            let loaded = loaded.unwrap_or_else(|error| panic!("{template:?}: {error}"));
            let warnings: Vec<&str> = loaded.warnings.iter().map(|warning| warning.message()).collect();
            // A year takes a window of an hour, which is too short for the few visitors that a year can afford.
            let is_on_the_window = |text: &&str| text.starts_with("windows of 1 h hold 57.6 requests");
            let expected = usize::from(matches!(template, Template::YearOfOutages));
            assert!(warnings.len() == expected && warnings.iter().all(is_on_the_window), "{template:?}: {warnings:?}");
        }
    }
}
