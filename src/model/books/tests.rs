use super::super::data::Witness;
use super::super::dns::Target;
use super::super::fixture::{self, ASIA, NORTH, SOUTH, answer, millis, ms, visitor};
use super::super::incident::Success;
use super::super::node_id::NodeId;
use super::super::outcome::{Cause, IncidentOutcome, Operation, Phase, Timing};
use super::super::visitor::{Answer, Session};
use super::*;
use crate::scenario::{IncidentKind, OutageMode};
use crate::units::SimTime;

const OUTAGE: IncidentKind = IncidentKind::RegionOutage { region: NORTH, mode: OutageMode::Blackhole };

fn books(plan: &Plan) -> Books {
    Books::new(plan, fixture::setting(plan).design)
}

fn secs(seconds: u64) -> SimTime {
    millis(seconds * 1_000)
}

/// A read of Asia's, started at so many seconds.
fn read(started: u64) -> Session {
    Session { started: secs(started), ..visitor() }
}

/// Books in which an outage of the north began at 200 s, while requests were made.
fn with_outage(plan: &Plan) -> (Books, u32) {
    let mut books = books(plan);
    books.request_starts(ASIA, secs(190));
    let occurrence = books.incident_begins(secs(200), 0, OUTAGE, NodeId::of(NORTH));
    books.request_starts(ASIA, secs(210));
    (books, occurrence)
}

fn closed(plan: &Plan, books: Books) -> (IncidentOutcome, Closed) {
    let mut closed = books.close(plan.horizon, fixture::setting(plan).design);
    (closed.incidents.remove(0), closed)
}

fn after(seconds: u64) -> Timing {
    Timing::After(ms(seconds * 1_000))
}

#[test]
fn requests_that_end_or_are_under_way_balance_those_that_started() {
    let plan = fixture::plan(&[]);
    let mut books = books(&plan);
    (0..4).for_each(|_| books.request_starts(ASIA, secs(100)));
    books.request_succeeds(&read(100), secs(101));
    books.request_fails(&read(100), Cause::Error, Phase::Gray);
    books.request_outlasts_run();
    assert_eq!(books.balance(1), Ok(4));
    let wrong = books.balance(0).unwrap_err();
    assert_eq!(wrong, "4 requests started, but 1 succeeded, 1 failed and 1 are unfinished");
}

#[test]
fn utilisation_of_a_bin_is_what_it_adds_to_the_sums() {
    let plan = fixture::plan(&[]);
    let mut books = books(&plan);
    let width = books.timeline_tick(ms(1_500), [(5, 10), (0, 0)].into());
    assert_eq!(width, plan.timeline_bin);
    books.timeline_tick(ms(0), [(5, 20), (3, 4)].into());
    let bins = books.close(plan.horizon, fixture::setting(&plan).design).counts.timeline.bins;
    assert_eq!((bins[0].lag_s, bins[0].utilisation), (1.5, [0.5, 0.0]));
    assert_eq!((bins[1].lag_s, bins[1].utilisation), (0.0, [0.0, 0.75]));
}

#[test]
fn an_incident_has_a_number_and_a_place_of_its_own() {
    let plan = fixture::plan(&[]);
    let (mut books, first) = with_outage(&plan);
    assert_eq!(books.incident_ends(secs(300), first), (0, 0, OUTAGE));
    let second = books.incident_begins(secs(400), 0, OUTAGE, NodeId::of(NORTH));
    assert_eq!((first, second, books.occurrences_of(0)), (0, 1, 2));
    assert_eq!(books.incident_ends(secs(410), second), (0, 1, OUTAGE));
    let (outcome, _) = closed(&plan, books);
    assert_eq!((outcome.started, outcome.ended, outcome.effects_ended), (secs(200), secs(300), secs(300)));
}

#[test]
fn verdicts_on_what_an_incident_takes_are_timed_from_its_begin() {
    let plan = fixture::plan(&[]);
    let (mut books, _) = with_outage(&plan);
    books.verdict(secs(230), Target::Region(SOUTH), true);
    books.verdict(secs(245), Target::Region(NORTH), true);
    books.verdict(secs(250), Target::Region(NORTH), true);
    books.contact_lost(secs(201), NORTH);
    books.promotion_decided(secs(216), SOUTH);
    let (outcome, _) = closed(&plan, books);
    assert_eq!((outcome.dns_verdict, outcome.database_verdict), (after(45), after(16)));
}

