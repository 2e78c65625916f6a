//! A scenario that a stranger sent: what it may read, how much it may print, and what it may make of terminals, CI systems,
//! spreadsheets and shells.

use std::fs;
use std::path::Path;
use std::time::Instant;

use crate::support::{Finished, SMALL, files, finish, firedrill, scratch, some_of, write_scenario};

/// The think times of the small scenario, which the tests replace.
const THINK: &str = "{ dist = \"lognormal\", median = \"4s\", p95 = \"25s\" }";

/// A part of the environment that no output may show.
const SECRET: &str = "token-of-the-ci-4711";

/// The small scenario with think times from `file`.
fn reading(file: &str) -> String {
    let from_file = format!("{{ dist = \"empirical\", file = {file:?}, column = \"x\", unit = \"s\" }}");
    replaced(THINK, &from_file)
}

/// The small scenario with the first `part` replaced.
fn replaced(part: &str, by: &str) -> String {
    assert!(SMALL.contains(part), "the small scenario has no {part:?}");
    SMALL.replacen(part, by, 1)
}

fn run(folder: &Path, args: &[&str]) -> Finished {
    finish(firedrill(folder).args(args).env("SECRET", SECRET))
}

/// Validates `text` in a folder of its own, and asserts that it is refused with each of `parts`.
fn refused(text: &str, parts: &[&str]) -> String {
    let folder = scratch();
    write_scenario(folder.path(), text);
    let done = run(folder.path(), &["validate", "small.toml"]);
    assert_eq!(done.status, 2, "{}", done.stderr);
    for part in parts {
        assert!(done.stderr.contains(part), "no {part:?} in:\n{}", done.stderr);
    }
    done.stderr
}

// ── What it may read ────────────────────────────────────────────────────────

#[test]
fn a_file_outside_the_folder_is_refused_at_its_place_unless_it_is_allowed() {
    let folder = scratch();
    fs::create_dir(folder.path().join("drills")).unwrap();
    fs::write(folder.path().join("times.csv"), "x\n1\n2\n").unwrap();
    write_scenario(&folder.path().join("drills"), &reading("../times.csv"));
    let line = SMALL.lines().position(|line| line.contains(THINK)).unwrap() + 1;
    let validate = |more: &[&str]| run(folder.path(), &[&["validate", "drills/small.toml"], more].concat());
    let done = validate(&[]);
    assert_eq!(done.status, 2);
    let expected = format!(
        "error: drills/small.toml:{line}:53: geographies.asia.think_time.file: \"../times.csv\" is outside the scenario's folder; \
         data files are read below it alone, links followed, unless --allow-outside is given"
    );
    assert_eq!(done.stderr.lines().next(), Some(expected.as_str()));
    assert_eq!(validate(&["--allow-outside"]).status, 0);
    let repeat = ["run", "drills/small.toml", "--runs", "1", "--quiet", "--out", "o", "--allow-outside"];
    assert!(matches!(run(folder.path(), &repeat).status, 0 | 1), "every command that loads scenarios has the option");
}

