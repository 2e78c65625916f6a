//! Quantiles over runs, some of which may be known only to be greater than a number.

use super::amount::value;
use crate::results::statistics::Statistics;

/// Returns the quantile `p`: `41 s`, or `more than 10 min` if it lies beyond every time that was seen or watched; `None` if
/// there are too few runs for it.
pub fn quantile(statistics: &Statistics, p: f64) -> Option<String> {
    let quantile = statistics.quantile(p)?;
    match (quantile.more_than, &quantile.estimate) {
        (Some(least), _) => Some(format!("more than {}", value(least, statistics.unit))),
        (None, estimate) => estimate.as_ref().map(|estimate| value(estimate.point, statistics.unit)),
    }
}

/// Returns the interval of the quantile `p`: `30 s to 55 s`, or `from 30 s` if incidents were over before its upper end;
/// `None` if there are too few runs for it, or both ends are the quantile itself.
pub fn quantile_interval(statistics: &Statistics, p: f64) -> Option<String> {
    let estimate = statistics.quantile(p)?.estimate.as_ref()?;
    let [low, high] = [estimate.low, estimate.high].map(|end| value(end, statistics.unit));
    match () {
        () if estimate.high.is_infinite() && statistics.ended_first > 0 => Some(format!("from {low}")),
        () => (low != high).then(|| format!("{low} to {high}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::estimate::StudyEstimate;
    use crate::results::metric::Unit;
    use crate::results::statistics::Quantile;

    #[test]
    fn a_quantile_beyond_what_was_watched_is_more_than_the_longest_of_it() {
        let of = |point: f64, high: f64, more_than: Option<f64>, ended_first: u64| {
            let estimate = Some(StudyEstimate { point, low: 30.0, high, n: 20 });
            let statistics = Statistics {
                name: "time_to_fail_over_s".into(),
                unit: Unit::Seconds,
                n: 20,
                censored: ended_first,
                ended_first,
                not_applicable: 0,
                nonzero: 20,
                mean: None,
                degenerate: None,
                min: None,
                max: None,
                quantiles: vec![Quantile { p: 0.5, estimate, runs_needed: None, more_than, sample: None }],
            };
            [quantile(&statistics, 0.5), quantile_interval(&statistics, 0.5)].map(Option::unwrap)
        };
        let beyond = f64::INFINITY;
        assert_eq!(of(41.0, 55.0, None, 0), ["41 s", "30 s to 55 s"]);
        assert_eq!(of(41.0, beyond, None, 0), ["41 s", "30 s to beyond horizon"]);
        assert_eq!(of(41.0, beyond, None, 8), ["41 s", "from 30 s"]);
        assert_eq!(of(beyond, beyond, Some(600.0), 15), ["more than 10 min", "from 30 s"]);
    }
}
