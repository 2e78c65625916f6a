//! Zipf's law over a fixed number of items.
//!
//! Items are drawn by rejection from blocks of neighbours, whose weights hardly differ: a block is picked from an alias
//! table (Walker 1977, made as in Vose 1991), an item of it at random, and the item is taken with its weight relative to
//! the heaviest of its block. The most popular items are blocks of their own, and a block is a twentieth as long as the
//! popularity rank that it starts at allows, so that ten million items make some hundreds of blocks that stay in the
//! nearest cache, and one draw in forty is rejected. `cargo bench --bench draws` measures it beside `rand_distr`.

use super::draw::Draw;
use crate::maths;

/// A draw of one of `n` items, the k-th (from 1) with a probability proportional to `k^-exponent`.
#[derive(Clone, Debug)]
pub struct Zipf {
    items: u32,
    exponent: f64,
    /// None if all items are equally likely.
    blocks: Vec<Block>,
}

/// Items next to each other; also a cell of the alias table, of which it may give a part to another block.
#[derive(Clone, Copy, Debug)]
struct Block {
    first: u32,
    len: u32,
    /// Weight of its heaviest item.
    heaviest: f64,
    /// Weight of its lightest item relative to that, in units of 2^-32, rounded down.
    lightest: u32,
    /// Share of its own in its cell, in units of 2^-32.
    own: u32,
    other: u32,
}

/// One, in units of 2^-32.
const WHOLE: f64 = (1u64 << 32) as f64;

/// Weights within a block may differ by this part of them.
const UNEVENNESS: f64 = 0.05;

impl Zipf {
    /// # Panics
    /// If `items` is 0.
    pub fn new(items: u32, exponent: f64) -> Self {
        assert!(items > 0, "Zipf's law over no items");
        let blocks = if exponent == 0.0 { Vec::new() } else { blocks(items, exponent) };
        Zipf { items, exponent, blocks }
    }

    /// The item of a draw, from 0 (the most popular, if the exponent is positive).
    #[inline]
    pub fn index(&self, draw: Draw) -> u32 {
        if self.blocks.is_empty() {
            return part_of(self.items, draw.bits());
        }
        let block = self.block(draw);
        // (Not even for a block of one is there a short cut: half of the draws would take it, and none could be predicted.)
        self.index_in(block, draw.again())
    }

    #[inline]
    fn block(&self, draw: Draw) -> &Block {
        let scaled = u128::from(draw.bits()) * self.blocks.len() as u128;
        let place = (scaled >> 64) as usize;
        let cell = &self.blocks[place];
        let other = cell.other as usize;
        // No branch: it could not be predicted.
        &self.blocks[std::hint::select_unpredictable((scaled >> 32) as u32 >= cell.own, other, place)]
    }

    /// An item of a block, or of another one if it is rejected.
    #[inline]
    fn index_in<'a>(&'a self, mut block: &'a Block, mut draw: Draw) -> u32 {
        loop {
            let bits = draw.bits();
            let item = block.first + part_of(block.len, bits);
            let share = bits as u32;
            if share < block.lightest || f64::from(share) / WHOLE * block.heaviest < self.weight(item) {
                return item;
            }
            draw = draw.again();
            block = self.block(draw);
            draw = draw.again();
        }
    }

    /// The probability of every item, from the first.
    pub fn probabilities(&self) -> Vec<f64> {
        let weights: Vec<f64> = (0..self.items).map(|item| self.weight(item)).collect();
        let total: f64 = weights.iter().sum();
        weights.into_iter().map(|weight| weight / total).collect()
    }

    fn weight(&self, item: u32) -> f64 {
        weight(item, self.exponent)
    }
}

/// Returns the one of `len` items that the upper half of `bits` stands for.
#[inline]
fn part_of(len: u32, bits: u64) -> u32 {
    (((bits >> 32) * u64::from(len)) >> 32) as u32
}

fn weight(item: u32, exponent: f64) -> f64 {
    maths::pow(f64::from(item) + 1.0, -exponent)
}

/// Cuts the items into blocks, and deals the blocks' weights out to cells of equal size.
fn blocks(items: u32, exponent: f64) -> Vec<Block> {
    let longest = UNEVENNESS / exponent.abs();
    let mut blocks = Vec::new();
    let mut first = 0;
    while first < items {
        let len = ((f64::from(first) + 1.0) * longest).clamp(1.0, f64::from(items - first)) as u32;
        let ends = [weight(first, exponent), weight(first + len - 1, exponent)];
        let [heaviest, lightest] = if exponent > 0.0 { ends } else { [ends[1], ends[0]] };
        let lightest = (lightest / heaviest * (WHOLE - 1.0)) as u32;
        blocks.push(Block { first, len, heaviest, lightest, own: u32::MAX, other: blocks.len() as u32 });
        first += len;
    }
    let areas: Vec<f64> = blocks.iter().map(|block| block.heaviest * f64::from(block.len)).collect();
    deal_out(&mut blocks, areas);
    blocks
}

