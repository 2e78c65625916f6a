use super::super::super::fixture::{self, NORTH, millis, passes};
use super::super::super::plan::Plan;
use super::*;
use crate::units::SimTime;

/// One checker, in Asia, 35 ms from the north: two failures, or one success, in a row change its view.
fn plan() -> Plan {
    fixture::plan(&[
        "dns.health_checks={ checkers = 1, interval = '15s', timeout = '5s', fall = 2, rise = 1, quorum = 0.5, probe = 'http' }",
        "designs.active-active.database.endpoint={ via = 'driver' }",
    ])
}

struct Scene<'p> {
    setting: Setting<'p>,
    dns: Dns,
    books: Books,
    scheduler: Scheduler,
}

impl<'p> Scene<'p> {
    fn new(plan: &'p Plan) -> Self {
        let setting = fixture::setting(plan);
        let (dns, books) = (fixture::dns(&setting), Books::new(plan, setting.design));
        Scene { setting, dns, books, scheduler: Scheduler::new() }
    }

    fn probes(&mut self) -> (Probes<'_>, &mut Scheduler) {
        let Scene { setting, dns, books, scheduler } = self;
        (Probes { dns, books, setting }, scheduler)
    }

    /// Its check of the north starts a probe now. Returns it.
    fn starts(&mut self) -> Handle {
        let (mut probes, scheduler) = self.probes();
        let now = scheduler.now();
        probes.probe_starts(scheduler, 0);
        let arrives = now + self.setting.plan.geographies[fixture::ASIA].rtt[NORTH].fixed().expect("constant").half();
        let [(_, Event::ProbeArrives { probe })] = passes(&mut self.scheduler, arrives)[..] else { panic!("no probe") };
        probe
    }

    fn gives_up(&mut self, probe: Handle) -> Option<Verdict> {
        let (mut probes, scheduler) = self.probes();
        probes.probe_times_out(scheduler, probe)
    }

    /// Returns the times of all that is published, or is to be, up to a moment.
    fn published(&mut self, until: SimTime) -> Vec<SimTime> {
        let happened = passes(&mut self.scheduler, until);
        let is_published = |event: &Event| matches!(event, Event::Publish { target: Target::Region(NORTH), .. });
        happened.into_iter().filter(|(_, event)| is_published(event)).map(|(at, _)| at).collect()
    }
}

#[test]
fn a_probe_reaches_its_target_after_half_a_round_trip_and_is_given_up_after_the_timeout() {
    let plan = plan();
    let mut scene = Scene::new(&plan);
    let probe = scene.starts();
    assert_eq!(scene.scheduler.now(), SimTime::from_nanos(17_500_000));
    assert_eq!(
        scene.dns.probe(probe).map(|seen| (seen.target, seen.deadline)),
        Some((Target::Region(NORTH), millis(5_000)))
    );
    assert_eq!(
        passes(&mut scene.scheduler, millis(15_000)),
        [(millis(5_000), Event::ProbeTimesOut { probe }), (millis(15_000), Event::ProbeStarts { check: 0 })]
    );
}

#[test]
fn an_answer_is_heard_half_a_round_trip_later_unless_a_cut_hides_it() {
    let plan = plan();
    let mut scene = Scene::new(&plan);
    let probe = scene.starts();
    probe_answered(&mut scene.dns, |_, _| true, &mut scene.scheduler, (probe, true));
    assert!(scene.dns.probe(probe).is_some(), "it is still waited for");
    probe_answered(
        &mut scene.dns,
        |geography, region| (geography, region) != (fixture::ASIA, NORTH),
        &mut scene.scheduler,
        (probe, false),
    );
    assert!(scene.dns.probe(probe).is_none());
    assert_eq!(passes(&mut scene.scheduler, millis(35)), [(millis(35), Event::ProbeDone { check: 0, good: false })]);
    assert_eq!(scene.gives_up(probe), None, "it has been answered");
}

#[test]
fn as_many_failures_as_it_takes_are_a_verdict_which_is_published_after_the_delay() {
    let plan = plan();
    let mut scene = Scene::new(&plan);
    let target = Target::Region(NORTH);
    let (first, second) = (scene.starts(), scene.starts());
    assert_eq!(scene.gives_up(first), None);
    assert_eq!(scene.gives_up(second), Some(Verdict { target, down: true }));
    // Both have been answered late: 2 s after the verdict the answer changes.
    let verdict = scene.scheduler.now();
    assert_eq!(
        scene.published(verdict + scene.setting.design.dns.publish_delay),
        [verdict + scene.setting.design.dns.publish_delay]
    );
    let (mut probes, scheduler) = scene.probes();
    assert_eq!(probes.probe_done(scheduler, 0, true), Some(Verdict { target, down: false }));
    let (mut probes, scheduler) = scene.probes();
    assert_eq!(probes.probe_done(scheduler, 0, true), None, "it is up already");
}
