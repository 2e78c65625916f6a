//! Notes beside and below means whose sample is degenerate.

use std::collections::BTreeMap;

use super::amount::share;
use super::count::in_all;
use crate::results::estimate::Degenerate;
use crate::results::statistics::Statistics;

/// The meaning of `*`.
pub const NARROW: &str = "* Most runs have the same value, and fewer than 30 another: the interval is too narrow.";

/// The same where there is one line for it.
pub const NARROW_BRIEF: &str = "* Fewer than 30 runs differ from the rest: the interval is too narrow.";

/// Returns what stands beside a mean whose interval is too narrow.
pub fn star(degenerate: Option<&Degenerate>) -> &'static str {
    match degenerate {
        Some(Degenerate::Few { .. }) => " *",
        Some(Degenerate::Equal { .. }) | None => "",
    }
}

/// Returns what a table says of the cells without a mean that it shows in columns; empty if there are none, else it begins with a space.
pub fn column_notes<'a>(shown: impl Iterator<Item = &'a Statistics>) -> String {
    let (mut is_over, mut is_cut) = (false, false);
    for statistics in shown.filter(|statistics| statistics.mean.is_none()) {
        is_over |= statistics.ended_first > 0;
        is_cut |= statistics.censored > statistics.ended_first;
    }
    let over = if is_over { " over first: the incident was over before it happened." } else { "" };
    let cut = if is_cut { " none in: it had not happened by the end of the run." } else { "" };
    format!("{over}{cut}")
}

/// Returns what a table says of the means that it shows and that have no interval to be trusted; empty if there are none,
/// else it begins with a space.
pub fn caveats<'a>(shown: impl Iterator<Item = &'a Statistics>) -> String {
    let mut is_narrow = false;
    // By the number of runs in which a metric is the same: the share of runs that may differ.
    let mut equal: BTreeMap<u64, f64> = BTreeMap::new();
    for statistics in shown.filter(|statistics| statistics.mean.is_some()) {
        match statistics.degenerate {
            Some(Degenerate::Equal { others_at_most, .. }) => drop(equal.insert(statistics.n, others_at_most)),
            Some(Degenerate::Few { .. }) => is_narrow = true,
            None => {}
        }
    }
    let mut text = match (equal.first_key_value(), equal.last_key_value()) {
        (Some((fewest, others)), Some((most, least_others))) if fewest != most => format!(
            " Where all {fewest} to {most} runs have the same value, at 95 % up to {} to {} of runs may have another.",
            share(*others),
            share(*least_others)
        ),
        (Some((runs, others)), _) => format!(
            " Where {} have the same value, at 95 % up to {} of runs may have another.",
            in_all(*runs).trim_start_matches("in "),
            share(*others)
        ),
        (None, _) => String::new(),
    };
    if is_narrow {
        text.push(' ');
        text.push_str(NARROW);
    }
    text
}
