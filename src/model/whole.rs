//! Whole numbers from others: the only casts of the model that could lose anything, each with what becomes of too much.

/// The index that a number is; beyond any list if it is beyond what memory can hold.
#[inline(always)]
pub(super) fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The length of a list as a count; the greatest count if it is longer.
#[inline(always)]
pub(super) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// A number of events without its fraction; 0 below that, and the greatest number above it.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "a cast of a float keeps to the range of the number")]
pub(super) fn floor(number: f64) -> u64 {
    number as u64
}

/// A count without its fraction; 0 below that, and the greatest count above it.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "a cast of a float keeps to the range of the number")]
pub(super) fn floor_count(number: f64) -> u32 {
    number as u32
}

/// One of `items` places, by a number that is uniform from 0 to 1.
///
/// # Panics
/// If there is no place.
#[inline]
#[expect(clippy::cast_possible_truncation, reason = "a cast of a float keeps to the range of the number")]
pub(super) fn pick(uniform: f64, items: usize) -> usize {
    ((uniform * items as f64) as usize).min(items - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_much_becomes_the_most_and_never_a_small_number() {
        assert_eq!((count(3), count(usize::MAX)), (3, u32::MAX));
        assert_eq!((floor(2.9), floor(-1.0), floor(1e300)), (2, 0, u64::MAX));
        assert_eq!((floor_count(2.9), floor_count(f64::NAN), floor_count(5e9)), (2, 0, u32::MAX));
        assert_eq!(index(300), 300);
    }

    #[test]
    fn every_place_is_picked_alike_and_none_beyond_the_last() {
        assert_eq!([0.0, 0.24, 0.25, 0.75, 1.0].map(|uniform| pick(uniform, 4)), [0, 0, 1, 3, 3]);
    }
}
