//! All visitors of a run: who is there, who is still to come, and the retries that their clients may make.

use super::super::per_geography::PerGeography;
use super::super::slab::Slab;
use super::arrival::Arrivals;
use super::session::Session;
use super::surge::Surges;

/// Every session, and what starts more of them.
pub(in super::super) struct Visitors {
    pub(in super::super) arrivals: PerGeography<Arrivals>,
    pub(in super::super) surges: Surges,
    pub(in super::super) sessions: Slab<Session>,
    /// Per geography: retries that its clients may make.
    pub(in super::super) retry_tokens: PerGeography<f64>,
}

impl Visitors {
    /// Nobody yet: sessions will start by `arrivals`, with full budgets of retries.
    pub(in super::super) fn new(arrivals: PerGeography<Arrivals>, retry_tokens: PerGeography<f64>) -> Self {
        Visitors { surges: Surges::new(arrivals.len()), arrivals, sessions: Slab::new(), retry_tokens }
    }
}
