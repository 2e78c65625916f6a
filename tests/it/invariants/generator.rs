//! Scenarios drawn over the whole format: small and large servers, all modes, probes and kinds of incident.
//!
//! A scenario is made from a tape of numbers, one for each choice. Where a property fails, proptest makes the numbers smaller,
//! and a smaller number is a plainer choice (the first of a list, the least of a range), so that the scenario that is
//! printed holds little beyond what matters.

/// Length of a run.
pub(super) const HORIZON_S: u64 = 480;

/// How long every visitor is patient.
pub(super) const PATIENCE_S: u64 = 20;

/// Enough numbers for all choices of the longest scenario.
pub(super) const TAPE: usize = 200;

/// Choices that depend on nothing but a tape of numbers.
struct Dice<'a> {
    tape: std::slice::Iter<'a, u32>,
}

impl Dice<'_> {
    fn next(&mut self) -> u64 {
        u64::from(*self.tape.next().expect("a tape that is long enough"))
    }

    /// A whole number from `low` to `high`.
    fn from(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }

    fn one_of<'b>(&mut self, choices: &[&'b str]) -> &'b str {
        choices[self.from(0, choices.len() as u64 - 1) as usize]
    }
}

/// Sessions with a daily profile, which is level.
const DAILY: &str = "daily_mean = 1.0, profile = [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]";

/// How much the servers can take.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Capacity {
    Ample,
    Any,
}

/// A scenario as text, in parts.
pub(super) struct Generated {
    /// World and designs.
    pub(super) quiet: String,
    /// One more design: the first, with another promotion.
    pub(super) twin: String,
    incidents: String,
}

impl Generated {
    /// The scenario of that tape.
    pub(super) fn new(tape: &[u32], capacity: Capacity) -> Self {
        let mut dice = Dice { tape: tape.iter() };
        let mut quiet = format!(
            "name = \"generated\"\nstudy = {{ horizon = \"{HORIZON_S}s\", warmup = \"30s\", seed = {}, window = \"5s\" }}\n\
             keys = {{ count = {}, skew = 0.9, size = \"100kB\" }}\n",
            dice.from(0, 999),
            dice.from(1, 200)
        );
        quiet += &world(&mut dice, capacity);
        let first = design(&mut dice);
        quiet += &format!("[designs.one]\n{first}[designs.two]\n{}", design(&mut dice));
        // Where there are two primaries nobody promotes, and a planned switch-over is no answer to anything: a twin is the same.
        let twin = match first.split_once("promotion =") {
            Some((common, _)) if !first.contains("\"planned\"") => {
                format!("[designs.twin]\n{common}promotion = {{ when = \"automatic\", detect = \"7s\" }}\n")
            }
            _ => format!("[designs.twin]\n{first}"),
        };
        let mut incidents = String::new();
        for place in 0..dice.from(1, 4) {
            incidents += &incident(&mut dice, place);
        }
        Generated { quiet, twin, incidents }
    }

    /// World, designs and incidents.
    pub(super) fn text(&self) -> String {
        format!("{}{}", self.quiet, self.incidents)
    }
}

