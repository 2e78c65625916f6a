//! Chart: where the traffic goes over the time of a run; one panel per design, since every panel has every region.

use super::bands::{self, Merge};
use super::frame::{self, INCIDENT_STRIP, MARGIN, NAME, Plot, Swatch, WIDTH};
use super::lettering::{Align, Lettering};
use super::palette;
use super::scale::Scale;
use super::sheet::Sheet;
use super::{Band, Clock, ticks};

/// Share of the attempts sent to each region over time, per design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TrafficOverTime {
    /// Below the title; may be empty.
    pub subtitle: String,
    /// Time axis, warm-up and incidents.
    pub clock: Clock,
    /// Width of a bin in seconds; bin `i` begins at `i * bin_s`.
    pub bin_s: f64,
    /// Names of the regions.
    pub regions: Vec<String>,
    /// One panel per design, in the order of the scenario.
    pub designs: Vec<TrafficPanel>,
}

/// One design's traffic.
#[derive(Clone, Debug, PartialEq)]
pub struct TrafficPanel {
    /// Name of the design.
    pub name: String,
    /// Its place in the scenario file, which gives it its look.
    pub place: usize,
    /// Per region, per bin: the share of the attempts sent in the bin that went to the region, over runs; none if no
    /// run sent any.
    pub regions: Vec<Vec<Option<Band>>>,
}

/// From the top of one panel to the top of the next, and the height of its plot.
const PANEL: (f64, f64) = (128.0, 96.0);

impl TrafficOverTime {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let (mut sheet, top) = frame::headed("Where does the traffic go?", &self.subtitle);
        let entries: Vec<(Swatch, String)> = (self.regions.iter().enumerate())
            .map(|(index, name)| (Swatch::Stroke(palette::region(index)), format!("to {name}")))
            .collect();
        let top = frame::legend(&mut sheet, top, &entries) + INCIDENT_STRIP;
        let panels = self.designs.len().max(1);
        let bottom = top + PANEL.0 * panels as f64 - 6.0;
        for index in 0..panels {
            let panel_top = top + PANEL.0 * index as f64 + PANEL.0 - PANEL.1 - 6.0;
            let plot = Plot { left: 70.0, right: WIDTH - 24.0, top: panel_top, bottom: panel_top + PANEL.1 };
            self.draw_panel(&mut sheet, plot, index);
        }
        let strip = Plot { left: 70.0, right: WIDTH - 24.0, top: top - 2.0, bottom };
        let (x, _, _) = frame::run_time_axis(&self.clock, strip);
        frame::name_incidents(&mut sheet, strip, &x, &self.clock);
        let title_at = (16.0, (top + bottom) / 2.0);
        sheet.text_within(title_at, "share of attempts (%)", NAME.running_upward(), bottom - top);
        let note = "line: median over runs; band: 5th to 95th percentile";
        let small = Lettering::new(11.0, palette::FAINT_TEXT).aligned(Align::Right);
        sheet.text((WIDTH - MARGIN, bottom + 54.0), note, small);
        sheet.set_height(bottom + 68.0);
        sheet
    }

    fn draw_panel(&self, sheet: &mut Sheet, plot: Plot, index: usize) {
        let last = index + 1 >= self.designs.len();
        let (x, mut time_ticks, title) = frame::run_time_axis(&self.clock, plot);
        let y = Scale::linear((0.0, 100.0), (plot.bottom, plot.top));
        frame::vertical_axis(sheet, plot, &y, &ticks::linear(0.0, 100.0, 3), "");
        if !last {
            time_ticks.iter_mut().for_each(|tick| tick.label.clear());
        }
        frame::horizontal_axis(sheet, plot, &x, &time_ticks, if last { &title } else { "" });
        frame::shade_incidents(sheet, plot, &x, &self.clock);
        let Some(panel) = self.designs.get(index) else {
            return frame::nothing(sheet, plot, "no attempts");
        };
        let look = palette::design(panel.place);
        palette::marked(sheet, (plot.left + 5.0, plot.top - 12.0), look.marker, look.ink);
        sheet.text_within(
            (plot.left + 18.0, plot.top - 12.0),
            &panel.name,
            NAME.in_bold(),
            plot.right - plot.left - 18.0,
        );
        for (region, bins) in panel.regions.iter().enumerate() {
            let bins: Vec<Option<Band>> = bins
                .iter()
                .map(|bin| bin.map(|b| Band { low: b.low * 100.0, median: b.median * 100.0, high: b.high * 100.0 }))
                .collect();
            bands::draw(sheet, &bins, self.bin_s, Merge::Mean, (&x, &y), palette::region(region));
        }
        if panel.regions.iter().flatten().all(Option::is_none) {
            frame::nothing(sheet, plot, "no attempts");
        }
    }
}
