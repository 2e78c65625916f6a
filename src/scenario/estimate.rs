//! What follows from a scenario by arithmetic alone: its window, its size, its fingerprint.

use sha2::{Digest, Sha256};

use super::{Design, Distribution, IncidentKind, Scenario};
use crate::units::SimDuration;

/// Lengths of window to choose from, in seconds.
const WINDOWS: [u64; 6] = [1, 2, 5, 10, 30, 60];
/// Requests that a window should see: with fewer, one failure can make it "down".
pub(crate) const REQUESTS_PER_WINDOW: f64 = 100.0;
/// Events of one request, as a rule of thumb: resolve, connect, send, queue, serve, call and answer of the database,
/// response, think, and the way of a write to the replica.
const EVENTS_PER_REQUEST: u64 = 10;
/// Events of one probe: its start and its end.
const EVENTS_PER_PROBE: f64 = 2.0;

impl Scenario {
    /// Requests expected per second over all geographies: session rate x mean requests per session.
    pub fn request_rate(&self) -> f64 {
        self.geographies.iter().map(|place| place.session_rate * mean_requests(&place.requests_per_session)).sum()
    }

    /// The default length of a window: the shortest of 1, 2, 5, 10, 30, 60 s in which 100 requests are expected, and
    /// 60 s if none is.
    pub fn default_window(&self) -> SimDuration {
        let rate = self.request_rate();
        let long_enough = |secs: &u64| rate * *secs as f64 >= REQUESTS_PER_WINDOW;
        SimDuration::from_secs(WINDOWS.into_iter().find(long_enough).unwrap_or(60))
    }

    /// The length of a window: as the file says, else [`default_window`](Self::default_window).
    pub fn window(&self) -> SimDuration {
        self.study.window.unwrap_or_else(|| self.default_window())
    }

    /// The longest patience of all clients.
    pub fn longest_patience(&self) -> SimDuration {
        self.geographies.iter().map(|place| place.client.patience).max().unwrap_or_default()
    }

    /// How many times as many sessions as usual start in the geography at `place` while all its surges act together.
    pub fn most_surge(&self, place: usize) -> f64 {
        let added = self.incidents.iter().map(|incident| match incident.kind {
            IncidentKind::TrafficSurge { geography, factor } if geography == place => (factor - 1.0).max(0.0),
            _ => 0.0,
        });
        1.0 + added.sum::<f64>()
    }

    /// Requests expected in the whole study: rate x horizon x runs x designs.
    pub fn estimated_requests(&self) -> u64 {
        let per_run = self.request_rate() * self.study.horizon.as_secs_f64();
        (per_run * self.study.runs as f64 * self.designs.len() as f64).ceil() as u64
    }

    /// Events expected in the whole study, to the order of magnitude: ten per request, two per probe of a health check.
    pub fn estimated_events(&self) -> u64 {
        let probes_per_run = |design: &Design| {
            let checks = &design.dns.health_checks;
            let rounds = self.study.horizon.as_secs_f64() / checks.interval.as_secs_f64();
            2.0 * f64::from(checks.checkers) * rounds
        };
        let probes = self.designs.iter().map(probes_per_run).sum::<f64>() * self.study.runs as f64;
        self.estimated_requests()
            .saturating_mul(EVENTS_PER_REQUEST)
            .saturating_add((probes * EVENTS_PER_PROBE).ceil() as u64)
    }

    /// SHA-256 of the checked scenario, in hexadecimal: the same for two files that differ in comments, white space, the
    /// order of keys or defaults written out.
    pub fn hash(&self) -> String {
        let text = serde_json::to_string(self).expect("a scenario is plain data with text keys");
        let digest = Sha256::digest(text.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Mean requests of a session; each has at least one.
fn mean_requests(requests: &Distribution) -> f64 {
    requests.mean().max(1.0)
}
