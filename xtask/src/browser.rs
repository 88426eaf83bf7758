//! Chrome or Chromium and its driver, for the browser tests.

use std::path::PathBuf;

use crate::step::{Outcome, command, output, run, timed};
use crate::tools::can_apt_install;

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

/// A browser and the driver for it.
pub struct Browser {
    /// Chrome or Chromium.
    pub browser: PathBuf,
    /// chromedriver.
    pub driver: PathBuf,
}

/// Finds both, or installs them where that is possible.
pub fn ensure_browser() -> Outcome<Browser> {
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    if can_apt_install() {
        timed("Installing Chromium and its driver", || {
            run(&mut command("apt-get", &["update"]))?;
            let packages =
                ["install", "-y", "--no-install-recommends", "chromium", "chromium-driver"];
            run(command("apt-get", &packages).env("DEBIAN_FRONTEND", "noninteractive"))
        })?;
    }
    find_browser().ok_or_else(advice)
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
