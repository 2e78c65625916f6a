//! Probes: on their way to a target, and what they find there.

use super::super::event::Event;
use super::super::marks::Marks;
use super::super::region::{Call, Reachability};
use super::super::slab::Handle;
use super::super::world::{Agenda, World};
use super::Target;
use super::health_check::{CheckerChange, SentProbe};
use crate::scenario::Probe;

impl World<'_> {
    /// A checker starts a probe, and its schedule goes on.
    pub(in super::super) fn probe_starts(&mut self, agenda: &mut Agenda, place: u32) {
        let settings = &self.setting.design.dns.health_checks;
        agenda.after(settings.interval, Event::ProbeStarts { check: place });
        let target = self.dns.checks.next_probe(place);
        if matches!(target, Target::Region(region) if self.dns.manager.is_cold(region)) {
            return;
        }
        let plans = &self.setting.plan.geographies;
        let rtt = |geography, region| &plans[geography].rtt[region];
        let SentProbe { probe, arrives, deadline } = self.dns.checks.send(place, agenda.now(), settings.timeout, rtt);
        agenda.at(deadline, Event::ProbeTimesOut { probe });
        agenda.at(arrives, Event::ProbeArrives { probe });
    }

    /// A probe reaches its target.
    pub(in super::super) fn probe_arrives(&mut self, agenda: &mut Agenda, probe: Handle) {
        let Some(arrived) = self.dns.checks.under_way(probe) else { return };
        if self.paths.is_hidden(arrived.geography, arrived.target.region()) {
            return;
        }
        let region = &self.regions[arrived.target.region()];
        let kind = self.setting.design.dns.health_checks.probe;
        let reached = match (arrived.target, kind) {
            (Target::Node(_), _) => region.node_reachability(),
            (Target::Region(_), Probe::Ping) => region.network.reachability(),
            (Target::Region(_), Probe::Tcp | Probe::Http | Probe::Deep) => region.app_reachability(),
        };
        match reached {
            Reachability::Silent => {}
            Reachability::Refusing => self.probe_answered(agenda, probe, false),
            Reachability::Up => match (arrived.target, kind) {
                (Target::Node(_), _) | (_, Probe::Ping | Probe::Tcp) => self.probe_answered(agenda, probe, true),
                (Target::Region(region), Probe::Http | Probe::Deep) => {
                    let (deep, marks) = (kind == Probe::Deep, Marks(arrived.stream));
                    let call = self.calls.insert(Call::of_probe(probe, region, deep, arrived.deadline, marks));
                    self.enter_app(agenda, call);
                }
            },
        }
    }

    /// The target answers a probe now; the checker hears of it half a round trip later, if that is in time.
    pub(in super::super) fn probe_answered(&mut self, agenda: &mut Agenda, probe: Handle, good: bool) {
        let Some(under_way) = self.dns.checks.under_way(probe) else { return };
        if self.paths.is_hidden(under_way.geography, under_way.target.region()) {
            return;
        }
        if let Some((heard, check)) = self.dns.checks.answered(probe, agenda.now()) {
            agenda.at(heard, Event::ProbeDone { check, good });
        }
    }

    /// A probe has not been answered in time.
    pub(in super::super) fn probe_times_out(&mut self, agenda: &mut Agenda, probe: Handle) {
        if let Some(check) = self.dns.checks.times_out(probe) {
            self.probe_done(agenda, check, false);
        }
    }

    /// A checker learns the result of a probe.
    pub(in super::super) fn probe_done(&mut self, agenda: &mut Agenda, place: u32, good: bool) {
        let Some(change) = self.dns.checks.done(place, good, &self.setting.design.dns.health_checks) else { return };
        let CheckerChange { target, geography, down, verdict } = change;
        self.books.diary.checker(agenda.now(), geography, target, down, self.books.incidents.shown_at(target));
        if let Some(down) = verdict {
            self.verdict(agenda, target, down);
        }
    }
}
