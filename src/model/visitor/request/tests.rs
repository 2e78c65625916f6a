use super::super::super::fixture::{self, NORTH, SOUTH, answer, millis, ms, passes, visitor};
use super::super::super::plan::Plan;
use super::super::session::{Answer, Connection, Session};
use super::*;

/// One session, in the middle of its first request of three.
struct Scene<'p> {
    setting: Setting<'p>,
    visitors: Visitors,
    data: Data,
    books: Books,
    scheduler: Scheduler,
}

impl<'p> Scene<'p> {
    fn new(plan: &'p Plan) -> Self {
        let setting = fixture::setting(plan);
        let (visitors, books) = (Visitors::at_start(&setting), Books::new(plan, setting.design));
        Scene { setting, visitors, data: fixture::data(), books, scheduler: Scheduler::new() }
    }

    fn with(plan: &'p Plan, session: Session) -> (Self, Handle) {
        let mut scene = Scene::new(plan);
        scene.books.request_starts(session.geography, session.started);
        let session = scene.visitors.sessions.insert(session);
        (scene, session)
    }

    fn requests(&mut self) -> (Requests<'_>, &mut Scheduler) {
        let Scene { setting, visitors, data, books, scheduler } = self;
        (Requests { visitors, data, books, setting }, scheduler)
    }

    fn fails(&mut self, session: Handle, at: SimTime, cause: Cause) {
        let (mut requests, scheduler) = self.requests();
        requests.attempt_fails(scheduler, session, Failed { at, cause, phase: Phase::Other });
    }

    fn succeeds(&mut self, session: Handle, at: SimTime) {
        let (mut requests, scheduler) = self.requests();
        requests.request_succeeds(scheduler, session, at);
    }

    /// The only event up to a moment, and the only session.
    fn next(&mut self, until: u64) -> (SimTime, Event, &Session) {
        let happened = passes(&mut self.scheduler, millis(until));
        let [(at, event)] = happened[..] else { panic!("{happened:?}") };
        let [session] = self.visitors.sessions.handles()[..] else { panic!("not one session") };
        (at, event, self.visitors.sessions.see(session))
    }

    fn is_over(&mut self) -> bool {
        self.visitors.sessions.handles().is_empty() && passes(&mut self.scheduler, millis(599_000)).is_empty()
    }
}

fn connection() -> Connection {
    Connection { region: NORTH, opened: millis(0), idle_since: millis(0), incarnation: 0 }
}

#[test]
fn a_request_starts_with_all_its_patience_and_no_attempt() {
    let plan = fixture::plan(&[]);
    let (mut scene, session) = Scene::with(&plan, visitor());
    scene.requests().0.request_starts(millis(10), session);
    let seen = scene.visitors.see(session);
    assert_eq!((seen.request, seen.attempt, seen.operation), (2, 0, Operation::Read));
    assert_eq!((seen.started, seen.patience_ends), (millis(10), millis(30_010)));
    assert_eq!(seen.write, Handle::NONE);
}

#[test]
fn a_write_has_an_entry_in_the_ledger_until_it_ends() {
    let plan = fixture::plan(&["geographies.asia.write_share=1.0"]);
    let (mut scene, session) = Scene::with(&plan, visitor());
    scene.requests().0.request_starts(millis(10), session);
    let seen = scene.visitors.see(session);
    assert_eq!(seen.operation, Operation::Write);
    assert_ne!(seen.write, Handle::NONE);
    scene.succeeds(session, millis(20));
    assert_eq!(scene.next(5_000).2.write, Handle::NONE);
}

#[test]
fn the_next_request_follows_a_success_after_the_think_time() {
    let plan = fixture::plan(&[]);
    let (mut scene, session) = Scene::with(&plan, Session { connection: Some(connection()), ..visitor() });
    scene.succeeds(session, millis(100));
    assert!(scene.visitors.get(session).is_none(), "what still waits for the request is void");
    let (at, event, seen) = scene.next(5_000);
    assert_eq!(at, millis(4_100));
    assert!(matches!(event, Event::RequestStarts { .. }), "{event:?}");
    assert_eq!(seen.connection.map(|connection| connection.idle_since), Some(millis(100)));
    assert_eq!(seen.attempt, 0);
}

#[test]
fn a_session_ends_with_its_last_request() {
    let plan = fixture::plan(&[]);
    let (mut scene, session) = Scene::with(&plan, Session { request: 3, ..visitor() });
    scene.succeeds(session, millis(100));
    assert!(scene.is_over());
}

#[test]
fn a_request_on_the_fast_path_is_heard_of_once_and_its_session_goes_on_by_another_handle() {
    let plan = fixture::plan(&[]);
    let (mut scene, session) = Scene::with(&plan, Session { hears: Some(millis(50)), ..visitor() });
    let (mut requests, scheduler) = scene.requests();
    let renewed = requests.fast_read_is_heard(scheduler, session, millis(50));
    assert!(scene.visitors.get(session).is_none() && scene.visitors.get(renewed).is_some());
    assert_eq!(passes(&mut scene.scheduler, millis(10_000)), [], "its next request is scheduled already");
    assert_eq!(scene.books.balance(0), Ok(1));
}

