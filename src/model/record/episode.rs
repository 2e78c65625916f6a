//! Episodes: which incidents belong together, which bad windows they are charged with, and whose clock runs until recovery.
//!
//! - An incident that begins while another lasts, or less than `stable` after a bad window, joins its episode. It lasts until
//!   what it left is over.
//! - A bad window belongs to the latest episode that began before the first failed request in it (an incident that begins at
//!   that very moment comes first). Once an episode has been over for `aftermath`, neither lasting nor with a bad window, later
//!   ones are not its own.
//! - The clock starts at the incident that broke the service: of those that began before the first failed request of the first
//!   bad window, the latest that was not over by then; if all were, the latest to end. Incidents of one instant share it. Those
//!   before it affected nobody; those after it share the end.
//! - The series of bad windows goes on over gaps shorter than `aftermath`, and over gaps of any length while the incident that
//!   started the clock lasts. An incident of the same episode that begins after its end has a clock of its own.

use super::super::outcome::{Episode, Timing};
use super::super::whole;
use super::recovery::{BadWindow, Recovered, Rules};
use crate::units::{SimDuration, SimTime};

/// An occurrence of an incident, from its start until what it left is over.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Lasting {
    pub(in super::super) started: SimTime,
    pub(in super::super) ended: SimTime,
}

/// Fate of one occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Recovery {
    /// Its episode, counted from 0.
    pub(in super::super) episode: u32,
    /// True if a bad window is charged to it.
    pub(in super::super) affected: bool,
    pub(in super::super) sustained: Timing,
    pub(in super::super) first: Timing,
    pub(in super::super) relapses: u32,
    pub(in super::super) is_confirmed: bool,
}

/// All episodes of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Episodes {
    pub(in super::super) episodes: Vec<Episode>,
    /// One for each occurrence.
    pub(in super::super) recoveries: Vec<Recovery>,
}

/// The incidents of an episode, and its bad windows.
#[derive(Debug)]
struct Group {
    occurrences: Vec<Lasting>,
    /// Latest end of the occurrences.
    ended: SimTime,
    windows: Vec<BadWindow>,
}

impl Episodes {
    /// Finds the episodes of `occurrences`, in order of their starts, with the bad windows of a run that is measured until
    /// `end`.
    pub(super) fn of(rules: Rules, occurrences: &[Lasting], bad: &[BadWindow], end: SimTime) -> Self {
        let mut found = Episodes { episodes: Vec::new(), recoveries: Vec::new() };
        for (place, group) in groups(rules, occurrences, bad).iter().enumerate() {
            let recoveries = group.recoveries(rules, whole::count(place), end);
            found.episodes.push(group.episode(&recoveries));
            found.recoveries.extend(recoveries);
        }
        found
    }
}

/// Sorts occurrences and bad windows into episodes.
fn groups(rules: Rules, occurrences: &[Lasting], bad: &[BadWindow]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let mut rest = bad.iter().copied().peekable();
    for occurrence in occurrences {
        while let Some(window) = rest.next_if(|window| window.first_failed < occurrence.started) {
            charge(&mut groups, window, rules.aftermath);
        }
        match groups.last_mut() {
            Some(latest) if latest.is_joined_by(occurrence, rules.stable) => latest.join(*occurrence),
            _ => groups.push(Group { occurrences: vec![*occurrence], ended: occurrence.ended, windows: Vec::new() }),
        }
    }
    rest.for_each(|window| charge(&mut groups, window, rules.aftermath));
    groups
}

/// Charges a bad window to the latest episode, unless that has been over for too long.
fn charge(groups: &mut [Group], window: BadWindow, aftermath: SimDuration) {
    if let Some(latest) = groups.last_mut()
        && window.from < latest.quiet_since() + aftermath
    {
        latest.windows.push(window);
    }
}

impl Group {
    fn join(&mut self, occurrence: Lasting) {
        self.ended = self.ended.max(occurrence.ended);
        self.occurrences.push(occurrence);
    }

    /// Returns when neither an incident lasts any more nor a window is bad.
    fn quiet_since(&self) -> SimTime {
        self.windows.last().map_or(self.ended, |window| window.to.max(self.ended))
    }

    fn is_joined_by(&self, occurrence: &Lasting, stable: SimDuration) -> bool {
        let is_at_once = self.occurrences.last().is_some_and(|latest| latest.started == occurrence.started);
        let is_soon = self.windows.last().is_some_and(|window| occurrence.started < window.to + stable);
        is_at_once || is_soon || occurrence.started < self.ended
    }

