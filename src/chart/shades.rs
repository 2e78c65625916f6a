//! Shades of maps: how much of something, from light to dark.

use super::frame::{MARGIN, NOTE, WIDTH};
use super::ink::Ink;
use super::lettering::{Align, Lettering, text_width};
use super::palette;
use super::sheet::{Sheet, Stroke};

/// Light to dark, by even steps of lightness (after viridis, turned): more is darker, in grey too.
const SHADES: [u32; 7] = [0xFDE725, 0xA0DA39, 0x4AC16D, 0x1FA187, 0x277F8E, 0x365C8D, 0x46327E];

/// Slices of the legend, and the width of each.
const LEGEND: (usize, f64) = (48, 4.0);

/// The colour of a value between the least and the greatest.
pub(super) fn shade(value: f64, low: f64, high: f64) -> Ink {
    let share = if high > low { ((value - low) / (high - low)).clamp(0.0, 1.0) } else { 0.0 };
    let place = share * (SHADES.len() - 1) as f64;
    let before = (place as usize).min(SHADES.len() - 2);
    Ink::hex(SHADES[before]).towards(Ink::hex(SHADES[before + 1]), place - before as f64)
}

/// Draws the shades from the least mean to the greatest, which are `ends` in words; gives the first free pixel below.
pub(super) fn legend(sheet: &mut Sheet, top: f64, ends: &[String; 2]) -> f64 {
    let middle = top + 8.0;
    sheet.text((MARGIN, middle), &ends[0], NOTE);
    let from = MARGIN + text_width(&ends[0], NOTE) + 8.0;
    let mut left = from;
    for slice in 0..LEGEND.0 {
        let ink = shade(slice as f64, 0.0, (LEGEND.0 - 1) as f64);
        sheet.block((left, top), (left + LEGEND.1, top + 16.0), ink);
        left += LEGEND.1;
    }
    let outline = vec![(from, top), (left, top), (left, top + 16.0), (from, top + 16.0), (from, top)];
    sheet.line(outline, Stroke::solid(palette::AXIS, 0.75));
    sheet.text((left + 8.0, middle), &ends[1], NOTE);
    let used = left + 8.0 + text_width(&ends[1], NOTE) + 16.0;
    let words = "mean over runs; one scale for all designs";
    let small = Lettering::new(11.0, palette::FAINT_TEXT).aligned(Align::Right);
    sheet.text_within((WIDTH - MARGIN, middle), words, small, WIDTH - MARGIN - used);
    top + 20.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_value_is_the_darkest() {
        assert_eq!(shade(1.0, 1.0, 5.0), Ink::hex(SHADES[0]));
        assert_eq!(shade(5.0, 1.0, 5.0), Ink::hex(SHADES[6]));
        assert_eq!(shade(3.0, 3.0, 3.0), Ink::hex(SHADES[0]));
        assert_eq!(shade(3.0, 1.0, 5.0), Ink::hex(SHADES[3]));
    }

    #[test]
    fn near_values_have_near_shades_and_not_the_same() {
        assert_ne!(shade(3.0, 1.0, 5.0), shade(3.1, 1.0, 5.0));
    }
}
