use super::super::super::fixture::{self, ASIA, NORTH, SOUTH, millis, passes};
use super::super::super::plan::Plan;
use super::super::super::setting::Setting;
use super::*;
use crate::engine::Stream;

struct Scene {
    dns: Dns,
    control_plane: ControlPlane,
    books: Books,
    scheduler: Scheduler,
}

impl Scene {
    fn new(plan: &Plan, setting: &Setting) -> Self {
        let (dns, books) = (fixture::dns(setting), Books::new(plan, setting.design));
        Scene { dns, control_plane: ControlPlane::default(), books, scheduler: Scheduler::new() }
    }

    /// A verdict now. Returns what its publication changes, after the delay, and the event of it.
    fn verdict(&mut self, region: RegionId, down: bool) -> (Option<TakesOver>, Event) {
        let now = self.scheduler.now();
        will_publish(&mut self.scheduler, self.dns.manager.verdict(now, Target::Region(region), down));
        let happened = passes(&mut self.scheduler, now + millis(2_000).since(millis(0)));
        let [(_, event @ Event::Publish { target, generation })] = happened[..] else { panic!("{happened:?}") };
        let Scene { dns, control_plane, books, scheduler } = self;
        (Publishing { dns, control_plane, books }.publish(scheduler, target, generation), event)
    }
}

#[test]
fn a_region_that_is_left_out_is_taken_over_from_by_the_other_and_not_twice() {
    let plan = fixture::plan(&[]);
    let setting = fixture::setting(&plan);
    let mut scene = Scene::new(&plan, &setting);
    let (takes_over, _) = scene.verdict(NORTH, true);
    assert_eq!(takes_over.map(PerRegion::into_array), Some([false, true]));
    assert_eq!(scene.dns.manager().answer(ASIA).map(|answer| answer.first), Some(SOUTH));
    // With both down the ordinary answers are given: nobody takes over.
    let (takes_over, _) = scene.verdict(SOUTH, true);
    assert_eq!(takes_over.map(PerRegion::into_array), Some([false, false]));
}

#[test]
fn nothing_is_published_while_the_control_plane_is_out_and_it_is_tried_again_after() {
    let plan = fixture::plan(&[]);
    let setting = fixture::setting(&plan);
    let mut scene = Scene::new(&plan, &setting);
    scene.control_plane.begins(0, None, 1.0, Stream::root(1, 1));
    let (takes_over, event) = scene.verdict(NORTH, true);
    assert_eq!(takes_over, None);
    assert_eq!(scene.dns.manager().answer(ASIA).map(|answer| answer.first), Some(NORTH));
    assert_eq!(scene.control_plane.ends(0), [event]);
}

#[test]
fn a_publication_that_a_later_verdict_has_overtaken_changes_nothing() {
    let plan = fixture::plan(&[]);
    let setting = fixture::setting(&plan);
    let mut scene = Scene::new(&plan, &setting);
    let overtaken = scene.dns.manager.verdict(millis(0), Target::Region(NORTH), true);
    scene.dns.manager.verdict(millis(1), Target::Region(NORTH), false);
    let Scene { dns, control_plane, books, scheduler } = &mut scene;
    let mut publishing = Publishing { dns, control_plane, books };
    assert_eq!(publishing.publish(scheduler, overtaken.target, overtaken.generation), None);
}
