//! What must hold in any run of any scenario, checked on generated scenarios that span the format.
//!
//! The scenarios are the same everywhere (`PROPTEST_CASES` draws more than usual). Of one that fails, a smaller one that fails
//! in the same way is looked for and printed whole, with the command that repeats it. The run itself checks that no request
//! and no acknowledged write goes missing, and fails if one does.

mod generator;

use firedrill::model::{Cause, Operation, Phase, Plan, RunOutcome, Timing, simulate};
use firedrill::scenario::{
    IncidentKind, LoadOptions, PromotionTrigger, Reads, RegionId, ReplicationMode, Scenario, Storage, Writes,
};
use proptest::collection::vec;
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};
use rayon::prelude::*;

use generator::{Capacity, Generated, PATIENCE_S, TAPE};

const SCENARIOS: u32 = 200;

fn plan(text: &str) -> Plan {
    match Scenario::parse(text, "generated.toml", &LoadOptions::default()) {
        Ok(loaded) => Plan::new(&loaded.scenario),
        Err(error) => panic!("{error}\n{text}"),
    }
}

fn run(plan: &Plan, design: usize, number: u64, text: &str) -> RunOutcome {
    simulate(plan, design, number).unwrap_or_else(|failure| panic!("design {design}, run {number}: {failure}\n{text}"))
}

/// A source of tapes, always the same.
fn runner() -> TestRunner {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { Config::default().cases } else { SCENARIOS };
    let config = Config { cases, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}

fn tapes() -> impl Strategy<Value = Vec<u32>> {
    vec(any::<u32>(), TAPE)
}

/// Runs `check` on generated scenarios; it returns what is wrong, if anything is.
fn in_every_scenario(capacity: Capacity, check: impl Fn(&Generated) -> Result<(), String>) {
    let result = runner().run(&tapes(), |tape| check(&Generated::new(&tape, capacity)).map_err(TestCaseError::fail));
    if let Err(TestError::Fail(reason, tape)) = result {
        let text = Generated::new(&tape, capacity).text();
        panic!("{reason}\nin this scenario, the smallest that was found:\n\n{text}");
    }
    result.expect("no scenario was given up");
}

/// Runs `check` on both designs of all generated scenarios, twice each; it returns what is wrong, if anything is.
fn in_every_run(capacity: Capacity, check: impl Fn(&Generated, &Plan, usize, &RunOutcome) -> Result<(), String>) {
    in_every_scenario(capacity, |generated| {
        let text = if capacity == Capacity::Ample { generated.quiet.clone() } else { generated.text() };
        let plan = plan(&text);
        for (design, number) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            let outcome = run(&plan, design, number, &text);
            check(generated, &plan, design, &outcome).map_err(|wrong| {
                let name = &plan.scenario().designs[design].name;
                format!("{wrong}\nfiredrill run FILE --design {name} --first-run {number} --runs 1")
            })?;
        }
        Ok(())
    });
}

fn is_multi_primary(plan: &Plan, design: usize) -> bool {
    matches!(plan.scenario().designs[design].database.writes, Writes::MultiPrimary { .. })
}

fn claim(holds: bool, what: impl Fn() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what()) }
}

#[test]
fn requests_and_writes_are_conserved_and_every_share_is_one() {
    in_every_run(Capacity::Any, |_, plan, _, outcome| {
        claim(outcome.requests_simulated > 200, || format!("only {} requests", outcome.requests_simulated))?;
        requests_add_up(plan, outcome)?;
        windows_add_up(outcome)?;
        regions_are_within_their_capacity(outcome)?;
        for tally in &outcome.writes {
            claim(tally.settled() == tally.acknowledged, || format!("{tally:?}"))?;
        }
        for names in &outcome.names {
            claim(names.hits <= names.lookups, || format!("{names:?}"))?;
        }
        let tail = outcome.switch_tail.lookups.iter().chain(&outcome.switch_tail.attempts);
        claim(tail.clone().all(|[old, all]| old <= all), || format!("{:?}", outcome.switch_tail))
    });
}

