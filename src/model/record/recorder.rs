//! Counts requests, attempts and look-ups as they happen.

use super::super::outcome::{Cause, NamesTally, Phase, Span, SwitchTail, Tally, Timeline, TimelineBin, WindowGrid};
use super::super::plan::Plan;
use super::super::visitor::Session;
use super::episode::{Episodes, Lasting};
use super::grid::Grid;
use super::recovery::Rules;
use super::tail::{Leaving, Tails};
use crate::units::{SimDuration, SimTime};

/// All counts of a run.
#[derive(Debug)]
pub(in super::super) struct Recorder {
    span: Span,
    rules: Rules,
    /// Of the whole run, per geography.
    requests: Vec<Requests>,
    visitors: Vec<[Tally; 2]>,
    windows: WindowGrid,
    grid_of_windows: Grid,
    names: Vec<NamesTally>,
    tails: Tails,
    timeline: Timeline,
    bins: Grid,
    /// Per region: instances on, since when that is counted, and the sums.
    instances: [Instances; 2],
    /// When the window under way ends; before measured time, when that begins.
    window_end: SimTime,
    /// When it began.
    window_start: SimTime,
}

/// Requests of the whole run so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in super::super) struct Requests {
    pub(in super::super) started: u64,
    pub(in super::super) succeeded: u64,
    pub(in super::super) failed: u64,
}

impl Requests {
    /// Returns how many have an end.
    pub(in super::super) fn ended(self) -> u64 {
        self.succeeded + self.failed
    }
}

/// Instance-time of one region.
#[derive(Clone, Copy, Debug, Default)]
struct Instances {
    on: u32,
    counted_to: SimTime,
    /// In the window under way.
    on_in_window_ns: u128,
    was_visited: bool,
    on_ns: u128,
    idle_ns: u128,
}

impl Recorder {
    pub(in super::super) fn new(plan: &Plan, instances_on: [u32; 2]) -> Self {
        let (from, to) = plan.measured;
        let span = Span { from, to, window: plan.window };
        let geographies = plan.geographies.len();
        let len = to.since(from).as_nanos().div_ceil(plan.window.as_nanos()) as usize;
        let bins = plan.scenario.study.horizon.as_nanos().div_ceil(plan.timeline_bin.as_nanos()) as usize;
        let study = &plan.scenario.study;
        Recorder {
            span,
            rules: Rules { slo: study.slo, stable: study.stable, aftermath: study.aftermath },
            requests: vec![Requests::default(); geographies],
            visitors: (0..geographies).map(|_| [Tally::default(), Tally::default()]).collect(),
            windows: WindowGrid {
                len,
                geographies,
                counts: vec![[0; 2]; len * geographies * 2],
                first_failed: vec![SimTime::NEVER; len],
                phases: vec![[0; Phase::ALL.len()]; len],
            },
            grid_of_windows: Grid::new(span.window),
            names: vec![NamesTally::default(); geographies],
            tails: Tails::new(geographies),
            timeline: Timeline { bin: plan.timeline_bin, bins: vec![TimelineBin::default(); bins] },
            bins: Grid::new(plan.timeline_bin),
            instances: instances_on.map(|on| Instances { on, ..Instances::default() }),
            window_end: from,
            window_start: SimTime::ZERO,
        }
    }

    /// Whether something that starts at `at` counts.
    #[inline]
    pub(in super::super) fn is_measured(&self, at: SimTime) -> bool {
        self.span.from <= at && at < self.span.to
    }

    #[inline]
    fn bin(&mut self, at: SimTime) -> Option<&mut TimelineBin> {
        self.timeline.bins.get_mut(self.bins.place(at.since(SimTime::ZERO)))
    }

    /// A request of a geography starts.
    #[inline]
    pub(in super::super) fn started(&mut self, geography: u8) {
        self.requests[usize::from(geography)].started += 1;
    }

