//! A median line with the band between two quantiles, over the bins of a run.

use super::Band;
use super::scale::Scale;
use super::sheet::{Point, Sheet, Stroke};

/// Most points of one line: about one per pixel.
const MOST_POINTS: usize = 800;

/// Choice of the bin to draw where there are more bins than pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Merge {
    /// The lowest value of each quantile, and the highest of the upper one: no dip is lost.
    Lowest,
    /// The means.
    Mean,
}

/// Draws a band and its median; a bin without a value interrupts both.
pub(super) fn draw(
    sheet: &mut Sheet,
    bins: &[Option<Band>],
    bin_s: f64,
    merge: Merge,
    axes: (&Scale, &Scale),
    stroke: Stroke,
) {
    let (x, y) = axes;
    let size = bins.len().div_ceil(MOST_POINTS).max(1);
    let merged: Vec<Option<(f64, Band)>> = bins
        .chunks(size)
        .enumerate()
        .map(|(index, chunk)| {
            let middle = (index * size) as f64 + chunk.len() as f64 / 2.0;
            merged(chunk, merge).map(|band| (x.at(middle * bin_s), band))
        })
        .collect();
    for stretch in merged.split(Option::is_none) {
        let stretch: Vec<(f64, Band)> = stretch.iter().copied().flatten().collect();
        draw_stretch(sheet, &stretch, y, stroke);
    }
}

fn draw_stretch(sheet: &mut Sheet, stretch: &[(f64, Band)], y: &Scale, stroke: Stroke) {
    let upper = stretch.iter().map(|(at, band)| (*at, y.at(band.high)));
    let lower = stretch.iter().rev().map(|(at, band)| (*at, y.at(band.low)));
    if stretch.iter().any(|(_, band)| y.at(band.high) != y.at(band.low)) {
        sheet.area(upper.chain(lower).collect(), stroke.ink.with_opacity(0.2));
    }
    let median: Vec<Point> = stretch.iter().map(|(at, band)| (*at, y.at(band.median))).collect();
    if let [only] = median[..] {
        sheet.disc(only, 2.5, stroke.ink);
    }
    sheet.line(median, stroke);
}

fn merged(chunk: &[Option<Band>], merge: Merge) -> Option<Band> {
    let finite = |band: &&Band| band.low.is_finite() && band.median.is_finite() && band.high.is_finite();
    let bands: Vec<Band> = chunk.iter().flatten().filter(finite).copied().collect();
    let first = *bands.first()?;
    Some(match merge {
        Merge::Lowest => bands.iter().fold(first, |all, band| Band {
            low: all.low.min(band.low),
            median: all.median.min(band.median),
            high: all.high.max(band.high),
        }),
        Merge::Mean => {
            let mean = |of: fn(&Band) -> f64| bands.iter().map(of).sum::<f64>() / bands.len() as f64;
            Band { low: mean(|band| band.low), median: mean(|band| band.median), high: mean(|band| band.high) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const HIGH: Band = Band { low: 0.8, median: 0.9, high: 1.0 };
    const DIP: Band = Band { low: 0.0, median: 0.1, high: 0.2 };

    #[test]
    fn merging_keeps_the_dip_or_the_mean() {
        let chunk = [Some(HIGH), None, Some(DIP)];
        assert_eq!(merged(&chunk, Merge::Lowest), Some(Band { low: 0.0, median: 0.1, high: 1.0 }));
        assert_eq!(merged(&chunk, Merge::Mean).unwrap().median, 0.5);
        assert_eq!(merged(&[None, None], Merge::Mean), None);
    }

    #[test]
    fn what_is_no_number_is_left_out() {
        assert_eq!(merged(&[Some(Band { median: f64::NAN, ..HIGH })], Merge::Lowest), None);
    }
}
