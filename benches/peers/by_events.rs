//! The request path on desque, an event list with callbacks: everything that happens is an event.

use std::collections::VecDeque;

use desque::serial::{Event, Simulation};
use desque::{Result, SimState};

use crate::w3::{
    CONNECTIONS, CROSS, Draw, END, HALF, MISS, RESOLVERS, TTL, Tally, WORKERS, draw, generators, is_down, is_flagged,
};

/// Event, with the population (of an arrival) or the request.
#[derive(Clone, Copy, Debug)]
enum What {
    Arrives(usize),
    Sends(usize),
    EntersApp(usize),
    LeavesApp(usize),
    EntersDatabase(usize),
    LeavesDatabase(usize),
    Returns(usize),
}

#[derive(Clone, Copy, Default)]
struct Request {
    started: u64,
    app: u64,
    database: u64,
    half: u64,
    region: usize,
    write: bool,
}

struct World {
    generators: [rand_xoshiro::Xoshiro256PlusPlus; 2],
    next: [Draw; 2],
    caches: [[(usize, u64); RESOLVERS]; 2],
    requests: Vec<Request>,
    free: Vec<usize>,
    app_busy: [usize; 2],
    app_queue: [VecDeque<usize>; 2],
    database_busy: [usize; 2],
    database_queue: [VecDeque<usize>; 2],
    tally: Tally,
    /// Events that follow from the event at hand, and their delays.
    follows: Vec<(u64, What)>,
}

impl SimState<u64> for World {}

impl Event<World, u64> for What {
    fn execute(&mut self, simulation: &mut Simulation<World, u64>) -> Result {
        let now = *simulation.current_time();
        simulation.state_mut().step(now, *self);
        for i in 0..simulation.state().follows.len() {
            let (delay, what) = simulation.state().follows[i];
            simulation.schedule(what, now + delay)?;
        }
        Ok(())
    }
}

/// One run.
pub(crate) fn run(seed: u64) -> Tally {
    let mut generators = generators(seed);
    let next = [draw(&mut generators[0]), draw(&mut generators[1])];
    let world = World {
        generators,
        next,
        caches: [[(0, 0); RESOLVERS]; 2],
        requests: Vec::new(),
        free: Vec::new(),
        app_busy: [0; 2],
        app_queue: Default::default(),
        database_busy: [0; 2],
        database_queue: Default::default(),
        tally: Tally::default(),
        follows: Vec::new(),
    };
    let mut simulation = Simulation::new(world, 0u64);
    for (population, next) in next.iter().enumerate() {
        simulation.schedule(What::Arrives(population), next.gap).expect("the future");
    }
    simulation.run().expect("a run");
    simulation.state().tally
}

impl World {
    fn step(&mut self, now: u64, what: What) {
        self.follows.clear();
        match what {
            What::Arrives(population) => self.arrives(now, population),
            What::Sends(id) => self.follows.push((self.requests[id].half, What::EntersApp(id))),
            What::EntersApp(id) => {
                let Request { region, app, .. } = self.requests[id];
                if region == 0 && is_down(now) {
                    self.fails(now, id);
                } else if self.app_busy[region] < WORKERS {
                    self.app_busy[region] += 1;
                    self.follows.push((app, What::LeavesApp(id)));
                } else {
                    self.app_queue[region].push_back(id);
                }
            }
            What::LeavesApp(id) => {
                let Request { region, write, .. } = self.requests[id];
                if let Some(waiting) = self.app_queue[region].pop_front() {
                    self.follows.push((self.requests[waiting].app, What::LeavesApp(waiting)));
                } else {
                    self.app_busy[region] -= 1;
                }
                if write && region == 1 {
                    self.follows.push((CROSS, What::EntersDatabase(id)));
                } else {
                    self.enters_database(now, id, region);
                }
            }
            What::EntersDatabase(id) => self.enters_database(now, id, 0),
            What::LeavesDatabase(id) => {
                let Request { region, write, half, .. } = self.requests[id];
                let node = if write { 0 } else { region };
                if let Some(waiting) = self.database_queue[node].pop_front() {
                    self.follows.push((self.requests[waiting].database, What::LeavesDatabase(waiting)));
                } else {
                    self.database_busy[node] -= 1;
                }
                let cross = if write && region == 1 { CROSS } else { 0 };
                self.follows.push((half + cross, What::Returns(id)));
            }
            What::Returns(id) => {
                self.tally.succeeded(now - self.requests[id].started);
                self.free.push(id);
            }
        }
    }

    fn arrives(&mut self, now: u64, population: usize) {
        let next = draw(&mut self.generators[population]);
        let draw = std::mem::replace(&mut self.next[population], next);
        if now + next.gap < END {
            self.follows.push((next.gap, What::Arrives(population)));
        }
        let cache = &mut self.caches[population][draw.resolver];
        let is_miss = now >= cache.1;
        if is_miss {
            *cache = (if is_flagged(now) { 1 } else { population }, now + TTL);
        }
        let region = cache.0;
        let half = HALF[usize::from(region != population)];
        let request = Request { started: now, app: draw.app, database: draw.database, half, region, write: draw.write };
        let id = self.free.pop().unwrap_or_else(|| {
            self.requests.push(Request::default());
            self.requests.len() - 1
        });
        self.requests[id] = request;
        self.follows.push(if is_miss { (MISS, What::Sends(id)) } else { (half, What::EntersApp(id)) });
    }

    fn enters_database(&mut self, now: u64, id: usize, node: usize) {
        if node == 0 && is_down(now) {
            self.fails(now, id);
        } else if self.database_busy[node] < CONNECTIONS {
            self.database_busy[node] += 1;
            self.follows.push((self.requests[id].database, What::LeavesDatabase(id)));
        } else {
            self.database_queue[node].push_back(id);
        }
    }

    fn fails(&mut self, now: u64, id: usize) {
        self.tally.failed(now - self.requests[id].started);
        self.free.push(id);
    }
}
