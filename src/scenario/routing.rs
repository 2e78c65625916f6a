//! Which region a visitor is sent to, and when one that is up again gets its visitors back.

use serde::Serialize;

use super::distribution::Distribution;
use super::geography::Geography;
use super::known_names::Names;
use super::region_id::RegionId;
use super::text::kind::{DURATION, PlainNumber};
use super::text::reader::TableReader;
use super::text::words::words;
use crate::units::SimDuration;

/// Which region a visitor is sent to, among the healthy ones.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "policy", rename_all = "kebab-case")]
pub enum Routing {
    /// Per geography, in the order given.
    Nearest {
        /// For each geography, in file order, the regions from first to last choice (by median round-trip time unless
        /// the file says otherwise).
        orders: Vec<[RegionId; 2]>,
    },
    /// Each look-up is led to a region by chance.
    Weighted {
        /// For each region, in file order, how often it is answered; at least one is above 0.
        weights: [f64; 2],
    },
    /// One order for everybody.
    Failover {
        /// The regions from first to last choice.
        order: [RegionId; 2],
    },
}

/// Return of visitors to a region that is up again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "when", rename_all = "kebab-case")]
pub enum Failback {
    /// After it has been up for `hold`.
    Automatic {
        /// Time that it must have been up.
        hold: SimDuration,
    },
    /// Not within the run, unless the other region fails.
    Never,
}

/// The words for [`Routing`].
#[derive(Clone, Copy)]
pub(super) enum Policy {
    Nearest,
    Failover,
    Weighted,
}

words!(Policy: "nearest" => Nearest, "failover" => Failover, "weighted" => Weighted);

/// The words for [`Failback`].
#[derive(Clone, Copy)]
pub(super) enum Return {
    Automatic,
    Never,
}

words!(Return: "automatic" => Automatic, "never" => Never);

impl Routing {
    /// Reads `routing`; `geographies` is `None` if they had problems.
    pub(super) fn read(table: &mut TableReader<'_>, names: &Names, geographies: Option<&[Geography]>) -> Self {
        let policy = table.key("policy", "by geography, one order for all, or by chance");
        policy.decides(None, "", |table, policy| match policy {
            Policy::Nearest => Routing::Nearest {
                orders: table
                    .key(
                        "orders",
                        "the order of some geographies, instead of by median round-trip time (ties: file order)",
                    )
                    .table_or_empty(|table| orders(table, names, geographies)),
            },
            Policy::Failover => Routing::Failover {
                order: table.key("order", "from first to last choice").required(names.both_regions()),
            },
            Policy::Weighted => Routing::Weighted {
                weights: table.key("weights", "how often each region is answered").table(|table| weights(table, names)),
            },
        })
    }
}

/// The weight of each region; one that is not named has none.
fn weights(table: &mut TableReader<'_>, names: &Names) -> [f64; 2] {
    let meaning = "the weight of the region of that name; at least one is above 0";
    let kind = PlainNumber::Within(0.0, 1e6);
    let found = table.sound(|table| table.each_of("region", &names.regions, (meaning, "none"), kind));
    let weight = |at: usize| found.as_ref().and_then(|found| found.get(at).copied().flatten()).unwrap_or(0.0);
    let weights = [weight(0), weight(1)];
    if found.is_some() && weights == [0.0; 2] {
        table.refuse_here("at least one region needs a weight above 0");
    }
    weights
}

/// The order of each geography: as the file says, else by median round-trip time; ties go by the order of the file.
fn orders(table: &mut TableReader<'_>, names: &Names, geographies: Option<&[Geography]>) -> Vec<[RegionId; 2]> {
    let says = ("the order for the geography of that name", "by round-trip time");
    let explicit = table.each_of("geography", &names.geographies, says, names.both_regions());
    let by_distance = |geography: &Geography| {
        let [first, second] = geography.rtt.each_ref().map(Distribution::median);
        let [a, b] = RegionId::BOTH;
        if second < first { [b, a] } else { [a, b] }
    };
    let orders = geographies.unwrap_or_default().iter().zip(explicit);
    orders.map(|(geography, order)| order.unwrap_or_else(|| by_distance(geography))).collect()
}

impl Failback {
    /// Reads `failback`.
    pub(super) fn read(table: &mut TableReader<'_>) -> Self {
        let when = table.key("when", "after `hold`, or not within the run (unless the other region fails)");
        when.decides(Some(Return::Automatic), "GTM answers a healthy address again", |table, when| match when {
            Return::Automatic => Failback::Automatic {
                hold: table.key("hold", "how long the region must have been up").or(
                    DURATION,
                    SimDuration::ZERO,
                    "a healthy address is answered again at once, as by GTM",
                ),
            },
            Return::Never => Failback::Never,
        })
    }
}
