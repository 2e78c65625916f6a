//! What is said of a mean whose interval is none, or is too narrow.

use super::format::{share, value};
use crate::stats::{ENOUGH_OTHERS, Estimate, RARE, Scatter};
use crate::study::Unit;

/// Why the interval of a mean of `runs` runs is not to be trusted as it stands; `None` if it is.
///
/// For example: `the same in all 20 runs; at 95 %, up to 16.1 % of runs may have another value (1 % would do)` or `too
/// narrow, since only 3 of 20 runs differ from 0, and 30 must`.
pub(super) fn doubt(scatter: Scatter, runs: u64, unit: Unit) -> Option<String> {
    match scatter {
        Scatter::Seen => None,
        Scatter::Rare { others, usual } => Some(format!(
            "too narrow, since only {others} of {runs} runs differ from {}, and {ENOUGH_OTHERS} must",
            value(usual, unit)
        )),
        Scatter::Unseen { others_at_most } => {
            let others = up_to(others_at_most, "may have another value");
            Some(format!("the same in all {runs} runs; {others}"))
        }
    }
}

/// An interval beside a bound: `95 % interval 3 s to 5 s, not clear of the bound`, or why it is none.
pub(super) fn interval_words(interval: &Estimate, scatter: Scatter, is_clear: bool, unit: Unit) -> String {
    let ends = format!("95 % interval {} to {}", value(interval.low, unit), value(interval.high, unit));
    match (scatter, doubt(scatter, interval.n, unit)) {
        (Scatter::Unseen { .. }, Some(doubt)) => doubt,
        (_, Some(doubt)) => format!("{ends}, {doubt}"),
        (_, None) if is_clear => ends,
        (_, None) => format!("{ends}, not clear of the bound"),
    }
}

/// How many runs can be other than all that were seen: `at 95 %, up to 16.1 % of runs may have another value (1 % would do)`.
pub(super) fn up_to(part: f64, are_other: &str) -> String {
    let enough = if part <= RARE { String::new() } else { format!(" ({} would do)", share(RARE)) };
    format!("at 95 %, up to {} of runs {are_other}{enough}", share(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(values: &[(f64, usize)], is_clear: bool) -> String {
        let values: Vec<f64> = values.iter().flat_map(|&(value, count)| std::iter::repeat_n(value, count)).collect();
        let interval = crate::stats::mean_interval(&values, 0.95).unwrap();
        interval_words(&interval, crate::stats::scatter(&values), is_clear, Unit::Count)
    }

    #[test]
    fn an_interval_is_said_as_far_as_it_is_one() {
        assert_eq!(said(&[(1.0, 1), (2.0, 1), (3.0, 1)], true), "95 % interval -0.484 to 4.48");
        assert!(said(&[(1.0, 1), (3.0, 1)], false).ends_with(", not clear of the bound"));
        assert_eq!(
            said(&[(0.0, 20)], false),
            "the same in all 20 runs; at 95 %, up to 16.1 % of runs may have another value (1 % would do)"
        );
        assert_eq!(
            said(&[(0.0, 400)], true),
            "the same in all 400 runs; at 95 %, up to 0.951 % of runs may have another value"
        );
        let few = said(&[(0.0, 17), (5.0, 3)], false);
        assert!(few.ends_with(", too narrow, since only 3 of 20 runs differ from 0, and 30 must"), "{few}");
    }
}
