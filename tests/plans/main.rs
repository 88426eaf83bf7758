//! Plans in every format, in every frame, and damaged.
//!
//! `postgres.md` holds statements with the text and the JSON that one server printed for each; the
//! frames around them are generated (`frames.rs`). `mysql.md` and `sqlite.md` hold plans in every
//! shape their shells print.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by a panic")]

mod frames;

use sargable::Input;
use sargable::input::Piece;
use sargable::progress::Silent;
use sargable::read::intake::read_input;
use sargable::read::plan_node::PlanNode;
use sargable::read::{Facts, PastedPlan};
use sargable::report::plan_text::render_plan;
use serde_json::Value;

/// A case of a Markdown file: its title and its fenced blocks by language.
struct Case {
    title: String,
    blocks: Vec<(String, String)>,
}

impl Case {
    fn block(&self, language: &str) -> &str {
        let found = self.blocks.iter().find(|(name, _)| name == language);
        &found.unwrap_or_else(|| panic!("{}: no block {language}", self.title)).1
    }

    fn lines(&self, language: &str) -> Vec<String> {
        self.block(language).split('\n').map(str::to_owned).collect()
    }
}

fn cases(file: &str) -> Vec<Case> {
    let path = format!("{}/tests/plans/{file}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let mut cases = Vec::new();
    for section in text.split("\n## ").skip(1) {
        let title = section.split('\n').next().unwrap().to_owned();
        let mut blocks = Vec::new();
        for fenced in section.split("```").skip(1).step_by(2) {
            let (language, body) = fenced.split_once('\n').unwrap();
            blocks.push((language.to_owned(), body.trim_end_matches('\n').to_owned()));
        }
        cases.push(Case { title, blocks });
    }
    cases
}

/// What a PostgreSQL printed.
fn postgres_cases() -> Vec<Case> {
    ["postgres.md", "postgres_more.md"].into_iter().flat_map(cases).collect()
}

fn read(text: &str) -> Facts {
    let piece = Piece { text: text.to_owned(), ..Piece::default() };
    read_input(&Input { pieces: vec![piece], ..Input::default() }, &mut Silent).facts
}

/// The only plan of a paste.
fn plan(text: &str, what: &str) -> PastedPlan {
    let facts = read(text);
    assert_eq!(facts.plans.len(), 1, "{what}: plans in\n{text}\n{:#?}", facts.diagnostics);
    facts.plans.into_iter().next().unwrap()
}

/// The tree without what the text format does not print: `false`, zeros, and what needs VERBOSE.
fn comparable(node: &PlanNode) -> Value {
    strip(serde_json::to_value(node).unwrap())
}

fn strip(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.into_iter().filter(|(name, _)| name != "Inner Unique");
            let kept = kept.map(|(name, value)| (name, strip(value)));
            Value::Object(kept.filter(|(_, value)| !is_nothing(value)).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(strip).collect()),
        // An index without an order; the text says nothing of it.
        Value::String(word) if word == "NoMovement" => Value::String("Forward".to_owned()),
        other => other,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[test]
fn text_and_json_of_a_plan_are_one_tree() {
    for case in postgres_cases() {
        let text = plan(case.block("text"), &case.title);
        let json = plan(case.block("json"), &case.title);
        assert_eq!(comparable(&text.root), comparable(&json.root), "{}", case.title);
        assert_eq!((text.analyze, json.analyze), (json.analyze, case.title.contains("(analyze)")));
    }
}

/// What we print of the JSON is what the server printed. It alone knows of rows removed that are less
/// than half a row a loop, and lines of the whole plan belong to no node.
#[test]
fn a_plan_is_printed_as_the_server_prints_it() {
    let mut complaints = Vec::new();
    for case in postgres_cases() {
        let of_node = |line: &&String| !(line.contains("Rows Removed by") && line.ends_with(": 0"));
        let lines = case.lines("text");
        let tree =
            lines.iter().take_while(|line| *line != "Planning:" && !line.starts_with("Trigger"));
        let want: String = tree.filter(of_node).map(|line| format!("{line}\n")).collect();
        for block in ["json", "text"] {
            let got = render_plan(&plan(case.block(block), &case.title).root, &[]);
            if got != want {
                complaints.push(format!("{}, from {block}: want\n{want}got\n{got}", case.title));
            }
        }
    }
    assert_none(&complaints);
}

/// Fails with every complaint, the first few at length.
fn assert_none(complaints: &[String]) {
    let shown = complaints.iter().take(3).cloned().collect::<Vec<_>>().join("\n");
    assert!(complaints.is_empty(), "{} wrong, first:\n{shown}", complaints.len());
}

#[test]
fn every_frame_around_a_text_plan_is_taken_off() {
    let mut complaints = Vec::new();
    for case in postgres_cases() {
        let lines = case.lines("text");
        let want = plan(case.block("text"), &case.title).root;
        for frame in frames::for_text() {
            let what = format!("{}, {}", case.title, frame.name);
            let paste = (frame.wrap)(&lines);
            let facts = read(&paste);
            let query = facts.plans.first().and_then(|plan| plan.query.as_deref());
            let queried = query == Some("select a\n   from t");
            let roots: Vec<_> = facts.plans.iter().map(|plan| &plan.root).collect();
            if roots != [&want] || queried != frame.name.contains("above") || facts.skipped > 0 {
                complaints.push(format!("{what}, {query:?}:\n{paste}\n{:#?}", facts.diagnostics));
            }
        }
    }
    assert_none(&complaints);
}

#[test]
fn every_frame_around_a_json_plan_is_taken_off() {
    let mut complaints = Vec::new();
    for case in postgres_cases() {
        let value: Value = serde_json::from_str(case.block("json")).unwrap();
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        let lines: Vec<String> = pretty.split('\n').map(str::to_owned).collect();
        let want = plan(case.block("json"), &case.title).root;
        for frame in frames::for_cell() {
            let what = format!("{}, {}", case.title, frame.name);
            let paste = (frame.wrap)(&lines);
            let facts = read(&paste);
            let roots: Vec<_> = facts.plans.iter().map(|plan| &plan.root).collect();
            let skipped = facts.skipped > 0 && !frame.name.contains("prose");
            if roots != [&want] || skipped {
                complaints.push(format!("{what}:\n{paste}\n{:#?}", facts.diagnostics));
            }
        }
    }
    assert_none(&complaints);
}

/// A tree in short: type, relation, index, rows, conditions.
fn outline(node: &PlanNode, depth: usize, out: &mut String) {
    out.push_str(&"  ".repeat(depth));
    out.push_str(&node.node_type);
    let number = |value: Option<f64>| value.map(|value| value.to_string());
    let more = |name: &str| node.text(name).map(str::to_owned);
    for (name, value) in [
        ("on", node.relation_name.clone()),
        ("using", node.index_name.clone()),
        ("rows", number(node.plan_rows)),
        ("got", number(node.actual_rows)),
        ("if", more("Index Cond")),
        ("if", more("Filter")),
        ("for", more("Purpose")),
        ("as", more("Subplan Name")),
    ] {
        if let Some(value) = value {
            out.push_str(&format!(" {name} {value}"));
        }
    }
    out.push('\n');
    for child in &node.plans {
        outline(child, depth + 1, out);
    }
}

/// Every block of a case is the same plan; `UPDATE=1` writes its outline anew.
#[test]
fn all_shapes_of_a_plan_are_one_tree() {
    let mut complaints = Vec::new();
    for file in ["mysql.md", "sqlite.md"] {
        let path = format!("{}/tests/plans/{file}", env!("CARGO_MANIFEST_DIR"));
        let mut whole = std::fs::read_to_string(&path).unwrap();
        for case in cases(file) {
            let want = case.block("outline");
            for (shape, block) in case.blocks.iter().filter(|(name, _)| name != "outline") {
                let facts = read(block);
                let mut got = String::new();
                for plan in &facts.plans {
                    outline(&plan.root, 0, &mut got);
                }
                if got.trim_end() == want {
                    continue;
                }
                complaints.push(format!("{}, {shape}: want\n{want}\ngot\n{got}", case.title));
                let at = whole.find(&format!("\n## {}\n", case.title)).unwrap();
                let at = at + whole[at..].find("```outline\n").unwrap() + "```outline\n".len();
                let end = at + whole[at..].find("```").unwrap();
                whole.replace_range(at..end, &got);
                break;
            }
        }
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, whole).unwrap();
            complaints.clear();
        }
    }
    assert_none(&complaints);
}

