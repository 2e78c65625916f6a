//! Estimates the memory that a run takes while it is made: sessions, occurrences and windows, requests under way and waiting for
//! servers, and commits that the other node has not applied.
//!
//! Two figures again: those expected, and a bound. Bytes were measured; what grows without limit by doubling takes up to three times
//! what is in it while it grows.

use super::{Demand, Traffic};
use crate::scenario::client::Client;
use crate::scenario::database::Writes;
use crate::scenario::design::Design;
use crate::scenario::distribution::Distribution;
use crate::scenario::incident::{Incident, IncidentKind, OutageMode, Schedule, Storage};
use crate::scenario::promotion::PromotionTrigger;
use crate::scenario::replication::ReplicationMode;
use crate::scenario::whole::Scenario;
use crate::units::SimDuration;

/// Bytes of a session, of a request that is answered at once, of an occurrence, of a window of a geography.
const SESSION: f64 = 260.0;
const REQUEST_UNDER_WAY: f64 = 350.0;
const OF_OCCURRENCE: f64 = 460.0;
const OF_WINDOW: f64 = 65.0;
/// Bytes of a request that has to wait for its answer, with its session and what is to happen to it.
const OPEN: f64 = 700.0;
/// Bytes of a call that waits for a server, its client there or gone.
const WAITING: f64 = 200.0;
/// Bytes of a commit that the other node has not applied: 120 of its entry, and those of its write.
const COMMIT: f64 = 200.0;
/// Factor by which more may be taken than is expected of the same thing: room to grow, and chance.
const ROOM: f64 = 2.5;

/// Bytes of a run while it is made.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Memory {
    /// Those expected.
    pub(super) bytes: f64,
    /// Those that are not exceeded.
    pub(super) most: f64,
}

impl Scenario {
    /// Estimates the memory of one run of a design.
    pub(super) fn memory_of_run(&self, design: &Design, traffic: &Traffic, windows: f64) -> Memory {
        let alive: f64 = traffic.places.iter().map(|place| place.alive).sum();
        let at_once: f64 = traffic.places.iter().map(|place| place.at_once).sum();
        let places = self.geographies.len() as f64 + 1.0;
        let usual = alive * SESSION
            + at_once * REQUEST_UNDER_WAY
            + traffic.occurrences * OF_OCCURRENCE
            + windows * OF_WINDOW * places / 2.0;
        let (waiting, most_waiting) = self.waiting(design, traffic);
        let (open, most_open) = self.open(traffic, waiting);
        let (unapplied, most_unapplied) = self.unapplied(design, traffic);
        let held = |waiting: f64, open: f64, commits: f64| waiting * WAITING + open * OPEN + commits * COMMIT;
        Memory {
            bytes: usual + held(waiting, open, unapplied),
            most: ROOM * (usual + held(most_waiting, most_open, most_unapplied)),
        }
    }

    /// Calls that wait for servers, at the most: expected, and bounded. Those whose clients have gone wait on.
    fn waiting(&self, design: &Design, traffic: &Traffic) -> (f64, f64) {
        let horizon_s = self.study.horizon.as_secs_f64();
        let of_region =
            |region: usize| f64::from(self.regions[region].app.queue_limit) + self.regions[region].workers();
        let peak_s = traffic.places.iter().map(Demand::peak_s).fold(0.0, f64::max).min(horizon_s);
        let attempts = self.geographies.iter().map(|geography| geography.client.attempts_in_time()).fold(1.0, f64::max);
        let loads = self.utilisation(design, traffic, |at| at.peak_rate * horizon_s);
        let rate: f64 = traffic.places.iter().map(|at| at.peak_rate).sum();
        let mut expected = 0.0;
        for (region, load) in loads.into_iter().enumerate() {
            // While the other region is gone, all visitors come here.
            let capacity = self.capacity(region);
            let alone_s = self.longest(|kind| match kind {
                IncidentKind::RegionOutage { region: gone, .. }
                | IncidentKind::RegionIsolation { region: gone, .. }
                | IncidentKind::AppOutage { region: gone, .. } => gone.index() != region,
                _ => false,
            });
            let backlog = |load: f64, seconds: f64| {
                if load > 1.0 { (load * attempts - 1.0) * capacity * seconds } else { 0.0 }
            };
            expected += backlog(load, peak_s).max(backlog(rate / capacity, alone_s)).min(of_region(region));
        }
        let mut all: f64 = traffic.places.iter().map(|at| at.most_requests).sum::<f64>() * attempts;
        // Where either region can serve every attempt, only what breaks makes a queue.
        if (0..2).all(|region| rate * attempts < self.capacity(region)) {
            let broken_s: f64 = self.incidents.iter().map(|incident| incident.longest_s(horizon_s)).sum();
            all *= ((broken_s + self.longest_patience().as_secs_f64()) / horizon_s).min(1.0);
        }
        (expected, (of_region(0) + of_region(1)).min(all).max(expected))
    }

