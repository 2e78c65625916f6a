//! Text: the font that the crate carries, how wide a text is in it, and how to cut one that is too long.
//!
//! SVG files name the font and a generic fallback; the glyphs are in the PNG only. Characters that the carried subset
//! (Latin, Greek, Cyrillic, punctuation) lacks show as boxes in the PNG, and as what the viewer has in the SVG.

use std::sync::OnceLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use super::ink::Ink;

/// The font and its fallback, as an SVG `font-family`; plotters knows the carried font by the same name.
pub(super) const FAMILY: &str = "DejaVu Sans, sans-serif";

/// Height from descender to ascender of the carried font, in em: `ab_glyph` takes sizes in this unit.
pub(super) const LINE_EM: f64 = 1.164;

static REGULAR: &[u8] = include_bytes!("../../assets/fonts/DejaVuSans.ttf");
static BOLD: &[u8] = include_bytes!("../../assets/fonts/DejaVuSans-Bold.ttf");

/// Side of a text on which its anchor is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    /// The text begins at the anchor.
    Left,
    /// The anchor is in the middle.
    Centre,
    /// The text ends at the anchor.
    Right,
}

/// Size, weight, colour and direction of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Lettering {
    /// Size in pixels per em.
    pub(super) size: f64,
    /// Colour.
    pub(super) ink: Ink,
    /// Side of the anchor.
    pub(super) align: Align,
    /// Bold letters.
    pub(super) bold: bool,
    /// Upward instead of to the right; such a text is centred.
    pub(super) upward: bool,
}

impl Lettering {
    /// Text that begins at its anchor.
    pub(super) const fn new(size: f64, ink: Ink) -> Lettering {
        Lettering { size, ink, align: Align::Left, bold: false, upward: false }
    }

    /// The same with the anchor elsewhere.
    pub(super) const fn aligned(self, align: Align) -> Lettering {
        Lettering { align, ..self }
    }

    /// The same in bold.
    pub(super) const fn in_bold(self) -> Lettering {
        Lettering { bold: true, ..self }
    }

    /// The same running upward.
    pub(super) const fn running_upward(self) -> Lettering {
        Lettering { upward: true, align: Align::Centre, ..self }
    }
}

/// The carried font at `size` in the unit of `ab_glyph`.
pub(super) fn font(size: f64, bold: bool) -> FontDesc<'static> {
    static REGISTERED: OnceLock<()> = OnceLock::new();
    REGISTERED.get_or_init(|| {
        let regular = register_font(FAMILY, FontStyle::Normal, REGULAR);
        let bold = register_font(FAMILY, FontStyle::Bold, BOLD);
        assert!(regular.is_ok() && bold.is_ok(), "the fonts that the crate carries are valid");
    });
    FontDesc::new(FontFamily::Name(FAMILY), size, if bold { FontStyle::Bold } else { FontStyle::Normal })
}

/// Width of a text in pixels.
pub(super) fn text_width(text: &str, lettering: Lettering) -> f64 {
    const MEASURED_AT: f64 = 200.0;
    let ((left, _), (right, _)) = font(MEASURED_AT * LINE_EM, lettering.bold)
        .layout_box(text)
        .expect("the fonts that the crate carries are registered");
    f64::from(right - left) * lettering.size / MEASURED_AT
}

/// The text, or as much of its beginning as fits into `width` pixels together with an ellipsis.
pub(super) fn fit(text: &str, lettering: Lettering, width: f64) -> String {
    let mut kept = printable(text);
    if text_width(&kept, lettering) <= width {
        return kept;
    }
    while kept.pop().is_some() {
        let cut = format!("{}…", kept.trim_end());
        if text_width(&cut, lettering) <= width {
            return cut;
        }
    }
    String::new()
}

/// The text without control characters, which XML forbids.
pub(super) fn printable(text: &str) -> String {
    let spaced: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(400).collect();
    spaced.trim().replace(['\u{FFFE}', '\u{FFFF}'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Lettering = Lettering::new(12.0, Ink::hex(0));

    #[test]
    fn a_text_that_fits_is_left_alone() {
        assert_eq!(fit("active/active", PLAIN, 200.0), "active/active");
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_to_the_width() {
        let cut = fit("active/passive with a warm standby and manual promotion", PLAIN, 100.0);
        assert!(cut.ends_with('…') && cut.starts_with("active"), "{cut}");
        assert!(text_width(&cut, PLAIN) <= 100.0);
        assert_eq!(fit("anything", PLAIN, 1.0), "");
    }

    #[test]
    fn bold_is_wider_and_size_scales_the_width() {
        assert!(text_width("downtime", PLAIN.in_bold()) > text_width("downtime", PLAIN));
        let twice = text_width("downtime", Lettering::new(24.0, Ink::hex(0)));
        assert_eq!(twice, 2.0 * text_width("downtime", PLAIN));
    }

    #[test]
    fn control_characters_become_spaces() {
        assert_eq!(printable(" a\tb\u{1}c\n"), "a b c");
    }
}
