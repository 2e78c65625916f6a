//! Downtime on the edge: where it hangs on the choice of the service level.
//!
//! A service that hovers around its level is down or up by a hair. So downtime is looked at with half and with twice the error
//! budget as well, in windows of one length, so that a higher level never has less of it. It is on the edge if its mean moves between the two by more than a quarter, by a difference that counts
//! (see `weight`) and by more than chance may do, and a pair of designs is if either of them is or if their ranking changes. Lost service has no threshold
//! and needs no such care.

use std::cmp::Ordering;
use std::fmt;

use super::comparison::PairComparison;
use super::evidence::evidence;
use super::weight::least_difference;
use crate::results::words::count;
use crate::results::{Claim, Weight};
use crate::scenario::requests_needed;
use crate::stats::{LEVEL, mean, paired};
use crate::study::design::DesignOutcome;
use crate::study::outcome::StudyOutcome;
use crate::units::SimDuration;
use crate::units::words::{duration, share};

/// The part of a downtime by which it must move to be on the edge.
const MOVES: f64 = 0.25;

/// Which downtimes of a study are on the edge.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Edges {
    /// Designs whose downtime is, in file order.
    pub designs: Vec<DesignEdge>,
    /// Pairs of designs whose comparison is, in file order.
    pub pairs: Vec<PairEdge>,
}

/// Windows that are longer than the study's, since a threshold needs more requests in each.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LongerWindows {
    /// Their length, in seconds.
    pub length_s: f64,
    /// The threshold that needs them.
    pub threshold: f64,
}

impl fmt::Display for LongerWindows {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let requests = count(requests_needed(self.threshold).round());
        write!(
            out,
            "windows of {}, as {} needs {requests} requests in each,",
            duration(self.length_s),
            share(self.threshold)
        )
    }
}

/// The downtime of a design that is on the edge.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignEdge {
    /// Name of the design.
    pub design: String,
    /// Service level of the study.
    pub slo: f64,
    /// The windows in which all of them are counted, if they are not the study's.
    pub windows: Option<LongerWindows>,
    /// Mean downtime at the service level, in seconds.
    pub mean_s: f64,
    /// Other thresholds, from the lowest, with the mean downtime at each.
    pub elsewhere: Vec<(f64, f64)>,
}

impl fmt::Display for DesignEdge {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "the SLO of {} lies where service hovers:", share(self.slo))?;
        if let Some(windows) = self.windows {
            write!(out, " in {windows} it is {},", duration(self.mean_s))?;
        }
        for (place, &(threshold, mean_s)) in self.elsewhere.iter().enumerate() {
            let would = if place == 0 { " it would be" } else { "" };
            let comma = if place == 0 { "" } else { "," };
            write!(out, "{comma} at {}{would} {}", share(threshold), duration(mean_s))?;
        }
        Ok(())
    }
}

/// The comparison of two designs' downtime that is on the edge.
#[derive(Clone, Debug, PartialEq)]
pub struct PairEdge {
    /// Name of the first design.
    pub first: String,
    /// Name of the second design.
    pub second: String,
    /// Service level of the study.
    pub slo: f64,
    /// The windows in which all of them are counted, if they are not the study's.
    pub windows: Option<LongerWindows>,
    /// Mean downtimes of both at the service level, in seconds.
    pub means_s: [f64; 2],
    /// The threshold at which they differ most from those.
    pub threshold: f64,
    /// Mean downtimes of both there.
    pub means_there_s: [f64; 2],
    /// The ranking of the two is another at some threshold.
    pub is_ranking_changed: bool,
    /// A threshold at which it is not known which of the two is down longer, where that is known at the service level.
    pub open_at: Option<f64>,
}

impl fmt::Display for PairEdge {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [first, second] = self.means_there_s.map(duration);
        let (slo, threshold) = (share(self.slo), share(self.threshold));
        write!(out, "the SLO of {slo} lies where service hovers:")?;
        if let Some(windows) = self.windows {
            let [first, second] = self.means_s.map(duration);
            write!(out, " in {windows} it is {first} against {second},")?;
        }
        write!(out, " at {threshold} it would be {first} against {second}")?;
        match self.open_at {
            _ if self.is_ranking_changed => write!(out, ", and which design is down longer changes"),
            Some(open) => write!(out, ", and which design is down longer is not known at {}", share(open)),
            None => Ok(()),
        }
    }
}

