//! The tail of a switch: who still goes to the old region after the published answer has left it.

use super::super::outcome::SwitchTail;
use crate::units::{SimDuration, SimTime};

/// Width and number of the bins of age: half an hour in all.
const BIN: SimDuration = SimDuration::from_secs(10);
const BINS: usize = 180;

/// The tails of all geographies, added up.
#[derive(Debug)]
pub(super) struct Tails {
    /// Per geography: since when the answer has left which region.
    switched: Vec<Option<(SimTime, u8)>>,
    counts: SwitchTail,
}

impl Tails {
    pub(super) fn new(geographies: usize) -> Self {
        let counts = SwitchTail { bin: BIN, lookups: vec![[0; 2]; BINS], attempts: vec![[0; 2]; BINS] };
        Tails { switched: vec![None; geographies], counts }
    }

    /// The published answer of a geography has left `region`, or gone back to its first choice.
    pub(super) fn answer_changed(&mut self, geography: usize, now: SimTime, left: Option<u8>) {
        self.switched[geography] = left.map(|region| (now, region));
    }

    /// A look-up of a client is answered.
    #[inline]
    pub(super) fn lookup(&mut self, geography: usize, at: SimTime, region: u8) {
        if let Some(switch) = self.switched[geography] {
            count(&mut self.counts.lookups, switch, at, region);
        }
    }

    /// An attempt is sent to a region.
    #[inline]
    pub(super) fn attempt(&mut self, geography: usize, at: SimTime, region: u8) {
        if let Some(switch) = self.switched[geography] {
            count(&mut self.counts.attempts, switch, at, region);
        }
    }

    pub(super) fn counts(self) -> SwitchTail {
        self.counts
    }
}

fn count(bins: &mut [[u64; 2]], (since, old): (SimTime, u8), at: SimTime, region: u8) {
    let age = (at.since(since).as_nanos() / BIN.as_nanos()) as usize;
    if let Some([to_old, all]) = bins.get_mut(age) {
        *to_old += u64::from(region == old);
        *all += 1;
    }
}
