//! Judges whether one phase of lost service leads the others, and by how much: it does if its mean is the largest, and it surely
//! costs more than each other one (see [`Ahead`]).

use super::ahead::Ahead;
use crate::model::Phase;
use crate::scenario::hint;
use crate::stats::{Estimate, mean};

/// Runs that always suffice if all show the same difference (see [`Ahead`]).
const RUNS_ALIKE: u64 = 97;

/// Standing of a phase against the largest of the others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::study) struct FirstPhase {
    /// Mean difference from it, in seconds; negative if that one is larger.
    pub(in crate::study) ahead_s: f64,
    /// The same with its interval, if there are runs enough for one.
    pub(in crate::study) ahead: Option<Estimate>,
    /// True if the phase surely leads.
    pub(in crate::study) is_clear: bool,
    /// Runs that it takes to tell, if there are fewer.
    pub(in crate::study) runs_needed: Option<u64>,
}

/// Returns the phase of this name.
pub(in crate::study) fn phase_named(name: &str) -> Option<Phase> {
    Phase::ALL.into_iter().find(|phase| phase.name() == name)
}

/// Says to a user who names a phase that there is not which there are.
pub(in crate::study) fn unknown_phase(name: &str) -> String {
    let known = || Phase::ALL.into_iter().map(Phase::name);
    let all = known().collect::<Vec<_>>().join(", ");
    format!("unknown phase {name:?}{}; known: {all}", hint(name, known()))
}

impl FirstPhase {
    /// Judges `phase` by the seconds lost in each phase, for each run.
    pub(in crate::study) fn of(runs: &[[f64; Phase::ALL.len()]], phase: Phase) -> Self {
        let seconds = |of: Phase| -> Vec<f64> { runs.iter().map(|lost| lost[of as usize]).collect() };
        let mean_of = |of: Phase| mean(&seconds(of)).unwrap_or(0.0);
        let others = || Phase::ALL.into_iter().filter(|other| *other != phase);
        let next = others().reduce(|one, other| if mean_of(other) > mean_of(one) { other } else { one });
        let ahead_s = mean_of(phase) - next.map_or(0.0, mean_of);
        let own = seconds(phase);
        let against = |other: Phase| Ahead::of(&own, &seconds(other));
        let found = next.map(against);
        let n = runs.len() as u64;
        let runs_needed = match found {
            _ if ahead_s <= 0.0 && n > 0 => None,
            Some(Ahead { by: Some(_), is_shown: false, .. }) if n < RUNS_ALIKE => Some(RUNS_ALIKE),
            Some(Ahead { by: Some(_), .. }) => None,
            _ => Some(2),
        };
        let is_clear = ahead_s > 0.0 && others().all(|other| against(other).is_sure());
        FirstPhase { ahead_s, ahead: found.and_then(|ahead| ahead.by), is_clear, runs_needed }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many runs, in which the first two phases of the pair lose seconds spread evenly, by 5 s to either side.
    fn runs(count: u32, undetected: f64, capacity: f64) -> Vec<[f64; Phase::ALL.len()]> {
        let run = |number: u32| {
            let scatter = 5.0 * (f64::from(number * 7 % 20) / 9.5 - 1.0);
            let mut lost = [0.0; Phase::ALL.len()];
            lost[Phase::Undetected as usize] = undetected + scatter;
            lost[Phase::Capacity as usize] = capacity - scatter;
            lost
        };
        (0..count).map(run).collect()
    }

    #[test]
    fn a_phase_leads_only_if_it_surely_costs_more_than_each_other_and_enough_to_count() {
        let clear = FirstPhase::of(&runs(20, 60.0, 40.0), Phase::Undetected);
        assert!(clear.is_clear && clear.runs_needed.is_none());
        assert!((clear.ahead_s - 20.0).abs() < 1e-9 && clear.ahead.is_some_and(|ahead| ahead.low > 15.0));
        // The difference varies by 10 s to either side: 20 runs are not sure of 1 s.
        assert!(!FirstPhase::of(&runs(20, 41.0, 40.0), Phase::Undetected).is_clear);
        let behind = FirstPhase::of(&runs(20, 60.0, 40.0), Phase::Capacity);
        assert!(!behind.is_clear && behind.runs_needed.is_none() && (behind.ahead_s + 20.0).abs() < 1e-9);
        let unlost = FirstPhase::of(&vec![[0.0; Phase::ALL.len()]; 20], Phase::Capacity);
        assert!(!unlost.is_clear && unlost.runs_needed.is_none(), "where nothing is lost no phase leads");
    }

    #[test]
    fn runs_that_cannot_tell_are_said_with_the_number_that_can() {
        assert_eq!(FirstPhase::of(&runs(1, 60.0, 40.0), Phase::Undetected).runs_needed, Some(2));
        let mut alike = [0.0; Phase::ALL.len()];
        alike[Phase::Link as usize] = 30.0;
        assert_eq!(FirstPhase::of(&vec![alike; 5], Phase::Link).runs_needed, Some(RUNS_ALIKE));
        let enough = FirstPhase::of(&vec![alike; RUNS_ALIKE as usize], Phase::Link);
        assert!(enough.is_clear && enough.runs_needed.is_none());
    }
}
