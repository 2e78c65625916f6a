//! Downtime by threshold: how long success is under each of several shares.
//!
//! The higher the threshold, the more requests a window must hold before its share of success means anything. So each threshold
//! is judged in windows of its own, which join as many of the study's windows as it takes; how many follows from the scenario
//! and is the same for all designs and runs. Left out: geographies, reads and writes, whose traffic is thinner.

use super::view::VisitorView;
use super::windows::counts;
use crate::model::RunOutcome;
use crate::results::words::count;
use crate::scenario::{Scenario, requests_needed};
use crate::units::SimDuration;
use crate::units::words::duration;

/// Thresholds of the table and the chart: metric, share of success.
const TABLE: [(&str, f64); 6] = [
    ("downtime_under_50_s", 0.5),
    ("downtime_under_80_s", 0.8),
    ("downtime_under_90_s", 0.9),
    ("downtime_under_95_s", 0.95),
    ("downtime_under_99_s", 0.99),
    ("downtime_under_99_9_s", 0.999),
];

/// Metric of the downtime at half the error budget.
const HALF_BUDGET: &str = "downtime_at_half_budget_s";
/// Metric of the downtime at twice the error budget.
const TWICE_BUDGET: &str = "downtime_at_twice_budget_s";

/// Metric of the downtime at the whole error budget, in the windows of the two above.
const BUDGET: &str = "downtime_at_budget_s";

/// Number of thresholds.
pub(crate) const COUNT: usize = TABLE.len() + 3;

/// Names and titles of the metrics, in the order of [`Thresholds::downtimes`].
pub(crate) fn metrics() -> [(&'static str, String); COUNT] {
    std::array::from_fn(|place| match TABLE.get(place) {
        Some((name, share)) => {
            (*name, format!("downtime under {} % success", crate::units::words::significant(100.0 * share, 3)))
        }
        None if place == TABLE.len() => (HALF_BUDGET, "downtime at half the error budget".to_owned()),
        None if place == TABLE.len() + 1 => (TWICE_BUDGET, "downtime at twice the error budget".to_owned()),
        None => (BUDGET, "downtime at the error budget".to_owned()),
    })
}

/// The part of measured time that windows of a threshold may take at most, as a divisor.
const LEAST_WINDOWS: u64 = 10;

/// No run is advised to be as long as this: a hundred years, in seconds.
const MOST_HORIZON_S: f64 = 100.0 * 365.25 * 86_400.0;

/// Room for the rounding of a quotient.
const ROUNDING: f64 = 1e-9;

/// A share of success under which a window counts as downtime.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Threshold {
    /// Name of the metric that has its downtime.
    pub metric: &'static str,
    /// The share.
    pub share: f64,
    /// Length of its windows; `None`: it is left out, since they would be longer than a tenth of measured time.
    pub window: Option<SimDuration>,
}

/// The thresholds of a study.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Thresholds {
    all: [Threshold; COUNT],
    /// Length of the study's own windows.
    window: SimDuration,
    /// Requests expected in one of them.
    requests: f64,
    /// Measured time.
    measured: SimDuration,
    /// Time of a run that is not measured: warm-up and patience.
    unmeasured: SimDuration,
}

impl Thresholds {
    /// Works out the windows of every threshold for `scenario`.
    pub(crate) fn of(scenario: &Scenario) -> Self {
        let study = &scenario.study;
        let slo = study.slo;
        let window = scenario.window();
        let ends = study.warmup.as_nanos() + scenario.longest_patience().as_nanos();
        let measured = SimDuration::from_nanos(study.horizon.as_nanos().saturating_sub(ends));
        let requests = scenario.request_rate() * window.as_secs_f64();
        let of = |share| width(share, requests, window, measured);
        let [half, twice] = [(1.0 + slo) / 2.0, 2.0 * slo - 1.0];
        // What is compared is counted in the same windows, so that the higher threshold never has less downtime.
        let longest = [half, slo, twice].into_iter().filter_map(of).max();
        let of_budget = |share| of(share).and(longest);
        let all = std::array::from_fn(|place| match TABLE.get(place) {
            Some(&(metric, share)) => Threshold { metric, share, window: of(share) },
            None if place == TABLE.len() => Threshold { metric: HALF_BUDGET, share: half, window: of_budget(half) },
            None if place == TABLE.len() + 1 => {
                Threshold { metric: TWICE_BUDGET, share: twice, window: of_budget(twice) }
            }
            None => Threshold { metric: BUDGET, share: slo, window: of_budget(slo) },
        });
        Thresholds { all, window, requests, measured, unmeasured: SimDuration::from_nanos(ends) }
    }

