//! A comparison in plain sentences that claim no more than the interval does.

use super::against::pair_title;
use crate::results::words::{difference, runs, share, wins};
use crate::results::{Claim, ComparedMetric, Evidence, MetricPlace, Pair, StudyEstimate, Weight};
use crate::study::metric::definition::Metric;
use crate::study::metric::table::MetricTable;

/// Returns one sentence per headline metric of a pair of designs, and for what became of writes that were not lost unless `is_zero` says
/// that there were none. Metrics that apply to no run are left out.
pub(super) fn sentences(metrics: &MetricTable, pair: &Pair, is_zero: impl Fn(usize) -> bool) -> Vec<String> {
    let is_said = |position: &usize| {
        let places = metrics.all()[*position].places;
        places.contains(&MetricPlace::Headline) || (places.contains(&MetricPlace::IfNotZero) && !is_zero(*position))
    };
    let mut said: Vec<usize> = (0..metrics.all().len()).filter(is_said).collect();
    said.sort_by_key(|&position| metrics.all()[position].rank);
    let applicable = said.into_iter().filter(|&position| pair.metrics[position].pairs > 0);
    let (same, rest): (Vec<usize>, Vec<usize>) =
        applicable.partition(|&position| pair.metrics[position].claim == Claim::Same);
    let one = |&position: &usize| {
        let metric = &metrics.all()[position];
        let edge = pair.on_the_edge.as_ref().filter(|_| metric.name == "downtime_s");
        sentence(pair, metric, &pair.metrics[position])
            + &edge.map_or_else(String::new, |edge| format!("; on the edge: {edge}"))
    };
    let mut said: Vec<String> = rest.iter().map(one).collect();
    if !same.is_empty() {
        let titles: Vec<&str> = same.iter().map(|&position| metrics.all()[position].title.as_str()).collect();
        let every = if pair.metrics[same[0]].pairs == 1 { "this one run" } else { "every run" };
        said.push(format!("the same in {every}: {}", titles.join(", ")));
    }
    said
}

/// For example: `downtime: active-active 3 min 32 s less than active-passive (95 % interval 3 min 10 s to 3 min 50 s; better in
/// 198 of 200 runs)`.
fn sentence(pair: &Pair, metric: &Metric, compared: &ComparedMetric) -> String {
    let (first, second) = (&pair.first, &pair.second);
    let title = &pair_title(&metric.name, &metric.title);
    let pairs = runs(compared.pairs);
    match (compared.claim, compared.difference) {
        (Claim::Same, _) => format!("{title}: the same in every run"),
        (Claim::FirstLess | Claim::SecondLess, Some(estimate)) => {
            let amount = difference(estimate.point, metric.unit);
            let interval = interval(&estimate, metric);
            let word = if compared.claim == Claim::FirstLess { "less" } else { "more" };
            let count = better(metric, compared).unwrap_or(format!(", {pairs}"));
            let little = if compared.in_practice == Weight::Little { ": practically the same" } else { "" };
            format!("{title}: {first} {amount} {word} than {second} ({interval}{count}){little}")
        }
        (Claim::FirstLess | Claim::SecondLess, None) => {
            let (less, more, count) = match compared.claim {
                Claim::FirstLess => (first, second, compared.first_less),
                _ => (second, first, compared.second_less),
            };
            let censored = compared.censored;
            format!("{title}: {less} less than {more} in {count} of {pairs} (beyond the horizon in {censored} of them)")
        }
        (Claim::NoDifference, Some(estimate)) => {
            let interval = signed_interval(&estimate, metric);
            format!("{title}: no difference between {first} and {second} can be claimed ({interval}, {pairs})")
        }
        (Claim::Unknown, Some(estimate)) => {
            let word = if estimate.point > 0.0 { "more" } else { "less" };
            let amount = difference(estimate.point, metric.unit);
            let count = better(metric, compared).unwrap_or(format!(", {pairs}"));
            let why = doubt(compared);
            format!(
                "{title}: cannot tell from these runs, in which {first} has {amount} {word} than {second} on average ({why}{count})"
            )
        }
        (Claim::NoDifference | Claim::Unknown, _) if compared.censored > 0 => {
            let censored = compared.censored;
            format!("{title}: nothing can be claimed; it lies beyond the horizon in {censored} of {pairs}")
        }
        (Claim::NoDifference | Claim::Unknown, _) => format!("{title}: nothing can be claimed from {pairs}"),
    }
}

/// Says why the differences do not support a claim about their mean.
fn doubt(compared: &ComparedMetric) -> String {
    match compared.evidence {
        Evidence::Enough => "too few runs".to_owned(),
        Evidence::Equal { others_at_most } => {
            format!("by the same in each; at 95 %, up to {} of runs may differ otherwise", share(others_at_most))
        }
        Evidence::Few { others } => {
            format!("most runs differ by the same, and the rest, {others}, are too few or too much alike")
        }
    }
}

/// The interval of the difference as sizes, the smaller first.
fn interval(estimate: &StudyEstimate, metric: &Metric) -> String {
    if estimate.low == estimate.high {
        return "in every run".to_owned();
    }
    let (mut small, mut large) = (estimate.low, estimate.high);
    if estimate.point < 0.0 {
        (small, large) = (estimate.high, estimate.low);
    }
    let (small, large) = (difference(small, metric.unit), difference(large, metric.unit));
    format!("95 % interval {small} to {large}")
}

/// The interval of the difference with signs, for one that includes 0.
fn signed_interval(estimate: &StudyEstimate, metric: &Metric) -> String {
    let sign = |value: f64| if value < 0.0 { "-" } else { "" };
    let low = format!("{}{}", sign(estimate.low), difference(estimate.low, metric.unit));
    let high = format!("{}{}", sign(estimate.high), difference(estimate.high, metric.unit));
    format!("95 % interval of the difference {low} to {high}")
}

/// In how many runs the first design is better, where one direction is.
fn better(metric: &Metric, compared: &ComparedMetric) -> Option<String> {
    let (first, second) = compared.wins(metric.better)?;
    Some(format!("; {}", wins(first >= second, first.max(second), compared.pairs)))
}