#[cfg(target_os = "linux")]
#[test]
fn the_environment_of_the_process_is_never_shown() {
    let folder = scratch();
    write_scenario(folder.path(), &reading("/proc/self/environ"));
    std::os::unix::fs::symlink("/proc/self/environ", folder.path().join("times.csv")).unwrap();
    fs::write(folder.path().join("link.toml"), reading("times.csv")).unwrap();
    std::os::unix::fs::symlink("/proc/self/environ", folder.path().join("itself.toml")).unwrap();
    let mut shown = Vec::new();
    for scenario in ["small.toml", "link.toml", "itself.toml"] {
        for more in [&[][..], &["--allow-outside"]] {
            let args = ["check", scenario, "--junit", "junit.xml"];
            let mut command = firedrill(folder.path());
            command.args(args).args(more).env("SECRET", SECRET);
            command.env("GITHUB_ACTIONS", "true").env("GITHUB_STEP_SUMMARY", folder.path().join("summary.md"));
            let done = finish(&mut command);
            assert_eq!(done.status, 2, "{}", done.stderr);
            shown.extend([done.stdout, done.stderr]);
            let written = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
            shown.extend([written("junit.xml"), written("summary.md")]);
        }
    }
    // The last is the file itself, not what a scenario may name: even its first line is no more than an excerpt of it.
    for text in &shown {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[cfg(unix)]
#[test]
fn devices_and_pipes_are_refused_at_once() {
    let trace =
        |file: &str| replaced("sessions             = { rate = 2.0 }", &format!("sessions = {{ trace = {file:?} }}"));
    refused(&trace("/dev/zero"), &["\"/dev/zero\" is outside the scenario's folder"]);
    let folder = scratch();
    write_scenario(folder.path(), &trace("/dev/zero"));
    let done = run(folder.path(), &["validate", "small.toml", "--allow-outside"]);
    assert_eq!(done.status, 2);
    assert!(done.stderr.contains("\"/dev/zero\" is not a regular file"), "{}", done.stderr);
    let made = std::process::Command::new("mkfifo").arg(folder.path().join("pipe.csv")).status().unwrap();
    assert!(made.success());
    write_scenario(folder.path(), &trace("pipe.csv"));
    let done = run(folder.path(), &["validate", "small.toml"]);
    assert_eq!(done.status, 2);
    assert!(done.stderr.contains("\"pipe.csv\" is not a regular file"), "{}", done.stderr);
}

#[cfg(unix)]
#[test]
fn a_scenario_that_is_a_link_to_another_place_is_not_shown() {
    let folder = scratch();
    let (home, work) = (folder.path().join("home"), folder.path().join("work"));
    fs::create_dir_all(&home).unwrap();
    fs::create_dir_all(&work).unwrap();
    fs::write(home.join("credentials.toml"), format!("token = {SECRET}")).unwrap();
    // A link in place of the scenario, and one in place of its folder.
    std::os::unix::fs::symlink("../home/credentials.toml", work.join("link.toml")).unwrap();
    std::os::unix::fs::symlink("../home", work.join("scenarios")).unwrap();
    for path in ["link.toml", "scenarios", "scenarios/credentials.toml"] {
        let done = run(&work, &["check", path]);
        assert_eq!(done.status, 2);
        assert!(done.stderr.contains("links lead to a place outside its folder"), "{path}: {}", done.stderr);
        assert!(!done.stderr.contains(SECRET), "{path}: {}", done.stderr);
    }
    let done = run(&work, &["check", "../home/credentials.toml"]);
    assert!(done.stderr.contains("not TOML"), "one that is named is read: {}", done.stderr);
}

#[cfg(unix)]
#[test]
fn a_baseline_that_is_a_link_to_another_place_is_not_shown() {
    let folder = scratch();
    let kept = folder.path().join("work/baselines/main");
    fs::create_dir_all(&kept).unwrap();
    fs::write(folder.path().join("secret"), SECRET).unwrap();
    write_scenario(&folder.path().join("work"), SMALL);
    std::os::unix::fs::symlink("../../../secret", kept.join("small.txt")).unwrap();
    let check = ["check", "work/small.toml", "--runs", "1", "--baseline", "main"];
    let done = run(folder.path(), &check);
    assert_eq!(done.status, 2);
    assert!(done.stderr.contains("small.txt: is outside the scenario's folder"), "{}", done.stderr);
    assert!(!done.stderr.contains(SECRET), "{}", done.stderr);
    // Of a file that is the scenario's own, at most the beginning of a line is quoted.
    fs::remove_file(kept.join("small.txt")).unwrap();
    fs::write(kept.join("small.txt"), "b".repeat(10_000)).unwrap();
    let done = run(folder.path(), &check);
    assert!(done.stderr.contains(&format!("found \"{}…\"", "b".repeat(40))), "{}", done.stderr);
}

/// The small scenario with sessions from `file`.
fn traced(file: &str) -> String {
    replaced("sessions             = { rate = 2.0 }", &format!("sessions = {{ trace = {file:?} }}"))
}

#[test]
fn a_message_quotes_nothing_of_a_data_file() {
    let folder = scratch();
    for (scenario, rows, expected) in [
        (
            reading("t.csv"),
            format!("x\n{SECRET}\n"),
            "\"t.csv\" line 2, column \"x\": expected a number of zero or more",
        ),
        (traced("t.csv"), format!("time_s\n{SECRET}\n"), "line 2, column \"time_s\": expected a time in seconds"),
        (traced("t.csv"), format!("time_s,count\n1,{SECRET}\n"), "line 2, column \"count\": expected a count"),
        (traced("t.csv"), format!("time_s,count\n1,1\n{SECRET}\n"), "cannot read \"t.csv\""),
        (reading("t.csv"), format!("{SECRET}\n1\n"), "\"t.csv\" has no column \"x\""),
    ] {
        fs::write(folder.path().join("t.csv"), rows).unwrap();
        write_scenario(folder.path(), &scenario);
        let done = run(folder.path(), &["validate", "small.toml"]);
        assert_eq!(done.status, 2);
        assert!(done.stderr.contains(expected), "{}", done.stderr);
        assert!(!done.stderr.contains(&SECRET[..8]), "{}", done.stderr);
    }
}

#[test]
fn a_scenario_in_a_home_folder_reads_no_hidden_file_and_none_that_is_no_csv_file() {
    let home = scratch();
    fs::create_dir_all(home.path().join(".aws")).unwrap();
    fs::create_dir_all(home.path().join(".config/gh")).unwrap();
    for file in [".aws/credentials", ".config/gh/hosts.csv", ".netrc", ".times.csv", "passwords.txt", "notes"] {
        fs::write(home.path().join(file), format!("x\n{SECRET}\n")).unwrap();
    }
    let refused = |file: &str, words: &str| {
        write_scenario(home.path(), &reading(file));
        let done = run(home.path(), &["validate", "small.toml"]);
        assert_eq!(done.status, 2);
        assert!(done.stderr.contains(&format!("{file:?} {words}")), "{}", done.stderr);
        assert!(!done.stderr.contains(&SECRET[..8]), "{}", done.stderr);
    };
    // Whether it is there is not said.
    for file in [".aws/credentials", ".config/gh/hosts.csv", ".netrc", ".times.csv", "./.times.csv", ".none/a.csv"] {
        refused(file, "is hidden");
    }
    for file in ["passwords.txt", "notes", "none.json"] {
        refused(file, "does not end in .csv");
    }
    #[cfg(unix)]
    for (link, target, words) in
        [("a.csv", ".aws/credentials", "is hidden"), ("b.csv", "passwords.txt", "does not end in .csv")]
    {
        std::os::unix::fs::symlink(target, home.path().join(link)).unwrap();
        refused(link, words);
    }
    // A volume of Kubernetes is made of such links.
    #[cfg(unix)]
    {
        fs::create_dir(home.path().join("..2026_01_01")).unwrap();
        fs::write(home.path().join("..2026_01_01/times.CSV"), "x\n1\n").unwrap();
        std::os::unix::fs::symlink("..2026_01_01", home.path().join("..data")).unwrap();
        std::os::unix::fs::symlink("..data/times.CSV", home.path().join("times.csv")).unwrap();
        write_scenario(home.path(), &reading("times.csv"));
        assert_eq!(run(home.path(), &["validate", "small.toml"]).status, 0);
    }
    fs::write(home.path().join(".times.csv"), "x\n1\n").unwrap();
    write_scenario(home.path(), &reading(".times.csv"));
    assert_eq!(run(home.path(), &["validate", "small.toml", "--allow-outside"]).status, 0);
}

#[cfg(unix)]
#[test]
fn a_scenario_that_is_a_link_to_a_hidden_file_is_not_shown() {
    let home = scratch();
    fs::create_dir_all(home.path().join(".cargo")).unwrap();
    fs::create_dir_all(home.path().join("drills")).unwrap();
    fs::write(home.path().join(".cargo/credentials.toml"), format!("token = {SECRET}")).unwrap();
    std::os::unix::fs::symlink("../.cargo/credentials.toml", home.path().join("drills/a.toml")).unwrap();
    let done = run(home.path(), &["check", "drills"]);
    assert_eq!(done.status, 2);
    assert!(done.stderr.contains("links lead to a place outside its folder, or to a hidden one"), "{}", done.stderr);
    assert!(!done.stderr.contains(&SECRET[..8]), "{}", done.stderr);
    let done = run(home.path(), &["check", ".cargo/credentials.toml"]);
    assert!(done.stderr.contains("not TOML"), "one that is named is read: {}", done.stderr);
}

#[cfg(unix)]
#[test]
fn a_baseline_that_is_a_link_to_a_hidden_file_is_not_shown() {
    let home = scratch();
    fs::create_dir_all(home.path().join("baselines/main")).unwrap();
    fs::write(home.path().join(".netrc"), SECRET).unwrap();
    write_scenario(home.path(), SMALL);
    std::os::unix::fs::symlink("../../.netrc", home.path().join("baselines/main/small.txt")).unwrap();
    let done = run(home.path(), &["check", "small.toml", "--runs", "1", "--baseline", "main"]);
    assert_eq!(done.status, 2);
    assert!(done.stderr.contains("is hidden") && !done.stderr.contains(&SECRET[..8]), "{}", done.stderr);
}

// ── How much it may print ───────────────────────────────────────────────────

#[test]
fn at_most_twenty_problems_are_printed_and_little_of_a_long_line() {
    let list: String = (0..3_000).map(|place| format!("{{a={place}}},")).collect();
    let shown = refused(&format!("incidents=[{list}]"), &["incidents.0.name: is missing"]);
    // Five keys are missing or unknown in each incident, and nine tables at the top.
    let more: usize =
        shown.trim_end().rsplit_once("\n\nand ").unwrap().1.strip_suffix(" more").unwrap().parse().unwrap();
    assert!(more > 8_000, "{more}");
    assert_eq!(shown.matches("small.toml:1:").count(), 20, "{shown}");
    let excerpts = shown.lines().filter(|line| line.starts_with("1 |") || line.starts_with("  |"));
    assert!(excerpts.clone().count() == 60 && excerpts.clone().all(|line| line.chars().count() <= 120), "{shown}");
    assert!(shown.len() < 30_000, "{} bytes", shown.len());
}

#[test]
fn a_scenario_as_long_as_may_be_is_refused_in_time_that_grows_with_its_length() {
    // Each would take minutes if every problem, key, name or line were compared with all others.
    let kinds: [fn(usize) -> String; 9] = [
        |length| format!("incidents=[{}]", "{a=0},".repeat(length / 6)),
        |length| format!("expect=[{}]\n{SMALL}", "{stat=1},".repeat(length / 9)),
        |length| format!("name = {}", "=".repeat(length)),
        |length| "= =\n".repeat(length / 4),
        |length| (0..length / 14).map(|key| format!("key{key} = 1\n")).collect(),
        |length| (0..length / 18).map(|name| format!("[designs.d{name}]\n")).collect(),
        |length| (0..length / 18).map(|name| format!("[regions.d{name}]\n")).collect(),
        |length| format!("{SMALL}\n{}", "[[expect]]\nstat=1\n".repeat(length / 18)),
        |length| format!("{SMALL}\n{}", "[[expect]]\nfirst_phase=\"x\"\ndesign=\"none\"\n".repeat(length / 44)),
    ];
    for kind in some_of(kinds.to_vec(), 3) {
        let (quarter, whole) = (kind(220_000), kind(880_000));
        let shown = refused(&whole, &["small.toml:"]);
        assert!(shown.len() < 50_000, "{} bytes for {:?}", shown.len(), &whole[..40]);
        // Four times the length: 4 if the time grows with it, 16 if it grows with its square. Other work may slow one of them.
        let grows_with_length = (0..3).any(|_| time_to_refuse(&whole) < 8.0 * time_to_refuse(&quarter));
        assert!(grows_with_length, "time grows faster than the length of {:?}…", &whole[..40]);
    }
    refused(&"# a\n".repeat(250_001), &["small.toml: has more than 1000000 bytes"]);
}

/// Returns the seconds that `validate` takes to refuse `text`.
#[expect(clippy::disallowed_methods, reason = "this test is about time; no result depends on it")]
fn time_to_refuse(text: &str) -> f64 {
    let started = Instant::now();
    refused(text, &[]);
    started.elapsed().as_secs_f64()
}

// ── Terminals and CI systems ────────────────────────────────────────────────

#[test]
fn a_text_that_cannot_be_printed_is_refused_and_not_echoed() {
    let description = "description = \"Singapore loses power for two minutes.\"";
    for hostile in ["\\u001b[31m", "\\u202e", "a\\rb", "\\u200b"] {
        let shown = refused(&replaced(description, &format!("description = \"{hostile}\"")), &["cannot be printed"]);
        assert!(!shown.contains(['\u{1b}', '\u{202e}', '\r', '\u{200b}']), "{shown:?}");
    }
    let shown = refused(&replaced(description, "description = \"\u{202e}\u{200b}\""), &["cannot be printed"]);
    assert!(!shown.contains(['\u{202e}', '\u{200b}']), "{shown:?}");
    // Bytes that TOML forbids are quoted in its excerpt.
    let shown = refused(&replaced(description, "description = \"\u{1b}[2J\""), &["not TOML"]);
    assert!(!shown.contains('\u{1b}'), "{shown:?}");
}

#[test]
fn no_output_has_a_workflow_command_of_the_scenarios() {
    let folder = scratch();
    let word = "::error::pwned";
    // As many positions as it takes for one to begin a line, wherever lines are wrapped.
    let hostile = format!("{} ##[error]pwned ##vso[task.complete]", format!("{word} filler ").repeat(40));
    let text = replaced("Singapore loses power for two minutes.", &hostile);
    write_scenario(folder.path(), &text);
    for args in [
        &["run", "small.toml", "--runs", "2", "--out", "o"][..],
        &["compare", "small.toml", "--runs", "2", "--out", "o", "--verbose"],
        &["check", "small.toml", "--runs", "2", "--format", "markdown"],
        &["validate", "small.toml", "--set", "description=1"],
        &["explain", "small.toml", "--design", "active-active", "--run", "0"],
    ] {
        let done = finish(firedrill(folder.path()).args(args).env("GITHUB_ACTIONS", "true"));
        for line in done.stdout.lines().chain(done.stderr.lines()) {
            assert!(!line.trim_start().starts_with("::error::pwned"), "{args:?}: {line}");
            assert!(!line.contains("##[") && !line.contains("##vso["), "{args:?}: {line}");
        }
    }
}

#[cfg(unix)]
#[test]
fn names_of_files_are_printable_too() {
    let folder = scratch();
    let names = ["a\u{1b}[31m.toml", "b\n::error ::x.toml", "c\u{202e}.toml"];
    for name in names {
        fs::write(folder.path().join(name), SMALL).unwrap();
    }
    let mut command = firedrill(folder.path());
    command.args(["check", ".", "--junit", "junit.xml"]).env("GITHUB_ACTIONS", "true");
    command.env("GITHUB_STEP_SUMMARY", folder.path().join("summary.md"));
    let done = finish(&mut command);
    assert_eq!(done.status, 2);
    assert_eq!(done.stderr.matches("the path has characters that cannot be printed").count(), 6, "{}", done.stderr);
    let written = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    for text in [&done.stdout, &done.stderr, &written("junit.xml"), &written("summary.md")] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text:?}");
        let mut commands = text.lines().filter(|line| line.trim_start().starts_with("::"));
        assert!(
            commands.all(|line| line.starts_with("::error file=./") && line.contains("title=cannot be checked")),
            "{text}"
        );
    }
}

