//! Cuts of one way that act together, and what becomes of the packets that are on it when they begin.

use crate::scenario::InFlight;
use crate::units::SimTime;

/// Cuts of one way, counted. What entered the way before they began arrives, unless one of them is said to lose it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cuts {
    under_way: u32,
    /// Time before which what entered the way arrives, although it is cut.
    open_until: SimTime,
}

impl Cuts {
    /// No cut.
    pub(super) const NONE: Cuts = Cuts { under_way: 0, open_until: SimTime::ZERO };

    /// Begins a cut; true if the way was whole.
    pub(super) fn begin(&mut self, in_flight: InFlight, now: SimTime) -> bool {
        self.under_way += 1;
        match (in_flight, self.under_way) {
            (InFlight::Lost, _) => self.open_until = SimTime::ZERO,
            (InFlight::Delivered, 1) => self.open_until = now,
            (InFlight::Delivered, _) => {}
        }
        self.under_way == 1
    }

    /// Ends a cut; true if the way is whole again.
    pub(super) fn end(&mut self) -> bool {
        self.under_way -= 1;
        self.under_way == 0
    }

    /// Counts the cuts under way.
    #[inline]
    pub(super) fn count(self) -> u32 {
        self.under_way
    }

    /// Tells if the way is cut.
    #[inline]
    pub(super) fn is_cut(self) -> bool {
        self.under_way > 0
    }

    /// Tells if a packet that entered the way at `entered`, and would be at its end now, arrives.
    #[inline]
    pub(super) fn delivers(self, entered: SimTime) -> bool {
        self.under_way == 0 || entered < self.open_until
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::scheduler_alone::at;
    use super::*;

    #[test]
    fn what_entered_before_the_first_cut_arrives_unless_a_later_one_loses_it() {
        let mut cuts = Cuts::NONE;
        assert!(cuts.delivers(at(5)));
        assert!(cuts.begin(InFlight::Delivered, at(10)) && !cuts.begin(InFlight::Delivered, at(20)));
        assert!(cuts.delivers(at(9)) && !cuts.delivers(at(10)) && !cuts.delivers(at(15)));
        cuts.begin(InFlight::Lost, at(21));
        assert!(!cuts.delivers(at(9)) && cuts.count() == 3);
        assert!(!cuts.end() && !cuts.end() && cuts.is_cut() && cuts.end() && !cuts.is_cut() && cuts.delivers(at(30)));
        cuts.begin(InFlight::Delivered, at(40));
        assert!(cuts.delivers(at(39)) && !cuts.delivers(at(40)));
    }
}
