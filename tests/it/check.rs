//! `firedrill check`: what it prints, and its exit status.

use std::fs;

use crate::support::{SMALL, files, finish, firedrill, scratch};

#[test]
fn expectations_that_hold_are_status_0_and_write_no_files() {
    let folder = scratch();
    fs::create_dir(folder.path().join("scenarios")).unwrap();
    fs::write(folder.path().join("scenarios/small.toml"), SMALL).unwrap();
    let done = finish(firedrill(folder.path()).arg("check"));
    assert_eq!(done.status, 0, "{}", done.stderr);
    let first = "scenarios/small.toml\n  ✓ active-active: mean of availability_requests at least 0.1: ";
    assert!(done.stdout.starts_with(first), "{}", done.stdout);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a folder of results was written");
}

#[test]
fn one_that_fails_is_status_1_and_says_how_to_repeat_it() {
    let folder = scratch();
    fs::write(folder.path().join("small.toml"), SMALL.replace("min    = 0.1", "min    = 0.999")).unwrap();
    let done = finish(firedrill(folder.path()).args(["check", "small.toml", "--runs", "2"]));
    assert_eq!(done.status, 1, "{}", done.stderr);
    assert!(
        done.stdout.contains("\n  ✗ active-active: mean of availability_requests at least 0.999: "),
        "{}",
        done.stdout
    );
    let repeat = "firedrill run small.toml --design active-active --seed 7 --runs 2";
    assert!(done.stdout.contains(&format!("\n    repeat: {repeat}\n")), "{}", done.stdout);
    let again = finish(firedrill(folder.path()).args(repeat.split(' ').skip(1)));
    assert_eq!(again.status, 1, "the line repeats it: {}", again.stdout);
    assert!(again.stdout.contains("FAIL"), "{}", again.stdout);
}

#[test]
fn a_lost_failover_fails_an_expectation_that_held_with_it() {
    let folder = scratch();
    let text = SMALL.replace("stat   = \"mean\"\nmin    = 0.1", "stat   = \"mean\"\nmin    = 0.93");
    fs::write(folder.path().join("small.toml"), &text).unwrap();
    assert_eq!(finish(firedrill(folder.path()).args(["check", "small.toml"])).status, 0);
    let lost = ["check", "small.toml", "--set", "dns.health_checks.fall=10"];
    assert_eq!(finish(firedrill(folder.path()).args(lost)).status, 1);
}

#[test]
fn a_scenario_that_makes_no_sense_does_not_keep_the_others_from_being_checked() {
    let folder = scratch();
    fs::write(folder.path().join("a.toml"), "name = 1").unwrap();
    fs::write(folder.path().join("b.toml"), SMALL).unwrap();
    fs::write(folder.path().join("c.toml"), SMALL.replace("availability_requests", "availability")).unwrap();
    let done = finish(firedrill(folder.path()).args(["check", "."]));
    assert_eq!(done.status, 2);
    assert!(done.stdout.starts_with("./b.toml\n  ✓"), "{}", done.stdout);
    assert!(done.stderr.contains("a.toml") && done.stderr.contains("c.toml"), "{}", done.stderr);
}

#[test]
fn a_folder_without_scenarios_is_said_to_be_one() {
    let done = finish(firedrill(scratch().path()).args(["check", "."]));
    assert_eq!(done.status, 2);
    assert!(done.stderr.contains("no scenario (*.toml) in this folder"), "{}", done.stderr);
}

/// A folder with a scenario that holds, one that does not and one that makes no sense.
fn mixed() -> tempfile::TempDir {
    let folder = scratch();
    let objectives = "[objectives]\nrto = \"5m\"\n\n[[expect]]";
    let good = SMALL.replacen("[[expect]]", objectives, 1)
        + "\n[[expect]]\ndesign = \"active-active\"\nobjective = \"rto\"\nshare = 0.9\n";
    fs::write(folder.path().join("good.toml"), good).unwrap();
    fs::write(folder.path().join("bad.toml"), SMALL.replace("min    = 0.1", "min    = 0.999")).unwrap();
    fs::write(folder.path().join("nonsense.toml"), "name = 1").unwrap();
    folder
}

#[test]
fn objectives_are_lines_and_may_be_expected() {
    let folder = mixed();
    let done = finish(firedrill(folder.path()).args(["check", "good.toml"]));
    assert_eq!(done.status, 0, "{}", done.stderr);
    let lines: Vec<&str> = done.stdout.lines().collect();
    let found = "100 % (95 % interval 43.9 % to 100 %, not clear of the bound)";
    assert_eq!(lines[2], format!("  ✓ active-active: RTO met in at least a share of 0.9 of the runs: {found}"));
    assert!(
        lines[3].starts_with("  - active-active: RTO of 5 min: met in 3 of 3 runs (95 % interval "),
        "{}",
        lines[3]
    );
    assert!(lines[4].starts_with("  - active-passive: RTO of 5 min: met in "), "{}", lines[4]);
    assert_eq!(lines[5], "1 scenario: 2 hold, 0 fail");
}

