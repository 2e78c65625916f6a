//! The front of a sweep: cost against recovery time against data loss, and what is dominated.
//!
//! One entry (a design at a point) **dominates** another if it is better in one of the three and not worse in the others. Both
//! are judged by the differences run by run, since all entries meet the same visitors and faults: better means that the
//! interval of the difference excludes zero and that the difference counts (see `weight`); not worse, that the interval excludes
//! any difference that counts. The intervals are so wide (Bonferroni, over all others and the three measures) that everything
//! said of one entry is right together at 95 %. What they leave open is said to be open, and so is what differences say that hardly
//! vary (see `stats::evidence`): the share of runs of a kind not seen is bounded at 95 % for each of those.
//!
//! A run whose incidents no request met tells nothing of recovery or of lost writes. It is left out of all entries, since they are
//! compared run by run. An entry of which that would leave out too many is itself left out of all comparisons.

use super::sweep::Sweep;
use crate::results::Claim;
use crate::stats::{
    Estimate, Evidence, LEVEL, Scatter, mean, mean_interval, paired, scatter, student_t_quantile, variance,
};
use crate::study::compare::evidence::evidence;
use crate::study::compare::weight::least_difference;
use crate::study::design::DesignOutcome;
use crate::study::metric::definition::Metric;
use crate::study::outcome::StudyOutcome;
use crate::study::record::keep::KeepError;
use crate::study::statistics::attendance::Attendance;

/// Metrics that a front weighs against each other: cost, recovery time, data loss.
pub const FRONT: [&str; 3] = ["cost_per_month", "recovery_time_s", "writes_lost"];

/// One design at one point, and what it costs to be so.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontEntry {
    /// Place of the point.
    pub point: usize,
    /// Place of the design.
    pub design: usize,
    /// Its measures of [`FRONT`].
    pub measures: [FrontMeasure; 3],
    /// In how many runs requests met the incidents.
    pub attendance: Attendance,
    /// True if another entry is better; open if requests met the incidents in too few runs.
    pub standing: FrontierStanding,
}

/// One measure of an entry. A run in which there is nothing to recover from has a recovery time of 0 here.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FrontMeasure {
    /// The mean; infinite if it lies beyond the horizon in any run.
    pub mean: f64,
    /// Its interval; `None` of one run, and where the mean is infinite.
    pub interval: Option<Estimate>,
    /// Scatter that the interval is made of: whether it is one to be trusted.
    pub scatter: Scatter,
}

/// Where an entry stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrontierStanding {
    /// Another entry is better in one of the three, and not worse in the others.
    Dominated {
        /// Its place among the entries.
        by: usize,
    },
    /// No other entry is.
    NotDominated,
    /// The intervals leave it open.
    Open,
}

impl FrontierStanding {
    /// Name in files.
    pub const fn name(self) -> &'static str {
        match self {
            FrontierStanding::Dominated { .. } => "dominated",
            FrontierStanding::NotDominated => "not_dominated",
            FrontierStanding::Open => "cannot_tell",
        }
    }
}

/// One entry's three measures, run by run.
type Measures = [Vec<f64>; 3];

impl Sweep {
    /// Every design at every point with its measures of [`FRONT`] and its standing; `None` without prices.
    ///
    /// # Errors
    /// If the runs cannot be had back from where they are kept.
    pub fn front(&self) -> Result<Option<Vec<FrontEntry>>, KeepError> {
        let front = self.entries();
        self.check()?;
        Ok(front)
    }

