//! Chart: what share of the requests succeeds, over the time of a run.

use super::bands::{self, Merge};
use super::frame::{self, INCIDENT_STRIP, MARGIN, Plot, Swatch, WIDTH};
use super::lettering::{Align, Lettering};
use super::palette;
use super::scale::{Scale, extent, round_up};
use super::sheet::{Sheet, Stroke};
use super::{Band, Clock, ticks};

/// Success share over time, per design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SuccessOverTime {
    /// Below the title: the scenario and the number of runs, say; may be empty.
    pub subtitle: String,
    /// Time axis, warm-up and incidents.
    pub clock: Clock,
    /// Width of a bin in seconds; bin `i` begins at `i * bin_s`.
    pub bin_s: f64,
    /// Service level objective as a share, drawn as a line.
    pub slo: Option<f64>,
    /// The designs, in the order of the scenario.
    pub designs: Vec<SuccessCurve>,
}

/// One design's success share.
#[derive(Clone, Debug, PartialEq)]
pub struct SuccessCurve {
    /// Name of the design.
    pub name: String,
    /// Its place in the scenario file, which gives it its look.
    pub place: usize,
    /// Share of the requests started in a bin that succeeded, over runs; none if no run had a request in it.
    pub bins: Vec<Option<Band>>,
}

impl SuccessOverTime {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let (mut sheet, top) = frame::headed("What share of the requests succeeds?", &self.subtitle);
        let mut entries: Vec<(Swatch, String)> = (self.designs.iter())
            .map(|design| (Swatch::Line(palette::design(design.place)), design.name.clone()))
            .collect();
        let slo_line = Stroke { ink: palette::OBJECTIVE, width: 1.25, dash: &[2.0, 3.0] };
        if let Some(slo) = self.slo {
            entries.push((Swatch::Stroke(slo_line), format!("SLO {}", super::numbers::percent(slo))));
        }
        let top = frame::legend(&mut sheet, top, &entries) + INCIDENT_STRIP;
        let plot = Plot { left: 70.0, right: WIDTH - 24.0, top, bottom: top + 310.0 };
        let (x, time_ticks, time_title) = frame::run_time_axis(&self.clock, plot);
        let lowest = self.lowest_percent();
        let y = Scale::linear((lowest, 100.0), (plot.bottom, plot.top));
        frame::vertical_axis(&mut sheet, plot, &y, &ticks::linear(lowest, 100.0, 6), "requests that succeed (%)");
        frame::horizontal_axis(&mut sheet, plot, &x, &time_ticks, &time_title);
        frame::shade_incidents(&mut sheet, plot, &x, &self.clock);
        frame::name_incidents(&mut sheet, plot, &x, &self.clock);
        if let Some(slo) = self.slo {
            let level = y.at(slo * 100.0);
            sheet.line(vec![(plot.left, level), (plot.right, level)], slo_line);
        }
        for design in &self.designs {
            let bins: Vec<Option<Band>> = design.bins.iter().map(|bin| bin.map(in_percent)).collect();
            let stroke = palette::design(design.place).stroke();
            bands::draw(&mut sheet, &bins, self.bin_s, Merge::Lowest, (&x, &y), stroke);
        }
        if self.designs.iter().all(|design| design.bins.iter().all(Option::is_none)) {
            frame::nothing(&mut sheet, plot, "no requests");
        }
        let note = "line: median over runs; band: 5th to 95th percentile";
        let small = Lettering::new(11.0, palette::FAINT_TEXT).aligned(Align::Right);
        sheet.text((WIDTH - MARGIN, plot.bottom + 54.0), note, small);
        sheet.set_height(plot.bottom + 68.0);
        sheet
    }

    /// Lower end of the axis: 0, or higher when everything happens near 100 %.
    fn lowest_percent(&self) -> f64 {
        let lows = self.designs.iter().flat_map(|design| design.bins.iter().flatten().map(|bin| bin.low));
        let (low, _) = extent(lows.chain(self.slo)).unwrap_or((0.0, 0.0));
        let room = round_up((1.0 - low) * 100.0 * 1.05).max(0.01);
        if room > 50.0 { 0.0 } else { 100.0 - room }
    }
}

fn in_percent(band: Band) -> Band {
    Band { low: band.low * 100.0, median: band.median * 100.0, high: band.high * 100.0 }
}
