//! Reasons why results cannot be written, or are not what a receipt says.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Results that cannot be written or are not to be trusted.
#[derive(Debug, Error)]
pub enum OutputError {
    /// The folder cannot be made or written to.
    #[error("cannot write to the output folder {}", path.display())]
    Open {
        /// The folder.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// The folder holds files under names of results that no receipt in it accounts for.
    #[error(
        "the output folder {} holds files that firedrill did not write, or that were changed since: {files}; it is left as \
         it is; give another folder with --out, or move them away",
        path.display()
    )]
    Foreign {
        /// The folder.
        path: PathBuf,
        /// The first few of the files, each with its reason.
        files: String,
    },
    /// The receipt is not one that this version writes.
    #[error("{}: is not a receipt of this version ({message}); nothing was changed", file.display())]
    Receipt {
        /// The receipt.
        file: PathBuf,
        /// Fault of the receipt.
        message: String,
    },
    /// A file is not the one that was written.
    #[error("{}: {message}; run the study again to write it anew", file.display())]
    Altered {
        /// The file.
        file: PathBuf,
        /// Difference between the file and the receipt.
        message: String,
    },
    /// Another process writes to the folder.
    #[error("another firedrill is writing to {}; wait for it to end, or name another folder with --out", path.display())]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// An interrupted run left files half replaced, and this cannot be completed.
    #[error(
        "{}: an interrupted run left files half replaced, and this cannot be completed ({message}); inspect the folder, \
         then remove this file",
        file.display()
    )]
    Journal {
        /// The journal.
        file: PathBuf,
        /// Reason in words.
        message: String,
    },
    /// A file cannot be written; nothing has been put in place.
    #[error("cannot write {name} for {}; earlier results there are unchanged", path.display())]
    Write {
        /// Name of the file.
        name: String,
        /// The output folder.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// A single file cannot be written.
    #[error("{}: cannot be written", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
    /// A file that is to be written is one that is read, or another one that is to be written.
    #[error("{}: must not be overwritten, as this command needs it; name another file", path.display())]
    Input {
        /// The file.
        path: PathBuf,
    },
    /// A link lies on the way to a place that nobody named.
    #[error(
        "{} is a link, and links are followed only where the place is named (--out) or allowed (--allow-outside); make it a \
         folder",
        path.display()
    )]
    Link {
        /// The link.
        path: PathBuf,
    },
    /// A file of another kind is where one is to be written.
    #[error("{}: already exists and is no {kind}; not overwritten; name another file, or move this one", path.display())]
    NotOfKind {
        /// The file.
        path: PathBuf,
        /// Kind of file that is to be written.
        kind: &'static str,
    },
    /// A file that is to be new is there.
    #[error("{} already exists; not overwritten", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// Finished results cannot be put in place.
    #[error("cannot move the results to {}; they are complete in {}", path.display(), staging.display())]
    Place {
        /// The output folder.
        path: PathBuf,
        /// Staging folder that holds them.
        staging: PathBuf,
        /// Error of the system.
        source: io::Error,
    },
}
