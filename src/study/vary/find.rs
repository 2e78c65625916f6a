//! The tipping point: the largest or smallest value of a key with which a condition still holds, by bisection.
//!
//! Bisection trusts that what is measured goes one way over the range. Whether it does is tested on every pair of values tried,
//! run by run (see `trend`), at a level that makes all these tests right together at 95 % (Bonferroni). A change of the verdict
//! alone proves nothing: near the bound it may be chance.
//!
//! The value to rely on is chosen among several, each judged by a 95 % interval. They are judged in order, from the end of the
//! range at which the condition holds to where it tips, and the first that is not clear ends it: a fixed sequence. If the
//! metric goes one way, a wrong value is chosen only if the first value tried that truly fails is judged clear, which happens
//! once in forty times, with no correction for the values before it (Maurer, Hothorn and Lehmacher 1995). Halving alone adds a
//! second chance: where the estimate at such a value fails, a nearer one is tried. But to be clear of the bound by chance the
//! truth must be near it, and then the estimate fails about every other time, so that all chances sum to
//! 1/40 + 1/80 + 1/160 + … < 5 %. A test draws such searches. That all values tried hold, or that none does, needs no correction
//! either: it is said only if every one of them is clear.

use std::collections::BTreeMap;

use super::variation::Range;
use crate::stats::{LEVEL, TooFewRuns};
use crate::study::judge::condition::Judgement;
use crate::study::judge::trend::Trend;

/// Values looked at before bisecting, evenly spread over the range, both ends included: enough to see a condition that
/// holds, fails and holds again.
const FIRST_LOOK: u32 = 5;

/// Returns how many values a search tries at most, for so many designs: each is searched by itself after the first look.
pub fn most_values(steps: u32, designs: usize) -> u64 {
    u64::from(FIRST_LOOK) + u64::from(steps) * designs as u64
}

/// A value that was tried, and what was found there.
pub type Tried = (String, Result<Judgement, TooFewRuns>);

/// The tipping point of one design.
#[derive(Clone, Debug, PartialEq)]
pub struct TippingPoint {
    /// Where the condition tips.
    pub answer: Tips,
    /// The reversal that shows that the metric does not go one way over the range, if any does.
    pub reversal: Option<Reversal>,
    /// Every value tried, from the low end to the high one.
    pub tried: Vec<Tried>,
}

/// Where a condition tips.
#[derive(Clone, Debug, PartialEq)]
pub enum Tips {
    /// It holds up to a value, and fails at the next one tried.
    UpTo {
        /// The largest value tried up to which it holds.
        holds: String,
        /// The smallest with which it fails.
        fails: String,
    },
    /// It holds from a value on, and fails at the one tried before.
    From {
        /// The smallest value tried from which on it holds.
        holds: String,
        /// The largest with which it fails.
        fails: String,
    },
    /// It holds with every value tried.
    Everywhere,
    /// It holds with no value tried.
    Nowhere,
    /// It holds, fails, and holds again (or the other way round), and not by chance: there is no one point.
    NotMonotone,
    /// It holds, fails and holds again (or the other way round), which may be chance.
    Unclear,
    /// There are values of which the runs are too few to say anything.
    Unknown,
}

/// A reversal: the statistic surely rises between two values of the key and surely falls between two others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reversal {
    /// The smaller and the larger value between which it rises.
    pub rises: (String, String),
    /// The smaller and the larger value between which it falls.
    pub falls: (String, String),
}

/// Searches `range` in up to `steps` halvings after a first look. `judge` gives what a study at a value says; `None` ends the
/// search, and the answer is of the values tried until then.
///
/// # Errors
/// The first error of `judge`.
pub fn tipping_point<E>(
    range: &Range,
    steps: u32,
    mut judge: impl FnMut(&str) -> Result<Option<Result<Judgement, TooFewRuns>>, E>,
) -> Result<TippingPoint, E> {
    // By place in the range, in units of the finest step, so that the order is exact.
    let scale = 1_u64 << steps;
    let places = u64::from(FIRST_LOOK - 1) * scale;
    let value = |place: u64| range.at(place as f64 / places as f64);
    let mut tried: BTreeMap<u64, Tried> = BTreeMap::new();
    for look in 0..u64::from(FIRST_LOOK) {
        let at = value(look * scale);
        // A short range of whole numbers has fewer values than that.
        if tried.values().all(|(known, _)| *known != at) {
            let Some(judged) = judge(&at)? else { return Ok(point(tried)) };
            tried.insert(look * scale, (at, judged));
        }
    }
    for _ in 0..steps {
        let Some((low, high)) = tips_between(&tried) else { break };
        let middle = low + (high - low) / 2;
        let at = value(middle);
        if middle == low || at == tried[&low].0 || at == tried[&high].0 {
            break;
        }
        let Some(judged) = judge(&at)? else { break };
        tried.insert(middle, (at, judged));
    }
    Ok(point(tried))
}

