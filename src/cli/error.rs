//! Errors of the command line, and the exit status of each.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use super::exit::ExitStatus;
use crate::model::RunFailure;
use crate::output::OutputError;
use crate::report::SweepError;
#[cfg(feature = "charts")]
use crate::report::{ChartsError, ReportError};
use crate::runlog::LogError;
use crate::scenario::LoadError;
use crate::selfcheck;
use crate::study::StudyError;
use crate::units::words::amount;

/// Reason why a command ended early.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CliError {
    /// The arguments make no sense together.
    #[error("{0}")]
    Usage(String),
    /// A scenario cannot be read or is invalid; every problem on its own line.
    #[error(transparent)]
    Scenario(#[from] LoadError),
    /// The study was not asked for rightly, could not be carried to its end, or was stopped.
    #[error(transparent)]
    Study(#[from] StudyError),
    /// A folder of results or another file could not be written.
    #[error(transparent)]
    Output(#[from] OutputError),
    /// The log of runs could not be written or read.
    #[error(transparent)]
    Log(LogError),
    /// A study was cut off in the same place, and what becomes of its runs was not said.
    #[error(
        "{}: {runs} runs of an interrupted study are kept in {}; use --resume to continue it, or --discard to \
         delete them",
        path.display(),
        log.display()
    )]
    CutOff {
        /// The folder of results.
        path: PathBuf,
        /// Log that has the runs.
        log: PathBuf,
        /// Number of runs in it.
        runs: usize,
    },
    /// The study that was cut off is another one.
    #[error(
        "{}: belongs to another study ({difference}); repeat the interrupted command with --resume, or use --discard to \
         delete its runs",
        log.display()
    )]
    OtherStudy {
        /// Log that has its runs.
        log: PathBuf,
        /// The difference, in words.
        difference: String,
    },
    /// The files of a study do not fit on the disk.
    #[error(
        "{}: about {}B would be written, and there is room for {}B; lower --runs, or give another folder with --out",
        path.display(),
        amount(*bytes),
        amount(*free as f64)
    )]
    NoRoom {
        /// Path that it would have.
        path: PathBuf,
        /// Bytes expected.
        bytes: f64,
        /// Bytes that are free.
        free: u64,
    },
    /// A chart could not be drawn or written.
    #[cfg(feature = "charts")]
    #[error(transparent)]
    Picture(#[from] ChartsError),
    /// The report could not be written.
    #[cfg(feature = "charts")]
    #[error(transparent)]
    Report(#[from] ReportError),
    /// The results of a sweep could not be written.
    #[error(transparent)]
    Sweep(#[from] SweepError),
    /// The run to be explained failed.
    #[error(transparent)]
    Run(#[from] RunFailure),
    /// A closed form could not be simulated.
    #[error(transparent)]
    Selfcheck(#[from] selfcheck::Failure),
    /// Stdout could not be written.
    #[error("stdout: cannot write the result")]
    Stdout(#[source] io::Error),
    /// Ctrl-C cannot be listened for.
    #[error("cannot listen for ctrl-c")]
    Signals(#[source] std::io::Error),
    /// The path of the program is not known, so that no script can name it.
    #[error("the path of this program is not known")]
    Program(#[source] io::Error),
    /// `sbatch` could not be started.
    #[error("cannot start sbatch, the command that submits to Slurm; --slurm-dry-run prints the scripts")]
    Sbatch(#[source] io::Error),
    /// `sbatch` refused a script.
    #[error("{}: sbatch refuses it: {said}", script.display())]
    Refused {
        /// The script.
        script: PathBuf,
        /// The words of `sbatch`.
        said: String,
    },
}

impl CliError {
    /// Exit status of the command that ended with this error.
    pub fn exit_status(&self) -> ExitStatus {
        match self {
            CliError::Usage(_)
            | CliError::Scenario(_)
            | CliError::Study(StudyError::Spec(_))
            | CliError::OtherStudy { .. }
            | CliError::Output(
                OutputError::Input { .. } | OutputError::NotOfKind { .. } | OutputError::Exists { .. },
            ) => ExitStatus::BadInput,
            CliError::Study(_)
            | CliError::Output(_)
            | CliError::Log(_)
            | CliError::CutOff { .. }
            | CliError::NoRoom { .. }
            | CliError::Sweep(_)
            | CliError::Run(_)
            | CliError::Selfcheck(_)
            | CliError::Stdout(_)
            | CliError::Signals(_)
            | CliError::Program(_)
            | CliError::Sbatch(_)
            | CliError::Refused { .. } => ExitStatus::NotDone,
            #[cfg(feature = "charts")]
            CliError::Report(
                ReportError::NoResults { .. }
                | ReportError::NoStudy { .. }
                | ReportError::Malformed { .. }
                | ReportError::Output(OutputError::Altered { .. } | OutputError::Receipt { .. }),
            ) => ExitStatus::BadInput,
            #[cfg(feature = "charts")]
            CliError::Picture(_) | CliError::Report(_) => ExitStatus::NotDone,
        }
    }
}
