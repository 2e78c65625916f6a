//! The tail of a switch: who still goes to the old region after the published answer has left it.

use super::super::outcome::SwitchTail;
use super::super::per_geography::PerGeography;
use super::super::whole;
use crate::scenario::{GeographyId, RegionId};
use crate::units::{SimDuration, SimTime};

/// Width and number of the bins of age: half an hour in all.
const BIN: SimDuration = SimDuration::from_secs(10);
const BINS: usize = 180;

/// The tails of all geographies, added up.
#[derive(Debug)]
pub(super) struct Tails {
    /// Per geography: since when the answer has left which region.
    switched: PerGeography<Option<(SimTime, RegionId)>>,
    /// Per geography: when the last attempt was sent to the region that its answer has left.
    last_to_old: PerGeography<Option<SimTime>>,
    left: Vec<Leaving>,
    counts: SwitchTail,
}

/// The last visitor of a geography leaves a region that its answer had left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Leaving {
    pub(in super::super) geography: GeographyId,
    pub(in super::super) region: RegionId,
    /// Time at which the last attempt was sent there.
    pub(in super::super) last: SimTime,
}

impl Tails {
    pub(super) fn new(geographies: usize) -> Self {
        let counts = SwitchTail { bin: BIN, lookups: vec![[0; 2]; BINS], attempts: vec![[0; 2]; BINS] };
        Tails {
            switched: PerGeography::same(None, geographies),
            last_to_old: PerGeography::same(None, geographies),
            left: Vec::new(),
            counts,
        }
    }

    /// The published answer of a geography has left `region`, or gone back to its first choice.
    pub(super) fn answer_changed(&mut self, geography: GeographyId, now: SimTime, left: Option<RegionId>) {
        self.left.extend(self.leaving(geography));
        self.last_to_old[geography] = None;
        self.switched[geography] = left.map(|region| (now, region));
    }

    /// A look-up of a client is answered.
    #[inline]
    pub(super) fn lookup(&mut self, geography: GeographyId, at: SimTime, region: RegionId) {
        if let Some(switch) = self.switched[geography] {
            count(&mut self.counts.lookups, switch, at, region);
        }
    }

    /// An attempt is sent to a region.
    #[inline]
    pub(super) fn attempt(&mut self, geography: GeographyId, at: SimTime, region: RegionId) {
        if let Some(switch) = self.switched[geography] {
            count(&mut self.counts.attempts, switch, at, region);
            if region == switch.1 {
                self.last_to_old[geography] = Some(at);
            }
        }
    }

    /// Returns those who have left since the answer last changed, so far.
    fn leaving(&self, geography: GeographyId) -> Option<Leaving> {
        let (_, region) = self.switched[geography]?;
        self.last_to_old[geography].map(|last| Leaving { geography, region, last })
    }

    /// Every leaving of the run.
    pub(super) fn leavings(&self) -> Vec<Leaving> {
        let still = self.switched.ids().filter_map(|geography| self.leaving(geography));
        self.left.iter().copied().chain(still).collect()
    }

    pub(super) fn counts(self) -> SwitchTail {
        self.counts
    }
}

fn count(bins: &mut [[u64; 2]], (since, old): (SimTime, RegionId), at: SimTime, region: RegionId) {
    let age = whole::index(at.since(since).as_nanos() / BIN.as_nanos());
    if let Some([to_old, all]) = bins.get_mut(age) {
        *to_old += u64::from(region == old);
        *all += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASIA: GeographyId = GeographyId::FIRST;
    const OLD: RegionId = RegionId::First;
    const NEW: RegionId = RegionId::Second;

    fn at(seconds: u64) -> SimTime {
        SimTime::ZERO + SimDuration::from_secs(seconds)
    }

    #[test]
    fn who_still_goes_to_the_old_region_counts_by_the_age_of_the_switch() {
        let mut tails = Tails::new(1);
        tails.attempt(ASIA, at(5), OLD);
        tails.answer_changed(ASIA, at(100), Some(OLD));
        for (seconds, region) in [(100, OLD), (109, NEW), (110, OLD), (135, NEW), (100 + 1_800, OLD)] {
            tails.attempt(ASIA, at(seconds), region);
        }
        tails.lookup(ASIA, at(112), OLD);
        let counts = tails.counts();
        // Of each ten seconds: to the old region, and all.
        assert_eq!(counts.attempts[..4], [[1, 2], [1, 1], [0, 0], [0, 1]]);
        assert_eq!(counts.lookups[..2], [[0, 0], [1, 1]]);
        let all: u64 = counts.attempts.iter().map(|bin| bin[1]).sum();
        assert_eq!(all, 4, "half an hour is looked at, and nothing before the switch");
    }

    #[test]
    fn each_switch_has_a_last_visitor_of_its_own() {
        let mut tails = Tails::new(1);
        tails.answer_changed(ASIA, at(100), Some(OLD));
        tails.attempt(ASIA, at(130), OLD);
        tails.attempt(ASIA, at(140), NEW);
        // The answer goes back to its first choice, and leaves nobody.
        tails.answer_changed(ASIA, at(300), None);
        tails.attempt(ASIA, at(310), OLD);
        tails.answer_changed(ASIA, at(400), Some(OLD));
        tails.attempt(ASIA, at(405), OLD);
        let leaving = |seconds| Leaving { geography: ASIA, region: OLD, last: at(seconds) };
        assert_eq!(tails.leavings(), [leaving(130), leaving(405)]);
    }
}