    /// A request has succeeded at `at`.
    #[inline]
    pub(in super::super) fn succeeded(&mut self, visitor: &Session, at: SimTime) {
        self.requests[usize::from(visitor.geography)].succeeded += 1;
        if let Some(bin) = self.bin(visitor.started) {
            bin.succeeded += 1;
        }
        if self.is_measured(visitor.started) {
            let cell = self.cell(visitor);
            self.windows.counts[cell][0] += 1;
            let tally = &mut self.visitors[usize::from(visitor.geography)][visitor.operation as usize];
            tally.succeeded += 1;
            tally.attempts += u64::from(visitor.attempt);
            tally.latency.record(at.since(visitor.started));
        }
    }

    /// A request has failed.
    pub(in super::super) fn failed(&mut self, visitor: &Session, cause: Cause, phase: Phase) {
        self.requests[usize::from(visitor.geography)].failed += 1;
        if let Some(bin) = self.bin(visitor.started) {
            bin.failed += 1;
        }
        if self.is_measured(visitor.started) {
            let cell = self.cell(visitor);
            self.windows.counts[cell][1] += 1;
            let window = self.window(visitor.started);
            self.windows.phases[window][phase as usize] += 1;
            let first_failed = &mut self.windows.first_failed[window];
            *first_failed = visitor.started.min(*first_failed);
            let tally = &mut self.visitors[usize::from(visitor.geography)][visitor.operation as usize];
            tally.failed += 1;
            tally.attempts += u64::from(visitor.attempt);
            tally.failed_by_cause[cause as usize] += 1;
            tally.failed_by_phase[phase as usize] += 1;
        }
    }

    #[inline]
    fn window(&self, at: SimTime) -> usize {
        self.grid_of_windows.place(at.since(self.span.from))
    }

    #[inline]
    fn cell(&self, visitor: &Session) -> usize {
        let window = self.window(visitor.started);
        (window * self.windows.geographies + usize::from(visitor.geography)) * 2 + visitor.operation as usize
    }

    /// An attempt goes out to its region at `at`: its request on a kept connection, or the first packet of a new one.
    #[inline]
    pub(in super::super) fn attempt_sent(&mut self, visitor: &Session, at: SimTime) {
        if let Some(bin) = self.bin(at) {
            bin.attempts_to[usize::from(visitor.region)] += 1;
        }
        self.tails.attempt(usize::from(visitor.routed_as), at, visitor.region);
    }

    /// A visitor's request has reached a region at `at`.
    #[inline]
    pub(in super::super) fn arrived(&mut self, region: u8, at: SimTime) {
        self.instances[usize::from(region)].was_visited |= at >= self.window_start;
    }

    /// A client asks a resolver of a geography.
    pub(in super::super) fn looked_up(&mut self, geography: usize, at: SimTime, is_hit: bool) {
        if self.is_measured(at) {
            self.names[geography].lookups += 1;
            self.names[geography].hits += u64::from(is_hit);
        }
    }

    /// A resolver of a geography answers a client.
    pub(in super::super) fn answered(&mut self, geography: usize, at: SimTime, region: u8) {
        self.tails.lookup(geography, at, region);
    }

    /// The published answer of a geography has changed; `left` is the region of its first choice, if it has left that.
    pub(in super::super) fn answer_changed(&mut self, geography: usize, now: SimTime, left: Option<u8>) {
        self.tails.answer_changed(geography, now, left);
    }

    /// A stale read is certain.
    pub(in super::super) fn stale_read(&mut self, geography: u8, staleness: SimDuration) {
        let tally = &mut self.visitors[usize::from(geography)][0];
        tally.stale_reads += 1;
        tally.staleness.record(staleness);
    }

    /// A session has read, and missed a write of its own.
    pub(in super::super) fn own_write_missed(&mut self, geography: u8) {
        self.visitors[usize::from(geography)][0].own_writes_missed += 1;
    }

