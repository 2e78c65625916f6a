//! A region that stands by at less than full size.

use serde::Serialize;

use super::known_names::Names;
use super::region_id::RegionId;
use super::text::kind::{DURATION, SHARE, SOME_SHARE};
use super::text::reader::TableReader;
use super::text::words::words;
use crate::units::SimDuration;

/// A region that stands by.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Standby {
    /// Which one.
    pub region: RegionId,
    /// Part of it that is on.
    pub kind: StandbyKind,
    /// Time from the verdict on the other region, or the decision to promote, to full size.
    pub activation: SimDuration,
    /// Probability that the order to grow is refused (default 0).
    #[serde(skip_serializing_if = "is_zero")]
    pub refused: f64,
}

/// Tells if this is the default: a scenario that says so is the same as one that says nothing.
fn is_zero(share: &f64) -> bool {
    *share == 0.0
}

/// Part of a standby region that is on before it is needed.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum StandbyKind {
    /// All instances.
    Hot,
    /// A share of the instances, rounded up to whole ones.
    Warm {
        /// The share, above 0.
        share: f64,
    },
    /// None: it is neither probed nor answered, and refuses connections, until it is active.
    Cold,
}

/// The words for [`StandbyKind`].
#[derive(Clone, Copy)]
pub(super) enum Readiness {
    Hot,
    Warm,
    Cold,
}

words!(Readiness: "hot" => Hot, "warm" => Warm, "cold" => Cold);

impl Standby {
    /// Reads `standby`.
    pub(super) fn read(table: &mut TableReader<'_>, names: &Names) -> Self {
        let region = table.key("region", "which one").required(names.a_region());
        let kind = table.key(
            "kind",
            "all instances on, a share, or none: then it is neither probed nor answered, and refuses connections, until it \
             is active, and it is the last choice of every order",
        );
        kind.decides(None, "", |table, readiness| {
            let kind = match readiness {
                Readiness::Hot => StandbyKind::Hot,
                Readiness::Warm => StandbyKind::Warm {
                    share: table.key("share", "share of the instances, rounded up").required(SOME_SHARE),
                },
                Readiness::Cold => StandbyKind::Cold,
            };
            let activation = table
                .key("activation", "from the verdict on the other region, or the decision to promote, to full size");
            let activation = match readiness {
                Readiness::Hot => activation.or(DURATION, SimDuration::ZERO, "a hot standby needs none"),
                Readiness::Warm | Readiness::Cold => activation.required(DURATION),
            };
            let refused = table
                .key("refused", "probability that the order to grow is refused, for the rest of the run")
                .or(SHARE, 0.0, "");
            Standby { region, kind, activation, refused }
        })
    }
}
