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
    /// When the last attempt was sent there.
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

    /// Who has left since the answer last changed, so far.
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
