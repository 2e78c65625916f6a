//! `firedrill check`: what it prints, and its exit status.

use std::fs;

use crate::support::{SMALL, finish, firedrill, scratch};

#[test]
fn expectations_that_hold_are_status_0_and_write_no_files() {
    let folder = scratch();
    fs::create_dir(folder.path().join("scenarios")).unwrap();
    fs::write(folder.path().join("scenarios/small.toml"), SMALL).unwrap();
    let done = finish(firedrill(folder.path()).arg("check"));
    assert_eq!(done.status, 0, "{}", done.stderr);
    let first = "scenarios/small.toml\n  pass  active-active: mean of availability_requests at least 0.1: ";
    assert!(done.stdout.starts_with(first), "{}", done.stdout);
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a folder of results was written");
}

#[test]
fn one_that_fails_is_status_1_and_says_how_to_see_more() {
    let folder = scratch();
    fs::write(folder.path().join("small.toml"), SMALL.replace("min    = 0.1", "min    = 0.999")).unwrap();
    let done = finish(firedrill(folder.path()).args(["check", "small.toml", "--runs", "2"]));
    assert_eq!(done.status, 1, "{}", done.stderr);
    assert!(
        done.stdout.contains("\n  FAIL  active-active: mean of availability_requests at least 0.999: "),
        "{}",
        done.stdout
    );
    assert!(done.stdout.ends_with("\n  to see more: firedrill run small.toml\n"), "{}", done.stdout);
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
    assert!(done.stdout.starts_with("./b.toml\n  pass"), "{}", done.stdout);
    assert!(done.stderr.contains("a.toml") && done.stderr.contains("c.toml"), "{}", done.stderr);
}

#[test]
fn a_folder_without_scenarios_is_said_to_be_one() {
    let done = finish(firedrill(scratch().path()).args(["check", "."]));
    assert_eq!(done.status, 2);
    assert!(done.stderr.contains("no scenario (*.toml) in this folder"), "{}", done.stderr);
}
