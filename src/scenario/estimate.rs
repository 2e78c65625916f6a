//! Derives from a scenario what follows by arithmetic alone: its window, its fingerprint.

use sha2::{Digest, Sha256};

use super::distribution::Distribution;
use super::geography::Geography;
use super::whole::Scenario;
use crate::units::SimDuration;

/// Lengths of window to choose from, in seconds.
const WINDOWS: [u64; 6] = [1, 2, 5, 10, 30, 60];
/// Requests that a window should see: with fewer, one failure can make it "down".
pub(crate) const REQUESTS_PER_WINDOW: f64 = 100.0;

impl Scenario {
    /// Requests expected per second over all geographies: session rate x mean requests per session, and those of clients that never
    /// leave.
    pub fn request_rate(&self) -> f64 {
        self.geographies.iter().map(request_rate).sum()
    }

    /// Writes expected in a second, over all geographies.
    pub fn write_rate(&self) -> f64 {
        self.geographies.iter().map(|place| request_rate(place) * place.write_share).sum()
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

    /// SHA-256 of the checked scenario, in hexadecimal: the same for two files that differ in comments, white space, the
    /// order of keys or defaults written out.
    pub fn hash(&self) -> String {
        let text = serde_json::to_string(self).expect("a scenario is plain data with text keys");
        let digest = Sha256::digest(text.as_bytes());
        digest.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Requests expected per second of a geography.
fn request_rate(place: &Geography) -> f64 {
    place.session_rate * mean_requests(&place.requests_per_session) + place.service_request_rate()
}

/// Mean requests of a session; each has at least one.
fn mean_requests(requests: &Distribution) -> f64 {
    requests.mean().max(1.0)
}
