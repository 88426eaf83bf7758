//! Words that cannot be names where a name may end or begin a clause. As few as possible: servers
//! reserve more, but who writes `SELECT end FROM t` to a server that takes it is right. All of them
//! are asked for in lower case.

/// May this word be an alias of a table without AS? Not one that follows an entry of FROM.
pub fn is_table_alias(word: &str) -> bool {
    !matches!(
        word,
        "and"
            | "as"
            | "cross"
            | "except"
            | "fetch"
            | "for"
            | "force"
            | "from"
            | "full"
            | "group"
            | "having"
            | "ignore"
            | "indexed"
            | "inner"
            | "intersect"
            | "into"
            | "join"
            | "lateral"
            | "left"
            | "limit"
            | "lock"
            | "minus"
            | "natural"
            | "not"
            | "offset"
            | "on"
            | "or"
            | "order"
            | "outer"
            | "partition"
            | "returning"
            | "right"
            | "select"
            | "set"
            | "straight_join"
            | "tablesample"
            | "then"
            | "union"
            | "use"
            | "using"
            | "values"
            | "when"
            | "where"
            | "window"
            | "with"
    )
}

/// May this word be an alias of an expression without AS? Not one that follows an entry of the select
/// list.
pub fn is_column_alias(word: &str) -> bool {
    !matches!(
        word,
        "and"
            | "as"
            | "asc"
            | "case"
            | "cross"
            | "desc"
            | "else"
            | "end"
            | "escape"
            | "except"
            | "fetch"
            | "for"
            | "from"
            | "full"
            | "group"
            | "having"
            | "in"
            | "inner"
            | "intersect"
            | "into"
            | "is"
            | "join"
            | "left"
            | "like"
            | "limit"
            | "lock"
            | "minus"
            | "natural"
            | "not"
            | "offset"
            | "on"
            | "or"
            | "order"
            | "returning"
            | "right"
            | "select"
            | "separator"
            | "then"
            | "union"
            | "using"
            | "values"
            | "when"
            | "where"
            | "window"
            | "with"
    )
}

/// May this word be the name of a column? Not one that begins a clause: the one in front has ended too
/// early.
pub fn is_column_name(word: &str) -> bool {
    !matches!(
        word,
        "and"
            | "as"
            | "asc"
            | "desc"
            | "else"
            | "except"
            | "fetch"
            | "for"
            | "from"
            | "full"
            | "group"
            | "having"
            | "in"
            | "inner"
            | "intersect"
            | "into"
            | "is"
            | "join"
            | "like"
            | "limit"
            | "natural"
            | "on"
            | "or"
            | "order"
            | "returning"
            | "select"
            | "set"
            | "then"
            | "union"
            | "using"
            | "when"
            | "where"
            | "with"
    )
}

/// Does a query begin with this word?
pub fn begins_query(word: &str) -> bool {
    matches!(word, "select" | "with" | "values" | "table")
}
