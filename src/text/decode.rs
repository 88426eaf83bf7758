//! Bytes of a file as text.

/// Reads UTF-8, or UTF-16 where a byte order mark says so (PowerShell's `>` writes that). What is
/// neither becomes U+FFFD; the byte order mark is dropped.
pub fn decode(bytes: Vec<u8>) -> String {
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => String::from_utf8(bytes)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
    }
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(|pair| unit(*pair)))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_editors_and_shells_write() {
        assert_eq!(decode(b"\xef\xbb\xbfselect 1".to_vec()), "select 1");
        assert_eq!(decode(b"\xff\xfea\0\xe9\0".to_vec()), "aé");
        assert_eq!(decode(b"\xfe\xff\0a\0\xe9\0".to_vec()), "aé");
        assert_eq!(decode(b"caf\xe9".to_vec()), "caf\u{fffd}");
    }
}
