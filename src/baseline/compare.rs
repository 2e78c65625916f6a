//! Two baselines, then and now: whether the bytes are the same, and whether any headline metric is better or worse.
//!
//! A metric is **worse** (or better) if its signed ranks are no chance (all metrics of all designs together are wrong about
//! that in at most one comparison of a thousand, [`LEVEL`]) and the difference is larger than its [`tolerance`]. It is the
//! **same** if nothing differs, or if the 99 % interval of the mean difference lies within the tolerance. Otherwise there
//! are **not enough runs** to tell.

use super::enough::{LEVEL, TooFewInCommon, runs_needed};
use super::settings::{Change, changes};
use super::{Baseline, BaselineRun, DesignRuns};
use crate::stats::{Estimate, SignedRank, holm, mean, mean_interval, signed_rank};
use crate::study::{Direction, MetricTable, Unit};

/// Level of the interval of a difference.
const INTERVAL: f64 = 0.99;
/// Part of the old mean by which a metric may differ and still be called the same; of a share, part of what is nearer: the
/// share itself or what is missing to a whole.
const TOLERATED: f64 = 0.05;

/// Then and now.
#[derive(Clone, Debug, PartialEq)]
pub struct BaselineComparison {
    /// Keys of the scenario whose values are not what they were.
    pub changes: Vec<Change>,
    /// Set if there are fewer runs than any difference needs to be claimed.
    pub too_few: Option<TooFewInCommon>,
    /// Equality of the bytes.
    pub exact: Exact,
    /// Designs of both, by name.
    pub designs: Vec<DesignCompared>,
    /// Designs that are there no more.
    pub gone: Vec<String>,
    /// Designs that were not there.
    pub new: Vec<String>,
    /// Metrics that are kept no more.
    pub metrics_gone: Vec<String>,
}

/// Equality of the bytes of the runs that both have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Exact {
    /// Version, scenario or seed are not the same, so that the bytes need not be: what has changed, then and now.
    Changed(Vec<(&'static str, String, String)>),
    /// All `runs` runs gave the same.
    Same {
        /// Runs of all designs together.
        runs: u64,
    },
    /// Some did not, though version, scenario and seed are the same.
    Different {
        /// Design of the first.
        design: String,
        /// Its run number.
        run: u64,
        /// Number of runs that differ.
        different: u64,
        /// Of how many.
        runs: u64,
    },
}

/// The metrics of one design.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignCompared {
    /// Name of the design.
    pub name: String,
    /// Runs that both have.
    pub runs: u64,
    /// Of them, runs whose digests differ.
    pub different: u64,
    /// One per metric that both keep.
    pub metrics: Vec<Compared>,
}

/// One metric of one design. Differences are now - then.
#[derive(Clone, Debug, PartialEq)]
pub struct Compared {
    /// Position in the metric table.
    pub metric: usize,
    /// Pairs: runs to which it applies then and now.
    pub pairs: u64,
    /// Pairs that are not equal.
    pub different: u64,
    /// Mean then, over the pairs; `None` if any was beyond the horizon.
    pub was: Option<f64>,
    /// Mean now.
    pub is: Option<f64>,
    /// Mean difference with its 99 % interval; `None` with fewer than two pairs or any beyond the horizon.
    pub difference: Option<Estimate>,
    /// Pairs of which one, or both, lies beyond the horizon.
    pub censored: u64,
    /// Least difference that matters: a smaller one is no regression.
    pub tolerance: f64,
    /// Conclusion from the difference and its interval.
    pub verdict: MetricVerdict,
}

/// Conclusion about one metric.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MetricVerdict {
    /// It is better than it was.
    Better,
    /// It is worse than it was.
    Worse,
    /// It is as it was, within the tolerance.
    Same,
    /// It may be any of these.
    NotEnoughRuns {
        /// Least number of runs with which a difference could be claimed.
        needed: u64,
    },
}

/// Returns the least difference from a mean of `was` that matters: a twentieth of it, and at least a second, a
/// millisecond, one thing, or a hundredth of a point.
pub fn tolerance(was: f64, unit: Unit) -> f64 {
    let (size, least) = match unit {
        Unit::Share => (was.min(1.0 - was).max(0.0), 0.0001),
        Unit::Seconds | Unit::Milliseconds | Unit::Count => (was.abs(), 1.0),
        Unit::PerRequest => (was.abs(), 0.01),
        Unit::Bytes | Unit::BytesPerSecond | Unit::Hours | Unit::Money => (was.abs(), 0.0),
    };
    (TOLERATED * size).max(least)
}

