//! One run, from its first event to its outcome.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use thiserror::Error;

use super::diary::Step;
use super::event::Scheduler;
use super::outcome::RunOutcome;
use super::plan::Plan;
use super::world::World;
use crate::engine::{self, EngineError};
use crate::panic_text::panic_text;
use crate::units::SimTime;

/// Reason why a run has no outcome. Each is a fault of the simulator, not of the scenario.
#[derive(Clone, Debug, Error, PartialEq)]
pub enum RunFailure {
    /// The run did not come to its end.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Something that must hold did not.
    #[error("a broken invariant at {:.9} s of simulated time: {what}", at.as_secs_f64())]
    Broken {
        /// Invariant that did not hold.
        what: String,
        /// Simulated time.
        at: SimTime,
    },
}

/// Runs design number `design` (file order) under run number `run`.
///
/// # Errors
/// If the run needs more events than it should, or breaks an invariant.
pub fn simulate(plan: &Plan, design: usize, run: u64) -> Result<RunOutcome, RunFailure> {
    let (mut world, mut scheduler) = World::new(plan, design, run);
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let events = engine::run_unless(&mut world, &mut scheduler, plan.horizon, plan.event_budget(design), || {
            plan.is_stopped()
        })?;
        closed(world, run, events, &mut scheduler)
    }));
    outcome.unwrap_or_else(|panic| Err(broken(panic.as_ref(), scheduler.now())))
}

/// As [`simulate`], twice side by side, to make sure that a run is a function of its inputs.
///
/// # Errors
/// As [`simulate`]; [`EngineError::Diverged`] with the first event that differs; [`RunFailure::Broken`] at the horizon if all
/// events were the same and left different results.
pub fn simulate_twice(plan: &Plan, design: usize, run: u64) -> Result<RunOutcome, RunFailure> {
    let (mut world, mut scheduler) = World::new(plan, design, run);
    let (mut twin, mut scheduler_of_twin) = World::new(plan, design, run);
    let outcomes = catch_unwind(AssertUnwindSafe(|| {
        let schedulers = [&mut scheduler, &mut scheduler_of_twin];
        let events =
            engine::run_twice([&mut world, &mut twin], schedulers, plan.horizon, plan.event_budget(design), || {
                plan.is_stopped()
            })?;
        Ok((closed(world, run, events, &mut scheduler)?, closed(twin, run, events, &mut scheduler_of_twin)?))
    }));
    match outcomes.unwrap_or_else(|panic| Err(broken(panic.as_ref(), scheduler.now())))? {
        (one, other) if one == other => Ok(one),
        _ => {
            let what = "two executions of the same run had the same events and different results".to_owned();
            Err(RunFailure::Broken { what, at: plan.horizon })
        }
    }
}

/// As [`simulate`], and what happened on the way, in order and with its causes.
///
/// # Errors
/// As [`simulate`].
pub fn simulate_traced(plan: &Plan, design: usize, run: u64) -> Result<(RunOutcome, Vec<Step>), RunFailure> {
    let (mut world, mut scheduler) = World::new(plan, design, run);
    world.keep_diary();
    let outcome = catch_unwind(AssertUnwindSafe(|| {
        let events = engine::run_unless(&mut world, &mut scheduler, plan.horizon, plan.event_budget(design), || {
            plan.is_stopped()
        })?;
        let (diary, mut leavings) = world.take_diary();
        // Who sets out only after the horizon has not been seen to be the last.
        leavings.retain(|leaving| leaving.last <= plan.horizon);
        let outcome = closed(world, run, events, &mut scheduler)?;
        let steps = diary.close(&outcome, &leavings);
        Ok((outcome, steps))
    }));
    outcome.unwrap_or_else(|panic| Err(broken(panic.as_ref(), scheduler.now())))
}

/// Turns a panic at the simulated time `at` into a failure.
fn broken(panic: &(dyn Any + Send), at: SimTime) -> RunFailure {
    RunFailure::Broken { what: panic_text(panic), at }
}

