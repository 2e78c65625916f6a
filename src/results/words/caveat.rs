//! What stands beside and below means whose sample is degenerate.

use super::share;
use crate::results::{Degenerate, Statistics};

/// The meaning of `*`.
pub const NARROW: &str = "* Most runs have the same value, and fewer than 30 another: the interval is too narrow.";

/// Returns what stands beside a mean whose interval is too narrow.
pub fn star(degenerate: Option<&Degenerate>) -> &'static str {
    match degenerate {
        Some(Degenerate::Few { .. }) => " *",
        Some(Degenerate::Equal { .. }) | None => "",
    }
}

/// Returns what a table says of the means that it shows and that have no interval to be trusted; empty if there are none,
/// else it begins with a space.
pub fn caveats<'a>(shown: impl Iterator<Item = &'a Statistics>) -> String {
    // The least and the greatest number of runs in which a metric is the same, each with the share that may differ.
    let (mut fewest, mut most): (Option<(u64, f64)>, Option<(u64, f64)>) = (None, None);
    let mut is_narrow = false;
    for statistics in shown.filter(|statistics| statistics.mean.is_some()) {
        match statistics.degenerate {
            Some(Degenerate::Equal { others_at_most, .. }) => {
                let this = (statistics.n, others_at_most);
                fewest = Some(fewest.filter(|known| known.0 <= this.0).unwrap_or(this));
                most = Some(most.filter(|known| known.0 >= this.0).unwrap_or(this));
            }
            Some(Degenerate::Few { .. }) => is_narrow = true,
            None => {}
        }
    }
    let mut text = match (fewest, most) {
        (Some((fewest, others)), Some((most, least_others))) if fewest != most => format!(
            " Where all {fewest} to {most} runs have the same value, at 95 % up to {} to {} of runs may have another.",
            share(others),
            share(least_others)
        ),
        (Some((runs, others)), _) => {
            format!(
                " Where all {runs} runs have the same value, at 95 % up to {} of runs may have another.",
                share(others)
            )
        }
        (None, _) => String::new(),
    };
    if is_narrow {
        text.push(' ');
        text.push_str(NARROW);
    }
    text
}
