//! `firedrill completions` and `firedrill man`: what a shell and its reader need.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::error::CliError;
use super::exit::ExitStatus;
use super::print;

/// Arguments of `firedrill completions`.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    /// Shell to complete for
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints the completions of a shell.
///
/// # Errors
/// If stdout cannot be written.
pub(crate) fn completions(args: &CompletionsArgs) -> Result<ExitStatus, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::Args::command(), "firedrill", &mut script);
    print::program(&String::from_utf8_lossy(&script))?;
    Ok(ExitStatus::Good)
}

/// Prints the manual pages, of the command and then of each subcommand, in one roff document.
///
/// # Errors
/// If stdout cannot be written.
pub(crate) fn man() -> Result<ExitStatus, CliError> {
    let mut pages = Vec::new();
    let mut command = super::Args::command();
    command.build();
    let subcommands = command.get_subcommands().filter(|subcommand| subcommand.get_name() != "help");
    for page in std::iter::once(&command).chain(subcommands) {
        clap_mangen::Man::new(page.clone()).render(&mut pages).map_err(CliError::Stdout)?;
    }
    print::program(&String::from_utf8_lossy(&pages))?;
    Ok(ExitStatus::Good)
}
