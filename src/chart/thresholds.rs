//! Chart: how long success is under each of several shares.

use super::frame::{self, Plot, Swatch, WIDTH};
use super::over_key::draw_means;
use super::scale::{Scale, extent};
use super::sheet::{Sheet, Stroke};
use super::ticks::{self, Tick};
use super::{Interval, numbers, palette};

/// Downtime by threshold, per design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DowntimeByThreshold {
    /// Below the title; may be empty.
    pub subtitle: String,
    /// Service level, as a share.
    pub slo: f64,
    /// The shares of success under which a window counts, in ascending order.
    pub thresholds: Vec<f64>,
    /// The designs, in the order of the scenario.
    pub designs: Vec<DesignThresholds>,
}

/// One design's downtime by threshold.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignThresholds {
    /// Name of the design.
    pub name: String,
    /// Its place in the scenario file, which gives it its look.
    pub place: usize,
    /// Mean downtime in seconds and its interval under each threshold; none where the threshold is left out.
    pub means: Vec<Option<(f64, Interval)>>,
}

impl DowntimeByThreshold {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let (mut sheet, top) = frame::headed("How long is success under each threshold?", &self.subtitle);
        let mut entries: Vec<(Swatch, String)> = (self.designs.iter())
            .map(|design| (Swatch::MarkedLine(palette::design(design.place)), design.name.clone()))
            .collect();
        let slo_line = Stroke { ink: palette::OBJECTIVE, width: 1.25, dash: &[2.0, 3.0] };
        entries.push((Swatch::Stroke(slo_line), format!("SLO {}", numbers::percent(self.slo))));
        let top = frame::legend(&mut sheet, top, &entries) + 12.0;
        let plot = Plot { left: 82.0, right: WIDTH - 34.0, top, bottom: top + 330.0 };
        let x = self.across(plot);
        let x_ticks: Vec<Tick> = (self.thresholds.iter())
            .map(|share| Tick { value: stretched(*share), label: numbers::significant(100.0 * share) })
            .collect();
        let means = self.designs.iter().flat_map(|design| design.means.iter().flatten());
        let most = extent(means.map(|(_, interval)| interval.high)).map_or(1.0, |(_, high)| (1.04 * high).max(1.0));
        let y = Scale::linear((0.0, most), (plot.bottom, plot.top));
        let (unit, y_ticks) = ticks::time(0.0, most, 7);
        self.shade_edge(&mut sheet, plot, &x);
        frame::vertical_axis(&mut sheet, plot, &y, &y_ticks, &format!("mean downtime of a run ({})", unit.symbol));
        let title = "threshold: share of the requests that must succeed (%), by the logarithm of what may fail";
        frame::horizontal_axis(&mut sheet, plot, &x, &x_ticks, title);
        if self.is_shown(self.slo) {
            let slo = x.at(stretched(self.slo));
            sheet.line(vec![(slo, plot.top), (slo, plot.bottom)], slo_line);
        }
        for design in &self.designs {
            let places = self.thresholds.iter().map(|share| stretched(*share)).zip(design.means.iter().copied());
            draw_means(&mut sheet, &places.collect::<Vec<_>>(), (&x, &y), palette::design(design.place));
        }
        if self.designs.iter().all(|design| design.means.iter().all(Option::is_none)) {
            frame::nothing(&mut sheet, plot, "too few requests for any threshold");
        }
        let notes = self.notes();
        let notes: Vec<&str> = notes.iter().map(String::as_str).collect();
        let height = frame::how_to_read(&mut sheet, plot, &notes);
        sheet.set_height(height);
        sheet
    }

    /// Returns the horizontal scale, with a little room on both sides, so that no marker is cut.
    fn across(&self, plot: Plot) -> Scale {
        let (low, high) = extent(self.thresholds.iter().copied().map(stretched)).unwrap_or((1.0, 2.0));
        Scale::logarithmic((low, high), (plot.left + 14.0, plot.right - 14.0))
    }

    fn is_shown(&self, share: f64) -> bool {
        let ends = extent(self.thresholds.iter().copied());
        ends.is_some_and(|(low, high)| (low..=high).contains(&share))
    }

    /// Shades the thresholds from twice to half the error budget, where a downtime may be on the edge.
    fn shade_edge(&self, sheet: &mut Sheet, plot: Plot, x: &Scale) {
        let Some((low, high)) = extent(self.thresholds.iter().copied()) else { return };
        let [from, to] = [2.0 * self.slo - 1.0, (1.0 + self.slo) / 2.0].map(|share| share.clamp(low, high));
        if from < to {
            let [from, to] = [from, to].map(|share| x.at(stretched(share)));
            sheet.block((from, plot.top), (to, plot.bottom), palette::INCIDENT);
        }
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = vec![
            "line: mean over runs; band: its 95 % interval; shaded: from twice to half the error budget of the SLO"
                .to_owned(),
            "windows: long enough for ten failures at each threshold, so longer than the study's at high ones"
                .to_owned(),
        ];
        let is_left_out = |place: usize| self.designs.iter().all(|design| design.means[place].is_none());
        let left_out = (0..self.thresholds.len()).filter(|&place| !self.designs.is_empty() && is_left_out(place));
        let left_out: Vec<String> = left_out.map(|place| numbers::percent(self.thresholds[place])).collect();
        if !left_out.is_empty() {
            let list = left_out.join(", ");
            notes.push(format!("left out, since windows that hold ten failures would be too long: {list}"));
        }
        notes
    }
}

/// Returns the place of a threshold on the axis: each time that the error budget halves, as far to the right again.
fn stretched(share: f64) -> f64 {
    1.0 / (1.0 - share)
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    #[test]
    fn thresholds_are_spaced_by_the_error_budget() {
        let chart = samples::thresholds(1);
        let x = chart.across(Plot { left: 0.0, right: 1_000.0, top: 0.0, bottom: 1.0 });
        // 80 to 90 % halves the budget, and so does 90 to 95 %.
        let at = |share: f64| x.at(stretched(share));
        assert!((at(0.9) - at(0.8) - (at(0.95) - at(0.9))).abs() < 1e-9);
    }

    #[test]
    fn a_threshold_that_no_design_has_is_named_as_left_out() {
        let mut chart = samples::thresholds(2);
        assert_eq!(chart.notes().len(), 2);
        chart.designs.iter_mut().for_each(|design| design.means[5] = None);
        assert!(chart.notes()[2].ends_with(": 99.9 %"), "{:?}", chart.notes());
    }
}
