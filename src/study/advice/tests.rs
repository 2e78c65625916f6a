//! Advice by phase, on one file whose settings are changed one by one.

use super::advise::{Advice, advise};
use super::capacity;
use super::remains::Remains;
use super::setting::Context;
use crate::model::Phase;
use crate::scenario::LoadOptions;
use crate::scenario::Scenario;

const FILE: &str = r#"
name = "advised"
regions.east = { app = { instances = 2, workers = 16, service = "20ms", queue_limit = 200 }, database = { connections = 16, read = "2ms", write = "4ms" } }
regions.west = { app = { instances = 2, workers = 16, service = "20ms", queue_limit = 200 }, database = { connections = 16, read = "2ms", write = "4ms" } }
links = [{ between = ["east", "west"], rtt = "70ms" }]
geographies.here = { sessions = { rate = 3 }, requests_per_session = 6, think_time = "4s", write_share = "10%", rtt = { east = "20ms", west = "80ms" } }
geographies.there = { sessions = { rate = 3 }, requests_per_session = 6, think_time = "4s", write_share = "10%", rtt = { east = "80ms", west = "20ms" } }
designs.only = { routing = { policy = "nearest" }, database = { primary = "east" }, promotion = { when = "automatic" } }
incidents = [{ name = "power loss", kind = "region-outage", target = "east", at = "10m", lasts = "20m" }]
"#;

/// The advice on the only design of the file, under these settings.
fn advice(phase: Phase, settings: &[&str]) -> Advice {
    let overrides = settings.iter().map(|setting| setting.parse().expect("KEY=VALUE")).collect();
    let options = LoadOptions { overrides, ..LoadOptions::default() };
    let scenario = Scenario::parse(FILE, "advised.toml", &options).unwrap_or_else(|error| panic!("{error}")).scenario;
    let advice = advise(&scenario, &scenario.designs[0], phase, None);
    // What it turns has to be a setting, and to change something.
    let turned = advice.turn.iter().map(|turn| format!("{}={}", turn.key, turn.value).parse().expect("KEY=VALUE"));
    let overrides = options.overrides.iter().cloned().chain(turned).collect();
    let turned = Scenario::parse(FILE, "advised.toml", &LoadOptions { overrides, ..LoadOptions::default() });
    let turned = turned.unwrap_or_else(|error| panic!("{phase:?}, {settings:?}: {error}")).scenario;
    assert_eq!(advice.turn.is_empty(), turned == scenario, "{phase:?}, {settings:?}: {advice:?}");
    advice
}

/// Checks which setting is named, with its value, and what the first override makes of it.
#[track_caller]
fn names(phase: Phase, settings: &[&str], setting: &str, new: &str) {
    let advice = advice(phase, settings);
    let (key, value) = (advice.key.expect("a setting"), advice.value.expect("its value"));
    assert_eq!(format!("{key} = {value}"), setting);
    let default = if advice.is_default { " (default)" } else { "" };
    assert!(advice.text.starts_with(&format!("`{setting}`{default}: ")), "{}", advice.text);
    assert_eq!(advice.turn[0].value, new);
}

#[test]
fn a_setting_is_named_where_the_file_has_it_and_with_its_value() {
    names(Phase::Undetected, &[], "dns.health_checks.interval = 60s", "30s");
    let own = ["designs.only.dns.health_checks.interval=60s"];
    names(Phase::Undetected, &own, "designs.only.dns.health_checks.interval = 60s", "30s");
    names(Phase::Unpublished, &[], "dns.publish_delay = 2s", "1s");
    let differ = ["geographies.here.client.keepalive=5m"];
    names(Phase::KeptConnection, &[], "geographies.*.client.keepalive = 60s", "2s");
    names(Phase::KeptConnection, &differ, "geographies.here.client.keepalive = 5m", "2s");
}

