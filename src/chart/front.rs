//! Chart: what does it cost to recover sooner? Cost against recovery time, with the data that is lost.

use super::frame::{self, MARGIN, NOTE, Plot, Swatch, WIDTH};
use super::lettering::{Lettering, fit, text_width};
use super::scale::{Scale, extent};
use super::sheet::{Point, Sheet, Stroke};
use super::{Interval, numbers, palette, ticks};

/// Cost against recovery time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Front {
    /// Below the title; may be empty.
    pub subtitle: String,
    /// The keys whose values stand in the labels.
    pub keys: String,
    /// The designs, in the order of the scenario: the name of each, and its place in the file.
    pub designs: Vec<(String, usize)>,
    /// Designs at the points of a sweep.
    pub entries: Vec<FrontMark>,
}

/// One design at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontMark {
    /// Place of the design in the scenario file.
    pub design: usize,
    /// Cost per month, and its interval.
    pub cost: f64,
    /// Ends of the interval of the cost.
    pub cost_interval: Option<Interval>,
    /// Recovery time in seconds; what lies beyond the horizon is left out.
    pub recovery_s: f64,
    /// Ends of its interval.
    pub recovery_interval: Option<Interval>,
    /// Text beside it: the point, and the writes lost.
    pub label: String,
    /// Place on or off the Pareto front.
    pub standing: FrontStanding,
}

/// Place of a mark: off the front, if another mark is better in something and worse in nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FrontStanding {
    /// One is.
    Dominated,
    /// None is.
    NotDominated,
    /// It cannot be told.
    Open,
}

/// Height of a label.
const LABEL_ROW: f64 = 15.0;

impl Front {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let (mut sheet, top) = frame::headed("What does it cost to recover sooner?", &self.subtitle);
        let entries: Vec<(Swatch, String)> = (self.designs.iter())
            .map(|(name, place)| (Swatch::Marker(palette::design(*place)), name.clone()))
            .collect();
        let top = frame::legend(&mut sheet, top, &entries) + 12.0;
        let plot = Plot { left: 82.0, right: WIDTH - 34.0, top, bottom: top + 330.0 };
        let shown: Vec<&FrontMark> = self.entries.iter().filter(|entry| entry.recovery_s.is_finite()).collect();
        let ends = |interval: &Option<Interval>, point: f64| interval.map_or([point; 2], |ends| [ends.low, ends.high]);
        let costs = shown.iter().flat_map(|entry| ends(&entry.cost_interval, entry.cost));
        let costs = extent(costs).unwrap_or((0.0, 1.0));
        let recovery = shown.iter().flat_map(|entry| ends(&entry.recovery_interval, entry.recovery_s));
        let recovery = extent(recovery).map_or(1.0, |(_, high)| 1.05 * high.max(1e-6));
        // Some room on both sides, more at the right for labels; from 0 if the least is not far from it.
        let room = 0.08 * (costs.1 - costs.0).max(1e-3 * costs.1).max(1e-9);
        let costs = (if costs.0 < 0.4 * costs.1 { 0.0 } else { costs.0 - room }, costs.1 + 3.5 * room);
        let (per_second, unit) = numbers::duration_scale(recovery);
        let x = Scale::linear(costs, (plot.left, plot.right));
        let y = Scale::linear((0.0, recovery * per_second), (plot.bottom, plot.top));
        let y_ticks = ticks::linear(0.0, recovery * per_second, 6);
        frame::vertical_axis(&mut sheet, plot, &y, &y_ticks, &format!("mean recovery time ({unit})"));
        let title = "mean cost per month (in the currency of the prices)";
        frame::horizontal_axis(&mut sheet, plot, &x, &ticks::linear(costs.0, costs.1, 8), title);
        let place = |entry: &FrontMark| (x.at(entry.cost), y.at(entry.recovery_s * per_second));
        let strength = |standing| match standing {
            FrontStanding::Dominated => 0,
            FrontStanding::Open => 1,
            FrontStanding::NotDominated => 2,
        };
        let mut drawn = shown.clone();
        drawn.sort_by_key(|entry| strength(entry.standing));
        for entry in &drawn {
            let look = palette::design(entry.design);
            let at = place(entry);
            let is_pale = entry.standing == FrontStanding::Dominated;
            let ink = if is_pale { look.ink.with_opacity(0.3) } else { look.ink };
            let whisker = Stroke::solid(ink, 1.0);
            if let Some(interval) = entry.recovery_interval {
                let [low, high] = [interval.low, interval.high].map(|end| y.at(end.max(0.0) * per_second));
                sheet.line(vec![(at.0, low), (at.0, high)], whisker);
            }
            if let Some(interval) = entry.cost_interval {
                sheet.line(vec![(x.at(interval.low), at.1), (x.at(interval.high), at.1)], whisker);
            }
            palette::marked(&mut sheet, at, look.marker, ink);
            if entry.standing == FrontStanding::NotDominated {
                sheet.line(ring(at, 9.0), Stroke::solid(look.ink, 1.5));
            }
        }
        // What is surely on the front is named first, while there is room.
        let named: Vec<(&str, Point)> = drawn
            .iter()
            .rev()
            .filter(|entry| entry.standing != FrontStanding::Dominated)
            .map(|entry| (entry.label.as_str(), place(entry)))
            .collect();
        let around = |entry: &&FrontMark| {
            let (x_at, y_at) = place(entry);
            let high = entry.recovery_interval.map_or(y_at, |ends| y.at(ends.high * per_second));
            let low = entry.recovery_interval.map_or(y_at, |ends| y.at(ends.low.max(0.0) * per_second));
            [[x_at - 10.0, y_at - 10.0, x_at + 10.0, y_at + 10.0], [x_at - 3.0, high, x_at + 3.0, low]]
        };
        labels(&mut sheet, plot, drawn.iter().flat_map(around).collect(), &named);
        if shown.is_empty() {
            frame::nothing(&mut sheet, plot, "no recovery within the horizon");
        }
        let label = format!("label: {}: writes lost in a run; where there is room, all of it in front.csv", self.keys);
        let label = fit(&label, Lettering::new(11.0, palette::FAINT_TEXT), WIDTH - 2.0 * MARGIN);
        let how = [
            label.as_str(),
            "whiskers: 95 % intervals of the means; pale: dominated, something is better in one of the three and not worse in the others",
            "ringed: not dominated; neither pale nor ringed: the runs do not tell",
        ];
        let height = frame::how_to_read(&mut sheet, plot, &how);
        sheet.set_height(height);
        sheet
    }
}

