//! Whatever ends a command at whatever moment, and whatever the disk does: nothing is lost of what was there, nothing is mixed, the
//! user's own files are as they were, and `--resume` ends in the same bytes.
//!
//! `cargo test` takes samples. What is ignored takes minutes; `.ci/full` runs it.

#![expect(clippy::disallowed_macros, reason = "a test that cannot be made here says so")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use rand::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::support::{Finished, cases, draws_all, files, finish, firedrill, lay_out, scratch, some_of, tiny_pair};

type Files = BTreeMap<String, Vec<u8>>;

/// A command without charts, which is over in a moment, and one with everything.
const QUICK: &[&str] = &[
    "sweep",
    "../small.toml",
    "--runs",
    "15",
    "--vary",
    "dns.answer_ttl=10s,30s",
    "--vary",
    "study.slo=95%",
    "--vary",
    "study.aftermath=10m",
];
const THOROUGH: &[&str] = &["compare", "../small.toml", "--runs", "60", "--force"];

/// A folder `place` with files of the user's own and, somewhere, results.
struct Scene {
    folder: tempfile::TempDir,
    args: &'static [&'static str],
    /// Folder of the results.
    out: &'static str,
    /// The user's files in the folder of results.
    own: Files,
    /// The results under either seed.
    wanted: [Files; 2],
}

const SEEDS: [&str; 2] = ["1", "2"];

/// Places that results are put into in one step, beside a user's file, and in the current folder.
const PLACES: [&str; 3] = ["o", "with-notes", "."];

/// Results under either seed, by command and place.
type ByCommand = BTreeMap<(&'static [&'static str], &'static str), [Files; 2]>;

/// The results that were made: every other scene of that command and place starts from them.
static MADE: Mutex<ByCommand> = Mutex::new(ByCommand::new());

impl Scene {
    /// Gives the results of `args` under either seed, and puts those of the first into `out`.
    fn new(args: &'static [&'static str], out: &'static str) -> Self {
        let folder = scratch();
        let place = folder.path().join("place");
        fs::create_dir(&place).unwrap();
        fs::write(folder.path().join("small.toml"), tiny_pair()).unwrap();
        let own = if out == "o" { Files::new() } else { Files::from([("notes.txt".to_owned(), b"mine".to_vec())]) };
        fs::create_dir_all(place.join(out)).unwrap();
        own.iter().for_each(|(name, bytes)| fs::write(place.join(out).join(name), bytes).unwrap());
        let mut scene = Scene { folder, args, out, own, wanted: [Files::new(), Files::new()] };
        let made = MADE.lock().unwrap().get(&(args, out)).cloned();
        if let Some(wanted) = made {
            lay_out(&scene.place().join(out), &wanted[0]);
            return Scene { wanted, ..scene };
        }
        for which in [1, 0] {
            scene.succeeds(which);
            scene.wanted[which] = scene.visible();
            for name in scene.own.keys() {
                scene.wanted[which].remove(name);
            }
        }
        MADE.lock().unwrap().insert((args, out), scene.wanted.clone());
        scene
    }

    fn place(&self) -> PathBuf {
        self.folder.path().join("place")
    }

    /// The command for the results of one of the seeds.
    fn command(&self, which: usize) -> Command {
        let mut command = firedrill(&self.place());
        self.complete(&mut command, which);
        command
    }

    /// The same, run by `strace` with such injections.
    fn traced(&self, which: usize, injections: &[&str]) -> Command {
        let program = firedrill(&self.place());
        let mut command = Command::new("strace");
        // One thread deals with files, and the others need not be slowed.
        command.current_dir(self.place()).args(["-qq", "-o", "/dev/null"]);
        command.args(injections).arg(program.get_program());
        self.complete(&mut command, which);
        command
    }

    fn complete(&self, command: &mut Command, which: usize) {
        command.args(self.args).args(["--quiet", "--resume", "--seed", SEEDS[which], "--out", self.out]);
        command.stdout(Stdio::null()).stderr(Stdio::null());
    }

    /// Everything in the folder of results but hidden files, which are the writer's own.
    fn visible(&self) -> Files {
        let mut found = files(&self.place().join(self.out));
        found.retain(|name, _| !name.starts_with('.'));
        found
    }

    /// Makes sure that the command ends well, and that the results of that seed are there then.
    fn succeeds(&self, which: usize) {
        let done = finish(self.command(which).stderr(Stdio::piped()));
        assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
        if !self.wanted[which].is_empty() {
            self.holds(which);
        }
    }

    fn holds(&self, which: usize) {
        assert!(self.shows() == Some(which), "in {:?}: {:?}", self.out, self.visible().keys());
    }

    /// Returns of which seed the results are that a reader sees; `None` if there is no receipt.
    ///
    /// # Panics
    /// If they are mixed or not whole, or a file of the user's is not what it was.
    fn shows(&self) -> Option<usize> {
        let mut found = self.visible();
        for (name, bytes) in &self.own {
            assert!(found.remove(name).as_ref() == Some(bytes), "the user's {name} in {:?}", self.out);
        }
        assert_eq!(fs::read_to_string(self.folder.path().join("small.toml")).unwrap(), tiny_pair());
        let known = (0..2).find(|which| self.wanted[*which] == found);
        if known.is_none() {
            assert!(self.out != "o" && !found.contains_key("receipt.json"), "a mixture: {:?}", found.keys());
            for (name, bytes) in &found {
                assert!(self.wanted.iter().any(|wanted| wanted.get(name) == Some(bytes)), "a torn {name}");
            }
        }
        known
    }

    /// Makes sure that nothing is left over but whole results which could not be put in place, and those were named.
    fn is_tidy(&self) {
        for folder in [self.folder.path().to_owned(), self.place(), self.place().join(self.out)] {
            for left in fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()) {
                let is_hidden = left.file_name().unwrap().to_string_lossy().starts_with('.');
                assert!(!is_hidden || left.join("receipt.json").exists(), "{} was left", left.display());
            }
        }
    }
}

