//! A PostgreSQL cluster of its own, without network, in a folder that is removed at the end. Also used
//! by `tests/servers`.
#![allow(dead_code, reason = "each of its users needs a part of it")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// A running server. Dropping it stops it and removes its data.
pub struct Cluster {
    bin: PathBuf,
    folder: PathBuf,
}

/// The programs of an installed PostgreSQL: of this major version, or of any.
pub fn find_bin(version: Option<&str>) -> Option<PathBuf> {
    let installed = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = installed.map(|entry| entry.path().join("bin")).collect();
    folders.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let fits = |folder: &PathBuf| {
        let program = folder.join("postgres");
        let print = || shell(&format!("{} --version", program.display())).unwrap_or_default();
        let is_version = |version| print().contains(&format!(" {version}."));
        folder.join("initdb").is_file() && program.is_file() && version.is_none_or(is_version)
    };
    folders.into_iter().find(fits)
}

/// Starts a server with these settings, `name=value`.
pub fn start(bin: PathBuf, settings: &[&str]) -> Result<Cluster, String> {
    let folder = std::env::temp_dir().join(format!("sargable-postgres-{}", std::process::id()));
    std::fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    let cluster = Cluster { bin, folder };
    if is_root() {
        shell(&format!("chown postgres {}", cluster.folder.display()))?;
    }
    cluster.as_owner("initdb -U postgres -A trust -E UTF8 --locale=C.UTF-8 -D FOLDER/data")?;
    let settings: String = settings.iter().map(|setting| format!(" -c {setting}")).collect();
    let options = format!("-c listen_addresses= -c fsync=off -k FOLDER{settings}");
    cluster.as_owner(&format!(
        "pg_ctl -w -D FOLDER/data -l FOLDER/log -o '{options}' start >/dev/null"
    ))?;
    Ok(cluster)
}

/// PostgreSQL refuses to run as root; Debian's package makes the user `postgres`.
fn is_root() -> bool {
    shell("id -u").is_ok_and(|id| id.trim() == "0")
}

fn shell(command: &str) -> Result<String, String> {
    output(Command::new("sh").args(["-c", command]))
}

/// What a program prints, or its complaint.
fn output(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

impl Cluster {
    /// Where its data lies; other files of a run may be put here too.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs a script in a session of its own; what it prints, unaligned and without heads. It stops at
    /// the first failure, or goes past failures.
    pub fn psql(&self, database: &str, file: &Path, stop: bool) -> Result<String, String> {
        let mut command = Command::new(self.bin.join("psql"));
        command.args(["-X", "-qAt", "-U", "postgres", "-d", database, "-h"]).arg(&self.folder);
        command.args(["-v", if stop { "ON_ERROR_STOP=1" } else { "ON_ERROR_STOP=0" }, "-f"]);
        output(command.arg(file))
    }

    fn as_owner(&self, command: &str) -> Result<String, String> {
        let folder = self.folder.display().to_string();
        let command = format!("{}/{}", self.bin.display(), command.replace("FOLDER", &folder));
        match is_root() {
            true => shell(&format!("cd / && su postgres -c \"{command}\"")),
            false => shell(&command),
        }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = self.as_owner("pg_ctl -w -m immediate -D FOLDER/data stop >/dev/null");
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
