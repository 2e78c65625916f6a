//! The numbers behind the interactive charts, as JSON for the page's script.

use serde::Serialize;

use super::folder::{Folder, Table, number};
use crate::maths;
use crate::report::chart::{design_colour, design_dash};
use crate::stats::quantile_of_sorted;

/// Most points of a curve over runs.
const MOST_POINTS: usize = 400;

/// Everything that the script draws.
#[derive(Debug, Serialize)]
pub(super) struct Series<'a> {
    designs: Vec<Look<'a>>,
    region: &'a str,
    horizon_s: f64,
    warm_up_s: f64,
    slo: f64,
    incidents: Vec<Incident>,
    time_s: Vec<f64>,
    /// Per design: share of requests that succeed, and share of attempts sent to the first region.
    success: Vec<Bands>,
    traffic: Vec<Bands>,
    downtime: Vec<Curve>,
    latency: Vec<Curve>,
}

#[derive(Debug, Serialize)]
struct Look<'a> {
    name: &'a str,
    colour: String,
    dash: &'static [f64],
}

/// An incident that happens at the same time in every run.
#[derive(Debug, Serialize)]
pub(super) struct Incident {
    pub(super) name: String,
    pub(super) from_s: f64,
    pub(super) to_s: f64,
}

/// Three quantiles over runs, for each moment of `time_s`.
#[derive(Debug, Default, Serialize)]
struct Bands {
    p5: Vec<Option<f64>>,
    median: Vec<Option<f64>>,
    p95: Vec<Option<f64>>,
}

/// Points of a curve, by ascending `x`.
#[derive(Debug, Default, Serialize)]
struct Curve {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl<'a> Series<'a> {
    pub(super) fn of(folder: &'a Folder) -> Self {
        let summary = &folder.summary;
        let names = || summary.designs.iter().map(|design| design.name.as_str());
        let look = |(design, name)| {
            let place = summary.place(design);
            Look { name, colour: design_colour(place), dash: design_dash(place) }
        };
        let bands = |what: &str| names().map(|name| bands(&folder.timeline, name, what)).collect();
        Series {
            designs: names().enumerate().map(look).collect(),
            region: &summary.regions[0],
            horizon_s: summary.horizon_s,
            warm_up_s: summary.measured_from_s,
            slo: summary.slo,
            incidents: incidents(&folder.incidents),
            time_s: times(&folder.timeline),
            success: bands("success_share"),
            traffic: bands(&format!("traffic_share_{}", summary.regions[0])),
            downtime: names().map(|name| distribution(&folder.runs, name, "downtime_s")).collect(),
            latency: names().map(|name| latency(&folder.latency, name)).collect(),
        }
    }