#[test]
fn the_generated_scenarios_reach_nearly_all_that_can_happen() {
    let mut runner = runner();
    let tapes: Vec<Vec<u32>> =
        (0..3 * SCENARIOS).map(|_| tapes().new_tree(&mut runner).expect("a tape").current()).collect();
    let runs = tapes.par_iter().flat_map_iter(|tape| {
        let text = Generated::new(tape, Capacity::Any).text();
        let plan = plan(&text);
        [0, 1].map(|design| happened(&run(&plan, design, 0, &text)))
    });
    let sums = runs.reduce(Vec::new, |sums, counts| {
        if sums.is_empty() {
            return counts;
        }
        sums.into_iter().zip(counts).map(|((what, sum), (_, count))| (what, sum + count)).collect()
    });
    for (what, sum) in sums {
        assert!(sum > 0, "{what}: in none of the generated scenarios");
    }
}

/// What happened in a run, by name.
fn happened(outcome: &RunOutcome) -> Vec<(&'static str, u64)> {
    let tallies = || outcome.visitors.iter().flatten();
    let mut counts = Vec::new();
    for cause in Cause::ALL {
        counts.push((cause.name(), tallies().map(|tally| tally.failed_by_cause[cause as usize]).sum()));
    }
    for phase in Phase::ALL {
        counts.push((phase.name(), tallies().map(|tally| tally.failed_by_phase[phase as usize]).sum()));
    }
    let writes = || outcome.writes.iter();
    let after = |timing: Timing| u64::from(matches!(timing, Timing::After(_)));
    counts.extend([
        ("lost", writes().map(|tally| tally.lost).sum()),
        ("stranded", writes().map(|tally| tally.stranded).sum()),
        ("conflicting", writes().map(|tally| tally.conflicting).sum()),
        ("recovered by reconciliation", writes().map(|tally| tally.recovered).sum()),
        ("diverged", outcome.keys_diverged),
        ("ambiguous", writes().map(|tally| tally.ambiguous).sum()),
        ("duplicated", writes().map(|tally| tally.duplicated).sum()),
        ("stale", tallies().map(|tally| tally.stale_reads).sum()),
        ("own writes missed", tallies().map(|tally| tally.own_writes_missed).sum()),
        ("verdict on a name", outcome.incidents.iter().map(|incident| after(incident.dns_verdict)).sum()),
        ("verdict on the primary", outcome.incidents.iter().map(|incident| after(incident.database_verdict)).sum()),
        ("failed over", outcome.incidents.iter().map(|incident| after(incident.failed_over)).sum()),
        ("recovered", outcome.incidents.iter().map(|incident| after(incident.recovered)).sum()),
        ("backlog cleared", outcome.incidents.iter().map(|incident| after(incident.backlog_cleared)).sum()),
    ]);
    counts
}

fn requests_add_up(plan: &Plan, outcome: &RunOutcome) -> Result<(), String> {
    for (geography, tallies) in plan.scenario().geographies.iter().zip(&outcome.visitors) {
        for (operation, tally) in Operation::ALL.into_iter().zip(tallies) {
            let all = tally.succeeded + tally.failed;
            let brief =
                || format!("{} {operation:?}: {} succeeded, {} failed", geography.name, tally.succeeded, tally.failed);
            claim(tally.failed == tally.failed_by_cause.iter().sum::<u64>(), || {
                format!("{}, by cause {:?}", brief(), tally.failed_by_cause)
            })?;
            claim(tally.failed == tally.failed_by_phase.iter().sum::<u64>(), || {
                format!("{}, by phase {:?}", brief(), tally.failed_by_phase)
            })?;
            let most = all * u64::from(geography.client.max_attempts);
            claim((all..=most).contains(&tally.attempts), || format!("{}, {} attempts", brief(), tally.attempts))?;
            claim(tally.latency.count() == tally.succeeded, || format!("{}, latencies", brief()))?;
            claim(tally.latency.max.as_secs_f64() <= PATIENCE_S as f64, || {
                format!("{}, a success after {:?}", brief(), tally.latency.max)
            })?;
            let stale = tally.stale_reads.max(tally.own_writes_missed);
            claim(stale <= tally.succeeded && tally.staleness.count() == tally.stale_reads, || {
                format!("{}, {stale} stale", brief())
            })?;
            claim(operation == Operation::Read || stale == 0, || format!("{}, a write is stale", brief()))?;
        }
    }
    Ok(())
}

