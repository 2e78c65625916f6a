//! The promotion of a replica to the primary.

use serde::Serialize;

use super::distribution::{DURATIONS, Distribution};
use super::text::kind::{ABOVE_ZERO, DURATION, TRUTH, Unless, one_of};
use super::text::log::of_nothing;
use super::text::reader::TableReader;
use super::text::words::words;
use crate::units::SimDuration;

/// The promotion of a replica when the primary is lost.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Promotion {
    /// The one that decides, and the time.
    pub trigger: PromotionTrigger,
    /// Seconds that the promotion takes once decided (default 60 s).
    pub duration: Distribution,
    /// The one that watches the primary.
    pub watch: Watch,
    /// Set if the old primary stops acknowledging when it has lost contact.
    pub fencing: bool,
    /// Time after the last contact for which a fenced primary still acknowledges (default: the detection time, or 30
    /// s).
    pub lease: SimDuration,
    /// Fate of the commits that the new primary had not received when the old one returns.
    pub on_return: OnReturn,
    /// Time after which a rejoined old primary gets the role back, drained; `None`: never.
    pub return_role: Option<SimDuration>,
}

/// Fate of the commits that the new primary had not received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OnReturn {
    /// They are discarded.
    Discard,
    /// They are compared key by key; what does not conflict is merged.
    Reconcile,
}

/// The one that decides on a promotion, and the time.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "when", rename_all = "kebab-case")]
pub enum PromotionTrigger {
    /// A controller, when the primary has been silent for `detect`.
    Automatic {
        /// Length of the silence (default 30 s).
        detect: SimDuration,
    },
    /// An operator, who is not fooled by a cut link.
    Manual {
        /// Seconds from the loss of the primary to the decision.
        decision: Distribution,
    },
    /// The operators, as planned.
    Planned {
        /// Time from the start of the run.
        at: SimDuration,
        /// Set if the primary first stops taking writes until the replica has all of them.
        drain: bool,
    },
    /// Nobody.
    Never,
}

/// The one that watches the primary.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Watch {
    /// A third site too, so that a cut link alone does not promote.
    Witness,
    /// The replica alone, through the link.
    Replica,
}

words!(OnReturn: "discard" => Discard, "reconcile" => Reconcile);
words!(Watch: "witness" => Witness, "replica" => Replica);

/// The words for [`PromotionTrigger`].
#[derive(Clone, Copy)]
pub(super) enum DecidedBy {
    Controller,
    Operator,
    Plan,
    Nobody,
}

words!(DecidedBy: "automatic" => Controller, "manual" => Operator, "planned" => Plan, "never" => Nobody);

impl Promotion {
    /// Reads `promotion`.
    pub(super) fn read(table: &mut TableReader<'_>) -> Self {
        let trigger = table.deciding(PromotionTrigger::read);
        let lease = match trigger {
            PromotionTrigger::Automatic { detect } => detect,
            PromotionTrigger::Manual { .. } | PromotionTrigger::Planned { .. } | PromotionTrigger::Never => {
                PromotionTrigger::DETECT
            }
        };
        Promotion {
            trigger,
            duration: table.key("duration", "how long the promotion takes").or(
                DURATIONS,
                Distribution::constant(60.0),
                "Aurora Global Database: less than a minute",
            ),
            watch: table
                .key("watch", "who watches: a third site too, or the replica alone")
                .or(one_of(), Watch::Witness, ""),
            fencing: table
                .key(
                    "fencing",
                    "whether a primary that has lost contact stops acknowledging; without it both regions take writes (split \
                     brain)",
                )
                .or(TRUTH, true, ""),
            lease: table.key("lease", "how long after the last contact it still acknowledges").or_as(
                DURATION,
                "as `detect`, else 30s",
                lease,
                "",
            ),
            on_return: table
                .key(
                    "on_return",
                    "what the new primary had not received: thrown away when the old one returns, or compared key by key \
                     and merged where it does not conflict",
                )
                .or(one_of(), OnReturn::Discard, ""),
            return_role: table
                .key("return_role", "how long after the old primary has rejoined the role goes back to it, drained")
                .or(Unless("never", ABOVE_ZERO), None, ""),
        }
    }
}

impl PromotionTrigger {
    /// Default of `detect`, and of `lease` where nothing detects.
    pub const DETECT: SimDuration = SimDuration::from_secs(30);

    fn read(table: &mut TableReader<'_>) -> Self {
        let when = table.key("when", "a controller, an operator, a plan, or nobody");
        let source = "managed databases do not promote across regions by themselves";
        when.decides(Some(DecidedBy::Nobody), source, |table, by| match by {
            DecidedBy::Controller => PromotionTrigger::Automatic {
                detect: table.key("detect", "length of the silence").or(
                    ABOVE_ZERO,
                    PromotionTrigger::DETECT,
                    "Patroni's `ttl`",
                ),
            },
            DecidedBy::Operator => PromotionTrigger::Manual {
                decision: table.key("decision", "from the loss of the primary to the decision").required(DURATIONS),
            },
            DecidedBy::Plan => PromotionTrigger::Planned {
                at: table.key("at", "when the role is switched over").required(ABOVE_ZERO),
                drain: table
                    .key("drain", "whether the primary first takes no writes until the replica has all")
                    .or(TRUTH, true, ""),
            },
            DecidedBy::Nobody => PromotionTrigger::Never,
        })
    }
}

/// The defaults of a scenario file: nobody promotes unless told to.
impl Default for Promotion {
    fn default() -> Self {
        of_nothing(Promotion::read)
    }
}
