//! Files that are no text: what they are, and how to get the text out of them.

/// Why a file that begins like this is refused, and what to open instead; `None` for text.
pub fn refusal(head: &[u8]) -> Option<&'static str> {
    let known: [(&[u8], &str); 5] = [
        (b"SQLite format 3\0", "a SQLite database: open what sqlite3 FILE .schema prints"),
        (b"PGDMP", "a pg_dump archive: open what pg_restore --schema-only -f - FILE prints"),
        (b"\x1f\x8b", "compressed: unpack it with gunzip first"),
        (b"\x28\xb5\x2f\xfd", "compressed: unpack it with unzstd first"),
        (b"PK\x03\x04", "a zip archive: unpack it first"),
    ];
    let found = known.iter().find(|(magic, _)| head.starts_with(magic));
    let utf16 = head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff");
    let binary = (!utf16 && head.contains(&0)).then_some("binary data, not text");
    found.map(|(_, advice)| *advice).or(binary)
}

#[cfg(test)]
mod tests {
    use super::refusal;

    #[test]
    fn text_passes_and_the_rest_gets_advice() {
        assert_eq!(refusal(b"select 1"), None);
        assert_eq!(refusal(b"\xff\xfes\0e\0"), None);
        assert!(refusal(b"SQLite format 3\0").is_some_and(|advice| advice.contains(".schema")));
        assert!(refusal(b"\x7fELF\0").is_some());
    }
}
