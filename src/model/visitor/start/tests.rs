use super::super::super::dns::Dns;
use super::super::super::event::Event;
use super::super::super::fixture::{self, ASIA, NORTH, SOUTH, europe, millis, ms, passes};
use super::super::super::plan::Plan;
use super::*;

struct Scene<'p> {
    setting: Setting<'p>,
    visitors: Visitors,
    dns: Dns,
    scheduler: Scheduler,
}

impl<'p> Scene<'p> {
    fn new(plan: &'p Plan) -> Self {
        let setting = fixture::setting(plan);
        let (visitors, dns) = (Visitors::at_start(&setting), fixture::dns(&setting));
        let mut scheduler = Scheduler::new();
        for geography in [ASIA, europe()] {
            scheduler.open_chain(Event::SessionStarts { geography });
        }
        visitors.first_arrivals().for_each(|(geography, at)| next_arrival(&mut scheduler, geography, at));
        Scene { setting, visitors, dns, scheduler }
    }

    fn starts(&mut self) -> (Starts<'_>, &mut Scheduler) {
        let Scene { setting, visitors, dns, scheduler } = self;
        (Starts { visitors, manager: dns.manager(), setting }, scheduler)
    }

    /// Returns the time at which the next session of Asia comes.
    fn next(&self) -> SimTime {
        self.visitors.arrivals[ASIA].next().expect("another session")
    }

    /// Lets time go on to the next session of Asia. Returns that, if it does not stay away.
    fn session(&mut self) -> Option<&Session> {
        let at = self.next();
        let happened = passes(&mut self.scheduler, at);
        assert_eq!(happened.last(), Some(&(at, Event::SessionStarts { geography: ASIA })));
        let (mut starts, scheduler) = self.starts();
        let session = starts.session_starts(scheduler, ASIA)?;
        Some(self.visitors.see(session))
    }

    fn surge_session(&mut self) -> bool {
        let (mut starts, scheduler) = self.starts();
        starts.surge_session(scheduler, 0).is_some()
    }
}

const BUSY: &str = "geographies.asia.sessions.rate=5";

#[test]
fn a_session_asks_a_resolver_of_its_own_geography_unless_it_is_led_astray() {
    for (foreign, routed_as, resolver) in [("0.0", ASIA, 0), ("1.0", europe(), 1)] {
        let setting = format!("geographies.asia.resolvers={{ count = 1, foreign = {foreign} }}");
        let plan = fixture::plan(&[BUSY, &setting]);
        let mut scene = Scene::new(&plan);
        let session = scene.session().expect("a session");
        assert_eq!((session.geography, session.routed_as, session.resolver), (ASIA, routed_as, resolver));
        assert_eq!((session.requests, session.request, session.attempt), (3, 0, 0));
        assert!(session.answer.is_none() && session.connection.is_none());
    }
}

#[test]
fn a_pinned_answer_is_of_the_past_and_never_runs_out() {
    let plan = fixture::plan(&[BUSY, "geographies.asia.client.pin_share=1.0", "geographies.asia.client.pin=10s"]);
    let mut scene = Scene::new(&plan);
    for _ in 0..200 {
        let answer = scene.session().and_then(|session| session.answer).expect("a pinned answer");
        assert_eq!((answer.region, answer.ordinary, answer.expires), (NORTH, NORTH, SimTime::NEVER));
        let now = scene.scheduler.now();
        assert!(answer.fetched <= now && now.since(answer.fetched) <= ms(10_000));
        assert_eq!(answer.fetched, answer.resolver_fetched);
    }
}

#[test]
fn a_pinned_answer_is_the_one_that_was_published_when_it_was_fetched() {
    let plan = fixture::plan(&[
        BUSY,
        "geographies.asia.client.pin_share=1.0",
        "geographies.asia.client.pin=1ms",
        "designs.active-active.routing={ policy = 'failover', order = ['frankfurt', 'singapore'] }",
    ]);
    let mut scene = Scene::new(&plan);
    assert_eq!(scene.session().and_then(|session| session.answer).map(|answer| answer.region), Some(SOUTH));
}

#[test]
fn the_next_session_is_on_its_way_when_one_starts() {
    let plan = fixture::plan(&[BUSY]);
    let mut scene = Scene::new(&plan);
    let firsts: Vec<_> = scene.visitors.first_arrivals().collect();
    let [(ASIA, first)] = firsts[..] else { panic!("Europe has hardly any visitors: {firsts:?}") };
    scene.session();
    let second = scene.next();
    assert!(second > first);
    assert_eq!(passes(&mut scene.scheduler, second), [(second, Event::SessionStarts { geography: ASIA })]);
}

#[test]
fn sessions_stay_away_while_a_surge_of_fewer_lasts() {
    let plan = fixture::plan(&[BUSY]);
    let mut scene = Scene::new(&plan);
    scene.visitors.surge_begins(&mut scene.scheduler, &scene.setting, (0, 0), ASIA, 0.0);
    assert!((0..20).all(|_| scene.session().is_none()));
    scene.visitors.surge_ends(0);
    assert!((0..20).all(|_| scene.session().is_some()));
}

#[test]
fn surges_of_fewer_act_together_and_only_where_they_are() {
    let plan = fixture::plan(&[BUSY]);
    let mut scene = Scene::new(&plan);
    for (occurrence, geography, factor) in [(0, ASIA, 0.5), (1, ASIA, 0.5), (2, europe(), 0.0)] {
        scene.visitors.surge_begins(&mut scene.scheduler, &scene.setting, (0, occurrence), geography, factor);
    }
    // A quarter of a thousand come, give or take four standard deviations of 13.7.
    let come = (0..1_000).filter(|_| scene.session().is_some()).count();
    assert!((195..=305).contains(&come), "{come}");
}

#[test]
fn a_surge_of_more_adds_sessions_until_it_ends() {
    let plan = fixture::plan(&[BUSY]);
    let mut scene = Scene::new(&plan);
    scene.visitors.surge_begins(&mut scene.scheduler, &scene.setting, (0, 0), ASIA, 3.0);
    let comes = |(_, event): &(SimTime, Event)| *event == Event::SurgeSession { occurrence: 0 };
    let steps = (1..10_000).map(millis);
    let mut until = steps.take_while(|until| !passes(&mut scene.scheduler, *until).iter().any(comes));
    assert!(until.by_ref().count() < 9_000, "ten come each second");
    assert!(scene.surge_session(), "it starts, and the next one is on its way");
    scene.visitors.surge_ends(0);
    assert!(!scene.surge_session(), "the surge is over");
}
