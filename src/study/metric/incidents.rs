//! Metrics of incidents: times to verdicts, fail-over and recovery.
//!
//! A run may see many incidents; `incidents.csv` has them all. The metric of a run is that of the first occurrence to
//! which the time applies (for recovery: the first that affected visitors), and `recovery_time_worst_s` the longest.

use super::Direction::Less;
use super::{Metric, Unit};
use crate::model::{IncidentOutcome, Timing};
use crate::results::Place::{Headline, Score, Screen, Sweep, SweepChart, Terminal, TerminalQuantiles};
use crate::study::Observation;
use crate::study::view::Seen;

pub(super) fn metrics() -> Vec<Metric> {
    let time = |name: &str, title: &str| Metric::new(name, title, Unit::Seconds, Less).censorable();
    vec![
        time("dns_verdict_s", "time to the DNS verdict")
            .shown(60, &[Terminal])
            .of(|seen, _| first(seen, |incident| incident.dns_verdict)),
        time("database_verdict_s", "time to the database verdict")
            .of(|seen, _| first(seen, |incident| incident.database_verdict)),
        time("time_to_fail_over_s", "time to fail over")
            .shown(70, &[Terminal])
            .of(|seen, _| first(seen, |incident| incident.failed_over)),
        time("recovery_time_s", "recovery time")
            .shown(80, &[Headline, Terminal, Screen, TerminalQuantiles, Score, Sweep, SweepChart])
            .of(|seen, _| first(seen, |incident| incident.recovered)),
        time("recovery_time_worst_s", "longest recovery time").of(|seen, _| worst(seen, |incident| incident.recovered)),
        time("backlog_cleared_s", "time to clear the backlog")
            .of(|seen, _| first(seen, |incident| incident.backlog_cleared)),
        Metric::new("incidents", "incidents", Unit::Count, super::Direction::Neither)
            .of(|seen, _| Observation::count(seen.run.incidents.len() as u64)),
        Metric::new("incidents_affecting", "incidents that affected visitors", Unit::Count, Less).of(|seen, _| {
            Observation::count(seen.run.incidents.iter().filter(|incident| incident.affected).count() as u64)
        }),
    ]
}

/// A timing as an observation.
pub(crate) fn observation(timing: Timing) -> Observation {
    match timing {
        Timing::NotApplicable => Observation::NotApplicable,
        Timing::After(duration) => Observation::finite(duration.as_secs_f64()),
        Timing::Censored => Observation::Censored,
    }
}

fn applicable<'a>(
    seen: &'a Seen<'_>,
    of: fn(&IncidentOutcome) -> Timing,
) -> impl Iterator<Item = Observation> + use<'a> {
    let observations = seen.run.incidents.iter().map(move |incident| observation(of(incident)));
    observations.filter(|&observation| observation != Observation::NotApplicable)
}

fn first(seen: &Seen<'_>, of: fn(&IncidentOutcome) -> Timing) -> Observation {
    applicable(seen, of).next().unwrap_or(Observation::NotApplicable)
}

fn worst(seen: &Seen<'_>, of: fn(&IncidentOutcome) -> Timing) -> Observation {
    let key = |observation: &Observation| observation.value_or_infinity().unwrap_or(0.0);
    applicable(seen, of).max_by(|a, b| key(a).total_cmp(&key(b))).unwrap_or(Observation::NotApplicable)
}

#[cfg(test)]
mod tests {
    use super::super::observe;
    use crate::model::Timing;
    use crate::study::{Observation, synthetic};
    use crate::units::SimDuration;

    #[test]
    fn recovery_is_that_of_the_first_incident_that_affected_anyone_and_the_worst_is_the_longest() {
        let mut run = synthetic::run(1);
        let after = |secs| Timing::After(SimDuration::from_secs(secs));
        let mut harmless = synthetic::incident(5, Timing::NotApplicable);
        harmless.affected = false;
        run.incidents = vec![harmless, synthetic::incident(20, after(7)), synthetic::incident(40, after(9))];
        assert_eq!(observe("recovery_time_s", &run), Observation::Value(7.0));
        assert_eq!(observe("recovery_time_worst_s", &run), Observation::Value(9.0));
        assert_eq!(observe("incidents_affecting", &run), Observation::Value(2.0));
        run.incidents.push(synthetic::incident(60, Timing::Censored));
        assert_eq!(observe("recovery_time_worst_s", &run), Observation::Censored);
        assert_eq!(observe("recovery_time_s", &run), Observation::Value(7.0));
    }

    #[test]
    fn a_run_without_incidents_has_no_times() {
        assert_eq!(observe("recovery_time_s", &synthetic::run(1)), Observation::NotApplicable);
        assert_eq!(observe("dns_verdict_s", &synthetic::run(1)), Observation::NotApplicable);
    }
}
