use super::super::super::fixture::{self, ASIA, NORTH, SOUTH, millis, ms, passes, visitor};
use super::super::super::plan::Plan;
use super::*;
use crate::scenario::{Authority, DnsMode};

/// Resolvers that hold nothing, and the sessions that ask the first of them.
struct Scene<'p> {
    setting: Setting<'p>,
    dns: Dns,
    books: Books,
    sessions: Slab<Session>,
    scheduler: Scheduler,
}

impl<'p> Scene<'p> {
    fn new(plan: &'p Plan) -> Self {
        let setting = fixture::setting(plan);
        let (dns, books) = (fixture::dns(&setting), Books::new(plan, setting.design));
        Scene { setting, dns, books, sessions: Slab::new(), scheduler: Scheduler::new() }
    }

    fn look_ups(&mut self) -> (LookUps<'_>, &mut Scheduler) {
        let Scene { setting, dns, books, sessions, scheduler } = self;
        (LookUps { dns, sessions, books, setting }, scheduler)
    }

    /// A session asks, with half a minute of patience. Returns it, and the answer at hand.
    fn asks(&mut self) -> (Handle, Option<Answer>) {
        self.asks_with(ms(30_000))
    }

    fn asks_with(&mut self, patience: SimDuration) -> (Handle, Option<Answer>) {
        let patience_ends = self.scheduler.now() + patience;
        let session = self.sessions.insert(Session { patience_ends, ..visitor() });
        let (mut look_ups, scheduler) = self.look_ups();
        (session, look_ups.look_up(scheduler, session))
    }

    /// Lets the only event up to a moment happen at it.
    fn happens(&mut self, at: SimTime, event: Event) {
        assert_eq!(passes(&mut self.scheduler, at), [(at, event)]);
    }

    /// Lets the first resolver ask the zone and the traffic manager, which answer; 20 ms each.
    fn resolves(&mut self, from: u64) -> Told {
        let gtm = NameServer::Gtm;
        let held = Addresses { first: NORTH, second: None };
        self.happens(millis(from + 10), Event::QueryArrives { resolver: 0, authority: NameServer::Zone });
        let (mut look_ups, scheduler) = self.look_ups();
        look_ups.query_arrives(scheduler, 0, NameServer::Zone);
        let answered = Event::QueryAnswered { resolver: 0, authority: NameServer::Zone, addresses: held };
        self.happens(millis(from + 20), answered);
        let (mut look_ups, scheduler) = self.look_ups();
        assert!(look_ups.query_answered(scheduler, 0, NameServer::Zone, held).is_none(), "it asks on");
        self.happens(millis(from + 30), Event::QueryArrives { resolver: 0, authority: gtm });
        let (mut look_ups, scheduler) = self.look_ups();
        look_ups.query_arrives(scheduler, 0, gtm);
        self.happens(millis(from + 40), Event::QueryAnswered { resolver: 0, authority: gtm, addresses: held });
        let (mut look_ups, scheduler) = self.look_ups();
        look_ups.query_answered(scheduler, 0, gtm, held).expect("those who have waited")
    }
}

const GIVES_UP: Cause = Cause::DnsFailure;

#[test]
fn a_miss_asks_the_zone_and_then_the_traffic_manager_and_tells_all_who_wait() {
    let plan = fixture::plan(&[]);
    let mut scene = Scene::new(&plan);
    let (one, none) = scene.asks();
    let (other, too) = scene.asks();
    assert!(none.is_none() && too.is_none());
    let told = scene.resolves(0);
    assert_eq!(told.sessions, [one, other]);
    let (mut look_ups, scheduler) = scene.look_ups();
    let answer = look_ups.answer(scheduler.now(), &told, one);
    assert_eq!((answer.region, answer.second, answer.ordinary), (NORTH, None, NORTH));
    // A round trip to the resolver later, from an entry of one minute.
    assert_eq!((answer.resolver_fetched, answer.fetched, answer.expires), (millis(40), millis(48), millis(60_040)));
    look_ups.are_told(told);
    let (_, at_hand) = scene.asks();
    assert_eq!(at_hand.map(|answer| (answer.region, answer.expires)), Some((NORTH, millis(60_040))));
}

#[test]
fn a_session_that_waits_gives_up_after_the_timeout_or_when_its_patience_ends() {
    let plan = fixture::plan(&[]);
    let mut scene = Scene::new(&plan);
    scene.dns.outage(Authority::Resolvers(ASIA), DnsMode::Silent, true);
    let (session, answer) = scene.asks();
    assert!(answer.is_none());
    scene.happens(millis(5_000), Event::AttemptFails { session, cause: GIVES_UP });
    let (session, _) = scene.asks_with(ms(1_000));
    scene.happens(millis(6_000), Event::AttemptFails { session, cause: GIVES_UP });
}

