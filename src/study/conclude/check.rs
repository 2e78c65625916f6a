//! Statements about a study, and how each fared.

use crate::results::words::{objective_found, objective_stated};
use crate::results::{Finding, FindingStanding, Source, Study};
use crate::stats::LEVEL;
use crate::study::judge::expectation::ExpectationVerdict;
use crate::study::outcome::StudyOutcome;

impl StudyOutcome {
    /// Lists what was stated, its expectations and then its objectives. `study` is what was concluded, `lines` are those of the
    /// expectations in the file.
    pub fn findings(&self, study: &Study, lines: &[Option<usize>]) -> Vec<Finding> {
        let expectations = (0..self.expectations.len()).map(|place| self.expectation(study, lines, place));
        expectations.chain((0..self.objectives.len()).map(|place| self.objective(study, place))).collect()
    }

    fn expectation(&self, study: &Study, lines: &[Option<usize>], place: usize) -> Finding {
        let (result, finding) = (&self.expectations[place], &study.expectations[place]);
        let standing = match result.verdict {
            ExpectationVerdict::Pass => FindingStanding::Pass,
            ExpectationVerdict::Fail | ExpectationVerdict::NotEnoughRuns { .. } | ExpectationVerdict::Unattended(_) => {
                FindingStanding::Fail
            }
            ExpectationVerdict::NotRun => FindingStanding::Noted,
        };
        let is_given = matches!(result.verdict, ExpectationVerdict::Pass | ExpectationVerdict::Fail);
        let designs: Vec<&str> = result.designs.iter().map(String::as_str).collect();
        Finding {
            source: Source::Expectation,
            designs: result.designs.clone(),
            metric: is_given.then(|| finding.metric.clone()),
            text: finding.expectation.clone(),
            standing,
            found: finding.found.clone(),
            measured: finding.measured,
            interval: finding.interval,
            level: LEVEL,
            may_break: result.may_break,
            line: lines.get(place).copied().flatten(),
            replay: (standing == FindingStanding::Fail).then(|| self.replay(&designs)),
        }
    }

    fn objective(&self, study: &Study, place: usize) -> Finding {
        let finding = &study.objectives[place];
        Finding {
            source: Source::Objective,
            designs: vec![finding.design.clone()],
            metric: None,
            text: objective_stated(finding),
            standing: FindingStanding::Noted,
            found: objective_found(finding),
            measured: finding.share.map(|met| met.point),
            interval: finding.share,
            level: LEVEL,
            may_break: None,
            line: None,
            replay: None,
        }
    }
}
