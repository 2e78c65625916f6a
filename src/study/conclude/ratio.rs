//! How many times as much service each other design loses as the best one.
//!
//! A ratio of means over paired runs; its interval is that of the inverse ratio (see `study::ratio`), turned over.

use super::best::beats;
use super::extremes::leader;
use crate::results::words::{significant, wins};
use crate::results::{Best, BestStanding, Estimate, Ratio, Study};
use crate::study::ratio::times;
use crate::study::{Observation, StudyOutcome};

/// The metric that leads every answer.
const LEADING: &str = "lost_service_s";

/// Returns a ratio for each design that is claimed to lose more service than the best one; none without one best design.
pub(super) fn ratios(outcome: &StudyOutcome, study: &Study) -> Vec<Ratio> {
    let Some(metric) = study.position(LEADING) else { return Vec::new() };
    let is_best = |best: &&Best| best.metric == LEADING && best.standing == BestStanding::Best;
    let best = study.best.iter().find(is_best);
    let Some(one) = best.and_then(|_| leader(study)) else { return Vec::new() };
    let others = (0..study.designs.len()).filter(|&other| beats(study, metric, one, other));
    others.filter_map(|other| ratio(outcome, study, metric, one, other)).collect()
}

fn ratio(outcome: &StudyOutcome, study: &Study, metric: usize, one: usize, other: usize) -> Option<Ratio> {
    let values = |design: usize| -> Option<Vec<f64>> {
        outcome.designs[design].rows.column(metric).into_iter().map(Observation::value).collect()
    };
    let (less, more) = (values(one)?, values(other)?);
    let times = Estimate::from(times(&less, &more).filter(|times| times.high.is_finite())?);
    let (pair, is_first) = study.compared(metric, one, other)?;
    let more_in = if is_first { pair.first_less } else { pair.second_less };
    let (design, than) = (study.designs[one].name.clone(), study.designs[other].name.clone());
    let sentence = format!(
        "{than} loses {} times as much service as {design} (95 % interval {} to {}; {}).",
        significant(times.point, 3),
        significant(times.low, 3),
        significant(times.high, 3),
        wins(false, more_in, pair.pairs),
    );
    Some(Ratio { metric: LEADING.to_owned(), design, than, times, more_in, pairs: pair.pairs, sentence })
}
