//! Imports between the files of one room: no circles, and no way to a sibling through the `mod.rs` of both.
//!
//! A file imports the file that defines what it names. What a `mod.rs` hands on (`pub use`) is imported by who takes it, from
//! where it is defined.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::{ALLOWED, code_lines, sources, without_tests};
use crate::support::repository;

/// Rooms in which files still import each other in circles, and the most files that may be in one. Numbers only shrink.
const CIRCULAR: [(&str, usize); 2] = [("cli", 6), ("scenario", 10)];

/// Modules of a room, as paths below it; the room itself is the empty one.
pub(super) type Module = Vec<String>;

/// The names of its room that a file uses.
#[derive(Clone, Debug, Default)]
pub(super) struct Imports {
    /// The files that define it.
    pub(super) files: BTreeSet<Module>,
    /// Paths to siblings through a `mod.rs` above it, which hands them on.
    through_mod: Vec<String>,
}

/// A path that a file names.
struct Used {
    path: Vec<String>,
    /// True of `pub use`.
    is_handed_on: bool,
}

/// The names that each file of a room uses.
type Names = BTreeMap<Module, Vec<Used>>;

#[test]
fn no_files_of_a_room_import_each_other_in_a_circle() {
    let circular = |room: &str| in_circles(&imports(room)).iter().map(|file| file.join("/")).collect();
    assert_at_most("files that import each other in a circle", &CIRCULAR, circular);
}

#[test]
fn no_file_reaches_a_sibling_through_the_mod_of_both() {
    let through = |room: &str| {
        let of = |(file, imports): (Module, Imports)| {
            let name = file.join("/");
            imports.through_mod.into_iter().map(move |path| format!("{name}: {path}"))
        };
        imports(room).into_iter().flat_map(of).collect()
    };
    assert_at_most("imports of a sibling through the mod.rs of both", &[], through);
}

/// Asserts that no room has more offences than are known of it.
fn assert_at_most(what: &str, known: &[(&str, usize)], offences: impl Fn(&str) -> Vec<String>) {
    let mut found = Vec::new();
    for (room, _) in ALLOWED {
        let offences = offences(room);
        let most = known.iter().find(|(known, _)| *known == room).map_or(0, |(_, most)| *most);
        if offences.len() > most {
            found.push(format!("{room}: {}, at most {most}:\n{}", offences.len(), offences.join("\n")));
        }
    }
    assert!(found.is_empty(), "{what}:\n{}", found.join("\n"));
}

/// The files that import themselves by way of others.
pub(super) fn in_circles(imports: &BTreeMap<Module, Imports>) -> Vec<Module> {
    let comes_back = |file: &&Module| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![*file]);
        while let Some(at) = next.pop() {
            next.extend(imports.get(at).into_iter().flat_map(|of| &of.files).filter(|to| seen.insert(*to)));
        }
        seen.contains(file)
    };
    imports.keys().filter(comes_back).cloned().collect()
}

/// The imports of each file of a room, tests left out.
pub(super) fn imports(room: &str) -> BTreeMap<Module, Imports> {
    let src = repository().join("src").join(room);
    let files = sources().into_iter().filter(|(of, ..)| of == room);
    let texts = files.filter(|(_, file, _)| !file.iter().any(|part| part == "tests" || part == "tests.rs"));
    let names = |(_, file, text): (String, PathBuf, String)| {
        (module(file.strip_prefix(&src).unwrap()), used(without_tests(&file, &text)))
    };
    imports_of(room, &texts.map(names).collect())
}

/// The imports of each file of a room with these names.
fn imports_of(room: &str, names: &Names) -> BTreeMap<Module, Imports> {
    let of = |(file, used): (&Module, &Vec<Used>)| {
        let mut imports = Imports::default();
        for used in used.iter().filter(|used| !used.is_handed_on) {
            let Some((at, rest)) = resolved(&used.path, room, file, names) else { continue };
            let defined = definer(room, &at, rest, names);
            if defined != at && at != *file && file.starts_with(&at) {
                imports.through_mod.push(used.path.join("::"));
            }
            if defined != *file {
                imports.files.insert(defined);
            }
        }
        (file.clone(), imports)
    };
    names.iter().map(of).collect()
}

/// The file that defines what the module `at` has under the first of `names`: another one, if it is handed on.
fn definer(room: &str, at: &Module, names: &[String], all: &Names) -> Module {
    let handed_on = |used: &&Used| used.is_handed_on && used.path.last() == names.first();
    let from = all[at].iter().find(handed_on).and_then(|used| resolved(&used.path, room, at, all));
    match from {
        Some((next, rest)) if next != *at => definer(room, &next, rest, all),
        Some(_) | None => at.clone(),
    }
}

fn module(file: &Path) -> Module {
    let parts = file.with_extension("");
    let parts = parts.iter().map(|part| part.to_str().unwrap().to_owned());
    parts.filter(|part| part != "mod").collect()
}

