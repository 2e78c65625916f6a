//! A small scenario made ready, and visitors of it, for tests of what needs a setting but no world.

use super::books::Books;
use super::data::Data;
use super::dns::Dns;
use super::draws::Draws;
use super::event::{Event, Scheduler};
use super::incident::ControlPlane;
use super::node_id::NodeId;
use super::outcome::Operation;
use super::plan::Plan;
use super::region::{Failover, Regions, Serving};
use super::setting::Setting;
use super::slab::Handle;
use super::visitor::{Answer, Session, Visitors};
use crate::engine::{Model, Stream, run};
use crate::scenario::{GeographyId, LoadOptions, RegionId, Scenario};
use crate::units::{SimDuration, SimTime};

/// Asia's visitors are nearest to the north, Europe's to the south.
pub(super) const NORTH: RegionId = RegionId::First;
pub(super) const SOUTH: RegionId = RegionId::Second;
pub(super) const ASIA: GeographyId = GeographyId::FIRST;

/// Europe, the other geography.
pub(super) fn europe() -> GeographyId {
    GeographyId::try_from(1).expect("a second geography")
}

/// The small scenario with other settings, where times are constant, nobody is led astray, and resolvers hold nothing at first.
pub(super) fn plan(settings: &[&str]) -> Plan {
    plan_of(include_str!("../../tests/it/small.toml"), settings)
}

/// The same of a text.
pub(super) fn plan_of(text: &str, settings: &[&str]) -> Plan {
    const PLAIN: [&str; 8] = [
        "geographies.asia.resolvers={ count = 1, rtt = '8ms', foreign = 0.0 }",
        "geographies.europe.resolvers={ count = 1, rtt = '8ms', foreign = 0.0 }",
        "geographies.asia.client.pin_share=0.0",
        "geographies.asia.think_time=4s",
        "geographies.asia.requests_per_session=3",
        "geographies.asia.write_share=0.0",
        "geographies.asia.sessions.rate=0.000000001",
        "geographies.europe.sessions.rate=0.000000001",
    ];
    let overrides = PLAIN.iter().chain(settings).map(|setting| setting.parse().expect("a setting")).collect();
    let options = LoadOptions { overrides, ..LoadOptions::default() };
    Plan::new(&Scenario::parse(text, "small.toml", &options).expect("a valid scenario").scenario)
}

/// The setting of its first design: the nearest region serves.
pub(super) fn setting(plan: &Plan) -> Setting<'_> {
    Setting::new(plan, 0, 0)
}

/// All of DNS at the start.
pub(super) fn dns(setting: &Setting) -> Dns {
    Dns::at_start(setting).0
}

/// Both nodes, with the primary's role in the north.
pub(super) fn data() -> Data {
    Data::new(NodeId::of(NORTH), 12, SimDuration::ZERO, None, 2)
}

/// An answer of the north's address that a client has long held.
pub(super) fn answer() -> Answer {
    let (fetched, expires) = (SimTime::ZERO, SimTime::NEVER);
    Answer { region: NORTH, second: None, ordinary: NORTH, expires, fetched, resolver_fetched: fetched }
}

/// A visitor in Asia who makes the first attempt of a read, and has a patience of half a minute.
pub(super) fn visitor() -> Session {
    Session {
        draws: Draws(Stream::root(1, 1)),
        geography: ASIA,
        routed_as: ASIA,
        resolver: 0,
        requests: 3,
        answer: None,
        connection: None,
        own_writes: Handle::NONE,
        request: 1,
        operation: Operation::Read,
        started: SimTime::ZERO,
        patience_ends: millis(30_000),
        write: Handle::NONE,
        hears: None,
        attempt: 1,
        sent: SimTime::ZERO,
        rtt_ns: 0,
        region: NORTH,
        on_kept_connection: false,
        call: Handle::NONE,
        late_phase: None,
    }
}

/// All owners of a run at its start, without a world, and an scheduler on which nothing is.
pub(super) struct Owners<'p> {
    pub(super) setting: Setting<'p>,
    pub(super) visitors: Visitors,
    pub(super) dns: Dns,
    pub(super) regions: Regions,
    pub(super) data: Data,
    pub(super) control_plane: ControlPlane,
    pub(super) books: Books,
    pub(super) scheduler: Scheduler,
}

impl<'p> Owners<'p> {
    /// Those of the first design of a plan.
    pub(super) fn new(plan: &'p Plan) -> Self {
        let setting = setting(plan);
        Owners {
            setting,
            visitors: Visitors::at_start(&setting),
            dns: dns(&setting),
            regions: Regions::at_start(&setting),
            data: Data::at_start(&setting),
            control_plane: ControlPlane::default(),
            books: Books::new(plan, setting.design),
            scheduler: Scheduler::new(),
        }
    }

    /// The flow of faults, which touches all of them.
    pub(super) fn failover(&mut self) -> (Failover<'_>, &mut Scheduler) {
        let Owners { setting, visitors, dns, regions, data, control_plane, books, scheduler } = self;
        (Failover { serving: Serving { regions, data, visitors, dns, books, setting }, control_plane }, scheduler)
    }
}

/// So many milliseconds after the start.
pub(super) fn millis(millis: u64) -> SimTime {
    SimTime::from_nanos(millis * 1_000_000)
}

/// So many milliseconds.
pub(super) fn ms(millis: u64) -> SimDuration {
    SimDuration::from_nanos(millis * 1_000_000)
}

/// Takes note of what happens.
struct Seen(Vec<(SimTime, Event)>);

impl Model for Seen {
    type Event = Event;

    fn handle(&mut self, scheduler: &mut Scheduler, event: Event) {
        self.0.push((scheduler.now(), event));
    }
}

/// Lets time go on to `until`. Returns what has happened by then.
pub(super) fn passes(scheduler: &mut Scheduler, until: SimTime) -> Vec<(SimTime, Event)> {
    let mut seen = Seen(Vec::new());
    run(&mut seen, scheduler, until, u64::MAX).expect("time goes on");
    seen.0
}
