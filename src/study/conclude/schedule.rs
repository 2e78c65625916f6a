//! Which incidents happen once, at the same time in every run of every design.

use crate::results::ScheduledIncident;
use crate::study::outcome::StudyOutcome;
use crate::study::record::row::RunRow;

/// Finds the incidents that have one start, with the median of their ends over the runs of the first design.
pub(super) fn scheduled(outcome: &StudyOutcome) -> Vec<ScheduledIncident> {
    let names = &outcome.subject.incidents;
    let mut found: Vec<Option<IncidentTimes>> = names.iter().map(|_| Some(IncidentTimes::default())).collect();
    for row in outcome.designs.first().into_iter().flat_map(|design| design.rows.iter()) {
        for (incident, times) in found.iter_mut().enumerate() {
            let is_one = times.as_mut().is_some_and(|times| times.add(incident, &row));
            *times = times.take().filter(|_| is_one);
        }
        if found.iter().all(Option::is_none) {
            break;
        }
    }
    let scheduled = |(times, name): (Option<IncidentTimes>, &String)| {
        let IncidentTimes { start, mut ends } = times?;
        ends.sort_by(f64::total_cmp);
        Some(ScheduledIncident { name: name.clone(), from_s: start?, to_s: *ends.get(ends.len() / 2)? })
    };
    found.into_iter().zip(names).filter_map(scheduled).collect()
}

/// The one start of an incident, and its end in every run.
#[derive(Debug, Default)]
struct IncidentTimes {
    start: Option<f64>,
    ends: Vec<f64>,
}

impl IncidentTimes {
    /// Adds a run; false if the incident did not happen once in it, or began at another time.
    fn add(&mut self, incident: usize, row: &RunRow) -> bool {
        let mut occurrences = row.incidents.iter().filter(|entry| entry.incident == incident);
        let (Some(only), None) = (occurrences.next(), occurrences.next()) else { return false };
        self.ends.push(only.ended_s);
        *self.start.get_or_insert(only.started_s) == only.started_s
    }
}
