//! An objective, and in how many runs it was met.

use super::amount::duration;
use super::count::{in_runs, runs};
use super::interval::ends;
use crate::results::finding::ObjectiveFinding;
use crate::results::metric::Unit;

/// Returns what is stated: `active-active: RTO of 5 min`.
pub fn objective_stated(finding: &ObjectiveFinding) -> String {
    format!("{}: {} of {}", finding.design, finding.objective, duration(finding.target_s))
}

/// Returns what was found: `met in 58 of 60 runs (95 % interval 88.6 % to 99.1 %)`, or that it was not put to the test.
pub fn objective_found(finding: &ObjectiveFinding) -> String {
    if let Some(why) = &finding.untested {
        return format!("not put to the test, so not met: {why}");
    }
    let mut found = match (finding.runs, finding.met) {
        (1, 0) => "not met in this one run".to_owned(),
        (1, _) => "met in this one run".to_owned(),
        (runs, met) => format!("met {}", in_runs(met, runs)),
    };
    if let Some(share) = finding.share.as_ref().filter(|_| finding.runs > 1) {
        found.push_str(&format!(" ({})", ends(share, Unit::Share)));
    }
    if finding.censored > 0 {
        found.push_str(&format!("; {} had not recovered by the horizon and count as not met", finding.censored));
    }
    if finding.unattended > 0 {
        found.push_str(&format!("; {} in which no request met any incident left out", runs(finding.unattended)));
    }
    if let Some(beside) = &finding.beside {
        found.push_str(&format!("; {beside}"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::finding::ObjectiveStanding;

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
            beside: None,
            standing: ObjectiveStanding::Open,
        };
        assert_eq!(objective_stated(&finding), "a: RTO of 5 min");
        let left_out = "met in 50 of 58 runs; 2 runs in which no request met any incident left out";
        assert_eq!(objective_found(&finding), left_out);
        let all = ObjectiveFinding { unattended: 0, censored: 3, ..finding };
        let censored = "met in 50 of 58 runs; 3 had not recovered by the horizon and count as not met";
        assert_eq!(objective_found(&all), censored);
        let none = ObjectiveFinding { untested: Some("no request met the incident in 60 of 60 runs".into()), ..all };
        let untested = "not put to the test, so not met: no request met the incident in 60 of 60 runs";
        assert_eq!(objective_found(&none), untested);
    }
}
