//! What the user did, step by step, to be undone and done again.

use crate::dialect::Dialect;
use crate::input::Options;
use crate::limits::UNDO_STEPS_MAX;
use crate::ui::piece::{Piece, PieceId};
use crate::ui::protocol::{Job, JobPiece};
use crate::ui::shared::Shared;
use crate::ui::state::{Msg, State};
use crate::ui::wish::Wish;

/// What lies on the desk: the input and what is asked of it. Cheap to copy, the texts are shared.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Desk {
    /// The input.
    pub pieces: Vec<Shared<Piece>>,
    /// The dialect the user set.
    pub dialect: Option<Dialect>,
    /// What the user asks of the advisor.
    pub options: Options,
    /// Position in `SAMPLES` while the input is sample data.
    pub sample: Option<usize>,
    /// It came with a link and is not kept.
    pub is_borrowed: bool,
}

/// A step of the user's.
#[derive(Debug, Clone)]
pub struct Step {
    /// What it was, as it stands behind "Undo".
    pub what: &'static str,
    /// The desk on the other side of it.
    pub desk: Desk,
    /// Number of the user's own pieces that it took away.
    pub n_lost: usize,
}

/// Steps that are one when they follow each other without a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Burst {
    Text(PieceId),
    Budget,
}

/// What was done and what was undone.
#[derive(Debug, Default)]
pub struct History {
    past: Vec<Step>,
    future: Vec<Step>,
    burst: Option<Burst>,
}

/// What a message does to the desk, if it does anything.
#[derive(Debug, Clone, Copy)]
pub struct Deed {
    what: &'static str,
    burst: Option<Burst>,
}

impl Deed {
    /// Named before the message is used up.
    pub fn of(msg: &Msg) -> Deed {
        let (what, burst) = match msg {
            Msg::Edit(id, _) => ("the edit", Some(Burst::Text(*id))),
            Msg::Wish(Wish::Budget(_)) => ("the budget", Some(Burst::Budget)),
            Msg::Add(..) => ("adding input", None),
            Msg::Rename(..) => ("the new name", None),
            Msg::SetKind(..) => ("the kind", None),
            Msg::SetSide(..) => ("what is proposed", None),
            Msg::SetDialect(_) => ("the dialect", None),
            Msg::Calibrate(_) => ("the calibration", None),
            Msg::Remove(_) => ("removing input", None),
            Msg::Clear => ("clearing", None),
            Msg::Sample(_) => ("loading the sample", None),
            Msg::Wish(Wish::Decide(_)) => ("the decision", None),
            Msg::Wish(Wish::TakeBack(_)) => ("taking a decision back", None),
            Msg::Wish(Wish::Try(_) | Wish::Forget(_)) => ("the trial", None),
            _ => ("the last step", None),
        };
        Deed { what, burst }
    }

    /// One that no message of its own stands for.
    pub fn named(what: &'static str) -> Deed {
        Deed { what, burst: None }
    }
}

impl Desk {
    /// What the worker gets of it.
    pub fn job(&self) -> Job {
        let piece = |piece: &Shared<Piece>| JobPiece {
            name: piece.name.clone(),
            kind: piece.kind.clone(),
            side: piece.side,
            body: piece.body.clone(),
        };
        let pieces = self.pieces.iter().map(piece).collect();
        Job { pieces, dialect: self.dialect, options: self.options.clone() }
    }
}

impl History {
    /// Notes the desk as it was before a step. Returns whether it belongs to a burst that goes on
    /// until there is a pause.
    fn record(&mut self, deed: Deed, before: Desk, after: &Desk) -> bool {
        self.future.clear();
        let goes_on = deed.burst.is_some() && deed.burst == self.burst;
        self.burst = deed.burst;
        if !goes_on {
            let n_lost = n_lost(&before, after);
            self.past.push(Step { what: deed.what, desk: before, n_lost });
            if self.past.len() > UNDO_STEPS_MAX {
                self.past.remove(0);
            }
        }
        self.burst.is_some()
    }

    /// There was a pause: what is edited next is a step of its own.
    pub fn pause(&mut self) {
        self.burst = None;
    }

    /// The step that would be undone.
    pub fn last(&self) -> Option<&Step> {
        self.past.last()
    }

    /// The step that would be done again.
    pub fn next(&self) -> Option<&Step> {
        self.future.last()
    }

    /// Steps over the last step; `now` is what lies on the desk. Returns what it was, and the desk.
    pub(super) fn back(&mut self, now: Desk) -> Option<(&'static str, Desk)> {
        self.burst = None;
        step_over(&mut self.past, &mut self.future, now)
    }

