use super::super::super::fixture::{self, ASIA, NORTH, SOUTH, answer, europe, millis, visitor};
use super::super::super::visitor::Answer;
use super::*;
use crate::scenario::{InFlight, OutageMode};

const READ: Operation = Operation::Read;
const WRITE: Operation = Operation::Write;
const SILENT: OutageMode = OutageMode::Blackhole;

/// Regions read from their own nodes, and write to the primary, which is the north's.
const LOCAL: Calls = Calls { reads: Reads::Local, is_multi_primary: false, are_made: [true; 2] };

fn occurrence(kind: IncidentKind) -> Occurrence {
    Occurrence::new((0, 0), kind, millis(100_000), NodeId::of(NORTH), LOCAL)
}

fn region_outage(region: RegionId) -> IncidentKind {
    IncidentKind::RegionOutage { region, mode: SILENT }
}

fn database_outage(region: RegionId) -> IncidentKind {
    IncidentKind::DatabaseOutage { region, mode: SILENT, storage: Storage::Survives }
}

fn app_outage(share: f64) -> IncidentKind {
    IncidentKind::AppOutage { region: NORTH, mode: SILENT, share }
}

fn path_outage() -> IncidentKind {
    IncidentKind::PathOutage { geography: ASIA, region: NORTH, in_flight: InFlight::Delivered }
}

fn gray() -> IncidentKind {
    IncidentKind::Gray { region: NORTH, factor: 2.0, errors: 0.1 }
}

#[test]
fn there_is_a_surviving_side_where_one_side_alone_is_struck() {
    let can = |kind| [READ, WRITE].map(|operation| occurrence(kind).can_fail_over(operation));
    for kind in [region_outage(NORTH), region_outage(SOUTH), path_outage(), gray(), app_outage(1.0)] {
        assert_eq!(can(kind), [true, true], "{kind:?}");
    }
    assert_eq!(can(app_outage(0.5)), [false, false], "the other instances serve");
    assert_eq!(can(database_outage(NORTH)), [true, true]);
    assert_eq!(can(database_outage(SOUTH)), [true, false], "nobody writes to the replica");
    for kind in [IncidentKind::LinkPartition { in_flight: InFlight::Delivered }, IncidentKind::ReplicationStall] {
        assert_eq!(can(kind), [false, false], "{kind:?}");
    }
    let from_primary = Calls { reads: Reads::Primary, ..LOCAL };
    let replica_dies = Occurrence { calls: from_primary, ..occurrence(database_outage(SOUTH)) };
    assert!(!replica_dies.can_fail_over(READ), "nobody reads from the replica");
    let nobody_writes =
        Occurrence { calls: Calls { are_made: [true, false], ..LOCAL }, ..occurrence(region_outage(NORTH)) };
    assert!(nobody_writes.can_fail_over(READ) && !nobody_writes.can_fail_over(WRITE));
}

#[test]
fn an_incident_shows_at_what_its_probes_would_not_reach() {
    let shows = |kind| Target::ALL.map(|target| occurrence(kind).shows_at(target));
    // North and south, then their nodes.
    assert_eq!(shows(region_outage(NORTH)), [true, false, false, false]);
    assert_eq!(shows(gray()), [true, false, false, false]);
    assert_eq!(shows(database_outage(SOUTH)), [false, true, false, true]);
    assert_eq!(shows(path_outage()), [true, false, true, false]);
    assert_eq!(
        shows(IncidentKind::RegionIsolation { region: SOUTH, in_flight: InFlight::Delivered }),
        [false, true, false, true]
    );
    assert_eq!(shows(IncidentKind::CheckerOutage { geography: ASIA, region: None }), [true; 4]);
    assert_eq!(shows(IncidentKind::CheckerOutage { geography: ASIA, region: Some(NORTH) }), [true, false, true, false]);
    assert_eq!(shows(IncidentKind::LinkPartition { in_flight: InFlight::Delivered }), [false; 4]);
}

#[test]
fn the_primary_is_taken_with_its_node_its_region_or_the_link() {
    let takes = |kind| occurrence(kind).takes_primary();
    assert!(
        takes(region_outage(NORTH))
            && takes(database_outage(NORTH))
            && takes(IncidentKind::LinkPartition { in_flight: InFlight::Delivered })
    );
    assert!(takes(IncidentKind::RegionIsolation { region: NORTH, in_flight: InFlight::Delivered }));
    assert!(!takes(region_outage(SOUTH)) && !takes(database_outage(SOUTH)) && !takes(app_outage(1.0)));
}

#[test]
fn what_is_concluded_from_it_does_not_make_an_incident_fail_requests() {
    let fails = |kind| occurrence(kind).fails_requests();
    assert!(
        fails(region_outage(NORTH))
            && fails(gray())
            && fails(IncidentKind::LinkPartition { in_flight: InFlight::Delivered })
    );
    assert!(
        !fails(IncidentKind::ReplicationStall) && !fails(IncidentKind::CheckerOutage { geography: ASIA, region: None })
    );
    assert!(!fails(IncidentKind::ControlPlaneOutage { region: None, fails: 1.0 }));
}

