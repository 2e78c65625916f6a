//! Intervals, and what is said of one that is none or is too narrow.

use super::amount::{share, value};
use crate::results::estimate::{Degenerate, StudyEstimate};
use crate::results::metric::Unit;
use crate::results::words;

/// Returns the ends of an interval: `95 % interval 3 s to 5 s`.
pub fn ends(interval: &StudyEstimate, unit: Unit) -> String {
    format!("95 % interval {} to {}", value(interval.low, unit), value(interval.high, unit))
}

/// Returns why the interval of a mean of `runs` runs is not to be trusted as it stands.
///
/// For example: `the same in all 20 runs; at 95 %, up to 16.1 % of runs may have another value (1 % would do)` or `too
/// narrow, since only 3 of 20 runs differ from 0, and 30 must`.
pub fn doubt(degenerate: &Degenerate, runs: u64, unit: Unit) -> String {
    match *degenerate {
        Degenerate::Few { others, needed, usual } => {
            format!(
                "too narrow, since only {others} of {} {} from {}, and {needed} must",
                words::runs(runs),
                if others == 1 { "differs" } else { "differ" },
                value(usual, unit)
            )
        }
        Degenerate::Equal { others_at_most, rare } => {
            format!("the same {}; {}", words::in_all(runs), up_to(others_at_most, rare, "may have another value"))
        }
    }
}

/// Returns an interval beside a bound: `95 % interval 3 s to 5 s, not clear of the bound`, or why it is none.
pub fn interval_words(interval: &StudyEstimate, degenerate: Option<&Degenerate>, is_clear: bool, unit: Unit) -> String {
    let doubt = degenerate.map(|degenerate| doubt(degenerate, interval.n, unit));
    match (degenerate, doubt) {
        (Some(Degenerate::Equal { .. }), Some(doubt)) => doubt,
        (_, Some(doubt)) => format!("{}, {doubt}", ends(interval, unit)),
        (_, None) if is_clear => ends(interval, unit),
        (_, None) => format!("{}, not clear of the bound", ends(interval, unit)),
    }
}

/// Returns how many runs can be other than all that were seen: `at 95 %, up to 16.1 % of runs may have another value (1 %
/// would do)`.
pub fn up_to(part: f64, rare: f64, are_other: &str) -> String {
    let enough = if part <= rare { String::new() } else { format!(" ({} would do)", share(rare)) };
    format!("at 95 %, up to {} of runs {are_other}{enough}", share(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(degenerate: Option<Degenerate>, n: u64, is_clear: bool) -> String {
        let interval = StudyEstimate { point: 2.0, low: -0.484, high: 4.48, n };
        interval_words(&interval, degenerate.as_ref(), is_clear, Unit::Count)
    }

    #[test]
    fn an_interval_is_said_as_far_as_it_is_one() {
        assert_eq!(said(None, 3, true), "95 % interval -0.484 to 4.48");
        assert!(said(None, 2, false).ends_with(", not clear of the bound"));
        // Wilson's interval of 0 in 20 ends at 16.1 %, of 0 in 400 at 0.951 %.
        assert_eq!(
            said(Some(Degenerate::Equal { others_at_most: 0.1611, rare: 0.01 }), 20, false),
            "the same in all 20 runs; at 95 %, up to 16.1 % of runs may have another value (1 % would do)"
        );
        assert_eq!(
            said(Some(Degenerate::Equal { others_at_most: 0.00951, rare: 0.01 }), 400, true),
            "the same in all 400 runs; at 95 %, up to 0.951 % of runs may have another value"
        );
        let few = said(Some(Degenerate::Few { others: 3, needed: 30, usual: 0.0 }), 20, false);
        assert!(few.ends_with(", too narrow, since only 3 of 20 runs differ from 0, and 30 must"), "{few}");
    }
}
