//! Keyed random streams: every draw is a function of a key and a counter, so that none depends on another.
//!
//! The generator is SplitMix64 (Steele, Lea and Flood 2014; the finaliser is Stafford's mix 13) read at any counter:
//! draw `n` of the stream with key `k` is `mix(k + (n + 1) * golden gamma)`. Keys come from hashing names and numbers
//! into each other with the same finaliser. A counter-based generator makes any single draw cheap (one addition and one
//! finaliser), and its state is a key that fits a register; `docs/design.md` says what else was considered.

use super::draw::Draw;
use super::splitmix::{GOLDEN_GAMMA, mix};

/// A stream of random numbers, named by its key. Copying it copies nothing but the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream(u64);

impl Stream {
    /// The root of all streams of one run.
    pub const fn root(seed: u64, run: u64) -> Self {
        Stream(mix(mix(seed ^ 0x6669_7265_6472_696c)).wrapping_add(GOLDEN_GAMMA)).child(run)
    }

    /// The stream of the `index`-th of several alike.
    #[inline]
    pub const fn child(self, index: u64) -> Self {
        Stream(mix(mix(self.0 ^ 0xd1b5_4a32_d192_ed03).wrapping_add(index.wrapping_mul(GOLDEN_GAMMA))))
    }

    /// The stream of something with a name.
    pub fn named(self, name: &str) -> Self {
        let mut key = self.child(name.len() as u64);
        for chunk in name.as_bytes().chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            key = key.child(u64::from_le_bytes(word));
        }
        key
    }

    /// 64 random bits: draw number `counter`.
    #[inline]
    pub const fn bits(self, counter: u64) -> u64 {
        mix(self.0.wrapping_add(counter.wrapping_add(1).wrapping_mul(GOLDEN_GAMMA)))
    }

    /// Draw number `counter`.
    #[inline]
    pub const fn draw(self, counter: u64) -> Draw {
        Draw(self.bits(counter))
    }

    /// Uniform in (0, 1), never 0 or 1: draw number `counter`.
    #[inline]
    pub fn uniform(self, counter: u64) -> f64 {
        self.draw(counter).uniform()
    }

    /// Exponential with mean 1: draw number `counter`.
    #[inline]
    pub fn exponential(self, counter: u64) -> f64 {
        self.draw(counter).exponential()
    }

    /// Standard normal: draw number `counter`.
    #[inline]
    pub fn normal(self, counter: u64) -> f64 {
        self.draw(counter).normal()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::engine::goodness_of_fit::{correlation, uniform_cells, uniform_distribution};

    const N: u64 = 200_000;

    fn uniforms(draw: impl Fn(u64) -> f64) -> Vec<f64> {
        (0..N).map(draw).collect()
    }

    #[test]
    fn draws_are_uniform_along_the_counter_across_children_and_across_neighbouring_runs_and_seeds() {
        let root = Stream::root(0, 0);
        let samples = [
            uniforms(|counter| root.uniform(counter)),
            uniforms(|counter| Stream::root(1, 0).uniform(counter)),
            uniforms(|child| root.child(child).uniform(0)),
            uniforms(|child| root.child(child).uniform(17)),
            uniforms(|child| root.child(7).child(child).child(0).uniform(0)),
            uniforms(|run| Stream::root(0, run).uniform(0)),
            uniforms(|seed| Stream::root(seed, 0).uniform(0)),
            uniforms(|seed| Stream::root(seed, seed).uniform(0)),
            uniforms(|high| root.child(high << 44).uniform(high << 44)),
        ];
        for (index, sample) in samples.iter().enumerate() {
            uniform_distribution(sample).unwrap_or_else(|why| panic!("sample {index}: {why}"));
        }
    }

    #[test]
    fn each_of_the_64_bits_and_each_byte_is_balanced() {
        let root = Stream::root(0, 0);
        for draw in [|root: Stream, n| root.bits(n), |root: Stream, n| root.child(n).bits(0)] {
            for shift in (0..64).step_by(8) {
                let mut cells = [0u64; 256];
                (0..N).for_each(|n| cells[(draw(root, n) >> shift) as usize & 255] += 1);
                uniform_cells(&cells).unwrap_or_else(|why| panic!("byte at bit {shift}: {why}"));
            }
        }
    }

    #[test]
    fn neighbours_are_uncorrelated_and_jointly_uniform() {
        let root = Stream::root(0, 0);
        let here = uniforms(|n| root.uniform(n));
        let neighbours = [
            ("next draw", uniforms(|n| root.uniform(n + 1))),
            ("next run", uniforms(|n| Stream::root(0, 1).uniform(n))),
            ("next seed", uniforms(|n| Stream::root(1, 0).uniform(n))),
            ("seed and run swapped back", uniforms(|n| Stream::root(1, 1).uniform(n))),
            ("child 0", uniforms(|n| root.child(0).uniform(n))),
            ("child 1", uniforms(|n| root.child(1).uniform(n))),
            ("children in order", uniforms(|n| root.child(n).uniform(0))),
        ];
        for (name, there) in &neighbours {
            // Standard deviation of the correlation of independent samples: 1 / sqrt(N).
            let scaled = correlation(&here, there) * (N as f64).sqrt();
            assert!(scaled.abs() < 4.0, "{name}: correlation of {scaled} standard deviations");
            let mut cells = [0u64; 400];
            for (x, y) in here.iter().zip(there) {
                cells[(x * 20.0) as usize * 20 + (y * 20.0) as usize] += 1;
            }
            uniform_cells(&cells).unwrap_or_else(|why| panic!("{name}: {why}"));
        }
    }

    #[test]
    fn streams_of_different_names_seeds_runs_and_indices_have_different_keys() {
        let names = [
            "",
            "a",
            "a\0",
            "arrivals",
            "resolver",
            "requests",
            "think",
            "write",
            "key",
            "service",
            "network",
            "backoff",
            "foreign",
            "pin",
            "incident",
            "surge",
            "operator",
            "promotion",
            "probe",
            "cache",
            "database",
            "jitter",
            "network-of-everyone",
            "network-of-everyone-else",
        ];
        let mut keys = BTreeSet::new();
        let mut count = 0;
        for (seed, run) in [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (0, 2), (u64::MAX, 0), (0, u64::MAX)] {
            let root = Stream::root(seed, run);
            keys.insert(root.0);
            keys.extend(names.iter().map(|name| root.named(name).0));
            keys.extend((0..1000).map(|index| root.child(1 << 40).child(index).0));
            count += 1 + names.len() + 1000;
        }
        assert_eq!(keys.len(), count);
    }

    #[test]
    fn bits_are_what_they_always_were() {
        let root = Stream::root(0, 0);
        let golden = [
            root.bits(0),
            root.bits(1),
            root.bits(u64::MAX),
            Stream::root(1, 0).bits(0),
            Stream::root(0, 1).bits(0),
            root.child(0).bits(0),
            root.child(41).bits(1_000_000),
            root.named("arrivals").bits(0),
            root.named("a-name-of-many-words").child(3).bits(5),
        ];
        assert_eq!(
            golden,
            [
                0x0f2d_aa93_3b10_1f5b,
                0xcfe5_2564_c8cc_1647,
                0x7e2f_2d37_5c44_4fa3,
                0x4f5c_7065_dc47_353c,
                0x42df_4c72_ca22_fce7,
                0xaa1f_bf26_6ba9_242f,
                0x7e49_329e_1d4f_ff19,
                0x6ade_9862_7c23_865b,
                0x80f1_66bf_02b4_3b8f
            ]
        );
    }

    #[test]
    fn splitmix64_is_met_as_published() {
        // First outputs of the reference implementation (Vigna, splitmix64.c) from state 1234567.
        let stream = Stream(1_234_567);
        assert_eq!(stream.bits(0), 6_457_827_717_110_365_317);
        assert_eq!(stream.bits(1), 3_203_168_211_198_807_973);
        assert_eq!(stream.bits(2), 9_817_491_932_198_370_423);
    }

    #[test]
    fn uniform_never_reaches_its_ends() {
        let (least, most) = (0.5 / (1u64 << 52) as f64, 1.0 - 0.5 / (1u64 << 52) as f64);
        for n in 0..N {
            let u = Stream::root(3, 3).uniform(n);
            assert!((least..=most).contains(&u));
        }
        assert!(least > 0.0 && most < 1.0);
    }
}