#[test]
fn a_failed_attempt_is_made_again_after_a_back_off_whose_ceiling_doubles() {
    // By the same draw of 0 to 1, the second is twice as long after as the first, and the third as the limit says.
    let plan =
        fixture::plan(&["geographies.asia.client.max_attempts=4", "geographies.asia.client.backoff_limit=300ms"]);
    let back_off = |attempt: u32| {
        let (mut scene, session) = Scene::with(&plan, Session { attempt, ..visitor() });
        scene.fails(session, millis(1_000), Cause::Error);
        let (at, event, seen) = scene.next(2_000);
        assert!(matches!(event, Event::AttemptStarts { .. }), "{event:?}");
        let share = seen.draws.of_attempt(1, attempt, OfAttempt::Backoff).uniform();
        at.since(millis(1_000)).as_secs_f64() / share
    };
    for (attempt, ceiling) in [(1, 0.1), (2, 0.2), (3, 0.3)] {
        assert!((back_off(attempt) - ceiling).abs() < 1e-6, "attempt {attempt}");
    }
}

#[test]
fn a_request_fails_after_its_last_attempt_or_when_patience_would_run_out_before_the_next() {
    let plan = fixture::plan(&[]);
    for (attempt, patience_ends) in [(3, 30_000), (1, 1_000)] {
        let patience_ends = millis(patience_ends);
        let (mut scene, session) = Scene::with(&plan, Session { attempt, patience_ends, ..visitor() });
        scene.fails(session, millis(1_000), Cause::Error);
        let (at, event, _) = scene.next(6_000);
        assert_eq!(at, millis(5_000), "the think time after the failure");
        assert!(matches!(event, Event::RequestStarts { .. }), "{event:?}");
        assert_eq!(scene.books.balance(0), Ok(1));
    }
}

#[test]
fn a_connection_is_kept_after_an_error_and_lost_by_a_reset() {
    let plan = fixture::plan(&[]);
    let kept = |cause| {
        let (mut scene, session) = Scene::with(&plan, Session { connection: Some(connection()), ..visitor() });
        scene.fails(session, millis(1_000), cause);
        scene.next(2_000).2.connection.map(|connection| connection.idle_since)
    };
    assert_eq!(kept(Cause::Overloaded), Some(millis(1_000)));
    assert_eq!(kept(Cause::DnsFailure), Some(millis(0)), "nothing was sent on it");
    for cause in [Cause::ConnectionReset, Cause::RequestTimeout, Cause::ConnectTimeout] {
        assert_eq!(kept(cause), None, "{cause:?}");
    }
}

#[test]
fn the_answer_is_evicted_by_a_failed_connect_of_a_client_that_resolves_anew() {
    let held = |settings: &[&str], cause| {
        let plan = fixture::plan(settings);
        let (mut scene, session) = Scene::with(&plan, Session { answer: Some(answer()), ..visitor() });
        scene.fails(session, millis(1_000), cause);
        scene.next(2_000).2.answer.is_some()
    };
    let resolves_anew = ["geographies.asia.client.reresolve=true"];
    assert!(held(&[], Cause::ConnectTimeout));
    assert!(!held(&resolves_anew, Cause::ConnectTimeout) && !held(&resolves_anew, Cause::ConnectionRefused));
    assert!(held(&resolves_anew, Cause::RequestTimeout));
}

#[test]
fn the_second_address_is_tried_once_and_within_patience() {
    let plan = fixture::plan(&[]);
    let both = Answer { second: Some(SOUTH), ..answer() };
    let second = |region, at| {
        let session = Session { answer: Some(both), region, connection: Some(connection()), ..visitor() };
        let (mut scene, session) = Scene::with(&plan, session);
        let found = scene.requests().0.second_address(session, at);
        found.map(|(renewed, region)| {
            (region, scene.visitors.get(session).is_some(), scene.visitors.see(renewed).connection.is_some())
        })
    };
    assert_eq!(second(NORTH, millis(3_000)), Some((SOUTH, false, false)));
    assert_eq!(second(SOUTH, millis(3_000)), None, "it was the second that failed");
    assert_eq!(second(NORTH, millis(30_000)), None, "patience has run out");
}

#[test]
fn a_budget_of_retries_that_is_used_up_fails_the_request() {
    // So few sessions save up no more than the one token that there always is.
    let plan = fixture::plan(&["geographies.asia.client.retry_budget=0.1"]);
    let (mut scene, session) = Scene::with(&plan, visitor());
    scene.fails(session, millis(1_000), Cause::Error);
    let (_, Event::AttemptStarts { session }, _) = scene.next(2_000) else { panic!("no retry") };
    scene.fails(session, millis(2_000), Cause::Error);
    let (_, event, _) = scene.next(7_000);
    assert!(matches!(event, Event::RequestStarts { .. }), "{event:?}");
}

#[test]
fn a_visitor_who_leaves_after_a_failure_makes_no_further_request() {
    let plan = fixture::plan(&["geographies.asia.client.leave=1.0"]);
    let (mut scene, session) = Scene::with(&plan, Session { attempt: 3, ..visitor() });
    scene.fails(session, millis(1_000), Cause::Error);
    assert!(scene.is_over());
}

#[test]
fn a_request_that_outlasts_the_run_is_neither_a_success_nor_a_failure() {
    let plan = fixture::plan(&[]);
    let (mut scene, session) = Scene::with(&plan, visitor());
    scene.succeeds(session, plan.horizon + ms(1));
    assert_eq!(scene.visitors.requests_under_way(), 0);
    assert_eq!(scene.books.balance(0), Ok(1));
    assert!(scene.is_over());
}

#[test]
fn requests_are_under_way_from_their_first_attempt_to_their_end() {
    let plan = fixture::plan(&[]);
    let (mut scene, session) = Scene::with(&plan, visitor());
    scene.visitors.sessions.insert(Session { attempt: 0, ..visitor() });
    assert_eq!(scene.visitors.requests_under_way(), 1);
    scene.succeeds(session, millis(1));
    assert_eq!(scene.visitors.requests_under_way(), 0);
}
