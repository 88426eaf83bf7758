//! Chrome or Chromium, Firefox, and their drivers, for the browser tests.

use std::path::PathBuf;

use crate::step::{Outcome, command, output, run, timed};
use crate::tools::{can_apt_install, geckodriver};

const BROWSERS: [&str; 6] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];
const DRIVERS: [&str; 3] =
    ["chromedriver", "/usr/lib/chromium-browser/chromedriver", "/usr/lib/chromium/chromedriver"];

const FIREFOXES: [&str; 3] =
    ["firefox", "firefox-esr", "/Applications/Firefox.app/Contents/MacOS/firefox"];

/// A browser and the driver for it.
pub struct Browser {
    /// Chrome, Chromium or Firefox.
    pub browser: PathBuf,
    /// chromedriver or geckodriver.
    pub driver: PathBuf,
}

/// Finds both, or installs them where that is possible.
pub fn ensure_browser() -> Outcome<Browser> {
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    if can_apt_install() {
        timed("Installing Chromium and its driver", || {
            apt_install(&["chromium", "chromium-driver"])
        })?;
    }
    find_browser().ok_or_else(advice)
}

/// Finds Firefox and its driver, or installs them where that is possible. Without them the tests in
/// Chromium still say much, so that it is an error only where `REQUIRE_FIREFOX` is set.
pub fn ensure_firefox() -> Outcome<Option<Browser>> {
    let found = find_firefox();
    if let Err(error) = &found {
        if std::env::var_os("REQUIRE_FIREFOX").is_some() {
            return Err(error.clone());
        }
        println!("\n  *** The tests in Firefox DO NOT RUN: {error}\n");
    }
    Ok(found.ok())
}

fn find_firefox() -> Outcome<Browser> {
    if find("FIREFOX", &FIREFOXES).is_none() && can_apt_install() {
        // Ubuntu has none: what follows says so.
        let _ = timed("Installing Firefox", || apt_install(&["firefox-esr"]));
    }
    let browser = find("FIREFOX", &FIREFOXES)
        .ok_or("there is no Firefox on the PATH; install one, or set FIREFOX to it")?;
    let driver = match find("GECKODRIVER", &["geckodriver"]) {
        Some(found) => found,
        None => geckodriver()?,
    };
    Ok(Browser { browser, driver })
}

fn apt_install(packages: &[&str]) -> Outcome {
    run(&mut command("apt-get", &["update"]))?;
    let mut install = command("apt-get", &["install", "-y", "--no-install-recommends"]);
    run(install.args(packages).env("DEBIAN_FRONTEND", "noninteractive"))
}

fn find_browser() -> Option<Browser> {
    Some(Browser { browser: find("CHROME", &BROWSERS)?, driver: find("CHROMEDRIVER", &DRIVERS)? })
}

/// The one named by the environment, or the first that runs.
fn find(variable: &str, names: &[&str]) -> Option<PathBuf> {
    let chosen = std::env::var_os(variable).map(PathBuf::from);
    chosen.into_iter().chain(names.iter().map(PathBuf::from)).find(|path| {
        // A driver and a browser of different major versions do not work together; the driver says
        // so itself when the tests start.
        output(&mut command(path, &["--version"])).is_some()
    })
}

fn advice() -> String {
    "the browser tests need Chrome or Chromium, and chromedriver of the same version:
  Debian           apt-get install chromium chromium-driver   (done by this command when run as root)
  Ubuntu           snap install chromium                      (brings chromium.chromedriver)
  Fedora           dnf install chromium chromedriver
  Arch             pacman -S chromium
  macOS            brew install --cask google-chrome chromedriver
  elsewhere        https://googlechromelabs.github.io/chrome-for-testing/
Where they are not on the PATH, set CHROME and CHROMEDRIVER to them"
        .to_owned()
}