    /// Returns the length of the windows of a metric, if that is a downtime by threshold and they are not the study's own.
    pub(crate) fn other_windows(&self, metric: &str) -> Option<SimDuration> {
        let window = self.all.iter().find(|threshold| threshold.metric == metric)?.window;
        window.filter(|window| *window != self.window)
    }

    /// Returns why the metric of this name is not computed, and what to do about it; `None` if it is, or is of another kind.
    pub(crate) fn left_out(&self, metric: &str) -> Option<String> {
        let Threshold { share, window: None, .. } = *self.all.iter().find(|threshold| threshold.metric == metric)?
        else {
            return None;
        };
        if share <= 0.0 {
            return Some(format!("{metric} is not computed: twice the error budget is all requests; raise study.slo"));
        }
        let needed = requests_needed(share);
        let shorter = joined(share, self.requests) * self.window.as_secs_f64();
        let horizon = LEAST_WINDOWS as f64 * shorter + self.unmeasured.as_secs_f64();
        if horizon >= MOST_HORIZON_S {
            return Some(format!(
                "{metric} is not computed: no run is long enough for windows in which {} requests are expected; {}",
                count(needed.round()),
                "take a lower threshold, or more sessions"
            ));
        }
        Some(format!(
            "{metric} is not computed: a window of {} requests takes {}, more than a tenth of the {} that are measured; let \
             study.horizon be {} or more, have more sessions, or take a lower threshold",
            count(needed.round()),
            duration(shorter),
            duration(self.measured.as_secs_f64()),
            SimDuration::from_secs(horizon.ceil() as u64),
        ))
    }

    /// Returns the thresholds from 50 to 99.9 %, in ascending order.
    pub fn table(&self) -> &[Threshold] {
        &self.all[..TABLE.len()]
    }

    /// Returns the threshold that leaves half the error budget of the service level.
    pub fn half_budget(&self) -> &Threshold {
        &self.all[TABLE.len()]
    }

    /// Returns the threshold that leaves twice the error budget of the service level.
    pub fn twice_budget(&self) -> &Threshold {
        &self.all[TABLE.len() + 1]
    }

    /// Returns the service level itself, in the windows of half and twice the error budget.
    pub fn budget(&self) -> &Threshold {
        &self.all[TABLE.len() + 2]
    }

    /// Returns the downtime of `run` under each threshold that is not left out.
    pub(crate) fn downtimes(&self, run: &RunOutcome) -> [Option<SimDuration>; COUNT] {
        let windows: Vec<[u64; 2]> =
            (0..run.windows.len).map(|window| counts(run, window, VisitorView::WHOLE)).collect();
        self.all.map(|threshold| threshold.window.map(|window| under(run, &windows, threshold.share, window)))
    }
}

/// Returns the shortest multiple of `window` that holds enough requests for the threshold `share`, where `requests` are
/// expected in one; `None` if there is none of at most a tenth of `measured` time.
fn width(share: f64, requests: f64, window: SimDuration, measured: SimDuration) -> Option<SimDuration> {
    if share <= 0.0 {
        return None;
    }
    let joined = joined(share, requests);
    let most = measured.as_nanos() / LEAST_WINDOWS / window.as_nanos();
    (joined <= most as f64).then(|| window.times(joined as u64))
}

/// Returns how many windows, with `requests` expected in each, hold enough of them for the threshold `share`.
fn joined(share: f64, requests: f64) -> f64 {
    (requests_needed(share) / requests * (1.0 - ROUNDING)).ceil().max(1.0)
}

