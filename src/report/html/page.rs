//! The page: what the template shows, made from a folder.

use askama::Template;
use sha2::{Digest, Sha256};

use super::doubt::caveats;
use super::folder::{Folder, Statistics, Summary};
use super::series::Series;
use super::verdict::{self, Score, Verdict};
use super::waterfall::{Waterfall, waterfalls};
use crate::report::chart::design_colour;
use crate::report::format::{duration, share, value};
use crate::stats::{ENOUGH_OTHERS, RARE, none_of};
use crate::study::LEAST_SHARE;

const STYLE: &str = include_str!("../../../assets/report/report.css");
const SCRIPT: &str = include_str!("../../../assets/report/report.js");
const UPLOT_STYLE: &str = include_str!("../../../assets/uplot/uPlot.min.css");
const UPLOT: &str = include_str!("../../../assets/uplot/uPlot.iife.min.js");
const UPLOT_LICENCE: &str = include_str!("../../../assets/uplot/LICENSE");

/// The page as a whole; the fields are the template's variables.
#[derive(Template)]
#[template(path = "report.html")]
struct Page<'a> {
    folder: &'a Folder,
    summary: &'a Summary,
    question: &'a str,
    runs: String,
    measured: String,
    warm_up: String,
    slo: String,
    window: String,
    designs: Vec<Tag<'a>>,
    compared: bool,
    verdict: Verdict,
    scores: Vec<Score>,
    caveats: String,
    all_caveats: String,
    expectations: Vec<Check>,
    objectives: Vec<Check>,
    targets: Vec<Check>,
    least_share: String,
    waterfalls: Vec<Waterfall>,
    figures: Vec<Figure<'a>>,
    metrics: Vec<MetricRows<'a>>,
    command: String,
    has_trace: bool,
    data: String,
    policy: String,
    style: &'static str,
    script: &'static str,
    uplot_style: &'static str,
    uplot: &'static str,
    uplot_licence: &'static str,
}

/// A design and its colour.
struct Tag<'a> {
    name: &'a str,
    colour: String,
}

/// An expectation or an objective.
struct Check {
    /// `pass`, `fail` or `open`.
    class: &'static str,
    mark: String,
    text: String,
}

/// A chart.
struct Figure<'a> {
    name: &'a str,
    /// Whether the script draws it anew.
    live: bool,
    question: String,
    hint: &'static str,
    svg: &'a str,
}

/// A metric in the table of all of them, a row for each design.
struct MetricRows<'a> {
    name: &'a str,
    title: &'a str,
    rows: Vec<MetricRow<'a>>,
}

struct MetricRow<'a> {
    design: usize,
    name: &'a str,
    mean: String,
    interval: String,
    median: String,
    p95: String,
    range: String,
}

/// The charts in the order of the page: name, whether the script draws it, its question, how to read it.
const FIGURES: [(&str, bool, &str, &str); 8] = [
    (
        "success",
        true,
        "What share of the requests succeeds?",
        "Line: median of the runs. Band: 5th to 95th percentile. Dotted: the service level.",
    ),
    ("traffic", true, "Where do visitors go?", "Share of the attempts that go"),
    ("downtime", true, "How likely is how much downtime?", "Share of the runs with at most so much downtime."),
    ("lost_service", false, "What is service lost to?", ""),
    ("latency", true, "How long do successful requests take?", "Of all runs together. Both axes are logarithmic."),
    ("writes_lost", false, "How many acknowledged writes are lost?", ""),
    ("writes", false, "What became of acknowledged writes that were at risk?", ""),
    ("capacity", false, "How much of the capacity is used?", ""),
];

/// Filters of the template.
#[expect(unreachable_pub, reason = "the macro makes a public type")]
mod filters {
    /// A text whose numbers keep their units on the same line.
    #[askama::filter_fn]
    pub(super) fn unbroken(text: impl std::fmt::Display, _: &dyn askama::Values) -> askama::Result<String> {
        const UNITS: [&str; 8] = ["%", "s", "ms", "µs", "min", "h", "d", "±"];
        let mut joined = String::new();
        for word in text.to_string().split(' ') {
            let bare = word.trim_end_matches([',', ')', ';', ':', '.']);
            let after_number = joined.ends_with(|end: char| end.is_ascii_digit());
            if !joined.is_empty() {
                joined.push(if after_number && UNITS.contains(&bare) { '\u{a0}' } else { ' ' });
            }
            joined.push_str(word);
        }
        Ok(joined)
    }
}

