//! Presets: a word in a table that stands for other defaults of it, each with its source.
//!
//! A file a preset. It says what it changes and why; the rest of the table keeps its usual defaults, and a key that the file
//! states itself wins. What is resolved of a scenario has the values, not the word.

pub(super) mod client;
pub(super) mod replication;
