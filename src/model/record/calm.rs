//! Decides which windows of measured time are calm, window by window as the run goes on.
//!
//! A window is calm before the run's first incident or planned change. It is calm again if it begins at least `aftermath` after
//! the end of the last disturbance and of the bad windows that followed it, each by a gap shorter than `aftermath`, and after the
//! answers, roles and standbys had become as at first or as the design keeps them for good. From there on only the next
//! incident or planned change ends it. All of these are announced before the window in which they begin, so that the class of a
//! window is known when it starts, but for one thing: whether a window was bad is known only a patience after its end. So
//! the first windows of a calm stretch are *undecided* until the windows before them are known.
//!
//! Left out: a bad window that comes later than `aftermath` after the end of everything. It is one of calm time.

use super::super::whole;
use crate::units::{SimDuration, SimTime};

/// Class of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Calm, before the first incident or planned change.
    Before,
    /// Calm again.
    Again,
    /// Calm again, unless a window before it turns out to have been bad.
    Undecided,
    /// Disrupted, or in the aftermath.
    Disturbed,
}

impl Class {
    /// Number of classes.
    pub(super) const COUNT: usize = 4;
}

/// Fate of the undecided windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// They are calm.
    Calm,
    /// They are not.
    Disturbed,
}

/// Kind of an announced event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Announced {
    /// An incident.
    Incident,
    /// A change that operators make.
    PlannedChange,
}

/// The windows of a run, as far as they have started.
#[derive(Debug)]
pub(super) struct CalmWatch {
    grid: WindowTimes,
    aftermath: SimDuration,
    /// After so long all requests that started in a window have ended.
    patience: SimDuration,
    classes: Vec<Class>,
    /// Number of them before the first incident or planned change.
    before: usize,
    /// Incidents and planned changes that are yet to begin.
    announced: Vec<(SimTime, Announced)>,
    /// True if one has begun.
    has_begun: bool,
    incidents_under_way: u32,
    /// True if something of an incident or planned change lasts.
    is_disturbed: bool,
    /// True if answers, roles and standbys are as at first, or as the design keeps them for good.
    is_settled: bool,
    /// End of the last disturbance, and of the bad windows that followed it.
    over_since: SimTime,
    /// Windows before this one are known to be bad or not.
    known: usize,
    undecided: Option<Undecided>,
    disruptions: Vec<WindowRange>,
}

/// The undecided windows of a calm stretch.
#[derive(Clone, Copy, Debug)]
struct Undecided {
    from: usize,
    over_since: SimTime,
}

/// The announced events that begin by the end of a window.
#[derive(Clone, Copy, Debug, Default)]
struct Begun {
    /// True if one began before the window started.
    is_any_earlier: bool,
    /// True if one begins in the window.
    is_any: bool,
    /// True if one of the latter is an incident.
    is_incident: bool,
}

/// The windows of one disruption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WindowRange {
    pub(super) from: usize,
    /// The first window after it, if it is over.
    pub(super) until: Option<usize>,
    /// True if an incident began in it.
    pub(super) begins_incident: bool,
    /// True if it did not begin before measured time.
    pub(super) is_whole: bool,
}

/// Start, length and number of the windows.
#[derive(Clone, Copy, Debug)]
pub(super) struct WindowTimes {
    pub(super) from: SimTime,
    pub(super) to: SimTime,
    pub(super) window: SimDuration,
}

impl WindowTimes {
    /// Number of windows.
    pub(super) fn count(self) -> usize {
        whole::index(self.to.since(self.from).as_nanos().div_ceil(self.window.as_nanos()))
    }

    pub(super) fn start(self, window: usize) -> SimTime {
        self.from + self.window.times(window as u64)
    }

    /// The last window may be shorter than the others.
    pub(super) fn end(self, window: usize) -> SimTime {
        self.start(window + 1).min(self.to)
    }

    pub(super) fn length(self, window: usize) -> SimDuration {
        self.end(window).since(self.start(window))
    }
}

