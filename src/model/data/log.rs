//! The replication pipeline as a recursion over commits: when each leaves, arrives and is applied is computed when it is
//! committed, and again only when the stream is interrupted or goes on. Nothing of it is an event: what has been applied stays
//! in the log until somebody takes it out ([`Log::advance`]).

use std::collections::VecDeque;

use super::super::slab::Handle;
use crate::units::{SimDuration, SimTime};

/// The commits of one node that the other had not applied when they were last taken out, and the state of the stream between
/// them.
#[derive(Debug)]
pub(in super::super) struct Log {
    entries: VecDeque<Entry>,
    /// Position of the first entry; positions count from 1.
    first: u64,
    /// Position of the first entry that has not been given to the line.
    unsent: u64,
    /// Per key; empty until the node commits for the first time.
    by_key: Vec<Chain>,
    /// Entries by the last digits of their keys: mostly none, which tells without a look at `by_key`, seldom in a near cache.
    by_digits: [u32; DIGITS],
    keys: usize,
    /// Counts the times that the log was cut off: a position belongs to one branch.
    branch: u32,
    /// Whether the receiver halts at conflicts, and whether it has.
    halts: bool,
    halted: bool,
    flowing: bool,
    /// When the line is free, and when the last entry given to it arrives and is applied.
    line_free: SimTime,
    last_arrival: SimTime,
    last_applied: SimTime,
    /// When the stream went on with a backlog that has not yet been cleared.
    catching_up: bool,
}

/// How many groups of keys are told apart.
const DIGITS: usize = 1024;

/// The entries of one key: positions, 0 for none. An array, so that a table of many keys is given by the system as it is
/// used, page by page.
type Chain = [u32; 3];

/// Position of the oldest entry of a chain.
const OLDEST: usize = 0;
/// Position of the newest.
const NEWEST: usize = 1;
/// Position of the oldest that no later write of the other side has met.
const UNMET: usize = 2;

/// One commit that has not been taken out.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: u32,
    pub(super) write: Handle,
    pub(super) committed: SimTime,
    /// When the visitor gets, or got, the success.
    pub(super) acknowledged: SimTime,
    /// When the sender has it ready: not before the one before it.
    ready: SimTime,
    /// Time on the line, on the way, and to apply.
    transmission: SimDuration,
    way: SimDuration,
    apply: SimDuration,
    departs: SimTime,
    pub(super) arrives: SimTime,
    pub(super) applied: SimTime,
    /// Next commit of the same key; 0 for none.
    pub(super) next_of_key: u32,
    /// The same session's write before it; 0 for none.
    pub(super) previous_of_session: u64,
    /// How it conflicts with writes of the other side.
    pub(super) conflict: Conflict,
}

impl Entry {
    /// Time that it takes on the way to the other node.
    pub(super) fn way(&self) -> SimDuration {
        self.way
    }
}

/// Whether a commit and one of the other side to the same key had not seen each other.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Conflict {
    /// The other one was there already.
    pub(super) with_earlier: bool,
    /// The other one came later.
    pub(super) with_later: bool,
    /// An operator has dealt with it.
    pub(super) is_repaired: bool,
}

impl Conflict {
    /// Whether there is one.
    pub(super) fn is_any(self) -> bool {
        self.with_earlier || self.with_later
    }

    /// Whether there is one that nobody has dealt with.
    pub(super) fn is_open(self) -> bool {
        self.is_any() && !self.is_repaired
    }
}

/// What a commit needs of the stream.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shipment {
    pub(super) key: u32,
    pub(super) write: Handle,
    pub(super) ship: SimDuration,
    pub(super) transmission: SimDuration,
    pub(super) way: SimDuration,
    pub(super) apply: SimDuration,
    pub(super) conflicts_with_earlier: bool,
}

