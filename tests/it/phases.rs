//! The phase of a failed request: which setting would have had to be better, and when none would have helped.

use firedrill::model::{Cause, Phase, RunOutcome, Timing};
use firedrill::scenario::{LoadOptions, Scenario};
use firedrill::study::{self, StudyOutcome, StudySpec};
use firedrill::units::{SimDuration, SimTime};

use crate::incidents::{all_failed, failed, failed_reads, in_phase, incident, run};
use crate::support::{finish, firedrill, scratch};

/// A region whose app is stopped behind a proxy that answers 502: it errs for ten minutes, and nothing else is wrong.
const ERRING: &str = r#"
name = "erring"
study = { horizon = "20m", warmup = "2m", runs = 12, window = "10s" }
regions.near = { app = { instances = 2, workers = 32, service = "20ms", queue_limit = 400 }, database = { connections = 32, read = "2ms", write = "4ms" } }
regions.far = { app = { instances = 2, workers = 32, service = "20ms", queue_limit = 400 }, database = { connections = 32, read = "2ms", write = "4ms" } }
links = [{ between = ["near", "far"], rtt = "70ms", bandwidth = "20MB/s" }]
designs.only = { routing = { policy = "failover", order = ["near", "far"] }, database = { primary = "far", reads = "primary" } }
incidents = [{ name = "bad gateway", kind = "gray", errors = "100%", target = "near", at = "5m", lasts = "10m" }]

[geographies.here]
sessions = { rate = 1.0 }
requests_per_session = 60
think_time = { dist = "exponential", mean = "5s" }
write_share = "10%"
rtt = { near = "20ms", far = "80ms" }
client = { pin_share = 0, keepalive = "2m" }

[dns]
answer_ttl = "30s"
cname_ttl = "30s"
publish_delay = "1s"
health_checks = { checkers = 3, interval = "10s", timeout = "5s", fall = 1, probe = "http" }
"#;

fn study(text: &str, settings: &[&str]) -> StudyOutcome {
    let overrides = settings.iter().map(|setting| setting.parse().expect("KEY=VALUE")).collect();
    let options = LoadOptions { overrides, ..LoadOptions::default() };
    let scenario = Scenario::parse(text, "phases.toml", &options).unwrap_or_else(|error| panic!("{error}")).scenario;
    let study = StudySpec::new(scenario).prepare().expect("a study");
    study::run(&study, |_| (), &Default::default()).expect("its outcome")
}

/// Mean of a metric of the only design.
fn mean(outcome: &StudyOutcome, metric: &str) -> f64 {
    outcome.summary(&outcome.designs[0], metric).and_then(|summary| summary.mean).expect("a mean").point
}

/// Mean seconds of service lost in a phase.
fn lost(outcome: &StudyOutcome, phase: Phase) -> f64 {
    mean(outcome, &format!("lost_service_{}_s", phase.name()))
}

#[test]
fn a_region_that_errs_is_undetected_for_five_seconds_and_then_costs_what_a_dead_one_does() {
    let outcome = study(ERRING, &[]);
    // The verdict needs two of three checkers, whose phases are uniform on 10 s: the second of three comes after 2/4 of
    // that, 5 s, and half a round trip each way later (20 ms) it is known. Its standard deviation is 2.2 s, so that the mean
    // of 12 runs lies within 3.6 and 6.5 s of 0 at two standard errors. Then one second passes until the answer is out.
    let verdict = mean(&outcome, "dns_verdict_s");
    assert!((3.6..6.5).contains(&verdict), "{verdict}");
    // All visitors are there and every attempt fails, with all its three tries within half a second.
    let undetected = lost(&outcome, Phase::Undetected);
    assert!((undetected - verdict).abs() < 0.5, "{undetected} of {verdict}");
    let unpublished = lost(&outcome, Phase::Unpublished);
    assert!((unpublished - 1.0).abs() < 0.25, "{unpublished}");
    // Thinking 5 s in the mean, nobody idles for the two minutes after which a connection is closed: sessions stay to their end.
    // They take 60 x 5 s; those under way at the switch have 150 s left in the mean, and there are 300 of them. New ones hold
    // no connection: by the half minute that each of the caches keeps the old answer, they lose far less.
    let kept = lost(&outcome, Phase::KeptConnection);
    assert!((100.0..160.0).contains(&kept), "{kept}");
    let caches = lost(&outcome, Phase::ClientCache) + lost(&outcome, Phase::ResolverCache);
    assert!(caches > 0.5 && caches < 20.0, "{caches}");
    let whole = mean(&outcome, "lost_service_s");
    assert!((undetected + unpublished + kept + caches - whole).abs() < 1e-6, "nothing is left for another phase");
}