#[test]
fn a_setting_that_the_file_does_not_state_is_called_a_default() {
    let is_default = |phase: Phase, settings: &[&str]| advice(phase, settings).is_default;
    assert!(is_default(Phase::Undetected, &[]), "the file has no [dns]");
    assert!(!is_default(Phase::Undetected, &["dns.health_checks.interval=60s"]));
    assert!(is_default(Phase::KeptConnection, &[]));
    assert!(!is_default(Phase::KeptConnection, &["geographies.here.client.keepalive=60s"]), "stated for one of both");
    let text = advice(Phase::Unpublished, &[]).text;
    assert!(text.starts_with("`dns.publish_delay = 2s` (default): "), "{text}");
}

#[test]
fn the_part_of_a_detection_that_can_be_shortened_is_named() {
    // 60 s x 3 outlast a failure of 90 s: at most half of that, in three probes, is 15 s each.
    let short = advice(Phase::Undetected, &["incidents.0.lasts=90s"]);
    assert_eq!(short.turn[0].value, "15s");
    assert!(short.text.contains("longer than the failure itself (90s)"), "{}", short.text);
    let at_least = ["dns.health_checks.interval=5s", "dns.health_checks.timeout=5s"];
    names(Phase::Undetected, &at_least, "dns.health_checks.fall = 3", "1");
    let both = advice(Phase::Undetected, &[at_least[0], at_least[1], "dns.health_checks.fall=1"]);
    assert_eq!(both.turn.iter().map(|turn| turn.value.as_str()).collect::<Vec<_>>(), ["2.5s", "2.5s"]);
}

#[test]
fn a_probe_that_cannot_see_the_fault_is_advised_against_and_not_its_interval() {
    let app = "incidents.0.kind=app-outage";
    names(Phase::Undetected, &[app], "dns.health_checks.probe = ping", "http");
    names(Phase::Undetected, &[app, "dns.health_checks.probe=tcp"], "dns.health_checks.interval = 60s", "30s");
    let gray = ["incidents.0.kind=gray", "incidents.0.errors=0.4"];
    names(Phase::Gray, &gray, "dns.health_checks.probe = ping", "http");
    let http = [gray[0], gray[1], "dns.health_checks.probe=http"];
    names(Phase::Gray, &http, "geographies.*.client.max_attempts = 3", "6");
    // A sixth of the checkers, those of one geography in two with one more, can never be more than half.
    let path = "incidents=[{ name = \"cable\", kind = \"path-outage\", target = \"here\", region = \"east\", at = \"10m\", lasts = \"9m\" }]";
    names(Phase::Undetected, &[path], "dns.health_checks.quorum = 50%", "25%");
}

#[test]
fn of_what_clients_and_resolvers_keep_the_one_that_governs_is_named() {
    names(Phase::ClientCache, &[], "geographies.*.client.pin_share = 10.6%", "5.3%");
    let honest = ["geographies.here.client.pin_share=0", "geographies.there.client.pin_share=0"];
    // A client keeps what is left of the shorter TTL.
    names(Phase::ClientCache, &honest, "dns.answer_ttl = 60s", "30s");
    let short_cname = [honest[0], honest[1], "dns.cname_ttl=20s"];
    names(Phase::ClientCache, &short_cname, "dns.cname_ttl = 20s", "10s");
    names(Phase::ResolverCache, &short_cname, "dns.answer_ttl = 60s", "30s");
    let clamped = ["geographies.here.resolvers.min_ttl=5m"];
    names(Phase::ResolverCache, &clamped, "geographies.here.resolvers.min_ttl = 5m", "2m 30s");
    // Half of a TTL of a day outlasts the 20 min still.
    names(Phase::ResolverCache, &["dns.answer_ttl=1d"], "dns.answer_ttl = 1d", "10m");
}

#[test]
fn names_that_give_no_answer_are_bridged_by_a_ttl_unless_the_resolvers_are_silent() {
    let dns = |target: &str| {
        format!(
            "incidents=[{{ name = \"dns\", kind = \"dns-outage\", target = \"{target}\", at = \"10m\", lasts = \"20m\" }}]"
        )
    };
    names(Phase::Names, &[&dns("gtm")], "dns.answer_ttl = 60s", "20m");
    names(Phase::Names, &[&dns("gtm"), "dns.answer_ttl=1h"], "dns.answer_ttl = 1h", "2h");
    names(Phase::Names, &[&dns("zone")], "dns.cname_ttl = 10m", "20m");
    let silent =
        "incidents=[{ name = \"dns\", kind = \"dns-outage\", target = \"here\", at = \"10m\", lasts = \"20m\" }]";
    assert_eq!(advice(Phase::Names, &[silent]).key, None);
}

