//! What a scenario may ask for but this version does not have, and what there is instead.

/// Keys, by the table that they are in (`*` for names); an empty table name stands for the top of the file.
const KEYS: &[(&str, &str, &str)] = &[
    ("", "prices", "costs follow from instance-hours and cross-region bytes in the results"),
    ("regions.*.app", "hold_worker", "a worker is held while it waits for the database"),
    ("regions.*.app", "cold_start", "a region serves at full speed from the start"),
    ("geographies.*", "utc_offset", "sessions arrive at a constant rate"),
    ("geographies.*.sessions", "daily", "sessions arrive at a constant `rate`"),
    ("geographies.*.sessions", "profile", "sessions arrive at a constant `rate`"),
    ("geographies.*.sessions", "trace", "sessions arrive at a constant `rate`"),
    ("study", "starts_at", "sessions arrive at a constant rate at all hours"),
    ("geographies.*.client", "reresolve", "a failed connect does not evict the answer"),
    ("geographies.*.client", "leave", "a failed request does not end its session"),
    ("geographies.*.client", "retry_budget", "retries are limited by `max_attempts`"),
    ("geographies.*.client", "idempotent", "every commit of a request counts"),
    ("geographies.*.resolvers", "serve_stale", "resolvers honour the TTL, and answer nothing without an authority"),
    ("geographies.*.resolvers", "min_ttl", "resolvers honour the TTL; `client.pin_share` gives the long tail"),
    ("geographies.*.resolvers", "max_ttl", "resolvers honour the TTL"),
    ("geographies.*.resolvers", "failure_ttl", "resolvers do not cache failures"),
    ("dns", "addresses", "an answer carries one region"),
    ("designs.*.dns", "addresses", "an answer carries one region"),
    ("designs.*", "addresses", "an answer carries one region"),
    ("designs.*.routing", "addresses", "an answer carries one region"),
    ("designs.*.routing", "weights", "the policies are nearest and failover"),
    ("designs.*", "on_return", "what a lost primary had not shipped is discarded when it returns"),
    ("designs.*.promotion", "on_return", "what a lost primary had not shipped is discarded when it returns"),
    ("designs.*.promotion", "return_role", "the role of primary stays where it went"),
    ("designs.*.database", "return_role", "the role of primary stays where it went"),
    ("designs.*.replication", "conflicts", "one region takes all writes, so there are no conflicts"),
    ("incidents.*", "mode", "only region-outage, app-outage and database-outage have one; a dead authority is silent"),
    ("incidents.*", "share", "only an app-outage takes a share"),
    ("incidents.*", "storage", "the storage of a dead database survives"),
];

/// Values, by the key that they are given to.
const VALUES: &[(&str, &[&str], &str)] = &[
    ("designs.*.database.writes", &["multi-primary"], "`writes = \"single-primary\"` is what there is"),
    ("designs.*.routing.policy", &["weighted"], "the policies are nearest and failover"),
    ("designs.*.standby.kind", &["cold"], "the kinds are hot and warm; a warm one may be small"),
    ("designs.*.promotion.when", &["planned"], "a promotion is automatic, manual or never"),
    ("dns.when_all_down", &["servfail"], "when every region is down, the ordinary order is answered (\"default\")"),
    (
        "designs.*.dns.when_all_down",
        &["servfail"],
        "when every region is down, the ordinary order is answered (\"default\")",
    ),
];

/// What to say about `key` of the table `schema`, if it is one that this version does not have.
pub(super) fn key(schema: &str, key: &str) -> Option<String> {
    let (_, _, instead) = KEYS.iter().find(|(table, name, _)| *table == schema && *name == key)?;
    Some(format!("`{key}` is not in this version of Firedrill; {instead}"))
}

/// What to say about `word` as the value of the key `schema`, if it is one that this version does not have.
pub(super) fn value(schema: &str, word: &str) -> Option<String> {
    let (_, _, instead) = VALUES.iter().find(|(key, words, _)| *key == schema && words.contains(&word))?;
    Some(format!("{word:?} is not in this version of Firedrill; {instead}"))
}
