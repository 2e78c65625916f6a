//! Makes uniform, exponential and normal variates of single draws.
//!
//! A [`Draw`] is one output of a [`Stream`](super::Stream). Most variates are made of its 64 bits alone; a rejection goes on
//! with [`Draw::again`], so that it moves no other draw. Exponentials and normals are drawn by ziggurats (Marsaglia and
//! Tsang 2000): a multiplication and a comparison for 98.9 % of the draws, and no logarithm.

use super::splitmix::{GOLDEN_GAMMA, mix};
use super::ziggurat::{EXPONENTIAL, LAYERS, NORMAL};
use crate::maths;

/// One draw: 64 random bits, and as many more as are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw(pub(super) u64);

/// One step of a uniform of 52 bits.
const STEP: f64 = 1.0 / (1u64 << 52) as f64;

impl Draw {
    /// The 64 bits.
    #[inline]
    pub const fn bits(self) -> u64 {
        self.0
    }

    /// Another draw that belongs to this one: the next output of SplitMix64 with these bits for a state.
    #[inline]
    pub const fn again(self) -> Self {
        Draw(mix(self.0.wrapping_add(GOLDEN_GAMMA)))
    }

    /// Uniform in (0, 1), never 0 or 1.
    #[inline]
    pub fn uniform(self) -> f64 {
        // 52 bits and a half step, so that both ends are out of reach and the midpoint is exact.
        ((self.0 >> 12) as f64 + 0.5) * STEP
    }

    /// Exponential with mean 1.
    #[inline]
    pub fn exponential(self) -> f64 {
        let layer = (self.0 % LAYERS) as usize;
        let x = self.uniform() * EXPONENTIAL.x[layer];
        if x < EXPONENTIAL.x[layer + 1] { x } else { self.exponential_beyond(layer, x) }
    }

    /// Draws a variate that is not within the part of a layer that lies below the curve for certain.
    #[cold]
    #[inline(never)]
    fn exponential_beyond(mut self, mut layer: usize, mut x: f64) -> f64 {
        let mut passed = 0.0;
        loop {
            if x < EXPONENTIAL.x[layer + 1] {
                return passed + x;
            }
            self = self.again();
            if layer == 0 {
                // Beyond the last layer the distribution is the same once more: it has no memory.
                passed += EXPONENTIAL.x[1];
            } else if EXPONENTIAL.height(layer, self.uniform()) < maths::exp(-x) {
                return passed + x;
            } else {
                self = self.again();
            }
            layer = (self.0 % LAYERS) as usize;
            x = self.uniform() * EXPONENTIAL.x[layer];
        }
    }

    /// Standard normal.
    #[inline]
    pub fn normal(self) -> f64 {
        let layer = (self.0 % LAYERS) as usize;
        let x = self.signed() * NORMAL.x[layer];
        if x.abs() < NORMAL.x[layer + 1] { x } else { self.normal_beyond(layer, x) }
    }

    /// Uniform in (-1, 1), never 0.
    #[inline]
    fn signed(self) -> f64 {
        ((self.0.cast_signed() >> 11) as f64 + 0.5) * STEP
    }

    #[cold]
    #[inline(never)]
    fn normal_beyond(mut self, mut layer: usize, mut x: f64) -> f64 {
        loop {
            if x.abs() < NORMAL.x[layer + 1] {
                return x;
            }
            self = self.again();
            if layer == 0 {
                return self.normal_tail().copysign(x);
            }
            if NORMAL.height(layer, self.uniform()) < maths::exp(-0.5 * x * x) {
                return x;
            }
            self = self.again();
            layer = (self.0 % LAYERS) as usize;
            x = self.signed() * NORMAL.x[layer];
        }
    }

    /// A normal beyond the last layer (Marsaglia 1964).
    fn normal_tail(mut self) -> f64 {
        let start = NORMAL.x[1];
        loop {
            // Each exponential may take further draws of its own.
            let [one, other] = [Draw(mix(self.0 ^ 1)), Draw(mix(self.0 ^ 2))];
            let beyond = one.exponential() / start;
            if 2.0 * other.exponential() > beyond * beyond {
                return start + beyond;
            }
            self = self.again();
        }
    }
}

#[cfg(test)]
mod tests {
    use rand::distr::Distribution;
    use rand_distr::{Exp1, StandardNormal};

    use super::*;
    use crate::cases::cases;
    use crate::engine::goodness_of_fit::{fits, same_distribution};
    use crate::engine::stream::Stream;

    /// Draws of a sample.
    fn draws() -> u64 {
        cases(2_000_000, 400_000)
    }

    fn sample(variate: impl Fn(Draw) -> f64) -> Vec<f64> {
        let stream = Stream::root(5, 0);
        (0..draws()).map(|n| variate(stream.draw(n))).collect()
    }

    #[test]
    fn exponentials_and_normals_have_their_distributions() {
        fits(&sample(Draw::exponential), |x| 1.0 - maths::exp(-x)).unwrap();
        fits(&sample(Draw::normal), |x| 0.5 * maths::erfc(-x / std::f64::consts::SQRT_2)).unwrap();
        fits(&sample(Draw::uniform), |x| x).unwrap();
        fits(&sample(|draw| draw.again().uniform()), |x| x).unwrap();
    }

    #[test]
    fn exponentials_and_normals_agree_with_those_of_rand_distr() {
        let mut theirs = Stream::root(5, 1).rng();
        let exponentials: Vec<f64> = (0..draws()).map(|_| Exp1.sample(&mut theirs)).collect();
        let normals: Vec<f64> = (0..draws()).map(|_| StandardNormal.sample(&mut theirs)).collect();
        same_distribution(&sample(Draw::exponential), &exponentials).unwrap();
        same_distribution(&sample(Draw::normal), &normals).unwrap();
    }

    #[test]
    fn tails_have_their_distributions_and_both_sides_are_alike() {
        let beyond = |sample: &[f64], start: f64| -> Vec<f64> {
            sample.iter().filter(|x| **x > start).map(|x| x - start).collect()
        };
        // Beyond the last layers: one exponential in 2,200, and one normal in 3,900.
        let end = EXPONENTIAL.x[1];
        fits(&beyond(&sample(Draw::exponential), end), |x| 1.0 - maths::exp(-x)).unwrap();
        let end = NORMAL.x[1];
        let normals = sample(Draw::normal);
        let above = |x: f64| maths::erfc(x / std::f64::consts::SQRT_2);
        let mirrored: Vec<f64> = normals.iter().map(|x| -x).collect();
        for side in [&normals, &mirrored] {
            fits(&beyond(side, end), |x| 1.0 - above(end + x) / above(end)).unwrap();
        }
        same_distribution(&normals, &mirrored).unwrap();
    }

    #[test]
    fn marks_are_what_they_always_were() {
        let draw = Stream::root(0, 0).draw(0);
        assert_eq!(draw.bits(), Stream::root(0, 0).bits(0));
        let drawn = [draw.uniform(), draw.again().uniform(), draw.exponential(), draw.normal()];
        assert_eq!(
            drawn.map(f64::to_bits),
            [0x3fae_5b55_2676_2030, 0x3fef_9e72_9794_1d01, 0x3fc0_9fa8_4e7b_2b16, 0x3fcb_4f6e_5fb0_6611]
        );
    }
}
