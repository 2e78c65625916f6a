//! `firedrill validate`: checks scenarios without running them.

use std::path::PathBuf;

use clap::Args;

use super::load::load;
use super::{CliError, ExitStatus, print};
use crate::scenario::Loaded;

const EXAMPLES: &str = "\
Examples:
  firedrill validate scenarios/article.toml
  firedrill validate scenarios/*.toml
  firedrill validate scenarios/article.toml --set study.horizon=2h";

/// Arguments of `firedrill validate`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ValidateArgs {
    /// Scenario files
    #[arg(value_name = "SCENARIO", required = true)]
    scenarios: Vec<PathBuf>,

    /// Replace one value of each scenario, as in `dns.answer_ttl=30s`; may be given several times
    #[arg(long = "set", value_name = "KEY=VALUE")]
    overrides: Vec<String>,
}

/// Checks every scenario; a bad one does not keep the others from being checked.
///
/// # Errors
/// If stdout cannot be written. A scenario that makes no sense is reported on stderr and is an exit status.
pub(crate) fn run(args: &ValidateArgs) -> Result<ExitStatus, CliError> {
    let mut status = ExitStatus::Good;
    for path in &args.scenarios {
        match load(path, &args.overrides, None, false) {
            Ok(Loaded { scenario, .. }) => print::result(&format!(
                "{}: ok: {:?}, {}, {}, {} of {} each\n",
                path.display(),
                scenario.name,
                counted(scenario.designs.len() as u64, "design"),
                counted(scenario.incidents.len() as u64, "incident"),
                counted(scenario.study.runs, "run"),
                scenario.study.horizon,
            ))?,
            Err(error) => {
                print::print_chain(&error);
                status = status.worse(error.exit_status());
            }
        }
    }
    Ok(status)
}

/// `1 run`, `2 runs`.
fn counted(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}
