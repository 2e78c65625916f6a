//! All that a sweep finds, as plain data.

use super::definition::definition;
use crate::results::{
    Dominance, FrontPlace, FrontRow, FrontValue, PartialSweep, PointDesign, PointResults, SWEEP_VERSION, Statistics,
    SweepResults, Unit,
};
use crate::stats::LEVEL;
use crate::study::record::keep::KeepError;
use crate::study::statistics::attendance::Attendance;
use crate::study::vary::front::{FrontEntry, FrontMeasure, FrontierStanding};
use crate::study::vary::sweep::{Sweep, SweepPoint};

/// Quantiles over runs that a sweep gives.
const MIDDLE_AND_TAIL: [f64; 2] = [0.5, 0.95];

impl Sweep {
    /// Draws every conclusion; `front` is that of the sweep, if there are prices.
    ///
    /// # Errors
    /// If the runs cannot be had back from where they are kept.
    pub fn conclude(&self, front: Option<&[FrontEntry]>) -> Result<SweepResults, KeepError> {
        let first = &self.points[0].outcome;
        let results = SweepResults {
            version: SWEEP_VERSION,
            scenario: first.subject.scenario.clone(),
            seed: first.subject.seed,
            runs: first.subject.runs,
            partial: self.partial.map(|partial| PartialSweep { made: partial.made, asked: partial.asked }),
            level: LEVEL,
            keys: self.keys.clone(),
            settings: self.settings.clone(),
            metrics: first.metrics.all().iter().map(definition).collect(),
            points: self.points.iter().map(of_point).collect(),
            on_downtime: self.on_downtime(),
            front: front.map(|front| front.iter().map(|entry| self.front_row(entry, front)).collect()),
        };
        self.check()?;
        Ok(results)
    }

    fn front_row(&self, entry: &FrontEntry, front: &[FrontEntry]) -> FrontRow {
        let design = |entry: &FrontEntry| self.points[entry.point].outcome.designs[entry.design].name.clone();
        let values = |entry: &FrontEntry| self.points[entry.point].values.join(", ");
        let (standing, by) = match entry.standing {
            FrontierStanding::Dominated { by } => (Dominance::Dominated, Some(&front[by])),
            FrontierStanding::NotDominated => (Dominance::NotDominated, None),
            FrontierStanding::Open => (Dominance::CannotTell, None),
        };
        let sentence = match (entry.standing, by) {
            (_, Some(by)) => format!("dominated by {}, {}", values(by), design(by)),
            (FrontierStanding::NotDominated, _) => "not dominated".to_owned(),
            _ if entry.attendance.is_enough() => "cannot tell".to_owned(),
            _ => {
                let Attendance { runs, unattended, .. } = entry.attendance;
                format!("cannot tell: no request met the incident in {unattended} of {runs} runs")
            }
        };
        let [cost, recovery, lost] = &entry.measures;
        FrontRow {
            point: entry.point,
            design: design(entry),
            cost_per_month: of_measure(cost, Unit::Money),
            recovery_time_s: of_measure(recovery, Unit::Seconds),
            writes_lost: of_measure(lost, Unit::Count),
            standing,
            dominated_by: by.map(|by| FrontPlace { point: by.point, design: design(by) }),
            runs_unattended: entry.attendance.unattended,
            sentence,
        }
    }
}

fn of_point(point: &SweepPoint) -> PointResults {
    let outcome = &point.outcome;
    let of_design = |design: &crate::study::design::DesignOutcome| PointDesign {
        name: design.name.clone(),
        metrics: outcome
            .metrics
            .all()
            .iter()
            .filter_map(|metric| Some(brief(outcome.summary(design, &metric.name)?.statistics(metric))))
            .collect(),
    };
    PointResults { values: point.values.clone(), designs: outcome.designs.iter().map(of_design).collect() }
}

/// Leaves the quantiles that a sweep gives.
fn brief(mut statistics: Statistics) -> Statistics {
    statistics.quantiles.retain(|quantile| MIDDLE_AND_TAIL.contains(&quantile.p));
    statistics
}

fn of_measure(measure: &FrontMeasure, unit: Unit) -> FrontValue {
    FrontValue {
        mean: measure.mean,
        low: measure.interval.map(|interval| interval.low),
        high: measure.interval.map(|interval| interval.high),
        degenerate: measure.degenerate(),
        sentence: measure.in_words(unit),
    }
}
