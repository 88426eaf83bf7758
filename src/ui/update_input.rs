//! The transitions of the input: pieces come, change and go.

use crate::input::{Options, Side};
use crate::ui::body::Body;
use crate::ui::effect;
use crate::ui::piece::{Excerpt, Piece, PieceId, Preview};
use crate::ui::samples::SAMPLES;
use crate::ui::shared::Shared;
use crate::ui::state::{Effect, Jump, NewPiece, Phase, Refusal, State};

impl State {
    /// Adds a piece; a long one is measured.
    fn push_piece(&mut self, new: NewPiece) -> Option<Effect> {
        let id = self.next_piece;
        self.next_piece += 1;
        let measure = match &new.body {
            Body::Text(_) => None,
            Body::Held(_) => Some(Effect::Measure(id, new.body.clone())),
        };
        let NewPiece { name, body } = new;
        let piece =
            Piece { id, name, body, kind: None, side: Side::Today, preview: Preview::default() };
        self.pieces.push(Shared::new(piece));
        measure
    }

    /// The first own text replaces the sample.
    pub(super) fn add(&mut self, pieces: Vec<NewPiece>, refused: Vec<Refusal>) -> Vec<Effect> {
        self.dragging = false;
        self.refused = refused;
        if pieces.is_empty() {
            return Vec::new();
        }
        if self.sample.take().is_some() {
            self.pieces.clear();
            self.dialect = None;
            self.options = Options::default();
        }
        let mut effects: Vec<_> =
            pieces.into_iter().filter_map(|piece| self.push_piece(piece)).collect();
        effects.extend(self.start());
        effects
    }

    pub(super) fn measured(&mut self, id: PieceId, preview: Preview) {
        self.replace(id, |piece| Piece { preview, ..piece.clone() });
    }

    pub(super) fn show_excerpt(&mut self, jump: Jump, excerpt: Excerpt) -> Vec<Effect> {
        if let Some((_, lines)) = self.jump.as_mut().filter(|(current, _)| *current == jump) {
            *lines = Some(excerpt);
        }
        vec![Effect::Focus(effect::field_id(jump.piece))]
    }

    fn replace(&mut self, id: PieceId, change: impl FnOnce(&Piece) -> Piece) {
        if let Some(piece) = self.pieces.iter_mut().find(|piece| piece.id == id) {
            *piece = Shared::new(change(piece));
        }
    }

    pub(super) fn edit(&mut self, id: PieceId, text: &str) -> Vec<Effect> {
        self.sample = None;
        self.replace(id, |piece| Piece { body: Body::from_text(text), ..piece.clone() });
        self.changed()
    }

    pub(super) fn rename(&mut self, id: PieceId, name: &str) -> Vec<Effect> {
        let name = Some(name.trim().to_owned()).filter(|name| !name.is_empty());
        self.replace(id, |piece| Piece { name, ..piece.clone() });
        self.changed()
    }

    pub(super) fn set_kind(&mut self, id: PieceId, kind: Option<String>) -> Vec<Effect> {
        self.replace(id, |piece| Piece { kind, ..piece.clone() });
        self.start()
    }

    pub(super) fn set_side(&mut self, id: PieceId, side: Side) -> Vec<Effect> {
        self.replace(id, |piece| Piece { side, ..piece.clone() });
        self.start()
    }

    pub(super) fn remove(&mut self, id: PieceId) -> Vec<Effect> {
        self.pieces.retain(|piece| piece.id != id);
        self.sample = None;
        if self.pieces.is_empty() {
            return self.clear();
        }
        let mut effects = self.changed();
        effects.push(Effect::Focus("new-piece".to_owned()));
        effects
    }

    pub(super) fn clear(&mut self) -> Vec<Effect> {
        self.pieces.clear();
        self.sample = None;
        self.is_borrowed = false;
        self.guard.stop();
        self.dialect = None;
        self.options = Options::default();
        self.review = None;
        self.phase = Phase::Empty;
        self.notice = None;
        self.refused.clear();
        vec![Effect::Stop, Effect::Focus("new-piece".to_owned())]
    }

    pub(super) fn load_sample(&mut self, sample: usize) -> Vec<Effect> {
        let Some(found) = SAMPLES.get(sample) else { return Vec::new() };
        self.pieces.clear();
        self.is_borrowed = false;
        self.dialect = None;
        self.options = Options::default();
        self.refused.clear();
        for (name, text) in found.files {
            let body = Body::Text((*text).into());
            self.push_piece(NewPiece { name: Some((*name).to_owned()), body });
        }
        self.sample = Some(sample);
        self.start()
    }
}