fn point(tried: BTreeMap<u64, Tried>) -> TippingPoint {
    TippingPoint { answer: answer(&tried), reversal: None, tried: tried.into_values().collect() }
}

impl TippingPoint {
    /// The same with what the trends between the values tried say. `trend` gives what is sure from a smaller value to a
    /// larger one, at a level.
    #[must_use]
    pub fn weighed(mut self, trend: impl Fn(&str, &str, f64) -> Trend) -> Self {
        let values = self.tried.len();
        let pairs = (values * values.saturating_sub(1) / 2).max(1);
        let level = 1.0 - (1.0 - LEVEL) / pairs as f64;
        let (mut rises, mut falls) = (None, None);
        for (place, (larger, _)) in self.tried.iter().enumerate() {
            // The nearest pair that shows it says most.
            for (smaller, _) in self.tried[..place].iter().rev() {
                let between = || (smaller.clone(), larger.clone());
                match trend(smaller, larger, level) {
                    Trend::Rises => rises = rises.or_else(|| Some(between())),
                    Trend::Falls => falls = falls.or_else(|| Some(between())),
                    Trend::Unclear => (),
                }
            }
        }
        self.reversal = rises.zip(falls).map(|(rises, falls)| Reversal { rises, falls });
        if self.reversal.is_some() && self.changes() > 1 {
            self.answer = Tips::NotMonotone;
        }
        self
    }

    /// Counts how often the verdict changes over the values tried.
    pub fn changes(&self) -> usize {
        let verdicts: Vec<bool> =
            self.tried.iter().filter_map(|(_, judged)| judged.ok()).map(|one| one.holds).collect();
        verdicts.windows(2).filter(|pair| pair[0] != pair[1]).count()
    }

    /// The value to rely on: the last before it tips, from the end at which the condition holds, up to which the whole interval
    /// holds at every value tried. It is right in 95 % of searches if the metric goes one way.
    pub fn sure(&self) -> Option<&str> {
        let is_sure = |(_, judged): &&Tried| judged.is_ok_and(|judged| judged.holds && judged.is_clear);
        let found = match &self.answer {
            Tips::UpTo { .. } => self.tried.iter().take_while(is_sure).last(),
            Tips::From { .. } => self.tried.iter().rev().take_while(is_sure).last(),
            _ => None,
        };
        found.map(|(value, _)| value.as_str())
    }

    /// The values tried at which the interval is not clear of the bound.
    pub fn unclear(&self) -> Vec<&str> {
        let is_unclear = |(_, judged): &&Tried| !judged.is_ok_and(|judged| judged.is_clear);
        self.tried.iter().filter(is_unclear).map(|(value, _)| value.as_str()).collect()
    }

    /// Tells whether there is an answer.
    pub fn is_found(&self) -> bool {
        matches!(self.answer, Tips::UpTo { .. } | Tips::From { .. } | Tips::Everywhere)
    }
}

/// The verdicts in order of place, if every value has one.
fn verdicts(tried: &BTreeMap<u64, Tried>) -> Option<Vec<(u64, bool)>> {
    tried.iter().map(|(place, (_, judged))| judged.ok().map(|judged| (*place, judged.holds))).collect()
}

/// The neighbours between which it tips. If it holds again beyond a failure, the values beyond the first failure are not
/// trusted: it tips where it holds all the way. `None` if both ends are alike.
fn tips_between(tried: &BTreeMap<u64, Tried>) -> Option<(u64, u64)> {
    let verdicts = verdicts(tried)?;
    let mut changes = verdicts.windows(2).filter(|pair| pair[0].1 != pair[1].1).map(|pair| (pair[0].0, pair[1].0));
    match (verdicts.first()?.1, verdicts.last()?.1) {
        (true, false) => changes.next(),
        (false, true) => changes.next_back(),
        _ => None,
    }
}

