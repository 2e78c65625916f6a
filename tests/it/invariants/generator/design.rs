//! Designs.

use super::Dice;
use super::values::delay;
use super::world::seconds;

/// A design in parts.
#[derive(Clone)]
pub(super) struct Design {
    /// Keys that matter from the start of a run.
    always: String,
    /// Keys that matter only once something has failed.
    after_failures: String,
    /// Promotion of a replica to primary.
    promotion: String,
    kind: Kind,
}

/// Choices that the answers to failures depend on.
#[derive(Clone, Copy)]
struct Kind {
    has_standby: bool,
    writes: PrimaryIs,
    asks_names: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum PrimaryIs {
    /// There are two, and nobody is promoted.
    Everywhere,
    /// Its role moves when that is planned, which is no answer to anything.
    MovedByPlan,
    /// Its role moves after a failure.
    MovedAfterFailures,
}

impl Design {
    pub(super) fn text(&self) -> String {
        format!("{}{}{}", self.always, self.after_failures, self.promotion)
    }

    /// With the promotion of another design of its kind.
    pub(super) fn promoted_like(&self, other: &Design) -> String {
        format!("{}{}{}", self.always, self.after_failures, other.promotion)
    }
}

/// A design of a world in which perhaps nobody writes, so that the site may be a static one.
pub(super) fn design(dice: &mut Dice<'_>, nobody_writes: bool) -> Design {
    let (standby, has_standby) = match dice.from(0, 5) {
        2 => ("standby.region = \"y\"\nstandby.kind = \"cold\"\n", true),
        0 => ("standby.region = \"y\"\nstandby.kind = \"warm\"\nstandby.share = 0.4\n", true),
        1 => ("standby.region = \"y\"\nstandby.kind = \"hot\"\n", true),
        _ => ("", false),
    };
    let via = dice.one_of(&["dns", "driver"]);
    let writes = match dice.from(0, 7) {
        0 | 1 => PrimaryIs::Everywhere,
        2 | 3 => PrimaryIs::MovedByPlan,
        _ => PrimaryIs::MovedAfterFailures,
    };
    let data = if writes == PrimaryIs::Everywhere { two_primaries(dice) } else { one_primary(dice, nobody_writes) };
    let always = format!(
        "routing = {}\n{standby}\
         dns.answer_ttl = \"{}s\"\ndns.cname_ttl = {}\ndns.addresses = {}\n\
         dns.health_checks.checkers = {}\ndns.health_checks.interval = \"10s\"\ndns.health_checks.timeout = \"2s\"\n\
         dns.health_checks.probe = \"{}\"\n{data}database.endpoint.via = \"{via}\"\n",
        dice.one_of(&[
            "{ policy = \"nearest\" }",
            "{ policy = \"failover\", order = [\"x\", \"y\"] }",
            "{ policy = \"weighted\", weights = { x = 3, y = 1 } }",
            "{ policy = \"nearest\", orders = { east = [\"y\", \"x\"] } }",
        ]),
        dice.from(1, 60),
        dice.one_of(&["\"never\"", "\"60s\""]),
        dice.one_of(&["1", "2"]),
        dice.from(1, 5),
        dice.one_of(&["ping", "tcp", "http", "deep"]),
    );
    let kind = Kind { has_standby, writes, asks_names: via == "dns" };
    Design { always, after_failures: after_failures(dice, kind), promotion: promotion(dice, writes), kind }
}

/// `design` with another answer to failures.
pub(super) fn twin(dice: &mut Dice<'_>, design: &Design) -> Design {
    let after_failures = after_failures(dice, design.kind);
    let another = promotion(dice, design.kind.writes);
    let promotion = if design.kind.writes == PrimaryIs::MovedByPlan { design.promotion.clone() } else { another };
    Design { after_failures, promotion, ..design.clone() }
}

fn after_failures(dice: &mut Dice<'_>, kind: Kind) -> String {
    let mut text = format!(
        "failback = {}\ndns.publish_delay = {}\ndns.when_all_down = \"{}\"\n\
         dns.health_checks.fall = {}\ndns.health_checks.rise = {}\ndns.health_checks.quorum = {}\n",
        dice.one_of(&["{ when = \"automatic\" }", "{ when = \"automatic\", hold = \"30s\" }", "{ when = \"never\" }"]),
        dice.one_of(&["\"0s\"", "\"2s\""]),
        dice.one_of(&["default", "servfail"]),
        dice.from(1, 3),
        dice.from(1, 2),
        dice.one_of(&["0.0", "0.5"]),
    );
    let activation =
        format!("standby.activation = \"{}s\"\nstandby.refused = {}\n", dice.from(0, 60), dice.one_of(&["0.0", "0.3"]));
    let names = format!("database.endpoint.ttl = \"{}s\"\n", dice.from(1, 60));
    let driver = format!("database.endpoint.errors = {}\ndatabase.endpoint.retest = \"5s\"\n", dice.from(1, 3));
    if kind.has_standby {
        text += &activation;
    }
    text + if kind.asks_names { &names } else { &driver }
}

fn promotion(dice: &mut Dice<'_>, writes: PrimaryIs) -> String {
    let watching = dice.one_of(&[
        "watch = \"witness\"",
        "watch = \"replica\"",
        "watch = \"witness\", lease = \"5s\"",
        "fencing = true, watch = \"replica\"",
        "fencing = false",
    ]);
    let returning = dice.one_of(&[
        "on_return = \"discard\"",
        "on_return = \"reconcile\"",
        "on_return = \"reconcile\", return_role = \"60s\"",
        "return_role = \"never\"",
    ]);
    let duration = delay(dice, 10_000);
    let text = match (writes, dice.from(0, 3)) {
        (PrimaryIs::Everywhere, _) => return String::new(),
        (PrimaryIs::MovedByPlan, _) => {
            format!("when = \"planned\", at = \"{}s\", drain = {}", dice.from(60, 300), dice.one_of(&["true", "false"]))
        }
        (PrimaryIs::MovedAfterFailures, 0) => "when = \"never\"".to_owned(),
        (PrimaryIs::MovedAfterFailures, 1) => format!("when = \"manual\", decision = {}", seconds(dice, 30)),
        (PrimaryIs::MovedAfterFailures, _) => format!("when = \"automatic\", detect = \"{}s\"", dice.from(3, 30)),
    };
    format!("promotion = {{ {text}, duration = {duration}, {watching}, {returning} }}\n")
}

/// Two primaries: nobody is promoted, and commits wait for nobody.
fn two_primaries(dice: &mut Dice<'_>) -> String {
    format!(
        "database.writes = \"multi-primary\"\ndatabase.conflicts = {}\n\
         replication = {{ mode = \"async\", ship = {}, apply = {}{}{} }}\n",
        match dice.from(0, 4) {
            0 => "{ policy = \"last-writer-wins\" }".to_owned(),
            1 => "{ policy = \"overwrite\" }".to_owned(),
            2 => "{ policy = \"ignore\", at = { x = \"overwrite\", y = \"ignore\" } }".to_owned(),
            3 => "{ policy = \"overwrite\", at = { y = \"halt\" } }".to_owned(),
            _ => format!("{{ policy = \"halt\", repair = {} }}", seconds(dice, 20)),
        },
        delay(dice, 200),
        delay(dice, 5),
        dice.one_of(&WRITE_SIZES),
        dice.one_of(&PIPELINES),
    )
}

const WRITE_SIZES: [&str; 2] = ["", ", write_size = \"200B\""];

const PIPELINES: [&str; 5] = [
    "",
    ", lag_changes_every = \"0s\"",
    ", lag_changes_every = \"3s\", apply_rate = 200",
    ", poll = \"400ms\", apply_rate = \"unlimited\"",
    ", preset = \"dts\", poll = \"never\"",
];

/// A primary and its replica.
fn one_primary(dice: &mut Dice<'_>, nobody_writes: bool) -> String {
    format!(
        "{}database.primary = \"{}\"\ndatabase.reads = \"{}\"\nreplication = {{ mode = {}, ship = {}, apply = {}{}{} }}\n",
        dice.one_of(&["", "database.writes = \"single-primary\"\n"]),
        dice.one_of(&["x", "y"]),
        dice.one_of(if nobody_writes { &["local", "primary", "none"] } else { &["local", "primary"] }),
        dice.one_of(&[
            "\"async\"",
            "\"semi-sync\"",
            "\"semi-sync\", ack_timeout = \"1s\"",
            "\"sync\"",
            "\"sync\", eject_after = \"never\"",
            "\"sync\", eject_after = \"5s\"",
        ]),
        delay(dice, 200),
        delay(dice, 5),
        dice.one_of(&WRITE_SIZES),
        dice.one_of(&PIPELINES),
    )
}
