//! The time that migrations are ordered by. `SOURCE_DATE_EPOCH` sets it, so that the same input gives the
//! same files.

use std::time::{SystemTime, UNIX_EPOCH};

#[allow(clippy::disallowed_methods, reason = "the command runs natively, where there is a clock")]
/// Now in UTC as `YYYYMMDDhhmmss`.
pub(super) fn now() -> u64 {
    let set = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let clock = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    crate::report::migration::stamp(set.unwrap_or_else(clock))
}
