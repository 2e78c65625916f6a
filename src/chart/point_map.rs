//! Chart: a metric at points spread over two keys, a panel for each design.

use super::frame::{self, MARGIN, NAME, Plot, WIDTH};
use super::ink::Ink;
use super::lettering::Align;
use super::palette;
use super::scale::{Scale, extent};
use super::shades::{self, shade};
use super::sheet::Sheet;
use super::ticks::{self, Tick};

/// A metric at points that need not be a grid, per design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PointMap {
    /// Name of the metric, in a few words.
    pub metric: String,
    /// Below the title; may be empty.
    pub subtitle: String,
    /// The key whose values go to the right, and the one whose values go up.
    pub keys: [String; 2],
    /// The points: for each key a number to place it by, and its text.
    pub points: Vec<[(f64, String); 2]>,
    /// The designs, in the order of the scenario.
    pub designs: Vec<DesignPoints>,
    /// The least and the greatest mean, as people read them.
    pub ends: [String; 2],
}

/// One design's metric at the points.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignPoints {
    /// Name of the design.
    pub name: String,
    /// Its place in the scenario file, which gives it its look.
    pub place: usize,
    /// The mean at each point; none where it lies beyond the horizon.
    pub means: Vec<Option<f64>>,
}

/// Height of a panel, and from one to the next.
const PANEL: (f64, f64) = (190.0, 284.0);

impl PointMap {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let title = format!("What do {} and {} do to {}?", self.keys[0], self.keys[1], self.metric);
        let (mut sheet, mut top) = frame::headed(&title, &self.subtitle);
        let means = self.designs.iter().flat_map(|design| design.means.iter().flatten().copied());
        let (low, high) = extent(means).unwrap_or((0.0, 1.0));
        top = shades::legend(&mut sheet, top + 6.0, &self.ends) + 8.0;
        for design in &self.designs {
            let look = palette::design(design.place);
            palette::marked(&mut sheet, (MARGIN + 5.0, top + 14.0), look.marker, look.ink);
            sheet.text_within((MARGIN + 18.0, top + 14.0), &design.name, NAME.in_bold(), WIDTH - 60.0);
            let plot = Plot { left: 96.0, right: WIDTH - 34.0, top: top + 32.0, bottom: top + 32.0 + PANEL.0 };
            let (x, x_ticks) = self.axis(0, (plot.left + 14.0, plot.right - 14.0));
            let (y, y_ticks) = self.axis(1, (plot.bottom - 14.0, plot.top + 14.0));
            frame::vertical_axis(&mut sheet, plot, &y, &y_ticks, &self.keys[1]);
            frame::horizontal_axis(&mut sheet, plot, &x, &x_ticks, &self.keys[0]);
            for (point, mean) in self.points.iter().zip(&design.means) {
                let at = (x.at(point[0].0), y.at(point[1].0));
                sheet.disc(at, 9.0, Ink::hex(0x5B6270));
                sheet.disc(at, 8.0, mean.map_or(Ink::hex(0xFFFFFF), |mean| shade(mean, low, high)));
            }
            top += PANEL.1;
        }
        let how = "each disc: the mean at a point; empty: beyond the horizon; intervals are in sweep.csv";
        let small = super::lettering::Lettering::new(11.0, palette::FAINT_TEXT).aligned(Align::Right);
        sheet.text((WIDTH - MARGIN, top + 4.0), how, small);
        sheet.set_height(top + 18.0);
        sheet
    }

    /// The scale of a key, by ratio where its values are ten times apart, with a tick at its ends and where there is room.
    fn axis(&self, key: usize, pixels: (f64, f64)) -> (Scale, Vec<Tick>) {
        let values = || self.points.iter().map(|point| &point[key]);
        let (low, high) = extent(values().map(|value| value.0)).unwrap_or((0.0, 1.0));
        let is_wide = low > 0.0 && high >= 10.0 * low;
        let scale = if is_wide { Scale::logarithmic((low, high), pixels) } else { Scale::linear((low, high), pixels) };
        let mut at: Vec<&(f64, String)> = values().collect();
        at.sort_by(|one, other| one.0.total_cmp(&other.0));
        let mut shown: Vec<Tick> = Vec::new();
        let gap = if key == 0 { 90.0 } else { 26.0 };
        for (value, label) in at {
            let is_free = shown.iter().all(|tick| (scale.at(tick.value) - scale.at(*value)).abs() >= gap);
            if is_free {
                shown.push(Tick { value: *value, label: label.clone() });
            }
        }
        if shown.is_empty() {
            shown = ticks::linear(0.0, 1.0, 2);
        }
        (scale, shown)
    }
}