#[test]
fn a_failover_is_waited_for_while_it_lasts_and_then_while_its_promotion_goes_through() {
    let mut entry = occurrence(database_outage(NORTH));
    let awaits = |entry: &Occurrence| [READ, WRITE].map(|operation| entry.awaits_failover(operation));
    assert_eq!((awaits(&entry), entry.is_open()), ([true, true], true));
    entry.failed_over[READ as usize] = Some(millis(101_000));
    assert_eq!(awaits(&entry), [false, true], "it has come");
    entry.failed_over = [None; 2];
    entry.over = Some(millis(160_000));
    assert_eq!((awaits(&entry), entry.is_open()), ([false, false], false));
    entry.promotion = Promotion::Declared;
    assert_eq!((awaits(&entry), entry.is_open()), ([false, true], true), "reads are served at home again");
}

#[test]
fn who_is_led_to_the_other_region_by_a_newer_answer_has_failed_over() {
    let entry = occurrence(region_outage(NORTH));
    let led = |answer| Session { answer: Some(answer), ..visitor() };
    let at = |visitor: &Session, ordinary_region, region| {
        entry.is_failed_over_by(&Success { visitor, ordinary_region, region, node: NodeId::of(region) })
    };
    let newer = led(Answer { resolver_fetched: millis(100_000), ..answer() });
    let older = led(Answer { resolver_fetched: millis(99_999), ..answer() });
    let second = led(Answer { second: Some(SOUTH), ..answer() });
    assert!(at(&newer, NORTH, SOUTH) && at(&second, NORTH, SOUTH));
    assert!(!at(&older, NORTH, SOUTH), "this one was there already");
    assert!(!at(&newer, SOUTH, SOUTH), "this one belongs there");
    assert!(!at(&newer, NORTH, NORTH), "this one has not failed over");
    assert!(!at(&visitor(), NORTH, SOUTH), "without an answer nobody is led");
    let elsewhere = Occurrence {
        ..occurrence(IncidentKind::PathOutage { geography: europe(), region: NORTH, in_flight: InFlight::Delivered })
    };
    let success = Success { visitor: &newer, ordinary_region: NORTH, region: SOUTH, node: NodeId::of(SOUTH) };
    assert!(!elsewhere.is_failed_over_by(&success), "another geography's path is cut");
}

#[test]
fn a_write_that_the_promoted_node_serves_has_failed_over_if_it_started_after_the_outage_began() {
    let entry = occurrence(database_outage(NORTH));
    let served = |started: u64, operation, node: RegionId| {
        let visitor = Session { started: millis(started), operation, ..visitor() };
        let success = Success { visitor: &visitor, ordinary_region: SOUTH, region: SOUTH, node: NodeId::of(node) };
        entry.is_failed_over_by(&success)
    };
    assert!(served(100_000, WRITE, SOUTH));
    assert!(!served(99_999, WRITE, SOUTH), "it was under way already");
    assert!(!served(100_000, WRITE, NORTH), "the failed node has served it");
    assert!(!served(100_000, READ, SOUTH), "the south's reads are its own node's anyway");
}

/// Returns the timings that the first design of the small scenario can find, with other settings.
fn finds(settings: &[&str], kind: IncidentKind) -> (bool, bool) {
    let plan = fixture::plan(settings);
    let design = fixture::setting(&plan).design;
    let entry = occurrence(kind);
    (entry.is_probed(design), entry.may_promote(design))
}

#[test]
fn probes_find_what_they_ask_for_and_nothing_else() {
    let is_probed = |probe: &str, kind| finds(&[&format!("dns.health_checks.probe={probe}")], kind).0;
    assert!(is_probed("ping", region_outage(NORTH)));
    assert!(!is_probed("ping", app_outage(1.0)) && is_probed("tcp", app_outage(1.0)));
    assert!(!is_probed("http", app_outage(0.5)), "the other instances answer");
    assert!(!is_probed("tcp", gray()) && is_probed("http", gray()) && is_probed("deep", gray()));
    assert!(!is_probed("http", IncidentKind::LinkPartition { in_flight: InFlight::Delivered }));
    let driver = "designs.active-active.database.endpoint={ via = 'driver' }";
    assert!(!finds(&[driver], database_outage(NORTH)).0, "nobody asks the node");
    assert!(finds(&[driver, "dns.health_checks.probe=deep"], database_outage(NORTH)).0);
    let one_checker = "dns.health_checks.checkers=1";
    assert!(finds(&[one_checker], path_outage()).0);
    let elsewhere = IncidentKind::PathOutage { geography: europe(), region: NORTH, in_flight: InFlight::Delivered };
    assert!(!finds(&[one_checker], elsewhere).0, "the only checker is in Asia");
}

#[test]
fn a_design_promotes_when_the_primary_is_taken_if_it_ever_does() {
    let automatic: &[&str] = &[];
    assert!(finds(automatic, region_outage(NORTH)).1 && !finds(automatic, region_outage(SOUTH)).1);
    let never: &[&str] = &["designs.active-active.promotion={ when = 'never' }"];
    assert!(!finds(never, region_outage(NORTH)).1);
}

#[test]
fn calls_are_those_that_the_scenario_makes() {
    let plan = fixture::plan(&["geographies.asia.write_share=0.0", "geographies.europe.write_share=0.0"]);
    let calls = Calls::of(&plan.scenario, fixture::setting(&plan).design);
    assert_eq!(calls.are_made, [true, false]);
    assert!(!calls.go_to_primary(READ) && calls.go_to_primary(WRITE));
}
