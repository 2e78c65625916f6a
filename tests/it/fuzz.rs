//! Scenarios that nobody meant to write: those of the library with lines lost, doubled, swapped and filled with extremes.
//!
//! Each is read, checked, and, if it is valid and small, run in every design. It may be refused; it may not panic, and a valid
//! one may not end in a defect of the simulator. The inputs are the same everywhere: number K comes from K alone, so that
//! `FIREDRILL_FUZZ=K..L` makes the same ones again. What was once found is in `tests/corpus`, and stays right.

use std::fs;
use std::ops::Range;
use std::panic::catch_unwind;
use std::path::Path;

use firedrill::model::{Plan, simulate};
use firedrill::scenario::{Cost, LoadOptions, Scenario};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{RngCore, SeedableRng};

use crate::support::{cases, repository};

/// Inputs that CI makes: a minute's worth. `cargo test` makes some of them.
const INPUTS: u32 = 1_500;
/// Most events that one run of all designs is expected to have, and a twentieth of those that it may have: others are read and
/// checked alone.
const MOST_EVENTS: f64 = 1.5e6;

/// Values that a reader, a check or the model might not be ready for.
const EXTREMES: [&str; 40] = [
    "0",
    "1",
    "-1",
    "0.0",
    "-0.0",
    "1e-308",
    "1e308",
    "inf",
    "nan",
    "9223372036854775807",
    "-9223372036854775808",
    "true",
    "\"\"",
    "\"0s\"",
    "\"1ns\"",
    "\"1s\"",
    "\"1h\"",
    "\"100000d\"",
    "\"18446744073709551615ns\"",
    "\"-1s\"",
    "\"0%\"",
    "\"100%\"",
    "\"101%\"",
    "\"1e-9\"",
    "\"1B/s\"",
    "\"0MB\"",
    "\"16EB\"",
    "[]",
    "{}",
    "[[]]",
    "[\"\"]",
    "\"\\u001b[31m\"",
    "\"../../etc/passwd\"",
    "\"all\"",
    "\"con\"",
    "{ dist = \"exponential\", mean = \"0s\" }",
    "{ dist = \"pareto\", min = \"1s\", shape = 1.0 }",
    "{ dist = \"lognormal\", median = \"1ns\", p95 = \"1h\" }",
    "{ dist = \"constant\", value = \"1h\" }",
    "1979-05-27",
];

/// The scenarios to begin with.
fn library() -> Vec<String> {
    let mut texts = vec![crate::support::SMALL.to_owned()];
    let mut paths: Vec<_> =
        fs::read_dir(repository().join("scenarios")).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let toml = |path: &&std::path::PathBuf| path.extension().is_some_and(|extension| extension == "toml");
    texts.extend(paths.iter().filter(toml).map(|path| fs::read_to_string(path).unwrap()));
    texts
}

/// A number below `bound`.
fn below(random: &mut Xoshiro256PlusPlus, bound: usize) -> usize {
    (random.next_u64() % bound as u64) as usize
}

/// Input number `number`.
fn input(library: &[String], number: u64) -> String {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(number);
    // Half of them are small, so that most are run.
    let base = if random.next_u64() & 1 == 0 { 0 } else { below(&mut random, library.len()) };
    let mut lines: Vec<String> = library[base].lines().map(str::to_owned).collect();
    for _ in 0..=below(&mut random, 3) {
        mutate(&mut lines, library, &mut random);
    }
    lines.join("\n")
}

fn mutate(lines: &mut Vec<String>, library: &[String], random: &mut Xoshiro256PlusPlus) {
    if lines.is_empty() {
        return;
    }
    let place = below(random, lines.len());
    match below(random, 10) {
        0 => drop(lines.remove(place)),
        1 => lines.insert(place, lines[place].clone()),
        2 => {
            let other = below(random, lines.len());
            lines.swap(place, other);
        }
        3 => lines[place] = flipped(&lines[place], random),
        4 => {
            let other: Vec<&str> = library[below(random, library.len())].lines().collect();
            lines.insert(place, other[below(random, other.len())].to_owned());
        }
        5 | 6 => lines[place] = with_value(&lines[place], EXTREMES[below(random, EXTREMES.len())], random),
        _ => lines[place] = scaled(&lines[place], random),
    }
}

/// `line` with one character another.
fn flipped(line: &str, random: &mut Xoshiro256PlusPlus) -> String {
    let mut characters: Vec<char> = line.chars().collect();
    if !characters.is_empty() {
        let place = below(random, characters.len());
        characters[place] = char::from(32 + below(random, 95) as u8);
    }
    characters.into_iter().collect()
}

