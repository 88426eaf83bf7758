//! `cargo xtask serve`: the page, rebuilt on changes, on this machine only.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::args;
use crate::step::{Outcome, show_duration, target_dir};
use crate::tools;

/// The command, not for people, that waits for the server and prints its address.
pub const ANNOUNCE: &str = "announce";

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
    let port = port.to_string();
    let mut trunk = tools::trunk(&["serve", "--port", &port, "--dist", &page])?;
    if options.release {
        trunk.arg("--release");
    }
    println!("Building the page; the first time this takes a minute or two ...");
    let this = std::env::current_exe().map_err(|error| error.to_string())?;
    // The address matters more than who prints it: without it, serving goes on.
    let _ = Command::new(this).args([ANNOUNCE, &port]).spawn();
    become_server(&mut trunk)
}

/// Becomes the server, so that whoever stops this process stops the server and not only its parent.
#[cfg(unix)]
fn become_server(trunk: &mut Command) -> Outcome {
    use std::os::unix::process::CommandExt;
    Err(format!("cannot run trunk: {}", trunk.exec()))
}

/// Waits for the server.
#[cfg(not(unix))]
fn become_server(trunk: &mut Command) -> Outcome {
    let status = trunk.status().map_err(|error| format!("cannot run trunk: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("the server stopped ({status})")) }
}

/// Waits until the first build is served, or the server is gone; prints the address.
pub fn announce(words: &[String]) -> Outcome {
    let port =
        words.first().and_then(|port| port.parse::<u16>().ok()).ok_or("announce: which port?")?;
    let (start, server) = (Instant::now(), parent_id());
    while parent_id() == server {
        if TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok() {
            println!("Built in {}.", show_duration(start.elapsed()));
            println!("\n  Sargable is at http://127.0.0.1:{port}/\n");
            println!("It is rebuilt when a file changes; reload the page to see it. Ctrl+C stops.");
            break;
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    Ok(())
}

/// Changes when the parent ends.
#[cfg(unix)]
fn parent_id() -> u32 {
    std::os::unix::process::parent_id()
}

/// Not to be had; Ctrl+C ends both.
#[cfg(not(unix))]
fn parent_id() -> u32 {
    0
}
