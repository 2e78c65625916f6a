//! `summary.json`: every metric of every design with its intervals, objectives, expectations and comparisons.
//!
//! An end or value that lies beyond the horizon is the string `"censored"`; what does not apply, or what too few runs
//! support, is null, the latter with the number of runs that it needs beside it.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use crate::stats::{Estimate, LEVEL};
use crate::study::{DesignOutcome, ExpectationResult, QUANTILES, StudyOutcome, Summary, Verdict};

/// Writes the summary.
pub(super) fn write(outcome: &StudyOutcome, mut file: impl Write) -> io::Result<()> {
    let subject = &outcome.subject;
    let designs: Vec<Value> = outcome.designs.iter().map(|one| design(outcome, one)).collect();
    let summary = json!({
        "scenario": subject.scenario,
        "description": subject.description,
        "seed": subject.seed,
        "first_run": subject.first_run,
        "runs": subject.runs,
        "level": LEVEL,
        "horizon_s": subject.horizon_s,
        "measured_from_s": subject.span.from.as_secs_f64(),
        "measured_to_s": subject.span.to.as_secs_f64(),
        "window_s": subject.span.window.as_secs_f64(),
        "slo": subject.slo,
        "designs": designs,
        "comparisons": comparisons(outcome),
        "objectives": objectives(outcome),
        "expectations": outcome.expectations.iter().map(|one| expectation(outcome, one)).collect::<Vec<_>>(),
    });
    serde_json::to_writer_pretty(&mut file, &summary)?;
    writeln!(file)
}

fn design(outcome: &StudyOutcome, design: &DesignOutcome) -> Value {
    let metrics = outcome.metrics.all().iter().zip(&design.summaries);
    let metrics: Map<String, Value> =
        metrics.map(|(metric, summary)| (metric.name.clone(), metric_summary(summary, metric.unit.name()))).collect();
    json!({ "name": design.name, "metrics": metrics })
}

fn metric_summary(summary: &Summary, unit: &str) -> Value {
    let quantiles: Map<String, Value> = QUANTILES
        .iter()
        .zip(&summary.quantiles)
        .map(|(p, quantile)| {
            let value = match quantile {
                Ok(quantile) => estimate(quantile),
                Err(refused) => json!({ "point": null, "n": refused.n, "needed": refused.needed }),
            };
            (format!("p{:.0}", p * 100.0), value)
        })
        .collect();
    json!({
        "unit": unit,
        "n": summary.n,
        "censored": summary.censored,
        "not_applicable": summary.not_applicable,
        "mean": summary.mean.as_ref().map(estimate),
        "min": summary.min().map(number),
        "max": summary.max().map(number),
        "quantiles": quantiles,
    })
}

fn estimate(estimate: &Estimate) -> Value {
    json!({
        "point": number(estimate.point),
        "low": number(estimate.low),
        "high": number(estimate.high),
        "n": estimate.n,
    })
}

/// A number, or what stands for one beyond the horizon.
fn number(value: f64) -> Value {
    if value.is_finite() { json!(value) } else { json!("censored") }
}

fn comparisons(outcome: &StudyOutcome) -> Vec<Value> {
    let comparison = |comparison: &crate::study::Comparison| {
        let metrics: Map<String, Value> = outcome
            .metrics
            .all()
            .iter()
            .zip(&comparison.metrics)
            .map(|(metric, compared)| {
                let paired = &compared.paired;
                let value = json!({
                    "pairs": paired.pairs,
                    "dropped": compared.dropped,
                    "censored": paired.censored,
                    "difference": paired.difference.as_ref().map(estimate),
                    "first_less": paired.first_less,
                    "second_less": paired.second_less,
                    "ties": paired.ties,
                    "variance_reduction": paired.variance_reduction,
                    "claim": compared.claim.name(),
                });
                (metric.name.clone(), value)
            })
            .collect();
        json!({ "first": comparison.first, "second": comparison.second, "metrics": metrics })
    };
    outcome.comparisons.iter().map(comparison).collect()
}

fn objectives(outcome: &StudyOutcome) -> Vec<Value> {
    let objective = |objective: &crate::study::ObjectiveResult| {
        json!({
            "design": objective.design,
            "objective": objective.kind.name(),
            "target_s": objective.target_s,
            "met": objective.met,
            "runs": objective.runs,
            "censored": objective.censored,
            "share": objective.share.as_ref().map(estimate),
        })
    };
    outcome.objectives.iter().map(objective).collect()
}

fn expectation(outcome: &StudyOutcome, result: &ExpectationResult) -> Value {
    let (verdict, needed) = match result.verdict {
        Verdict::Pass => ("pass", None),
        Verdict::Fail => ("fail", None),
        Verdict::NotEnoughRuns { needed, .. } => ("not_enough_runs", Some(needed)),
        Verdict::NotRun => ("not_run", None),
    };
    json!({
        "expectation": result.text,
        "metric": outcome.metrics.all()[result.metric].name,
        "verdict": verdict,
        "runs_needed": needed,
        "measured": result.measured.map(number),
        "interval": result.interval.as_ref().map(estimate),
        "clear": result.clear,
        "censored": result.censored,
    })
}