    /// As JSON that may stand inside `<script>`.
    pub(super) fn json(&self) -> String {
        within_script(&serde_json::to_string(self).expect("numbers and names are JSON"))
    }
}

/// JSON without `<`, `>` and `&`, and without the line ends that older scripts cannot bear in strings.
fn within_script(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for letter in json.chars() {
        match letter {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => safe.push_str(&format!("\\u{:04x}", letter as u32)),
            _ => safe.push(letter),
        }
    }
    safe
}

/// Rows of a design.
pub(super) fn rows<'a>(table: &'a Table, design: &'a str) -> impl Iterator<Item = &'a csv::StringRecord> {
    let column = table.column("design");
    table.rows.iter().filter(move |row| row.get(column) == Some(design))
}

/// The middles of the bins, of the first design: all have the same.
fn times(timeline: &Table) -> Vec<f64> {
    let [design, from, to] = ["design", "from_s", "to_s"].map(|name| timeline.column(name));
    let Some(first) = timeline.rows.first().and_then(|row| row.get(design)) else { return Vec::new() };
    let middle = |row| Some((number(row, from)? + number(row, to)?) / 2.0);
    rows(timeline, first).filter_map(middle).collect()
}

fn bands(timeline: &Table, design: &str, what: &str) -> Bands {
    let of = |quantile: &str| {
        let column = timeline.column(&format!("{what}_{quantile}"));
        rows(timeline, design).map(|row| number(row, column).map(rounded)).collect()
    };
    Bands { p5: of("p5"), median: of("median"), p95: of("p95") }
}

/// To a ten-thousandth: finer than a screen, and a smaller page.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// Share of runs, against the value that they do not exceed.
fn distribution(runs: &Table, design: &str, metric: &str) -> Curve {
    let column = runs.column(metric);
    let mut sorted: Vec<f64> = rows(runs, design).filter_map(|row| number(row, column)).collect();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len().min(MOST_POINTS);
    let share = |point: usize| (point + 1) as f64 / count as f64;
    Curve {
        x: (0..count).filter_map(|point| quantile_of_sorted(&sorted, share(point))).collect(),
        y: (0..count).map(|point| rounded(share(point))).collect(),
    }
}

/// Latency in milliseconds, against the nines of its percentile: -log10(1 - p).
fn latency(table: &Table, design: &str) -> Curve {
    let [place, kind] = ["geography", "operation"].map(|name| table.column(name));
    let [percentile, value] = ["percentile", "latency_ms"].map(|name| table.column(name));
    let mut curve = Curve::default();
    for row in rows(table, design).filter(|row| row.get(place) == Some("all") && row.get(kind) == Some("all")) {
        let (Some(percentile), Some(value)) = (number(row, percentile), number(row, value)) else { continue };
        if percentile < 100.0 && value > 0.0 {
            curve.x.push(rounded(-maths::ln(1.0 - percentile / 100.0) / maths::ln(10.0)));
            curve.y.push(value);
        }
    }
    curve
}

/// The incidents that happen once, at the same time in every run and design, with the median of their ends.
pub(super) fn incidents(table: &Table) -> Vec<Incident> {
    let [name, from, to, design] = ["incident", "started_s", "ended_s", "design"].map(|name| table.column(name));
    let run = table.column("run");
    let first = table.rows.first().and_then(|row| row.get(design)).unwrap_or_default();
    let runs: std::collections::BTreeSet<&str> = rows(table, first).filter_map(|row| row.get(run)).collect();
    let mut found: Vec<Incident> = Vec::new();
    let mut names: Vec<&str> = Vec::new();
    for known in rows(table, first).filter_map(|row| row.get(name)) {
        if !names.contains(&known) {
            names.push(known);
        }
    }
    for wanted in names {
        let same = || rows(table, first).filter(|row| row.get(name) == Some(wanted));
        let starts: Vec<f64> = same().filter_map(|row| number(row, from)).collect();
        let mut ends: Vec<f64> = same().filter_map(|row| number(row, to)).collect();
        ends.sort_by(f64::total_cmp);
        if starts.len() == runs.len() && ends.len() == runs.len() && starts.iter().all(|start| *start == starts[0]) {
            found.push(Incident { name: wanted.to_owned(), from_s: starts[0], to_s: ends[ends.len() / 2] });
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_in_a_script_cannot_end_it_and_reads_back_the_same() {
        let name = "</script><!-- & \u{2028}\u{2029} \\u003c";
        let safe = within_script(&serde_json::to_string(name).unwrap());
        assert!(!safe.contains(['<', '>', '&', '\u{2028}', '\u{2029}']), "{safe}");
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), name);
    }

    #[test]
    fn a_curve_over_runs_is_thinned_and_ends_at_one() {
        let header = csv::StringRecord::from(vec!["design", "downtime_s"]);
        let rows = (0..1000).rev().map(|run| csv::StringRecord::from(vec!["one".to_owned(), run.to_string()]));
        let curve = distribution(&Table::new(header, rows.collect()), "one", "downtime_s");
        assert_eq!((curve.x.len(), curve.x.last(), curve.y.last()), (400, Some(&999.0), Some(&1.0)));
        assert!(curve.x.is_sorted() && curve.y.is_sorted());
    }

    #[test]
    fn only_incidents_at_one_time_in_every_run_are_shaded() {
        let row = |text: &str| csv::StringRecord::from(text.split(' ').collect::<Vec<_>>());
        let rows =
            ["a 0 fixed 60 90", "a 0 random 5 6", "a 1 fixed 60 100", "a 1 random 7 8", "b 0 fixed 60 70"].map(row);
        let found = incidents(&Table::new(row("design run incident started_s ended_s"), rows.to_vec()));
        let found: Vec<_> = found.iter().map(|one| (one.name.as_str(), one.from_s, one.to_s)).collect();
        assert_eq!(found, [("fixed", 60.0, 100.0)]);
    }
}