impl CalmWatch {
    /// Nothing has happened yet. An `aftermath` shorter than `patience` counts as that long: before it is over, nobody can tell
    /// whether a window was bad.
    pub(super) fn new(grid: WindowTimes, aftermath: SimDuration, patience: SimDuration) -> Self {
        CalmWatch {
            grid,
            aftermath: aftermath.max(patience),
            patience,
            classes: Vec::new(),
            before: 0,
            announced: Vec::new(),
            has_begun: false,
            incidents_under_way: 0,
            is_disturbed: false,
            is_settled: true,
            over_since: SimTime::ZERO,
            known: 0,
            undecided: None,
            disruptions: Vec::new(),
        }
    }

    /// Class of a window; `None` if it has not started.
    #[inline]
    pub(super) fn class(&self, window: usize) -> Option<Class> {
        self.classes.get(window).copied()
    }

    /// Returns how many windows come before the first incident or planned change, of those that have started.
    pub(super) fn before(&self) -> usize {
        self.before
    }

    /// The window that has started last, and its class.
    ///
    /// # Panics
    /// If none has.
    pub(super) fn latest(&self) -> (usize, Class) {
        let window = self.classes.len().checked_sub(1).expect("a window has started");
        (window, self.classes[window])
    }

    /// Notes when an incident or a planned change is going to begin.
    pub(super) fn announce(&mut self, at: SimTime, what: Announced) {
        self.announced.push((at, what));
    }

    /// Counts an incident that begins or ends.
    pub(super) fn incident(&mut self, begins: bool) {
        self.incidents_under_way = if begins { self.incidents_under_way + 1 } else { self.incidents_under_way - 1 };
    }

    /// Notes the state of the world: whether roles are changing or data is being restored, and whether all is settled.
    pub(super) fn note(&mut self, now: SimTime, is_changing: bool, is_settled: bool) {
        let is_disturbed = is_changing || self.incidents_under_way > 0;
        if self.is_disturbed && !is_disturbed {
            self.over_since = now;
        }
        self.has_begun |= is_disturbed;
        self.is_disturbed = is_disturbed;
        self.is_settled = is_settled;
    }

    /// Returns whether it matters now which windows are bad.
    pub(super) fn asks_for_windows(&self) -> bool {
        self.has_begun && !matches!(self.classes.last(), Some(Class::Again))
    }

    /// Classifies the window that starts at `now`. Returns what has become of undecided windows, if that is known now.
    pub(super) fn window_starts(&mut self, now: SimTime, is_bad: impl Fn(usize) -> bool) -> Option<Decision> {
        self.look_back(now, is_bad);
        let decision = self.decide();
        let window = self.classes.len();
        let end = self.grid.end(window);
        let begun = self.begin(now, end);
        let is_disturbed = begun.is_any || self.is_disturbed;
        let is_over = self.is_over_at(now) && !is_disturbed;
        if is_disturbed || is_over {
            let is_whole = window > 0 || !begun.is_any_earlier;
            let begins_incident = begun.is_incident;
            self.follow_disruption(WindowRange { from: window, until: None, begins_incident, is_whole }, is_over);
        }
        let class = match self.classes.last() {
            _ if !self.has_begun => Class::Before,
            _ if is_disturbed => Class::Disturbed,
            Some(calm @ (Class::Again | Class::Undecided)) => *calm,
            Some(Class::Before | Class::Disturbed) | None if is_over && self.is_settled => {
                self.undecided = Some(Undecided { from: window, over_since: self.over_since });
                Class::Undecided
            }
            Some(Class::Before | Class::Disturbed) | None => Class::Disturbed,
        };
        self.before += usize::from(class == Class::Before);
        self.classes.push(class);
        decision
    }

    /// The run is over: every window is known.
    pub(super) fn finish(&mut self, is_bad: impl Fn(usize) -> bool) -> Option<Decision> {
        self.look_back(SimTime::NEVER, is_bad);
        self.decide()
    }

