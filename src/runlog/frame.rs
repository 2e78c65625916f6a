//! A frame: the length of what it holds, its CRC-32, and the bytes.

/// Bytes before what a frame holds.
pub(super) const HEAD: usize = 8;

/// Puts `bytes` into a frame.
///
/// # Panics
/// If they are more than 4 GB.
pub(super) fn framed(bytes: &[u8]) -> Vec<u8> {
    let length = u32::try_from(bytes.len()).expect("a record of less than 4 GB");
    let mut frame = Vec::with_capacity(HEAD + bytes.len());
    frame.extend(length.to_le_bytes());
    frame.extend(crc(bytes).to_le_bytes());
    frame.extend(bytes);
    frame
}

/// Returns how many bytes the frame that begins with `head` holds, and their CRC-32.
pub(super) fn head(head: [u8; HEAD]) -> (u32, u32) {
    let [a, b, c, d, e, f, g, h] = head;
    (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]))
}

/// Returns the CRC-32 of `bytes`; not 0 of nothing, so that a stretch of zeros is no frame.
pub(super) fn crc(bytes: &[u8]) -> u32 {
    !crc32fast::hash(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_has_the_length_and_the_crc_of_what_it_holds() {
        let frame = framed(b"123456789");
        // The check value of CRC-32 (IEEE 802.3) is 0xCBF43926; its complement is kept.
        assert_eq!(head(frame[..HEAD].try_into().unwrap()), (9, !0xCBF4_3926));
        assert_eq!(&frame[HEAD..], b"123456789");
        assert_ne!(head([0; HEAD]).1, crc(b""));
    }
}
