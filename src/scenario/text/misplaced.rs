//! Words for a key that belongs to incidents of another kind.

/// Keys of incidents, and which kinds take them.
const KEYS: &[(&str, &str)] = &[
    ("mode", "only region-outage, app-outage, database-outage and dns-outage have one"),
    ("share", "only an app-outage takes a share"),
    ("storage", "only a database-outage can destroy it"),
];

/// Returns the words for `key` of the table `schema`, if it is one that some other kind of incident takes.
pub(in crate::scenario) fn key(schema: &str, key: &str) -> Option<String> {
    let (_, instead) = KEYS.iter().find(|(name, _)| schema == "incidents.*" && *name == key)?;
    Some(format!("an incident of this kind has no `{key}`; {instead}"))
}
