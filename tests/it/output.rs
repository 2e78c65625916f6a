//! Files that the command writes: whole or not at all, and never over a user's own.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;
use std::process::Stdio;
#[cfg(unix)]
use std::time::Duration;

use crate::support::{
    SMALL, TINY, files, finish, firedrill, in_folder, scratch, shared_study, some_of, with_small_scenario,
    write_scenario,
};

// ── Nothing of the user's is overwritten ────────────────────────────────────

#[test]
fn a_folder_with_files_of_the_users_own_is_refused_before_the_first_run() {
    let folder = with_small_scenario();
    fs::write(folder.path().join("scenario.toml"), "# mine").unwrap();
    fs::write(folder.path().join("report.html"), "my notes").unwrap();
    let before = files(folder.path());
    for command in [
        // A study this long would not end.
        &["run", "small.toml", "--runs", "100000", "--out", "."][..],
        &["sweep", "small.toml", "--runs", "100000", "--vary", "dns.answer_ttl=1s", "--out", "."],
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
    let folder = with_small_scenario();
    fs::write(folder.path().join("other.toml"), SMALL.replace("\"small\"", "\"other\"")).unwrap();
    fs::create_dir_all(folder.path().join("out/other")).unwrap();
    fs::write(folder.path().join("out/other/runs.csv"), "mine").unwrap();
    let done = in_folder(folder.path(), &["compare", "small.toml", "other.toml", "--runs", "2", "--out", "out"]);
    assert_eq!(done.status, 3, "{}", done.stderr);
    assert!(!folder.path().join("out/small").exists(), "the first was run");
}

#[test]
fn the_receipt_has_the_sha256_of_every_file() {
    let mut written = BTreeMap::clone(&shared_study(SMALL, &["compare", "--runs", "2"]));
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
    let folder = scratch();
    crate::support::lay_out(&folder.path().join("o"), &shared_study(SMALL, &["compare", "--runs", "2"]));
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
    let text = four_designs([&long, &longer, "con", "a*b?<>|"]).replace("\"small\"", "\"Größe; A\"");
    write_scenario(folder.path(), &text);
    let done = in_folder(folder.path(), &["compare", "small.toml", "--runs", "2"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let written = files(&folder.path().join("firedrill-out"));
    assert!(
        written.keys().any(|name| name.starts_with("gr-e-a~") && name.ends_with("/runs.csv")),
        "{:?}",
        written.keys()
    );
    for name in written.keys().flat_map(|name| name.split('/')) {
        assert!(
            name.len() < 100 && name.bytes().all(|c| c.is_ascii_graphic() && !b"<>:\"\\|?*".contains(&c)),
            "{name}"
        );
    }
}

// ── One whole set, whatever happens ─────────────────────────────────────────

/// A folder with the tiny scenario in it.
fn with_tiny_scenario() -> tempfile::TempDir {
    let folder = scratch();
    write_scenario(folder.path(), TINY);
    folder
}

/// The files of a study of the tiny scenario under `seed`.
fn reference(seed: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = with_tiny_scenario();
    let done = in_folder(folder.path(), &["run", "small.toml", "--runs", "2", "--seed", seed, "--out", "o"]);
    assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
    files(&folder.path().join("o"))
}

/// Everything in `folder` but hidden files, which are the writer's own.
fn visible(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = if folder.exists() { files(folder) } else { BTreeMap::new() };
    found.retain(|name, _| !name.starts_with('.'));
    found
}

#[test]
fn writers_at_one_time_leave_one_whole_set_or_are_refused() {
    let wanted: Vec<_> = ["1", "2", "3"].map(reference).into();
    let folder = with_tiny_scenario();
    for out in some_of(vec![".", "o"], 1) {
        // Where the place is the current folder, files are replaced one by one.
        let place = folder.path().join("place");
        fs::create_dir_all(&place).unwrap();
        let start = |seed| {
            let mut command = firedrill(&place);
            command.args(["run", "../small.toml", "--runs", "2", "--seed", seed, "--out", out]);
            command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap()
        };
        let running: Vec<_> = ["1", "2", "3"].map(start).into();
        let mut written = 0;
        for child in running {
            let done = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&done.stderr).into_owned();
            match done.status.code() {
                Some(0 | 1) => written += 1,
                _ => assert!(said.contains("another firedrill is writing to"), "{said}"),
            }
        }
        assert!(written > 0, "nobody wrote");
        let found = files(&place.join(out));
        assert!(wanted.contains(&found), "a mixture in {out}: {:?}", found.keys());
        fs::remove_dir_all(&place).unwrap();
    }
}

/// Kills the command at drawn moments, some of them while it puts files in place, and looks at what is there.
/// `kills` does as much with a study that is sooner over.
#[cfg(unix)]
#[test]
#[ignore = "takes a minute; `.ci/full` runs it"]
fn a_killed_run_leaves_the_old_set_or_the_new_one_and_the_next_run_clears_up() {
    use rand::{Rng, SeedableRng};

    let wanted: Vec<_> = ["1", "2"].map(reference).into();
    let folder = with_tiny_scenario();
    let place = folder.path().join("place");
    fs::create_dir(&place).unwrap();
    let run = |out: &str, seed: &str| {
        let mut command = firedrill(&place);
        // Whatever runs the one before has left are not gone on with here.
        command.args(["run", "../small.toml", "--runs", "2", "--seed", seed, "--out", out, "--discard"]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };
    let mut draw = rand_xoshiro::Xoshiro256PlusPlus::seed_from_u64(18);
    for out in ["../o", "."] {
        let here = place.join(out);
        assert!(matches!(run(out, "1").status().unwrap().code(), Some(0 | 1)));
        for kill in 0..10 {
            let mut child = run(out, if kill % 2 == 0 { "2" } else { "1" }).spawn().unwrap();
            if kill % 3 == 0 {
                std::thread::sleep(Duration::from_millis(draw.random_range(0..300)));
            } else {
                // What follows the last file is a matter of milliseconds.
                while child.try_wait().unwrap().is_none() && !is_staged(folder.path()) && !is_staged(&place) {
                    std::thread::sleep(Duration::from_micros(200));
                }
                std::thread::sleep(Duration::from_micros(draw.random_range(0..20_000)));
            }
            let _ = child.kill();
            child.wait().unwrap();
            if out != "." {
                // Swapped in one step: no moment shows anything else, even before anybody clears up.
                assert!(wanted.contains(&visible(&here)), "a mixture: {:?}", visible(&here).keys());
            }
            // A report is made of nothing but a whole set, and finishes one that was begun.
            #[cfg(feature = "charts")]
            {
                let done = finish(firedrill(&place).args(["report", out]));
                assert_eq!(done.status, 0, "after kill {kill} in {out}: {}", done.stderr);
                assert!(wanted.contains(&visible(&here)), "a mixture: {:?}", visible(&here).keys());
            }
        }
        assert!(matches!(run(out, "1").status().unwrap().code(), Some(0 | 1)));
        assert!(visible(&here) == wanted[0], "another set after the last run");
        // What is left holds a whole set that was not put in place, and is named; all else is cleared away.
        for left in hidden(folder.path()).into_iter().chain(hidden(&place)) {
            assert!(left.join("receipt.json").exists(), "{} was left", left.display());
        }
    }
}

/// Hidden entries of `folder`.
#[cfg(unix)]
fn hidden(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with('.')).collect()
}

/// One of the last files to be staged.
#[cfg(unix)]
const LAST_STAGED: &str = if cfg!(feature = "charts") { "report.html" } else { "receipt.json" };

/// Returns true if a staging folder in `folder` is about to be put in place.
#[cfg(unix)]
fn is_staged(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().flatten().any(|entry| {
        entry.file_name().to_string_lossy().contains(".firedrill-") && entry.path().join(LAST_STAGED).exists()
    })
}

#[test]
fn what_runs_that_were_cut_off_have_left_is_cleared_away_or_named() {
    let folder = with_small_scenario();
    let left = |letters: &str| folder.path().join(format!(".o.firedrill-{letters}"));
    for (letters, file) in [("aaaaaaaaaaaa", "runs.csv"), ("bbbbbbbbbbbb", "receipt.json")] {
        fs::create_dir(left(letters)).unwrap();
        fs::write(left(letters).join(file), "x").unwrap();
    }
    let done = in_folder(folder.path(), &["run", "small.toml", "--runs", "2", "--out", "o"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(!left("aaaaaaaaaaaa").exists() && left("bbbbbbbbbbbb").exists());
    assert!(done.stderr.contains(".o.firedrill-bbbbbbbbbbbb: holds results that an earlier run could not put"));
}

#[cfg(unix)]
#[test]
fn links_are_not_followed() {
    use std::os::unix::fs::symlink;

    let folder = with_small_scenario();
    let elsewhere = folder.path().join("elsewhere");
    fs::create_dir_all(&elsewhere).unwrap();
    fs::create_dir_all(folder.path().join("o")).unwrap();
    symlink(&elsewhere, folder.path().join("o/charts")).unwrap();
    symlink(&elsewhere, folder.path().join("link")).unwrap();
    for (out, reason) in [("o", "charts (is a link or no folder)"), ("link", "it is a link"), ("link/", "it is a link")]
    {
        let done = in_folder(folder.path(), &["run", "small.toml", "--runs", "2", "--out", out]);
        assert_eq!(done.status, 3, "{}", done.stderr);
        assert!(done.stderr.contains(reason), "{}", done.stderr);
    }
    assert!(files(&elsewhere).is_empty());
}

// ── Single files ────────────────────────────────────────────────────────────

#[test]
fn no_output_is_an_input_or_another_output() {
    let folder = with_small_scenario();
    let explain = ["explain", "small.toml", "--design", "active-active", "--run", "0"];
    for more in [&["--chart", "./small.toml"][..], &["--trace", "small.toml"], &["--chart", "a", "--trace", "./a"]] {
        let done = in_folder(folder.path(), &[&explain[..], more].concat());
        assert_eq!(done.status, 2, "{}", done.stderr);
        assert!(done.stderr.contains("must not be overwritten"), "{}", done.stderr);
    }
    let done = in_folder(folder.path(), &["check", "small.toml", "--junit", "small.toml"]);
    assert_eq!(done.status, 2, "{}", done.stderr);
    assert_eq!(files(folder.path()).into_iter().collect::<Vec<_>>(), [("small.toml".to_owned(), SMALL.into())]);
}

#[test]
fn a_file_that_cannot_be_written_is_status_3_before_the_work() {
    let folder = with_small_scenario();
    fs::write(folder.path().join("baselines"), "a file").unwrap();
    for command in [
        &["init", "no/drill.toml"][..],
        &["explain", "small.toml", "--design", "active-active", "--run", "0", "--chart", "no/chart.svg"],
        &["explain", "small.toml", "--design", "active-active", "--run", "0", "--trace", "."],
        &["check", "small.toml", "--junit", "no/junit.xml"],
        &["check", "small.toml", "--save-baseline", "main", "--quiet"],
        &["bless", "main", "small.toml", "--yes"],
    ] {
        let mut asked = firedrill(folder.path());
        let done = finish(asked.args(command).env_remove("CI"));
        assert_eq!((done.status, done.stdout.as_str()), (3, ""), "{command:?}: {}", done.stderr);
        assert!(done.stderr.contains(": cannot be written"), "{command:?}: {}", done.stderr);
    }
}

// ── Folders that are complete in themselves ─────────────────────────────────

/// A scenario that reads a trace and think times from two files of one name.
fn with_data() -> tempfile::TempDir {
    let folder = scratch();
    let trace = "sessions = { trace = \"data/one/t.csv\" }";
    let times = "think_time = { dist = \"empirical\", file = \"../two/t.csv\", column = \"seconds\", unit = \"s\" }";
    let text = SMALL.replacen("sessions             = { rate = 2.0 }", trace, 1);
    let text =
        text.replacen("think_time           = { dist = \"lognormal\", median = \"4s\", p95 = \"25s\" }", times, 1);
    assert!(text.contains(trace) && text.contains(times));
    let starts: String = (0..300).map(|second| format!("{second}\n")).collect();
    for (file, text) in [
        ("s/small.toml", text),
        ("s/data/one/t.csv", format!("time_s\n{starts}")),
        ("two/t.csv", "seconds\n1\n2\n3\n".to_owned()),
    ] {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn a_folder_of_results_holds_the_data_that_its_scenario_reads() {
    let folder = with_data();
    let place = folder.path().join("out");
    fs::create_dir(&place).unwrap();
    let done = in_folder(&place, &["compare", "../s/small.toml", "--runs", "2", "--out", "o", "--allow-outside"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    let written = files(&place.join("o"));
    assert_eq!(written["scenario.toml"], fs::read(folder.path().join("s/small.toml")).unwrap(), "as it was written");
    // What it was made from is gone: the folder has all that it needs.
    for gone in ["s", "two"] {
        fs::remove_dir_all(folder.path().join(gone)).unwrap();
    }
    let done = in_folder(&place, &["validate", "o/scenario.toml"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
    // The line that the report gives, from inside the folder.
    let again = ["compare", "scenario.toml", "--runs", "2", "--seed", "7", "--out", "again"];
    let done = in_folder(&place.join("o"), &again);
    assert_eq!(done.status, 0, "{}", done.stderr);
    assert!(files(&place.join("o/again")) == written, "other files");
    // Into the folder itself, too.
    let done = in_folder(&place, &["compare", "o/scenario.toml", "--runs", "2", "--out", "o"]);
    assert_eq!(done.status, 0, "{}", done.stderr);
}

#[test]
fn an_empty_folder_that_was_there_before_stays() {
    let folder = with_tiny_scenario();
    let place = folder.path().join("out");
    for base in [folder.path(), &place] {
        fs::create_dir_all(base.join("data")).unwrap();
        fs::create_dir_all(base.join("charts")).unwrap();
    }
    for out in [".", "out"] {
        for _ in 0..2 {
            let args = ["run", "small.toml", "--runs", "1", "--quiet", "--out", out];
            let done = in_folder(folder.path(), &args);
            assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
            for inside in ["data", "charts"] {
                assert!(folder.path().join(out).join(inside).is_dir(), "{out}/{inside} is gone");
            }
            assert!(folder.path().join(out).join("runs.csv").is_file());
        }
    }
}

#[cfg(unix)]
#[test]
fn results_go_where_a_link_leads_only_if_it_is_named() {
    let folder = scratch();
    let (work, other) = (folder.path().join("work"), folder.path().join("else"));
    fs::create_dir_all(&work).unwrap();
    fs::create_dir_all(&other).unwrap();
    write_scenario(&work, SMALL);
    std::os::unix::fs::symlink("../else", work.join("firedrill-out")).unwrap();
    for args in [
        &["run", "small.toml"][..],
        &["run", "small.toml", "--shard", "1/2"],
        &["sweep", "small.toml", "--vary", "dns.answer_ttl=10s"],
    ] {
        let done = in_folder(&work, &[args, &["--runs", "2", "--quiet"]].concat());
        assert_eq!(done.status, 3, "{}", done.stderr);
        assert!(done.stderr.contains("firedrill-out is a link"), "{}", done.stderr);
        assert_eq!(fs::read_dir(&other).unwrap().count(), 0, "something was written");
    }
    let done = in_folder(&work, &["run", "small.toml", "--runs", "2", "--quiet", "--out", "firedrill-out/mine"]);
    assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
    assert!(other.join("mine/runs.csv").is_file());
}
