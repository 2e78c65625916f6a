//! The private link between the two regions.

use serde::Serialize;

use super::distribution::{DURATIONS, Distribution};
use super::known_names::Names;
use super::text::kind::{BANDWIDTH, SIZE, Unless};
use super::text::reader::TableReader;

/// The private link between the two regions.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct RegionLink {
    /// Round-trip time, in seconds.
    pub rtt: Distribution,
    /// Bytes per second that the replication stream may use; `None`: no limit.
    pub bandwidth: Option<f64>,
    /// Bytes that one database call over the link takes, both ways together (default 2 kB).
    pub call_size: u64,
}

impl RegionLink {
    /// Reads `[[links]]`: exactly one, between the two regions.
    pub(super) fn read_only(root: &mut TableReader<'_>, names: &Names) -> Option<Self> {
        let links = root.key("links", "the link between the regions").list_of_tables("one table", |table| {
            table.key("between", "its ends").required(names.both_regions());
            RegionLink {
                rtt: table.key("rtt", "round-trip time").required(DURATIONS),
                bandwidth: table.key("bandwidth", "what the replication stream may use").or(
                    Unless("unlimited", BANDWIDTH),
                    None,
                    "",
                ),
                call_size: table.key("call_size", "bytes of one database call over the link, both ways").or(
                    SIZE,
                    2_000,
                    "assumption: a short statement, a small row or two",
                ),
            }
        });
        if links.len() != 1 {
            let found = links.len();
            root.refuse("links", format!("there must be exactly one link, [[links]], found {found}"));
        }
        links.into_iter().next()
    }
}
