//! The phase of a failed attempt: what would have had to be better, timed at its sending.
//!
//! A region that answers with errors, or too slowly, should not be used either: where a health check's probe would fail too (see
//! [`Gray`]), its failures have the phases of a dead region.
//!
//! [`Gray`]: super::gray::Gray

use super::super::outcome::{Cause, Phase};
use super::super::slab::Handle;
use super::call::AppSide;
use super::serving::Serving;
use crate::units::SimTime;

impl Serving<'_> {
    /// The phase of an attempt that failed now for `cause`.
    pub(in super::super) fn phase_of(&self, now: SimTime, session: Handle, cause: Cause) -> Phase {
        let visitor = self.visitors.see(session);
        if cause == Cause::DnsFailure {
            return Phase::Names;
        }
        if let Some(phase) = visitor.late_phase {
            return phase;
        }
        if self.regions.paths.is_cut(visitor.geography, visitor.region) {
            return self.unusable_region_phase(session);
        }
        if cause == Cause::RequestTimeout
            && let Some(call) = self.regions.calls.get(visitor.call)
        {
            match call.app_side {
                AppSide::Queued => return self.regions.states[call.region].capacity_phase(now),
                AppSide::Serving | AppSide::Calling => return self.regions.phase_of_call(call, self.data.primary()),
                AppSide::Arriving | AppSide::Answering | AppSide::Gone => {}
            }
        }
        self.unusable_region_phase(session)
    }

    /// Corrects the `phase` of an attempt that fails now, if nothing could have helped it or its region should not be used.
    pub(in super::super) fn amended_phase(&self, now: SimTime, session: Handle, phase: Phase) -> Phase {
        let visitor = self.visitors.see(session);
        if let Some(phase) = self.beyond_help_since(visitor.sent, now, visitor.geography, visitor.operation) {
            return phase;
        }
        let region = &self.regions.states[visitor.region];
        if phase == Phase::Gray && region.gray.was_unfit_since(visitor.sent) {
            return self.unusable_region_phase(session);
        }
        phase
    }

    /// The phase of an attempt at a region that should not be used: how far the news had come when it was sent.
    fn unusable_region_phase(&self, session: Handle) -> Phase {
        let visitor = self.visitors.see(session);
        let sent = visitor.sent;
        let left_out = self.dns.manager().left_out_since(visitor.region, sent);
        if !self.dns.manager().had_found_down(visitor.region, sent) {
            return Phase::Undetected;
        }
        if sent < left_out {
            return Phase::Unpublished;
        }
        if visitor.on_kept_connection && visitor.connection.is_some_and(|held| held.opened < left_out) {
            return Phase::KeptConnection;
        }
        match visitor.answer {
            Some(answer) if answer.fetched < left_out => Phase::ClientCache,
            Some(answer) if answer.resolver_fetched < left_out => Phase::ResolverCache,
            Some(_) | None => Phase::NoAlternative,
        }
    }
}
