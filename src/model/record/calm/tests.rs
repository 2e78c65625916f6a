//! Classes of windows by hand: each character of a string is a window, `-` a bad one.

use super::*;

/// Windows of 10 s from second 100 on; the aftermath lasts 60 s, and after 20 s a window is known.
const FIRST: u64 = 100;
const WINDOW: u64 = 10;
const AFTERMATH: u64 = 60;
const PATIENCE: u64 = 20;

fn at(seconds: u64) -> SimTime {
    SimTime::ZERO + SimDuration::from_secs(seconds)
}

/// Something that changes in the world at a second.
#[derive(Clone, Copy)]
enum Event {
    Incident(u64, u64),
    /// A role changes hands: announced, then under way, then done.
    Switch(u64, u64),
    /// A planned switch is due, and declined.
    Declined(u64),
    /// Answers lead elsewhere.
    Unsettled(u64, u64),
}

/// A watch that has seen `windows` (`-`: bad) and `events`.
fn watch(windows: &str, events: &[Event]) -> CalmWatch {
    let second = SimDuration::from_secs;
    let grid = WindowTimes { from: at(FIRST), to: at(FIRST + windows.len() as u64 * WINDOW), window: second(WINDOW) };
    let mut watch = CalmWatch::new(grid, second(AFTERMATH), second(PATIENCE));
    for event in events {
        match *event {
            Event::Incident(from, _) => watch.announce(at(from), Announced::Incident),
            Event::Switch(from, _) | Event::Declined(from) => watch.announce(at(from), Announced::PlannedChange),
            Event::Unsettled(..) => {}
        }
    }
    let is_bad = |window: usize| windows.as_bytes()[window] == b'-';
    for now in 0..FIRST + windows.len() as u64 * WINDOW {
        let (mut is_changing, mut is_settled) = (false, true);
        for event in events {
            match *event {
                Event::Incident(from, to) if now == from || now == to => watch.incident(now == from),
                Event::Switch(from, to) => is_changing |= (from..to).contains(&now),
                Event::Unsettled(from, to) => is_settled &= !(from..to).contains(&now),
                Event::Incident(..) | Event::Declined(_) => {}
            }
        }
        watch.note(at(now), is_changing, is_settled);
        if now >= FIRST && now.is_multiple_of(WINDOW) {
            watch.window_starts(at(now), is_bad);
        }
    }
    watch.finish(is_bad);
    watch
}

/// The classes: `b` before, `c` calm again, `.` disturbed.
fn classes(windows: &str, events: &[Event]) -> String {
    let class = |class: &Class| match class {
        Class::Before => 'b',
        Class::Again => 'c',
        Class::Undecided => '?',
        Class::Disturbed => '.',
    };
    watch(windows, events).classes.iter().map(class).collect()
}

fn disruptions(windows: &str, events: &[Event]) -> Vec<(usize, Option<usize>)> {
    watch(windows, events).disruptions().iter().map(|range| (range.from, range.until)).collect()
}

#[test]
fn a_run_without_incidents_is_calm_whatever_its_windows() {
    assert_eq!(classes("+++--+++", &[]), "bbbbbbbb");
}

#[test]
fn calm_ends_with_the_window_in_which_an_incident_begins_and_comes_again_an_aftermath_after_its_end() {
    // From 125 to 145; 145 + 60 = 205, and the first window from there on begins at 210.
    let incident = [Event::Incident(125, 145)];
    assert_eq!(classes("++++++++++++++", &incident), "bb.........ccc");
    assert_eq!(disruptions("++++++++++++++", &incident), [(2, Some(11))]);
    // One that begins with a window leaves the window before it calm.
    assert_eq!(classes("++++++++++++++", &[Event::Incident(120, 140)]), "bb........cccc");
}

#[test]
fn bad_windows_that_follow_by_less_than_an_aftermath_put_calm_off() {
    // The last bad window is that from 190 to 200: calm is from 260 on.
    assert_eq!(classes("++--+++++-++++++++", &[Event::Incident(125, 145)]), "bb..............cc");
    assert_eq!(disruptions("++--+++++-++++++++", &[Event::Incident(125, 145)]), [(2, Some(16))]);
}

#[test]
fn a_bad_window_that_is_known_only_after_the_aftermath_takes_back_what_was_undecided() {
    // The end is 145, and calm would come at 210; that the window from 200 to 210 is bad is known at 230.
    assert_eq!(classes("++++++++++-+++++++++", &[Event::Incident(125, 145)]), "bb...............ccc");
    assert_eq!(disruptions("++++++++++-+++++++++", &[Event::Incident(125, 145)]), [(2, Some(17))]);
    // Known only at the end of the run.
    assert_eq!(classes("++++++++++-++", &[Event::Incident(125, 145)]), "bb...........");
    assert_eq!(disruptions("++++++++++-++", &[Event::Incident(125, 145)]), [(2, None)]);
}

#[test]
fn a_bad_window_later_than_that_is_one_of_calm_time() {
    assert_eq!(classes("+++++++++++++-+++", &[Event::Incident(125, 145)]), "bb.........cccccc");
}

#[test]
fn an_incident_that_comes_while_windows_are_undecided_does_not_decide_them() {
    let incidents = [Event::Incident(125, 145), Event::Incident(223, 224)];
    // Calm from 210 on, the next one in the window from 220, and calm from 290 on.
    assert_eq!(classes("++++++++++++++++++++++", &incidents), "bb.........c.......ccc");
    assert_eq!(disruptions("++++++++++++++++++++++", &incidents), [(2, Some(11)), (12, Some(19))]);
    // A bad window before them, known at 230, makes one disruption of both.
    assert_eq!(classes("++++++++++-+++++++++++", &incidents), "bb.................ccc");
    assert_eq!(disruptions("++++++++++-+++++++++++", &incidents), [(2, Some(19))]);
}

#[test]
fn calm_waits_until_all_is_settled_and_a_disruption_does_not() {
    let events = [Event::Incident(125, 145), Event::Unsettled(130, 235)];
    assert_eq!(classes("++++++++++++++++", &events), "bb............cc");
    assert_eq!(disruptions("++++++++++++++++", &events), [(2, Some(11))]);
    let never = [Event::Incident(125, 145), Event::Unsettled(130, 10_000)];
    assert_eq!(classes("++++++++++++++++", &never), "bb..............");
    // A false alarm without an incident ends no calm.
    assert_eq!(classes("++++++++", &[Event::Unsettled(130, 150)]), "bbbbbbbb");
}

#[test]
fn a_planned_change_ends_calm_too_even_if_it_is_declined() {
    assert_eq!(classes("++++++++++++", &[Event::Switch(115, 128)]), "b........ccc");
    assert!(watch("++++++++++++", &[Event::Switch(115, 128)]).disruptions().iter().all(|one| !one.begins_incident));
    assert_eq!(classes("++++++++++++", &[Event::Declined(115)]), "b.......cccc");
}

#[test]
fn an_incident_before_measured_time_leaves_no_calm_before_it_and_no_whole_disruption() {
    let incident = [Event::Incident(50, 105)];
    assert_eq!(classes("++++++++++", &incident), ".......ccc");
    assert!(watch("++++++++++", &incident).disruptions().iter().all(|range| !range.is_whole));
    // Over long before.
    assert_eq!(classes("++++++++++", &[Event::Incident(5, 10)]), "cccccccccc");
    // One that begins with measured time is whole.
    assert!(watch("++++++++++", &[Event::Incident(100, 105)]).disruptions()[0].is_whole);
}
