use super::*;

const NORTH: RegionId = RegionId::First;
const SOUTH: RegionId = RegionId::Second;
const HOLD: SimDuration = SimDuration::from_secs(60);
const DELAY: SimDuration = SimDuration::from_secs(2);

fn at(seconds: u64) -> SimTime {
    SimTime::ZERO + SimDuration::from_secs(seconds)
}

fn geographies() -> [GeographyId; 2] {
    [0, 1].map(|place| GeographyId::try_from(place).unwrap())
}

/// A manager of two geographies, the first of which is nearest to the north, the second to the south.
fn manager(first_share: Option<f64>, when_all_down: WhenAllDown) -> TrafficManager {
    let orders = [[NORTH, SOUTH], [SOUTH, NORTH]].into_iter().collect();
    let settings = Dns { publish_delay: DELAY, addresses: 1, when_all_down, ..Dns::default() };
    TrafficManager::new(orders, first_share, &settings, Failback::Automatic { hold: HOLD })
}

/// A verdict, and what its first publication changes.
fn published(manager: &mut TrafficManager, seconds: u64, region: RegionId, down: bool) -> Vec<AnswerChange> {
    let publication = manager.verdict(at(seconds), Target::Region(region), down);
    manager.publish(at(seconds) + publication.after, publication.target, publication.generation).unwrap()
}

fn led_to(manager: &TrafficManager) -> [Option<RegionId>; 2] {
    geographies().map(|geography| manager.answer(geography).map(|answer| answer.first))
}

#[test]
fn a_region_that_is_down_is_left_out_once_that_is_published() {
    let mut manager = manager(None, WhenAllDown::Default);
    let publication = manager.verdict(at(10), Target::Region(NORTH), true);
    assert_eq!((publication.after, publication.again_after), (DELAY, None));
    assert_eq!(led_to(&manager), [Some(NORTH), Some(SOUTH)], "not yet");
    let changes = manager.publish(at(12), publication.target, publication.generation).unwrap();
    let [first, second] = geographies();
    let switch = Some(Switch { left: Some(NORTH), takes_over: Some(SOUTH) });
    assert_eq!(changes, [AnswerChange { geography: first, region: Some(SOUTH), switch }]);
    assert_eq!(led_to(&manager), [Some(SOUTH), Some(SOUTH)]);
    assert_eq!(manager.answer_at(first, at(11)).first, NORTH);
    assert_eq!(manager.left_out_since(NORTH, at(12)), at(12));
    assert!(manager.had_found_down(NORTH, at(10)) && !manager.had_found_down(NORTH, at(9)));
    assert!(manager.leads(second, SOUTH) && !manager.leads(first, NORTH));
}

#[test]
fn a_region_that_is_up_again_is_held_back() {
    let mut manager = manager(None, WhenAllDown::Default);
    published(&mut manager, 10, NORTH, true);
    let publication = manager.verdict(at(100), Target::Region(NORTH), false);
    assert_eq!(publication.again_after, Some(HOLD + DELAY));
    assert_eq!(publication.due().map(|(after, _)| after).collect::<Vec<_>>(), [DELAY, HOLD + DELAY]);
    assert_eq!(manager.publish(at(102), publication.target, publication.generation), Some(vec![]), "too early");
    let changes = manager.publish(at(162), publication.target, publication.generation).unwrap();
    assert_eq!(changes[0].switch, Some(Switch::default()), "the answer goes back, and leaves no first choice");
    assert_eq!(led_to(&manager), [Some(NORTH), Some(SOUTH)]);
    assert!(manager.is_settled(false));
}

#[test]
fn a_publication_that_a_later_verdict_has_overtaken_is_void() {
    let mut manager = manager(None, WhenAllDown::Default);
    let down = manager.verdict(at(10), Target::Region(NORTH), true);
    manager.verdict(at(11), Target::Region(NORTH), false);
    assert_eq!(manager.publish(at(12), down.target, down.generation), None);
    assert_eq!(led_to(&manager), [Some(NORTH), Some(SOUTH)]);
}

#[test]
fn when_all_is_down_the_ordinary_answer_is_given_or_none() {
    for (when_all_down, expected) in
        [(WhenAllDown::Default, [Some(NORTH), Some(SOUTH)]), (WhenAllDown::Servfail, [None, None])]
    {
        let mut manager = manager(None, when_all_down);
        published(&mut manager, 10, NORTH, true);
        published(&mut manager, 20, SOUTH, true);
        assert_eq!(led_to(&manager), expected, "{when_all_down:?}");
    }
}

#[test]
fn a_cold_standby_is_answered_once_it_is_active() {
    let mut manager = manager(None, WhenAllDown::Default);
    manager.stands_by_cold(SOUTH);
    assert_eq!(led_to(&manager), [Some(NORTH), Some(NORTH)]);
    assert!(manager.is_cold(SOUTH) && manager.is_settled(false));
    published(&mut manager, 10, NORTH, true);
    let publication = manager.cold_standby_active(at(50), SOUTH);
    manager.publish(at(52), publication.target, publication.generation).unwrap();
    assert_eq!(led_to(&manager), [Some(SOUTH), Some(SOUTH)]);
}

#[test]
fn a_weighted_pool_gives_each_look_up_one_of_both_until_it_leaves_one() {
    let mut manager = manager(Some(0.7), WhenAllDown::Default);
    let [first, _] = geographies();
    let given = |manager: &TrafficManager, draw: f64| {
        let (given, ordinary) = manager.given(first, manager.answer(first).unwrap(), || draw);
        (given.first, given.second, ordinary)
    };
    assert_eq!(given(&manager, 0.69), (NORTH, None, NORTH));
    assert_eq!(given(&manager, 0.7), (SOUTH, None, SOUTH));
    let changes = published(&mut manager, 10, NORTH, true);
    assert_eq!(changes[0].switch, Some(Switch { left: Some(NORTH), takes_over: None }));
    assert_eq!(given(&manager, 0.1), (SOUTH, None, NORTH), "it would have been led to the north");
}

#[test]
fn the_name_of_a_node_that_is_down_points_elsewhere_and_changes_no_answer() {
    let mut manager = manager(None, WhenAllDown::Default);
    let node = NodeId::of(NORTH);
    let publication = manager.verdict(at(10), Target::Node(node), true);
    assert_eq!(manager.publish(at(12), publication.target, publication.generation), Some(vec![]));
    assert!(manager.node_is_left_out(node) && !manager.node_is_left_out(node.other()));
}
