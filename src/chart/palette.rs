//! Colours, dashes and markers.
//!
//! A design has the same colour, dash and marker in every chart, by its place among the designs of the scenario file,
//! whichever are run. The colours are those of M. Okabe and K. Ito, "Color Universal Design" (2008); phases and regions
//! have others, from P. Tol, "Colour Schemes" (SRON/EPS/TN/09-002, "muted"), so that they are not taken for designs.
//! Both survive the common colour blindnesses; dashes, markers and hatching survive grey scale.

use super::ink::Ink;
use super::sheet::{Point, Sheet, Stroke};

/// Text and axes.
pub(super) const TEXT: Ink = Ink::hex(0x1F2430);
/// Text of less weight.
pub(super) const FAINT_TEXT: Ink = Ink::hex(0x5B6270);
/// Axis lines.
pub(super) const AXIS: Ink = Ink::hex(0x8A909C);
/// Grid lines.
pub(super) const GRID_LINE: Ink = Ink::hex(0xE3E6EB);
/// Incidents.
pub(super) const INCIDENT: Ink = Ink::hex(0x1F2430).with_opacity(0.09);
/// The warm-up.
pub(super) const WARM_UP: Ink = Ink::hex(0x0072B2).with_opacity(0.07);
/// Objectives.
pub(super) const OBJECTIVE: Ink = Ink::hex(0xB00020);

/// The look of one design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct DesignLook {
    /// Its colour.
    pub(super) ink: Ink,
    /// Its dash.
    pub(super) dash: &'static [f64],
    /// Its marker.
    pub(super) marker: Marker,
}

/// A small shape that marks a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    /// A disc.
    Disc,
    /// A square.
    Square,
    /// A triangle.
    Triangle,
    /// A square on its corner.
    Diamond,
    /// A triangle on its corner.
    TriangleDown,
    /// An upright cross.
    Plus,
}

const DESIGNS: [DesignLook; 6] = [
    DesignLook { ink: Ink::hex(0x0072B2), dash: &[], marker: Marker::Disc },
    DesignLook { ink: Ink::hex(0xD55E00), dash: &[9.0, 3.5], marker: Marker::Square },
    DesignLook { ink: Ink::hex(0x009E73), dash: &[3.0, 2.5], marker: Marker::Triangle },
    DesignLook { ink: Ink::hex(0xCC79A7), dash: &[10.0, 3.0, 2.5, 3.0], marker: Marker::Diamond },
    DesignLook { ink: Ink::hex(0xE69F00), dash: &[16.0, 4.0], marker: Marker::TriangleDown },
    DesignLook { ink: Ink::hex(0x56B4E9), dash: &[9.0, 2.5, 2.5, 2.5, 2.5, 2.5], marker: Marker::Plus },
];

/// The look of the design at `place` of the scenario file; after six they repeat.
pub(super) fn design(place: usize) -> DesignLook {
    DESIGNS[place % DESIGNS.len()]
}

impl DesignLook {
    /// Its line.
    pub(super) fn stroke(self) -> Stroke {
        Stroke { ink: self.ink, width: 2.0, dash: self.dash }
    }
}

/// The line of the region at `index`.
pub(super) fn region(index: usize) -> Stroke {
    const REGIONS: [Stroke; 4] = [
        Stroke { ink: Ink::hex(0x332288), width: 2.0, dash: &[] },
        Stroke { ink: Ink::hex(0xBB4455), width: 2.0, dash: &[9.0, 3.5] },
        Stroke { ink: Ink::hex(0x117733), width: 2.0, dash: &[3.0, 2.5] },
        Stroke { ink: Ink::hex(0x999933), width: 2.0, dash: &[10.0, 3.0, 2.5, 3.0] },
    ];
    REGIONS[index % REGIONS.len()]
}

/// The fill of one category of a stacked bar.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fill {
    /// Its colour.
    pub(super) ink: Ink,
    /// The colour of its hatching, if any.
    pub(super) hatch: Option<Ink>,
}

