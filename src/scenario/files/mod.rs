//! The files around a scenario: where they may lie, how they are read, and what results are called.

pub(super) mod data_file;
pub(super) mod name;
pub(super) mod place;
