//! Counts by window: load, traffic over the link and stale reads of each, and what calm windows sum up to.

use super::super::calm::{Calm, CalmTally, CalmTime, Disruption};
use super::super::load::Load;
use super::super::outcome::WindowGrid;
use super::calm::{CalmWatch, Class, Decision, WindowTimes};
use super::meter::{LoadMeter, Reading, Standing};
use super::requests::{Ended, RequestTallies, RequestTally};
use crate::units::{SimDuration, SimTime};

/// Measured time, window by window.
#[derive(Debug)]
pub(super) struct WindowRecord {
    times: WindowTimes,
    pub(super) calm: CalmWatch,
    requests: RequestTallies,
    meters: [LoadMeter; 2],
    /// Per class and region; the bytes are in `windows`.
    loads: [[Load; 2]; Class::COUNT],
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
    bytes: [u64; 2],
}

impl WindowRecord {
    /// `aftermath` and `patience` are those of [`CalmWatch::new`].
    pub(super) fn new(
        times: WindowTimes,
        geographies: usize,
        workers_per_instance: [u32; 2],
        aftermath: SimDuration,
        patience: SimDuration,
    ) -> Self {
        let len = times.count();
        WindowRecord {
            times,
            calm: CalmWatch::new(times, aftermath, patience),
            requests: RequestTallies::new(geographies * 2),
            meters: workers_per_instance.map(LoadMeter::new),
            loads: [[Load::default(); 2]; Class::COUNT],
            windows: vec![WindowLoad::default(); len],
            stale_reads: vec![0; len * geographies],
            geographies,
        }
    }

    /// A request that started in a window has ended.
    #[inline]
    pub(super) fn request_ended(&mut self, window: usize, ended: Ended) {
        self.requests.count(self.calm.class(window), ended);
    }

    /// A successful read that started in a window was stale.
    pub(super) fn stale_read(&mut self, window: usize, geography: usize) {
        self.stale_reads[window * self.geographies + geography] += 1;
    }

    /// Bytes that leave a region over the link in a window.
    pub(super) fn bytes_out(&mut self, window: usize, region: usize) -> &mut u64 {
        &mut self.windows[window].bytes[region]
    }

    /// The standing of the regions since the last reading.
    pub(super) fn standing(&self) -> [Standing; 2] {
        self.meters.map(|meter| meter.standing())
    }

    /// Reads the meters, and changes the standing of the regions.
    pub(super) fn stand(&mut self, readings: [Reading; 2], standing: [Standing; 2]) {
        self.read(readings);
        self.meters.iter_mut().zip(standing).for_each(|(meter, standing)| meter.stand(standing));
    }

    fn read(&mut self, readings: [Reading; 2]) {
        self.meters.iter_mut().zip(readings).for_each(|(meter, reading)| meter.read(reading));
    }

    /// Measured time begins: what the meters have shown so far does not count.
    pub(super) fn measuring_starts(&mut self, readings: [Reading; 2]) {
        self.read(readings);
        self.meters.iter_mut().for_each(|meter| *meter = meter.emptied());
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
    pub(super) fn window_ends(&mut self, readings: [Reading; 2]) {
        self.read(readings);
        let (window, class) = self.calm.latest();
        for (meter, sum) in self.meters.iter_mut().zip(&mut self.loads[class as usize]) {
            let load = meter.take();
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
        self.loads[class as usize].iter_mut().zip(&undecided).for_each(|(sum, load)| sum.add(load));
    }

    /// The loads of all windows.
    pub(super) fn loads(&self) -> [Load; 2] {
        let mut sums = [Load::default(); 2];
        for loads in &self.loads {
            sums.iter_mut().zip(loads).for_each(|(sum, load)| sum.add(load));
        }
        let bytes = self.bytes(|_| true);
        [0, 1].map(|region| Load { cross_region_bytes: bytes[region], ..sums[region] })
    }

    /// Attempts and latency of all requests of a geography and operation.
    pub(super) fn requests(&self, cell: usize) -> RequestTally {
        self.requests.of_cell(cell)
    }

    /// Sums the calm windows up, of which `counts` has the successes and failures.
    pub(super) fn into_calm(mut self, counts: &WindowGrid) -> Calm {
        Calm {
            before: self.calm_time(Class::Before, counts),
            again: self.calm_time(Class::Again, counts),
            disruptions: self.disruptions(),
        }
    }

    fn bytes(&self, of: impl Fn(usize) -> bool) -> [u64; 2] {
        let windows = self.windows.iter().enumerate().filter(|(window, _)| of(*window));
        windows.fold([0; 2], |sum, (_, load)| [sum[0] + load.bytes[0], sum[1] + load.bytes[1]])
    }

    fn calm_time(&mut self, class: Class, counts: &WindowGrid) -> CalmTime {
        let is_of = |window: &usize| self.calm.class(*window) == Some(class);
        let length = (0..counts.len).filter(is_of).map(|window| self.times.length(window).as_nanos()).sum();
        let bytes = self.bytes(|window| is_of(&window));
        let loads = self.loads[class as usize];
        let mut visitors = vec![[CalmTally::default(), CalmTally::default()]; self.geographies];
        for window in (0..counts.len).filter(is_of) {
            for (geography, tallies) in visitors.iter_mut().enumerate() {
                for (operation, tally) in tallies.iter_mut().enumerate() {
                    let [succeeded, failed] = counts.counts[(window * self.geographies + geography) * 2 + operation];
                    tally.succeeded += u64::from(succeeded);
                    tally.failed += u64::from(failed);
                }
                tallies[0].stale_reads += u64::from(self.stale_reads[window * self.geographies + geography]);
            }
        }
        let requests = self.requests.of(class);
        if requests.is_empty() {
            return CalmTime::default();
        }
        for (tally, requests) in visitors.iter_mut().flatten().zip(requests) {
            tally.attempts = requests.attempts;
            tally.latency = requests.latency;
        }
        let loads = [0, 1].map(|region| Load { cross_region_bytes: bytes[region], ..loads[region] });
        CalmTime { length: SimDuration::from_nanos(length), visitors, loads }
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
                cross_region_bytes: windows.iter().map(|window| window.bytes[0] + window.bytes[1]).sum(),
                instances_before: self.windows[range.from].instances_at_start,
                instances_after: range.until.map_or(last, |window| &self.windows[window]).instances_at_start,
            }
        };
        ranges.map(disruption).collect()
    }
}
