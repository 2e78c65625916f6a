//! The command line: arguments in, results on stdout, everything else on stderr, an exit status at the end.
//!
//! It computes nothing itself. One file per subcommand; [`run`] dispatches.
//!
//! | exit status | meaning |
//! |---|---|
//! | 0 | done, and every expectation was met |
//! | 1 | done, and an expectation was not met, or a closed form |
//! | 2 | the arguments or the scenario make no sense |
//! | 3 | it could not be done: the disk, an interruption, a bug |

mod baseline;
mod bless;
mod bug;
mod check;
mod compare;
mod complete;
mod error;
mod exit;
mod explain;
mod find;
mod github;
mod init;
mod interrupt;
mod left;
mod load;
mod merge;
mod options;
mod perform;
mod print;
mod progress;
#[cfg(feature = "charts")]
mod report;
mod results_folder;
mod room;
mod schema;
mod selfcheck;
mod shard;
mod shell;
mod simulate;
mod submit;
mod sweep;
mod validate;

use clap::{Parser, Subcommand};

pub use bug::guard;
pub use error::CliError;
pub use exit::ExitStatus;
pub use print::print_chain;

const ABOUT: &str = "\
Simulates what happens to a service in two regions when one of them, its database, its link or its DNS fails, and \
reports downtime, latency and data loss over many seeded runs.";

const EXAMPLES: &str = "\
Examples:
  firedrill init
  firedrill validate scenarios/article.toml
  firedrill compare scenarios/article.toml
  firedrill run scenarios/article.toml --design active-active --runs 20 --out /tmp/drill
  firedrill run scenarios/article.toml --set dns.answer_ttl=30s --format json

Results go to stdout, everything else to stderr.
Exit status: 0 done, 1 an expectation was not met, 2 bad input or usage, 3 could not be done.";

/// The arguments of the `firedrill` command.
#[derive(Debug, Parser)]
#[command(name = "firedrill", version, about = ABOUT, after_help = EXAMPLES, max_term_width = 100)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the designs of one scenario and report what happened to each
    Run(simulate::RunArgs),
    /// Run the designs of one or more scenarios and compare them run by run
    Compare(compare::CompareArgs),
    /// Run the designs of a scenario at each of several values of its keys
    Sweep(sweep::SweepArgs),
    /// Find the largest or smallest value of a key with which a condition holds
    Find(find::FindArgs),
    /// Merge the parts of a study that --shard made
    Merge(merge::MergeArgs),
    /// Explain one run: its events, their causes and their cost
    Explain(explain::ExplainArgs),
    /// Run scenarios and check their expectations
    Check(check::CheckArgs),
    /// Submit a study to a cluster, in shards
    Submit(submit::SubmitArgs),
    /// Show the differences from a baseline, and accept them
    Bless(bless::BlessArgs),
    /// Rebuild report.html from an existing results folder
    #[cfg(feature = "charts")]
    Report(report::ReportArgs),
    /// Check scenarios without running them
    Validate(validate::ValidateArgs),
    /// Write a scenario to start from
    Init(init::InitArgs),
    /// Compare the simulator with closed forms
    Selfcheck(selfcheck::SelfcheckArgs),
    /// Print the JSON Schema of the scenario format, for editors
    Schema,
    /// Print a script that completes arguments
    Completions(shell::CompletionsArgs),
    /// Print the manual pages
    Man,
}

/// Does what the arguments ask.
///
/// # Errors
/// If the input is invalid or the work could not be done; [`CliError::exit_status`] tells which.
pub fn run(args: &Args) -> Result<ExitStatus, CliError> {
    match &args.command {
        Command::Run(args) => simulate::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Sweep(args) => sweep::run(args),
        Command::Find(args) => find::run(args),
        Command::Merge(args) => merge::run(args),
        Command::Explain(args) => explain::run(args),
        Command::Check(args) => check::run(args),
        Command::Submit(args) => submit::run(args),
        Command::Bless(args) => bless::run(args),
        #[cfg(feature = "charts")]
        Command::Report(args) => report::run(args),
        Command::Validate(args) => validate::run(args),
        Command::Init(args) => init::run(args),
        Command::Selfcheck(args) => selfcheck::run(args),
        Command::Schema => schema::run(),
        Command::Completions(args) => shell::completions(args),
        Command::Man => shell::man(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_are_consistent() {
        Args::command().debug_assert();
    }
}
