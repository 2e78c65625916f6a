//! Pools in a world in which nothing else takes time, and in which no visitor comes any more after a minute.

use super::Dice;
use super::values::delay;

/// The scenario of that tape.
pub(in super::super) fn pools(tape: &[u32]) -> String {
    let mut dice = Dice { tape: tape.iter() };
    let app = format!(
        "instances = {}, workers = {}, service = {}, hold_worker = {}",
        dice.from(1, 3),
        dice.from(1, 4),
        delay(&mut dice, 30),
        dice.one_of(&["true", "false"])
    );
    let database = format!("connections = {}, read = {}", dice.from(1, 6), delay(&mut dice, 20));
    scenario(&app, &database, dice.from(5, 60), dice.from(0, 999))
}

/// The same with constant services: two workers, one connection, and queues at both.
pub(in super::super) fn constant(hold_worker: &str) -> String {
    let app = format!("instances = 1, workers = 2, service = \"20ms\", hold_worker = {hold_worker}");
    scenario(&app, "connections = 1, read = \"3ms\"", 80, 1)
}

fn scenario(app: &str, database: &str, rate: u64, seed: u64) -> String {
    format!(
        r#"name = "pools"
study = {{ horizon = "600s", warmup = "0s", seed = {seed}, window = "5s" }}
regions.x.app = {{ {app}, queue_limit = 10000000 }}
regions.x.database = {{ {database}, write = "0s" }}
regions.y.app = {{ instances = 1, workers = 1, service = "0s", queue_limit = 10 }}
regions.y.database = {{ connections = 1, read = "0s", write = "0s" }}
[[links]]
between = ["x", "y"]
rtt = "0s"
[geographies.east]
sessions = {{ rate = {rate} }}
requests_per_session = 1
think_time = "0s"
write_share = 0.0
rtt = {{ x = "0s", y = "0s" }}
resolvers = {{ count = 1, rtt = "0s", foreign = 0.0 }}
client = {{ pin_share = 0.0, tls_round_trips = 0, max_attempts = 1, request_timeout = "250s", patience = "250s" }}
[dns]
zone_rtt = "0s"
gtm_rtt = "0s"
[designs.one]
routing = {{ policy = "failover", order = ["x", "y"] }}
database = {{ primary = "x", reads = "primary" }}
[[incidents]]
name = "nobody comes"
kind = "traffic-surge"
target = "east"
factor = 0.0
at = "60s"
lasts = "600s"
"#
    )
}
