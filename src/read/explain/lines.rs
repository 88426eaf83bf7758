//! The lines of one plan in EXPLAIN's text format: out of their frame, rejoined where a terminal cut
//! them, each known for what it is.

use super::node::is_node;
use crate::text::unframe::{FramedLine, LineKind, unframe};

/// A line of a plan as the server printed it.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanLine {
    /// Byte offset of its first original line.
    pub start: usize,
    /// Spaces before it.
    pub indent: usize,
    /// Without its indentation.
    pub text: String,
    /// What it is.
    pub kind: Kind,
}

/// What a line of a plan is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The top node.
    Root,
    /// `->  Seq Scan on t`; the text begins behind the arrow.
    Node,
    /// `SubPlan 1`, `InitPlan 1 (returns $0)`, `CTE x`: the node below it hangs on it.
    Subplan,
    /// `Name: value`.
    Property,
    /// `Update on t_1`: one of several tables that a ModifyTable writes to.
    Target,
    /// Of the whole plan: `Planning Time: 1 ms`, `JIT:`, `Trigger x: ...`.
    Whole,
}

/// The plan whose root node (or the frame above it) begins at byte `at`, and where it ends. None
/// when no plan begins there.
pub fn plan_lines(text: &str, at: usize) -> Option<(Vec<PlanLine>, usize)> {
    let mut reader = Reader::default();
    for line in unframe(text, at) {
        if !reader.take(line) {
            break;
        }
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    lines: Vec<PlanLine>,
    /// A title stood above: the root may be anything.
    titled: bool,
    /// The end of the last line that belongs to the plan.
    end: usize,
    /// Brackets and quotes that the last line leaves open.
    open: Open,
    /// Width of the last original line, and the widest so far.
    width: usize,
    /// The last original line ended in space.
    padded: bool,
    widest: usize,
    /// A closing line was seen: `(8 rows)`.
    closed: bool,
    /// Blank lines before this one.
    blank: bool,
}

impl Reader {
    /// False when the line is not part of the plan any more.
    fn take(&mut self, line: FramedLine<'_>) -> bool {
        let begun = !self.lines.is_empty();
        match line.kind {
            LineKind::Blank => {
                self.blank = true;
                return true;
            }
            LineKind::Header if begun => return false,
            LineKind::Header => self.titled = true,
            LineKind::Rule => {
                self.widest = self.widest.max(line.width);
                if begun {
                    self.end = line.end;
                }
            }
            LineKind::Footer => {
                if !begun {
                    return false;
                }
                self.end = line.end;
                self.closed = true;
            }
            LineKind::Content if self.closed => return false,
            LineKind::Content => {
                if !self.take_content(&line) {
                    return false;
                }
                self.end = line.end;
                self.width = line.width;
                self.padded = line.padded;
                self.widest = self.widest.max(line.width);
                self.blank = false;
            }
        }
        true
    }

    fn take_content(&mut self, line: &FramedLine<'_>) -> bool {
        let text = line.text.trim_start();
        let indent = line.text.len() - text.len();
        let mut kind = self.classify(text, indent);
        if kind == Some(Kind::Root) && self.lines.is_empty() {
            self.push(line.start, indent, text.trim_start_matches("-> "), Kind::Root);
            return true;
        }
        if self.lines.is_empty() {
            return false;
        }
        let certain = matches!(kind, Some(Kind::Node | Kind::Subplan))
            || (kind.is_some() && is_known_property(text));
        if self.open.is_open() && !certain {
            kind = None;
        }
        match kind {
            Some(Kind::Root) => return false,
            Some(Kind::Node) => {
                let body = text.trim_start_matches("->").trim_start();
                self.push(line.start, indent, body, Kind::Node);
            }
            Some(kind) => self.push(line.start, indent, text, kind),
            None => return self.join(&line.text),
        }
        true
    }

    fn classify(&self, text: &str, indent: usize) -> Option<Kind> {
        let body = text.strip_prefix("->").filter(|_| !self.lines.is_empty());
        if let Some(body) = body {
            let arrow = body.starts_with(' ') && (is_node(body.trim_start()) || has_numbers(body));
            let unknown = body.starts_with("  ") && !self.open.is_open();
            return (arrow || unknown).then_some(Kind::Node);
        }
        if text.starts_with("(cost=") || text.starts_with("(actual ") {
            return None;
        }
        if is_subplan(text) && !self.lines.is_empty() {
            return Some(Kind::Subplan);
        }
        let target = ["Insert on ", "Update on ", "Delete on ", "Merge on ", "Foreign "];
        let root_indent = self.lines.first().map_or(0, |root| root.indent);
        let names_target = target.iter().any(|lead| text.starts_with(lead)) && !has_numbers(text);
        if names_target && !self.lines.is_empty() && indent > root_indent {
            return Some(Kind::Target);
        }
        if self.lines.is_empty() && text.starts_with("->") {
            return has_numbers(text).then_some(Kind::Root);
        }
        let node = is_node(text) || (has_numbers(text) && is_name(text));
        let known_root = node && (has_numbers(text) || !text.contains(": "));
        if self.lines.is_empty() {
            let root = known_root || (self.titled && is_name(text));
            return root.then_some(Kind::Root);
        }
        if is_whole(text) {
            return Some(Kind::Whole);
        }
        if known_root && (indent <= root_indent || has_numbers(text)) && !self.open.is_open() {
            return Some(Kind::Root);
        }
        let name = property_name(text)?;
        let below = indent > root_indent;
        let known = KNOWN.contains(&name) || name.starts_with("Worker ");
        // The tail of a line that was cut may look like `Memory: 26kB`.
        let tail = self.is_full() && self.lines.last().is_some_and(|last| indent < last.indent);
        (known || (below && !self.blank && !tail)).then_some(Kind::Property)
    }

    /// Joins a line that a terminal cut off the one before it.
    fn join(&mut self, text: &str) -> bool {
        let numbers = ["(cost=", "(actual ", "(never executed)"];
        let goes_on = self.open.is_open()
            || self.lines.last().is_some_and(|last| last.text.ends_with(','))
            || numbers.iter().any(|lead| text.trim_start().starts_with(lead))
            || self.is_full();
        let Some(last) = self.lines.last_mut().filter(|_| goes_on && !self.blank) else {
            return false;
        };
        let body = text.trim_start();
        if body.len() < text.len() || self.padded {
            last.text.push(' ');
        }
        last.text.push_str(body);
        self.open.read(body);
        true
    }

    /// The last original line is as wide as any, so a terminal may have cut it.
    fn is_full(&self) -> bool {
        self.width >= 20 && self.width >= self.widest
    }

    fn push(&mut self, start: usize, indent: usize, text: &str, kind: Kind) {
        self.open = Open::default();
        self.open.read(text);
        self.lines.push(PlanLine { start, indent, text: text.to_owned(), kind });
    }

    fn finish(self) -> Option<(Vec<PlanLine>, usize)> {
        let root = self.lines.first()?;
        let below = self.lines.get(1).is_some_and(|line| line.indent > root.indent);
        let scan = root.text.contains(" Scan on ") || root.text.contains(" Scan using ");
        let plan = self.titled || has_numbers(&root.text) || below || scan;
        plan.then_some((self.lines, self.end))
    }
}

/// Brackets and quotes left open, read piece by piece.
#[derive(Default)]
struct Open {
    depth: usize,
    quote: Option<char>,
}

impl Open {
    fn read(&mut self, text: &str) {
        for c in text.chars() {
            match (self.quote, c) {
                (Some(open), c) if open == c => self.quote = None,
                (Some(_), _) => {}
                (None, '\'' | '"') => self.quote = Some(c),
                (None, '(') => self.depth += 1,
                (None, ')') => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }

    fn is_open(&self) -> bool {
        self.depth > 0 || self.quote.is_some()
    }
}

fn has_numbers(text: &str) -> bool {
    text.contains("(cost=") || text.contains("(actual ") || text.contains("(never executed)")
}

/// Words and names only, as a node of an extension may be called.
fn is_name(text: &str) -> bool {
    let head = super::node::head(text).trim();
    let first = head.chars().next();
    first.is_some_and(char::is_uppercase) && !head.contains([';', '=', ':'])
}

fn is_subplan(text: &str) -> bool {
    let leads = ["SubPlan", "InitPlan"];
    let plain = leads.iter().filter_map(|lead| text.strip_prefix(lead));
    let mut plain = plain.filter(|rest| rest.is_empty() || rest.starts_with(' '));
    let cte = text.strip_prefix("CTE ").is_some_and(|name| !name.starts_with("Scan"));
    (plain.next().is_some() || cte) && !text.contains(": ")
}

/// `Name` of `Name: value`.
pub fn property_name(text: &str) -> Option<&str> {
    let (name, value) = text.split_once(':')?;
    let shaped = name.len() <= 48
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || " /-_".contains(c));
    (shaped && (value.is_empty() || value.starts_with(' '))).then_some(name)
}

fn is_known_property(text: &str) -> bool {
    property_name(text).is_some_and(|name| KNOWN.contains(&name) || name.starts_with("Worker "))
        || is_whole(text)
}

/// Lines about the whole plan, behind its nodes.
fn is_whole(text: &str) -> bool {
    let names = [
        "Planning Time:",
        "Planning time:",
        "Execution Time:",
        "Execution time:",
        "Total runtime:",
        "Planning:",
        "JIT:",
        "Settings:",
        "Query Identifier:",
        "Serialization:",
        "Trigger ",
        "Triggers:",
    ];
    names.iter().any(|name| text.starts_with(name))
}

/// Names of properties that are recognised wherever they stand.
const KNOWN: [&str; 67] = [
    "Async Capable",
    "Average Sort Space Used",
    "Batches",
    "Buckets",
    "Buffers",
    "Cache Key",
    "Cache Mode",
    "Conflict Arbiter Indexes",
    "Conflict Filter",
    "Conflict Resolution",
    "Conflicting Tuples",
    "Disabled",
    "Disabled Nodes",
    "Estimates",
    "Exact Heap Blocks",
    "Filter",
    "Full-sort Groups",
    "Function Call",
    "Function Name",
    "Group Key",
    "Hash Cond",
    "Hash Key",
    "Heap Blocks",
    "Heap Fetches",
    "Hits",
    "I/O Timings",
    "Index Cond",
    "Index Name",
    "Index Searches",
    "Inner Unique",
    "Join Filter",
    "Join Type",
    "Merge Cond",
    "One-Time Filter",
    "Order By",
    "Output",
    "Params Evaluated",
    "Partial Mode",
    "Peak Memory Usage",
    "Planned Partitions",
    "Pre-sorted Groups",
    "Presorted Key",
    "Recheck Cond",
    "Relations",
    "Remote SQL",
    "Repeatable Seed",
    "Replaces",
    "Rows Removed by Conflict Filter",
    "Rows Removed by Filter",
    "Rows Removed by Index Recheck",
    "Rows Removed by Join Filter",
    "Run Condition",
    "Sampling",
    "Single Copy",
    "Sort Key",
    "Sort Method",
    "Storage",
    "Strategy",
    "Subplans Removed",
    "TID Cond",
    "Table Function Call",
    "Tuples",
    "Tuples Inserted",
    "WAL",
    "Window",
    "Workers Launched",
    "Workers Planned",
];
