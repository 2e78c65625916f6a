//! Numbers of runs, and lists of names.

use super::amount::{counted, grouped, value};
use crate::results::statistics::Statistics;

/// Returns `1 run`, `20 runs`.
pub fn runs(count: u64) -> String {
    counted(count, "run")
}

/// Returns `in 3 of 20 runs`.
pub fn in_runs(some: u64, all: u64) -> String {
    format!("in {} of {}", grouped(some), runs(all))
}

/// Returns `in both runs`, `in all 20 runs`.
pub fn in_all(count: u64) -> String {
    match count {
        1 => "in the only run".to_owned(),
        2 => "in both runs".to_owned(),
        _ => format!("in all {}", runs(count)),
    }
}

/// Returns `20 runs`, or `20 runs of each design` if there are several designs.
pub fn runs_of_each(count: u64, designs: usize) -> String {
    if designs == 1 { runs(count) } else { format!("{} of each design", runs(count)) }
}

/// Returns `in 3 of 20 runs`; of the only run, `in this one run`.
pub fn in_these_runs(some: u64, all: u64) -> String {
    if (some, all) == (1, 1) { "in this one run".to_owned() } else { in_runs(some, all) }
}

/// Returns in how many runs a design is better or worse than another: `better in 198 of 200 runs`.
pub fn wins(is_better: bool, count: u64, pairs: u64) -> String {
    format!("{} {}", if is_better { "better" } else { "worse" }, in_these_runs(count, pairs))
}

/// Returns in how many runs a count is not 0, and the most that it is in one: `60 runs, at most 3`; of one run the count.
pub fn most_in_runs(statistics: &Statistics) -> String {
    match statistics.max {
        _ if statistics.n == 0 => "-".to_owned(),
        Some(only) if statistics.n == 1 => value(only, statistics.unit),
        Some(most) if statistics.nonzero > 0 => {
            format!("{}, at most {}", runs(statistics.nonzero), value(most, statistics.unit))
        }
        _ => "0".to_owned(),
    }
}

/// Returns `a`, `a and b`, `a, b and c`.
pub fn listed(names: &[&str]) -> String {
    match names.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => names.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_run_is_no_plural_and_the_last_name_follows_an_and() {
        assert_eq!((in_runs(1, 1), in_runs(3, 20)), ("in 1 of 1 run".into(), "in 3 of 20 runs".into()));
        assert_eq!([1, 2, 20].map(in_all), ["in the only run", "in both runs", "in all 20 runs"]);
        assert_eq!([1, 3].map(|designs| runs_of_each(20, designs)), ["20 runs", "20 runs of each design"]);
        assert_eq!(wins(false, 2, 5), "worse in 2 of 5 runs");
        assert_eq!(wins(true, 1, 1), "better in this one run");
        assert_eq!([listed(&["a"]), listed(&["a", "b"]), listed(&["a", "b", "c"])], ["a", "a and b", "a, b and c"]);
    }
}
