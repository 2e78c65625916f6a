//! Fate of conflicts in two-way synchronisation.

use serde::Serialize;
use serde_json::json;

use super::distribution::{DURATIONS, Distribution};
use super::known_names::Names;
use super::text::document::Value;
use super::text::kind::special;
use super::text::reader::TableReader;
use super::text::words::{Words, words};

/// Fate of two writes to one key of which neither had seen the other.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "policy", rename_all = "kebab-case")]
pub enum Conflicts {
    /// The later one stays, in both regions.
    LastWriterWins,
    /// Each receiving region decides for itself.
    AtReceiver {
        /// The policy of each region, in the order of the regions.
        policies: [ConflictPolicy; 2],
        /// Seconds until an operator has dealt with a conflict that halted the synchronisation.
        repair: Distribution,
    },
}

/// Treatment of a row that conflicts with the region's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ConflictPolicy {
    /// Stops the synchronisation until an operator has acted, who keeps the row already there.
    Halt,
    /// Keeps the row already there.
    Ignore,
    /// Replaces it.
    Overwrite,
}

words!(ConflictPolicy: "halt" => Halt, "ignore" => Ignore, "overwrite" => Overwrite);

/// The words for [`Conflicts`]: the policy of both regions.
#[derive(Clone, Copy)]
pub(super) enum BothPolicies {
    Halt,
    Ignore,
    Overwrite,
    LastWriterWins,
}

words!(
    BothPolicies:
    "halt" => Halt,
    "ignore" => Ignore,
    "overwrite" => Overwrite,
    "last-writer-wins" => LastWriterWins,
);

impl Conflicts {
    /// Reads `conflicts`.
    pub(super) fn read(table: &mut TableReader<'_>, names: &Names) -> Self {
        let policy = table.key(
            "policy",
            "stop until an operator acts (who keeps the row there), keep the row there, replace it; or the later write wins \
             in both regions",
        );
        policy.decides(Some(BothPolicies::Halt), "Alibaba Cloud DTS: TaskFailed", |table, policy| {
            let everywhere = match policy {
                BothPolicies::Halt => ConflictPolicy::Halt,
                BothPolicies::Ignore => ConflictPolicy::Ignore,
                BothPolicies::Overwrite => ConflictPolicy::Overwrite,
                BothPolicies::LastWriterWins => return Conflicts::LastWriterWins,
            };
            Conflicts::AtReceiver {
                policies: table
                    .key("at", "other policies by direction, as DTS sets them")
                    .table_or_empty(|table| at_receivers(table, names, everywhere)),
                // Half of the conflicts are dealt with in half an hour, of twenty one takes more than four hours.
                repair: table.key("repair", "`halt`: until the operator has acted").or(
                    DURATIONS,
                    Distribution::Lognormal { median: 1_800.0, p95: 14_400.0 },
                    "assumption",
                ),
            }
        })
    }
}

/// The policy of each region: as the file says, else `everywhere`.
fn at_receivers(table: &mut TableReader<'_>, names: &Names, everywhere: ConflictPolicy) -> [ConflictPolicy; 2] {
    let words = || json!({ "enum": ConflictPolicy::words() });
    let policy = special("`halt`, `ignore`, `overwrite`", words, everywhere, |node| {
        let known = ConflictPolicy::words().join(", ");
        let Value::Text(word) = &node.value else {
            return Err(format!("expected one of {known}, found {}", node.value.kind()));
        };
        ConflictPolicy::named(word).ok_or_else(|| format!("expected one of {known}, found {word:?}"))
    });
    let says = ("what the region of that name does with rows that arrive there", "the `policy`");
    let found = table.each_of("region", &names.regions, says, policy);
    [0, 1].map(|at| found.get(at).copied().flatten().unwrap_or(everywhere))
}