#[test]
fn the_largest_part_of_a_promotion_is_named() {
    names(Phase::NoPrimary, &[], "designs.only.promotion.duration = 60s", "30s");
    names(Phase::NoPrimary, &["designs.only.promotion.detect=90s"], "designs.only.promotion.detect = 90s", "45s");
    let leased = ["designs.only.promotion.fencing=true", "designs.only.promotion.lease=5m"];
    names(Phase::NoPrimary, &leased, "designs.only.promotion.lease = 5m", "2m 30s");
    let manual = "designs.only.promotion={ when = \"manual\", decision = { dist = \"exponential\", mean = \"8m\" } }";
    let decision = "designs.only.promotion.decision = { dist = \"exponential\", mean = \"8m\" }";
    names(Phase::NoPrimary, &[manual], decision, "{ dist = \"exponential\", mean = \"4m\" }");
    let out = "incidents=[{ name = \"no changes\", kind = \"control-plane-outage\", at = \"10m\", lasts = \"20m\" }]";
    let stuck = advice(Phase::NoPrimary, &[out]);
    assert_eq!(stuck.key.as_deref(), Some("designs.only.database.writes"), "no promotion setting shortens the wait");
}

#[test]
fn where_nobody_promotes_better_names_are_not_advised() {
    let never = "designs.only.promotion={ when = \"never\" }";
    names(Phase::NeverPromotes, &[never], "designs.only.promotion.when = never", "automatic");
    assert!(advice(Phase::NeverPromotes, &[never]).text.contains("better DNS would not have saved these requests"));
    let planned = "designs.only.promotion={ when = \"planned\", at = \"30m\" }";
    names(Phase::NeverPromotes, &[planned], "designs.only.promotion.when = planned", "{ when = \"automatic\" }");
    // The 90 s of a promotion by default outlast a failure of 40 s.
    let short = advice(Phase::NeverPromotes, &[never, "incidents.0.lasts=40s"]);
    assert_eq!(short.turn.iter().map(|turn| turn.value.as_str()).collect::<Vec<_>>(), ["automatic", "5s", "5s"]);
}

#[test]
fn where_the_region_is_gone_with_its_primary_a_promotion_is_not_said_to_be_enough() {
    let never = "designs.only.promotion={ when = \"never\" }";
    let to_east = "designs.only.routing={ policy = \"failover\", order = [\"east\", \"west\"] }";
    let said = |settings: &[&str]| advice(Phase::NeverPromotes, &[&[never], settings].concat()).text;
    // Three probes 60 s apart outlast a failure of 150 s, and not one of 20 min.
    let nothing = said(&[to_east, "incidents.0.lasts=150s"]);
    for part in
        ["By itself that buys nothing", "longer than the failure itself (2m 30s)", "`dns.health_checks.interval`"]
    {
        assert!(nothing.contains(part), "{part:?} is not in: {nothing}");
    }
    // Half of the visitors are nearer to the other region, and are served there.
    let not_before =
        "Visitors who are led to east, which is gone with its primary, are not served before the names lead";
    for settings in [&[to_east][..], &["incidents.0.lasts=150s"], &[]] {
        let some = said(settings);
        assert!(some.contains(not_before) && !some.contains("buys nothing"), "{some}");
    }
    // Where the node alone is gone, or clients have a second address, it is enough.
    let node = "incidents.0.kind=database-outage";
    for settings in [&[to_east, node][..], &[to_east, "dns.addresses=2"]] {
        let enough = said(settings);
        assert!(enough.ends_with("(\"manual\") do it."), "{enough}");
    }
}

