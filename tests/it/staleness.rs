//! Stale reads: own writes that are lost, and versions that conflicts throw away or that are merged back.

use firedrill::model::{Plan, simulate};
use firedrill::scenario::{LoadOptions, Scenario};

use crate::data::{CUT, WORLD, total};
use crate::support::scratch;

/// Sessions of 400 requests read at b and write at a, over a stream that takes 10 s. At 4 min a dies, and b is promoted 10 s later.
const OWN_WRITES: &str = r#"
name  = "own"
study = { horizon = "8m", warmup = "4m30s", seed = 3 }
keys  = { count = 20, skew = 0.0 }

[regions.a]
app      = { instances = 4, workers = 16, service = "10ms", queue_limit = 200 }
database = { connections = 32, read = "2ms", write = "4ms" }

[regions.b]
app      = { instances = 4, workers = 16, service = "10ms", queue_limit = 200 }
database = { connections = 32, read = "2ms", write = "4ms" }

[[links]]
between = ["a", "b"]
rtt     = "160ms"

[geographies.here]
sessions             = { rate = 0.05 }
requests_per_session = 400
think_time           = "1s"
write_share          = 0.1
rtt                  = { a = "170ms", b = "25ms" }

[designs.only]
routing     = { policy = "nearest" }
database    = { primary = "a", reads = "local", endpoint = { via = "driver" } }
replication = { mode = "async", ship = "10s" }
promotion   = { when = "automatic", detect = "5s", duration = "5s" }

[[incidents]]
name   = "death"
kind   = "database-outage"
target = "a"
at     = "4m"
lasts  = "3m"
"#;

// A session makes 0.96 requests in a second, and there are 0.05 t sessions after t seconds: 0.0048 t writes in a second, 0.00024 t of
// each key. So 11.3 writes of the last 10 s are lost. Of these, exp(-0.00012 (270^2 - 251^2)) = 30 % have not been written anew when
// measured time begins, 20 s after the promotion. From then on a session reads one of the 20 keys 0.043 times in a second, until
// somebody writes it, 0.065 times in a second and more and more often: 0.6 reads. 11.3 x 0.30 x 0.6 = 2.0 reads in a run.
//
// Sixty lines that draw the same sessions and count by the same rule, with nothing of this program, give 2.2 +- 0.1. They give 3.8
// where writes are taken only 10 s after the promotion, by a driver that looks for the new primary at its next test: then 53 %
// have not been written anew. That is not the contract, by which a write that is refused as read-only makes the driver look.
#[test]
fn a_session_misses_its_own_lost_write_until_somebody_writes_the_key_anew() {
    let loaded = Scenario::parse(OWN_WRITES, "own.toml", &LoadOptions::default()).unwrap();
    let plan = Plan::new(&loaded.scenario);
    let runs = 200;
    let (mut lost, mut missed, mut stale) = (0, 0, 0);
    for run in 0..runs {
        let outcome = simulate(&plan, 0, run).unwrap();
        lost += total(&outcome, |tally| tally.lost);
        missed += outcome.visitors[0][0].own_writes_missed;
        stale += outcome.visitors[0][0].stale_reads;
    }
    let per_run = |count: u64| count as f64 / runs as f64;
    assert!((10.0..12.5).contains(&per_run(lost)), "{} writes lost in a run", per_run(lost));
    assert!((1.5..2.6).contains(&per_run(missed)), "{} own writes missed in a run", per_run(missed));
    assert_eq!(stale, 0, "versions that are lost make no read stale");
}

/// Stale reads at b, where the only key is read, while it is written in region a and in region b, at such times in seconds.
fn stale_reads_at_b([a_writes, b_writes, reads]: [&str; 3], design: &str) -> u64 {
    let folder = scratch();
    for (name, rows) in [("a.csv", a_writes), ("b.csv", b_writes), ("reads.csv", reads)] {
        std::fs::write(folder.path().join(name), format!("time_s\n{rows}\n")).unwrap();
    }
    let visitors = |name: &str, trace: &str, write_share: u32, [a, b]: [&str; 2]| {
        let trace = folder.path().join(trace).display().to_string();
        format!(
            r#"
[geographies.{name}]
sessions             = {{ trace = {trace:?} }}
requests_per_session = 1
think_time           = "1s"
write_share          = {write_share}
rtt                  = {{ a = "{a}", b = "{b}" }}
resolvers            = {{ foreign = 0 }}
client               = {{ pin_share = 0.0 }}
"#
        )
    };
    let (world, _) = WORLD.split_once("[geographies.west]").expect("geographies");
    let world = world.replace("count = 200", "count = 1").replace("warmup = \"10s\"", "warmup = \"0s\"");
    let text = [
        world,
        visitors("west", "a.csv", 1, ["20ms", "200ms"]),
        visitors("east", "b.csv", 1, ["200ms", "20ms"]),
        visitors("readers", "reads.csv", 0, ["200ms", "20ms"]),
        design.to_owned(),
    ]
    .concat();
    // The traces are in a temporary folder.
    let options = LoadOptions { allow_outside: true, ..LoadOptions::default() };
    let loaded = Scenario::parse(&text, "data.toml", &options).unwrap_or_else(|error| panic!("{error}"));
    let outcome = simulate(&Plan::new(&loaded.scenario), 0, 0).unwrap();
    outcome.visitors.iter().map(|tallies| tallies[0].stale_reads).sum()
}

