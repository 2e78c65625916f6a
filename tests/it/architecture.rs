//! The rules that one crate cannot enforce by itself: which room may use which, what a room may touch, how long a file
//! may be, which files may import which, and how types and comments are worded.

mod imports;
mod walls;
mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::repository;

/// Rooms and the rooms that they may use. `cli` may use everything.
const ALLOWED: [(&str, &[&str]); 16] = [
    ("units", &[]),
    ("maths", &[]),
    ("engine", &["units", "maths"]),
    ("scenario", &["units", "maths"]),
    ("stats", &["maths"]),
    ("results", &["units"]),
    ("chart", &["maths"]),
    ("model", &["engine", "scenario", "units", "maths"]),
    ("selfcheck", &["model", "scenario", "maths"]),
    ("explain", &["model", "results", "scenario", "units"]),
    ("study", &["results", "model", "engine", "scenario", "stats", "units", "maths"]),
    ("baseline", &["results", "study", "scenario", "stats"]),
    ("output", &[]),
    ("runlog", &[]),
    ("report", &["results", "chart", "output", "scenario", "baseline", "study", "stats"]),
    (
        "cli",
        &[
            "units",
            "maths",
            "engine",
            "scenario",
            "stats",
            "results",
            "chart",
            "model",
            "selfcheck",
            "explain",
            "study",
            "baseline",
            "output",
            "runlog",
            "report",
        ],
    ),
];

/// Rooms that compute: they open no file, read no environment, and know nothing of the command line or of charts.
const PURE: [&str; 10] =
    ["units", "maths", "engine", "stats", "results", "model", "selfcheck", "explain", "study", "baseline"];
const IMPURE: [&str; 9] =
    ["std::fs", "std::env", "std::process", "std::net", "clap", "indicatif", "plotters", "toml::", "unsafe "];

const LONGEST_FILE: usize = 600;

/// One line of code that names another room.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    to: String,
    item: Option<String>,
}

