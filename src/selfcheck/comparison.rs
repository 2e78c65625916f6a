//! A simulated value beside an exact one.

use serde::Serialize;

/// By how many standard errors a simulated value may differ from the exact one.
pub const MOST_STANDARD_ERRORS: f64 = 4.0;

/// Kolmogorov and Smirnov's asymptotic critical value of `sqrt(n) D` at the level 0.1 %.
pub const MOST_DISTANCE: f64 = 1.95;

/// A closed form beside the simulation.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Comparison {
    /// The closed form's id.
    pub form: &'static str,
    /// Quantity that is compared.
    pub what: String,
    /// Distance between both.
    #[serde(flatten)]
    pub evidence: Evidence,
}

/// Distance between a simulated value and an exact one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(tag = "evidence", rename_all = "kebab-case")]
pub enum Evidence {
    /// A mean over runs.
    Mean {
        /// Simulated value.
        simulated: f64,
        /// Exact value.
        exact: f64,
        /// Standard error of the simulated value.
        standard_error: f64,
        /// Most that the standard error may be, as a share of the exact value.
        widest: f64,
    },
    /// A whole distribution.
    Distribution {
        /// Kolmogorov and Smirnov's `sqrt(n) D`.
        distance: f64,
    },
    /// A value that is the same in every run.
    Same {
        /// Simulated value.
        simulated: f64,
        /// Exact value.
        exact: f64,
    },
}

impl Comparison {
    /// Tells if the simulated value agrees with the exact one, and is precise enough for that to say something.
    pub fn holds(&self) -> bool {
        match self.evidence {
            Evidence::Mean { exact, standard_error, widest, .. } => {
                self.evidence.off().is_some_and(|off| off.abs() < MOST_STANDARD_ERRORS)
                    && standard_error < widest * exact.abs()
            }
            Evidence::Distribution { distance } => distance < MOST_DISTANCE,
            Evidence::Same { simulated, exact } => simulated == exact,
        }
    }
}

impl Evidence {
    /// Difference in standard errors; `None` where there is none or it is 0.
    pub fn off(&self) -> Option<f64> {
        match *self {
            Evidence::Mean { simulated, exact, standard_error, .. } => {
                Some((simulated - exact) / standard_error).filter(|off| off.is_finite())
            }
            Evidence::Distribution { .. } | Evidence::Same { .. } => None,
        }
    }

    /// Returns the cells of its row: simulated value, exact value, difference in standard errors, standard error.
    pub fn cells(&self) -> [String; 4] {
        let none = || "–".to_owned();
        match *self {
            Evidence::Mean { simulated, exact, standard_error, .. } => [
                format!("{simulated:.6}"),
                format!("{exact:.6}"),
                self.off().map_or_else(none, |off| format!("{off:+.2}")),
                format!("{:.2} %", 100.0 * standard_error / exact),
            ],
            Evidence::Distribution { distance } => {
                [format!("√n D = {distance:.2}"), format!("< {MOST_DISTANCE}"), none(), none()]
            }
            Evidence::Same { simulated, exact } => [simulated.to_string(), exact.to_string(), none(), none()],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mean(simulated: f64, standard_error: f64) -> Comparison {
        let evidence = Evidence::Mean { simulated, exact: 10.0, standard_error, widest: 0.01 };
        Comparison { form: "C1", what: "wait".into(), evidence }
    }

    #[test]
    fn a_mean_must_be_near_and_precise() {
        assert!(mean(10.3, 0.09).holds());
        assert!(!mean(10.4, 0.09).holds(), "4.4 standard errors off");
        assert!(!mean(10.0, 0.11).holds(), "a standard error of 1.1 %");
        assert!(!mean(f64::INFINITY, 0.09).holds());
        assert!(!mean(10.0, f64::NAN).holds());
        assert!(!mean(10.0, 0.0).holds(), "a mean without spread has not been simulated");
    }

    #[test]
    fn what_is_the_same_must_be_exactly_so() {
        let same = |simulated| Comparison {
            form: "C11",
            what: "longer".into(),
            evidence: Evidence::Same { simulated, exact: 300.0 },
        };
        assert!(same(300.0).holds() && !same(300.0 + 1e-9).holds());
    }
}
