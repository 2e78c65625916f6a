//! The walls inside the model: no file is in a circle with another, and what an owner keeps is its room's own affair.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::repository;

/// A file of the model by its path as a module: `["dns", "look_up"]`, and a room's `mod.rs`: `["dns"]`.
type Module = Vec<String>;

/// The only file that uses the world: it runs it. Flows say what they touch.
const SEE_THE_WORLD: [&str; 1] = ["simulate"];

/// Those whose fields nobody outside their room may see.
const OWNERS: [&str; 5] = ["Books", "Data", "Dns", "Regions", "Visitors"];

#[test]
fn no_file_of_the_model_is_in_a_circle_with_another() {
    let mut imports = imports(&model());
    let world = vec!["world".to_owned()];
    let see_it: Vec<String> =
        imports.iter().filter(|(_, imported)| imported.contains(&world)).map(|(file, _)| file.join("/")).collect();
    assert_eq!(see_it, SEE_THE_WORLD);
    imports.remove(&world);
    assert_eq!(in_circles(&imports), Vec::<Vec<String>>::new());
}

#[test]
fn the_fields_of_the_owners_are_their_rooms_own() {
    let files = model();
    for owner in OWNERS {
        let (file, fields) = files
            .iter()
            .find_map(|(file, (path, text))| Some(((file, path), fields_of(owner, text)?)))
            .unwrap_or_else(|| panic!("there is no {owner}"));
        let open = open_fields(&fields, file.1.ends_with("mod.rs"));
        assert_eq!(open, Vec::<String>::new(), "fields of {owner} in {}", file.1.display());
    }
}

#[test]
fn the_search_sees_circles_by_every_way_to_import() {
    let files = |texts: &[(&str, &str)]| -> BTreeMap<Module, (PathBuf, String)> {
        let file = |(path, text): &(&str, &str)| (module(Path::new(path)), (PathBuf::from(path), (*text).to_owned()));
        texts.iter().map(file).collect()
    };
    let circles = |texts: &[(&str, &str)]| in_circles(&imports(&files(texts)));
    let of_two = |name: &str, other: &str| vec![vec![name.to_owned()], vec![other.to_owned()]];
    assert_eq!(
        circles(&[("a.rs", "use super::b::B;"), ("b.rs", "use super::c::C;"), ("c.rs", "struct C;")]),
        of_two("", "")[..0]
    );
    assert_eq!(circles(&[("a.rs", "use super::b::B;"), ("b.rs", "use super::a::{A, Other};")]), of_two("a", "b"));
    // A room's name stands for the file that defines what is taken from it.
    let room = ("room/mod.rs", "mod one;\nmod two;\npub(super) use one::One;\npub(super) use two::{\n    Two,\n};");
    let one = ("room/one.rs", "use super::super::outside::Out;");
    assert_eq!(
        circles(&[room, one, ("room/two.rs", ""), ("outside.rs", "use super::room::Two;")]),
        of_two("", "")[..0]
    );
    let through = circles(&[room, one, ("room/two.rs", ""), ("outside.rs", "use super::room::{Two, One};")]);
    assert_eq!(through, [vec!["outside".to_owned()], vec!["room".to_owned(), "one".to_owned()]]);
    let defines = ("room/mod.rs", "mod one;\nuse one::One;\nstruct Room(One);");
    assert_eq!(circles(&[defines, ("room/one.rs", "use super::Room;")]).len(), 2);
    assert_eq!(circles(&[("a.rs", "// use super::b::B;"), ("b.rs", "use super::a::A;")]), of_two("", "")[..0]);
}

#[test]
fn the_search_sees_fields_that_are_open() {
    let text = "pub(super) struct Dns {\n    one: u32,\n    pub(super) two: Vec<u32>,\n    pub(in super::super) three: u32,\n}\n";
    let fields = fields_of("Dns", text).unwrap();
    assert_eq!(open_fields(&fields, false), ["pub(in super::super) three: u32,"]);
    assert_eq!(open_fields(&fields, true).len(), 2);
    assert!(fields_of("Data", text).is_none());
}

/// The lines of the fields of a struct, if a file defines it.
fn fields_of(name: &str, text: &str) -> Option<Vec<String>> {
    let start = text.find(&format!("struct {name} {{"))?;
    let body = text[start..].lines().skip(1).take_while(|line| !line.starts_with('}'));
    Some(body.map(|line| line.trim().to_owned()).collect())
}

/// The fields that can be seen outside the room. In a file of a room `pub(super)` is the room's own.
fn open_fields(fields: &[String], is_mod: bool) -> Vec<String> {
    let is_open = |line: &&String| line.starts_with("pub") && (is_mod || !line.starts_with("pub(super) "));
    fields.iter().filter(is_open).cloned().collect()
}

