//! Statements cut off at every token, and with tokens left out, repeated, exchanged and replaced: some
//! answer, with a place inside the text.

use sargable::dialect::Dialect;
use sargable::sql::parse::{parse_expr, parse_query};
use sargable::text::Span;
use sargable::text::lex::tokens;

use crate::statements;

/// Damaged statements of each statement.
const ROUNDS: usize = 300;

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n.max(1)
    }
}

fn check(sql: &str, dialect: Dialect) {
    let results =
        [parse_query(sql, dialect).map(drop).err(), parse_expr(sql, dialect).map(drop).err()];
    for error in results.into_iter().flatten() {
        assert!(sql.is_char_boundary(error.at), "{sql}: {error:?}");
        assert!(!error.message.is_empty(), "{sql}");
    }
}

fn spans(sql: &str, dialect: Dialect) -> Vec<Span> {
    tokens(sql, 0, dialect).map(|token| token.span).collect()
}

#[test]
fn cut_off_anywhere() {
    for (dialect, sql) in statements() {
        for span in spans(&sql, dialect) {
            for at in [span.start, span.end] {
                check(&sql[..at], dialect);
                check(&sql[at..], dialect);
            }
        }
    }
}

#[test]
fn tokens_out_of_place() {
    let statements = statements();
    let mut numbers = Numbers(7);
    for (dialect, sql) in &statements {
        let spans = spans(sql, *dialect);
        for _ in 0..ROUNDS {
            let mut words: Vec<&str> = spans.iter().map(|span| span.of(sql)).collect();
            for _ in 0..=numbers.below(3) {
                let (a, b) = (numbers.below(words.len()), numbers.below(words.len()));
                match numbers.below(4) {
                    0 if words.len() > 1 => drop(words.remove(a)),
                    1 => words.insert(a, words[b]),
                    2 => words.swap(a, b),
                    _ => {
                        let (_, other) = &statements[numbers.below(statements.len())];
                        let words_of_other: Vec<&str> = other.split_ascii_whitespace().collect();
                        words[a] = words_of_other[numbers.below(words_of_other.len())];
                    }
                }
            }
            let damaged = words.join(" ");
            for dialect in Dialect::ALL {
                check(&damaged, dialect);
            }
        }
    }
}
