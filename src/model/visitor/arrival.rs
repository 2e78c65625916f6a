//! Arrivals of sessions, drawn block by block, so that a block can be drawn without the blocks before it.

use std::sync::Arc;

use super::super::draws::{Draws, OfSession};
use super::super::event::{Event, Scheduler};
use crate::engine::Stream;
use crate::scenario::{Geography, GeographyId, Sessions};
use crate::units::{SimDuration, SimTime};

/// Length of a block of arrivals.
const BLOCK: SimDuration = SimDuration::from_secs(60);

/// The arrivals of one geography: a Poisson process, begun anew at each block (it has no memory), of which a daily profile
/// keeps some by a draw of the session; or a trace.
#[derive(Debug)]
pub(in super::super) struct Arrivals {
    blocks: Stream,
    process: Process,
    block: u64,
    block_ends: SimTime,
    /// The streams of the block, and of its gaps.
    of_block: Stream,
    gaps: Stream,
    /// The next arrival of the block, counted from 0.
    ordinal: u64,
    next: SimTime,
    /// The end of the run, beyond which no session is looked for.
    horizon: SimTime,
}

#[derive(Clone, Debug)]
enum Process {
    Steady { mean_gap_s: f64 },
    Daily { peak: f64, rates: [f64; 24], starts_s: f64 },
    Trace { times: Arc<[SimDuration]>, taken: usize },
}

impl Arrivals {
    pub(in super::super) fn new(blocks: Stream, geography: &Geography, horizon: SimTime) -> Self {
        let process = match &geography.sessions {
            Sessions::Steady => Process::Steady { mean_gap_s: 1.0 / geography.session_rate },
            Sessions::Daily { rates, starts_s } => {
                let peak = rates.iter().copied().fold(0.0, f64::max);
                Process::Daily { peak, rates: *rates, starts_s: *starts_s }
            }
            Sessions::Trace { times, .. } => Process::Trace { times: Arc::clone(times), taken: 0 },
        };
        let mut arrivals = Arrivals::at_block(blocks, process, 0, horizon);
        arrivals.draw();
        arrivals
    }

    /// The sessions that a surge adds from `now` on, to make them `factor` times as many as usual. A trace surges at its mean rate.
    pub(super) fn surge(now: SimTime, blocks: Stream, geography: &Geography, factor: f64, horizon: SimTime) -> Self {
        let more = factor - 1.0;
        let process = match &geography.sessions {
            Sessions::Steady | Sessions::Trace { .. } => {
                Process::Steady { mean_gap_s: 1.0 / (geography.session_rate * more) }
            }
            Sessions::Daily { rates, starts_s } => {
                let rates = rates.map(|rate| rate * more);
                Process::Daily { peak: rates.iter().copied().fold(0.0, f64::max), rates, starts_s: *starts_s }
            }
        };
        let block = now.as_nanos() / BLOCK.as_nanos();
        let mut arrivals = Arrivals::at_block(blocks, process, block, horizon);
        arrivals.draw();
        while arrivals.next < now {
            arrivals.take();
        }
        arrivals
    }

    /// At the start of a block, with no arrival drawn yet.
    fn at_block(blocks: Stream, process: Process, block: u64, horizon: SimTime) -> Self {
        let next = SimTime::ZERO + BLOCK.times(block);
        let (of_block, gaps, block_ends) = (blocks, blocks, next);
        let mut arrivals = Arrivals { blocks, process, block, block_ends, of_block, gaps, ordinal: 0, next, horizon };
        arrivals.go_to(block);
        arrivals
    }

    #[cold]
    #[inline(never)]
    fn go_to(&mut self, block: u64) {
        self.block = block;
        self.block_ends = SimTime::ZERO + BLOCK.times(block + 1);
        self.of_block = self.blocks.child(block);
        self.gaps = self.of_block.child(0);
        self.ordinal = 0;
    }

    /// Returns the time at which the next session starts, if one does.
    pub(in super::super) fn next(&self) -> Option<SimTime> {
        (self.next != SimTime::NEVER).then_some(self.next)
    }

    /// Takes the next session, and returns its stream.
    #[inline]
    pub(super) fn take(&mut self) -> Stream {
        let session = self.session();
        self.ordinal += 1;
        self.draw();
        session
    }

