//! Statistics over runs: means, shares, quantiles and paired differences, each with its interval.
//!
//! A leaf: pure functions over slices, in the order given, with no state and no randomness. Left out: anything that
//! treats the requests of one run as independent (they are not), and bootstraps (these intervals are exact or nearly so).

mod distribution;
mod ecdf;
mod evidence;
mod kaplan_meier;
mod mean;
mod paired;
mod quantile;
mod scatter;
mod share;
mod signed_rank;
mod sorted;

use serde::Serialize;

pub use distribution::{binomial_cdf, normal_quantile, student_t_quantile};
pub use ecdf::{EcdfPoint, ecdf};
pub use evidence::{Evidence, OUTWEIGHED};
pub use kaplan_meier::kaplan_meier;
pub use mean::{mean, mean_interval, variance};
pub use paired::{Paired, paired};
pub use quantile::{TooFewRuns, quantile, quantile_interval, runs_needed};
pub use scatter::{ENOUGH_OTHERS, RARE, Scatter, none_of, scatter};
pub use share::{exact_share, runs_for_none, wilson};
pub use signed_rank::{SignedRank, holm, pairs_needed, signed_rank};
pub use sorted::Sorted;

/// Confidence level of every interval that is reported.
pub const LEVEL: f64 = 0.95;

/// An estimate and its confidence interval.
///
/// Never NaN. An end that is `f64::INFINITY` lies beyond what was observed: a censored value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Estimate {
    /// The estimate itself.
    pub point: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Confidence level, such as 0.95.
    pub level: f64,
    /// Number of observations.
    pub n: u64,
}

impl Estimate {
    /// Half the width of the interval.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// Tells if the interval contains `value`.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// A small generator for the tests of this module, so that they need no other.
#[cfg(test)]
mod samples {
    /// SplitMix64 (Steele, Lea and Flood, 2014).
    pub(super) struct SplitMix(pub(super) u64);

    impl SplitMix {
        pub(super) fn uniform(&mut self) -> f64 {
            self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.0;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            ((z ^ (z >> 31)) >> 11) as f64 / (1u64 << 53) as f64
        }
    }
}
