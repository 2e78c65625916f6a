//! Claims about all files and the table of a made-up study.

use std::collections::BTreeMap;
use std::fs;
use std::num::NonZeroUsize;
use std::sync::atomic::AtomicBool;

use super::markdown::markdown;
use super::screen::screen;
use super::table::table;
use super::{finish, write_files};
use crate::model::{Timing, WriteTally};
use crate::output::OutputDir;
use crate::results::{FindResults, Study, SweepResults, Warning};
use crate::scenario::{Bound, Expectation, Objectives};
use crate::study::{StudyOutcome, StudySpec, run_with, synthetic};
use crate::units::SimDuration;

fn study(designs: &[&str], runs: u64, jobs: usize) -> StudyOutcome {
    let mut spec = StudySpec::new(synthetic::scenario(designs));
    (spec.runs, spec.jobs) = (Some(runs), NonZeroUsize::new(jobs));
    let seconds = SimDuration::from_secs;
    spec.scenario.objectives = Objectives { rto: Some(seconds(8)), rpo: Some(seconds(1)) };
    let within = |stat: &str, max: f64| Expectation::Within {
        design: designs[0].to_owned(),
        metric: "downtime_s".to_owned(),
        stat: stat.to_owned(),
        bound: Bound { min: None, max: Some(max) },
    };
    spec.scenario.expectations = vec![within("p95", 10.0), within("p99", 10.0), within("mean", 1.0)];
    let simulate = |design: usize, run: u64| {
        let mut outcome = synthetic::outage(run, (run as u32 * 7) % 10 + design as u32 * 12);
        if design == 1 && run % 20 == 3 {
            outcome.incidents[0].recovered = Timing::Censored;
        }
        Ok(outcome)
    };
    run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap()
}

fn files(outcome: &StudyOutcome) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().unwrap();
    let mut output = OutputDir::open(folder.path()).unwrap();
    write_files(outcome, &outcome.conclude().unwrap(), "name = \"made-up\"\n", &mut output).unwrap();
    finish(outcome, output).unwrap();
    let entries = fs::read_dir(folder.path()).unwrap().map(Result::unwrap);
    entries.map(|entry| (entry.file_name().into_string().unwrap(), fs::read_to_string(entry.path()).unwrap())).collect()
}

#[test]
fn every_file_has_the_same_bytes_whatever_the_number_of_threads() {
    assert_eq!(files(&study(&["one", "two"], 40, 1)), files(&study(&["one", "two"], 40, 5)));
}

#[test]
fn no_file_has_a_number_that_is_none_and_the_receipt_lists_them_all() {
    let files = files(&study(&["one", "two"], 40, 2));
    // The report carries a library that knows what is no number.
    for (name, text) in files.iter().filter(|(name, _)| *name != "report.html") {
        for word in ["NaN", "inf"] {
            assert!(!text.split([',', '\n', ' ']).any(|field| field.eq_ignore_ascii_case(word)), "{name} has {word}");
        }
        assert!(text.ends_with('\n') && !text.contains('\r'), "{name}");
    }
    let receipt: serde_json::Value = serde_json::from_str(&files["receipt.json"]).unwrap();
    let listed: Vec<&str> = receipt["files"].as_object().unwrap().keys().map(String::as_str).collect();
    let others: Vec<&str> = files.keys().map(String::as_str).filter(|&name| name != "receipt.json").collect();
    assert_eq!(listed, others);
    assert_eq!(others.len(), if cfg!(feature = "charts") { 12 } else { 11 });
}

#[test]
fn rows_of_a_design_do_not_change_when_another_is_added() {
    let (alone, both) = (files(&study(&["one"], 8, 2)), files(&study(&["one", "two"], 8, 2)));
    for name in ["runs", "by_geography", "thresholds", "failures", "incidents", "timeline", "latency", "switch"] {
        let name = format!("{name}.csv");
        assert!(both[&name].starts_with(&alone[&name]), "{name}");
        assert!(both[&name].len() > alone[&name].len(), "{name}");
    }
    assert!(!alone.contains_key("comparison.csv"));
}

