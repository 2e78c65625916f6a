//! `summary.json`: every metric of every design with its intervals, objectives, expectations and comparisons.
//!
//! An end or value that lies beyond the horizon is the string `"censored"`; what does not apply, or what too few runs
//! support, is null, the latter with the number of runs that it needs beside it.

use std::io::{self, Write};

use serde::{Serialize, Serializer};

use super::{check::untested, sentences, stopping, table::findings};
use crate::stats::{self, LEVEL, TooFewRuns};
use crate::study::{self, QUANTILES, StudyOutcome, Verdict};

/// Writes the summary.
pub(super) fn write(outcome: &StudyOutcome, mut file: impl Write) -> io::Result<()> {
    let subject = &outcome.subject;
    let summary = Summary {
        scenario: &subject.scenario,
        description: &subject.description,
        seed: subject.seed,
        first_run: subject.first_run,
        runs: subject.runs,
        until: outcome.stopping.as_ref().map(|stopping| until(outcome, stopping)),
        level: LEVEL,
        horizon_s: subject.horizon_s,
        measured_from_s: subject.span.from.as_secs_f64(),
        measured_to_s: subject.span.to.as_secs_f64(),
        window_s: subject.span.window.as_secs_f64(),
        slo: subject.slo,
        regions: &subject.regions,
        metrics: outcome.metrics.all().iter().map(definition).collect(),
        designs: outcome.designs.iter().map(|one| design(outcome, one)).collect(),
        comparisons: outcome.comparisons.iter().map(|one| comparison(outcome, one)).collect(),
        objectives: outcome.objectives.iter().map(objective).collect(),
        expectations: outcome.expectations.iter().map(|one| expectation(outcome, one)).collect(),
    };
    serde_json::to_writer_pretty(&mut file, &summary)?;
    writeln!(file)
}

#[derive(Serialize)]
struct Summary<'a> {
    scenario: &'a str,
    description: &'a str,
    seed: u64,
    first_run: u64,
    runs: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Until<'a>>,
    level: f64,
    horizon_s: f64,
    measured_from_s: f64,
    measured_to_s: f64,
    window_s: f64,
    slo: f64,
    regions: &'a [String; 2],
    metrics: Vec<Definition<'a>>,
    designs: Vec<Design<'a>>,
    comparisons: Vec<Comparison<'a>>,
    objectives: Vec<Objective<'a>>,
    expectations: Vec<Expectation<'a>>,
}

/// Why no more runs were made, where their number was left to the results.
#[derive(Serialize)]
struct Until<'a> {
    sentence: String,
    runs_at_a_time: u64,
    max_runs: u64,
    met: bool,
    targets: Vec<Reached<'a>>,
}

/// How near one design came to one target.
#[derive(Serialize)]
struct Reached<'a> {
    target: &'a str,
    design: &'a str,
    met: bool,
    sentence: String,
    estimate: Option<Estimate>,
    runs_needed: Option<u64>,
    reach: Option<Number>,
    allowed: Option<f64>,
}

/// What a metric is; designs and comparisons give its values by name.
#[derive(Serialize)]
struct Definition<'a> {
    name: &'a str,
    title: &'a str,
    unit: &'static str,
    better: &'static str,
}

#[derive(Serialize)]
struct Design<'a> {
    name: &'a str,
    place: usize,
    metrics: Vec<Metric<'a>>,
}

#[derive(Serialize)]
struct Metric<'a> {
    name: &'a str,
    unit: &'static str,
    n: u64,
    censored: u64,
    ended_first: u64,
    not_applicable: u64,
    mean: Option<Estimate>,
    min: Option<Number>,
    max: Option<Number>,
    quantiles: Vec<Quantile>,
}

#[derive(Serialize)]
struct Quantile {
    p: f64,
    estimate: Option<Estimate>,
    runs_needed: Option<u64>,
}

#[derive(Serialize)]
struct Estimate {
    point: Number,
    low: Number,
    high: Number,
    n: u64,
}

#[derive(Serialize)]
struct Comparison<'a> {
    first: &'a str,
    second: &'a str,
    sentences: Vec<String>,
    metrics: Vec<Compared<'a>>,
}

#[derive(Serialize)]
struct Compared<'a> {
    name: &'a str,
    pairs: u64,
    dropped: u64,
    undecided: u64,
    censored: u64,
    difference: Option<Estimate>,
    first_less: u64,
    second_less: u64,
    ties: u64,
    variance_reduction: Option<f64>,
    claim: &'static str,
    in_practice: &'static str,
}

#[derive(Serialize)]
struct Objective<'a> {
    design: &'a str,
    objective: &'static str,
    target_s: f64,
    met: u64,
    runs: u64,
    unattended: u64,
    /// Why it counts as not met, if too few runs put it to the test.
    untested: Option<String>,
    censored: u64,
    share: Option<Estimate>,
}

