//! Words that stand beside a downtime: how few requests its windows hold, and where it hangs on the service level.

use super::amount::{at_least, duration, significant};
use crate::results::check::Finding;
use crate::results::study::{SparseWindow, Study};

/// Tells whether a metric is counted in windows, so that it depends on traffic where these hold few requests.
pub fn is_of_windows(metric: &str) -> bool {
    metric.contains("downtime") || metric == "availability_time"
}

/// Tells whether a metric is of the time under the service level.
pub fn is_under_slo(metric: &str) -> bool {
    ["downtime_s", "longest_downtime_s", "availability_time"].contains(&metric)
}

/// Returns the length of the windows, and how few requests they hold if downtime depends on that: `windows of 5 s (180
/// requests each; under 200, downtime depends on traffic)`.
pub fn windows(study: &Study) -> String {
    windows_of(study.window_s, study.sparse_window)
}

/// Returns the same of windows of so many seconds.
pub fn windows_of(window_s: f64, sparse: Option<SparseWindow>) -> String {
    let length = duration(window_s);
    let Some(sparse) = sparse else { return format!("windows of {length}") };
    let requests = at_least(sparse.requests, 3);
    let plural = if requests == "1" { "" } else { "s" };
    let limit = match sparse.needed.is_finite() {
        true => format!("under {}, downtime depends on traffic", significant(sparse.needed, 3)),
        false => "a single failure makes one count, so downtime depends on traffic".to_owned(),
    };
    format!("windows of {length} ({requests} request{plural} each; {limit})")
}

/// Returns what must be known of the downtimes among `findings`, a sentence each; none if they give no downtime.
pub fn downtime_notes(study: &Study, findings: &[Finding]) -> Vec<String> {
    let gives = |is: fn(&str) -> bool| findings.iter().filter(move |one| one.metric.as_deref().is_some_and(is));
    let mut notes = Vec::new();
    if study.sparse_window.is_some() && gives(is_of_windows).next().is_some() {
        notes.push(format!("downtime is counted in {}", windows(study)));
    }
    for design in &study.designs {
        let is_given = gives(is_under_slo).any(|finding| finding.designs.contains(&design.name));
        if let Some(edge) = design.on_the_edge.as_ref().filter(|_| is_given) {
            notes.push(format!("downtime of {} is on the edge: {edge}", design.name));
        }
    }
    for pair in &study.comparisons {
        let is_given = gives(is_under_slo)
            .any(|finding| finding.designs.contains(&pair.first) && finding.designs.contains(&pair.second));
        if let Some(edge) = pair.on_the_edge.as_ref().filter(|_| is_given) {
            notes.push(format!("downtime of {} against {} is on the edge: {edge}", pair.first, pair.second));
        }
    }
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_say_how_few_requests_they_hold() {
        let sparse = |requests, needed| Some(SparseWindow { requests, needed });
        assert_eq!(windows_of(5.0, None), "windows of 5 s");
        let few = "windows of 1 min (1 request each; under 200, downtime depends on traffic)";
        assert_eq!(windows_of(60.0, sparse(1.0, 200.0)), few);
        let any =
            "windows of 5 s (180 requests each; a single failure makes one count, so downtime depends on traffic)";
        assert_eq!(windows_of(5.0, sparse(180.0, f64::INFINITY)), any);
        assert!(is_of_windows("downtime_under_90_s") && !is_under_slo("downtime_under_90_s"));
        assert!(!is_of_windows("lost_service_s"));
    }
}
