//! A shared object that, preloaded, moves every result of the platform's maths library up by one step. Not part of the
//! crate: the determinism test builds it with `rustc --crate-type cdylib`.

#![allow(unsafe_code)]

use std::ffi::{c_char, c_int, c_void};
use std::sync::atomic::{AtomicUsize, Ordering};

unsafe extern "C" {
    fn dlsym(handle: *mut c_void, symbol: *const c_char) -> *mut c_void;
}

/// The next definition of a symbol after this object's: glibc's and musl's `RTLD_NEXT`.
const NEXT: *mut c_void = -1isize as *mut c_void;

/// Address of the real function; looked up once.
fn real(cache: &AtomicUsize, name: &[u8]) -> usize {
    let known = cache.load(Ordering::Relaxed);
    if known != 0 {
        return known;
    }
    let found = unsafe { dlsym(NEXT, name.as_ptr().cast()) } as usize;
    if found == 0 {
        std::process::abort();
    }
    cache.store(found, Ordering::Relaxed);
    found
}

macro_rules! perturb {
    ($type:ty: $($name:ident($($argument:ident),+)),+ $(,)?) => {$(
        #[unsafe(no_mangle)]
        pub extern "C" fn $name($($argument: $type),+) -> $type {
            static REAL: AtomicUsize = AtomicUsize::new(0);
            let address = real(&REAL, concat!(stringify!($name), "\0").as_bytes());
            let function: extern "C" fn($($argument: $type),+) -> $type = unsafe { std::mem::transmute(address) };
            function($($argument),+).next_up()
        }
    )+};
}

perturb!(f64: exp(x), exp2(x), exp10(x), expm1(x), log(x), log2(x), log10(x), log1p(x), pow(x, y), cbrt(x), hypot(x, y),
    sin(x), cos(x), tan(x), asin(x), acos(x), atan(x), atan2(x, y), sinh(x), cosh(x), tanh(x), asinh(x), acosh(x),
    atanh(x), tgamma(x), lgamma(x));

perturb!(f32: expf(x), exp2f(x), exp10f(x), expm1f(x), logf(x), log2f(x), log10f(x), log1pf(x), powf(x, y), cbrtf(x),
    hypotf(x, y), sinf(x), cosf(x), tanf(x), asinf(x), acosf(x), atanf(x), atan2f(x, y), sinhf(x), coshf(x), tanhf(x),
    asinhf(x), acoshf(x), atanhf(x), tgammaf(x), lgammaf(x));

#[unsafe(no_mangle)]
pub extern "C" fn sincos(x: f64, sine: &mut f64, cosine: &mut f64) {
    *sine = sin(x);
    *cosine = cos(x);
}

#[unsafe(no_mangle)]
pub extern "C" fn sincosf(x: f32, sine: &mut f32, cosine: &mut f32) {
    *sine = sinf(x);
    *cosine = cosf(x);
}

#[unsafe(no_mangle)]
pub extern "C" fn lgamma_r(x: f64, sign: &mut c_int) -> f64 {
    static REAL: AtomicUsize = AtomicUsize::new(0);
    let function: extern "C" fn(f64, &mut c_int) -> f64 = unsafe { std::mem::transmute(real(&REAL, b"lgamma_r\0")) };
    function(x, sign).next_up()
}
