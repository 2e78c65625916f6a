//! Commits: what a write adds to its node's log, and what the replica has applied of it.

use super::super::event::Scheduler;
use super::super::node_id::NodeId;
use super::super::slab::Handle;
use super::Data;
use super::commit_id::CommitId;
use super::entry::{Entry, Shipment};
use super::witness::Witness;
use crate::units::{SimDuration, SimTime};

/// A write that a node is about to commit, and what it will need of the stream.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct NewCommit {
    pub(in super::super) node: NodeId,
    pub(in super::super) key: u32,
    /// Its request in the ledger.
    pub(in super::super) write: Handle,
    /// Time until the sender has it ready.
    pub(in super::super) ship: SimDuration,
    /// Time on the line, on the way, and to apply.
    pub(in super::super) transmission: SimDuration,
    pub(in super::super) way: SimDuration,
    pub(in super::super) apply: SimDuration,
}

impl Data {
    /// Takes out of the logs what the other node has applied by now.
    pub(in super::super) fn settle_applied(&mut self, now: SimTime, told: &mut impl Witness) {
        let Data { logs, copies, stale_reads, acknowledged, ledger, .. } = self;
        for (region, log) in logs.each_mut() {
            let sender = NodeId::of(region);
            log.advance(now, |position, entry| {
                let is_kept = copies.as_mut().is_none_or(|copies| copies.applied(sender, position, entry));
                stale_reads.settle(entry.stale_reads, is_kept, told);
                if let Some(acknowledged) = acknowledged
                    && is_kept
                {
                    acknowledged.applied(sender.other(), entry, now);
                }
                ledger.release(entry.write);
            });
        }
    }

    /// Commits a write now. Conflicts that will halt the synchronisation are scheduled.
    pub(in super::super) fn commit(
        &mut self,
        scheduler: &mut Scheduler,
        new: NewCommit,
        told: &mut impl Witness,
    ) -> CommitId {
        let NewCommit { node, key, write, .. } = new;
        let shipment = Shipment {
            key,
            write,
            ship: new.ship,
            transmission: new.transmission,
            way: new.way,
            apply: new.apply,
            knows: self.logs[node.other()].first(),
            conflicts_with_earlier: self.conflicts_on_the_way(node, key),
        };
        let log = &mut self.logs[node];
        let (position, cleared) = log.append(scheduler.now(), shipment);
        let commit = CommitId { node, branch: log.branch(), position };
        self.ledger.commit(write, commit);
        if self.last_commit.is_empty() {
            self.last_commit = vec![0; self.keys as usize];
        }
        if node == self.primary {
            self.last_commit[key as usize] = self.promotions;
        }
        self.note_conflicts(scheduler, node, key, position);
        if let Some(at) = cleared {
            told.backlog_cleared(node, at);
        }
        commit
    }

    /// Returns the commit of a write that a node has: its own, or one of the other node that it has applied.
    pub(in super::super) fn commit_of(&mut self, write: Handle, node: NodeId) -> Option<CommitId> {
        let commit = self.ledger.newest_commit(write)?;
        let log = &self.logs[commit.node];
        let is_there = commit.node == node || log.get(commit.position).is_none();
        (commit.branch == log.branch() && is_there).then_some(commit)
    }

    /// Time that a commit takes on the way to the other node; `None` if that has applied it.
    pub(in super::super) fn way_of(&self, commit: CommitId) -> Option<SimDuration> {
        self.logs[commit.node].get(commit.position).map(Entry::way)
    }
}