    /// Enters the state at the end of a bin of the timeline.
    pub(in super::super) fn timeline_tick(&mut self, bin: usize, lag: SimDuration, utilisation: [f64; 2]) {
        if let Some(bin) = self.timeline.bins.get_mut(bin) {
            bin.lag_s = lag.as_secs_f64();
            bin.utilisation = utilisation;
        }
    }

    /// Width of a bin of the timeline.
    pub(in super::super) fn timeline_bin(&self) -> SimDuration {
        self.timeline.bin
    }

    /// Measured time begins.
    pub(in super::super) fn measuring_starts(&mut self, now: SimTime) {
        for region in &mut self.instances {
            *region = Instances { on: region.on, counted_to: now, ..Instances::default() };
        }
        self.window_starts(now);
    }

    /// A window of measured time ends: the instances of a region that nobody visited in it were idle.
    pub(in super::super) fn window_ends(&mut self, now: SimTime) {
        for region in &mut self.instances {
            region.count_to(now);
            region.on_ns += region.on_in_window_ns;
            if !region.was_visited {
                region.idle_ns += region.on_in_window_ns;
            }
            region.on_in_window_ns = 0;
            region.was_visited = false;
        }
        self.window_starts(now);
    }

    fn window_starts(&mut self, now: SimTime) {
        self.window_start = now;
        let Span { to, window, .. } = self.span;
        self.window_end = if now < to { (now + window).min(to) } else { SimTime::NEVER };
    }

    /// When what happens is no longer counted as it is now.
    #[inline]
    pub(in super::super) fn window_end(&self) -> SimTime {
        self.window_end
    }

    /// A region's number of instances changes.
    pub(in super::super) fn instances_change(&mut self, region: usize, now: SimTime, on: u32) {
        self.instances[region].count_to(now);
        self.instances[region].on = on;
    }

    /// Instance-nanoseconds on, and of these idle, per region.
    pub(in super::super) fn instance_time(&self) -> [(u128, u128); 2] {
        self.instances.map(|region| (region.on_ns, region.idle_ns))
    }

    /// Returns the episodes of `occurrences` and what became of each; `calm_until` is when the first incident or planned
    /// change of the run came.
    pub(in super::super) fn episodes(&self, occurrences: &[Lasting], calm_until: SimTime) -> Episodes {
        let bad = self.rules.bad_windows(&self.windows, self.span, calm_until);
        Episodes::of(self.rules, occurrences, &bad, self.span.to)
    }

    /// Returns the requests so far: of a geography, or of all.
    pub(in super::super) fn requests(&self, geography: Option<usize>) -> Requests {
        let of = |requests: &[Requests]| {
            requests.iter().fold(Requests::default(), |sum, one| Requests {
                started: sum.started + one.started,
                succeeded: sum.succeeded + one.succeeded,
                failed: sum.failed + one.failed,
            })
        };
        geography.map_or_else(|| of(&self.requests), |place| self.requests[place])
    }

    /// When the last visitors left regions that answers had left.
    pub(in super::super) fn leavings(&self) -> Vec<Leaving> {
        self.tails.leavings()
    }

    /// Hands the counts over.
    pub(in super::super) fn into_parts(self) -> Counts {
        Counts {
            span: self.span,
            visitors: self.visitors,
            windows: self.windows,
            names: self.names,
            switch_tail: self.tails.counts(),
            timeline: self.timeline,
        }
    }
}

/// The counts of a run that go into its outcome as they are.
#[derive(Debug)]
pub(in super::super) struct Counts {
    pub(in super::super) span: Span,
    pub(in super::super) visitors: Vec<[Tally; 2]>,
    pub(in super::super) windows: WindowGrid,
    pub(in super::super) names: Vec<NamesTally>,
    pub(in super::super) switch_tail: SwitchTail,
    pub(in super::super) timeline: Timeline,
}

impl Instances {
    fn count_to(&mut self, now: SimTime) {
        self.on_in_window_ns += u128::from(now.since(self.counted_to).as_nanos()) * u128::from(self.on);
        self.counted_to = now;
    }
}
