//! Ratios of lost service: how many times as much each other design loses as the best one or, without a ratio, how much more.
//!
//! A ratio of means over paired runs; its interval is that of the inverse ratio (see `study::ratio`), turned over. There is none
//! over nothing, nor where it is not clear which design is better: there the difference stands.

use super::best::beats;
use super::extremes::leader;
use crate::results::words::{difference, significant, wins};
use crate::results::{BestStanding, ComparedMetric, Evidence, Ratio, Study, StudyEstimate, Unit, Weight};
use crate::study::compare::ratio::times;
use crate::study::outcome::StudyOutcome;
use crate::study::seen::observation::Observation;

/// The metric that leads every answer.
const LEADING: &str = "lost_service_s";

/// Returns a ratio for each design that is claimed to lose more service than the best one. If no design is the best, compares the one that
/// loses the least with each that is not practically the same.
pub(super) fn ratios(outcome: &StudyOutcome, study: &Study) -> Vec<Ratio> {
    let Some(metric) = study.position(LEADING) else { return Vec::new() };
    let Some(best) = study.best.iter().find(|best| best.metric == LEADING) else { return Vec::new() };
    let Some(one) = leader(study) else { return Vec::new() };
    let others = (0..study.designs.len()).filter(|&other| other != one);
    let found = others.filter_map(|other| match best.standing {
        BestStanding::Best if beats(study, metric, one, other) => ratio(outcome, study, metric, one, other),
        BestStanding::Unclear => excess(study, metric, one, other, " on average"),
        _ => None,
    });
    found.collect()
}

fn ratio(outcome: &StudyOutcome, study: &Study, metric: usize, one: usize, other: usize) -> Option<Ratio> {
    let values = |design: usize| -> Option<Vec<f64>> {
        outcome.designs[design].rows.column(metric).into_iter().map(Observation::value).collect()
    };
    let (less, more) = (values(one)?, values(other)?);
    let Some(times) = times(&less, &more).filter(|times| times.high.is_finite()).map(StudyEstimate::from) else {
        return excess(study, metric, one, other, "");
    };
    let (pair, more_in) = more_in(study, metric, one, other)?;
    let (design, than) = (study.designs[one].name.clone(), study.designs[other].name.clone());
    let sentence = format!(
        "{than} loses {} times as much service as {design} (95 % interval {} to {}; {}).",
        significant(times.point, 3),
        significant(times.low, 3),
        significant(times.high, 3),
        wins(false, more_in, pair.pairs),
    );
    let metric = LEADING.to_owned();
    Some(Ratio { metric, design, than, times: Some(times), more: None, more_in, pairs: pair.pairs, sentence })
}

/// Says how much more service `other` loses than `one`: `b loses 3 min 33 s more service than a (95 % interval 3 min to 4 min; worse in
/// 30 of 30 runs).` `None` if it does not lose more, or they are practically the same.
fn excess(study: &Study, metric: usize, one: usize, other: usize, on_average: &str) -> Option<Ratio> {
    let (pair, more_in) = more_in(study, metric, one, other)?;
    let (_, is_first) = study.compared(metric, one, other)?;
    let found = pair.difference.filter(|_| pair.in_practice != Weight::Little)?;
    let more = match is_first {
        true => StudyEstimate { point: -found.point, low: -found.high, high: -found.low, ..found },
        false => found,
    };
    if more.point <= 0.0 {
        return None;
    }
    let (design, than) = (study.designs[one].name.clone(), study.designs[other].name.clone());
    let unit = study.metrics[metric].unit;
    let sentence = format!(
        "{than} loses {} more service than {design}{on_average} ({}; {}).",
        difference(more.point, unit),
        interval(pair, &more, unit),
        wins(false, more_in, pair.pairs),
    );
    let metric = LEADING.to_owned();
    Some(Ratio { metric, design, than, times: None, more: Some(more), more_in, pairs: pair.pairs, sentence })
}

/// Returns the compared metric, and in how many runs `other` has more of it than `one`.
fn more_in(study: &Study, metric: usize, one: usize, other: usize) -> Option<(&ComparedMetric, u64)> {
    let (pair, is_first) = study.compared(metric, one, other)?;
    Some((pair, if is_first { pair.first_less } else { pair.second_less }))
}

/// Says how sure a difference is.
fn interval(pair: &ComparedMetric, more: &StudyEstimate, unit: Unit) -> String {
    let (low, high) = (difference(more.low, unit), difference(more.high, unit));
    match pair.evidence {
        _ if low == high && more.low > 0.0 => "the same in each run".to_owned(),
        Evidence::Enough if more.low < 0.0 => format!("95 % interval {low} less to {high} more"),
        Evidence::Enough => format!("95 % interval {low} to {high}"),
        Evidence::Equal { .. } | Evidence::Few { .. } => "too few runs for an interval".to_owned(),
    }
}