#[test]
fn calls_that_fail_are_advised_on_by_what_they_needed() {
    let primary = "designs.only.database.reads=primary";
    names(Phase::Link, &[primary], "designs.only.database.reads = primary", "local");
    let nearest = "designs.only.routing.policy = nearest";
    names(Phase::Link, &[], nearest, "{ policy = \"failover\", order = [\"east\", \"west\"] }");
    // Where a replica that watches alone promotes itself at a cut, the primary would not stay where visitors are led.
    let moves = advice(Phase::Link, &["designs.only.promotion.watch=replica"]);
    assert_eq!((moves.turn[1].key.as_str(), moves.turn[1].value.as_str()), ("designs.only.promotion.watch", "witness"));
    assert!(moves.text.contains("let a third site watch"), "{}", moves.text);
    let sync = "designs.only.replication={ mode = \"sync\" }";
    names(Phase::Link, &[sync], "designs.only.replication.eject_after = never", "10s");
    names(Phase::Replica, &[sync], "designs.only.replication.eject_after = never", "10s");
    let semi = "designs.only.replication={ mode = \"semi-sync\" }";
    names(Phase::Replica, &[semi], "designs.only.replication.ack_timeout = 10s", "5s");
    names(Phase::DatabaseEndpoint, &[], "designs.only.database.endpoint.via = dns", "{ via = \"driver\" }");
    names(Phase::DatabaseEndpoint, &[primary], "designs.only.database.endpoint.ttl = 60s", "30s");
    let driver = "designs.only.database.endpoint={ via = \"driver\" }";
    names(Phase::DatabaseEndpoint, &[driver], "designs.only.database.endpoint.errors = 3", "1");
}

#[test]
fn want_of_capacity_is_advised_on_by_what_keeps_it_wanting() {
    let standby = "designs.only.standby={ region = \"west\", kind = \"warm\", share = \"50%\", activation = \"5m\" }";
    names(Phase::Capacity, &[standby], "designs.only.standby.share = 50%", "100%");
    // 36 requests a second for 32 workers, which serve some 1450: retries alone can be too many.
    names(Phase::Capacity, &[], "geographies.*.client.max_attempts = 3", "2");
    names(Phase::Capacity, &["geographies.here.sessions.rate=300"], "regions.*.app.instances = 2", "4");
    // In 1 s, 32 workers serve 32 / 0.022 = 1454 requests.
    let impatient = ["geographies.here.client.request_timeout=1s", "regions.east.app.queue_limit=5000"];
    names(Phase::Capacity, &impatient, "regions.east.app.queue_limit = 5000", "727");
    let cold = "designs.only.standby={ region = \"west\", kind = \"cold\", activation = \"5m\" }";
    names(Phase::NoAlternative, &[cold], "designs.only.standby.kind = cold", "hot");
    names(Phase::NoAlternative, &[], "dns.addresses = 1", "2");
    names(Phase::NoAlternative, &["dns.health_checks.probe=http"], "designs.only.promotion.duration = 60s", "30s");
}

#[test]
fn where_no_setting_helps_none_is_named() {
    let none = advice(Phase::NothingLeft, &[]);
    assert_eq!((none.key, none.value), (None, None));
    assert!(none.text.starts_with("no setting of this design helps") && none.text.contains("A third place"));
    assert_eq!(advice(Phase::Other, &[]).key, None);
}

#[test]
fn what_remains_after_the_first_is_mended_is_said() {
    let scenario = Scenario::parse(FILE, "advised.toml", &LoadOptions::default()).expect("a scenario").scenario;
    let lost = [(Phase::Undetected, 77.0), (Phase::KeptConnection, 30.0), (Phase::ClientCache, 11.0)];
    let text = |phase, lost: &[(Phase, f64)]| {
        let remains = Remains::after(phase, lost);
        advise(&scenario, &scenario.designs[0], phase, Some(&remains)).text
    };
    let said = text(Phase::Undetected, &lost);
    // Those who are led elsewhere at once may hold an old answer, or find no primary.
    let after = "unpublished, kept_connection, client_cache, resolver_cache, no_alternative, capacity, no_primary or \
                 database_endpoint";
    let rest = format!(
        " Of 118 s, at most 77 s are saved: part or most of it may move on to {after}. In other phases 41 s are lost already, \
         most of it kept_connection."
    );
    assert!(said.ends_with(&rest), "{said}");
    let said = text(Phase::NothingLeft, &[(Phase::NothingLeft, 77.0), lost[1], (Phase::ClientCache, 30.0)]);
    assert!(said.ends_with(" Of 137 s, 60 s are lost otherwise, the largest part of it kept_connection."), "{said}");
    let alone = text(Phase::Undetected, &[(Phase::Undetected, 77.0), (Phase::ClientCache, 2.0)]);
    assert!(!alone.contains("In other phases"), "a fortieth is not worth a sentence: {alone}");
    assert!(alone.contains("Of 79 s, at most 77 s are saved: part or most of it may move on to"), "{alone}");
    let capacity = text(Phase::Capacity, &[(Phase::Capacity, 77.0)]);
    assert!(
        capacity.contains("77 s are lost here: others may shrink with it") && !capacity.contains("saved"),
        "{capacity}"
    );
}