#[test]
fn what_the_errors_of_a_region_cost_is_saved_where_the_phases_say() {
    let before = study(ERRING, &[]);
    let quicker = study(ERRING, &["dns.health_checks.interval=1s", "dns.health_checks.timeout=1s"]);
    let without = study(ERRING, &["geographies.here.client.keepalive=0s"]);
    let saved = |after: &StudyOutcome| mean(&before, "lost_service_s") - mean(after, "lost_service_s");
    // Nine tenths of the phase `undetected`, 4.5 s; and most of the phase `kept_connection`.
    assert!((2.0..8.0).contains(&saved(&quicker)), "{}", saved(&quicker));
    assert!(saved(&without) > 0.8 * lost(&before, Phase::KeptConnection), "{}", saved(&without));
    assert_eq!(lost(&without, Phase::KeptConnection), 0.0);
}

#[test]
fn errors_are_gray_only_while_a_probe_of_the_kind_in_use_would_rather_succeed() {
    let errors =
        |share: &str| incident("bad build", "2m", &format!("kind = \"gray\"\ntarget = \"singapore\"\n{share}"));
    let run = |probe: &str, share: &str| run(0, &[&format!("dns.health_checks.probe={probe}")], &errors(share));
    let is_gray = |run: &RunOutcome| {
        assert!(all_failed(run) > 20, "{}", all_failed(run));
        let (gray, all) = (in_phase(run, Phase::Gray), all_failed(run));
        assert!(gray == 0 || gray == all, "{gray} of {all}");
        gray > 0
    };
    assert!(is_gray(&run("http", "errors = 0.5")), "half of the probes succeed");
    assert!(!is_gray(&run("http", "errors = 0.51")));
    assert!(is_gray(&run("ping", "errors = 1.0")), "the network answers");
    assert!(is_gray(&run("tcp", "errors = 1.0")), "the app accepts");
    assert!(!is_gray(&run("deep", "errors = 1.0")));
    // A service takes 18 ms in the median, and so 4.5 s or 5.4 s; a probe waits for 5 s. Only what takes longer than 10 s
    // fails a visitor, which a tail of the first does too. Workers enough for none to queue.
    let workers = "regions.singapore.app.workers=5000";
    let slow = |factor: u32| {
        let slow = incident("crawl", "2m", &format!("kind = \"gray\"\ntarget = \"singapore\"\nfactor = {factor}"));
        crate::incidents::run(0, &["dns.health_checks.probe=http", workers], &slow)
    };
    assert!(is_gray(&slow(250)));
    assert!(!is_gray(&slow(300)));
}

#[test]
fn with_both_regions_gone_nothing_is_left_whatever_the_names_say() {
    let gone = |region: &str| incident(region, "90s", &format!("kind = \"region-outage\"\ntarget = \"{region}\""));
    let silent = incident("dns", "90s", "kind = \"dns-outage\"\ntarget = \"gtm\"");
    let run = run(0, &[], &format!("{}{}{silent}", gone("singapore"), gone("frankfurt")));
    let start = SimTime::ZERO + SimDuration::from_secs(180);
    // Requests that start in the 90 s fail, but for those with the patience (30 s) to try again afterwards.
    let windows = (run.windows.counts.chunks_exact(4)).zip(&run.windows.phases).enumerate();
    let mut sum = 0;
    for (at, (counts, phases)) in windows {
        let begins = run.span.from + SimDuration::from_secs(10 * at as u64);
        if begins < start || begins >= start + SimDuration::from_secs(60) {
            continue;
        }
        let failed: u32 = counts.iter().map(|[_, failed]| failed).sum();
        assert_eq!(phases[Phase::NothingLeft as usize], failed, "{} s", begins.since(SimTime::ZERO).as_secs_f64());
        sum += failed;
    }
    assert!(sum > 500, "{sum}");
}

