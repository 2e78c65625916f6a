//! Which incidents happen once, at the same time in every run of every design.

use crate::results::ScheduledIncident;
use crate::study::StudyOutcome;

/// Finds the incidents that have one start, with the median of their ends over the runs of the first design.
pub(super) fn scheduled(outcome: &StudyOutcome) -> Vec<ScheduledIncident> {
    let names = outcome.subject.incidents.iter().enumerate();
    names.filter_map(|(incident, name)| of_incident(outcome, incident, name)).collect()
}

fn of_incident(outcome: &StudyOutcome, incident: usize, name: &str) -> Option<ScheduledIncident> {
    let rows = &outcome.designs.first()?.rows;
    let (mut start, mut ends) = (None, Vec::with_capacity(rows.len()));
    for row in rows {
        let mut occurrences = row.incidents.iter().filter(|entry| entry.incident == incident);
        let (Some(only), None) = (occurrences.next(), occurrences.next()) else { return None };
        if *start.get_or_insert(only.started_s) != only.started_s {
            return None;
        }
        ends.push(only.ended_s);
    }
    ends.sort_by(f64::total_cmp);
    Some(ScheduledIncident { name: name.to_owned(), from_s: start?, to_s: ends[ends.len() / 2] })
}
