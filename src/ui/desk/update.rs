//! The transitions of the desk as a whole.

use crate::ui::body::Body;
use crate::ui::desk::history::{Deed, Desk};
use crate::ui::desk::message::DeskMsg;
use crate::ui::state::{Effect, Msg, State};

impl State {
    pub(in crate::ui) fn desk_update(&mut self, msg: DeskMsg) -> Vec<Effect> {
        match msg {
            DeskMsg::Undo => self.step_over(true),
            DeskMsg::Redo => self.step_over(false),
        }
    }

    /// Does what a message says and notes how to undo it.
    pub(in crate::ui) fn step(&mut self, msg: Msg) -> Vec<Effect> {
        // What is found out about a piece is nothing that was done to it.
        if matches!(msg, Msg::Measured(..)) {
            return self.react(msg);
        }
        let deed = Deed::of(&msg);
        let before = self.desk();
        let mut effects = self.react(msg);
        let waits = self.record(deed, before);
        if waits && !effects.iter().any(|effect| matches!(effect, Effect::Settle(_))) {
            effects.push(Effect::Settle(self.edit));
        }
        effects
    }

    /// Undoes the last step, or does it again.
    fn step_over(&mut self, back: bool) -> Vec<Effect> {
        let now = self.desk();
        let stepped = if back { self.history.back(now) } else { self.history.forth(now) };
        let Some((what, desk)) = stepped else {
            self.say(format!("Nothing to {}", if back { "undo" } else { "redo" }));
            return Vec::new();
        };
        let effects = self.lay_out(desk);
        self.say(format!("{}: {what}", if back { "Undone" } else { "Redone" }));
        effects
    }

    /// Lays other things on the desk, and reviews them.
    fn lay_out(&mut self, desk: Desk) -> Vec<Effect> {
        let before = self.desk();
        let Desk { pieces, dialect, options, sample } = desk;
        (self.pieces, self.dialect, self.options, self.sample) = (pieces, dialect, options, sample);
        self.refused.clear();
        let is_same_input = self.pieces == before.pieces
            && self.dialect == before.dialect
            && self.options.calibrate == before.options.calibrate;
        if is_same_input {
            return if self.options == before.options { Vec::new() } else { self.asked_anew() };
        }
        let unmeasured = self
            .pieces
            .iter()
            .filter(|piece| matches!(piece.body, Body::Held(_)) && piece.preview.n_lines.is_none());
        let mut effects: Vec<_> =
            unmeasured.map(|piece| Effect::Measure(piece.id, piece.body.clone())).collect();
        effects.extend(self.start());
        effects
    }
}