    /// Returns whether the aftermath is over at `at`, if nothing lasts.
    fn is_over_at(&self, at: SimTime) -> bool {
        self.over_since + self.aftermath <= at
    }

    /// Takes the announced events that begin before `end`, the end of the window that starts at `start`.
    fn begin(&mut self, start: SimTime, end: SimTime) -> Begun {
        let mut begun = Begun::default();
        let (has_begun, over_since) = (&mut self.has_begun, &mut self.over_since);
        self.announced.retain(|(at, what)| {
            let begins = *at < end;
            if begins {
                begun.is_any_earlier |= *at < start;
                begun.is_any |= *at >= start;
                begun.is_incident |= *at >= start && *what == Announced::Incident;
                *has_begun = true;
                *over_since = (*over_since).max(*at);
            }
            !begins
        });
        begun
    }

    /// A window starts in which something is disturbed, or all is over.
    fn follow_disruption(&mut self, window: WindowRange, is_over: bool) {
        match self.disruptions.last_mut() {
            Some(last) if last.until.is_none() => {
                last.begins_incident |= window.begins_incident;
                last.until = is_over.then_some(window.from);
            }
            _ if is_over => {}
            _ => self.disruptions.push(window),
        }
    }

    /// Looks at the windows whose requests have all ended by `now`.
    fn look_back(&mut self, now: SimTime, is_bad: impl Fn(usize) -> bool) {
        while self.known < self.classes.len() && self.grid.end(self.known) + self.patience <= now {
            let window = self.known;
            self.known += 1;
            let (start, end) = (self.grid.start(window), self.grid.end(window));
            let follows = |over_since: SimTime| start < over_since + self.aftermath && end > over_since;
            let of_stretch = self.undecided.is_some_and(|stretch| window < stretch.from && follows(stretch.over_since));
            let of_latest = self.has_begun && !self.is_disturbed && follows(self.over_since);
            if !(of_stretch || of_latest) || !is_bad(window) {
                continue;
            }
            if of_latest {
                self.over_since = end;
            }
            if let Some(stretch) = self.undecided.as_mut().filter(|_| of_stretch) {
                stretch.over_since = end;
            }
            self.reopen(window);
        }
    }

    /// A bad window has followed a disruption, which was taken to be over too early if less than `aftermath` had passed.
    fn reopen(&mut self, bad: usize) {
        let (grid, over) = (self.grid, self.grid.end(bad) + self.aftermath);
        let is_early = |range: &WindowRange| range.until.is_some_and(|until| until > bad && grid.start(until) < over);
        // Those before one that was over by then were so, too.
        let first = self.disruptions.iter().rposition(|range| range.until.is_some_and(|until| until <= bad));
        let first = first.map_or(0, |place| place + 1);
        if let Some(place) = self.disruptions[first..].iter().rposition(is_early).map(|place| first + place) {
            let later = self.disruptions.split_off(place + 1);
            let range = &mut self.disruptions[place];
            range.begins_incident |= later.iter().any(|range| range.begins_incident);
            range.until = later.last().and_then(|range| range.until);
        }
    }

    /// Decides on the undecided windows, if those before them are known.
    fn decide(&mut self) -> Option<Decision> {
        let Undecided { from, over_since } = self.undecided?;
        let is_calm = over_since + self.aftermath <= self.grid.start(from);
        if is_calm && self.known < from {
            return None;
        }
        self.undecided = None;
        let class = if is_calm { Class::Again } else { Class::Disturbed };
        for undecided in self.classes[from..].iter_mut().filter(|class| **class == Class::Undecided) {
            *undecided = class;
        }
        Some(if is_calm { Decision::Calm } else { Decision::Disturbed })
    }

    /// The disruptions so far.
    pub(super) fn disruptions(&self) -> &[WindowRange] {
        &self.disruptions
    }
}
#[cfg(test)]
mod tests;
