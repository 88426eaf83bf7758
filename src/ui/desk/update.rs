//! The transitions of the desk as a whole.

use std::collections::VecDeque;
use std::rc::Rc;

use crate::input::Input;
use crate::ui::body::Body;
use crate::ui::desk::history::{Deed, Desk};
use crate::ui::desk::message::{Begin, DeskEffect, DeskMsg, Origin, Packet};
use crate::ui::piece::{Piece, Preview};
use crate::ui::shared::Shared;
use crate::ui::state::{Effect, Msg, Phase, Refusal, State};

impl State {
    pub(in crate::ui) fn desk_update(&mut self, msg: DeskMsg) -> Vec<Effect> {
        match msg {
            DeskMsg::Begin(begin) => self.begin(begin),
            DeskMsg::Undo => self.step_over(true),
            DeskMsg::Redo => self.step_over(false),
            DeskMsg::Save => self.save(),
            DeskMsg::Open(packet, refused) => {
                self.dragging = false;
                self.refused = refused;
                self.to_open.push_back(packet);
                self.open_next()
            }
            DeskMsg::Opened(origin, outcome) => self.opened(&origin, outcome),
            DeskMsg::Keep(on) => self.switch_keep(on),
            DeskMsg::KeepThis => {
                self.is_borrowed = false;
                self.keep.elsewhere = false;
                self.keep_desk().into_iter().collect()
            }
            DeskMsg::Elsewhere(forgotten) => self.elsewhere(forgotten),
            DeskMsg::Kept(outcome) => {
                self.kept(outcome);
                Vec::new()
            }
            DeskMsg::RunAnyway => self.start(),
            DeskMsg::Saved(outcome) => {
                match outcome {
                    Ok(what) => self.say(format!("Saved: {what}")),
                    Err(why) => self.complain(format!("Not saved: {why}")),
                }
                Vec::new()
            }
            DeskMsg::Share(msg) => self.share_update(msg),
        }
    }

    /// What was kept first and the link over it, so that undoing leads back; else a sample.
    fn begin(&mut self, begin: Begin) -> Vec<Effect> {
        let Begin { keeps, kept, link, killed } = begin;
        self.keep.on = keeps;
        self.guard.killed = killed;
        let packet = |origin: Origin, text: String| Packet { origin, body: Body::from_text(&text) };
        let kept = kept.map(|text| packet(Origin::Kept, text));
        let link = link.map(|text| packet(Origin::Link, text));
        self.to_open = VecDeque::from_iter(kept.into_iter().chain(link));
        if self.to_open.is_empty() { self.load_sample(0) } else { self.open_next() }
    }

    /// One after the other: the last one is what lies on the desk in the end.
    fn open_next(&mut self) -> Vec<Effect> {
        if self.is_opening {
            return Vec::new();
        }
        let Some(packet) = self.to_open.pop_front() else { return Vec::new() };
        self.is_opening = true;
        vec![Effect::Desk(DeskEffect::Open(packet))]
    }

    fn opened(&mut self, origin: &Origin, outcome: Result<Rc<Input>, String>) -> Vec<Effect> {
        self.is_opening = false;
        let refused = std::mem::take(&mut self.refused);
        let mut effects = match outcome {
            Ok(input) => self.open_input(origin, &input),
            Err(why) => {
                self.refused.push(Refusal { name: origin.name(), why });
                Vec::new()
            }
        };
        self.refused.splice(0..0, refused);
        effects.extend(self.open_next());
        if self.desk() == Desk::default() && !self.is_opening {
            let refused = std::mem::take(&mut self.refused);
            effects.extend(self.load_sample(0));
            self.refused = refused;
        }
        effects
    }

    /// The session takes the place of everything on the desk.
    fn open_input(&mut self, origin: &Origin, input: &Input) -> Vec<Effect> {
        let pieces = input.pieces.iter().map(|piece| {
            let id = self.next_piece;
            self.next_piece += 1;
            let (name, kind) = (piece.name.clone(), piece.kind.clone());
            let body = Body::from_text(&piece.text);
            let (side, preview) = (piece.side, Preview::default());
            Shared::new(Piece { id, name, body, kind, side, preview })
        });
        let desk = Desk {
            pieces: pieces.collect(),
            dialect: input.dialect,
            options: input.options.clone(),
            sample: None,
            is_borrowed: *origin == Origin::Link,
        };
        let (deed, said) = match origin {
            Origin::File(name) => ("opening the session", format!("Opened the session {name}")),
            Origin::Link => ("opening the link", "Opened the session of the link".to_owned()),
            Origin::Key => ("turning names back", "Names turned back".to_owned()),
            Origin::Kept => ("", "Restored what this browser kept".to_owned()),
        };
        let before = self.desk();
        let mut effects = self.lay_out(desk);
        self.record(Deed::named(deed), before);
        if *origin != Origin::Kept {
            effects.extend(self.keep_desk());
        }
        self.say(said);
        effects
    }

