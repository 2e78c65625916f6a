//! Traffic that a scenario expects: enough of it in each window, and some of it while something goes wrong.
//!
//! Each finding is a fact with its sentence, for warnings and for reports. Left out: surges, which add or thin sessions while
//! they last.

use std::fmt;

use super::geography::Geography;
use super::incident::Schedule;
use super::sessions::Sessions;
use super::whole::Scenario;
use crate::units::SimDuration;
use crate::units::words::{at_least, counted, duration, share};

/// Failures that a window must be able to hold at its threshold: with fewer, single ones decide.
const FAILURES_NEEDED: f64 = 10.0;

/// Room for the rounding of a quotient.
const ROUNDING: f64 = 1e-9;

/// Returns how many requests a window must be expected to hold so that ten of them may fail at `threshold`; infinite at a
/// threshold of 1.
pub fn requests_needed(threshold: f64) -> f64 {
    FAILURES_NEEDED / (1.0 - threshold)
}

/// Windows of the study that hold too few requests for its service level.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SparseWindows {
    /// Length of a window.
    pub window: SimDuration,
    /// Requests expected in it.
    pub requests: f64,
    /// Requests that it would have to hold.
    pub needed: f64,
    /// Service level.
    pub slo: f64,
}

impl fmt::Display for SparseWindows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requests = at_least(self.requests, 3);
        let plural = if requests == "1" { "" } else { "s" };
        let slo = share(self.slo);
        write!(out, "windows of {} hold {requests} request{plural}", duration(self.window.as_secs_f64()))?;
        if self.needed.is_finite() {
            write!(out, ", and an SLO of {slo} needs {:.0}", self.needed)?;
        } else {
            write!(out, ", and at an SLO of {slo} a single failure makes one count")?;
        }
        write!(out, ": downtime depends on how many ask, and windows without any count as up")
    }
}

/// A trace whose sessions end long before the run does.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceEnd {
    /// Name of the geography.
    pub geography: String,
    /// Name of the file.
    pub file: String,
    /// Time at which its last session starts.
    pub last: SimDuration,
    /// Length of the run.
    pub horizon: SimDuration,
}

impl fmt::Display for TraceEnd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TraceEnd { geography, file, last, horizon } = self;
        let (last, horizon) = (duration(last.as_secs_f64()), duration(horizon.as_secs_f64()));
        write!(out, "{file} ends at {last} of {horizon}; no session of {geography:?} starts after that")
    }
}

/// Rows of a trace that the run does not reach.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceBeyond {
    /// Name of the geography.
    pub geography: String,
    /// Name of the file.
    pub file: String,
    /// Sessions that would start at the horizon or later.
    pub sessions: u64,
    /// Sessions of the whole file.
    pub all: u64,
    /// Length of the run.
    pub horizon: SimDuration,
}

impl fmt::Display for TraceBeyond {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TraceBeyond { file, sessions, all, .. } = self;
        let horizon = duration(self.horizon.as_secs_f64());
        let (all, verb) = (counted(*all, "session"), if *sessions == 1 { "is" } else { "are" });
        write!(out, "{file} goes on beyond the horizon of {horizon}; {sessions} of its {all} {verb} left out")
    }
}

/// An incident that hardly any visitor can meet.
#[derive(Clone, Debug, PartialEq)]
pub struct HardlySeen {
    /// Place of the incident in the file.
    pub incident: usize,
    /// Its name.
    pub name: String,
    /// Time at which it happens, if that is known before a run.
    pub at: Option<SimDuration>,
    /// From when to when no session starts, in seconds: a session's mean length before the incident, to its mean end.
    pub quiet_s: [f64; 2],
    /// Time at which the last session of the run starts, if all of them start earlier.
    pub last: Option<SimDuration>,
    /// Name of the geography that it concerns, if it concerns only one.
    pub geography: Option<String>,
}

impl fmt::Display for HardlySeen {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whose = self.geography.as_ref().map(|name| format!(" of {name:?}")).unwrap_or_default();
        match self.last {
            Some(last) => write!(out, "no session{whose} starts after {}", duration(last.as_secs_f64()))?,
            None => {
                let [from, to] = self.quiet_s.map(duration);
                write!(out, "no session{whose} starts from {from} to {to}")?;
            }
        }
        let at = self.at.map(|at| format!(" at {}", duration(at.as_secs_f64()))).unwrap_or_default();
        write!(out, ", so that incident {:?}{at} is hardly seen", self.name)
    }
}

impl Scenario {
    /// Returns what is said of windows that hold fewer requests than [`requests_needed`] at the service level.
    pub fn sparse_windows(&self) -> Option<SparseWindows> {
        let (window, slo) = (self.window(), self.study.slo);
        let requests = self.request_rate() * window.as_secs_f64();
        let needed = requests_needed(slo);
        let is_sparse = requests < needed * (1.0 - ROUNDING);
        is_sparse.then_some(SparseWindows { window, requests, needed, slo })
    }