#[test]
fn a_censored_recovery_is_an_empty_field_and_a_mark() {
    let files = files(&study(&["one", "two"], 8, 2));
    let mut reader = csv::Reader::from_reader(files["runs.csv"].as_bytes());
    let column = |name: &str, reader: &mut csv::Reader<&[u8]>| {
        reader.headers().unwrap().iter().position(|field| field == name).unwrap()
    };
    let (time, mark) = (column("recovery_time_s", &mut reader), column("recovery_time_s_censored", &mut reader));
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 16);
    assert_eq!((&rows[8 + 3][time], &rows[8 + 3][mark]), ("", "1"));
    // Run 2 of the second design: 14 modulo 10, and 12 more.
    assert_eq!((&rows[8 + 2][time], &rows[8 + 2][mark]), ("16", "0"));
}

#[test]
fn failures_by_cause_and_by_phase_both_sum_to_the_failed_requests() {
    let files = files(&study(&["one"], 4, 1));
    let mut sums: BTreeMap<(String, String, String), u64> = BTreeMap::new();
    for row in csv::Reader::from_reader(files["failures.csv"].as_bytes()).records().map(Result::unwrap) {
        let key = (row[1].to_owned(), row[2].to_owned(), row[4].to_owned());
        if &row[3] == "all" {
            *sums.entry(key).or_default() += row[6].parse::<u64>().unwrap();
        }
    }
    for run in 0..4u64 {
        for kind in ["cause", "phase"] {
            let sum = |geography: &str| {
                sums.get(&(run.to_string(), geography.to_owned(), kind.to_owned())).copied().unwrap_or(0)
            };
            assert_eq!((sum("all"), sum("asia")), (run * 7 % 10 * 100, run * 7 % 10 * 100), "run {run}, {kind}");
        }
    }
}

#[test]
fn the_table_fits_80_columns_and_says_what_it_is_of() {
    let text =
        table(&study(&["active-active", "active-passive-with-a-long-name", "third"], 100, 2).conclude().unwrap());
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line:?}");
        assert_eq!(line.trim_end(), line);
    }
    for part in [
        "made-up: active-active is best for visitors",
        "100 runs of each design, seed 1",
        "Fix first in active-active: undetected 100 % (dns.health_checks.",
        "Measured: 40 s of 1 min simulated, in windows of 1 s",
        "active-passive-with-a-lon…",
        "needs 299",
        "not by the horizon",
        "active-active: RTO of 8 s met in 90 of 100 runs",
        "pass  active-active: p95 of downtime_s at most 10: 9 s",
        "FAIL  active-active: mean of downtime_s at most 1",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
}

#[test]
fn a_single_run_has_no_intervals() {
    let text = table(&study(&["one", "two"], 1, 1).conclude().unwrap());
    assert!(
        text.contains("made-up: one run cannot say which design is better\nRun 0, seed 1\n") && !text.contains('±'),
        "{text}"
    );
    assert!(text.contains("nothing can be claimed from 1 run"), "{text}");
}

#[test]
fn what_to_fix_first_is_qualified_if_there_is_one_run() {
    let of_runs = |runs| study(&["one", "two"], runs, 1);
    let (one, many) = (of_runs(1).conclude().unwrap(), of_runs(40).conclude().unwrap());
    let proviso = ", if this one run is typical:";
    for text in [screen, table, markdown] {
        assert!(text(&one).contains(proviso) && !text(&many).contains(proviso), "{}", text(&one));
    }
    #[cfg(feature = "charts")]
    assert!(files(&of_runs(1))["report.html"].contains(&format!("two{proviso}")));
}