/// The outcome of a world at the horizon.
fn closed(world: World, run: u64, events: u64, scheduler: &mut Scheduler) -> Result<RunOutcome, RunFailure> {
    world.close(run, events, scheduler).map_err(|what| RunFailure::Broken { what, at: scheduler.now() })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;
    use crate::cases::some_of;
    use crate::scenario::{LoadOptions, Scenario};
    use crate::units::SimDuration;

    fn small() -> Plan {
        with(&[])
    }

    fn with(settings: &[&str]) -> Plan {
        plan(include_str!("../../tests/it/small.toml"), settings)
    }

    fn plan(text: &str, settings: &[&str]) -> Plan {
        let overrides = settings.iter().map(|setting| setting.parse().unwrap()).collect();
        let options = LoadOptions { overrides, ..LoadOptions::default() };
        Plan::new(&Scenario::parse(text, "small.toml", &options).unwrap().scenario)
    }

    /// Long sessions whose writes are lost, since the stream is slow when the primary dies, and whose reads go on afterwards.
    const OWN_WRITES_LOST: [&str; 9] = [
        "study.horizon=6m",
        "keys={ count = 12, skew = 0.0 }",
        "geographies.asia.sessions.rate=0.5",
        "geographies.asia.requests_per_session=300",
        "geographies.asia.think_time=500ms",
        "geographies.europe.requests_per_session=300",
        "geographies.europe.think_time=500ms",
        "geographies.europe.write_share=0.05",
        r#"designs.active-active.replication={ mode = "async", ship = "10s" }"#,
    ];

    /// Brings the old primary back while sessions go on; it discards its branch, or has it reconciled.
    fn old_primary_returns(reconciles: bool) -> [&'static str; 2] {
        let promotion = if reconciles {
            r#"designs.active-active.promotion={ when = "automatic", detect = "15s", duration = "10s", fencing = false, on_return = "reconcile" }"#
        } else {
            r#"designs.active-active.promotion={ when = "automatic", detect = "15s", duration = "10s", fencing = false }"#
        };
        ["incidents.0.lasts=40s", promotion]
    }

    // How many they must be is in `tests/it/staleness.rs`; here it matters that there is something to compare.
    #[test]
    fn sessions_of_the_comparison_miss_writes_that_are_lost() {
        for settings in [&OWN_WRITES_LOST[..], &[&OWN_WRITES_LOST[..], &old_primary_returns(false)].concat()] {
            let outcome = simulate(&with(settings), 0, 0).unwrap();
            let lost: u64 = outcome.writes.iter().map(|tally| tally.lost).sum();
            let missed: u64 = outcome.visitors.iter().map(|tallies| tallies[0].own_writes_missed).sum();
            assert!(lost > 10 && missed > 10, "{lost} writes lost, {missed} own writes missed");
        }
    }

    /// Asserts that all that is settled at once, because nothing can come in between, is settled as it would be event
    /// by event.
    fn settles_as_event_by_event(settings: &[&str]) {
        is_as_event_by_event(&with(settings), settings);
    }

    fn is_as_event_by_event(plan: &Plan, settings: &[&str]) {
        for design in 0..2 {
            let usual = simulate(plan, design, 0).unwrap();
            let (mut world, mut scheduler) = World::new(plan, design, 0);
            scheduler.never_at_rest();
            let events = engine::run(&mut world, &mut scheduler, plan.horizon, u64::MAX).unwrap();
            let restless = closed(world, 0, events, &mut scheduler).unwrap();
            assert!(events > usual.events, "{settings:?}: {events} events against {}", usual.events);
            assert_eq!(usual.regions, restless.regions, "design {design} with {settings:?}");
            assert_eq!(usual.calm.disruptions, restless.calm.disruptions, "design {design} with {settings:?}");
            assert!(
                usual == RunOutcome { events: usual.events, ..restless },
                "design {design} with {settings:?} differs"
            );
        }
    }

    // Seen to fail when a read was settled under a driver, when one was while somebody waited for a worker, and when its
    // staleness was taken at the moment of settling; and when reservations were not cancelled for those who came before them, or
    // were, but in another order; and when reads did not leave the fast path for want of workers or of connections, when
    // the next request
    // did not wait for the one on the fast path, and when reads on the fast path were left out of windows and utilisation.
    #[test]
    fn whatever_is_settled_at_once_is_settled_as_event_by_event() {
        let mut worlds: Vec<Vec<&str>> = Vec::new();
        let mut world = |settings: &[&'static str]| worlds.push(settings.to_vec());
        world(&[]);
        let busy = ["geographies.asia.sessions.rate=30", "study.horizon=6m"];
        world(&busy);
        let few =
            [&busy[..], &["regions.singapore.app.workers=6", "regions.frankfurt.database.connections=1"]].concat();
        world(&few);
        let loops = ["regions.singapore.app.hold_worker=false", "regions.frankfurt.app.hold_worker=false"];
        world(&[&few[..], &loops].concat());
        let alike = [&busy[..], &["keys.count=3", "geographies.europe.write_share=0.6", "links.0.rtt=100ms"]].concat();
        world(&alike);
        world(&[&alike[..], &["dns.health_checks.probe=deep"]].concat());
        let slow =
            [&busy[..], &["regions.frankfurt.database.read=100ms", "regions.singapore.database.read=90ms"]].concat();
        world(&slow);
        let driver = [
            &slow[..],
            &[
                "geographies.europe.sessions.rate=20",
                "regions.frankfurt.app.workers=64",
                "regions.frankfurt.database.connections=64",
                r#"incidents.0.kind="database-outage""#,
                r#"incidents.0.target="frankfurt""#,
                "incidents.0.lasts=20s",
                r#"designs.active-active.database.endpoint={ via = "driver" }"#,
            ],
        ];
        world(&driver.concat());
        // Reads on the fast path that leave it for want of workers or of connections; the next request follows at once.
        let hasty = [
            "geographies.asia.sessions.rate=60",
            r#"geographies.asia.think_time={ dist = "exponential", mean = "5ms" }"#,
            "regions.singapore.database.connections=3",
            "study.horizon=5m",
            "study.window=1s",
        ];
        world(&hasty);
        world(&[&hasty[..], &loops].concat());
        let few_workers = ["regions.singapore.app.workers=4", "regions.singapore.database.connections=16"];
        world(&[&hasty[..], &few_workers].concat());
        world(&[&hasty[..], &few_workers, &loops].concat());
        let impatient = ["geographies.asia.client.request_timeout=70ms", "geographies.europe.client.patience=150ms"];
        world(&[&hasty[..], &impatient].concat());
        // Windows in which hardly anybody comes.
        world(&["geographies.asia.sessions.rate=0.05", "study.window=100ms", "study.horizon=20m"]);
        // Other incidents, and names that run out between the request and the call.
        let link = [
            r#"incidents.0.kind="link-partition""#,
            r#"incidents.0.target=["singapore", "frankfurt"]"#,
            "geographies.europe.write_share=0.5",
        ];
        let gray = [r#"incidents.0.kind="gray""#, "incidents.0.factor=3", "incidents.0.errors=0.2"];
        let surge = [r#"incidents.0.kind="traffic-surge""#, "incidents.0.target=asia", "incidents.0.factor=2"];
        let instances = [r#"incidents.0.kind="app-outage""#, "incidents.0.share=0.5"];
        let brief_names = [r#"designs.active-active.database.endpoint={ ttl = "200ms" }"#];
        for others in [&link[..], &gray, &surge, &instances, &brief_names] {
            world(&[&busy[..], others].concat());
        }
        world(&OWN_WRITES_LOST);
        world(&[&OWN_WRITES_LOST[..], &old_primary_returns(false)].concat());
        world(&[&OWN_WRITES_LOST[..], &old_primary_returns(true)].concat());
        let semi_sync = r#"designs.active-active.replication={ mode = "semi-sync", ack_timeout = "200ms" }"#;
        world(&[&few[..], &[semi_sync]].concat());
        for settings in some_of(worlds, 6) {
            settles_as_event_by_event(&settings);
        }
    }

    /// Calm time that comes again, whose first windows are undecided for a patience, and is broken again.
    #[test]
    fn calm_time_is_the_same_as_event_by_event() {
        let brief = [
            "study.horizon=1h",
            "incidents.0.lasts=20s",
            "geographies.asia.sessions.rate=10",
            r#"designs.active-active.promotion.return_role="3m""#,
        ];
        settles_as_event_by_event(&brief);
        let text = include_str!("../../tests/it/small.toml").replace("at     = \"3m\"", "every  = \"18m\"");
        let again = plan(&text, &brief);
        is_as_event_by_event(&again, &brief);
        assert!(simulate(&again, 0, 0).unwrap().calm.again.length > SimDuration::ZERO, "calm has come again");
    }

    #[test]
    fn a_world_with_one_draw_of_another_run_is_caught_at_the_first_event_that_shows_it() {
        let plan = small();
        let (mut world, mut scheduler) = World::new(&plan, 0, 3);
        let (mut twin, mut scheduler_of_twin) = World::new(&plan, 0, 3);
        // DNS of the twin is that of run 4; all else is alike.
        twin.takes_dns_of(World::new(&plan, 0, 4).0);
        let error = engine::run_twice(
            [&mut world, &mut twin],
            [&mut scheduler, &mut scheduler_of_twin],
            plan.horizon,
            plan.event_budget(0),
            || false,
        )
        .unwrap_err();
        let EngineError::Diverged(divergence) = error else { panic!("{error}") };
        let [Some((one, _)), Some((other, _))] = divergence.next else { panic!("{divergence}") };
        assert!(divergence.agreed > 0 && one.min(other) < plan.horizon, "{divergence:?}");
    }

    #[test]
    fn a_run_of_a_plan_that_is_stopped_ends_early() {
        let stop = Arc::new(AtomicBool::new(false));
        let plan = small().stopped_by(Arc::clone(&stop));
        assert_eq!(simulate(&plan, 1, 3), simulate(&small(), 1, 3));
        stop.store(true, Ordering::Relaxed);
        for run in [simulate(&plan, 1, 3), simulate_twice(&plan, 1, 3)] {
            let Err(RunFailure::Engine(EngineError::Stopped { at })) = run else { panic!("it went on") };
            assert!(at < plan.horizon);
        }
    }

    #[test]
    fn a_run_that_is_made_twice_is_the_run() {
        let plan = small();
        assert_eq!(simulate_twice(&plan, 1, 3), simulate(&plan, 1, 3));
    }
}
