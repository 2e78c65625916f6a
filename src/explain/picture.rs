//! An explanation as a picture: a lane for each part of the system, time to the right, a line from each cause.

use std::fmt::Write;

use super::trace::ends;
use super::words::LANES;
use super::{ExplainedStep, Explanation};
use crate::xml::escaped;

const WIDTH: f64 = 1100.0;
const LEFT: f64 = 170.0;
const RIGHT: f64 = 30.0;
const TOP: f64 = 64.0;
const ROW: f64 = 22.0;

/// The picture, as SVG. Time runs from a little before the first incident to a little after the last step.
pub fn picture(explanation: &Explanation) -> String {
    let shown: Vec<&ExplainedStep> =
        explanation.steps.iter().filter(|step| step.number > 0 && !step.kind.starts_with("checker")).collect();
    let first = shown.first().map_or(0.0, |step| step.at_s);
    let last = shown.last().map_or(explanation.horizon_s, |step| step.at_s);
    let room = ((last - first) * 0.04).max(1.0);
    let (from, to) = ((first - room).max(0.0), (last + room * 6.0).min(explanation.horizon_s.max(last + room)));
    let x = |at: f64| LEFT + (at - from) / (to - from) * (WIDTH - LEFT - RIGHT);
    // A row for each step, lane by lane, so that no label covers another.
    let mut rows: Vec<(usize, &ExplainedStep)> = Vec::new();
    let mut lanes: Vec<(&str, f64, f64)> = Vec::new();
    let mut y = TOP;
    let mut places = vec![0.0; explanation.steps.len()];
    for (lane, title) in LANES.iter().enumerate() {
        let top = y;
        for step in shown.iter().filter(|step| step.lane == *title) {
            places[step.number] = y + ROW / 2.0;
            rows.push((lane, step));
            y += ROW;
        }
        if y > top {
            lanes.push((title, top, y));
            y += 10.0;
        }
    }
    let height = y + 34.0;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" \
         font-family=\"DejaVu Sans, sans-serif\" font-size=\"12\" fill=\"#1f2430\">\n<rect width=\"100%\" height=\"100%\" \
         fill=\"#ffffff\"/>\n"
    );
    let title =
        format!("Why did {} of {} requests fail?", explanation.failed, explanation.failed + explanation.succeeded);
    let subtitle = format!(
        "{} · {} · run {}, seed {}",
        explanation.scenario, explanation.design, explanation.run, explanation.seed
    );
    let _ = writeln!(svg, "<text x=\"18\" y=\"26\" font-size=\"17\" font-weight=\"bold\">{}</text>", escaped(&title));
    let _ = writeln!(svg, "<text x=\"18\" y=\"47\" fill=\"#5a6272\">{}</text>", escaped(&subtitle));
    for (title, top, bottom) in &lanes {
        let _ = writeln!(
            svg,
            "<rect x=\"18\" y=\"{top}\" width=\"{}\" height=\"{}\" fill=\"#f5f6fa\"/><text x=\"26\" y=\"{}\" \
             font-weight=\"bold\">{title}</text>",
            WIDTH - 36.0,
            bottom - top,
            top + 15.0
        );
    }
    for step in shown.iter().filter(|step| step.cause.is_some_and(|cause| places[cause] > 0.0)) {
        let cause = &explanation.steps[step.cause.unwrap_or_default()];
        let (x1, y1, x2, y2) = (x(cause.at_s), places[cause.number], x(step.at_s), places[step.number]);
        let _ = writeln!(svg, "<path d=\"M{x1:.1} {y1} V{y2} H{x2:.1}\" fill=\"none\" stroke=\"#b4bac6\"/>");
    }
    for (lane, step) in &rows {
        let (at, y) = (x(step.at_s), places[step.number]);
        let colour = COLOURS[*lane];
        if let Some(end) = ends(explanation, step) {
            let width = (x(end.min(to)) - at).max(2.0);
            let _ = writeln!(
                svg,
                "<rect x=\"{at:.1}\" y=\"{}\" width=\"{width:.1}\" height=\"{}\" fill=\"{colour}\" opacity=\"0.3\"/>",
                y - 7.0,
                14.0
            );
        }
        let _ = writeln!(svg, "<circle cx=\"{at:.1}\" cy=\"{y}\" r=\"4.5\" fill=\"{colour}\"/>");
        // To the left of its mark if it would run over the edge.
        let label = format!("{} {}", clock(step.at_s), step.what);
        let is_late = at + 10.0 + 6.6 * label.chars().count() as f64 > WIDTH - 8.0;
        let (anchor, place) = if is_late { ("end", at - 9.0) } else { ("start", at + 9.0) };
        let _ = writeln!(
            svg,
            "<text x=\"{place:.1}\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            y + 4.0,
            escaped(&label)
        );
    }
    let _ = writeln!(
        svg,
        "<text x=\"18\" y=\"{}\" fill=\"#5a6272\">time from the start of the run, minutes:seconds; a line leads from each \
         cause to its effect; bars last</text>\n</svg>",
        height - 12.0
    );
    svg
}

/// One colour for each lane (Okabe and Ito), told apart by the colour-blind, too.
const COLOURS: [&str; 5] = ["#d55e00", "#0072b2", "#009e73", "#cc79a7", "#1f2430"];

/// `15:22`, `1:02:05`.
fn clock(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    let (hours, minutes, seconds) = (whole / 3_600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clock_shows_hours_where_there_are_any() {
        assert_eq!((clock(922.4), clock(3_725.0)), ("15:22".into(), "1:02:05".into()));
    }
}
