//! A session as the fragment of a link: `s1.` and base64url of
//!
//! | bytes | what |
//! |---|---|
//! | 0..4 | length of what follows byte 12 |
//! | 4..8 | CRC-32 of what follows byte 12 |
//! | 8..12 | length of the session file before compression |
//! | 12.. | the session file, deflated (RFC 1951) |
//!
//! Numbers are little-endian. The length tells a cut link from one with something appended, the checksum
//! a damaged one before anything is inflated; the third number is the room that inflating gets, and is
//! capped: a bomb stops there.

use miniz_oxide::deflate::compress_to_vec;
use miniz_oxide::inflate::TINFLStatus;
use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

use super::checksum::crc32;
use crate::input::Input;
use crate::limits;

/// What a link of this version begins with.
const LEAD: &str = "s1.";

/// Bytes before the compressed file.
const HEAD_LEN: usize = 12;

/// How hard the compressor tries: a link is made once and its length is what people see.
const EFFORT: u8 = 10;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The fragment for an input, without `#`. Beyond [`limits::LINK_CHARS_SAFE`] offer the file instead;
/// beyond [`limits::LINK_CHARS_MAX`] no Sargable opens it.
pub fn encode(input: &Input) -> String {
    pack(super::write(input).as_bytes())
}

/// Reads a fragment, with or without `#` before it.
pub fn decode(fragment: &str) -> Result<Input, String> {
    let fragment = fragment.trim();
    let fragment = fragment.strip_prefix('#').unwrap_or(fragment);
    let text =
        String::from_utf8(unpack(fragment)?).map_err(|_| damaged("its content is no text"))?;
    super::read(&text)
}

/// Does a fragment look like a session, of whatever version?
pub fn is_link(fragment: &str) -> bool {
    let fragment = fragment.trim().trim_start_matches('#');
    let version = fragment.strip_prefix('s').and_then(|rest| rest.split_once('.'));
    version.is_some_and(|(n, _)| !n.is_empty() && n.bytes().all(|byte| byte.is_ascii_digit()))
}

fn pack(file: &[u8]) -> String {
    let body = compress_to_vec(file, EFFORT);
    let mut bytes = Vec::with_capacity(HEAD_LEN + body.len());
    // Longer ones than these numbers can hold are far beyond what is opened.
    for n in [body.len(), crc32(&body) as usize, file.len()] {
        bytes.extend(u32::try_from(n).unwrap_or(u32::MAX).to_le_bytes());
    }
    bytes.extend(body);
    format!("{LEAD}{}", to_base64(&bytes))
}

fn unpack(fragment: &str) -> Result<Vec<u8>, String> {
    if fragment.len() > limits::LINK_CHARS_MAX {
        let (n, most) = (fragment.len(), limits::LINK_CHARS_MAX);
        return Err(format!(
            "the link is too long: {n} characters, at most {most}; ask for the session as a file"
        ));
    }
    let Some(code) = fragment.strip_prefix(LEAD) else {
        return Err(if is_link(fragment) {
            "the link is of another version than this Sargable reads; open it with the one that \
             made it, or with a newer one"
        } else {
            "the link holds no session: one begins with \"#s1.\" behind the address"
        }
        .to_owned());
    };
    let bytes = from_base64(code)?;
    let number = |at: usize| {
        let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
        four.map(|four| u32::from_le_bytes(four) as usize).ok_or_else(cut)
    };
    let (length, sum, room) = (number(0)?, number(4)?, number(8)?);
    let body = bytes.get(HEAD_LEN..).unwrap_or(&[]);
    if body.len() < length {
        return Err(cut());
    }
    if body.len() > length {
        return Err("something stands behind the end of the link: was it copied together with \
                    other text? copy it again"
            .to_owned());
    }
    if crc32(body) as usize != sum {
        return Err(damaged("its checksum does not match"));
    }
    inflate(body, room)
}

fn inflate(body: &[u8], room: usize) -> Result<Vec<u8>, String> {
    if room > limits::LINK_FILE_BYTES_MAX {
        return Err(format!(
            "the link unpacks to {} MB, at most {} MB; ask for the session as a file",
            room >> 20,
            limits::LINK_FILE_BYTES_MAX >> 20
        ));
    }
    let mut file = vec![0; room];
    let mut state = DecompressorOxide::new();
    let flags = TINFL_FLAG_USING_NON_WRAPPING_OUTPUT_BUF;
    match decompress(&mut state, body, &mut file, 0, flags) {
        (TINFLStatus::Done, read, written) if read == body.len() && written == room => Ok(file),
        (TINFLStatus::HasMoreOutput, ..) => {
            Err(damaged("it unpacks to more than it says; it was not made by Sargable"))
        }
        _ => Err(damaged("it cannot be unpacked")),
    }
}

