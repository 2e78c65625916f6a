//! Arrivals of sessions, drawn block by block, so that a block can be drawn without the blocks before it.

use super::super::event::Event;
use super::super::marks::{Marks, OfSession};
use super::super::outcome::Operation;
use super::super::slab::Handle;
use super::super::world::{Agenda, World};
use super::session::{Answer, Session};
use crate::engine::Stream;
use crate::units::{SimDuration, SimTime};

/// Length of a block of arrivals.
const BLOCK: SimDuration = SimDuration::from_secs(60);

/// The arrivals of one geography: a Poisson process, begun anew at each block (it has no memory).
#[derive(Debug)]
pub(in super::super) struct Arrivals {
    blocks: Stream,
    mean_gap_s: f64,
    block: u64,
    /// The next arrival of the block, counted from 0.
    ordinal: u64,
    next: SimTime,
}

impl Arrivals {
    pub(in super::super) fn new(blocks: Stream, mean_gap_s: f64) -> Self {
        let mut arrivals = Arrivals { blocks, mean_gap_s, block: 0, ordinal: 0, next: SimTime::ZERO };
        arrivals.draw();
        arrivals
    }

    /// The same process as of `now`: what it would have had before is passed over.
    pub(super) fn from(now: SimTime, blocks: Stream, mean_gap_s: f64) -> Self {
        let block = now.as_nanos() / BLOCK.as_nanos();
        let start = SimTime::ZERO + BLOCK.times(block);
        let mut arrivals = Arrivals { blocks, mean_gap_s, block, ordinal: 0, next: start };
        arrivals.draw();
        while arrivals.next < now {
            arrivals.take();
        }
        arrivals
    }

    /// When the next session starts.
    pub(in super::super) fn next(&self) -> SimTime {
        self.next
    }

    /// Takes the next session, and returns its stream.
    #[inline]
    pub(super) fn take(&mut self) -> Stream {
        let session = self.blocks.child(self.block).child(self.ordinal + 1);
        self.ordinal += 1;
        self.draw();
        session
    }

    /// Draws the gap to arrival `ordinal` of the block, going on to the next block where this one ends before it.
    #[inline]
    fn draw(&mut self) {
        loop {
            let gaps = self.blocks.child(self.block).child(0);
            let gap = SimDuration::from_secs_f64(gaps.exponential(self.ordinal) * self.mean_gap_s);
            let at = self.next + gap;
            let end = SimTime::ZERO + BLOCK.times(self.block + 1);
            if at < end {
                self.next = at;
                return;
            }
            self.block += 1;
            self.ordinal = 0;
            self.next = end;
        }
    }
}

impl World<'_> {
    /// A session of `geography` starts, and with it its first request.
    pub(in super::super) fn session_starts(&mut self, agenda: &mut Agenda, geography: u16) {
        let place = usize::from(geography);
        let stream = self.arrivals[place].take();
        agenda.at(self.arrivals[place].next(), Event::SessionStarts { geography });
        self.session_begins(agenda, place, stream);
    }

    /// A session with this stream begins in the geography at `place`, unless it stays away.
    pub(super) fn session_begins(&mut self, agenda: &mut Agenda, place: usize, stream: Stream) {
        let now = agenda.now();
        let marks = Marks(stream);
        if self.surges.keeps_away(place, marks) {
            return;
        }
        let wanted = &self.plan.scenario.geographies[place];
        let routed_as = self.routed_as(marks, place);
        let bank = &self.plan.geographies[routed_as];
        let popularity = bank.resolvers.index(marks.bits_of_session(OfSession::Resolver));
        let pinned = wanted.client.pin_share > 0.0 && marks.of_session(OfSession::Pinned) < wanted.client.pin_share;
        let requests = self.plan.geographies[place].requests.quantile(marks.of_session(OfSession::Requests));
        let answer = pinned.then(|| {
            let age = wanted.client.pin.as_secs_f64() * marks.of_session(OfSession::PinAge);
            let fetched = now.saturating_sub(SimDuration::from_secs_f64(age));
            let region = self.manager.answer_at(routed_as, fetched);
            Answer { region, expires: SimTime::NEVER, fetched, resolver_fetched: fetched }
        });
        let session = self.sessions.insert(Session {
            marks,
            geography: place as u8,
            routed_as: routed_as as u8,
            resolver: bank.first_resolver + popularity,
            requests_left: (requests.clamp(1.0, f64::from(u32::MAX))) as u32,
            answer,
            connection: None,
            last_write: (0, 0),
            request: 0,
            operation: Operation::Read,
            key: 0,
            started: now,
            patience_ends: now,
            write: Handle::NONE,
            attempt: 0,
            sent: now,
            left_out: SimTime::NEVER,
            rtt_ns: 0,
            region: 0,
            on_kept_connection: false,
            call: Handle::NONE,
            late_phase: None,
        });
        self.request_starts(agenda, session);
    }

    /// The geography whose resolver a session uses.
    fn routed_as(&self, marks: Marks, geography: usize) -> usize {
        let others = self.plan.geographies.len() - 1;
        let foreign = self.plan.scenario.geographies[geography].resolvers.foreign;
        if others == 0 || foreign == 0.0 || marks.of_session(OfSession::Foreign) >= foreign {
            return geography;
        }
        let which = (marks.of_session(OfSession::ForeignGeography) * others as f64) as usize;
        let which = which.min(others - 1);
        if which < geography { which } else { which + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_of_arrivals_does_not_depend_on_the_blocks_before_it() {
        let blocks = Stream::root(1, 2).named("asia");
        let mut whole = Arrivals::new(blocks, 0.5);
        let mut late = Arrivals { blocks, mean_gap_s: 0.5, block: 3, ordinal: 0, next: SimTime::ZERO + BLOCK.times(3) };
        late.draw();
        while whole.next() < SimTime::ZERO + BLOCK.times(3) {
            whole.take();
        }
        for _ in 0..500 {
            assert_eq!((whole.next(), whole.take()), (late.next(), late.take()));
        }
    }
}
