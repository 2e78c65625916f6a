//! Imports between the files of one room: no circles.
//!
//! A file imports another by naming it or something in it. What a `mod.rs` passes on counts as an import of the `mod.rs`, which
//! itself imports what it passes on: so a file that reaches its sibling through their parent is in a circle, too.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::{ALLOWED, code_lines, sources, without_tests};
use crate::support::repository;

/// Rooms in which files still import each other in circles, and the most files that may be in one. Numbers only shrink.
const CIRCULAR: [(&str, usize); 14] = [
    ("baseline", 5),
    ("chart", 22),
    ("cli", 29),
    ("engine", 8),
    ("explain", 5),
    ("maths", 2),
    ("model", 42),
    ("output", 10),
    ("report", 22),
    ("results", 31),
    ("runlog", 4),
    ("scenario", 42),
    ("selfcheck", 7),
    ("stats", 8),
];

/// Modules of a room, as paths below it; the room itself is the empty one.
type Module = Vec<String>;

#[test]
fn no_files_of_a_room_import_each_other_in_a_circle() {
    let mut offences = Vec::new();
    for (room, _) in ALLOWED {
        let imports = imports(room);
        let circular: Vec<&Module> = imports.keys().filter(|file| reaches(&imports, file, file)).collect();
        let most = CIRCULAR.iter().find(|(known, _)| *known == room).map_or(0, |(_, most)| *most);
        if circular.len() > most {
            let names: Vec<String> = circular.iter().map(|file| file.join("/")).collect();
            offences.push(format!("{room}: {} files, at most {most}: {}", circular.len(), names.join(", ")));
        }
    }
    assert!(offences.is_empty(), "files that import each other in a circle:\n{}", offences.join("\n"));
}

/// Tells whether a chain of one import or more leads from a file to another.
fn reaches(imports: &BTreeMap<Module, BTreeSet<Module>>, from: &Module, to: &Module) -> bool {
    let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(file) = next.pop() {
        for imported in imports.get(file).into_iter().flatten() {
            if imported == to {
                return true;
            }
            if seen.insert(imported) {
                next.push(imported);
            }
        }
    }
    false
}

/// The files that each file of a room imports.
fn imports(room: &str) -> BTreeMap<Module, BTreeSet<Module>> {
    let src = repository().join("src").join(room);
    let files = sources().into_iter().filter(|(of, ..)| of == room);
    let texts: BTreeMap<Module, String> = files
        .filter(|(_, file, _)| !file.iter().any(|part| part == "tests" || part == "tests.rs"))
        .map(|(_, file, text)| (module(file.strip_prefix(&src).unwrap()), without_tests(&file, &text).to_owned()))
        .collect();
    let known: BTreeSet<Module> = texts.keys().cloned().collect();
    let of = |file: &Module, text: &str| -> BTreeSet<Module> {
        let code: Vec<&str> = code_lines(text).map(|(_, line)| line).collect();
        let named =
            paths(&without_scopes(&code.join("\n"))).into_iter().filter_map(|path| resolved(&path, room, file, &known));
        named.filter(|imported| imported != file).collect()
    };
    texts.iter().map(|(file, text)| (file.clone(), of(file, text))).collect()
}

fn module(file: &Path) -> Module {
    let parts = file.with_extension("");
    let parts = parts.iter().map(|part| part.to_str().unwrap().to_owned());
    parts.filter(|part| part != "mod").collect()
}

/// The text without the scopes of `pub(in …)`, which import nothing.
fn without_scopes(code: &str) -> String {
    let mut parts = code.split("pub(in ");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once(')').map_or(part, |(_, rest)| rest))
}

