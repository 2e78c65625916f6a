//! Chart: how many acknowledged writes a run loses.
//!
//! Most runs of a good design lose none, which a distribution function would squeeze onto its edge. So each design has
//! one row: a bar for the share of runs that lost none, a dot for each of the others, and the numbers in words.

use super::frame::{self, MARGIN, NAME, NOTE, Plot, WIDTH};
use super::ink::Ink;
use super::lettering::{Align, Lettering, text_width};
use super::scale::{Scale, extent, round_down, round_up};
use super::sheet::{Sheet, Stroke};
use super::ticks::{self, Tick};
use super::{numbers, palette};

/// Acknowledged writes lost per run, per design.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WritesLost {
    /// Below the title; may be empty.
    pub subtitle: String,
    /// The designs, in the order of the scenario.
    pub designs: Vec<DesignWrites>,
}

/// One design's lost writes.
#[derive(Clone, Debug, PartialEq)]
pub struct DesignWrites {
    /// Name of the design.
    pub name: String,
    /// Its place in the scenario file, which gives it its look.
    pub place: usize,
    /// Acknowledged writes lost in each run, in any order.
    pub lost: Vec<u64>,
}

/// Height of one design's row, and of the pile of dots in it.
const ROW: (f64, f64) = (74.0, 44.0);
/// Width of the place for zero, and from its beginning to the first dot.
const ZERO: (f64, f64) = (40.0, 76.0);
/// Width of a pile of dots.
const PILE: f64 = 7.0;

impl WritesLost {
    /// Draws the chart.
    pub fn sheet(&self) -> Sheet {
        let (mut sheet, top) = frame::headed("How many acknowledged writes does a run lose?", &self.subtitle);
        let bottom = top + ROW.0 * self.designs.len().max(1) as f64;
        let plot = Plot { left: MARGIN + 10.0, right: WIDTH - 36.0, top, bottom };
        let losses = self.designs.iter().flat_map(|design| design.lost.iter().filter(|lost| **lost > 0));
        let (least, greatest) = extent(losses.map(|lost| *lost as f64)).unwrap_or((1.0, 10.0));
        let (low, high) = (round_down(least), round_up(greatest * 1.001));
        let x = Scale::logarithmic((low, high), (plot.left + ZERO.1, plot.right));
        let ticks = ticks::logarithmic_counts(low, high, 10);
        let dots = Plot { left: plot.left + ZERO.1 - 12.0, ..plot };
        frame::horizontal_axis(
            &mut sheet,
            dots,
            &x,
            &ticks,
            "acknowledged writes lost in a run (logarithmic; one dot per run)",
        );
        let zero = Scale::linear((0.0, 1.0), (plot.left + ZERO.0 / 2.0, plot.left + ZERO.0));
        let none = Tick { value: 0.0, label: "0".to_owned() };
        frame::horizontal_axis(&mut sheet, Plot { right: plot.left + ZERO.0, ..plot }, &zero, &[none], "");
        for (index, design) in self.designs.iter().enumerate() {
            draw_row(&mut sheet, design, top + ROW.0 * index as f64, (plot, &x));
        }
        if self.designs.is_empty() {
            frame::nothing(&mut sheet, dots, "no designs");
        } else if self.designs.iter().all(|design| design.lost.iter().all(|lost| *lost == 0)) {
            frame::nothing(&mut sheet, Plot { bottom: top + ROW.0, ..dots }, "no design loses a write in any run");
        }
        let note = "bar at 0: share of the runs that lost none (outline: all runs)";
        let small = Lettering::new(11.0, palette::FAINT_TEXT).aligned(Align::Right);
        sheet.text((WIDTH - MARGIN, bottom + 54.0), note, small);
        sheet.set_height(bottom + 68.0);
        sheet
    }
}

fn draw_row(sheet: &mut Sheet, design: &DesignWrites, top: f64, (plot, x): (Plot, &Scale)) {
    let look = palette::design(design.place);
    let base = top + ROW.0 - 6.0;
    let summary = summary(&design.lost);
    let room = plot.right - plot.left - 18.0 - text_width(&summary, NOTE) - 24.0;
    let paper = Ink::hex(0xFFFFFF);
    sheet.block((plot.left, top), (plot.right + 4.0, top + 22.0), paper);
    palette::marked(sheet, (plot.left + 5.0, top + 13.0), look.marker, look.ink);
    sheet.text_within((plot.left + 18.0, top + 13.0), &design.name, NAME.in_bold(), room);
    sheet.text((plot.right, top + 13.0), &summary, NOTE.aligned(Align::Right));
    let none = design.lost.iter().filter(|lost| **lost == 0).count();
    let height = ROW.1 * none as f64 / design.lost.len().max(1) as f64;
    let (left, right) = (plot.left + 6.0, plot.left + ZERO.0 - 6.0);
    if none > 0 {
        sheet.block((left, base - height.max(1.0)), (right, base), look.ink);
    }
    let outline = vec![(left, base), (left, base - ROW.1), (right, base - ROW.1), (right, base), (left, base)];
    sheet.line(outline, Stroke::solid(palette::AXIS, 1.0));
    sheet.line(vec![(plot.left + ZERO.1 - 12.0, base), (plot.right, base)], Stroke::solid(palette::GRID_LINE, 1.0));
    draw_piles(sheet, &design.lost, look.ink, base, x);
}

/// One dot per run above the place of its value, closer together where a pile would be too high.
fn draw_piles(sheet: &mut Sheet, lost: &[u64], ink: Ink, base: f64, x: &Scale) {
    let columns = ((x.pixels.1 - x.pixels.0) / PILE).ceil() as usize + 1;
    let mut piles = vec![0_usize; columns];
    for lost in lost.iter().filter(|lost| **lost > 0) {
        piles[((x.at(*lost as f64) - x.pixels.0) / PILE).round() as usize] += 1;
    }
    for (column, runs) in piles.into_iter().enumerate().filter(|(_, runs)| *runs > 0) {
        let shown = runs.min(100);
        let step = ((ROW.1 - 6.0) / shown as f64).min(6.0);
        for level in 0..shown {
            let centre = (x.pixels.0 + column as f64 * PILE, base - 3.0 - step * level as f64);
            sheet.disc(centre, 2.75, ink.with_opacity(if step < 4.0 { 1.0 } else { 0.85 }));
        }
    }
}

fn summary(lost: &[u64]) -> String {
    let none = lost.iter().filter(|lost| **lost == 0).count();
    let worst = lost.iter().max().copied().unwrap_or(0);
    match (lost.len(), worst) {
        (0, _) => "no runs".to_owned(),
        (1, 0) => "none in the only run".to_owned(),
        (1, worst) => format!("{} in the only run", numbers::count(worst as usize)),
        (runs, 0) => format!("none in {0} of {0} runs", numbers::count(runs)),
        (runs, worst) => format!(
            "none in {} of {} runs; most: {}",
            numbers::count(none),
            numbers::count(runs),
            numbers::count(worst as usize)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_say_in_how_many_runs_nothing_was_lost() {
        assert_eq!(summary(&[0, 0, 0]), "none in 3 of 3 runs");
        assert_eq!(summary(&[0, 12_345, 3]), "none in 1 of 3 runs; most: 12,345");
        assert_eq!((summary(&[]), summary(&[0])), ("no runs".to_owned(), "none in the only run".to_owned()));
    }
}