/// Compares `now` with `then`; `metrics` are those of now.
///
/// ```
/// use std::sync::atomic::AtomicBool;
///
/// use firedrill::baseline::{Baseline, Exact, compare};
/// use firedrill::scenario::{LoadOptions, Scenario};
/// use firedrill::study::{self, StudySpec};
///
/// let starter = include_str!("../../assets/starter.toml");
/// let loaded = Scenario::parse(starter, "starter.toml", &LoadOptions::default())?;
/// let settings = loaded.scenario.resolved();
/// let mut spec = StudySpec::new(loaded.scenario);
/// spec.runs = Some(2);
/// let outcome = study::run(&spec.prepare()?, |_| (), &AtomicBool::new(false))?;
///
/// let then: Baseline = Baseline::of(&outcome, settings.clone()).to_text().parse()?;
/// let comparison = compare(&then, &Baseline::of(&outcome, settings), &outcome.metrics);
/// assert!(comparison.changes.is_empty());
/// assert!(matches!(comparison.exact, Exact::Same { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn compare(then: &Baseline, now: &Baseline, metrics: &MetricTable) -> BaselineComparison {
    let only = |these: &[DesignRuns], those: &[DesignRuns]| -> Vec<String> {
        let unknown = |design: &&DesignRuns| those.iter().all(|other| other.name != design.name);
        these.iter().filter(unknown).map(|design| design.name.clone()).collect()
    };
    let columns: Vec<ComparedColumn> =
        now.metrics.iter().filter_map(|name| ComparedColumn::of(name, then, now, metrics)).collect();
    let designs: Vec<Shared<'_>> = now
        .designs
        .iter()
        .filter_map(|is| Some(Shared::of(then.designs.iter().find(|was| was.name == is.name)?, is)))
        .collect();
    let mut tests: Vec<Tested> = Vec::new();
    for design in &designs {
        tests.extend(columns.iter().map(|column| Tested::of(design, column, metrics)));
    }
    let chances: Vec<f64> = tests.iter().map(|test| test.ranks.p).collect();
    let needed = runs_needed(chances.len());
    let claimed = holm(&chances, LEVEL);
    let mut compared = tests.into_iter().zip(claimed).map(|(test, claimed)| test.judged(claimed, needed, metrics));
    let exact = exact(then, now, &designs);
    BaselineComparison {
        changes: changes(&then.settings, &now.settings),
        too_few: too_few(&exact, &designs, needed),
        exact,
        gone: only(&then.designs, &now.designs),
        new: only(&now.designs, &then.designs),
        metrics_gone: then.metrics.iter().filter(|name| !now.metrics.contains(name)).cloned().collect(),
        designs: designs
            .iter()
            .map(|design| DesignCompared {
                name: design.name.to_owned(),
                runs: design.pairs.len() as u64,
                different: design.different().count() as u64,
                metrics: compared.by_ref().take(columns.len()).collect(),
            })
            .collect(),
    }
}

/// Runs that give the same bytes are the same without any test.
fn too_few(exact: &Exact, designs: &[Shared<'_>], needed: u64) -> Option<TooFewInCommon> {
    let runs = designs.iter().map(|design| design.pairs.len() as u64).max()?;
    let is_same = matches!(exact, Exact::Same { runs: 1.. });
    (!is_same && runs < needed).then_some(TooFewInCommon { runs, needed })
}

/// A metric that both baselines keep.
struct ComparedColumn {
    metric: usize,
    then: usize,
    now: usize,
}

impl ComparedColumn {
    fn of(name: &String, then: &Baseline, now: &Baseline, metrics: &MetricTable) -> Option<Self> {
        let place = |kept: &[String]| kept.iter().position(|one| one == name);
        Some(ComparedColumn { metric: metrics.position(name)?, then: place(&then.metrics)?, now: place(&now.metrics)? })
    }
}

/// The runs of one design that both baselines have, then and now.
struct Shared<'a> {
    name: &'a str,
    pairs: Vec<(&'a BaselineRun, &'a BaselineRun)>,
}

impl<'a> Shared<'a> {
    fn of(then: &'a DesignRuns, now: &'a DesignRuns) -> Self {
        let pair = |is: &'a BaselineRun| Some((then.runs.iter().find(|was| was.run == is.run)?, is));
        Shared { name: &now.name, pairs: now.runs.iter().filter_map(pair).collect() }
    }

