//! Chooses the charts of a sweep: lines over one key, a heat map over two, and the Pareto front of prices.

use super::charts::ChartsError;
use crate::chart::{
    DesignHeat, DesignOverKey, DesignPoints, Front, FrontMark, FrontStanding, HeatCell, HeatMap, Interval, OverKey,
    PointMap, Sheet, render, seconds_scale,
};
use crate::output::OutputDir;
use crate::results::words::{margin, runs, star, value};
use crate::results::{MetricPlace, Unit};
use crate::study::{FrontEntry, FrontMeasure, FrontierStanding, Metric, Sweep, SweepPoint};

/// Draws every chart into the folder `charts/` of `output`, each as SVG and as PNG.
pub(super) fn write(sweep: &Sweep, front: Option<&[FrontEntry]>, output: &mut OutputDir) -> Result<(), ChartsError> {
    let metrics = &sweep.points[0].outcome.metrics;
    let mut charts: Vec<(String, Sheet)> = Vec::new();
    for metric in metrics.shown_in(MetricPlace::SweepChart) {
        let metric = &metrics.all()[metric];
        charts.extend(chart(sweep, metric).map(|sheet| (metric.name.clone(), sheet)));
    }
    charts.extend(front.map(|front| ("front".to_owned(), front_sheet(sweep, front))));
    for (name, sheet) in charts {
        let rendered = render(&sheet)?;
        output.write(&format!("charts/{name}.svg"), |file| file.write_all(rendered.svg.as_bytes()))?;
        output.write(&format!("charts/{name}.png"), |file| file.write_all(&rendered.png))?;
    }
    Ok(())
}

/// Meaning of a `*`.
const MARK: &str = "* most runs alike: ± is too small";
/// Note where there is no place for a `*`.
const UNMARKED: &str = "most runs alike: some means are little known";

/// Names what was run, and adds `caution` if there is reason for it.
fn subtitle(sweep: &Sweep, caution: &str, is_due: bool) -> String {
    let subject = &sweep.points[0].outcome.subject;
    let note = if is_due { format!(" · {caution}") } else { String::new() };
    let partial = sweep
        .partial
        .map_or_else(String::new, |partial| format!("PARTIAL: {} of {} points · ", partial.made, partial.asked));
    format!(
        "{partial}{} · {} of each design at each point, seed {}{note}",
        subject.scenario,
        runs(subject.runs),
        subject.seed
    )
}

/// Returns the mark beside a design's mean of a metric at a point.
fn mark_at(sweep: &Sweep, metric: &Metric, point: usize, design: usize) -> &'static str {
    let statistics = sweep.statistics(point, design, metric);
    star(statistics.and_then(|statistics| statistics.degenerate).as_ref())
}

/// Tells if any mean of a metric is marked.
fn is_marked(sweep: &Sweep, metric: &Metric) -> bool {
    let designs = sweep.points[0].outcome.designs.len();
    (0..sweep.points.len()).any(|point| (0..designs).any(|design| !mark_at(sweep, metric, point, design).is_empty()))
}

fn chart(sweep: &Sweep, metric: &Metric) -> Option<Sheet> {
    match sweep.keys.len() {
        1 => Some(over_key(sweep, metric)),
        2 => heat_map(sweep, metric).or_else(|| point_map(sweep, metric)),
        _ => None,
    }
}

/// Means of a metric at every point, with their intervals.
fn means(sweep: &Sweep, metric: &Metric, design: usize) -> Vec<Option<(f64, Interval)>> {
    let of = |point: &SweepPoint| {
        let outcome = &point.outcome;
        let mean = outcome.summary(&outcome.designs[design], &metric.name)?.mean?;
        Some((mean.point, Interval { low: mean.low.max(0.0), high: mean.high }))
    };
    sweep.points.iter().map(of).collect()
}

/// The least and the greatest mean of all designs, as people read them.
fn ends(sweep: &Sweep, metric: &Metric) -> [String; 2] {
    let designs = 0..sweep.points[0].outcome.designs.len();
    let all: Vec<f64> =
        designs.flat_map(|design| means(sweep, metric, design)).flatten().map(|(mean, _)| mean).collect();
    if all.is_empty() {
        return [const { String::new() }; 2];
    }
    let ends = [all.iter().copied().fold(f64::INFINITY, f64::min), all.iter().copied().fold(0.0, f64::max)];
    ends.map(|end| value(end, metric.unit))
}

fn over_key(sweep: &Sweep, metric: &Metric) -> Sheet {
    let designs = &sweep.points[0].outcome.designs;
    let mut lines: Vec<DesignOverKey> = (designs.iter().enumerate())
        .map(|(place, design)| DesignOverKey {
            name: design.name.clone(),
            place: design.place,
            means: means(sweep, metric, place),
        })
        .collect();
    let most = lines.iter().flat_map(|line| line.means.iter().flatten()).map(|(_, interval)| interval.high);
    let most = most.fold(0.0, f64::max);
    let (scale, unit) = match metric.unit {
        Unit::Seconds => {
            let (per_second, unit) = seconds_scale(most);
            (1.0 / per_second, unit)
        }
        Unit::Milliseconds => (1.0, "ms"),
        Unit::Share => (0.01, "%"),
        Unit::Bytes => (1.0, "bytes"),
        Unit::BytesPerSecond => (1.0, "bytes/s"),
        Unit::Hours => (1.0, "h"),
        Unit::Count | Unit::PerRequest | Unit::Money => (1.0, ""),
    };
    for (mean, interval) in lines.iter_mut().flat_map(|line| line.means.iter_mut().flatten()) {
        *mean /= scale;
        *interval = Interval { low: interval.low / scale, high: interval.high / scale };
    }
    // Values that are no quantities stand side by side.
    let numbers: Option<Vec<f64>> = sweep.points.iter().map(|point| point.quantity(0)).collect();
    let numbers = numbers.unwrap_or_else(|| (0..sweep.points.len()).map(|place| place as f64).collect());
    OverKey {
        metric: metric.title.clone(),
        unit: unit.to_owned(),
        key: sweep.keys[0].clone(),
        subtitle: subtitle(sweep, UNMARKED, is_marked(sweep, metric)),
        values: numbers.into_iter().zip(sweep.points.iter().map(|point| point.values[0].clone())).collect(),
        designs: lines,
    }
    .sheet()
}

