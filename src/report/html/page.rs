//! The page: what the template shows, made from a folder.

use askama::Template;

use super::checks::{self, MarkedCheck};
use super::every_metric::{MetricRows, every_metric};
use super::figures::{Figure, figures};
use super::fix::{Fall, falls};
use super::folder::Folder;
use super::policy::policy;
use super::scores::{ScoreGroup, groups};
use super::series::Series;
use crate::chart::design_colour;
use crate::results::words::{NARROW, Piece, caveats, duration, listed, runs, runs_of_each, share, windows};
use crate::results::{DesignResults, MetricPlace, Study};

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
    study: &'a Study,
    question: &'a str,
    runs: String,
    runs_of_each: String,
    measured: String,
    warm_up: String,
    slo: String,
    windows: String,
    edges: String,
    designs: Vec<Tag<'a>>,
    compared: bool,
    groups: Vec<ScoreGroup>,
    aspects: Vec<(&'static str, Vec<&'a str>)>,
    caveats: String,
    all_caveats: String,
    expectations: Vec<MarkedCheck>,
    objectives: Vec<MarkedCheck>,
    targets: Vec<MarkedCheck>,
    least_share: String,
    falls: Vec<Fall<'a>>,
    /// True if something is to be fixed first in some design.
    has_lead: bool,
    /// The meaning of a star in them; empty if there is none.
    falls_caveat: &'static str,
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

/// Filters of the template.
#[expect(unreachable_pub, reason = "the macro makes a public type")]
mod filters {
    use crate::results::words;

    /// A text whose numbers keep their units on the same line.
    #[askama::filter_fn]
    pub(super) fn unbroken(text: impl std::fmt::Display, _: &dyn askama::Values) -> askama::Result<String> {
        Ok(words::unbroken(&text.to_string()))
    }
}

/// Lays the page out as HTML.
pub(super) fn html(folder: &Folder) -> String {
    let (study, receipt) = (&folder.study, &folder.receipt);
    let shown = |metrics: Vec<usize>| caveats(metrics.into_iter().flat_map(|metric| study.with_geographies(metric)));
    let falls = falls(study);
    let page = Page {
        question: if study.description.is_empty() { &receipt.scenario } else { &study.description },
        runs: runs(receipt.runs),
        runs_of_each: runs_of_each(receipt.runs, study.designs.len()),
        measured: format!(
            "{} of {} simulated",
            duration(study.measured_to_s - study.measured_from_s),
            duration(study.horizon_s)
        ),
        warm_up: duration(study.measured_from_s),
        slo: share(study.slo),
        windows: windows(study),
        edges: edges(study),
        designs: study.designs.iter().map(tag).collect(),
        compared: !study.comparisons.is_empty(),
        groups: groups(study),
        aspects: aspects(study),
        caveats: shown(study.shown_in(MetricPlace::Score)),
        all_caveats: shown((0..study.metrics.len()).collect()),
        expectations: study.expectations.iter().map(checks::expectation).collect(),
        objectives: study.objectives.iter().map(checks::objective).collect(),
        targets: study.until.iter().flat_map(|until| &until.targets).map(checks::target).collect(),
        least_share: share(study.least_share),
        falls_caveat: if falls.iter().any(Fall::has_star) { NARROW } else { "" },
        has_lead: falls.iter().any(|fall| fall.lead.is_some()),
        falls,
        figures: figures(folder),
        metrics: every_metric(study),
        command: super::command::command(folder),
        has_trace: folder.scenario.lines().any(|line| !line.trim_start().starts_with('#') && line.contains("trace")),
        data: Series::of(folder).json(),
        policy: policy([UPLOT, SCRIPT]),
        style: STYLE,
        script: SCRIPT,
        uplot_style: UPLOT_STYLE,
        uplot: UPLOT,
        uplot_licence: UPLOT_LICENCE,
        folder,
        study,
    };
    let mut html = page.render().expect("the template writes to memory");
    html.push('\n');
    html
}

/// Names the designs whose downtime is on the edge; the warnings have the figures. Empty if there are none.
fn edges(study: &Study) -> String {
    let on_edge = study.designs.iter().filter(|design| design.on_the_edge.is_some());
    let names: Vec<&str> = on_edge.map(|design| design.name.as_str()).collect();
    if names.is_empty() {
        return String::new();
    }
    format!(
        "On the edge ({}) means that downtime hangs on this level; the warnings say what it would be at another, in windows that \
         hold enough requests for all of these levels.",
        listed(&names)
    )
}

/// The sentences that decide, those of one aspect together.
fn aspects(study: &Study) -> Vec<(&'static str, Vec<&str>)> {
    let mut aspects: Vec<(&'static str, Vec<&str>)> = Vec::new();
    for point in &study.answer.points {
        match aspects.last_mut() {
            Some((label, sentences)) if *label == point.aspect.label() => sentences.push(&point.sentence),
            _ => aspects.push((point.aspect.label(), vec![&point.sentence])),
        }
    }
    aspects
}

fn tag(design: &DesignResults) -> Tag<'_> {
    Tag { name: &design.name, colour: design_colour(design.place) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_asset_ends_the_element_that_carries_it() {
        for asset in [SCRIPT, UPLOT, STYLE, UPLOT_STYLE] {
            assert!(!asset.contains("</script") && !asset.contains("</style") && !asset.contains("<!--"));
        }
    }
}
