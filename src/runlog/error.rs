//! Reasons why a log cannot be written or read.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// A log that cannot be written or read.
#[derive(Debug, Error)]
pub enum LogError {
    /// The file cannot be read.
    #[error("{}: cannot be read", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// A run cannot be written; those before it are whole.
    #[error("{}: cannot be written; it holds {runs} runs", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Runs that it holds.
        runs: usize,
        /// Error of the system.
        source: io::Error,
    },
    /// The file is no log of this version.
    #[error("{}: is not a run log of this version", path.display())]
    NoLog {
        /// The file.
        path: PathBuf,
    },
    /// The file is the beginning of a log that never had a run.
    #[error("{}: holds no run", path.display())]
    NoRuns {
        /// The file.
        path: PathBuf,
    },
    /// Numbers cannot be put aside or had back.
    #[error("{}: columns of the runs cannot be stored there", folder.display())]
    Aside {
        /// On whose disk.
        folder: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// A run is not there.
    #[error("{}: holds no run {run}", path.display())]
    NoRun {
        /// The file.
        path: PathBuf,
        /// Its number.
        run: u64,
    },
    /// A record is not what was written.
    #[error("{}: is damaged at byte {offset}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// Offset at which the record begins.
        offset: u64,
    },
}
