//! A grid of equal steps of time.

use super::super::whole;
use crate::units::SimDuration;

/// Steps of one length from zero on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    step: u64,
    /// 2^64 / step, rounded down.
    inverse: u64,
}

impl Grid {
    /// A step is longer than nothing.
    pub(super) fn new(step: SimDuration) -> Self {
        Grid { step: step.as_nanos(), inverse: u64::MAX / step.as_nanos() }
    }

    /// The step that `at` is in, from 0: by a multiplication, which is much faster than a division.
    #[inline]
    pub(super) fn place(self, at: SimDuration) -> usize {
        let at = at.as_nanos();
        // At most one too low, because the inverse is less than 1 below the exact one, and `at` below 2^64.
        let place = ((u128::from(at) * u128::from(self.inverse)) >> 64) as u64;
        whole::index(place + u64::from(at - place * self.step >= self.step))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_place_is_the_quotient(at in any::<u64>(), shift in 0..64u32, step in 1..u64::MAX, narrow in 0..63u32) {
            let (at, step) = (at >> shift, (step >> narrow).max(1));
            for at in [at, at / step * step, (at / step * step).wrapping_sub(1)] {
                let place = Grid::new(SimDuration::from_nanos(step)).place(SimDuration::from_nanos(at));
                prop_assert_eq!(place as u64, at / step, "{} / {}", at, step);
            }
        }
    }
}
