//! Findings as one JSON document: an array, one object per scenario.

use serde::Serialize;

use super::{Checked, Since};
use crate::results::Finding;

#[derive(Serialize)]
struct ScenarioJson<'a> {
    path: &'a str,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scenario: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scenario_sha256: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    seed: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    runs: Option<u64>,
    /// Absent without a baseline.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Changed<'a>>,
    findings: Vec<One<'a>>,
    /// Absent if there is nothing to be known of them.
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    notes: &'a [String],
}

#[derive(Serialize)]
struct Changed<'a> {
    baseline: &'a str,
    changes: Vec<SettingJson<'a>>,
}

#[derive(Serialize)]
struct SettingJson<'a> {
    key: &'a str,
    /// Null if there was no such key.
    was: Option<&'a str>,
    /// Null if there is no such key.
    is: Option<&'a str>,
}

#[derive(Serialize)]
struct One<'a> {
    source: &'static str,
    design: Option<&'a str>,
    status: &'static str,
    text: &'a str,
    found: &'a str,
    /// Absent if nothing was measured; `"censored"` if it lies beyond the horizon.
    measured: Option<NumberJson>,
    interval: Option<IntervalJson>,
    /// Of a bound that held in each run: most that the share of runs may be that break it, at 95 %.
    may_break: Option<f64>,
    line: Option<usize>,
    replay: Option<&'a str>,
}

#[derive(Serialize)]
struct IntervalJson {
    low: NumberJson,
    high: NumberJson,
    level: f64,
    n: u64,
}

#[derive(Serialize)]
#[serde(untagged)]
enum NumberJson {
    Seen(f64),
    Beyond(&'static str),
}

impl NumberJson {
    fn of(value: f64) -> Self {
        if value.is_finite() { NumberJson::Seen(value) } else { NumberJson::Beyond("censored") }
    }
}

/// All scenarios, in the order in which they were checked.
pub fn json(checked: &[Checked]) -> String {
    let document: Vec<ScenarioJson<'_>> = checked.iter().map(scenario).collect();
    let mut text = serde_json::to_string_pretty(&document).expect("plain data serialises");
    text.push('\n');
    text
}

fn scenario(checked: &Checked) -> ScenarioJson<'_> {
    let findings = checked.result.as_ref();
    ScenarioJson {
        path: &checked.path,
        status: match findings {
            Err(_) => "error",
            Ok(findings) if findings.hold() => "pass",
            Ok(_) => "fail",
        },
        error: findings.err().map(String::as_str),
        scenario: findings.ok().map(|findings| findings.scenario.as_str()),
        scenario_sha256: findings.ok().map(|findings| findings.hash.as_str()),
        seed: findings.ok().map(|findings| findings.seed),
        runs: findings.ok().map(|findings| findings.runs),
        since: findings.ok().and_then(|findings| findings.since.as_ref()).map(changed),
        findings: findings.map_or_else(|_| Vec::new(), |findings| findings.all.iter().map(one).collect()),
        notes: findings.map_or(&[], |findings| &findings.notes),
    }
}

fn changed(since: &Since) -> Changed<'_> {
    let keys = since.changes.iter();
    let changes =
        keys.map(|one| SettingJson { key: &one.key, was: one.was.as_deref(), is: one.is.as_deref() }).collect();
    Changed { baseline: &since.baseline, changes }
}

fn one(finding: &Finding) -> One<'_> {
    let interval = finding.interval.map(|interval| IntervalJson {
        low: NumberJson::of(interval.low),
        high: NumberJson::of(interval.high),
        level: finding.level,
        n: interval.n,
    });
    One {
        source: finding.source.name(),
        design: finding.design(),
        status: finding.standing.name(),
        text: &finding.text,
        found: &finding.found,
        measured: finding.measured.map(NumberJson::of),
        interval,
        may_break: finding.may_break,
        line: finding.line,
        replay: finding.replay.as_deref(),
    }
}
