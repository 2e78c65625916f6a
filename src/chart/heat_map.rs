//! Chart: a metric over the values of two keys, a panel for each design.

use super::frame::{self, MARGIN, NAME, NOTE, WIDTH};
use super::ink::Ink;
use super::lettering::{Align, Lettering, fit};
use super::scale::extent;
use super::sheet::Sheet;
use super::{palette, shades};

/// A metric over the values of two keys, per design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatMap {
    /// Name of the metric, in a few words.
    pub metric: String,
    /// Below the title; may be empty.
    pub subtitle: String,
    /// The key whose values go to the right, and the values.
    pub across: (String, Vec<String>),
    /// The key whose values go down, and the values.
    pub down: (String, Vec<String>),
    /// The designs, in the order of the scenario.
    pub designs: Vec<DesignHeat>,
    /// The least and the greatest mean, as people read them.
    pub ends: [String; 2],
}

/// One design's metric over the values of two keys.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignHeat {
    /// Name of the design.
    pub name: String,
    /// Its place in the scenario file, which gives it its look.
    pub place: usize,
    /// Row by row; none where the mean lies beyond the horizon.
    pub cells: Vec<Vec<Option<HeatCell>>>,
}

/// One mean.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatCell {
    /// The mean itself.
    pub mean: f64,
    /// The mean as people read it.
    pub text: String,
    /// Half of its interval, as people read it; empty if it has none.
    pub margin: String,
}

const ROW: f64 = 38.0;

impl HeatMap {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let title = format!("What do {} and {} do to {}?", self.down.0, self.across.0, self.metric);
        let (mut sheet, mut top) = frame::headed(&title, &self.subtitle);
        let values = self.designs.iter().flat_map(|design| design.cells.iter().flatten().flatten());
        let (low, high) = extent(values.map(|cell| cell.mean)).unwrap_or((0.0, 1.0));
        top = shades::legend(&mut sheet, top + 6.0, &self.ends) + 8.0;
        let left = MARGIN + 92.0;
        let width = (WIDTH - MARGIN - left) / self.across.1.len().max(1) as f64;
        for design in &self.designs {
            let look = palette::design(design.place);
            palette::marked(&mut sheet, (MARGIN + 5.0, top + 14.0), look.marker, look.ink);
            sheet.text_within((MARGIN + 18.0, top + 14.0), &design.name, NAME.in_bold(), WIDTH - 60.0);
            sheet.text_within((MARGIN, top + 36.0), &format!("{} ↓", self.down.0), NOTE, WIDTH - 2.0 * MARGIN);
            top += 50.0;
            for (row, cells) in design.cells.iter().enumerate() {
                let from = top + row as f64 * ROW;
                let label = fit(&self.down.1[row], NOTE, 82.0);
                sheet.text((left - 8.0, from + ROW / 2.0), &label, NOTE.aligned(Align::Right));
                for (column, cell) in cells.iter().enumerate() {
                    let x = left + column as f64 * width;
                    let (ink, text, margin) = match cell {
                        Some(cell) => (shades::shade(cell.mean, low, high), cell.text.as_str(), cell.margin.as_str()),
                        None => (Ink::hex(0xECEEF1), "beyond horizon", ""),
                    };
                    sheet.block((x, from), (x + width - 2.0, from + ROW - 2.0), ink);
                    let colour = if ink.is_dark() { Ink::hex(0xFFFFFF) } else { palette::TEXT };
                    let lettering = |size| Lettering::new(size, colour).aligned(Align::Centre);
                    let (middle, half) = (x + width / 2.0, from + ROW / 2.0 - 1.0);
                    let lift = if margin.is_empty() { 0.0 } else { 7.5 };
                    sheet.text_within((middle, half - lift), text, lettering(12.0), width - 6.0);
                    if !margin.is_empty() {
                        sheet.text_within((middle, half + 8.0), margin, lettering(10.0), width - 6.0);
                    }
                }
            }
            top += design.cells.len() as f64 * ROW + 12.0;
            for (column, value) in self.across.1.iter().enumerate() {
                let x = left + (column as f64 + 0.5) * width;
                sheet.text_within((x, top - 4.0), value, NOTE.aligned(Align::Centre), width - 6.0);
            }
            top += 18.0;
        }
        let right = (left + WIDTH - MARGIN) / 2.0;
        sheet.text_within(
            (right, top + 6.0),
            &format!("{} →", self.across.0),
            NAME.aligned(Align::Centre),
            WIDTH - left,
        );
        let how = "each cell: the mean over runs and half of its 95 % interval";
        let small = Lettering::new(11.0, palette::FAINT_TEXT).aligned(Align::Right);
        sheet.text((WIDTH - MARGIN, top + 28.0), how, small);
        sheet.set_height(top + 42.0);
        sheet
    }
}
