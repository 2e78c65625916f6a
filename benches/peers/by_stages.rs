//! The request path by hand, as a floor: no events at all.
//!
//! Stage by stage over windows of simulated time: arrivals and names, then the app pools, then the databases. Constant
//! delays make FIFO streams, busy workers are one small sorted array, and nothing is scheduled that nothing waits for.

use std::collections::VecDeque;

use rand_xoshiro::Xoshiro256PlusPlus as Generator;

use crate::w3::{
    CONNECTIONS, CROSS, Draw, END, HALF, MISS, MS, RESOLVERS, S, TTL, Tally, WORKERS, draw, generators, is_down,
    is_flagged,
};

const WINDOW: u64 = 250 * MS;

/// A request on its way to the app.
#[derive(Clone, Copy)]
struct Job {
    at: u64,
    app: u64,
    call: Call,
}

/// Need of the database.
#[derive(Clone, Copy)]
struct Call {
    started: u64,
    service: u64,
    half: u64,
    write: bool,
}

/// Taken in the order of entry; what has been taken is cleared away once in a window.
struct Stream<T> {
    items: Vec<T>,
    taken: usize,
}

impl<T: Copy> Stream<T> {
    fn new() -> Self {
        Stream { items: Vec::with_capacity(4096), taken: 0 }
    }

    #[inline(always)]
    fn push(&mut self, item: T) {
        self.items.push(item);
    }

    #[inline(always)]
    fn front(&self) -> Option<&T> {
        self.items.get(self.taken)
    }

    fn clear_away(&mut self) {
        self.items.drain(..self.taken);
        self.taken = 0;
    }
}

/// Puts an item into its place among items sorted by time, latest first.
#[inline(always)]
fn insert<T: Copy>(items: &mut Vec<(u64, T)>, item: (u64, T)) {
    let mut place = items.len();
    items.push(item);
    while place > 0 && items[place - 1].0 < item.0 {
        items[place] = items[place - 1];
        place -= 1;
    }
    items[place] = item;
}

struct World {
    generators: [Generator; 2],
    next: [Draw; 2],
    next_at: [u64; 2],
    caches: [[(usize, u64); RESOLVERS]; 2],
    /// Into each region: from its own population and from the other, without and with a miss.
    to_app: [[Stream<Job>; 4]; 2],
    jobs: Vec<Job>,
    free: Vec<usize>,
    /// Time at which each busy worker is done, and with which job.
    app: [Vec<(u64, usize)>; 2],
    app_queue: [VecDeque<usize>; 2],
    to_database: [Stream<(u64, Call)>; 2],
    /// Writes from B to A's.
    over_link: Stream<(u64, Call)>,
    /// Until when each connection is busy.
    database: [Vec<(u64, ())>; 2],
    tally: Tally,
}

/// One run.
pub(crate) fn run(seed: u64) -> Tally {
    let mut generators = generators(seed);
    let next = [draw(&mut generators[0]), draw(&mut generators[1])];
    let mut world = World {
        generators,
        next,
        next_at: next.map(|draw| draw.gap),
        caches: [[(0, 0); RESOLVERS]; 2],
        to_app: [(); 2].map(|()| [(); 4].map(|()| Stream::new())),
        jobs: Vec::with_capacity(1024),
        free: Vec::new(),
        app: [(); 2].map(|()| Vec::with_capacity(WORKERS)),
        app_queue: Default::default(),
        to_database: [(); 2].map(|()| Stream::new()),
        over_link: Stream::new(),
        database: Default::default(),
        tally: Tally::default(),
    };
    let mut end = WINDOW;
    while end <= END + 10 * S {
        for place in 0..2 {
            world.arrivals(place, end);
        }
        for place in 0..2 {
            world.app(place, end);
        }
        for place in 0..2 {
            world.database(place, end);
        }
        world.over_link.clear_away();
        end += WINDOW;
    }
    world.tally
}

impl World {
    fn arrivals(&mut self, population: usize, end: u64) {
        while self.next_at[population] < end {
            let now = self.next_at[population];
            if now >= END {
                self.next_at[population] = u64::MAX;
                break;
            }
            let next = draw(&mut self.generators[population]);
            let draw = std::mem::replace(&mut self.next[population], next);
            self.next_at[population] = now + next.gap;
            let cache = &mut self.caches[population][draw.resolver];
            let is_miss = now >= cache.1;
            if is_miss {
                *cache = (if is_flagged(now) { 1 } else { population }, now + TTL);
            }
            let region = cache.0;
            let other = usize::from(region != population);
            let half = HALF[other];
            let call = Call { started: now, service: draw.database, half, write: draw.write };
            let at = now + half + if is_miss { MISS } else { 0 };
            self.to_app[region][other * 2 + usize::from(is_miss)].push(Job { at, app: draw.app, call });
        }
    }

    fn app(&mut self, region: usize, end: u64) {
        loop {
            let mut first = (u64::MAX, 0);
            for (place, stream) in self.to_app[region].iter().enumerate() {
                if let Some(job) = stream.front()
                    && job.at < first.0
                {
                    first = (job.at, place);
                }
            }
            let (at, place) = first;
            while let Some(&(done, id)) = self.app[region].last()
                && done <= at.min(end - 1)
            {
                self.app[region].pop();
                self.leaves_app(region, done, id);
            }
            if at >= end {
                break;
            }
            let stream = &mut self.to_app[region][place];
            let job = stream.items[stream.taken];
            stream.taken += 1;
            if region == 0 && is_down(at) {
                self.tally.failed(at - job.call.started);
                continue;
            }
            let id = self.free.pop().unwrap_or_else(|| {
                self.jobs.push(job);
                self.jobs.len() - 1
            });
            self.jobs[id] = job;
            if self.app[region].len() < WORKERS {
                insert(&mut self.app[region], (at + job.app, id));
            } else {
                self.app_queue[region].push_back(id);
            }
        }
        self.to_app[region].iter_mut().for_each(Stream::clear_away);
    }

    #[inline(always)]
    fn leaves_app(&mut self, region: usize, now: u64, id: usize) {
        let call = self.jobs[id].call;
        self.free.push(id);
        if let Some(waiting) = self.app_queue[region].pop_front() {
            insert(&mut self.app[region], (now + self.jobs[waiting].app, waiting));
        }
        if call.write && region == 1 {
            self.over_link.push((now + CROSS, call));
        } else {
            self.to_database[region].push((now, call));
        }
    }

    fn database(&mut self, node: usize, end: u64) {
        loop {
            let at = |stream: &Stream<(u64, Call)>| stream.front().map_or(u64::MAX, |call| call.0);
            let local = at(&self.to_database[node]);
            let remote = if node == 0 { at(&self.over_link) } else { u64::MAX };
            if local.min(remote) >= end {
                break;
            }
            let (stream, cross) =
                if local <= remote { (&mut self.to_database[node], 0) } else { (&mut self.over_link, CROSS) };
            let (at, call) = stream.items[stream.taken];
            stream.taken += 1;
            if node == 0 && is_down(at) {
                self.tally.failed(at - call.started);
                continue;
            }
            let busy = &mut self.database[node];
            while busy.last().is_some_and(|&(until, ())| until <= at) {
                busy.pop();
            }
            let begins = if busy.len() < CONNECTIONS { at } else { busy.pop().map_or(at, |(until, ())| until) };
            let done = begins + call.service;
            insert(busy, (done, ()));
            self.tally.succeeded(done - call.started + call.half + cross);
        }
        self.to_database[node].clear_away();
    }
}
