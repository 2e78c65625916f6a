//! The smallest use of the engine: a queue with one server, Poisson arrivals and exponential service (M/M/1).
//!
//! It shows the three things a model needs: one closed enum of events, a `handle` that lets them happen, and streams of
//! random numbers that are named rather than shared. Theory gives the mean wait, so the example checks the engine too:
//!
//! ```text
//! cargo run --release --example mm1
//! ```

#![expect(clippy::disallowed_macros, reason = "an example prints")]

use std::collections::VecDeque;

use firedrill::engine::{EngineError, Model, Scheduler, Stream, run};
use firedrill::units::{SimDuration, SimTime};

const ARRIVALS_PER_S: f64 = 80.0;
const SERVICES_PER_S: f64 = 100.0;
const HORIZON_S: u64 = 100_000;

#[derive(Clone, Copy, Debug)]
enum Event {
    Arrival,
    Departure,
}

struct Queue {
    interarrival: Stream,
    service: Stream,
    arrived: u64,
    served: u64,
    waited: SimDuration,
    /// Arrival times of those in the system; the first is being served.
    present: VecDeque<SimTime>,
}

impl Queue {
    fn serve(&mut self, scheduler: &mut Scheduler<Event>) {
        let Some(&arrival) = self.present.front() else { return };
        self.waited += scheduler.now().since(arrival);
        let service = self.service.exponential(self.served) / SERVICES_PER_S;
        self.served += 1;
        scheduler.schedule_after(SimDuration::from_secs_f64(service), Event::Departure);
    }
}

impl Model for Queue {
    type Event = Event;

    fn handle(&mut self, scheduler: &mut Scheduler<Event>, event: Event) {
        match event {
            Event::Arrival => {
                self.arrived += 1;
                let gap = self.interarrival.exponential(self.arrived) / ARRIVALS_PER_S;
                scheduler.schedule_after(SimDuration::from_secs_f64(gap), Event::Arrival);
                self.present.push_back(scheduler.now());
                if self.present.len() == 1 {
                    self.serve(scheduler);
                }
            }
            Event::Departure => {
                self.present.pop_front();
                self.serve(scheduler);
            }
        }
    }
}

fn main() -> Result<(), EngineError> {
    let root = Stream::root(1, 0);
    let (interarrival, service) = (root.named("interarrival"), root.named("service"));
    let (waited, present) = (SimDuration::ZERO, VecDeque::new());
    let mut queue = Queue { interarrival, service, arrived: 0, served: 0, waited, present };
    let mut scheduler = Scheduler::new();
    scheduler.schedule_at(SimTime::ZERO, Event::Arrival);
    let horizon = SimTime::ZERO + SimDuration::from_secs(HORIZON_S);
    let events = run(&mut queue, &mut scheduler, horizon, u64::MAX)?;

    let mean = queue.waited.as_secs_f64() / queue.served as f64;
    let exact = ARRIVALS_PER_S / SERVICES_PER_S / (SERVICES_PER_S - ARRIVALS_PER_S);
    println!("{} customers served in {HORIZON_S} s, {events} events", queue.served);
    println!("mean wait  {:.3} ms", mean * 1e3);
    println!("theory     {:.3} ms", exact * 1e3);
    println!("deviation  {:+.2} %", (mean / exact - 1.0) * 100.0);
    Ok(())
}
