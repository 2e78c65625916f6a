//! Health checks: probes on fixed schedules, counts of failures and successes, and the quorum.

use super::super::event::Event;
use super::super::slab::{Handle, Slab};
use super::super::whole;
use super::target::Target;
use crate::engine::{Sampler, Stream};
use crate::scenario::{GeographyId, HealthChecks, RegionId};
use crate::units::{SimDuration, SimTime};

/// All checks: each checker's view of each target.
#[derive(Debug)]
pub(in super::super) struct Checks {
    checks: Vec<Check>,
    probes: Slab<ProbeUnderWay>,
    /// Checkers that hold a target to be down.
    down: [u32; 4],
}

/// One checker's view of one target.
#[derive(Debug)]
struct Check {
    geography: GeographyId,
    target: Target,
    stream: Stream,
    probes_started: u64,
    /// Failures (while held to be up) or successes (while held to be down) in a row.
    streak: u32,
    down: bool,
}

/// A probe that has neither been answered nor timed out.
#[derive(Clone, Copy, Debug)]
struct ProbeUnderWay {
    check: u32,
    deadline: SimTime,
    half_rtt: SimDuration,
}

/// A probe that has been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct SentProbe {
    pub(super) probe: Handle,
    /// The moments at which it reaches its target, and at which its checker gives it up.
    pub(super) arrives: SimTime,
    pub(super) deadline: SimTime,
}

/// A probe as its target sees it.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct ArrivedProbe {
    pub(in super::super) target: Target,
    /// Geography of its checker.
    pub(in super::super) geography: GeographyId,
    pub(in super::super) deadline: SimTime,
    /// The draws that belong to it.
    pub(in super::super) stream: Stream,
}

/// A checker holds another view of a target from now on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CheckerChange {
    pub(super) target: Target,
    pub(super) geography: GeographyId,
    /// Its view.
    pub(super) down: bool,
    /// The view of the quorum, if that is another one, too.
    pub(super) verdict: Option<bool>,
}

impl Checks {
    /// The checkers of the settings, dealt to the geographies in turn, with `targets` each, and when each starts to probe: at a
    /// phase of its own for each target, uniform over the interval.
    pub(in super::super) fn new(
        settings: &HealthChecks,
        geographies: impl Iterator<Item = GeographyId> + Clone,
        targets: &[Target],
        stream_of: impl Fn(u64) -> Stream,
    ) -> (Self, Vec<(SimTime, Event)>) {
        let mut checks = Vec::new();
        let mut first = Vec::new();
        for (checker, geography) in (0..settings.checkers).zip(geographies.cycle()) {
            for &target in targets {
                let stream = stream_of(u64::from(checker)).child(target.index() as u64);
                let phase = SimDuration::from_secs_f64(stream.uniform(0) * settings.interval.as_secs_f64());
                first.push((SimTime::ZERO + phase, Event::ProbeStarts { check: whole::count(checks.len()) }));
                checks.push(Check { geography, target, stream, probes_started: 0, streak: 0, down: false });
            }
        }
        (Checks { checks, probes: Slab::new(), down: [0; 4] }, first)
    }

    /// It is time for the next probe of a check. Returns the target that is to be probed.
    pub(super) fn next_probe(&mut self, place: u32) -> Target {
        let check = &mut self.checks[place as usize];
        check.probes_started += 1;
        check.target
    }