/// `line` with one of its numbers a few or many times as large or as small.
fn scaled(line: &str, random: &mut Xoshiro256PlusPlus) -> String {
    let starts: Vec<usize> = line
        .char_indices()
        .filter(|&(place, c)| {
            c.is_ascii_digit()
                && !line[..place].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '.')
        })
        .map(|(place, _)| place)
        .collect();
    if starts.is_empty() {
        return line.to_owned();
    }
    let start = starts[below(random, starts.len())];
    let digits = line[start..].find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len() - start);
    let zeros = "0".repeat(below(random, 4));
    let number = &line[start..start + digits];
    let number = match below(random, 3) {
        0 => format!("{}{zeros}", 1 + below(random, 9)),
        1 => format!("{number}{zeros}"),
        _ => format!("0.{zeros}{number}"),
    };
    format!("{}{number}{}", &line[..start], &line[start + digits..])
}

/// `line` with the value of one of its keys replaced.
fn with_value(line: &str, value: &str, random: &mut Xoshiro256PlusPlus) -> String {
    let keys: Vec<usize> = line.match_indices('=').map(|(place, _)| place).collect();
    if keys.is_empty() {
        return line.to_owned();
    }
    let key = keys[below(random, keys.len())];
    let end = line[key..].find([',', '}', '#']).map_or(line.len(), |length| key + length);
    format!("{}= {value} {}", &line[..key], &line[end..])
}

/// Reads, checks and perhaps runs a scenario; returns whether it was run.
///
/// # Panics
/// If anything panics, or a run ends in a defect.
fn withstands(text: &str, file: &Path) -> bool {
    let read = catch_unwind(|| Scenario::parse(text, file.to_str().unwrap(), &LoadOptions::default()));
    let Ok(read) = read else { panic!("reading it panics:\n{text}") };
    let Ok(loaded) = read else { return false };
    let mut scenario = loaded.scenario;
    scenario.study.runs = 1;
    let costs: Vec<_> = scenario.designs.iter().map(|design| scenario.cost_of(design)).collect();
    let of_all = |events: fn(&Cost) -> f64| costs.iter().map(events).sum::<f64>();
    if of_all(|cost| cost.events) > MOST_EVENTS || of_all(|cost| cost.most_events) > 20.0 * MOST_EVENTS {
        return false;
    }
    let plan = Plan::new(&scenario);
    for design in 0..scenario.designs.len() {
        if let Err(failure) = simulate(&plan, design, 0) {
            panic!("design {design} of a valid scenario fails: {failure}\n{text}");
        }
    }
    true
}

fn inputs_asked_for() -> Range<u64> {
    let Ok(asked) = std::env::var("FIREDRILL_FUZZ") else { return 0..cases(INPUTS, 150).into() };
    let (from, to) = asked.split_once("..").expect("FIREDRILL_FUZZ=FROM..TO");
    from.parse().expect("a number")..to.parse().expect("a number")
}

#[test]
fn no_mutated_scenario_panics_and_no_valid_one_ends_in_a_defect() {
    let library = library();
    let inputs = inputs_asked_for();
    let made = inputs.end - inputs.start;
    let file = repository().join("scenarios/mutated.toml");
    let run = count_of_runs(&library, inputs, &file);
    // Mutants that are all refused would test nothing but the reader.
    assert!(run * 10 >= made, "only {run} of {made} were run");
}

/// Tries the inputs on as many threads as there are processors; returns how many were run.
fn count_of_runs(library: &[String], inputs: Range<u64>, file: &Path) -> u64 {
    let threads = std::thread::available_parallelism().map_or(1, usize::from) as u64;
    std::thread::scope(|scope| {
        let worker = |first: u64| {
            let numbers = (inputs.start + first..inputs.end).step_by(threads as usize);
            scope.spawn(move || {
                let mut run = 0;
                for number in numbers {
                    let text = input(library, number);
                    let done = catch_unwind(|| withstands(&text, file));
                    run += u64::from(
                        done.unwrap_or_else(|_| panic!("input {number}: FIREDRILL_FUZZ={number}..{}", number + 1)),
                    );
                }
                run
            })
        };
        let workers: Vec<_> = (0..threads).map(worker).collect();
        workers.into_iter().map(|worker| worker.join().expect("every input is withstood")).sum()
    })
}

#[test]
fn what_was_once_found_is_withstood() {
    let folder = repository().join("tests/corpus");
    let mut found = 0;
    for entry in fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            withstands(&fs::read_to_string(&path).unwrap(), &path);
            found += 1;
        }
    }
    assert!(found > 0, "{}: no scenario", folder.display());
}
