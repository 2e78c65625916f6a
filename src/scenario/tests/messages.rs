//! Each mistake and the exact message that it gets.

use super::{BASE, parse, with};
use crate::scenario::expectation::Expectation;
use crate::scenario::load::{LoadError, LoadOptions};
use crate::scenario::whole::Scenario;

/// Cases `part`, `=>`, what it is replaced by in the base scenario, `=>`, the problems without their excerpts.
const CASES: &str = include_str!("messages.txt");

fn problems(error: &LoadError) -> Vec<String> {
    let LoadError::Invalid(problems) = error else { return vec![error.to_string()] };
    let heads = problems.as_slice().iter().map(|problem| problem.to_string());
    heads.map(|text| text.lines().next().unwrap().to_owned()).collect()
}

#[test]
fn each_mistake_gets_its_exact_message() {
    let mut wrong = Vec::new();
    for case in CASES.trim_end().split("\n---\n") {
        let [part, by, expected] = case.split("\n=>\n").collect::<Vec<_>>().try_into().unwrap();
        let found = match parse(&with(part, by.trim_end_matches("~")), &[]) {
            Ok(_) => "loads".to_owned(),
            Err(error) => problems(&error).join("\n"),
        };
        if found != expected {
            wrong.push(format!("{part}\n=>\n{by}\n=>\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "these cases say something else now:\n{}", wrong.join("\n---\n"));
}

#[test]
fn all_problems_of_a_file_come_at_once_in_its_order_with_their_lines() {
    let text = with("answer_ttl = \"60s\"", "answer_tll = \"60s\"").replace("rate = 40.0", "rate = -1");
    assert_eq!(
        parse(&text, &["study.runs=0"]).unwrap_err().to_string(),
        "\
s.toml:21:21: geographies.asia.sessions.rate: -1 is out of range; it must be above 0 and at most 1000000
   |
21 | sessions = { rate = -1 }
   |                     ^^

s.toml:28:1: dns.answer_tll: unknown key; did you mean \"answer_ttl\"? known: answer_ttl, cname_ttl, zone_rtt, gtm_rtt, \
health_checks, publish_delay, addresses, when_all_down
   |
28 | answer_tll = \"60s\"
   | ^^^^^^^^^^

--set study.runs=0: 0 is out of range; it must be from 1 to 10000000"
    );
}

#[test]
fn overrides_change_any_key_of_the_file() {
    let changes = [
        "dns.answer_ttl=10s",
        "geographies.asia.sessions.rate=5",
        "incidents.0.at=20m",
        "incidents.power loss.lasts={ dist = \"exponential\", mean = \"5m\" }",
        "designs.both.dns.cname_ttl=never",
        "expect.0.max=60",
    ];
    let scenario = parse(BASE, &changes).unwrap().scenario;
    assert_eq!(scenario.designs[1].dns.answer_ttl.to_string(), "10s");
    assert_eq!(scenario.geographies[0].session_rate, 5.0);
    let json = serde_json::to_string(&scenario.incidents[0].schedule).unwrap();
    assert_eq!(json, r#"{"once":{"at":1200000000000,"lasts":{"dist":"exponential","mean":300.0}}}"#);
    assert_eq!(scenario.designs[0].dns.cname_ttl, None);
    assert!(matches!(&scenario.expectations[0], Expectation::Within { bound, .. } if bound.max == Some(60.0)));
}

#[test]
fn an_override_takes_a_name_in_quotes_as_toml_writes_it() {
    let dotted = BASE.replace("[geographies.asia]", "[geographies.\"asia.1\"]");
    let rate = |change: &str| parse(&dotted, &[change]).map(|loaded| loaded.scenario.geographies[0].session_rate);
    assert_eq!(rate("geographies.\"asia.1\".sessions.rate=5").unwrap(), 5.0);
    assert_eq!(rate("geographies.'asia.1'.sessions.rate=5").unwrap(), 5.0);
    let open = rate("geographies.\"asia.1.sessions.rate=5").unwrap_err().to_string();
    let expected = "--set geographies.\"asia.1.sessions.rate=5: the quote of \"asia.1.sessions.rate is not closed";
    assert_eq!(open, expected);
}

#[test]
fn an_override_that_is_wrong_says_so_by_its_own_text() {
    let message = |change: &str| parse(BASE, &[change]).unwrap_err().to_string();
    assert_eq!(
        message("dns.answer_ttl=60"),
        "--set dns.answer_ttl=60: 60 has no unit; expected a duration like \"30s\""
    );
    assert_eq!(
        message("study.rnus=5"),
        "--set study.rnus=5: unknown key; did you mean \"runs\"? known: horizon, warmup, runs, seed, slo, window, stable, \
         aftermath, starts_at"
    );
    assert_eq!(
        message("geographies.aisa.sessions.rate=5"),
        "--set geographies.aisa.sessions.rate=5: geographies has no \"aisa\"; did you mean \"asia\"? known: asia"
    );
    assert_eq!(
        message("incidents.1.at=5m"),
        "--set incidents.1.at=5m: incidents has no \"1\"; did you mean \"0\"? known: 0, power loss"
    );
    assert_eq!(message("name.x=5"), "--set name.x=5: name is a text, which has no key \"x\"");
    assert_eq!(
        message("incidents.0.storage=destroyed"),
        "--set incidents.0.storage=destroyed: an incident of this kind has no `storage`; only a \
         database-outage can destroy it"
    );
    assert_eq!(
        message("designs.both.promotion={ when = \"manual\" }"),
        "--set designs.both.promotion={ when = \"manual\" }: designs.both.promotion.decision: is missing; it has no default"
    );
    let error = "dns.answer_ttl".parse::<crate::scenario::Override>().unwrap_err();
    assert_eq!(error.to_string(), "invalid override \"dns.answer_ttl\": expected KEY=VALUE, as in dns.answer_ttl=10s");
}

#[test]
fn what_deserves_a_second_look_is_a_warning() {
    let warnings = |text: &str| {
        let loaded = parse(text, &[]).unwrap();
        loaded.warnings.iter().map(|warning| warning.to_string().lines().next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        warnings(&with("runs = 10", "runs = 10\nwindow = \"250ms\"")),
        [
            "s.toml:7:10: study.window: windows of 250 ms hold 60 requests, and an SLO of 95 % needs 200: downtime depends on \
          how many ask, and windows without any count as up; without this key they would be of 1s"
        ]
    );
    let semi_sync = "replication = { mode = \"semi-sync\", ack_timeout = \"1m\" }";
    let text = with("promotion = { when = \"automatic\" }", semi_sync);
    let text = text.replace("write = \"4ms\" }\n\n[[links]]", "write = \"4ms\", timeout = \"2m\" }\n\n[[links]]");
    assert_eq!(
        warnings(&text),
        [
            "s.toml:10:12: regions.north.database.timeout: 30s is shorter than the ack_timeout of design \"both\", 1m: while \
          the replica does not answer, calls fail before their commits fall back to asynchronous"
        ]
    );
    assert!(warnings(BASE).is_empty());
}

#[test]
fn a_study_beyond_all_measure_needs_force() {
    let text = with("runs = 10", "runs = 1000000");
    let error = parse(&text, &[]).unwrap_err().to_string();
    // 40 sessions a second for 2,700 s, of 1 + 5 (1 - 20 / 5,400) requests each before the end; a million runs of two designs.
    assert!(
        error.contains("(1.29 T requests) would be simulated, more than 200 G; lower the runs, study.horizon"),
        "{error}"
    );
    assert!(error.ends_with("or force it with --force"), "{error}");
    let options = |runs: u64| LoadOptions { runs: Some(runs), ..LoadOptions::default() };
    assert!(Scenario::parse(&text, "s.toml", &options(10)).is_ok(), "the runs of the command line count");
    let error = Scenario::parse(BASE, "s.toml", &options(1_000_000)).unwrap_err();
    assert!(matches!(error, LoadError::TooLarge { requests: 1_292_000_000_000, .. }), "{error}");
    let forced = LoadOptions { force: true, ..LoadOptions::default() };
    assert_eq!(Scenario::parse(&text, "s.toml", &forced).unwrap().scenario.study.runs, 1_000_000);
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let load = |name: &str| {
        let error = Scenario::load(&folder.path().join(name), &LoadOptions::default()).unwrap_err();
        error.to_string().replace(&folder.path().join(name).display().to_string(), "FILE")
    };
    std::fs::write(folder.path().join("empty.toml"), " \n").unwrap();
    std::fs::write(folder.path().join("latin.toml"), b"name = \"a\"\ndescription = \"caf\xe9\"\n").unwrap();
    std::fs::create_dir(folder.path().join("folder")).unwrap();
    assert_eq!(load("missing.toml"), "FILE: cannot be read");
    assert_eq!(load("folder"), "FILE: is a folder; give the scenario file in it");
    assert_eq!(load("latin.toml"), "FILE:2: is not a text file in UTF-8");
    assert_eq!(
        load("empty.toml"),
        "FILE: is empty; a scenario needs at least regions, a link, geographies and designs"
    );
}

#[test]
fn keys_of_another_kind_of_incident_are_said_to_be() {
    let others = ["incidents.0.share=0.5", "incidents.0.storage=destroyed"];
    let others = others.iter().map(|change| (*change).to_owned());
    for change in others {
        let error = parse(BASE, &[&change]).unwrap_err().to_string();
        assert!(error.contains("an incident of this kind has no `"), "{change}: {error}");
    }
}