/// Gives every cell as much as the average: poor ones keep their own and take the rest from rich ones.
fn deal_out(blocks: &mut [Block], mut areas: Vec<f64>) {
    let scale = areas.len() as f64 / areas.iter().sum::<f64>();
    areas.iter_mut().for_each(|area| *area *= scale);
    let places = 0..areas.len() as u32;
    let (mut poor, mut rich): (Vec<u32>, Vec<u32>) = places.partition(|&place| areas[place as usize] < 1.0);
    while let (Some(&needy), Some(&giver)) = (poor.last(), rich.last()) {
        poor.pop();
        let own = areas[needy as usize];
        blocks[needy as usize].own = (own * WHOLE + 0.5) as u32;
        blocks[needy as usize].other = giver;
        areas[giver as usize] -= 1.0 - own;
        if areas[giver as usize] < 1.0 {
            rich.pop();
            poor.push(giver);
        }
    }
    // Whoever is left has a whole cell but for rounding: it is its own other.
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::goodness_of_fit::counts;
    use crate::engine::stream::Stream;

    const CASES: [(u32, f64); 10] = [
        (1, 1.0),
        (2, 0.7),
        (50, 1.0),
        (1000, 0.0),
        (1000, 0.02),
        (1000, 0.8),
        (1000, 1.2),
        (300, 2.5),
        (200, -0.5),
        (100_000, 0.99),
    ];

    #[test]
    fn items_have_their_exact_probabilities() {
        const N: u64 = 2_000_000;
        for (items, exponent) in CASES {
            let zipf = Zipf::new(items, exponent);
            let stream = Stream::root(21, 0);
            let mut seen = vec![0; items as usize];
            (0..N).for_each(|n| seen[zipf.index(stream.draw(n)) as usize] += 1);
            let mut expected: Vec<f64> = zipf.probabilities().iter().map(|share| share * N as f64).collect();
            // Rare items together make one cell.
            let common = expected.iter().take_while(|&&count| count >= 10.0).count();
            let (rare, rare_seen) = (expected.drain(common..).sum::<f64>(), seen.drain(common..).sum::<u64>());
            if rare > 0.0 {
                expected.push(rare);
                seen.push(rare_seen);
            }
            if expected.len() > 1 {
                counts(&seen, &expected).unwrap_or_else(|why| panic!("{items} items, exponent {exponent}: {why}"));
            } else {
                assert_eq!(seen, [N]);
            }
        }
    }

    #[test]
    fn rare_items_far_back_are_as_likely_as_they_should_be() {
        const N: u64 = 2_000_000;
        let zipf = Zipf::new(10_000_000, 0.99);
        assert!(zipf.blocks.len() < 400, "{} blocks", zipf.blocks.len());
        // By a hundred equal steps of rank.
        let (mut seen, mut expected) = ([0; 100], [0.0; 100]);
        let stream = Stream::root(22, 0);
        (0..N).for_each(|n| seen[zipf.index(stream.draw(n)) as usize / 100_000] += 1);
        let probabilities = zipf.probabilities();
        (0..10_000_000).for_each(|item| expected[item / 100_000] += probabilities[item] * N as f64);
        counts(&seen, &expected).unwrap();
    }

    #[test]
    fn the_cells_add_up_to_the_areas_of_the_blocks() {
        for (items, exponent) in CASES.into_iter().filter(|(_, exponent)| *exponent != 0.0) {
            let blocks = Zipf::new(items, exponent).blocks;
            let total: f64 = blocks.iter().map(|block| block.heaviest * f64::from(block.len)).sum();
            let mut shares = vec![0.0; blocks.len()];
            let mut next = 0;
            for (place, block) in blocks.iter().enumerate() {
                let own = f64::from(block.own) / WHOLE;
                shares[place] += own;
                shares[block.other as usize] += 1.0 - own;
                assert_eq!(block.first, next);
                next += block.len;
            }
            assert_eq!(next, items);
            for (share, block) in shares.iter().zip(&blocks) {
                let expected = block.heaviest * f64::from(block.len) / total * blocks.len() as f64;
                assert!((share - expected).abs() < 1e-6, "{block:?} of {items}");
            }
        }
    }

    #[test]
    fn probabilities_sum_to_one_and_every_item_is_within_range() {
        for exponent in [0.0, 0.99, 4.0] {
            let zipf = Zipf::new(100, exponent);
            assert!((zipf.probabilities().iter().sum::<f64>() - 1.0).abs() < 1e-13);
            assert!(zipf.index(Draw(0)) < 100 && zipf.index(Draw(u64::MAX)) < 100);
        }
        assert_eq!((Zipf::new(10, 0.0).index(Draw(0)), Zipf::new(10, 0.0).index(Draw(u64::MAX))), (0, 9));
    }
}
