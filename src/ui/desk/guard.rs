//! What killed the worker is not run again by itself: a session that is kept, or came with a link,
//! would else lock its user out.

use crate::ui::body::Body;
use crate::ui::client::{Failure, Reason};
use crate::ui::protocol::Job;

/// Digests of what is run and of what killed the worker.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Guard {
    /// What is run.
    pub running: Option<u64>,
    /// What killed the worker.
    pub killed: Option<u64>,
}

impl Guard {
    /// A run begins.
    pub fn begin(&mut self, job: &Job) {
        self.running = Some(digest(job));
    }

    /// It came to its end.
    pub fn end(&mut self) {
        if self.killed == self.running {
            self.killed = None;
        }
        self.running = None;
    }

    /// It was stopped.
    pub fn stop(&mut self) {
        self.running = None;
    }

    /// It failed.
    pub fn fail(&mut self, failure: &Failure) {
        let is_dead = matches!(failure.reason, Reason::Panicked | Reason::Stopped | Reason::Silent);
        let running = self.running.take();
        if is_dead {
            self.killed = running;
        }
    }

    /// Did this kill the worker?
    pub fn knows(&self, job: &Job) -> bool {
        self.killed.is_some_and(|killed| killed == digest(job))
    }
}

/// A number that tells one session from another and tells nothing of what is in it (FNV-1a). Of a
/// text that the browser holds, only the size.
fn digest(job: &Job) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        // The length keeps neighbours apart.
        for byte in bytes.iter().chain(&(bytes.len() as u64).to_le_bytes()) {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for piece in &job.pieces {
        add(piece.kind.as_deref().unwrap_or_default().as_bytes());
        add(piece.side.name().as_bytes());
        match &piece.body {
            Body::Text(text) => add(text.as_bytes()),
            Body::Held(blob) => add(&blob.size().to_le_bytes()),
        }
    }
    add(job.dialect.map_or("", |dialect| dialect.name()).as_bytes());
    add(&serde_json::to_vec(&job.options).unwrap_or_default());
    hash
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Side;
    use crate::ui::protocol::JobPiece;

    fn job(text: &str) -> Job {
        let piece =
            JobPiece { name: None, kind: None, side: Side::Today, body: Body::from_text(text) };
        Job { pieces: vec![piece], ..Job::default() }
    }

    #[test]
    fn only_what_killed_is_known() {
        let mut guard = Guard::default();
        guard.begin(&job("a"));
        let failure = Failure { reason: Reason::Refused, detail: String::new(), stage: None };
        guard.fail(&failure);
        assert!(!guard.knows(&job("a")));
        guard.begin(&job("a"));
        guard.fail(&Failure { reason: Reason::Stopped, ..failure });
        assert!(guard.knows(&job("a")) && !guard.knows(&job("b")));
        guard.begin(&job("b"));
        guard.end();
        assert!(guard.knows(&job("a")));
        guard.begin(&job("a"));
        guard.end();
        assert!(!guard.knows(&job("a")));
    }
}
