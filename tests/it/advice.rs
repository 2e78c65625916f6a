//! Advice is followed for every scenario of the library: the advised setting is turned, and the phase must shrink.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use firedrill::scenario::{Design, LoadOptions, Scenario};
use firedrill::study::advice::{Advice, Remains, advise};
use firedrill::study::{self, DesignOutcome, Phase, StudyOutcome, StudySpec};

use crate::scenarios::scenarios;
use crate::support::{assert_snapshot, draws_all, repository, some_of};

/// Runs of each design: enough that the largest phase is one that stays.
const RUNS: u64 = 10;

/// Settings that keep a long scenario short and say the same.
const SHORTENED: [(&str, &[&str]); 1] = [("year-of-outages", &["study.horizon=60d"])];

/// A scenario of the library under some settings, with few runs and without its expectations.
fn load(path: &Path, settings: &[String]) -> Scenario {
    let text = fs::read_to_string(path).expect("a scenario");
    let name = path.file_stem().expect("a name").to_string_lossy();
    let shorter = SHORTENED.iter().filter(|(long, _)| *long == name).flat_map(|(_, settings)| settings.iter());
    let all = shorter.map(|setting| (*setting).to_owned()).chain(settings.iter().cloned());
    let overrides = all.map(|setting| setting.parse().expect("KEY=VALUE")).collect();
    let options = LoadOptions { overrides, runs: Some(RUNS), ..LoadOptions::default() };
    match Scenario::parse(&text, &path.to_string_lossy(), &options) {
        Ok(loaded) => Scenario { expectations: Vec::new(), ..loaded.scenario },
        Err(error) => panic!("{settings:?}: {error}"),
    }
}

fn run(scenario: Scenario, designs: &[&str]) -> StudyOutcome {
    let mut spec = StudySpec::new(scenario);
    spec.designs = designs.iter().map(|design| (*design).to_owned()).collect();
    study::run(&spec.prepare().expect("a study"), |_| (), &Default::default()).expect("its outcome")
}

/// Mean seconds that a design loses in each phase.
fn lost(outcome: &StudyOutcome, design: &DesignOutcome) -> Vec<(Phase, f64)> {
    let mean = |phase: Phase| {
        let name = format!("lost_service_{}_s", phase.name());
        outcome.summary(design, &name).and_then(|summary| summary.mean).expect("a mean").point
    };
    Phase::ALL.into_iter().map(|phase| (phase, mean(phase))).collect()
}

fn total(lost: &[(Phase, f64)]) -> f64 {
    lost.iter().map(|(_, seconds)| seconds).sum()
}

/// The table of what follows from each advice, and which advice saves nothing.
#[derive(Default)]
struct Followed {
    table: String,
    wrong: Vec<String>,
}

impl Followed {
    fn line(&mut self, text: &str) {
        writeln!(self.table, "{text}").expect("a line");
    }

    /// Follows the advice on the largest phase of a design, if it loses anything.
    fn follow(&mut self, path: &Path, scenario: &Scenario, before: &[(Phase, f64)], design: &Design) {
        let name = format!("{}, {}", scenario.name, design.name);
        let largest = before.iter().copied().reduce(|one, other| if other.1 > one.1 { other } else { one });
        let Some((phase, most)) = largest.filter(|(_, most)| *most > 0.0) else {
            return self.line(&format!("{name}: nothing is lost"));
        };
        let advice = advise(scenario, design, phase, Some(&Remains::after(phase, before)));
        self.line(&format!("{name}: {}\n    {}", phase.name(), advice.text));
        if advice.turn.is_empty() {
            assert_eq!(advice.key, None, "{name}: a setting that cannot be turned");
            return self.line("    no setting can be turned");
        }
        let settings = settings(&advice);
        self.line(&format!("    --set {}", settings.join(" --set ")));
        let after = run(load(path, &settings), &[&design.name]);
        let after = lost(&after, &after.designs[0]);
        let (of_phase, all, all_before) = (after[phase as usize].1, total(&after), total(before));
        let saves =
            format!("{} {most:.1} s -> {of_phase:.1} s; lost service {all_before:.1} s -> {all:.1} s", phase.name());
        self.line(&format!("    {saves}"));
        // What does not show in the table is no gain.
        if of_phase > most - 0.05 || all > 1.01 * all_before {
            self.wrong.push(format!("{name}: {saves} by {settings:?}"));
        }
        self.check_promise(&name, &advice, before, &after);
        // Where lost service stays what it was, the advice says so, and what remains.
        let remains = after.iter().copied().reduce(|one, other| if other.1 > one.1 { other } else { one });
        let next = remains.map_or("nothing", |(next, _)| next.name());
        let is_said = advice.text.contains("By itself that buys nothing") && advice.text.contains(&format!(" {next};"));
        if (all > 0.99 * all_before) != is_said {
            self.wrong.push(format!("{name}: {saves} by {settings:?}, {next} remains, but: {}", advice.text));
        }
    }