/// Every path that a text names.
fn used(text: &str) -> Vec<Used> {
    let mut code = [String::new(), String::new()];
    let mut is_handed_on = false;
    for (_, line) in code_lines(text) {
        let line = line.split(" //").next().unwrap_or(line);
        is_handed_on |= line.starts_with("pub") && line.contains(" use ");
        code[usize::from(is_handed_on)] += line;
        code[usize::from(is_handed_on)].push('\n');
        is_handed_on &= !line.ends_with(';');
    }
    let split = |path: &String| path.split("::").map(str::to_owned).collect();
    let named = code.iter().zip([false, true]).map(|(code, is_handed_on)| {
        let paths = paths(&without_scopes(code));
        paths.iter().map(|path| Used { path: split(path), is_handed_on }).collect::<Vec<_>>()
    });
    named.flatten().collect()
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

/// The module of the room that a path in `file` leads to, if it leads to one, and the rest of the path.
fn resolved<'p>(path: &'p [String], room: &str, file: &Module, known: &Names) -> Option<(Module, &'p [String])> {
    let mut rest = path;
    let mut place: Module = match path.first()?.as_str() {
        "crate" => {
            rest = &path[2..];
            (path[1] == room).then(Vec::new)?
        }
        "super" => file.clone(),
        // A module that is declared here.
        name => known.contains_key(&[file.as_slice(), &[name.to_owned()]].concat()).then(|| file.clone())?,
    };
    while rest.first().is_some_and(|name| name == "super") {
        place.pop()?;
        rest = &rest[1..];
    }
    while let Some((name, more)) = rest.split_first() {
        place.push(name.clone());
        if !known.contains_key(&place) {
            place.pop();
            break;
        }
        rest = more;
    }
    Some((place, rest))
}

mod tests {
    use super::*;

    fn names(texts: &[(&str, &str)]) -> Names {
        texts.iter().map(|(file, text)| (module(Path::new(file)), used(text))).collect()
    }

    fn circles(texts: &[(&str, &str)]) -> Vec<String> {
        in_circles(&imports_of("room", &names(texts))).iter().map(|file| file.join("/")).collect()
    }

    #[test]
    fn the_scan_sees_every_way_to_import_a_file_of_the_same_room() {
        let files = [("mod.rs", ""), ("a/mod.rs", ""), ("a/b.rs", ""), ("a/c.rs", ""), ("d.rs", "")];
        let seen = |file: &str, code: &str| -> Vec<String> {
            let mut files: Vec<(&str, &str)> = files.into_iter().filter(|(name, _)| *name != file).collect();
            files.push((file, code));
            let imports = imports_of("room", &names(&files));
            imports[&module(Path::new(file))].files.iter().map(|file| file.join("/")).collect()
        };
        assert_eq!(seen("a/b.rs", "use super::c::{One, Two};"), ["a/c"]);
        assert_eq!(seen("a/b.rs", "use super::One;\nuse crate::room::{a::c::One, d::{self, Two}};"), ["a", "a/c", "d"]);
        assert_eq!(seen("a/b.rs", "let x = super::super::d::f(1) + c::g();"), ["d"]);
        assert_eq!(seen("a/mod.rs", "pub(in crate::room) use b::One;\nlet x = c::g();"), ["a/c"]);
        assert_eq!(seen("a/mod.rs", "use crate::other::d::One;\n// use super::d::One;"), Vec::<String>::new());
        assert_eq!(without_scopes("pub(in super::super) fn f() {}\nd::g();"), " fn f() {}\nd::g();");
    }

    #[test]
    fn the_search_sees_circles_by_every_way_to_import() {
        let none = Vec::<String>::new();
        assert_eq!(circles(&[("a.rs", "use super::b::B;"), ("b.rs", "use super::c::C;"), ("c.rs", "struct C;")]), none);
        assert_eq!(circles(&[("a.rs", "use super::b::B;"), ("b.rs", "use super::a::{A, Other};")]), ["a", "b"]);
        assert_eq!(circles(&[("a.rs", "// use super::b::B;"), ("b.rs", "use super::a::A;")]), none);
        // A room's name stands for the file that defines what is taken from it.
        let room = ("room/mod.rs", "mod one;\nmod two;\npub(super) use one::One;\npub(super) use two::{\n    Two,\n};");
        let one = ("room/one.rs", "use super::super::outside::Out;");
        let rest = |outside| [room, one, ("room/two.rs", ""), ("outside.rs", outside), ("mod.rs", "")];
        assert_eq!(circles(&rest("use super::room::Two;")), none);
        assert_eq!(circles(&rest("use super::room::{Two, One};")), ["outside", "room/one"]);
        let defines = ("room/mod.rs", "mod one;\nuse one::One;\nstruct Room(One);");
        assert_eq!(circles(&[defines, ("room/one.rs", "use super::Room;")]), ["room", "room/one"]);
    }

    #[test]
    fn the_search_sees_siblings_that_are_reached_through_the_mod_of_both() {
        let room = ("mod.rs", "mod a;\nmod b;\npub use a::A;\nstruct Own;");
        let through = |text: &str| {
            let imports = imports_of("room", &names(&[room, ("a.rs", ""), ("b.rs", text)]));
            imports[&vec!["b".to_owned()]].through_mod.clone()
        };
        assert_eq!(through("use super::{A, Own};"), ["super::A"]);
        assert_eq!(through("let a = crate::room::A::new();"), ["crate::room::A::new"]);
        assert_eq!(through("use super::a::A;\nuse super::Own;"), Vec::<String>::new());
    }
}
