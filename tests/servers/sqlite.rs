//! SQLite by its shell, with a database file in a folder that is removed at the end.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::{How, Server};

pub struct Sqlite {
    folder: PathBuf,
}

/// A folder for databases, if the shell is installed.
pub fn start() -> Option<Box<dyn Server>> {
    Command::new("sqlite3").arg("--version").output().ok()?;
    let folder = std::env::temp_dir().join(format!("sargable-sqlite-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    Some(Box::new(Sqlite { folder }))
}

impl Server for Sqlite {
    fn run(&self, database: &str, script: &str, _how: How) -> Result<(), String> {
        let mut shell = Command::new("sqlite3")
            .arg("-bail")
            .arg(self.folder.join(format!("{database}.db")))
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut stdin = shell.stdin.take().unwrap();
        stdin.write_all(script.as_bytes()).map_err(|error| error.to_string())?;
        drop(stdin);
        let output = shell.wait_with_output().map_err(|error| error.to_string())?;
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
