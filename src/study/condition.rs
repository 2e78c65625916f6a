//! Conditions on one design's results: `share(downtime_s > 300) < 1%`, `mean(lost_service_s) <= 60`, `p95(downtime_s) < 5m`.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::compare::pairs_of;
use super::expectation::Statistic;
use super::trend::Trend;
use super::vary::Quantity;
use super::{DesignOutcome, MetricTable};
use crate::stats::{Estimate, LEVEL, Scatter, TooFewRuns, runs_for_none, wilson};

/// What must hold of a statistic over the runs of a design.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// As it was written.
    text: String,
    statistic: Measured,
    /// The metric's name.
    pub metric: String,
    bound: Bound,
}

/// Which side of a value something lies on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Bound {
    Below(f64),
    AtMost(f64),
    Above(f64),
    AtLeast(f64),
}

impl Bound {
    fn meets(self, value: f64) -> bool {
        match self {
            Bound::Below(bound) => value < bound,
            Bound::AtMost(bound) => value <= bound,
            Bound::Above(bound) => value > bound,
            Bound::AtLeast(bound) => value >= bound,
        }
    }
}

/// What is measured.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Measured {
    Statistic(Statistic),
    /// Share of the runs in which the metric lies on one side of a value.
    Share(Bound),
}

/// What a study says of a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// Whether the estimate itself meets it.
    pub holds: bool,
    /// Whether the whole interval does, or none of it; never where [`Scatter::is_enough`] says no.
    pub is_clear: bool,
    /// What was measured; infinite if it lies beyond the horizon.
    pub measured: f64,
    /// Its interval, if there are enough runs for one.
    pub interval: Option<Estimate>,
    /// What the runs say of the scatter that the interval of a mean is made of; of anything else [`Scatter::Seen`].
    pub scatter: Scatter,
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
    let (metric, statistic) = if name.trim() == "share" {
        let at = inside.find(['<', '>'])?;
        (inside[..at].trim(), Measured::Share(relation(inside[at..].trim())?))
    } else {
        (inside.trim(), Measured::Statistic(Statistic::parse(name.trim())?))
    };
    let bound = relation(bound.trim())?;
    Some(Condition { text: text.trim().to_owned(), statistic, metric: metric.to_owned(), bound })
}

