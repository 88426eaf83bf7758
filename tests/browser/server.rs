//! A static host, as plain as they come, that remembers what was asked of it.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// Serves `dist/`, also under `/deep/path/`, and under `/without-program/` without the program.
pub struct Server {
    port: u16,
    requests: Arc<Mutex<Vec<String>>>,
    stopped: Arc<AtomicBool>,
}

impl Server {
    pub fn start(dist: &Path) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stopped = Arc::new(AtomicBool::new(false));
        let (log, dist, gone) = (requests.clone(), dist.to_owned(), stopped.clone());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if gone.load(Ordering::Relaxed) {
                    continue;
                }
                let (log, dist) = (log.clone(), dist.clone());
                // A client that hangs up is no failure of the server.
                std::thread::spawn(move || answer(&stream, &dist, &log).ok());
            }
        });
        Server { port, requests, stopped }
    }

    pub fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// From now on nobody gets an answer.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
    }

    /// Paths asked for since the last `forget`.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("no panic while logging").clone()
    }

    pub fn forget(&self) {
        self.requests.lock().expect("no panic while logging").clear();
    }
}

fn answer(stream: &TcpStream, dist: &Path, log: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream).lines();
    let request = lines.next().transpose()?.unwrap_or_default();
    for line in lines {
        if line?.is_empty() {
            break;
        }
    }
    let path = request.split(' ').nth(1).unwrap_or("/").to_owned();
    log.lock().expect("no panic while logging").push(path.clone());
    let body = std::fs::read(file(dist, &path));
    let (status, body) = match body {
        Ok(body) => ("200 OK", body),
        Err(_) => ("404 Not Found", b"not here".to_vec()),
    };
    let mut stream = stream;
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        kind(&path),
        body.len()
    )?;
    stream.write_all(&body)
}

fn file(dist: &Path, path: &str) -> PathBuf {
    let path = path.split('?').next().unwrap_or_default();
    let path = path.strip_prefix("/deep/path").unwrap_or(path);
    let path = match path.strip_prefix("/without-program") {
        Some(path) if path.ends_with(".lzma") => "/gone",
        Some(path) => path,
        None => path,
    };
    dist.join(if path == "/" { "index.html" } else { path.trim_start_matches('/') })
}

fn kind(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("json") => "application/json",
        // Some hosts do not know the type of WebAssembly; the page must not depend on it.
        Some("wasm") => "application/octet-stream",
        _ => "text/html",
    }
}
