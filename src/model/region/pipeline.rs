//! The replication pipeline out of a region, up to the line: when its log is read, and how long the delays are at present.
//!
//! Delays are a state of the pipeline, not of a commit: all commits of an interval share them. So the lag of a pipeline in
//! which nothing is full does not depend on how many commits there are. (If each had its own, the slowest of those under way
//! would hold up all behind it: the more there are, the slower that is.)

use super::super::draws::{OfAttempt, OfInterval};
use super::super::setting::Setting;
use super::call::Call;
use crate::engine::{Draw, Stream};
use crate::scenario::RegionId;
use crate::units::{SimDuration, SimTime};

/// Delays of a commit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Delays {
    /// From the commit until the sender has it ready.
    pub(super) ship: SimDuration,
    /// Round-trip time of the link.
    pub(super) rtt: SimDuration,
    /// From the receipt until it can be seen.
    pub(super) apply: SimDuration,
}

/// The pipeline out of one region.
#[derive(Debug)]
pub(super) struct Pipeline {
    intervals: Stream,
    /// Time until which the delays stay as they are.
    until: SimTime,
    delays: Delays,
    /// Time at which the log is read next, if it is polled.
    next_poll: SimTime,
}

impl Pipeline {
    /// The pipeline at the start of a run: within an interval, and between two readings.
    pub(super) fn new(setting: &Setting, region: RegionId) -> Self {
        let region = &setting.plan.scenario.regions[region].name;
        let phase = setting.streams.polls(region).uniform(0);
        let first_poll = |poll: SimDuration| SimDuration::from_secs_f64(poll.as_secs_f64() * phase);
        Pipeline {
            intervals: setting.streams.pipeline(region),
            until: SimTime::ZERO,
            delays: Delays::default(),
            next_poll: SimTime::ZERO + setting.design.replication.poll.map_or(SimDuration::ZERO, first_poll),
        }
    }

    /// A pipeline without a setting, for tests.
    #[cfg(test)]
    pub(super) fn alone() -> Self {
        let start = SimTime::ZERO;
        Pipeline { intervals: Stream::root(1, 3), until: start, delays: Delays::default(), next_poll: start }
    }

    /// Returns the delays of a commit that is made now, which is no earlier than the one before it.
    pub(super) fn delays(&mut self, setting: &Setting, now: SimTime, call: &Call) -> Delays {
        let read = self.read_at(setting.design.replication.poll, now);
        let every = setting.design.replication.lag_changes_every;
        let delays = if every == SimDuration::ZERO {
            of_its_own(setting, call)
        } else {
            if read >= self.until {
                self.enter(setting, read, every);
            }
            self.delays
        };
        Delays { ship: read.since(now) + delays.ship, ..delays }
    }

    /// Returns the time at which the log is read so that a commit of this moment is seen.
    fn read_at(&mut self, poll: Option<SimDuration>, now: SimTime) -> SimTime {
        let Some(poll) = poll else { return now };
        if self.next_poll < now {
            let passed = now.since(self.next_poll).as_nanos().div_ceil(poll.as_nanos());
            self.next_poll = self.next_poll + poll.times(passed);
        }
        self.next_poll
    }

    /// Enters the interval of a moment.
    #[cold]
    fn enter(&mut self, setting: &Setting, at: SimTime, every: SimDuration) {
        let number = at.as_nanos() / every.as_nanos();
        let interval = self.intervals.child(number);
        self.until = SimTime::ZERO + every.times(number) + every;
        self.delays = drawn(setting, |purpose| interval.draw(purpose as u64));
    }
}

/// The delays of a commit that shares them with no other.
fn of_its_own(setting: &Setting, call: &Call) -> Delays {
    drawn(setting, |of| {
        let purpose = match of {
            OfInterval::Ship => OfAttempt::Ship,
            OfInterval::LinkRtt => OfAttempt::ShipRtt,
            OfInterval::Apply => OfAttempt::Apply,
        };
        call.draws.of_attempt(call.request, call.attempt, purpose)
    })
}

fn drawn(setting: &Setting, draw: impl Fn(OfInterval) -> Draw) -> Delays {
    let samplers = setting.of_design();
    Delays {
        ship: samplers.ship.duration(draw(OfInterval::Ship)),
        rtt: setting.plan.link_rtt.duration(draw(OfInterval::LinkRtt)),
        apply: samplers.apply.duration(draw(OfInterval::Apply)),
    }
}