    /// Does what a message says and notes how to undo it.
    pub(in crate::ui) fn step(&mut self, msg: Msg) -> Vec<Effect> {
        // What is found out about a piece or an index is nothing that was done to it.
        if matches!(msg, Msg::Measured(..) | Msg::Draft(..) | Msg::Done(..)) {
            return self.react(msg);
        }
        let deed = Deed::of(&msg);
        let before = self.desk();
        let mut effects = self.react(msg);
        if self.desk() == before {
            return effects;
        }
        let waits = self.record(deed, before);
        if waits && !effects.iter().any(|effect| matches!(effect, Effect::Settle(_))) {
            effects.push(Effect::Settle(self.edit));
        }
        effects.extend(self.keep_desk());
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
        let mut effects = self.lay_out(desk);
        effects.extend(self.keep_desk());
        self.say(format!("{}: {what}", if back { "Undone" } else { "Redone" }));
        effects
    }

    /// Lays other things on the desk, and reviews them.
    fn lay_out(&mut self, desk: Desk) -> Vec<Effect> {
        let before = self.desk();
        let Desk { pieces, dialect, options, sample, is_borrowed } = desk;
        (self.pieces, self.dialect, self.options, self.sample) = (pieces, dialect, options, sample);
        self.is_borrowed = is_borrowed;
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
        effects.extend(self.start_by_itself());
        effects
    }

    /// Reviews what lies on the desk, unless that killed the worker.
    pub(in crate::ui) fn start_by_itself(&mut self) -> Vec<Effect> {
        if !self.guard.knows(&self.job()) {
            return self.start();
        }
        self.phase = Phase::Held;
        self.review = None;
        vec![Effect::Stop]
    }

