//! Health checks: probes on fixed schedules, counts of failures and successes, and the quorum.

use super::super::event::Event;
use super::super::marks::Marks;
use super::super::node_id::NodeId;
use super::super::per_geography::PerGeography;
use super::super::plan::GeographyPlan;
use super::super::region::{Call, Reachability};
use super::super::slab::{Handle, Slab};
use super::super::whole;
use super::super::world::{Agenda, World};
use crate::engine::Stream;
use crate::scenario::{GeographyId, HealthChecks, Probe, RegionId};
use crate::units::{SimDuration, SimTime};

/// What a checker probes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in super::super) enum Target {
    /// A region's endpoint.
    Region(RegionId),
    /// A region's database node.
    Node(NodeId),
}

impl Target {
    /// Both regions, then both nodes.
    pub(in super::super) const ALL: [Target; 4] = [
        Target::Region(RegionId::First),
        Target::Region(RegionId::Second),
        Target::Node(NodeId::of(RegionId::First)),
        Target::Node(NodeId::of(RegionId::Second)),
    ];

    /// Place in [`Target::ALL`].
    pub(in super::super) const fn index(self) -> usize {
        match self {
            Target::Region(region) => region.index(),
            Target::Node(node) => 2 + node.region().index(),
        }
    }

    /// The region in which it is.
    pub(in super::super) const fn region(self) -> RegionId {
        match self {
            Target::Region(region) => region,
            Target::Node(node) => node.region(),
        }
    }
}

/// All checks: each checker's view of each target.
#[derive(Debug)]
pub(in super::super) struct Checks {
    checks: Vec<Check>,
    probes: Slab<ProbeUnderWay>,
    /// Checkers that hold a target to be down.
    down: [u32; 4],
}

/// One checker's view of one target.
#[derive(Debug)]
struct Check {
    geography: GeographyId,
    target: Target,
    stream: Stream,
    probes_started: u64,
    /// Failures (while held to be up) or successes (while held to be down) in a row.
    streak: u32,
    down: bool,
}

/// A probe that has neither been answered nor timed out.
#[derive(Clone, Copy, Debug)]
pub(in super::super) struct ProbeUnderWay {
    check: u32,
    deadline: SimTime,
    half_rtt: SimDuration,
}

impl Checks {
    /// `checkers` checkers dealt to the geographies in turn, with `targets` each, and when each starts to probe: all of a
    /// checker's probes share its phase, uniform over the interval.
    pub(in super::super) fn new(
        settings: &HealthChecks,
        geographies: &PerGeography<GeographyPlan>,
        targets: &[Target],
        stream_of: impl Fn(u64) -> Stream,
    ) -> (Self, Vec<(SimTime, Event)>) {
        let mut checks = Vec::new();
        let mut first = Vec::new();
        for (checker, geography) in (0..settings.checkers).zip(geographies.ids().cycle()) {
            let stream = stream_of(u64::from(checker));
            let phase = SimDuration::from_secs_f64(stream.uniform(0) * settings.interval.as_secs_f64());
            for &target in targets {
                first.push((SimTime::ZERO + phase, Event::ProbeStarts { check: whole::count(checks.len()) }));
                checks.push(Check {
                    geography,
                    target,
                    stream: stream.child(target.index() as u64),
                    probes_started: 0,
                    streak: 0,
                    down: false,
                });
            }
        }
        (Checks { checks, probes: Slab::new(), down: [0; 4] }, first)
    }
}

