//! Chart: latency by percentile, spread out towards the slowest requests.

use super::frame::{self, Plot, Swatch, WIDTH};
use super::numbers;
use super::palette::{self, DesignLook};
use super::scale::{Scale, extent, round_down, round_up};
use super::sheet::{Point, Sheet};
use super::ticks::{self, Tick};
use crate::maths;

/// Latency by percentile, per design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LatencyCurves {
    /// Below the title; may be empty.
    pub subtitle: String,
    /// The designs, in the order of the scenario.
    pub designs: Vec<LatencyCurve>,
}

/// One design's latency.
#[derive(Clone, Debug, PartialEq)]
pub struct LatencyCurve {
    /// Name of the design.
    pub name: String,
    /// Its place in the scenario file, which gives it its look.
    pub place: usize,
    /// Quantile (0 to below 1) and latency in seconds, by rising quantile.
    pub quantiles: Vec<(f64, f64)>,
}

/// Quantiles with a tick, and their text.
const PERCENTILES: [(f64, &str); 7] =
    [(0.0, "0"), (0.5, "50"), (0.9, "90"), (0.99, "99"), (0.999, "99.9"), (0.9999, "99.99"), (0.99999, "99.999")];

impl LatencyCurves {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let (mut sheet, top) = frame::headed("How long do successful requests take?", &self.subtitle);
        let entries: Vec<(Swatch, String)> = (self.designs.iter())
            .map(|design| (Swatch::MarkedLine(palette::design(design.place)), design.name.clone()))
            .collect();
        let top = frame::legend(&mut sheet, top, &entries) + 12.0;
        let plot = Plot { left: 82.0, right: WIDTH - 34.0, top, bottom: top + 330.0 };
        let curves: Vec<Vec<(f64, f64)>> = self.designs.iter().map(|design| drawable(&design.quantiles)).collect();
        let all = || curves.iter().flatten();
        let nines = extent(all().map(|(quantile, _)| nines(*quantile))).map_or(4.0, |(_, high)| high.max(1.0));
        let x = Scale::linear((0.0, nines), (plot.left, plot.right));
        let (low, high) = extent(all().map(|(_, seconds)| *seconds)).unwrap_or((0.01, 1.0));
        let (low, high) = (round_down(low * 0.999), round_up(high * 1.001));
        let y = Scale::logarithmic((low, high), (plot.bottom, plot.top));
        let percentiles = PERCENTILES.iter().filter(|(quantile, _)| self::nines(*quantile) <= nines + 1e-9);
        let x_ticks: Vec<Tick> = percentiles
            .map(|(quantile, label)| Tick { value: self::nines(*quantile), label: (*label).to_owned() })
            .collect();
        let y_ticks = ticks::logarithmic(low, high, 10, numbers::duration);
        frame::vertical_axis(&mut sheet, plot, &y, &y_ticks, "latency (logarithmic)");
        frame::horizontal_axis(&mut sheet, plot, &x, &x_ticks, "percentile of requests");
        for (design, curve) in self.designs.iter().zip(&curves) {
            draw_curve(&mut sheet, curve, (&x, &y), palette::design(design.place));
        }
        if curves.iter().all(Vec::is_empty) {
            frame::nothing(&mut sheet, plot, "no successful requests");
        }
        sheet.set_height(plot.bottom + 52.0);
        sheet
    }
}

/// The points that a logarithmic chart can show.
fn drawable(quantiles: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let shown =
        |(quantile, seconds): &(f64, f64)| (0.0..1.0).contains(quantile) && seconds.is_finite() && *seconds > 0.0;
    quantiles.iter().copied().filter(shown).collect()
}

/// Returns the number of nines of a quantile: -log10(1 - q), at most 9.
pub fn nines(quantile: f64) -> f64 {
    (-maths::ln((1.0 - quantile).max(1e-9)) / maths::ln(10.0)).max(0.0)
}

fn draw_curve(sheet: &mut Sheet, curve: &[(f64, f64)], (x, y): (&Scale, &Scale), look: DesignLook) {
    let points: Vec<Point> = curve.iter().map(|(q, seconds)| (x.at(nines(*q)), y.at(*seconds))).collect();
    sheet.line(points.clone(), look.stroke());
    let marked = |quantile: f64| PERCENTILES.iter().any(|(at, _)| (at - quantile).abs() < 1e-9 && *at > 0.0);
    for ((quantile, _), point) in curve.iter().zip(&points) {
        if marked(*quantile) || curve.len() == 1 {
            palette::marked(sheet, *point, look.marker, look.ink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_spaced_by_their_nines() {
        assert_eq!(nines(0.0), 0.0);
        assert!((nines(0.99) - 2.0).abs() < 1e-12 && (nines(0.9999) - 4.0).abs() < 1e-9);
    }

    #[test]
    fn latencies_of_zero_and_quantiles_of_one_are_left_out() {
        assert_eq!(drawable(&[(0.0, 0.0), (0.5, 0.1), (1.0, 9.0), (0.9, f64::NAN)]), [(0.5, 0.1)]);
    }
}
