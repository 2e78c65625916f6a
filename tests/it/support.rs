//! Support that the tests share: the repository, the command, a small scenario, folders compared byte by byte.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::{Arc, Mutex, OnceLock};

use tempfile::TempDir;

#[path = "../../src/cases.rs"]
mod cases;

pub(crate) use cases::{cases, draws_all, some_of};

/// A scenario whose runs take a moment.
pub(crate) const SMALL: &str = include_str!("small.toml");

/// A scenario of one design whose runs take less than a moment.
pub(crate) const TINY: &str = include_str!("tiny.toml");

/// The same with a second design.
pub(crate) fn tiny_pair() -> String {
    let design = &TINY[TINY.find("[designs.one]").expect("a design")..TINY.find("[[incidents]]").expect("an incident")];
    let other = design.replace("designs.one", "designs.other");
    let other = other.replace("\"nearest\"", "\"failover\", order = [\"a\", \"b\"]");
    TINY.replace("[[incidents]]", &format!("{other}[[incidents]]"))
}

/// The root of the repository.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// An empty folder that goes away at the end of the test.
pub(crate) fn scratch() -> TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// The `firedrill` command in `folder`, with no environment that would change its output.
pub(crate) fn firedrill(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_firedrill"));
    command
        .current_dir(folder)
        .env_remove("RUST_BACKTRACE")
        .env("COLUMNS", "100")
        .env("NO_COLOR", "1")
        .env_remove("GITHUB_ACTIONS");
    command
}

/// Exit status, stdout and stderr of a finished command.
pub(crate) struct Finished {
    /// Exit status.
    pub(crate) status: i32,
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
}

/// Runs `command` to its end.
pub(crate) fn finish(command: &mut Command) -> Finished {
    let Output { status, stdout, stderr } = command.output().expect("the command starts");
    let text = |bytes| String::from_utf8(bytes).expect("output is UTF-8");
    Finished { status: status.code().expect("not ended by a signal"), stdout: text(stdout), stderr: text(stderr) }
}

/// Writes `text` to `small.toml` in `folder` and returns the file's name.
pub(crate) fn write_scenario(folder: &Path, text: &str) -> &'static str {
    fs::write(folder.join("small.toml"), text).expect("a scenario file");
    "small.toml"
}

/// Runs `firedrill` with `args` in `folder`.
pub(crate) fn in_folder(folder: &Path, args: &[&str]) -> Finished {
    finish(firedrill(folder).args(args))
}

/// A folder with the small scenario in it.
pub(crate) fn with_small_scenario() -> TempDir {
    let folder = scratch();
    write_scenario(folder.path(), SMALL);
    folder
}

/// Runs `firedrill` on the small scenario in a folder of its own, writing to `out`, and returns the files it wrote.
///
/// The scenario is `text`, the rest of the command line `args`, the environment `environment`.
pub(crate) fn study(text: &str, args: &[&str], environment: &[(&str, &str)]) -> BTreeMap<String, Vec<u8>> {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), text);
    let (subcommand, options) = args.split_first().expect("a subcommand");
    let mut command = firedrill(folder.path());
    command.arg(subcommand).arg(scenario).args(options).args(["--out", "out"]).envs(environment.iter().copied());
    let done = finish(&mut command);
    // A run or two may be too few for an expectation that the study meets.
    assert!(matches!(done.status, 0 | 1), "firedrill {args:?}\n{}", done.stderr);
    files(&folder.path().join("out"))
}

/// The files of such a study, made once for all tests that only read them.
pub(crate) fn shared_study(text: &str, args: &[&str]) -> Arc<BTreeMap<String, Vec<u8>>> {
    type Studies = BTreeMap<(String, Vec<String>), Arc<OnceLock<Arc<BTreeMap<String, Vec<u8>>>>>>;
    static STUDIES: Mutex<Studies> = Mutex::new(Studies::new());
    let key = (text.to_owned(), args.iter().map(|word| (*word).to_owned()).collect());
    let made = Arc::clone(STUDIES.lock().expect("no panic while it is looked up").entry(key).or_default());
    // Who comes meanwhile waits for the one that makes it.
    Arc::clone(made.get_or_init(|| Arc::new(study(text, args, &[]))))
}

