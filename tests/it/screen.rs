//! The last screen of a comparison, and the same results as Markdown.

use crate::support::{
    Finished, SMALL, finish, firedrill, in_folder, region_outage, region_outage_in_form, scratch, write_scenario,
};

fn compared(scenario: &str, args: &[&str]) -> Finished {
    let folder = scratch();
    let path = write_scenario(folder.path(), scenario);
    finish(firedrill(folder.path()).args(["compare", path, "--out", "out"]).args(args))
}

/// Checks what a terminal shows when the command has ended: the results and the closing lines, all but the first of stderr.
fn assert_fits(done: &Finished) {
    let closing: Vec<&str> = done.stderr.lines().skip(1).collect();
    assert!(closing.iter().any(|line| line.ends_with(" requests/s")), "no speed in\n{}", done.stderr);
    let lines: Vec<&str> = done.stdout.lines().chain(closing).collect();
    assert!(lines.len() <= 24, "{} lines:\n{}", lines.len(), lines.join("\n"));
    for line in lines {
        assert!(line.chars().count() <= 80, "{} columns: {line}", line.chars().count());
    }
}

/// The small scenario with `more` designs like its first, under other names.
fn with_more_designs(more: usize) -> String {
    let (head, rest) = SMALL.split_once("[designs.active-active]").unwrap();
    let (first, tail) = rest.split_once("[designs.active-passive]").unwrap();
    let others: String = (0..more).map(|number| format!("[designs.another-{number}]{first}")).collect();
    format!("{head}[designs.active-active]{first}{others}[designs.active-passive]{tail}")
}

#[test]
fn a_comparison_of_up_to_three_designs_fits_a_screen() {
    for more in [0, 1] {
        let done = compared(&with_more_designs(more), &["--runs", "6"]);
        assert_fits(&done);
        for expected in ["active-active", "active-passive", "lost service", "Fix first in active-active: ", "--verbose"]
        {
            assert!(done.stdout.contains(expected), "no {expected:?} in\n{}", done.stdout);
        }
    }
    let done = &region_outage().0;
    assert_fits(done);
    assert!(done.stdout.contains("times as much service as active-active"), "{}", done.stdout);
    assert!(
        done.stdout.lines().any(|line| line.starts_with("RTO of 5 min met ") && line.contains(" of 40 runs")),
        "{}",
        done.stdout
    );
}

#[test]
fn of_many_designs_the_best_and_the_worst_are_shown_and_the_rest_counted() {
    let done = compared(&with_more_designs(3), &["--runs", "6"]);
    assert_fits(&done);
    assert!(done.stdout.contains("3 more designs"), "{}", done.stdout);
    let columns = done.stdout.lines().find(|line| line.starts_with("      ")).expect("the names of the columns");
    assert!(columns.split_whitespace().count() == 2, "{columns}");
}

#[test]
fn every_metric_and_pair_is_there_with_verbose() {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), SMALL);
    let print = |more: &[&str]| {
        in_folder(folder.path(), &[&["compare", scenario, "--out", "out", "--runs", "6"], more].concat())
    };
    // The second is of the files of the first.
    let [brief, verbose] = [&[][..], &["--verbose", "--resume"]].map(print);
    let pairs = "active-active against active-passive, run by run";
    assert!(verbose.stdout.contains(pairs) && verbose.stdout.contains("attempts per request"), "{}", verbose.stdout);
    assert!(!brief.stdout.contains(pairs) && !brief.stdout.contains("attempts per request"), "{}", brief.stdout);
}

#[test]
fn markdown_has_a_table_that_hostile_names_do_not_break() {
    let hostile = SMALL.replace("[designs.active-passive]", "[designs.\"a|b <script>\"]");
    let hostile = hostile.replace("\"active-passive\"", "\"a|b <script>\"");
    let done = compared(&hostile, &["--runs", "6", "--format", "markdown"]);
    assert!(done.stdout.contains("| | active-active | a\\|b &lt;script> |\n|---|---|---|\n"), "{}", done.stdout);
    assert!(!done.stdout.contains("<script"), "{}", done.stdout);
    assert!(done.stdout.contains("### What to fix first"), "{}", done.stdout);
    let folder = scratch();
    let path = write_scenario(folder.path(), SMALL);
    let explain = ["explain", path, "--design", "active-active", "--run", "0", "--format", "markdown"];
    let done = finish(firedrill(folder.path()).args(explain));
    assert!(
        done.stdout.contains("| # | at, s | because of | what happened |\n|---|---|---|---|\n| 1 |"),
        "{}",
        done.stdout
    );
}

#[test]
fn run_and_verbose_open_with_the_same_block_as_the_screen() {
    let brief = &region_outage().0.stdout;
    let verbose = region_outage_in_form(&["--verbose"]).stdout;
    let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let headline = brief.lines().next().unwrap();
    assert!(verbose.starts_with(headline), "{verbose}");
    let ratio = "times as much service as active-active (95 % interval ";
    let first = "Fix first in active-active: ";
    for part in [ratio, first] {
        let (before, _) = joined(&verbose).split_once(part).map(|(one, two)| (one.to_owned(), two.to_owned())).unwrap();
        assert!(joined(brief).contains(part) && !before.contains("± half of"), "{part:?} opens {verbose}");
    }
    let folder = scratch();
    let path = write_scenario(folder.path(), SMALL);
    let run = finish(firedrill(folder.path()).args(["run", path, "--design", "active-active", "--out", "out"]));
    assert!(run.stdout.starts_with("small: what happens to active-active\n"), "{}", run.stdout);
    assert!(run.stdout.contains("\nFix first in active-active: "), "{}", run.stdout);
}
