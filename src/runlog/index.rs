//! Index of the records of a log.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Of which run a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// Study of the command, from 0.
    pub point: u32,
    /// Design of those that are run, from 0.
    pub slot: u32,
    /// Run number.
    pub run: u64,
}

/// Offset of the frame of each record.
pub(super) type Index = BTreeMap<Key, u64>;