#[test]
fn stranded_writes_are_shown_wherever_lost_ones_are_and_only_if_there_are_any() {
    let outcome = |stranded: u64| {
        let mut spec = StudySpec::new(synthetic::scenario(&["one", "two"]));
        spec.scenario.objectives = Objectives { rto: None, rpo: Some(SimDuration::from_secs(1)) };
        spec.runs = Some(60);
        let simulate = |design: usize, run| {
            let mut outcome = synthetic::outage(run, 3);
            let stranded = if design == 1 && run < 20 { stranded } else { 0 };
            outcome.writes[0] =
                WriteTally { acknowledged: 50, stranded, durable: 50 - stranded, ..WriteTally::default() };
            outcome.stranded_window = SimDuration::from_secs(stranded);
            Ok(outcome)
        };
        run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap()
    };
    let (some, none) = (outcome(7).conclude().unwrap(), outcome(0).conclude().unwrap());
    let row = |text: &str, title: &str| text.lines().find(|line| line.contains(title)).map(ToOwned::to_owned);
    for text in [screen, table, markdown] {
        let shown = row(&text(&some), "writes stranded").unwrap_or_else(|| panic!("{}", text(&some)));
        assert!(shown.contains('0'), "{shown}");
        assert_eq!(row(&text(&none), "stranded"), None);
    }
    for text in [table, markdown] {
        let text = text(&some).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("stranded window"), "{text}");
        assert!(
            text.contains("not counted: up to 7 writes are stranded in 20 of 60 runs, of a window of up to 7 s"),
            "{text}"
        );
    }
    let said = |study: &Study| study.answer.points.iter().any(|point| point.metric == "writes_stranded");
    assert!(said(&some) && !said(&none), "{:?}", some.answer.points);
    assert!(some.comparisons[0].sentences.iter().any(|sentence| sentence.starts_with("writes stranded: ")));
    #[cfg(feature = "charts")]
    assert!(files(&outcome(7))["report.html"].contains("writes stranded"));
}

#[test]
fn a_setting_on_which_several_causes_hang_is_named_once() {
    let mut study = study(&["one", "two"], 40, 1).conclude().unwrap();
    let waterfall = &mut study.designs[1].waterfall;
    let mut other = waterfall.steps[0].clone();
    other.phase = "unpublished".into();
    waterfall.steps.push(other);
    waterfall.lead.as_mut().unwrap().phases.push("unpublished".into());
    let text = screen(&study).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        text.contains("Fix first in two: undetected 100 % or unpublished 100 % (dns.health_checks.interval"),
        "{text}"
    );
    assert_eq!(text.matches("(dns.health_checks.interval").count(), 2, "once for each design: {text}");
}