/// Waits for a child and returns true if it came to its end.
fn has_ended(child: &mut Child) -> bool {
    child.wait().unwrap().code().is_some()
}

// ── Kills ───────────────────────────────────────────────────────────────────

/// Kills `args` at so many drawn moments from its start to a while after its end, over all places.
fn killed_at_random(args: &'static [&'static str], kills: usize) {
    for (place, out) in PLACES.into_iter().enumerate() {
        let scene = Scene::new(args, out);
        let mut draw = Xoshiro256PlusPlus::seed_from_u64(place as u64);
        // Kills that it survives are later than its end: so the longest wait finds its measure by itself.
        let (mut longest, mut wanted) = (Duration::from_millis(50), 1);
        for _ in 0..kills.div_ceil(PLACES.len()) {
            let mut child = scene.command(wanted).spawn().unwrap();
            std::thread::sleep(longest.mul_f64(draw.random()));
            let _ = child.kill();
            if has_ended(&mut child) {
                scene.holds(wanted);
                (longest, wanted) = (longest.mul_f64(0.8), 1 - wanted);
            } else {
                scene.shows();
                longest = longest.mul_f64(1.3);
            }
        }
        scene.succeeds(wanted);
        scene.is_tidy();
    }
}

#[test]
fn twenty_kills_at_random_moments_lose_and_mix_nothing() {
    killed_at_random(QUICK, cases(20, 3));
}

#[test]
#[ignore = "takes minutes; `.ci/full` runs it"]
fn a_hundred_kills_at_random_moments_lose_and_mix_nothing() {
    killed_at_random(QUICK, 100);
    killed_at_random(THOROUGH, 100);
}

/// Says what cannot be tested here. Where everything is asked for, and the process may do everything, that is a failure.
fn skip(why: &str) {
    use std::os::unix::fs::MetadataExt;
    let is_root = fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
    assert!(!(is_root && draws_all()), "skipped, though all tests are asked for: {why}");
    println!("skipped: {why}");
}