#[test]
fn a_region_that_stands_by_or_is_overloaded_is_still_something_to_turn_to() {
    let gone = incident("power loss", "3m", "kind = \"region-outage\"\ntarget = \"singapore\"");
    let cold = "designs.active-passive.standby={ region = \"frankfurt\", kind = \"cold\", activation = \"2m\" }";
    let cold = run(1, &[cold], &gone);
    assert!(in_phase(&cold, Phase::NoAlternative) > 0);
    assert_eq!(in_phase(&cold, Phase::NothingLeft), 0);
    let tiny =
        ["regions.frankfurt.app.instances=1", "regions.frankfurt.app.workers=1", "regions.frankfurt.app.queue_limit=2"];
    let overloaded = run(0, &tiny, &gone);
    assert!(in_phase(&overloaded, Phase::Capacity) > 0);
    assert_eq!(in_phase(&overloaded, Phase::NothingLeft), 0);
}

#[test]
fn without_a_node_that_could_become_primary_nothing_is_left_for_writes() {
    let down = |region: &str| incident(region, "2m", &format!("kind = \"database-outage\"\ntarget = \"{region}\""));
    let both = run(0, &[], &format!("{}{}", down("singapore"), down("frankfurt")));
    assert_eq!(in_phase(&both, Phase::NothingLeft), all_failed(&both));
    assert!(failed_reads(&both, 0) > 100, "nor for local reads");
    // Two minutes into a cut the replica has long been let go (after 5 s), and then the primary dies: what it had not received
    // nobody has, and the replica may not be promoted.
    let cut = "[[incidents]]\nname = \"cut\"\nat = \"3m\"\nlasts = \"4m\"\nkind = \"link-partition\"\n";
    let dies = "[[incidents]]\nname = \"dies\"\nat = \"5m\"\nlasts = \"1m\"\nkind = \"database-outage\"\ntarget = \"singapore\"\n";
    let settings = [
        "designs.active-active.replication={ mode = \"sync\", eject_after = \"5s\" }",
        "designs.active-active.database.endpoint={ via = \"driver\" }",
        // Else reads wait for workers that such writes hold, and share their phase.
        "regions.singapore.app.hold_worker=false",
        "regions.frankfurt.app.hold_worker=false",
    ];
    let let_go = run(0, &settings, &format!("{cut}{dies}"));
    assert!(let_go.visitors.iter().all(|of| of[1].failed_by_phase[Phase::NothingLeft as usize] > 20));
    assert!(
        let_go.visitors.iter().all(|of| of[0].failed_by_phase[Phase::NothingLeft as usize] == 0),
        "reads have a node"
    );
    assert_eq!(in_phase(&let_go, Phase::NeverPromotes) + in_phase(&let_go, Phase::NoPrimary), 0);
}

#[test]
fn a_primary_that_nobody_promotes_over_fails_writes_for_want_of_a_promotion_and_not_of_better_names() {
    let gone = incident("power loss", "3m", "kind = \"region-outage\"\ntarget = \"singapore\"");
    let never = "designs.active-active.promotion={ when = \"never\" }";
    let stuck = run(0, &[never], &gone);
    for tallies in &stuck.visitors {
        let [reads, writes] = tallies;
        assert!(writes.failed > 30);
        assert_eq!(writes.failed_by_phase[Phase::NeverPromotes as usize], writes.failed);
        assert_eq!(reads.failed_by_phase[Phase::NeverPromotes as usize], 0, "local reads need no primary");
    }
    assert!(in_phase(&stuck, Phase::Undetected) > 100, "the reads of Asia");
    let at_primary = run(0, &[never, "designs.active-active.database.reads=primary"], &gone);
    let by_phase = |run: &RunOutcome| Phase::ALL.map(|phase| (phase.name(), in_phase(run, phase)));
    assert_eq!(in_phase(&at_primary, Phase::NeverPromotes), all_failed(&at_primary), "{:?}", by_phase(&at_primary));
    let automatic = run(0, &[], &gone);
    assert_eq!(in_phase(&automatic, Phase::NeverPromotes), 0);
    assert!(in_phase(&automatic, Phase::NoPrimary) > 10);
    // A planned switch is no promotion for the case of a loss.
    let planned = "designs.active-active.promotion={ when = \"planned\", at = \"9m\" }";
    let planned = run(0, &[planned], &gone);
    assert!(in_phase(&planned, Phase::NeverPromotes) > 30);
}

