use super::super::super::dns::Voice;
use super::super::super::event::{Event, NameServer};
use super::super::super::fixture::{self, ASIA, NORTH, Owners, SOUTH, millis, passes};
use super::super::super::node_id::NodeId;
use super::super::super::plan::Plan;
use super::super::control_plane::Change;
use super::*;
use crate::scenario::{Authority, DnsMode, InFlight, OutageMode};

/// Begins or ends the effect of an incident of this kind.
fn does(owners: &mut Owners, kind: IncidentKind, begins: bool) {
    let occurred = Occurred { incident: 0, number: 0, occurrence: 0, kind };
    let (failover, scheduler) = owners.failover();
    Effects { failover }.take_effect(scheduler, occurred, begins);
}

/// Returns `what` before an incident, while it lasts and after it.
fn holds<T>(plan: &Plan, kind: IncidentKind, what: impl Fn(&mut Owners) -> T) -> [T; 3] {
    let mut owners = Owners::new(plan);
    let first = what(&mut owners);
    does(&mut owners, kind, true);
    let meanwhile = what(&mut owners);
    does(&mut owners, kind, false);
    [first, meanwhile, what(&mut owners)]
}

#[test]
fn an_outage_takes_what_it_says_and_gives_it_back() {
    let plan = fixture::plan(&[]);
    let are_up = |owners: &mut Owners| {
        let regions = [NORTH, SOUTH].map(|region| owners.regions.is_up(region));
        (regions, NodeId::BOTH.map(|node| owners.regions.node_is_up(node)))
    };
    let all = ([true; 2], [true; 2]);
    let mode = OutageMode::Refuse;
    let region = holds(&plan, IncidentKind::RegionOutage { region: NORTH, mode }, are_up);
    assert_eq!(region, [all, ([false, true], [false, true]), all]);
    let app = holds(&plan, IncidentKind::AppOutage { region: SOUTH, mode, share: 1.0 }, are_up);
    assert_eq!(app, [all, ([true, false], [true, true]), all]);
    let half = holds(&plan, IncidentKind::AppOutage { region: SOUTH, mode, share: 0.5 }, are_up);
    assert_eq!(half, [all; 3], "one instance of two serves on");
    let storage = Storage::Survives;
    let node = holds(&plan, IncidentKind::DatabaseOutage { region: NORTH, mode, storage }, are_up);
    assert_eq!(node, [all, ([true, true], [false, true]), all]);
}

#[test]
fn a_part_of_the_instances_is_gone_while_their_outage_lasts() {
    let plan = fixture::plan(&[]);
    let kind = IncidentKind::AppOutage { region: NORTH, mode: OutageMode::Refuse, share: 0.5 };
    assert_eq!(holds(&plan, kind, |owners| owners.regions.instances_on()), [4, 3, 4]);
}

#[test]
fn an_isolated_region_is_up_for_nobody() {
    let plan = fixture::plan(&[]);
    let kind = IncidentKind::RegionIsolation { region: NORTH, in_flight: InFlight::Delivered };
    assert_eq!(holds(&plan, kind, |owners| owners.regions.is_up(NORTH)), [true, false, true]);
    let is_gone = |owners: &mut Owners| NodeId::BOTH.map(|node| owners.regions.node_is_gone(node));
    assert_eq!(holds(&plan, kind, is_gone), [[false, false], [true, false], [false, false]]);
}

#[test]
fn an_authority_falls_silent_or_answers_empty() {
    let plan = fixture::plan(&[]);
    let voices = |owners: &mut Owners| [NameServer::Zone, NameServer::Gtm].map(|authority| owners.dns.voice(authority));
    let answers = [Voice::Answers; 2];
    let kind = IncidentKind::DnsOutage { authority: Authority::Zone, mode: DnsMode::Silent };
    assert_eq!(holds(&plan, kind, voices), [answers, [Voice::Silent, Voice::Answers], answers]);
    let kind = IncidentKind::DnsOutage { authority: Authority::Gtm, mode: DnsMode::Empty };
    assert_eq!(holds(&plan, kind, voices), [answers, [Voice::Answers, Voice::Empty], answers]);
}

#[test]
fn changes_that_a_control_plane_has_refused_are_made_at_its_end() {
    let plan = fixture::plan(&[]);
    let mut owners = Owners::new(&plan);
    let kind = IncidentKind::ControlPlaneOutage { region: Some(NORTH), fails: 1.0 };
    let event = Event::StandbyActive { region: NORTH };
    does(&mut owners, kind, true);
    assert!(owners.control_plane.change_fails(NORTH, Change::Activation, 0, event));
    assert_eq!(passes(&mut owners.scheduler, millis(1_000)), []);
    does(&mut owners, kind, false);
    assert_eq!(passes(&mut owners.scheduler, millis(1_000)), [(millis(1_000), event)]);
}

#[test]
fn a_surge_brings_sessions_until_it_ends() {
    let plan = fixture::plan(&["geographies.asia.sessions.rate=5"]);
    let mut owners = Owners::new(&plan);
    let kind = IncidentKind::TrafficSurge { geography: ASIA, factor: 2.0 };
    does(&mut owners, kind, true);
    let happened = passes(&mut owners.scheduler, millis(60_000));
    assert!(matches!(happened[..], [(_, Event::SurgeSession { occurrence: 0 })]), "{happened:?}");
    does(&mut owners, kind, false);
}

#[test]
fn a_node_whose_storage_is_destroyed_is_not_back_with_the_end_of_the_outage() {
    let plan = fixture::plan(&[]);
    let (mode, storage) = (OutageMode::Refuse, Storage::Destroyed);
    let kind = IncidentKind::DatabaseOutage { region: SOUTH, mode, storage };
    let is_up = |owners: &mut Owners| owners.regions.node_is_up(NodeId::of(SOUTH));
    assert_eq!(holds(&plan, kind, is_up), [true, false, false], "it needs a full copy");
}

#[test]
fn an_incident_begins_with_its_effect_and_its_end_is_scheduled() {
    let plan = fixture::plan(&[]);
    let mut owners = Owners::new(&plan);
    let (failover, scheduler) = owners.failover();
    Effects { failover }.incident_starts(scheduler, IncidentId::at(0));
    assert!(!owners.regions.is_up(NORTH));
    // Two minutes later it ends.
    let happened = passes(&mut owners.scheduler, millis(120_000));
    assert_eq!(happened.last(), Some(&(millis(120_000), Event::IncidentEnds { occurrence: 0 })));
    let (failover, scheduler) = owners.failover();
    Effects { failover }.incident_ends(scheduler, 0);
    assert!(owners.regions.is_up(NORTH));
    assert_eq!(owners.books.occurrences_of(0), 1);
}
