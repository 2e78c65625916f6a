//! The replication pipeline as a recursion over commits: when each leaves, arrives and is applied is computed when it is
//! committed, and again only when the stream is interrupted or goes on. Nothing of it is an event: what has been applied stays
//! in the log until somebody takes it out ([`Log::advance`]).

use std::collections::VecDeque;

use super::super::whole;
use super::commit_id::CommitId;
use super::entry::{Entry, Shipment};
use crate::units::{SimDuration, SimTime};

/// The commits of one node that the other had not applied when they were last taken out, and the state of the stream between
/// them.
#[derive(Debug)]
pub(super) struct Log {
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
    /// Per branch that has ended: the first position that was cut off. Later branches use such positions again.
    branch_ends: Vec<u64>,
    /// Set if the receiver halts at conflicts, and whether it has.
    halts: bool,
    halted: bool,
    flowing: bool,
    /// Time at which the line is free, and when the last entry given to it arrives and is applied.
    line_free: SimTime,
    last_arrival: SimTime,
    last_applied: SimTime,
    /// The least time from one commit that is applied to the next.
    apply_gap: SimDuration,
    /// Time at which the stream went on with a backlog that has not yet been cleared.
    catching_up: bool,
}

/// Number of groups of keys that are told apart.
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

impl Log {
    pub(super) fn new(keys: u32, apply_gap: SimDuration) -> Self {
        Log {
            entries: VecDeque::new(),
            first: 1,
            unsent: 1,
            by_key: Vec::new(),
            by_digits: [0; DIGITS],
            keys: keys as usize,
            branch_ends: Vec::new(),
            halts: false,
            halted: false,
            flowing: true,
            line_free: SimTime::ZERO,
            last_arrival: SimTime::ZERO,
            last_applied: SimTime::ZERO,
            apply_gap,
            catching_up: false,
        }
    }

