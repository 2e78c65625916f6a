//! Conditions on one design's results: `share(downtime_s > 300) < 1%`, `mean(lost_service_s) <= 60`, `p95(downtime_s) < 5m`.
//!
//! Bounds are in the unit of the metric (see `in_unit`). A share has Clopper and Pearson's exact interval here, not Wilson's: what
//! is said to be within a bound must be wrong in no more than one study of forty, be the share ever so small.

use std::fmt;

use thiserror::Error;

use super::trend::Trend;
use crate::results::Unit;
use crate::stats::{Estimate, LEVEL, Scatter, TooFewRuns, exact_share, runs_for_none};
use crate::study::compare::pairs::observed_by_both_attended;
use crate::study::design::DesignOutcome;
use crate::study::metric::named::Named;
use crate::study::metric::table::MetricTable;
use crate::study::seen::observation::Observation;
use crate::study::statistics::attendance::Attendance;
use crate::study::statistics::sample::Sample;
use crate::study::statistics::statistic::{Statistic, StatisticValue};
use crate::study::vary::in_unit::{UnitError, in_unit};
use crate::study::vary::variation::Amount;

/// A condition on a statistic over the runs of a design.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// As it was written.
    text: String,
    statistic: Measured,
    /// The metric's name.
    pub metric: String,
    named: Named,
    bound: Limit,
}

/// Which side of a value something lies on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Limit {
    Below(f64),
    AtMost(f64),
    Above(f64),
    AtLeast(f64),
}

impl Limit {
    fn value(self) -> f64 {
        match self {
            Limit::Below(bound) | Limit::AtMost(bound) | Limit::Above(bound) | Limit::AtLeast(bound) => bound,
        }
    }

    fn meets(self, value: f64) -> bool {
        match self {
            Limit::Below(bound) => value < bound,
            Limit::AtMost(bound) => value <= bound,
            Limit::Above(bound) => value > bound,
            Limit::AtLeast(bound) => value >= bound,
        }
    }
}

/// The measure.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Measured {
    Statistic(Statistic),
    /// Share of the runs in which the metric lies on one side of a value.
    Share(Limit),
}

/// A study's judgement on a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Judgement {
    /// True if the estimate itself meets it.
    pub holds: bool,
    /// True if the whole interval does, or none of it; never where [`Scatter::is_enough`] says no.
    pub is_clear: bool,
    /// The measured value; infinite if it lies beyond the horizon.
    pub measured: f64,
    /// Its interval, if there are enough runs for one.
    pub interval: Option<Estimate>,
    /// Scatter that the interval of a mean is made of; of anything else [`Scatter::Seen`].
    pub scatter: Scatter,
    /// In how many runs requests met the incidents. The others are left out; if they are too many, it does not hold.
    pub attendance: Attendance,
}

/// An invalid condition.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ConditionError {
    /// It is not written like one.
    #[error(
        "{text:?}: expected a form such as 'share(downtime_s > 300) < 1%', 'mean(lost_service_s) <= 60' or \
         'p95(downtime_s) < 5m'"
    )]
    NoCondition {
        /// The text.
        text: String,
    },
    /// There is no such metric, or no value of it.
    #[error("{text}: {message}")]
    UnknownMetric {
        /// The text.
        text: String,
        /// The mistake, with the nearest names.
        message: String,
    },
    /// A value does not fit what it bounds.
    #[error("{text}: {error}")]
    Misfit {
        /// The text.
        text: String,
        /// The mistake, and what is allowed.
        #[source]
        error: UnitError,
    },
}

/// A side, and the value as it is written.
type WrittenLimit = (fn(f64) -> Limit, Amount);

/// A condition as it is written.
struct WrittenCondition<'a> {
    metric: &'a str,
    of: Of,
    bound: WrittenLimit,
}

/// A measure as it is written.
enum Of {
    Statistic(Statistic),
    /// The share of runs on one side of a value.
    Share(WrittenLimit),
}