    fn entries(&self) -> Option<Vec<FrontEntry>> {
        let first = &self.points[0].outcome;
        let metric = |name: &str| first.metrics.position(name).map(|position| &first.metrics.all()[position]);
        let metrics = [metric(FRONT[0])?, metric(FRONT[1])?, metric(FRONT[2])?];
        let points = self.points.iter().enumerate();
        let of_point = points.flat_map(|(point, at)| (0..at.outcome.designs.len()).map(move |design| (point, design)));
        let places: Vec<(usize, usize)> = of_point.collect();
        let found = |place: &(usize, usize)| &self.points[place.0].outcome.designs[place.1];
        let attendances: Vec<Attendance> = places.iter().map(|place| Attendance::of(&found(place).rows)).collect();
        let unattended: Vec<Vec<bool>> = places.iter().map(|place| found(place).rows.unattended()).collect();
        // Of the entries that are compared, each in the same runs.
        let is_told = |run: &usize| {
            let mut compared = unattended.iter().zip(&attendances).filter(|(_, attendance)| attendance.is_enough());
            compared.all(|(unattended, _)| unattended.get(*run).is_none_or(|unattended| !unattended))
        };
        let runs: Vec<usize> = (0..first.designs.first()?.rows.len()).filter(is_told).collect();
        let mut all: Vec<Measures> = Vec::new();
        for place in &places {
            let outcome = &self.points[place.0].outcome;
            let by_run = |metric| by_run(outcome, found(place), metric, &runs);
            all.push([by_run(FRONT[0])?, by_run(FRONT[1])?, by_run(FRONT[2])?]);
        }
        let compared: Vec<usize> = (0..places.len()).filter(|entry| attendances[*entry].is_enough()).collect();
        let measures: Vec<Measures> = compared.iter().map(|entry| all[*entry].clone()).collect();
        let mut standing = vec![FrontierStanding::Open; places.len()];
        for (entry, found) in compared.iter().zip(standings(metrics, &measures)) {
            standing[*entry] = match found {
                FrontierStanding::Dominated { by } => FrontierStanding::Dominated { by: compared[by] },
                other => other,
            };
        }
        let entry = |place: usize| FrontEntry {
            point: places[place].0,
            design: places[place].1,
            measures: [0, 1, 2].map(|measure| measure_of(&all[place][measure])),
            attendance: attendances[place],
            standing: standing[place],
        };
        Some((0..places.len()).map(entry).collect())
    }
}

/// Returns the values of a metric in `runs`, with 0 where it does not apply: there was nothing to recover from.
fn by_run(outcome: &StudyOutcome, design: &DesignOutcome, metric: &str, runs: &[usize]) -> Option<Vec<f64>> {
    let values = outcome.observations(design, metric)?;
    Some(runs.iter().map(|run| values[*run].value_or_infinity().unwrap_or(0.0)).collect())
}

fn measure_of(values: &[f64]) -> FrontMeasure {
    let scatter = scatter(&values.iter().copied().collect());
    if values.iter().any(|value| value.is_infinite()) {
        return FrontMeasure { mean: f64::INFINITY, interval: None, scatter };
    }
    FrontMeasure { mean: mean(values).unwrap_or(0.0), interval: mean_interval(values, LEVEL), scatter }
}

/// Where each entry stands.
fn standings(metrics: [&Metric; 3], all: &[Measures]) -> Vec<FrontierStanding> {
    let others = all.len().saturating_sub(1).max(1);
    let level = 1.0 - (1.0 - LEVEL) / (3 * others) as f64;
    let runs = all.first().map_or(0, |measures| measures[0].len());
    // The same for all pairs, and costly.
    let t = if runs < 2 { f64::INFINITY } else { student_t_quantile(level, runs as u64 - 1) };
    let judge = |one: usize, other: usize| {
        let edges = [0, 1, 2].map(|measure| {
            let pairs: Vec<(f64, f64)> =
                all[one][measure].iter().copied().zip(all[other][measure].iter().copied()).collect();
            Edge::of(metrics[measure], &pairs, t, level)
        });
        Domination::of(edges)
    };
    let mut dominators: Vec<Vec<usize>> = Vec::new();
    let mut open = Vec::new();
    for entry in 0..all.len() {
        let relations = (0..all.len()).filter(|&other| other != entry).map(|other| (other, judge(other, entry)));
        let relations: Vec<(usize, Domination)> = relations.collect();
        let of = |wanted| relations.iter().filter(move |(_, relation)| *relation == wanted).map(|(other, _)| *other);
        dominators.push(of(Domination::Dominates).collect());
        open.push(of(Domination::Open).next().is_some());
    }
    let standing = |entry: usize| {
        // One that nothing dominates in turn is the better advice.
        let best = dominators[entry].iter().find(|&&by| dominators[by].is_empty()).or(dominators[entry].first());
        match best {
            Some(&by) => FrontierStanding::Dominated { by },
            None if open[entry] => FrontierStanding::Open,
            None => FrontierStanding::NotDominated,
        }
    };
    (0..all.len()).map(standing).collect()
}

/// Relation of one entry to another: whether it dominates it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Domination {
    Dominates,
    DoesNot,
    Open,
}