impl Edges {
    /// Finds the downtimes of `outcome` that are on the edge.
    pub fn of(outcome: &StudyOutcome) -> Self {
        let Some(levels) = Levels::of(outcome) else { return Edges::default() };
        let designs = outcome.designs.iter().filter_map(|design| levels.design(outcome, design)).collect();
        let edges = Edges { designs, pairs: Vec::new() };
        let pairs =
            outcome.comparisons.iter().filter_map(|comparison| levels.pair(outcome, comparison, &edges)).collect();
        Edges { pairs, ..edges }
    }

    /// Returns the edge of the design called `name`.
    pub fn design(&self, name: &str) -> Option<&DesignEdge> {
        self.designs.iter().find(|edge| edge.design == name)
    }

    /// Returns the edge of a pair of designs, in the order of the comparison.
    pub fn pair(&self, first: &str, second: &str) -> Option<&PairEdge> {
        self.pairs.iter().find(|edge| edge.first == first && edge.second == second)
    }
}

/// Where downtime is looked at: thresholds and places of their metrics.
struct Levels {
    /// The service level.
    slo: (f64, usize),
    /// Twice and half the error budget, where they are not left out.
    elsewhere: Vec<(f64, usize)>,
    /// The windows of them all, if they are not the study's.
    windows: Option<LongerWindows>,
}

impl Levels {
    /// Returns the levels of a study; `None` if no windows hold enough requests for the service level.
    fn of(outcome: &StudyOutcome) -> Option<Self> {
        let metrics = &outcome.metrics;
        let position = |name: &str| metrics.position(name).expect("downtimes are metrics of every study");
        let thresholds = metrics.thresholds()?;
        let slo = thresholds.budget();
        slo.window?;
        let judged = [thresholds.twice_budget(), thresholds.half_budget()].into_iter();
        let judged = judged.filter(|threshold| threshold.window.is_some());
        // More success asked for takes more requests to tell.
        let threshold = judged.clone().map(|threshold| threshold.share).fold(slo.share, f64::max);
        let longer = |window: SimDuration| LongerWindows { length_s: window.as_secs_f64(), threshold };
        Some(Levels {
            slo: (slo.share, position(slo.metric)),
            elsewhere: judged.map(|threshold| (threshold.share, position(threshold.metric))).collect(),
            windows: thresholds.other_windows(slo.metric).map(longer),
        })
    }

    /// Returns the places of the lowest and the highest threshold.
    fn ends(&self) -> Option<(usize, usize)> {
        let (slo, _) = self.slo;
        let lowest = self.elsewhere.iter().find(|level| level.0 < slo).unwrap_or(&self.slo);
        let highest = self.elsewhere.iter().find(|level| level.0 > slo).unwrap_or(&self.slo);
        (lowest.1 != highest.1).then_some((lowest.1, highest.1))
    }

    fn design(&self, outcome: &StudyOutcome, design: &DesignOutcome) -> Option<DesignEdge> {
        let (lowest, highest) = self.ends()?;
        let pairs: Vec<(f64, f64)> = values(design, lowest).into_iter().zip(values(design, highest)).collect();
        let paired = paired(&pairs, LEVEL);
        let metric = &outcome.metrics.all()[self.slo.1];
        let claim = Claim::of(&paired, evidence(metric, &pairs));
        let mean_s = mean_of(design, self.slo.1)?;
        let moves = paired.difference?.point.abs();
        // What scatter leaves open is not called an edge; what moves alike in every run, or in too few to tell, is.
        let is_chance =
            evidence(metric, &pairs).is_enough() && Weight::of(metric, &pairs, &paired, claim) != Weight::Counts;
        let is_on_edge = moves > MOVES * mean_s && moves >= least_difference(metric, &pairs) && !is_chance;
        is_on_edge.then(|| DesignEdge {
            design: design.name.clone(),
            slo: self.slo.0,
            windows: self.windows,
            mean_s,
            elsewhere: self.elsewhere.iter().filter_map(|level| Some((level.0, mean_of(design, level.1)?))).collect(),
        })
    }