    /// The other way.
    pub(super) fn forth(&mut self, now: Desk) -> Option<(&'static str, Desk)> {
        self.burst = None;
        step_over(&mut self.future, &mut self.past, now)
    }
}

fn step_over(from: &mut Vec<Step>, to: &mut Vec<Step>, now: Desk) -> Option<(&'static str, Desk)> {
    let Step { what, desk, n_lost } = from.pop()?;
    to.push(Step { what, desk: now, n_lost });
    Some((what, desk))
}

/// Pieces of the user's own that are not there any more.
fn n_lost(before: &Desk, after: &Desk) -> usize {
    let is_left = |id: PieceId| after.pieces.iter().any(|piece| piece.id == id);
    let own = before.pieces.iter().filter(|piece| before.sample.is_none() && !piece.is_blank());
    own.filter(|piece| !is_left(piece.id)).count()
}

impl State {
    /// What lies on the desk.
    pub fn desk(&self) -> Desk {
        Desk {
            pieces: self.pieces.clone(),
            dialect: self.dialect,
            options: self.options.clone(),
            sample: self.sample,
            is_borrowed: self.is_borrowed,
        }
    }

    /// Notes what a message did to the desk. Returns whether a pause is to be waited for.
    pub(in crate::ui) fn record(&mut self, deed: Deed, before: Desk) -> bool {
        let after = self.desk();
        // What the page starts with is no step of the user's.
        let is_start = before == Desk::default() && self.history.last().is_none();
        before != after && !is_start && self.history.record(deed, before, &after)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::Budget;
    use crate::ui::body::Body;
    use crate::ui::desk::message::DeskMsg;
    use crate::ui::state::{Effect, NewPiece};

    const UNDO: Msg = Msg::Desk(DeskMsg::Undo);
    const REDO: Msg = Msg::Desk(DeskMsg::Redo);

    fn pasted(text: &str) -> Msg {
        Msg::Add(vec![NewPiece { name: None, body: Body::from_text(text) }], Vec::new())
    }

    fn texts(state: &State) -> Vec<&str> {
        state.pieces.iter().filter_map(|piece| piece.text()).collect()
    }

    #[test]
    fn edits_without_a_pause_are_one_step() {
        let mut state = State::default();
        state.update(Msg::Sample(0));
        state.update(pasted("a"));
        let id = state.pieces.first().map(|piece| piece.id).unwrap();
        for text in ["ab", "abc"] {
            state.update(Msg::Edit(id, text.to_owned()));
        }
        state.update(Msg::Settled(2));
        state.update(Msg::Edit(id, "abcd".to_owned()));
        assert_eq!(state.history.last().map(|step| step.what), Some("the edit"));
        assert!(matches!(state.update(UNDO).as_slice(), [Effect::Run(_)]));
        assert_eq!(texts(&state), ["abc"]);
        state.update(UNDO);
        assert_eq!(texts(&state), ["a"]);
        state.update(REDO);
        assert_eq!(texts(&state), ["abc"]);
        // Something else instead: there is nothing to do again.
        state.update(pasted("x"));
        assert!(state.history.next().is_none());
        state.update(REDO);
        assert_eq!(texts(&state), ["abc", "x"]);
    }

    #[test]
    fn what_is_asked_is_undone_without_reading_the_input_again() {
        let mut state = State::default();
        state.update(pasted("select 1"));
        state.started(1);
        state.update(Msg::Done(1, std::rc::Rc::default()));
        for bytes in [1.0, 2.0] {
            state.update(Msg::Wish(Wish::Budget(Some(Budget::Bytes(bytes)))));
        }
        for run in 2..4 {
            state.started(run);
            state.update(Msg::Done(run, std::rc::Rc::default()));
        }
        let effects = state.update(UNDO);
        assert!(
            matches!(effects.as_slice(), [Effect::Revise(job)] if job.options.budget.is_none())
        );
        assert_eq!(texts(&state), ["select 1"]);
    }

    #[test]
    fn steps_are_counted_and_bounded() {
        let mut state = State::default();
        state.update(Msg::Sample(0));
        assert!(state.history.last().is_none());
        for _ in 0..UNDO_STEPS_MAX + 5 {
            state.update(pasted("select 1"));
        }
        state.update(Msg::Clear);
        assert_eq!(state.history.last().map(|step| step.n_lost), Some(UNDO_STEPS_MAX + 5));
        for _ in 0..UNDO_STEPS_MAX + 5 {
            state.update(UNDO);
        }
        assert_eq!(state.pieces.len(), 6);
    }
}
