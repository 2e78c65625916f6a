//! What becomes of a log that a promotion has left behind: discarded or reconciled when its node rejoins, stranded when it
//! has not by the horizon.

use super::super::event::Event;
use super::super::slab::Handle;
use super::super::world::{Agenda, World};
use super::Data;
use crate::scenario::OnReturn;
use crate::units::SimTime;

impl Data {
    /// A node has died: if it took writes on a branch of its own, that branch ends.
    pub(super) fn branch_ends(&mut self, node: u8, now: SimTime) {
        if let Some(left) = &mut self.left_behind[usize::from(node)] {
            left.ended.get_or_insert(now);
        }
    }
}

impl World<'_> {
    /// Both nodes and the link are there: an old primary rejoins as replica.
    pub(super) fn rejoin(&mut self, agenda: &mut Agenda) {
        let now = agenda.now();
        // What has been applied by now is not on the branch that is cut off.
        self.settle_applied(now);
        for node in 0..2 {
            let destroyed = self.data.branch_is_gone[node].take();
            let Some(left) = self.data.left_behind[node].take() else {
                if let Some(ended) = destroyed {
                    self.lose_what_was_not_shipped(node, ended, now);
                }
                continue;
            };
            let ended = left.ended.unwrap_or(now);
            self.data.writable[node] = false;
            for (key, write) in self.data.logs[node].cut_off(now) {
                let meets_another = self.data.last_commit[key as usize] >= left.promotion;
                match self.design.promotion.on_return {
                    _ if destroyed.is_some() => self.lose(write, ended),
                    OnReturn::Discard => self.lose(write, ended),
                    OnReturn::Reconcile if meets_another => self.ledger.conflict(write),
                    OnReturn::Reconcile => self.ledger.recover(write),
                }
                self.ledger.release(write);
            }
            let first = self.design.database.primary.index();
            if let Some(delay) = self.design.promotion.return_role.filter(|_| node == first) {
                agenda.turning_point(agenda.now() + delay, Event::RoleReturns { promotions: self.data.promotions });
            }
        }
    }

    /// A commit is on no surviving branch.
    pub(super) fn lose(&mut self, write: Handle, ended: SimTime) {
        if let Some(acknowledged) = self.ledger.lose(write) {
            let window = ended.since(acknowledged);
            self.data.data_loss_window = self.data.data_loss_window.max(window);
        }
    }

    /// Settles what is left at the horizon: what nobody can reach, or nobody has merged, is stranded.
    pub(in super::super) fn settle_at_horizon(&mut self, horizon: SimTime) {
        self.settle_applied(horizon);
        let mut ends = [0; 2];
        for (node, end) in ends.iter_mut().enumerate() {
            let left = self.data.left_behind[node].take();
            let is_up = !self.node_is_gone(node as u8);
            let died = if node == usize::from(self.data.primary()) { self.data.promotion.primary_ended } else { None };
            let destroyed = self.data.branch_is_gone[node];
            let ended = left.and_then(|left| left.ended).or(destroyed).or(died).unwrap_or(horizon);
            let is_cut_off = left.is_some() || !is_up;
            let entries: Vec<_> = self.data.logs[node].entries(horizon).collect();
            let safe = entries.iter().take_while(|(_, _, received)| *received || !is_cut_off).count() as u64;
            *end = self.data.logs[node].first() + safe;
            for (write, conflict, received) in entries {
                let is_out_of_reach = is_cut_off && !received && !self.data.is_thrown_away(node as u8, conflict);
                match destroyed {
                    Some(_) if is_out_of_reach => self.lose(write, ended),
                    None if is_out_of_reach => self.strand(write, ended),
                    _ => {}
                }
                self.ledger.release(write);
            }
        }
        self.data.count_stale_reads_before(ends, &mut self.record);
        if self.both_nodes_are_gone() {
            let ended = self.data.promotion.primary_ended.unwrap_or(horizon);
            let since = ended.since(self.ledger.first_acknowledged());
            let window = if self.everything_is_destroyed() {
                &mut self.data.data_loss_window
            } else {
                &mut self.data.stranded_window
            };
            *window = (*window).max(since);
        }
    }

    /// Whether nobody can reach any copy of the data.
    pub(in super::super) fn both_nodes_are_gone(&self) -> bool {
        self.node_is_gone(0) && self.node_is_gone(1)
    }

    /// A commit is where nobody can reach it at the horizon.
    fn strand(&mut self, write: Handle, ended: SimTime) {
        if let Some(acknowledged) = self.ledger.strand(write) {
            let window = ended.since(acknowledged);
            self.data.stranded_window = self.data.stranded_window.max(window);
        }
    }

    /// Keys whose copies differ for good: what is still under way is applied first.
    pub(in super::super) fn keys_diverged(&mut self) -> u64 {
        let Some(copies) = &mut self.data.copies else { return 0 };
        for (sender, log) in self.data.logs.iter().enumerate() {
            log.each(|position, entry| copies.applied(sender as u8, position, entry));
        }
        copies.diverged()
    }
}
