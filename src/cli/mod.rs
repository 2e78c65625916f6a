//! The command line: arguments in, results on stdout, everything else on stderr, an exit status at the end.
//!
//! It computes nothing itself. One file per subcommand; [`run`] dispatches.
//!
//! | exit status | meaning |
//! |---|---|
//! | 0 | done, and every expectation was met |
//! | 1 | done, and an expectation was not met |
//! | 2 | the arguments or the scenario make no sense |
//! | 3 | it could not be done: the disk, an interruption, a bug |

mod baseline;
mod bless;
mod bug;
mod check;
mod compare;
mod error;
mod exit;
mod github;
mod interrupt;
mod load;
mod options;
mod perform;
mod print;
mod progress;
mod simulate;
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
    /// Run scenarios and say which of their expectations hold
    Check(check::CheckArgs),
    /// Show what differs from a baseline, and accept it
    Bless(bless::BlessArgs),
    /// Check scenarios without running them
    Validate(validate::ValidateArgs),
}

/// Does what the arguments ask.
///
/// # Errors
/// If the input makes no sense or the work could not be done; [`CliError::exit_status`] tells which.
pub fn run(args: &Args) -> Result<ExitStatus, CliError> {
    match &args.command {
        Command::Run(args) => simulate::run(args),
        Command::Compare(args) => compare::run(args),
        Command::Check(args) => check::run(args),
        Command::Bless(args) => bless::run(args),
        Command::Validate(args) => validate::run(args),
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
