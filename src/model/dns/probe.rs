//! Probes: when they are sent, and what the checkers conclude from their results.

use super::super::books::Books;
use super::super::event::{Event, Scheduler};
use super::super::setting::Setting;
use super::super::slab::Handle;
use super::Dns;
use super::health_check::{ArrivedProbe, CheckerChange, SentProbe};
use super::publish::will_publish;
use super::target::Target;
use crate::scenario::{GeographyId, RegionId};

/// Owners that the probes of the health checks touch, their targets apart.
pub(in super::super) struct Probes<'w> {
    pub(in super::super) dns: &'w mut Dns,
    pub(in super::super) books: &'w mut Books,
    pub(in super::super) setting: &'w Setting<'w>,
}

/// The checkers have come to another view of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) struct Verdict {
    pub(in super::super) target: Target,
    pub(in super::super) down: bool,
}

impl Probes<'_> {
    /// A checker starts a probe, and its schedule goes on.
    pub(in super::super) fn probe_starts(&mut self, scheduler: &mut Scheduler, place: u32) {
        let settings = &self.setting.design.dns.health_checks;
        scheduler.schedule_after(settings.interval, Event::ProbeStarts { check: place });
        let target = self.dns.checks.next_probe(place);
        if matches!(target, Target::Region(region) if self.dns.manager.is_cold(region)) {
            return;
        }
        let plans = &self.setting.plan.geographies;
        let rtt = |geography, region| &plans[geography].rtt[region];
        let SentProbe { probe, arrives, deadline } =
            self.dns.checks.send(place, scheduler.now(), settings.timeout, rtt);
        scheduler.schedule_at(deadline, Event::ProbeTimesOut { probe });
        scheduler.schedule_at(arrives, Event::ProbeArrives { probe });
    }

    /// A probe has not been answered in time. Returns the verdict that this leads to, if it does.
    pub(in super::super) fn probe_times_out(&mut self, scheduler: &mut Scheduler, probe: Handle) -> Option<Verdict> {
        let check = self.dns.checks.times_out(probe)?;
        self.probe_done(scheduler, check, false)
    }

    /// A checker learns the result of a probe. Returns the verdict that this leads to, if it does.
    pub(in super::super) fn probe_done(
        &mut self,
        scheduler: &mut Scheduler,
        place: u32,
        good: bool,
    ) -> Option<Verdict> {
        let now = scheduler.now();
        let change = self.dns.checks.done(place, good, &self.setting.design.dns.health_checks)?;
        let CheckerChange { target, geography, down, verdict } = change;
        self.books.checker_finds(now, geography, target, down);
        let down = verdict?;
        self.books.verdict(now, target, down);
        will_publish(scheduler, self.dns.manager.verdict(now, target, down));
        Some(Verdict { target, down })
    }
}

impl Dns {
    /// The probe of a handle as its target sees it, if it is still waited for.
    pub(in super::super) fn probe(&self, probe: Handle) -> Option<ArrivedProbe> {
        self.checks.under_way(probe)
    }
}

/// A target answers a probe now; the checker hears of it half a round trip later, if that is in time, and if no cut hides the
/// region from its geography.
pub(in super::super) fn probe_answered(
    dns: &mut Dns,
    is_hidden: impl FnOnce(GeographyId, RegionId) -> bool,
    scheduler: &mut Scheduler,
    (probe, good): (Handle, bool),
) {
    let Some(under_way) = dns.checks.under_way(probe) else { return };
    if is_hidden(under_way.geography, under_way.target.region()) {
        return;
    }
    if let Some((heard, check)) = dns.checks.answered(probe, scheduler.now()) {
        scheduler.schedule_at(heard, Event::ProbeDone { check, good });
    }
}

#[cfg(test)]
mod tests;
