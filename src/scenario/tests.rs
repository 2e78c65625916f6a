//! Tests of the loader as a whole: the files that come with Firedrill, exact messages, and files that nobody would write.

use super::*;

fn shipped() -> Vec<(String, String)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/scenarios");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(|path| (path.display().to_string(), std::fs::read_to_string(path).unwrap())).collect()
}

#[test]
fn every_shipped_scenario_loads_without_a_warning_and_within_its_budget() {
    let files = shipped();
    assert!(files.len() >= 5);
    for (file, text) in files {
        let loaded = Scenario::parse(&text, &file, &LoadOptions::default()).unwrap_or_else(|error| panic!("{error}"));
        assert!(loaded.warnings.is_empty(), "{file}: {}", loaded.warnings[0]);
        assert!(loaded.scenario.estimated_requests() <= 40_000_000, "{file}: {}", loaded.scenario.estimated_requests());
        assert!(text.starts_with("# The question:"), "{file}");
        assert!(file.ends_with(&format!("{}.toml", loaded.scenario.name)), "{file}");
    }
}