/// Returns true, and says so, where processes cannot be traced here.
fn is_without_strace() -> bool {
    let probe = ["-qq", "-o", "/dev/null", "-e", "trace=exit_group", "-e", "inject=exit_group:signal=KILL", "true"];
    let traced = Command::new("strace").args(probe).stderr(Stdio::null()).status();
    // It is there, and what it injects arrives.
    let is_without = !traced.is_ok_and(|status| status.code().is_none());
    if is_without {
        skip("`strace` is not installed, or may not trace here");
    }
    is_without
}

/// Kills `args` before each of the system calls `calls` that it makes, one after the other, in every place.
fn killed_at_every(args: &'static [&'static str], calls: &[&str]) {
    if is_without_strace() {
        return;
    }
    for out in some_of(PLACES.to_vec(), 1) {
        let scene = Scene::new(args, out);
        let (mut wanted, mut kills) = (1, 0);
        for call in calls {
            for nth in 1.. {
                let (trace, kill) = (format!("trace=?{call}"), format!("inject=?{call}:signal=KILL:when={nth}"));
                let mut child = scene.traced(wanted, &["-e", &trace, "-e", &kill]).spawn().unwrap();
                let ended = has_ended(&mut child);
                scene.shows();
                // What was cut off is gone on with, or begun anew.
                scene.succeeds(wanted);
                wanted = 1 - wanted;
                if ended {
                    break;
                }
                kills += 1;
            }
        }
        assert!(kills > 1, "{kills} kills in {out:?}");
        scene.is_tidy();
    }
}

const RENAMES: [&str; 3] = ["rename", "renameat", "renameat2"];

#[test]
fn a_kill_at_every_rename_loses_and_mixes_nothing() {
    killed_at_every(QUICK, &RENAMES);
}

#[test]
#[ignore = "takes minutes; `.ci/full` runs it"]
fn so_does_one_at_every_removal_new_folder_and_flush_and_with_charts() {
    killed_at_every(QUICK, &["unlink", "unlinkat", "rmdir", "mkdir", "mkdirat", "fsync", "fdatasync", "flock"]);
    killed_at_every(THOROUGH, &RENAMES);
}

// ── Writers at one time ─────────────────────────────────────────────────────

/// Lets two writers with slow renames loose on one place, so many times.
fn two_writers(rounds: usize) {
    if is_without_strace() {
        return;
    }
    for round in 0..rounds {
        let out = PLACES[round % PLACES.len()];
        let scene = Scene::new(QUICK, out);
        let slow = ["-e", "trace=/^rename", "-e", "inject=/^rename:delay_enter=20000:delay_exit=20000"];
        let start = |which| {
            let mut command = scene.traced(which, &slow);
            command.stderr(Stdio::piped()).spawn().unwrap()
        };
        let writers = [0, 1].map(start);
        let mut written = Vec::new();
        for (which, child) in writers.into_iter().enumerate() {
            let done = child.wait_with_output().unwrap();
            let said = String::from_utf8_lossy(&done.stderr);
            match done.status.code() {
                Some(0 | 1) => written.push(which),
                _ => assert!(said.contains("another firedrill is writing to"), "{said}"),
            }
        }
        let shown = scene.shows();
        assert!(shown.is_some_and(|shown| written.contains(&shown)), "{written:?} wrote, {shown:?} is there");
        scene.is_tidy();
    }
}

#[test]
fn of_two_writers_with_slow_renames_one_is_whole_and_the_other_whole_or_refused() {
    two_writers(cases(6, 2));
}

#[test]
#[ignore = "takes minutes; `.ci/full` runs it"]
fn so_it_is_a_hundred_times_of_a_hundred() {
    two_writers(100);
}

// ── The disk ────────────────────────────────────────────────────────────────

/// Runs the command where no file may be longer than so many half kilobytes. With `dies` the system ends it, else it is told.
fn limited(scene: &Scene, blocks: u64, dies: bool) -> Option<i32> {
    let program = firedrill(&scene.place());
    let trap = if dies { "" } else { "trap '' XFSZ; " };
    let mut command = Command::new("sh");
    command.current_dir(scene.place()).args(["-c", &format!("{trap}ulimit -f {blocks}; exec \"$0\" \"$@\"")]);
    command.arg(program.get_program());
    scene.complete(&mut command, 1);
    command.status().unwrap().code()
}

