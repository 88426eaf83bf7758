//! What a partition holds, read from its `FOR VALUES` as written.

/// The rows that a partition takes.
#[derive(Debug, Clone, PartialEq)]
pub enum Bound {
    /// `FROM (...) TO (...)`: by key, from this on, up to but without that.
    Range(Vec<Edge>, Vec<Edge>),
    /// `IN (...)`; `None` is NULL.
    List(Vec<Option<String>>),
    /// `WITH (MODULUS m, REMAINDER r)`.
    Hash(u64, u64),
    /// `DEFAULT`: what the others do not take.
    Default,
}

/// One end of a range, for one key.
#[derive(Debug, Clone, PartialEq)]
pub enum Edge {
    /// `MINVALUE`
    Min,
    /// A value in its text form.
    At(String),
    /// `MAXVALUE`
    Max,
}

#[derive(Debug, PartialEq)]
enum Token {
    Word(String),
    Text(String),
    Sign(char),
}

/// Reads a bound. `None`: it is no such text.
pub fn read_bound(text: &str) -> Option<Bound> {
    let tokens = tokens(text);
    let word = |wanted: &str| tokens.iter().position(|token| is_word(token, wanted));
    if word("default").is_some() {
        return Some(Bound::Default);
    }
    if let (Some(from), Some(to)) = (word("from"), word("to")) {
        let edges = |at: usize| -> Option<Vec<Edge>> {
            Some(items(tokens.get(at + 1..)?).into_iter().map(edge).collect())
        };
        return Some(Bound::Range(edges(from)?, edges(to)?));
    }
    if let Some(at) = word("in") {
        let values = items(tokens.get(at + 1..)?);
        return Some(Bound::List(values.into_iter().map(list_value).collect()));
    }
    let number = |name: &str| match tokens.get(word(name)? + 1)? {
        Token::Word(digits) => digits.parse().ok(),
        _ => None,
    };
    Some(Bound::Hash(number("modulus")?, number("remainder")?))
}

fn is_word(token: &Token, wanted: &str) -> bool {
    matches!(token, Token::Word(word) if word.eq_ignore_ascii_case(wanted))
}

fn tokens(text: &str) -> Vec<Token> {
    let mut out = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c == '\'' {
            let mut value = String::new();
            while let Some(c) = rest.next() {
                // A doubled quote stands for one.
                if c == '\'' && rest.next_if_eq(&'\'').is_none() {
                    break;
                }
                value.push(c);
            }
            out.push(Token::Text(value));
        } else if is_wordy(c) {
            let mut word = String::from(c);
            while let Some(c) = rest.next_if(|c| is_wordy(*c)) {
                word.push(c);
            }
            out.push(Token::Word(word));
        } else if !c.is_whitespace() {
            out.push(Token::Sign(c));
        }
    }
    out
}

fn is_wordy(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '+' | '-')
}

/// The values in the first pair of parentheses: of each item the quoted text, else its first word, so
/// that types around it do not count.
fn items(tokens: &[Token]) -> Vec<&Token> {
    let mut out: Vec<Option<&Token>> = vec![None];
    let mut depth = 0_usize;
    for token in tokens {
        match token {
            Token::Sign('(') => depth += 1,
            Token::Sign(')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    break;
                }
            }
            Token::Sign(',') if depth == 1 => out.push(None),
            Token::Sign(_) => {}
            value => {
                if let Some(item) = out.last_mut()
                    && !matches!(
                        (&item, value),
                        (Some(Token::Text(_)), _) | (Some(_), Token::Word(_))
                    )
                {
                    *item = Some(value);
                }
            }
        }
    }
    out.into_iter().flatten().collect()
}

fn edge(token: &Token) -> Edge {
    match token {
        token if is_word(token, "minvalue") => Edge::Min,
        token if is_word(token, "maxvalue") => Edge::Max,
        token => Edge::At(text_of(token)),
    }
}

fn list_value(token: &Token) -> Option<String> {
    (!is_word(token, "null")).then(|| text_of(token))
}

fn text_of(token: &Token) -> String {
    match token {
        Token::Word(text) | Token::Text(text) => text.clone(),
        Token::Sign(sign) => sign.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_read_as_written() {
        let at = |text: &str| Edge::At(text.to_owned());
        assert_eq!(
            read_bound(
                "FOR VALUES FROM ('it''s'::character varying(9), -5) TO (DATE 'x', MAXVALUE)"
            ),
            Some(Bound::Range(vec![at("it's"), at("-5")], vec![at("x"), Edge::Max]))
        );
        assert_eq!(
            read_bound("for values in ('a,b', null, 3)"),
            Some(Bound::List(vec![Some("a,b".to_owned()), None, Some("3".to_owned())]))
        );
        assert_eq!(read_bound("FOR VALUES WITH (modulus 4, remainder 1)"), Some(Bound::Hash(4, 1)));
        assert_eq!(read_bound("DEFAULT"), Some(Bound::Default));
        assert_eq!(read_bound("FOR VALUES ("), None);
    }
}
