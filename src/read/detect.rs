//! Which database a text is written for, told from what only one of them says.
//!
//! Every word and mark of the list counts with its weight, but only a few times each, so that a
//! long dump does not outweigh by mere length. Deterministic; the whole of a text up to a megabyte,
//! samples of what is longer.

use crate::dialect::Dialect;
use crate::order;
use crate::text::lines;

/// What speaks for each dialect, in points.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    points: [u32; 5],
}

/// Longest text that is looked at as a whole; of a longer one so many windows of this size.
const WINDOW_BYTES: usize = 1 << 20;
const WINDOWS: usize = 4;

/// A word or mark counts at most so often.
const REPEATS_MAX: u8 = 3;

#[derive(Clone, Copy)]
enum For {
    Postgres,
    Mysql,
    Sqlite,
    Mariadb,
    NotMariadb,
}
use For::{Mariadb, Mysql, NotMariadb, Postgres, Sqlite};

/// Words, in lower case and order.
const WORDS: &[(&str, For, u32)] = &[
    ("auto_increment", Mysql, 5),
    ("autoincrement", Sqlite, 8),
    ("bigserial", Postgres, 5),
    ("bpchar", Postgres, 3),
    ("bytea", Postgres, 4),
    ("charset", Mysql, 3),
    ("citext", Postgres, 3),
    ("concurrently", Postgres, 4),
    ("cost_info", NotMariadb, 3),
    ("datetime", Mysql, 1),
    ("delimiter", Mysql, 1),
    ("engine", Mysql, 2),
    ("fulltext", Mysql, 2),
    ("generate_series", Postgres, 2),
    ("gin", Postgres, 2),
    ("gist", Postgres, 3),
    ("glob", Sqlite, 2),
    ("hstore", Postgres, 2),
    ("ilike", Postgres, 4),
    ("innodb", Mysql, 4),
    ("jsonb", Postgres, 5),
    ("julianday", Sqlite, 4),
    ("longblob", Mysql, 3),
    ("longtext", Mysql, 4),
    ("mediumblob", Mysql, 3),
    ("mediumint", Mysql, 4),
    ("mediumtext", Mysql, 4),
    ("myisam", Mysql, 4),
    ("mysql", NotMariadb, 2),
    ("nextval", Postgres, 3),
    ("pg_catalog", Postgres, 5),
    ("pg_dump", Postgres, 5),
    ("pg_stat_statements", Postgres, 4),
    ("pg_trgm", Postgres, 4),
    ("plpgsql", Postgres, 5),
    ("pragma", Sqlite, 10),
    ("query_block", Mysql, 3),
    ("query_optimization", Mariadb, 4),
    ("r_filtered", Mariadb, 4),
    ("r_loops", Mariadb, 4),
    ("regclass", Postgres, 4),
    ("regexp", Mysql, 1),
    ("reltuples", Postgres, 4),
    ("rlike", Mysql, 2),
    ("row_format", Mysql, 3),
    ("rowid", Sqlite, 3),
    ("search_path", Postgres, 4),
    ("serial", Postgres, 4),
    ("smallserial", Postgres, 4),
    ("sqlite", Sqlite, 3),
    ("sqlite_master", Sqlite, 5),
    ("sqlite_sequence", Sqlite, 5),
    ("sqlite_stat1", Sqlite, 6),
    ("straight_join", Mysql, 3),
    ("strftime", Sqlite, 3),
    ("tablespace", Postgres, 1),
    ("timestamptz", Postgres, 5),
    ("tinyblob", Mysql, 3),
    ("tinyint", Mysql, 2),
    ("tinytext", Mysql, 3),
    ("to_tsvector", Postgres, 4),
    ("tsquery", Postgres, 3),
    ("tsvector", Postgres, 4),
    ("uca1400", Mariadb, 4),
    ("unsigned", Mysql, 3),
    ("utf8mb3", Mysql, 3),
    ("utf8mb4", Mysql, 4),
    ("utf8mb4_0900_ai_ci", NotMariadb, 4),
    ("utf8mb4_uca1400_ai_ci", Mariadb, 4),
    ("varlena", Postgres, 1),
    ("varying", Postgres, 3),
    ("xmin", Postgres, 1),
    ("zerofill", Mysql, 3),
];

/// Marks that are no words.
const MARKS: &[(&str, For, u32)] = &[
    ("::", Postgres, 2),
    ("$1", Postgres, 2),
    ("$$", Postgres, 2),
    ("->>", Postgres, 1),
    ("(cost=", Postgres, 3),
    ("\"Node Type\"", Postgres, 4),
    ("LOG:  ", Postgres, 4),
    ("USING btree (", Postgres, 4),
    ("with time zone", Postgres, 3),
    ("without time zone", Postgres, 3),
    ("double precision", Postgres, 2),
    ("pg-index-stats", Postgres, 6),
    ("pg_", Postgres, 1),
    ("`", Mysql, 2),
    ("/*!", Mysql, 4),
    ("ENGINE=", Mysql, 5),
    ("select_type", Mysql, 4),
    ("# Query_time:", Mysql, 5),
    ("/*M!", Mariadb, 5),
    ("able scan on ", Mysql, 5),
    ("ndex lookup on ", Mysql, 5),
    ("-> Filter: (", Mysql, 5),
    ("-> Nested loop ", Mysql, 5),
    ("-- MariaDB dump", Mariadb, 5),
    ("-MariaDB", Mariadb, 5),
    ("|--SCAN", Sqlite, 4),
    ("|--SEARCH", Sqlite, 4),
    ("`--SCAN", Sqlite, 4),
    ("`--SEARCH", Sqlite, 4),
    ("WITHOUT ROWID", Sqlite, 4),
    ("TABLE [", Sqlite, 4),
    ("INTO [", Sqlite, 2),
];

