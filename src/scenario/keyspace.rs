//! The keys that requests touch.

use serde::Serialize;

use super::text::kind::{Count, PlainNumber, SIZE};
use super::text::reader::TableReader;

/// The keys that requests touch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Keyspace {
    /// Number of keys.
    pub count: u32,
    /// Zipf exponent of their popularity; 0 is uniform.
    pub skew: f64,
    /// Size of all data, in bytes: what a full copy of a database sends over the link.
    #[serde(skip_serializing_if = "Keyspace::has_default_size")]
    pub size: u64,
}

impl Keyspace {
    const DEFAULT_SIZE: u64 = 10_000_000_000;

    fn has_default_size(size: &u64) -> bool {
        *size == Keyspace::DEFAULT_SIZE
    }
}

impl Keyspace {
    /// Reads `[keys]`.
    pub(super) fn read(table: &mut TableReader<'_>) -> Self {
        Keyspace {
            count: table.key("count", "number of keys").or(Count(1, 10_000_000), 100_000, "assumption"),
            skew: table.key("skew", "Zipf exponent of their popularity; 0 is uniform").or(
                PlainNumber::Within(0.0, 5.0),
                0.8,
                "Breslau et al., INFOCOM 1999: 0.64 to 0.83 for pages",
            ),
            size: table
                .key(
                    "size",
                    "size of all data: what a full copy sends over the link after a `database-outage` that destroyed the \
                     storage",
                )
                .or(SIZE, Keyspace::DEFAULT_SIZE, "assumption: the database of a small service"),
        }
    }
}
