//! Pairs of values of one metric: those of two designs in the same run.

use crate::study::design::DesignOutcome;
use crate::study::metric::named::Named;
use crate::study::seen::observation::Observation;

/// The values of both designs, run by run.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Pairs {
    /// Where the metric applies to both, and it is known who has less.
    pub(crate) values: Vec<(f64, f64)>,
    /// Runs in which it applies to both, and that is not known.
    pub(crate) undecided: u64,
}

impl Pairs {
    fn of(observed: impl Iterator<Item = (Observation, Observation)>) -> Self {
        let mut pairs = Pairs::default();
        for (first, second) in observed {
            match first.ordered(second) {
                Some(pair) => pairs.values.push(pair),
                None => pairs.undecided += 1,
            }
        }
        pairs
    }
}

/// Returns the values of both designs, run by run.
pub(crate) fn pairs_of(first: &DesignOutcome, second: &DesignOutcome, named: Named) -> Pairs {
    Pairs::of(observed_by_both(first, second, named))
}

/// Returns what both designs observed, run by run, where the metric applies to both; of a metric of calm time, before the first
/// incident.
fn observed_by_both(
    first: &DesignOutcome,
    second: &DesignOutcome,
    named: Named,
) -> impl Iterator<Item = (Observation, Observation)> {
    let column = named.column_for_pairs();
    first.rows.read(column).into_iter().zip(second.rows.read(column)).filter(apply)
}

/// The same of runs in which requests met the incidents, of both.
pub(in crate::study) fn observed_by_both_attended(
    first: &DesignOutcome,
    second: &DesignOutcome,
    named: Named,
) -> impl Iterator<Item = (Observation, Observation)> {
    let column = named.column_for_pairs();
    let pairs = first.rows.read(column).into_iter().zip(second.rows.read(column));
    let unattended = first.rows.unattended().into_iter().zip(second.rows.unattended());
    let attended = pairs.zip(unattended).filter(|(_, (first, second))| !first && !second);
    attended.map(|(pair, _)| pair).filter(apply)
}

fn apply((first, second): &(Observation, Observation)) -> bool {
    *first != Observation::NotApplicable && *second != Observation::NotApplicable
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_that_are_censored_too_early_to_tell_are_left_out_and_counted() {
        use Observation::{CensoredAt, Value};
        let over = CensoredAt(10.0);
        let pairs =
            Pairs::of([(Value(5.0), Value(7.0)), (Value(5.0), over), (Value(20.0), over), (over, over)].into_iter());
        assert_eq!((pairs.values, pairs.undecided), (vec![(5.0, 7.0), (5.0, f64::INFINITY)], 2));
    }
}
