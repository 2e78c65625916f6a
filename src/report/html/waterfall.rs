//! What to fix first: the lost service of each design, by the phase in which it was lost.

use super::folder::{Statistics, Summary};
use super::verdict;
use crate::report::chart::category_colour;
use crate::report::format::{duration, share};
use crate::study::Phase;

/// The lost service of one design.
#[derive(Debug)]
pub(super) struct Waterfall {
    pub(super) design: usize,
    pub(super) name: String,
    /// Mean and half of its interval.
    pub(super) total: String,
    /// What the largest step says.
    pub(super) advice: Option<Advice>,
    /// The steps, the largest first.
    pub(super) steps: Vec<Step>,
}

#[derive(Debug)]
pub(super) struct Advice {
    pub(super) share: String,
    pub(super) meaning: &'static str,
    pub(super) remedy: &'static str,
}

/// One step of a waterfall; places are percentages of the design's lost service.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) phase: String,
    pub(super) meaning: &'static str,
    pub(super) seconds: String,
    pub(super) share: String,
    pub(super) from: String,
    pub(super) width: String,
    pub(super) colour: String,
}

/// One for each design that has any measure of lost service.
pub(super) fn waterfalls(summary: &Summary) -> Vec<Waterfall> {
    (0..summary.designs.len()).filter_map(|design| waterfall(summary, design)).collect()
}

fn waterfall(summary: &Summary, design: usize) -> Option<Waterfall> {
    let metrics = &summary.designs[design].metrics;
    let lost = summary.metric("lost_service_s")?;
    let mut parts: Vec<(usize, usize, f64)> = Vec::new();
    for (place, phase) in Phase::ALL.into_iter().enumerate() {
        let metric = summary.metric(&format!("lost_service_{}_s", phase.name()));
        if let Some((metric, seconds)) = metric.and_then(|metric| Some((metric, middle(&metrics[metric])?))) {
            parts.push((place, metric, seconds));
        }
    }
    parts.retain(|(.., seconds)| *seconds > 0.0);
    parts.sort_by(|one, other| other.2.total_cmp(&one.2));
    let total: f64 = parts.iter().map(|(.., seconds)| seconds).sum();
    let mut before = 0.0;
    let steps: Vec<Step> = parts
        .iter()
        .map(|&(place, metric, seconds)| {
            let (from, width) = (before / total * 100.0, seconds / total * 100.0);
            before += seconds;
            let (meaning, _) = explained(Phase::ALL[place]);
            Step {
                phase: Phase::ALL[place].name().replace('_', " "),
                meaning,
                seconds: verdict::mean(summary, metric, &metrics[metric]),
                share: share(seconds / total),
                from: format!("{from:.2}"),
                width: format!("{width:.2}"),
                colour: category_colour(place),
            }
        })
        .collect();
    let advice = parts.first().map(|&(place, _, seconds)| {
        let (meaning, remedy) = explained(Phase::ALL[place]);
        Advice { share: share(seconds / total), meaning, remedy }
    });
    let total = if total > 0.0 { verdict::mean(summary, lost, &metrics[lost]) } else { duration(0.0) };
    Some(Waterfall { design, name: summary.designs[design].name.clone(), total, advice, steps })
}

/// The mean, or the only value there is.
fn middle(statistics: &Statistics) -> Option<f64> {
    let mean = statistics.mean.map(|mean| mean.point).or(statistics.min);
    mean.map(|number| number.0).filter(|value| value.is_finite())
}

/// What was the matter in a phase, and what would have helped; `docs/model.md` has the rule.
fn explained(phase: Phase) -> (&'static str, &'static str) {
    match phase {
        Phase::Names => {
            ("DNS gave no answer", "a longer TTL, resolvers that serve stale answers, or a second DNS provider")
        }
        Phase::Undetected => (
            "the traffic manager had not noticed yet",
            "quicker health checks: a shorter interval and timeout, fewer failures needed, a probe that asks the app",
        ),
        Phase::Unpublished => (
            "the failure was noticed, but the new answer was not published yet",
            "a shorter delay from the verdict to the published answer",
        ),
        Phase::KeptConnection => (
            "clients went on using a connection opened before the new answer",
            "shorter keep-alives and time-outs, and clients that look up again after a failure",
        ),
        Phase::ClientCache => (
            "clients held on to the old address",
            "clients that honour the TTL or look up again after a failure, a shorter TTL, or answers with two addresses",
        ),
        Phase::ResolverCache => (
            "resolvers still gave the old answer",
            "a shorter TTL of the traffic manager's answer, or answers with two addresses",
        ),
        Phase::NoAlternative => (
            "there was nowhere else to go: no other region was ready",
            "a standby that is on, or that is activated sooner; a second region that is not left out at the same time",
        ),
        Phase::Link => (
            "the link between the regions was cut",
            "reads from the local database, or a second path between the regions",
        ),
        Phase::DatabaseEndpoint => (
            "another database node stood by, and the app did not use it yet",
            "a database endpoint that notices sooner: quicker checks, a shorter TTL, or a driver that knows both nodes",
        ),
        Phase::NoPrimary => (
            "no database node could take the request: the promotion was not finished",
            "quicker detection, an automatic promotion instead of an operator's decision, a shorter promotion",
        ),
        Phase::Gray => (
            "a region answered with errors or too slowly without being down",
            "health checks that see what visitors see, and shorter time-outs with a retry elsewhere",
        ),
        Phase::Capacity => (
            "the surviving side had not enough capacity",
            "more instances or a larger standby, a queue limit that sheds early, and clients that retry less",
        ),
        Phase::Other => ("none of the phases above", "a look at `failures.csv`: its causes say what visitors saw"),
    }
}