/// Writes each label beside its mark where nothing of what is `taken` (left, top, right and bottom of each) is in the way, and
/// leaves out the others.
fn labels(sheet: &mut Sheet, plot: Plot, mut taken: Vec<[f64; 4]>, named: &[(&str, Point)]) {
    for (label, (x, y)) in named {
        let label = fit(label, NOTE, 260.0);
        let width = text_width(&label, NOTE);
        let sides = [x + 14.0, x - 14.0 - width].into_iter();
        let places = sides.flat_map(|left| [0.0, 0.7, -0.7].map(|row| (left, y + LABEL_ROW * row)));
        let is_free = |(left, middle): &(f64, f64)| {
            let mine = [*left, middle - LABEL_ROW / 2.0, left + width, middle + LABEL_ROW / 2.0];
            let is_apart = |other: &[f64; 4]| {
                mine[2] <= other[0] || other[2] <= mine[0] || mine[3] <= other[1] || other[3] <= mine[1]
            };
            mine[0] >= plot.left
                && mine[2] <= plot.right
                && mine[1] >= plot.top
                && mine[3] <= plot.bottom
                && taken.iter().all(is_apart)
        };
        if let Some((left, middle)) = places.into_iter().find(is_free) {
            sheet.text((left, middle), &label, NOTE);
            taken.push([left - 4.0, middle - LABEL_ROW / 2.0, left + width + 4.0, middle + LABEL_ROW / 2.0]);
        }
    }
}

/// A circle as a line, of eight corners twice over: no function of the platform's maths is needed.
fn ring((x, y): (f64, f64), radius: f64) -> Vec<(f64, f64)> {
    // Cosines of 0, 22.5, 45, 67.5 and 90 degrees.
    const COS: [f64; 5] = [1.0, 0.923_879_532_511_286_7, std::f64::consts::FRAC_1_SQRT_2, 0.382_683_432_365_089_8, 0.0];
    (0..=16)
        .map(|step: usize| {
            let (quarter, place) = (step / 4 % 4, step % 4);
            let (cos, sin) = (COS[place] * radius, COS[4 - place] * radius);
            let (dx, dy) = [(cos, sin), (-sin, cos), (-cos, -sin), (sin, -cos)][quarter];
            (x + dx, y + dy)
        })
        .collect()
}
