//! Findings about objectives and expectations.

use super::statistics::degenerate;
use crate::results::words::{duration, in_runs, interval_words, is_under_slo, runs, share, unconfirmed, value};
use crate::results::{ExpectationFinding, Judged, ObjectiveFinding, ObjectiveStanding, StudyEstimate, Unit};
use crate::scenario::ObjectiveKind;
use crate::stats::{ENOUGH_OTHERS, RARE, none_of};
use crate::study::compare::edge::Edges;
use crate::study::judge::condition::Judgement;
use crate::study::judge::expectation::{ExpectationResult, ExpectationVerdict};
use crate::study::judge::objective::ObjectiveResult;
use crate::study::outcome::StudyOutcome;
use crate::study::statistics::attendance::Attendance;

/// Returns in how many runs an objective was met, and what that shows.
pub(super) fn objective(outcome: &StudyOutcome, result: &ObjectiveResult) -> ObjectiveFinding {
    ObjectiveFinding {
        design: result.design.clone(),
        objective: result.kind.name().to_owned(),
        target_s: result.target_s,
        met: result.met,
        runs: result.runs,
        unattended: result.attendance.unattended,
        untested: result.untested(),
        censored: result.censored,
        share: result.share.map(StudyEstimate::from),
        beside: match result.kind {
            ObjectiveKind::Rto => unconfirmed_recoveries(outcome, result),
            ObjectiveKind::Rpo => stranded(outcome, &result.design),
        },
        standing: standing(result.met, result.runs),
    }
}

/// Says in how many runs the recovery is not confirmed, so that the objective may be missed in more; `None` if in no run.
fn unconfirmed_recoveries(outcome: &StudyOutcome, result: &ObjectiveResult) -> Option<String> {
    let design = outcome.designs.iter().find(|one| one.name == result.design)?;
    let count = outcome.summary(design, "recovery_unconfirmed")?.nonzero;
    (count > 0).then(|| format!("recovery {}", unconfirmed(count, result.runs)))
}

/// Says how many writes of a design are stranded, which an objective for lost ones does not count; `None` if there are none.
fn stranded(outcome: &StudyOutcome, design: &str) -> Option<String> {
    let design = outcome.designs.iter().find(|one| one.name == design)?;
    let most = |metric: &str| outcome.summary(design, metric)?.max.filter(|most| *most > 0.0);
    let writes = outcome.summary(design, "writes_stranded")?;
    let count = value(most("writes_stranded")?, Unit::Count);
    let window = most("stranded_window_s")
        .map_or_else(String::new, |window| format!(", of a window of up to {}", duration(window)));
    let are = if writes.n == 1 { format!("{count} writes are") } else { format!("up to {count} writes are") };
    let which = if writes.n == 1 { String::new() } else { format!(" {}", in_runs(writes.nonzero, writes.n)) };
    Some(format!("not counted: {are} stranded{which}{window}"))
}

/// Says why nothing can be concluded from the incidents of the runs.
fn untested(attendance: &Attendance) -> String {
    match attendance.unattended {
        0 => format!("no incident in any of {}", runs(attendance.runs)),
        unattended => format!("no request met the incident {}", in_runs(unattended, attendance.runs)),
    }
}

/// Says why the runs of a design show nothing of an outage: there were incidents, and nobody met any. `None` if somebody did, or
/// there was none.
pub(super) fn unseen(attendance: &Attendance) -> Option<String> {
    (attendance.unattended > 0 && attendance.attended == 0).then(|| untested(attendance))
}

/// A handful of runs that all go one way show nothing, and only hundreds are called all.
fn standing(met: u64, runs: u64) -> ObjectiveStanding {
    let (are_some, are_all) = (runs >= ENOUGH_OTHERS, none_of(runs) <= RARE);
    match met {
        _ if met == runs && are_all => ObjectiveStanding::Always,
        0 if are_all => ObjectiveStanding::Never,
        _ if met == runs && are_some => ObjectiveStanding::Met,
        0 if are_some => ObjectiveStanding::Missed,
        _ => ObjectiveStanding::Open,
    }
}

