//! A PostgreSQL cluster of its own, without network, in a folder that is removed at the end.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{How, Server};

pub struct Postgres {
    bin: PathBuf,
    folder: PathBuf,
}

/// Starts a server, if PostgreSQL is installed.
pub fn start() -> Option<Box<dyn Server>> {
    let bin = find_bin()?;
    let folder = std::env::temp_dir().join(format!("sargable-postgres-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let server = Postgres { bin, folder };
    if is_root() {
        shell(&format!("chown postgres {}", server.folder.display())).unwrap();
    }
    server.as_owner("initdb -U postgres -A trust -E UTF8 --locale=C.UTF-8 -D FOLDER/data").unwrap();
    let options = "-c listen_addresses= -c fsync=off -k FOLDER";
    server
        .as_owner(&format!(
            "pg_ctl -w -D FOLDER/data -l FOLDER/log -o '{options}' start >/dev/null"
        ))
        .unwrap();
    Some(Box::new(server))
}

fn find_bin() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<PathBuf> =
        versions.map(|entry| entry.unwrap().path().join("bin")).collect();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    folders.into_iter().find(|folder| folder.join("initdb").is_file())
}

/// PostgreSQL refuses to run as root; Debian's package makes the user `postgres`.
fn is_root() -> bool {
    shell("id -u").is_ok_and(|id| id.trim() == "0")
}

fn shell(command: &str) -> Result<String, String> {
    let output = Command::new("sh").args(["-c", command]).output().map_err(|e| e.to_string())?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

impl Postgres {
    fn as_owner(&self, command: &str) -> Result<String, String> {
        let folder = self.folder.display().to_string();
        let command = format!("{}/{}", self.bin.display(), command.replace("FOLDER", &folder));
        match is_root() {
            true => shell(&format!("cd / && su postgres -c \"{command}\"")),
            false => shell(&command),
        }
    }

    fn psql(&self, database: &str, file: &Path, stop: bool) -> Result<(), String> {
        let output = Command::new(self.bin.join("psql"))
            .args(["-X", "-q", "-U", "postgres", "-d", database, "-h"])
            .arg(&self.folder)
            .args(["-v", if stop { "ON_ERROR_STOP=1" } else { "ON_ERROR_STOP=0" }, "-f"])
            .arg(file)
            .output()
            .map_err(|error| error.to_string())?;
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }
}

impl Server for Postgres {
    fn run(&self, database: &str, script: &str, how: How) -> Result<(), String> {
        let file = self.folder.join(format!("{database}.sql"));
        if how == How::FreshLenient {
            std::fs::write(&file, format!("CREATE DATABASE {database};")).unwrap();
            self.psql("postgres", &file, true)?;
        }
        std::fs::write(&file, script).unwrap();
        self.psql(database, &file, how == How::Strict)
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let _ = self.as_owner("pg_ctl -w -m immediate -D FOLDER/data stop >/dev/null");
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
