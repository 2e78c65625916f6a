//! Latency and attempts of requests, by the class of the window in which they start.

use super::super::outcome::Latency;
use super::calm::{Class, Decision};
use crate::units::SimDuration;

/// Requests of one geography and operation that started in windows of one class.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestTally {
    pub(super) attempts: u64,
    pub(super) latency: Latency,
}

impl RequestTally {
    fn add(&mut self, other: &RequestTally) {
        self.attempts += other.attempts;
        self.latency.add(&other.latency);
    }
}

/// The end of a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ended {
    /// `geography * 2 + operation`
    pub(super) cell: usize,
    pub(super) attempts: u32,
    /// Of a success.
    pub(super) latency: Option<SimDuration>,
}

/// All requests of measured time.
#[derive(Debug)]
pub(super) struct RequestTallies {
    cells: usize,
    /// Per class; empty as long as no window was of that class.
    tallies: [Vec<RequestTally>; Class::COUNT],
    /// Requests that ended before their window was classified: in the nanosecond in which it starts.
    early: Vec<Ended>,
}

impl RequestTallies {
    pub(super) fn new(cells: usize) -> Self {
        RequestTallies { cells, tallies: [const { Vec::new() }; Class::COUNT], early: Vec::new() }
    }

    /// Counts a request that started in a window of a class.
    #[inline]
    pub(super) fn count(&mut self, class: Option<Class>, ended: Ended) {
        let Some(class) = class else {
            self.early.push(ended);
            return;
        };
        let tally = &mut self.tallies[class as usize][ended.cell];
        tally.attempts += u64::from(ended.attempts);
        if let Some(latency) = ended.latency {
            tally.latency.record(latency);
        }
    }

    /// A window of a class starts.
    pub(super) fn window_starts(&mut self, class: Class) {
        if self.tallies[class as usize].is_empty() {
            self.tallies[class as usize].resize(self.cells, RequestTally::default());
        }
        for ended in std::mem::take(&mut self.early) {
            self.count(Some(class), ended);
        }
    }

    /// It is known what the undecided windows were.
    pub(super) fn decide(&mut self, decision: Decision) {
        let undecided = std::mem::take(&mut self.tallies[Class::Undecided as usize]);
        let class = match decision {
            Decision::Calm => Class::Again,
            Decision::Disturbed => Class::Disturbed,
        };
        let tallies = &mut self.tallies[class as usize];
        if tallies.is_empty() {
            *tallies = undecided;
        } else {
            tallies.iter_mut().zip(&undecided).for_each(|(sum, tally)| sum.add(tally));
        }
    }

    /// The requests of a class, by cell; empty if no window was of that class.
    pub(super) fn of(&mut self, class: Class) -> Vec<RequestTally> {
        std::mem::take(&mut self.tallies[class as usize])
    }

    /// All requests of a cell.
    pub(super) fn of_cell(&self, cell: usize) -> RequestTally {
        let mut sum = RequestTally::default();
        self.tallies.iter().filter_map(|tallies| tallies.get(cell)).for_each(|tally| sum.add(tally));
        sum
    }
}