fn world(dice: &mut Dice, capacity: Capacity) -> String {
    let mut text = String::new();
    for region in ["x", "y"] {
        let (workers, queue, connections) = match capacity {
            Capacity::Ample => (200, 10_000, 1_000),
            Capacity::Any => (dice.from(1, 4), dice.from(0, 12), dice.from(1, 6)),
        };
        text += &format!(
            "[regions.{region}]\n\
             app = {{ instances = {}, workers = {workers}, service = {}, queue_limit = {queue}, \
             hold_worker = {}{} }}\n\
             database = {{ connections = {connections}, read = \"2ms\", write = {}, timeout = \"{}s\", connect_timeout = \"{}s\" }}\n",
            dice.from(1, 3),
            dice.one_of(&["\"0s\"", "\"20ms\"", r#"{ dist = "exponential", mean = "40ms" }"#]),
            dice.one_of(&["true", "true", "false"]),
            dice.one_of(&["", ", cold_start = { factor = 5, lasts = \"60s\" }"]),
            dice.one_of(&["\"0s\"", r#"{ dist = "exponential", mean = "5ms" }"#]),
            // Receipts may take seconds, as below.
            if capacity == Capacity::Ample { 30 } else { dice.from(2, 30) },
            dice.from(1, 4),
        );
    }
    text += &format!(
        "[[links]]\nbetween = [\"x\", \"y\"]\nrtt = {}\nbandwidth = {}\n",
        dice.one_of(&["\"0s\"", "\"120ms\"", r#"{ dist = "uniform", low = "20ms", high = "200ms" }"#]),
        match capacity {
            Capacity::Ample => "\"unlimited\"",
            Capacity::Any => dice.one_of(&["\"unlimited\"", "\"8kB/s\""]),
        }
    );
    for (geography, near, far) in [("east", "x", "y"), ("west", "y", "x")] {
        text += &format!(
            "[geographies.{geography}]\n\
             sessions = {{ {} }}\nrequests_per_session = {}\nthink_time = {}\nwrite_share = {}\n\
             rtt = {{ {near} = {}, {far} = \"150ms\" }}\n\
             resolvers = {{ count = {}, foreign = {}{} }}\n\
             client = {{ pin_share = {}, keepalive = {}, tls_round_trips = {}, max_attempts = {}, backoff = {}{}, reqs }}\n",
            dice.one_of(&["rate = 0.5", "rate = 2.0", DAILY]),
            dice.one_of(&["1", r#"{ dist = "geometric", mean = 4 }"#]),
            dice.one_of(&["\"0s\"", "\"2s\"", r#"{ dist = "exponential", mean = "8s" }"#]),
            dice.one_of(&["0.0", "0.3", "1.0"]),
            dice.one_of(&["\"0s\"", "\"30ms\"", r#"{ dist = "exponential", mean = "30ms" }"#]),
            dice.from(1, 20),
            dice.one_of(&["0.0", "0.2"]),
            dice.one_of(&[
                "",
                ", min_ttl = \"20s\"",
                ", max_ttl = \"10s\", failure_ttl = \"5s\"",
                ", serve_stale = true",
            ]),
            dice.one_of(&["0.0", "0.2"]),
            dice.one_of(&["\"0s\"", "\"60s\"", "\"60s\""]),
            dice.from(0, 2),
            dice.from(1, 4),
            dice.one_of(&["\"0s\"", "\"200ms\""]),
            dice.one_of(&[
                "",
                ", idempotent = true",
                ", reresolve = true, leave = 0.5",
                ", retry_budget = 0.1",
                ", retransmit_for = \"0s\"",
            ]),
        )
        .replace(
            "reqs",
            &format!(
                "request_timeout = {}, patience = \"{PATIENCE_S}s\"",
                // A receipt may take seconds where commits wait for the slowest before them.
                if capacity == Capacity::Ample { "\"10s\"" } else { dice.one_of(&["\"3s\"", "\"10s\""]) }
            ),
        );
    }
    text
}

fn design(dice: &mut Dice) -> String {
    let standby = match dice.from(0, 5) {
        2 => "standby = { region = \"y\", kind = \"cold\", activation = \"30s\", refused = 0.3 }\n",
        0 => "standby = { region = \"y\", kind = \"warm\", share = 0.4, activation = \"40s\" }\n",
        1 => "standby = { region = \"y\", kind = \"hot\" }\n",
        _ => "",
    };
    let watching = dice.one_of(&["watch = \"witness\"", "watch = \"replica\"", "watch = \"witness\", lease = \"5s\""]);
    let promotion = match dice.from(0, 3) {
        0 => "when = \"never\"".to_owned(),
        2 => format!(
            "when = \"planned\", at = \"{}s\", duration = \"5s\", drain = {}",
            dice.from(60, 300),
            dice.one_of(&["true", "false"])
        ),
        1 => format!(
            "when = \"manual\", decision = {{ dist = \"exponential\", mean = \"30s\" }}, duration = \"10s\", {watching}"
        ),
        _ => format!(
            "when = \"automatic\", detect = \"{}s\", duration = \"10s\", {watching}, {}",
            dice.from(3, 30),
            dice.one_of(&[
                "on_return = \"discard\"",
                "on_return = \"reconcile\", fencing = false",
                "on_return = \"reconcile\", return_role = \"60s\"",
            ])
        ),
    };
    let data = if dice.from(0, 3) == 0 { two_primaries(dice) } else { one_primary(dice, &promotion) };
    format!(
        "routing = {}\nfailback = {}\n{standby}\
         dns = {{ answer_ttl = \"{}s\", cname_ttl = {}, publish_delay = {}{}, \
         health_checks = {{ checkers = {}, interval = \"10s\", timeout = \"2s\", fall = {}, rise = {}, quorum = {}, probe = \"{}\" }} }}\n{data}",
        dice.one_of(&[
            "{ policy = \"nearest\" }",
            "{ policy = \"failover\", order = [\"x\", \"y\"] }",
            "{ policy = \"weighted\", weights = { x = 3, y = 1 } }",
        ]),
        dice.one_of(&["{ when = \"automatic\" }", "{ when = \"automatic\", hold = \"30s\" }", "{ when = \"never\" }"]),
        dice.from(1, 60),
        dice.one_of(&["\"never\"", "\"60s\""]),
        dice.one_of(&["\"0s\"", "\"2s\""]),
        dice.one_of(&["", ", addresses = 2", ", when_all_down = \"servfail\""]),
        dice.from(1, 5),
        dice.from(1, 3),
        dice.from(1, 2),
        dice.one_of(&["0.0", "0.5"]),
        dice.one_of(&["ping", "tcp", "http", "deep"]),
    )
}

/// Two primaries: nobody is promoted, and commits wait for nobody.
fn two_primaries(dice: &mut Dice) -> String {
    format!(
        "database = {{ writes = \"multi-primary\", conflicts = {}, endpoint = {} }}\n\
         replication = {{ ship = {}, apply = {} }}\n",
        dice.one_of(&[
            "{ policy = \"last-writer-wins\" }",
            "{ policy = \"overwrite\" }",
            "{ policy = \"ignore\", at = { x = \"overwrite\" } }",
            "{ policy = \"halt\", repair = \"20s\" }",
        ]),
        dice.one_of(&ENDPOINTS),
        dice.one_of(&SHIP),
        dice.one_of(&["\"0s\"", "\"5ms\""]),
    )
}

const ENDPOINTS: [&str; 2] = ["{ via = \"dns\" }", "{ via = \"driver\", errors = 2, retest = \"5s\" }"];

const SHIP: [&str; 3] = ["\"0s\"", "\"300ms\"", r#"{ dist = "exponential", mean = "200ms" }"#];

/// A primary and its replica.
fn one_primary(dice: &mut Dice, promotion: &str) -> String {
    format!(
        "database = {{ primary = \"{}\", reads = \"{}\", endpoint = {} }}\n\
         replication = {{ mode = {}, ship = {}, apply = {} }}\npromotion = {{ {promotion} }}\n",
        dice.one_of(&["x", "y"]),
        dice.one_of(&["local", "primary"]),
        dice.one_of(&ENDPOINTS),
        dice.one_of(&[
            "\"async\"",
            "\"semi-sync\"",
            "\"semi-sync\", ack_timeout = \"1s\"",
            "\"sync\"",
            "\"sync\"",
            "\"sync\", eject_after = \"5s\"",
        ]),
        dice.one_of(&SHIP),
        dice.one_of(&["\"0s\"", "\"5ms\""]),
    )
}

fn incident(dice: &mut Dice, place: u64) -> String {
    let kind = dice.one_of(&[
        "region-outage",
        "region-isolation",
        "app-outage",
        "database-outage",
        "database-outage",
        "region-outage",
        "link-partition",
        "dns-outage",
        "link-slow",
        "replication-stall",
        "path-outage",
        "checker-outage",
        "gray",
        "control-plane-outage",
        "traffic-surge",
    ]);
    let region = dice.one_of(&["x", "y"]);
    let geography = dice.one_of(&["east", "west"]);
    let target = match kind {
        "link-partition" | "replication-stall" => String::new(),
        "control-plane-outage" => dice.one_of(&["", "target = \"x\"\n", "fails = 0.5\n"]).to_owned(),
        "region-isolation" => format!("target = \"{region}\"\n"),
        "link-slow" => "delay = \"300ms\"\n".to_owned(),
        "dns-outage" => format!("target = \"{}\"\n", dice.one_of(&["gtm", "zone", "east"])),
        "path-outage" | "checker-outage" => format!("target = \"{geography}\"\nregion = \"{region}\"\n"),
        "gray" => format!(
            "target = \"{region}\"\nfactor = {}\nerrors = {}\n",
            dice.one_of(&["3.0", "100.0"]),
            dice.one_of(&["0.0", "0.5"])
        ),
        "traffic-surge" => {
            format!("target = \"{geography}\"\nfactor = {}\n", dice.one_of(&["0.0", "0.5", "4.0"]))
        }
        _ => {
            let share = if kind == "app-outage" { dice.one_of(&["", "share = 0.4\n", "share = 0.7\n"]) } else { "" };
            let storage = if kind == "database-outage" { dice.one_of(&["", "storage = \"destroyed\"\n"]) } else { "" };
            format!("target = \"{region}\"\nmode = \"{}\"\n{share}{storage}", dice.one_of(&["blackhole", "refuse"]))
        }
    };
    let schedule = if dice.from(0, 2) == 0 {
        "every = { dist = \"exponential\", mean = \"90s\" }\nlasts = { dist = \"exponential\", mean = \"20s\" }\n"
            .to_owned()
    } else {
        let lasts = match dice.from(0, 2) {
            0 => HORIZON_S,
            _ => dice.from(1, 200),
        };
        format!("at = \"{}s\"\nlasts = \"{lasts}s\"\n", dice.from(60, 400))
    };
    format!("[[incidents]]\nname = \"number {place}\"\nkind = \"{kind}\"\n{target}{schedule}")
}