/// Every path of a text that has a `::`, with the groups of `use` spelled out.
fn paths(code: &str) -> Vec<String> {
    let is_path = |c: char| c.is_alphanumeric() || c == '_' || c == ':';
    let mut found = Vec::new();
    let mut rest = code;
    while let Some(at) = rest.find("::") {
        let start = rest[..at].rfind(|c| !is_path(c)).map_or(0, |before| before + 1);
        let end = rest[at..].find(|c| !is_path(c)).map_or(rest.len(), |after| at + after);
        let path = &rest[start..end];
        let group = rest[end..].strip_prefix('{').filter(|_| path.ends_with("::"));
        match group.and_then(|inside| Some((inside, closing(inside)?))) {
            Some((inside, close)) => {
                found.extend(alternatives(&inside[..close]).into_iter().map(|one| format!("{path}{one}")));
                rest = &inside[close..];
            }
            None => {
                found.push(path.trim_end_matches(':').to_owned());
                rest = &rest[end..];
            }
        }
    }
    found
}

/// The place of the brace that closes a group.
fn closing(inside: &str) -> Option<usize> {
    let mut depth = 1;
    inside.find(|c| {
        depth += i32::from(c == '{') - i32::from(c == '}');
        depth == 0
    })
}

/// The paths of a group such as `a, b::{c, d}`.
fn alternatives(group: &str) -> Vec<String> {
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (at, c) in group.char_indices() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if c == ',' && depth == 0 {
            parts.push(&group[start..at]);
            start = at + 1;
        }
    }
    parts.push(&group[start..]);
    let parts = parts.into_iter().map(str::trim).filter(|part| !part.is_empty());
    parts
        .flat_map(|part| match part.split_once('{') {
            Some((before, inside)) => {
                let inside = inside.trim_end().trim_end_matches('}');
                alternatives(inside).into_iter().map(|one| format!("{before}{one}")).collect()
            }
            None => vec![part.split_whitespace().next().unwrap_or_default().to_owned()],
        })
        .collect()
}

/// The file of the room that a path in `file` leads to, if it leads to one.
fn resolved(path: &str, room: &str, file: &Module, known: &BTreeSet<Module>) -> Option<Module> {
    let mut names = path.split("::").peekable();
    let mut place: Module = match names.peek()? {
        &"crate" => {
            names.next();
            (names.next()? == room).then(Vec::new)?
        }
        &"super" => file.clone(),
        // A module that is declared here.
        name => {
            let mut child = file.clone();
            child.push((*name).to_owned());
            known.contains(&child).then(|| file.clone())?
        }
    };
    while names.peek() == Some(&"super") {
        names.next();
        place.pop()?;
    }
    for name in names {
        place.push(name.to_owned());
        if !known.contains(&place) {
            place.pop();
            break;
        }
    }
    Some(place)
}

#[test]
fn the_scan_sees_every_way_to_import_a_file_of_the_same_room() {
    let known: BTreeSet<Module> = ["", "a", "a/b", "a/c", "d"]
        .map(|name| name.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect())
        .into();
    let seen = |file: &str, code: &str| -> Vec<String> {
        let file: Module = file.split('/').map(str::to_owned).collect();
        let found = paths(code).into_iter().filter_map(|path| resolved(&path, "room", &file, &known));
        found.map(|module| module.join("/")).collect()
    };
    assert_eq!(seen("a/b", "use super::c::{One, Two};"), ["a/c", "a/c"]);
    assert_eq!(seen("a/b", "use super::One;\nuse crate::room::{a::c::One, d::{self, Two}};"), ["a", "a/c", "d", "d"]);
    assert_eq!(seen("a/b", "let x = super::super::d::f(1) + c::g();"), ["d"]);
    assert_eq!(seen("a", "pub use b::One;\nlet x = c::g();"), ["a/b", "a/c"]);
    assert_eq!(seen("a", "use crate::other::d::One;"), Vec::<String>::new());
    assert_eq!(without_scopes("pub(in super::super) fn f() {}\nd::g();"), " fn f() {}\nd::g();");
}

#[test]
fn a_file_that_reaches_its_sibling_through_their_parent_is_in_a_circle() {
    let one = |name: &str| vec![name.to_owned()];
    let imports = BTreeMap::from([
        (Module::new(), BTreeSet::from([one("a"), one("b")])),
        (one("a"), BTreeSet::from([Module::new()])),
        (one("b"), BTreeSet::new()),
    ]);
    assert!(reaches(&imports, &one("a"), &one("a")) && !reaches(&imports, &one("b"), &one("b")));
}