/// Truncated at 20 places and with bytes flipped: no panic, and what stands before a cut is kept.
#[test]
fn damage_is_survived() {
    let mut seed = 7_u64;
    let mut random = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    for file in ["postgres.md", "postgres_more.md", "mysql.md", "sqlite.md"] {
        for case in cases(file) {
            for (_, block) in &case.blocks {
                for part in 1..20 {
                    let mut end = block.len() * part / 20;
                    while !block.is_char_boundary(end) {
                        end -= 1;
                    }
                    read(&block[..end]);
                    let mut bytes = block.clone().into_bytes();
                    for _ in 0..part {
                        let at = random(bytes.len());
                        bytes[at] = u8::try_from(random(256)).unwrap();
                    }
                    read(&String::from_utf8_lossy(&bytes));
                }
            }
        }
    }
}

#[test]
fn several_plans_in_one_paste_stay_apart() {
    let cases = postgres_cases();
    let texts: Vec<&str> = cases.iter().map(|case| case.block("text")).collect();
    for between in ["\n", "\n\n", "\n(3 rows)\n\n", "\n\nselect 1;\n\n"] {
        let facts = read(&texts.join(between));
        let got: Vec<_> = facts.plans.iter().map(|plan| plan.root.node_type.clone()).collect();
        let want: Vec<_> = texts.iter().map(|text| plan(text, "").root.node_type).collect();
        assert_eq!(got, want, "{between:?}");
    }
}
