//! Counts the runs that a comparison needs before anything can be called better or worse.

use super::Baseline;
use crate::stats::pairs_needed;

/// Chance that any metric of any design is called better or worse though nothing has changed.
pub const LEVEL: f64 = 0.001;

/// So few runs that nothing could be called worse, whatever it were.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooFewInCommon {
    /// Runs of a design; the most of all designs.
    pub runs: u64,
    /// Least number of runs with which a difference can be claimed.
    pub needed: u64,
}

/// Returns the least number of runs with which one of so many tests can be no chance.
pub(super) fn runs_needed(tests: usize) -> u64 {
    pairs_needed(LEVEL / tests.max(1) as f64)
}

impl Baseline {
    /// Returns how few runs it keeps, if they are too few for a comparison with it to call anything worse.
    pub fn too_few(&self) -> Option<TooFewInCommon> {
        let runs = self.designs.iter().map(|design| design.runs.len() as u64).max().unwrap_or(0);
        let needed = runs_needed(self.designs.len() * self.metrics.len());
        (runs < needed).then_some(TooFewInCommon { runs, needed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_runs_needed_are_those_in_which_all_signs_alike_are_no_chance() {
        // Two signs of n coins have the chance 2^(1 - n): 1 in 1,024 with 11, and 0.001 / 26 is 1 in 26,000, 1 in 32,768 with 16.
        assert_eq!((runs_needed(1), runs_needed(0), runs_needed(26)), (11, 11, 16));
    }
}
