//! CRC-32, as ZIP and PNG have it.

/// The checksum of the bytes.
pub fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32| (sum >> 1) ^ (0xedb8_8320 & (sum & 1).wrapping_neg());
    !bytes.iter().fold(!0, |sum, byte| (0..8).fold(sum ^ u32::from(*byte), |sum, _| step(sum)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn has_the_sum_that_everybody_has() {
        assert_eq!(super::crc32(b"123456789"), 0xcbf4_3926);
    }
}
