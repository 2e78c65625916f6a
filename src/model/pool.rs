//! A pool of equal servers with one FIFO queue: app workers, or database connections.
//!
//! It keeps count of who is served and who waits, and the time-weighted sums that utilisation comes from. What a server
//! does, and for how long, is its callers' business. A server is given back by its caller, or, where it is known when it
//! will be free and nobody waits, comes free by itself then: that takes no event. Should somebody wait by then after all,
//! [`Pool::alarm`] says when to look.
//!
//! A customer on the way can reserve a server while there is one for everybody who is served or has reserved one. Reservations
//! save events, and give no right: first come is first served. So when somebody comes for whom only reservations are in the way,
//! the pool is *overbooked*, and its callers [`cancel`](Pool::cancel) those of all who have not come.

use std::collections::VecDeque;

use super::slab::Handle;
use super::whole;
use crate::units::{SimDuration, SimTime};

/// Reservations for which there is room at first.
const RESERVATIONS: usize = 64;

/// For each reservation that was cancelled, so many customers set out, the last of whom may reserve a server again:
/// in a busy pool it costs more than it saves.
const AFTER_RESERVATION: u32 = 16;
/// The same for each read that left the fast path, or could not take it for want of a server.
const AFTER_FAST_PATH: u32 = 2;

/// Servers and their queue.
#[derive(Debug)]
pub(super) struct Pool {
    servers: u32,
    /// Servers that somebody will give back.
    held: u32,
    /// Release time of each other busy server; unordered; past times mean free.
    release_times: Vec<SimTime>,
    /// Servers reserved for customers on the way, in the order of reserving; those of past times have come. A reserved
    /// server counts as held.
    reservations: Vec<Reservation>,
    /// Customers who are to set out, the last of whom may reserve a server again.
    setting_out_first: u32,
    queue: VecDeque<(Handle, SimTime)>,
    queue_limit: usize,
    /// Time at which somebody is to look whether a server has come free; never, if nobody is.
    alarm: SimTime,
    /// The ends of all services that have ended, or will by themselves, less their starts, less those of the others.
    busy_ns: i128,
    /// Server-nanoseconds switched on until `changed`.
    on_ns: u128,
    changed: SimTime,
    /// Customers that reached a server in measured time, and the nanoseconds they had waited.
    waits: (u64, u128),
    measuring: bool,
}

/// A server reserved for a customer on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reservation {
    /// Time at which the customer comes, and is served.
    pub(super) at: SimTime,
    pub(super) customer: Handle,
    /// The number of the event that its coming would have been.
    pub(super) number: u64,
}

