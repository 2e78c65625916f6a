//! The walls inside the model: only its runner sees the whole world, and what an owner keeps is its room's own affair.

use std::path::PathBuf;

use super::imports::imports;
use super::sources;

/// The only file that uses the world: it runs it. Flows say what they touch.
const SEE_THE_WORLD: [&str; 1] = ["simulate"];

/// Those whose fields nobody outside their room may see.
const OWNERS: [&str; 5] = ["Books", "Data", "Dns", "Regions", "Visitors"];

#[test]
fn only_the_runner_sees_the_whole_world() {
    let world = vec!["world".to_owned()];
    let imports = imports("model");
    assert!(imports.contains_key(&world), "there is no world");
    let see_it = imports.iter().filter(|(_, imports)| imports.files.contains(&world));
    assert_eq!(see_it.map(|(file, _)| file.join("/")).collect::<Vec<_>>(), SEE_THE_WORLD);
}

#[test]
fn the_fields_of_the_owners_are_their_rooms_own() {
    let files: Vec<(PathBuf, String)> =
        sources().into_iter().filter(|(room, ..)| room == "model").map(|(_, file, text)| (file, text)).collect();
    for owner in OWNERS {
        let (file, fields) = files
            .iter()
            .find_map(|(file, text)| Some((file, fields_of(owner, text)?)))
            .unwrap_or_else(|| panic!("there is no {owner}"));
        let open = open_fields(&fields, file.ends_with("mod.rs"));
        assert_eq!(open, Vec::<String>::new(), "fields of {owner} in {}", file.display());
    }
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