    /// Returns the traces that fall silent before measured time ends, for longer than between any two of their sessions.
    pub fn early_ends(&self) -> Vec<TraceEnd> {
        let horizon = self.study.horizon;
        let measured_to = horizon - self.longest_patience().min(horizon);
        let ends = self.geographies.iter().filter_map(|geography| {
            let Sessions::Trace { times, file, .. } = &geography.sessions else { return None };
            let last = *times.last()?;
            let longest_gap = times.windows(2).map(|pair| pair[1] - pair[0]).max().unwrap_or_default();
            let is_early = last < measured_to && measured_to - last > longest_gap;
            is_early.then(|| TraceEnd { geography: geography.name.clone(), file: file.clone(), last, horizon })
        });
        ends.collect()
    }

    /// Returns the traces that go on beyond the horizon.
    pub fn traces_beyond(&self) -> Vec<TraceBeyond> {
        let beyond = self.geographies.iter().filter_map(|geography| {
            let Sessions::Trace { times, file, beyond } = &geography.sessions else { return None };
            (*beyond > 0).then(|| TraceBeyond {
                geography: geography.name.clone(),
                file: file.clone(),
                sessions: *beyond,
                all: beyond.saturating_add(times.len() as u64),
                horizon: self.study.horizon,
            })
        });
        beyond.collect()
    }

    /// Returns the incidents during which, and for the mean length of a session before which, no session starts of those
    /// that they could touch. Sessions that last unusually long may still meet them.
    pub fn hardly_seen(&self) -> Vec<HardlySeen> {
        (0..self.incidents.len()).filter_map(|incident| self.seen_by_hardly_anybody(incident)).collect()
    }

    fn seen_by_hardly_anybody(&self, incident: usize) -> Option<HardlySeen> {
        let horizon_s = self.study.horizon.as_secs_f64();
        let found = &self.incidents[incident];
        let only = found.kind.audience();
        let visitors: Vec<&Geography> = match only {
            Some(place) => vec![&self.geographies[place]],
            None => self.geographies.iter().collect(),
        };
        let (at, [from_s, to_s]) = match &found.schedule {
            Schedule::Once { at, lasts } => {
                let at_s = at.as_secs_f64();
                let session_s = visitors.iter().map(|geography| geography.mean_session_s()).fold(0.0, f64::max);
                (Some(*at), [(at_s - session_s).max(0.0), (at_s + lasts.mean()).min(horizon_s)])
            }
            Schedule::Renewal { .. } => (None, [0.0, horizon_s]),
        };
        if visitors.iter().any(|geography| geography.has_start(from_s, to_s)) {
            return None;
        }
        let last_starts: Option<Vec<SimDuration>> = visitors.iter().map(|geography| geography.last_start()).collect();
        let last = last_starts.and_then(|starts| starts.into_iter().max());
        Some(HardlySeen {
            incident,
            name: found.name.clone(),
            at,
            quiet_s: [from_s, to_s],
            last: last.filter(|last| last.as_secs_f64() < from_s),
            geography: only.map(|place| self.geographies[place].name.clone()),
        })
    }
}

impl Geography {
    /// Returns how long a session lasts on average, in seconds, apart from its requests.
    fn mean_session_s(&self) -> f64 {
        let pauses = (self.requests_per_session.mean() - 1.0).max(0.0);
        if pauses == 0.0 { 0.0 } else { pauses * self.think_time.mean() }
    }

    /// Returns whether a session can start between two moments, in seconds.
    fn has_start(&self, from_s: f64, to_s: f64) -> bool {
        match &self.sessions {
            Sessions::Steady => true,
            Sessions::Daily { rates, starts_s } => {
                // Between full hours the rate is linear, so it is 0 throughout if it is so at them and at both ends.
                let first_hour = ((starts_s + from_s) / 3_600.0).ceil() as u64;
                let last_hour = ((starts_s + to_s) / 3_600.0).floor() as u64;
                let last_hour = last_hour.min(first_hour + 24);
                let ends = [from_s, to_s].map(|moment| Sessions::interpolated(rates, starts_s + moment));
                let hours = (first_hour..=last_hour).map(|hour| rates[(hour % 24) as usize]);
                hours.chain(ends).any(|rate| rate > 0.0)
            }
            Sessions::Trace { times, .. } => {
                let next = times.partition_point(|time| time.as_secs_f64() < from_s);
                times.get(next).is_some_and(|time| time.as_secs_f64() < to_s)
            }
        }
    }

    /// Returns when the last session starts, if that is known.
    fn last_start(&self) -> Option<SimDuration> {
        match &self.sessions {
            Sessions::Steady | Sessions::Daily { .. } => None,
            Sessions::Trace { times, .. } => times.last().copied(),
        }
    }
}
