//! Lists the differences from a baseline, field by field, for the reader who has to accept them.

use super::changes;
use crate::baseline::{Baseline, BaselineComparison, DesignCompared, Exact};
use crate::results::words::runs;
use crate::study::MetricTable;

/// A line per field that differs; none if the two baselines are the same text.
pub fn differences(
    then: &Baseline,
    now: &Baseline,
    comparison: &BaselineComparison,
    metrics: &MetricTable,
) -> Vec<String> {
    if then == now {
        return Vec::new();
    }
    let mut lines = changes::lines(&comparison.changes, usize::MAX);
    if let Exact::Changed(changed) = &comparison.exact {
        let brief = |text: &str| text.chars().take(16).collect::<String>();
        // The keys say more than the hash of them all.
        let changed = changed.iter().filter(|(key, ..)| *key != "sha256" || comparison.changes.is_empty());
        lines.extend(changed.map(|(key, was, is)| format!("{key}: {} → {}", brief(was), brief(is))));
    }
    let (was, is) = (then.metrics.join(" "), now.metrics.join(" "));
    if was != is {
        lines.push(format!("metrics kept: {was} → {is}"));
    }
    lines.extend(comparison.gone.iter().map(|design| format!("{design}: is there no more")));
    lines.extend(comparison.new.iter().map(|design| format!("{design}: is new")));
    for design in &comparison.designs {
        let count = |baseline: &Baseline| {
            baseline.designs.iter().find(|one| one.name == design.name).map_or(0, |one| one.runs.len())
        };
        if count(then) != count(now) {
            lines.push(format!("{}: {} → {}", design.name, runs(count(then) as u64), count(now)));
        }
        lines.extend(of_design(design, metrics));
    }
    if lines.is_empty() {
        lines.push("other bytes".to_owned());
    }
    lines
}

fn of_design(design: &DesignCompared, metrics: &MetricTable) -> Vec<String> {
    let differs = design.metrics.iter().filter(|compared| compared.different > 0);
    let mut lines: Vec<String> = differs
        .map(|compared| {
            let metric = &metrics.all()[compared.metric];
            format!("{}: {}: {}", design.name, metric.name, compared.in_words(metric))
        })
        .collect();
    if design.different > 0 {
        lines.push(format!("{}: {} of {} give other bytes", design.name, design.different, runs(design.runs)));
    }
    lines
}
