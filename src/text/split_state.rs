//! What the splitter remembers of the statement it is in.

use super::lex::{Token, TokenKind};
use super::split_line::{is_start_word, is_strong_start};
use crate::dialect::Dialect;

/// A statement in progress.
#[derive(Debug, Default)]
pub struct State {
    /// First word, lower case.
    first: String,
    /// Words of CREATE up to the object's kind have been seen.
    created: Created,
    /// The word before, lower case; empty if the token before was none.
    last_word: String,
    last_kind: Option<TokenKind>,
    /// End of the last token that is no comment.
    pub last_end: usize,
    gap_start: usize,
    /// A line break, or a blank line or `-- name:` comment, since the last token.
    line_break: bool,
    blank_line: bool,
    depth: usize,
    /// Open BEGIN and CASE of a trigger's or routine's body.
    body: usize,
    /// A top-level SELECT, VALUES, SET ... behind the first word.
    verb: bool,
    from_stdin: bool,
    /// Where the first quote over several lines opens.
    pub first_long_quote: Option<usize>,
    /// Rows behind VALUES.
    pub rows: u64,
    /// Bytes of these rows.
    pub data_bytes: u64,
}

/// What a CREATE makes, as far as the splitter cares.
#[derive(Debug, Default, PartialEq, Eq)]
enum Created {
    #[default]
    Unknown,
    /// Trigger, function, procedure, event: may have a body.
    Routine,
    Rule,
    View,
    Other,
}

impl State {
    /// At the start of a statement.
    pub fn new(start: usize) -> State {
        State { last_end: start, gap_start: start, ..State::default() }
    }

    /// Notes line breaks between the token before and this one.
    pub fn see_gap(&mut self, text: &str, token: Token) {
        let gap = text.get(self.gap_start..token.span.start).unwrap_or("");
        let breaks = gap.bytes().filter(|b| *b == b'\n').count();
        let breaks = if breaks == 0 { gap.bytes().filter(|b| *b == b'\r').count() } else { breaks };
        self.line_break |= breaks > 0;
        self.blank_line |= breaks > 1;
        self.gap_start = token.span.end;
    }

    /// No token yet.
    pub fn is_first(&self) -> bool {
        self.last_kind.is_none()
    }

    /// Is the token just seen the first of its line?
    pub fn at_line_start(&self) -> bool {
        self.line_break || self.is_first()
    }

    /// Does `;` end the statement here?
    pub fn semicolon_ends(&self) -> bool {
        self.body == 0 && !(self.created == Created::Rule && self.depth > 0)
    }

    /// COPY ... FROM stdin.
    pub fn copies_from_stdin(&self) -> bool {
        self.from_stdin && self.first == "copy"
    }

    /// A statement in which a string may well hold SQL text.
    pub fn quotes_sql(&self) -> bool {
        matches!(self.first.as_str(), "insert" | "replace" | "comment" | "do" | "call" | "set")
            || matches!(self.created, Created::Routine | Created::Rule)
    }

    /// VALUES of an INSERT: data from here on.
    pub fn begins_values(&self, text: &str, token: Token) -> bool {
        self.depth == 0
            && matches!(self.first.as_str(), "insert" | "replace")
            && (token.is_word(text, "values") || token.is_word(text, "value"))
    }

    /// Takes in a token that did not end the statement.
    pub fn see_token(&mut self, text: &str, token: Token) {
        if token.kind == TokenKind::Comment {
            let name = token.text(text).trim_start_matches(['-', '#', '/', '*', ' ']);
            self.blank_line |= name.get(..5).is_some_and(|n| n.eq_ignore_ascii_case("name:"));
            // A line comment takes no line break with it, one after it is in the next gap.
            return;
        }
        self.line_break = false;
        self.blank_line = false;
        match token.kind {
            TokenKind::Open => self.depth += 1,
            TokenKind::Close => self.depth = self.depth.saturating_sub(1),
            TokenKind::Text | TokenKind::QuotedName
                if self.first_long_quote.is_none() && token.text(text).contains(['\n', '\r']) =>
            {
                self.first_long_quote = Some(token.span.start);
            }
            _ => {}
        }
        let word = match token.kind {
            TokenKind::Word if token.span.end - token.span.start <= 16 => {
                token.text(text).to_ascii_lowercase()
            }
            _ => String::new(),
        };
        if !word.is_empty() {
            self.see_word(&word);
        }
        self.last_word = word;
        self.last_kind = Some(token.kind);
        self.last_end = token.span.end;
    }

