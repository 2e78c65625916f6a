//! What a scenario may ask for but this version does not have, and what there is instead.

/// Keys, by the table that they are in (`*` for names); an empty table name stands for the top of the file.
const KEYS: &[(&str, &str, &str)] = &[
    ("geographies.*.client", "idempotent", "every commit of a request counts"),
    ("incidents.*", "mode", "only region-outage, app-outage, database-outage and dns-outage have one"),
    ("incidents.*", "share", "only an app-outage takes a share"),
    ("incidents.*", "storage", "the storage of a dead database survives"),
];

/// What to say about `key` of the table `schema`, if it is one that this version does not have.
pub(super) fn key(schema: &str, key: &str) -> Option<String> {
    let (_, _, instead) = KEYS.iter().find(|(table, name, _)| *table == schema && *name == key)?;
    Some(format!("`{key}` is not in this version of Firedrill; {instead}"))
}
