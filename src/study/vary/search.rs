//! A search for the tipping point of every design: one study at each value tried, under the same seed and run numbers.

use std::collections::BTreeMap;

use super::find::{TippingPoint, tipping_point};
use super::variation::Range;
use crate::results::Unit;
use crate::results::words::is_of_windows;
use crate::study::conclude::downtime::at_points;
use crate::study::judge::condition::Condition;
use crate::study::outcome::{StudyOutcome, Subject};
use crate::study::run::error::StudyError;

/// A search: the condition, and the values at which it tips.
#[derive(Clone, Debug)]
pub struct Search {
    /// The subject of the study at the low end of the range.
    pub subject: Subject,
    /// Key that is varied.
    pub key: String,
    /// The two ends of its range, as they are written.
    pub ends: [String; 2],
    /// Most halvings.
    pub steps: u32,
    /// The condition that must hold.
    pub condition: Condition,
    /// Unit of what is measured.
    pub unit: Unit,
    /// SHA-256 of the checked scenario at each value tried, in order of the value's text.
    pub hashes: BTreeMap<String, String>,
    /// True if it was stopped before its end.
    pub is_partial: bool,
    /// Each design by name, in file order, and where it tips.
    pub designs: Vec<(String, TippingPoint)>,
    /// Where the downtime that is searched hangs on traffic or on the service level, a sentence each; none of another metric.
    pub on_downtime: Vec<String>,
}