#[derive(Serialize)]
struct Expectation<'a> {
    expectation: &'a str,
    sentence: String,
    metric: &'a str,
    verdict: &'static str,
    runs_needed: Option<u64>,
    measured: Option<Number>,
    interval: Option<Estimate>,
    clear: bool,
    censored: u64,
}

/// A number, or `"censored"` if it is beyond the horizon.
struct Number(f64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.is_finite() { serializer.serialize_f64(self.0) } else { serializer.serialize_str("censored") }
    }
}

impl From<stats::Estimate> for Estimate {
    fn from(estimate: stats::Estimate) -> Self {
        let stats::Estimate { point, low, high, level: _, n } = estimate;
        Estimate { point: Number(point), low: Number(low), high: Number(high), n }
    }
}

fn until<'a>(outcome: &StudyOutcome, stopping: &'a study::Stopping) -> Until<'a> {
    let reached = |reached: &'a study::Reached| Reached {
        target: &reached.target,
        design: &reached.design,
        met: reached.is_met,
        sentence: stopping::found(outcome, reached),
        estimate: reached.estimate.map(Estimate::from),
        runs_needed: reached.runs_needed,
        reach: reached.reach.map(Number),
        allowed: reached.allowed,
    };
    Until {
        sentence: stopping::stopped(outcome, stopping),
        runs_at_a_time: stopping.batch,
        max_runs: stopping.most_runs,
        met: stopping.knows_enough(),
        targets: stopping.reached.iter().map(reached).collect(),
    }
}

fn definition(metric: &study::Metric) -> Definition<'_> {
    Definition { name: &metric.name, title: &metric.title, unit: metric.unit.name(), better: metric.better.name() }
}

fn design<'a>(outcome: &'a StudyOutcome, design: &'a study::DesignOutcome) -> Design<'a> {
    let metric = |(metric, summary): (&'a study::Metric, &study::Summary)| Metric {
        name: &metric.name,
        unit: metric.unit.name(),
        n: summary.n,
        censored: summary.censored,
        ended_first: summary.watched.len() as u64,
        not_applicable: summary.not_applicable,
        mean: summary.mean.map(Estimate::from),
        min: summary.min().map(Number),
        max: summary.max().map(Number),
        quantiles: QUANTILES.into_iter().zip(summary.quantiles).map(quantile).collect(),
    };
    Design {
        name: &design.name,
        place: design.place,
        metrics: outcome.metrics.all().iter().zip(&design.summaries).map(metric).collect(),
    }
}

fn quantile((p, estimate): (f64, Result<stats::Estimate, TooFewRuns>)) -> Quantile {
    match estimate {
        Ok(estimate) => Quantile { p, estimate: Some(estimate.into()), runs_needed: None },
        Err(refused) => Quantile { p, estimate: None, runs_needed: Some(refused.needed) },
    }
}

fn comparison<'a>(outcome: &'a StudyOutcome, comparison: &'a study::Comparison) -> Comparison<'a> {
    let compared = |(metric, compared): (&'a study::Metric, &study::MetricComparison)| Compared {
        name: &metric.name,
        pairs: compared.paired.pairs,
        dropped: compared.dropped,
        undecided: compared.undecided,
        censored: compared.paired.censored,
        difference: compared.paired.difference.map(Estimate::from),
        first_less: compared.paired.first_less,
        second_less: compared.paired.second_less,
        ties: compared.paired.ties,
        variance_reduction: compared.paired.variance_reduction,
        claim: compared.claim.name(),
        in_practice: compared.weight.name(),
    };
    Comparison {
        first: &comparison.first,
        second: &comparison.second,
        sentences: sentences(outcome, comparison),
        metrics: outcome.metrics.all().iter().zip(&comparison.metrics).map(compared).collect(),
    }
}

fn objective(objective: &study::ObjectiveResult) -> Objective<'_> {
    Objective {
        design: &objective.design,
        objective: objective.kind.name(),
        target_s: objective.target_s,
        met: objective.met,
        runs: objective.runs,
        unattended: objective.attendance.unattended,
        untested: objective.is_untested().then(|| untested(&objective.attendance)),
        censored: objective.censored,
        share: objective.share.map(Estimate::from),
    }
}

fn expectation<'a>(outcome: &'a StudyOutcome, result: &'a study::ExpectationResult) -> Expectation<'a> {
    let (verdict, runs_needed) = match result.verdict {
        Verdict::Pass => ("pass", None),
        Verdict::Fail => ("fail", None),
        Verdict::NotEnoughRuns { needed, .. } => ("not_enough_runs", Some(needed)),
        Verdict::Unattended(_) => ("unattended", None),
        Verdict::NotRun => ("not_run", None),
    };
    Expectation {
        expectation: &result.text,
        sentence: findings(outcome, result),
        metric: &outcome.metrics.all()[result.metric].name,
        verdict,
        runs_needed,
        measured: result.measured.map(Number),
        interval: result.interval.map(Estimate::from),
        clear: result.clear,
        censored: result.censored,
    }
}