fn written(text: &str) -> Option<WrittenCondition<'_>> {
    let (name, rest) = text.split_once('(')?;
    let (inside, bound) = rest.rsplit_once(')')?;
    let bound = relation(bound.trim())?;
    let (metric, of) = if name.trim() == "share" {
        let at = inside.find(['<', '>'])?;
        (&inside[..at], Of::Share(relation(inside[at..].trim())?))
    } else {
        (inside, Of::Statistic(Statistic::parse(name.trim())?))
    };
    Some(WrittenCondition { metric: metric.trim(), of, bound })
}

/// Reads `< x`, `<= x`, `> x` or `>= x`.
fn relation(text: &str) -> Option<WrittenLimit> {
    // The longer signs first. What is left of a sign that is none, such as `<>`, is no quantity.
    type Side = fn(f64) -> Limit;
    const SIDES: [(&str, Side); 4] =
        [("<=", Limit::AtMost), (">=", Limit::AtLeast), ("<", Limit::Below), (">", Limit::Above)];
    let (side, rest) = SIDES.into_iter().find_map(|(sign, side)| Some((side, text.strip_prefix(sign)?)))?;
    Some((side, Amount::parse(rest)?))
}

impl fmt::Display for Condition {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.text)
    }
}

impl Condition {
    /// Reads a condition on one of `metrics`. Durations are taken in the metric's unit; a number is in it already.
    ///
    /// # Errors
    /// If it is no condition, names no metric, or a value does not fit.
    pub fn read(text: &str, metrics: &MetricTable) -> Result<Self, ConditionError> {
        let text = text.trim().to_owned();
        let Some(written) = written(&text) else { return Err(ConditionError::NoCondition { text }) };
        let named = match metrics.named(written.metric) {
            Ok(named) => named,
            Err(message) => return Err(ConditionError::UnknownMetric { text, message }),
        };
        let (metric, unit) = (named.name(metrics), named.metric(metrics).unit);
        let misfit = |error| ConditionError::Misfit { text: text.clone(), error };
        let of_metric = |(side, value): WrittenLimit| in_unit(value, &metric, unit).map(side).map_err(misfit);
        let of_share =
            |(side, value): WrittenLimit| in_unit(value, "the share of runs", Unit::Share).map(side).map_err(misfit);
        let (statistic, bound) = match written.of {
            Of::Statistic(statistic) => (Measured::Statistic(statistic), of_metric(written.bound)?),
            Of::Share(inside) => (Measured::Share(of_metric(inside)?), of_share(written.bound)?),
        };
        Ok(Condition { statistic, bound, named, text: text.clone(), metric })
    }

    /// Judges a design by the runs in which a request met an incident, or in which there was none to meet. Where the others are
    /// too many, the condition does not hold.
    ///
    /// # Errors
    /// If the metric applies to too few runs to say anything.
    pub fn judge(&self, design: &DesignOutcome) -> Result<Judgement, TooFewRuns> {
        let column = || design.rows.read(self.named.column());
        let attendance = Attendance::of(&design.rows);
        if !attendance.is_enough() {
            let judged = self.judge_sample(&Sample::of(column()))?;
            return Ok(Judgement { holds: false, is_clear: false, attendance, ..judged });
        }
        let runs = column().into_iter().zip(design.rows.unattended());
        let attended = runs.filter(|(_, unattended)| !unattended).map(|(value, _)| value);
        let judged = self.judge_sample(&Sample::of(attended))?;
        Ok(Judgement { attendance, ..judged })
    }