/// Writes `files` below `folder`.
pub(crate) fn lay_out(folder: &Path, files: &BTreeMap<String, Vec<u8>>) {
    for (name, bytes) in files {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a folder")).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Returns what a comparison of 40 runs of the library's region outage printed, and its files; it is made once.
pub(crate) fn region_outage() -> &'static (Finished, BTreeMap<String, Vec<u8>>) {
    static MADE: OnceLock<(Finished, BTreeMap<String, Vec<u8>>)> = OnceLock::new();
    MADE.get_or_init(|| {
        let folder = scratch();
        let done = compare_region_outage(folder.path(), &[]);
        (done, files(&folder.path().join("out")))
    })
}

/// Returns what that comparison prints with `more` options of its form, from the files that are there.
pub(crate) fn region_outage_in_form(more: &[&str]) -> Finished {
    let folder = scratch();
    lay_out(&folder.path().join("out"), &region_outage().1);
    let done = compare_region_outage(folder.path(), &[&["--resume"], more].concat());
    assert!(done.stderr.contains("already complete"), "{}", done.stderr);
    done
}

fn compare_region_outage(folder: &Path, more: &[&str]) -> Finished {
    let text = fs::read_to_string(repository().join("scenarios/region-outage.toml")).unwrap();
    let scenario = write_scenario(folder, &text);
    in_folder(folder, &[&["compare", scenario, "--out", "out", "--runs", "40"], more].concat())
}

/// Every file below `folder`, by its path inside it.
pub(crate) fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_string();
        if path.is_dir() {
            found.extend(files(&path).into_iter().map(|(inner, bytes)| (format!("{name}/{inner}"), bytes)));
        } else {
            found.insert(name, fs::read(&path).unwrap());
        }
    }
    found
}

/// Fails with the first place where two sets of files differ.
pub(crate) fn assert_same_files(left: &BTreeMap<String, Vec<u8>>, right: &BTreeMap<String, Vec<u8>>) {
    assert!(!left.is_empty(), "no files were written");
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>(), "not the same files");
    for (name, bytes) in left {
        if let Some(at) = first_difference(bytes, &right[name]) {
            panic!("{name} differs at byte {at}:\n  {}\n  {}", around(bytes, at), around(&right[name], at));
        }
    }
}

/// Compares `text` with the document `name` of the repository; with `FIREDRILL_BLESS=1` it writes it instead.
pub(crate) fn assert_document(name: &str, text: &str) {
    let path = repository().join(name);
    if std::env::var_os("FIREDRILL_BLESS").is_some() {
        fs::write(&path, text).unwrap();
    }
    let is_same = fs::read_to_string(&path).is_ok_and(|kept| kept == text);
    assert!(is_same, "{name} is not what the code says; FIREDRILL_BLESS=1 rewrites it");
}

/// Compares `text` with the reviewed `tests/snapshots/<name>`; with `FIREDRILL_BLESS=1` it writes it instead.
pub(crate) fn assert_snapshot(name: &str, text: &str) {
    let path = repository().join("tests/snapshots").join(name);
    if std::env::var_os("FIREDRILL_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        return;
    }
    let expected = fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("{}: {error}; FIREDRILL_BLESS=1 writes it, then review it", path.display()));
    assert_eq!(text, expected, "{} is out of date; FIREDRILL_BLESS=1 rewrites it, then review it", path.display());
}

fn first_difference(left: &[u8], right: &[u8]) -> Option<usize> {
    let common = left.iter().zip(right).take_while(|(left, right)| left == right).count();
    (common < left.len().max(right.len())).then_some(common)
}

fn around(bytes: &[u8], at: usize) -> String {
    let from = at.saturating_sub(60);
    String::from_utf8_lossy(&bytes[from..bytes.len().min(at + 60)]).into_owned()
}
