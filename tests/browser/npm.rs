//! The npm package: the same JSON as the command, of the types that it declares.

use std::path::Path;

use sargable::input::{Budget, Options, Piece};
use sargable::progress::Silent;
use sargable::report::json::render_json;
use sargable::{Input, Report};
use serde_json::{Value, json};

use crate::types::Types;
use crate::{Site, Test};

pub const TESTS: &[Test] = &[
    ("analyzes in another page as the command does", same_report),
    ("declares the types of what it takes and gives", types_fit),
    ("shows an example of itself", example),
];

const FILES: [&str; 4] = ["schema.sql", "queries.sql", "plans.txt", "statistics.json"];

fn inputs() -> Vec<Input> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("www/samples");
    let read = |sample: &str, file: &str| Piece {
        name: Some(file.to_owned()),
        text: std::fs::read_to_string(folder.join(sample).join(file)).expect(file),
        ..Piece::default()
    };
    let mut inputs: Vec<Input> = ["bots", "health", "agents"]
        .iter()
        .map(|sample| Input {
            pieces: FILES.iter().map(|file| read(sample, file)).collect(),
            ..Input::default()
        })
        .collect();
    let broken = Piece { text: "SELECT FROM WHERE (;".to_owned(), ..Piece::default() };
    inputs.push(Input { pieces: vec![broken], ..Input::default() });
    if let Some(first) = inputs.first_mut() {
        let trials = vec!["DROP INDEX nothing".to_owned()];
        let budget = Some(Budget::Percent(25.0));
        first.options = Options { budget, calibrate: true, trials, ..Options::default() };
    }
    inputs
}

fn report(input: &Input) -> Value {
    let report: Report = sargable::analyze(input, &mut Silent);
    serde_json::from_str(&render_json(&report)).expect("JSON")
}

fn same_report(site: &Site) {
    let page = site.open_at(&site.server.address("/npm/package.json"));
    for input in inputs() {
        let text = serde_json::to_string(&input).expect("an input");
        let here = page.eval(&format!(
            "const {{ default: init, analyze }} = await import('/npm/index.js');
             await init();
             return JSON.stringify(analyze({text}))"
        ));
        let here = serde_json::from_str(here.as_str().expect("a text")).expect("JSON");
        assert_same("report", &here, &report(&input));
    }
    let refused = page.eval(
        "const { analyze } = await import('/npm/index.js');
         try { analyze({ pieces: 7 }); return 'taken'; } catch (error) { return 'refused'; }",
    );
    assert_eq!(refused, json!("refused"));
}

/// Equal as JavaScript sees it, which has one kind of number.
fn assert_same(place: &str, here: &Value, native: &Value) {
    match (here, native) {
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                assert_same(&format!("{place}[{at}]"), a, b);
            }
        }
        (Value::Object(a), Value::Object(b)) => {
            let names =
                |of: &serde_json::Map<String, Value>| of.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(a), names(b), "{place}");
            for (name, a) in a {
                assert_same(&format!("{place}.{name}"), a, &b[name]);
            }
        }
        (Value::Number(a), Value::Number(b)) => assert_eq!(a.as_f64(), b.as_f64(), "{place}"),
        _ => assert_eq!(here, native, "{place}"),
    }
}

fn types_fit(site: &Site) {
    let path = site.dist.join("npm/index.d.ts");
    let types = Types::read(&std::fs::read_to_string(path).expect("index.d.ts"));
    for input in inputs() {
        types.check("Input", &serde_json::to_value(&input).expect("an input"));
        types.check("Report", &report(&input));
    }
}

fn example(site: &Site) {
    let page = site.open_at(&site.server.address("/npm/example.html"));
    page.wait("!document.getElementById('review').disabled");
    page.click("#review");
    page.wait_for_text("CREATE INDEX");
}
