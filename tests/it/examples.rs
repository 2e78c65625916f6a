//! Every example runs and prints what was reviewed.

use std::path::PathBuf;
use std::process::Command;

use crate::support::{assert_snapshot, repository};

#[test]
fn every_example_prints_what_was_reviewed() {
    let names = examples();
    assert!(!names.is_empty(), "no examples");
    // The tests' own profile, so that nothing is compiled twice.
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let build = Command::new(cargo)
        .args(["build", "--quiet", "--profile", "test", "--examples"])
        .current_dir(repository())
        .output()
        .expect("cargo starts");
    assert!(build.status.success(), "{}", String::from_utf8_lossy(&build.stderr));
    for name in names {
        let output = Command::new(folder().join(&name)).current_dir(repository()).output().expect("the example starts");
        assert!(output.status.success(), "example {name}: {}", String::from_utf8_lossy(&output.stderr));
        assert_snapshot(&format!("example-{name}.txt"), &String::from_utf8(output.stdout).expect("output is UTF-8"));
    }
}

/// Names of the examples, in order.
fn examples() -> Vec<String> {
    let files = std::fs::read_dir(repository().join("examples")).expect("a folder of examples");
    let mut names: Vec<String> = files
        .map(|file| file.unwrap().path())
        .filter(|file| file.extension().is_some_and(|extension| extension == "rs"))
        .map(|file| file.file_stem().unwrap().to_str().unwrap().to_string())
        .collect();
    names.sort();
    names
}

/// Returns the folder where cargo puts them: beside the command.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_firedrill")).with_file_name("examples")
}
