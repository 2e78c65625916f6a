//! The `firedrill` command: parses the arguments, does what they ask, and turns the outcome into an exit status.

use std::process::ExitCode;

use clap::Parser;
use firedrill::cli;

fn main() -> ExitCode {
    let args = cli::Args::parse();
    cli::guard(|| match cli::run(&args) {
        Ok(status) => status,
        Err(error) => {
            cli::print_chain(&error);
            error.exit_status()
        }
    })
    .into()
}