/// Returns the total length of the windows of length `width` in which the share that succeeds is under `share`. What is left at
/// the end of measured time, if it is shorter, belongs to the window before it. Windows without requests do not count.
fn under(run: &RunOutcome, windows: &[[u64; 2]], share: f64, width: SimDuration) -> SimDuration {
    let measured = run.span.to.since(run.span.from);
    let joined = (width.as_nanos() / run.span.window.as_nanos()).max(1) as usize;
    let last = (windows.len() / joined).max(1) - 1;
    let mut downtime = SimDuration::ZERO;
    for place in 0..=last {
        let from = place * joined;
        let to = if place == last { windows.len() } else { from + joined };
        let [succeeded, failed] = windows[from..to].iter().fold([0, 0], |sum, one| [sum[0] + one[0], sum[1] + one[1]]);
        let total = succeeded + failed;
        if total > 0 && (succeeded as f64 / total as f64) < share {
            let end = run.span.window.times(to as u64).min(measured);
            downtime += end - run.span.window.times(from as u64);
        }
    }
    downtime
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::synthetic;

    fn seconds(secs: u64) -> Option<SimDuration> {
        Some(SimDuration::from_secs(secs))
    }

    /// The thresholds of 40 s in windows of 1 s with `rate` requests each.
    fn thresholds(rate: f64, slo: f64) -> Thresholds {
        let mut scenario = synthetic::scenario(&["one"]);
        (scenario.geographies[0].session_rate, scenario.study.slo) = (rate, slo);
        Thresholds::of(&scenario)
    }

    fn widths(thresholds: &Thresholds) -> Vec<Option<SimDuration>> {
        thresholds.all.iter().map(|threshold| threshold.window).collect()
    }

    #[test]
    fn windows_hold_ten_failures_at_their_threshold_or_are_left_out() {
        // Needed: 20, 50, 100, 200, 1,000, 10,000; at half and twice the budget of 5 %: 400 and 100. At most 4 s.
        assert_eq!(
            widths(&thresholds(100.0, 0.95)),
            [seconds(1), seconds(1), seconds(1), seconds(2), None, None, seconds(4), seconds(4), seconds(4)]
        );
        assert_eq!(
            widths(&thresholds(2_600.0, 0.95)),
            [
                seconds(1),
                seconds(1),
                seconds(1),
                seconds(1),
                seconds(1),
                seconds(4),
                seconds(1),
                seconds(1),
                seconds(1)
            ]
        );
        // With 60, half the budget takes 7 s; the service level itself takes 4 s, and so does twice the budget then.
        assert_eq!(widths(&thresholds(60.0, 0.95))[6..], [None, seconds(4), seconds(4)]);
        assert_eq!(widths(&thresholds(4.0, 0.95)), [None; COUNT]);
    }

    #[test]
    fn a_budget_that_is_none_or_doubles_to_everything_has_no_windows() {
        let all_must_succeed = thresholds(1e6, 1.0);
        assert_eq!((all_must_succeed.half_budget().window, all_must_succeed.twice_budget().window), (None, None));
        let half_may_fail = thresholds(1e6, 0.5);
        assert_eq!((half_may_fail.half_budget().share, half_may_fail.half_budget().window), (0.75, seconds(1)));
        assert_eq!(half_may_fail.twice_budget().window, None);
    }

    #[test]
    fn a_threshold_that_is_left_out_says_how_long_a_run_it_takes() {
        // 10,000 requests at 100 a second are 100 s, and ten times that 1,000 s; with 10 s of warm-up and as much patience.
        let mut scenario = synthetic::scenario(&["one"]);
        scenario.geographies[0].session_rate = 100.0;
        let short = Thresholds::of(&scenario);
        let said = short.left_out("downtime_under_99_9_s").unwrap();
        for part in ["a window of 10,000 requests takes 1 min 40 s", "let study.horizon be 17m or more"] {
            assert!(said.contains(part), "{part:?} is not in: {said}");
        }
        scenario.study.horizon = SimDuration::from_secs(1_020);
        assert_eq!(Thresholds::of(&scenario).left_out("downtime_under_99_9_s"), None);
        for other in ["downtime_under_95_s", "downtime_s"] {
            assert_eq!(short.left_out(other), None);
        }
    }

    #[test]
    fn a_budget_of_everything_or_nothing_says_what_to_change() {
        let said = |slo, metric: &str| thresholds(1e6, slo).left_out(metric).unwrap();
        assert!(said(0.5, "downtime_at_twice_budget_s").ends_with("raise study.slo"));
        assert!(said(1.0, "downtime_at_budget_s").contains("no run is long enough"));
    }

    #[test]
    fn a_run_without_windows_of_a_study_has_no_downtime() {
        let run = synthetic::run(1);
        assert_eq!(under(&run, &[[0, 0]], 0.5, run.span.window), SimDuration::ZERO);
    }

    #[test]
    fn windows_of_several_are_judged_together_and_the_last_takes_the_rest() {
        // Two and three windows of 10 s, the last of them 5 s long: 90 of 100 and 100 of 150 succeed.
        let run = synthetic::run_with_windows(10, 45, &[[50, 0], [40, 10], [50, 0], [50, 0], [0, 50]]);
        let windows: Vec<[u64; 2]> = (0..5).map(|window| counts(&run, window, VisitorView::WHOLE)).collect();
        let under = |share: f64, width: u64| under(&run, &windows, share, SimDuration::from_secs(width));
        assert_eq!(under(0.9, 20), SimDuration::from_secs(25), "90 % is not under 90 %");
        assert_eq!(under(0.95, 20), SimDuration::from_secs(45));
        assert_eq!(under(0.5, 20), SimDuration::ZERO);
        // One by one: 80 % in the second, none in the last.
        assert_eq!(under(0.9, 10), SimDuration::from_secs(15));
        assert_eq!(under(0.5, 10), SimDuration::from_secs(5));
    }
}
