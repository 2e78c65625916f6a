//! Chart: what does it cost to recover sooner? Cost against recovery time, with the data that is lost.

use super::frame::{self, NOTE, Plot, Swatch, WIDTH};
use super::lettering::Align;
use super::scale::{Scale, extent};
use super::sheet::{Sheet, Stroke};
use super::{numbers, palette, ticks};

/// Cost against recovery time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Front {
    /// Below the title; may be empty.
    pub subtitle: String,
    /// Names of the designs, in the order of the scenario.
    pub designs: Vec<String>,
    /// Designs at the points of a sweep.
    pub entries: Vec<FrontMark>,
}

/// One design at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct FrontMark {
    /// Place of the design.
    pub design: usize,
    /// Cost per month.
    pub cost: f64,
    /// Recovery time in seconds; what lies beyond the horizon is left out.
    pub recovery_s: f64,
    /// What stands beside it: the writes lost.
    pub label: String,
    /// Whether another one is better in something and worse in nothing.
    pub is_dominated: bool,
}

impl Front {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let (mut sheet, top) = frame::headed("What does it cost to recover sooner?", &self.subtitle);
        let entries: Vec<(Swatch, String)> = (self.designs.iter().enumerate())
            .map(|(index, name)| (Swatch::MarkedLine(palette::design(index)), name.clone()))
            .collect();
        let top = frame::legend(&mut sheet, top, &entries) + 12.0;
        let plot = Plot { left: 82.0, right: WIDTH - 60.0, top, bottom: top + 330.0 };
        let shown: Vec<&FrontMark> = self.entries.iter().filter(|entry| entry.recovery_s.is_finite()).collect();
        let costs = extent(shown.iter().map(|entry| entry.cost)).unwrap_or((0.0, 1.0));
        let recovery = extent(shown.iter().map(|entry| entry.recovery_s)).map_or(1.0, |(_, high)| 1.1 * high.max(1e-6));
        // Some room on both sides; from 0 if the least is not far from it.
        let room = 0.1 * (costs.1 - costs.0).max(1e-3 * costs.1).max(1e-9);
        let costs = (if costs.0 < 0.4 * costs.1 { 0.0 } else { costs.0 - room }, costs.1 + 3.0 * room);
        let (per_second, unit) = numbers::duration_scale(recovery);
        let x = Scale::linear(costs, (plot.left, plot.right));
        let y = Scale::linear((0.0, recovery * per_second), (plot.bottom, plot.top));
        let y_ticks = ticks::linear(0.0, recovery * per_second, 6);
        frame::vertical_axis(&mut sheet, plot, &y, &y_ticks, &format!("mean recovery time ({unit})"));
        frame::horizontal_axis(&mut sheet, plot, &x, &ticks::linear(costs.0, costs.1, 8), "cost per month");
        let dominated = shown.iter().filter(|entry| entry.is_dominated);
        for entry in dominated.chain(shown.iter().filter(|entry| !entry.is_dominated)) {
            let look = palette::design(entry.design);
            let at = (x.at(entry.cost), y.at(entry.recovery_s * per_second));
            let ink = if entry.is_dominated { look.ink.with_opacity(0.3) } else { look.ink };
            palette::marked(&mut sheet, at, look.marker, ink);
            if !entry.is_dominated {
                sheet.line(ring(at, 9.0), Stroke::solid(look.ink, 1.5));
                sheet.text((at.0, at.1 - 18.0), &entry.label, NOTE.aligned(Align::Centre));
            }
        }
        if shown.is_empty() {
            frame::nothing(&mut sheet, plot, "no recovery within the horizon");
        }
        let note =
            "ringed: nothing else is cheaper, quicker and loses less; beside it, writes lost in a run; pale: dominated";
        sheet.text_within((plot.left, plot.bottom + 56.0), note, NOTE, WIDTH - plot.left - 18.0);
        sheet.set_height(plot.bottom + 72.0);
        sheet
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
