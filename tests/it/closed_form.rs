//! Closed forms: each must hold, with standard errors under 5 %. Where all cases are drawn (`FIREDRILL_TESTS=all`, as in CI) they
//! are under 1 %, and docs/verification.md must say what came out.
//!
//! The forms themselves, and by how many standard errors a plausible mistake would miss, are in `src/selfcheck`. This page
//! of the documents is rewritten by `firedrill selfcheck --thorough --format markdown`.

#![expect(clippy::disallowed_macros, reason = "each test prints how close it came")]

use firedrill::model::{Plan, RunOutcome};
use firedrill::selfcheck::{self, CLOSED_FORMS, Comparison, Effort, Evidence};
use firedrill::study::{MetricTable, Observation};

use crate::support::{draws_all, finish, firedrill, scratch, some_of};

/// Text of the page that publishes the comparisons.
const PAGE: &str = include_str!("../../docs/verification.md");

/// The degenerate scenario of the closed forms with some settings changed and TOML appended.
pub(crate) fn plan(settings: &[&str], added: &str) -> Plan {
    selfcheck::plan(settings, added).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// Returns `measure` of each of the runs 0, 1, 2, …
pub(crate) fn runs<T: Send>(plan: &Plan, count: u64, measure: impl Fn(&RunOutcome) -> T + Sync) -> Vec<T> {
    selfcheck::runs(plan, count, measure).unwrap_or_else(|failure| panic!("{failure:?}"))
}

/// Compares one closed form; if thoroughly, with the page as well.
fn holds(id: &str) {
    let effort = if draws_all() { Effort::Thorough } else { Effort::Quick };
    let form = CLOSED_FORMS.iter().find(|form| form.id == id).expect("a closed form");
    let comparisons = form.compare(effort).unwrap_or_else(|failure| panic!("{failure:?}"));
    assert!(!comparisons.is_empty());
    for comparison in &comparisons {
        println!("{comparison:?}");
        assert!(comparison.holds(), "{comparison:?}");
        let widest = match effort {
            Effort::Quick => 0.05,
            // A variance takes two hundred times the runs.
            Effort::Thorough if comparison.what == "variance of the writes lost" => 0.1,
            Effort::Thorough => 0.01,
        };
        assert!(relative_error(comparison) < widest, "{comparison:?}");
    }
    if effort == Effort::Quick {
        return;
    }
    let missing: Vec<String> =
        comparisons.iter().map(row).filter(|row| !PAGE.lines().any(|line| line == row)).collect();
    assert!(missing.is_empty(), "docs/verification.md has no such rows:\n{}", missing.join("\n"));
}

/// The standard error as a share of the exact value; 0 for what has none.
fn relative_error(comparison: &Comparison) -> f64 {
    match comparison.evidence {
        Evidence::Mean { exact, standard_error, .. } => standard_error / exact.abs(),
        Evidence::Distribution { .. } | Evidence::Same { .. } => 0.0,
    }
}

/// The page's row of a comparison.
fn row(comparison: &Comparison) -> String {
    let Comparison { form, what, evidence } = comparison;
    format!("| {form}: {what} | {} |", evidence.cells().join(" | "))
}

#[test]
fn c1_waits_utilisation_and_shedding_of_a_pool_are_erlangs() {
    holds("C1");
}

#[test]
fn c2_the_mean_wait_of_one_worker_is_pollaczek_and_khinchines() {
    holds("C2");
}

#[test]
fn c3_a_resolver_answers_from_its_cache_as_often_as_the_renewal_argument_says() {
    holds("C3");
}

#[test]
fn c4_a_verdict_comes_when_the_checkers_phases_and_the_quorum_say() {
    holds("C4");
}

#[test]
fn c5_the_old_answer_fades_linearly_over_its_ttl() {
    holds("C5");
}

#[test]
fn c6_a_crash_takes_the_commits_that_had_not_left() {
    holds("C6");
}

#[test]
fn c6b_commits_wait_for_the_slowest_before_them() {
    holds("C6b");
}

#[test]
fn delays_of_the_pipeline_take_as_much_at_every_rate() {
    holds("C6c");
}

#[test]
fn c7_renewal_incidents_fail_the_share_of_requests_that_the_share_of_downtime_is() {
    holds("C7");
}

#[test]
fn c8_reads_at_the_replica_are_stale_as_often_and_as_far_as_the_lag_says() {
    holds("C8");
}

#[test]
fn c9_the_last_of_two_writers_throws_away_what_it_had_not_seen() {
    holds("C9");
}

#[test]
fn c10_retries_of_independent_errors_fail_as_the_power_of_the_attempts() {
    holds("C10");
}

#[test]
fn c10b_retries_fail_as_often_as_the_outage_outlasts_the_back_off() {
    holds("C10b");
}

#[test]
fn c11_semi_sync_adds_one_round_trip_and_loses_nothing_that_it_has_acknowledged() {
    holds("C11");
}

#[test]
fn c12_a_backlog_is_cleared_at_the_rate_that_the_stream_has_to_spare() {
    holds("C12");
}

/// Mean and standard error of the metric called `name` over runs 0, 1, 2, …, as `runs.csv` has it.
fn column(plan: &Plan, count: u64, name: &str) -> (f64, f64) {
    let metrics = MetricTable::of(plan.scenario());
    let values = runs(plan, count, |outcome| match metrics.observe_one(name, outcome, 0.95) {
        Some(Observation::Value(value)) => value,
        other => panic!("{name} is {other:?}"),
    });
    let mean = values.iter().sum::<f64>() / count as f64;
    let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
    (mean, (squares / (count - 1) as f64 / count as f64).sqrt())
}

/// The closed forms look at a run's outcome. What users read are columns of `runs.csv`: once more through those.
#[test]
fn the_columns_that_users_read_say_what_the_closed_forms_say() {
    // C1, M/M/8 at load 0.8: 0.286028 service times of 10 ms.
    let service = r#"regions.a.app.service={ dist = "exponential", mean = "10ms" }"#;
    let pool = ["study.warmup=10s", "study.horizon=110s", "geographies.here.sessions.rate=640", service];
    let queue = plan(&[&pool[..], &["regions.a.app.workers=8"]].concat(), "");
    let (wait, error) = column(&queue, 60, "app_wait_mean_s_a");
    assert!((wait - 0.002_860_28).abs() < 4.0 * error && error < 0.02 * wait, "{wait} s, give or take {error}");
    let (busy, error) = column(&queue, 60, "utilisation_a");
    assert!((busy - 0.8).abs() < 4.0 * error && error < 0.01, "{busy}, give or take {error}");
    // C7: up 6 s and down 2 s, on average.
    let again = r#"
[[incidents]]
name   = "again and again"
kind   = "app-outage"
target = "a"
every  = { dist = "exponential", mean = "6s" }
lasts  = { dist = "exponential", mean = "2s" }
"#;
    let renewal = plan(&["study.warmup=60s", "study.horizon=1060s", "geographies.here.sessions.rate=10"], again);
    let (available, error) = column(&renewal, 60, "availability_requests");
    assert!((available - 0.75).abs() < 4.0 * error && error < 0.01, "{available}, give or take {error}");
}

#[test]
fn every_closed_form_is_tested() {
    let tested = include_str!("closed_form.rs");
    for form in &CLOSED_FORMS {
        assert!(tested.contains(&format!("holds({:?})", form.id)), "{} has no test", form.id);
    }
}

/// Rows that are looked at thoroughly only: wait and utilisation of M/M/64 at a load of 0.8, and the variance of C6.
const THOROUGHLY: [(&str, usize); 2] = [("C1", 2), ("C6", 1)];

#[test]
fn the_command_prints_a_table_that_holds_with_every_row_that_is_published() {
    let folder = scratch();
    // Without names, the command looks at all of them.
    let forms = some_of(CLOSED_FORMS.iter().rev().map(|form| form.id).collect(), 2);
    let named = if draws_all() { &[][..] } else { &forms };
    let done = finish(firedrill(folder.path()).arg("selfcheck").args(named));
    assert_eq!(done.status, 0, "{}{}", done.stdout, done.stderr);
    assert!(done.stdout.contains("C12   time until the backlog is cleared"), "{}", done.stdout);
    assert!(!done.stdout.contains('✗') && done.stdout.contains("comparisons hold"), "{}", done.stdout);
    let rows = |id: &&str| PAGE.lines().filter(|line| line.starts_with(&format!("| {id}: "))).count();
    let published: usize = forms.iter().map(rows).sum();
    let printed = done.stdout.lines().filter(|line| line.contains('✓')).count();
    let left_out = |id: &&str| THOROUGHLY.iter().find(|(form, _)| form == id).map_or(0, |(_, rows)| *rows);
    let left_out: usize = forms.iter().map(left_out).sum();
    assert_eq!(printed + left_out, published, "{}", done.stdout);
}

#[test]
fn the_command_compares_the_forms_that_are_named() {
    let folder = scratch();
    let json = finish(firedrill(folder.path()).args(["selfcheck", "C5", "C9", "--format", "json"]));
    let rows: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    let rows = rows.as_array().expect("an array");
    assert!(!rows.is_empty() && rows.iter().all(|row| row["holds"] == true), "{rows:?}");
    assert!(rows.iter().all(|row| row["form"] == "C5" || row["form"] == "C9"), "{rows:?}");
    let unknown = finish(firedrill(folder.path()).args(["selfcheck", "C99"]));
    assert_eq!(unknown.status, 2);
    assert!(unknown.stderr.contains("C99") && unknown.stderr.contains("C10b"), "{}", unknown.stderr);
}