    fn judge_sample(&self, sample: &Sample) -> Result<Judgement, TooFewRuns> {
        let refused = |n| TooFewRuns { n, needed: self.runs_needed() };
        let found = match self.statistic {
            Measured::Statistic(statistic) => statistic.of(sample).ok_or(refused(sample.n))?,
            Measured::Share(side) => share_of(sample, side).ok_or(refused(0))?,
        };
        let StatisticValue { point: measured, interval, .. } = found;
        let meets = |value: f64| self.bound.meets(value);
        let holds = found.is_within(meets);
        let scatter = match self.statistic {
            Measured::Statistic(statistic) if interval.is_some() => statistic.scatter(sample),
            _ => Scatter::Seen,
        };
        let is_beside = interval.is_some_and(|interval| meets(interval.low) == holds && meets(interval.high) == holds);
        let is_clear = is_beside && scatter.is_enough();
        Ok(Judgement { holds, is_clear, measured, interval, scatter, attendance: Attendance::default() })
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
            (Measured::Share(_), Limit::Below(share) | Limit::AtMost(share)) => runs_for_none(share, LEVEL),
            (Measured::Share(_), Limit::Above(share) | Limit::AtLeast(share)) => runs_for_none(1.0 - share, LEVEL),
            (Measured::Statistic(Statistic::Min | Statistic::Max), _) => None,
            (Measured::Statistic(statistic), _) => Some(statistic.runs_needed()),
        }
    }

    /// Tells whether the measure is surely greater or less in `second` than in `first`, by the runs that both have; `level` is
    /// how sure that must be. Never of a least or greatest value, of which runs say too little, nor of a mean or quantile of
    /// values of which some are known only to be greater than a number.
    pub fn trend(&self, first: &DesignOutcome, second: &DesignOutcome, level: f64) -> Trend {
        let observed = observed_by_both_attended(first, second, self.named);
        if let Measured::Share(side) = self.statistic {
            let known = |value: Observation| value.beside(side.value());
            let pairs: Vec<(f64, f64)> = observed.filter_map(|(one, other)| known(one).zip(known(other))).collect();
            return Trend::of_share(&pairs, |value| side.meets(value), level);
        }
        let known = |value: Observation| value.watched_for().map_or(value.value_or_infinity(), |_| None);
        let pairs: Option<Vec<(f64, f64)>> = observed.map(|(one, other)| known(one).zip(known(other))).collect();
        match (self.statistic, pairs) {
            (Measured::Statistic(Statistic::Mean), Some(pairs)) => Trend::of_mean(&pairs, level),
            (Measured::Statistic(Statistic::Quantile(p)), Some(pairs)) => Trend::of_quantile(&pairs, p, level),
            _ => Trend::Unclear,
        }
    }

    /// Returns the unit of what is measured.
    pub fn unit(&self, metrics: &MetricTable) -> Unit {
        if self.is_share() { Unit::Share } else { self.named.metric(metrics).unit }
    }

    /// Tells whether the measure is a share.
    pub fn is_share(&self) -> bool {
        matches!(self.statistic, Measured::Share(_))
    }
}

