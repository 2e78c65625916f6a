//! Shows the objectives and expectations, and how each turned out.

use crate::results::words::{objective_found, objective_stated};
use crate::results::{ExpectationFinding, Judged, ObjectiveFinding, ObjectiveStanding, TargetFound};

/// An expectation, an objective or a target.
pub(super) struct MarkedCheck {
    /// `pass`, `fail` or `open`.
    pub(super) class: &'static str,
    pub(super) mark: String,
    pub(super) text: String,
}

/// Marks an expectation; where the interval leaves the other open, it looks neither good nor bad.
pub(super) fn expectation(finding: &ExpectationFinding) -> MarkedCheck {
    let (class, mark) = match finding.verdict {
        Judged::Pass if finding.sure => ("pass", "holds"),
        Judged::Pass => ("open", "holds, not surely"),
        Judged::Fail if finding.sure => ("fail", "does not hold"),
        Judged::Fail => ("open", "does not hold, not surely"),
        Judged::NotEnoughRuns => ("open", "open"),
        Judged::Unattended => ("fail", "does not hold"),
        Judged::NotRun => ("open", "not run"),
    };
    MarkedCheck { class, mark: mark.to_owned(), text: finding.sentence.clone() }
}

/// Marks an objective by what its runs show.
pub(super) fn objective(finding: &ObjectiveFinding) -> MarkedCheck {
    let text = format!("{} {}", objective_stated(finding), objective_found(finding));
    if finding.untested.is_some() {
        return MarkedCheck { class: "fail", mark: "not met".to_owned(), text };
    }
    let (class, mark) = match finding.standing {
        ObjectiveStanding::Always => ("pass", "always"),
        ObjectiveStanding::Met => ("pass", "so far always"),
        ObjectiveStanding::Open if finding.met == 0 || finding.met == finding.runs => ("open", "too few runs"),
        ObjectiveStanding::Open => ("open", "not always"),
        ObjectiveStanding::Missed => ("fail", "so far never"),
        ObjectiveStanding::Never => ("fail", "never"),
    };
    MarkedCheck { class, mark: mark.to_owned(), text }
}

/// Marks an interval that was to be narrow.
pub(super) fn target(found: &TargetFound) -> MarkedCheck {
    let (class, mark) = if found.met { ("pass", "known") } else { ("open", "not known") };
    MarkedCheck {
        class,
        mark: mark.to_owned(),
        text: format!("{} in {}: {}", found.target, found.design, found.sentence),
    }
}
