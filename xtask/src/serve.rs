//! `cargo xtask serve`: the page, rebuilt on changes, on this machine only.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Child;
use std::time::{Duration, Instant};

use crate::args;
use crate::step::{Outcome, show_duration, target_dir};
use crate::tools;

/// Builds and serves until it is stopped.
pub fn serve(words: &[String]) -> Outcome {
    let options = args::read_serve(words)?;
    let port = options.port;
    // Asked before anything is built. The listener is closed again at once.
    TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .map_err(|error| format!("cannot listen on 127.0.0.1:{port}: {error}; try --port N"))?;
    tools::ensure_all()?;

    let name = if options.release { "page-release" } else { "page" };
    let page = target_dir().join(name).to_string_lossy().into_owned();
    let port_word = port.to_string();
    let mut trunk = tools::trunk(&["serve", "--port", &port_word, "--dist", &page])?;
    if options.release {
        trunk.arg("--release");
    }
    println!("Building the page; the first time this takes a minute or two ...");
    let start = Instant::now();
    let mut server = trunk.spawn().map_err(|error| format!("cannot run trunk: {error}"))?;
    if wait_until_served(&mut server, port)? {
        println!("Built in {}.", show_duration(start.elapsed()));
        println!("\n  Sargable is at http://127.0.0.1:{port}/\n");
        println!("It is rebuilt when a file changes; reload the page to see it. Ctrl+C stops.");
    }
    let status = server.wait().map_err(|error| error.to_string())?;
    if status.success() { Ok(()) } else { Err(format!("the server stopped ({status})")) }
}

/// Waits for the first build; false when the server is gone before.
fn wait_until_served(server: &mut Child, port: u16) -> Outcome<bool> {
    while server.try_wait().map_err(|error| error.to_string())?.is_none() {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(true);
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(false)
}
