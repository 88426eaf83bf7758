//! From bytes to text, and from text as a terminal shows it to text as it was written.

use std::borrow::Cow;

/// How much of a binary file is kept: enough to say what it is.
const BINARY_HEAD_BYTES: usize = 64;

/// The text of a file, whatever its encoding: UTF-8 with or without a byte order mark, UTF-16 of
/// either order. Bytes that are no UTF-8 become U+FFFD. Of a binary file only the head is kept, so
/// that the intake can say what it is; see [`binary_help`].
pub fn decode(bytes: Vec<u8>) -> String {
    if is_binary(&bytes) {
        let head = bytes.get(..BINARY_HEAD_BYTES).unwrap_or(&bytes);
        return String::from_utf8_lossy(head).into_owned();
    }
    match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        _ => match utf16_order(&bytes) {
            Some(order) => decode_utf16(&bytes, order),
            None => String::from_utf8(bytes)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()),
        },
    }
}

fn decode_utf16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> String {
    let (pairs, _) = bytes.as_chunks::<2>();
    char::decode_utf16(pairs.iter().map(|pair| order(*pair)))
        .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect()
}

/// UTF-16 without a mark: nearly every second byte of ASCII text is zero.
fn utf16_order(bytes: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    let head = bytes.get(..2048).unwrap_or(bytes);
    let zeros = |parity| head.iter().skip(parity).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd, most) = (zeros(0), zeros(1), head.len() / 2 * 9 / 10);
    match () {
        () if head.len() < 8 => None,
        () if odd > most && even == 0 => Some(u16::from_le_bytes),
        () if even > most && odd == 0 => Some(u16::from_be_bytes),
        () => None,
    }
}

/// Files that people drop and that are no text: how they begin, what they are, what to run instead.
const BINARIES: [(&[u8], &str, &str); 6] = [
    (
        b"PGDMP",
        "a pg_dump archive in custom format",
        "run `pg_restore --schema-only -f schema.sql FILE` and give schema.sql",
    ),
    (
        b"SQLite format 3\0",
        "an SQLite database file",
        "run `sqlite3 FILE .schema > schema.sql`, after ANALYZE also \
         `sqlite3 FILE '.dump sqlite_stat1' >> schema.sql`, and give schema.sql",
    ),
    (b"\x1f\x8b", "gzip-compressed", "unpack it with `gunzip FILE`"),
    (b"PK\x03\x04", "a zip archive", "unpack it with `unzip FILE`"),
    (b"\x28\xb5\x2f\xfd", "zstd-compressed", "unpack it with `unzstd FILE`"),
    (b"\xfd7zXZ\0", "xz-compressed", "unpack it with `unxz FILE`"),
];

fn is_binary(bytes: &[u8]) -> bool {
    BINARIES.iter().any(|(magic, ..)| bytes.starts_with(magic))
}

/// What a text is that [`decode`] made of a binary file, and what to run instead.
pub fn binary_help(text: &str) -> Option<(&'static str, &'static str)> {
    let found = BINARIES.iter().find(|(magic, ..)| {
        let magic = String::from_utf8_lossy(magic);
        text.starts_with(magic.as_ref())
    });
    found.map(|(_, what, help)| (*what, *help))
}

/// The text without colour codes of terminals, NULs and a byte order mark. Lines stay where they are.
pub fn clean(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.bytes().any(|byte| matches!(byte, 0x1b | 0)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\u{1b}', '\0']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        rest = &rest[escape_len(rest)..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Length of `ESC [ parameters letter`; 1 for any other escape or a NUL.
fn escape_len(text: &str) -> usize {
    let Some(rest) = text.strip_prefix("\u{1b}[") else { return 1 };
    let parameters = rest.bytes().take_while(|b| matches!(b, b'0'..=b'9' | b';' | b'?')).count();
    match rest.as_bytes().get(parameters) {
        Some(byte) if byte.is_ascii_alphabetic() => 2 + parameters + 1,
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_encoding_gives_the_same_text() {
        let text = "SELECT 'é';\nSELECT 2;\n";
        let le: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let be: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        assert_eq!(decode(text.as_bytes().to_vec()), text);
        assert_eq!(decode([b"\xef\xbb\xbf", text.as_bytes()].concat()), text);
        assert_eq!(decode([b"\xff\xfe".as_slice(), &le].concat()), text);
        assert_eq!(decode([b"\xfe\xff".as_slice(), &be].concat()), text);
        assert_eq!((decode(le), decode(be)), (text.to_owned(), text.to_owned()));
        assert_eq!(decode(b"caf\xe9".to_vec()), "caf\u{fffd}");
    }

    #[test]
    fn binary_files_are_named() {
        let heads: [&[u8]; 4] =
            [b"PGDMP\x01\x0e", b"SQLite format 3\0\x10", b"\x1f\x8b\x08", b"PK\x03\x04"];
        for head in heads {
            assert!(binary_help(&decode(head.to_vec())).is_some(), "{head:?}");
        }
        assert!(binary_help("PRAGMA x").is_none());
    }

    #[test]
    fn colours_go_and_lines_stay() {
        assert_eq!(clean("\u{feff}a\u{1b}[1;31mb\u{1b}[0m\0c\u{1b}\n"), "abc\n");
        assert!(matches!(clean("plain"), Cow::Borrowed(_)));
    }
}
