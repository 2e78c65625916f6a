//! A mean with half of its interval, as far as that is one.

use super::amount::{count, significant, value};
use super::caveat::star;
use super::count::{in_all, in_runs};
use super::quantile::quantile;
use crate::results::estimate::{Degenerate, StudyEstimate};
use crate::results::metric::Unit;
use crate::results::statistics::Statistics;

/// Room for a mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Space {
    /// A column on the terminal: the number of runs to which a metric applies stands in parentheses.
    Column,
    /// A cell or a sentence of the report: it is spelt out.
    Sentence,
}

/// A margin this small beside its mean is the rounding of the sum over equal runs.
const ROUNDING: f64 = 1e-9;

/// Returns a mean with half of its interval, or in how many runs it is the same; whatever there is if there is no mean.
pub fn mean(statistics: &Statistics, unit: Unit, space: Space) -> String {
    let Statistics { n, censored, not_applicable, .. } = *statistics;
    match (&statistics.mean, statistics.middle()) {
        _ if n == 0 => if space == Space::Column { "-" } else { "–" }.to_owned(),
        (Some(mean), _) if is_same(statistics, mean) && not_applicable > 0 && space == Space::Sentence => {
            format!("{} in each, {}", value(mean.point, unit), in_runs(n, n + not_applicable))
        }
        (Some(mean), _) if is_same(statistics, mean) => format!("{} {}", value(mean.point, unit), in_all(n)),
        (Some(mean), _) => {
            margin(mean.point, mean.half_width(), unit)
                + &of_fewer(statistics, space)
                + star(statistics.degenerate.as_ref())
        }
        (None, Some(only)) if space == Space::Column && not_applicable > 0 => {
            format!("{} {}", value(only, unit), in_runs(1, 1 + not_applicable))
        }
        (None, Some(only)) => value(only, unit) + &of_fewer(statistics, space),
        (None, None) if statistics.ended_first > 0 && space == Space::Column => {
            let beyond = censored - statistics.ended_first;
            let beyond = if beyond > 0 { format!(", none in {beyond}") } else { String::new() };
            format!("over first in {} of {n}{beyond}", statistics.ended_first)
        }
        (None, None) if statistics.ended_first > 0 => {
            let median = quantile(statistics, 0.5).map_or_else(String::new, |median| format!("median {median}; "));
            format!("{median}{}", over_first(statistics))
        }
        (None, None) if space == Space::Column => format!("none in {censored} of {n}"),
        (None, None) => format!("not by the horizon {}", in_runs(censored, n)),
    }
}

/// Says in how many runs the incident was over first, and in how many the run itself.
pub fn over_first(statistics: &Statistics) -> String {
    let Statistics { n, censored, ended_first, .. } = *statistics;
    let over = format!("the incident was over first {}", in_runs(ended_first, n));
    match censored - ended_first {
        0 => over,
        beyond => format!("{over}; not by the horizon {}", in_runs(beyond, n)),
    }
}

/// Returns a mean with half of its interval, of which no more is known than whether its sample is degenerate.
pub fn mean_of(mean: &StudyEstimate, degenerate: Option<&Degenerate>, unit: Unit) -> String {
    match is_rounding(mean.point, mean.half_width()) {
        true => format!("{} {}", value(mean.point, unit), in_all(mean.n)),
        false => margin(mean.point, mean.half_width(), unit) + star(degenerate),
    }
}

/// Returns a mean without its interval, with a mark if that is too narrow; `None` if there is none.
pub fn mean_alone(statistics: &Statistics, unit: Unit) -> Option<String> {
    without_interval(statistics, unit, "")
}

/// Returns a mean where there is no room for its interval, with a mark that it has one: `53 s ± …`; `None` if there is none.
pub fn mean_cut(statistics: &Statistics, unit: Unit) -> Option<String> {
    let has_interval = statistics.mean.as_ref().is_some_and(|mean| !is_same(statistics, mean));
    without_interval(statistics, unit, if has_interval { " ± …" } else { "" })
}

fn without_interval(statistics: &Statistics, unit: Unit, cut: &str) -> Option<String> {
    let fewer = of_fewer(statistics, Space::Sentence);
    let middle = value(statistics.middle()?, unit);
    Some(middle + cut + &fewer + star(statistics.degenerate.as_ref().filter(|_| statistics.mean.is_some())))
}

fn is_same(statistics: &Statistics, mean: &StudyEstimate) -> bool {
    matches!(statistics.degenerate, Some(Degenerate::Equal { .. })) || is_rounding(mean.point, mean.half_width())
}

