//! The layers of the ziggurats that [`Draw`](super::Draw) samples from, computed by the compiler.
//!
//! A ziggurat covers the area under a falling curve by layers of equal area: a rectangle as wide as the curve at its
//! bottom, and at the very bottom one that holds the tail too. A point of a layer that is left of the next layer's end is
//! under the curve for certain. The compiler's arithmetic is that of IEEE 754, so the tables are the same everywhere.
//! Ends and areas of the bottom layers are those of Marsaglia and Tsang (2000) for 256 layers, to more digits.

/// Number of layers.
pub(super) const LAYERS: u64 = 256;

/// The layers of one curve.
pub(super) struct Ziggurat {
    /// Widths, from the bottom; the bottom layer's is as wide as its area says, and a last one is zero.
    pub(super) x: [f64; LAYERS as usize + 1],
    /// The curve's height at these widths.
    height: [f64; LAYERS as usize + 1],
}

impl Ziggurat {
    /// The height of a point in a layer, for a uniform `u` between its bottom and its top.
    pub(super) fn height(&self, layer: usize, u: f64) -> f64 {
        self.height[layer + 1] + (self.height[layer] - self.height[layer + 1]) * u
    }
}

/// Of exp(-x).
pub(super) static EXPONENTIAL: Ziggurat = layers(Curve::Exponential, 7.697_117_470_131_05, 3.949_659_822_581_557e-3);

/// Of exp(-x²/2).
pub(super) static NORMAL: Ziggurat = layers(Curve::Normal, 3.654_152_885_361_009, 4.928_673_233_974_655e-3);

#[derive(Clone, Copy)]
enum Curve {
    Exponential,
    Normal,
}

impl Curve {
    const fn height(self, x: f64) -> f64 {
        match self {
            Curve::Exponential => 1.0 / exp(x),
            Curve::Normal => 1.0 / exp(0.5 * x * x),
        }
    }

    /// Returns the place at which the curve has this height, sought from `near`.
    const fn width(self, height: f64, near: f64) -> f64 {
        match self {
            Curve::Exponential => minus_ln(height, near),
            Curve::Normal => sqrt(2.0 * minus_ln(height, 0.5 * near * near), near),
        }
    }
}

const fn layers(curve: Curve, end: f64, area: f64) -> Ziggurat {
    let mut ziggurat = Ziggurat { x: [0.0; LAYERS as usize + 1], height: [1.0; LAYERS as usize + 1] };
    ziggurat.x[0] = area / curve.height(end);
    ziggurat.height[0] = curve.height(ziggurat.x[0]);
    ziggurat.x[1] = end;
    ziggurat.height[1] = curve.height(end);
    let mut layer = 2;
    while layer < LAYERS as usize {
        let below = ziggurat.x[layer - 1];
        ziggurat.height[layer] = ziggurat.height[layer - 1] + area / below;
        ziggurat.x[layer] = curve.width(ziggurat.height[layer], below);
        layer += 1;
    }
    ziggurat
}

// For the compiler alone: what is drawn in a run goes through `maths`.

/// By its series, all of whose terms are positive for a positive `x`.
const fn exp(x: f64) -> f64 {
    let (mut sum, mut term, mut n) = (1.0, 1.0, 1.0);
    while term > sum * 1e-17 {
        term *= x / n;
        sum += term;
        n += 1.0;
    }
    sum
}

/// Minus the logarithm of `y`, by Halley's method from `near`.
const fn minus_ln(y: f64, near: f64) -> f64 {
    let (mut x, mut step) = (near, 0);
    while step < 6 {
        let reached = 1.0 / exp(x);
        x -= 2.0 * (y - reached) / (y + reached);
        step += 1;
    }
    x
}

/// By Newton's method from `near`.
const fn sqrt(square: f64, near: f64) -> f64 {
    let (mut x, mut step) = (near, 0);
    while step < 8 {
        x = 0.5 * (x + square / x);
        step += 1;
    }
    x
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::maths;

    #[test]
    fn layers_lie_on_their_curves_and_have_equal_areas_up_to_the_top() {
        let curves = [|x: f64| maths::exp(-x), |x: f64| maths::exp(-0.5 * x * x)];
        for (ziggurat, curve) in [&EXPONENTIAL, &NORMAL].into_iter().zip(curves) {
            let area = ziggurat.x[0] * curve(ziggurat.x[1]);
            for layer in 1..LAYERS as usize {
                let (x, height) = (ziggurat.x[layer], ziggurat.height[layer]);
                assert!((height / curve(x) - 1.0).abs() < 1e-13, "layer {layer}: {height}");
                let top = ziggurat.height[layer + 1];
                assert!((x * (top - height) / area - 1.0).abs() < 1e-9, "layer {layer}: {}", x * (top - height) / area);
                assert!(ziggurat.x[layer + 1] < x);
            }
            assert_eq!((ziggurat.x[LAYERS as usize], ziggurat.height[LAYERS as usize]), (0.0, 1.0));
        }
    }

    #[test]
    fn the_bottom_layer_holds_its_rectangle_and_the_tail() {
        let tails = [maths::exp(-EXPONENTIAL.x[1]), {
            let root = (std::f64::consts::PI / 2.0).sqrt();
            root * maths::erfc(NORMAL.x[1] / std::f64::consts::SQRT_2)
        }];
        for (ziggurat, tail) in [&EXPONENTIAL, &NORMAL].into_iter().zip(tails) {
            let (end, height) = (ziggurat.x[1], ziggurat.height[1]);
            assert!((ziggurat.x[0] * height / (end * height + tail) - 1.0).abs() < 1e-12);
        }
    }
}
