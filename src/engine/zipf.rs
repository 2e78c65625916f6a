//! Zipf's law over a fixed number of items.
//!
//! An alias table (Walker 1977, made as in Vose 1991): a draw is one multiplication, one look-up and one comparison.
//! `cargo bench --bench marks` measures it beside that of `rand_distr`.

use crate::maths;

/// A draw of one of `n` items, the k-th (from 1) with a probability proportional to `k^-exponent`.
#[derive(Clone, Debug)]
pub struct Zipf {
    items: u32,
    exponent: f64,
    /// Sum of the weights.
    total: f64,
    /// One cell for each item; none if all are equally likely.
    cells: Vec<Cell>,
}

/// A cell stands for 1 / n of the probability, and shares it between its own item and another.
#[derive(Clone, Copy, Debug)]
struct Cell {
    /// Share of its own item, in units of 2^-32.
    own: u32,
    other: u32,
}

/// One whole cell, in the units of [`Cell::own`].
const WHOLE: f64 = (1u64 << 32) as f64;

impl Zipf {
    /// A table of 8 bytes for each of `items` items; none for exponent 0, with which all are equally likely.
    ///
    /// Shares of a cell are rounded to 2^-32, so the probability of an item is off by some 2^-33 / n at most for each
    /// cell that it has a share in.
    ///
    /// # Panics
    /// If `items` is 0.
    pub fn new(items: u32, exponent: f64) -> Self {
        assert!(items > 0, "Zipf's law over no items");
        if exponent == 0.0 {
            return Zipf { items, exponent, total: f64::from(items), cells: Vec::new() };
        }
        let weights: Vec<f64> = (1..=items).map(|rank| maths::pow(f64::from(rank), -exponent)).collect();
        let total = weights.iter().sum();
        Zipf { items, exponent, total, cells: cells(weights, total) }
    }

    /// The item, from 0 (the most popular, if the exponent is positive), for 64 random bits.
    #[inline]
    pub fn index(&self, bits: u64) -> u32 {
        let scaled = u128::from(bits) * u128::from(self.items);
        let index = (scaled >> 64) as u32;
        let Some(cell) = self.cells.get(index as usize) else { return index };
        // No branch: it could not be predicted, and would wait for a cell that is seldom in a near cache.
        std::hint::select_unpredictable((scaled >> 32) as u32 >= cell.own, cell.other, index)
    }

    /// Number of items.
    pub fn items(&self) -> u32 {
        self.items
    }

    /// The probability of an item, counted from 0.
    pub fn probability(&self, item: u32) -> f64 {
        maths::pow(f64::from(item) + 1.0, -self.exponent) / self.total
    }
}

/// Deals the weights out to cells of equal size.
fn cells(mut weights: Vec<f64>, total: f64) -> Vec<Cell> {
    let scale = weights.len() as f64 / total;
    weights.iter_mut().for_each(|weight| *weight *= scale);
    let mut cells: Vec<Cell> = (0..weights.len() as u32).map(|item| Cell { own: u32::MAX, other: item }).collect();
    let (mut poor, mut rich): (Vec<u32>, Vec<u32>) =
        (0..weights.len() as u32).partition(|&item| weights[item as usize] < 1.0);
    while let (Some(&needy), Some(&giver)) = (poor.last(), rich.last()) {
        poor.pop();
        let own = weights[needy as usize];
        cells[needy as usize] = Cell { own: (own * WHOLE + 0.5) as u32, other: giver };
        weights[giver as usize] -= 1.0 - own;
        if weights[giver as usize] < 1.0 {
            rich.pop();
            poor.push(giver);
        }
    }
    // Whoever is left has a whole cell but for rounding: it is its own other.
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Stream;
    use crate::engine::goodness_of_fit::counts;

    #[test]
    fn items_have_their_exact_probabilities() {
        const N: u64 = 1_000_000;
        for (items, exponent) in [(1, 1.0), (2, 0.7), (50, 1.0), (1000, 0.0), (1000, 0.8), (1000, 1.2), (300, 2.5)] {
            let zipf = Zipf::new(items, exponent);
            let stream = Stream::root(21, 0);
            let mut seen = vec![0; items as usize];
            (0..N).for_each(|n| seen[zipf.index(stream.bits(n)) as usize] += 1);
            let weights: Vec<f64> = (1..=items).map(|k| maths::pow(f64::from(k), -exponent)).collect();
            let total: f64 = weights.iter().sum();
            let mut expected: Vec<f64> = weights.iter().map(|weight| weight / total * N as f64).collect();
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
    fn the_cells_add_up_to_the_probabilities() {
        for (items, exponent) in [(1, 1.0), (2, 0.3), (1000, 0.99), (1000, 3.0), (200_000, 0.8)] {
            let zipf = Zipf::new(items, exponent);
            let mut shares = vec![0.0; items as usize];
            let mut cells_of = vec![1.0; items as usize];
            for (item, cell) in zipf.cells.iter().enumerate() {
                shares[item] += f64::from(cell.own) / WHOLE;
                shares[cell.other as usize] += 1.0 - f64::from(cell.own) / WHOLE;
                cells_of[cell.other as usize] += 1.0;
            }
            for (item, share) in shares.iter().enumerate() {
                let expected = zipf.probability(item as u32) * f64::from(items);
                assert!((share - expected).abs() < cells_of[item] / WHOLE + 1e-9, "item {item} of {items}");
            }
        }
    }

    #[test]
    fn probabilities_sum_to_one_and_every_item_is_within_range() {
        for exponent in [0.0, 0.99, 4.0] {
            let zipf = Zipf::new(100, exponent);
            let sum: f64 = (0..100).map(|item| zipf.probability(item)).sum();
            assert!((sum - 1.0).abs() < 1e-13);
            assert!(zipf.index(0) < 100 && zipf.index(u64::MAX) < 100 && zipf.items() == 100);
        }
        assert_eq!((Zipf::new(10, 0.0).index(0), Zipf::new(10, 0.0).index(u64::MAX)), (0, 9));
    }
}