/// Returns the share of runs on one side of a value, of those whose side is known. Its interval holds whatever the others are.
fn share_of(sample: &Sample, side: Limit) -> Option<StatisticValue> {
    let unknown = sample.watched.partition_point(|least| *least < side.value()) as u64;
    let known = sample.n - unknown;
    let hits = sample.sorted.iter().filter(|value| side.meets(**value)).count() as u64;
    let hits = if side.meets(f64::INFINITY) { hits - unknown } else { hits };
    if known == 0 {
        return None;
    }
    let (few, many) = (exact_share(hits, sample.n, LEVEL)?, exact_share(hits + unknown, sample.n, LEVEL)?);
    let point = hits as f64 / known as f64;
    Some(StatisticValue { point, least: point, interval: Some(Estimate { point, high: many.high, ..few }) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::binomial_cdf;

    fn read(text: &str) -> Result<Condition, ConditionError> {
        Condition::read(text, &MetricTable::new(&["north".into(), "south".into()]))
    }

    #[test]
    fn conditions_are_read() {
        let condition = read("share(downtime_s > 5m) < 1%").unwrap();
        assert_eq!(condition.statistic, Measured::Share(Limit::Above(300.0)));
        assert_eq!((condition.metric.as_str(), condition.bound), ("downtime_s", Limit::Below(0.01)));
        let condition = read("p99( lost_service_s ) >= 12.5 ").unwrap();
        assert_eq!(condition.statistic, Measured::Statistic(Statistic::Quantile(0.99)));
        assert_eq!((condition.metric.as_str(), condition.bound), ("lost_service_s", Limit::AtLeast(12.5)));
        assert_eq!(condition.runs_needed(), 299);
        for text in [
            "downtime_s < 5",
            "mean(downtime_s)",
            "share(downtime_s) < 1%",
            "average(downtime_s) < 1",
            "mean(downtime_s) = 1",
            "mean(downtime_s) <",
            "mean(downtime_s) <> 1",
            "mean(downtime_s) =< 1",
            "mean(downtime_s) << 1",
        ] {
            assert!(matches!(read(text), Err(ConditionError::NoCondition { .. })), "{text}");
        }
    }

    #[test]
    fn bounds_are_in_the_unit_of_the_metric() {
        for (text, bound) in [
            ("mean(latency_p50_ms) < 300ms", 300.0),
            ("mean(latency_p50_ms) < 300", 300.0),
            ("mean(downtime_s) < 1m", 60.0),
            ("mean(instance_hours_north) < 2h", 2.0),
            ("p95(stale_read_share) < 5%", 0.05),
            ("mean(writes_lost) < 3", 3.0),
            ("share(latency_p50_ms > 1s) < 5%", 0.05),
        ] {
            assert_eq!(read(text).unwrap().bound, Limit::Below(bound), "{text}");
        }
        let inside = |text| read(text).unwrap().statistic;
        assert_eq!(inside("share(latency_p50_ms > 1s) < 5%"), Measured::Share(Limit::Above(1_000.0)));
        assert_eq!(inside("share(stale_read_share >= 10%) < 0.05"), Measured::Share(Limit::AtLeast(0.1)));
    }

    #[test]
    fn bounds_of_another_kind_are_refused_by_name() {
        for (text, message) in [
            ("mean(writes_lost) < 5s", "5s does not fit writes_lost, which is a count; allowed: a number"),
            ("mean(stale_read_share) < 5s", "5s does not fit stale_read_share, which is a share; allowed: 0% to 100%"),
            (
                "mean(downtime_s) < 5%",
                "5% does not fit downtime_s, which is in seconds; allowed: a duration such as 5s",
            ),
            ("share(writes_lost > 1m) < 5%", "1m does not fit writes_lost, which is a count"),
            ("share(downtime_s > 300) < 150%", "150% does not fit the share of runs, which is a share; allowed: 0% to"),
            ("share(downtime_s > 300) < 5s", "5s does not fit the share of runs"),
            ("share(downtime_s > 300) < 5", "5 does not fit the share of runs"),
            ("mean(downtime) < 5", "unknown metric \"downtime\" (did you mean \"downtime_s\"?)"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.starts_with(&format!("{text}: {message}")), "{error}");
        }
    }

    #[test]
    fn a_share_of_just_one_per_cent_is_not_less_than_one_per_cent() {
        let meets = |text: &str, value| read(text).unwrap().bound.meets(value);
        assert!(!meets("share(downtime_s > 300) < 1%", 0.01) && meets("share(downtime_s > 300) <= 1%", 0.01));
        assert!(!meets("mean(downtime_s) > 5", 5.0) && meets("mean(downtime_s) >= 5", 5.0));
    }

    /// Judges by `text` `n` runs of which so many have a downtime of 400 s, and the others none.
    fn judged(text: &str, hits: u64, n: u64) -> Judgement {
        let value = |run| Observation::Value(if run < hits { 400.0 } else { 0.0 });
        read(text).unwrap().judge_sample(&Sample::of((0..n).map(value))).unwrap()
    }

    #[test]
    fn one_hit_does_not_make_a_rare_share_clear_of_its_bound() {
        // One run in a thousand hits in 16 % of studies of 176 runs.
        let one = judged("share(downtime_s > 300) > 0.1%", 1, 176);
        assert!(one.holds && !one.is_clear, "{one:?}");
        assert!(judged("share(downtime_s > 300) > 0.1%", 3, 176).is_clear);
        let none = |runs| judged("share(downtime_s > 300) < 1%", 0, runs);
        assert!(none(367).holds && !none(367).is_clear && none(368).is_clear);
    }

    #[test]
    fn a_run_that_was_not_watched_long_enough_is_on_neither_side() {
        // 40 fail over after 400 s; in 60 the incident was over after 200 s.
        let runs =
            (0..100).map(|run| if run < 40 { Observation::Value(400.0) } else { Observation::CensoredAt(200.0) });
        let sample = Sample::of(runs);
        let judged = |text: &str| read(text).unwrap().judge_sample(&sample).unwrap();
        let found = judged("share(time_to_fail_over_s > 300) >= 90%");
        // All that are known, but perhaps only 40 of 100.
        assert!(found.measured == 1.0 && found.holds && !found.is_clear, "{found:?}");
        let found = judged("share(time_to_fail_over_s > 150) >= 90%");
        assert!(found.measured == 1.0 && found.is_clear, "{found:?}");
        let found = judged("share(time_to_fail_over_s <= 150) <= 10%");
        assert!(found.measured == 0.0 && found.is_clear, "{found:?}");
        // The mean is more than (40 x 400 + 60 x 200) / 100 = 280 s, the greatest at least 400 s.
        let holds = |text: &str| judged(text).holds;
        assert!(holds("mean(time_to_fail_over_s) > 270") && !holds("mean(time_to_fail_over_s) > 290"));
        assert!(!holds("mean(time_to_fail_over_s) < 1000") && !holds("max(time_to_fail_over_s) < 1000"));
        assert!(holds("max(time_to_fail_over_s) >= 400") && !holds("max(time_to_fail_over_s) > 400"));
        assert!(holds("min(time_to_fail_over_s) >= 200") && !holds("min(time_to_fail_over_s) > 250"));
    }

    #[test]
    fn a_share_at_its_bound_is_judged_clear_of_it_in_no_more_than_one_study_of_forty() {
        for (n, percent) in [(60, 0.5), (176, 0.1), (400, 0.2), (400, 1.0), (1_000, 0.1)] {
            let share = percent / 100.0;
            // The truth is the bound itself: whoever is judged clear is so wrongly.
            let wrong = |text: &str, judge: bool| -> f64 {
                let text = format!("share(downtime_s > 300) {text} {percent}%");
                let chance = |hits: u64| {
                    let fewer = hits.checked_sub(1).map_or(0.0, |fewer| binomial_cdf(fewer, n, share));
                    binomial_cdf(hits, n, share) - fewer
                };
                let is_wrong = |hits: &u64| {
                    let judged = judged(&text, *hits, n);
                    judged.is_clear && judged.holds == judge
                };
                (0..25).filter(is_wrong).map(chance).sum()
            };
            for (text, holds) in [(">", true), ("<", true), ("<=", false), (">=", false)] {
                let wrong = wrong(text, holds);
                assert!(wrong <= 0.025 + 1e-12, "{n} runs, {text} {percent} %: {wrong}");
            }
        }
    }

    #[test]
    fn the_runs_that_make_a_share_sure_follow_from_its_bound() {
        let runs = |text: &str| read(text).unwrap().runs_to_be_sure();
        assert_eq!(runs("share(downtime_s > 300) < 1%"), Some(368));
        assert_eq!(runs("share(downtime_s > 300) < 5%"), Some(72));
        assert_eq!(runs("share(downtime_s > 300) < 10%"), Some(36));
        assert_eq!(runs("share(downtime_s <= 300) >= 99%"), Some(368));
        assert_eq!(runs("share(downtime_s > 300) <= 0"), None);
        assert_eq!((runs("p99(downtime_s) < 5"), runs("mean(downtime_s) < 5")), (Some(299), Some(2)));
        assert_eq!(runs("max(downtime_s) < 5"), None);
    }
}
