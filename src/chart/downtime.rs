//! Chart: how often a run has how much downtime, as empirical distribution functions.

use super::frame::{self, MARGIN, Plot, Swatch, WIDTH};
use super::lettering::{Align, Lettering, fit, text_width};
use super::numbers;
use super::palette;
use super::scale::{Scale, extent, round_down, round_up};
use super::sheet::{Point, Sheet};
use super::ticks::{self, Tick};
use crate::maths;

/// Downtime over runs, per design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DowntimeEcdf {
    /// Below the title; may be empty.
    pub subtitle: String,
    /// Draws the simultaneous 95 % band (Dvoretzky, Kiefer and Wolfowitz, with Massart's constant).
    pub with_band: bool,
    /// The designs, in the order of the scenario.
    pub designs: Vec<DesignDowntime>,
}

/// One design's downtime.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignDowntime {
    /// Name of the design.
    pub name: String,
    /// Its place in the scenario file, which gives it its look.
    pub place: usize,
    /// Downtime of each run in seconds, in any order.
    pub downtime_s: Vec<f64>,
}

/// Room for the words of one legend entry, in pixels.
const LEGEND_ROOM: f64 = WIDTH - 2.0 * MARGIN - 60.0;

/// The horizontal axis.
struct Axis {
    scale: Scale,
    ticks: Vec<Tick>,
    title: String,
}

impl DowntimeEcdf {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let (mut sheet, top) = frame::headed("How much downtime does a run have?", &self.subtitle);
        let designs: Vec<(&DesignDowntime, Vec<f64>)> =
            self.designs.iter().map(|design| (design, sorted(&design.downtime_s))).collect();
        let entries: Vec<(Swatch, String)> = (designs.iter())
            .map(|(design, values)| {
                let none = none_in(values);
                let name = fit(&design.name, frame::NAME, LEGEND_ROOM - text_width(&none, frame::NAME));
                (Swatch::MarkedLine(palette::design(design.place)), format!("{name}: {none}"))
            })
            .collect();
        let top = frame::legend(&mut sheet, top, &entries) + 12.0;
        let plot = Plot { left: 70.0, right: WIDTH - 30.0, top, bottom: top + 330.0 };
        let axis = axis(&designs, plot);
        let y = Scale::linear((0.0, 100.0), (plot.bottom, plot.top));
        frame::vertical_axis(
            &mut sheet,
            plot,
            &y,
            &ticks::linear(0.0, 100.0, 6),
            "runs with at most this downtime (%)",
        );
        frame::horizontal_axis(&mut sheet, plot, &axis.scale, &axis.ticks, &axis.title);
        for (design, values) in &designs {
            if self.with_band && values.len() > 1 {
                draw_band(&mut sheet, values, (&axis.scale, &y), design.place);
            }
        }
        for (design, values) in &designs {
            draw_steps(&mut sheet, values, (&axis.scale, &y), design.place);
        }
        if designs.iter().all(|(_, values)| values.is_empty()) {
            frame::nothing(&mut sheet, plot, "no runs");
        } else if self.with_band {
            let small = Lettering::new(11.0, palette::FAINT_TEXT).aligned(Align::Right);
            let note = "band: simultaneous 95 % confidence band (Dvoretzky-Kiefer-Wolfowitz)";
            sheet.text((WIDTH - MARGIN, plot.bottom + 54.0), note, small);
        }
        sheet.set_height(plot.bottom + 68.0);
        sheet
    }
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    values.sort_by(f64::total_cmp);
    values
}

fn none_in(sorted: &[f64]) -> String {
    let none = sorted.iter().filter(|value| **value <= 0.0).count();
    match sorted.len() {
        0 => "no runs".to_owned(),
        1 if none == 1 => "none in the only run".to_owned(),
        1 => "nonzero in the only run".to_owned(),
        runs if none == 0 => format!("nonzero in all {} runs", numbers::count(runs)),
        runs => format!("none in {} of {} runs", numbers::count(none), numbers::count(runs)),
    }
}

