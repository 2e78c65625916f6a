//! Chart: a metric over the values of two keys, a panel for each design.

use super::frame::{self, MARGIN, NAME, NOTE, WIDTH};
use super::lettering::{Align, Lettering, fit};
use super::palette;
use super::scale::extent;
use super::sheet::{Ink, Sheet};

/// A metric over the values of two keys, per design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeatMap {
    /// What the metric is called, in a few words.
    pub metric: String,
    /// Below the title; may be empty.
    pub subtitle: String,
    /// The key whose values go to the right, and the values.
    pub across: (String, Vec<String>),
    /// The key whose values go down, and the values.
    pub down: (String, Vec<String>),
    /// The designs, in the order of the scenario.
    pub designs: Vec<DesignHeat>,
}

/// One design's metric over the values of two keys.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignHeat {
    /// Name of the design.
    pub name: String,
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
/// Light to dark, by even steps of lightness (after viridis, turned): more is darker, in grey too.
pub(super) const SHADES: [u32; 7] = [0xFDE725, 0xA0DA39, 0x4AC16D, 0x1FA187, 0x277F8E, 0x365C8D, 0x46327E];

impl HeatMap {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let title = format!("How does {} depend on {} and {}?", self.metric, self.down.0, self.across.0);
        let (mut sheet, mut top) = frame::headed(&title, &self.subtitle);
        let values = self.designs.iter().flat_map(|design| design.cells.iter().flatten().flatten());
        let (low, high) = extent(values.map(|cell| cell.mean)).unwrap_or((0.0, 1.0));
        let left = MARGIN + 110.0;
        let width = (WIDTH - MARGIN - left) / self.across.1.len().max(1) as f64;
        for (index, design) in self.designs.iter().enumerate() {
            let look = palette::design(index);
            palette::marked(&mut sheet, (MARGIN + 5.0, top + 14.0), look.marker, look.ink);
            sheet.text_within((MARGIN + 18.0, top + 14.0), &design.name, NAME.in_bold(), WIDTH - 60.0);
            top += 30.0;
            let middle = top + design.cells.len() as f64 * ROW / 2.0;
            let room = (design.cells.len() as f64 * ROW).max(60.0);
            sheet.text_within((MARGIN + 6.0, middle), &self.down.0, NAME.running_upward(), room);
            for (row, cells) in design.cells.iter().enumerate() {
                let from = top + row as f64 * ROW;
                let label = fit(&self.down.1[row], NOTE, 82.0);
                sheet.text((left - 8.0, from + ROW / 2.0), &label, NOTE.aligned(Align::Right));
                for (column, cell) in cells.iter().enumerate() {
                    let x = left + column as f64 * width;
                    let (ink, text, margin) = match cell {
                        Some(cell) => (shade(cell.mean, low, high), cell.text.as_str(), cell.margin.as_str()),
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
        sheet.text_within((right, top + 6.0), &self.across.0, NAME.aligned(Align::Centre), WIDTH - left);
        let how = "mean over runs and half of its 95 % interval; darker: more, on one scale for all designs";
        let small = Lettering::new(11.0, palette::FAINT_TEXT).aligned(Align::Right);
        sheet.text((WIDTH - MARGIN, top + 28.0), how, small);
        sheet.set_height(top + 42.0);
        sheet
    }
}

/// The colour of a value between the least and the greatest.
pub(super) fn shade(value: f64, low: f64, high: f64) -> Ink {
    let share = if high > low { (value - low) / (high - low) } else { 0.0 };
    let place = (share * SHADES.len() as f64) as usize;
    Ink::hex(SHADES[place.min(SHADES.len() - 1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_value_is_the_darkest() {
        assert_eq!(shade(1.0, 1.0, 5.0), Ink::hex(SHADES[0]));
        assert_eq!(shade(5.0, 1.0, 5.0), Ink::hex(SHADES[6]));
        assert_eq!(shade(3.0, 3.0, 3.0), Ink::hex(SHADES[0]));
    }
}