    fn pair(&self, outcome: &StudyOutcome, comparison: &PairComparison, edges: &Edges) -> Option<PairEdge> {
        let designs = [&comparison.first, &comparison.second];
        let at_slo = order(comparison, self.slo.1);
        let is_turned = |level: &(f64, usize)| {
            order(comparison, level.1).zip(at_slo).is_some_and(|(there, at_slo)| there != at_slo)
        };
        let ends = self.ends().map(|(lowest, highest)| (order(comparison, lowest), order(comparison, highest)));
        let are_ends_apart = matches!(ends, Some((Some(lowest), Some(highest))) if lowest != highest);
        let is_ranking_changed = are_ends_apart || self.elsewhere.iter().any(is_turned);
        if !is_ranking_changed && designs.iter().all(|name| edges.design(name).is_none()) {
            return None;
        }
        let is_open = |level: &&(f64, usize)| order(comparison, level.1).is_none();
        let is_known = matches!(at_slo, Some(Ordering::Less | Ordering::Greater));
        let open_at = self.elsewhere.iter().find(is_open).filter(|_| is_known).map(|level| level.0);
        let means = |position: usize| {
            let of = |name: &String| mean_of(outcome.designs.iter().find(|design| design.name == *name)?, position);
            Some([of(designs[0])?, of(designs[1])?])
        };
        let means_s = means(self.slo.1)?;
        let moved = |there: [f64; 2]| (there[0] - means_s[0]).abs().max((there[1] - means_s[1]).abs());
        let telling = |one: &&(f64, usize), other: &&(f64, usize)| {
            let key = |level: &(f64, usize)| (is_turned(level), means(level.1).map_or(0.0, moved));
            let (one, other) = (key(one), key(other));
            one.0.cmp(&other.0).then(one.1.total_cmp(&other.1))
        };
        let &(threshold, position) = self.elsewhere.iter().max_by(telling)?;
        Some(PairEdge {
            first: comparison.first.clone(),
            second: comparison.second.clone(),
            slo: self.slo.0,
            windows: self.windows,
            means_s,
            threshold,
            means_there_s: means(position)?,
            is_ranking_changed,
            open_at,
        })
    }
}

/// Returns which design has less downtime at a threshold; `None` if the runs leave it open.
fn order(comparison: &PairComparison, position: usize) -> Option<Ordering> {
    let compared = &comparison.metrics[position];
    match (compared.weight, compared.claim) {
        (Weight::Little, _) => Some(Ordering::Equal),
        (Weight::Counts, Claim::FirstLess) => Some(Ordering::Less),
        (Weight::Counts, Claim::SecondLess) => Some(Ordering::Greater),
        _ => None,
    }
}

fn values(design: &DesignOutcome, position: usize) -> Vec<f64> {
    design.rows.column(position).into_iter().filter_map(crate::study::seen::observation::Observation::value).collect()
}