#[test]
fn an_objective_that_is_not_stated_cannot_be_expected() {
    let folder = scratch();
    let text = SMALL.replace("metric = \"availability_requests\"", "objective = \"rpo\"");
    fs::write(folder.path().join("small.toml"), text).unwrap();
    let done = finish(firedrill(folder.path()).args(["check", "small.toml"]));
    assert_eq!(done.status, 2);
    assert!(done.stderr.contains("\"rpo\" is not stated; state it as objectives.rpo"), "{}", done.stderr);
}

#[test]
fn quiet_prints_only_what_fails() {
    let folder = mixed();
    let done = finish(firedrill(folder.path()).args(["check", "good.toml", "--quiet"]));
    assert_eq!((done.status, done.stdout.as_str(), done.stderr.as_str()), (0, "", ""));
    let done = finish(firedrill(folder.path()).args(["check", "bad.toml", "good.toml", "--quiet"]));
    assert_eq!((done.status, done.stdout.lines().count()), (1, 3), "{}", done.stdout);
}

#[test]
fn every_format_tells_the_same() {
    let folder = mixed();
    let done = finish(firedrill(folder.path()).args(["check", ".", "--format", "json", "--junit", "out.xml"]));
    assert_eq!(done.status, 2, "{}", done.stderr);
    let json: serde_json::Value = serde_json::from_str(&done.stdout).expect("JSON");
    let of = |key: &str| {
        json.as_array().unwrap().iter().map(|one| one[key].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        (of("path"), of("status")),
        (
            ["./bad.toml", "./good.toml", "./nonsense.toml"].map(String::from).to_vec(),
            ["fail", "pass", "error"].map(String::from).to_vec(),
        )
    );
    let finding = &json[0]["findings"][0];
    assert_eq!((finding["status"].as_str(), finding["line"].as_u64()), (Some("fail"), Some(69)));
    let replay = finding["replay"].as_str().unwrap();
    let junit = fs::read_to_string(folder.path().join("out.xml")).unwrap();
    let tags = ["<testsuite ", "<testcase ", "<failure ", "<error "].map(|tag| junit.matches(tag).count());
    assert_eq!(tags, [3, 6, 1, 1], "{junit}");
    assert!(junit.contains(replay), "{junit}");
    let done = finish(firedrill(folder.path()).args(["check", ".", "--format", "markdown"]));
    assert!(done.stdout.contains("2 hold, 1 fail; 1 could not be checked"), "{}", done.stdout);
    assert!(done.stdout.contains(replay) && done.stdout.contains("| ✗ | active-active: mean of"), "{}", done.stdout);
}

#[test]
fn a_junit_file_that_cannot_be_written_is_said_before_the_work() {
    let folder = mixed();
    let done = finish(firedrill(folder.path()).args(["check", ".", "--junit", "no/out.xml"]));
    assert_eq!((done.status, done.stdout.as_str()), (3, ""));
    assert!(done.stderr.starts_with("error: no/out.xml: cannot be written\n  caused by: "), "{}", done.stderr);
}

#[test]
fn github_actions_gets_annotations_and_a_summary_and_others_do_not() {
    let folder = mixed();
    let mut command = firedrill(folder.path());
    command.args(["check", ".", "--quiet"]).env("GITHUB_STEP_SUMMARY", folder.path().join("summary.md"));
    let elsewhere = finish(command.env_remove("GITHUB_ACTIONS"));
    assert!(!elsewhere.stderr.contains("::error") && !folder.path().join("summary.md").exists());
    let done = finish(command.env("GITHUB_ACTIONS", "true"));
    let title = "title=active-active%3A mean of availability_requests at least 0.999::";
    assert!(done.stderr.contains(&format!("\n::error file=./bad.toml,line=69,{title}")), "{}", done.stderr);
    assert!(done.stderr.contains("%0Arepeat: firedrill run ./bad.toml --design active-active"), "{}", done.stderr);
    assert!(done.stderr.contains("\n::error file=./nonsense.toml,title=cannot be checked::"), "{}", done.stderr);
    let summary = fs::read_to_string(folder.path().join("summary.md")).unwrap();
    assert!(
        summary.starts_with("## firedrill check\n\n3 scenarios: 2 hold, 1 fail; 1 could not be checked\n"),
        "{summary}"
    );
}

#[test]
fn a_design_has_one_annotation_whatever_fails_of_it() {
    let folder = scratch();
    let more = "\n[[expect]]\ndesign = \"active-active\"\nmetric = \"downtime_s\"\nstat = \"mean\"\nmax = 0\n\
                \n[[expect]]\ndesign = \"active-passive\"\nmetric = \"downtime_s\"\nstat = \"mean\"\nmax = 0\n";
    let text = SMALL.replace("min    = 0.1", "min    = 0.999") + more;
    fs::write(folder.path().join("small.toml"), text).unwrap();
    let done = finish(firedrill(folder.path()).args(["check", "small.toml", "--quiet"]).env("GITHUB_ACTIONS", "true"));
    let errors: Vec<&str> = done.stderr.lines().filter(|line| line.starts_with("::error ")).collect();
    assert_eq!(errors.len(), 2, "{}", done.stderr);
    let both =
        "::error file=small.toml,line=69,title=active-active%3A 2 fail::active-active: mean of availability_requests";
    assert!(errors[0].starts_with(both), "{}", errors[0]);
    assert!(errors[0].contains("%0Aactive-active: mean of downtime_s at most 0: "), "{}", errors[0]);
    assert_eq!(errors[0].matches("%0Arepeat: ").count(), 1, "{}", errors[0]);
    assert!(errors[1].contains(",title=active-passive%3A mean of downtime_s at most 0::"), "{}", errors[1]);
}

#[test]
fn a_bound_on_a_maximum_speaks_of_each_run_and_warns_when_there_are_more_of_them() {
    let folder = scratch();
    let text =
        SMALL.replace("availability_requests", "downtime_s").replace("\"mean\"\nmin    = 0.1", "\"max\"\nmax = 600");
    fs::write(folder.path().join("small.toml"), text).unwrap();
    let check = |rest: &[&str]| finish(firedrill(folder.path()).args(["check", "small.toml"]).args(rest));
    let usual = check(&[]);
    assert_eq!((usual.status, usual.stderr.as_str()), (0, ""));
    // Of 3 runs none broke it: Wilson's interval ends at 3.84 / (3 + 3.84).
    let line = usual.stdout.lines().nth(1).unwrap();
    assert!(line.starts_with("  ✓ active-active: downtime_s at most 600 in each of these 3 runs: "), "{line}");
    assert!(line.contains("; at 95 %, up to 56.1 % of runs may still break it"), "{line}");
    let more = check(&["--runs", "5"]);
    let warning = "warning: small.toml:72:10: expect.0.stat: max = 600 must hold in every run, so it is met less easily by 5 runs \
                   than by the 3 of the file";
    assert!(more.stderr.starts_with(warning), "{}", more.stderr);
    let json: serde_json::Value = serde_json::from_str(&check(&["--format", "json"]).stdout).unwrap();
    let part = json[0]["findings"][0]["may_break"].as_f64().unwrap();
    assert!((part - 0.5615).abs() < 5e-5, "{part}");
}

#[test]
fn files_of_a_folder_that_begin_with_a_dot_are_left_out() {
    let folder = scratch();
    fs::write(folder.path().join("small.toml"), SMALL).unwrap();
    // What macOS leaves beside a file, and an editor's lock.
    fs::write(folder.path().join("._small.toml"), [0_u8, 5, 22, 7]).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink("someone@host.1", folder.path().join(".#small.toml")).unwrap();
    let done = finish(firedrill(folder.path()).args(["check", ".", "--quiet"]));
    assert_eq!((done.status, done.stderr.as_str()), (0, ""));
    let named = finish(firedrill(folder.path()).args(["check", "._small.toml"]));
    assert_eq!(named.status, 2, "one that is named is read");
}

/// The small scenario with a trace.
fn with_trace(file: &str) -> String {
    let rate = "sessions             = { rate = 2.0 }";
    assert!(SMALL.contains(rate));
    SMALL.replacen(rate, &format!("sessions = {{ trace = {file:?} }}"), 1)
}

#[test]
fn a_report_in_place_of_what_is_read_is_refused_before_the_work() {
    let folder = scratch();
    fs::write(folder.path().join("a.toml"), SMALL).unwrap();
    fs::write(folder.path().join("b.toml"), with_trace("t.csv")).unwrap();
    fs::write(folder.path().join("nonsense.toml"), "name = 1").unwrap();
    fs::write(folder.path().join("t.csv"), "time_s\n1\n").unwrap();
    let before = files(folder.path());
    for target in ["b.toml", "t.csv", "./../{here}/t.csv", "nonsense.toml"] {
        let here = folder.path().file_name().unwrap().to_str().unwrap();
        let target = target.replace("{here}", here);
        let done = finish(firedrill(folder.path()).args(["check", ".", "--runs", "1", "--junit", &target]));
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{target}: {}", done.stderr);
        assert!(done.stderr.contains("must not be overwritten"), "{target}: {}", done.stderr);
        assert!(files(folder.path()) == before, "{target}: something was written");
    }
}

#[test]
fn a_report_takes_the_place_of_a_report_and_of_no_other_file() {
    let folder = scratch();
    fs::write(folder.path().join("small.toml"), SMALL).unwrap();
    let check = |target: &str| {
        finish(firedrill(folder.path()).args(["check", "small.toml", "--runs", "1", "--quiet", "--junit", target]))
    };
    for (name, text) in [("notes.txt", "mine"), ("pom.xml", "<?xml version=\"1.0\"?>\n<project/>"), ("short", "<")] {
        fs::write(folder.path().join(name), text).unwrap();
        let done = check(name);
        assert_eq!((done.status, done.stdout.as_str()), (2, ""), "{}", done.stderr);
        assert!(done.stderr.contains(&format!("{name}: already exists and is no JUnit XML")), "{}", done.stderr);
        assert_eq!(fs::read_to_string(folder.path().join(name)).unwrap(), text);
    }
    fs::write(folder.path().join("empty.xml"), "").unwrap();
    for target in ["empty.xml", "new.xml", "new.xml"] {
        assert!(matches!(check(target).status, 0 | 1), "{target}: {}", check(target).stderr);
        assert!(fs::read_to_string(folder.path().join(target)).unwrap().contains("<testsuites"), "{target}");
    }
}

#[cfg(unix)]
#[test]
fn what_was_checked_before_an_interruption_is_written_and_the_rest_named() {
    use std::io::{BufRead, BufReader, Read};
    use std::process::{Command, Stdio};

    let folder = crate::support::scratch();
    let tiny = crate::support::TINY;
    fs::write(folder.path().join("a.toml"), tiny).unwrap();
    fs::write(folder.path().join("b.toml"), tiny.replace("runs    = 2", "runs    = 300000")).unwrap();
    fs::write(folder.path().join("c.toml"), tiny).unwrap();
    let mut command = crate::support::firedrill(folder.path());
    command.args(["check", "a.toml", "b.toml", "c.toml", "--junit", "found.xml"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A line of the first one: the second is under way.
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let rest: Vec<String> = lines.map(Result::unwrap).collect();
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{first}\n{rest:?}\n{said}");
    let found = fs::read_to_string(folder.path().join("found.xml")).unwrap();
    assert!(found.contains("a.toml") && !found.contains("b.toml"), "{found}");
    for left in ["b.toml: was not checked", "c.toml: was not checked", "stopped after"] {
        assert!(said.contains(left), "no {left:?} in {said}");
    }
}

#[test]
fn two_scenarios_of_one_name_are_refused_before_their_parts_are_made() {
    let folder = crate::support::scratch();
    for name in ["a.toml", "b.toml"] {
        fs::write(folder.path().join(name), crate::support::TINY).unwrap();
    }
    let done = finish(firedrill(folder.path()).args(["check", "a.toml", "b.toml", "--shard", "1/2", "--out", "part"]));
    assert_eq!(done.status, 2, "{}", done.stderr);
    assert!(done.stderr.contains("two scenarios are named"), "{}", done.stderr);
    assert!(!folder.path().join("part").exists());
}

#[test]
fn a_baseline_that_cannot_be_kept_is_said_before_the_first_run() {
    let folder = crate::support::scratch();
    fs::write(folder.path().join("a.toml"), crate::support::TINY).unwrap();
    fs::create_dir_all(folder.path().join("z/baselines")).unwrap();
    fs::write(folder.path().join("z/b.toml"), crate::support::TINY).unwrap();
    fs::write(folder.path().join("z/baselines/main"), "a file where a folder should be").unwrap();
    let done = finish(firedrill(folder.path()).args([
        "check",
        "a.toml",
        "z/b.toml",
        "--save-baseline",
        "main",
        "--seed",
        "3",
    ]));
    assert_ne!(done.status, 0);
    let said = |text: &str| done.stderr.find(text).unwrap_or_else(|| panic!("no {text:?} in {}", done.stderr));
    // The warning of too few runs comes with the first run.
    assert!(said("z/baselines/main") < said("a.txt: keeps"), "{}", done.stderr);
    assert_eq!(done.stderr.matches("z/baselines/main").count(), 1, "{}", done.stderr);
}
