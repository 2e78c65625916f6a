//! Warnings about traffic: too little in a window, none any more, none while something goes wrong.

use super::*;

/// Warnings about `text` under overrides, without their places.
fn warnings(text: &str, overrides: &[&str]) -> Vec<String> {
    let loaded = parse(text, overrides).unwrap_or_else(|error| panic!("{error}"));
    loaded.warnings.iter().map(|warning| warning.message().to_owned()).collect()
}

/// Warnings about the base scenario, 45 minutes long with an outage of ten minutes from the 15th on, whose visitors come as
/// the trace `rows` says; each session is one of five requests, 20 s long on average.
fn of_trace(rows: &str, overrides: &[&str]) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("t.csv"), rows).unwrap();
    let text = with("sessions = { rate = 40.0 }", "sessions = { trace = \"t.csv\" }");
    let text = text.replace("{ dist = \"geometric\", mean = 6 }", "5").replace("\"4s\"", "\"5s\"");
    let overrides = overrides.iter().map(|change| change.parse().unwrap()).collect();
    let file = folder.path().join("s.toml").display().to_string();
    let loaded = Scenario::parse(&text, &file, &LoadOptions { overrides, ..LoadOptions::default() }).unwrap();
    let messages = loaded.warnings.iter().map(|warning| warning.message().to_owned());
    messages.filter(|message| !message.starts_with("windows of")).collect()
}

/// A trace with a session every `step` seconds up to `last`.
fn every(step: usize, last: usize) -> String {
    let times = (0..=last).step_by(step).map(|time| format!("{time}\n"));
    std::iter::once("time_s\n".to_owned()).chain(times).collect()
}

#[test]
fn windows_of_two_requests_are_sparse_and_windows_of_two_hundred_are_not() {
    let of_rate = |rate: &str, more: &[&str]| {
        let rate = format!("geographies.asia.sessions.rate={rate}");
        let fixed = ["geographies.asia.requests_per_session=1", "study.window=1s", &rate];
        warnings(BASE, &[&fixed[..], more].concat())
    };
    // Ten failures of two hundred requests are 5 %.
    assert!(of_rate("200", &[]).is_empty());
    assert_eq!(
        of_rate("2", &["study.window=1m", "geographies.asia.sessions.rate=0.03"]),
        [
            "windows of 1 min hold 1.8 requests, and an SLO of 95 % needs 200: downtime depends on how many ask, and windows \
          without any count as up"
        ]
    );
    assert!(of_rate("199.9", &[])[0].starts_with("windows of 1 s hold 199 requests, and an SLO of 95 % needs 200:"));
    // Of a tenth, ten failures are in a hundred requests; of a hundredth, in a thousand.
    assert!(of_rate("100", &["study.slo=90%"]).is_empty());
    assert!(of_rate("1000", &["study.slo=99%"]).is_empty());
    assert!(of_rate("900", &["study.slo=99%"])[0].contains("an SLO of 99 % needs 1000"));
    assert!(of_rate("900", &["study.slo=100%"])[0].contains("at an SLO of 100 % a single failure makes one count"));
}

#[test]
fn a_window_chosen_by_default_is_warned_of_only_if_none_holds_a_hundred_requests() {
    let of_rate = |rate: &str, more: &[&str]| {
        let rate = format!("geographies.asia.sessions.rate={rate}");
        let one = ["geographies.asia.requests_per_session=1", &rate];
        warnings(BASE, &[&one[..], more].concat())
    };
    // An SLO of 95 % needs 200 requests. 120 a second choose windows of 1 s, which hold 120; 2 a second windows of 60 s.
    assert!(of_rate("120", &[]).is_empty());
    assert!(of_rate("2", &[]).is_empty());
    // 1.5 a second would need 67 s for a hundred, and no choice is longer than 60 s: 90.
    assert!(of_rate("1.5", &[])[0].starts_with("windows of 1 min hold 90 requests, and an SLO of 95 % needs 200:"));
    // The same window of the file's own holds as few as the default, and is warned of.
    assert!(of_rate("120", &["study.window=1s"])[0].starts_with("windows of 1 s hold 120 requests"));
    // A service level that needs less than a hundred is content with less.
    assert!(of_rate("1.5", &["study.slo=80%"]).is_empty());
}