    /// Requests that have no answer yet, at the most: expected, where so many calls wait for servers, and bounded.
    fn open(&self, traffic: &Traffic, waiting: f64) -> (f64, f64) {
        let is_silent = |kind: &IncidentKind| match kind {
            IncidentKind::RegionOutage { mode, .. }
            | IncidentKind::AppOutage { mode, .. }
            | IncidentKind::DatabaseOutage { mode, .. } => *mode == OutageMode::Blackhole,
            IncidentKind::RegionIsolation { .. } | IncidentKind::PathOutage { .. } => true,
            _ => false,
        };
        let silent_s = self.longest(is_silent);
        let (mut lost, mut slow, mut most) = (0.0, 0.0, 0.0);
        for (geography, at) in self.geographies.iter().zip(&traffic.places) {
            let client = &geography.client;
            let patience_s = client.patience.as_secs_f64();
            let attempts = client.attempts_in_time();
            let tried_s = (attempts * client.request_timeout.as_secs_f64()).min(patience_s);
            lost += at.peak_rate * (attempts * client.connect_timeout.as_secs_f64()).min(patience_s).min(silent_s);
            slow += at.peak_rate * tried_s;
            most += (at.peak_rate * geography.peak_over_mean() * patience_s).max(at.at_once).min(at.most_requests);
        }
        let expected = lost.max(slow.min(waiting));
        (expected, most.max(expected))
    }

    /// Commits that the other node has not applied, at the most: expected, and bounded.
    fn unapplied(&self, design: &Design, traffic: &Traffic) -> (f64, f64) {
        let horizon_s = self.study.horizon.as_secs_f64();
        let of_writes = |rate: fn(&Demand, f64) -> f64| -> f64 {
            let rates = self.geographies.iter().zip(&traffic.places);
            rates.map(|(geography, at)| geography.write_share * rate(at, geography.peak_over_mean())).sum()
        };
        // Databases take no more than so many.
        let node = |region: usize| {
            let database = &self.regions[region].database;
            f64::from(database.connections) / database.write.mean().max(1e-9)
        };
        let taken = match design.database.writes {
            Writes::SinglePrimary => node(0).max(node(1)),
            Writes::MultiPrimary { .. } => node(0) + node(1),
        };
        let load = self.utilisation(design, traffic, |at| at.peak_rate * horizon_s);
        let served = 1.0 / load.into_iter().fold(1.0, f64::max);
        let rate = (of_writes(|at, _| at.peak_rate) * served).min(taken);
        let most_rate = of_writes(|at, peak| at.peak_rate * peak.max(1.0)).min(taken);
        let most_writes = of_writes(|at, _| at.most_requests).min(most_rate * horizon_s);

        let replication = &design.replication;
        let line = self.link.bandwidth.map_or(f64::INFINITY, |bytes| bytes / replication.write_size.max(1) as f64);
        let applied = line.min(replication.apply_rate.unwrap_or(f64::INFINITY));
        let peak_s = traffic.places.iter().map(Demand::peak_s).fold(0.0, f64::max).min(horizon_s);
        let delays = [&replication.ship, &self.link.rtt, &replication.apply];
        let poll_s = replication.poll.map_or(0.0, SimDuration::as_secs_f64);
        let way_s = poll_s + delays.iter().map(|delay| delay.limited_mean(horizon_s)).sum::<f64>();
        // All commits of an interval share its delay, which may be a long one.
        let most_way_s = poll_s + delays.iter().map(|delay| delay.quantile(0.999).min(horizon_s)).sum::<f64>();
        let (mut cut_s, mut most_cut_s) = (0.0_f64, 0.0);
        for incident in &self.incidents {
            let Some(more_s) = self.cut_by(&incident.kind, design) else { continue };
            cut_s = cut_s.max(incident.length_s(horizon_s) + more_s);
            most_cut_s += incident.longest_s(horizon_s) + more_s;
        }
        // What waits for its replica is not committed meanwhile.
        if matches!(replication.mode, ReplicationMode::Sync { eject_after: None }) {
            cut_s = 0.0;
        }
        let behind = |rate: f64, seconds: f64| (rate - applied).max(0.0) * seconds;
        let expected = rate * (cut_s + way_s).min(horizon_s) + behind(rate, peak_s);
        let most = most_rate * (most_cut_s + most_way_s.max(3.0 * way_s) + 1.0) + behind(most_rate, horizon_s);
        // What is cleared after a cut takes as long again, at least, while more is written.
        let most = if applied < 2.0 * most_rate { most + most_rate * most_cut_s } else { most };
        (expected.min(most_writes), most.min(most_writes).max(expected.min(most_writes)))
    }

