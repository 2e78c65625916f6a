//! A stream as a sequential generator, for code that wants one.

use rand::RngCore;
use rand::rand_core::impls::fill_bytes_via_next;

use super::stream::Stream;

/// Draws 0, 1, 2, … of a stream, one after the other.
///
/// `rand_distr` may be fed with it where a sample is made by exact arithmetic alone. Its transcendental functions are
/// the platform's as soon as any crate of the build asks for them, so that what uses them belongs in tests only.
#[derive(Clone, Debug)]
pub struct StreamRng {
    stream: Stream,
    counter: u64,
}

impl Stream {
    /// The stream's draws in sequence, from draw 0.
    pub const fn rng(self) -> StreamRng {
        StreamRng { stream: self, counter: 0 }
    }
}

impl RngCore for StreamRng {
    fn next_u32(&mut self) -> u32 {
        (self.next_u64() >> 32) as u32
    }

    #[inline]
    fn next_u64(&mut self) -> u64 {
        let bits = self.stream.bits(self.counter);
        self.counter += 1;
        bits
    }

    fn fill_bytes(&mut self, dst: &mut [u8]) {
        fill_bytes_via_next(self, dst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_are_the_bits_of_the_stream_in_order() {
        let stream = Stream::root(1, 2);
        let mut draws = stream.rng();
        assert_eq!(draws.next_u64(), stream.bits(0));
        assert_eq!(draws.next_u32(), (stream.bits(1) >> 32) as u32);
        let mut bytes = [0; 12];
        draws.fill_bytes(&mut bytes);
        assert_eq!(bytes[..8], stream.bits(2).to_le_bytes());
        assert_eq!(draws.next_u64(), stream.bits(4));
    }
}