fn windows_add_up(outcome: &RunOutcome) -> Result<(), String> {
    let sum = |place: usize| outcome.windows.counts.iter().map(|cell| u64::from(cell[place])).sum::<u64>();
    let tallies = outcome.visitors.iter().flatten();
    let (succeeded, failed) = tallies.fold((0, 0), |sums, tally| (sums.0 + tally.succeeded, sums.1 + tally.failed));
    claim((sum(0), sum(1)) == (succeeded, failed), || format!("windows hold {} and {}", sum(0), sum(1)))?;
    let phases: u64 = outcome.windows.phases.iter().flatten().map(|count| u64::from(*count)).sum();
    claim(phases == failed, || format!("windows hold {phases} phases of {failed} failures"))?;
    let bins = outcome.timeline.bins.iter();
    let ended: u64 = bins.map(|bin| u64::from(bin.succeeded) + u64::from(bin.failed)).sum();
    claim((succeeded + failed..=outcome.requests_simulated).contains(&ended), || format!("the timeline holds {ended}"))
}

fn regions_are_within_their_capacity(outcome: &RunOutcome) -> Result<(), String> {
    for region in &outcome.regions {
        let holds = region.app_busy_ns <= region.app_on_ns
            && region.database_busy_ns <= region.database_on_ns
            && region.instances_idle_ns <= region.instances_on_ns;
        claim(holds, || format!("{region:?}"))?;
    }
    for bin in &outcome.timeline.bins {
        claim(bin.utilisation.iter().all(|share| (0.0..=1.0).contains(share)), || format!("{bin:?}"))?;
    }
    Ok(())
}

#[test]
fn incidents_come_in_order_and_nothing_is_noticed_after_their_end() {
    in_every_run(Capacity::Any, |_, _, _, outcome| {
        claim(outcome.incidents.is_sorted_by_key(|incident| incident.started), || "out of order".to_owned())?;
        for incident in &outcome.incidents {
            let shown = || format!("{incident:?}");
            claim(incident.started <= incident.ended, shown)?;
            let length = incident.ended.since(incident.started);
            for noticed in [incident.dns_verdict, incident.database_verdict] {
                claim(!matches!(noticed, Timing::After(time) if time > length), shown)?;
            }
            claim(incident.affected != (incident.recovered == Timing::NotApplicable), shown)?;
        }
        Ok(())
    });
}

#[test]
fn no_acknowledged_write_is_lost_under_sync_without_ejection_while_a_copy_in_step_survives() {
    in_every_run(Capacity::Any, |_, plan, design, outcome| {
        let is_destroyed = |at: RegionId| {
            plan.scenario().incidents.iter().any(|incident| {
                matches!(incident.kind, IncidentKind::DatabaseOutage { region, storage: Storage::Destroyed, .. } if region == at)
            })
        };
        // A primary does not wait for a replica that has yet to come back; after a second incident it may be the only copy.
        if RegionId::BOTH.into_iter().any(is_destroyed) && plan.scenario().incidents.len() > 1 {
            return Ok(());
        }
        let mode = plan.scenario().designs[design].replication.mode;
        let waits = matches!(mode, ReplicationMode::Sync { eject_after: None });
        let lost: u64 = outcome.writes.iter().map(|tally| tally.lost).sum();
        claim(!waits || lost == 0, || format!("{lost} acknowledged writes are lost"))?;
        claim(lost > 0 || outcome.data_loss_window.as_nanos() == 0, || "a data loss window without loss".to_owned())
    });
}