/// Returns an expectation and what was found of it.
pub(super) fn expectation(outcome: &StudyOutcome, edges: &Edges, result: &ExpectationResult) -> ExpectationFinding {
    let (verdict, runs_needed) = match result.verdict {
        ExpectationVerdict::Pass => (Judged::Pass, None),
        ExpectationVerdict::Fail => (Judged::Fail, None),
        ExpectationVerdict::NotEnoughRuns { needed, .. } => (Judged::NotEnoughRuns, Some(needed)),
        ExpectationVerdict::Unattended(_) => (Judged::Unattended, None),
        ExpectationVerdict::NotRun => (Judged::NotRun, None),
    };
    let metric = result.metric.name(&outcome.metrics);
    let mut found = found(outcome, result);
    let is_seen = matches!(result.verdict, ExpectationVerdict::Pass | ExpectationVerdict::Fail);
    if is_seen && is_under_slo(&metric) && is_on_the_edge(edges, &result.designs) {
        found.push_str("; on the edge");
    }
    let sentence = match result.verdict {
        ExpectationVerdict::NotRun => result.text.clone(),
        _ => format!("{}: {found}", result.text),
    };
    ExpectationFinding {
        expectation: result.text.clone(),
        found,
        sentence,
        metric,
        verdict,
        runs_needed,
        measured: result.measured,
        interval: result.interval.map(StudyEstimate::from),
        clear: result.clear,
        // A least or greatest value has no interval, and is what it is from two runs on.
        sure: result.clear || (result.interval.is_none() && outcome.subject.runs > 1),
        censored: result.censored,
    }
}

impl ObjectiveResult {
    /// Says why it was not put to the test; `None` if it was.
    pub fn untested(&self) -> Option<String> {
        self.is_untested().then(|| untested(&self.attendance))
    }
}

/// Tells whether the downtime of a design, or the comparison of two, hangs on the service level.
fn is_on_the_edge(edges: &Edges, designs: &[String]) -> bool {
    match designs {
        [one] => edges.design(one).is_some(),
        [one, other] => edges.pair(one, other).or_else(|| edges.pair(other, one)).is_some(),
        _ => false,
    }
}

/// Says what was measured of an expectation.
fn found(outcome: &StudyOutcome, result: &ExpectationResult) -> String {
    let unit = result.unit.unwrap_or_else(|| result.metric.metric(&outcome.metrics).unit);
    match result.verdict {
        ExpectationVerdict::NotEnoughRuns { n, needed } => {
            return format!("too few runs: applies to {n}, needs {needed}");
        }
        ExpectationVerdict::Unattended(attendance) => return format!("not put to the test: {}", untested(&attendance)),
        ExpectationVerdict::NotRun => return "not run".to_owned(),
        ExpectationVerdict::Pass | ExpectationVerdict::Fail => {}
    }
    let mut words = match (result.more_than, result.measured) {
        (Some(least), _) => format!("more than {}", value(least, unit)),
        (None, measured) => measured.map_or_else(String::new, |measured| value(measured, unit)),
    };
    if let Some(interval) = result.interval {
        let degenerate = degenerate(result.scatter);
        let interval = interval_words(&interval.into(), degenerate.as_ref(), result.clear, unit);
        words.push_str(&format!(" ({interval})"));
    }
    if result.ended_first > 0 {
        words.push_str(&format!("; the incident was over first in {}", runs(result.ended_first)));
    }
    if result.censored > result.ended_first {
        words.push_str(&format!("; beyond the horizon in {}", runs(result.censored - result.ended_first)));
    }
    if let Some(part) = result.may_break {
        words.push_str(&format!("; at 95 %, up to {} of runs may still break it", share(part)));
    }
    words
}

impl Judgement {
    /// Says the interval beside the bound, or why it is none; `None` if there are too few runs for one.
    pub fn interval_words(&self, unit: Unit) -> Option<String> {
        let degenerate = degenerate(self.scatter);
        self.interval.map(|interval| interval_words(&interval.into(), degenerate.as_ref(), self.is_clear, unit))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_hundreds_of_runs_are_called_all_and_a_handful_shows_nothing() {
        use ObjectiveStanding::{Always, Met, Missed, Never, Open};
        // Wilson's bound on the share of misses falls below 1 % at 381 runs.
        for (met, runs, expected) in
            [(381, 381, Always), (380, 380, Met), (29, 29, Open), (0, 381, Never), (0, 30, Missed), (29, 30, Open)]
        {
            assert_eq!(standing(met, runs), expected, "{met} of {runs}");
        }
    }
}
