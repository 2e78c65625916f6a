//! Chart: what a total is made of, per design, as stacked bars: lost service by phase, acknowledged writes by what became of them.

use super::frame::{self, MARGIN, NAME, NOTE, Plot, Swatch, WIDTH};
use super::ink::Ink;
use super::lettering::{Lettering, text_width};
use super::scale::{Scale, extent};
use super::sheet::{Sheet, Stroke};
use super::{Interval, numbers, palette, ticks};

/// A total and its parts, per design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StackedBars {
    /// The title: what the chart answers.
    pub question: String,
    /// Quantity on the axis; without its unit.
    pub what: String,
    /// Notation of the values.
    pub measure: Measure,
    /// Below the title; may be empty.
    pub subtitle: String,
    /// Names of all parts, in order; the place of a part decides its colour, also when others are missing.
    pub parts: Vec<String>,
    /// The designs, in the order of the scenario.
    pub designs: Vec<DesignBar>,
}

/// Notation of the values of a chart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// Seconds, in a unit that suits them.
    #[default]
    Seconds,
    /// Plain numbers.
    Count,
}

impl Measure {
    fn text(self, value: f64) -> String {
        match self {
            Measure::Seconds => numbers::duration(value),
            Measure::Count => numbers::significant(value),
        }
    }

    fn text_with_interval(self, value: f64, interval: Interval) -> String {
        let number = numbers::significant;
        match self {
            Measure::Seconds => numbers::duration_with_interval(value, interval),
            Measure::Count => format!("{} [{} to {}]", number(value), number(interval.low), number(interval.high)),
        }
    }

    /// Ticks from 0 to `high`, and what the axis says behind its title.
    fn ticks(self, high: f64) -> (String, Vec<ticks::Tick>) {
        match self {
            Measure::Seconds => {
                let (unit, ticks) = ticks::time(0.0, high, 9);
                (format!(" ({})", unit.symbol), ticks)
            }
            Measure::Count => (String::new(), ticks::linear(0.0, high, 9)),
        }
    }
}

/// One design's bar.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignBar {
    /// Name of the design.
    pub name: String,
    /// Its place in the scenario file, which gives it its look.
    pub place: usize,
    /// Mean over runs of each part.
    pub values: Vec<f64>,
    /// Confidence interval of their sum.
    pub total: Option<Interval>,
}

/// Height of one design's row and of its bar.
const ROW: (f64, f64) = (58.0, 26.0);