fn is_rounding(mean: f64, margin: f64) -> bool {
    margin <= ROUNDING * mean.abs()
}

/// To how many runs it applies, if not to all.
fn of_fewer(statistics: &Statistics, space: Space) -> String {
    match (statistics.not_applicable, space) {
        (0, _) => String::new(),
        (_, Space::Column) => format!(" ({})", statistics.n),
        (others, Space::Sentence) => format!(" {}", in_runs(statistics.n, statistics.n + others)),
    }
}

/// Returns a mean and half of its interval.
pub fn margin(mean: f64, margin: f64, unit: Unit) -> String {
    if is_rounding(mean, margin) {
        return format!("{} in every run", value(mean, unit));
    }
    match unit {
        Unit::Share => format!("{} ± {}", value(mean, unit), significant(margin * 100.0, 2)),
        _ => format!("{} ± {}", value(mean, unit), margin_text(margin, mean, unit)),
    }
}

/// A margin to two significant digits, in the unit's own scale; below a second in seconds beside a mean in seconds.
fn margin_text(margin: f64, mean: f64, unit: Unit) -> String {
    let rounded = |number: f64| significant(number, 2).parse::<f64>().unwrap_or(number);
    match unit {
        Unit::Seconds if margin < 1.0 && mean.abs() >= 1.0 => format!("{} s", significant(margin, 2)),
        Unit::Milliseconds if margin < 1.0 && (1.0..1e3).contains(&mean.abs()) => {
            format!("{} ms", significant(margin, 2))
        }
        Unit::Seconds | Unit::Milliseconds => value(rounded(margin), unit),
        Unit::Count => count(rounded(margin)),
        Unit::Share | Unit::PerRequest | Unit::Bytes | Unit::BytesPerSecond | Unit::Hours | Unit::Money => {
            significant(margin, 2)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::statistics::Quantile;

    fn statistics(n: u64, not_applicable: u64, mean: Option<(f64, f64)>) -> Statistics {
        let mean = mean.map(|(point, half)| StudyEstimate { point, low: point - half, high: point + half, n });
        Statistics {
            name: "downtime_s".into(),
            unit: Unit::Seconds,
            n,
            censored: 0,
            ended_first: 0,
            not_applicable,
            nonzero: n,
            mean,
            degenerate: None,
            min: Some(3.0),
            max: Some(3.0),
            quantiles: Vec::new(),
        }
    }

    #[test]
    fn a_mean_says_in_how_many_runs_it_is_the_same_and_to_how_many_it_applies() {
        let both = |of: &Statistics| [Space::Column, Space::Sentence].map(|space| mean(of, Unit::Seconds, space));
        assert_eq!(both(&statistics(20, 0, Some((90.0, 6.0)))), ["1 min 30 s ± 6 s"; 2]);
        assert_eq!(
            both(&statistics(15, 5, Some((90.0, 6.0)))),
            ["1 min 30 s ± 6 s (15)", "1 min 30 s ± 6 s in 15 of 20 runs"]
        );
        assert_eq!(both(&statistics(20, 0, Some((3.0, 0.0)))), ["3 s in all 20 runs"; 2]);
        assert_eq!(both(&statistics(15, 5, Some((3.0, 0.0)))), ["3 s in all 15 runs", "3 s in each, in 15 of 20 runs"]);
        assert_eq!(both(&statistics(1, 0, None)), ["3 s"; 2]);
        assert_eq!(both(&statistics(0, 4, None)), ["-", "–"]);
        let censored = Statistics { censored: 2, ..statistics(20, 0, None) };
        assert_eq!(both(&censored), ["none in 2 of 20", "not by the horizon in 2 of 20 runs"]);
        let estimate = Some(StudyEstimate { point: f64::INFINITY, low: 30.0, high: f64::INFINITY, n: 20 });
        let median = Quantile { p: 0.5, estimate, runs_needed: None, more_than: Some(600.0), sample: None };
        let ended_first =
            Statistics { censored: 15, ended_first: 15, quantiles: vec![median], ..statistics(20, 0, None) };
        assert_eq!(
            mean(&ended_first, Unit::Seconds, Space::Sentence),
            "median more than 10 min; the incident was over first in 15 of 20 runs"
        );
        // In three more the run was over before the incident.
        let both_ends = Statistics { censored: 18, ..ended_first };
        assert_eq!(both(&both_ends)[0], "over first in 15 of 20, none in 3");
        assert_eq!(
            mean(&both_ends, Unit::Seconds, Space::Sentence),
            "median more than 10 min; the incident was over first in 15 of 20 runs; not by the horizon in 3 of 20 runs"
        );
    }
}