#[test]
fn an_error_does_not_leave_its_block_in_the_job_summary() {
    let folder = scratch();
    fs::write(folder.path().join("small.toml"), "x = '```'\n'```' = \"# pwned\"\n").unwrap();
    let done = finish(firedrill(folder.path()).args(["check", "small.toml", "--format", "markdown"]));
    let fences: Vec<&str> = done.stdout.lines().filter(|line| line.starts_with("```")).collect();
    assert_eq!(fences, ["````text", "````"], "{}", done.stdout);
}

// ── Spreadsheets, shells, other systems ─────────────────────────────────────

#[test]
fn names_that_a_spreadsheet_would_compute_are_refused_and_numbers_stay_numbers() {
    for name in ["=1+1", "+1", "-1", "@x", "a;=1+1"] {
        let text = SMALL.replace("[designs.active-passive]", &format!("[designs.\"{name}\"]"));
        refused(&text, &["is a formula to a spreadsheet"]);
    }
    let folder = scratch();
    write_scenario(folder.path(), SMALL);
    let done = run(folder.path(), &["compare", "small.toml", "--runs", "2", "--out", "o", "--quiet"]);
    assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
    let mut negative = 0;
    for (name, bytes) in files(&folder.path().join("o")).iter().filter(|(name, _)| name.ends_with(".csv")) {
        for record in csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[..]).records() {
            for cell in record.unwrap().iter().filter(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r'])) {
                assert!(cell.parse::<f64>().is_ok(), "{name}: {cell}");
                negative += 1;
            }
        }
    }
    assert!(negative > 0, "a difference is negative");
}

