//! Books that must balance: requests, writes, windows, phases and causes, busy time; and shares that are shares.

use firedrill::model::{Cause, Operation, Phase, Plan, RunOutcome, Timing};
use firedrill::study::{MetricTable, Observation, Unit};
use rayon::prelude::*;

use super::generator::{Capacity, Generated, PATIENCE_S};
use super::{SCENARIOS, claim, in_every_run, plan, run, some_tapes};

#[test]
fn requests_and_writes_are_conserved_and_every_share_is_one() {
    in_every_run(Capacity::Any, Generated::text, |case, outcome| {
        claim(outcome.requests_simulated > 200, || format!("only {} requests", outcome.requests_simulated))?;
        requests_add_up(case.plan, outcome)?;
        windows_add_up(outcome)?;
        regions_are_within_their_capacity(outcome)?;
        calm_time_is_part_of_the_whole(outcome)?;
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

/// Seen to fail when the time of a third of the workers only is counted.
#[test]
fn every_column_is_a_number_and_every_share_lies_between_0_and_1() {
    in_every_run(Capacity::Any, Generated::text, |case, outcome| {
        let metrics = MetricTable::of(case.plan.scenario());
        let observations = metrics.observe_run(outcome, case.plan.scenario().study.slo);
        assert_eq!(observations.len(), metrics.all().len());
        for (metric, observed) in metrics.all().iter().zip(observations) {
            let most = if metric.unit == Unit::Share { 1.0 } else { f64::MAX };
            let holds = match observed {
                Observation::Value(value) => (0.0..=most).contains(&value),
                Observation::Censored => metric.censorable,
                Observation::CensoredAt(least) => metric.censorable && least >= 0.0,
                Observation::NotApplicable => true,
            };
            claim(holds, || format!("{} is {observed:?}", metric.name))?;
        }
        Ok(())
    });
}

#[test]
fn the_generated_scenarios_reach_nearly_all_that_can_happen() {
    let tapes = some_tapes(3 * SCENARIOS);
    let added = |sums: Vec<(&'static str, u64)>, counts: Vec<(&'static str, u64)>| {
        if sums.is_empty() {
            return counts;
        }
        sums.into_iter().zip(counts).map(|((what, sum), (_, count))| (what, sum + count)).collect()
    };
    let mut sums = Vec::new();
    for batch in tapes.chunks(SCENARIOS as usize / 4) {
        let runs = batch.par_iter().flat_map_iter(|tape| {
            let text = Generated::new(tape, Capacity::Any).text();
            let plan = plan(&text);
            [0, 1].map(|design| happened(&run(&plan, design, 0).unwrap_or_else(|failure| panic!("{failure}\n{text}"))))
        });
        sums = added(sums, runs.reduce(Vec::new, added));
        // What has happened once needs no more scenarios.
        if sums.iter().all(|(_, sum)| *sum > 0) {
            break;
        }
    }
    for (what, sum) in sums {
        assert!(sum > 0, "{what}: in none of the generated scenarios");
    }
}

/// Counts the events of a run, by name.
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
        ("failed over", outcome.incidents.iter().map(|incident| after(incident.first_failed_over())).sum()),
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

/// Calm time is part of measured time, in whole windows, and so is all that it counts.
fn calm_time_is_part_of_the_whole(outcome: &RunOutcome) -> Result<(), String> {
    let (before, again) = (&outcome.calm.before, &outcome.calm.again);
    let measured = outcome.span.to.since(outcome.span.from);
    claim(before.length + again.length <= measured, || format!("{:?} and {:?}", before.length, again.length))?;
    for (place, region) in outcome.regions.iter().enumerate() {
        let mut calm = before.loads[place];
        calm.add(&again.loads[place]);
        let holds = calm.app_busy_ns <= region.load.app_busy_ns
            && calm.app_on_ns <= region.load.app_on_ns
            && calm.database_busy_ns <= region.load.database_busy_ns
            && calm.instances_idle_ns <= region.load.instances_idle_ns
            && calm.cross_region_bytes <= region.load.cross_region_bytes;
        claim(holds, || format!("{calm:?} in calm time, {region:?}"))?;
    }
    for time in [before, again] {
        for (tally, all) in time.visitors.iter().flatten().zip(outcome.visitors.iter().flatten()) {
            let holds = tally.latency.count() == tally.succeeded
                && tally.succeeded <= all.succeeded
                && tally.failed <= all.failed
                && tally.stale_reads <= all.stale_reads
                && (tally.succeeded + tally.failed..=all.attempts).contains(&tally.attempts);
            claim(holds, || format!("{} of {} succeeded in calm time", tally.succeeded, all.succeeded))?;
        }
    }
    let is_all = outcome.incidents.is_empty() && before.length == measured;
    claim(!is_all || before.loads == outcome.regions.map(|region| region.load), || "all is calm".to_owned())?;
    for disruption in &outcome.calm.disruptions {
        let is_calm_before = disruption.from >= outcome.span.from && disruption.until <= outcome.span.to;
        claim(is_calm_before && disruption.from < disruption.until, || format!("{disruption:?}"))?;
    }
    Ok(())
}

fn regions_are_within_their_capacity(outcome: &RunOutcome) -> Result<(), String> {
    for region in &outcome.regions {
        let holds = region.load.app_busy_ns <= region.load.app_on_ns
            && region.load.database_busy_ns <= region.load.database_on_ns
            && region.load.instances_idle_ns <= region.load.instances_up_ns
            && region.load.instances_up_ns <= region.load.instances_on_ns;
        claim(holds, || format!("{region:?}"))?;
    }
    for bin in &outcome.timeline.bins {
        claim(bin.utilisation.iter().all(|share| (0.0..=1.0).contains(share)), || format!("{bin:?}"))?;
    }
    Ok(())
}
