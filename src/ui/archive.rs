//! A ZIP archive of a few short texts, stored as they are.

use crate::report::migration::File;
use crate::session::checksum::crc32;

/// The archive; nothing if it is too large for the format's numbers.
pub fn archive(files: &[File]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for file in files {
        let start = u32::try_from(out.len()).ok()?;
        let entry = entry(file)?;
        out.extend(b"PK\x03\x04");
        out.extend(&entry);
        out.extend(file.name.as_bytes());
        out.extend(file.text.as_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&entry);
        // No comment, first disk, no attributes.
        directory.extend([0; 10]);
        directory.extend(start.to_le_bytes());
        directory.extend(file.name.as_bytes());
    }
    let n_files = u16::try_from(files.len()).ok()?.to_le_bytes();
    let (start, size) = (u32::try_from(out.len()).ok()?, u32::try_from(directory.len()).ok()?);
    out.extend(directory);
    out.extend(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend(n_files);
    out.extend(n_files);
    out.extend(size.to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend([0; 2]);
    Some(out)
}

/// What stands alike before a file and in the directory.
fn entry(file: &File) -> Option<Vec<u8>> {
    let size = u32::try_from(file.text.len()).ok()?.to_le_bytes();
    let name = u16::try_from(file.name.len()).ok()?.to_le_bytes();
    // Version 2.0, names in UTF-8, stored, 1980-01-01.
    let mut out = vec![0x14, 0, 0, 0x08, 0, 0, 0, 0, 0x21, 0];
    out.extend(crc32(file.text.as_bytes()).to_le_bytes());
    out.extend(size);
    out.extend(size);
    out.extend(name);
    out.extend([0; 2]);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_places_that_readers_check() {
        let file = |name: &str, text: &str| File { name: name.into(), text: text.into() };
        let made = archive(&[file("a.sql", "one"), file("d/b.sql", "two")]).unwrap();
        let end = made.len() - 22;
        assert_eq!(made.get(end..end + 4), Some(&b"PK\x05\x06"[..]));
        let start = made.get(end + 16..end + 20).unwrap();
        let start = u32::from_le_bytes(start.try_into().unwrap()) as usize;
        assert_eq!(made.get(start..start + 4), Some(&b"PK\x01\x02"[..]));
        // The name stands behind the 46 bytes of an entry.
        assert_eq!(made.get(start + 46..start + 51), Some(&b"a.sql"[..]));
    }
}