/// Searches `range` for each design; `study_at` makes the study at a value, once for each value. `None` stops the search, which
/// then says what the values tried until then say; nothing without any.
///
/// # Errors
/// The first error of `study_at`; [`StudyError::Keep`] if the runs cannot be had back from where they are kept.
pub fn search<E: From<StudyError>>(
    range: &Range,
    condition: &Condition,
    steps: u32,
    mut study_at: impl FnMut(&str) -> Result<Option<StudyOutcome>, E>,
) -> Result<Option<Search>, E> {
    let ends = [range.at(0.0), range.at(1.0)];
    let Some(first) = study_at(&ends[0])? else { return Ok(None) };
    let mut is_partial = false;
    let unit = condition.unit(&first.metrics);
    let names: Vec<String> = first.designs.iter().map(|design| design.name.clone()).collect();
    let subject = first.subject.clone();
    let mut known = BTreeMap::from([(ends[0].clone(), first)]);
    let mut designs = Vec::new();
    for (place, name) in names.into_iter().enumerate() {
        let judge = |value: &str| -> Result<_, E> {
            if !is_partial && !known.contains_key(value) {
                let study = study_at(value)?;
                is_partial = study.is_none();
                known.extend(study.map(|study| (value.to_owned(), study)));
            }
            Ok(known.get(value).map(|outcome| condition.judge(&outcome.designs[place])))
        };
        let point = tipping_point(range, steps, judge)?;
        let point = point.weighed(|smaller, larger, level| {
            let (smaller, larger) = (&known[smaller], &known[larger]);
            condition.trend(&smaller.designs[place], &larger.designs[place], level)
        });
        designs.push((name, point));
    }
    let points: Vec<_> = known.iter().map(|(value, outcome)| (format!("{}={value}", range.key), outcome)).collect();
    let on_downtime = if is_of_windows(&condition.metric) { at_points(&points, &condition.metric) } else { Vec::new() };
    known.values().try_for_each(StudyOutcome::check).map_err(StudyError::Keep)?;
    let hashes = known.into_iter().map(|(value, outcome)| (value, outcome.subject.hash)).collect();
    let (key, condition) = (range.key.clone(), condition.clone());
    Ok(Some(Search { subject, key, ends, steps, condition, unit, hashes, is_partial, designs, on_downtime }))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::atomic::AtomicBool;

    use super::*;
    use crate::study::metric::table::MetricTable;
    use crate::study::run::runner::run_with;
    use crate::study::run::spec::StudySpec;
    use crate::study::synthetic;
    use crate::study::vary::find::Tips;

    fn condition(text: &str) -> Condition {
        Condition::read(text, &MetricTable::new(&["north".into(), "south".into()])).unwrap()
    }

    #[test]
    fn every_design_has_an_answer_and_every_value_one_study() {
        let studies = Cell::new(0);
        let study_at = |value: &str| {
            studies.set(studies.get() + 1);
            let ttl: u32 = value.parse().unwrap();
            let mut spec = StudySpec::new(synthetic::scenario(&["soon", "late"]));
            spec.runs = Some(20);
            // Downtime rises with the value; the second design has 3 s more of it.
            let simulate = |design: usize, run: u64| {
                Ok(synthetic::outage(run, (ttl + run as u32 % 2 + 3 * design as u32).min(19)))
            };
            run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).map(Some)
        };
        let condition = condition("mean(downtime_s) <= 9.5");
        let found = search(&"a=1..16".parse().unwrap(), &condition, 5, study_at).unwrap().unwrap();
        let answers: Vec<(&str, &Tips)> =
            found.designs.iter().map(|(name, point)| (name.as_str(), &point.answer)).collect();
        let up_to = |holds: u32| Tips::UpTo { holds: holds.to_string(), fails: (holds + 1).to_string() };
        assert_eq!(answers, [("soon", &up_to(9)), ("late", &up_to(6))]);
        assert!(found.designs.iter().all(|(_, point)| point.reversal.is_none()));
        assert_eq!(studies.get(), found.hashes.len());
    }

    #[test]
    fn a_run_whose_incident_no_request_met_meets_no_bound() {
        // At 1 nobody asks during the outage in 10 of 40 runs, at 2 in 2, at 3 in none; whoever asks is down for 10 s. So the mean over
        // the runs that tell is 10 s; with the others it would be 7.5 and 9.5 s.
        let study_at = |value: &str| {
            let unattended = [10, 2, 0][value.parse::<usize>().unwrap() - 1];
            let mut spec = StudySpec::new(synthetic::scenario(&["one"]));
            spec.runs = Some(40);
            let simulate = |_, run: u64| {
                let mut outcome = synthetic::outage(run, if run < unattended { 0 } else { 9 + run as u32 % 3 });
                if run < unattended {
                    outcome.incidents[0] = synthetic::unattended(10);
                }
                Ok(outcome)
            };
            run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).map(Some)
        };
        let holds = |text: &str| -> Vec<bool> {
            let found =
                search(&"a=1..3".parse().unwrap(), &condition(text), 3, study_at).unwrap().expect("it is not stopped");
            found.designs[0].1.tried.iter().map(|(_, judged)| judged.unwrap().holds).collect()
        };
        assert_eq!(holds("mean(downtime_s) <= 9.7"), [false; 3]);
        assert_eq!(holds("mean(downtime_s) <= 10.5"), [false, true, true], "too few runs tell at 1");
        assert_eq!(holds("share(downtime_s < 9) <= 0"), [false, true, true]);
    }

    #[test]
    fn a_metric_that_rises_and_falls_on_one_side_of_the_bound_is_not_monotone() {
        let study_at = |value: &str| {
            let down = [2, 8, 3, 12, 15][value.parse::<usize>().unwrap() - 1];
            let mut spec = StudySpec::new(synthetic::scenario(&["one"]));
            spec.runs = Some(20);
            let simulate = |_, run: u64| Ok(synthetic::outage(run, down + run as u32 % 3));
            run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).map(Some)
        };
        let reversal = |text: &str| {
            let found = search(&"a=1..5".parse().unwrap(), &condition(text), 3, study_at).unwrap().unwrap();
            let (_, point) = found.designs.into_iter().next().unwrap();
            (point.answer, point.reversal.map(|reversal| reversal.falls))
        };
        let falls = Some(("2".to_owned(), "3".to_owned()));
        let up_to_3 = Tips::UpTo { holds: "3".into(), fails: "4".into() };
        assert_eq!(reversal("mean(downtime_s) < 11"), (up_to_3.clone(), falls.clone()));
        assert_eq!(reversal("p50(downtime_s) < 11"), (up_to_3, falls.clone()));
        assert_eq!(reversal("mean(downtime_s) < 100"), (Tips::Everywhere, falls.clone()));
        assert_eq!(reversal("mean(downtime_s) < 6"), (Tips::NotMonotone, falls));
        // Of a greatest value nothing is sure.
        assert_eq!(reversal("max(downtime_s) < 100"), (Tips::Everywhere, None));
    }

    #[test]
    fn a_search_that_is_stopped_says_what_the_values_tried_until_then_say() {
        let studies = Cell::new(0);
        let study_at = |value: &str| {
            studies.set(studies.get() + 1);
            if studies.get() > 3 {
                return Ok(None);
            }
            let down = value.parse::<f64>().unwrap() as u32;
            let mut spec = StudySpec::new(synthetic::scenario(&["one", "two"]));
            spec.runs = Some(20);
            let simulate = |_, run: u64| Ok(synthetic::outage(run, down));
            run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).map(Some)
        };
        let found =
            search(&"a=1..16".parse().unwrap(), &condition("mean(downtime_s) < 3"), 3, study_at).unwrap().unwrap();
        assert!(found.is_partial);
        for (_, point) in &found.designs {
            // 1, 2 and 4 of the five values that are looked at first.
            assert_eq!((point.tried.len(), &point.answer), (3, &Tips::UpTo { holds: "2".into(), fails: "4".into() }));
        }
        assert_eq!(studies.get(), 4, "nothing is tried after it was stopped");
    }
}