/// The page as HTML.
pub(super) fn html(folder: &Folder) -> String {
    let (summary, receipt) = (&folder.summary, &folder.receipt);
    let tag = |design: usize| Tag { name: &summary.designs[design].name, colour: design_colour(summary.place(design)) };
    let page = Page {
        question: if summary.description.is_empty() { &receipt.scenario } else { &summary.description },
        runs: if receipt.runs == 1 { "1 run".to_owned() } else { format!("{} runs", receipt.runs) },
        measured: format!(
            "{} of {} simulated",
            duration(summary.measured_to_s - summary.measured_from_s),
            duration(summary.horizon_s)
        ),
        warm_up: duration(summary.measured_from_s),
        slo: share(summary.slo),
        window: duration(summary.window_s),
        designs: (0..summary.designs.len()).map(tag).collect(),
        compared: !summary.comparisons.is_empty(),
        verdict: verdict::verdict(summary, receipt.runs),
        scores: verdict::scores(summary),
        caveats: caveats(summary, verdict::SCORES.iter().copied()),
        all_caveats: caveats(summary, summary.metrics.iter().map(|metric| metric.name.as_str())),
        expectations: summary.expectations.iter().map(|one| expectation(one, receipt.runs)).collect(),
        objectives: summary.objectives.iter().map(objective).collect(),
        targets: summary.until.iter().flat_map(|until| &until.targets).map(target).collect(),
        least_share: share(LEAST_SHARE),
        waterfalls: waterfalls(folder),
        figures: figures(folder),
        metrics: (0..summary.metrics.len()).filter_map(|metric| metric_rows(summary, metric)).collect(),
        command: command(folder),
        has_trace: folder.scenario.lines().any(|line| !line.trim_start().starts_with('#') && line.contains("trace")),
        data: Series::of(folder).json(),
        policy: policy(),
        style: STYLE,
        script: SCRIPT,
        uplot_style: UPLOT_STYLE,
        uplot: UPLOT,
        uplot_licence: UPLOT_LICENCE,
        folder,
        summary,
    };
    let mut html = page.render().expect("the template writes to memory");
    html.push('\n');
    html
}

/// What was measured decides; where its interval leaves the other open, it looks neither good nor bad. A least or
/// greatest value has no interval, and is what it is from two runs on.
fn expectation(expectation: &super::folder::Expectation, runs: u64) -> Check {
    let is_sure = expectation.clear || (expectation.interval.is_none() && runs > 1);
    let (class, mark) = match expectation.verdict.as_str() {
        "pass" if is_sure => ("pass", "holds"),
        "pass" => ("open", "holds, not surely"),
        "fail" if is_sure => ("fail", "does not hold"),
        "fail" => ("open", "does not hold, not surely"),
        "not_enough_runs" => ("open", "too few runs"),
        "unattended" => ("fail", "untested"),
        _ => ("open", "not run"),
    };
    Check { class, mark: mark.to_owned(), text: expectation.sentence.clone() }
}

fn objective(objective: &super::folder::Objective) -> Check {
    let stated = format!("{}: {} of {}", objective.design, objective.objective, duration(objective.target_s));
    if let Some(why) = &objective.untested {
        return Check { class: "fail", mark: "untested".to_owned(), text: format!("{stated} not met: {why}") };
    }
    let (met, runs) = (objective.met, objective.runs);
    // A handful of runs that all go one way look neither good nor bad, and only hundreds are called all.
    let (is_some, is_all) = (runs >= ENOUGH_OTHERS, none_of(runs) <= RARE);
    let count = format!("in {met} of {runs} runs");
    let (class, mark) = match met {
        _ if met == runs && is_all => ("pass", "always".to_owned()),
        0 if is_all => ("fail", "never".to_owned()),
        _ if met == runs && is_some => ("pass", count),
        0 if is_some => ("fail", count),
        _ => ("open", count),
    };
    let mut text = format!("{stated} met in {met} of {runs} runs");
    if let Some(part) = objective.share {
        let [low, high] = [part.low, part.high].map(|number| share(number.0));
        text.push_str(&format!("; 95 % interval {low} to {high}"));
    }
    if objective.censored > 0 {
        text.push_str(&format!("; not recovered by the horizon in {}", objective.censored));
    }
    Check { class, mark, text }
}

/// Whether an interval is as narrow as was asked for.
fn target(reached: &super::folder::Reached) -> Check {
    let (class, mark) = if reached.met { ("pass", "known") } else { ("open", "not known") };
    Check {
        class,
        mark: mark.to_owned(),
        text: format!("{} in {}: {}", reached.target, reached.design, reached.sentence),
    }
}

/// The charts that are there, in the order of the page; those that it does not know come last.
fn figures(folder: &Folder) -> Vec<Figure<'_>> {
    let known = FIGURES.iter().filter_map(|&(name, live, question, hint)| {
        let svg = folder.charts.iter().find(|(chart, _)| chart == name).map(|(_, svg)| svg.as_str());
        (live || svg.is_some()).then(|| Figure {
            name,
            live,
            question: question.to_owned(),
            hint,
            svg: svg.unwrap_or_default(),
        })
    });
    let others = folder.charts.iter().filter(|(chart, _)| FIGURES.iter().all(|(name, ..)| name != chart));
    let others =
        others.map(|(name, svg)| Figure { name, live: false, question: name.replace('_', " "), hint: "", svg });
    known.chain(others).collect()
}

