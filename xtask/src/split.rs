//! Sorts the bytes of a program by what they mean, which LZMA packs a tenth smaller: instructions beside
//! instructions, locals beside locals. `www/join.js` puts them back by the same walk.
//!
//! Two things are not kept, and neither changes what the program does. Sizes of functions are where the
//! functions end, so they are left out and come back in five bytes each. Alignments of loads and stores
//! are hints that browsers ignore: they come back as none.

use crate::step::Outcome;

/// What has no stream of its own: everything outside of the code.
const OTHER: usize = 0;
const DATA: usize = 1;
const LOCALS: usize = 2;
const INSTRUCTION: usize = 3;
/// Numbers of tables, memories and types, and lengths.
const SMALL: usize = 4;
const BLOCK: usize = 5;
const BRANCH: usize = 6;
const FUNCTION: usize = 7;
/// Locals that are read, set, and both.
const LOCAL: usize = 8;
const GLOBAL: usize = 9;
const I32: usize = 10;
const I64: usize = 11;
const OFFSET: usize = 12;
const FLOAT: usize = 13;
const SET: usize = 14;
const TEE: usize = 15;
const STREAMS: usize = 16;

const DATA_SECTION: u8 = 11;
const CODE_SECTION: u8 = 10;
/// Bytes of a size that comes back.
const SIZE: usize = 5;

struct Split<'a> {
    from: &'a [u8],
    at: usize,
    streams: [Vec<u8>; STREAMS],
    /// Bytes that will be joined.
    joined: usize,
}

/// The length when joined, the lengths of the streams, then the streams.
pub fn split(program: &[u8]) -> Outcome<Vec<u8>> {
    let mut split = Split { from: program, at: 0, streams: Default::default(), joined: 0 };
    split.copy(8, OTHER)?;
    while split.at < program.len() {
        let section = split.byte(OTHER)?;
        if section == CODE_SECTION {
            split.code()?;
        } else {
            let size = split.number(OTHER)?;
            split.copy(size, if section == DATA_SECTION { DATA } else { OTHER })?;
        }
    }
    let lengths = split.streams.iter().map(Vec::len);
    let head = std::iter::once(split.joined).chain(lengths);
    let head = head.flat_map(|length| (length as u32).to_le_bytes());
    Ok(head.chain(split.streams.concat()).collect())
}

impl Split<'_> {
    fn code(&mut self) -> Outcome {
        self.size()?;
        let functions = self.number(OTHER)?;
        for _ in 0..functions {
            let size = self.size()?;
            let end = self.at + size;
            let declarations = self.number(LOCALS)?;
            for _ in 0..declarations {
                self.number(LOCALS)?;
                self.byte(LOCALS)?;
            }
            let mut depth = 1;
            while depth > 0 {
                depth += self.instruction()?;
            }
            if self.at != end {
                return Err("a function does not end where its size says".to_owned());
            }
        }
        Ok(())
    }

    /// Takes an instruction; says how much deeper in blocks the next one is.
    fn instruction(&mut self) -> Outcome<i32> {
        let instruction = self.byte(INSTRUCTION)?;
        match instruction {
            0x00 | 0x01 | 0x05 | 0x0f | 0x1a | 0x1b | 0x45..=0xc4 | 0xd1 => {}
            0x0b => return Ok(-1),
            0x02..=0x04 => {
                self.number(BLOCK)?;
                return Ok(1);
            }
            0x0c | 0x0d => self.numbers(&[BRANCH])?,
            0x0e => {
                let branches = self.number(SMALL)?;
                self.numbers(&vec![BRANCH; branches + 1])?;
            }
            0x10 => self.numbers(&[FUNCTION])?,
            0x1c => {
                let types = self.number(SMALL)?;
                self.numbers(&vec![SMALL; types])?;
            }
            0x11 => self.numbers(&[SMALL, SMALL])?,
            0x20 => self.numbers(&[LOCAL])?,
            0x21 => self.numbers(&[SET])?,
            0x22 => self.numbers(&[TEE])?,
            0x23 | 0x24 => self.numbers(&[GLOBAL])?,
            0x25 | 0x26 | 0x3f | 0x40 | 0xd0 | 0xd2 => self.numbers(&[SMALL])?,
            0x28..=0x3e => {
                self.left_out()?;
                self.joined += 1;
                self.number(OFFSET)?;
            }
            0x41 => self.numbers(&[I32])?,
            0x42 => self.numbers(&[I64])?,
            0x43 => self.copy(4, FLOAT)?,
            0x44 => self.copy(8, FLOAT)?,
            0xfc => match self.number(SMALL)? {
                0..=7 => {}
                8 | 10 | 12 | 14 => self.numbers(&[SMALL, SMALL])?,
                9 | 11 | 13 | 15..=17 => self.numbers(&[SMALL])?,
                other => return Err(unknown(other)),
            },
            other => return Err(unknown(other.into())),
        }
        Ok(0)
    }

    fn numbers(&mut self, streams: &[usize]) -> Outcome {
        streams.iter().try_for_each(|stream| self.number(*stream).map(|_| ()))
    }

    /// A number of one or more bytes, as unsigned.
    fn number(&mut self, stream: usize) -> Outcome<usize> {
        let from = self.at;
        while self.byte(stream)? > 127 {}
        Ok(self.from.get(from..self.at).map_or(0, value))
    }

    fn copy(&mut self, bytes: usize, stream: usize) -> Outcome {
        (0..bytes).try_for_each(|_| self.byte(stream).map(|_| ()))
    }

    fn byte(&mut self, stream: usize) -> Outcome<u8> {
        let byte = self.next()?;
        self.streams.get_mut(stream).ok_or("no such stream")?.push(byte);
        self.joined += 1;
        Ok(byte)
    }

    /// A size that is not kept.
    fn size(&mut self) -> Outcome<usize> {
        self.joined += SIZE;
        self.left_out()
    }

    fn left_out(&mut self) -> Outcome<usize> {
        let from = self.at;
        while self.next()? > 127 {}
        Ok(self.from.get(from..self.at).map_or(0, value))
    }

    fn next(&mut self) -> Outcome<u8> {
        let byte = self.from.get(self.at).copied().ok_or("the program ends too early")?;
        self.at += 1;
        Ok(byte)
    }
}

fn value(bytes: &[u8]) -> usize {
    bytes.iter().rev().fold(0, |value, byte| (value << 7) | usize::from(byte & 127))
}

fn unknown(instruction: usize) -> String {
    format!("split.rs and www/join.js do not know the instruction {instruction:#x} yet")
}