fn cut() -> String {
    "the link is cut off: its end is missing; copy it again whole, or ask for the session as a file"
        .to_owned()
}

fn damaged(how: &str) -> String {
    format!("the link is damaged: {how}; copy it again, or ask for the session as a file")
}

fn to_base64(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for three in bytes.chunks(3) {
        let byte = |at: usize| u32::from(three.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for at in 0..=three.len() {
            let digit = bits >> (18 - 6 * at) & 63;
            out.push(ALPHABET.get(digit as usize).map_or('A', |byte| char::from(*byte)));
        }
    }
    out
}

fn from_base64(code: &str) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(code.len() / 4 * 3 + 2);
    for four in code.as_bytes().chunks(4) {
        let mut bits = 0u32;
        for at in 0..4 {
            let Some(byte) = four.get(at) else { continue };
            let digit = digit(*byte)
                .ok_or_else(|| damaged("it holds a character that no link is made of"))?;
            bits |= digit << (18 - 6 * at);
        }
        if four.len() == 1 {
            return Err(cut());
        }
        // Bits beyond the last whole byte are always zero.
        let n_bytes = four.len() - 1;
        if n_bytes < 3 && bits << (8 + 8 * n_bytes) != 0 {
            return Err(cut());
        }
        out.extend(bits.to_be_bytes().iter().skip(1).take(n_bytes));
    }
    Ok(out)
}

fn digit(byte: u8) -> Option<u32> {
    let (start, first) = match byte {
        b'A'..=b'Z' => (b'A', 0),
        b'a'..=b'z' => (b'a', 26),
        b'0'..=b'9' => (b'0', 52),
        b'-' => return Some(62),
        b'_' => return Some(63),
        _ => return None,
    };
    Some(u32::from(byte - start) + first)
}

#[cfg(test)]
mod tests {
    use super::super::tests::sample;
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded() {
        for input in [Input::default(), sample()] {
            let link = encode(&input);
            assert!(is_link(&link) && link.chars().all(|c| !"+/=&# ".contains(c)));
            assert_eq!(decode(&link), Ok(input.clone()));
            assert_eq!(decode(&format!(" #{link}\n")), Ok(input));
        }
        for length in 0..70u8 {
            let bytes: Vec<u8> = (0..length).map(|n| n.wrapping_mul(37)).collect();
            assert_eq!(from_base64(&to_base64(&bytes)), Ok(bytes));
        }
    }

    #[test]
    fn a_cut_link_is_called_cut() {
        let link = encode(&sample());
        for at in LEAD.len()..link.len() {
            let error = decode(&link[..at]).unwrap_err();
            assert!(error.contains("cut off"), "{at}: {error}");
        }
    }

    #[test]
    fn a_changed_character_is_noticed() {
        let link = encode(&sample());
        for at in 0..link.len() {
            for other in ["A", "x", "_", "%"] {
                let changed = format!("{}{other}{}", &link[..at], &link[at + 1..]);
                let got = decode(&changed);
                assert!(changed == link || got.is_err(), "{at} {other}");
            }
        }
    }

    /// A link with a right checksum around anything.
    fn made(body: &[u8], room: u32) -> String {
        let n = u32::try_from(body.len()).unwrap();
        let head = [n, crc32(body), room].map(u32::to_le_bytes).concat();
        format!("s1.{}", to_base64(&[&head, body].concat()))
    }

    #[test]
    fn each_hostile_link_is_refused_with_its_reason() {
        let link = encode(&sample());
        let zeros = compress_to_vec(&vec![b' '; 100 << 20], 1);
        let small = compress_to_vec(b"{}", 6);
        for (link, part) in [
            ("".to_owned(), "holds no session"),
            ("section-2".to_owned(), "holds no session"),
            ("s2.AAAA".to_owned(), "another version"),
            ("s1.".to_owned(), "cut off"),
            (format!("{link}AAAA"), "behind the end"),
            (format!("{link}&utm=1"), "no link is made of"),
            (format!("{link}=="), "no link is made of"),
            (made(&zeros, 100 << 20), "unpacks to 100 MB"),
            (made(&zeros, 1 << 20), "more than it says"),
            (made(&zeros, u32::MAX), "at most"),
            (made(&small, 3), "cannot be unpacked"),
            (made(&[small.clone(), vec![0]].concat(), 2), "cannot be unpacked"),
            (made(&small[..2], 2), "cannot be unpacked"),
            (made(&small, 2), "no session"),
            (made(&compress_to_vec(b"\xff", 6), 1), "no text"),
            (format!("s1.{}", "A".repeat(100 << 20)), "too long"),
        ] {
            let error = decode(&link).unwrap_err();
            assert!(error.contains(part), "{part}: {error}");
        }
    }
}
