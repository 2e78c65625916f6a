//! Counts requests, attempts and look-ups as they happen.

use std::cell::OnceCell;

use super::super::calm::Calm;
use super::super::load::Load;
use super::super::outcome::{Cause, NamesTally, Phase, Span, SwitchTail, Tally, Timeline, TimelineBin, WindowGrid};
use super::super::per_geography::PerGeography;
use super::super::per_region::PerRegion;
use super::super::plan::Plan;
use super::super::visitor::Session;
use super::super::whole;
use super::accumulator::{Reading, Standing};
use super::by_window::WindowRecord;
use super::calm::{Announced, WindowTimes};
use super::episode::{Episodes, Lasting};
use super::grid::Grid;
use super::recovery::{Rules, calm_share};
use super::tail::{Leaving, Tails};
use crate::scenario::{GeographyId, RegionId};
use crate::units::{SimDuration, SimTime};

/// All counts of a run.
#[derive(Debug)]
pub(in super::super) struct Recorder {
    span: Span,
    rules: Rules,
    /// Of the whole run, per geography.
    requests: PerGeography<Requests>,
    /// The latest moment at which a request started, and how many did, per geography.
    latest_starts: PerGeography<(SimTime, u64)>,
    visitors: PerGeography<[Tally; 2]>,
    windows: WindowGrid,
    grid_of_windows: Grid,
    names: PerGeography<NamesTally>,
    tails: Tails,
    timeline: Timeline,
    bins: Grid,
    by_window: WindowRecord,
    /// Share of the requests that fail in calm time, once it is asked for: then all of them have ended.
    calm_share: OnceCell<f64>,
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

impl Recorder {
    pub(in super::super) fn new(plan: &Plan) -> Self {
        let (from, to) = plan.measured;
        let span = Span { from, to, window: plan.window };
        let geographies = plan.geographies.len();
        let times = WindowTimes { from, to, window: plan.window };
        let len = times.count();
        let workers_per_instance = PerRegion::from_fn(|region| plan.scenario.regions[region].app.workers);
        let patience = plan.horizon.since(to);
        let bins = whole::index(plan.scenario.study.horizon.as_nanos().div_ceil(plan.timeline_bin.as_nanos()));
        let study = &plan.scenario.study;
        Recorder {
            span,
            rules: Rules { slo: study.slo, stable: study.stable, aftermath: study.aftermath },
            requests: PerGeography::same(Requests::default(), geographies),
            latest_starts: PerGeography::same((SimTime::ZERO, 0), geographies),
            visitors: (0..geographies).map(|_| [Tally::default(), Tally::default()]).collect(),
            windows: WindowGrid {
                len,
                geographies,
                counts: vec![[0; 2]; len * geographies * 2],
                first_failed: vec![SimTime::NEVER; len],
                first_failed_besides_gray: vec![SimTime::NEVER; len],
                phases: vec![[0; Phase::ALL.len()]; len],
            },
            grid_of_windows: Grid::new(span.window),
            names: PerGeography::same(NamesTally::default(), geographies),
            tails: Tails::new(geographies),
            timeline: Timeline { bin: plan.timeline_bin, bins: vec![TimelineBin::default(); bins] },
            bins: Grid::new(plan.timeline_bin),
            by_window: WindowRecord::new(times, geographies, workers_per_instance, study.aftermath, patience),
            calm_share: OnceCell::new(),
        }
    }

    /// Tells if something that starts at `at` counts.
    #[inline]
    pub(in super::super) fn is_measured(&self, at: SimTime) -> bool {
        self.span.from <= at && at < self.span.to
    }

    #[inline]
    fn bin(&mut self, at: SimTime) -> Option<&mut TimelineBin> {
        self.timeline.bins.get_mut(self.bins.place(at.since(SimTime::ZERO)))
    }

    /// A request of a geography starts at `at`.
    #[inline]
    pub(in super::super) fn started(&mut self, geography: GeographyId, at: SimTime) {
        self.requests[geography].started += 1;
        let (latest, count) = &mut self.latest_starts[geography];
        if *latest < at {
            (*latest, *count) = (at, 0);
        }
        *count += 1;
    }

    /// A request has succeeded at `at`.
    #[inline]
    pub(in super::super) fn succeeded(&mut self, visitor: &Session, at: SimTime) {
        self.requests[visitor.geography].succeeded += 1;
        if let Some(bin) = self.bin(visitor.started) {
            bin.succeeded += 1;
        }
        if self.is_measured(visitor.started) {
            let (window, cell) = (self.window(visitor.started), cell(visitor));
            self.windows.counts[window * self.windows.geographies * 2 + cell][0] += 1;
            self.by_window.succeeded(window, cell, visitor.attempt, at.since(visitor.started));
        }
    }