    /// Compares what an advice says of the saving with what was saved: "at most" is a bound, and where less is saved than half of
    /// what the phase no longer takes, the rest has moved on to causes that the advice names.
    fn check_promise(&mut self, name: &str, advice: &Advice, before: &[(Phase, f64)], after: &[(Phase, f64)]) {
        let place = advice.phase as usize;
        let (saved, gone) = (total(before) - total(after), before[place].1 - after[place].1);
        let is_bounded = advice.text.contains("at most ");
        if is_bounded && saved > 1.02 * before[place].1 + 0.1 {
            self.wrong.push(format!("{name}: {saved:.1} s are saved, but: {}", advice.text));
        }
        let buys_nothing = advice.text.contains("buys nothing");
        if !is_bounded && !buys_nothing && !advice.text.contains("others may shrink with it") {
            self.wrong.push(format!("{name}: the saving has no bound: {}", advice.text));
        }
        if saved < 0.5 * gone && !buys_nothing && !advice.text.contains("may move on") {
            self.wrong.push(format!("{name}: {saved:.1} s of {gone:.1} s are saved, but: {}", advice.text));
        }
        let grown = before.iter().zip(after).map(|(before, after)| (before.0, after.1 - before.1));
        let (most, seconds) = grown.reduce(|one, other| if other.1 > one.1 { other } else { one }).expect("phases");
        if saved < 0.5 * gone && !advice.text.contains(most.name()) {
            self.wrong.push(format!("{name}: {seconds:.1} s have moved on to {}, but: {}", most.name(), advice.text));
        }
    }
}

#[test]
fn the_advised_setting_shrinks_the_phase_in_every_scenario_of_the_library() {
    let mut followed = Followed::default();
    for path in some_of(scenarios(), 2) {
        let scenario = load(&path, &[]);
        let before = run(scenario.clone(), &[]);
        for design in &before.designs {
            followed.follow(&path, &scenario, &lost(&before, design), &scenario.designs[design.place]);
        }
    }
    let Followed { table, wrong } = followed;
    assert!(wrong.is_empty(), "advice that saves nothing:\n{}\n\n{table}", wrong.join("\n"));
    if draws_all() {
        return assert_snapshot("advice.txt", &table);
    }
    let reviewed = include_str!("../snapshots/advice.txt");
    let unknown: Vec<&str> = table.lines().filter(|line| !reviewed.lines().any(|known| known == *line)).collect();
    assert!(unknown.is_empty(), "not in advice.txt:\n{}", unknown.join("\n"));
}

#[test]
fn where_both_regions_are_gone_the_advice_says_that_no_setting_helps() {
    let path = repository().join("scenarios/region-outage.toml");
    let both = "incidents=[{ name = \"one\", kind = \"region-outage\", target = \"hong-kong\", at = \"10m\", lasts = \"10m\" }, \
                { name = \"other\", kind = \"region-outage\", target = \"frankfurt\", at = \"10m\", lasts = \"10m\" }]";
    let settings = [both.to_owned(), "study.horizon=25m".to_owned()];
    let scenario = load(&path, &settings);
    let outcome = run(scenario.clone(), &["active-active"]);
    let lost = lost(&outcome, &outcome.designs[0]);
    // All of ten minutes, but for the requests of the last half minute that are tried again after it.
    let nothing_left = lost[Phase::NothingLeft as usize].1;
    assert!((570.0..=600.0).contains(&nothing_left) && total(&lost) - nothing_left < 30.0, "{lost:?}");
    let advice = advise(&scenario, &scenario.designs[0], Phase::NothingLeft, None);
    assert_eq!((advice.key.as_deref(), advice.turn.as_slice()), (None, &[][..]));
}

fn settings(advice: &Advice) -> Vec<String> {
    advice.turn.iter().map(|turn| format!("{}={}", turn.key, turn.value)).collect()
}
