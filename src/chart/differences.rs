//! Chart: how two designs differ, metric by metric, run by run.

use super::frame::{self, MARGIN, NAME, NOTE, WIDTH};
use super::ink::Ink;
use super::lettering::{Align, Lettering, fit};
use super::scale::Scale;
use super::sheet::{Sheet, Stroke};
use super::{Interval, numbers, palette};

/// Paired differences between two designs.
#[derive(Clone, Debug, PartialEq)]
pub struct PairedDifferences {
    /// Below the title; may be empty.
    pub subtitle: String,
    /// The first design: its name, and its place in the scenario.
    pub first: (String, usize),
    /// The second design, which is subtracted.
    pub second: (String, usize),
    /// One row per metric.
    pub metrics: Vec<MetricDifference>,
}

/// One metric's difference.
#[derive(Clone, Debug, PartialEq)]
pub struct MetricDifference {
    /// Name of the metric.
    pub name: String,
    /// Unit of its values, empty if it has none; `s` and `ms` are written as a duration.
    pub unit: String,
    /// Mean over runs of the first design's value minus the second's.
    pub mean: f64,
    /// Its confidence interval, when there are runs enough for one.
    pub interval: Option<Interval>,
    /// Direction that is better.
    pub better: Better,
    /// Practical significance of the difference.
    pub weight: DifferenceWeight,
    /// In how many runs the first and the second design were better, and of how many; the rest were ties.
    pub wins: Option<(u64, u64, u64)>,
}

/// Practical significance of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceWeight {
    /// It is sure, and large enough to count.
    Counts,
    /// It is too small to count, sure or not.
    Little,
    /// The interval leaves it open.
    Unclear,
}

/// Direction in which a metric is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    /// Small ones.
    Lower,
    /// Large ones.
    Higher,
}

/// Width of a marker with its halo.
const MARKER: f64 = 14.0;
const ROW: f64 = 46.0;
/// Left and right edge of the rows' scales.
const SCALE: (f64, f64) = (270.0, 570.0);

impl PairedDifferences {
    /// Draws the chart: left of the zero line the first design is better, right of it the second.
    pub fn sheet(&self) -> Sheet {
        let (mut sheet, top) = frame::headed(&self.title(), &self.subtitle);
        let zero = (SCALE.0 + SCALE.1) / 2.0;
        for (row, (name, index)) in [&self.first, &self.second].into_iter().enumerate() {
            let look = palette::design(*index);
            let y = top + 10.0 + 21.0 * row as f64;
            palette::marked(&mut sheet, (MARGIN + 6.0, y), look.marker, look.ink);
            let side = if row == 0 { "better if left of the line" } else { "better if right of the line" };
            let name = fit(name, NAME, WIDTH - 300.0);
            sheet.text((MARGIN + 22.0, y), &format!("{name}: {side}"), NAME);
        }
        let head = top + 62.0;
        let small = Lettering::new(12.0, palette::FAINT_TEXT);
        sheet.text((zero - 10.0, head), "← first better", small.aligned(Align::Right));
        sheet.text((zero + 10.0, head), "second better →", small);
        sheet.text((SCALE.1 + 24.0, head), "first minus second, mean", small);
        let first_row = head + 14.0;
        let bottom = first_row + ROW * self.metrics.len().max(1) as f64;
        sheet.line(vec![(zero, first_row), (zero, bottom)], Stroke::solid(palette::AXIS, 1.25));
        for (row, metric) in self.metrics.iter().enumerate() {
            let y = first_row + ROW * (row as f64 + 0.5);
            let line = vec![(MARGIN, y + ROW / 2.0), (WIDTH - MARGIN, y + ROW / 2.0)];
            sheet.line(line, Stroke::solid(palette::GRID_LINE, 1.0));
            self.draw_row(&mut sheet, metric, y);
        }
        if self.metrics.is_empty() {
            sheet.text((zero + 10.0, first_row + ROW / 2.0), "nothing to compare", NOTE);
        }
        let note = "each row has its own scale; coloured where the 95 % interval excludes zero and the difference is large enough to count";
        let at = (WIDTH - MARGIN, bottom + 18.0);
        sheet.text(at, note, Lettering::new(11.0, palette::FAINT_TEXT).aligned(Align::Right));
        sheet.set_height(bottom + 32.0);
        sheet
    }

    /// Names both designs, if they fit.
    fn title(&self) -> String {
        let title = |first: &str, second: &str| format!("How do {first} and {second} differ, run by run?");
        let named = title(&self.first.0, &self.second.0);
        if named.chars().count() <= 70 { named } else { "How do the two designs differ, run by run?".to_owned() }
    }

