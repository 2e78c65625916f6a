//! A drawn scenario costs what it is expected to cost, within a factor of two while servers keep up.

#[cfg(target_os = "linux")]
use std::{fs, process::Stdio};

use firedrill::model::Plan;
#[cfg(target_os = "linux")]
use firedrill::scenario::Extent;

use super::generator::{Capacity, Generated};
#[cfg(target_os = "linux")]
use super::{PLACE, scenario};
use super::{plan, run, some_tapes};
#[cfg(target_os = "linux")]
use crate::{
    cost::peak,
    support::{cases, firedrill, repository, scratch},
};

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

#[cfg(target_os = "linux")]
#[test]
fn the_memory_of_drawn_scenarios_is_below_its_bound() {
    let folder = scratch();
    let beside = repository().join(PLACE);
    for entry in fs::read_dir(beside.parent().expect("a folder")).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "csv") {
            fs::copy(&path, folder.path().join(path.file_name().unwrap())).unwrap();
        }
    }
    for (number, tape) in some_tapes(cases(20, 2)).iter().enumerate() {
        let text = Generated::new(tape, Capacity::Ample).text();
        let mut scenario = scenario(&text);
        scenario.study.runs = 1;
        let most = scenario.cost(Extent { designs: &[], jobs: 1 }).most_bytes;
        fs::write(folder.path().join("s.toml"), &text).unwrap();
        let mut command = firedrill(folder.path());
        command.args(["run", "s.toml", "--quiet", "--jobs", "1", "--runs", "1", "--out", "o"]);
        let found = peak(command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        assert!(found > 0.0 && found < most, "scenario {number}: {found} of {most}\n{text}");
    }
}