#[test]
fn where_hardly_anything_is_lost_the_rest_is_not_repeated_as_the_whole() {
    let scenario = Scenario::parse(FILE, "advised.toml", &LoadOptions::default()).expect("a scenario").scenario;
    let said = |phase: Phase, seconds: f64| {
        let remains = Remains::after(phase, &[(phase, seconds), (Phase::ClientCache, 164.0)]);
        advise(&scenario, &scenario.designs[0], phase, Some(&remains)).text
    };
    for (seconds, least) in [(0.3, "0.3 s"), (0.01, "less than 0.1 s")] {
        let text = said(Phase::Undetected, seconds);
        let whole = format!(" It saves little: at most {least} of 164 s, of which most is client_cache.");
        assert!(text.ends_with(&whole), "{text}");
    }
    let text = said(Phase::NothingLeft, 0.3);
    assert!(text.ends_with(" Nearly all is lost otherwise, most of it client_cache."), "{text}");
}

#[test]
fn a_name_with_a_dot_is_spelled_so_that_the_override_is_accepted() {
    let dotted = FILE.replace("regions.east", "regions.\"us.east\"").replace("east = ", "\"us.east\" = ");
    let dotted = dotted.replace("\"east\"", "\"us.east\"").replace("geographies.here", "geographies.\"eu.1\"");
    let dotted = dotted.replace("designs.only", "designs.\"only.one\"");
    let load = |overrides: Vec<&str>| {
        let overrides = overrides.into_iter().map(|change| change.parse().expect("KEY=VALUE")).collect();
        let options = LoadOptions { overrides, ..LoadOptions::default() };
        Scenario::parse(&dotted, "dotted.toml", &options).unwrap_or_else(|error| panic!("{error}")).scenario
    };
    let scenario = load(vec!["geographies.\"eu.1\".client.keepalive=5m"]);
    let turns = |phase: Phase| advise(&scenario, &scenario.designs[0], phase, None).turn;
    let first = |phase: Phase| format!("{}={}", turns(phase)[0].key, turns(phase)[0].value);
    assert_eq!(first(Phase::KeptConnection), "geographies.\"eu.1\".client.keepalive=2s");
    assert_eq!(first(Phase::NoPrimary), "designs.\"only.one\".promotion.duration=30s");
    let more = capacity::more_instances(&Context { scenario: &scenario, design: &scenario.designs[0] }, "");
    let more: Vec<String> = more.turn.iter().map(|turn| format!("{}={}", turn.key, turn.value)).collect();
    assert_eq!(more, ["regions.\"us.east\".app.instances=4", "regions.west.app.instances=4"]);
    let turned = load(more.iter().map(String::as_str).collect());
    assert_eq!(turned.regions.each_ref().map(|region| region.app.instances), [4, 4]);
}

#[test]
fn an_advised_duration_has_three_digits_and_is_short_enough() {
    // Half of the median of an exponential of 5 s is 5 ln 2 / 2 = 1.7329 s.
    let thinks = ["geographies.here.think_time={ dist = \"exponential\", mean = \"5s\" }"];
    let kept = advice(Phase::KeptConnection, &[thinks[0], "geographies.here.client.keepalive=5m"]);
    assert_eq!(kept.turn[0].value, "1.73s");
    names(Phase::Unpublished, &["dns.publish_delay=3333ms"], "dns.publish_delay = 3.333s", "1.66s");
}
