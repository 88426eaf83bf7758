//! Regular expressions: a matcher for the part of PostgreSQL's that people write (literals, classes,
//! groups, alternatives, quantifiers, anchors), their fixed prefix, and what the rest keeps
//! (`regex_selectivity` of `like_support.c`). Look-around and back references are not known.

use super::like::{ANY_CHAR, FIXED_CHAR, FULL_WILDCARD};
use super::pattern::Prefix;
use super::variable::clamp;

/// `CHAR_RANGE_SEL`, `PARTIAL_WILDCARD_SEL`.
const CHAR_RANGE: f64 = 0.25;
const PARTIAL_WILDCARD: f64 = 2.0;
/// Groups inside groups.
const DEPTH_MAX: usize = 50;
/// Steps of a match before it is given up as none.
const STEPS_MAX: usize = 20_000;

/// A parsed expression.
#[derive(Debug, Clone)]
pub struct Regex {
    alternatives: Vec<Vec<Node>>,
    ignores_case: bool,
}

#[derive(Debug, Clone)]
enum Node {
    Char(char),
    Any,
    Class(Vec<(char, char)>, bool),
    Start,
    End,
    /// `\m`, `\M`, `\y`: an edge of a word.
    Edge,
    Group(Vec<Vec<Node>>),
    Repeat(Box<Node>, usize, usize),
}

impl Regex {
    /// `None` for what is not known here.
    pub fn parse(pattern: &str, ignores_case: bool) -> Option<Regex> {
        let folded = if ignores_case { pattern.to_lowercase() } else { pattern.to_owned() };
        let mut parser = Parser { chars: folded.chars().collect(), at: 0 };
        let alternatives = parser.alternatives(0)?;
        (parser.at == parser.chars.len()).then_some(Regex { alternatives, ignores_case })
    }

    /// Does any part of the text match?
    pub fn is_match(&self, text: &str) -> bool {
        let text: Vec<char> = match self.ignores_case {
            true => text.to_lowercase().chars().collect(),
            false => text.chars().collect(),
        };
        let mut search = Search { text: &text, steps: 0 };
        (0..=text.len()).any(|from| {
            let mut branches = self.alternatives.iter();
            branches.any(|branch| search.sequence(branch, from, &mut |_, _| true))
        })
    }
}

struct Parser {
    chars: Vec<char>,
    at: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    fn alternatives(&mut self, depth: usize) -> Option<Vec<Vec<Node>>> {
        if depth > DEPTH_MAX {
            return None;
        }
        let mut all = vec![Vec::new()];
        while let Some(c) = self.peek() {
            match c {
                ')' if depth > 0 => break,
                '|' => {
                    self.at += 1;
                    all.push(Vec::new());
                }
                _ => {
                    let node = self.atom(depth)?;
                    let node = self.quantified(node)?;
                    all.last_mut()?.push(node);
                }
            }
        }
        Some(all)
    }

    fn atom(&mut self, depth: usize) -> Option<Node> {
        Some(match self.next()? {
            '.' => Node::Any,
            '^' => Node::Start,
            '$' => Node::End,
            '[' => self.class()?,
            '(' => {
                if self.peek() == Some('?') {
                    self.at += 1;
                    if self.next()? != ':' {
                        return None;
                    }
                }
                let inner = self.alternatives(depth + 1)?;
                if self.next()? != ')' {
                    return None;
                }
                Node::Group(inner)
            }
            '\\' => escape(self.next()?)?,
            '*' | '+' | '?' => return None,
            c => Node::Char(c),
        })
    }

    fn class(&mut self) -> Option<Node> {
        let is_negated = self.peek() == Some('^');
        self.at += usize::from(is_negated);
        let mut ranges = Vec::new();
        let mut is_first = true;
        loop {
            match self.next()? {
                ']' if !is_first => return Some(Node::Class(ranges, is_negated)),
                '[' if self.peek() == Some(':') => {
                    let name: String =
                        self.chars.iter().skip(self.at + 1).take_while(|c| **c != ':').collect();
                    self.at += name.chars().count() + 3;
                    ranges.extend(named_class(&name)?);
                }
                '\\' => match escape(self.next()?)? {
                    Node::Char(c) => ranges.push((c, c)),
                    Node::Class(inner, false) => ranges.extend(inner),
                    _ => return None,
                },
                low if self.peek() == Some('-') && self.chars.get(self.at + 1) != Some(&']') => {
                    self.at += 1;
                    ranges.push((low, self.next()?));
                }
                c => ranges.push((c, c)),
            }
            is_first = false;
        }
    }