#[test]
fn a_silent_authority_is_waited_for_and_its_failure_told_to_all_who_wait() {
    let plan = fixture::plan(&["geographies.asia.client.patience=3s", "geographies.asia.resolvers.failure_ttl=10s"]);
    let mut scene = Scene::new(&plan);
    scene.dns.outage(Authority::Zone, DnsMode::Silent, true);
    let (session, _) = scene.asks();
    passes(&mut scene.scheduler, millis(10));
    let (mut look_ups, scheduler) = scene.look_ups();
    look_ups.query_arrives(scheduler, 0, NameServer::Zone);
    // Five seconds after it was asked, the resolver gives up, as its client does.
    let gives_up = Event::AttemptFails { session, cause: GIVES_UP };
    assert_eq!(
        passes(&mut scene.scheduler, millis(5_000)),
        [(millis(5_000), gives_up), (millis(5_000), Event::QueryFails { resolver: 0 })]
    );
    let (mut look_ups, scheduler) = scene.look_ups();
    assert!(look_ups.query_fails(scheduler, 0).is_none());
    scene.happens(millis(5_008), gives_up);
    // The failure is remembered: the next to ask hears of it a round trip later.
    let (session, _) = scene.asks();
    scene.happens(millis(5_016), Event::AttemptFails { session, cause: GIVES_UP });
}

#[test]
fn an_old_answer_serves_while_an_authority_is_silent_and_not_after_an_empty_one() {
    let plan = fixture::plan(&["geographies.asia.resolvers.serve_stale=true"]);
    let mut scene = Scene::new(&plan);
    scene.asks();
    let told = scene.resolves(0);
    scene.look_ups().0.are_told(told);
    // The entry of the traffic manager has run out by then, and the CNAME has not.
    passes(&mut scene.scheduler, millis(70_000));
    scene.dns.outage(Authority::Gtm, DnsMode::Silent, true);
    let (session, none) = scene.asks();
    assert!(none.is_none());
    scene.happens(millis(70_010), Event::QueryArrives { resolver: 0, authority: NameServer::Gtm });
    let (mut look_ups, scheduler) = scene.look_ups();
    look_ups.query_arrives(scheduler, 0, NameServer::Gtm);
    scene.happens(millis(71_800), Event::QueryFails { resolver: 0 });
    let (mut look_ups, scheduler) = scene.look_ups();
    let told = look_ups.query_fails(scheduler, 0).expect("an old answer");
    assert_eq!(told.sessions, [session]);
    let answer = look_ups.answer(scheduler.now(), &told, session);
    assert_eq!((answer.region, answer.expires), (NORTH, millis(71_800) + STALE_TTL));
    look_ups.are_told(told);
    let (_, at_hand) = scene.asks();
    assert_eq!(at_hand.map(|answer| answer.region), Some(NORTH), "there is still no news");
    let (mut look_ups, scheduler) = scene.look_ups();
    assert!(look_ups.query_empty(scheduler, 0).is_none(), "an answer without an address is news");
}

#[test]
fn an_authority_that_answers_empty_is_heard_at_once() {
    let plan = fixture::plan(&[]);
    let mut scene = Scene::new(&plan);
    scene.dns.outage(Authority::Zone, DnsMode::Empty, true);
    scene.asks();
    passes(&mut scene.scheduler, millis(10));
    let (mut look_ups, scheduler) = scene.look_ups();
    look_ups.query_arrives(scheduler, 0, NameServer::Zone);
    scene.happens(millis(20), Event::QueryEmpty { resolver: 0 });
}

#[test]
fn a_weighted_answer_leads_a_session_by_its_own_draw() {
    let plan = fixture::plan(&[
        "designs.active-active.routing={ policy = 'weighted', weights = { singapore = 1, frankfurt = 0 } }",
    ]);
    let led = |plan: &Plan| {
        let mut scene = Scene::new(plan);
        let (session, _) = scene.asks();
        let told = Told { resolver: 0, sessions: vec![session], expires: millis(1) };
        let answer = scene.look_ups().0.answer(millis(0), &told, session);
        (answer.region, answer.fetched.since(SimTime::ZERO))
    };
    assert_eq!(led(&plan), (NORTH, ms(8)));
    let plan = fixture::plan(&[
        "designs.active-active.routing={ policy = 'weighted', weights = { singapore = 0, frankfurt = 1 } }",
    ]);
    assert_eq!(led(&plan), (SOUTH, ms(8)));
}