impl World<'_> {
    /// A checker starts a probe, and its schedule goes on.
    pub(in super::super) fn probe_starts(&mut self, agenda: &mut Agenda, place: u32) {
        let now = agenda.now();
        let settings = &self.design.dns.health_checks;
        agenda.after(settings.interval, Event::ProbeStarts { check: place });
        let check = &mut self.checks.checks[place as usize];
        check.probes_started += 1;
        if matches!(check.target, Target::Region(region) if self.manager.is_cold(region)) {
            return;
        }
        let rtt = &self.plan.geographies[check.geography].rtt[check.target.region()];
        let half_rtt = rtt.duration(check.stream.child(0).mark(check.probes_started)).half();
        let deadline = now + settings.timeout;
        let probe = self.checks.probes.insert(ProbeUnderWay { check: place, deadline, half_rtt });
        agenda.at(deadline, Event::ProbeTimesOut { probe });
        agenda.at(now + half_rtt, Event::ProbeArrives { probe });
    }

    /// A probe reaches its target.
    pub(in super::super) fn probe_arrives(&mut self, agenda: &mut Agenda, probe: Handle) {
        let Some(&under_way) = self.checks.probes.get(probe) else { return };
        let check = &self.checks.checks[under_way.check as usize];
        let (target, stream) = (check.target, check.stream.child(1).child(check.probes_started));
        if self.paths.is_hidden(check.geography, target.region()) {
            return;
        }
        let region = &self.regions[target.region()];
        let kind = self.design.dns.health_checks.probe;
        let reached = match (target, kind) {
            (Target::Node(_), _) => region.node_reachability(),
            (Target::Region(_), Probe::Ping) => region.network.reachability(),
            (Target::Region(_), Probe::Tcp | Probe::Http | Probe::Deep) => region.app_reachability(),
        };
        match reached {
            Reachability::Silent => {}
            Reachability::Refusing => self.probe_answered(agenda, probe, false),
            Reachability::Up => match (target, kind) {
                (Target::Node(_), _) | (_, Probe::Ping | Probe::Tcp) => self.probe_answered(agenda, probe, true),
                (Target::Region(region), Probe::Http | Probe::Deep) => {
                    let call = self.calls.insert(Call::of_probe(
                        probe,
                        region,
                        kind == Probe::Deep,
                        under_way.deadline,
                        Marks(stream),
                    ));
                    self.enter_app(agenda, call);
                }
            },
        }
    }

    /// The target answers a probe now; the checker hears of it half a round trip later, if that is in time.
    pub(in super::super) fn probe_answered(&mut self, agenda: &mut Agenda, probe: Handle, good: bool) {
        let Some(&under_way) = self.checks.probes.get(probe) else { return };
        let check = &self.checks.checks[under_way.check as usize];
        if self.paths.is_hidden(check.geography, check.target.region()) {
            return;
        }
        let heard = agenda.now() + under_way.half_rtt;
        if heard <= under_way.deadline {
            self.checks.probes.remove(probe);
            agenda.at(heard, Event::ProbeDone { check: under_way.check, good });
        }
    }

    /// A probe has not been answered in time.
    pub(in super::super) fn probe_times_out(&mut self, agenda: &mut Agenda, probe: Handle) {
        if let Some(&under_way) = self.checks.probes.get(probe) {
            self.checks.probes.remove(probe);
            self.probe_done(agenda, under_way.check, false);
        }
    }

    /// A checker learns the result of a probe.
    pub(in super::super) fn probe_done(&mut self, agenda: &mut Agenda, place: u32, good: bool) {
        let settings = &self.design.dns.health_checks;
        let check = &mut self.checks.checks[place as usize];
        if good != check.down {
            check.streak = 0;
            return;
        }
        check.streak += 1;
        let needed = if check.down { settings.rise } else { settings.fall };
        if check.streak < needed {
            return;
        }
        check.streak = 0;
        check.down = !check.down;
        let (target, geography, down) = (check.target, check.geography, check.down);
        self.diary.checker(agenda.now(), geography, target, down, self.incidents.shown_at(target));
        let check = &self.checks.checks[place as usize];
        let against = &mut self.checks.down[target.index()];
        let limit = settings.quorum * f64::from(settings.checkers);
        let was_down = f64::from(*against) > limit;
        if check.down {
            *against += 1
        } else {
            *against -= 1
        }
        let is_down = f64::from(*against) > limit;
        if was_down != is_down {
            self.verdict(agenda, target, is_down);
        }
    }
}
