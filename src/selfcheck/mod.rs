//! Closed forms: degenerate scenarios for which a formula is exact, simulated and compared with it.
//!
//! Each [`ClosedForm`] simulates scenarios in which nothing takes any time and nothing fails, but for the few things that its
//! formula is about. What is compared is a mean over runs, and the yardstick is its standard error, estimated from the
//! same runs: the two must agree within [`MOST_STANDARD_ERRORS`], and a standard error must be small enough to say
//! something. Seeds are fixed, so a comparison holds always or never. Beside each form stands by how many standard errors
//! plausible mistakes in the model would miss at [`Effort::Thorough`], so that it is known to be able to fail.
//!
//! The command `firedrill selfcheck` and the project's tests make the same comparisons from here, with different effort.
//!
//! Left out: what has no closed form (see `docs/verification.md` for the other evidence).

mod comparison;
mod conflicts;
mod data;
mod degenerate;
mod effort;
mod findings;
mod incidents;
mod names;
mod queueing;

pub use comparison::{Comparison, Evidence, MOST_DISTANCE, MOST_STANDARD_ERRORS};
pub use degenerate::{Failure, plan, runs};

pub use effort::Effort;
use findings::Findings;

/// A formula and the scenarios in which it is exact.
#[derive(Clone, Copy, Debug)]
pub struct ClosedForm {
    /// `C1`, `C2`, …, as in `docs/verification.md`.
    pub id: &'static str,
    /// Quantities that are compared.
    pub title: &'static str,
    simulate: fn(&mut Findings) -> Result<(), Failure>,
}

impl ClosedForm {
    /// Simulates and compares.
    ///
    /// # Errors
    /// If a run cannot be carried out: a defect of the simulator.
    pub fn compare(&self, effort: Effort) -> Result<Vec<Comparison>, Failure> {
        let mut findings = Findings::new(self.id, effort);
        (self.simulate)(&mut findings)?;
        Ok(findings.comparisons)
    }
}

/// Every closed form, in order.
pub const CLOSED_FORMS: [ClosedForm; 15] = [
    ClosedForm { id: "C1", title: "M/M/c app pool: Erlang's formulas", simulate: queueing::erlang },
    ClosedForm {
        id: "C2",
        title: "M/G/1 app pool: Pollaczek and Khinchine's formula",
        simulate: queueing::general_service,
    },
    ClosedForm { id: "C3", title: "resolver cache: renewal argument", simulate: names::cache },
    ClosedForm {
        id: "C4",
        title: "detection: order statistics of the checkers' phases",
        simulate: incidents::detection,
    },
    ClosedForm { id: "C5", title: "old answers after a change: stationary caches", simulate: names::switch_tail },
    ClosedForm {
        id: "C6",
        title: "commits that had not left, constant delay: Poisson",
        simulate: data::constant_delay,
    },
    ClosedForm { id: "C6b", title: "commits that had not left, random delay in order", simulate: data::random_delay },
    ClosedForm {
        id: "C6c",
        title: "commits that had not left, delays of the pipeline: as long at every rate",
        simulate: data::shared_delay,
    },
    ClosedForm { id: "C7", title: "renewal incidents: share of downtime", simulate: incidents::renewal },
    ClosedForm { id: "C8", title: "reads at the replica: staleness", simulate: data::staleness },
    ClosedForm { id: "C9", title: "two primaries, last writer wins", simulate: conflicts::last_writer_wins },
    ClosedForm { id: "C10", title: "retries of independent errors", simulate: incidents::independent_errors },
    ClosedForm { id: "C10b", title: "retries under an outage that comes and goes", simulate: incidents::retries },
    ClosedForm { id: "C11", title: "semi-synchronous replication: one round trip, no loss", simulate: data::semi_sync },
    ClosedForm { id: "C12", title: "backlog after a partition", simulate: data::backlog },
];