    /// Returns what became of each occurrence.
    fn recoveries(&self, rules: Rules, episode: u32, end: SimTime) -> Vec<Recovery> {
        let unaffected = Recovery {
            episode,
            affected: false,
            sustained: Timing::NotApplicable,
            first: Timing::NotApplicable,
            relapses: 0,
            is_confirmed: false,
        };
        let mut recoveries = vec![unaffected; self.occurrences.len()];
        // Occurrences before this one have been told, and so have the windows that are not left.
        let mut first = 0;
        let mut left = &self.windows[..];
        while let Some(broken) = left.first() {
            let Some(clock) = clock(&self.occurrences[first..], broken.first_failed) else {
                left = &left[1..];
                continue;
            };
            let series = series(left, clock, rules.aftermath);
            let over = series[series.len() - 1].to;
            let survey = rules.survey(series, end);
            for (occurrence, recovery) in self.occurrences.iter().zip(&mut recoveries).skip(first) {
                if occurrence.started >= over {
                    break;
                }
                first += 1;
                if occurrence.started >= clock.started {
                    let own = series.partition_point(|window| window.to <= occurrence.started);
                    let Recovered { sustained, first, relapses, is_confirmed } =
                        survey.recovered_from(own, occurrence.started);
                    *recovery = Recovery { affected: true, sustained, first, relapses, is_confirmed, ..unaffected };
                }
            }
            left = &left[series.len()..];
        }
        recoveries
    }

    fn episode(&self, recoveries: &[Recovery]) -> Episode {
        let started = self.occurrences[0].started;
        let mut recovered = Timing::NotApplicable;
        for (occurrence, recovery) in self.occurrences.iter().zip(recoveries) {
            recovered = match recovery.sustained {
                Timing::After(time) => Timing::After((occurrence.started + time).since(started)),
                Timing::NotApplicable => recovered,
                censored @ (Timing::Censored | Timing::CensoredAt(_)) => censored,
            };
        }
        Episode { started, ended: self.ended, recovered }
    }
}

/// Returns the incident that broke the service at `failed`: its start, and the latest end of those that began with it. `None`
/// if none had begun by then.
fn clock(occurrences: &[Lasting], failed: SimTime) -> Option<Lasting> {
    let begun = &occurrences[..occurrences.partition_point(|occurrence| occurrence.started <= failed)];
    let lasting = begun.iter().rfind(|occurrence| occurrence.ended > failed);
    let broke = lasting.or_else(|| begun.iter().max_by_key(|occurrence| occurrence.ended))?;
    let together = begun.iter().filter(|occurrence| occurrence.started == broke.started);
    let ended = together.map(|occurrence| occurrence.ended).max()?;
    Some(Lasting { started: broke.started, ended })
}

