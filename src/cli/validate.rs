//! `firedrill validate`: checks scenarios without running them, and explains their keys.

use std::path::{Path, PathBuf};

use clap::Args;

use super::error::CliError;
use super::exit::ExitStatus;
use super::load::{changes, load, warn};
use super::perform::jobs;
use super::print;
use super::schema::vocabulary;
use crate::results::words::counted;
use crate::scenario::{Cost, DataFile, Extent, FormatKey, LoadOptions, Loaded, Override, keys};
use crate::study::{StudyError, StudySpec};
use crate::units::words::{amount, duration};

const EXAMPLES: &str = "\
Examples:
  firedrill validate scenarios/article.toml
  firedrill validate scenarios/*.toml
  firedrill validate scenarios/article.toml --set study.horizon=2h
  firedrill validate --explain dns";

/// Arguments of `firedrill validate`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ValidateArgs {
    /// Scenario files
    #[arg(value_name = "SCENARIO", required_unless_present = "explain")]
    scenarios: Vec<PathBuf>,

    /// Print every key of the format with its values, default and meaning, or those that begin with KEY; any of them can
    /// be changed with --set
    #[arg(long, value_name = "KEY", num_args = 0..=1, default_missing_value = "", conflicts_with = "scenarios")]
    explain: Option<String>,

    /// Replace one value of each scenario, as in `dns.answer_ttl=30s`; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    overrides: Vec<String>,

    /// Also read data files, and scenarios behind links, outside the scenario's folder
    #[arg(long)]
    allow_outside: bool,
}

/// Checks every scenario; a bad one does not keep the others from being checked.
///
/// # Errors
/// If stdout cannot be written. An invalid scenario is reported on stderr and is an exit status.
pub(crate) fn run(args: &ValidateArgs) -> Result<ExitStatus, CliError> {
    if let Some(prefix) = &args.explain {
        return explain(prefix);
    }
    let mut status = ExitStatus::Good;
    for path in &args.scenarios {
        match changes(&args.overrides).and_then(|changes| checked(path, &options(args, changes))) {
            Ok((Loaded { scenario, warnings, data, .. }, cost)) => {
                warn(&warnings);
                print::result(&format!(
                    "{}: ok: {:?}, {}, {}, {} of {} each: {}\n",
                    path.display(),
                    scenario.name,
                    counted(scenario.designs.len() as u64, "design"),
                    counted(scenario.incidents.len() as u64, "incident"),
                    counted(scenario.study.runs, "run"),
                    scenario.study.horizon,
                    sentence(&cost, &data),
                ))?;
            }
            Err(error) => {
                print::print_chain(&error);
                status = status.worse(error.exit_status());
            }
        }
    }
    Ok(status)
}

/// Loads a scenario and makes sure that it can be run, as `run` does.
fn checked(path: &Path, options: &LoadOptions) -> Result<(Loaded, Cost), CliError> {
    let loaded = load(path, options)?;
    StudySpec::new(loaded.scenario.clone()).prepare().map_err(StudyError::Spec)?;
    let cost = loaded.scenario.cost(Extent { designs: &[], jobs: options.jobs });
    Ok((loaded, cost))
}

/// Says what a study costs: `171 M requests, about 40 s on this machine, 120 MB, 2.10 GB on the disk`.
fn sentence(cost: &Cost, data: &[DataFile]) -> String {
    let seconds = if cost.seconds < 1.0 { "a second".to_owned() } else { duration(cost.seconds.round()) };
    let Cost { requests, bytes, disk, .. } = *cost;
    let disk = disk.bytes() + data.iter().map(|file| file.bytes as f64).sum::<f64>();
    let (requests, bytes, disk) = (amount(requests), amount(bytes), amount(disk));
    format!("{requests} requests, about {seconds} on this machine, {bytes}B, {disk}B on the disk")
}

fn options(args: &ValidateArgs, overrides: Vec<Override>) -> LoadOptions {
    LoadOptions { overrides, jobs: jobs(None), allow_outside: args.allow_outside, ..LoadOptions::default() }
}

/// Prints the keys whose path begins with `prefix`.
fn explain(prefix: &str) -> Result<ExitStatus, CliError> {
    let mut text = String::new();
    for FormatKey { path, value, default, meaning, .. } in
        keys(&vocabulary()).into_iter().filter(|key| key.path.starts_with(prefix))
    {
        let is_value = !default.starts_with("required") && !default.starts_with("none");
        let default = format!("{}{default}", if is_value { "default " } else { "" });
        text.push_str(&format!("{path}\n    {value}; {default}\n    {meaning}\n").replace('`', ""));
    }
    if text.is_empty() {
        return Err(CliError::Usage(format!("no key begins with {prefix:?}; without it, --explain lists all of them")));
    }
    print::result(&text)?;
    Ok(ExitStatus::Good)
}
