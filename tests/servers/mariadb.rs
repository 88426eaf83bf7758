//! A MariaDB server of its own, without network, in a folder that is removed at the end.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::{How, Server};

pub struct Mariadb {
    folder: PathBuf,
    process: Child,
}

/// Starts a server, if MariaDB is installed.
pub fn start() -> Option<Box<dyn Server>> {
    let install = Command::new("mariadb-install-db").arg("--help").output();
    if install.is_err() {
        return None;
    }
    let folder = std::env::temp_dir().join(format!("sargable-mariadb-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let data = format!("--datadir={}", folder.join("data").display());
    let made = Command::new("mariadb-install-db")
        .args(["--no-defaults", &data, "--auth-root-authentication-method=normal"])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let socket = format!("--socket={}", folder.join("socket").display());
    let process = Command::new("mariadbd")
        .args(["--no-defaults", &data, &socket, "--skip-networking", "--user=root"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let server = Mariadb { folder, process };
    for _ in 0..150 {
        if server.client("", "SELECT 1").is_ok() {
            return Some(Box::new(server));
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    panic!("MariaDB does not answer");
}

impl Mariadb {
    fn client(&self, database: &str, script: &str) -> Result<(), String> {
        let mut client = Command::new("mariadb");
        client.args(["--no-defaults", "-u", "root", "-S"]).arg(self.folder.join("socket"));
        client.args((!database.is_empty()).then_some(database));
        client.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut client = client.spawn().map_err(|error| error.to_string())?;
        let mut stdin = client.stdin.take().unwrap();
        stdin.write_all(script.as_bytes()).map_err(|error| error.to_string())?;
        drop(stdin);
        let output = client.wait_with_output().map_err(|error| error.to_string())?;
        match output.status.success() {
            true => Ok(()),
            false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
        }
    }
}

impl Server for Mariadb {
    fn run(&self, database: &str, script: &str, how: How) -> Result<(), String> {
        if how == How::FreshLenient {
            self.client("", &format!("CREATE DATABASE {database};"))?;
        }
        self.client(database, script)
    }
}

impl Drop for Mariadb {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
