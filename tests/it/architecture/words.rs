//! Names of types, and the first words of doc comments.

use std::collections::BTreeMap;
use std::path::Path;

use super::{code_lines, sources, without_tests};

/// Names that several types still have. The list only shrinks.
const DEFINED_TWICE: [&str; 19] = [
    "Scheduler",
    "Change",
    "Dns",
    "Entry",
    "Evidence",
    "Key",
    "Kind",
    "Mark",
    "Outage",
    "Outages",
    "Part",
    "Point",
    "Promotion",
    "Requests",
    "Seen",
    "Slot",
    "Step",
    "Survey",
    "Target",
];

/// No two types have one name, so that a name says which one is meant. (Types of tests may be called as they like.)
#[test]
fn no_name_of_a_type_is_defined_twice() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (_, file, text) in sources().into_iter().filter(|(_, file, _)| !is_of_tests(file)) {
        for (number, line) in code_lines(without_tests(&file, &text)) {
            if let Some(name) = defined(line) {
                places.entry(name.to_owned()).or_default().push(format!("{}:{number}", file.display()));
            }
        }
    }
    let twice = places.iter().filter(|(name, places)| places.len() > 1 && !DEFINED_TWICE.contains(&name.as_str()));
    let twice: Vec<String> = twice.map(|(name, places)| format!("{name}: {}", places.join(", "))).collect();
    assert!(twice.is_empty(), "{}", twice.join("\n"));
}

/// The name of the type that a line defines. (Types within functions and traits are indented.)
fn defined(line: &str) -> Option<&str> {
    let line = line.strip_prefix("pub").map_or(line, |rest| match rest.strip_prefix('(') {
        Some(scope) => scope.split_once(')').map_or(scope, |(_, rest)| rest),
        None => rest,
    });
    let mut words = line.trim_start_matches(' ').split(|c: char| !c.is_alphanumeric() && c != '_');
    let is_type = words.next().is_some_and(|word| ["struct", "enum", "trait", "type", "union"].contains(&word));
    words.next().filter(|_| is_type && !line.starts_with("    "))
}

fn is_of_tests(file: &Path) -> bool {
    file.iter().any(|part| part == "tests" || part == "tests.rs")
}

#[test]
fn the_scan_sees_every_type_that_is_defined() {
    let seen =
        ["pub struct One<'a> {", "enum Two {", "pub(in crate::study) type Three = u8;", "pub(crate) trait Four {"];
    assert_eq!(seen.map(defined), [Some("One"), Some("Two"), Some("Three"), Some("Four")]);
    for other in ["    type Item = u8;", "pub fn structure() {", "impl One {", "use one::Two;", ""] {
        assert_eq!(defined(other), None, "{other}");
    }
}

/// Words that a doc comment must not open with: it opens with a verb, or names the thing.
const OPENINGS: [&str; 5] = ["What", "Whether", "Who", "How", "When"];

#[test]
fn no_doc_comment_opens_with_a_question_word() {
    let offences: Vec<String> = sources()
        .into_iter()
        .flat_map(|(_, file, text)| {
            opened(&text).map(|number| format!("{}:{number}", file.display())).collect::<Vec<_>>()
        })
        .collect();
    assert!(offences.is_empty(), "doc comments that open with {OPENINGS:?}\n{}", offences.join("\n"));
}

/// The numbers of the lines that begin a doc comment, or a line of one, with such a word.
fn opened(text: &str) -> impl Iterator<Item = usize> {
    let opens = |line: &str| {
        let comment = line.trim_start();
        let words = comment.strip_prefix("/// ").or_else(|| comment.strip_prefix("//! "));
        let first = words.and_then(|words| words.split(|c: char| !c.is_alphanumeric()).next());
        first.is_some_and(|first| OPENINGS.contains(&first))
    };
    text.lines().enumerate().filter(move |(_, line)| opens(line)).map(|(index, _)| index + 1)
}

#[test]
fn the_scan_sees_what_comments_open_with() {
    let text = "//! What it is.\n\n/// The one.\n    /// Whether so.\n/// Whatever.\n// How it is done.\n/// - How\n";
    assert_eq!(Vec::from_iter(opened(text)), [1, 4]);
}
