//! Checks that expectations name what there is.

use thiserror::Error;

use super::objective_metric::metric_of;
use crate::results::Direction;
use crate::scenario::{Expectation, Scenario, hint};
use crate::study::compare::first_phase::{phase_named, unknown_phase};
use crate::study::metric::table::MetricTable;
use crate::study::statistics::statistic::Statistic;

/// A key of an expectation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectationKey {
    /// `design`, `better` or `than`.
    Design,
    /// `metric`.
    Metric,
    /// `stat`.
    Stat,
    /// `first_phase`.
    FirstPhase,
    /// `objective`.
    Objective,
}

impl ExpectationKey {
    fn name(self) -> &'static str {
        match self {
            ExpectationKey::Design => "design",
            ExpectationKey::Metric => "metric",
            ExpectationKey::Stat => "stat",
            ExpectationKey::FirstPhase => "first_phase",
            ExpectationKey::Objective => "objective",
        }
    }
}

/// Why an expectation cannot be evaluated.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("expect.{expectation}.{}: {message}", key.name())]
pub struct ExpectationError {
    /// Place of the expectation in the file, from 0.
    pub expectation: usize,
    /// The key that is wrong.
    pub key: ExpectationKey,
    /// The mistake, and what is allowed.
    pub message: String,
}

/// Lists the expectations of `scenario` that name no known design, metric or statistic.
pub fn check_expectations(scenario: &Scenario) -> Vec<ExpectationError> {
    check(scenario, &MetricTable::of(scenario))
}

/// Lists what is wrong with the expectations of `scenario`.
pub(crate) fn check(scenario: &Scenario, metrics: &MetricTable) -> Vec<ExpectationError> {
    let mut errors = Vec::new();
    for (place, expectation) in scenario.expectations.iter().enumerate() {
        let mut wrong = |key, message| errors.push(ExpectationError { expectation: place, key, message });
        let (designs, metric) = match expectation {
            Expectation::Within { design, metric, .. } => (vec![design], metric.as_str()),
            Expectation::Better { better, than, metric, .. } | Expectation::Times { better, than, metric, .. } => {
                (vec![better, than], metric.as_str())
            }
            Expectation::Objective { design, objective, .. } => (vec![design], metric_of(*objective)),
            Expectation::FirstPhase { design, phase } => {
                if phase_named(phase).is_none() {
                    wrong(ExpectationKey::FirstPhase, unknown_phase(phase));
                }
                (vec![design], "lost_service_s")
            }
        };
        for design in designs {
            if let Some(message) = unknown_design(scenario, design) {
                wrong(ExpectationKey::Design, message);
            }
        }
        match (metrics.named(metric), expectation) {
            (Err(message), Expectation::Objective { .. }) => wrong(ExpectationKey::Objective, message),
            (Err(message), _) => wrong(ExpectationKey::Metric, message),
            (Ok(named), Expectation::Better { .. } | Expectation::Times { .. })
                if named.metric(metrics).better == Direction::Neither =>
            {
                let message =
                    format!("neither more nor less of {metric:?} is better, so no design can be better in it");
                wrong(ExpectationKey::Metric, message);
            }
            (Ok(named), Expectation::Better { .. } | Expectation::Times { .. }) if !named.is_for_pairs(metrics) => {
                let message = format!(
                    "designs are not compared by calm time of one geography; take {:?}, or a bound on {metric:?}",
                    named.metric(metrics).name
                );
                wrong(ExpectationKey::Metric, message);
            }
            _ => {}
        }
        if let Expectation::Within { stat, .. } = expectation
            && Statistic::parse(stat).is_none()
        {
            let allowed = "allowed: mean, min, max, or a percentile such as p95 (p0.001 to p99.999)";
            wrong(ExpectationKey::Stat, format!("unknown statistic {stat:?}; {allowed}"));
        }
    }
    errors
}

fn unknown_design(scenario: &Scenario, name: &str) -> Option<String> {
    let known = || scenario.designs.iter().map(|design| design.name.as_str());
    if known().any(|design| design == name) {
        return None;
    }
    let all = known().collect::<Vec<_>>().join(", ");
    Some(format!("unknown design {name:?}{}; known: {all}", hint(name, known())))
}
