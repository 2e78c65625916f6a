//! One value of one metric in one run: there, not applicable, or known only to be greater than something.

use serde::{Deserialize, Serialize};

/// The value of one metric in one run, or why there is none. Never NaN.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Observation {
    /// The metric has no meaning in this run (a recovery time without an incident, a latency without a success).
    NotApplicable,
    /// A finite value.
    Value(f64),
    /// Greater than the run could see: it had not happened by the horizon.
    Censored,
    /// Greater than this, and no more is known: what was waited for did not come before the incident was over.
    CensoredAt(f64),
}

impl Observation {
    /// `part` / `whole`, or not applicable if `whole` is 0.
    pub(crate) fn ratio(part: f64, whole: f64) -> Self {
        if whole > 0.0 { Observation::finite(part / whole) } else { Observation::NotApplicable }
    }

    /// A count.
    pub(crate) fn count(count: u64) -> Self {
        Observation::Value(count as f64)
    }

    /// `value`, or not applicable if there is none.
    pub(crate) fn maybe(value: Option<f64>) -> Self {
        value.map_or(Observation::NotApplicable, Observation::finite)
    }

    /// `value`.
    ///
    /// # Panics
    /// If it is not finite: a defect in a metric's definition.
    pub(crate) fn finite(value: f64) -> Self {
        assert!(value.is_finite(), "a metric of {value}");
        // Adding zero turns -0 into 0.
        Observation::Value(value + 0.0)
    }

    /// The value, with infinity for a censored one; `None` if the metric does not apply.
    pub fn value_or_infinity(self) -> Option<f64> {
        match self {
            Observation::NotApplicable => None,
            Observation::Value(value) => Some(value),
            Observation::Censored | Observation::CensoredAt(_) => Some(f64::INFINITY),
        }
    }

    /// Returns what the value is known to be greater than, if no more is known of it.
    pub(crate) fn watched_for(self) -> Option<f64> {
        match self {
            Observation::CensoredAt(time) => Some(time),
            _ => None,
        }
    }

    /// Returns a number on the same side of `bound` as the value, if that is known; infinity if it is at or above.
    pub(crate) fn beside(self, bound: f64) -> Option<f64> {
        match self {
            Observation::CensoredAt(least) if least < bound => None,
            other => other.value_or_infinity(),
        }
    }

    /// Returns two numbers in the same order as two values, if that is known of them; infinity for one that is censored.
    pub fn ordered(self, other: Observation) -> Option<(f64, f64)> {
        match (self, other) {
            (Observation::CensoredAt(_), Observation::Value(value)) => Some((self.beside(value)?, value)),
            (Observation::Value(value), Observation::CensoredAt(_)) => Some((value, other.beside(value)?)),
            (Observation::CensoredAt(_), _) | (_, Observation::CensoredAt(_)) => None,
            (one, other) => one.value_or_infinity().zip(other.value_or_infinity()),
        }
    }

    /// The value if it was seen.
    pub fn value(self) -> Option<f64> {
        self.value_or_infinity().filter(|value| value.is_finite())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_nothing_does_not_apply() {
        assert_eq!(Observation::ratio(0.0, 0.0), Observation::NotApplicable);
        assert_eq!(Observation::ratio(1.0, 4.0), Observation::Value(0.25));
    }

    #[test]
    fn of_a_value_censored_at_five_only_what_five_tells_is_known() {
        use Observation::{Censored, CensoredAt, NotApplicable, Value};
        // Greater than 5: than 3 and 5 surely, than 7 perhaps.
        assert_eq!(Value(3.0).ordered(CensoredAt(5.0)), Some((3.0, f64::INFINITY)));
        assert_eq!(CensoredAt(5.0).ordered(Value(5.0)), Some((f64::INFINITY, 5.0)));
        assert_eq!(Value(7.0).ordered(CensoredAt(5.0)), None);
        assert_eq!(CensoredAt(5.0).ordered(CensoredAt(5.0)), None);
        assert_eq!(CensoredAt(5.0).ordered(Censored), None);
        assert_eq!(Censored.ordered(Value(7.0)), Some((f64::INFINITY, 7.0)));
        assert_eq!(NotApplicable.ordered(Value(7.0)), None);
        assert_eq!((CensoredAt(5.0).beside(4.0), CensoredAt(5.0).beside(6.0)), (Some(f64::INFINITY), None));
    }

    #[test]
    fn a_censored_value_is_greater_than_any_seen() {
        assert!(Observation::Censored.value_or_infinity() > Observation::Value(1e300).value_or_infinity());
        assert_eq!(Observation::Censored.value(), None);
    }
}