/// Linear, unless the greatest value dwarfs the ordinary ones: then logarithmic with a place for zero.
fn axis(designs: &[(&DesignDowntime, Vec<f64>)], plot: Plot) -> Axis {
    let positive = || designs.iter().flat_map(|(_, values)| values.iter().copied()).filter(|value| *value > 0.0);
    let (least, greatest) = extent(positive()).unwrap_or((1.0, 1.0));
    let all = sorted(&positive().collect::<Vec<_>>());
    let ordinary = all.get(all.len() / 2).copied().unwrap_or(1.0);
    let pixels = (plot.left, plot.right);
    if greatest <= 12.0 * ordinary {
        let high = greatest * 1.03;
        let (unit, ticks) = ticks::time(0.0, high, 11);
        let title = format!("downtime of a run ({})", unit.symbol);
        return Axis { scale: Scale::linear((0.0, high), pixels), ticks, title };
    }
    let (low, high) = (round_down(least), round_up(greatest));
    let scale = Scale::logarithmic_with_zero((low, high), pixels, 46.0);
    let mut ticks = vec![Tick { value: 0.0, label: "0".to_owned() }];
    ticks.extend(ticks::logarithmic_time(low, high));
    Axis { scale, ticks, title: "downtime of a run (logarithmic, with a place for 0)".to_owned() }
}

/// The corners of the steps, and the share after each.
fn steps(sorted: &[f64]) -> Vec<(f64, f64)> {
    let mut steps: Vec<(f64, f64)> = Vec::new();
    for (index, value) in sorted.iter().enumerate() {
        let percent = (index + 1) as f64 * 100.0 / sorted.len() as f64;
        match steps.last_mut() {
            Some(last) if last.0 == *value => last.1 = percent,
            _ => steps.push((*value, percent)),
        }
    }
    steps
}

/// The corners of the staircase from the first value to the last, shifted by `shift` percent.
fn stairs(steps: &[(f64, f64)], (x, y): (&Scale, &Scale), shift: f64) -> Vec<Point> {
    let mut level = y.at(shift);
    let mut points = Vec::with_capacity(2 * steps.len());
    for (value, percent) in steps {
        points.push((x.at(*value), level));
        level = y.at(percent + shift);
        points.push((x.at(*value), level));
    }
    points
}

fn draw_steps(sheet: &mut Sheet, sorted: &[f64], axes: (&Scale, &Scale), place: usize) {
    if sorted.is_empty() {
        return;
    }
    let look = palette::design(place);
    let steps = steps(sorted);
    sheet.line(stairs(&steps, axes, 0.0), look.stroke());
    for quantile in 1..5 {
        let level = quantile as f64 * 20.0 - 10.0 + 2.5 * (place % 6) as f64;
        if let Some((value, _)) = steps.iter().find(|(_, percent)| *percent >= level) {
            palette::marked(sheet, (axes.0.at(*value), axes.1.at(level)), look.marker, look.ink);
        }
    }
}

fn draw_band(sheet: &mut Sheet, sorted: &[f64], axes: (&Scale, &Scale), place: usize) {
    let steps = steps(sorted);
    let half_width = 100.0 * half_width(sorted.len());
    let mut outline = stairs(&steps, axes, half_width);
    outline.extend(stairs(&steps, axes, -half_width).into_iter().rev());
    sheet.area(outline, palette::design(place).ink.with_opacity(0.13));
}

/// Half the width of the 95 % band of `runs` values: the root of ln(2 / 0.05) / 2n (Massart, Annals of Probability 18,
/// 1990).
fn half_width(runs: usize) -> f64 {
    (maths::ln(2.0 / 0.05) / (2.0 * runs as f64)).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_rise_by_the_share_of_runs_with_the_same_value() {
        assert_eq!(steps(&[0.0, 0.0, 3.0, 7.0]), [(0.0, 50.0), (3.0, 75.0), (7.0, 100.0)]);
    }

    #[test]
    fn the_band_of_a_hundred_runs_is_fourteen_percent_wide_on_each_side() {
        assert!((half_width(100) - 0.135_81).abs() < 1e-5);
    }

    #[test]
    fn runs_without_downtime_are_counted() {
        assert_eq!(none_in(&[0.0, 0.0, 1.0]), "none in 2 of 3 runs");
        assert_eq!(none_in(&[1.0, 2.0]), "nonzero in all 2 runs");
        assert_eq!(none_in(&[]), "no runs");
    }
}