#[test]
fn only_reads_at_the_replica_are_stale_but_for_split_brain() {
    in_every_run(Capacity::Any, |_, plan, design, outcome| {
        let design = &plan.scenario().designs[design];
        let reads_primary = design.database.reads == Reads::Primary && design.promotion.fencing;
        let stale: u64 = outcome.visitors.iter().map(|[reads, _]| reads.stale_reads + reads.own_writes_missed).sum();
        claim(!reads_primary || stale == 0, || format!("{stale} reads at the primary are stale"))
    });
}

#[test]
fn nothing_fails_and_nothing_is_lost_while_nothing_goes_wrong_and_capacity_is_ample() {
    in_every_run(Capacity::Ample, |_, plan, design, outcome| {
        if matches!(plan.scenario().designs[design].promotion.trigger, PromotionTrigger::Planned { .. }) {
            return Ok(());
        }
        for tally in outcome.visitors.iter().flatten() {
            claim(tally.failed == 0 && tally.attempts == tally.succeeded, || {
                format!("{} failed, {} attempts for {}", tally.failed, tally.attempts, tally.succeeded)
            })?;
        }
        for tally in &outcome.writes {
            let conflicting = if is_multi_primary(plan, design) { tally.conflicting } else { 0 };
            claim(tally.durable + conflicting == tally.acknowledged, || format!("{tally:?}"))?;
            claim(tally.ambiguous + tally.duplicated == 0, || format!("{tally:?}"))?;
        }
        let requests: u64 = outcome.visitors.iter().flatten().map(|tally| tally.succeeded).sum();
        let bins = outcome.timeline.bins.iter();
        let sent: u64 = bins.flat_map(|bin| bin.attempts_to).map(u64::from).sum();
        claim((requests..=outcome.requests_simulated).contains(&sent), || format!("{sent} attempts sent"))?;
        claim(outcome.switch_tail.lookups.iter().all(|[_, all]| *all == 0), || "an answer changed".to_owned())
    });
}

#[test]
fn a_run_is_a_function_of_scenario_design_and_number() {
    in_every_run(Capacity::Any, |generated, _, design, outcome| {
        let text = generated.text();
        let again = run(&plan(&text), design, outcome.run, &text);
        claim(*outcome == again, || "a second run differs".to_owned())
    });
}

#[test]
fn how_a_design_promotes_changes_nothing_while_the_primary_lives() {
    in_every_scenario(Capacity::Any, |generated| {
        let text = format!("{}{}", generated.quiet, generated.twin);
        let plan = plan(&text);
        let [first, twin] = [0, 2].map(|design| format!("{:?}", run(&plan, design, 0, &text)));
        claim(first == twin, || "the first design and its twin differ".to_owned())
    });
}

#[test]
fn an_incident_changes_nothing_before_it() {
    in_every_run(Capacity::Any, |generated, _, design, outcome| {
        let Some(first) = outcome.incidents.first() else { return Ok(()) };
        let quiet = run(&plan(&generated.quiet), design, outcome.run, &generated.quiet);
        // What started a patience before it had ended.
        let since = first.started.since(outcome.span.from).as_secs_f64() - PATIENCE_S as f64;
        let windows = (since / outcome.span.window.as_secs_f64()).max(0.0) as usize;
        let cells = windows.min(outcome.windows.len) * outcome.windows.geographies * 2;
        claim(outcome.windows.counts[..cells] == quiet.windows.counts[..cells], || {
            format!("the {windows} windows before {first:?} differ from a run without incidents")
        })
    });
}
