//! Calm time of a run as a view sees it.

use super::view::VisitorView;
use crate::model::{CalmTally, CalmTime, Load, Operation};
use crate::units::SimDuration;

/// Calm time, taken together, with the requests of a view.
#[derive(Debug)]
pub(crate) struct SeenCalm {
    /// Its length.
    pub(crate) length: SimDuration,
    /// The view's requests.
    pub(crate) tally: CalmTally,
    /// Successful reads among them.
    pub(crate) reads_succeeded: u64,
    /// Per region.
    pub(crate) loads: [Load; 2],
}

impl SeenCalm {
    /// Takes several stretches of calm time together.
    pub(crate) fn of(times: &[&CalmTime], view: VisitorView) -> Self {
        let mut seen = SeenCalm {
            length: SimDuration::ZERO,
            tally: CalmTally::default(),
            reads_succeeded: 0,
            loads: [Load::default(); 2],
        };
        for time in times {
            seen.length += time.length;
            seen.loads.iter_mut().zip(&time.loads).for_each(|(sum, load)| sum.add(load));
            let geographies = time.visitors.iter().enumerate().filter(|(place, _)| view.sees_geography(*place));
            for (operation, tally) in geographies.flat_map(|(_, tallies)| Operation::ALL.into_iter().zip(tallies)) {
                if view.sees_operation(operation) {
                    seen.tally.add(tally);
                    seen.reads_succeeded += if operation == Operation::Read { tally.succeeded } else { 0 };
                }
            }
        }
        seen
    }

    /// Number of requests that succeeded or failed.
    pub(crate) fn requests(&self) -> f64 {
        (self.tally.succeeded + self.tally.failed) as f64
    }
}
