//! Runs one thing twice, side by side, to find the first event at which the two part.
//!
//! A run is meant to be a function of its inputs. What could make it anything else (an address, a hash's order, a clock,
//! another thread) shows as two executions of the same run that differ: in lockstep the first event that does names the
//! place.

use super::divergence::Divergence;
use super::scheduler::Scheduler;
use super::sim::{EngineError, Model, STRETCH};
use crate::units::SimTime;

/// As [`super::run`], with two models that should be alike, an event of each at a time. Both clocks end at the horizon.
///
/// # Errors
/// [`EngineError::Diverged`] at the first event that differs in its time or in itself; [`EngineError::Budget`];
/// [`EngineError::Stopped`] once `stop` says so.
pub fn run_twice<M: Model>(
    models: [&mut M; 2],
    schedulers: [&mut Scheduler<M::Event>; 2],
    horizon: SimTime,
    budget: u64,
    stop: impl Fn() -> bool,
) -> Result<u64, EngineError>
where
    M::Event: PartialEq,
{
    let ([one, other], [scheduler, twin]) = (models, schedulers);
    let mut events = 0;
    loop {
        match (scheduler.advance(horizon).then(|| scheduler.take()), twin.advance(horizon).then(|| twin.take())) {
            (None, None) => return Ok(events),
            (Some(left), Some(right)) if left == right && scheduler.now() == twin.now() => {
                events += 1;
                if events > budget {
                    return Err(EngineError::Budget { budget, at: scheduler.now(), last: format!("{left:?}") });
                }
                if events.is_multiple_of(STRETCH) && stop() {
                    return Err(EngineError::Stopped { at: scheduler.now() });
                }
                one.handle(scheduler, left);
                other.handle(twin, right);
            }
            (left, right) => {
                let said = |event: Option<M::Event>, at| event.map(|event| (at, format!("{event:?}")));
                let next = [said(left, scheduler.now()), said(right, twin.now())];
                return Err(EngineError::Diverged(Divergence { agreed: events, next }));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::SimDuration;

    /// Ticks every second; the tick numbered `odd` comes a nanosecond late.
    struct Clock {
        odd: Option<u32>,
    }

    impl Model for Clock {
        type Event = u32;

        fn handle(&mut self, scheduler: &mut Scheduler<u32>, tick: u32) {
            let late = u64::from(self.odd == Some(tick + 1));
            scheduler.schedule_after(SimDuration::from_nanos(1_000_000_000 + late), tick + 1);
        }
    }

    fn twice(odd: Option<u32>, budget: u64) -> Result<u64, EngineError> {
        let (mut one, mut other) = (Clock { odd: None }, Clock { odd });
        let (mut scheduler, mut twin) = (Scheduler::new(), Scheduler::new());
        scheduler.schedule_after(SimDuration::from_nanos(0), 0);
        twin.schedule_after(SimDuration::from_nanos(0), 0);
        let horizon = SimTime::from_nanos(10_000_000_000);
        run_twice([&mut one, &mut other], [&mut scheduler, &mut twin], horizon, budget, || false)
    }

    #[test]
    fn two_that_are_alike_end_together() {
        assert_eq!(twice(None, 11), Ok(11));
        assert!(matches!(twice(None, 10), Err(EngineError::Budget { budget: 10, .. })));
    }

    #[test]
    fn the_first_event_that_differs_is_named_with_its_time() {
        let error = twice(Some(7), 100).unwrap_err();
        assert_eq!(
            error.to_string(),
            "two executions of the same run part after 7 events: one goes on with 7 at 7.000000000 s, the other goes on \
             with 7 at 7.000000001 s"
        );
    }

    #[test]
    fn one_that_ends_early_differs_too() {
        let error = twice(Some(10), 100).unwrap_err();
        let EngineError::Diverged(divergence) = error else { panic!("{error}") };
        assert_eq!((divergence.agreed, &divergence.next[1]), (10, &None));
    }
}