#[test]
fn commits_that_wait_for_a_receipt_fail_for_the_replica_or_for_a_link_that_is_cut_by_itself() {
    let sync = "designs.active-active.replication={ mode = \"sync\" }";
    let stall = incident("stall", "2m", "kind = \"replication-stall\"");
    let stalled = run(0, &[sync], &stall);
    assert!(in_phase(&stalled, Phase::Replica) > 50);
    assert_eq!(in_phase(&stalled, Phase::Other) + in_phase(&stalled, Phase::Link), 0);
    let dead = run(0, &[sync], &incident("dead", "2m", "kind = \"database-outage\"\ntarget = \"frankfurt\""));
    assert!(in_phase(&dead, Phase::Replica) > 50 && in_phase(&dead, Phase::Link) == 0);
    let cut = run(0, &[sync], &incident("cut", "2m", "kind = \"link-partition\""));
    assert!(in_phase(&cut, Phase::Link) > 50 && in_phase(&cut, Phase::Replica) == 0);
    let isolated = "kind = \"region-isolation\"\ntarget = \"frankfurt\"";
    let isolated = run(0, &[sync], &incident("alone", "2m", isolated));
    assert!(in_phase(&isolated, Phase::Replica) > 50 && in_phase(&isolated, Phase::Link) == 0);
    // A receipt that comes, but later than the app waits (here 3 s): the link is slow by 4 s.
    let slow = incident("slow", "2m", "kind = \"link-slow\"\ndelay = \"4s\"");
    let asia = ["geographies.europe.write_share=0", "regions.singapore.database.timeout=3s", sync];
    let late = run(0, &asia, &slow);
    assert!(in_phase(&late, Phase::Replica) > 20 && in_phase(&late, Phase::Other) == 0, "{:?}", late.visitors[0][1]);
}

#[test]
fn requests_inside_an_isolated_region_fail_like_those_of_a_dead_one_and_not_for_the_link() {
    let isolated = incident("alone", "2m", "kind = \"region-isolation\"\ntarget = \"frankfurt\"");
    // Europe's writes cross the link to the primary in Singapore.
    let run = run(0, &["geographies.europe.write_share=1"], &isolated);
    assert!(failed(&run, 1, Cause::RequestTimeout) + failed(&run, 1, Cause::ConnectTimeout) > 50);
    assert_eq!(in_phase(&run, Phase::Link), 0);
    assert!(in_phase(&run, Phase::Undetected) > 50);
    assert!(matches!(run.incidents[0].dns_verdict, Timing::After(_)));
}

#[test]
fn the_phase_to_fix_first_can_be_expected() {
    let folder = scratch();
    let check = |name: &str, phase: &str| {
        let text = format!("{ERRING}\n[[expect]]\ndesign = \"only\"\nfirst_phase = \"{phase}\"\n");
        std::fs::write(folder.path().join(name), text).expect("a scenario");
        finish(firedrill(folder.path()).args(["check", name, "--runs", "4"]))
    };
    let first = check("first.toml", "kept_connection");
    assert_eq!(first.status, 0, "{}{}", first.stdout, first.stderr);
    assert!(
        first.stdout.contains("✓ only: more lost service in kept_connection than in any other phase"),
        "{}",
        first.stdout
    );
    let second = check("second.toml", "undetected");
    assert_eq!(second.status, 1, "{}{}", second.stdout, second.stderr);
    assert!(
        second.stdout.contains("✗ only: more lost service in undetected than in any other phase"),
        "{}",
        second.stdout
    );
    let unknown = check("unknown.toml", "kept_connections");
    assert_eq!(unknown.status, 2);
    let place = "unknown.toml:26:15: expect.0.first_phase: unknown phase \"kept_connections\" (did you mean \"kept_connection\"?)";
    assert!(unknown.stderr.contains(place), "{}", unknown.stderr);
}

#[test]
fn the_schema_allows_every_phase_to_be_expected_and_nothing_else() {
    let printed = finish(firedrill(scratch().path()).arg("schema"));
    let schema: serde_json::Value = serde_json::from_str(&printed.stdout).expect("JSON");
    let allowed = &schema["properties"]["expect"]["items"]["properties"]["first_phase"]["enum"];
    let phases: Vec<&str> = Phase::ALL.into_iter().map(Phase::name).collect();
    assert_eq!(*allowed, serde_json::json!(phases), "{allowed}");
}
