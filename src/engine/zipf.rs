//! Zipf's law over a fixed number of items.
//!
//! The inverse of the distribution function by a guide table (Chen and Asau 1974): one uniform makes one item, popular
//! items have small uniforms, and the entries that are looked at most share a few cache lines. An alias table
//! (`rand_distr`'s) is no faster here and needs more memory; `cargo bench --bench marks` compares them.

use crate::maths;

/// A draw of one of `n` items, the k-th (from 1) with a probability proportional to `k^-exponent`.
#[derive(Clone, Debug)]
pub struct Zipf {
    n: u32,
    /// Empty if all are equally likely.
    table: Table,
}

#[derive(Clone, Debug, Default)]
struct Table {
    /// Sum of the weights up to and including each item.
    cumulative: Vec<f64>,
    /// For each of equally long stretches of (0, 1): the first item that a uniform there can mean.
    guide: Vec<u32>,
}

impl Zipf {
    /// A table of 12 bytes for each of `n` items; none for exponent 0, with which all are equally likely.
    ///
    /// # Panics
    /// If `n` is 0.
    pub fn new(n: u32, exponent: f64) -> Self {
        assert!(n > 0, "Zipf's law over no items");
        let table = if exponent == 0.0 { Table::default() } else { Table::new(n, exponent) };
        Zipf { n, table }
    }

    /// The item, from 0 (the most popular, if the exponent is positive), for a uniform in (0, 1).
    #[inline]
    pub fn index(&self, u: f64) -> u32 {
        let Table { cumulative, guide } = &self.table;
        let Some(&total) = cumulative.last() else {
            return ((u * f64::from(self.n)) as u32).min(self.n - 1);
        };
        let aim = u * total;
        // One step on average, as there are as many stretches as items.
        let mut item = guide[((u * guide.len() as f64) as usize).min(guide.len() - 1)];
        while item + 1 < self.n && cumulative[item as usize] <= aim {
            item += 1;
        }
        item
    }

    /// Number of items.
    pub fn items(&self) -> u32 {
        self.n
    }

    /// The probability of an item, counted from 0.
    pub fn probability(&self, item: u32) -> f64 {
        let cumulative = &self.table.cumulative;
        let item = item as usize;
        match cumulative.last() {
            None => 1.0 / f64::from(self.n),
            Some(total) if item == 0 => cumulative[0] / total,
            Some(total) => (cumulative[item] - cumulative[item - 1]) / total,
        }
    }
}

impl Table {
    fn new(n: u32, exponent: f64) -> Self {
        let mut sum = 0.0;
        let mut cumulative = Vec::with_capacity(n as usize);
        for rank in 1..=n {
            sum += maths::pow(f64::from(rank), -exponent);
            cumulative.push(sum);
        }
        let mut item = 0;
        let guide = (0..n)
            .map(|stretch| {
                // A hair low: a uniform of this stretch never means an item before the guide's, whatever is rounded.
                let start = f64::from(stretch) / f64::from(n) * sum * (1.0 - 1e-14);
                while item + 1 < n && cumulative[item as usize] <= start {
                    item += 1;
                }
                item
            })
            .collect();
        Table { cumulative, guide }
    }
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
            (0..N).for_each(|n| seen[zipf.index(stream.uniform(n)) as usize] += 1);
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
    fn the_guide_finds_what_a_search_from_the_start_finds() {
        for exponent in [0.3, 0.99, 1.0, 3.0] {
            let zipf = Zipf::new(1000, exponent);
            let total = zipf.table.cumulative[999];
            let stretches = (0..1000u32).flat_map(|k| {
                let edge = f64::from(k) / 1000.0;
                [edge.next_down().max(1e-16), edge.max(1e-16), edge.next_up()]
            });
            let edges = zipf.table.cumulative.iter().flat_map(|sum| [(sum / total).next_down(), sum / total]);
            for u in stretches.chain(edges).filter(|&u| u < 1.0) {
                let expected = zipf.table.cumulative.partition_point(|&sum| sum <= u * total).min(999);
                assert_eq!(zipf.index(u) as usize, expected, "exponent {exponent}, uniform {u}");
            }
        }
    }

    #[test]
    fn probabilities_sum_to_one_and_the_ends_of_the_uniform_are_the_ends_of_the_items() {
        for exponent in [0.0, 0.99, 4.0] {
            let zipf = Zipf::new(100, exponent);
            let sum: f64 = (0..100).map(|item| zipf.probability(item)).sum();
            assert!((sum - 1.0).abs() < 1e-13);
            assert_eq!((zipf.index(1e-300), zipf.index(1.0f64.next_down())), (0, 99), "exponent {exponent}");
        }
    }
}
