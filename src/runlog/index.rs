//! Where the records of a log stand.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Of which run a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Key {
    /// Which study of the command, from 0.
    pub point: u32,
    /// Which design of those that are run, from 0.
    pub slot: u32,
    /// Run number.
    pub run: u64,
}

/// Where the frame of each record begins.
pub(super) type Index = BTreeMap<Key, u64>;