#[test]
fn means_of_degenerate_samples_are_marked_and_explained() {
    let of = |down: fn(u64) -> u32| {
        let mut spec = StudySpec::new(synthetic::scenario(&["a"]));
        spec.runs = Some(60);
        let simulate = |_, run| Ok(synthetic::outage(run, down(run)));
        let outcome = run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap();
        table(&outcome.conclude().unwrap()).split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let equal = of(|_| 3);
    assert!(equal.contains("downtime 3 s in all 60 runs"), "{equal}");
    // Wilson's interval of none in 60.
    assert!(equal.contains("Where all 60 runs have the same value, at 95 % up to 6.02 % of runs may have another."));
    // Two runs of 60 with 9 s, the others with 3 s: a mean of 3.2 s.
    let few = of(|run| if run % 30 == 7 { 9 } else { 3 });
    assert!(few.contains("downtime 3.2 s ± 0.28 s *"), "{few}");
    assert!(few.contains("* Most runs have the same value, and fewer than 30 another"), "{few}");
}

/// Run by run, the seconds that each of the designs is down, and its writes lost.
fn of_designs(designs: &[&str], down: fn(usize, u64) -> u32, lost: fn(usize, u64) -> u64) -> Study {
    let mut spec = StudySpec::new(synthetic::scenario(designs));
    spec.runs = Some(60);
    let simulate = |design, run| {
        let mut outcome = synthetic::outage(run, down(design, run));
        let lost = lost(design, run);
        outcome.writes[0] = WriteTally { acknowledged: 50, lost, durable: 50 - lost, ..WriteTally::default() };
        Ok(outcome)
    };
    run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap().conclude().unwrap()
}

#[test]
fn of_equals_the_best_on_the_screen_is_the_one_that_loses_the_fewest_writes() {
    // All are down for 0 to 9 s alike; c loses no write, b the most, and that in every run.
    let study = of_designs(&["a", "b", "c", "d"], |_, run| (run as u32 * 7) % 10, |design, _| [3, 9, 0, 3][design]);
    let text = screen(&study);
    let columns = text.lines().find(|line| line.starts_with("     ")).unwrap();
    assert_eq!(columns.split_whitespace().collect::<Vec<_>>(), ["c", "b"], "{text}");
    // Writes that only a design with a column lost have their row.
    assert!(text.lines().any(|line| line.starts_with("writes lost") && line.contains("60 runs, at most 9")), "{text}");
}

#[test]
fn warnings_of_the_designs_shown_come_first_and_those_that_found_no_room_are_counted() {
    let mut study = of_designs(&["a", "b", "c", "d"], |design, run| run as u32 % 5 + [0, 3, 6, 9][design], |_, _| 0);
    let warning = |design: &str| Warning { designs: vec![design.into()], sentence: format!("{design} is odd") };
    study.warnings = ["b", "c", "d", "a"].map(warning).into();
    let text = screen(&study);
    assert!(text.contains("Warning: d is odd\nWarning: a is odd\n"), "{text}");
    assert!(text.ends_with("report: 2 more designs, 2 warnings, metrics and pairs\n"), "{text}");
    // A warning of twenty lines finds no room; it is counted with the others.
    study.warnings[0].sentence = "far too long ".repeat(130);
    study.warnings[0].designs = vec!["a".into()];
    let text = screen(&study);
    assert!(text.lines().count() <= 21, "{text}");
    assert!(text.contains("report: 2 more designs, 4 warnings, "), "{text}");
    study.warnings = vec![warning("a"), warning("b"), warning("d")];
    let text = screen(&study);
    assert!(text.ends_with("2 more designs, 1 warning, metrics and pairs\n"), "{text}");
}

#[test]
fn a_star_on_the_screen_is_explained_there_and_none_is_explained_without_one() {
    let legend = "* Fewer than 30 runs differ from the rest: the interval is too narrow.\n";
    let few = screen(&of_designs(&["a", "b"], |_, run| if run % 30 == 7 { 9 } else { 3 }, |_, _| 0));
    assert!(few.contains(" *") && few.contains(legend), "{few}");
    let many = screen(&of_designs(&["a", "b"], |_, run| run as u32 % 10, |_, _| 0));
    assert!(!many.contains(" *") && !many.contains(legend), "{many}");
}

#[test]
fn a_median_that_no_run_was_long_enough_to_show_is_a_row_of_the_table() {
    let mut spec = StudySpec::new(synthetic::scenario(&["a"]));
    spec.runs = Some(40);
    // In 35 of 40 runs the incident is over before anybody has failed over, the last of them after 59 s.
    let simulate = |_, run| Ok(synthetic::seldom_failed_over(run));
    let outcome = run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap();
    let text = table(&outcome.conclude().unwrap());
    let at = text.lines().position(|line| line.contains("over first in 35 of 40")).unwrap();
    let median = text.lines().nth(at + 1).unwrap();
    assert!(median.starts_with("  median") && median.ends_with("more than 59 s"), "{text}");
    assert!(text.replace('\n', " ").contains("over first: the incident was over before it happened."), "{text}");
}

#[test]
fn a_study_whose_incidents_nobody_met_was_not_put_to_the_test() {
    let mut spec = StudySpec::new(synthetic::scenario(&["a", "b"]));
    spec.runs = Some(60);
    let simulate = |_, run| {
        let mut outcome = synthetic::outage(run, 0);
        outcome.incidents = vec![synthetic::unattended(20)];
        Ok(outcome)
    };
    let outcome = run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap();
    let study = outcome.conclude().unwrap();
    let headline = "No design was put to the test: no request met the incident in 60 of 60 runs";
    assert_eq!(study.answer.headline, headline);
    assert_eq!(study.designs[0].untested.as_deref(), Some("no request met the incident in 60 of 60 runs"));
    for text in [screen(&study), table(&study), markdown(&study)] {
        let text = text.replace('\n', " ");
        // Behind the name of the scenario it goes on with a small letter.
        assert!(text.contains(&headline.replacen('N', "n", 1)), "{text}");
        // Said once: nothing is to be fixed first of what was not put to the test.
        assert!(!text.contains("Fix first in") && !text.contains("to fix first"), "{text}");
    }
    #[cfg(feature = "charts")]
    {
        let page = &files(&outcome)["report.html"];
        assert!(page.contains(headline) && page.contains("a: not put to the test"), "headline");
        for wrong in ["Fix first</a>", "Nothing to fix", "0 s of service lost", "lose as much service as if"] {
            assert!(!page.contains(wrong), "{wrong}");
        }
    }
}

#[test]
fn names_that_begin_alike_stay_apart_in_the_columns() {
    let names = ["a-very-long-name-of-a-design-one", "a-very-long-name-of-a-design-two"];
    let study = of_designs(&names, |_, run| run as u32 % 10, |_, _| 0);
    let heads = |text: &str| -> Vec<String> {
        let line = text.lines().find(|line| line.starts_with("     ")).unwrap();
        line.split_whitespace().map(str::to_owned).collect()
    };
    for text in [table(&study), screen(&study)] {
        let heads = heads(&text);
        assert!(heads.len() == 2 && heads[0].ends_with("one") && heads[1].ends_with("two"), "{text}");
        assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    }
    // In the table the two have blocks of their own.
    let study = of_designs(&["short", names[0], names[1]], |_, run| run as u32 % 10, |_, _| 0);
    assert!(heads(&table(&study))[1].ends_with("one"), "{}", table(&study));
}

/// Compares the schema of `T` with the one in `docs/NAME.schema.json`.
fn assert_schema<T: schemars::JsonSchema>(name: &str) {
    let settings = schemars::generate::SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let text = serde_json::to_string_pretty(&schema).unwrap() + "\n";
    let path = format!("{}/docs/{name}.schema.json", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("FIREDRILL_BLESS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    assert!(
        fs::read_to_string(&path).is_ok_and(|kept| kept == text),
        "docs/{name}.schema.json is not that of the types; FIREDRILL_BLESS=1 rewrites it"
    );
}

#[test]
fn the_schemas_of_results_are_what_the_types_say() {
    assert_schema::<Study>("summary");
    assert_schema::<SweepResults>("sweep");
    assert_schema::<FindResults>("find");
}

#[test]
fn a_recovery_that_the_run_leaves_no_time_to_confirm_is_marked_wherever_it_stands() {
    let mut spec = StudySpec::new(synthetic::scenario(&["one", "two"]));
    spec.runs = Some(30);
    spec.scenario.objectives = Objectives { rto: Some(SimDuration::from_secs(8)), rpo: None };
    let study = |is_confirmed: fn(u64) -> bool| {
        let simulate = |design: usize, run: u64| {
            let mut outcome = synthetic::outage(run, (run as u32 * 7) % 10 + design as u32);
            outcome.incidents[0].confirmed = design == 1 || is_confirmed(run);
            Ok(outcome)
        };
        let spec = spec.clone();
        run_with(&spec.prepare().unwrap(), simulate, |_| (), &AtomicBool::new(false)).unwrap()
    };
    let marked = study(|run| run == 4);
    let results = marked.conclude().unwrap();
    let joined = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(joined(screen(&results)).contains("recovery unconfirmed in 29 of 30 runs -"), "{}", screen(&results));
    let table = joined(table(&results));
    assert!(table.contains(" unconfirmed in 29 of 30 runs - "), "{table}");
    assert!(table.contains("; recovery unconfirmed in 29 of 30 runs"), "{table}");
    let markdown = markdown(&results);
    assert!(markdown.contains("| – unconfirmed | in 29 of 30 runs | - |"), "{markdown}");
    assert!(markdown.contains("; recovery unconfirmed in 29 of 30 runs"), "{markdown}");
    assert!(
        files(&marked)["report.html"].replace('\u{a0}', " ").contains("<small>unconfirmed in 29 of 30 runs</small>")
    );
    let confirmed = study(|_| true).conclude().unwrap();
    assert!(!(screen(&confirmed) + &super::table(&confirmed) + &super::markdown(&confirmed)).contains("unconfirmed"));
}

#[test]
fn what_the_screen_shows_is_always_said_to_be_means_with_half_an_interval() {
    let mut study = of_designs(&["a", "b"], |design, run| run as u32 % 5 + [0, 3][design], |_, _| 1);
    let warning = |design: &str| Warning { designs: vec![design.into()], sentence: "far too long ".repeat(45) };
    study.warnings = ["a", "b"].map(warning).into();
    let text = screen(&study);
    assert!(text.contains("\nmeans of 60 runs ± half a 95 % interval, seed "), "{text}");
    assert!(text.lines().count() <= 21, "{text}");
}

#[test]
fn a_margin_that_finds_no_room_leaves_a_mark() {
    let study = of_designs(&["a"], |_, run| run as u32 % 5, |_, _| 0);
    let lost = study.statistics(0, "lost_service_s").unwrap();
    assert!(crate::results::words::mean_cut(lost, lost.unit).unwrap().ends_with(" ± …"));
}
