//! Inputs that say the same in another form, and inputs that are damaged.

use sargable::dialect::Dialect;
use sargable::input::{Piece, Side};
use sargable::text::Span;
use sargable::text::lex::{TokenKind, tokens};
use sargable::text::split::{StatementKind, split_statements};

use crate::case::{Block, Case};

/// All blocks in one piece without a name; one more for what is proposed.
pub fn one_paste(case: &Case) -> Vec<Piece> {
    let pieces = Side::ALL.map(|side| {
        let own = case.blocks.iter().filter(|block| block.side() == side);
        let texts: Vec<&str> = own.map(|block| block.text.as_str()).collect();
        Piece { text: texts.join("\n\n"), side, ..Piece::default() }
    });
    pieces.into_iter().filter(|piece| !piece.text.is_empty()).collect()
}

/// Every block with its text changed.
pub fn rewritten(case: &Case, change: impl Fn(&str) -> String) -> Vec<Piece> {
    case.blocks.iter().map(|block| piece(block, change(&block.text))).collect()
}

fn piece(block: &Block, text: String) -> Piece {
    Piece { name: Some(block.kind.clone()), text, kind: None, side: block.side() }
}

/// Blocks from the last to the first, and within each SQL block the queries and the CREATE INDEX
/// statements from the last to the first. Other schema statements depend on the ones before them.
pub fn permuted(case: &Case, dialect: Dialect) -> Vec<Piece> {
    let permute = |block: &Block| match block.kind.as_str() {
        "queries" => piece(block, reversed(&block.text, dialect, |_| true)),
        "schema" | "indexes" => piece(block, reversed(&block.text, dialect, is_create_index)),
        _ => piece(block, block.text.clone()),
    };
    case.blocks.iter().rev().map(permute).collect()
}

fn is_create_index(statement: &str) -> bool {
    let words: Vec<String> =
        statement.split_whitespace().take(3).map(str::to_ascii_lowercase).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(words.as_slice(), ["create", "index", ..] | ["create", "unique", "index"])
}

/// `text` with the statements that `may_move` in reverse order, comments and all.
fn reversed(text: &str, dialect: Dialect, may_move: impl Fn(&str) -> bool) -> String {
    let whole = Span { start: 0, end: text.len() };
    let statements: Vec<_> = split_statements(text, whole, dialect).collect();
    if statements.iter().any(|s| s.kind == StatementKind::Client || !s.terminated) {
        return text.to_owned();
    }
    let mut start = 0;
    let mut parts = Vec::new();
    for statement in &statements {
        parts.push((may_move(statement.span.of(text)), &text[start..statement.end]));
        start = statement.end;
    }
    let mut moving = parts.iter().rev().filter(|(moves, _)| *moves);
    let mut out = String::new();
    for part in &parts {
        let (_, text) = if part.0 { moving.next().unwrap() } else { part };
        out.push_str(text.trim_matches('\n'));
        out.push('\n');
    }
    out + &text[start..]
}

/// The literals in single quotes of queries and plans that are long enough to be no accident.
pub fn literals(case: &Case, dialect: Dialect) -> Vec<String> {
    let blocks =
        case.blocks.iter().filter(|block| matches!(block.kind.as_str(), "queries" | "plan"));
    let literals = blocks.flat_map(|block| {
        let texts = tokens(&block.text, 0, dialect).filter(|token| token.kind == TokenKind::Text);
        texts.map(|token| token.text(&block.text).to_owned())
    });
    literals.filter(|literal| literal.len() > 4 && literal.starts_with('\'')).collect()
}

/// A reproducible sequence of numbers.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

/// Bytes that mean something to one reader or another, and one that is no UTF-8.
const DAMAGE: &[u8] = b"\0'\"$();\n\xffx0-`|";

/// The whole paste cut off at some places, and with some bytes replaced.
pub fn damaged(case: &Case) -> Vec<String> {
    let text: String = one_paste(case).into_iter().map(|piece| piece.text).collect();
    let mut random = Random(text.len() as u64);
    let mut out = Vec::new();
    for _ in 0..12 {
        let at = random.below(text.len());
        out.push(String::from_utf8_lossy(&text.as_bytes()[..at]).into_owned());
    }
    for _ in 0..8 {
        let mut bytes = text.clone().into_bytes();
        for _ in 0..3 {
            let at = random.below(text.len());
            if let Some(byte) = bytes.get_mut(at) {
                *byte = DAMAGE[random.below(DAMAGE.len())];
            }
        }
        out.push(String::from_utf8_lossy(&bytes).into_owned());
    }
    out
}
