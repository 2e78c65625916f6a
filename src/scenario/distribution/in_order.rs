//! Delays of things that pass in order: a slow one holds up those behind it, so that they take longer than their own delay.

use super::Distribution;
use crate::maths;

impl Distribution {
    /// Returns the mean of this delay, and the mean that results in order if it is drawn anew every `every` seconds; each cut off
    /// at `limit`.
    ///
    /// A thing waits for itself, and for those before it that are slower by more than they are older. With draws at random
    /// moments, on average every D seconds, none before it exceeds w with probability exp(-E[(X - w)+] / D), so that the mean
    /// grows by the integral of P(X <= w) (1 - exp(-E[(X - w)+] / D)). Draws at regular moments come to within 2 % of that,
    /// unless D is far shorter than the delays. By the trapezoidal rule over the logarithm.
    pub(in crate::scenario) fn means_in_order(&self, every: f64, limit: f64) -> (f64, f64) {
        const STEPS: u32 = 800;
        /// Logarithm of the limit over the least value that is looked at.
        const DEPTH: f64 = 40.0;
        let survival = self.survival();
        let at = |step: u32| limit * maths::exp(-DEPTH * f64::from(step) / f64::from(STEPS));
        // From the limit down: what is left of the mean beyond the value looked at, and by how much order lengthens it.
        let (mut beyond, mut longer) = (0.0, 0.0);
        let held_up = |exceeds: f64, beyond: f64| (1.0 - exceeds) * (1.0 - maths::exp(-beyond / every));
        let mut above = (limit, survival(limit));
        for step in 1..=STEPS {
            let below = (at(step), survival(at(step)));
            let width = above.0 - below.0;
            let before = held_up(above.1, beyond);
            beyond += width * (above.1 + below.1) / 2.0;
            longer += width * (before + held_up(below.1, beyond)) / 2.0;
            above = below;
        }
        (beyond, beyond + longer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The mean delay of a dense flow of things in order, whose own delay is drawn at regular moments. At the start of an interval
    /// what came before holds it up by `left`; the delay after u seconds of it is the greater of its own and `left - u`.
    fn simulated(delay: &Distribution, every: f64) -> f64 {
        let (mut left, mut sum, mut bits) = (0.0_f64, 0.0, 1_u64);
        let draws = 200_000;
        for _ in 0..draws {
            // A linear congruential generator (Knuth's MMIX), of which the upper half is random enough.
            bits = bits.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let own = delay.quantile(((bits >> 32) as f64 + 0.5) / 4_294_967_296.0);
            let excess = (left - own).max(0.0);
            let after = (excess - every).max(0.0);
            sum += own + (excess * excess - after * after) / (2.0 * every);
            left = own.max(left - every);
        }
        sum / f64::from(draws)
    }

    #[test]
    fn a_delay_that_changes_often_is_longer_in_order_and_one_that_changes_seldom_is_not() {
        // The published example: 3.2 s on average become 9.5 s if it changes every second.
        let delay = Distribution::Lognormal { median: 2.0, p95: 10.0 };
        for (every, expected) in [(1.0, 9.5), (10.0, 4.04), (100.0, 3.31)] {
            let (own, in_order) = delay.means_in_order(every, 1e5);
            assert!((own / 3.23 - 1.0).abs() < 0.01, "{own}");
            assert!((in_order / expected - 1.0).abs() < 0.02, "every {every} s: {in_order}");
            assert!((in_order / simulated(&delay, every) - 1.0).abs() < 0.03, "every {every} s: {in_order}");
        }
    }

    #[test]
    fn a_constant_delay_is_the_same_in_order() {
        let (own, in_order) = Distribution::constant(2.0).means_in_order(0.1, 1e3);
        assert!((own / 2.0 - 1.0).abs() < 0.03 && in_order / own < 1.03, "{own} {in_order}");
    }
}
