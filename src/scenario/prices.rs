//! Prices of resources.

use serde::Serialize;

use super::text::kind::PlainNumber;
use super::text::reader::TableReader;

/// Prices of resources, in any one currency.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Prices {
    /// One app instance, switched on for an hour.
    pub instance_hour: f64,
    /// One database node, for an hour; there are two.
    pub database_hour: f64,
    /// A gigabyte (10^9 bytes) over the link.
    pub cross_region_gb: f64,
    /// Outages in a month whose cost beyond calm is part of that month's (default 0).
    #[serde(skip_serializing_if = "is_never")]
    pub outages_per_month: f64,
}

/// Returns whether a rate is 0, the default: a scenario that says so is the same as one that says nothing.
fn is_never(rate: &f64) -> bool {
    *rate == 0.0
}

impl Prices {
    /// Reads `[prices]`.
    pub(super) fn read(table: &mut TableReader<'_>) -> Self {
        let price = PlainNumber::Within(0.0, 1e9);
        Prices {
            instance_hour: table.key("instance_hour", "one app instance, switched on for an hour").or(price, 0.0, ""),
            database_hour: table.key("database_hour", "one database node for an hour; there are two").or(price, 0.0, ""),
            cross_region_gb: table.key("cross_region_gb", "10^9 bytes over the link").or(price, 0.0, ""),
            outages_per_month: table
                .key(
                    "outages_per_month",
                    "outages like those of the run in a month; a run of a month or longer has its own, and ignores this",
                )
                .or(PlainNumber::Within(0.0, 1e6), 0.0, ""),
        }
    }
}
