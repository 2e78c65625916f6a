//! The run loop: takes events off the list in order and hands them to the model, up to the horizon.

use thiserror::Error;

use super::EventQueue;
use crate::units::{SimDuration, SimTime};

/// Something that events happen to.
pub trait Model {
    /// What can happen; one closed enum.
    type Event: Copy + std::fmt::Debug;

    /// Lets `event` happen now, at `agenda.now()`.
    fn handle(&mut self, agenda: &mut Agenda<Self::Event>, event: Self::Event);
}

/// The clock and what is still to happen.
#[derive(Debug)]
pub struct Agenda<E> {
    now: SimTime,
    queue: EventQueue<E>,
}

/// Why a run could not be carried to its horizon.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum EngineError {
    /// More events than the budget allows.
    #[error("more than {budget} events by {:.9} s of simulated time; the last was {last}", at.as_secs_f64())]
    Budget {
        /// The budget.
        budget: u64,
        /// Simulated time reached.
        at: SimTime,
        /// The last event.
        last: String,
    },
}

impl<E: Copy> Agenda<E> {
    /// An empty agenda at time zero.
    pub fn new() -> Self {
        Agenda { now: SimTime::ZERO, queue: EventQueue::new() }
    }

    /// The current moment.
    #[inline]
    pub fn now(&self) -> SimTime {
        self.now
    }

    /// Lets `event` happen at `at`, which must not be past.
    #[inline]
    pub fn at(&mut self, at: SimTime, event: E) {
        debug_assert!(at >= self.now, "an event in the past");
        self.queue.push(at, event);
    }

    /// Lets `event` happen after `delay`.
    #[inline]
    pub fn after(&mut self, delay: SimDuration, event: E) {
        self.queue.push(self.now + delay, event);
    }
}

impl<E: Copy> Default for Agenda<E> {
    fn default() -> Self {
        Agenda::new()
    }
}

/// Runs `model` until `horizon` (events at the horizon itself still happen) or until nothing is left, and returns the
/// number of events. The clock ends at the horizon.
///
/// # Errors
/// [`EngineError::Budget`] if more than `budget` events happen.
pub fn run<M: Model>(
    model: &mut M,
    agenda: &mut Agenda<M::Event>,
    horizon: SimTime,
    budget: u64,
) -> Result<u64, EngineError> {
    let mut events = 0;
    while let Some((at, event)) = agenda.queue.pop() {
        if at > horizon {
            break;
        }
        agenda.now = at;
        events += 1;
        if events > budget {
            return Err(EngineError::Budget { budget, at, last: format!("{event:?}") });
        }
        model.handle(agenda, event);
    }
    agenda.now = horizon;
    Ok(events)
}
