//! The replication pipeline as a recursion over commits: when each leaves, arrives and is applied is computed when it is
//! committed, and again only when the stream is interrupted or goes on. Nothing of it is an event.

use std::collections::VecDeque;

use super::super::slab::Handle;
use crate::units::{SimDuration, SimTime};

/// The commits of the primary that its replica has not applied, and the state of the stream between them.
#[derive(Debug)]
pub(in super::super) struct Log {
    entries: VecDeque<Entry>,
    /// Position of the first entry; positions count from 1.
    first: u64,
    /// Position of the first entry that has not been given to the line.
    unsent: u64,
    /// Oldest and newest entry of each key; 0 for none.
    by_key: Vec<[u32; 2]>,
    flowing: bool,
    /// When the line is free, and when the last entry given to it arrives and is applied.
    line_free: SimTime,
    last_arrival: SimTime,
    last_applied: SimTime,
    /// When the stream went on with a backlog that has not yet been cleared.
    catching_up: bool,
}

/// One commit that the replica has not applied.
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
    applied: SimTime,
    /// Next commit of the same key; 0 for none.
    pub(super) next_of_key: u32,
    /// The same session's write before it; 0 for none.
    pub(super) previous_of_session: u64,
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
}

impl Log {
    pub(in super::super) fn new(keys: u32) -> Self {
        Log {
            entries: VecDeque::new(),
            first: 1,
            unsent: 1,
            by_key: vec![[0; 2]; keys as usize],
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

    /// The entry at a position, unless it has been applied.
    pub(super) fn get(&self, position: u64) -> Option<&Entry> {
        self.entries.get(position.checked_sub(self.first)? as usize)
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, position: u64) -> Option<&mut Entry> {
        self.entries.get_mut(position.checked_sub(self.first)? as usize)
    }

    /// Position of the oldest commit of a key that is not applied; 0 for none.
    pub(super) fn oldest_of_key(&self, key: u32) -> u64 {
        u64::from(self.by_key[key as usize][0])
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
        let place = u32::try_from(position).expect("fewer than 2^32 commits on one branch of a run");
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
        });
        let [oldest, newest] = self.by_key[shipment.key as usize];
        if oldest == 0 {
            self.by_key[shipment.key as usize] = [place; 2];
        } else {
            self.get_mut(u64::from(newest)).expect("the newest commit of the key is in the log").next_of_key = place;
            self.by_key[shipment.key as usize][1] = place;
        }
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
    pub(super) fn advance(&mut self, now: SimTime, mut settle: impl FnMut(&Entry)) {
        while self.entries.front().is_some_and(|entry| entry.applied <= now) {
            let entry = self.entries.pop_front().expect("a first entry");
            self.forget_oldest_of_key(&entry);
            settle(&entry);
            self.first += 1;
        }
    }

    fn forget_oldest_of_key(&mut self, entry: &Entry) {
        let ends = &mut self.by_key[entry.key as usize];
        ends[0] = entry.next_of_key;
        if ends[0] == 0 {
            ends[1] = 0;
        }
    }

    /// The stream stops, or more of it does. What is on the way still arrives if the sender alone has died, and is dropped otherwise; what has
    /// not left, or is dropped, is to be sent (again) when the stream goes on.
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

    /// The receiver has died: nothing is applied until it returns.
    pub(super) fn receiver_dies(&mut self, now: SimTime) {
        let received = (self.unsent - self.first) as usize;
        for entry in self.entries.range_mut(..received) {
            if entry.applied > now {
                entry.applied = SimTime::NEVER;
            }
        }
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

    /// The entries that the replica has not received by now, given up by a promotion: the log is empty then, and goes on
    /// from the other side.
    pub(super) fn cut_off(&mut self, now: SimTime) -> Vec<Handle> {
        let mut cut = Vec::with_capacity(self.entries.len());
        while let Some(entry) = self.entries.pop_front() {
            debug_assert!(entry.arrives > now, "received commits are applied before a promotion ends");
            self.forget_oldest_of_key(&entry);
            cut.push(entry.write);
        }
        self.unsent = self.first;
        self.flowing = false;
        self.catching_up = false;
        self.line_free = now;
        self.last_arrival = now;
        self.last_applied = now;
        cut
    }

    /// All entries, with whether the replica has received them by now; oldest first.
    pub(super) fn entries(&self, now: SimTime) -> impl Iterator<Item = (Handle, bool)> + '_ {
        self.entries.iter().map(move |entry| (entry.write, entry.arrives <= now))
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