/// Returns the bad windows that are reached from the first of them.
fn series(windows: &[BadWindow], clock: Lasting, aftermath: SimDuration) -> &[BadWindow] {
    let is_beyond = |pair: &[BadWindow]| {
        let [last, next] = pair else { return false };
        next.from.since(last.to) >= aftermath && next.from > clock.ended
    };
    let reached = windows.windows(2).position(is_beyond).map_or(windows.len(), |last| last + 1);
    &windows[..reached]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: f64) -> SimTime {
        SimTime::ZERO + SimDuration::from_secs_f64(seconds)
    }

    fn after(seconds: f64) -> Timing {
        Timing::After(SimDuration::from_secs_f64(seconds))
    }

    /// A stable stretch is 3 s, the aftermath 10 s.
    const RULES: Rules = Rules { slo: 0.95, stable: SimDuration::from_secs(3), aftermath: SimDuration::from_secs(10) };

    /// Bad windows of a second each, given by the start of their first failed request.
    fn windows(first_failed: &[f64]) -> Vec<BadWindow> {
        let window = |&failed: &f64| BadWindow {
            from: at(failed.floor()),
            to: at(failed.floor() + 1.0),
            first_failed: at(failed),
        };
        first_failed.iter().map(window).collect()
    }

    fn episodes(incidents: &[(f64, f64)], first_failed: &[f64]) -> Episodes {
        let lasting = |&(started, ended): &(f64, f64)| Lasting { started: at(started), ended: at(ended) };
        let occurrences: Vec<Lasting> = incidents.iter().map(lasting).collect();
        Episodes::of(RULES, &occurrences, &windows(first_failed), at(100.0))
    }

    /// The sustained recovery of each incident.
    fn sustained(incidents: &[(f64, f64)], first_failed: &[f64]) -> Vec<Timing> {
        episodes(incidents, first_failed).recoveries.iter().map(|recovery| recovery.sustained).collect()
    }

    fn numbers(incidents: &[(f64, f64)], first_failed: &[f64]) -> Vec<u32> {
        episodes(incidents, first_failed).recoveries.iter().map(|recovery| recovery.episode).collect()
    }

    const NOBODY: Timing = Timing::NotApplicable;

    #[test]
    fn recovery_runs_from_the_incident_to_the_end_of_its_last_bad_window() {
        let found = episodes(&[(10.5, 20.0)], &[11.0, 12.0, 15.0]);
        assert!(found.recoveries[0].affected && found.recoveries[0].is_confirmed);
        assert_eq!(found.recoveries[0].sustained, after(5.5));
        assert_eq!(found.episodes, [Episode { started: at(10.5), ended: at(20.0), recovered: after(5.5) }]);
    }

    #[test]
    fn an_incident_without_a_bad_window_affected_nobody() {
        let found = episodes(&[(10.0, 20.0)], &[]);
        assert_eq!((found.recoveries[0].affected, found.recoveries[0].sustained), (false, NOBODY));
        // Nor is it charged with what failed before it, or so long after it that it is over.
        assert_eq!(sustained(&[(10.0, 20.0)], &[8.0, 9.9, 30.0]), [NOBODY]);
        assert_eq!(sustained(&[(10.0, 20.0)], &[29.0]), [after(20.0)]);
    }

    #[test]
    fn an_incident_joins_the_episode_of_one_that_lasts_or_whose_bad_window_was_just_now() {
        assert_eq!(numbers(&[(10.0, 20.0), (15.0, 16.0), (20.0, 21.0)], &[]), [0, 0, 1]);
        // A bad window ends at 25: three seconds after it are stable.
        assert_eq!(numbers(&[(10.0, 20.0), (27.9, 28.0)], &[24.0]), [0, 0]);
        assert_eq!(numbers(&[(10.0, 20.0), (28.0, 29.0)], &[24.0]), [0, 1]);
        // What an incident fails itself does not join it to the one before.
        assert_eq!(numbers(&[(10.0, 20.0), (28.5, 29.0)], &[28.5]), [0, 1]);
    }

    #[test]
    fn an_incident_that_begins_within_a_window_that_is_bad_already_is_not_charged_with_it() {
        // The stall begins while the outage lasts, in the first bad window and after its first failed request.
        let (outage, stall) = ((10.0, 40.0), (10.5, 11.5));
        let failed: Vec<f64> = (10..30).map(|second| f64::from(second) + 0.01).collect();
        assert_eq!(sustained(&[outage], &failed), [after(20.0)]);
        assert_eq!(sustained(&[outage, stall], &failed), [after(20.0), after(19.5)]);
        assert_eq!(sustained(&[outage, (10.0, 11.0)], &failed), [after(20.0), after(20.0)]);
    }

    #[test]
    fn the_clock_starts_at_the_latest_incident_that_lasts_when_the_first_request_fails() {
        // A harmless one that lasts, one that breaks the service, and one that comes later.
        let found = sustained(&[(10.0, 60.0), (30.0, 50.0), (33.0, 34.0)], &[31.5, 35.5]);
        assert_eq!(found, [NOBODY, after(6.0), after(3.0)]);
        // All are over: the latest to end.
        assert_eq!(sustained(&[(10.0, 30.0), (12.0, 13.0)], &[32.0]), [after(23.0), after(21.0)]);
        assert_eq!(sustained(&[(10.0, 20.0), (12.0, 30.0)], &[32.0]), [NOBODY, after(21.0)]);
    }

    #[test]
    fn incidents_of_one_instant_share_the_clock() {
        assert_eq!(sustained(&[(10.0, 40.0), (10.0, 11.0)], &[12.5, 13.5]), [after(4.0), after(4.0)]);
        // And the gaps that the longer of them spans.
        assert_eq!(sustained(&[(10.0, 11.0), (10.0, 40.0)], &[12.5, 38.5]), [after(29.0), after(29.0)]);
    }

    #[test]
    fn gaps_shorter_than_the_aftermath_are_bridged_and_longer_ones_only_while_the_incident_lasts() {
        let up_for_a_moment = episodes(&[(10.0, 12.0)], &[10.5, 15.5, 24.5, 34.5]).recoveries[0];
        assert_eq!((up_for_a_moment.sustained, up_for_a_moment.first), (after(25.0), after(1.0)));
        assert_eq!((up_for_a_moment.relapses, up_for_a_moment.is_confirmed), (3, true));
        // From 25 to 35 are ten seconds: the last bad window is another matter, unless the incident lasts till then.
        assert_eq!(sustained(&[(10.0, 34.9)], &[10.5, 15.5, 24.5, 35.5]), [after(15.0)]);
        assert_eq!(sustained(&[(10.0, 35.0)], &[10.5, 15.5, 24.5, 35.5]), [after(26.0)]);
    }

    #[test]
    fn an_incident_of_the_same_episode_that_begins_after_the_end_has_a_clock_of_its_own() {
        // It joins because the bad window before it has just ended, and breaks the service long after.
        let found = episodes(&[(10.0, 11.0), (12.5, 60.0)], &[10.5, 40.5]);
        assert_eq!(found.recoveries[0].sustained, after(1.0));
        assert_eq!((found.recoveries[1].episode, found.recoveries[1].sustained), (0, after(28.5)));
        assert_eq!(found.episodes, [Episode { started: at(10.0), ended: at(60.0), recovered: after(31.0) }]);
    }

    #[test]
    fn a_service_that_is_not_stable_by_the_end_is_censored() {
        // Measured time ends at 100.
        assert_eq!(sustained(&[(10.0, 20.0)], &[10.5, 12.5]), [after(3.0)]);
        assert_eq!(sustained(&[(90.0, 95.0)], &[90.5, 97.5]), [Timing::Censored]);
        let found = episodes(&[(90.0, 95.0)], &[90.5, 91.5]).recoveries[0];
        assert_eq!((found.sustained, found.is_confirmed), (after(2.0), false));
    }
}
