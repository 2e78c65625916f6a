//! Counts by window: load, traffic over the link and stale reads of each, and what calm windows sum up to.

use super::super::calm::{Calm, CalmTally, CalmTime, Disruption};
use super::super::load::Load;
use super::super::outcome::WindowGrid;
use super::super::per_region::PerRegion;
use super::accumulator::{LoadAccumulator, Reading, Standing};
use super::calm::{CalmWatch, Class, Decision, WindowTimes};
use super::requests::{RequestSums, RequestTallies, RequestTally};
use crate::scenario::{GeographyId, RegionId};
use crate::units::{SimDuration, SimTime};

/// Measured time, window by window.
#[derive(Debug)]
pub(super) struct WindowRecord {
    times: WindowTimes,
    pub(super) calm: CalmWatch,
    requests: RequestTallies,
    accumulators: PerRegion<LoadAccumulator>,
    /// Per class and region; the bytes are in `windows`.
    loads: [PerRegion<Load>; Class::COUNT],
    windows: Vec<WindowLoad>,
    /// At `window * geographies + geography`.
    stale_reads: Vec<u32>,
    geographies: usize,
}

/// One window.
#[derive(Clone, Copy, Debug, Default)]
struct WindowLoad {
    /// Instances switched on when it started, in both regions.
    instances_at_start: u32,
    /// Instance-nanoseconds switched on, in both regions.
    instances_on_ns: u128,
    /// Bytes that left each region over the link.
    bytes: PerRegion<u64>,
}

impl WindowRecord {
    /// `aftermath` and `patience` are those of [`CalmWatch::new`].
    pub(super) fn new(
        times: WindowTimes,
        geographies: usize,
        workers_per_instance: PerRegion<u32>,
        aftermath: SimDuration,
        patience: SimDuration,
    ) -> Self {
        let len = times.count();
        WindowRecord {
            times,
            calm: CalmWatch::new(times, aftermath, patience),
            requests: RequestTallies::new(geographies * 2),
            accumulators: workers_per_instance.map(LoadAccumulator::new),
            loads: Default::default(),
            windows: vec![WindowLoad::default(); len],
            stale_reads: vec![0; len * geographies],
            geographies,
        }
    }

    /// A request that started in a window has succeeded; `cell` is `geography * 2 + operation`.
    #[inline(always)]
    pub(super) fn succeeded(&mut self, window: usize, cell: usize, attempts: u32, latency: SimDuration) {
        self.requests.succeeded(self.calm.class(window), cell, attempts, latency);
    }

    /// A request that started in a window has failed.
    pub(super) fn failed(&mut self, window: usize, cell: usize, attempts: u32) {
        self.requests.failed(self.calm.class(window), cell, attempts);
    }

    /// A successful read that started in a window was stale.
    pub(super) fn stale_read(&mut self, window: usize, geography: GeographyId) {
        self.stale_reads[window * self.geographies + geography.index()] += 1;
    }

    /// Bytes that leave a region over the link in a window.
    pub(super) fn bytes_out(&mut self, window: usize, region: RegionId) -> &mut u64 {
        &mut self.windows[window].bytes[region]
    }

    /// The standing of the regions since the last reading.
    pub(super) fn standing(&self) -> PerRegion<Standing> {
        self.accumulators.map(|accumulator| accumulator.standing())
    }

    /// Reads the accumulators, and changes the standing of the regions.
    pub(super) fn stand(&mut self, readings: PerRegion<Reading>, standing: PerRegion<Standing>) {
        self.read(readings);
        self.accumulators
            .iter_mut()
            .zip(standing.iter())
            .for_each(|(accumulator, standing)| accumulator.stand(*standing));
    }

    fn read(&mut self, readings: PerRegion<Reading>) {
        self.accumulators.iter_mut().zip(readings.iter()).for_each(|(accumulator, reading)| accumulator.read(*reading));
    }

    /// Measured time begins: what the accumulators have shown so far does not count.
    pub(super) fn measuring_starts(&mut self, readings: PerRegion<Reading>) {
        self.read(readings);
        self.accumulators.iter_mut().for_each(|accumulator| *accumulator = accumulator.emptied());
    }

    /// A window starts, with so many instances switched on.
    pub(super) fn window_starts(&mut self, now: SimTime, instances_on: u32, is_bad: impl Fn(usize) -> bool) {
        let decision = self.calm.window_starts(now, is_bad);
        self.decide(decision);
        let (window, class) = self.calm.latest();
        self.windows[window].instances_at_start = instances_on;
        self.requests.window_starts(class);
    }

    /// The window under way ends.
    pub(super) fn window_ends(&mut self, readings: PerRegion<Reading>) {
        self.read(readings);
        let (window, class) = self.calm.latest();
        for (accumulator, sum) in self.accumulators.iter_mut().zip(self.loads[class as usize].iter_mut()) {
            let load = accumulator.take();
            sum.add(&load);
            self.windows[window].instances_on_ns += load.instances_on_ns;
        }
    }