/// `None` unless the points are a grid.
fn heat_map(sweep: &Sweep, metric: &Metric) -> Option<Sheet> {
    let axis = |key: usize| {
        let mut values: Vec<&String> = Vec::new();
        for point in &sweep.points {
            if !values.contains(&&point.values[key]) {
                values.push(&point.values[key]);
            }
        }
        values
    };
    let (down, across) = (axis(0), axis(1));
    if down.len() * across.len() != sweep.points.len() {
        return None;
    }
    let at = |row: &String, column: &String| {
        sweep.points.iter().position(|point| &point.values[0] == row && &point.values[1] == column)
    };
    let designs = sweep.points[0].outcome.designs.iter().enumerate().map(|(place, design)| {
        let means = means(sweep, metric, place);
        let cell = |row: &String, column: &String| {
            let point = at(row, column)?;
            means[point].map(|(mean, interval)| {
                let star = mark_at(sweep, metric, point, place);
                let text = margin(mean, interval.high - mean, metric.unit);
                let cut = text.find(" ± ").or_else(|| text.find(" in every run")).unwrap_or(text.len());
                let (text, margin) = (&text[..cut], text[cut..].trim_start().to_owned());
                HeatCell { mean, text: text.to_owned(), margin: margin + star }
            })
        };
        let cells = down.iter().map(|row| across.iter().map(|column| cell(row, column)).collect()).collect();
        DesignHeat { name: design.name.clone(), place: design.place, cells }
    });
    let map = HeatMap {
        metric: metric.title.clone(),
        subtitle: subtitle(sweep, MARK, is_marked(sweep, metric)),
        across: (sweep.keys[1].clone(), across.iter().map(|value| (*value).clone()).collect()),
        down: (sweep.keys[0].clone(), down.iter().map(|value| (*value).clone()).collect()),
        designs: designs.collect(),
        ends: ends(sweep, metric),
    };
    Some(map.sheet())
}

/// The values of an entry's keys, and its design's name.
fn named<'a>(sweep: &'a Sweep, entry: &FrontEntry) -> (String, &'a str) {
    let point = &sweep.points[entry.point];
    (point.values.join(", "), &point.outcome.designs[entry.design].name)
}

/// `None` unless both keys are quantities: then the points have no places.
fn point_map(sweep: &Sweep, metric: &Metric) -> Option<Sheet> {
    let place = |point: &SweepPoint, key: usize| Some((point.quantity(key)?, point.values[key].clone()));
    let points = sweep.points.iter().map(|point| Some([place(point, 0)?, place(point, 1)?]));
    let points = points.collect::<Option<Vec<_>>>()?;
    let designs = sweep.points[0].outcome.designs.iter().enumerate().map(|(place, design)| DesignPoints {
        name: design.name.clone(),
        place: design.place,
        means: means(sweep, metric, place).into_iter().map(|mean| mean.map(|(mean, _)| mean)).collect(),
    });
    let map = PointMap {
        metric: metric.title.clone(),
        subtitle: subtitle(sweep, UNMARKED, is_marked(sweep, metric)),
        keys: [sweep.keys[0].clone(), sweep.keys[1].clone()],
        points,
        designs: designs.collect(),
        ends: ends(sweep, metric),
    };
    Some(map.sheet())
}

fn front_sheet(sweep: &Sweep, front: &[FrontEntry]) -> Sheet {
    let designs = &sweep.points[0].outcome.designs;
    let ends = |measure: &FrontMeasure| measure.interval.map(|ends| Interval { low: ends.low, high: ends.high });
    let is_marked = front.iter().any(|entry| lost_text(&entry.measures[2]).ends_with('*'));
    let mark = |entry: &FrontEntry| {
        let [cost, recovery, lost] = &entry.measures;
        FrontMark {
            design: designs[entry.design].place,
            cost: cost.mean,
            cost_interval: ends(cost),
            recovery_s: recovery.mean,
            recovery_interval: ends(recovery),
            label: match lost_text(lost).as_str() {
                "1" => format!("{}: 1 write lost", named(sweep, entry).0),
                lost => format!("{}: {lost} writes lost", named(sweep, entry).0),
            },
            standing: match entry.standing {
                FrontierStanding::Dominated { .. } => FrontStanding::Dominated,
                FrontierStanding::NotDominated => FrontStanding::NotDominated,
                FrontierStanding::Open => FrontStanding::Open,
            },
        }
    };
    Front {
        subtitle: subtitle(sweep, MARK, is_marked),
        keys: sweep.keys.join(", "),
        designs: designs.iter().map(|design| (design.name.clone(), design.place)).collect(),
        entries: front.iter().map(mark).collect(),
    }
    .sheet()
}

/// Writes lost, with half of their interval if it is one.
fn lost_text(lost: &FrontMeasure) -> String {
    match lost.interval.map(|interval| interval.half_width()) {
        Some(half) if half > 0.0 => margin(lost.mean, half, Unit::Count) + star(lost.degenerate().as_ref()),
        _ => value(lost.mean, Unit::Count),
    }
}