/// Looks at a text.
pub fn find_evidence(text: &str) -> Evidence {
    let mut seen = [0_u8; WORDS.len() + MARKS.len()];
    for window in windows(text) {
        let window = without_comments(window);
        for word in window.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
            if let Some(at) = find_word(word) {
                seen[at] = seen[at].saturating_add(1);
            }
        }
        for ((mark, ..), count) in MARKS.iter().zip(seen.iter_mut().skip(WORDS.len())) {
            let n = window.matches(mark).take(usize::from(REPEATS_MAX)).count();
            *count = count.saturating_add(u8::try_from(n).unwrap_or(REPEATS_MAX));
        }
    }
    let mut evidence = Evidence::default();
    for ((_, side, weight), count) in WORDS.iter().chain(MARKS.iter()).zip(seen) {
        evidence.points[*side as usize] += weight * u32::from(count.min(REPEATS_MAX));
    }
    evidence
}

/// The lines that are no comments, and the comments that only a dump has: people write about other
/// databases, and quote with backticks.
fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (_, line) in lines(text) {
        let comment = line.trim_start().starts_with("--");
        if !comment || line.contains("dump") || line.contains("Server version") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Position of a word in [`WORDS`], whatever its case.
fn find_word(word: &str) -> Option<usize> {
    let mut buffer = [0; 24];
    let lower = buffer.get_mut(..word.len())?;
    if lower.len() < 3 {
        return None;
    }
    lower.copy_from_slice(word.as_bytes());
    lower.make_ascii_lowercase();
    let lower = std::str::from_utf8(lower).ok()?;
    WORDS.binary_search_by(|(known, ..)| (*known).cmp(lower)).ok()
}

/// The whole text, or windows at equal distances.
fn windows(text: &str) -> impl Iterator<Item = &str> {
    let n = if text.len() <= WINDOW_BYTES { 1 } else { WINDOWS };
    let size = if n == 1 { text.len() } else { WINDOW_BYTES };
    (0..n).filter_map(move |i| {
        let start = (text.len() - size) / WINDOWS.max(2) * i;
        text.get(boundary(text, start)..boundary(text, start + size))
    })
}

fn boundary(text: &str, mut at: usize) -> usize {
    while at < text.len() && !text.is_char_boundary(at) {
        at += 1;
    }
    at.min(text.len())
}

impl Evidence {
    /// The sum of both.
    #[must_use]
    pub fn plus(&self, other: &Evidence) -> Evidence {
        let mut sum = self.clone();
        for (a, b) in sum.points.iter_mut().zip(other.points) {
            *a += b;
        }
        sum
    }

    /// The dialect most speaks for; none if nothing speaks for any.
    pub fn dialect(&self) -> Option<Dialect> {
        let [(best, points), ..] = self.ranked();
        (points > 0).then_some(best)
    }

    /// Does it speak so clearly for a dialect that the rest of the input cannot outweigh it?
    pub fn is_clear(&self) -> bool {
        let [(_, first), (_, second), _] = self.ranked();
        first >= 6 && first >= 2 * second
    }

    /// The families with their points, best first; PostgreSQL first among equals.
    fn ranked(&self) -> [(Dialect, u32); 3] {
        let of = |side: For| self.points[side as usize];
        let maria = of(Mariadb) > of(NotMariadb);
        let mysql = if maria { Dialect::Mariadb } else { Dialect::Mysql };
        let mut ranked = [
            (Dialect::Postgres, of(Postgres)),
            (mysql, of(Mysql) + of(Mariadb) + of(NotMariadb)),
            (Dialect::Sqlite, of(Sqlite)),
        ];
        order::sort_by_key(&mut ranked, |(_, points)| std::cmp::Reverse(*points));
        ranked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_in_order() {
        assert!(WORDS.is_sorted_by_key(|(word, ..)| *word));
    }

    #[test]
    fn dialects_by_content() {
        let cases = [
            ("select 1", None),
            ("create table t (id bigserial primary key, d jsonb)", Some(Dialect::Postgres)),
            ("select a::int from t", Some(Dialect::Postgres)),
            ("create table `t` (`id` int unsigned auto_increment)", Some(Dialect::Mysql)),
            ("-- MariaDB dump 10.19\nCREATE TABLE `t` (`a` int)", Some(Dialect::Mariadb)),
            ("create table t (id integer primary key autoincrement)", Some(Dialect::Sqlite)),
            ("insert into sqlite_stat1 values('t','i','10 1')", Some(Dialect::Sqlite)),
        ];
        for (text, want) in cases {
            assert_eq!(find_evidence(text).dialect(), want, "{text}");
        }
    }

    #[test]
    fn long_texts_are_sampled() {
        let text = format!("{}\nENGINE=InnoDB auto_increment é", "x ".repeat(WINDOW_BYTES));
        assert_eq!(find_evidence(&text).dialect(), None);
        let text = format!("ENGINE=InnoDB é{}", "é ".repeat(WINDOW_BYTES));
        assert_eq!(find_evidence(&text).dialect(), Some(Dialect::Mysql));
    }
}
