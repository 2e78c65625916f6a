use super::super::super::fixture::{self, NORTH, Owners, SOUTH, answer, millis, passes, visitor};
use super::super::super::region::{Outage, Part};
use super::super::Visitors;
use super::*;
use crate::scenario::OutageMode;

/// Asia's visitors are 35 ms from the north, where a read takes 20 ms of the app and 2 ms of the node.
fn plan() -> Plan {
    fixture::plan(&[
        "regions.singapore.app.service=20ms",
        "regions.singapore.database.read=2ms",
        "designs.active-active.database.endpoint={ ttl = '1h' }",
    ])
}

/// A session between two requests, of which the second starts now.
struct Scene<'p> {
    owners: Owners<'p>,
    session: Handle,
}

impl<'p> Scene<'p> {
    fn new(plan: &'p Plan, session: Session) -> Self {
        let mut owners = Owners::new(plan);
        let session = owners.visitors.sessions.insert(Session { attempt: 0, ..session });
        Scene { owners, session }
    }

    /// The same, in which a part of the north has an outage.
    fn with_outage(plan: &'p Plan, session: Session, of: Part, mode: OutageMode) -> Self {
        let mut scene = Scene::new(plan, session);
        let (mut failover, scheduler) = scene.owners.failover();
        failover.outage_begins(scheduler, NORTH, Outage { of, mode });
        scene
    }

    fn attempts(&mut self) -> (Attempts<'_>, &mut Scheduler) {
        let (failover, scheduler) = self.owners.failover();
        (Attempts { serving: failover.serving }, scheduler)
    }

    fn attempt_starts(&mut self) {
        let session = self.session;
        let (mut attempts, scheduler) = self.attempts();
        attempts.attempt_starts(scheduler, session);
    }

    /// The only session.
    fn seen(&self) -> &Session {
        let Visitors { sessions, .. } = &self.owners.visitors;
        let [session] = sessions.handles()[..] else { panic!("not one session") };
        sessions.see(session)
    }

    /// Passes the events up to a moment.
    fn next(&mut self, until: u64) -> (SimTime, Event) {
        let happened = passes(&mut self.owners.scheduler, millis(until));
        let [next] = happened[..] else { panic!("{happened:?}") };
        next
    }
}

fn of_micros(micros: u64) -> SimTime {
    SimTime::from_nanos(micros * 1_000)
}

fn holds_answer() -> Session {
    Session { answer: Some(answer()), ..visitor() }
}

#[test]
fn a_new_connection_takes_a_round_trip_and_another_for_tls_before_the_request_leaves() {
    let plan = plan();
    let mut scene = Scene::new(&plan, holds_answer());
    scene.attempt_starts();
    let seen = scene.seen();
    assert_eq!((seen.attempt, seen.region, seen.on_kept_connection), (1, NORTH, false));
    assert_eq!((seen.connection.map(|held| held.opened), seen.sent), (Some(millis(70)), millis(70)));
    // Half a round trip there, 22 ms of service, and half a round trip back.
    assert_eq!(seen.hears, Some(millis(127)));
    let (at, event) = scene.next(10_000);
    assert_eq!(at, millis(4_127), "the next request, after the think time");
    assert!(matches!(event, Event::RequestStarts { .. }), "{event:?}");
}

#[test]
fn a_connection_is_used_again_until_it_has_been_idle_for_too_long() {
    let plan = plan();
    let kept = |now: u64| {
        let connection = Connection { region: NORTH, opened: millis(0), idle_since: millis(0), incarnation: 0 };
        let patience_ends = millis(now + 30_000);
        let session = Session { connection: Some(connection), patience_ends, ..holds_answer() };
        let mut scene = Scene::new(&plan, session);
        passes(&mut scene.owners.scheduler, millis(now));
        scene.attempt_starts();
        (scene.seen().on_kept_connection, scene.seen().connection.map(|held| held.opened), scene.seen().hears)
    };
    assert_eq!(kept(60_000), (true, Some(millis(0)), Some(millis(60_057))));
    assert_eq!(kept(60_001), (false, Some(millis(60_071)), Some(millis(60_128))));
}