#[test]
fn a_failure_counts_from_the_incident_that_struck_it_on_its_way() {
    let plan = fixture::plan(&[]);
    let struck = |started: u32, phase| {
        let (mut books, _) = with_outage(&plan);
        books.request_fails(&read(u64::from(started)), Cause::RequestTimeout, phase);
        let (_, closed) = closed(&plan, books);
        // Measured time begins after a minute, and its windows take ten seconds.
        closed.counts.windows.first_failed[usize::try_from(started - 60).expect("a small number") / 10]
    };
    assert_eq!(struck(195, Phase::Undetected), secs(200), "it was well until then");
    assert_eq!(struck(205, Phase::Undetected), secs(205), "it set out into the outage");
}

#[test]
fn the_first_success_of_the_other_side_by_a_newer_answer_is_the_failover() {
    let plan = fixture::plan(&["geographies.europe.write_share=0.0"]);
    let (mut books, _) = with_outage(&plan);
    assert!(books.await_failover(Operation::Read) && !books.await_failover(Operation::Write), "nobody writes");
    let led = |fetched: u64| {
        let fetched = secs(fetched);
        Session { answer: Some(Answer { resolver_fetched: fetched, ..answer() }), ..read(240) }
    };
    let (older, newer) = (led(199), led(230));
    let success = |visitor| Success { visitor, ordinary_region: NORTH, region: SOUTH, node: NodeId::of(SOUTH) };
    assert!(!books.await_success(&success(&older)), "who was there already has not failed over");
    assert!(books.await_success(&success(&newer)));
    books.success(secs(241), &success(&older));
    books.success(secs(242), &success(&newer));
    books.success(secs(243), &success(&newer));
    assert!(!books.await_failover(Operation::Read));
    books.request_fails(&read(205), Cause::RequestTimeout, Phase::Undetected);
    let (outcome, _) = closed(&plan, books);
    assert_eq!(outcome.failed_over[Operation::Read as usize], after(42));
}

#[test]
fn an_incident_that_met_no_request_is_timed_by_nothing() {
    let plan = fixture::plan(&[]);
    let mut books = books(&plan);
    books.incident_begins(secs(200), 0, OUTAGE, NodeId::of(NORTH));
    books.verdict(secs(245), Target::Region(NORTH), true);
    let (outcome, _) = closed(&plan, books);
    assert!(!outcome.attended && !outcome.affected);
    assert_eq!(outcome.dns_verdict, Timing::NotApplicable);
}

#[test]
fn a_node_left_empty_is_part_of_its_incident_until_it_has_a_full_copy() {
    use crate::scenario::Storage;
    let plan = fixture::plan(&[]);
    let mut books = books(&plan);
    let kind = IncidentKind::DatabaseOutage { region: NORTH, mode: OutageMode::Refuse, storage: Storage::Destroyed };
    let occurrence = books.incident_begins(secs(200), 0, kind, NodeId::of(NORTH));
    books.incident_ends(secs(260), occurrence);
    books.copy_done(NodeId::of(SOUTH), secs(270));
    books.copy_done(NodeId::of(NORTH), secs(300));
    let (outcome, _) = closed(&plan, books);
    assert_eq!((outcome.ended, outcome.effects_ended), (secs(260), secs(300)));
}

#[test]
fn a_backlog_that_an_incident_left_is_timed_from_its_end_and_forgotten_when_it_is_discarded() {
    let plan = fixture::plan(&[]);
    let cleared = |what: fn(&mut Books)| {
        let (mut books, occurrence) = with_outage(&plan);
        books.incident_ends(secs(300), occurrence);
        books.backlog_left(occurrence, NodeId::of(NORTH));
        books.backlog_left(occurrence, NodeId::of(SOUTH));
        what(&mut books);
        closed(&plan, books).0.backlog_cleared
    };
    let [north, south] = NodeId::BOTH;
    assert_eq!((north.region(), south.region()), (NORTH, SOUTH));
    assert_eq!(cleared(|_| {}), Timing::Censored);
    assert_eq!(cleared(|books| books.backlog_cleared(NodeId::BOTH[0], secs(310))), Timing::Censored, "one of two");
    let both = |books: &mut Books| {
        books.backlog_cleared(NodeId::BOTH[1], secs(320));
        books.backlog_cleared(NodeId::BOTH[0], secs(310));
    };
    assert_eq!(cleared(both), after(20), "the later of both");
    assert_eq!(
        cleared(|books| NodeId::BOTH.into_iter().for_each(|node| books.backlog_discarded(node))),
        Timing::NotApplicable
    );
}