    /// A request has failed. `struck` is when the first incident began that struck it on its way, if one did: it was well until
    /// then, and none that began earlier is to blame.
    pub(in super::super) fn failed(&mut self, visitor: &Session, cause: Cause, phase: Phase, struck: Option<SimTime>) {
        self.requests[visitor.geography].failed += 1;
        if let Some(bin) = self.bin(visitor.started) {
            bin.failed += 1;
        }
        if self.is_measured(visitor.started) {
            let (window, cell) = (self.window(visitor.started), cell(visitor));
            self.windows.counts[window * self.windows.geographies * 2 + cell][1] += 1;
            self.by_window.failed(window, cell, visitor.attempt);
            self.windows.phases[window][phase as usize] += 1;
            let struck = struck.unwrap_or(visitor.started);
            let first_failed = &mut self.windows.first_failed[window];
            *first_failed = struck.min(*first_failed);
            if phase != Phase::Gray {
                let first_failed = &mut self.windows.first_failed_besides_gray[window];
                *first_failed = struck.min(*first_failed);
            }
            let tally = &mut self.visitors[visitor.geography][visitor.operation as usize];
            tally.failed += 1;
            tally.failed_by_cause[cause as usize] += 1;
            tally.failed_by_phase[phase as usize] += 1;
        }
    }

    #[inline]
    fn window(&self, at: SimTime) -> usize {
        self.grid_of_windows.place(at.since(self.span.from))
    }

    /// An attempt goes out to its region at `at`: its request on a kept connection, or the first packet of a new one.
    #[inline(always)]
    pub(in super::super) fn attempt_sent(&mut self, visitor: &Session, at: SimTime) {
        if let Some(bin) = self.bin(at) {
            bin.attempts_to[visitor.region.index()] += 1;
        }
        self.tails.attempt(visitor.routed_as, at, visitor.region);
    }

    /// A client asks a resolver of a geography.
    pub(in super::super) fn looked_up(&mut self, geography: GeographyId, at: SimTime, is_hit: bool) {
        if self.is_measured(at) {
            self.names[geography].lookups += 1;
            self.names[geography].hits += u64::from(is_hit);
        }
    }

    /// A resolver of a geography answers a client.
    pub(in super::super) fn answered(&mut self, geography: GeographyId, at: SimTime, region: RegionId) {
        self.tails.lookup(geography, at, region);
    }

    /// The published answer of a geography has changed; `left` is the region of its first choice, if it has left that.
    pub(in super::super) fn answer_changed(&mut self, geography: GeographyId, now: SimTime, left: Option<RegionId>) {
        self.tails.answer_changed(geography, now, left);
    }

    /// A stale read, of a request that started at `started` in measured time, is certain.
    pub(in super::super) fn stale_read(&mut self, geography: GeographyId, started: SimTime, staleness: SimDuration) {
        self.by_window.stale_read(self.window(started), geography);
        let tally = &mut self.visitors[geography][0];
        tally.stale_reads += 1;
        tally.staleness.record(staleness);
    }

    /// A session has read, and missed a write of its own.
    pub(in super::super) fn own_write_missed(&mut self, geography: GeographyId) {
        self.visitors[geography][0].own_writes_missed += 1;
    }

    /// Enters the state at the end of a bin of the timeline.
    pub(in super::super) fn timeline_tick(&mut self, bin: usize, lag: SimDuration, utilisation: PerRegion<f64>) {
        if let Some(bin) = self.timeline.bins.get_mut(bin) {
            bin.lag_s = lag.as_secs_f64();
            bin.utilisation = utilisation.into_array();
        }
    }

    /// Width of a bin of the timeline.
    pub(in super::super) fn timeline_bin(&self) -> SimDuration {
        self.timeline.bin
    }

    /// Bytes leave a region over the link at `at`.
    pub(in super::super) fn sent_over_link(&mut self, region: RegionId, at: SimTime, bytes: u64) {
        if self.is_measured(at) {
            *self.by_window.bytes_out(self.window(at), region) += bytes;
        }
    }

    /// They do not, after all.
    pub(in super::super) fn not_sent_over_link(&mut self, region: RegionId, at: SimTime, bytes: u64) {
        if self.is_measured(at) {
            *self.by_window.bytes_out(self.window(at), region) -= bytes;
        }
    }

    /// An incident or a planned change is going to begin at `at`.
    pub(in super::super) fn announce(&mut self, at: SimTime, what: Announced) {
        self.by_window.calm.announce(at, what);
    }

    /// An incident begins, or ends.
    pub(in super::super) fn incident(&mut self, begins: bool) {
        self.by_window.calm.incident(begins);
    }

    /// Notes whether roles or data are changing, and whether all is settled.
    pub(in super::super) fn note_calm(&mut self, now: SimTime, is_changing: bool, is_settled: bool) {
        self.by_window.calm.note(now, is_changing, is_settled);
    }