/// Fate of a customer that has come to a pool.
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
            held: 0,
            release_times: Vec::new(),
            reservations: Vec::with_capacity(RESERVATIONS),
            setting_out_first: 0,
            queue: VecDeque::new(),
            queue_limit: queue_limit as usize,
            alarm: SimTime::NEVER,
            busy_ns: 0,
            on_ns: 0,
            changed: SimTime::ZERO,
            waits: (0, 0),
            measuring: false,
        }
    }

    #[inline]
    fn starts(&mut self, now: SimTime, waited: SimDuration) {
        self.held += 1;
        self.busy_ns -= i128::from(now.as_nanos());
        if self.measuring {
            self.waits.0 += 1;
            self.waits.1 += u128::from(waited.as_nanos());
        }
    }

    #[inline]
    fn ends(&mut self, at: SimTime) {
        assert!(self.held > 0, "a server is given back that nobody holds");
        self.held -= 1;
        self.busy_ns += i128::from(at.as_nanos());
    }

    /// Tells if a server is free.
    #[inline]
    fn has_free(&mut self, now: SimTime) -> bool {
        let busy = self.held as usize + self.release_times.len();
        busy < self.servers as usize || self.has_free_by_now(now)
    }

    /// The same, after a look at those that come free by themselves.
    fn has_free_by_now(&mut self, now: SimTime) -> bool {
        self.look(now);
        self.held as usize + self.release_times.len() < self.servers as usize
    }

    /// A customer sets out.
    #[inline]
    pub(super) fn sets_out(&mut self) {
        self.setting_out_first = self.setting_out_first.saturating_sub(1);
    }

    /// Tells whether servers may be reserved for customers on the way: nobody waits, and it is not too soon since
    /// they were last found wanting.
    #[inline]
    pub(super) fn is_open_to_plans(&self) -> bool {
        self.setting_out_first == 0 && self.queue.is_empty()
    }

    /// Returns the number of servers that are neither busy nor reserved. (There may be more, for want of a look at those
    /// that have come free.)
    #[inline]
    pub(super) fn spare(&self) -> usize {
        (self.servers as usize).saturating_sub(self.held as usize + self.release_times.len())
    }

    /// The same after a look.
    pub(super) fn spare_by(&mut self, now: SimTime) -> usize {
        self.look(now);
        self.spare()
    }

    /// Forgets those that have come free.
    pub(super) fn look(&mut self, now: SimTime) {
        self.release_times.retain(|at| *at > now);
    }

    /// Notes that so many reads left the fast path, or could not take it, for want of servers.
    pub(super) fn fast_path_failed(&mut self, count: usize) {
        self.pause_plans(AFTER_FAST_PATH, count);
    }

    /// For each of `count` so many `customers` set out, the last of whom may plan again.
    fn pause_plans(&mut self, customers: u32, count: usize) {
        self.setting_out_first = self.setting_out_first.max(customers.saturating_mul(whole::count(count)));
    }

    /// A server reserved for the fast path has served a customer from `from` to `to`, which may be yet to come.
    #[inline]
    pub(super) fn note_service(&mut self, now: SimTime, from: SimTime, to: SimTime) {
        self.busy_ns += i128::from(to.since(from).as_nanos());
        self.waits.0 += u64::from(self.measuring);
        if to > now {
            self.release_times.push(to);
        }
    }

    /// A server reserved for the fast path has taken a customer up at `from`, and is held.
    pub(super) fn note_start(&mut self, from: SimTime) {
        self.starts(from, SimDuration::ZERO);
    }

    /// Reserves a server that is [spare](Self::spare) for a customer on the way.
    #[inline]
    pub(super) fn reserve(&mut self, now: SimTime, reservation: Reservation) {
        self.starts(reservation.at, SimDuration::ZERO);
        if self.reservations.len() == self.reservations.capacity() {
            self.reservations.retain(|reservation| reservation.at > now);
            // Room for as many again, so that the next look is as far away.
            self.reservations.reserve(self.reservations.len());
        }
        self.reservations.push(reservation);
    }

    /// Tells whether reservations are in the way of a customer who comes now.
    #[inline]
    pub(super) fn is_overbooked(&mut self, now: SimTime) -> bool {
        !self.reservations.is_empty() && !self.has_free(now) && self.has_reservations(now)
    }

    #[cold]
    #[inline(never)]
    fn has_reservations(&mut self, now: SimTime) -> bool {
        self.reservations.retain(|reservation| reservation.at > now);
        !self.reservations.is_empty()
    }

    /// Takes the reservations of those who have not come; each is to be [cancelled](Self::cancel).
    pub(super) fn take_reservations(&mut self, now: SimTime) -> Vec<Reservation> {
        let reservations: Vec<Reservation> =
            self.reservations.drain(..).filter(|reservation| reservation.at > now).collect();
        self.pause_plans(AFTER_RESERVATION, reservations.len());
        reservations
    }

    /// Takes its server from a customer who was to come at `at`; `free` is when it was to come free by itself, if it was.
    pub(super) fn cancel(&mut self, at: SimTime, free: Option<SimTime>) {
        self.busy_ns += i128::from(at.as_nanos());
        self.waits.0 -= u64::from(self.measuring);
        match free {
            Some(free) => {
                let place = self.release_times.iter().position(|other| *other == free);
                self.release_times.swap_remove(place.expect("a server that comes free by itself"));
                self.busy_ns -= i128::from(free.as_nanos());
            }
            None => self.held -= 1,
        }
    }

    /// A customer comes. The pool is not overbooked.
    #[inline]
    pub(super) fn enter(&mut self, now: SimTime, customer: Handle) -> Admission {
        if self.queue.is_empty() && self.has_free(now) {
            self.starts(now, SimDuration::ZERO);
            Admission::Served
        } else if self.queue.len() < self.queue_limit {
            self.queue.push_back((customer, now));
            Admission::Queued
        } else {
            Admission::Refused
        }
    }

    /// A server is given back, and nobody is taken up yet.
    pub(super) fn give_back(&mut self, now: SimTime) {
        self.ends(now);
    }

    /// A server is given back; the next customer is taken up, if one waits and a server is free.
    #[inline]
    pub(super) fn leave(&mut self, now: SimTime) -> Option<Handle> {
        self.ends(now);
        if self.queue.is_empty() { None } else { self.take_up(now) }
    }

    /// Takes the next customer up, if one waits and a server is free.
    pub(super) fn take_up(&mut self, now: SimTime) -> Option<Handle> {
        if !self.has_free(now) {
            return None;
        }
        let (customer, since) = self.queue.pop_front()?;
        self.starts(now, now.since(since));
        Some(customer)
    }

    /// A customer who waits leaves the queue. (Those who lose patience have mostly come first, and are found soon.)
    pub(super) fn give_up(&mut self, customer: Handle) {
        let place = self.queue.iter().position(|(waiting, _)| *waiting == customer);
        self.queue.remove(place.expect("a customer who waits"));
    }

    /// Tells if a server need not be given back: nobody waits for it.
    #[inline]
    pub(super) fn is_without_queue(&self) -> bool {
        self.queue.is_empty()
    }

    /// A server that is held comes free at `at` by itself. Nobody waits.
    #[inline]
    pub(super) fn leave_at(&mut self, at: SimTime) {
        debug_assert!(self.queue.is_empty(), "nobody waits");
        self.ends(at);
        self.release_times.push(at);
    }

    /// Returns the time to look for a server for those who wait, unless a look by then is planned.
    pub(super) fn alarm(&mut self) -> Option<SimTime> {
        let next = self.release_times.iter().copied().min().filter(|_| !self.queue.is_empty())?;
        let is_earlier = next < self.alarm;
        self.alarm = self.alarm.min(next);
        is_earlier.then_some(next)
    }

    /// Somebody looks now, and takes the customers up.
    pub(super) fn alarmed(&mut self, now: SimTime) {
        if self.alarm <= now {
            self.alarm = SimTime::NEVER;
        }
    }

    /// Changes the number of servers (after a death: brings them back).
    pub(super) fn resize(&mut self, now: SimTime, servers: u32) {
        self.count_on(now);
        self.servers = servers;
    }

    /// The servers are gone, and everybody with them.
    pub(super) fn die(&mut self, now: SimTime) {
        self.busy_ns = self.busy_ns_by(now);
        self.held = 0;
        self.release_times.clear();
        self.reservations.clear();
        self.queue.clear();
        self.resize(now, 0);
    }

    /// Servers busy now.
    pub(super) fn busy(&self, now: SimTime) -> u32 {
        let to_be_free = self.release_times.iter().filter(|at| **at > now).count();
        let to_come = self.reservations.iter().filter(|reservation| reservation.at > now).count();
        self.held + whole::count(to_be_free) - whole::count(to_come)
    }

    /// Tells if more are being served than there are servers left.
    pub(super) fn is_short(&self, now: SimTime) -> bool {
        self.busy(now) > self.servers
    }

    fn count_on(&mut self, now: SimTime) {
        self.on_ns += u128::from(now.since(self.changed).as_nanos()) * u128::from(self.servers);
        self.changed = now;
    }

    fn busy_ns_by(&self, now: SimTime) -> i128 {
        let until = |at: SimTime| i128::from(at.since(now).as_nanos());
        let to_be_free: i128 = self.release_times.iter().map(|at| until(*at)).sum();
        let to_come: i128 = self.reservations.iter().map(|reservation| until(reservation.at)).sum();
        self.busy_ns + i128::from(self.held) * i128::from(now.as_nanos()) - to_be_free + to_come
    }

    /// Server-nanoseconds busy and switched on since the start of the run.
    pub(super) fn used(&mut self, now: SimTime) -> (u128, u128) {
        self.count_on(now);
        (self.busy_ns_by(now).unsigned_abs(), self.on_ns)
    }

    /// Starts or ends the count of waits.
    pub(super) fn measure(&mut self, on: bool) {
        self.measuring = on;
    }

    /// Returns whether waits are counted.
    #[inline]
    pub(super) fn is_measuring(&self) -> bool {
        self.measuring
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
    fn who_leaves_the_queue_is_not_taken_up_and_counts_in_no_wait() {
        let mut slab = Slab::new();
        let [a, b, c] = [(); 3].map(|()| slab.insert(()));
        let mut pool = Pool::new(1, 10);
        pool.measure(true);
        for customer in [a, b, c] {
            pool.enter(at(0), customer);
        }
        pool.give_up(b);
        assert_eq!((pool.leave(at(5)), pool.leave(at(6))), (Some(c), None));
        assert_eq!(pool.waits(), (2, 5_000_000_000));
    }

    #[test]
    fn a_pool_that_grows_takes_up_those_who_wait() {
        let mut slab = Slab::new();
        let [a, b, c] = [(); 3].map(|()| slab.insert(()));
        let mut pool = Pool::new(1, 10);
        for customer in [a, b, c] {
            pool.enter(at(0), customer);
        }
        pool.resize(at(5), 2);
        assert_eq!((pool.take_up(at(5)), pool.take_up(at(5))), (Some(b), None));
        assert_eq!(pool.busy(at(5)), 2);
        assert_eq!(pool.leave(at(6)), Some(c));
    }

    #[test]
    fn a_server_that_comes_free_by_itself_is_counted_until_then_and_taken_by_who_waits_at_that_moment() {
        let mut slab = Slab::new();
        let [a, b, c] = [(); 3].map(|()| slab.insert(()));
        let mut pool = Pool::new(1, 10);
        pool.measure(true);
        assert_eq!(pool.enter(at(0), a), Admission::Served);
        pool.leave_at(at(10));
        assert_eq!(pool.used(at(4)), (4_000_000_000, 4_000_000_000));
        assert_eq!((pool.busy(at(4)), pool.busy(at(10)), pool.alarm()), (1, 0, None));
        assert_eq!(pool.enter(at(5), b), Admission::Queued);
        assert_eq!((pool.alarm(), pool.alarm()), (Some(at(10)), None));
        // Who comes at the very moment comes behind who waits.
        assert_eq!(pool.enter(at(10), c), Admission::Queued);
        pool.alarmed(at(10));
        assert_eq!((pool.take_up(at(10)), pool.take_up(at(10))), (Some(b), None));
        assert_eq!(pool.leave(at(12)), Some(c));
        pool.leave_at(at(20));
        assert_eq!(pool.waits(), (3, 7_000_000_000));
        assert_eq!(pool.used(at(30)), (20_000_000_000, 30_000_000_000));
        pool.die(at(30));
        assert_eq!(pool.used(at(40)), (20_000_000_000, 30_000_000_000));
    }
    #[test]
    fn who_has_reserved_counts_from_its_coming_on_and_gives_way_to_who_comes_before() {
        let mut slab = Slab::new();
        let [a, b, c] = [(); 3].map(|()| slab.insert(()));
        let mut pool = Pool::new(3, 10);
        pool.measure(true);
        let reservation = |number, customer| Reservation { at: at(number * 10), customer, number };
        for (reservation, leaves) in
            [(reservation(1, a), None), (reservation(2, b), Some(at(50))), (reservation(3, c), None)]
        {
            assert!(pool.is_open_to_plans() && pool.spare() > 0);
            pool.reserve(at(0), reservation);
            if let Some(leaves) = leaves {
                pool.leave_at(leaves);
            }
        }
        assert_eq!(pool.spare(), 0);
        assert_eq!((pool.busy(at(5)), pool.busy(at(15)), pool.busy(at(25))), (0, 1, 2));
        assert_eq!(pool.used(at(25)), (20_000_000_000, 75_000_000_000));
        // The first has come; the others are in the way.
        assert!(pool.is_overbooked(at(15)));
        assert_eq!(pool.take_reservations(at(15)), [reservation(2, b), reservation(3, c)]);
        pool.cancel(at(20), Some(at(50)));
        pool.cancel(at(30), None);
        assert!(!pool.is_overbooked(at(15)));
        assert_eq!((pool.enter(at(15), b), pool.enter(at(15), c)), (Admission::Served, Admission::Served));
        assert_eq!((pool.busy(at(15)), pool.is_open_to_plans(), pool.waits()), (3, false, (3, 0)));
        assert_eq!(pool.used(at(40)), (80_000_000_000, 120_000_000_000));
        assert_eq!(pool.enter(at(40), a), Admission::Queued);
    }
}