    fn different(&self) -> impl Iterator<Item = u64> {
        self.pairs.iter().filter(|(was, is)| was.digest != is.digest).map(|(was, _)| was.run)
    }
}

fn exact(then: &Baseline, now: &Baseline, designs: &[Shared<'_>]) -> Exact {
    let stated = [
        ("firedrill", &then.version, &now.version),
        ("scenario", &then.scenario, &now.scenario),
        ("sha256", &then.hash, &now.hash),
        ("seed", &then.seed.to_string(), &now.seed.to_string()),
    ];
    let changed: Vec<_> = stated
        .into_iter()
        .filter(|(_, was, is)| was != is)
        .map(|(key, was, is)| (key, was.clone(), is.clone()))
        .collect();
    if !changed.is_empty() {
        return Exact::Changed(changed);
    }
    let runs = designs.iter().map(|design| design.pairs.len() as u64).sum();
    let mut different = designs.iter().flat_map(|design| design.different().map(|run| (design.name, run)));
    match different.next() {
        None => Exact::Same { runs },
        Some((design, run)) => {
            Exact::Different { design: design.to_owned(), run, different: 1 + different.count() as u64, runs }
        }
    }
}

/// One metric of one design, before it is known what the other tests say.
struct Tested {
    compared: Compared,
    ranks: SignedRank,
    /// Mean difference; the median if any lies beyond the horizon.
    size: f64,
}

impl Tested {
    fn of(design: &Shared<'_>, column: &ComparedColumn, metrics: &MetricTable) -> Self {
        let pair = |&(was, is): &(&BaselineRun, &BaselineRun)| was.values[column.then].ordered(is.values[column.now]);
        let pairs: Vec<(f64, f64)> = design.pairs.iter().filter_map(pair).collect();
        let (was, is): (Vec<f64>, Vec<f64>) = pairs.iter().copied().unzip();
        // Both beyond the horizon is a tie.
        let mut differences: Vec<f64> = pairs.iter().map(|(was, is)| if was == is { 0.0 } else { is - was }).collect();
        let ranks = signed_rank(&differences);
        let censored = pairs.iter().filter(|(was, is)| was.is_infinite() || is.is_infinite()).count() as u64;
        let finite = |values: &[f64]| mean(values).filter(|mean| mean.is_finite());
        let (was, is) = (finite(&was), finite(&is));
        let difference = if censored == 0 { mean_interval(&differences, INTERVAL) } else { None };
        let size = match censored {
            0 => mean(&differences).unwrap_or(0.0),
            _ => {
                differences.sort_by(f64::total_cmp);
                differences[differences.len() / 2]
            }
        };
        let compared = Compared {
            metric: column.metric,
            pairs: pairs.len() as u64,
            different: ranks.nonzero,
            was,
            is,
            difference,
            censored,
            tolerance: tolerance(was.unwrap_or(0.0), metrics.all()[column.metric].unit),
            verdict: MetricVerdict::Same,
        };
        Tested { compared, ranks, size }
    }

    /// `claimed` says whether the signed ranks, among all those tested, are no chance.
    fn judged(self, claimed: bool, needed: u64, metrics: &MetricTable) -> Compared {
        let Tested { compared, ranks, size } = self;
        let tolerance = compared.tolerance;
        let within = |interval: Estimate| -tolerance <= interval.low && interval.high <= tolerance;
        let more_is_better = metrics.all()[compared.metric].better == Direction::More;
        let verdict = match () {
            () if ranks.nonzero == 0 => MetricVerdict::Same,
            () if claimed && size.abs() > tolerance && ranks.positive == (size > 0.0) => {
                if ranks.positive == more_is_better { MetricVerdict::Better } else { MetricVerdict::Worse }
            }
            () if compared.difference.is_some_and(within) => MetricVerdict::Same,
            () => MetricVerdict::NotEnoughRuns { needed },
        };
        Compared { verdict, ..compared }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{baseline, study};
    use super::*;
    use crate::study::StudyOutcome;

    fn against(then: &StudyOutcome, now: &StudyOutcome) -> BaselineComparison {
        compare(&baseline(then), &baseline(now), &now.metrics)
    }

    fn verdict(comparison: &BaselineComparison, now: &StudyOutcome, metric: &str) -> MetricVerdict {
        let position = now.metrics.position(metric).unwrap();
        comparison.designs[0].metrics.iter().find(|one| one.metric == position).unwrap().verdict
    }

    /// Between 5 and 14 seconds of downtime, different from run to run and from `salt` to `salt`.
    fn noisy(salt: u64) -> impl Fn(u64) -> u32 {
        // SplitMix64's finaliser.
        let mixed = |mut z: u64| {
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        };
        move |run| 5 + (mixed(mixed(salt + 1) ^ run) % 10) as u32
    }

    #[test]
    fn the_same_again_differs_by_exactly_nothing() {
        let outcome = study(20, noisy(1));
        let comparison = against(&outcome, &outcome);
        assert_eq!(comparison.exact, Exact::Same { runs: 20 });
        for metric in &comparison.designs[0].metrics {
            assert_eq!((metric.verdict, metric.was), (MetricVerdict::Same, metric.is));
            assert!(metric.difference.is_none_or(|difference| difference.point == 0.0 && difference.high == 0.0));
        }
    }

    #[test]
    fn better_and_worse_are_told_and_which_way() {
        let (then, now) = (study(20, noisy(1)), study(20, |run| noisy(1)(run) + 6));
        let comparison = against(&then, &now);
        assert!(matches!(comparison.exact, Exact::Different { run: 0, different: 20, runs: 20, .. }));
        assert_eq!(verdict(&comparison, &now, "downtime_s"), MetricVerdict::Worse);
        assert_eq!(verdict(&comparison, &now, "availability_requests"), MetricVerdict::Worse);
        assert_eq!(verdict(&comparison, &now, "writes_lost"), MetricVerdict::Same);
        let back = against(&now, &then);
        assert_eq!(verdict(&back, &then, "downtime_s"), MetricVerdict::Better);
        assert_eq!(verdict(&back, &then, "availability_requests"), MetricVerdict::Better);
    }

    #[test]
    fn a_difference_within_the_tolerance_is_the_same_however_sure() {
        let (then, now) = (study(30, |_| 20), study(30, |_| 21));
        assert_eq!(verdict(&against(&then, &now), &now, "downtime_s"), MetricVerdict::Same);
        let now = study(30, |_| 22);
        assert_eq!(verdict(&against(&then, &now), &now, "downtime_s"), MetricVerdict::Worse);
    }

    #[test]
    fn too_few_runs_are_said_with_the_number_needed() {
        let (then, now) = (study(5, noisy(1)), study(5, |run| noisy(1)(run) + 6));
        let MetricVerdict::NotEnoughRuns { needed } = verdict(&against(&then, &now), &now, "downtime_s") else {
            panic!("five runs claim nothing");
        };
        assert!((12..20).contains(&needed), "{needed}");
        assert_eq!(against(&then, &now).too_few, Some(TooFewInCommon { runs: 5, needed }));
        assert_eq!(against(&then, &then).too_few, None, "the same bytes need no test");
        assert_eq!(baseline(&then).too_few(), Some(TooFewInCommon { runs: 5, needed }));
        let enough = (study(needed, noisy(1)), study(needed, |run| noisy(1)(run) + 6));
        assert_eq!(verdict(&against(&enough.0, &enough.1), &enough.1, "downtime_s"), MetricVerdict::Worse);
        assert_eq!((against(&enough.0, &enough.1).too_few, baseline(&enough.0).too_few()), (None, None));
    }

    #[test]
    fn runs_are_paired_by_number_and_only_those_of_both() {
        let (then, now) = (study(20, noisy(1)), study(30, noisy(1)));
        assert_eq!(against(&then, &now).exact, Exact::Same { runs: 20 });
    }

    #[test]
    fn two_hundred_checks_of_equals_raise_no_alarm() {
        for salt in 0..crate::cases::cases(200, 40) {
            let (then, now) = (study(20, noisy(2 * salt)), study(20, noisy(2 * salt + 1)));
            for metric in &against(&then, &now).designs[0].metrics {
                assert!(
                    matches!(metric.verdict, MetricVerdict::Same | MetricVerdict::NotEnoughRuns { .. }),
                    "salt {salt}: {:?}",
                    now.metrics.all()[metric.metric].name
                );
            }
        }
    }

    #[test]
    fn tolerances_follow_the_unit() {
        assert_eq!(tolerance(100.0, Unit::Seconds), 5.0);
        assert_eq!(tolerance(3.0, Unit::Seconds), 1.0);
        assert!((tolerance(0.98, Unit::Share) - 0.001).abs() < 1e-12);
        assert_eq!(tolerance(1.0, Unit::Share), 0.0001);
    }
}
