//! The quantile of the standard normal distribution.

use super::ln;

const CENTRE: ([f64; 8], [f64; 8]) = (
    [
        3.387_132_872_796_366_6,
        1.331_416_678_917_843_8e2,
        1.971_590_950_306_551_3e3,
        1.373_169_376_550_946e4,
        4.592_195_393_154_987e4,
        6.726_577_092_700_87e4,
        3.343_057_558_358_813e4,
        2.509_080_928_730_122_7e3,
    ],
    [
        1.0,
        4.231_333_070_160_091e1,
        6.871_870_074_920_579e2,
        5.394_196_021_424_751e3,
        2.121_379_430_158_659_7e4,
        3.930_789_580_009_271e4,
        2.872_908_573_572_194_3e4,
        5.226_495_278_852_854e3,
    ],
);

const SHOULDER: ([f64; 8], [f64; 8]) = (
    [
        1.423_437_110_749_683_5,
        4.630_337_846_156_546,
        5.769_497_221_460_691,
        3.647_848_324_763_204_5,
        1.270_458_252_452_368_4,
        2.417_807_251_774_506e-1,
        2.272_384_498_926_918_4e-2,
        7.745_450_142_783_414e-4,
    ],
    [
        1.0,
        2.053_191_626_637_759,
        1.676_384_830_183_803_8,
        6.897_673_349_851e-1,
        1.481_039_764_274_800_8e-1,
        1.519_866_656_361_645_7e-2,
        5.475_938_084_995_345e-4,
        1.050_750_071_644_416_9e-9,
    ],
);

const TAIL: ([f64; 8], [f64; 8]) = (
    [
        6.657_904_643_501_103,
        5.463_784_911_164_114,
        1.784_826_539_917_291_3,
        2.965_605_718_285_048_7e-1,
        2.653_218_952_657_612_4e-2,
        1.242_660_947_388_078_4e-3,
        2.711_555_568_743_487_6e-5,
        2.010_334_399_292_288_1e-7,
    ],
    [
        1.0,
        5.998_322_065_558_88e-1,
        1.369_298_809_227_358e-1,
        1.487_536_129_085_061_5e-2,
        7.868_691_311_456_133e-4,
        1.846_318_317_510_054_8e-5,
        1.421_511_758_316_446e-7,
        2.044_263_103_389_939_8e-15,
    ],
);

/// The ratio of two polynomials of degree 7, coefficients from the lowest.
#[inline]
fn ratio((above, below): &([f64; 8], [f64; 8]), r: f64) -> f64 {
    let at =
        |c: &[f64; 8]| ((((((c[7] * r + c[6]) * r + c[5]) * r + c[4]) * r + c[3]) * r + c[2]) * r + c[1]) * r + c[0];
    at(above) / at(below)
}

/// The number below which a standard normal falls with probability `p`; minus and plus infinity at 0 and 1, and not a
/// number outside.
///
/// Algorithm AS 241 (PPND16), M. J. Wichura, Applied Statistics 37 (1988) 477-484: about 1 part in 10^16 in itself.
#[inline]
pub fn normal_quantile(p: f64) -> f64 {
    let q = p - 0.5;
    if q.abs() <= 0.425 {
        return q * ratio(&CENTRE, 0.180_625 - q * q);
    }
    tail_quantile(p, q)
}

/// The quantile outside the middle 85 %.
fn tail_quantile(p: f64, q: f64) -> f64 {
    let tail = if q < 0.0 { p } else { 1.0 - p };
    let r = (-ln(tail)).sqrt();
    let size = if r.is_infinite() {
        r
    } else if r <= 5.0 {
        ratio(&SHOULDER, r - 1.6)
    } else {
        ratio(&TAIL, r - 5.0)
    };
    if q < 0.0 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The distribution function, for the lower tail.
    fn cdf(x: f64) -> f64 {
        0.5 * libm::erfc(-x / std::f64::consts::SQRT_2)
    }

    #[test]
    fn known_quantiles_are_met_to_one_part_in_10_to_the_14() {
        // By mpmath with 150 digits.
        let known = KNOWN;
        for (p, x) in known {
            let got = normal_quantile(p);
            assert!((got / x - 1.0).abs() < 1e-14, "p {p}: {got} instead of {x}");
        }
        assert_eq!(normal_quantile(0.5), 0.0);
    }

    const KNOWN: [(f64, f64); 9] = [
        (0.6, 0.2533471031357997),
        (0.7, 0.5244005127080407),
        (0.9, 1.2815515655446006),
        (0.95, 1.6448536269514722),
        (0.975, 1.9599639845400538),
        (0.999, 3.090232306167813),
        (0.01, -2.326347874040841),
        (1e-10, -6.361340902404057),
        (1e-30, -11.464024688443615),
    ];

    #[test]
    fn the_distribution_function_of_the_quantile_is_the_probability() {
        for k in 1..4000 {
            let p = super::super::exp(-0.16 * f64::from(k) / 4.0) * 0.5;
            if p < 1e-60 {
                break;
            }
            // The error of x is multiplied by x^2 or so in the tail.
            let x = normal_quantile(p);
            assert!((cdf(x) / p - 1.0).abs() < 4e-15 * (2.0 + x * x), "p {p}");
        }
    }

    #[test]
    fn the_quantile_never_falls_and_is_odd() {
        let mut before = f64::NEG_INFINITY;
        for k in 0..2_000_000u32 {
            let p = (f64::from(k) + 0.5) / 2_000_000.0;
            let x = normal_quantile(p);
            assert!(x >= before, "p {p}");
            before = x;
        }
        for k in 1..512 {
            let p = f64::from(k) / 1024.0;
            assert_eq!(normal_quantile(p), -normal_quantile(1.0 - p));
        }
    }

    #[test]
    fn the_ends_are_infinite_and_outside_is_no_number() {
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(-0.1).is_nan() && normal_quantile(1.1).is_nan() && normal_quantile(f64::NAN).is_nan());
    }
}
