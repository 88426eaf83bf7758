//! The recorded cases: a folder each.

use std::path::{Path, PathBuf};
use std::process::Command;

use sargable::Input;
use sargable::dialect::Dialect;
use sargable::input::Piece;
use sargable::progress::Silent;
use sargable::understand::{Understood, understand};
use serde_json::Value;

/// A case: see `xtask/src/record.rs` for its files.
pub struct Case {
    pub name: String,
    folder: PathBuf,
}

/// All cases, by name.
pub fn cases() -> Vec<Case> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/cases");
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let case = |folder: PathBuf| Case {
        name: folder.file_name().unwrap().to_string_lossy().into_owned(),
        folder,
    };
    let mut cases: Vec<Case> = entries.map(case).collect();
    cases.sort_by(|a, b| a.name.cmp(&b.name));
    cases
}

impl Case {
    fn text(&self, file: &str) -> String {
        let path = self.folder.join(file);
        std::fs::read_to_string(&path)
            .unwrap_or_else(|error| panic!("{}: {error}; `cargo xtask record`?", path.display()))
    }

    /// What PostgreSQL planned: the names of the queries and their plans.
    pub fn recorded_plans(&self) -> Vec<(String, Value)> {
        let plan = |mut line: Value| (name_of(&line), line["plan"].take());
        json_lines(&self.text("plans.jsonl")).into_iter().map(plan).collect()
    }

    /// What the command says: the names of the queries and their plans, or why there is none.
    pub fn explain(&self) -> Vec<(String, Result<Value, String>)> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sargable"));
        command.args(["explain", "--format", "json"]);
        command
            .args(["schema.sql", "stats.json", "queries.sql"].map(|file| self.folder.join(file)));
        let indexes = self.folder.join("indexes.sql");
        if indexes.is_file() {
            command.arg("--with").arg(indexes);
        }
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let plan = |mut line: Value| {
            let problem = line["error"].as_str().map(str::to_owned);
            (name_of(&line), problem.map_or_else(|| Ok(line["plan"].take()), Err))
        };
        json_lines(&String::from_utf8(output.stdout).unwrap()).into_iter().map(plan).collect()
    }

    /// The case as the library reads it, without the hypothetical indexes.
    pub fn understood(&self) -> Understood {
        let piece = |file: &str| Piece {
            name: Some(file.to_owned()),
            text: self.text(file),
            kind: None,
            ..Piece::default()
        };
        let input = Input {
            pieces: ["schema.sql", "stats.json", "queries.sql"].map(piece).into(),
            dialect: Some(Dialect::Postgres),
            ..Input::default()
        };
        understand(&input, &mut Silent)
    }

    /// Whether a file says what is known of it; with `UPDATE` it is written and does.
    pub fn is_recorded(&self, file: &str, text: &str) -> bool {
        let path = self.folder.join(file);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, text).unwrap();
            return true;
        }
        std::fs::read_to_string(path).is_ok_and(|recorded| recorded == text)
    }
}

fn name_of(line: &Value) -> String {
    line["name"].as_str().unwrap_or_default().to_owned()
}

fn json_lines(text: &str) -> Vec<Value> {
    let lines = text.split('\n').filter(|line| !line.is_empty());
    lines.map(|line| serde_json::from_str(line).unwrap()).collect()
}