    /// Sends the probe of a check; `rtt` tells the round-trip time between a geography and a region.
    pub(super) fn send<'a>(
        &mut self,
        place: u32,
        now: SimTime,
        timeout: SimDuration,
        rtt: impl FnOnce(GeographyId, RegionId) -> &'a Sampler,
    ) -> SentProbe {
        let check = &self.checks[place as usize];
        let rtt = rtt(check.geography, check.target.region());
        let half_rtt = rtt.duration(check.stream.child(0).draw(check.probes_started)).half();
        let deadline = now + timeout;
        let probe = self.probes.insert(ProbeUnderWay { check: place, deadline, half_rtt });
        SentProbe { probe, arrives: now + half_rtt, deadline }
    }

    /// The probe of a handle, if it is still waited for.
    pub(super) fn under_way(&self, probe: Handle) -> Option<ArrivedProbe> {
        let under_way = self.probes.get(probe)?;
        let check = &self.checks[under_way.check as usize];
        Some(ArrivedProbe {
            target: check.target,
            geography: check.geography,
            deadline: under_way.deadline,
            stream: check.stream.child(1).child(check.probes_started),
        })
    }

    /// The target answers a probe at `now`. Returns when its checker hears of it, and which check it is of, if that is in time.
    pub(super) fn answered(&mut self, probe: Handle, now: SimTime) -> Option<(SimTime, u32)> {
        let under_way = self.probes.get(probe)?;
        let (heard, check) = (now + under_way.half_rtt, under_way.check);
        let is_in_time = heard <= under_way.deadline;
        is_in_time.then(|| {
            self.probes.remove(probe);
            (heard, check)
        })
    }

    /// A probe has not been answered in time. Returns which check it is of, if it is still waited for.
    pub(super) fn times_out(&mut self, probe: Handle) -> Option<u32> {
        let check = self.probes.get(probe)?.check;
        self.probes.remove(probe);
        Some(check)
    }

    /// A checker learns the result of a probe. Returns what it changes, if it does.
    pub(super) fn done(&mut self, place: u32, good: bool, settings: &HealthChecks) -> Option<CheckerChange> {
        let check = &mut self.checks[place as usize];
        if good != check.down {
            check.streak = 0;
            return None;
        }
        check.streak += 1;
        let needed = if check.down { settings.rise } else { settings.fall };
        if check.streak < needed {
            return None;
        }
        check.streak = 0;
        check.down = !check.down;
        let against = &mut self.down[check.target.index()];
        let limit = settings.quorum * f64::from(settings.checkers);
        let was_down = f64::from(*against) > limit;
        *against = if check.down { *against + 1 } else { *against - 1 };
        let is_down = f64::from(*against) > limit;
        Some(CheckerChange {
            target: check.target,
            geography: check.geography,
            down: check.down,
            verdict: (was_down != is_down).then_some(is_down),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NORTH: Target = Target::Region(RegionId::First);

    fn at(seconds: u64) -> SimTime {
        SimTime::ZERO + SimDuration::from_secs(seconds)
    }

    /// Checkers of the north's region alone, in two geographies; 2 failures, or 3 successes, in a row change a view.
    fn checks(checkers: u32) -> (Checks, HealthChecks) {
        let settings = HealthChecks { checkers, fall: 2, rise: 3, quorum: 0.5, ..HealthChecks::default() };
        let geographies = GeographyId::all(2).unwrap();
        let (checks, first) = Checks::new(&settings, geographies, &[NORTH], |checker| Stream::root(1, checker));
        assert_eq!(first.len(), checkers as usize);
        assert!(first.iter().all(|(at, _)| *at < SimTime::ZERO + settings.interval), "all begin in the first interval");
        (checks, settings)
    }

    #[test]
    fn checkers_are_dealt_to_the_geographies_in_turn() {
        let (checks, _) = checks(5);
        let places: Vec<usize> = checks.checks.iter().map(|check| check.geography.index()).collect();
        assert_eq!(places, [0, 1, 0, 1, 0]);
    }

    #[test]
    fn a_view_changes_after_so_many_equal_results_in_a_row() {
        let (mut checks, settings) = checks(1);
        let mut results = |results: &[bool]| -> Vec<Option<bool>> {
            let mut change = |good: &bool| checks.done(0, *good, &settings).map(|change| change.down);
            results.iter().map(&mut change).collect()
        };
        assert_eq!(results(&[false, true, false, false]), [None, None, None, Some(true)]);
        assert_eq!(results(&[true, true, false, true, true, true]), [None, None, None, None, None, Some(false)]);
    }

    #[test]
    fn a_verdict_takes_more_than_the_quorum() {
        let (mut checks, settings) = checks(4);
        let mut fails = |place: u32| {
            checks.done(place, false, &settings);
            checks.done(place, false, &settings).unwrap().verdict
        };
        assert_eq!([0, 1, 2, 3].map(&mut fails), [None, None, Some(true), None], "half of them are not enough");
    }

    #[test]
    fn a_probe_is_answered_in_time_or_times_out_and_never_both() {
        let (mut checks, settings) = checks(1);
        let rtt = Sampler::constant(2.0);
        let send = |checks: &mut Checks| {
            assert_eq!(checks.next_probe(0), NORTH);
            checks.send(0, at(10), settings.timeout, |_, _| &rtt)
        };
        let sent = send(&mut checks);
        assert_eq!((sent.arrives, sent.deadline), (at(11), at(10) + settings.timeout));
        assert_eq!(checks.under_way(sent.probe).unwrap().target, NORTH);
        assert_eq!(checks.answered(sent.probe, at(11)), Some((at(12), 0)));
        assert_eq!(checks.times_out(sent.probe), None);
        let sent = send(&mut checks);
        assert_eq!(checks.answered(sent.probe, sent.deadline), None, "its checker would hear of it too late");
        assert_eq!(checks.times_out(sent.probe), Some(0));
        assert!(checks.under_way(sent.probe).is_none());
    }
}
