//! The degenerate scenario that every closed form starts from, and its runs.

use rayon::prelude::*;
use thiserror::Error;

use crate::model::{Plan, RunFailure, RunOutcome, Timing, simulate};
use crate::scenario::{LoadError, LoadOptions, Override, OverrideError, Scenario};

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

/// Reason why nothing could be compared. Each is a defect of the simulator.
#[derive(Debug, Error)]
pub enum Failure {
    /// The degenerate scenario was refused.
    #[error("a closed form's scenario was refused, please report it")]
    Scenario(#[from] LoadError),
    /// A setting of it was not understood.
    #[error("a closed form's setting was refused, please report it")]
    Setting(#[from] OverrideError),
    /// A run had no outcome.
    #[error("run {run} of a closed form failed, please report it")]
    Run {
        /// Number of the run.
        run: u64,
        /// Failure of the run.
        #[source]
        failure: RunFailure,
    },
}

/// The degenerate scenario with `settings` (each `KEY=VALUE`) changed and `added` (TOML) appended, ready to run.
///
/// # Errors
/// If that is no scenario.
pub fn plan(settings: &[&str], added: &str) -> Result<Plan, Failure> {
    let overrides = settings.iter().map(|setting| setting.parse::<Override>()).collect::<Result<_, _>>()?;
    let options = LoadOptions { overrides, allow_outside: true, ..LoadOptions::default() };
    let loaded = Scenario::parse(&format!("{BASE}{added}"), "closed-form.toml", &options)?;
    Ok(Plan::new(&loaded.scenario))
}

/// Returns `measure` of each of the runs 0, 1, 2, … of the first design.
///
/// # Errors
/// If a run has no outcome.
pub fn runs<T: Send>(plan: &Plan, count: u64, measure: impl Fn(&RunOutcome) -> T + Sync) -> Result<Vec<T>, Failure> {
    let run = |run| match simulate(plan, 0, run) {
        Ok(outcome) => Ok(measure(&outcome)),
        Err(failure) => Err(Failure::Run { run, failure }),
    };
    (0..count).into_par_iter().map(run).collect()
}

/// Seconds until something happened; infinity if it did not, so that no comparison with it holds.
pub(super) fn seconds(timing: Timing) -> f64 {
    match timing {
        Timing::After(time) => time.as_secs_f64(),
        Timing::NotApplicable | Timing::Censored | Timing::CensoredAt(_) => f64::INFINITY,
    }
}
