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

/// What has become of the undecided windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decision {
    /// They are calm.
    Calm,
    /// They are not.
    Disturbed,
}

/// What an announced event is.
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
    /// Incidents and planned changes that are yet to begin.
    announced: Vec<(SimTime, Announced)>,
    /// Whether one has begun.
    has_begun: bool,
    incidents_under_way: u32,
    /// Whether something of an incident or planned change lasts.
    is_disturbed: bool,
    /// Whether answers, roles and standbys are as at first, or as the design keeps them for good.
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

/// The windows of one disruption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WindowRange {
    pub(super) from: usize,
    /// The first window after it, if it is over.
    pub(super) until: Option<usize>,
    /// Whether an incident began in it.
    pub(super) begins_incident: bool,
    /// Whether it did not begin before measured time.
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
        self.to.since(self.from).as_nanos().div_ceil(self.window.as_nanos()) as usize
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

    /// Whether it matters now which windows are bad.
    pub(super) fn asks_for_windows(&self) -> bool {
        self.has_begun && !matches!(self.classes.last(), Some(Class::Again))
    }

    /// Classifies the window that starts at `now`. Returns what has become of undecided windows, if that is known now.
    pub(super) fn window_starts(&mut self, now: SimTime, is_bad: impl Fn(usize) -> bool) -> Option<Decision> {
        self.look_back(now, is_bad);
        let decision = self.decide();
        let window = self.classes.len();
        let end = self.grid.end(window);
        let was_well = !self.has_begun;
        let (begins, begins_incident) = self.begin(now, end);
        let is_disturbed = begins || self.is_disturbed;
        let is_over = self.is_over_at(now) && !is_disturbed;
        if is_disturbed || is_over {
            let is_whole = window > 0 || (was_well && self.over_since >= now);
            self.follow_disruption(WindowRange { from: window, until: None, begins_incident, is_whole }, is_over);
        }
        let class = match self.classes.last() {
            _ if !self.has_begun => Class::Before,
            _ if is_disturbed => Class::Disturbed,
            Some(calm @ (Class::Again | Class::Undecided)) => *calm,
            _ if is_over && self.is_settled => {
                self.undecided = Some(Undecided { from: window, over_since: self.over_since });
                Class::Undecided
            }
            _ => Class::Disturbed,
        };
        self.classes.push(class);
        decision
    }

    /// The run is over: every window is known.
    pub(super) fn finish(&mut self, is_bad: impl Fn(usize) -> bool) -> Option<Decision> {
        self.look_back(SimTime::NEVER, is_bad);
        self.decide()
    }

    /// Whether the aftermath is over at `at`, if nothing lasts.
    fn is_over_at(&self, at: SimTime) -> bool {
        self.over_since + self.aftermath <= at
    }

    /// Takes the announced events that begin before `end`; returns whether one does from `start` on, and whether that is an incident.
    fn begin(&mut self, start: SimTime, end: SimTime) -> (bool, bool) {
        let (mut begins, mut begins_incident) = (false, false);
        let (has_begun, over_since) = (&mut self.has_begun, &mut self.over_since);
        self.announced.retain(|(at, what)| {
            if *at >= end {
                return true;
            }
            begins |= *at >= start;
            begins_incident |= *at >= start && *what == Announced::Incident;
            *has_begun = true;
            *over_since = (*over_since).max(*at);
            false
        });
        (begins, begins_incident)
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
        if let Some(place) = self.disruptions.iter().rposition(is_early) {
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
mod tests {
    use super::*;

    /// Windows of 10 s from second 100 on; the aftermath lasts 60 s, and after 20 s a window is known.
    const FIRST: u64 = 100;
    const WINDOW: u64 = 10;
    const AFTERMATH: u64 = 60;
    const PATIENCE: u64 = 20;

    fn at(seconds: u64) -> SimTime {
        SimTime::ZERO + SimDuration::from_secs(seconds)
    }

    /// Something that changes in the world at a second.
    #[derive(Clone, Copy)]
    enum Event {
        Incident(u64, u64),
        /// A role changes hands: announced, then under way, then done.
        Switch(u64, u64),
        /// A planned switch is due, and declined.
        Declined(u64),
        /// Answers lead elsewhere.
        Unsettled(u64, u64),
    }

    /// A watch that has seen `windows` (`-`: bad) and `events`.
    fn watch(windows: &str, events: &[Event]) -> CalmWatch {
        let second = SimDuration::from_secs;
        let grid =
            WindowTimes { from: at(FIRST), to: at(FIRST + windows.len() as u64 * WINDOW), window: second(WINDOW) };
        let mut watch = CalmWatch::new(grid, second(AFTERMATH), second(PATIENCE));
        for event in events {
            match *event {
                Event::Incident(from, _) => watch.announce(at(from), Announced::Incident),
                Event::Switch(from, _) | Event::Declined(from) => watch.announce(at(from), Announced::PlannedChange),
                Event::Unsettled(..) => {}
            }
        }
        let is_bad = |window: usize| windows.as_bytes()[window] == b'-';
        for now in 0..FIRST + windows.len() as u64 * WINDOW {
            let (mut is_changing, mut is_settled) = (false, true);
            for event in events {
                match *event {
                    Event::Incident(from, to) if now == from || now == to => watch.incident(now == from),
                    Event::Switch(from, to) => is_changing |= (from..to).contains(&now),
                    Event::Unsettled(from, to) => is_settled &= !(from..to).contains(&now),
                    _ => {}
                }
            }
            watch.note(at(now), is_changing, is_settled);
            if now >= FIRST && now.is_multiple_of(WINDOW) {
                watch.window_starts(at(now), is_bad);
            }
        }
        watch.finish(is_bad);
        watch
    }

    /// The classes: `b` before, `c` calm again, `.` disturbed.
    fn classes(windows: &str, events: &[Event]) -> String {
        let class = |class: &Class| match class {
            Class::Before => 'b',
            Class::Again => 'c',
            Class::Undecided => '?',
            Class::Disturbed => '.',
        };
        watch(windows, events).classes.iter().map(class).collect()
    }

    fn disruptions(windows: &str, events: &[Event]) -> Vec<(usize, Option<usize>)> {
        watch(windows, events).disruptions().iter().map(|range| (range.from, range.until)).collect()
    }

    #[test]
    fn a_run_without_incidents_is_calm_whatever_its_windows() {
        assert_eq!(classes("+++--+++", &[]), "bbbbbbbb");
    }

    #[test]
    fn calm_ends_with_the_window_in_which_an_incident_begins_and_comes_again_an_aftermath_after_its_end() {
        // From 125 to 145; 145 + 60 = 205, and the first window from there on begins at 210.
        let incident = [Event::Incident(125, 145)];
        assert_eq!(classes("++++++++++++++", &incident), "bb.........ccc");
        assert_eq!(disruptions("++++++++++++++", &incident), [(2, Some(11))]);
        // One that begins with a window leaves the window before it calm.
        assert_eq!(classes("++++++++++++++", &[Event::Incident(120, 140)]), "bb........cccc");
    }

    #[test]
    fn bad_windows_that_follow_by_less_than_an_aftermath_put_calm_off() {
        // The last bad window is that from 190 to 200: calm is from 260 on.
        assert_eq!(classes("++--+++++-++++++++", &[Event::Incident(125, 145)]), "bb..............cc");
        assert_eq!(disruptions("++--+++++-++++++++", &[Event::Incident(125, 145)]), [(2, Some(16))]);
    }

    #[test]
    fn a_bad_window_that_is_known_only_after_the_aftermath_takes_back_what_was_undecided() {
        // The end is 145, and calm would come at 210; that the window from 200 to 210 is bad is known at 230.
        assert_eq!(classes("++++++++++-+++++++++", &[Event::Incident(125, 145)]), "bb...............ccc");
        assert_eq!(disruptions("++++++++++-+++++++++", &[Event::Incident(125, 145)]), [(2, Some(17))]);
        // Known only at the end of the run.
        assert_eq!(classes("++++++++++-++", &[Event::Incident(125, 145)]), "bb...........");
        assert_eq!(disruptions("++++++++++-++", &[Event::Incident(125, 145)]), [(2, None)]);
    }

    #[test]
    fn a_bad_window_later_than_that_is_one_of_calm_time() {
        assert_eq!(classes("+++++++++++++-+++", &[Event::Incident(125, 145)]), "bb.........cccccc");
    }

    #[test]
    fn an_incident_that_comes_while_windows_are_undecided_does_not_decide_them() {
        let incidents = [Event::Incident(125, 145), Event::Incident(223, 224)];
        // Calm from 210 on, the next one in the window from 220, and calm from 290 on.
        assert_eq!(classes("++++++++++++++++++++++", &incidents), "bb.........c.......ccc");
        assert_eq!(disruptions("++++++++++++++++++++++", &incidents), [(2, Some(11)), (12, Some(19))]);
        // A bad window before them, known at 230, makes one disruption of both.
        assert_eq!(classes("++++++++++-+++++++++++", &incidents), "bb.................ccc");
        assert_eq!(disruptions("++++++++++-+++++++++++", &incidents), [(2, Some(19))]);
    }

    #[test]
    fn calm_waits_until_all_is_settled_and_a_disruption_does_not() {
        let events = [Event::Incident(125, 145), Event::Unsettled(130, 235)];
        assert_eq!(classes("++++++++++++++++", &events), "bb............cc");
        assert_eq!(disruptions("++++++++++++++++", &events), [(2, Some(11))]);
        let never = [Event::Incident(125, 145), Event::Unsettled(130, 10_000)];
        assert_eq!(classes("++++++++++++++++", &never), "bb..............");
        // A false alarm without an incident ends no calm.
        assert_eq!(classes("++++++++", &[Event::Unsettled(130, 150)]), "bbbbbbbb");
    }

    #[test]
    fn a_planned_change_ends_calm_too_even_if_it_is_declined() {
        assert_eq!(classes("++++++++++++", &[Event::Switch(115, 128)]), "b........ccc");
        assert!(watch("++++++++++++", &[Event::Switch(115, 128)]).disruptions().iter().all(|one| !one.begins_incident));
        assert_eq!(classes("++++++++++++", &[Event::Declined(115)]), "b.......cccc");
    }

    #[test]
    fn an_incident_before_measured_time_leaves_no_calm_before_it_and_no_whole_disruption() {
        let incident = [Event::Incident(50, 105)];
        assert_eq!(classes("++++++++++", &incident), ".......ccc");
        assert!(watch("++++++++++", &incident).disruptions().iter().all(|range| !range.is_whole));
        // Over long before.
        assert_eq!(classes("++++++++++", &[Event::Incident(5, 10)]), "cccccccccc");
        // One that begins with measured time is whole.
        assert!(watch("++++++++++", &[Event::Incident(100, 105)]).disruptions()[0].is_whole);
    }
}
