//! The charts of a study: one question each, as SVG and PNG.
//!
//! Each chart is a plain data structure and a `sheet()` that draws it; [`render`] turns the sheet into files. The data
//! carry no types of the study, only numbers and names. The same data give the same bytes on every machine: ticks are
//! found by exact arithmetic, logarithms come from [`crate::maths`], and the glyphs from a font that the crate carries.
//!
//! Values that are no number are left out or drawn at the edge of their axis; no data draw an empty chart that says so.
//! Left out: interaction, and scripts beyond Latin, Greek and Cyrillic in the PNG.

mod bands;
mod bars;
mod capacity;
mod differences;
mod downtime;
mod frame;
mod front;
mod heat_map;
mod ink;
mod latency;
mod lettering;
mod numbers;
mod output;
mod over_key;
mod palette;
mod point_map;
mod scale;
mod shades;
mod sheet;
mod success;
mod thresholds;
mod ticks;
mod traffic;
mod writes;

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;

pub use bars::{DesignBar, Measure, StackedBars};
pub use capacity::{Capacity, DesignCapacity};
pub use differences::{Better, DifferenceWeight, MetricDifference, PairedDifferences};
pub use downtime::{DesignDowntime, DowntimeEcdf};
pub use front::{Front, FrontMark, FrontStanding};
pub use heat_map::{DesignHeat, HeatCell, HeatMap};
pub use latency::{LatencyCurve, LatencyCurves, nines};
pub use output::{ChartError, Rendered, render};
pub use over_key::{DesignOverKey, OverKey, seconds_scale};
pub use point_map::{DesignPoints, PointMap};
pub use sheet::Sheet;
pub use success::{SuccessCurve, SuccessOverTime};
pub use thresholds::{DesignThresholds, DowntimeByThreshold};
pub use traffic::{TrafficOverTime, TrafficPanel};
pub use writes::{DesignWrites, WritesLost};

/// The colour of the design at `place` of the scenario file, as `#RRGGBB`.
pub fn design_colour(place: usize) -> String {
    palette::design(place).ink.code()
}

/// The dash of the line of the design at `place` of the scenario file, in pixels; empty if it is solid.
pub fn design_dash(place: usize) -> &'static [f64] {
    palette::design(place).dash
}

/// The colour of the category of a stacked bar at `index`, as `#RRGGBB`.
pub fn category_colour(index: usize) -> String {
    palette::category(index).ink.code()
}

/// Three quantiles of a quantity over runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Band {
    /// 5th percentile.
    pub low: f64,
    /// Median.
    pub median: f64,
    /// 95th percentile.
    pub high: f64,
}

/// A confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

/// The time axis of a run and what happens on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Clock {
    /// Length of a run in seconds.
    pub horizon_s: f64,
    /// Length of the warm-up in seconds; 0 if there is none.
    pub warm_up_s: f64,
    /// Incidents to shade.
    pub incidents: Vec<IncidentSpan>,
}

/// One incident on the time axis.
#[derive(Clone, Debug, PartialEq)]
pub struct IncidentSpan {
    /// Name in the strip.
    pub label: String,
    /// Begin, in seconds from the start of the run.
    pub from_s: f64,
    /// End, in seconds from the start of the run.
    pub to_s: f64,
}