    /// The run is over.
    pub(super) fn finish(&mut self, is_bad: impl Fn(usize) -> bool) {
        let decision = self.calm.finish(is_bad);
        self.decide(decision);
    }

    fn decide(&mut self, decision: Option<Decision>) {
        let Some(decision) = decision else { return };
        self.requests.decide(decision);
        let undecided = std::mem::take(&mut self.loads[Class::Undecided as usize]);
        let class = match decision {
            Decision::Calm => Class::Again,
            Decision::Disturbed => Class::Disturbed,
        };
        self.loads[class as usize].iter_mut().zip(undecided.iter()).for_each(|(sum, load)| sum.add(load));
    }

    /// The loads of all windows.
    pub(super) fn loads(&self) -> PerRegion<Load> {
        let mut sums = PerRegion::<Load>::default();
        for loads in &self.loads {
            sums.iter_mut().zip(loads.iter()).for_each(|(sum, load)| sum.add(load));
        }
        let bytes = self.bytes(|_| true);
        PerRegion::from_fn(|region| Load { cross_region_bytes: bytes[region], ..sums[region] })
    }

    /// Attempts and latency of all requests, by cell, and what the calm windows sum up to, of which `counts` has the successes
    /// and failures.
    pub(super) fn into_sums(mut self, counts: &WindowGrid) -> (Vec<RequestTally>, Calm) {
        let requests = std::mem::replace(&mut self.requests, RequestTallies::new(0));
        let RequestSums { all, before, again } = requests.into_sums();
        let calm = Calm {
            before: self.calm_time(Class::Before, before, counts),
            again: self.calm_time(Class::Again, again, counts),
            disruptions: self.disruptions(),
        };
        (all, calm)
    }

    fn bytes(&self, of: impl Fn(usize) -> bool) -> PerRegion<u64> {
        let windows = self.windows.iter().enumerate().filter(|(window, _)| of(*window));
        windows
            .fold(PerRegion::default(), |sum, (_, load)| PerRegion::from_fn(|region| sum[region] + load.bytes[region]))
    }

    fn calm_time(&self, class: Class, requests: Vec<RequestTally>, counts: &WindowGrid) -> CalmTime {
        let is_of = |window: &usize| self.calm.class(*window) == Some(class);
        let length = (0..counts.len).filter(is_of).map(|window| self.times.length(window).as_nanos()).sum();
        let bytes = self.bytes(|window| is_of(&window));
        let loads = self.loads[class as usize];
        let mut tallies: Vec<CalmTally> = requests
            .into_iter()
            .map(|RequestTally { attempts, latency }| CalmTally {
                succeeded: 0,
                failed: 0,
                attempts,
                stale_reads: 0,
                latency: latency.into(),
            })
            .collect();
        for window in (0..counts.len).filter(is_of) {
            let cells = &counts.counts[window * tallies.len()..];
            for (tally, [succeeded, failed]) in tallies.iter_mut().zip(cells) {
                tally.succeeded += u64::from(*succeeded);
                tally.failed += u64::from(*failed);
            }
            let stale = &self.stale_reads[window * self.geographies..];
            for (reads, stale) in tallies.iter_mut().step_by(2).zip(stale) {
                reads.stale_reads += u64::from(*stale);
            }
        }
        let mut tallies = tallies.into_iter();
        let visitors = std::iter::from_fn(|| Some([tallies.next()?, tallies.next()?])).collect();
        let loads = PerRegion::from_fn(|region| Load { cross_region_bytes: bytes[region], ..loads[region] });
        CalmTime { length: SimDuration::from_nanos(length), visitors, loads: loads.into_array() }
    }

    fn disruptions(&self) -> Vec<Disruption> {
        let ranges = self.calm.disruptions().iter().filter(|range| range.is_whole && range.begins_incident);
        let disruption = |range: &super::calm::WindowRange| {
            let after = range.until.unwrap_or(self.windows.len());
            let windows = &self.windows[range.from..after];
            let last = &self.windows[self.windows.len() - 1];
            Disruption {
                from: self.times.start(range.from),
                until: range.until.map_or(self.times.to, |window| self.times.start(window)),
                is_over: range.until.is_some(),
                instances_on_ns: windows.iter().map(|window| window.instances_on_ns).sum(),
                cross_region_bytes: windows.iter().map(|window| window.bytes.iter().sum::<u64>()).sum(),
                // An incident that begins with its window has already taken instances from it.
                instances_before: self.windows[range.from.saturating_sub(1)].instances_at_start,
                instances_after: range.until.map_or(last, |window| &self.windows[window]).instances_at_start,
            }
        };
        ranges.map(disruption).collect()
    }
}