/// A metric of every design; `None` if it applies to none.
fn metric_rows(summary: &Summary, metric: usize) -> Option<MetricRows<'_>> {
    let definition = &summary.metrics[metric];
    let unit = definition.unit();
    let row = |(design, of): (usize, &'_ super::folder::Design)| {
        let statistics = &of.metrics[metric];
        let range = statistics.min.zip(statistics.max);
        MetricRow {
            design,
            name: &summary.designs[design].name,
            mean: match (&statistics.mean, &statistics.min) {
                (Some(mean), _) => value(mean.point.0, unit) + &statistics.of_fewer() + statistics.star(),
                (None, Some(only)) if statistics.n == 1 && statistics.censored == 0 => {
                    value(only.0, unit) + &statistics.of_fewer()
                }
                _ => "–".to_owned(),
            },
            interval: match &statistics.mean {
                Some(_) if statistics.is_same() => format!("the same in all {} runs", statistics.n),
                Some(mean) => format!("{} to {}", value(mean.low.0, unit), value(mean.high.0, unit)),
                None => String::new(),
            },
            median: quantile(statistics, 0.5, unit),
            p95: quantile(statistics, 0.95, unit),
            range: range
                .map_or_else(String::new, |(min, max)| format!("{} to {}", value(min.0, unit), value(max.0, unit))),
        }
    };
    let applies = summary.designs.iter().any(|design| design.metrics[metric].n > 0);
    applies.then(|| MetricRows {
        name: &definition.name,
        title: &definition.title,
        rows: summary.designs.iter().enumerate().map(row).collect(),
    })
}

/// A quantile with its interval, or the number of runs that it needs.
fn quantile(statistics: &Statistics, p: f64, unit: crate::study::Unit) -> String {
    let Some(quantile) = statistics.quantiles.iter().find(|quantile| quantile.p == p) else { return "–".to_owned() };
    match (&quantile.estimate, quantile.runs_needed) {
        (Some(estimate), _) => {
            let [point, low, high] = [estimate.point, estimate.low, estimate.high].map(|number| value(number.0, unit));
            if low == high { point } else { format!("{point} ({low} to {high})") }
        }
        (None, Some(needed)) => format!("needs {needed} runs"),
        (None, None) => "–".to_owned(),
    }
}

/// The line that makes the same files again, from inside the folder.
fn command(folder: &Folder) -> String {
    let receipt = &folder.receipt;
    let subcommand = if folder.summary.comparisons.is_empty() { "run" } else { "compare" };
    let runs = receipt.until.as_ref().map_or(receipt.runs, |rule| rule.runs_at_a_time);
    let mut line = format!("firedrill {subcommand} scenario.toml --runs {runs} --seed {} --out again", receipt.seed);
    if let Some(rule) = &receipt.until {
        for target in &rule.targets {
            line.push_str(&format!(" --until {}", quoted(target)));
        }
        line.push_str(&format!(" --max-runs {}", rule.max_runs));
    }
    if receipt.first_run != 0 {
        line.push_str(&format!(" --first-run {}", receipt.first_run));
    }
    for setting in &receipt.settings {
        line.push_str(&format!(" --set {}", quoted(setting)));
    }
    let all = folder.scenario.parse::<toml::Table>().ok();
    let all = all.and_then(|scenario| Some(scenario.get("designs")?.as_table()?.len()));
    if all != Some(receipt.designs.len()) {
        for design in &receipt.designs {
            line.push_str(&format!(" --design {}", quoted(design)));
        }
    }
    line
}

/// A word for a shell.
fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=.,/".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

/// What the page may load: its own style and its two scripts, by their hashes, and nothing from anywhere.
fn policy() -> String {
    let hash = |script: &str| format!("'sha256-{}'", base64(&Sha256::digest(script.as_bytes())));
    format!(
        "default-src 'none'; style-src 'unsafe-inline'; script-src {} {}; base-uri 'none'; form-action 'none'",
        hash(UPLOT),
        hash(SCRIPT)
    )
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * place) & 63) as usize] as char;
            text.push(if place <= chunk.len() { digit } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foobar", "Zm9vYmFy")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }

    #[test]
    fn words_for_the_shell_are_quoted_only_if_they_must_be() {
        assert_eq!(quoted("dns.answer_ttl=30s"), "dns.answer_ttl=30s");
        assert_eq!(quoted("a 'b'; c"), r"'a '\''b'\''; c'");
    }

    #[test]
    fn no_asset_ends_the_element_that_carries_it() {
        for asset in [SCRIPT, UPLOT, STYLE, UPLOT_STYLE] {
            assert!(!asset.contains("</script") && !asset.contains("</style") && !asset.contains("<!--"));
        }
    }
}