    fn quantified(&mut self, mut node: Node) -> Option<Node> {
        while let Some(c) = self.peek() {
            let (least, most) = match c {
                '*' => (0, usize::MAX),
                '+' => (1, usize::MAX),
                '?' => (0, 1),
                '{' => {
                    let inner: String =
                        self.chars.iter().skip(self.at + 1).take_while(|c| **c != '}').collect();
                    self.at += inner.chars().count() + 1;
                    let (least, most) = match inner.split_once(',') {
                        Some((least, "")) => (least.parse().ok()?, usize::MAX),
                        Some((least, most)) => (least.parse().ok()?, most.parse().ok()?),
                        None => (inner.parse().ok()?, inner.parse().ok()?),
                    };
                    (least, most)
                }
                _ => break,
            };
            self.at += 1;
            // A non-greedy mark changes which match is found, not whether.
            self.at += usize::from(self.peek() == Some('?'));
            node = Node::Repeat(Box::new(node), least, most);
        }
        Some(node)
    }
}

fn escape(c: char) -> Option<Node> {
    let class = |name: &str, negated: bool| Some(Node::Class(named_class(name)?, negated));
    match c {
        'd' => class("digit", false),
        'D' => class("digit", true),
        's' => class("space", false),
        'S' => class("space", true),
        'w' => class("word", false),
        'W' => class("word", true),
        'A' => Some(Node::Start),
        'Z' => Some(Node::End),
        'm' | 'M' | 'y' => Some(Node::Edge),
        'n' => Some(Node::Char('\n')),
        't' => Some(Node::Char('\t')),
        c if c.is_ascii_alphanumeric() => None,
        c => Some(Node::Char(c)),
    }
}

fn named_class(name: &str) -> Option<Vec<(char, char)>> {
    Some(match name {
        "digit" => vec![('0', '9')],
        "space" => vec![(' ', ' '), ('\t', '\r')],
        "lower" => vec![('a', 'z')],
        "upper" => vec![('A', 'Z')],
        "alpha" => vec![('a', 'z'), ('A', 'Z')],
        "alnum" => vec![('a', 'z'), ('A', 'Z'), ('0', '9')],
        "word" => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_')],
        "punct" => vec![('!', '/'), (':', '@'), ('[', '`'), ('{', '~')],
        _ => return None,
    })
}

/// What comes after a node; takes the search along, so that its steps are counted.
type Then<'t> = dyn FnMut(&mut Search<'_>, usize) -> bool + 't;

struct Search<'x> {
    text: &'x [char],
    steps: usize,
}

impl Search<'_> {
    fn sequence(&mut self, nodes: &[Node], at: usize, then: &mut Then<'_>) -> bool {
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return false;
        }
        match nodes.split_first() {
            None => then(self, at),
            Some((first, rest)) => {
                self.node(first, at, &mut |search, at| search.sequence(rest, at, then))
            }
        }
    }

    fn node(&mut self, node: &Node, at: usize, then: &mut Then<'_>) -> bool {
        let c = self.text.get(at).copied();
        match node {
            Node::Char(wanted) => c == Some(*wanted) && then(self, at + 1),
            Node::Any => c.is_some() && then(self, at + 1),
            Node::Class(ranges, is_negated) => {
                let is_in = |c: char| ranges.iter().any(|(low, high)| (*low..=*high).contains(&c));
                c.is_some_and(|c| is_in(c) != *is_negated) && then(self, at + 1)
            }
            Node::Start => at == 0 && then(self, at),
            Node::End => at == self.text.len() && then(self, at),
            Node::Edge => {
                let is_word =
                    |c: Option<&char>| c.is_some_and(|c| c.is_alphanumeric() || *c == '_');
                let before = at.checked_sub(1).and_then(|before| self.text.get(before));
                is_word(before) != is_word(self.text.get(at)) && then(self, at)
            }
            Node::Group(branches) => branches.iter().any(|branch| self.sequence(branch, at, then)),
            Node::Repeat(inner, least, most) => self.repeat(inner, *least, *most, at, then),
        }
    }

    fn repeat(
        &mut self,
        inner: &Node,
        least: usize,
        most: usize,
        at: usize,
        then: &mut Then<'_>,
    ) -> bool {
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return false;
        }
        let more = most > 0
            && self.node(inner, at, &mut |search, next| {
                // A repetition of nothing leads nowhere.
                (next > at || least > 0)
                    && search.repeat(
                        inner,
                        least.saturating_sub(1),
                        if most == usize::MAX { most } else { most - 1 },
                        next,
                        then,
                    )
            });
        more || (least == 0 && then(self, at))
    }
}