/// Reads `< x`, `<= x`, `> x` or `>= x`.
fn relation(text: &str) -> Option<Bound> {
    let side: fn(f64) -> Bound = match text.get(..2) {
        Some("<=") => Bound::AtMost,
        Some(">=") => Bound::AtLeast,
        Some(two) if two.starts_with('<') => Bound::Below,
        Some(two) if two.starts_with('>') => Bound::Above,
        _ => return None,
    };
    Some(side(match Quantity::parse(text.trim_start_matches(['<', '>', '=']))? {
        Quantity::Percent(percent) => percent / 100.0,
        quantity => quantity.value(),
    }))
}

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl Condition {
    /// Judges a design.
    ///
    /// # Errors
    /// If the metric applies to too few runs to say anything.
    pub fn judge(&self, design: &DesignOutcome, metrics: &MetricTable) -> Result<Judgement, TooFewRuns> {
        let refused = |n| TooFewRuns { n, needed: self.runs_needed() };
        let summary = &design.summaries[metrics.position(&self.metric).ok_or(refused(0))?];
        let (measured, interval) = match self.statistic {
            Measured::Statistic(statistic) => statistic.of(summary).ok_or(refused(summary.n))?,
            Measured::Share(side) => {
                let hits = summary.sorted.iter().filter(|value| side.meets(**value)).count() as u64;
                let interval = wilson(hits, summary.n, LEVEL).ok_or(refused(summary.n))?;
                (interval.point, Some(interval))
            }
        };
        let meets = |value: f64| self.bound.meets(value);
        let holds = meets(measured);
        let scatter = match self.statistic {
            Measured::Statistic(statistic) if interval.is_some() => statistic.scatter(summary),
            _ => Scatter::Seen,
        };
        let is_beside = interval.is_some_and(|interval| meets(interval.low) == holds && meets(interval.high) == holds);
        let is_clear = is_beside && scatter.is_enough();
        Ok(Judgement { holds, is_clear, measured, interval, scatter })
    }

    /// Least number of runs to say anything.
    pub fn runs_needed(&self) -> u64 {
        match self.statistic {
            Measured::Statistic(statistic) => statistic.runs_needed(),
            Measured::Share(_) => 1,
        }
    }

    /// Least number of runs with which a whole interval can be within the bound: of a share, even if all runs lie on the right
    /// side. `None` if no number will do.
    pub fn runs_to_be_sure(&self) -> Option<u64> {
        match (self.statistic, self.bound) {
            (Measured::Share(_), Bound::Below(share) | Bound::AtMost(share)) => runs_for_none(share, LEVEL),
            (Measured::Share(_), Bound::Above(share) | Bound::AtLeast(share)) => runs_for_none(1.0 - share, LEVEL),
            (Measured::Statistic(Statistic::Min | Statistic::Max), _) => None,
            (Measured::Statistic(statistic), _) => Some(statistic.runs_needed()),
        }
    }

    /// Whether what is measured is surely greater or less in `second` than in `first`, by the runs that both have; `level` is
    /// how sure that must be. Never of a least or greatest value, of which runs say too little.
    pub fn trend(&self, first: &DesignOutcome, second: &DesignOutcome, metrics: &MetricTable, level: f64) -> Trend {
        let Some(position) = metrics.position(&self.metric) else { return Trend::Unclear };
        let pairs = pairs_of(first, second, position);
        match self.statistic {
            Measured::Statistic(Statistic::Mean) => Trend::of_mean(&pairs, level),
            Measured::Statistic(Statistic::Quantile(p)) => Trend::of_quantile(&pairs, p, level),
            Measured::Statistic(Statistic::Min | Statistic::Max) => Trend::Unclear,
            Measured::Share(side) => Trend::of_share(&pairs, |value| side.meets(value), level),
        }
    }

    /// Whether what is measured is a share.
    pub fn is_share(&self) -> bool {
        matches!(self.statistic, Measured::Share(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_are_read() {
        let condition: Condition = "share(downtime_s > 5m) < 1%".parse().unwrap();
        assert_eq!(condition.statistic, Measured::Share(Bound::Above(300.0)));
        assert_eq!((condition.metric.as_str(), condition.bound), ("downtime_s", Bound::Below(0.01)));
        let condition: Condition = "p99( lost_service_s ) >= 12.5 ".parse().unwrap();
        assert_eq!(condition.statistic, Measured::Statistic(Statistic::Quantile(0.99)));
        assert_eq!((condition.metric.as_str(), condition.bound), ("lost_service_s", Bound::AtLeast(12.5)));
        assert_eq!(condition.runs_needed(), 299);
        for text in [
            "downtime_s < 5",
            "mean(downtime_s)",
            "share(downtime_s) < 1%",
            "average(x) < 1",
            "mean(x) = 1",
            "mean(x) <",
        ] {
            assert!(text.parse::<Condition>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_share_of_just_one_per_cent_is_not_less_than_one_per_cent() {
        let meets = |text: &str, value| text.parse::<Condition>().unwrap().bound.meets(value);
        assert!(!meets("share(downtime_s > 300) < 1%", 0.01) && meets("share(downtime_s > 300) <= 1%", 0.01));
        assert!(!meets("mean(downtime_s) > 5", 5.0) && meets("mean(downtime_s) >= 5", 5.0));
    }

    #[test]
    fn the_runs_that_make_a_share_sure_follow_from_its_bound() {
        let runs = |text: &str| text.parse::<Condition>().unwrap().runs_to_be_sure();
        assert_eq!(runs("share(downtime_s > 300) < 1%"), Some(381));
        assert_eq!(runs("share(downtime_s <= 300) >= 99%"), Some(381));
        assert_eq!(runs("share(downtime_s > 300) <= 0"), None);
        assert_eq!((runs("p99(downtime_s) < 5"), runs("mean(downtime_s) < 5")), (Some(299), Some(2)));
        assert_eq!(runs("max(downtime_s) < 5"), None);
    }
}
