//! Advice: which setting of the file to change first, for the phase in which a design loses most of its service.
//!
//! A function of the checked scenario alone. It names the setting that governs the phase and its present value as a file spells
//! it, says what to turn it towards, and promises no more than the phase can give: where no setting of the design helps it
//! says so, and where much is lost otherwise it says how much that is. A request that one cause no longer fails may meet the
//! next one on its way: how many do cannot be known without a run, so what is saved is said as a bound, with the causes that
//! may take over. Left out: what the change costs elsewhere, which only another study can tell.

pub(super) mod advise;
mod caches;
mod capacity;
mod data;
mod detection;
mod next;
pub(super) mod remains;
mod setting;
#[cfg(test)]
mod tests;

pub use crate::results::Turn;
pub use advise::{Advice, advise};
pub use remains::Remains;
