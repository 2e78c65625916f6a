//! Keyed random streams: every draw is a function of a key and a counter, so that none depends on another.
//!
//! The generator is SplitMix64 (Steele, Lea and Flood 2014; the finaliser is Stafford's mix 13) read at any counter:
//! draw `n` of the stream with key `k` is `mix(k + (n + 1) * golden gamma)`. Keys come from hashing names and numbers
//! into each other with the same finaliser.

use crate::maths;

const GOLDEN_GAMMA: u64 = 0x9e37_79b9_7f4a_7c15;

/// A stream of random numbers, named by its key. Copying it copies nothing but the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stream(u64);

#[inline]
const fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

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

    /// Uniform in (0, 1), never 0 or 1: draw number `counter`.
    #[inline]
    pub fn uniform(self, counter: u64) -> f64 {
        // 52 bits and a half step, so that both ends are out of reach and the midpoint is exact.
        ((self.bits(counter) >> 12) as f64 + 0.5) * (1.0 / (1u64 << 52) as f64)
    }

    /// Exponential with mean 1: draw number `counter`.
    #[inline]
    pub fn exponential(self, counter: u64) -> f64 {
        -maths::ln(self.uniform(counter))
    }
}
