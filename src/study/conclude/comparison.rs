//! A pair of designs: the facts of every metric, and the sentences of the headlines.

use super::sentence::sentences;
use crate::results::{ComparedMetric, Evidence, Pair, StudyEstimate};
use crate::stats;
use crate::study::compare::comparison::{MetricComparison, PairComparison};
use crate::study::compare::edge::Edges;
use crate::study::metric::definition::Metric;
use crate::study::outcome::StudyOutcome;

/// Returns all that a comparison says.
pub(super) fn pair(outcome: &StudyOutcome, comparison: &PairComparison, edges: &Edges) -> Pair {
    let metrics = &outcome.metrics;
    let compared = metrics.all().iter().zip(&comparison.metrics).map(|(metric, compared)| of_metric(metric, compared));
    let mut pair = Pair {
        first: comparison.first.clone(),
        second: comparison.second.clone(),
        on_the_edge: edges.pair(&comparison.first, &comparison.second).map(ToString::to_string),
        sentences: Vec::new(),
        metrics: compared.collect(),
    };
    let of_pair = || outcome.designs.iter().filter(|design| [&pair.first, &pair.second].contains(&&design.name));
    let is_zero = |position: usize| of_pair().all(|design| design.summaries[position].nonzero == 0);
    pair.sentences = sentences(metrics, &pair, is_zero);
    pair
}

fn of_metric(metric: &Metric, compared: &MetricComparison) -> ComparedMetric {
    let paired = &compared.paired;
    ComparedMetric {
        name: metric.name.clone(),
        pairs: paired.pairs,
        dropped: compared.dropped,
        undecided: compared.undecided,
        censored: paired.censored,
        difference: paired.difference.map(StudyEstimate::from),
        first_less: paired.first_less,
        second_less: paired.second_less,
        ties: paired.ties,
        first_less_share: paired.share_first_less.map(StudyEstimate::from),
        variance_reduction: paired.variance_reduction,
        evidence: match compared.evidence {
            stats::Evidence::Enough => Evidence::Enough,
            stats::Evidence::Equal { others_at_most } => Evidence::Equal { others_at_most },
            stats::Evidence::Few { others } => Evidence::Few { others },
        },
        claim: compared.claim,
        in_practice: compared.weight,
    }
}