    /// Position of the next commit.
    pub(super) fn next(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    /// The entry at a position, unless it has been taken out.
    pub(super) fn get(&self, position: u64) -> Option<&Entry> {
        self.entries.get(whole::index(position.checked_sub(self.first)?))
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, position: u64) -> Option<&mut Entry> {
        self.entries.get_mut(whole::index(position.checked_sub(self.first)?))
    }

    /// Tells if the replica has not applied everything by `at`: entries are applied in order.
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

    /// Tells if the replica has received the commit at a position.
    pub(super) fn has_arrived(&self, position: u64, now: SimTime) -> bool {
        self.get(position).is_none_or(|entry| entry.arrives <= now)
    }

    /// Tells if commits are on their way, rather than held up.
    pub(super) fn is_flowing(&self) -> bool {
        self.flowing
    }

    /// Adds a commit; returns its position, and the moment at which an earlier backlog is cleared, if that is known now.
    pub(super) fn append(&mut self, now: SimTime, shipment: Shipment) -> (u64, Option<SimTime>) {
        let position = self.next();
        let ready = (now + shipment.ship).max(self.entries.back().map_or(SimTime::ZERO, |last| last.ready));
        self.entries.push_back(Entry::new(now, ready, shipment));
        if self.by_key.is_empty() {
            self.by_key = vec![[0; 3]; self.keys];
        }
        self.link(self.entries.len() - 1);
        let cleared = self.clear_backlog(ready);
        if self.flowing {
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
        entry.applied = (entry.arrives + entry.apply).max(self.last_applied + self.apply_gap);
        self.line_free = entry.departs;
        self.last_arrival = entry.arrives;
        self.last_applied = entry.applied;
        self.unsent = self.first + index as u64 + 1;
    }

    /// Takes the entries out that are applied by now, and hands each over.
    pub(super) fn advance(&mut self, now: SimTime, mut settle: impl FnMut(u64, &Entry)) {
        while self.entries.front().is_some_and(|entry| self.is_due(entry, now)) {
            let entry = self.entries.pop_front().expect("a first entry");
            self.forget_oldest_of_key(&entry);
            settle(self.first, &entry);
            self.first += 1;
        }
    }

    /// Tells if the receiver may have applied an entry by now: it halts at a conflict, even at the very moment of it.
    fn is_due(&self, entry: &Entry, now: SimTime) -> bool {
        entry.applied <= now && !(self.halts && entry.conflict.is_open())
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
        let received = whole::index(self.unsent - self.first);
        for entry in self.entries.range_mut(..received) {
            if entry.applied > now {
                entry.applied = (now.max(entry.arrives) + entry.apply).max(applied + self.apply_gap);
                applied = entry.applied;
            }
        }
        self.last_applied = applied;
    }

    /// Makes the receiver halt at conflicts.
    pub(super) fn halt_at_conflicts(&mut self) {
        self.halts = true;
    }

    /// Tells if the receiver has halted at a conflict.
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
        let received = whole::index(self.unsent - self.first);
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
        let from = whole::index(self.unsent - self.first);
        self.catching_up |= from < self.entries.len();
        for index in from..self.entries.len() {
            self.send(index, now);
        }
    }

    /// Returns the number of entries that the replica has received by now, and the time at which the last of them is
    /// applied.
    pub(super) fn received(&self, now: SimTime) -> (usize, SimTime) {
        let count = self.entries.partition_point(|entry| entry.arrives <= now);
        (count, count.checked_sub(1).map_or(now, |last| self.entries[last].applied))
    }

    /// Gives up all entries, and returns them: the log is empty then, and a new branch begins.
    pub(super) fn cut_off(&mut self, now: SimTime) -> Vec<Entry> {
        let cut = self.cut_from(0);
        self.flowing = false;
        self.catching_up = false;
        self.line_free = now;
        self.last_arrival = now;
        self.last_applied = now;
        cut
    }

    /// Gives up what has not left, and returns it. What is on the way stays, and a new branch begins.
    pub(super) fn truncate(&mut self, now: SimTime) -> Vec<Entry> {
        self.catching_up = false;
        self.cut_from(self.entries.partition_point(|entry| entry.departs <= now))
    }

    fn cut_from(&mut self, kept: usize) -> Vec<Entry> {
        let gone: Vec<Entry> = self.entries.drain(kept..).collect();
        for entry in self.entries.iter().chain(&gone) {
            self.by_key[entry.key as usize] = [0; 3];
        }
        self.by_digits = [0; DIGITS];
        for index in 0..kept {
            self.link(index);
        }
        self.unsent = self.first + kept as u64;
        self.branch_ends.push(self.unsent);
        gone
    }

    /// Returns the branch that commits belong to now; branches count from 1.
    pub(super) fn branch(&self) -> u32 {
        whole::count(self.branch_ends.len()) + 1
    }

    /// Returns whether a commit is in the log, or was applied before it left it, rather than cut off.
    pub(super) fn survives(&self, commit: CommitId) -> bool {
        let ends = &self.branch_ends[commit.branch as usize - 1..];
        ends.iter().all(|end| commit.position < *end)
    }

    /// Returns whether the replica has applied a commit that survives by `at`.
    pub(super) fn has_applied(&self, position: u64, at: SimTime) -> bool {
        self.get(position).is_none_or(|entry| entry.applied <= at)
    }

    /// Tells if everything has been applied and taken out.
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
    pub(super) fn lag(&self, now: SimTime) -> SimDuration {
        let unapplied = match self.halts {
            true => self.entries.iter().take_while(|entry| self.is_due(entry, now)).count(),
            false => self.entries.partition_point(|entry| entry.applied <= now),
        };
        self.entries.get(unapplied).map_or(SimDuration::ZERO, |entry| now.since(entry.committed))
    }

    /// Returns whether the stream goes on with a backlog that is not known to be cleared.
    pub(super) fn has_backlog(&self) -> bool {
        self.flowing && self.catching_up
    }

    /// Takes the backlog to be cleared, if the line is free by `by` and nothing else is ready before that. Returns when it came
    /// free.
    pub(super) fn clear_backlog(&mut self, by: SimTime) -> Option<SimTime> {
        let is_cleared = self.has_backlog() && self.line_free <= by;
        self.catching_up &= !is_cleared;
        is_cleared.then_some(self.line_free)
    }
}

#[cfg(test)]
mod tests;
