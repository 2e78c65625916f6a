//! Closed forms: degenerate scenarios for which a formula is exact, simulated and compared with it.
//!
//! A scenario here is [`BASE`], in which nothing takes any time and nothing fails, with the few settings changed that the
//! formula is about. What is compared is a mean over runs, and the yardstick is its standard error, estimated from the same
//! runs: the two must agree within four of them, and one must be under 1 % of the value (where it is not, the test says
//! why). Seeds are fixed, so a test passes always or never. Each test says how many standard errors a plausible mistake in
//! the model would be off by, so that it is known to be able to fail.

#![expect(clippy::disallowed_macros, reason = "each test prints how close it came")]

mod data;
mod incidents;
mod names;
mod queueing;
mod two_primaries;

use firedrill::model::{Plan, RunOutcome, simulate};
use firedrill::scenario::{LoadOptions, Scenario};
use rayon::prelude::*;

/// Two regions, one geography whose sessions are one read each at the database of region `a`, one resolver, one checker.
/// No service time, no round trip, no limit, no incident.
const BASE: &str = r#"
name = "closed form"
study = { horizon = "60s", warmup = "0s", seed = 1, window = "1s" }
keys = { count = 1 }

[regions.a]
app      = { instances = 1, workers = 10000, service = "0s", queue_limit = 10000000 }
database = { connections = 1000000, read = "0s", write = "0s" }

[regions.b]
app      = { instances = 1, workers = 10000, service = "0s", queue_limit = 10000000 }
database = { connections = 1000000, read = "0s", write = "0s" }

[[links]]
between = ["a", "b"]
rtt     = "0s"

[geographies.here]
sessions             = { rate = 1.0 }
requests_per_session = 1
think_time           = "0s"
write_share          = 0.0
rtt                  = { a = "0s", b = "0s" }
resolvers            = { count = 1, skew = 0.0, rtt = "0s", foreign = 0.0 }
client               = { pin_share = 0.0, keepalive = "0s", tls_round_trips = 0, max_attempts = 1, backoff = "0s", patience = "1s" }

[dns]
answer_ttl    = "60s"
cname_ttl     = "never"
zone_rtt      = "0s"
gtm_rtt       = "0s"
publish_delay = "0s"
health_checks = { checkers = 1, interval = "60s", timeout = "5s", fall = 1, probe = "ping" }

[designs.only]
routing     = { policy = "failover", order = ["a", "b"] }
database    = { primary = "a", reads = "primary", endpoint = { via = "driver" } }
replication = { mode = "async", ship = "0s", apply = "0s" }
promotion   = { when = "never" }
"#;

/// [`BASE`] with settings changed (`KEY=VALUE`) and tables added, ready to run.
pub(crate) fn plan(settings: &[&str], added: &str) -> Plan {
    let overrides = settings.iter().map(|setting| setting.parse().expect("KEY=VALUE")).collect();
    let options = LoadOptions { overrides, ..LoadOptions::default() };
    match Scenario::parse(&format!("{BASE}{added}"), "closed-form.toml", &options) {
        Ok(loaded) => Plan::new(&loaded.scenario),
        Err(error) => panic!("{error}"),
    }
}

/// What `measure` makes of each of the runs 0, 1, 2, …
pub(crate) fn runs<T: Send>(plan: &Plan, count: u64, measure: impl Fn(&RunOutcome) -> T + Sync) -> Vec<T> {
    let run = |run| match simulate(plan, 0, run) {
        Ok(outcome) => measure(&outcome),
        Err(failure) => panic!("run {run}: {failure}"),
    };
    (0..count).into_par_iter().map(run).collect()
}

/// A mean over independent runs, and its standard error.
#[derive(Clone, Copy, Debug)]
struct Estimate {
    mean: f64,
    standard_error: f64,
}

impl Estimate {
    /// The mean of one value from each run.
    fn mean(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        Estimate { mean, standard_error: (squares / (count - 1.0) / count).sqrt() }
    }

    /// A ratio of two sums over the runs; its standard error to first order.
    fn ratio(pairs: &[(f64, f64)]) -> Self {
        let count = pairs.len() as f64;
        let above: f64 = pairs.iter().map(|pair| pair.0).sum();
        let below: f64 = pairs.iter().map(|pair| pair.1).sum();
        let ratio = above / below;
        let squares: f64 = pairs.iter().map(|(a, b)| (a - ratio * b) * (a - ratio * b)).sum();
        Estimate { mean: ratio, standard_error: (squares * count / (count - 1.0)).sqrt() / below }
    }

    /// Holds it against the exact value, and its standard error against a share of that.
    fn must_be(self, exact: f64, what: &str, widest: f64) {
        let off = (self.mean - exact) / self.standard_error;
        let relative = 100.0 * self.standard_error / exact;
        println!(
            "{what}: simulated {:.6}, exact {exact:.6}, off by {off:+.2} standard errors of {relative:.2} %",
            self.mean
        );
        assert!(off.abs() < 4.0, "{what}: simulated {}, exact {exact}: off by {off:.1} standard errors", self.mean);
        assert!(relative < 100.0 * widest, "{what}: a standard error of {relative:.2} % says too little");
    }

    /// The same, with a standard error under 1 %.
    fn must_be_near(self, exact: f64, what: &str) {
        self.must_be(exact, what, 0.01);
    }
}

/// Kolmogorov and Smirnov's test at the level 0.1 %: whether `values` may be drawn from the distribution function `cdf`.
fn must_be_distributed_as(values: &mut [f64], cdf: impl Fn(f64) -> f64, what: &str) {
    values.sort_by(f64::total_cmp);
    let count = values.len() as f64;
    let distance = |(place, value): (usize, &f64)| {
        let expected = cdf(*value);
        (expected - place as f64 / count).abs().max(((place + 1) as f64 / count - expected).abs())
    };
    let distance = values.iter().enumerate().map(distance).fold(0.0, f64::max);
    let scaled = distance * count.sqrt();
    println!("{what}: sqrt(n) D = {scaled:.2}");
    // Asymptotic critical value: 1.95 for 0.1 %.
    assert!(scaled < 1.95, "{what}: the distribution is another one, sqrt(n) D = {scaled:.2}");
}
