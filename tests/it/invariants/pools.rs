//! Little's law: the number in a place is the rate at which they come times the time that they stay.
//!
//! Over a run that begins and ends empty it is exact, whatever the distributions: the integral of the number in the place over
//! time is the sum of the times that they stayed. Here the stay is what visitors measure, where nothing but the pools takes
//! time, and the number is what the pools' own meters say: servers busy, integrated over time, and the time spent queueing.

use proptest::test_runner::TestCaseError;

use super::generator::pools;
use super::{claim, plan, run, runner, tapes};

/// Seen to fail when a meter leaves out the time up to the moment at which another server is taken, and when the wait of those
/// who have queued is left out.
#[test]
fn littles_law_holds_to_the_nanosecond_at_the_pools_of_app_and_database() {
    let check = |text: &str| {
        let plan = plan(text);
        let outcome = run(&plan, 0, 0)?;
        let reads = &outcome.visitors[0][0];
        let region = &outcome.regions[0];
        let all = outcome.requests_simulated;
        claim(all > 100 && (reads.succeeded, reads.failed) == (all, 0), || format!("{reads:?} of {all}"))?;
        claim(region.app_waits.0 == all && region.database_waits.0 == all, || format!("{all} requests, {region:?}"))?;
        let queueing = region.app_waits.1 + region.database_waits.1;
        let stays = reads.latency.sum_ns;
        let number = if plan.scenario().regions[0].app.hold_worker {
            // A worker is busy for as long as its call waits, too.
            claim(region.load.app_busy_ns >= region.database_waits.1 + region.load.database_busy_ns, || {
                format!("{region:?}")
            })?;
            region.app_waits.1 + region.load.app_busy_ns
        } else {
            queueing + region.load.app_busy_ns + region.load.database_busy_ns
        };
        claim(stays == number, || format!("visitors stayed {stays} ns, pools say {number} ns"))
    };
    let result = runner().run(&tapes(), |tape| {
        let text = pools::pools(&tape);
        check(&text).map_err(|wrong| TestCaseError::fail(format!("{wrong}\n\n{text}")))
    });
    result.unwrap();
}

/// With constant services the utilisation law says the same of each pool alone: busy time is requests times service.
#[test]
fn busy_time_is_requests_times_service() {
    for hold_worker in ["true", "false"] {
        let text = pools::constant(hold_worker);
        let outcome = run(&plan(&text), 0, 0).unwrap();
        let region = &outcome.regions[0];
        let all = u128::from(outcome.requests_simulated);
        assert_eq!(region.load.database_busy_ns, all * 3_000_000);
        let held = if hold_worker == "true" { region.database_waits.1 + region.load.database_busy_ns } else { 0 };
        assert_eq!(region.load.app_busy_ns, all * 20_000_000 + held);
        assert!(region.app_waits.1 > 0 && region.database_waits.1 > 0, "nobody waits: {region:?}");
    }
}
