//! Latency and attempts of requests, by the class of the window in which they start.

use super::calm::{Class, Decision};
use super::latency_counts::LatencyCounts;
use crate::units::SimDuration;

/// Requests of one geography and operation that started in windows of one class.
#[derive(Clone, Debug, Default)]
pub(super) struct RequestTally {
    pub(super) attempts: u64,
    pub(super) latency: LatencyCounts,
}

impl RequestTally {
    fn add(&mut self, other: &RequestTally) {
        self.attempts += other.attempts;
        self.latency.add(&other.latency);
    }
}

/// A request that ended before its window was classified.
#[derive(Clone, Copy, Debug)]
struct Early {
    cell: usize,
    attempts: u32,
    latency: Option<SimDuration>,
}

/// All requests of measured time. A cell is a geography and operation.
#[derive(Debug)]
pub(super) struct RequestTallies {
    cells: usize,
    /// Per class; empty as long as no window was of that class.
    tallies: [Vec<RequestTally>; Class::COUNT],
    /// Requests that started in the nanosecond in which their window starts, and ended before it was classified.
    early: Vec<Early>,
}

impl RequestTallies {
    pub(super) fn new(cells: usize) -> Self {
        RequestTallies { cells, tallies: [const { Vec::new() }; Class::COUNT], early: Vec::new() }
    }

    /// Counts a success of a request that started in a window of a class.
    #[inline(always)]
    pub(super) fn succeeded(&mut self, class: Option<Class>, cell: usize, attempts: u32, latency: SimDuration) {
        let Some(class) = class else {
            self.came_early(Early { cell, attempts, latency: Some(latency) });
            return;
        };
        let tally = &mut self.tallies[class as usize][cell];
        tally.attempts += u64::from(attempts);
        tally.latency.record(latency);
    }

    /// Counts a failure of such a request.
    pub(super) fn failed(&mut self, class: Option<Class>, cell: usize, attempts: u32) {
        match class {
            Some(class) => self.tallies[class as usize][cell].attempts += u64::from(attempts),
            None => self.came_early(Early { cell, attempts, latency: None }),
        }
    }

    #[cold]
    #[inline(never)]
    fn came_early(&mut self, early: Early) {
        self.early.push(early);
    }

    /// A window of a class starts.
    pub(super) fn window_starts(&mut self, class: Class) {
        let tallies = &mut self.tallies[class as usize];
        if tallies.is_empty() {
            tallies.resize_with(self.cells, RequestTally::default);
        }
        for Early { cell, attempts, latency } in self.early.drain(..) {
            let mut one = RequestTally { attempts: u64::from(attempts), ..RequestTally::default() };
            latency.into_iter().for_each(|latency| one.latency.record(latency));
            tallies[cell].add(&one);
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

    /// All requests, by cell, and of these the ones that started in calm windows before the first incident, and again; empty if
    /// there were no such windows.
    pub(super) fn into_sums(self) -> RequestSums {
        let [before, again, _, mut all] = self.tallies;
        all.resize_with(self.cells, RequestTally::default);
        for calm in [&before, &again] {
            all.iter_mut().zip(calm).for_each(|(sum, tally)| sum.add(tally));
        }
        RequestSums { all, before, again }
    }
}

/// Requests by cell.
#[derive(Debug)]
pub(super) struct RequestSums {
    pub(super) all: Vec<RequestTally>,
    pub(super) before: Vec<RequestTally>,
    pub(super) again: Vec<RequestTally>,
}
