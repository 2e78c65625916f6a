//! Findings as JUnit XML, which CI systems read: a suite per scenario, a case per statement.
//!
//! A scenario that cannot be checked is a suite with one case that is an error. What is only noted passes; what has too few
//! runs to tell is skipped. With a baseline, the first case says what has changed in the scenario since, and passes.

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::{Checked, Since, changes};
use crate::results::{Finding, FindingStanding};

/// All scenarios, in the order in which they were checked.
pub fn junit(checked: &[Checked]) -> String {
    let mut report = Report::new("firedrill check");
    report.add_test_suites(checked.iter().map(suite));
    report.to_string().expect("writing to memory does not fail")
}

fn suite(checked: &Checked) -> TestSuite {
    let mut suite = TestSuite::new(checked.path.as_str());
    match &checked.result {
        Ok(findings) => {
            suite.add_test_cases(findings.since.iter().map(|since| changed(checked, since)));
            suite.add_test_cases(findings.all.iter().map(|finding| case(checked, finding)));
            if !findings.notes.is_empty() {
                suite.set_system_out(findings.notes.join("\n"));
            }
        }
        Err(error) => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(error.lines().next().unwrap_or_default()).set_description(error.as_str());
            let mut case = TestCase::new("the scenario can be checked", status);
            case.set_classname(checked.path.as_str());
            suite.add_test_case(case);
        }
    }
    suite
}

fn changed(checked: &Checked, since: &Since) -> TestCase {
    let name = format!("the scenario since baseline {:?}", since.baseline);
    let mut case = TestCase::new(name, TestCaseStatus::success());
    let lines = changes::lines(&since.changes, usize::MAX);
    let said = if lines.is_empty() { "no key has changed".to_owned() } else { lines.join("\n") };
    case.set_classname(checked.path.as_str()).set_system_out(said);
    case
}

fn case(checked: &Checked, finding: &Finding) -> TestCase {
    let status = match finding.standing {
        FindingStanding::Pass | FindingStanding::Noted => TestCaseStatus::success(),
        FindingStanding::Undecided => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(finding.found.as_str());
            status
        }
        FindingStanding::Fail => {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
            let repeat = finding.replay.as_ref().map_or_else(String::new, |replay| format!("\nrepeat: {replay}"));
            let description = format!("{}: {}{repeat}", finding.text, finding.found);
            status.set_message(finding.found.as_str()).set_type(finding.source.name()).set_description(description);
            status
        }
    };
    let mut case = TestCase::new(finding.text.as_str(), status);
    case.set_classname(checked.path.as_str());
    if finding.standing != FindingStanding::Fail {
        case.set_system_out(finding.found.as_str());
    }
    case
}
