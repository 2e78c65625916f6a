//! A pool of equal servers with one FIFO queue: app workers, or database connections.
//!
//! It keeps count of who is served and who waits, and the time-weighted sums that utilisation comes from. What a server
//! does, and for how long, is its callers' business.

use std::collections::VecDeque;

use super::slab::Handle;
use crate::units::{SimDuration, SimTime};

/// Servers and their queue.
#[derive(Debug)]
pub(super) struct Pool {
    servers: u32,
    busy: u32,
    queue: VecDeque<(Handle, SimTime)>,
    queue_limit: usize,
    changed: SimTime,
    busy_ns: u128,
    on_ns: u128,
    /// Customers that reached a server in measured time, and the nanoseconds they had waited.
    waits: (u64, u128),
    measuring: bool,
}

/// What became of a customer that has come to a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admission {
    /// It is being served.
    Served,
    /// It waits.
    Queued,
    /// It was turned away.
    Refused,
}

impl Pool {
    pub(super) fn new(servers: u32, queue_limit: u32) -> Self {
        Pool {
            servers,
            busy: 0,
            queue: VecDeque::new(),
            queue_limit: queue_limit as usize,
            changed: SimTime::ZERO,
            busy_ns: 0,
            on_ns: 0,
            waits: (0, 0),
            measuring: false,
        }
    }

    #[inline]
    fn integrate(&mut self, now: SimTime) {
        let elapsed = u128::from(now.since(self.changed).as_nanos());
        self.busy_ns += elapsed * u128::from(self.busy);
        self.on_ns += elapsed * u128::from(self.servers);
        self.changed = now;
    }

    #[inline]
    fn waited(&mut self, time: SimDuration) {
        if self.measuring {
            self.waits.0 += 1;
            self.waits.1 += u128::from(time.as_nanos());
        }
    }

    /// A customer comes.
    #[inline]
    pub(super) fn enter(&mut self, now: SimTime, customer: Handle) -> Admission {
        if self.busy < self.servers {
            self.integrate(now);
            self.busy += 1;
            self.waited(SimDuration::ZERO);
            Admission::Served
        } else if self.queue.len() < self.queue_limit {
            self.queue.push_back((customer, now));
            Admission::Queued
        } else {
            Admission::Refused
        }
    }

    /// A server is free again; it takes the next customer, if one waits.
    #[inline]
    pub(super) fn leave(&mut self, now: SimTime) -> Option<Handle> {
        if self.busy > self.servers {
            self.integrate(now);
            self.busy -= 1;
            return None;
        }
        match self.queue.pop_front() {
            Some((customer, since)) => {
                self.waited(now.since(since));
                Some(customer)
            }
            None => {
                self.integrate(now);
                self.busy -= 1;
                None
            }
        }
    }

    /// Changes the number of servers (after a death: brings them back); the caller takes up the customers returned.
    pub(super) fn resize(&mut self, now: SimTime, servers: u32) -> Vec<Handle> {
        self.integrate(now);
        self.servers = servers;
        let mut taken = Vec::new();
        while self.busy < self.servers {
            let Some((customer, since)) = self.queue.pop_front() else { break };
            self.waited(now.since(since));
            self.busy += 1;
            taken.push(customer);
        }
        taken
    }

    /// The servers are gone, and everybody with them.
    pub(super) fn die(&mut self, now: SimTime) {
        self.integrate(now);
        self.servers = 0;
        self.busy = 0;
        self.queue.clear();
    }

    /// Servers busy now.
    #[inline]
    pub(super) fn busy(&self) -> u32 {
        self.busy
    }

    /// Whether more are being served than there are servers left.
    pub(super) fn is_short(&self) -> bool {
        self.busy > self.servers
    }

    /// Server-nanoseconds busy and switched on since the start of the run.
    pub(super) fn used(&mut self, now: SimTime) -> (u128, u128) {
        self.integrate(now);
        (self.busy_ns, self.on_ns)
    }

    /// Starts or ends the count of waits.
    pub(super) fn measure(&mut self, on: bool) {
        self.measuring = on;
    }

    /// Customers that reached a server in measured time, and the nanoseconds they had waited.
    pub(super) fn waits(&self) -> (u64, u128) {
        self.waits
    }
}

#[cfg(test)]
mod tests {
    use super::super::slab::Slab;
    use super::*;

    fn at(seconds: u64) -> SimTime {
        SimTime::ZERO + SimDuration::from_secs(seconds)
    }

    #[test]
    fn customers_are_served_in_order_of_arrival_and_the_surplus_is_refused() {
        let mut slab = Slab::new();
        let [a, b, c, d] = [(); 4].map(|()| slab.insert(()));
        let mut pool = Pool::new(1, 2);
        pool.measure(true);
        assert_eq!(pool.enter(at(0), a), Admission::Served);
        assert_eq!(pool.enter(at(1), b), Admission::Queued);
        assert_eq!(pool.enter(at(2), c), Admission::Queued);
        assert_eq!(pool.enter(at(3), d), Admission::Refused);
        assert_eq!(pool.leave(at(10)), Some(b));
        assert_eq!(pool.leave(at(20)), Some(c));
        assert_eq!(pool.leave(at(30)), None);
        assert_eq!(pool.waits(), (3, 27_000_000_000));
        assert_eq!(pool.used(at(40)), (30_000_000_000, 40_000_000_000));
    }

    #[test]
    fn a_pool_that_grows_takes_up_those_who_wait() {
        let mut slab = Slab::new();
        let [a, b, c] = [(); 3].map(|()| slab.insert(()));
        let mut pool = Pool::new(1, 10);
        for customer in [a, b, c] {
            pool.enter(at(0), customer);
        }
        assert_eq!(pool.resize(at(5), 2), vec![b]);
        assert_eq!(pool.busy(), 2);
        assert_eq!(pool.leave(at(6)), Some(c));
    }
}
