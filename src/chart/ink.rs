//! Says what colours are drawn in.

/// A colour with an opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Ink {
    /// Red, green and blue.
    pub(super) rgb: (u8, u8, u8),
    /// From 0 (invisible) to 1.
    pub(super) opacity: f64,
}

impl Ink {
    /// An opaque colour, as `0xRRGGBB`.
    pub(super) const fn hex(code: u32) -> Ink {
        Ink { rgb: ((code >> 16) as u8, (code >> 8) as u8, code as u8), opacity: 1.0 }
    }

    /// The same colour with another opacity.
    pub(super) const fn with_opacity(self, opacity: f64) -> Ink {
        Ink { rgb: self.rgb, opacity }
    }

    /// The colour as `#RRGGBB`, without its opacity.
    pub(super) fn code(self) -> String {
        let (red, green, blue) = self.rgb;
        format!("#{red:02X}{green:02X}{blue:02X}")
    }

    /// A colour between this one and `other`, as far from this one as `share` of the way.
    pub(super) fn towards(self, other: Ink, share: f64) -> Ink {
        let between = |one: u8, other: u8| (f64::from(one) + share * (f64::from(other) - f64::from(one))).round() as u8;
        let ((red, green, blue), (to_red, to_green, to_blue)) = (self.rgb, other.rgb);
        Ink { rgb: (between(red, to_red), between(green, to_green), between(blue, to_blue)), opacity: self.opacity }
    }

    /// Tells if white text reads better on it than black.
    pub(super) fn is_dark(self) -> bool {
        let (red, green, blue) = self.rgb;
        299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue) < 115_000
    }
}
