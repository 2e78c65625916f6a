//! From values to pixels.

use crate::maths;

/// Places values along one direction of the page; what lies outside is drawn at the edge, and so is what is no number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    kind: Kind,
    /// Least and greatest value.
    pub(super) range: (f64, f64),
    /// Their pixels.
    pub(super) pixels: (f64, f64),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Linear,
    Logarithmic,
    /// Logarithmic, with the first so many pixels kept for values below the range.
    LogarithmicWithZero(f64),
}

impl Scale {
    /// Equal steps for equal differences.
    pub(super) fn linear(range: (f64, f64), pixels: (f64, f64)) -> Scale {
        Scale { kind: Kind::Linear, range, pixels }
    }

    /// Equal steps for equal ratios; the range is above zero.
    pub(super) fn logarithmic(range: (f64, f64), pixels: (f64, f64)) -> Scale {
        Scale { kind: Kind::Logarithmic, range, pixels }
    }

    /// Equal steps for equal ratios, and a place for zero `gap` pixels before them.
    pub(super) fn logarithmic_with_zero(range: (f64, f64), pixels: (f64, f64), gap: f64) -> Scale {
        Scale { kind: Kind::LogarithmicWithZero(gap), range, pixels }
    }

    /// The pixel of a value.
    pub(super) fn at(&self, value: f64) -> f64 {
        let (low, high) = self.range;
        let (mut from, to) = self.pixels;
        if let Kind::LogarithmicWithZero(gap) = self.kind {
            if !value.is_finite() || value <= 0.0 {
                return from;
            }
            from += gap;
        }
        if value.is_nan() || value <= low || high <= low {
            return from;
        }
        if value >= high {
            return to;
        }
        let share = match self.kind {
            Kind::Linear => (value - low) / (high - low),
            Kind::Logarithmic | Kind::LogarithmicWithZero(_) => {
                (maths::ln(value) - maths::ln(low)) / (maths::ln(high) - maths::ln(low))
            }
        };
        from + share * (to - from)
    }
}

/// Least and greatest finite value.
pub(super) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values.into_iter().filter(|value| value.is_finite()).fold(None, |extent, value| match extent {
        None => Some((value, value)),
        Some((low, high)) => Some((value.min(low), value.max(high))),
    })
}

/// The smallest 1, 2 or 5 times a power of ten that is not below `value`, from 1e-9 to 1e18.
pub(super) fn round_up(value: f64) -> f64 {
    round_steps().find(|step| *step >= value).unwrap_or(1e18)
}

/// The largest 1, 2 or 5 times a power of ten that is not above `value`, from 1e-9 to 1e18.
pub(super) fn round_down(value: f64) -> f64 {
    round_steps().take_while(|step| *step <= value).last().unwrap_or(1e-9)
}

fn round_steps() -> impl Iterator<Item = f64> {
    use super::numbers::power_of_ten;
    let small = (1..=9).rev().flat_map(|exponent| [1.0, 2.0, 5.0].map(|m| m / power_of_ten(exponent)));
    let large = (0..=18).flat_map(|exponent| [1.0, 2.0, 5.0].map(|m| m * power_of_ten(exponent)));
    small.chain(large)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_range_are_the_ends_of_the_page() {
        for scale in [Scale::linear((1.0, 100.0), (10.0, 20.0)), Scale::logarithmic((1.0, 100.0), (10.0, 20.0))] {
            assert_eq!((scale.at(1.0), scale.at(100.0)), (10.0, 20.0));
            assert_eq!((scale.at(-5.0), scale.at(f64::INFINITY), scale.at(f64::NAN)), (10.0, 20.0, 10.0));
        }
        assert_eq!(Scale::logarithmic((1.0, 100.0), (10.0, 20.0)).at(10.0), 15.0);
    }

    #[test]
    fn zero_has_its_own_place_on_a_logarithmic_scale() {
        let scale = Scale::logarithmic_with_zero((1.0, 100.0), (0.0, 120.0), 20.0);
        assert_eq!((scale.at(0.0), scale.at(1.0), scale.at(10.0), scale.at(100.0)), (0.0, 20.0, 70.0, 120.0));
    }

    #[test]
    fn an_empty_range_puts_everything_at_its_beginning() {
        assert_eq!(Scale::linear((3.0, 3.0), (10.0, 20.0)).at(3.0), 10.0);
    }

    #[test]
    fn rounding_finds_the_neighbouring_round_numbers() {
        assert_eq!((round_up(3.0), round_up(5.0), round_up(0.07), round_up(0.0)), (5.0, 5.0, 0.1, 1e-9));
        assert_eq!((round_down(3.0), round_down(5.0), round_down(0.07)), (2.0, 5.0, 0.05));
    }

    #[test]
    fn the_extent_leaves_out_what_is_no_number() {
        assert_eq!(extent([3.0, f64::NAN, -1.0, f64::INFINITY]), Some((-1.0, 3.0)));
        assert_eq!(extent([]), None);
    }
}
