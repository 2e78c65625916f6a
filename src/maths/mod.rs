//! Portable mathematics: every transcendental function that a result depends on, from the pure-Rust `libm` crate.
//!
//! The platform's `exp`, `ln`, `pow` and their kin differ in the last bit between C libraries and processors; these do
//! not. Addition, multiplication, division and the square root are exact by IEEE 754 and need no wrapper.

mod normal;

pub use normal::normal_quantile;

/// Natural logarithm.
#[inline]
pub fn ln(x: f64) -> f64 {
    libm::log(x)
}

/// Exponential function.
#[inline]
pub fn exp(x: f64) -> f64 {
    libm::exp(x)
}

/// Two to the power `x`: half as slow as [`exp`].
#[inline]
pub fn exp2(x: f64) -> f64 {
    libm::exp2(x)
}

/// Logarithm to base two.
#[inline]
pub fn log2(x: f64) -> f64 {
    libm::log2(x)
}

/// `base` to the power `exponent`.
#[inline]
pub fn pow(base: f64, exponent: f64) -> f64 {
    libm::pow(base, exponent)
}

/// The gamma function.
#[inline]
pub fn gamma(x: f64) -> f64 {
    libm::tgamma(x)
}

/// Natural logarithm of the gamma function, for positive `x`.
#[inline]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Complementary error function.
#[inline]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// Natural logarithm of `1 + x`, accurate for small `x`.
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}
