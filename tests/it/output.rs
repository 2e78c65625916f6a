//! Files that the command writes: whole or not at all, and never over a user's own.

use std::fs;
use std::path::Path;

use crate::support::{Finished, SMALL, files, finish, firedrill, scratch, write_scenario};

/// Runs `firedrill` with `args` in `folder`.
fn in_folder(folder: &Path, args: &[&str]) -> Finished {
    finish(firedrill(folder).args(args))
}

/// A folder with the small scenario in it.
fn with_scenario() -> tempfile::TempDir {
    let folder = scratch();
    write_scenario(folder.path(), SMALL);
    folder
}

// ── Nothing of the user's is overwritten ────────────────────────────────────

#[test]
fn a_folder_with_files_of_the_users_own_is_refused_before_the_first_run() {
    let folder = with_scenario();
    fs::write(folder.path().join("scenario.toml"), "# mine").unwrap();
    fs::write(folder.path().join("report.html"), "my notes").unwrap();
    let before = files(folder.path());
    for command in [
        // A study this long would not end.
        &["run", "small.toml", "--runs", "1000000", "--force", "--out", "."][..],
        &["sweep", "small.toml", "--runs", "1000000", "--vary", "dns.answer_ttl=1s", "--out", "."],
        &["find", "small.toml", "--vary", "dns.answer_ttl=1s..2s", "--such-that", "max(downtime_s) < 1", "--out", "."],
    ] {
        let done = in_folder(folder.path(), command);
        assert_eq!(done.status, 3, "{}", done.stderr);
        assert!(done.stderr.contains("report.html (there is no receipt.json), scenario.toml ("), "{}", done.stderr);
        assert!(files(folder.path()) == before, "{command:?} changed something");
    }
}

#[test]
fn a_folder_of_several_scenarios_is_refused_before_the_first_of_them_is_run() {
    let folder = with_scenario();
    fs::write(folder.path().join("other.toml"), SMALL.replace("\"small\"", "\"other\"")).unwrap();
    fs::create_dir_all(folder.path().join("out/other")).unwrap();
    fs::write(folder.path().join("out/other/runs.csv"), "mine").unwrap();
    let done = in_folder(folder.path(), &["compare", "small.toml", "other.toml", "--runs", "2", "--out", "out"]);
    assert_eq!(done.status, 3, "{}", done.stderr);
    assert!(!folder.path().join("out/small").exists(), "the first was run");
}

#[test]
fn the_receipt_has_the_sha256_of_every_file() {
    let folder = with_scenario();
    assert_eq!(in_folder(folder.path(), &["compare", "small.toml", "--runs", "2", "--out", "o"]).status, 0);
    let mut written = files(&folder.path().join("o"));
    let receipt: serde_json::Value = serde_json::from_slice(&written.remove("receipt.json").unwrap()).unwrap();
    let listed = receipt["files"].as_object().unwrap();
    assert_eq!(listed.keys().collect::<Vec<_>>(), written.keys().collect::<Vec<_>>());
    for (name, bytes) in &written {
        let hash = format!("{:x}", <sha2::Sha256 as sha2::Digest>::digest(bytes));
        assert_eq!(listed[name].as_str(), Some(hash.as_str()), "{name}");
    }
}

#[cfg(feature = "charts")]
#[test]
fn no_report_is_made_from_files_that_were_changed() {
    let folder = with_scenario();
    assert_eq!(in_folder(folder.path(), &["run", "small.toml", "--runs", "2", "--out", "o"]).status, 0);
    let runs = folder.path().join("o/runs.csv");
    let text = fs::read_to_string(&runs).unwrap();
    fs::write(&runs, text.replacen(",0,", ",1,", 1)).unwrap();
    let done = in_folder(folder.path(), &["report", "o"]);
    assert_eq!(done.status, 2, "{}", done.stderr);
    assert!(done.stderr.contains("o/runs.csv: has not the SHA-256 that receipt.json lists"), "{}", done.stderr);
}

// ── File names ──────────────────────────────────────────────────────────────

/// The small scenario with two designs more, and all four called `names`.
fn four_designs(names: [&str; 4]) -> String {
    let mut text = SMALL.split("[[expect]]").next().unwrap().to_owned();
    text = text.replace("[designs.active-active]", &format!("[designs.\"{}\"]", names[0]));
    text = text.replace("[designs.active-passive]", &format!("[designs.\"{}\"]", names[1]));
    for name in &names[2..] {
        text.push_str(&format!(
            "\n[designs.\"{name}\"]\nrouting = {{ policy = \"nearest\" }}\ndatabase = {{ primary = \"singapore\" }}\n"
        ));
    }
    text
}

#[cfg(feature = "charts")]
#[test]
fn every_pair_of_designs_has_a_chart_of_its_own() {
    let folder = scratch();
    // "a" with "b_c" and "a_b" with "c" read alike; the others are as long as names may be.
    let names = ["a", "b_c", "a_b", "c"];
    write_scenario(folder.path(), &four_designs(names));
    let done = in_folder(folder.path(), &["compare", "small.toml", "--runs", "2", "--out", "o"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let written = files(&folder.path().join("o/charts"));
    let pairs = written.keys().filter(|name| name.starts_with("difference_") && name.ends_with(".svg")).count();
    // Four designs make six pairs.
    assert_eq!(pairs, 6, "{:?}", written.keys());
}

#[test]
fn names_that_no_file_may_have_become_files_all_the_same() {
    let folder = scratch();
    let (long, longer) = ("東".repeat(64), "京".repeat(64));
    let text = four_designs([&long, &longer, "con", "a*b?<>|"]).replace("\"small\"", "\"a*b?<>|\"");
    write_scenario(folder.path(), &text);
    let done = in_folder(folder.path(), &["compare", "small.toml", "--runs", "2"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let written = files(&folder.path().join("firedrill-out"));
    assert!(written.keys().any(|name| name.starts_with("a-b~") && name.ends_with("/runs.csv")), "{:?}", written.keys());
    for name in written.keys().flat_map(|name| name.split('/')) {
        assert!(
            name.len() < 100 && name.bytes().all(|c| c.is_ascii_graphic() && !b"<>:\"\\|?*".contains(&c)),
            "{name}"
        );
    }
}