#[test]
fn no_room_uses_a_room_that_it_may_not() {
    let mut offences = Vec::new();
    for (room, file, text) in sources() {
        let allowed = allowed(&room);
        for (line, edge) in edges(without_tests(&file, &text), file.ends_with("mod.rs")) {
            if edge.to != room && !allowed.contains(&edge.to.as_str()) {
                offences.push(format!("{}:{line}: {room} may not use {}", file.display(), edge.to));
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

/// Whoever shows results concludes nothing: it takes types from the rooms that compute, and no function. (What a type
/// of `study` can say of itself is its method.) Of `scenario` it takes the names of files alone.
#[test]
fn report_takes_types_and_no_functions_from_the_rooms_that_compute() {
    let mut offences = Vec::new();
    for (_, file, text) in sources().into_iter().filter(|(room, ..)| room == "report") {
        for (line, edge) in edges(without_tests(&file, &text), file.ends_with("mod.rs")) {
            let is_type = edge.item.as_ref().is_some_and(|item| item.starts_with(char::is_uppercase));
            if ["study", "stats", "baseline"].contains(&edge.to.as_str()) && !is_type {
                offences.push(format!("{}:{line}: {:?} of {} is no type", file.display(), edge.item, edge.to));
            }
            if edge.to == "scenario" && edge.item.as_deref() != Some("file_name") {
                offences.push(format!("{}:{line}: {:?} of scenario is no name of a file", file.display(), edge.item));
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn rooms_that_compute_touch_nothing_outside() {
    let mut offences = Vec::new();
    for (room, file, text) in sources().into_iter().filter(|(room, ..)| PURE.contains(&room.as_str())) {
        for (number, line) in code_lines(&text) {
            for word in IMPURE.iter().filter(|word| line.contains(**word)) {
                offences.push(format!("{}:{number}: {room} may not touch {word}", file.display()));
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

/// Types that a cast to may lose something. (`usize` and `u64` can lose something, too: clippy finds that, who is told to at the
/// top of the model.)
const NARROW: [&str; 7] = ["u8", "u16", "u32", "i8", "i16", "i32", "f32"];

/// Ids and counts that do not fit are refused, or stay at the most: none is folded onto a smaller one.
#[test]
fn no_cast_of_the_model_truncates() {
    let mut offences = Vec::new();
    // The one file whose casts are wanted, each with its reason.
    let is_exempt = |file: &Path| file.ends_with("model/whole.rs");
    for (_, file, text) in sources().into_iter().filter(|(room, file, _)| room == "model" && !is_exempt(file)) {
        for (number, line) in code_lines(&text) {
            for to in narrowing_casts(line) {
                offences.push(format!("{}:{number}: as {to} may lose something: use try_from", file.display()));
            }
            if line.contains("allow(clippy") || line.contains("expect(clippy") {
                offences.push(format!("{}:{number}: an exception from a lint", file.display()));
            }
        }
    }
    assert!(offences.is_empty(), "{}", offences.join("\n"));
    let top = fs::read_to_string(repository().join("src/model/mod.rs")).unwrap();
    for lint in ["clippy::cast_possible_truncation", "clippy::wildcard_enum_match_arm"] {
        assert!(top.lines().any(|line| line.starts_with("#![deny(") && line.contains(lint)), "{lint} is not denied");
    }
}

#[test]
fn the_scan_sees_casts_that_truncate_and_no_others() {
    let seen = |line| Vec::from_iter(narrowing_casts(line));
    assert_eq!(seen("let id = place as u8;"), ["u8"]);
    assert_eq!(seen("(share * 3.0).ceil() as u32, at as u64, handle.slot as usize, x as u128)"), ["u32"]);
    assert!(seen("use a as u8_alias; bytes: u8 = u8::MAX;").is_empty());
}

/// The narrow types that a line casts to.
fn narrowing_casts(line: &str) -> impl Iterator<Item = &str> {
    let target = |rest: &'_ str| rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let casts = line.match_indices(" as ").map(|(at, word)| &line[at + word.len()..]);
    casts.map(move |rest| &rest[..target(rest)]).filter(|to| NARROW.contains(to))
}

#[test]
fn every_room_has_a_rule() {
    let ruled: BTreeSet<&str> = ALLOWED.iter().map(|(room, _)| *room).collect();
    let found: BTreeMap<String, PathBuf> = sources().into_iter().map(|(room, file, _)| (room, file)).collect();
    let found: BTreeSet<&str> = found.keys().map(String::as_str).collect();
    assert_eq!(found, ruled);
}

#[test]
fn both_maps_of_the_rooms_say_what_is_ruled() {
    for (name, mark) in [("src/lib.rs", "//! | "), ("docs/design.md", "| ")] {
        let text = fs::read_to_string(repository().join(name)).unwrap();
        let mut mapped: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for row in text.lines().filter_map(|line| line.strip_prefix(mark)) {
            let words = |cell: &str| -> BTreeSet<String> {
                let words = cell.split(|c: char| !c.is_alphanumeric()).map(str::to_owned);
                words.filter(|word| ALLOWED.iter().any(|(room, _)| word == room)).collect()
            };
            let cells: Vec<&str> = row.split(" |").collect();
            let is_room = |cell: &str| cell.trim_matches(['[', ']', '`']).chars().all(char::is_alphanumeric);
            if let ([room], [first, _, uses, ..]) = (&Vec::from_iter(words(cells[0]))[..], &cells[..])
                && is_room(first)
            {
                // A room may stand in another table, too, as a part of something else.
                mapped.entry(room.clone()).or_insert_with(|| words(uses));
            }
        }
        for (room, allowed) in ALLOWED.iter().filter(|(room, _)| *room != "cli") {
            let allowed: BTreeSet<String> = allowed.iter().map(|&room| room.to_owned()).collect();
            assert_eq!(mapped.get(*room), Some(&allowed), "{room} in {name}");
        }
        assert!(mapped.contains_key("cli"), "cli in {name}");
    }
}

#[test]
fn no_file_is_too_long() {
    let mut too_long = Vec::new();
    for folder in ["src", "tests", "examples", "benches"] {
        for file in rust_files(&repository().join(folder)) {
            let lines = fs::read_to_string(&file).unwrap().lines().count();
            if lines > LONGEST_FILE {
                too_long.push(format!("{}: {lines} lines, at most {LONGEST_FILE}", file.display()));
            }
        }
    }
    assert!(too_long.is_empty(), "{}", too_long.join("\n"));
}

#[test]
fn the_scan_sees_every_way_to_name_another_room() {
    let text = "use crate::units::SimTime;\n\
                // use crate::cli::run;\n\
                /// See [`crate::cli`].\n\
                use crate::{maths, model::RunOutcome};\n\
                let x = crate::report::table(1);\n\
                use super::super::study::Study;\n\
                use super::stats::Summary;\n";
    let seen = |is_mod| -> Vec<String> { edges(text, is_mod).into_iter().map(|(_, edge)| edge.to).collect() };
    assert_eq!(seen(false), ["units", "maths", "model", "report", "study"]);
    assert_eq!(seen(true), ["units", "maths", "model", "report", "study", "stats"]);
}

fn allowed(room: &str) -> &'static [&'static str] {
    ALLOWED.iter().find(|(name, _)| *name == room).map_or(&[], |(_, allowed)| allowed)
}

/// Every file of every room: the room, the path and the text.
fn sources() -> Vec<(String, PathBuf, String)> {
    let src = repository().join("src");
    let mut found = Vec::new();
    for file in rust_files(&src) {
        let inside = file.strip_prefix(&src).unwrap();
        // `lib.rs` and `main.rs` are no room.
        if let Some(room) = inside.parent().and_then(|folder| folder.iter().next()) {
            found.push((room.to_str().unwrap().to_string(), file.clone(), fs::read_to_string(&file).unwrap()));
        }
    }
    assert!(found.len() > 20, "the sources were not found below {}", src.display());
    found
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Lines that are not comments, with their numbers from 1.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let comment = |line: &str| line.trim_start().starts_with("//");
    text.lines().enumerate().map(|(index, line)| (index + 1, line)).filter(move |(_, line)| !comment(line))
}

/// Returns the names of other rooms in a file. `super::` reaches another room only from a room's own `mod.rs`.
fn edges(text: &str, is_mod: bool) -> Vec<(usize, Edge)> {
    let mut found = Vec::new();
    let mut prefixes = vec!["crate::", "super::super::"];
    if is_mod {
        prefixes.push(" super::");
    }
    for (number, line) in code_lines(text) {
        for prefix in &prefixes {
            for (at, _) in line.match_indices(prefix) {
                let rest = &line[at + prefix.len()..];
                let paths: Vec<&str> = match rest.strip_prefix('{') {
                    Some(group) => group.split(',').map(|path| path.trim_matches([' ', '}', ';'])).collect(),
                    None => vec![rest],
                };
                found.extend(paths.into_iter().flat_map(path_edges).map(|edge| (number, edge)));
            }
        }
    }
    found
}

/// The edges of one path such as `model::{Cause, Phase}`; none if it names no room.
fn path_edges(path: &str) -> Vec<Edge> {
    let word = |text: &str| -> String { text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect() };
    let to = word(path);
    if !ALLOWED.iter().any(|(room, _)| *room == to) {
        return Vec::new();
    }
    let rest = path[to.len()..].strip_prefix("::").unwrap_or("");
    let items: Vec<String> = match rest.strip_prefix('{') {
        Some(group) => group.split('}').next().unwrap_or("").split(',').map(|item| word(item.trim())).collect(),
        None => vec![word(rest)],
    };
    let named = |item: String| Edge { to: to.clone(), item: (!item.is_empty()).then_some(item) };
    items.into_iter().map(named).collect()
}

/// The text before the tests of a file, which may use more.
fn without_tests<'a>(file: &Path, text: &'a str) -> &'a str {
    match file.ends_with("tests.rs") {
        true => "",
        false => text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text),
    }
}
