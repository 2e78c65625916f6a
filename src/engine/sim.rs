//! The run loop: takes events off the list in order and hands them to the model, up to the horizon.

use thiserror::Error;

use super::divergence::Divergence;
use super::scheduler::Scheduler;
use crate::units::SimTime;

/// Something that events happen to.
pub trait Model {
    /// Events of the model; one closed enum.
    type Event: Copy + std::fmt::Debug;

    /// Lets `event` happen now, at `scheduler.now()`.
    fn handle(&mut self, scheduler: &mut Scheduler<Self::Event>, event: Self::Event);
}

/// Reason why a run could not be carried to its horizon.
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
    /// It was asked to stop.
    #[error("stopped at {:.9} s of simulated time", at.as_secs_f64())]
    Stopped {
        /// Simulated time reached.
        at: SimTime,
    },
    /// Two executions of the same run were not the same.
    #[error("{0}")]
    Diverged(Divergence),
}

/// Runs `model` until `horizon` (events at the horizon itself still happen) or until nothing is left, and returns the
/// number of events. The clock ends at the horizon.
///
/// ```
/// use firedrill::engine::{Scheduler, Model, run};
/// use firedrill::units::{SimDuration, SimTime};
///
/// /// A light that changes every ten seconds.
/// struct Light {
///     is_on: bool,
/// }
///
/// impl Model for Light {
///     type Event = ();
///
///     fn handle(&mut self, scheduler: &mut Scheduler<()>, (): ()) {
///         self.is_on = !self.is_on;
///         scheduler.schedule_after(SimDuration::from_secs(10), ());
///     }
/// }
///
/// let (mut light, mut scheduler) = (Light { is_on: false }, Scheduler::new());
/// scheduler.schedule_at(SimTime::ZERO, ());
/// let horizon = SimTime::ZERO + SimDuration::from_secs(60);
/// // At 0, 10, ..., 60 s: one at the horizon still happens.
/// assert_eq!(run(&mut light, &mut scheduler, horizon, 1_000), Ok(7));
/// assert!(light.is_on);
/// ```
///
/// # Errors
/// [`EngineError::Budget`] if more than `budget` events happen.
pub fn run<M: Model>(
    model: &mut M,
    scheduler: &mut Scheduler<M::Event>,
    horizon: SimTime,
    budget: u64,
) -> Result<u64, EngineError> {
    run_unless(model, scheduler, horizon, budget, || false)
}

/// Events between two questions whether to stop: some milliseconds at most.
pub(super) const STRETCH: u64 = 8192;

/// As [`run`], and asks `stop` now and then.
///
/// # Errors
/// As [`run`]; [`EngineError::Stopped`] once `stop` says so.
pub fn run_unless<M: Model>(
    model: &mut M,
    scheduler: &mut Scheduler<M::Event>,
    horizon: SimTime,
    budget: u64,
    stop: impl Fn() -> bool,
) -> Result<u64, EngineError> {
    let mut events = 0;
    // One comparison an event serves both: the budget is handed out in stretches.
    let mut allowed = STRETCH.min(budget);
    while scheduler.advance(horizon) {
        let event = scheduler.take();
        events += 1;
        if events > allowed {
            allowed = go_on(events, budget, &stop, (scheduler.now(), event))?;
        }
        model.handle(scheduler, event);
    }
    Ok(events)
}

