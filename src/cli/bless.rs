//! `firedrill bless`: shows what differs from a baseline, field by field, and accepts it if a person says so.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;

use super::baseline::{self, BaselinePlace, Kept};
use super::check::{CheckOptions, scenarios};
use super::error::CliError;
use super::exit::ExitStatus;
use super::perform::Job;
use super::{interrupt, print};
use crate::baseline::{Baseline, compare};
use crate::output::OutputFile;
use crate::report::check::differences;

const EXAMPLES: &str = "\
Examples:
  firedrill bless main
  firedrill bless main scenarios/article.toml --yes

Nothing is accepted if the variable CI is set: a person must look at each new baseline.
Exit status: 0 nothing differs or it is accepted, 1 it is not accepted, 2 bad input, or refused in CI.";

/// Arguments of `firedrill bless`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct BlessArgs {
    /// Name of the baseline
    #[arg(value_name = "NAME", value_parser = baseline::name)]
    name: String,

    /// Scenario files, or folders of them; those without this baseline get one
    #[arg(value_name = "PATH", default_value = "scenarios")]
    paths: Vec<PathBuf>,

    #[command(flatten)]
    how: CheckOptions,

    /// Accept without confirmation
    #[arg(long, short)]
    yes: bool,
}

/// Shows the differences of every scenario, then asks once and writes.
///
/// # Errors
/// If a scenario or a baseline is invalid, a run fails, or a file cannot be written. Then nothing is accepted.
pub(crate) fn run(args: &BlessArgs) -> Result<ExitStatus, CliError> {
    let interrupted = interrupt::flag()?;
    let is_refused = env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false");
    let mut changed: Vec<(BaselinePlace, Option<OutputFile>, Baseline)> = Vec::new();
    for scenario in scenarios(&args.paths)? {
        let job = Job::prepare(&scenario, &args.how.for_study())?;
        let place = BaselinePlace::of(&scenario, &args.name, args.how.allow_outside);
        let kept = place.kept()?;
        // Opened before the work, if anything is to be written.
        let file = (!is_refused).then(|| place.open(job.inputs())).transpose()?;
        let outcome = job.run_and_forget("bless", |_| (), &interrupted)?;
        let now = baseline::of(&job, &outcome)?;
        let lines = match &kept {
            Kept::Whole(then) => differences(then, &now, &compare(then, &now, &outcome.metrics), &outcome.metrics),
            Kept::Broken(error) => vec![format!("nothing can be compared, and it would be replaced: {error}")],
            Kept::Nothing => vec!["is not in the baseline".to_owned()],
        };
        if lines.is_empty() {
            print::result(&format!("{}: nothing differs\n", scenario.display()))?;
        } else {
            print::result(&format!("{}\n  {}\n", scenario.display(), lines.join("\n  ")))?;
            changed.push((place, file, now));
        }
    }
    if changed.is_empty() {
        return Ok(ExitStatus::Good);
    }
    if is_refused {
        let refused = "nothing is accepted where CI is set: a baseline is what a person has looked at".to_owned();
        return Err(CliError::Usage(refused));
    }
    if !args.yes && !asked(&args.name, changed.len()) {
        print::note("not accepted; the baseline is as it was");
        return Ok(ExitStatus::ExpectationNotMet);
    }
    for (place, file, now) in changed {
        if let Some(file) = file {
            place.write(file, &now)?;
            print::note(&format!("accepted: {}", place.file().display()));
        }
    }
    Ok(ExitStatus::Good)
}

/// Asks on the terminal; without one, nobody can say yes.
fn asked(name: &str, count: usize) -> bool {
    if !io::stdin().is_terminal() {
        print::note("nobody can be asked here; --yes accepts without asking");
        return false;
    }
    let _ = write!(io::stderr().lock(), "accept {count} as baseline {name:?}? [y/N] ");
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}
