//! Prints what the platform's maths library answers, one function a line. Not part of the crate: the determinism test
//! builds it with `rustc` and runs it with and without the perturbation.

#![allow(unsafe_code)]

use std::hint::black_box;

macro_rules! probe {
    ($type:ty: one [$($one:ident),+] two [$($two:ident),+]) => {{
        #[link(name = "m")]
        unsafe extern "C" {
            $(fn $one(x: $type) -> $type;)+
            $(fn $two(x: $type, y: $type) -> $type;)+
        }
        $(println!("{} {:x}", stringify!($one), unsafe { $one(black_box(0.7)) }.to_bits());)+
        $(println!("{} {:x}", stringify!($two), unsafe { $two(black_box(0.7), black_box(1.3)) }.to_bits());)+
    }};
}

fn main() {
    probe!(f64: one [exp, exp2, exp10, expm1, log, log2, log10, log1p, cbrt, sin, cos, tan, asin, acos, atan, sinh, cosh,
        tanh, asinh, atanh, tgamma, lgamma] two [pow, hypot, atan2]);
    probe!(f32: one [expf, exp2f, exp10f, expm1f, logf, log2f, log10f, log1pf, cbrtf, sinf, cosf, tanf, asinf, acosf,
        atanf, sinhf, coshf, tanhf, asinhf, atanhf, tgammaf, lgammaf] two [powf, hypotf, atan2f]);
    println!("method-exp {:x}", black_box(0.7_f64).exp().to_bits());
    println!("method-ln {:x}", black_box(0.7_f64).ln().to_bits());
    println!("method-powf {:x}", black_box(0.7_f64).powf(black_box(1.3)).to_bits());
}
