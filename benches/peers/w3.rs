//! The request path that the peers simulate: its figures, its draws, its tally.
//!
//! Two populations, Poisson, 500 requests a second each, for 900 s. A request asks one of its population's 50 resolvers,
//! whose answer lasts 60 s; a miss adds 20 ms. The answer is the own region, but region B for all while region A's health
//! flag is down. The way out takes 5 ms (75 ms to the other region); then the app (64 workers, lognormal service), the
//! database (16 connections, exponential service; the tenth that writes does so at A's, 75 ms away from B), and the way
//! back. Whatever arrives in A while A is down fails 3 s later.

use rand::{Rng, SeedableRng};
use rand_distr::{Distribution, Exp1, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus as Generator;

pub(crate) const MS: u64 = 1_000_000;
pub(crate) const S: u64 = 1_000 * MS;
pub(crate) const END: u64 = 900 * S;
pub(crate) const RESOLVERS: usize = 50;
pub(crate) const TTL: u64 = 60 * S;
pub(crate) const MISS: u64 = 20 * MS;
/// One way, to the own region and to the other.
pub(crate) const HALF: [u64; 2] = [5 * MS, 75 * MS];
pub(crate) const CROSS: u64 = 75 * MS;
pub(crate) const WORKERS: usize = 64;
pub(crate) const CONNECTIONS: usize = 16;
const RATE: f64 = 500.0;
const TIMEOUT: u64 = 3 * S;

/// Tells if region A is down.
#[inline(always)]
pub(crate) fn is_down(t: u64) -> bool {
    (300 * S..420 * S).contains(&t)
}

/// Tells if its health flag is down: 30 s later.
#[inline(always)]
pub(crate) fn is_flagged(t: u64) -> bool {
    (330 * S..450 * S).contains(&t)
}

/// The generators of both populations.
pub(crate) fn generators(seed: u64) -> [Generator; 2] {
    [Generator::seed_from_u64(seed * 2), Generator::seed_from_u64(seed * 2 + 1)]
}

/// All draws of a request, made when it arrives.
#[derive(Clone, Copy)]
pub(crate) struct Draw {
    /// Since the request before it.
    pub(crate) gap: u64,
    pub(crate) resolver: usize,
    pub(crate) app: u64,
    pub(crate) write: bool,
    pub(crate) database: u64,
}

#[expect(clippy::disallowed_methods, reason = "the peers use the platform's mathematics")]
#[inline(always)]
pub(crate) fn draw(generator: &mut Generator) -> Draw {
    let gap: f64 = Exp1.sample(generator);
    let service: f64 = StandardNormal.sample(generator);
    let database: f64 = Exp1.sample(generator);
    let bits = generator.random::<u64>();
    let location = 0.02f64.ln() - 0.125;
    Draw {
        gap: (gap * (1e9 / RATE)) as u64,
        resolver: (((bits & 0xffff_ffff) * RESOLVERS as u64) >> 32) as usize,
        app: ((0.5 * service + location).exp() * 1e9) as u64,
        write: (bits >> 32) * 10 < 1 << 32,
        database: (database * 2e6) as u64,
    }
}

/// Outcomes of the requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) requests: u64,
    pub(crate) failed: u64,
    /// Sum of the latencies of the successful ones, in nanoseconds.
    pub(crate) latency: u64,
    /// The same of all, with the time-out of those that failed.
    pub(crate) latency_of_all: u64,
}

impl Tally {
    #[inline(always)]
    pub(crate) fn succeeded(&mut self, latency: u64) {
        self.requests += 1;
        self.latency += latency;
        self.latency_of_all += latency;
    }

    #[inline(always)]
    pub(crate) fn failed(&mut self, latency: u64) {
        self.requests += 1;
        self.failed += 1;
        self.latency_of_all += latency + TIMEOUT;
    }
}