    /// The standing of the regions.
    pub(in super::super) fn standing(&self) -> PerRegion<Standing> {
        self.by_window.standing()
    }

    /// Changes the standing of the regions.
    pub(in super::super) fn stand(&mut self, readings: PerRegion<Reading>, standing: PerRegion<Standing>) {
        self.by_window.stand(readings, standing);
    }

    /// Measured time begins, with so many instances switched on.
    pub(in super::super) fn measuring_starts(&mut self, now: SimTime, readings: PerRegion<Reading>, instances_on: u32) {
        self.by_window.measuring_starts(readings);
        self.window_starts(now, instances_on);
    }

    /// The window under way ends.
    pub(in super::super) fn window_ends(&mut self, readings: PerRegion<Reading>) {
        self.by_window.window_ends(readings);
    }

    /// Returns whether it matters now which windows are bad.
    pub(in super::super) fn asks_for_windows(&self) -> bool {
        self.by_window.calm.asks_for_windows()
    }

    /// The next window starts, with so many instances switched on.
    pub(in super::super) fn window_starts(&mut self, now: SimTime, instances_on: u32) {
        let (rules, windows, share) = (self.rules, &self.windows, &self.calm_share);
        let before = self.by_window.calm.before();
        let is_bad = |window| rules.is_bad(windows, window, *share.get_or_init(|| calm_share(windows, before)));
        self.by_window.window_starts(now, instances_on, is_bad);
    }

    /// Loads of the regions over measured time.
    pub(in super::super) fn loads(&self) -> PerRegion<Load> {
        self.by_window.loads()
    }

    /// Returns the episodes of `occurrences` and what became of each; `calm_until` is when the first incident or planned
    /// change of the run came.
    pub(in super::super) fn episodes(&self, occurrences: &[Lasting], calm_until: SimTime) -> Episodes {
        let bad = self.rules.bad_windows(&self.windows, self.span, calm_until);
        Episodes::of(self.rules, occurrences, &bad, self.last_request())
    }

    /// Returns the end of the last window with a request: what comes after it shows no recovery.
    fn last_request(&self) -> SimTime {
        let has_requests = |window: &usize| self.windows.requests(*window) != (0, 0);
        let last = (0..self.windows.len).rfind(has_requests);
        let end = |window: usize| (self.span.from + self.span.window.times(window as u64 + 1)).min(self.span.to);
        last.map_or(self.span.to, end)
    }

    /// Returns the requests so far: of a geography, or of all.
    pub(in super::super) fn requests(&self, geography: Option<GeographyId>) -> Requests {
        let all = || {
            self.requests.iter().fold(Requests::default(), |sum, one| Requests {
                started: sum.started + one.started,
                succeeded: sum.succeeded + one.succeeded,
                failed: sum.failed + one.failed,
            })
        };
        geography.map_or_else(all, |geography| self.requests[geography])
    }

    /// Returns how many requests, of a geography or of all, started before `now`, which is the present: not those of this instant.
    pub(in super::super) fn started_before(&self, now: SimTime, geography: Option<GeographyId>) -> u64 {
        let at_once = |&(latest, count): &(SimTime, u64)| if latest == now { count } else { 0 };
        let at_once = match geography {
            Some(geography) => at_once(&self.latest_starts[geography]),
            None => self.latest_starts.iter().map(at_once).sum(),
        };
        self.requests(geography).started - at_once
    }

    /// Returns the time at which the last visitors left regions that answers had left.
    pub(in super::super) fn leavings(&self) -> Vec<Leaving> {
        self.tails.leavings()
    }

    /// Hands the counts over.
    pub(in super::super) fn into_parts(mut self) -> Counts {
        let (rules, windows, share) = (self.rules, &self.windows, &self.calm_share);
        let before = self.by_window.calm.before();
        self.by_window
            .finish(|window| rules.is_bad(windows, window, *share.get_or_init(|| calm_share(windows, before))));
        let (requests, calm) = self.by_window.into_sums(&self.windows);
        for (tally, requests) in self.visitors.iter_mut().flatten().zip(requests) {
            tally.attempts = requests.attempts;
            tally.latency = requests.latency.into();
            tally.succeeded = tally.latency.count();
        }
        Counts {
            calm,
            span: self.span,
            visitors: self.visitors.into_vec(),
            windows: self.windows,
            names: self.names.into_vec(),
            switch_tail: self.tails.counts(),
            timeline: self.timeline,
        }
    }
}

/// The place of a request's geography and operation among all of them.
#[inline]
fn cell(visitor: &Session) -> usize {
    visitor.geography.index() * 2 + visitor.operation as usize
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
    pub(in super::super) calm: Calm,
}