/// The text that every match begins with, if the pattern is anchored, and what the rest keeps.
pub fn prefix(pattern: &str, ignores_case: bool) -> Prefix {
    let mut text = String::new();
    let mut is_exact = false;
    if let Some(Regex { alternatives, .. }) = Regex::parse(pattern, false)
        && let [nodes] = alternatives.as_slice()
        && let Some((Node::Start, rest)) = nodes.split_first()
    {
        is_exact = fixed(rest, ignores_case, &mut text) == Fixed::ToEnd;
    }
    // Without a prefix an anchored end alone is no exact match.
    is_exact &= !text.is_empty();
    let rest = if is_exact { 1.0 } else { regex_part(pattern, text.len()) };
    Prefix { text, is_exact, rest }
}

#[derive(PartialEq)]
enum Fixed {
    /// All nodes are fixed characters.
    All,
    /// And the text ends there.
    ToEnd,
    /// Something else follows.
    Part,
}

fn fixed(nodes: &[Node], ignores_case: bool, text: &mut String) -> Fixed {
    for node in nodes {
        match node {
            Node::Char(c) if !(ignores_case && c.is_alphabetic()) => text.push(*c),
            Node::End => return Fixed::ToEnd,
            Node::Group(branches) => match branches.as_slice() {
                [one] => match fixed(one, ignores_case, text) {
                    Fixed::All => {}
                    other => return other,
                },
                _ => return Fixed::Part,
            },
            _ => return Fixed::Part,
        }
    }
    Fixed::All
}

/// `regex_selectivity`: without `$` at its end a pattern goes on with anything.
fn regex_part(pattern: &str, prefix_len: usize) -> f64 {
    let bytes = pattern.as_bytes();
    let is_anchored = pattern.ends_with('$') && !pattern.ends_with("\\$");
    let mut part = if is_anchored {
        sub_part(bytes.get(..bytes.len() - 1).unwrap_or(&[]), 0)
    } else {
        sub_part(bytes, 0) * FULL_WILDCARD
    };
    if prefix_len > 0 {
        let prefix = libm::pow(FIXED_CHAR, prefix_len as f64);
        if prefix > 0.0 {
            part /= prefix;
        }
    }
    clamp(part)
}

/// `regex_selectivity_sub`: character by character, groups by themselves.
fn sub_part(pattern: &[u8], level: usize) -> f64 {
    let mut part = 1.0;
    let (mut depth, mut open, mut at) = (0usize, 0, 0);
    if level > DEPTH_MAX {
        return part;
    }
    while let Some(byte) = pattern.get(at) {
        let mut factor = match byte {
            b'(' => {
                if depth == 0 {
                    open = at;
                }
                depth += 1;
                1.0
            }
            b')' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    part *= sub_part(pattern.get(open + 1..at).unwrap_or(&[]), level + 1);
                }
                1.0
            }
            b'|' if depth == 0 => {
                part += sub_part(pattern.get(at + 1..).unwrap_or(&[]), level + 1);
                break;
            }
            b'[' => {
                at += 1;
                let is_negated = pattern.get(at) == Some(&b'^');
                at += usize::from(is_negated);
                at += usize::from(pattern.get(at) == Some(&b']'));
                while pattern.get(at).is_some_and(|byte| *byte != b']') {
                    at += 1;
                }
                if is_negated { 1.0 - CHAR_RANGE } else { CHAR_RANGE }
            }
            b'.' => ANY_CHAR,
            b'*' | b'?' | b'+' => PARTIAL_WILDCARD,
            b'{' => {
                while pattern.get(at).is_some_and(|byte| *byte != b'}') {
                    at += 1;
                }
                PARTIAL_WILDCARD
            }
            b'\\' => {
                at += 1;
                if at >= pattern.len() { 1.0 } else { FIXED_CHAR }
            }
            _ => FIXED_CHAR,
        };
        if depth > 0 {
            factor = 1.0;
        }
        part *= factor;
        at += 1;
    }
    part.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_match() {
        let cases = [
            ("^a.c$", "abc", true),
            ("^a.c$", "abcd", false),
            ("b+", "abbbc", true),
            ("^(foo|bar)[0-9]{2,3}$", "bar123", true),
            ("^(foo|bar)[0-9]{2,3}$", "bar1234", false),
            ("\\d\\d-[[:alpha:]]", "x12-y", true),
            ("(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaac", false),
            ("[^x]", "x", false),
        ];
        for (pattern, text, want) in cases {
            assert_eq!(Regex::parse(pattern, false).unwrap().is_match(text), want, "{pattern}");
        }
        assert!(Regex::parse("ABC", true).unwrap().is_match("xabcx"));
        assert!(Regex::parse("(?=a)", false).is_none());
    }

    #[test]
    fn prefixes() {
        assert_eq!(prefix("^abc", false).text, "abc");
        assert!(prefix("^abc$", false).is_exact);
        assert_eq!(prefix("^ab(c|d)", false).text, "ab");
        assert_eq!(prefix("abc", false).text, "");
        assert_eq!(prefix("^ab*", false).text, "a");
    }
}
