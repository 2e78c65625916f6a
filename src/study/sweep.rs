//! A sweep: one study at each of several points of the scenario, under the same seed and run numbers.

use super::StudyOutcome;

/// Studies at several points; the visitors and faults of a run are the same at all of them.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// Keys that are varied.
    pub keys: Vec<String>,
    /// The points, in the order in which they were asked for; never empty.
    pub points: Vec<SweepPoint>,
}

/// One point of a sweep.
#[derive(Clone, Debug)]
pub struct SweepPoint {
    /// The value of each key, as it is written.
    pub values: Vec<String>,
    /// What was found there.
    pub outcome: StudyOutcome,
}

/// One design at one point, and what it costs to be so.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontEntry {
    /// Place of the point.
    pub point: usize,
    /// Place of the design.
    pub design: usize,
    /// Mean cost per month, mean recovery time in seconds (infinite if beyond the horizon) and mean number of writes lost.
    pub measures: [f64; 3],
    /// Whether another one is better in one of the three and not worse in any.
    pub is_dominated: bool,
}

/// Metrics that a front weighs against each other: cost, recovery time, data loss.
pub const FRONT: [&str; 3] = ["cost_per_month", "recovery_time_s", "writes_lost"];

impl Sweep {
    /// Every design at every point with its measures of [`FRONT`], dominated ones marked; `None` without prices.
    pub fn front(&self) -> Option<Vec<FrontEntry>> {
        let mut entries = Vec::new();
        for (place, point) in self.points.iter().enumerate() {
            for (design, found) in point.outcome.designs.iter().enumerate() {
                let mut measures = [0.0; 3];
                for (measure, name) in measures.iter_mut().zip(FRONT) {
                    let summary = point.outcome.summary(found, name)?;
                    // A metric that applies to no run (nothing to recover from) is at its best.
                    *measure = match (&summary.mean, summary.censored, summary.n) {
                        (Some(mean), ..) => mean.point,
                        (None, 0, 0) => 0.0,
                        (None, 0, _) => summary.sorted[0],
                        (None, ..) => f64::INFINITY,
                    };
                }
                entries.push(FrontEntry { point: place, design, measures, is_dominated: false });
            }
        }
        let all: Vec<[f64; 3]> = entries.iter().map(|entry| entry.measures).collect();
        for entry in &mut entries {
            entry.is_dominated = all.iter().any(|other| dominates(other, &entry.measures));
        }
        Some(entries)
    }
}

/// Whether `one` is nowhere worse than `other`, and somewhere better.
fn dominates(one: &[f64; 3], other: &[f64; 3]) -> bool {
    let pairs = || one.iter().zip(other);
    pairs().all(|(one, other)| one <= other) && pairs().any(|(one, other)| one < other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_point_is_dominated_by_one_that_is_nowhere_worse_and_somewhere_better() {
        assert!(dominates(&[1.0, 2.0, 3.0], &[1.0, 2.0, 4.0]));
        assert!(!dominates(&[1.0, 2.0, 3.0], &[1.0, 2.0, 3.0]));
        assert!(!dominates(&[1.0, 5.0, 3.0], &[2.0, 4.0, 3.0]));
        assert!(dominates(&[1.0, 5.0, 3.0], &[1.0, f64::INFINITY, 3.0]));
    }
}
