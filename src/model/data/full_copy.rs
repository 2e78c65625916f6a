//! A full copy that an empty node needs: how much of it is left, and since when it goes on.

use crate::units::{SimDuration, SimTime};

/// A node that has lost its storage, until it has a full copy.
#[derive(Clone, Copy, Debug)]
pub(super) struct FullCopy {
    /// The occurrence of the incident that destroyed the storage.
    occurrence: u32,
    /// Time on the line of a whole copy, and what is left of it.
    whole: SimDuration,
    left: SimDuration,
    /// Since when the copy goes on; `None` while it cannot.
    since: Option<SimTime>,
    /// Counts starts and suspensions: an event of an earlier one is void.
    generation: u32,
}

/// Facts that a full copy depends on.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct Change {
    /// Set if the sender and the stream are there.
    pub(in super::super) sender_is_there: bool,
    /// Set if nothing but its emptiness keeps the node from its callers.
    pub(in super::super) is_back: bool,
}

impl FullCopy {
    /// A copy that is needed because of an occurrence, and takes so long on the line. If another was needed before, its events are
    /// void.
    pub(super) fn needed(occurrence: u32, takes: SimDuration, before: Option<FullCopy>) -> Self {
        let generation = before.map_or(0, |copy| copy.generation + 1);
        FullCopy { occurrence, whole: takes, left: takes, since: None, generation }
    }

    /// Returns the occurrence of the incident that destroyed the storage.
    pub(super) fn occurrence(&self) -> u32 {
        self.occurrence
    }

    /// Returns whether an event of this generation is not void.
    pub(super) fn is_of(&self, generation: u32) -> bool {
        self.generation == generation
    }

    /// Something has changed that the copy may depend on. Returns when it is done, and the generation of that event, if it goes on
    /// from now on. A cut suspends it; another outage of the node starts it again.
    pub(super) fn changes(&mut self, now: SimTime, change: Change) -> Option<(SimTime, u32)> {
        let goes_on = change.sender_is_there && change.is_back;
        match self.since {
            None if goes_on => {
                self.since = Some(now);
                self.generation += 1;
                Some((now + self.left, self.generation))
            }
            Some(since) if !goes_on => {
                self.left = if change.is_back { self.left - now.since(since) } else { self.whole };
                self.since = None;
                self.generation += 1;
                None
            }
            None | Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::{at, secs};
    use super::*;

    const GOES_ON: Change = Change { sender_is_there: true, is_back: true };
    const CUT: Change = Change { sender_is_there: false, is_back: true };
    const NODE_IS_DOWN: Change = Change { sender_is_there: true, is_back: false };

    #[test]
    fn a_cut_suspends_a_copy() {
        let mut copy = FullCopy::needed(7, secs(100), None);
        assert_eq!(copy.changes(at(10), NODE_IS_DOWN), None);
        assert_eq!(copy.changes(at(20), GOES_ON), Some((at(120), 1)));
        assert_eq!(copy.changes(at(30), GOES_ON), None, "it goes on already");
        assert_eq!(copy.changes(at(50), CUT), None);
        assert!(!copy.is_of(1), "its end is void");
        // 30 s of it are done.
        assert_eq!(copy.changes(at(200), GOES_ON), Some((at(270), 3)));
        assert_eq!(copy.occurrence(), 7);
    }

    #[test]
    fn another_outage_of_the_node_starts_its_copy_again() {
        let mut copy = FullCopy::needed(7, secs(100), None);
        copy.changes(at(20), GOES_ON);
        copy.changes(at(50), NODE_IS_DOWN);
        assert_eq!(copy.changes(at(60), GOES_ON), Some((at(160), 3)));
        let again = FullCopy::needed(8, secs(100), Some(copy));
        assert!(again.is_of(4) && again.occurrence() == 8);
    }
}