/// Returns up to which event the run may go on. Off the way of those that need not ask.
#[cold]
#[inline(never)]
fn go_on<E: std::fmt::Debug>(
    events: u64,
    budget: u64,
    stop: &impl Fn() -> bool,
    (at, event): (SimTime, E),
) -> Result<u64, EngineError> {
    if events > budget {
        return Err(EngineError::Budget { budget, at, last: format!("{event:?}") });
    }
    if stop() {
        return Err(EngineError::Stopped { at });
    }
    Ok((events + STRETCH).min(budget))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::stream::Stream;
    use crate::units::SimDuration;

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Event {
        Tick(u32),
    }

    /// Writes down what happens, and lets each event have up to two successors.
    struct Log {
        seen: Vec<(SimTime, Event)>,
        stream: Stream,
        last: u32,
    }

    impl Model for Log {
        type Event = Event;

        fn handle(&mut self, scheduler: &mut Scheduler<Event>, event: Event) {
            self.seen.push((scheduler.now(), event));
            let Event::Tick(tick) = event;
            for child in [2 * tick, 2 * tick + 1] {
                if child <= self.last {
                    let delay = self.stream.bits(child.into()) % 50;
                    scheduler.schedule_after(SimDuration::from_nanos(delay), Event::Tick(child));
                }
            }
        }
    }

    fn started(last: u32) -> (Log, Scheduler<Event>) {
        let mut scheduler = Scheduler::new();
        scheduler.schedule_after(SimDuration::from_nanos(5), Event::Tick(1));
        (Log { seen: Vec::new(), stream: Stream::root(0, 0), last }, scheduler)
    }

    #[test]
    fn the_clock_never_goes_back_and_ends_at_the_horizon() {
        let (mut log, mut scheduler) = started(10_000);
        let horizon = SimTime::from_nanos(100_000);
        assert_eq!(run(&mut log, &mut scheduler, horizon, u64::MAX), Ok(10_000));
        assert!(log.seen.is_sorted_by_key(|&(at, _)| at));
        assert_eq!(scheduler.now(), horizon);
    }

    #[test]
    fn events_at_the_horizon_happen_and_later_ones_do_not() {
        let (mut whole, mut scheduler) = started(5000);
        run(&mut whole, &mut scheduler, SimTime::from_nanos(100_000), u64::MAX).unwrap();
        let horizon = whole.seen[2500].0;
        let expected = whole.seen.iter().filter(|&&(at, _)| at <= horizon).count();
        let (mut cut, mut scheduler) = started(5000);
        assert_eq!(run(&mut cut, &mut scheduler, horizon, u64::MAX), Ok(expected as u64));
        assert_eq!(cut.seen, whole.seen[..expected]);
        assert!(expected < whole.seen.len());
    }

    #[test]
    fn an_event_happens_at_its_time_and_at_one_time_in_the_order_of_the_calls() {
        let at = SimTime::from_nanos;
        let (mut log, mut scheduler) =
            (Log { seen: Vec::new(), stream: Stream::root(0, 0), last: 0 }, Scheduler::new());
        scheduler.schedule_at(at(7), Event::Tick(1));
        scheduler.schedule_at(at(3), Event::Tick(2));
        scheduler.schedule_after(SimDuration::from_nanos(3), Event::Tick(3));
        scheduler.schedule_at(at(0), Event::Tick(4));
        assert_eq!(run(&mut log, &mut scheduler, at(10), 10), Ok(4));
        let expected = [(0, 4), (3, 2), (3, 3), (7, 1)].map(|(time, tick)| (at(time), Event::Tick(tick)));
        assert_eq!(log.seen, expected);
    }

    #[test]
    #[should_panic(expected = "an event in the past")]
    fn an_event_in_the_past_is_a_defect() {
        let (mut log, mut scheduler) = started(1);
        run(&mut log, &mut scheduler, SimTime::from_nanos(10), 10).unwrap();
        scheduler.schedule_at(SimTime::from_nanos(9), Event::Tick(2));
    }

    #[test]
    fn a_run_that_is_asked_to_stop_does_within_a_stretch_of_events() {
        use std::cell::Cell;

        let (mut log, mut scheduler) = started(100_000);
        let asked = Cell::new(0);
        let stop = || {
            asked.set(asked.get() + 1);
            asked.get() == 3
        };
        let error = run_unless(&mut log, &mut scheduler, SimTime::from_nanos(10_000_000), u64::MAX, stop).unwrap_err();
        assert_eq!(error, EngineError::Stopped { at: scheduler.now() });
        // Asked after one stretch, after the next with the event that ended the first, and so on.
        assert_eq!(log.seen.len() as u64, 3 * STRETCH + 2);
        let (mut whole, mut scheduler) = started(100_000);
        let events = run_unless(&mut whole, &mut scheduler, SimTime::from_nanos(10_000_000), u64::MAX, || false);
        assert_eq!((events, &whole.seen[..log.seen.len()]), (Ok(100_000), &log.seen[..]));
    }

    #[test]
    fn an_exhausted_budget_names_the_budget_the_time_and_the_last_event() {
        let (mut whole, mut scheduler) = started(100);
        run(&mut whole, &mut scheduler, SimTime::from_nanos(100_000), 100)
            .expect("100 events are within a budget of 100");
        let (mut log, mut scheduler) = started(100);
        let error = run(&mut log, &mut scheduler, SimTime::from_nanos(100_000), 99).unwrap_err();
        let (at, last) = whole.seen[99];
        assert_eq!(error, EngineError::Budget { budget: 99, at, last: format!("{last:?}") });
        let text = error.to_string();
        assert!(text.contains("99 events") && text.contains(&format!("{last:?}")), "{text}");
        assert!(text.contains(&format!("{:.9} s", at.as_secs_f64())), "{text}");
    }
}
