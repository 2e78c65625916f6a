//! Chart: a metric over the values of a key, with the interval of each mean.

use super::frame::{self, Plot, Swatch, WIDTH};
use super::palette::DesignLook;
use super::scale::{Scale, extent, round_up};
use super::sheet::Sheet;
use super::ticks::{self, Tick};
use super::{Interval, numbers, palette};

/// A metric over the values of a key, per design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct OverKey {
    /// Name of the metric, in a few words.
    pub metric: String,
    /// Unit of its values, as the axis names it; empty for a plain number.
    pub unit: String,
    /// The key.
    pub key: String,
    /// Below the title; may be empty.
    pub subtitle: String,
    /// The values of the key: a number to place each by, and its text.
    pub values: Vec<(f64, String)>,
    /// The designs, in the order of the scenario.
    pub designs: Vec<DesignOverKey>,
}

/// One design's metric over the values of a key.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignOverKey {
    /// Name of the design.
    pub name: String,
    /// Its place in the scenario file, which gives it its look.
    pub place: usize,
    /// Mean and its interval at each value; none where it lies beyond the horizon or there is none.
    pub means: Vec<Option<(f64, Interval)>>,
}

impl OverKey {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let title = format!("What does {} do to {}?", self.key, self.metric);
        let (mut sheet, top) = frame::headed(&title, &self.subtitle);
        let entries: Vec<(Swatch, String)> = (self.designs.iter())
            .map(|design| (Swatch::MarkedLine(palette::design(design.place)), design.name.clone()))
            .collect();
        let top = frame::legend(&mut sheet, top, &entries) + 12.0;
        let plot = Plot { left: 82.0, right: WIDTH - 34.0, top, bottom: top + 330.0 };
        let (low, high) = extent(self.values.iter().map(|value| value.0)).unwrap_or((0.0, 1.0));
        // A little room on both sides, so that no marker is cut.
        let pixels = (plot.left + 14.0, plot.right - 14.0);
        let is_wide = low > 0.0 && high >= 10.0 * low;
        let x = if is_wide { Scale::logarithmic((low, high), pixels) } else { Scale::linear((low, high), pixels) };
        let mut x_ticks: Vec<Tick> =
            self.values.iter().map(|(value, text)| Tick { value: *value, label: text.clone() }).collect();
        x_ticks.sort_by(|one, other| one.value.total_cmp(&other.value));
        let means = self.designs.iter().flat_map(|design| design.means.iter().flatten());
        let top_value = extent(means.map(|(_, interval)| interval.high)).map_or(1.0, |(_, high)| high.max(1e-9));
        let y_ticks = ticks::linear(0.0, round_up(top_value), 6);
        let most =
            y_ticks.iter().map(|tick| tick.value).find(|value| *value >= top_value).unwrap_or(round_up(top_value));
        let y = Scale::linear((0.0, most), (plot.bottom, plot.top));
        let y_ticks: Vec<Tick> = y_ticks.into_iter().filter(|tick| tick.value <= most).collect();
        let unit = if self.unit.is_empty() { String::new() } else { format!(" ({})", self.unit) };
        frame::vertical_axis(&mut sheet, plot, &y, &y_ticks, &format!("mean {}{unit}", self.metric));
        let scale = if is_wide { " (logarithmic)" } else { "" };
        frame::horizontal_axis(&mut sheet, plot, &x, &x_ticks, &format!("{}{scale}", self.key));
        for design in &self.designs {
            self.draw(&mut sheet, design, (&x, &y));
        }
        if self.designs.iter().all(|design| design.means.iter().all(Option::is_none)) {
            frame::nothing(&mut sheet, plot, "no mean: some runs lie beyond the horizon");
        }
        let height = frame::how_to_read(&mut sheet, plot, &["line: mean over runs; band: its 95 % interval"]);
        sheet.set_height(height);
        sheet
    }

    fn draw(&self, sheet: &mut Sheet, design: &DesignOverKey, (x, y): (&Scale, &Scale)) {
        let look = palette::design(design.place);
        let mut places: Vec<(f64, Option<(f64, Interval)>)> =
            self.values.iter().map(|value| value.0).zip(design.means.iter().copied()).collect();
        places.sort_by(|one, other| one.0.total_cmp(&other.0));
        draw_means(sheet, &places, (x, y), look);
    }
}

/// Draws a line through the means of a design at ascending values, with the band of their intervals; a value without a mean
/// interrupts both.
pub(super) fn draw_means(
    sheet: &mut Sheet,
    places: &[(f64, Option<(f64, Interval)>)],
    (x, y): (&Scale, &Scale),
    look: DesignLook,
) {
    for stretch in places.split(|(_, mean)| mean.is_none()) {
        let points: Vec<(f64, f64, Interval)> =
            stretch.iter().filter_map(|(at, mean)| mean.map(|(mean, interval)| (*at, mean, interval))).collect();
        let upper = points.iter().map(|(at, _, interval)| (x.at(*at), y.at(interval.high)));
        let lower = points.iter().rev().map(|(at, _, interval)| (x.at(*at), y.at(interval.low)));
        sheet.area(upper.chain(lower).collect(), look.ink.with_opacity(0.2));
        sheet.line(points.iter().map(|(at, mean, _)| (x.at(*at), y.at(*mean))).collect(), look.stroke());
        for (at, mean, interval) in points {
            let (low, high) = (y.at(interval.low), y.at(interval.high));
            sheet.line(vec![(x.at(at), low), (x.at(at), high)], super::sheet::Stroke::solid(look.ink, 1.0));
            palette::marked(sheet, (x.at(at), y.at(mean)), look.marker, look.ink);
        }
    }
}

/// The unit to show values of up to `most` seconds in, and how many of it are in a second.
pub fn seconds_scale(most: f64) -> (f64, &'static str) {
    numbers::duration_scale(most)
}