#[test]
fn a_trace_that_ends_early_is_said_to_and_so_is_the_incident_that_nobody_meets() {
    // The last session starts at 8 min and takes some 20 s; the region dies at 15 min.
    assert_eq!(
        of_trace(&every(1, 480), &[]),
        [
            "t.csv ends at 8 min of 45 min; no session of \"asia\" starts after that",
            "no session starts after 8 min, so that incident \"power loss\" at 15 min is hardly seen"
        ]
    );
    // One that ends after the incident has been met by it.
    assert_eq!(
        of_trace(&every(1, 1_800), &[]),
        ["t.csv ends at 30 min of 45 min; no session of \"asia\" starts after that"]
    );
}

#[test]
fn a_trace_that_lasts_as_long_as_the_run_is_fine_however_coarse() {
    // Measured time ends 30 s of patience before 45 min, so a session at 44 min 30 s is the last that counts.
    assert_eq!(of_trace(&every(1, 2_670), &[]), Vec::<String>::new());
    // Five minutes between rows are no end until they are more than that.
    assert_eq!(of_trace(&every(300, 2_400), &["incidents.0.at=10m"]), Vec::<String>::new());
    assert_eq!(of_trace(&every(300, 2_100), &["incidents.0.at=10m"]).len(), 1);
}

#[test]
fn sessions_beyond_the_horizon_are_counted() {
    let rows = format!("{}2700\n3000\n", every(1, 2_699));
    assert_eq!(
        of_trace(&rows, &[]),
        ["t.csv goes on beyond the horizon of 45 min; 2 of its 2,702 sessions are left out"]
    );
}

#[test]
fn an_incident_in_a_gap_of_a_trace_is_hardly_seen() {
    // No session from 10 min to 30 min, and the outage lasts from 15 min to 25 min; a session takes 4 pauses of 5 s.
    let rows = format!("{}{}", every(1, 600), every(1, 2_699).lines().skip(1 + 1_800).collect::<Vec<_>>().join("\n"));
    assert_eq!(
        of_trace(&rows, &[]),
        ["no session starts from 14 min 40 s to 25 min, so that incident \"power loss\" at 15 min is hardly seen"]
    );
    // One that starts 10 s before the gap ends is met.
    assert_eq!(of_trace(&rows, &["incidents.0.at=20m 10s"]), Vec::<String>::new());
    // One that starts 10 s after the gap begins meets sessions that are still there.
    assert_eq!(of_trace(&rows, &["incidents.0.at=10m 10s"]), Vec::<String>::new());
}

#[test]
fn an_incident_at_hours_without_visitors_is_hardly_seen() {
    let profile = "sessions = { daily_mean = 40.0, profile = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0] }";
    let text = with("sessions = { rate = 40.0 }", profile);
    let night = ["study.starts_at=02:00", "study.horizon=8h"];
    let hardly = |more: &[&str]| {
        let warnings = warnings(&text, &[&night[..], more].concat());
        warnings.iter().filter(|warning| warning.ends_with("is hardly seen")).count()
    };
    // Until 5 o'clock nobody comes; then the rate rises until 6.
    assert_eq!(hardly(&["incidents.0.at=2h 45m"]), 1);
    assert_eq!(hardly(&["incidents.0.at=2h 55m"]), 0);
    assert_eq!(hardly(&["incidents.0.at=5h"]), 0);
}

#[test]
fn an_incident_of_one_geography_needs_visitors_there() {
    let two = |incident: &str| {
        let other = "[geographies.europe]\nsessions = { rate = 40.0 }\nrequests_per_session = 5\nthink_time = \"5s\"\n\
                     write_share = 0.1\nrtt = { north = \"35ms\", south = \"170ms\" }\n\n[dns]";
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("t.csv"), every(1, 480)).unwrap();
        let text = with("sessions = { rate = 40.0 }", "sessions = { trace = \"t.csv\" }").replace("[dns]", other);
        let text = text.replace("kind = \"region-outage\"\ntarget = \"north\"", incident);
        let loaded =
            Scenario::parse(&text, &folder.path().join("s.toml").display().to_string(), &LoadOptions::default());
        let warnings = loaded.unwrap().warnings;
        warnings.iter().map(|warning| warning.message().to_owned()).collect::<Vec<_>>()
    };
    let hardly =
        |warnings: Vec<String>| warnings.into_iter().filter(|text| text.ends_with("hardly seen")).collect::<Vec<_>>();
    assert!(hardly(two("kind = \"region-outage\"\ntarget = \"north\"")).is_empty(), "europe is there to see it");
    assert_eq!(
        hardly(two("kind = \"path-outage\"\ntarget = \"asia\"\nregion = \"north\"")),
        ["no session of \"asia\" starts after 8 min, so that incident \"power loss\" at 15 min is hardly seen"]
    );
    assert!(hardly(two("kind = \"path-outage\"\ntarget = \"europe\"\nregion = \"north\"")).is_empty());
}