    /// The stream of arrival `ordinal` of the block.
    #[inline]
    fn session(&self) -> Stream {
        self.of_block.child(self.ordinal + 1)
    }

    #[inline(always)]
    fn draw(&mut self) {
        match &mut self.process {
            Process::Steady { mean_gap_s } => {
                let mean_gap_s = *mean_gap_s;
                self.draw_gap(mean_gap_s);
            }
            Process::Daily { .. } => self.draw_daily(),
            Process::Trace { times, taken } => {
                let Some(time) = times.get(*taken) else {
                    self.next = SimTime::NEVER;
                    return;
                };
                *taken += 1;
                self.next = SimTime::ZERO + *time;
                let block = time.as_nanos() / BLOCK.as_nanos();
                if block != self.block {
                    self.go_to(block);
                }
            }
        }
    }

    /// Draws the gap to arrival `ordinal` of the block, going on to the next block where this one ends before it. A rate may be
    /// so low that there are more blocks than any run could look into: behind the horizon is no arrival.
    #[inline(always)]
    fn draw_gap(&mut self, mean_gap_s: f64) {
        loop {
            let gap = SimDuration::from_secs_f64(self.gaps.exponential(self.ordinal) * mean_gap_s);
            self.next = self.next + gap;
            if self.next < self.block_ends {
                return;
            }
            if self.block_ends > self.horizon {
                self.next = SimTime::NEVER;
                return;
            }
            self.next = self.block_ends;
            self.go_to(self.block + 1);
        }
    }

    /// Draws arrivals at the peak's rate until one is kept: with the probability that its hour has of the peak.
    fn draw_daily(&mut self) {
        let Process::Daily { peak, rates, starts_s } = self.process else { return };
        loop {
            self.draw_gap(1.0 / peak);
            if self.next == SimTime::NEVER {
                return;
            }
            let rate = Sessions::interpolated(&rates, starts_s + self.next.as_secs_f64());
            if Draws(self.session()).of_session(OfSession::Thinning).uniform() * peak < rate {
                return;
            }
            self.ordinal += 1;
        }
    }
}

/// Geographies whose arrivals are chains of the scheduler, numbered alike: each chain costs the others a look.
pub(in super::super) const CHAINS: usize = 8;

/// The next session of a geography starts at `at`.
#[inline(always)]
pub(in super::super) fn next_arrival(scheduler: &mut Scheduler, geography: GeographyId, at: SimTime) {
    if geography.index() < CHAINS {
        scheduler.next_in_chain(geography.index(), at);
    } else {
        scheduler.schedule_at(at, Event::SessionStarts { geography });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn must_be_independent_of_earlier_blocks(process: &Process) {
        let blocks = Stream::root(1, 2).named("asia");
        let from = |block| {
            let mut arrivals = Arrivals::at_block(blocks, process.clone(), block, SimTime::NEVER);
            arrivals.draw();
            arrivals
        };
        let (mut whole, mut late) = (from(0), from(3));
        while whole.next < SimTime::ZERO + BLOCK.times(3) {
            whole.take();
        }
        for _ in 0..500 {
            assert_eq!((whole.next(), whole.take()), (late.next(), late.take()));
        }
    }

    #[test]
    fn a_rate_of_a_session_in_ages_is_looked_into_up_to_the_horizon_alone() {
        let horizon = SimTime::ZERO + SimDuration::from_secs(3_600);
        for process in
            [Process::Steady { mean_gap_s: 1e300 }, Process::Daily { peak: 1e-300, rates: [1e-300; 24], starts_s: 0.0 }]
        {
            let mut arrivals = Arrivals::at_block(Stream::root(1, 2), process, 0, horizon);
            arrivals.draw();
            assert_eq!((arrivals.next(), arrivals.block), (None, 60));
        }
    }

    #[test]
    fn a_block_of_arrivals_does_not_depend_on_the_blocks_before_it() {
        must_be_independent_of_earlier_blocks(&Process::Steady { mean_gap_s: 0.5 });
        let rates = std::array::from_fn(|hour| 0.5 + (hour % 3) as f64);
        must_be_independent_of_earlier_blocks(&Process::Daily { peak: 2.5, rates, starts_s: 1_800.0 });
    }
}