#[cfg(unix)]
#[test]
fn every_line_to_paste_is_quoted() {
    let folder = scratch();
    let name = "a; touch pwned; #";
    let text = SMALL.replace("[designs.active-passive]", &format!("[designs.\"{name}\"]"));
    let text = text.replace("\"active-passive\"", &format!("\"{name}\"")).replace("min    = 0.1", "min    = 0.999");
    fs::write(folder.path().join("two words.toml"), text).unwrap();
    let pasted = |line: &str| {
        let line = line.replacen("firedrill", env!("CARGO_BIN_EXE_firedrill"), 1);
        let done = finish(std::process::Command::new("sh").current_dir(folder.path()).args(["-c", &line]));
        assert!(matches!(done.status, 0 | 1), "{line}: {}", done.stderr);
        assert!(!folder.path().join("pwned").exists(), "{line}");
    };
    let done = run(folder.path(), &["explain", "two words.toml", "--design", name, "--run", "0"]);
    let again = done.stderr.lines().find_map(|line| line.strip_prefix("again: ")).expect("a line to paste");
    assert_eq!(again, "firedrill explain 'two words.toml' --design 'a; touch pwned; #' --run 0");
    pasted(again);
    let done = run(folder.path(), &["check", "two words.toml", "--runs", "2"]);
    let repeat = done.stdout.lines().find_map(|line| line.trim().strip_prefix("repeat: ")).expect("a line to paste");
    pasted(repeat);
    let done = run(folder.path(), &["init", "three words here.toml"]);
    assert_eq!(done.stderr.lines().last(), Some("  firedrill compare 'three words here.toml'"));
}

#[test]
fn a_scenario_is_not_called_by_what_cannot_be_a_file_on_windows() {
    for name in ["a*b?<>|", "con", "x."] {
        refused(&replaced("\"small\"", &format!("{name:?}")), &["name: the name", "on Windows, too"]);
    }
}

#[test]
fn a_geography_is_not_called_as_all_of_them_together() {
    let text = SMALL.replace("geographies.asia", "geographies.all");
    refused(&text, &["a geography cannot be called \"all\""]);
}

#[test]
fn a_description_is_short_and_shows_all_of_its_characters() {
    let described = |text: &str| replaced("Singapore loses power for two minutes.", text);
    refused(&described(&"d".repeat(2_001)), &["description: has 2001 characters; it may have 2000"]);
    for hidden in ['\u{61c}', '\u{fe0f}', '\u{e0041}', '\u{e0100}'] {
        refused(&described(&format!("a{hidden}b")), &["description: has the character", "which cannot be printed"]);
    }
}
