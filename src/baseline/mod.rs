//! Baselines: what a scenario gave when somebody last looked and said that it is good, to compare later versions with.
//!
//! A [`Baseline`] keeps every key of the scenario with its value and, for every run of every design, the headline metrics and
//! a digest of everything else. It is a small text ([`Baseline::to_text`]) that lives beside the scenario and is read in reviews. [`compare`] sets two of them against
//! each other: exactly, by digests, where version, scenario and seed are the same; and statistically, run number by run
//! number. Both sides have been rounded alike, so what has not changed differs by exactly zero.
//!
//! Left out: files and their places (see `cli`), and how findings are laid out (see `report`).

mod compare;
mod digest;
mod enough;
mod finding;
mod parse_error;
mod seal;
mod settings;
mod text;

use crate::scenario::ResolvedSetting;
use crate::study::{Direction, Observation, StudyOutcome};

pub use compare::{BaselineComparison, Compared, DesignCompared, Exact, MetricVerdict, compare, tolerance};
pub use enough::{LEVEL, TooFewInCommon};
pub use parse_error::ParseError;
pub use settings::Change;

/// Significant digits of the values that a baseline keeps; the digests see every bit.
const DIGITS: usize = 7;

/// Results of a study in brief.
#[derive(Clone, Debug, PartialEq)]
pub struct Baseline {
    /// Version of Firedrill that made it.
    pub version: String,
    /// Name of the scenario.
    pub scenario: String,
    /// Its hash; see [`Subject`](crate::study::Subject::hash).
    pub hash: String,
    /// Seed of the study.
    pub seed: u64,
    /// Every key of the scenario with its value, sorted by key.
    pub settings: Vec<ResolvedSetting>,
    /// Names of the metrics that are kept.
    pub metrics: Vec<String>,
    /// The designs, by name.
    pub designs: Vec<DesignRuns>,
}

/// The runs of one design.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignRuns {
    /// Name of the design.
    pub name: String,
    /// Its runs, by number.
    pub runs: Vec<BaselineRun>,
}

/// One run.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineRun {
    /// Run number.
    pub run: u64,
    /// The metrics, rounded.
    pub values: Vec<Observation>,
    /// 16 hexadecimal digits of the SHA-256 of the whole row, views and incidents included.
    pub digest: String,
}

impl Baseline {
    /// Keeps what `outcome` gave of the scenario with these `settings`, sorted by key.
    pub fn of(outcome: &StudyOutcome, settings: Vec<ResolvedSetting>) -> Self {
        let mut positions = outcome.metrics.headlines();
        positions.retain(|&position| outcome.metrics.all()[position].better != Direction::Neither);
        let mut designs: Vec<DesignRuns> = outcome
            .designs
            .iter()
            .map(|design| DesignRuns {
                name: design.name.clone(),
                runs: design
                    .rows
                    .iter()
                    .map(|row| BaselineRun {
                        run: row.run,
                        values: positions.iter().map(|&position| rounded(row.values[position])).collect(),
                        digest: digest::of(&row),
                    })
                    .collect(),
            })
            .collect();
        designs.sort_by(|left, right| left.name.cmp(&right.name));
        Baseline {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            scenario: outcome.subject.scenario.clone(),
            hash: outcome.subject.hash.clone(),
            seed: outcome.subject.seed,
            settings,
            metrics: positions.into_iter().map(|position| outcome.metrics.all()[position].name.clone()).collect(),
            designs,
        }
    }
}

fn rounded(observation: Observation) -> Observation {
    let rounded = |value: f64| format!("{:.*e}", DIGITS - 1, value).parse().expect("a number reads back");
    match observation {
        Observation::Value(value) => Observation::Value(rounded(value)),
        Observation::CensoredAt(least) => Observation::CensoredAt(rounded(least)),
        other @ (Observation::NotApplicable | Observation::Censored) => other,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::study::{StudySpec, run_with, synthetic};

    /// A study of one design whose run `n` is down for `down(n)` of 40 seconds.
    pub(super) fn study(runs: u64, down: impl Fn(u64) -> u32 + Sync) -> StudyOutcome {
        let mut spec = StudySpec::new(synthetic::scenario(&["one"]));
        spec.runs = Some(runs);
        let simulate = |_, run| Ok(synthetic::outage(run, down(run)));
        run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap()
    }

    /// The baseline of a study whose scenario has two keys.
    pub(super) fn baseline(outcome: &StudyOutcome) -> Baseline {
        let setting = |key: &str, value: &str| ResolvedSetting { key: key.to_owned(), value: value.to_owned() };
        Baseline::of(outcome, vec![setting("dns.answer_ttl", "60s"), setting("name", "made-up")])
    }

    #[test]
    fn a_baseline_keeps_the_headlines_of_every_run() {
        let baseline = baseline(&study(3, |run| run as u32));
        assert_eq!(baseline.metrics.first().map(String::as_str), Some("lost_service_s"));
        let runs = &baseline.designs[0].runs;
        assert_eq!(runs.iter().map(|run| run.run).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(runs[1].values[0], Observation::Value(1.0));
        assert_eq!(runs[1].digest.len(), 16);
        assert_ne!(runs[1].digest, runs[2].digest);
    }

    #[test]
    fn values_are_rounded_for_reading_and_digests_are_not() {
        assert_eq!(rounded(Observation::Value(1.0 / 3.0)), Observation::Value(0.333_333_3));
        assert_eq!(rounded(Observation::Value(123_456_789.0)), Observation::Value(123_456_800.0));
        assert_eq!(rounded(Observation::Censored), Observation::Censored);
    }
}