#[test]
fn a_region_that_refuses_is_known_after_a_round_trip_and_a_silent_one_after_the_timeout() {
    let plan = plan();
    for (mode, cause, at) in [
        (OutageMode::Refuse, Cause::ConnectionRefused, millis(35)),
        (OutageMode::Blackhole, Cause::ConnectTimeout, millis(3_000)),
    ] {
        let mut scene = Scene::with_outage(&plan, holds_answer(), Part::App, mode);
        scene.attempt_starts();
        let session = scene.session;
        let happened = passes(&mut scene.owners.scheduler, of_micros(17_500));
        assert_eq!(happened, [(of_micros(17_500), Event::ConnectArrives { session })], "half a round trip");
        let (mut attempts, scheduler) = scene.attempts();
        attempts.connect_arrives(scheduler, session);
        assert_eq!(scene.next(10_000), (at, Event::AttemptFails { session, cause }));
    }
}

#[test]
fn a_client_that_could_not_connect_goes_on_to_the_second_address() {
    let plan = plan();
    let both = Answer { second: Some(SOUTH), ..answer() };
    let session = Session { answer: Some(both), ..visitor() };
    let mut scene = Scene::with_outage(&plan, session, Part::App, OutageMode::Blackhole);
    scene.attempt_starts();
    passes(&mut scene.owners.scheduler, millis(3_000));
    let session = scene.session;
    let (mut attempts, scheduler) = scene.attempts();
    attempts.attempt_fails(scheduler, session, Cause::ConnectTimeout);
    let seen = scene.seen();
    // The south is 170 ms away: a round trip for TCP, and one for TLS.
    assert_eq!((seen.region, seen.attempt), (SOUTH, 1));
    assert_eq!(seen.connection.map(|held| held.opened), Some(millis(3_340)));
}

#[test]
fn an_attempt_that_is_over_cannot_fail_again() {
    let plan = plan();
    let mut scene = Scene::new(&plan, holds_answer());
    let old = scene.session;
    scene.session = scene.owners.visitors.renew(old);
    let (mut attempts, scheduler) = scene.attempts();
    attempts.attempt_fails(scheduler, old, Cause::RequestTimeout);
    attempts.attempt_starts(scheduler, old);
    attempts.connect_arrives(scheduler, old);
    attempts.request_starts(scheduler, old);
    assert_eq!(scene.seen().attempt, 0);
    assert_eq!(passes(&mut scene.owners.scheduler, millis(599_000)), []);
}

/// Lets a session without an answer ask, and its resolver find one, which it has after 40 ms.
fn resolves(plan: &Plan) -> Scene<'_> {
    let mut scene = Scene::new(plan, visitor());
    scene.attempt_starts();
    for at in 1..=40 {
        for (_, event) in passes(&mut scene.owners.scheduler, millis(at)) {
            let (mut attempts, scheduler) = scene.attempts();
            if let Event::QueryArrives { resolver, authority } = event {
                attempts.look_ups().query_arrives(scheduler, resolver, authority);
            } else {
                let Event::QueryAnswered { resolver, authority, addresses } = event else { panic!("{event:?}") };
                let told = attempts.look_ups().query_answered(scheduler, resolver, authority, addresses);
                attempts.answers_return(scheduler, told);
            }
        }
    }
    scene
}

#[test]
fn who_has_waited_for_an_answer_connects_as_soon_as_it_is_there() {
    let plan = plan();
    let scene = resolves(&plan);
    let seen = scene.seen();
    assert_eq!(seen.answer.map(|answer| (answer.region, answer.fetched)), Some((NORTH, millis(48))));
    assert_eq!(seen.connection.map(|held| held.opened), Some(millis(118)));
    assert!(scene.owners.visitors.get(scene.session).is_none(), "the time limit of the look-up is void");
}

#[test]
fn the_next_request_starts_its_first_attempt_at_once() {
    let plan = plan();
    let mut scene = Scene::new(&plan, holds_answer());
    let session = scene.session;
    let (mut attempts, scheduler) = scene.attempts();
    attempts.request_starts(scheduler, session);
    let seen = scene.seen();
    assert_eq!((seen.request, seen.attempt, seen.started), (2, 1, millis(0)));
    assert_eq!(seen.hears, Some(millis(127)));
}
