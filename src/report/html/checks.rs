//! What was demanded of the designs and of the runs, and what became of it.

use crate::results::words::{duration, in_runs, runs, share};
use crate::results::{ExpectationFinding, Judged, ObjectiveFinding, ObjectiveStanding, TargetFound};

/// An expectation, an objective or a target.
pub(super) struct Check {
    /// `pass`, `fail` or `open`.
    pub(super) class: &'static str,
    pub(super) mark: String,
    pub(super) text: String,
}

/// Marks an expectation; where the interval leaves the other open, it looks neither good nor bad.
pub(super) fn expectation(finding: &ExpectationFinding) -> Check {
    let (class, mark) = match finding.verdict {
        Judged::Pass if finding.sure => ("pass", "holds"),
        Judged::Pass => ("open", "holds, not surely"),
        Judged::Fail if finding.sure => ("fail", "does not hold"),
        Judged::Fail => ("open", "does not hold, not surely"),
        Judged::NotEnoughRuns => ("open", "too few runs"),
        Judged::Unattended => ("fail", "not put to the test"),
        Judged::NotRun => ("open", "not run"),
    };
    Check { class, mark: mark.to_owned(), text: finding.sentence.clone() }
}

/// Marks an objective by what its runs show.
pub(super) fn objective(finding: &ObjectiveFinding) -> Check {
    let stated = format!("{}: {} of {}", finding.design, finding.objective, duration(finding.target_s));
    if let Some(why) = &finding.untested {
        let mark = "not put to the test".to_owned();
        return Check { class: "fail", mark, text: format!("{stated} not met: {why}") };
    }
    let count = in_runs(finding.met, finding.runs);
    let (class, mark) = match finding.standing {
        ObjectiveStanding::Always => ("pass", "always"),
        ObjectiveStanding::Met => ("pass", count.as_str()),
        ObjectiveStanding::Open => ("open", count.as_str()),
        ObjectiveStanding::Missed => ("fail", count.as_str()),
        ObjectiveStanding::Never => ("fail", "never"),
    };
    let mut text = format!("{stated} met {count}");
    if let Some(part) = finding.share {
        text.push_str(&format!("; 95 % interval {} to {}", share(part.low), share(part.high)));
    }
    if finding.censored > 0 {
        text.push_str(&format!("; not recovered by the horizon in {}", finding.censored));
    }
    if finding.unattended > 0 {
        text.push_str(&format!("; {} in which no request met any incident left out", runs(finding.unattended)));
    }
    Check { class, mark: mark.to_owned(), text }
}

/// Marks an interval that was to be narrow.
pub(super) fn target(found: &TargetFound) -> Check {
    let (class, mark) = if found.met { ("pass", "known") } else { ("open", "not known") };
    Check { class, mark: mark.to_owned(), text: format!("{} in {}: {}", found.target, found.design, found.sentence) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_that_no_request_put_to_the_test_are_counted() {
        let finding = ObjectiveFinding {
            design: "a".into(),
            objective: "RTO".into(),
            target_s: 300.0,
            met: 50,
            runs: 58,
            unattended: 2,
            untested: None,
            censored: 0,
            share: None,
            standing: ObjectiveStanding::Open,
        };
        let left_out = "a: RTO of 5 min met in 50 of 58 runs; 2 runs in which no request met any incident left out";
        assert_eq!(objective(&finding).text, left_out);
        let all = ObjectiveFinding { unattended: 0, ..finding };
        assert_eq!(objective(&all).text, "a: RTO of 5 min met in 50 of 58 runs");
    }
}
