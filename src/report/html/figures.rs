//! The charts of the page, each with the question that it answers.

use super::folder::Folder;

/// A chart.
pub(super) struct Figure<'a> {
    pub(super) name: &'a str,
    /// True if the script draws it anew.
    pub(super) live: bool,
    pub(super) question: String,
    pub(super) hint: &'static str,
    pub(super) svg: &'a str,
}

/// The charts in the order of the page: name, whether the script draws it, its question, how to read it.
const FIGURES: [(&str, bool, &str, &str); 9] = [
    (
        "success",
        true,
        "What share of the requests succeeds?",
        "Line: median of the runs. Band: 5th to 95th percentile. Dotted: the service level.",
    ),
    ("traffic", true, "Where do visitors go?", "Share of the attempts that go"),
    ("downtime", true, "How likely is how much downtime?", "Share of the runs with at most so much downtime."),
    (
        "downtime_by_threshold",
        false,
        "How long is success under each threshold?",
        "Line: mean over runs. Band: its 95 % interval.",
    ),
    ("lost_service", false, "What is service lost to?", ""),
    (
        "latency",
        true,
        "How long do successful requests take?",
        "Of all runs together, outages included. Both axes are logarithmic.",
    ),
    ("writes_lost", false, "How many acknowledged writes are lost?", ""),
    ("writes", false, "What became of acknowledged writes that were at risk?", ""),
    ("capacity", false, "How much of the capacity is used?", ""),
];

/// The charts that are there, in the order of the page; those that it does not know come last.
pub(super) fn figures(folder: &Folder) -> Vec<Figure<'_>> {
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
