//! A sweep: one study at each of several points of the scenario, under the same seed and run numbers.

use super::variation::quantity;
use crate::results::Partial;
use crate::results::Statistics;
use crate::study::metric::definition::Metric;
use crate::study::outcome::StudyOutcome;
use crate::study::record::keep::KeepError;

/// Studies at several points; the visitors and faults of a run are the same at all of them.
#[derive(Clone, Debug)]
pub struct Sweep {
    /// Keys that are varied.
    pub keys: Vec<String>,
    /// Other settings, the same at every point, as given on the command line.
    pub settings: Vec<String>,
    /// The points, in the order in which they were asked for; never empty.
    pub points: Vec<SweepPoint>,
    /// The number of points that there are, if it was stopped before its end.
    pub partial: Option<Partial>,
}

/// One point of a sweep.
#[derive(Clone, Debug)]
pub struct SweepPoint {
    /// The value of each key, as it is written.
    pub values: Vec<String>,
    /// The outcome there.
    pub outcome: StudyOutcome,
}

impl Sweep {
    /// Makes sure that all that was read of the runs until now could be read; see [`RunRows`](crate::study::record::rows::RunRows).
    ///
    /// # Errors
    /// The first error.
    pub fn check(&self) -> Result<(), KeepError> {
        self.points.iter().try_for_each(|point| point.outcome.check())
    }

    /// Returns the statistics of `metric` at a point, of the design at this position.
    pub fn statistics(&self, point: usize, design: usize, metric: &Metric) -> Option<Statistics> {
        let outcome = &self.points[point].outcome;
        outcome.summary(&outcome.designs[design], &metric.name).map(|summary| summary.statistics(metric))
    }
}

impl SweepPoint {
    /// Returns the number behind the value of the key at this position, if it is a quantity.
    pub fn quantity(&self, key: usize) -> Option<f64> {
        quantity(&self.values[key])
    }
}