impl Log {
    pub(in super::super) fn new(keys: u32) -> Self {
        Log {
            entries: VecDeque::new(),
            first: 1,
            unsent: 1,
            by_key: Vec::new(),
            by_digits: [0; DIGITS],
            keys: keys as usize,
            branch: 1,
            halts: false,
            halted: false,
            flowing: true,
            line_free: SimTime::ZERO,
            last_arrival: SimTime::ZERO,
            last_applied: SimTime::ZERO,
            catching_up: false,
        }
    }

    /// Position of the next commit.
    pub(super) fn next(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    /// The entry at a position, unless it has been taken out.
    pub(super) fn get(&self, position: u64) -> Option<&Entry> {
        self.entries.get(position.checked_sub(self.first)? as usize)
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, position: u64) -> Option<&mut Entry> {
        self.entries.get_mut(position.checked_sub(self.first)? as usize)
    }

    /// Whether the replica has not applied everything by `at`: entries are applied in order.
    #[inline]
    pub(super) fn has_more_after(&self, at: SimTime) -> bool {
        self.entries.back().is_some_and(|last| last.applied > at)
    }

    /// Position of the oldest commit of a key in the log; 0 for none.
    #[inline]
    pub(super) fn oldest_of_key(&self, key: u32) -> u64 {
        if self.by_digits[key as usize % DIGITS] == 0 {
            return 0;
        }
        self.by_key.get(key as usize).map_or(0, |chain| u64::from(chain[OLDEST]))
    }

    /// Whether the replica has received the commit at a position.
    pub(super) fn has_arrived(&self, position: u64, now: SimTime) -> bool {
        self.get(position).is_none_or(|entry| entry.arrives <= now)
    }

    /// Whether commits are on their way, rather than held up.
    pub(super) fn is_flowing(&self) -> bool {
        self.flowing
    }

    /// Adds a commit; returns its position, and the moment at which an earlier backlog was found to be cleared.
    pub(super) fn append(&mut self, now: SimTime, shipment: Shipment) -> (u64, Option<SimTime>) {
        let position = self.next();
        let ready = (now + shipment.ship).max(self.entries.back().map_or(SimTime::ZERO, |last| last.ready));
        self.entries.push_back(Entry {
            key: shipment.key,
            write: shipment.write,
            committed: now,
            acknowledged: SimTime::NEVER,
            ready,
            transmission: shipment.transmission,
            way: shipment.way,
            apply: shipment.apply,
            departs: SimTime::NEVER,
            arrives: SimTime::NEVER,
            applied: SimTime::NEVER,
            next_of_key: 0,
            previous_of_session: 0,
            conflict: Conflict { with_earlier: shipment.conflicts_with_earlier, ..Conflict::default() },
        });
        if self.by_key.is_empty() {
            self.by_key = vec![[0; 3]; self.keys];
        }
        self.link(self.entries.len() - 1);
        let mut cleared = None;
        if self.flowing {
            if self.catching_up && self.line_free <= ready {
                self.catching_up = false;
                cleared = Some(self.line_free);
            }
            self.send(self.entries.len() - 1, now);
        }
        (position, cleared)
    }

    /// Makes an entry the newest of its key.
    fn link(&mut self, index: usize) {
        let position = self.first + index as u64;
        let place = u32::try_from(position).expect("fewer than 2^32 commits of one node in a run");
        let entry = &mut self.entries[index];
        entry.next_of_key = 0;
        self.by_digits[entry.key as usize % DIGITS] += 1;
        let chain = &mut self.by_key[entry.key as usize];
        let newest = std::mem::replace(&mut chain[NEWEST], place);
        if chain[UNMET] == 0 && !entry.conflict.with_later {
            chain[UNMET] = place;
        }
        if chain[OLDEST] == 0 {
            chain[OLDEST] = place;
        } else {
            self.get_mut(u64::from(newest)).expect("the newest commit of the key is in the log").next_of_key = place;
        }
    }

    /// Gives an entry to the line.
    fn send(&mut self, index: usize, now: SimTime) {
        let entry = &mut self.entries[index];
        entry.departs = entry.ready.max(self.line_free).max(now) + entry.transmission;
        entry.arrives = (entry.departs + entry.way).max(self.last_arrival);
        entry.applied = entry.arrives.max(self.last_applied) + entry.apply;
        self.line_free = entry.departs;
        self.last_arrival = entry.arrives;
        self.last_applied = entry.applied;
        self.unsent = self.first + index as u64 + 1;
    }

    /// Takes the entries out that are applied by now, and hands each over.
    pub(super) fn advance(&mut self, now: SimTime, mut settle: impl FnMut(u64, &Entry)) {
        let halts = self.halts;
        let is_due = |entry: &Entry| entry.applied <= now && !(halts && entry.conflict.is_open());
        while self.entries.front().is_some_and(is_due) {
            let entry = self.entries.pop_front().expect("a first entry");
            self.forget_oldest_of_key(&entry);
            settle(self.first, &entry);
            self.first += 1;
        }
    }

    fn forget_oldest_of_key(&mut self, entry: &Entry) {
        self.by_digits[entry.key as usize % DIGITS] -= 1;
        let chain = &mut self.by_key[entry.key as usize];
        if chain[UNMET] == chain[OLDEST] {
            chain[UNMET] = entry.next_of_key;
        }
        chain[OLDEST] = entry.next_of_key;
        if chain[OLDEST] == 0 {
            chain[NEWEST] = 0;
        }
    }

    /// The stream stops, or more of it does. What is on the way still arrives if the sender alone has died, and is
    /// dropped otherwise; what has not left, or is dropped, is to be sent (again) when the stream goes on.
    pub(super) fn interrupt(&mut self, now: SimTime, way_is_open: bool) {
        self.flowing = false;
        let kept = if way_is_open {
            self.entries.partition_point(|entry| entry.departs <= now)
        } else {
            self.entries.partition_point(|entry| entry.arrives <= now)
        };
        for entry in self.entries.range_mut(kept..) {
            entry.departs = SimTime::NEVER;
            entry.arrives = SimTime::NEVER;
            entry.applied = SimTime::NEVER;
        }
        self.unsent = self.first + kept as u64;
        self.line_free = now;
        let last_kept = kept.checked_sub(1).map(|index| &self.entries[index]);
        self.last_arrival = last_kept.map_or(now, |entry| entry.arrives);
        self.last_applied = last_kept.map_or(now, |entry| entry.applied);
    }

    /// The receiver is back, with what it had received and not yet applied.
    pub(super) fn receiver_returns(&mut self, now: SimTime) {
        if self.halted {
            return;
        }
        let mut applied = now;
        let received = (self.unsent - self.first) as usize;
        for entry in self.entries.range_mut(..received) {
            if entry.applied > now {
                entry.applied = applied.max(entry.arrives) + entry.apply;
                applied = entry.applied;
            }
        }
        self.last_applied = applied;
    }

    /// Makes the receiver halt at conflicts.
    pub(super) fn halt_at_conflicts(&mut self) {
        self.halts = true;
    }

    /// Whether the receiver has halted at a conflict.
    pub(super) fn is_halted(&self) -> bool {
        self.halted
    }

    /// The receiver halts.
    pub(super) fn halt(&mut self, now: SimTime) {
        self.halted = true;
        self.receiver_dies(now);
    }

    /// The receiver goes on.
    pub(super) fn release(&mut self, now: SimTime) {
        self.halted = false;
        self.receiver_returns(now);
    }

    /// Positions of the conflicts that nobody has dealt with, and when each is to be applied, if the receiver halts there.
    pub(super) fn open_conflicts(&self) -> Vec<(u64, SimTime)> {
        let open = |entry: &&Entry| self.halts && entry.conflict.is_open() && entry.applied < SimTime::NEVER;
        let numbered = (self.first..).zip(&self.entries);
        numbered.filter(|(_, entry)| open(entry)).map(|(position, entry)| (position, entry.applied)).collect()
    }

    /// A write of the other side to a key meets the entries of that key: neither has seen the other. Hands over each entry
    /// that no such write had met before.
    pub(super) fn meet(&mut self, key: u32, mut met: impl FnMut(u64, &mut Entry)) {
        let Some(chain) = self.by_key.get_mut(key as usize) else { return };
        let mut position = u64::from(std::mem::take(&mut chain[UNMET]));
        while let Some(entry) = self.get_mut(position) {
            entry.conflict.with_later = true;
            let next = entry.next_of_key;
            met(position, entry);
            position = u64::from(next);
        }
    }

    /// The receiver has died, or stopped: nothing is applied until it returns.
    pub(super) fn receiver_dies(&mut self, now: SimTime) {
        let received = (self.unsent - self.first) as usize;
        for entry in self.entries.range_mut(..received) {
            if entry.applied >= now {
                entry.applied = SimTime::NEVER;
            }
        }
        self.last_applied = SimTime::NEVER;
    }

    /// The stream goes on.
    pub(super) fn resume(&mut self, now: SimTime) {
        if self.flowing {
            return;
        }
        self.flowing = true;
        self.line_free = now;
        let from = (self.unsent - self.first) as usize;
        self.catching_up |= from < self.entries.len();
        for index in from..self.entries.len() {
            self.send(index, now);
        }
    }

    /// How many entries the replica has received by now, and when the last of them is applied.
    pub(super) fn received(&self, now: SimTime) -> (usize, SimTime) {
        let count = self.entries.partition_point(|entry| entry.arrives <= now);
        (count, count.checked_sub(1).map_or(now, |last| self.entries[last].applied))
    }

    /// All entries, given up with their keys: the log is empty then, and a new branch begins.
    pub(super) fn cut_off(&mut self, now: SimTime) -> Vec<(u32, Handle)> {
        let mut cut = Vec::with_capacity(self.entries.len());
        self.branch += 1;
        while let Some(entry) = self.entries.pop_front() {
            self.forget_oldest_of_key(&entry);
            cut.push((entry.key, entry.write));
        }
        self.unsent = self.first;
        self.flowing = false;
        self.catching_up = false;
        self.line_free = now;
        self.last_arrival = now;
        self.last_applied = now;
        cut
    }

    /// What has not left is gone; returns it. What is on the way stays, and a new branch begins.
    pub(super) fn truncate(&mut self, now: SimTime) -> Vec<Entry> {
        let kept = self.entries.partition_point(|entry| entry.departs <= now);
        let gone: Vec<Entry> = self.entries.drain(kept..).collect();
        for entry in self.entries.iter().chain(&gone) {
            self.by_key[entry.key as usize] = [0; 3];
        }
        self.by_digits = [0; DIGITS];
        for index in 0..kept {
            self.link(index);
        }
        self.branch += 1;
        self.unsent = self.first + kept as u64;
        gone
    }

    /// Counts the times that the log was cut off.
    pub(super) fn branch(&self) -> u32 {
        self.branch
    }

    /// All entries: what each is a commit of, its conflict, and whether the replica has received it by now; oldest first.
    pub(super) fn entries(&self, now: SimTime) -> impl Iterator<Item = (Handle, Conflict, bool)> + '_ {
        self.entries.iter().map(move |entry| (entry.write, entry.conflict, entry.arrives <= now))
    }

    /// Whether everything has been applied and taken out.
    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Hands over all entries with their positions, oldest first.
    pub(super) fn each(&self, mut see: impl FnMut(u64, &Entry)) {
        for (position, entry) in (self.first..).zip(&self.entries) {
            see(position, entry);
        }
    }

    /// Position of the first entry that is not applied.
    pub(super) fn first(&self) -> u64 {
        self.first
    }

    /// Age of the oldest commit that is not applied.
    pub(in super::super) fn lag(&self, now: SimTime) -> SimDuration {
        let unapplied = self.entries.partition_point(|entry| entry.applied <= now);
        self.entries.get(unapplied).map_or(SimDuration::ZERO, |entry| now.since(entry.committed))
    }

    /// Whether a backlog is being cleared, and when it is, as far as is known.
    pub(in super::super) fn backlog_clears(&self) -> Option<SimTime> {
        self.catching_up.then_some(self.line_free)
    }
}
