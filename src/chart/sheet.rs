//! A drawing as a list of marks, in pixels of the page, before any file format.
//!
//! Charts put marks on a [`Sheet`]; `output` plays them on a plotters backend. A chart can therefore be tested without
//! decoding an image, and the SVG and the PNG cannot differ in more than their edges. Dashes are cut here, since
//! plotters has none for both formats.

use super::ink::Ink;
#[cfg(test)]
use super::lettering::{Align, text_width};
use super::lettering::{Lettering, fit, printable};

/// A place on the sheet, in pixels from the left and from the top.
pub(super) type Point = (f64, f64);

/// Colour, width and dashes of a line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stroke {
    /// Colour.
    pub(super) ink: Ink,
    /// Width in pixels.
    pub(super) width: f64,
    /// Lengths of dash, gap, dash, gap and so on, in pixels; empty for a solid line.
    pub(super) dash: &'static [f64],
}

impl Stroke {
    /// A solid line.
    pub(super) const fn solid(ink: Ink, width: f64) -> Stroke {
        Stroke { ink, width, dash: &[] }
    }
}

/// One thing drawn.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    /// A solid line through points.
    Line { points: Vec<Point>, ink: Ink, width: f64 },
    /// A filled polygon.
    Area { points: Vec<Point>, ink: Ink },
    /// A filled rectangle.
    Block { from: Point, to: Point, ink: Ink },
    /// A filled disc.
    Disc { centre: Point, radius: f64, ink: Ink },
    /// One line of text; `at` is its anchor, half the height of a capital above the base line.
    Text { at: Point, text: String, lettering: Lettering },
}

/// A drawing of one chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Sheet {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) title: String,
    pub(super) marks: Vec<Mark>,
}

impl Sheet {
    /// An empty sheet; its height grows with [`Sheet::set_height`].
    pub(super) fn new(width: f64, title: &str) -> Sheet {
        Sheet { width, height: 0.0, title: printable(title), marks: Vec::new() }
    }

    /// Fixes the height, once it is known.
    pub(super) fn set_height(&mut self, height: f64) {
        self.height = height.ceil();
    }

    /// Draws a line through `points`; fewer than two draw nothing.
    pub(super) fn line(&mut self, points: Vec<Point>, stroke: Stroke) {
        let lines = if stroke.dash.is_empty() { vec![points] } else { dashes(&points, stroke.dash) };
        for points in lines.into_iter().filter(|points| points.len() > 1) {
            self.marks.push(Mark::Line { points, ink: stroke.ink, width: stroke.width });
        }
    }

    /// Fills a polygon; fewer than three points draw nothing.
    pub(super) fn area(&mut self, points: Vec<Point>, ink: Ink) {
        if points.len() > 2 {
            self.marks.push(Mark::Area { points, ink });
        }
    }

    /// Fills the rectangle between two corners, upper left first.
    pub(super) fn block(&mut self, from: Point, to: Point, ink: Ink) {
        self.marks.push(Mark::Block { from, to, ink });
    }

    /// Fills a disc.
    pub(super) fn disc(&mut self, centre: Point, radius: f64, ink: Ink) {
        self.marks.push(Mark::Disc { centre, radius, ink });
    }

    /// Writes one line of text, as it is.
    pub(super) fn text(&mut self, at: Point, text: &str, lettering: Lettering) {
        let text = printable(text);
        if !text.is_empty() {
            self.marks.push(Mark::Text { at, text, lettering });
        }
    }

    /// Writes one line of text, cut to `width` pixels with an ellipsis.
    pub(super) fn text_within(&mut self, at: Point, text: &str, lettering: Lettering, width: f64) {
        self.text(at, &fit(text, lettering, width), lettering);
    }
}

impl Mark {
    /// The corners of the box that holds the mark, upper left first.
    #[cfg(test)]
    pub(super) fn bounds(&self) -> (Point, Point) {
        let around = |points: &[Point]| {
            points.iter().fold(((f64::MAX, f64::MAX), (f64::MIN, f64::MIN)), |(low, high), point| {
                ((low.0.min(point.0), low.1.min(point.1)), (high.0.max(point.0), high.1.max(point.1)))
            })
        };
        match self {
            Mark::Line { points, .. } | Mark::Area { points, .. } => around(points),
            Mark::Block { from, to, .. } => around(&[*from, *to]),
            Mark::Disc { centre, radius, .. } => {
                ((centre.0 - radius, centre.1 - radius), (centre.0 + radius, centre.1 + radius))
            }
            Mark::Text { at, text, lettering } => text_bounds(*at, text, *lettering),
        }
    }
}

/// The box of a text.
#[cfg(test)]
fn text_bounds(at: Point, text: &str, lettering: Lettering) -> (Point, Point) {
    let (width, half_height) = (text_width(text, lettering), 0.5 * lettering.size);
    if lettering.upward {
        return ((at.0 - half_height, at.1 - width / 2.0), (at.0 + half_height, at.1 + width / 2.0));
    }
    let left = match lettering.align {
        Align::Left => at.0,
        Align::Centre => at.0 - width / 2.0,
        Align::Right => at.0 - width,
    };
    ((left, at.1 - half_height), (left + width, at.1 + half_height))
}

/// Cuts a line into dashes; `pattern` is dash, gap, dash, gap and so on.
fn dashes(points: &[Point], pattern: &[f64]) -> Vec<Vec<Point>> {
    let Some(&start) = points.first() else { return Vec::new() };
    let mut lines = Vec::new();
    let mut current = vec![start];
    let (mut part, mut left) = (0, pattern[0]);
    for pair in points.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        loop {
            let (dx, dy) = (to.0 - from.0, to.1 - from.1);
            let length = (dx * dx + dy * dy).sqrt();
            if length <= left {
                left -= length;
                if part % 2 == 0 {
                    current.push(to);
                }
                break;
            }
            let share = left / length;
            from = (from.0 + share * dx, from.1 + share * dy);
            if part % 2 == 0 {
                current.push(from);
                lines.push(std::mem::take(&mut current));
            } else {
                current = vec![from];
            }
            part = (part + 1) % pattern.len();
            left = pattern[part];
        }
    }
    lines.push(current);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_and_gaps_alternate_along_the_line_and_around_corners() {
        let lines = dashes(&[(0.0, 0.0), (5.0, 0.0), (5.0, 5.0)], &[3.0, 1.0]);
        assert_eq!(
            lines,
            vec![vec![(0.0, 0.0), (3.0, 0.0)], vec![(4.0, 0.0), (5.0, 0.0), (5.0, 2.0)], vec![(5.0, 3.0), (5.0, 5.0)]]
        );
    }

    #[test]
    fn a_line_without_length_has_one_empty_dash() {
        assert_eq!(dashes(&[], &[3.0, 1.0]), Vec::<Vec<Point>>::new());
        assert_eq!(dashes(&[(1.0, 1.0)], &[3.0, 1.0]), vec![vec![(1.0, 1.0)]]);
    }

    #[test]
    fn white_text_goes_on_dark_colours_only() {
        assert!(Ink::hex(0x332288).is_dark());
        assert!(!Ink::hex(0xDDCC77).is_dark());
    }
}
