//! Metrics that are named on the command line or in `[[expect]]`: each is taken, or refused with the reason.

use firedrill::scenario::{Bound, Expectation, LoadOptions, Scenario};
use firedrill::study::{Condition, MetricTable, PrecisionTarget, check_expectations};

use crate::support::{Finished, SMALL, finish, firedrill, scratch, write_scenario};

/// The small scenario with a price, and the same without its incident and expectation.
fn scenarios() -> [String; 2] {
    let whole = format!("{SMALL}\n[prices]\ninstance_hour = 1.0\n");
    let (calm, _) = SMALL.split_once("[[incidents]]").expect("an incident");
    [whole, calm.to_owned()]
}

fn run(text: &str, args: &[String]) -> Finished {
    let folder = scratch();
    let scenario = write_scenario(folder.path(), text);
    let (subcommand, rest) = args.split_first().expect("a subcommand");
    finish(firedrill(folder.path()).args([subcommand, scenario]).args(rest))
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

/// Returns the reason why each of the three refuses `metric`; `None` if it takes it.
fn refusals(scenario: &Scenario, metrics: &MetricTable, metric: &str) -> [Option<String>; 3] {
    let mut expecting = scenario.clone();
    expecting.expectations = vec![Expectation::Within {
        design: scenario.designs[0].name.clone(),
        metric: metric.to_owned(),
        stat: "mean".to_owned(),
        bound: Bound { min: None, max: Some(1.0) },
    }];
    [
        PrecisionTarget::read(&format!("{metric}.mean +-10%"), metrics).err().map(|error| error.to_string()),
        Condition::read(&format!("mean({metric}) < 1"), metrics).err().map(|error| error.to_string()),
        check_expectations(&expecting).into_iter().next().map(|error| error.message),
    ]
}

#[test]
fn every_metric_of_a_summary_is_taken_or_refused_with_one_reason_wherever_it_is_named() {
    for (text, has_incidents) in scenarios().iter().zip([true, false]) {
        let done = run(text, &words("run --runs 1 --quiet --out out --format json"));
        let summary: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
        let names = summary["metrics"].as_array().unwrap().iter().map(|metric| metric["name"].as_str().unwrap());
        let scenario = Scenario::parse(text, "small.toml", &LoadOptions::default()).unwrap().scenario;
        let metrics = MetricTable::of(&scenario);
        let (mut taken, mut refused) = (Vec::new(), 0);
        for name in names {
            let found = refusals(&scenario, &metrics, name);
            match &found {
                [None, None, None] => taken.push(name),
                [Some(target), Some(condition), Some(expectation)] => {
                    refused += 1;
                    assert!(expectation.contains(name) && expectation.len() > name.len() + 20, "{expectation}");
                    assert!(target.ends_with(expectation) && condition.ends_with(expectation), "{found:?}");
                }
                _ => panic!("{name}: {found:?}"),
            }
        }
        let is_taken = |name: &str| taken.contains(&name);
        assert!(taken.len() > 100 && is_taken("lost_service_s") && is_taken("incidents"), "{taken:?}");
        assert_eq!(is_taken("recovery_time_s"), has_incidents);
        // Without incidents eleven more: times of incidents, and the share that ended first.
        assert!(has_incidents || refused >= 9, "{refused}");
        // Every one that is taken can be run to: it is met, or said not to be.
        let targets = taken.iter().flat_map(|name| ["--until".to_owned(), format!("{name}.mean +-10%")]);
        let done = run(
            text,
            &words("run --runs 2 --max-runs 2 --quiet --out out").into_iter().chain(targets).collect::<Vec<_>>(),
        );
        assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
        // And every one can be expected: the check has a line for each.
        let expected: String = taken
            .iter()
            .map(|name| {
                format!("[[expect]]\ndesign = \"active-active\"\nmetric = \"{name}\"\nstat = \"mean\"\nmin = 0\n\n")
            })
            .collect();
        let done = run(&format!("{text}\n{expected}"), &words("check --runs 2"));
        assert!(matches!(done.status, 0 | 1), "{}", done.stderr);
        for name in taken {
            assert!(done.stdout.contains(&format!("mean of {name} at least 0")), "{name}: {}", done.stdout);
        }
    }
}

#[test]
fn a_time_of_incidents_is_refused_at_once_where_there_are_none() {
    let [_, calm] = scenarios();
    let why = " applies to no run: the scenario has no [[incidents]]";
    let expected = format!(
        "{calm}\n[[expect]]\ndesign = \"active-active\"\nmetric = \"recovery_time_s\"\nstat = \"mean\"\nmax = 60\n"
    );
    let objective = format!(
        "{calm}\n[objectives]\nrto = \"1m\"\n\n[[expect]]\ndesign = \"active-active\"\nobjective = \"rto\"\nshare = 0.9\n"
    );
    let such_that = ["--such-that".to_owned(), "mean(recovery_time_s) < 60".to_owned()];
    let until = ["--until".to_owned(), "recovery_time_s.mean +-10%".to_owned()];
    for (text, args) in [
        (&expected, words("validate")),
        (&expected, words("check")),
        (&objective, words("validate")),
        (&calm, [words("find --vary dns.answer_ttl=5s..1h"), such_that.to_vec()].concat()),
        (&calm, [words("run"), until.to_vec()].concat()),
        (&calm, words("explain --design active-active --worst recovery_time_s")),
    ] {
        let done = run(text, &args);
        assert_eq!(done.status, 2, "{args:?}: {}{}", done.stdout, done.stderr);
        let metric = if *text == objective { "objective: recovery_time_worst_s" } else { "recovery_time_s" };
        assert!(
            done.stderr.contains(&format!("{metric}{why}")) && !done.stderr.contains("too few runs"),
            "{args:?}: {}",
            done.stderr
        );
    }
}