fn mean_of(design: &DesignOutcome, position: usize) -> Option<f64> {
    mean(&values(design, position))
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::model::RunOutcome;
    use crate::study::run::runner::run_with;
    use crate::study::run::spec::StudySpec;
    use crate::study::synthetic;

    /// 40 windows of a second with 100 requests: so many without a success, so many at 93 %, the rest well. Windows in which
    /// service fails or hovers are up to four more from run to run.
    fn run(number: u64, down: u64, hovering: u64) -> RunOutcome {
        let more = |windows: u64, draw: u64| if windows > 0 { windows + draw % 5 } else { 0 };
        let (down, hovering) = (more(down, number), more(hovering, number / 5));
        let window = |window: u64| match window {
            _ if window < down => [0, 100],
            _ if window < down + hovering => [93, 7],
            _ => [100, 0],
        };
        let mut run = synthetic::run_with_windows(1, 40, &(0..40).map(window).collect::<Vec<_>>());
        run.run = number;
        run
    }

    /// A study of designs that are so many windows down and hovering, with `rate` requests expected in each window.
    fn study(designs: &[(u64, u64)], rate: f64) -> StudyOutcome {
        let names = &["one", "two"][..designs.len()];
        let mut scenario = synthetic::scenario(names);
        scenario.geographies[0].session_rate = rate;
        let mut spec = StudySpec::new(scenario);
        spec.runs = Some(200);
        let simulate = |design: usize, number| Ok(run(number, designs[design].0, designs[design].1));
        run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap()
    }

    #[test]
    fn a_service_that_hovers_below_its_level_is_on_the_edge() {
        // 10, 11, 12, 13 or 14 s at 93 %: under 95 and 97.5 %, and not under 90 %.
        let edges = Edges::of(&study(&[(0, 10)], 1_000.0));
        assert_eq!(
            edges.design("one").unwrap().to_string(),
            "the SLO of 95 % lies where service hovers: at 90 % it would be 0 s, at 97.5 % 12 s"
        );
        assert_eq!(edges.design("one").unwrap().mean_s, 12.0);
    }

    #[test]
    fn a_downtime_that_moves_alike_in_every_run_is_on_the_edge_too() {
        // Ten seconds at 93 % in each run: 0 s under 90 %, 10 s under 95 %, and no scatter.
        for runs in [4, 200] {
            let mut scenario = synthetic::scenario(&["one"]);
            scenario.geographies[0].session_rate = 1_000.0;
            let mut spec = StudySpec::new(scenario);
            spec.runs = Some(runs);
            let simulate = |_, number| Ok(RunOutcome { run: number, ..run(0, 0, 10) });
            let outcome = run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap();
            let edges = Edges::of(&outcome);
            assert_eq!(edges.design("one").map(|edge| edge.mean_s), Some(10.0), "{runs} runs");
        }
    }

    #[test]
    fn a_service_that_is_fully_down_is_not() {
        assert_eq!(Edges::of(&study(&[(10, 0)], 1_000.0)), Edges::default());
    }

    #[test]
    fn a_downtime_that_moves_by_a_quarter_is_not_and_one_that_moves_by_more_is() {
        // Down for 20 to 24 s; hovering for 5 to 9, 7 of 29 on average; then for 6 to 10, 8 of 30.
        assert_eq!(Edges::of(&study(&[(20, 5)], 1_000.0)).designs, []);
        assert_eq!(Edges::of(&study(&[(20, 6)], 1_000.0)).designs.len(), 1);
    }

    #[test]
    fn a_ranking_that_turns_puts_the_pair_on_the_edge() {
        // At 95 % 12 s against 7 s, at 90 % 0 s against 7 s.
        let edges = Edges::of(&study(&[(0, 10), (5, 0)], 1_000.0));
        let pair = edges.pair("one", "two").unwrap();
        assert_eq!(
            pair.to_string(),
            "the SLO of 95 % lies where service hovers: at 90 % it would be 0 s against 7 s, and which design is down longer changes"
        );
        assert_eq!((pair.means_s, pair.means_there_s), ([12.0, 7.0], [0.0, 7.0]));
        assert!(edges.design("two").is_none());
    }

    #[test]
    fn all_downtimes_of_a_sentence_are_counted_in_the_same_windows() {
        // With 100 requests in a window, 97.5 % takes windows of 4 s. Alone, every fourth second at 93 % is under all three levels in
        // windows of a second, and under none in windows of 4 s, 98.25 % of which succeed: more at 95 % than at 97.5 %, were the
        // one counted in the first and the other in the second.
        let mut scenario = synthetic::scenario(&["one"]);
        scenario.geographies[0].session_rate = 100.0;
        let mut spec = StudySpec::new(scenario);
        spec.runs = Some(100);
        let simulate = |_, number: u64| {
            let is_hovering = |window: u64| window.is_multiple_of(4) && window < 20 + 4 * (number % 5);
            let windows: Vec<[u32; 2]> =
                (0..40).map(|window| if is_hovering(window) { [93, 7] } else { [100, 0] }).collect();
            Ok(RunOutcome { run: number, ..synthetic::run_with_windows(1, 40, &windows) })
        };
        let outcome = run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap();
        let mean = |name: &str| mean_of(&outcome.designs[0], outcome.metrics.position(name).unwrap());
        // 5 to 9 such seconds.
        assert_eq!((mean("downtime_s"), mean("downtime_at_half_budget_s")), (Some(7.0), Some(0.0)));
        assert_eq!(mean("downtime_at_budget_s"), Some(0.0));
        assert_eq!(Edges::of(&outcome), Edges::default());
    }

    #[test]
    fn a_pair_of_outages_is_not_on_the_edge() {
        assert_eq!(Edges::of(&study(&[(10, 0), (20, 0)], 1_000.0)).pairs, []);
    }

    #[test]
    fn a_threshold_without_windows_is_left_out_of_the_sentence() {
        // With 90 requests in a window, 97.5 % takes windows of 5 s, over a tenth of 40 s; 95 % takes 3 s. Of 8 s at 93 % two such
        // windows are under 95 % (the third has 95.3 %), of 9 to 11 s three, of 12 s four: 6, 9, 9, 9 and 12 s.
        let edges = Edges::of(&study(&[(0, 8)], 90.0));
        assert_eq!(
            edges.design("one").unwrap().to_string(),
            "the SLO of 95 % lies where service hovers: in windows of 3 s, as 95 % needs 200 requests in each, it is 9 s, at 90 % it would \
             be 0 s"
        );
        // With 5 requests all do, and nothing is known of the edge.
        assert_eq!(Edges::of(&study(&[(0, 10)], 5.0)), Edges::default());
    }
}