/// Stale reads at b at 12 s and at 16 s. Both are primaries, and what one has written comes to the other 10 s later.
fn stale_under(a_writes: &str, b_writes: &str, conflicts: &str) -> u64 {
    let design = format!(
        r#"
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ writes = "multi-primary", conflicts = {conflicts} }}
replication = {{ mode = "async", ship = "10s" }}
"#
    );
    stale_reads_at_b([a_writes, b_writes, "12\n16"], &design)
}

// Region a's write at 10 s is on its way to b until 20 s, so that both reads miss it. Whether they are stale hangs on what becomes of
// it when b has written the key meanwhile: after the first read, and without having seen it.
#[test]
fn a_version_that_a_conflict_throws_away_makes_no_read_stale_even_if_that_happens_after_the_read() {
    let of = |b_writes, conflicts: &str| stale_under("10", b_writes, conflicts);
    assert_eq!(of("100", r#"{ policy = "last-writer-wins" }"#), 2, "nothing to conflict with");
    assert_eq!(of("14", r#"{ policy = "last-writer-wins" }"#), 0, "b wrote last");
    assert_eq!(of("14", r#"{ policy = "ignore" }"#), 0, "b keeps its own");
    assert_eq!(of("14", r#"{ policy = "ignore", at = { a = "overwrite" } }"#), 0, "and a takes it over");
    assert_eq!(of("14", r#"{ policy = "halt", repair = "1s" }"#), 0, "the operator keeps the row that is there");
    assert_eq!(of("14", r#"{ policy = "halt", repair = "1h" }"#), 0, "so he will after the horizon");
    assert_eq!(of("14", r#"{ policy = "overwrite" }"#), 2, "it comes to b, and stays there");
    assert_eq!(of("14", r#"{ policy = "ignore", at = { b = "overwrite" } }"#), 2, "it stays everywhere");
}

// Now b has written at 10 s, and a at 14 s without having seen it: the second read alone can miss that.
#[test]
fn a_version_that_had_not_seen_an_earlier_one_makes_a_read_stale_only_if_it_stays() {
    let of = |conflicts: &str| stale_under("14", "10", conflicts);
    assert_eq!(of(r#"{ policy = "last-writer-wins" }"#), 1, "a wrote last");
    assert_eq!(of(r#"{ policy = "ignore" }"#), 0, "b keeps its own");
    assert_eq!(of(r#"{ policy = "ignore", at = { b = "overwrite" } }"#), 1, "it stays everywhere");
}

// The write at 58 s takes 10 s to b, but the link is cut at 60 s, and b is promoted at 75 s. It is missed before the promotion and
// after it, and comes when the link heals at 180 s; if the key has not been written meanwhile, and unless it is discarded.
#[test]
fn a_version_that_is_merged_back_makes_the_reads_stale_that_missed_it() {
    let of = |b_writes: &str, on_return: &str| {
        let design = format!(
            r#"
[designs.only]
routing     = {{ policy = "nearest" }}
database    = {{ primary = "a", endpoint = {{ via = "dns", ttl = "1s" }} }}
replication = {{ mode = "async", ship = "10s" }}
promotion   = {{ when = "automatic", detect = "10s", duration = "5s", watch = "replica", fencing = false, on_return = "{on_return}" }}
{CUT}"#
        );
        stale_reads_at_b(["58", b_writes, "59\n100"], &design)
    };
    assert_eq!(of("200", "reconcile"), 2);
    assert_eq!(of("120", "reconcile"), 0, "it conflicts with what b has written meanwhile");
    assert_eq!(of("200", "discard"), 0);
}