/// Light and dark alternate, so that neighbours differ in grey scale too.
const CATEGORIES: [Fill; 16] = [
    Fill { ink: Ink::hex(0x222222), hatch: None },
    Fill { ink: Ink::hex(0xBBCCEE), hatch: None },
    Fill { ink: Ink::hex(0x332288), hatch: None },
    Fill { ink: Ink::hex(0xDDCC77), hatch: None },
    Fill { ink: Ink::hex(0x117733), hatch: None },
    Fill { ink: Ink::hex(0x88CCEE), hatch: None },
    Fill { ink: Ink::hex(0x882255), hatch: None },
    Fill { ink: Ink::hex(0x44AA99), hatch: None },
    Fill { ink: Ink::hex(0x666666), hatch: None },
    Fill { ink: Ink::hex(0xCC6677), hatch: Some(Ink::hex(0xFFFFFF)) },
    Fill { ink: Ink::hex(0xAA4499), hatch: None },
    Fill { ink: Ink::hex(0xEE8866), hatch: None },
    Fill { ink: Ink::hex(0x225555), hatch: None },
    Fill { ink: Ink::hex(0x999933), hatch: Some(Ink::hex(0xFFFFFF)) },
    Fill { ink: Ink::hex(0x88CCEE), hatch: Some(Ink::hex(0x332288)) },
    Fill { ink: Ink::hex(0xDDDDDD), hatch: Some(Ink::hex(0x777777)) },
];

/// The fill of the category at `index`; after sixteen they repeat.
pub(super) fn category(index: usize) -> Fill {
    CATEGORIES[index % CATEGORIES.len()]
}

/// Fills a rectangle, upper left corner first, with its hatching.
pub(super) fn filled(sheet: &mut Sheet, from: Point, to: Point, fill: Fill) {
    sheet.block(from, to, fill.ink);
    let Some(ink) = fill.hatch else { return };
    let (width, height) = (to.0 - from.0, to.1 - from.1);
    let mut start = -height + 3.0;
    while start < width {
        let (left, right) = (start.max(0.0), (start + height).min(width));
        let points = vec![(from.0 + left, to.1 - (left - start)), (from.0 + right, to.1 - (right - start))];
        sheet.line(points, Stroke::solid(ink, 1.0));
        start += 6.0;
    }
}

/// Draws a marker of about nine pixels with a white edge.
pub(super) fn marked(sheet: &mut Sheet, centre: Point, marker: Marker, ink: Ink) {
    let white = Ink::hex(0xFFFFFF);
    shape(sheet, centre, marker, 5.2, white);
    shape(sheet, centre, marker, 4.0, ink);
}

fn shape(sheet: &mut Sheet, (x, y): Point, marker: Marker, size: f64, ink: Ink) {
    let square = 0.9 * size;
    match marker {
        Marker::Disc => sheet.disc((x, y), size, ink),
        Marker::Square => sheet.block((x - square, y - square), (x + square, y + square), ink),
        Marker::Triangle => {
            sheet.area(
                vec![(x, y - 1.2 * size), (x + 1.15 * size, y + 0.9 * size), (x - 1.15 * size, y + 0.9 * size)],
                ink,
            );
        }
        Marker::TriangleDown => {
            sheet.area(
                vec![(x, y + 1.2 * size), (x + 1.15 * size, y - 0.9 * size), (x - 1.15 * size, y - 0.9 * size)],
                ink,
            );
        }
        Marker::Diamond => {
            let half = 1.25 * size;
            sheet.area(vec![(x, y - half), (x + half, y), (x, y + half), (x - half, y)], ink);
        }
        Marker::Plus => {
            let (long, thin) = (1.15 * size, 0.4 * size);
            sheet.block((x - long, y - thin), (x + long, y + thin), ink);
            sheet.block((x - thin, y - long), (x + thin, y + long), ink);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_designs_differ_in_colour_dash_and_marker() {
        for one in 0..6 {
            for other in 0..one {
                let (a, b) = (design(one), design(other));
                assert!(a.ink != b.ink && a.dash != b.dash && a.marker != b.marker, "designs {one} and {other}");
            }
        }
    }

    #[test]
    fn sixteen_categories_have_sixteen_fills() {
        for one in 0..16 {
            assert!((0..one).all(|other| category(one) != category(other)), "category {one}");
        }
    }
}