/// Goes on with a study that met the limit of a file's size at one of `limits`, until it is over.
fn within_limits(args: &'static [&'static str], limits: &[u64]) {
    for dies in [true, false] {
        let scene = Scene::new(args, "o");
        for limit in limits {
            let status = limited(&scene, *limit, dies);
            assert_eq!(status, (!dies).then_some(3), "at {limit} half kilobytes");
            scene.holds(0);
        }
        scene.succeeds(1);
        scene.is_tidy();
    }
}

#[test]
fn a_study_ended_by_the_limit_of_a_files_size_goes_on() {
    // 15 runs at either point, of two designs: 330 kB.
    within_limits(QUICK, &some_of(vec![0, 1, 100, 300], 2));
}

#[test]
#[ignore = "takes a minute; `.ci/full` runs it"]
fn a_study_ended_by_that_limit_anywhere_goes_on() {
    within_limits(QUICK, &(0..30).map(|step| 20 * step).collect::<Vec<_>>());
    within_limits(THOROUGH, &[1, 10, 100, 300, 600]);
}

/// A small file system in memory, which goes when this is dropped.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// Mounts one at `path`; `None`, and it is said, where that may not be done.
    fn mount(path: &Path, options: &str) -> Option<Self> {
        let mut command = Command::new("mount");
        command.args(["-t", "tmpfs", "-o", options, "firedrill-test"]).arg(path).stderr(Stdio::null());
        let is_mounted = command.status().is_ok_and(|status| status.success());
        if !is_mounted {
            skip("no file system can be mounted here");
        }
        is_mounted.then(|| SmallDisk(path.to_owned()))
    }

    fn remount(&self, options: &str) {
        assert!(Command::new("mount").args(["-o", options]).arg(&self.0).status().unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

/// Runs `args` on a disk of 8 MB that has the results of another study on it, with so many kilobytes free, then with room. Where
/// half as much is free as the study is expected to take, it is begun.
fn on_a_full_disk(args: &'static [&'static str], free: u64) {
    let scene = Scene::new(args, "o");
    let place = scratch();
    let Some(_disk) = SmallDisk::mount(place.path(), "size=8m") else { return };
    assert!(Command::new("cp").args(["-r"]).arg(scene.place()).arg(place.path()).status().unwrap().success());
    fs::copy(scene.folder.path().join("small.toml"), place.path().join("small.toml")).unwrap();
    let here = place.path().join("place");
    let filler = place.path().join("filler");
    let run = || -> Finished {
        let mut command = firedrill(&here);
        scene.complete(&mut command, 1);
        finish(command.stderr(Stdio::piped()))
    };
    // As much as there is, less what is to be free.
    let _ = fs::write(&filler, vec![0; 8 << 20]);
    let length = fs::metadata(&filler).unwrap().len().saturating_sub(1_024 * free);
    fs::File::options().write(true).open(&filler).unwrap().set_len(length).unwrap();
    let done = run();
    assert_eq!(done.status, 3, "with {free} kB: {}", done.stderr);
    assert!(files(&here.join("o")) == scene.wanted[0], "with {free} kB the earlier results are others");
    fs::remove_file(&filler).unwrap();
    let done = run();
    assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
    assert!(files(&here.join("o")) == scene.wanted[1], "other results than with room from the start");
}

#[test]
fn a_study_that_met_a_full_disk_goes_on_when_there_is_room() {
    some_of(vec![230, 0, 330], 1).into_iter().for_each(|free| on_a_full_disk(QUICK, free));
}

#[test]
#[ignore = "takes a minute; `.ci/full` runs it"]
fn a_study_that_met_a_full_disk_anywhere_goes_on_when_there_is_room() {
    (220..380).step_by(10).for_each(|free| on_a_full_disk(QUICK, free));
    (0..2_500).step_by(100).for_each(|free| on_a_full_disk(THOROUGH, free));
}

#[test]
fn a_study_that_cannot_fit_is_refused_before_the_first_run() {
    let place = scratch();
    let Some(_disk) = SmallDisk::mount(place.path(), "size=1m") else { return };
    fs::write(place.path().join("small.toml"), tiny_pair()).unwrap();
    for args in [
        &["run", "small.toml", "--runs", "2000"][..],
        &["compare", "small.toml", "--runs", "2000"],
        &["run", "small.toml", "--shard", "1/2", "--runs", "2000"],
        &["run", "small.toml", "--until", "downtime_s.mean +-1s", "--max-runs", "2000"],
        &["sweep", "small.toml", "--runs", "2000", "--vary", "dns.answer_ttl=10s,20s"],
        &[
            "find",
            "small.toml",
            "--runs",
            "2000",
            "--vary",
            "dns.answer_ttl=1s..9s",
            "--such-that",
            "max(downtime_s) < 1",
        ],
    ] {
        let done = finish(firedrill(place.path()).args(args).args(["--quiet", "--out", "o"]));
        assert_eq!(done.status, 3, "{args:?}: {}", done.stderr);
        assert!(done.stderr.contains(" would be written, and there is room for "), "{args:?}: {}", done.stderr);
        assert_eq!(files(place.path()).keys().collect::<Vec<_>>(), ["small.toml"], "{args:?}");
    }
}

#[test]
fn a_disk_that_may_not_be_written_to_is_refused_before_the_first_run() {
    let scene = Scene::new(QUICK, "o");
    let place = scratch();
    let Some(disk) = SmallDisk::mount(place.path(), "size=8m") else { return };
    fs::create_dir(place.path().join("place")).unwrap();
    fs::write(place.path().join("place/notes.txt"), "mine").unwrap();
    fs::write(place.path().join("small.toml"), tiny_pair()).unwrap();
    disk.remount("remount,ro");
    let before = files(place.path());
    let mut command = firedrill(&place.path().join("place"));
    scene.complete(&mut command, 1);
    let done = finish(command.stderr(Stdio::piped()));
    assert_eq!(done.status, 3, "{}", done.stderr);
    assert!(done.stderr.contains("cannot write to the output folder o"), "{}", done.stderr);
    assert!(files(place.path()) == before);
}

/// Folders that vanish while runs are made: that of the results, that which they are gathered in, or both with all around them.
#[test]
fn a_folder_that_vanishes_meanwhile_costs_nothing_else() {
    for vanishes in ["o", "staging", "."] {
        let scene = Scene::new(QUICK, "o");
        let place = scene.place();
        let staging = || {
            let mut entries = fs::read_dir(&place).unwrap().map(|entry| entry.unwrap().path());
            entries.find(|path| path.join("runs.log").metadata().is_ok_and(|log| log.len() > 20_000))
        };
        let mut child = scene.command(1).stderr(Stdio::piped()).spawn().unwrap();
        let found = loop {
            if let Some(found) = staging() {
                break Some(found);
            }
            if child.try_wait().unwrap().is_some() {
                break None;
            }
            std::thread::sleep(Duration::from_millis(1));
        };
        if let Some(staging) = found {
            let gone = if vanishes == "staging" { staging } else { place.join(vanishes) };
            let gone = if vanishes == "." { place.clone() } else { gone };
            // It may be written to meanwhile.
            for _ in 0..100 {
                if fs::remove_dir_all(&gone).is_ok() || !gone.exists() {
                    break;
                }
            }
        }
        let done = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(matches!(done.status.code(), Some(0 | 1 | 3)), "{vanishes}: {said}");
        assert!(done.status.code() != Some(3) || said.contains("error: "), "{vanishes}: {said}");
        assert_eq!(fs::read_to_string(scene.folder.path().join("small.toml")).unwrap(), tiny_pair());
        if place.join("o").exists() {
            let there = scene.visible();
            assert!(there.is_empty() || scene.wanted.contains(&there), "{vanishes}: {:?}", there.keys());
        }
        fs::create_dir_all(&place).unwrap();
        scene.succeeds(1);
    }
}