impl StackedBars {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let (mut sheet, top) = frame::headed(&self.question, &self.subtitle);
        // What is too thin to be seen is not explained.
        let visible = 0.002 * self.designs.iter().map(DesignBar::sum).fold(0.0, f64::max);
        let present = |part: &usize| self.designs.iter().any(|design| design.of(*part) > visible);
        let entries: Vec<(Swatch, String)> = (0..self.parts.len())
            .filter(present)
            .map(|part| (Swatch::Box(palette::category(part)), self.parts[part].clone()))
            .collect();
        let top = frame::legend(&mut sheet, top, &entries) + 4.0;
        let totals: Vec<String> = self.designs.iter().map(|design| design.total_text(self.measure)).collect();
        let room = totals.iter().map(|text| text_width(text, NAME)).fold(0.0, f64::max);
        let bottom = top + ROW.0 * self.designs.len().max(1) as f64 + 8.0;
        let plot = Plot { left: MARGIN + 4.0, right: WIDTH - MARGIN - room - 12.0, top, bottom };
        let highs = self.designs.iter().flat_map(|d| [d.sum(), d.total.map_or(0.0, |total| total.high)]);
        let high = extent(highs).map_or(1.0, |(_, high)| if high > 0.0 { high } else { 1.0 });
        // The axis ends at a tick, not between two.
        let high = match self.measure.ticks(high).1.as_slice() {
            [first, second, ..] => {
                let step = second.value - first.value;
                (high / step - 1e-9).ceil() * step
            }
            _ => high,
        };
        let x = Scale::linear((0.0, high), (plot.left, plot.right));
        let (unit, ticks) = self.measure.ticks(high);
        let title = format!("{}, mean over runs{unit}", self.what);
        frame::horizontal_axis(&mut sheet, plot, &x, &ticks, &title);
        for (index, design) in self.designs.iter().enumerate() {
            let row_top = top + ROW.0 * index as f64;
            let look = palette::design(design.place);
            palette::marked(&mut sheet, (plot.left + 5.0, row_top + 14.0), look.marker, look.ink);
            name_on_white(&mut sheet, (plot.left + 18.0, row_top + 14.0), &design.name, WIDTH - 80.0);
            self.draw_bar(&mut sheet, design, row_top + 26.0, &x);
            let end = x.at(design.total.map_or(0.0, |total| total.high).max(design.sum()));
            sheet.text((end + 8.0, row_top + 26.0 + ROW.1 / 2.0), &totals[index], NAME);
        }
        if self.designs.is_empty() {
            frame::nothing(&mut sheet, plot, "no designs");
        }
        sheet.set_height(bottom + 52.0);
        sheet
    }

    fn draw_bar(&self, sheet: &mut Sheet, design: &DesignBar, top: f64, x: &Scale) {
        let (mut before, bottom) = (0.0, top + ROW.1);
        for part in 0..self.parts.len() {
            let value = design.of(part);
            let (left, right) = (x.at(before), x.at(before + value));
            before += value;
            if right - left < 0.3 {
                continue;
            }
            let fill = palette::category(part);
            palette::filled(sheet, (left, top), (right, bottom), fill);
            let white = Stroke::solid(Ink::hex(0xFFFFFF), 1.0);
            if right - left > 4.0 {
                sheet.line(vec![(right, top), (right, bottom)], white);
            }
            label_segment(sheet, (left, right), (top, bottom), fill, &[&self.parts[part], &self.measure.text(value)]);
        }
        if let Some(total) = design.total.filter(|total| total.low < total.high && total.high.is_finite()) {
            let (low, high, middle) = (x.at(total.low), x.at(total.high), bottom + 3.5);
            sheet.line(vec![(low, middle), (high, middle)], Stroke::solid(palette::TEXT, 1.25));
            for end in [low, high] {
                sheet.line(vec![(end, middle - 3.0), (end, middle + 3.0)], Stroke::solid(palette::TEXT, 1.25));
            }
        }
    }
}

impl DesignBar {
    /// A part; what is negative or no number counts as 0.
    fn of(&self, part: usize) -> f64 {
        self.values.get(part).copied().filter(|value| value.is_finite() && *value > 0.0).unwrap_or(0.0)
    }

    fn sum(&self) -> f64 {
        (0..self.values.len()).map(|part| self.of(part)).sum()
    }

    fn total_text(&self, measure: Measure) -> String {
        match self.total {
            Some(total) if total.low < total.high => measure.text_with_interval(self.sum(), total),
            _ => measure.text(self.sum()),
        }
    }
}

/// Writes a name over the grid lines.
fn name_on_white(sheet: &mut Sheet, at: (f64, f64), name: &str, room: f64) {
    let name = super::lettering::fit(name, NAME.in_bold(), room);
    let width = text_width(&name, NAME.in_bold());
    sheet.block((at.0 - 2.0, at.1 - 9.0), (at.0 + width + 3.0, at.1 + 9.0), Ink::hex(0xFFFFFF));
    sheet.text(at, &name, NAME.in_bold());
}

/// Writes as many of `parts` as fit into a segment.
fn label_segment(
    sheet: &mut Sheet,
    (left, right): (f64, f64),
    (top, bottom): (f64, f64),
    fill: palette::Fill,
    parts: &[&str],
) {
    let dark = fill.ink.is_dark();
    let lettering = Lettering { ink: if dark { Ink::hex(0xFFFFFF) } else { palette::TEXT }, ..NOTE };
    for kept in (1..=parts.len()).rev() {
        let text = parts[..kept].join(" ");
        let width = text_width(&text, lettering);
        if width + 12.0 <= right - left {
            let (x, y) = (left + 6.0, (top + bottom) / 2.0);
            if fill.hatch.is_some() {
                sheet.block((x - 3.0, y - 8.5), (x + width + 3.0, y + 8.5), fill.ink);
            }
            sheet.text((x, y), &text, lettering);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_written_with_its_interval() {
        let design = DesignBar {
            name: "a".to_owned(),
            place: 0,
            values: vec![10.0, f64::NAN, 2.0],
            total: Some(Interval { low: 11.0, high: 13.5 }),
        };
        assert_eq!(design.total_text(Measure::Seconds), "12 [11 to 13.5] s");
    }
}