#[test]
fn a_success_of_measured_time_counts_where_it_started_and_by_what_it_took() {
    let plan = fixture::plan(&[]);
    let mut books = books(&plan);
    books.request_succeeds(&read(59), secs(61));
    books.measuring_starts(secs(60), PerRegion::default(), 4);
    books.request_succeeds(&read(65), secs(67));
    books.stale_read(ASIA, secs(65), ms(40));
    books.own_write_missed(ASIA);
    let closed = books.close(plan.horizon, fixture::setting(&plan).design);
    let tally = &closed.counts.visitors[0][Operation::Read as usize];
    assert_eq!((tally.succeeded, tally.attempts, tally.stale_reads, tally.own_writes_missed), (1, 1, 1, 1));
    assert!(books_is_measured(&plan, 60) && !books_is_measured(&plan, 59) && !books_is_measured(&plan, 570));
}

/// Returns true if what starts at so many seconds counts: after a minute, and up to half a minute before ten.
fn books_is_measured(plan: &Plan, seconds: u64) -> bool {
    books(plan).is_measured(secs(seconds))
}

#[test]
fn bytes_over_the_link_count_once_they_have_left_and_not_if_they_do_not() {
    let plan = fixture::plan(&[]);
    let mut books = books(&plan);
    books.measuring_starts(secs(60), PerRegion::default(), 4);
    books.sent_over_link(NORTH, secs(65), 1_000);
    books.sent_over_link(NORTH, secs(66), 500);
    books.not_sent_over_link(NORTH, secs(66), 500);
    books.sent_over_link(SOUTH, secs(10), 7);
    let loads = books.close(plan.horizon, fixture::setting(&plan).design).loads;
    assert_eq!((loads[NORTH].cross_region_bytes, loads[SOUTH].cross_region_bytes), (1_000, 0));
}

#[test]
fn a_diary_is_kept_from_when_it_is_asked_for() {
    let plan = fixture::plan(&[]);
    let told = |keeps: bool| {
        let mut books = books(&plan);
        if keeps {
            books.keep_diary();
        }
        let occurrence = books.incident_begins(secs(200), 0, OUTAGE, NodeId::of(NORTH));
        books.checker_finds(secs(230), ASIA, Target::Region(NORTH), true);
        books.verdict(secs(230), Target::Region(NORTH), true);
        books.answer_changes(secs(232), ASIA, Some(SOUTH), Target::Region(NORTH));
        books.incident_ends(secs(300), occurrence);
        books.take_diary().0.steps()
    };
    assert_eq!(told(false), []);
    // The run, the incident, the checker because of the incident, the verdict because of the checker, and so on.
    let causes: Vec<_> = told(true).iter().map(|step| (step.at, step.cause)).collect();
    let at = |seconds| secs(seconds);
    assert_eq!(
        causes,
        [
            (at(0), None),
            (at(200), None),
            (at(230), Some(1)),
            (at(230), Some(2)),
            (at(232), Some(3)),
            (at(300), Some(1))
        ]
    );
}

#[test]
fn the_last_visitor_of_the_region_that_an_answer_left_is_remembered() {
    let plan = fixture::plan(&[]);
    let mut books = books(&plan);
    books.visitors_led_elsewhere(secs(232), ASIA, Some(NORTH));
    for (region, at) in [(NORTH, 240), (SOUTH, 245), (NORTH, 250), (SOUTH, 260)] {
        books.attempt_sent(&Session { region, ..visitor() }, secs(at));
    }
    let leavings = books.take_diary().1;
    let [leaving] = leavings[..] else { panic!("{leavings:?}") };
    assert_eq!((leaving.geography, leaving.region, leaving.last), (ASIA, NORTH, secs(250)));
}

#[test]
fn look_ups_count_as_hits_or_not_while_time_is_measured() {
    let plan = fixture::plan(&[]);
    let mut books = books(&plan);
    for (at, is_hit) in [(59, true), (60, true), (61, false), (62, true)] {
        books.looked_up(ASIA, secs(at), is_hit);
    }
    let names = books.close(plan.horizon, fixture::setting(&plan).design).counts.names;
    assert_eq!((names[0].lookups, names[0].hits), (3, 2));
}