    fn see_word(&mut self, word: &str) {
        if self.is_first() {
            word.clone_into(&mut self.first);
            return;
        }
        if self.first == "create" && self.created == Created::Unknown {
            self.created = match word {
                "trigger" | "function" | "procedure" | "event" | "package" => Created::Routine,
                "rule" => Created::Rule,
                "view" => Created::View,
                "table" | "index" | "type" | "schema" | "sequence" | "domain" | "aggregate" => {
                    Created::Other
                }
                _ => Created::Unknown,
            };
        }
        if self.depth == 0 {
            let verbs = ["select", "values", "value", "set", "insert", "update", "delete", "table"];
            self.verb |= verbs.contains(&word);
        }
        self.from_stdin |= word == "stdin" && self.last_word == "from";
        if self.created == Created::Routine {
            self.see_body_word(word);
        }
    }

    /// Counts BEGIN and CASE against END; `END IF`, `END LOOP` and the like close what is not counted.
    fn see_body_word(&mut self, word: &str) {
        match word {
            "begin" => self.body += 1,
            "case" if self.body > 0 && self.last_word != "end" => self.body += 1,
            "end" => self.body = self.body.saturating_sub(1),
            "if" | "loop" | "while" | "repeat" | "for" if self.last_word == "end" => self.body += 1,
            _ => {}
        }
    }

    /// A word at the start of a line: does another statement begin with it, though no terminator ended
    /// this one?
    pub fn ends_before(&self, text: &str, token: Token, dialect: Dialect) -> bool {
        if token.kind != TokenKind::Word || !is_start_word(token.text(text)) {
            return false;
        }
        if self.body > 0 {
            let column_0 = text.as_bytes().get(token.span.start.wrapping_sub(1)) == Some(&b'\n');
            return column_0
                && dialect == Dialect::Postgres
                && is_strong_start(text, token.span.start);
        }
        if is_strong_start(text, token.span.start) && self.first != "explain" {
            return true;
        }
        self.blank_line && self.depth == 0 && self.is_complete() && self.may_begin(text, token)
    }

    /// Could the statement end with the token before?
    fn is_complete(&self) -> bool {
        let open = [
            "all",
            "also",
            "analyze",
            "and",
            "as",
            "begin",
            "by",
            "cross",
            "delete",
            "distinct",
            "do",
            "else",
            "except",
            "exists",
            "explain",
            "for",
            "from",
            "full",
            "group",
            "in",
            "inner",
            "instead",
            "intersect",
            "into",
            "join",
            "key",
            "left",
            "materialized",
            "minus",
            "not",
            "on",
            "only",
            "or",
            "order",
            "recursive",
            "right",
            "select",
            "set",
            "table",
            "then",
            "union",
            "using",
            "values",
            "verbose",
            "when",
            "where",
            "with",
        ];
        let needs_verb = match self.first.as_str() {
            "with" | "insert" | "replace" | "explain" | "prepare" | "update" | "declare" => true,
            "create" => self.created == Created::View || self.created == Created::Rule,
            _ => false,
        };
        !matches!(
            self.last_kind,
            Some(TokenKind::Comma | TokenKind::Operator | TokenKind::Open | TokenKind::Dot) | None
        ) && !open.contains(&self.last_word.as_str())
            && (self.verb || !needs_verb)
    }

    /// Is a line that begins with this word likely another statement, not a clause of this one?
    fn may_begin(&self, text: &str, token: Token) -> bool {
        let clause =
            ["analyze", "begin", "comment", "replace", "set", "start", "use", "with", "lock"];
        let word = token.text(text).to_ascii_lowercase();
        if clause.contains(&word.as_str()) {
            return matches!(self.first.as_str(), "select" | "set" | "use" | "pragma" | "show")
                && word != "lock";
        }
        self.first != "alter" || !matches!(word.as_str(), "alter" | "drop")
    }
}