impl Domination {
    fn of(edges: [Edge; 3]) -> Self {
        match () {
            () if edges.iter().all(|edge| edge.is_not_worse) && edges.iter().any(|edge| edge.is_better) => {
                Domination::Dominates
            }
            () if edges.iter().any(|edge| edge.is_worse) || edges.iter().all(|edge| edge.is_not_better) => {
                Domination::DoesNot
            }
            () => Domination::Open,
        }
    }
}

/// Bounds that are sure of one entry beside another in one measure; less is better in all three.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Edge {
    is_better: bool,
    is_not_worse: bool,
    is_worse: bool,
    is_not_better: bool,
}

impl Edge {
    fn of(metric: &Metric, pairs: &[(f64, f64)], t: f64, level: f64) -> Self {
        const UNKNOWN: Edge = Edge { is_better: false, is_not_worse: false, is_worse: false, is_not_better: false };
        let is_equal = pairs.iter().all(|(one, other)| one == other);
        if is_equal {
            let is_known = evidence(metric, pairs).is_enough();
            return Edge { is_not_worse: is_known, is_not_better: is_known, ..UNKNOWN };
        }
        if pairs.iter().any(|(one, other)| one.is_infinite() || other.is_infinite()) {
            let claim = Claim::of(&paired(pairs, level), Evidence::Enough);
            let (less, more) = (claim == Claim::FirstLess, claim == Claim::SecondLess);
            return Edge { is_better: less, is_not_worse: less, is_worse: more, is_not_better: more };
        }
        if !evidence(metric, pairs).is_enough() {
            return UNKNOWN;
        }
        let differences: Vec<f64> = pairs.iter().map(|(one, other)| one - other).collect();
        let (Some(point), Some(variance)) = (mean(&differences), variance(&differences)) else {
            return UNKNOWN;
        };
        let margin = t * (variance / pairs.len() as f64).sqrt();
        let (low, high, least) = (point - margin, point + margin, least_difference(metric, pairs));
        Edge {
            is_better: high < 0.0 && -point >= least,
            is_not_worse: high <= least,
            is_worse: low > 0.0 && point >= least,
            is_not_better: low >= -least,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::scenario::Prices;
    use crate::study::metric::table::MetricTable;
    use crate::study::run::runner::run_with;
    use crate::study::run::spec::StudySpec;
    use crate::study::synthetic;
    use crate::study::vary::sweep::SweepPoint;

    /// Standings of entries that cost, recover and lose so much in a mean run, each value scattered by `scatter`, run by run and
    /// entry by entry.
    fn standing(entries: &[[f64; 3]], scatter: f64) -> Vec<FrontierStanding> {
        standing_of(512, entries, scatter)
    }

    fn standing_of(runs: usize, entries: &[[f64; 3]], scatter: f64) -> Vec<FrontierStanding> {
        let mut scenario = synthetic::scenario(&["a"]);
        scenario.prices =
            Some(Prices { instance_hour: 1.0, database_hour: 0.0, cross_region_gb: 0.0, outages_per_month: 0.0 });
        let table = MetricTable::of(&scenario);
        let metrics = FRONT.map(|name| &table.all()[table.position(name).unwrap()]);
        let scattered = |entry: usize, measure: usize, mean: f64| {
            let sign = |run: usize| if (run >> ((entry + measure) % 5)) & 1 == 0 { 1.0 } else { -1.0 };
            (0..runs).map(|run| mean + scatter * sign(run)).collect::<Vec<f64>>()
        };
        let entries = entries.iter().enumerate();
        let all: Vec<Measures> =
            entries.map(|(entry, means)| [0, 1, 2].map(|measure| scattered(entry, measure, means[measure]))).collect();
        standings(metrics, &all)
    }

    #[test]
    fn what_is_better_in_one_and_not_worse_in_the_others_dominates() {
        let found = standing(&[[100.0, 60.0, 50.0], [100.0, 90.0, 50.0], [50.0, 200.0, 50.0]], 0.0);
        assert_eq!(
            found,
            [FrontierStanding::NotDominated, FrontierStanding::Dominated { by: 0 }, FrontierStanding::NotDominated]
        );
    }

    #[test]
    fn what_does_not_count_neither_saves_nor_condemns() {
        // Half a per cent cheaper, half a second quicker, a tenth of a write less.
        let found = standing(&[[100.0, 60.0, 0.7], [99.5, 60.5, 0.8], [100.0, 300.0, 0.75]], 0.0);
        assert_eq!(found[..2], [FrontierStanding::NotDominated; 2]);
        assert_eq!(found[2], FrontierStanding::Dominated { by: 0 });
    }

    #[test]
    fn means_that_scatter_too_much_leave_it_open() {
        let entries = [[100.0, 60.0, 50.0], [100.0, 90.0, 50.0]];
        assert_eq!(standing(&entries, 0.5), [FrontierStanding::NotDominated, FrontierStanding::Dominated { by: 0 }]);
        assert_eq!(standing(&entries, 400.0), [FrontierStanding::Open; 2]);
    }

    #[test]
    fn a_few_runs_that_differ_by_the_same_leave_it_open() {
        let entries = [[100.0, 60.0, 50.0], [100.0, 90.0, 50.0], [50.0, 200.0, 50.0]];
        // What is surely cheaper than all others is dominated by none.
        let expected = [FrontierStanding::Open, FrontierStanding::Open, FrontierStanding::NotDominated];
        assert_eq!(standing_of(4, &entries, 0.0), expected);
    }

    #[test]
    fn the_one_named_is_not_dominated_itself() {
        let found = standing(&[[100.0, 300.0, 9.0], [100.0, 200.0, 9.0], [100.0, 100.0, 9.0]], 0.0);
        let by = FrontierStanding::Dominated { by: 2 };
        assert_eq!(found, [by, by, FrontierStanding::NotDominated]);
    }

    #[test]
    fn what_never_recovers_is_dominated_by_what_does_at_the_same_price() {
        assert_eq!(
            standing(&[[100.0, f64::INFINITY, 9.0], [100.0, 100.0, 9.0]], 0.0),
            [FrontierStanding::Dominated { by: 1 }, FrontierStanding::NotDominated]
        );
    }

    /// The front of two designs in 120 runs, of which the first goes unattended in the first `unattended`; it is down for 5 s where
    /// somebody asks, the other for 8 s. Its entries are the measured recovery times with the standings.
    fn front_of(unattended: u64) -> Vec<(f64, FrontierStanding)> {
        let mut scenario = synthetic::scenario(&["one", "two"]);
        scenario.prices =
            Some(Prices { instance_hour: 1.0, database_hour: 0.0, cross_region_gb: 0.0, outages_per_month: 0.0 });
        let mut spec = StudySpec::new(scenario);
        spec.runs = Some(120);
        let simulate = |design: usize, run: u64| {
            let mut outcome = synthetic::outage(run, if design == 0 { 5 } else { 8 } + run as u32 % 2);
            if design == 0 && run < unattended {
                outcome.incidents[0] = synthetic::unattended(10);
            }
            Ok(outcome)
        };
        let outcome = run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap();
        let sweep = Sweep {
            keys: Vec::new(),
            settings: Vec::new(),
            points: vec![SweepPoint { values: Vec::new(), outcome }],
            partial: None,
        };
        sweep.front().unwrap().unwrap().iter().map(|entry| (entry.measures[1].mean, entry.standing)).collect()
    }

    #[test]
    fn a_run_whose_incident_no_request_met_has_not_recovered_at_once() {
        let [all, few, many] = [front_of(0), front_of(4), front_of(24)];
        // 5 and 6 s by turns, and 8 and 9, with two runs of each kind left out; left in they would have recovered after 0 s.
        assert_eq!([all[0].0, few[0].0, few[1].0], [5.5, 5.5, 8.5]);
        assert_eq!(
            (all[1].1, few[1].1),
            (FrontierStanding::Dominated { by: 0 }, FrontierStanding::Dominated { by: 0 })
        );
        // Of 120 runs 24 are too many: of the first nothing is known, and it dominates nobody.
        assert_eq!((many[0].1, many[1].1), (FrontierStanding::Open, FrontierStanding::NotDominated));
    }

    #[test]
    fn losing_nothing_ever_is_not_dominated_by_losing_a_little_for_less() {
        let found = standing(&[[100.0, 60.0, 0.0], [50.0, 60.0, 0.4]], 0.0);
        assert_eq!(found, [FrontierStanding::NotDominated; 2]);
    }
}
