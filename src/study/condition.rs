//! Conditions on one design's results: `share(downtime_s > 300) < 1%`, `mean(lost_service_s) <= 60`, `p95(downtime_s) < 5m`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::expectation::Statistic;
use super::vary::Quantity;
use super::{DesignOutcome, MetricTable};
use crate::stats::{Estimate, LEVEL, wilson};

/// What must hold of a statistic over the runs of a design.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// As it was written.
    text: String,
    statistic: Measured,
    /// The metric's name.
    pub metric: String,
    is_upper: bool,
    bound: f64,
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Measured {
    Statistic(Statistic),
    /// Share of the runs in which the metric lies above (or below) a value.
    Share {
        above: bool,
        than: f64,
    },
}

/// What a study says of a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// Whether the estimate itself meets it.
    pub holds: bool,
    /// Whether the whole interval does, or none of it.
    pub is_clear: bool,
    /// What was measured; infinite if it lies beyond the horizon.
    pub measured: f64,
    /// Its interval, if there are enough runs for one.
    pub interval: Option<Estimate>,
}

/// A condition that is not understood.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "{text:?} is no condition; it is written like 'share(downtime_s > 300) < 1%', 'mean(lost_service_s) <= 60' or \
     'p95(downtime_s) < 5m'"
)]
pub struct ConditionError {
    /// The text.
    pub text: String,
}

impl FromStr for Condition {
    type Err = ConditionError;

    fn from_str(text: &str) -> Result<Self, ConditionError> {
        read(text).ok_or_else(|| ConditionError { text: text.to_owned() })
    }
}

fn read(text: &str) -> Option<Condition> {
    let (name, rest) = text.split_once('(')?;
    let (inside, bound) = rest.rsplit_once(')')?;
    let (is_upper, bound) = relation(bound.trim())?;
    let number = |text: &str| match Quantity::parse(text)? {
        Quantity::Percent(percent) => Some(percent / 100.0),
        quantity => Some(quantity.value()),
    };
    let (metric, statistic) = if name.trim() == "share" {
        let at = inside.find(['<', '>'])?;
        let (is_below, than) = relation(inside[at..].trim())?;
        (inside[..at].trim(), Measured::Share { above: !is_below, than: number(than)? })
    } else {
        (inside.trim(), Measured::Statistic(Statistic::parse(name.trim())?))
    };
    let bound = number(bound)?;
    Some(Condition { text: text.trim().to_owned(), statistic, metric: metric.to_owned(), is_upper, bound })
}

/// `< x`, `<= x`, `> x`, `>= x`: whether x is an upper bound, and x. Ends are not told apart: results are continuous.
fn relation(text: &str) -> Option<(bool, &str)> {
    let is_upper = text.starts_with('<');
    let rest = text.strip_prefix(['<', '>'])?;
    Some((is_upper, rest.strip_prefix('=').unwrap_or(rest).trim()))
}

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl Condition {
    /// Judges a design; `None` if the metric is unknown, does not apply, or the runs are too few to say anything.
    pub fn judge(&self, design: &DesignOutcome, metrics: &MetricTable) -> Option<Judgement> {
        let summary = &design.summaries[metrics.position(&self.metric)?];
        let (measured, interval) = match self.statistic {
            Measured::Statistic(statistic) => statistic.of(summary)?,
            Measured::Share { above, than } => {
                let count = |value: &&f64| if above { **value > than } else { **value < than };
                let hits = summary.sorted.iter().filter(count).count() as u64;
                let interval = wilson(hits, summary.n, LEVEL)?;
                (hits as f64 / summary.n as f64, Some(interval))
            }
        };
        let meets = |value: f64| if self.is_upper { value <= self.bound } else { value >= self.bound };
        let holds = meets(measured);
        let is_clear = interval.is_some_and(|interval| meets(interval.low) == holds && meets(interval.high) == holds);
        Some(Judgement { holds, is_clear, measured, interval })
    }

    /// Whether what is measured is a share.
    pub fn is_share(&self) -> bool {
        matches!(self.statistic, Measured::Share { .. })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read() {
        let condition: Condition = "share(downtime_s > 5m) < 1%".parse().unwrap();
        assert_eq!(condition.statistic, Measured::Share { above: true, than: 300.0 });
        assert_eq!((condition.metric.as_str(), condition.is_upper, condition.bound), ("downtime_s", true, 0.01));
        let condition: Condition = "p99( lost_service_s ) >= 12.5 ".parse().unwrap();
        assert_eq!(condition.statistic, Measured::Statistic(Statistic::Quantile(0.99)));
        assert_eq!((condition.metric.as_str(), condition.is_upper, condition.bound), ("lost_service_s", false, 12.5));
        for text in ["downtime_s < 5", "mean(downtime_s)", "share(downtime_s) < 1%", "average(x) < 1", "mean(x) = 1"] {
            assert!(text.parse::<Condition>().is_err(), "{text}");
        }
    }
}