    fn save(&mut self) -> Vec<Effect> {
        if self.pieces.is_empty() {
            self.complain("Nothing to save: there is no input".to_owned());
            return Vec::new();
        }
        vec![Effect::Desk(DeskEffect::Save(self.job()))]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input;
    use crate::ui::client::{Failure, Reason};
    use crate::ui::state::NewPiece;

    fn pasted(text: &str) -> Msg {
        Msg::Add(vec![NewPiece { name: None, body: Body::from_text(text) }], Vec::new())
    }

    fn texts(state: &State) -> Vec<&str> {
        state.pieces.iter().filter_map(|piece| piece.text()).collect()
    }

    fn session(text: &str) -> Result<Rc<Input>, String> {
        let piece = input::Piece { text: text.to_owned(), ..input::Piece::default() };
        Ok(Rc::new(Input { pieces: vec![piece], ..Input::default() }))
    }

    fn packet(origin: Origin) -> Packet {
        Packet { origin, body: Body::from_text("s1.x") }
    }

    /// The page as it begins with these.
    fn begun(kept: bool, link: bool) -> State {
        let text = |is: bool| is.then(|| "x".to_owned());
        let begin = Begin { keeps: kept, kept: text(kept), link: text(link), killed: None };
        let mut state = State::default();
        state.update(Msg::Desk(DeskMsg::Begin(begin)));
        state
    }

    fn keeps(effects: &[Effect]) -> bool {
        effects.iter().any(|effect| matches!(effect, Effect::Desk(DeskEffect::Keep(_))))
    }

    #[test]
    fn a_link_lies_over_what_was_kept_and_does_not_take_its_place() {
        let mut state = begun(true, true);
        let opened = |state: &mut State, origin: Origin, text: &str| {
            state.update(Msg::Desk(DeskMsg::Opened(origin, session(text))))
        };
        let effects = opened(&mut state, Origin::Kept, "mine");
        assert!(!keeps(&effects) && state.is_opening);
        assert!(!keeps(&opened(&mut state, Origin::Link, "theirs")));
        assert_eq!(texts(&state), ["theirs"]);
        assert_eq!(state.history.last().map(|step| step.n_lost), Some(1));
        assert!(!keeps(&state.update(pasted("more"))));
        assert!(keeps(&state.update(Msg::Desk(DeskMsg::KeepThis))));
        state.update(Msg::Desk(DeskMsg::Undo));
        assert!(keeps(&state.update(Msg::Desk(DeskMsg::Undo))));
        assert_eq!(texts(&state), ["mine"]);
        assert!(state.history.last().is_none());
    }

    #[test]
    fn a_damaged_link_is_named_beside_the_sample() {
        let mut state = begun(false, true);
        assert!(state.pieces.is_empty());
        let outcome = Err("cut off".to_owned());
        state.update(Msg::Desk(DeskMsg::Opened(Origin::Link, outcome)));
        assert!(state.sample.is_some());
        assert_eq!(state.refused.first().map(|refusal| refusal.why.as_str()), Some("cut off"));
    }

    #[test]
    fn the_users_own_text_comes_back_from_under_a_session() {
        let mut state = begun(false, false);
        state.update(pasted("mine"));
        state.update(Msg::Desk(DeskMsg::Open(packet(Origin::Link), Vec::new())));
        state.update(Msg::Desk(DeskMsg::Opened(Origin::Link, session("theirs"))));
        assert_eq!(texts(&state), ["theirs"]);
        state.update(Msg::Desk(DeskMsg::Undo));
        assert_eq!(texts(&state), ["mine"]);
    }

    #[test]
    fn what_killed_the_worker_waits_for_its_user() {
        let mut state = begun(false, false);
        state.update(pasted("deadly"));
        state.started(2);
        let failure = Failure { reason: Reason::Stopped, detail: String::new(), stage: None };
        state.update(Msg::Failed(2, failure));
        let killed = state.guard.killed;
        assert!(killed.is_some());

        let mut state = State::default();
        let begin = Begin { link: Some("x".to_owned()), killed, ..Begin::default() };
        state.update(Msg::Desk(DeskMsg::Begin(begin)));
        let effects = state.update(Msg::Desk(DeskMsg::Opened(Origin::Link, session("deadly"))));
        assert_eq!((&state.phase, effects.as_slice()), (&Phase::Held, [Effect::Stop].as_slice()));
        let effects = state.update(Msg::Desk(DeskMsg::RunAnyway));
        assert!(matches!(effects.as_slice(), [Effect::Run(_)]));
    }

    #[test]
    fn another_tab_that_keeps_is_not_overwritten() {
        let mut state = begun(false, false);
        state.update(Msg::Desk(DeskMsg::Keep(true)));
        assert!(keeps(&state.update(pasted("mine"))));
        let effects = state.update(Msg::Desk(DeskMsg::Elsewhere(false)));
        assert_eq!(effects, [Effect::Desk(DeskEffect::KeepNot)]);
        assert!(!keeps(&state.update(pasted("more"))));
        assert!(keeps(&state.update(Msg::Desk(DeskMsg::KeepThis))));
        assert!(keeps(&state.update(pasted("still more"))));
        state.update(Msg::Desk(DeskMsg::Elsewhere(true)));
        assert!(!state.keep.on && !keeps(&state.update(pasted("not kept"))));
    }

    #[test]
    fn samples_are_not_kept_and_cleared_is_cleared() {
        let mut state = begun(false, false);
        let effects = state.update(Msg::Desk(DeskMsg::Keep(true)));
        assert_eq!(effects, [Effect::Desk(DeskEffect::KeepSwitch(true))]);
        assert!(keeps(&state.update(pasted("mine"))));
        assert!(!keeps(&state.update(Msg::Sample(0))));
        state.update(Msg::Desk(DeskMsg::Undo));
        let effects = state.update(Msg::Clear);
        let kept = effects.iter().find_map(|effect| match effect {
            Effect::Desk(DeskEffect::Keep(job)) => Some(job.pieces.len()),
            _ => None,
        });
        assert_eq!(kept, Some(0));
        let effects = state.update(Msg::Desk(DeskMsg::Keep(false)));
        assert_eq!(effects, [Effect::Desk(DeskEffect::KeepSwitch(false))]);
    }
}
