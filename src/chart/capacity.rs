//! Chart: how busy the regions are, and how much of what is paid for serves no one.

use super::frame::{self, MARGIN, NAME, NOTE, Plot, WIDTH};
use super::ink::Ink;
use super::lettering::{Align, Lettering, fit, text_width};
use super::palette::{self, Fill};
use super::scale::Scale;
use super::sheet::{Sheet, Stroke};
use super::{Band, numbers, ticks};

/// Utilisation per region and idle capacity, per design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Capacity {
    /// Below the title; may be empty.
    pub subtitle: String,
    /// Names of the regions.
    pub regions: Vec<String>,
    /// The designs, in the order of the scenario.
    pub designs: Vec<DesignCapacity>,
}

/// One design's use of its regions.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignCapacity {
    /// Name of the design.
    pub name: String,
    /// Its place in the scenario file, which gives it its look.
    pub place: usize,
    /// Per region: busy share of the switched-on workers, over runs; none if it was never on.
    pub utilisation: Vec<Option<Band>>,
    /// Share of the switched-on capacity in regions that receive no visitors, over runs.
    pub idle: Option<Band>,
}

const BAR: f64 = 18.0;
const NAME_ROW: f64 = 28.0;
const GAP: f64 = 12.0;

impl Capacity {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let (mut sheet, top) = frame::headed("How busy are the regions, and how much stands idle?", &self.subtitle);
        let labels: Vec<String> = (self.regions.iter().map(|region| fit(&format!("{region} busy"), NOTE, 200.0)))
            .chain(["idle".to_owned()])
            .collect();
        let room = labels.iter().map(|label| text_width(label, NOTE)).fold(0.0, f64::max);
        let row = NAME_ROW + BAR * labels.len() as f64 + GAP;
        let bottom = top + row * self.designs.len().max(1) as f64;
        let plot = Plot { left: MARGIN + room + 12.0, right: WIDTH - 96.0, top, bottom };
        let x = Scale::linear((0.0, 100.0), (plot.left, plot.right));
        let title = "share of switched-on capacity (%)";
        frame::horizontal_axis(&mut sheet, plot, &x, &ticks::linear(0.0, 100.0, 11), title);
        for (index, design) in self.designs.iter().enumerate() {
            let row_top = top + row * index as f64;
            let look = palette::design(design.place);
            let name = fit(&design.name, NAME.in_bold(), WIDTH - 2.0 * MARGIN - 20.0);
            let width = text_width(&name, NAME.in_bold());
            sheet.block((MARGIN, row_top + 5.0), (MARGIN + 22.0 + width, row_top + 23.0), Ink::hex(0xFFFFFF));
            palette::marked(&mut sheet, (MARGIN + 5.0, row_top + 14.0), look.marker, look.ink);
            sheet.text((MARGIN + 18.0, row_top + 14.0), &name, NAME.in_bold());
            let bars = (0..self.regions.len()).map(|region| design.utilisation.get(region).copied().flatten());
            for (bar, band) in bars.chain([design.idle]).enumerate() {
                let middle = row_top + NAME_ROW + BAR * (bar as f64 + 0.5);
                sheet.text((plot.left - 8.0, middle), &labels[bar], NOTE.aligned(Align::Right));
                let idle = bar == self.regions.len();
                let fill = if idle {
                    Fill { ink: Ink::hex(0xECEEF1), hatch: Some(Ink::hex(0x8A909C)) }
                } else {
                    Fill { ink: look.ink, hatch: None }
                };
                draw_bar(&mut sheet, band, middle, (&x, plot.right), fill);
            }
        }
        if self.designs.is_empty() {
            frame::nothing(&mut sheet, plot, "no designs");
        }
        let note =
            "bar: median over runs; whisker: 5th to 95th percentile; idle: switched on in a region without visitors";
        let small = Lettering::new(11.0, palette::FAINT_TEXT).aligned(Align::Right);
        sheet.text((WIDTH - MARGIN, bottom + 54.0), note, small);
        sheet.set_height(bottom + 68.0);
        sheet
    }
}

fn draw_bar(sheet: &mut Sheet, band: Option<Band>, middle: f64, (x, right): (&Scale, f64), fill: Fill) {
    let Some(band) = band.filter(|band| band.low.is_finite() && band.median.is_finite() && band.high.is_finite())
    else {
        return sheet.text((x.pixels.0 + 4.0, middle), "never on", NOTE);
    };
    let half = BAR / 2.0 - 2.0;
    let (low, end, high) = (x.at(band.low * 100.0), x.at(band.median * 100.0), x.at(band.high * 100.0));
    if end > x.pixels.0 {
        palette::filled(sheet, (x.pixels.0, middle - half), (end, middle + half), fill);
    }
    if high - low > 1.0 {
        for (color, width) in [(Ink::hex(0xFFFFFF), 3.5), (palette::TEXT, 1.5)] {
            sheet.line(vec![(low, middle), (high, middle)], Stroke::solid(color, width));
        }
        for whisker in [low, high] {
            sheet.line(vec![(whisker, middle - 4.0), (whisker, middle + 4.0)], Stroke::solid(palette::TEXT, 1.5));
        }
    }
    let text = numbers::percent(band.median);
    let at = (high.max(end) + 7.0).min(right + 8.0);
    let width = text_width(&text, NOTE);
    sheet.block((at - 2.0, middle - 7.0), (at + width + 2.0, middle + 7.0), Ink::hex(0xFFFFFF));
    sheet.text((at, middle), &text, Lettering { ink: palette::TEXT, ..NOTE });
}
