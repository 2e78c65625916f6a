//! Metrics of incidents: times to verdicts, fail-over and recovery.
//!
//! A run may see many incidents; `incidents.csv` has them all. The metric of a run is that of the first occurrence to
//! which the time applies (for recovery: the first that affected visitors), and `recovery_time_worst_s` the longest. Nothing
//! but the backlog applies to an occurrence that nobody attended.

use super::definition::Metric;
use crate::model::{IncidentOutcome, Operation, Timing};
use crate::results::Direction::{self, Less};
use crate::results::MetricPlace::{Headline, Score, Screen, Sweep, SweepChart, Terminal, TerminalQuantiles};
use crate::results::Unit;
use crate::study::seen::observation::Observation;
use crate::study::seen::seen_run::Seen;

pub(super) fn metrics() -> Vec<Metric> {
    let time = |name: &str, title: &str| Metric::new(name, title, Unit::Seconds, Less).censorable().needs_incident();
    vec![
        time("dns_verdict_s", "time to the DNS verdict")
            .shown(60, &[Terminal])
            .of(|seen, _| first(seen, |incident| incident.dns_verdict)),
        time("database_verdict_s", "time to the database verdict")
            .of(|seen, _| first(seen, |incident| incident.database_verdict)),
        time("time_to_fail_over_s", "time to fail over")
            .shown(70, &[Terminal])
            .of(|seen, _| first(seen, IncidentOutcome::first_failed_over)),
        time("time_to_fail_over_reads_s", "time to fail over, reads")
            .of(|seen, _| first(seen, |incident| incident.failed_over[Operation::Read as usize])),
        time("time_to_fail_over_writes_s", "time to fail over, writes")
            .of(|seen, _| first(seen, |incident| incident.failed_over[Operation::Write as usize])),
        Metric::new("failover_ended_first", "incidents over before a fail-over", Unit::Share, Direction::Neither)
            .needs_incident()
            .of(|seen, _| ended_first(seen)),
        time("recovery_time_s", "recovery time")
            .shown(80, &[Headline, Terminal, Screen, TerminalQuantiles, Score, Sweep, SweepChart])
            .of(|seen, _| first(seen, |incident| incident.recovered)),
        time("recovery_time_worst_s", "longest recovery time").of(|seen, _| worst(seen, |incident| incident.recovered)),
        time("first_recovery_time_s", "time to the first recovery")
            .of(|seen, _| first(seen, |incident| incident.first_recovered)),
        Metric::new("relapses", "relapses before recovery", Unit::Count, Less).of(|seen, _| {
            let recovering = seen.run.incidents.iter().find(|incident| incident.recovered != Timing::NotApplicable);
            Observation::count(recovering.map_or(0, |incident| u64::from(incident.relapses)))
        }),
        Metric::new("recovery_unconfirmed", "recoveries soon before the end", Unit::Count, Direction::Neither).of(
            |seen, _| count(seen, |incident| matches!(incident.recovered, Timing::After(_)) && !incident.confirmed),
        ),
        time("backlog_cleared_s", "time to clear the backlog")
            .of(|seen, _| first(seen, |incident| incident.backlog_cleared)),
        Metric::new("incidents", "incidents", Unit::Count, Direction::Neither).of(|seen, _| count(seen, |_| true)),
        Metric::new("incidents_affecting", "incidents that affected visitors", Unit::Count, Less)
            .of(|seen, _| count(seen, |incident| incident.affected)),
        Metric::new("incidents_unattended", "incidents that no request met", Unit::Count, Direction::Neither)
            .of(|seen, _| count(seen, |incident| !incident.attended)),
    ]
}

/// A timing as an observation.
pub(crate) fn observation(timing: Timing) -> Observation {
    match timing {
        Timing::NotApplicable => Observation::NotApplicable,
        Timing::After(duration) => Observation::finite(duration.as_secs_f64()),
        Timing::Censored => Observation::Censored,
        Timing::CensoredAt(duration) => Observation::CensoredAt(duration.as_secs_f64()),
    }
}

fn count(seen: &Seen<'_>, fits: fn(&IncidentOutcome) -> bool) -> Observation {
    Observation::count(seen.run.incidents.iter().filter(|incident| fits(incident)).count() as u64)
}

/// Returns the share of incidents that were over before anybody had failed over, of those to which that applies.
fn ended_first(seen: &Seen<'_>) -> Observation {
    let times = || seen.run.incidents.iter().map(IncidentOutcome::first_failed_over);
    let ended = times().filter(|time| matches!(time, Timing::CensoredAt(_))).count();
    let applies = times().filter(|time| *time != Timing::NotApplicable).count();
    Observation::ratio(ended as f64, applies as f64)
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
    use crate::model::Timing;
    use crate::study::metric::table::observe;
    use crate::study::seen::observation::Observation;
    use crate::study::synthetic;
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
    fn an_incident_that_was_over_first_is_censored_at_its_length() {
        let mut run = synthetic::run(1);
        let secs = SimDuration::from_secs;
        let mut incident = synthetic::incident(20, Timing::After(secs(7)));
        incident.failed_over = [Timing::CensoredAt(secs(10)); 2];
        run.incidents = vec![incident];
        assert_eq!(observe("time_to_fail_over_s", &run), Observation::CensoredAt(10.0));
        assert_eq!(observe("failover_ended_first", &run), Observation::Value(1.0));
        // Reads after 4 s, writes not before its end.
        run.incidents[0].failed_over[0] = Timing::After(secs(4));
        assert_eq!(observe("time_to_fail_over_s", &run), Observation::Value(4.0));
        assert_eq!(observe("time_to_fail_over_reads_s", &run), Observation::Value(4.0));
        assert_eq!(observe("time_to_fail_over_writes_s", &run), Observation::CensoredAt(10.0));
        assert_eq!(observe("failover_ended_first", &run), Observation::Value(0.0));
    }

    #[test]
    fn relapses_and_unconfirmed_recoveries_are_counted() {
        let mut run = synthetic::run(1);
        let mut incident = synthetic::incident(20, Timing::After(SimDuration::from_secs(7)));
        (incident.relapses, incident.confirmed) = (2, false);
        run.incidents = vec![incident];
        assert_eq!(observe("relapses", &run), Observation::Value(2.0));
        assert_eq!(observe("recovery_unconfirmed", &run), Observation::Value(1.0));
    }

    #[test]
    fn a_run_without_incidents_has_no_times() {
        assert_eq!(observe("recovery_time_s", &synthetic::run(1)), Observation::NotApplicable);
        assert_eq!(observe("dns_verdict_s", &synthetic::run(1)), Observation::NotApplicable);
    }
}