fn answer(tried: &BTreeMap<u64, Tried>) -> Tips {
    let Some(verdicts) = verdicts(tried).filter(|verdicts| !verdicts.is_empty()) else { return Tips::Unknown };
    match tips_between(tried) {
        Some((low, high)) => {
            let (low, high) = (&tried[&low], &tried[&high]);
            if low.1.is_ok_and(|judged| judged.holds) {
                Tips::UpTo { holds: low.0.clone(), fails: high.0.clone() }
            } else {
                Tips::From { holds: high.0.clone(), fails: low.0.clone() }
            }
        }
        None if verdicts.iter().all(|(_, holds)| *holds) => Tips::Everywhere,
        None if !verdicts.iter().any(|(_, holds)| *holds) => Tips::Nowhere,
        None => Tips::Unclear,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::engine::Stream;
    use crate::maths::normal_quantile;
    use crate::stats::Scatter;
    use crate::study::statistics::attendance::Attendance;

    /// The tipping point of a metric that is `measured`, and must be less than 1.
    fn found(range: &str, steps: u32, measured: impl Fn(f64) -> f64) -> TippingPoint {
        let judge = |text: &str| {
            let measured = measured(text.parse().unwrap());
            Ok::<_, ()>(Some(Ok(Judgement {
                holds: measured < 1.0,
                is_clear: true,
                measured,
                interval: None,
                scatter: Scatter::Seen,
                attendance: Attendance::default(),
            })))
        };
        tipping_point(&range.parse().unwrap(), steps, judge).unwrap()
    }

    /// The same, where differences of more than `scatter` are sure.
    fn weighed(scatter: f64, measured: impl Fn(f64) -> f64) -> TippingPoint {
        let trend = |smaller: &str, larger: &str, level: f64| {
            assert!(level >= 1.0 - 0.05 / 10.0, "{level}");
            let [smaller, larger] = [smaller, larger].map(|text| measured(text.parse().unwrap()));
            match larger - smaller {
                change if change > scatter => Trend::Rises,
                change if change < -scatter => Trend::Falls,
                _ => Trend::Unclear,
            }
        };
        found("a=0.0..1.0", 4, &measured).weighed(trend)
    }

    /// One value for each of the five looked at first.
    fn steps(values: [f64; 5]) -> impl Fn(f64) -> f64 {
        move |at| values[(at * 4.0).round() as usize]
    }

    fn ends(tips: &Tips) -> (f64, f64) {
        match tips {
            Tips::UpTo { holds, fails } | Tips::From { holds, fails } => {
                (holds.parse().unwrap(), fails.parse().unwrap())
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_largest_value_that_holds_is_found_to_the_last_halving() {
        let point = found("a=0.0..1.0", 10, |value| value + 0.363);
        let (holds, fails) = ends(&point.answer);
        assert!(matches!(point.answer, Tips::UpTo { .. }) && holds < 0.637 && fails >= 0.637);
        assert!((fails - holds - 0.25 / 1024.0).abs() < 1e-9, "{holds} {fails}");
        assert_eq!(point.tried.len(), 15);
    }

    #[test]
    fn the_smallest_value_is_found_where_more_is_better() {
        let point = found("a=1..100", 20, |value| 37.0 - value);
        assert_eq!(point.answer, Tips::From { holds: "37".into(), fails: "36".into() });
    }

    #[test]
    fn what_does_not_tip_is_said() {
        assert_eq!(found("a=0.0..1.0", 5, |_| 0.0).answer, Tips::Everywhere);
        assert_eq!(found("a=0.0..1.0", 5, |_| 2.0).answer, Tips::Nowhere);
    }

    #[test]
    fn a_short_range_is_tried_once_at_each_value() {
        assert_eq!(found("a=1..3", 5, |value| value - 1.5).tried.len(), 3);
    }

    #[test]
    fn a_sure_reversal_across_the_bound_leaves_no_answer() {
        let point = weighed(0.3, steps([0.5, 2.0, 0.5, 2.0, 2.0]));
        assert_eq!(point.answer, Tips::NotMonotone);
        assert!(point.reversal.is_some());
    }

    #[test]
    fn a_reversal_on_one_side_of_the_bound_is_said_beside_the_answer() {
        let point = weighed(0.1, steps([0.2, 0.8, 0.3, 0.9, 2.0]));
        assert!(matches!(point.answer, Tips::UpTo { .. }), "{point:?}");
        let Reversal { rises, falls } = point.reversal.unwrap();
        assert_eq!((rises, falls), (("0".into(), "0.25".into()), ("0.25".into(), "0.5".into())));
        assert!(weighed(0.1, steps([0.2, 0.8, 0.3, 0.9, 0.95])).reversal.is_some(), "all hold");
    }

    #[test]
    fn chance_near_the_bound_is_not_taken_for_a_reversal() {
        // 1.01 and 0.99 differ by less than is sure: it holds as far as all do.
        let point = weighed(0.1, steps([0.5, 1.01, 0.99, 1.5, 2.0]));
        assert_eq!((ends(&point.answer).0 < 0.25, &point.reversal), (true, &None));
        assert_eq!(weighed(0.1, steps([0.99, 0.98, 1.01, 0.97, 0.98])).answer, Tips::Unclear);
    }

    #[test]
    fn the_sure_value_lies_on_the_side_that_holds() {
        let mut point = weighed(0.1, steps([0.5, 1.01, 0.99, 1.5, 2.0]));
        let sure = point.sure().unwrap().to_owned();
        assert_eq!(sure, ends(&point.answer).0.to_string());
        for (_, judged) in &mut point.tried {
            judged.as_mut().unwrap().is_clear = false;
        }
        assert_eq!(point.sure(), None);
        assert_eq!(point.unclear().len(), point.tried.len());
    }

    #[test]
    fn the_sure_value_lies_before_the_first_that_is_not_clear() {
        let mut point = found("a=0.0..1.0", 3, |value| value + 0.1);
        let clear = |point: &mut TippingPoint, wanted: &str| {
            for (value, judged) in &mut point.tried {
                judged.as_mut().unwrap().is_clear = value != wanted;
            }
        };
        clear(&mut point, "0.5");
        assert_eq!(point.sure(), Some("0.25"));
        assert_eq!(point.unclear(), ["0.5"]);
        clear(&mut point, "0");
        assert_eq!(point.sure(), None);
        let mut point = found("a=0.0..1.0", 3, |value| 1.1 - value);
        clear(&mut point, "0.5");
        assert_eq!(point.sure(), Some("0.75"));
    }

    /// The share in which the sure value truly fails, of 2,000 searches of six halvings. The truth at `at` is `truth`, and fails from 1 on;
    /// the estimate is off by a normal error of 1, drawn anew at each value, and the interval reaches 1.96 to either side.
    fn wrong(truth: impl Fn(f64) -> f64) -> f64 {
        let one = |study: u64| {
            let place = Cell::new(0);
            let judge = |text: &str| {
                place.set(place.get() + 1);
                let uniform = Stream::root(8, study).uniform(place.get());
                let measured = truth(text.parse().unwrap()) + normal_quantile(uniform);
                let holds = measured < 1.0;
                let is_clear = (measured - 1.0).abs() > 1.96;
                let (interval, scatter, attendance) = (None, Scatter::Seen, Attendance::default());
                Ok::<_, ()>(Some(Ok(Judgement { holds, is_clear, measured, interval, scatter, attendance })))
            };
            let point = tipping_point(&"a=0.0..1.0".parse().unwrap(), 6, judge).unwrap();
            point.sure().is_some_and(|value| truth(value.parse().unwrap()) >= 1.0)
        };
        (0..2_000).filter(|study| one(*study)).count() as f64 / 2_000.0
    }

    #[test]
    #[expect(clippy::disallowed_macros, reason = "the test prints its shares")]
    fn the_sure_value_is_wrong_in_no_more_than_one_search_of_twenty() {
        // The worst that can be: it surely holds at one end, surely fails at the other, and fails by nothing in between.
        let worst = wrong(|at| [-9.0, 1.0, 9.0][usize::from(at > 0.0) + usize::from(at == 1.0)]);
        let steep = wrong(|at| 1.0 + 40.0 * (at - 0.3));
        let gentle = wrong(|at| 1.0 + 6.0 * (at - 0.6));
        println!("wrong in {worst} of searches at worst, {steep} if steep, {gentle} if gentle");
        // Three standard errors of 0.5 points each.
        assert!((0.02..0.065).contains(&worst), "{worst}");
        assert!(steep < 0.04 && gentle < 0.04, "{steep} {gentle}");
    }

    #[test]
    fn too_few_runs_are_said() {
        let judge = |_: &str| Ok::<_, ()>(Some(Err(TooFewRuns { n: 3, needed: 59 })));
        let point = tipping_point(&"a=0.0..1.0".parse().unwrap(), 5, judge).unwrap();
        assert_eq!((point.answer, point.tried.len()), (Tips::Unknown, 5));
    }
}
