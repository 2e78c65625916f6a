//! The text of a scenario file: a tree of values with their places, the overrides that are laid over it, the reader that walks it,
//! and the problems that it finds. What the keys mean is not known here.

pub(super) mod catalogue;
pub(super) mod document;
pub(super) mod findings;
pub(super) mod key;
mod key_reader;
pub(super) mod kind;
pub(super) mod log;
mod misplaced;
pub(super) mod name;
pub(super) mod overrides;
pub(super) mod printable;
pub(super) mod problem;
pub(super) mod reader;
pub(super) mod stated;
pub(super) mod suggest;
pub(super) mod words;
