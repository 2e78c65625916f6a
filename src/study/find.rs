//! The tipping point: the largest or smallest value of a key with which a condition still holds, by bisection.

use std::collections::BTreeMap;

use super::condition::Judgement;
use super::vary::Range;

/// Values looked at before bisecting, evenly spread over the range, both ends included: enough to see a condition that
/// holds, fails and holds again.
const FIRST_LOOK: u32 = 5;

/// What was found of one design.
#[derive(Clone, Debug, PartialEq)]
pub struct TippingPoint {
    /// Where the condition tips.
    pub answer: Tips,
    /// Every value tried, from the low end to the high one, with what was found there; `None`: too few runs to say.
    pub tried: Vec<(String, Option<Judgement>)>,
}

/// Where a condition tips.
#[derive(Clone, Debug, PartialEq)]
pub enum Tips {
    /// It holds up to a value, and fails at the next one tried.
    UpTo {
        /// The largest value tried with which it holds.
        holds: String,
        /// The smallest with which it fails.
        fails: String,
    },
    /// It holds from a value on, and fails at the one tried before.
    From {
        /// The smallest value tried with which it holds.
        holds: String,
        /// The largest with which it fails.
        fails: String,
    },
    /// It holds with every value tried.
    Everywhere,
    /// It holds with no value tried.
    Nowhere,
    /// It holds, fails, and holds again (or the other way round): there is no one point.
    NotMonotone,
    /// There are values of which the runs are too few to say anything.
    Unknown,
}

/// Searches `range` in up to `steps` halvings after a first look. `judge` gives what a study at a value says.
///
/// # Errors
/// The first error of `judge`.
pub fn tipping_point<E>(
    range: &Range,
    steps: u32,
    mut judge: impl FnMut(&str) -> Result<Option<Judgement>, E>,
) -> Result<TippingPoint, E> {
    // By place in the range, in units of the finest step, so that the order is exact.
    let scale = 1_u64 << steps;
    let places = u64::from(FIRST_LOOK - 1) * scale;
    let value = |place: u64| range.at(place as f64 / places as f64);
    let mut tried: BTreeMap<u64, (String, Option<Judgement>)> = BTreeMap::new();
    for look in 0..u64::from(FIRST_LOOK) {
        let at = value(look * scale);
        let judged = judge(&at)?;
        tried.insert(look * scale, (at, judged));
    }
    for _ in 0..steps {
        let Some((low, high)) = tips_between(&tried) else { break };
        let middle = low + (high - low) / 2;
        let at = value(middle);
        if middle == low || at == tried[&low].0 || at == tried[&high].0 {
            break;
        }
        let judged = judge(&at)?;
        tried.insert(middle, (at, judged));
    }
    let answer = answer(&tried);
    Ok(TippingPoint { answer, tried: tried.into_values().collect() })
}

/// The neighbours between which the only change is; `None` if there is none, or more than one.
fn tips_between(tried: &BTreeMap<u64, (String, Option<Judgement>)>) -> Option<(u64, u64)> {
    let known: Option<Vec<(u64, bool)>> =
        tried.iter().map(|(place, (_, judged))| judged.map(|judged| (*place, judged.holds))).collect();
    let known = known?;
    let mut changes = known.windows(2).filter(|pair| pair[0].1 != pair[1].1);
    match (changes.next(), changes.next()) {
        (Some(pair), None) => Some((pair[0].0, pair[1].0)),
        _ => None,
    }
}

fn answer(tried: &BTreeMap<u64, (String, Option<Judgement>)>) -> Tips {
    if tried.values().any(|(_, judged)| judged.is_none()) {
        return Tips::Unknown;
    }
    let holds = |(_, judged): &(String, Option<Judgement>)| judged.is_some_and(|judged| judged.holds);
    match tips_between(tried) {
        Some((low, high)) => {
            let (low, high) = (&tried[&low], &tried[&high]);
            if holds(low) {
                Tips::UpTo { holds: low.0.clone(), fails: high.0.clone() }
            } else {
                Tips::From { holds: high.0.clone(), fails: low.0.clone() }
            }
        }
        None if tried.values().all(holds) => Tips::Everywhere,
        None if !tried.values().any(holds) => Tips::Nowhere,
        None => Tips::NotMonotone,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The tipping point of a condition that holds where `holds` does, and how many values were tried.
    fn found(range: &str, steps: u32, holds: impl Fn(f64) -> bool) -> (Tips, usize) {
        let judge = |text: &str| {
            let measured: f64 = text.parse().unwrap();
            Ok::<_, ()>(Some(Judgement { holds: holds(measured), is_clear: true, measured, interval: None }))
        };
        let point = tipping_point(&range.parse().unwrap(), steps, judge).unwrap();
        (point.answer, point.tried.len())
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
        let (tips, tried) = found("a=0.0..1.0", 10, |value| value <= 0.637);
        let (holds, fails) = ends(&tips);
        assert!(matches!(tips, Tips::UpTo { .. }) && holds <= 0.637 && fails > 0.637);
        assert!((fails - holds - 0.25 / 1024.0).abs() < 1e-9, "{holds} {fails}");
        assert_eq!(tried, 15);
    }

    #[test]
    fn the_smallest_value_is_found_where_more_is_better() {
        let (tips, _) = found("a=1..100", 20, |value| value >= 37.0);
        assert_eq!(tips, Tips::From { holds: "37".into(), fails: "36".into() });
    }

    #[test]
    fn what_does_not_tip_or_tips_twice_is_said() {
        assert_eq!(found("a=0.0..1.0", 5, |_| true).0, Tips::Everywhere);
        assert_eq!(found("a=0.0..1.0", 5, |_| false).0, Tips::Nowhere);
        assert_eq!(found("a=0.0..1.0", 5, |value| (0.2..0.6).contains(&value)).0, Tips::NotMonotone);
    }

    #[test]
    fn too_few_runs_are_said() {
        let point = tipping_point(&"a=0.0..1.0".parse().unwrap(), 5, |_| Ok::<_, ()>(None)).unwrap();
        assert_eq!((point.answer, point.tried.len()), (Tips::Unknown, 5));
    }
}
