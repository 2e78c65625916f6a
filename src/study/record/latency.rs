//! Quantiles of latency histograms, within a run and over all runs of a design.

use hdrhistogram::{Counter, Histogram};
use serde::{Deserialize, Serialize};

use crate::model::Latency;
use crate::units::SimDuration;

/// The percentiles of a latency curve.
const PERCENTILES: [f64; 22] = [
    1.0, 5.0, 10.0, 20.0, 25.0, 30.0, 40.0, 50.0, 60.0, 70.0, 75.0, 80.0, 85.0, 90.0, 95.0, 97.5, 99.0, 99.5, 99.9,
    99.95, 99.99, 99.999,
];

/// Latency of successful requests of all runs of a design, as a curve over percentiles.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LatencyPercentiles {
    /// Number of requests.
    pub requests: u64,
    /// Their mean latency.
    pub mean_ms: f64,
    /// Ascending, ends with the maximum at 100.
    pub points: Vec<CurvePoint>,
}

/// One point of a latency curve.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct CurvePoint {
    /// Percentile, 0 to 100.
    pub percentile: f64,
    /// Latency in milliseconds, to three significant digits.
    pub latency_ms: f64,
}

/// Latencies of one run: how many in each cell of the histogram that has any.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct RunLatency {
    /// Distance of each cell from the one before, in microseconds, and its count.
    cells: Vec<(u64, u32)>,
    sum_ns: u128,
    max_ns: u64,
}

impl RunLatency {
    pub(crate) fn of(latency: &Latency) -> Self {
        let mut last = 0;
        let cells = latency.histogram.iter_recorded().map(|step| {
            let value = step.value_iterated_to();
            let from_last = value - last;
            last = value;
            (from_last, step.count_at_value())
        });
        RunLatency { cells: cells.collect(), sum_ns: latency.sum_ns, max_ns: latency.max.as_nanos() }
    }
}

/// Latencies of many runs. Sums and counts are integers, so the order of merging cannot matter.
#[derive(Clone, Debug)]
pub(crate) struct MergedLatency {
    histogram: Histogram<u64>,
    sum_ns: u128,
    max: SimDuration,
}

impl MergedLatency {
    pub(crate) fn new() -> Self {
        let like = Latency::new().histogram;
        let histogram = Histogram::new_with_bounds(like.low(), like.high(), like.sigfig()).expect("valid bounds");
        MergedLatency { histogram, sum_ns: 0, max: SimDuration::ZERO }
    }

    pub(crate) fn add(&mut self, run: &RunLatency) {
        let mut value = 0_u64;
        for (from_last, count) in &run.cells {
            value = value.saturating_add(*from_last);
            self.histogram.saturating_record_n(value, u64::from(*count));
        }
        self.sum_ns = self.sum_ns.saturating_add(run.sum_ns);
        self.max = self.max.max(SimDuration::from_nanos(run.max_ns));
    }

    pub(crate) fn merge(&mut self, other: &MergedLatency) {
        self.histogram.add(&other.histogram).expect("histograms of the same bounds");
        self.sum_ns += other.sum_ns;
        self.max = self.max.max(other.max);
    }

    /// The curve; `None` without requests. Percentiles beyond which less than one request lies are left out.
    pub(crate) fn curve(&self) -> Option<LatencyPercentiles> {
        let requests = self.histogram.len();
        if requests == 0 {
            return None;
        }
        let supported = |percentile: &f64| (100.0 - percentile) / 100.0 * requests as f64 >= 1.0;
        let mut points: Vec<CurvePoint> = PERCENTILES
            .into_iter()
            .filter(supported)
            .map(|percentile| CurvePoint {
                percentile,
                latency_ms: quantile(&self.histogram, self.max, percentile / 100.0).map_or(0.0, millis),
            })
            .collect();
        points.push(CurvePoint { percentile: 100.0, latency_ms: millis(self.max) });
        Some(LatencyPercentiles { requests, mean_ms: self.sum_ns as f64 / requests as f64 / 1e6, points })
    }
}

/// The q-quantile, never above the exact maximum; `None` of nothing.
pub(crate) fn quantile<C: Counter>(histogram: &Histogram<C>, max: SimDuration, q: f64) -> Option<SimDuration> {
    if histogram.is_empty() {
        return None;
    }
    let nanos = histogram.value_at_quantile(q).saturating_mul(1_000).min(max.as_nanos());
    Some(SimDuration::from_nanos(nanos))
}

/// The mean in nanoseconds; `None` of nothing.
pub(crate) fn mean_ns(latency: &Latency) -> Option<f64> {
    (latency.count() > 0).then(|| latency.sum_ns as f64 / latency.count() as f64)
}

/// A duration in milliseconds: one division, so that 63.007 ms is written as that.
pub(crate) fn millis(duration: SimDuration) -> f64 {
    duration.as_nanos() as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latencies(millis: impl IntoIterator<Item = u64>) -> Latency {
        let mut latency = Latency::new();
        for value in millis {
            latency.record(SimDuration::from_nanos(value * 1_000_000));
        }
        latency
    }

    #[test]
    fn quantiles_are_within_a_thousandth() {
        let latency = latencies(1..=1000);
        for (q, expected) in [(0.5, 0.5), (0.99, 0.99), (1.0, 1.0)] {
            let found = quantile(&latency.histogram, latency.max, q).unwrap().as_secs_f64();
            assert!((found - expected).abs() <= expected * 1e-3, "q = {q}: {found}");
        }
        assert_eq!(mean_ns(&latency), Some(500.5e6));
        assert_eq!(
            (quantile(&Latency::new().histogram, SimDuration::ZERO, 0.5), mean_ns(&Latency::new())),
            (None, None)
        );
    }

    #[test]
    fn the_order_of_merging_does_not_matter() {
        let (one, two, three) = (latencies(1..500), latencies([7, 7, 90_000]), latencies(300..900));
        let merged = |parts: [&Latency; 3]| {
            let mut sum = MergedLatency::new();
            parts.into_iter().for_each(|part| sum.add(&RunLatency::of(part)));
            sum.curve()
        };
        assert_eq!(merged([&one, &two, &three]), merged([&three, &one, &two]));
    }

    #[test]
    fn merging_keeps_the_quantiles_of_the_parts() {
        let latency = latencies((1..=5000).map(|value| value * 13));
        let mut merged = MergedLatency::new();
        merged.add(&RunLatency::of(&latency));
        for q in [0.01, 0.5, 0.9, 0.999] {
            assert_eq!(
                quantile(&merged.histogram, merged.max, q),
                quantile(&latency.histogram, latency.max, q),
                "q = {q}"
            );
        }
    }

    #[test]
    fn a_curve_shows_no_percentile_that_its_requests_cannot_support() {
        let mut merged = MergedLatency::new();
        merged.add(&RunLatency::of(&latencies(1..=100)));
        let curve = merged.curve().unwrap();
        assert_eq!((curve.requests, curve.mean_ms), (100, 50.5));
        let percentiles: Vec<f64> = curve.points.iter().map(|point| point.percentile).collect();
        assert_eq!(&percentiles[percentiles.len() - 2..], [99.0, 100.0]);
        assert_eq!(MergedLatency::new().curve(), None);
    }
}
