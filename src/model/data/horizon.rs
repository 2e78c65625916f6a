//! The end of a run: what nobody can reach, or nobody has merged, is stranded or lost.

use super::super::node_id::NodeId;
use super::super::outcome::WriteTally;
use super::super::per_region::PerRegion;
use super::Data;
use super::ledger::Ledger;
use super::witness::Witness;
use crate::units::{SimDuration, SimTime};

/// Fate of all writes of a run.
#[derive(Debug)]
pub(in super::super) struct Account {
    /// Per geography.
    pub(in super::super) writes: Vec<WriteTally>,
    /// Successes given to visitors, counted on their own.
    pub(in super::super) acknowledged: u64,
    /// The longest time from a lost, and from a stranded, write's acknowledgement to the end of its branch.
    pub(in super::super) windows: (SimDuration, SimDuration),
    /// Keys whose copies differ for good.
    pub(in super::super) keys_diverged: u64,
}

impl Data {
    /// Closes the books of the data at the horizon, when these nodes can be reached by nobody.
    pub(in super::super) fn close(
        mut self,
        horizon: SimTime,
        is_gone: PerRegion<bool>,
        told: &mut impl Witness,
    ) -> Account {
        let keys_diverged = self.keys_diverged();
        self.note_backlogs_cleared(horizon, told);
        self.settle_at_horizon(horizon, is_gone, told);
        let both_are_gone = is_gone.iter().all(|is_gone| *is_gone);
        let windows = self.windows.longest();
        let everything_is_destroyed = self.everything_is_destroyed();
        let (mut writes, acknowledged) = self.ledger.close();
        if everything_is_destroyed {
            Ledger::lose_all(&mut writes);
        } else if both_are_gone {
            Ledger::strand_all(&mut writes);
        }
        Account { writes, acknowledged, windows, keys_diverged }
    }

    /// Settles what is left at the horizon.
    fn settle_at_horizon(&mut self, horizon: SimTime, is_gone: PerRegion<bool>, told: &mut impl Witness) {
        self.settle_applied(horizon, told);
        for node in NodeId::BOTH {
            let ended = self.branch_ended(node, horizon);
            let is_cut_off = self.left_behind[node].take().is_some() || is_gone[node];
            let is_destroyed = self.branch_is_gone[node].is_some();
            for entry in self.logs[node].cut_off(horizon) {
                let is_out_of_reach = is_cut_off && entry.arrives > horizon;
                if is_out_of_reach && !self.is_thrown_away(node, entry.conflict) {
                    if is_destroyed {
                        self.lose(entry.write, ended);
                    } else {
                        self.strand(entry.write, ended);
                    }
                }
                let counts = !is_out_of_reach && !self.is_kept_out(node, entry.conflict);
                self.stale_reads.settle(entry.stale_reads, counts, told);
                self.ledger.release(entry.write);
            }
        }
        if is_gone.iter().all(|is_gone| *is_gone) {
            self.lose_both_nodes(horizon);
        }
    }

    /// Loses, or strands, everything that was ever acknowledged: nobody can reach any copy at the horizon.
    fn lose_both_nodes(&mut self, horizon: SimTime) {
        let [one, other] = NodeId::BOTH.map(|node| self.branch_ended(node, horizon));
        let ended = if self.is_multi_primary { one.max(other) } else { self.branch_ended(self.primary, horizon) };
        let first = self.ledger.first_acknowledged();
        if self.everything_is_destroyed() {
            self.windows.lose(first, ended);
        } else {
            self.windows.strand(first, ended);
        }
    }

    /// Keys whose copies differ for good: what is still under way is applied first.
    fn keys_diverged(&mut self) -> u64 {
        let Some(copies) = &mut self.copies else { return 0 };
        for (region, log) in self.logs.each() {
            log.each(|position, entry| {
                copies.applied(NodeId::of(region), position, entry);
            });
        }
        copies.diverged()
    }
}
