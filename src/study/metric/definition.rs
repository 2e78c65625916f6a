//! The definition of one metric.

use crate::results::{Aspect, Direction, MetricPlace, Unit};
use crate::study::seen::calm::SeenCalm;
use crate::study::seen::observation::Observation;
use crate::study::seen::seen_run::Seen;
use crate::units::SimDuration;

/// One per-run metric.
#[derive(Clone, Debug)]
pub struct Metric {
    /// Column name, unit included.
    pub name: String,
    /// Description in a few words.
    pub title: String,
    /// Its unit.
    pub unit: Unit,
    /// Which way is better.
    pub better: Direction,
    /// True if it is also computed by geography and operation.
    pub by_view: bool,
    /// True if it may be censored at the horizon.
    pub censorable: bool,
    /// True if it applies to incidents alone, and so to no run of a scenario without any.
    pub needs_incident: bool,
    /// The least difference that counts in practice, however small the values are.
    pub floor: f64,
    /// Its position among the metrics shown in one place, in ascending order; `None` if it is shown nowhere.
    pub rank: Option<u16>,
    /// The places where it is shown.
    pub places: &'static [MetricPlace],
    /// Aspect that it speaks for in the answer.
    pub aspect: Option<Aspect>,
    of: Computation,
    index: usize,
}

/// Computation of a metric, of the thing at an index.
#[derive(Clone, Copy, Debug)]
enum Computation {
    /// From the whole run.
    Run(fn(&Seen<'_>, usize) -> Observation),
    /// From calm time alone. A pair of designs is compared by the calm time before the first incident.
    Calm(fn(&SeenCalm, usize) -> Observation),
}

/// Pairs of designs are not compared with less calm time before the first incident than this.
const LEAST_CALM_OF_PAIRS: SimDuration = SimDuration::from_secs(300);

impl Metric {
    pub(super) fn new(name: impl Into<String>, title: impl Into<String>, unit: Unit, better: Direction) -> Self {
        Metric {
            name: name.into(),
            title: title.into(),
            unit,
            better,
            by_view: false,
            censorable: false,
            needs_incident: false,
            floor: default_floor(unit, better),
            rank: None,
            places: &[],
            aspect: None,
            of: Computation::Run(|_, _| Observation::NotApplicable),
            index: 0,
        }
    }

    /// The metric computed by `of`.
    pub(super) fn of(self, of: fn(&Seen<'_>, usize) -> Observation) -> Self {
        self.of_each(0, of)
    }

    /// The metric computed by `of` for the thing at `index`: a region, cause, phase or quantile.
    pub(super) fn of_each(self, index: usize, of: fn(&Seen<'_>, usize) -> Observation) -> Self {
        Metric { of: Computation::Run(of), index, ..self }
    }

    /// The metric computed by `of` from calm time alone for the thing at `index`.
    pub(super) fn of_calm(self, index: usize, of: fn(&SeenCalm, usize) -> Observation) -> Self {
        Metric { of: Computation::Calm(of), index, ..self }
    }

    pub(super) fn censorable(self) -> Self {
        Metric { censorable: true, ..self }
    }

    pub(super) fn needs_incident(self) -> Self {
        Metric { needs_incident: true, ..self }
    }

    pub(super) fn by_view(self) -> Self {
        Metric { by_view: true, ..self }
    }

    /// The metric with another least difference than that of its unit.
    pub(super) fn floor(self, floor: f64) -> Self {
        Metric { floor, ..self }
    }

    /// The metric shown in `places`, between those of lower and higher rank.
    pub(super) fn shown(self, rank: u16, places: &'static [MetricPlace]) -> Self {
        Metric { rank: Some(rank), places, ..self }
    }

    /// The metric that speaks for `aspect` in the answer.
    pub(super) fn speaks_for(self, aspect: Aspect) -> Self {
        Metric { aspect: Some(aspect), ..self }
    }

    /// Its value in one view of one run.
    pub(crate) fn observe(&self, seen: &Seen<'_>) -> Observation {
        match self.of {
            Computation::Run(of) => of(seen, self.index),
            Computation::Calm(of) if seen.calm.length > SimDuration::ZERO => of(&seen.calm, self.index),
            Computation::Calm(_) => Observation::NotApplicable,
        }
    }

    /// Returns whether it is of calm time.
    pub(crate) fn is_of_calm_time(&self) -> bool {
        matches!(self.of, Computation::Calm(_))
    }

    /// Its value by which a pair of designs is compared, if that is not the value of the run.
    pub(super) fn observe_for_pairs(&self, seen: &Seen<'_>) -> Option<Observation> {
        let Computation::Calm(of) = self.of else { return None };
        let before = seen.calm_before.as_ref().filter(|calm| calm.length >= LEAST_CALM_OF_PAIRS);
        Some(before.map_or(Observation::NotApplicable, |calm| of(calm, self.index)))
    }
}

/// The least difference that counts of a metric of this unit.
const fn default_floor(unit: Unit, better: Direction) -> f64 {
    match (unit, better) {
        // Outages, recoveries, windows of loss.
        (Unit::Seconds | Unit::Milliseconds | Unit::Count, _) => 1.0,
        // One request in ten thousand more that succeeds; of other shares, one in a thousand.
        (Unit::Share, Direction::More) => 0.0001,
        (Unit::Share, _) => 0.001,
        (Unit::PerRequest | Unit::Bytes | Unit::BytesPerSecond | Unit::Hours | Unit::Money, _) => 0.0,
    }
}