    fn draw_row(&self, sheet: &mut Sheet, metric: &MetricDifference, y: f64) {
        sheet.text_within((MARGIN, y), &metric.name, NAME, SCALE.0 - MARGIN - 12.0);
        let words = (SCALE.1 + 24.0, WIDTH - MARGIN - SCALE.1 - 24.0);
        if !metric.mean.is_finite() {
            return sheet.text((words.0, y), "not comparable", NOTE);
        }
        let interval = metric.interval.filter(|interval| interval.low.is_finite() && interval.high.is_finite());
        let (low, high) = interval.map_or((metric.mean, metric.mean), |interval| (interval.low, interval.high));
        let reach = 1.08 * metric.mean.abs().max(low.abs()).max(high.abs());
        let pixels = if metric.better == Better::Lower { SCALE } else { (SCALE.1, SCALE.0) };
        let zero = (SCALE.0 + SCALE.1) / 2.0;
        let scale = Scale::linear((-reach, reach), pixels);
        let x = |value: f64| if reach > 0.0 { scale.at(value) } else { zero };
        let decided = metric.weight == DifferenceWeight::Counts;
        let first_better = (metric.mean < 0.0) == (metric.better == Better::Lower);
        let look = palette::design(if first_better { self.first.1 } else { self.second.1 });
        let ink = if decided { look.ink } else { palette::AXIS };
        // What is narrower than the marker would only fray its edge.
        if (x(high) - x(low)).abs() > MARKER {
            sheet.line(vec![(x(low), y), (x(high), y)], Stroke::solid(ink, 2.5));
            for end in [x(low), x(high)] {
                sheet.line(vec![(end, y - 5.0), (end, y + 5.0)], Stroke::solid(ink, 2.0));
            }
        }
        if decided {
            palette::marked(sheet, (x(metric.mean), y), look.marker, ink);
        } else {
            sheet.disc((x(metric.mean), y), 5.0, ink);
            sheet.disc((x(metric.mean), y), 3.0, Ink::hex(0xFFFFFF));
        }
        let (upper, lower) = metric.words();
        let below = if lower.is_empty() { 0.0 } else { 9.0 };
        sheet.text_within((words.0, y - below), &upper, Lettering { ink: palette::TEXT, ..NOTE }, words.1);
        sheet.text_within((words.0, y + below), &lower, Lettering::new(11.0, palette::FAINT_TEXT), words.1);
    }
}

impl MetricDifference {
    /// The difference with its interval, and who wins how often.
    fn words(&self) -> (String, String) {
        let largest = match self.interval {
            Some(interval) => self.mean.abs().max(interval.low.abs()).max(interval.high.abs()),
            None => self.mean.abs(),
        };
        // All of them in one unit, said once, so that they can be compared and fit.
        let (factor, unit) = match self.unit.as_str() {
            "s" => numbers::duration_scale(largest),
            "ms" => {
                let (per_second, unit) = numbers::duration_scale(largest / 1e3);
                (per_second / 1e3, unit)
            }
            unit => (1.0, unit),
        };
        let value = |value: f64| {
            let plus = if value > 0.0 { "+" } else { "" };
            format!("{plus}{}", numbers::significant(value * factor))
        };
        let mut upper = value(self.mean);
        if let Some(interval) = self.interval {
            upper.push_str(&format!(" [{} to {}]", value(interval.low), value(interval.high)));
        }
        if !unit.is_empty() {
            upper.push_str(&format!(" {unit}"));
        }
        let lower = self.wins.map_or(String::new(), |(first, second, runs)| {
            if (first, second) == (0, 0) {
                return "the same in every run".to_owned();
            }
            if self.weight == DifferenceWeight::Little {
                return "practically the same".to_owned();
            }
            let word = if runs == 1 { "run" } else { "runs" };
            let [first, second, runs] = [first, second, runs].map(|count| numbers::count(count as usize));
            format!("better in: first {first}, second {second} of {runs} {word}")
        });
        (upper, lower)
    }
}

#[cfg(test)]
mod tests {
    use super::super::sheet::Mark;
    use super::*;

    #[test]
    fn the_words_carry_sign_unit_and_interval() {
        let metric = MetricDifference {
            name: "downtime".to_owned(),
            unit: "s".to_owned(),
            mean: -12.0,
            interval: Some(Interval { low: -15.0, high: 0.5 }),
            better: Better::Lower,
            weight: DifferenceWeight::Counts,
            wins: Some((150, 40, 200)),
        };
        let (upper, lower) = metric.words();
        assert_eq!(upper, "−12 [−15 to +0.5] s");
        assert_eq!(lower, "better in: first 150, second 40 of 200 runs");
        let interval = Some(Interval { low: 0.0118, high: 0.0129 });
        let little = MetricDifference { weight: DifferenceWeight::Little, ..metric.clone() };
        assert_eq!(little.words().1, "practically the same");
        let shares = MetricDifference { unit: "points".to_owned(), mean: 0.0124, interval, ..metric };
        assert_eq!(shares.words().0, "+0.0124 [+0.0118 to +0.0129] points");
        let interval = Some(Interval { low: -327.0, high: -293.0 });
        let across_units = MetricDifference { unit: "s".to_owned(), mean: -310.0, interval, ..shares.clone() };
        assert_eq!(across_units.words().0, "−5.17 [−5.45 to −4.88] min");
        let same = MetricDifference { mean: 0.0, wins: Some((0, 0, 200)), ..shares.clone() };
        assert_eq!(same.words().1, "the same in every run");
        let latency = MetricDifference { unit: "ms".to_owned(), mean: -2095.0, interval: None, ..shares };
        assert_eq!(latency.words().0, "−2.1 s");
    }

    #[test]
    fn only_what_counts_has_the_colour_of_a_design() {
        let coloured = |weight: DifferenceWeight| {
            let mut chart = super::super::samples::differences();
            chart.metrics.truncate(1);
            let without = PairedDifferences { metrics: Vec::new(), ..chart.clone() };
            chart.metrics[0].weight = weight;
            let inked = |chart: &PairedDifferences| {
                let ink = palette::design(0).ink;
                let is_inked = |mark: &&Mark| matches!(mark, Mark::Line { ink: of, .. } | Mark::Disc { ink: of, .. } if *of == ink);
                chart.sheet().marks.iter().filter(is_inked).count()
            };
            inked(&chart) - inked(&without)
        };
        assert!(coloured(DifferenceWeight::Counts) > 0);
        assert_eq!((coloured(DifferenceWeight::Little), coloured(DifferenceWeight::Unclear)), (0, 0));
    }
}
