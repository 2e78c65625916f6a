//! Invariants of any run of any scenario, checked on generated scenarios that span the format.
//!
//! The scenarios are the same everywhere (`FIREDRILL_TESTS=all` draws ten times as many, `PROPTEST_CASES` any number). Of one that fails, a smaller one that fails
//! in the same way is looked for and printed whole, with the command that repeats it. The run itself checks that no request
//! and no acknowledged write goes missing, and fails if one does. Beside each test stands a change of the model that it was
//! seen to catch, where that is not plain from its name.

mod books;
mod calm;
mod copies;
mod cost;
mod format;
mod generator;
mod order;
mod outages;
mod pairs;
mod pools;

use firedrill::model::{Plan, RunOutcome, Step, simulate, simulate_traced};
use firedrill::scenario::{LoadOptions, Scenario, Writes};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::support::{cases, repository, some_of};
use generator::{Capacity, Generated, TAPE};

const SCENARIOS: u32 = 200;

/// Place for a scenario that is printed: files that it names lie beside it.
const PLACE: &str = "tests/it/invariants/generated.toml";

fn scenario(text: &str) -> Scenario {
    let file = repository().join(PLACE);
    match Scenario::parse(text, file.to_str().expect("a path in UTF-8"), &LoadOptions::default()) {
        Ok(loaded) => loaded.scenario,
        Err(error) => panic!("{error}\n{text}"),
    }
}

fn plan(text: &str) -> Plan {
    Plan::new(&scenario(text))
}

/// Run `number` of a design, or why it has no outcome.
fn run(plan: &Plan, design: usize, number: u64) -> Result<RunOutcome, String> {
    simulate(plan, design, number).map_err(|failure| format!("design {design}, run {number}: {failure}"))
}

/// The same, with what happened on the way.
fn run_traced(plan: &Plan, design: usize, number: u64) -> Result<(RunOutcome, Vec<Step>), String> {
    simulate_traced(plan, design, number).map_err(|failure| format!("design {design}, run {number}: {failure}"))
}

/// A source of tapes, always the same.
fn runner() -> TestRunner {
    let count =
        if std::env::var_os("PROPTEST_CASES").is_some() { Config::default().cases } else { cases(SCENARIOS, 20) };
    let config =
        Config { cases: count, failure_persistence: None, max_shrink_iters: cases(2_000, 150), ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn tapes() -> impl Strategy<Value = Vec<u32>> {
    vec(any::<u32>(), TAPE)
}

/// So many tapes, always the same.
fn some_tapes(count: u32) -> Vec<Vec<u32>> {
    let mut runner = runner();
    (0..count).map(|_| tapes().new_tree(&mut runner).expect("a tape").current()).collect()
}

/// Runs `check` on generated scenarios, each the `text` of what was drawn; it returns what is wrong, if anything is.
fn in_every_scenario(
    capacity: Capacity,
    text: impl Fn(&Generated) -> String,
    check: impl Fn(&Generated, &Plan) -> Result<(), String>,
) {
    let result = runner().run(&tapes(), |tape| {
        let generated = Generated::new(&tape, capacity);
        check(&generated, &plan(&text(&generated))).map_err(TestCaseError::fail)
    });
    if let Err(TestError::Fail(reason, tape)) = result {
        let text = text(&Generated::new(&tape, capacity));
        panic!("{reason}\nin this scenario, the smallest that was found (FILE is {PLACE}):\n\n{text}");
    }
    result.expect("no scenario was given up");
}

/// A run of a generated scenario.
struct Case<'a> {
    generated: &'a Generated,
    plan: &'a Plan,
    design: usize,
    number: u64,
}

/// Runs `check` on both designs of all generated scenarios, twice each; it returns what is wrong, if anything is.
fn in_every_case(
    capacity: Capacity,
    text: impl Fn(&Generated) -> String,
    check: impl Fn(&Case<'_>) -> Result<(), String>,
) {
    in_every_scenario(capacity, text, |generated, plan| {
        for (design, number) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            check(&Case { generated, plan, design, number }).map_err(|wrong| {
                let name = &plan.scenario().designs[design].name;
                format!("{wrong}\nfiredrill run FILE --design {name} --first-run {number} --runs 1")
            })?;
        }
        Ok(())
    });
}

/// The same with what came of the runs.
fn in_every_run(
    capacity: Capacity,
    text: impl Fn(&Generated) -> String,
    check: impl Fn(&Case<'_>, &RunOutcome) -> Result<(), String>,
) {
    in_every_case(capacity, text, |case| check(case, &run(case.plan, case.design, case.number)?));
}

fn is_multi_primary(plan: &Plan, design: usize) -> bool {
    matches!(plan.scenario().designs[design].database.writes, Writes::MultiPrimary { .. })
}

fn claim(holds: bool, what: impl Fn() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

#[test]
fn a_scenario_that_fails_is_printed_as_it_was_run() {
    let texts: [fn(&Generated) -> String; 3] = [Generated::quiet, Generated::text, Generated::with_another_promotion];
    for text in some_of(texts.to_vec(), 1) {
        let failing = || {
            in_every_run(Capacity::Ample, text, |_, outcome| {
                claim(outcome.requests_simulated < 300, || format!("{} requests", outcome.requests_simulated))
            });
        };
        let panic =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(failing)).expect_err("some run has 300 requests");
        let message = panic.downcast_ref::<String>().expect("a message");
        let (reason, printed) = message.split_once("generated.toml):\n\n").expect("a scenario");
        let (design, number) =
            reason.split_once("--design ").expect("a command").1.split_once(" --first-run ").unwrap();
        let design = usize::from(design == "two");
        let number = number.split_once(' ').unwrap().0.parse().expect("a run");
        let again = run(&plan(printed), design, number).unwrap().requests_simulated;
        assert!(reason.starts_with(&format!("{again} requests\n")), "{reason}: printed is what has {again} requests");
    }
}