    /// Seconds for which an incident of that kind cuts the stream beyond its length; `None` if it does not cut it.
    fn cut_by(&self, kind: &IncidentKind, design: &Design) -> Option<f64> {
        let primary = design.database.primary;
        // While the primary is gone, nobody writes, unless another takes its role.
        let others_write = design.promotion.trigger != PromotionTrigger::Never
            || matches!(design.database.writes, Writes::MultiPrimary { .. });
        match kind {
            IncidentKind::LinkPartition { .. } | IncidentKind::ReplicationStall => Some(0.0),
            IncidentKind::RegionOutage { region, .. } | IncidentKind::RegionIsolation { region, .. } => {
                (*region != primary || others_write).then_some(0.0)
            }
            IncidentKind::DatabaseOutage { region, storage, .. } if *region != primary || others_write => {
                let copied_s = self.link.bandwidth.map_or(0.0, |bytes| self.keys.size as f64 / bytes);
                Some(if *storage == Storage::Destroyed { copied_s } else { 0.0 })
            }
            _ => None,
        }
    }

    /// Seconds for which the longest of such incidents lasts.
    fn longest(&self, is_meant: impl Fn(&IncidentKind) -> bool) -> f64 {
        let horizon_s = self.study.horizon.as_secs_f64();
        let meant = self.incidents.iter().filter(|incident| is_meant(&incident.kind));
        meant.map(|incident| incident.length_s(horizon_s)).fold(0.0, f64::max)
    }

    /// Requests that the servers of a region take in a second.
    fn capacity(&self, region: usize) -> f64 {
        self.regions[region].workers() / self.regions[region].worker_s().max(1e-9)
    }
}

impl Client {
    /// Attempts of a request that is never answered.
    fn attempts_in_time(&self) -> f64 {
        let attempts = f64::from(self.max_attempts).min(1.0 + self.retry_budget.unwrap_or(f64::INFINITY));
        let fitting = (self.patience.as_secs_f64() / self.request_timeout.as_secs_f64().max(1e-9)).ceil();
        attempts.min(fitting).max(1.0)
    }
}

impl Incident {
    /// Expected seconds of one occurrence, within the run.
    pub(super) fn length_s(&self, horizon_s: f64) -> f64 {
        match &self.schedule {
            Schedule::Once { at, lasts } => lasts.limited_mean((horizon_s - at.as_secs_f64()).max(0.0)),
            Schedule::Renewal { lasts, .. } => lasts.limited_mean(horizon_s),
        }
    }

    /// Seconds within the run that the longest occurrence does not exceed.
    fn longest_s(&self, horizon_s: f64) -> f64 {
        let (lasts, left_s) = match &self.schedule {
            Schedule::Once { at, lasts } => (lasts, (horizon_s - at.as_secs_f64()).max(0.0)),
            Schedule::Renewal { lasts, .. } => (lasts, horizon_s),
        };
        match lasts {
            Distribution::Constant { .. } => lasts.mean().min(left_s),
            _ => left_s,
        }
    }
}
