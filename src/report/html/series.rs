//! The numbers behind the interactive charts, as JSON for the page's script.

use serde::Serialize;

use super::folder::Folder;
use crate::chart::{design_colour, design_dash, nines};
use crate::results::ScheduledIncident;
use crate::results::rows::{Bin, Cell, LatencyPoint, Rows, RunQuantiles};

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
    incidents: &'a [ScheduledIncident],
    time_s: Vec<f64>,
    /// Per design: share of requests that succeed, and share of attempts sent to the first region.
    success: Vec<Bands>,
    traffic: Vec<Bands>,
    downtime: Vec<CurvePoints>,
    latency: Vec<CurvePoints>,
}

#[derive(Debug, Serialize)]
struct Look<'a> {
    name: &'a str,
    colour: String,
    dash: &'static [f64],
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
struct CurvePoints {
    x: Vec<f64>,
    y: Vec<f64>,
}

impl<'a> Series<'a> {
    pub(super) fn of(folder: &'a Folder) -> Self {
        let study = &folder.study;
        let names = || study.designs.iter().map(|design| design.name.as_str());
        let bands = |of: fn(&Bin) -> RunQuantiles| names().map(|name| bands(&folder.timeline, name, of)).collect();
        Series {
            designs: study
                .designs
                .iter()
                .map(|design| Look {
                    name: &design.name,
                    colour: design_colour(design.place),
                    dash: design_dash(design.place),
                })
                .collect(),
            region: &study.regions[0],
            horizon_s: study.horizon_s,
            warm_up_s: study.measured_from_s,
            slo: study.slo,
            incidents: &study.incidents,
            time_s: times(&folder.timeline),
            success: bands(|bin| bin.success),
            traffic: bands(|bin| bin.traffic[0]),
            downtime: names()
                .map(|name| distribution(folder.downtime_s.get(name).map_or(&[], Vec::as_slice)))
                .collect(),
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

/// The middles of the bins, of the first design: all have the same.
fn times(timeline: &Rows<Bin>) -> Vec<f64> {
    let Some(first) = timeline.all.first() else { return Vec::new() };
    let of_first = timeline.all.iter().filter(|bin| bin.design == first.design);
    of_first.filter_map(|bin| Some((bin.from_s.0? + bin.to_s.0?) / 2.0)).collect()
}

fn bands(timeline: &Rows<Bin>, design: &str, of: fn(&Bin) -> RunQuantiles) -> Bands {
    let bins = || timeline.all.iter().filter(|bin| bin.design == design);
    let line = |end: fn(RunQuantiles) -> Cell| bins().map(|bin| end(of(bin)).0.map(rounded)).collect();
    Bands { p5: line(|band| band.p5), median: line(|band| band.median), p95: line(|band| band.p95) }
}

/// To a ten-thousandth: finer than a screen, and a smaller page.
fn rounded(value: f64) -> f64 {
    (value * 1e4).round() / 1e4
}

/// Share of runs, against the value that they do not exceed.
fn distribution(values: &[f64]) -> CurvePoints {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = sorted.len().min(MOST_POINTS);
    CurvePoints {
        x: (1..=count).map(|point| sorted[(point * sorted.len()).div_ceil(count) - 1]).collect(),
        y: (1..=count).map(|point| rounded(point as f64 / count as f64)).collect(),
    }
}

/// Latency in milliseconds, against the nines of its percentile.
fn latency(points: &Rows<LatencyPoint>, design: &str) -> CurvePoints {
    let is_whole =
        |point: &&LatencyPoint| point.design == design && point.geography == "all" && point.operation == "all";
    let mut curve = CurvePoints::default();
    for point in points.all.iter().filter(is_whole) {
        let (Some(percentile), Some(value)) = (point.percentile.0, point.latency_ms.0) else { continue };
        if percentile < 100.0 && value > 0.0 {
            curve.x.push(rounded(nines(percentile / 100.0)));
            curve.y.push(value);
        }
    }
    curve
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
        let curve = distribution(&(0..1000).rev().map(f64::from).collect::<Vec<f64>>());
        assert_eq!((curve.x.len(), curve.x.last(), curve.y.last()), (400, Some(&999.0), Some(&1.0)));
        assert!(curve.x.is_sorted() && curve.y.is_sorted());
    }
}
