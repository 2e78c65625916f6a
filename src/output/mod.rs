//! Files that the program writes: whole or not at all, and never over what is somebody else's.
//!
//! [`OutputDir`] is a folder of results. Its receipt lists every file with its SHA-256; only files that a receipt so lists are
//! ever replaced or removed. [`Existing`] is such a folder that is there, [`OutputFile`] a single file. What the files hold is
//! decided elsewhere.
//!
//! Left out: protection against a process that changes the folder at the same moment with ill intent, and the access
//! rights of files beyond what the user's settings give new ones.

mod digest;
mod error;
mod exchange;
mod existing;
mod file;
mod folder;
mod journal;
mod kind;
mod leftovers;
mod links;
mod listing;
mod lock;
mod made_folders;
mod names;
mod place;
mod space;
mod staging;
mod survey;
mod sync;

pub use error::OutputError;
pub use existing::Existing;
pub use file::OutputFile;
pub use folder::OutputDir;
pub use kind::Kind;
pub use links::is_no_link;
pub use names::RECEIPT;
pub use space::free_bytes;
