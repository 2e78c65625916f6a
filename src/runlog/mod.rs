//! The log of runs: every finished run of a command, appended as it ends, so that the command can go on where it was cut off.
//!
//! A log is a [`Header`], which says of what study it is, and a record for each run. Each stands in a frame with its length and a
//! CRC-32, and is written at once. What is written is flushed to the disk from time to time: a process that is killed loses
//! nothing, a machine that loses power some seconds. A log that ends in the middle of a record is cut there. From a record on
//! that is damaged, a log is not believed: the runs after it are made again.
//!
//! The meaning of records is decided elsewhere; here each is a key and plain data.

mod aside;
mod error;
mod file;
mod frame;
mod header;
mod index;

pub use aside::Aside;
pub use error::LogError;
pub use file::RunLog;
pub use header::{Header, Part, Point};
pub use index::Key;

/// Name of the file in a folder of results.
pub const LOG: &str = "runs.log";
