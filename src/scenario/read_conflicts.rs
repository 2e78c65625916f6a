//! Reads what becomes of conflicts in two-way synchronisation.

use super::document::{Node, Value};
use super::read_world::{Names, unknown};
use super::reader::TableReader;
use super::{ConflictPolicy, Conflicts};

/// Policies of a receiving region.
const POLICIES: [(&str, ConflictPolicy); 3] =
    [("halt", ConflictPolicy::Halt), ("ignore", ConflictPolicy::Ignore), ("overwrite", ConflictPolicy::Overwrite)];

/// Reads the table `conflicts` of a design's database.
pub(super) fn conflicts(database: &mut TableReader<'_>, names: &Names) -> Option<Conflicts> {
    let mut table = database.table_or_empty("conflicts")?;
    let halt = Some(ConflictPolicy::Halt);
    let everywhere = table.choice(
        "policy",
        Some(halt),
        &[
            ("halt", halt),
            ("ignore", Some(ConflictPolicy::Ignore)),
            ("overwrite", Some(ConflictPolicy::Overwrite)),
            ("last-writer-wins", None),
        ],
    )?;
    let conflicts = match everywhere {
        None => Some(Conflicts::LastWriterWins),
        Some(policy) => {
            let policies = at_receivers(&mut table, names, policy);
            let repair = table.durations_or("repair", Conflicts::repair());
            policies.zip(repair).map(|(policies, repair)| Conflicts::AtReceiver { policies, repair })
        }
    };
    table.finish();
    conflicts
}

/// The policy of each region: as `at` says, else `everywhere`.
fn at_receivers(
    conflicts: &mut TableReader<'_>,
    names: &Names,
    everywhere: ConflictPolicy,
) -> Option<[ConflictPolicy; 2]> {
    let mut table = conflicts.table_or_empty("at")?;
    let mut policies = [everywhere; 2];
    let mut complete = true;
    for entry in table.named_nodes() {
        match (names.region(&entry.key), policy(&entry.node)) {
            (Err(_), _) => {
                table.problem_at_key(entry, unknown("region", &entry.key, &names.regions));
                complete = false;
            }
            (_, Err(message)) => {
                table.problem(&entry.key, message);
                complete = false;
            }
            (Ok(region), Ok(policy)) => policies[region.index()] = policy,
        }
    }
    complete.then_some(policies)
}

fn policy(node: &Node) -> Result<ConflictPolicy, String> {
    let known = "halt, ignore, overwrite";
    let Value::Text(word) = &node.value else {
        return Err(format!("expected one of {known}, found {}", node.value.kind()));
    };
    let found = POLICIES.iter().find(|(name, _)| name == word);
    found.map(|(_, policy)| *policy).ok_or_else(|| format!("expected one of {known}, found {word:?}"))
}
