//! A drawn scenario costs what it is expected to cost, within a factor of two while servers keep up.

use firedrill::model::Plan;

use super::generator::{Capacity, Generated};
use super::{plan, run, some_tapes};

/// Lists the scenarios of which the events of one run of each design are not within a factor of two of those expected, or above
/// the bound.
fn misjudged(count: u32) -> Vec<String> {
    let mut wrong = Vec::new();
    for (number, tape) in some_tapes(count).iter().enumerate() {
        let generated = Generated::new(tape, Capacity::Ample);
        let plan = plan(&generated.text());
        let (mut found, mut expected) = (0.0, 0.0);
        for place in 0..plan.scenario().designs.len() {
            let (events, cost) = of_design(&plan, place);
            assert!(events < cost.most_events, "scenario {number}: {events} events of {}", cost.most_events);
            found += events;
            expected += cost.events;
        }
        let ratio = expected / found;
        if !(0.5..=2.0).contains(&ratio) {
            wrong
                .push(format!("{number}: {ratio:.2} ({expected:.0} expected, {found:.0} found)\n{}", generated.text()));
        }
    }
    wrong
}

fn of_design(plan: &Plan, place: usize) -> (f64, firedrill::scenario::Cost) {
    let outcome = run(plan, place, 0).unwrap_or_else(|failure| panic!("{failure}"));
    (outcome.events as f64, plan.scenario().cost_of(&plan.scenario().designs[place]))
}

#[test]
fn the_events_of_drawn_scenarios_are_within_a_factor_of_two() {
    let wrong = misjudged(25);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
#[ignore = "takes minutes; `.ci/full` runs it"]
fn the_events_of_five_hundred_drawn_scenarios_are_within_a_factor_of_two() {
    let wrong = misjudged(500);
    assert!(wrong.is_empty(), "{} of 500:\n{}", wrong.len(), wrong.join("\n"));
}
