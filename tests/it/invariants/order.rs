//! Time: incidents in order, nothing noticed so late that it has another cause, no step before its cause.

use firedrill::model::{Timing, What};
use firedrill::units::SimTime;

use super::generator::{Capacity, Generated};
use super::{claim, in_every_case, in_every_run, run, run_traced};

#[test]
fn incidents_come_in_order_and_nothing_is_noticed_later_than_their_last_probes_tell() {
    in_every_run(Capacity::Any, Generated::text, |case, outcome| {
        let checks = &case.plan.scenario().designs[case.design].dns.health_checks;
        let detection = checks.interval.times(u64::from(checks.fall)) + checks.timeout;
        let horizon = SimTime::ZERO + case.plan.scenario().study.horizon;
        claim(outcome.incidents.is_sorted_by_key(|incident| incident.started), || "out of order".to_owned())?;
        for incident in &outcome.incidents {
            let shown = || format!("{incident:?}");
            claim(incident.started <= incident.ended, shown)?;
            claim(incident.ended <= incident.effects_ended, shown)?;
            let length = incident.effects_ended.since(incident.started);
            for (noticed, most) in [(incident.dns_verdict, length + detection), (incident.database_verdict, length)] {
                claim(!matches!(noticed, Timing::After(time) if time > most), shown)?;
            }
            let times = [incident.dns_verdict, incident.database_verdict, incident.recovered, incident.failed_over[0]];
            for time in times.into_iter().chain([incident.first_recovered, incident.failed_over[1]]) {
                claim(!matches!(time, Timing::CensoredAt(least) if least != length), shown)?;
                claim(incident.attended || time == Timing::NotApplicable, shown)?;
            }
            // What the run saw the end of lies beyond no horizon.
            for time in [incident.dns_verdict, incident.database_verdict].into_iter().chain(incident.failed_over) {
                claim(time != Timing::Censored || incident.effects_ended == horizon, shown)?;
            }
            claim(incident.affected != (incident.recovered == Timing::NotApplicable), shown)?;
            let seconds = |timing| if let Timing::After(time) = timing { time.as_secs_f64() } else { f64::INFINITY };
            claim(seconds(incident.first_recovered) <= seconds(incident.recovered), shown)?;
            let episode = &outcome.episodes[incident.episode as usize];
            claim(episode.started <= incident.started && incident.effects_ended <= episode.ended, shown)?;
        }
        Ok(())
    });
}

/// A run that is told step by step is the run, its time never goes back, and no step comes before what led to it.
/// Seen to fail when a promotion is dated before its decision.
#[test]
fn time_never_goes_back_and_every_step_follows_its_cause() {
    in_every_case(Capacity::Any, Generated::text, |case| {
        let (outcome, steps) = run_traced(case.plan, case.design, case.number)?;
        claim(outcome == run(case.plan, case.design, case.number)?, || {
            "told step by step, it is another run".to_owned()
        })?;
        let horizon = case.plan.scenario().study.horizon.as_secs_f64();
        claim(steps.is_sorted_by_key(|step| step.at), || "out of order".to_owned())?;
        for (place, step) in steps.iter().enumerate() {
            let shown = || format!("step {place}, {step:?}, comes of {:?}", step.cause.map(|cause| steps[cause]));
            claim(step.at.as_secs_f64() <= horizon, shown)?;
            let follows = step.cause.is_none_or(|cause| cause < place && steps[cause].at <= step.at);
            claim(follows, shown)?;
            let is_root =
                matches!(step.what, What::RunStarts | What::IncidentBegins { .. } | What::SwitchBegins { .. });
            claim(is_root || step.cause.is_some(), shown)?;
        }
        Ok(())
    });
}