/// Every file of the model without its comments and tests.
fn model() -> BTreeMap<Module, (PathBuf, String)> {
    let root = repository().join("src/model");
    let mut found = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
                let inside = path.strip_prefix(&root).unwrap();
                let text = fs::read_to_string(&path).unwrap();
                found.insert(module(inside), (inside.to_owned(), text));
            }
        }
    }
    assert!(found.len() > 60, "the model was not found below {}", root.display());
    found
}

fn module(path: &Path) -> Module {
    let mut names: Module = path.with_extension("").iter().map(|name| name.to_str().unwrap().to_owned()).collect();
    names.pop_if(|last| last == "mod");
    names
}

/// What each file imports from others.
fn imports(files: &BTreeMap<Module, (PathBuf, String)>) -> BTreeMap<Module, BTreeSet<Module>> {
    let uses: BTreeMap<&Module, Vec<Use>> = files.iter().map(|(file, (_, text))| (file, uses(text))).collect();
    let resolved = |file: &Module| -> BTreeSet<Module> {
        // What is handed on is imported by who takes it.
        let own = uses[file].iter().filter(|used| !used.is_handed_on);
        own.filter_map(|used| resolve(&uses, file, &used.path)).filter(|to| to != file).collect()
    };
    files.keys().map(|file| (file.clone(), resolved(file))).collect()
}

/// One name that a file uses.
struct Use {
    path: Vec<String>,
    /// True of `pub use`.
    is_handed_on: bool,
}

/// The file in which a name is defined that `file` uses by `path`; none if it is not of the model.
fn resolve(uses: &BTreeMap<&Module, Vec<Use>>, file: &Module, path: &[String]) -> Option<Module> {
    let ups = path.iter().take_while(|name| *name == "super").count();
    let mut at: Module = file[..file.len().checked_sub(ups)?].to_vec();
    let mut rest = &path[ups..];
    while let Some((name, more)) = rest.split_first() {
        let inside = [&at[..], std::slice::from_ref(name)].concat();
        if !uses.contains_key(&inside) {
            break;
        }
        (at, rest) = (inside, more);
    }
    let handed_on = |used: &&Use| used.is_handed_on && used.path.last() == rest.first();
    match uses.get(&at)?.iter().find(handed_on) {
        Some(used) => resolve(uses, &at, &used.path),
        None => Some(at),
    }
}

/// Every name that a text uses, outside its comments and tests.
fn uses(text: &str) -> Vec<Use> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or(text);
    let lines = code.lines().map(|line| line.split("//").next().unwrap_or(line).trim());
    let code: String = lines.fold(String::new(), |code, line| code + line + " ");
    let mut found = Vec::new();
    for statement in code.split([';', '{', '}']).scan(0, |at, part| {
        let start = *at;
        *at += part.len() + 1;
        Some((start, part))
    }) {
        let (start, part) = statement;
        let Some((before, _)) = part.split_once("use ").filter(|(before, _)| {
            let before = before.trim();
            before.is_empty() || before.starts_with("pub") || before.ends_with(']')
        }) else {
            continue;
        };
        let is_handed_on = before.trim().starts_with("pub");
        let from = start + before.len() + "use ".len();
        let whole = code[from..].split(';').next().unwrap_or("");
        found.extend(paths(whole).into_iter().map(|path| Use { path, is_handed_on }));
    }
    found
}

/// The paths of one `use`, its groups taken apart.
fn paths(text: &str) -> Vec<Vec<String>> {
    let split = |path: &str| -> Vec<String> {
        let path = path.split(" as ").next().unwrap_or(path);
        path.split("::").map(|name| name.trim().to_owned()).filter(|name| !name.is_empty() && name != "self").collect()
    };
    let Some((before, group)) = text.split_once('{') else { return vec![split(text)] };
    let group = group.trim_end().trim_end_matches('}');
    let mut parts = vec![String::new()];
    let mut depth = 0;
    for c in group.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if c == ',' && depth == 0 {
            parts.push(String::new());
        } else {
            parts.last_mut().expect("a part").push(c);
        }
    }
    let inner = parts.iter().filter(|part| !part.trim().is_empty()).flat_map(|part| paths(part));
    inner.map(|path| [split(before), path].concat()).collect()
}

/// The files that import themselves by way of others.
fn in_circles(imports: &BTreeMap<Module, BTreeSet<Module>>) -> Vec<Module> {
    let comes_back = |file: &&Module| {
        let mut seen = BTreeSet::new();
        let mut open = vec![*file];
        while let Some(at) = open.pop() {
            open.extend(imports.get(at).into_iter().flatten().filter(|to| seen.insert((*to).clone())));
        }
        seen.contains(*file)
    };
    imports.keys().filter(comes_back).cloned().collect()
}
