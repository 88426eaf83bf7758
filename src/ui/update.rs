//! The transitions of the page: pure, so that they are tested without a browser.

use crate::sorted::SortedSet;
use std::rc::Rc;

use crate::advise::Finding;
use crate::diagnostic::Place;
use crate::limits::EDITABLE_BYTES_MAX;
use crate::progress::Stage;
use crate::report::Report;
use crate::report::decisions::remember;
use crate::ui::body::Body;
use crate::ui::client::Failure;
use crate::ui::export::{self, Form};
use crate::ui::format::counted;
use crate::ui::keys;
use crate::ui::piece::Piece;
use crate::ui::protocol::RunId;
use crate::ui::select;
use crate::ui::shared::Shared;
use crate::ui::state::{Effect, Filter, Jump, Msg, Notice, Phase, Review, State, Tab, Way, Weight};

/// Identifies a finding from one review to the next.
pub fn finding_key(finding: &Finding) -> String {
    format!("{} {}", finding.code, finding.title)
}

impl State {
    /// Changes the state, and notes how to undo that; says what is to be done outside.
    pub fn update(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Desk(msg) => self.desk_update(msg),
            Msg::Key(key) => keys::action(&key).map_or(Vec::new(), |msg| self.update(msg)),
            msg => self.step(msg),
        }
    }

    /// What a message does, without a note of it.
    pub(super) fn react(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Add(pieces, refused) => return self.add(pieces, refused),
            Msg::Measured(id, preview) => self.measured(id, preview),
            Msg::Excerpt(jump, excerpt) => return self.show_excerpt(jump, excerpt),
            Msg::Edit(id, text) => return self.edit(id, &text),
            Msg::Rename(id, name) => return self.rename(id, &name),
            Msg::SetKind(id, kind) => return self.set_kind(id, kind),
            Msg::SetSide(id, side) => return self.set_side(id, side),
            Msg::SetDialect(dialect) => {
                self.dialect = dialect;
                return self.start();
            }
            Msg::Calibrate(on) => {
                self.options.calibrate = on;
                return self.start();
            }
            Msg::Remove(id) => return self.remove(id),
            Msg::Clear => return self.clear(),
            Msg::Sample(sample) => return self.load_sample(sample),
            Msg::PickFiles => return vec![Effect::PickFiles],
            Msg::DismissRefusals => self.refused.clear(),
            Msg::Wish(wish) => return self.wish(wish),
            Msg::Run => return self.start(),
            Msg::Settled(edit) => return self.settled(edit),
            Msg::Cancel => return self.cancel(),
            Msg::Progress(run, stage, done, total) => self.progress(run, stage, done, total),
            Msg::Draft(run, report) => self.draft(run, report),
            Msg::Done(run, report) => return self.done(run, report),
            Msg::Failed(run, failure) => self.failed(run, failure),
            Msg::Show(tab) => self.tab = tab,
            Msg::ShowQuery(id) => return self.show_query(id),
            Msg::Filter(filter) => self.filter = filter,
            Msg::FocusFilter => {
                self.tab = Tab::Findings;
                return vec![Effect::Focus("filter".to_owned())];
            }
            Msg::Step(forward) => return self.next_finding(forward),
            Msg::Toggle(finding) => self.toggle(finding),
            Msg::ToggleAll(unfold) => self.toggle_all(unfold),
            Msg::Choose(finding, chosen) => self.choose(finding, chosen),
            Msg::Jump(place) => return self.jump(&place),
            Msg::Open(dialog) => self.dialog = Some(dialog),
            Msg::Closed => self.dialog = None,
            Msg::Escape => return self.escape(),
            Msg::NextTheme => {
                self.theme = self.theme.next(self.system_dark);
                self.say(format!("Theme: {}", self.theme.name()));
                return vec![Effect::Theme(self.theme)];
            }
            Msg::ToggleIntake => self.intake_hidden = !self.intake_hidden,
            Msg::Drag(dragging) => self.dragging = dragging,
            Msg::Copy(text, what) => return vec![Effect::Copy(text, what)],
            Msg::CopyDdl => return self.migrate(Way::Copy),
            Msg::DownloadDdl => return self.migrate(Way::Download),
            Msg::SetFormat(format) => self.format = format,
            Msg::Downloaded(what, true) => self.say(format!("Downloaded: {what}")),
            Msg::Downloaded(what, false) => {
                self.complain(format!("The browser refused to download: {what}"))
            }
            Msg::TakeReport(form, literals, way) => return self.take_report(form, literals, way),
            Msg::Print => return vec![Effect::Print],
            Msg::CopyMarkdown => return self.copy(export::markdown, "Markdown, literals replaced"),
            Msg::Copied(what, true) => self.say(format!("Copied: {what}")),
            Msg::Copied(what, false) => {
                self.complain(format!("The browser refused to copy: {what}"))
            }
            Msg::Desk(_) | Msg::Key(_) => {}
        }
        Vec::new()
    }

    fn tell(&mut self, text: String, weight: Weight) {
        let number = self.notice.as_ref().map_or(0, |notice| notice.number) + 1;
        self.notice = Some(Notice { text, weight, number });
    }

    pub(super) fn say(&mut self, text: String) {
        self.tell(text, Weight::Seen);
    }

    pub(super) fn complain(&mut self, text: String) {
        self.tell(text, Weight::Bad);
    }

    /// After an edit: what is small is reviewed again after a pause.
    pub(super) fn changed(&mut self) -> Vec<Effect> {
        self.edit += 1;
        let working = matches!(self.phase, Phase::Working { .. });
        self.phase = Phase::Changed;
        self.guard.stop();
        let mut effects = Vec::new();
        if working {
            effects.push(Effect::Stop);
        }
        if self.is_small() {
            effects.push(Effect::Settle(self.edit));
        }
        effects
    }

    /// Is it reviewed again without being asked to?
    fn is_small(&self) -> bool {
        self.size_bytes() <= EDITABLE_BYTES_MAX as f64
    }

    fn settled(&mut self, edit: u32) -> Vec<Effect> {
        self.history.pause();
        let due = edit == self.edit && self.phase == Phase::Changed && self.is_small();
        if due { self.start_by_itself() } else { Vec::new() }
    }

    pub(super) fn start(&mut self) -> Vec<Effect> {
        if self.pieces.iter().all(|piece| piece.is_blank()) {
            return self.clear_review();
        }
        self.ask(Effect::Run(self.job()))
    }

    /// Reviews the same input again, as other things are asked now.
    pub(super) fn revise(&mut self) -> Vec<Effect> {
        self.ask(Effect::Revise(self.job()))
    }

    fn ask(&mut self, effect: Effect) -> Vec<Effect> {
        // The number of the run is known when the worker has been asked; see `started`.
        self.phase = Phase::Working { run: 0, stage: Stage::Read, done: 0, total: 0 };
        // Samples kill nothing, so nothing needs to be noted of them.
        if self.sample.is_none() {
            self.guard.begin(&self.job());
        } else {
            self.guard.stop();
        }
        self.asked.clone_from(&self.options);
        vec![effect]
    }

    /// The worker has been asked.
    pub fn started(&mut self, run: RunId) {
        self.phase = Phase::Working { run, stage: Stage::Read, done: 0, total: 0 };
    }

    fn clear_review(&mut self) -> Vec<Effect> {
        self.phase = Phase::Empty;
        self.review = None;
        self.guard.stop();
        vec![Effect::Stop]
    }

    fn cancel(&mut self) -> Vec<Effect> {
        if !matches!(self.phase, Phase::Working { .. }) {
            return Vec::new();
        }
        self.phase = Phase::Changed;
        self.guard.stop();
        self.say("Cancelled; your text is as it was".to_owned());
        vec![Effect::Stop]
    }

    fn progress(&mut self, run: RunId, stage: Stage, done: usize, total: usize) {
        if matches!(self.phase, Phase::Working { run: current, .. } if current == run) {
            self.phase = Phase::Working { run, stage, done, total };
        }
    }

    fn done(&mut self, run: RunId, report: Rc<Report>) -> Vec<Effect> {
        if !self.is_working(run) {
            return Vec::new();
        }
        self.keep_numbers(&report);
        self.show(report, false);
        self.phase = Phase::Ready;
        self.guard.end();
        // What was asked for in the meantime.
        if self.asked == self.options { Vec::new() } else { self.revise() }
    }

    fn draft(&mut self, run: RunId, report: Rc<Report>) {
        if self.is_working(run) {
            self.keep_numbers(&report);
            self.show(report, true);
        }
    }

    /// What is decided now is compared in the next review with what this one says.
    fn keep_numbers(&mut self, report: &Report) {
        let is_same = self.asked == self.options;
        remember(&mut self.options.decisions, report);
        if is_same {
            self.asked.clone_from(&self.options);
        }
    }

    fn is_working(&self, run: RunId) -> bool {
        matches!(self.phase, Phase::Working { run: current, .. } if current == run)
    }

    fn show(&mut self, report: Rc<Report>, is_draft: bool) {
        let report = Rc::try_unwrap(report).unwrap_or_else(|shared| (*shared).clone());
        let shared = |piece: &Shared<Piece>| self.piece(piece.id).is_some();
        let other = self.review.as_ref().is_none_or(|before| !before.pieces.iter().any(shared));
        if other {
            self.unfolded = report.findings.first().map(finding_key).into_iter().collect();
        }
        self.current = None;
        if !is_draft {
            let n = counted(report.findings.len(), "finding", "findings");
            self.tell(format!("Review ready: {n}"), Weight::Heard);
        }
        self.review = Some(Shared::new(Review { report, is_draft, pieces: self.pieces.clone() }));
    }

    fn failed(&mut self, run: RunId, failure: Failure) {
        if matches!(self.phase, Phase::Working { run: current, .. } if current == run) {
            self.guard.fail(&failure);
            self.phase = Phase::Failed(failure);
        }
    }

    fn finding(&self, position: usize) -> Option<String> {
        self.review.as_ref()?.report.findings.get(position).map(finding_key)
    }

    fn show_query(&mut self, id: String) -> Vec<Effect> {
        self.tab = Tab::Queries;
        let focus = Effect::Focus(format!("query-{id}"));
        self.query = Some(id);
        vec![focus]
    }

    fn toggle(&mut self, position: usize) {
        let Some(key) = self.finding(position) else { return };
        self.current = Some(position);
        if !self.unfolded.remove(&key) {
            self.unfolded.insert(key);
        }
    }

    fn toggle_all(&mut self, unfold: bool) {
        let Some(review) = self.review.as_ref().filter(|_| unfold) else {
            self.unfolded.clear();
            return;
        };
        let keys: SortedSet<_> = review.report.findings.iter().map(finding_key).collect();
        self.unfolded = keys;
    }

    fn choose(&mut self, position: usize, chosen: bool) {
        let Some(key) = self.finding(position) else { return };
        if chosen {
            self.left_out.remove(&key);
        } else {
            self.left_out.insert(key);
        }
    }

    /// To the next finding that is shown.
    fn next_finding(&mut self, forward: bool) -> Vec<Effect> {
        let Some(review) = &self.review else { return Vec::new() };
        let shown = select::findings(&review.report, &self.filter);
        let at = self.current.and_then(|current| shown.iter().position(|p| *p == current));
        let next = match (at, forward) {
            (None, _) => 0,
            (Some(at), true) => (at + 1).min(shown.len().saturating_sub(1)),
            (Some(at), false) => at.saturating_sub(1),
        };
        let Some(position) = shown.get(next) else { return Vec::new() };
        self.tab = Tab::Findings;
        self.current = Some(*position);
        vec![Effect::Focus(format!("finding-{position}"))]
    }

    fn jump(&mut self, place: &Place) -> Vec<Effect> {
        let reviewed = self.review.as_ref().and_then(|r| r.pieces.get(place.piece as usize));
        let Some(id) = reviewed.map(|piece| piece.id) else { return Vec::new() };
        let Some(piece) = self.piece(id) else {
            self.complain("That text was removed".to_owned());
            return Vec::new();
        };
        let jump = Jump { piece: id, line: place.line as usize, column: place.column as usize };
        let effect = match &piece.body {
            Body::Text(_) => Effect::SelectLine(jump),
            Body::Held(_) => Effect::Excerpt(jump, piece.body.clone()),
        };
        self.jump = Some((jump, None));
        self.intake_hidden = false;
        vec![effect]
    }

    fn escape(&mut self) -> Vec<Effect> {
        if matches!(self.phase, Phase::Working { .. }) {
            return self.cancel();
        }
        self.filter = Filter::default();
        self.dragging = false;
        self.notice = None;
        Vec::new()
    }

    /// The report without the findings that are left out.
    fn chosen(&self) -> Option<Report> {
        let mut report = self.review.as_ref()?.report.clone();
        report.findings.retain(|finding| !self.left_out.contains(&finding_key(finding)));
        Some(report)
    }

    /// The migration of the findings that are not left out.
    fn migrate(&mut self, way: Way) -> Vec<Effect> {
        let report = self
            .chosen()
            .filter(|report| report.findings.iter().any(|finding| !finding.changes.is_empty()));
        if let Some(report) = report {
            return vec![Effect::Migrate(Box::new(report), self.format, way)];
        }
        let verb = match way {
            Way::Copy => "copy",
            Way::Download => "download",
        };
        self.complain(format!("Nothing to {verb}: no migration"));
        Vec::new()
    }

    /// The review in a form, as a file or in the clipboard.
    fn take_report(&mut self, form: Form, literals: bool, way: Way) -> Vec<Effect> {
        let Some(report) = self.chosen() else {
            self.complain("There is no review yet".to_owned());
            return Vec::new();
        };
        let what = match (form, literals) {
            (Form::Html, true) => "HTML report",
            (Form::Html, false) => "HTML report, literals replaced",
            (Form::Markdown, true) => "Markdown",
            (Form::Markdown, false) => "Markdown, literals replaced",
            (Form::Json, true) => "JSON",
            (Form::Json, false) => "JSON, literals replaced",
        };
        vec![Effect::Give(export::report(&report, form, literals), what, way)]
    }

    fn copy(&mut self, text: fn(&Report) -> Option<String>, what: &'static str) -> Vec<Effect> {
        if let Some(text) = self.chosen().and_then(|report| text(&report)) {
            return vec![Effect::Copy(text, what)];
        }
        self.complain(format!("Nothing to copy: no {what}"));
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::client::Reason;
    use crate::ui::desk::message::DeskMsg;
    use crate::ui::state::NewPiece;

    fn pasted(text: &str) -> Msg {
        Msg::Add(vec![NewPiece { name: None, body: Body::from_text(text) }], Vec::new())
    }

    /// A page with one piece and a run of number 1 under way.
    fn working() -> State {
        let mut state = State::default();
        let effects = state.update(pasted("select 1"));
        assert!(matches!(effects.as_slice(), [Effect::Run(job)] if job.pieces.len() == 1));
        state.started(1);
        state
    }

    #[test]
    fn what_a_superseded_run_says_is_dropped() {
        let mut state = working();
        state.update(pasted("select 2"));
        state.started(2);
        state.update(Msg::Done(1, Rc::default()));
        assert!(state.review.is_none());
        state.update(Msg::Done(2, Rc::default()));
        assert_eq!(state.phase, Phase::Ready);
        assert_eq!(state.review.map(|review| review.pieces.len()), Some(2));
    }

    #[test]
    fn the_last_good_review_and_the_text_survive_a_failure() {
        let mut state = working();
        state.update(Msg::Done(1, Rc::default()));
        state.update(Msg::Run);
        state.started(2);
        let failure = Failure { reason: Reason::Panicked, detail: String::new(), stage: None };
        state.update(Msg::Failed(2, failure.clone()));
        assert_eq!(state.phase, Phase::Failed(failure));
        assert!(state.review.is_some());
        assert_eq!(state.pieces.first().and_then(|piece| piece.text()), Some("select 1"));
        assert!(matches!(state.update(Msg::Run).as_slice(), [Effect::Run(_)]));
    }

    #[test]
    fn edits_are_reviewed_after_a_pause_and_only_the_last_one() {
        let mut state = working();
        let id = state.pieces.first().map(|piece| piece.id).unwrap();
        let effects = state.update(Msg::Edit(id, "select 3".to_owned()));
        assert_eq!(effects, [Effect::Stop, Effect::Settle(1)]);
        assert_eq!(state.update(Msg::Edit(id, "select 4".to_owned())), [Effect::Settle(2)]);
        assert_eq!(state.update(Msg::Settled(1)), []);
        assert!(matches!(state.update(Msg::Settled(2)).as_slice(), [Effect::Run(_)]));
    }

    #[test]
    fn what_plans_measured_is_taken_over_on_request_only() {
        let mut state = working();
        let calibrates = |effects: &[Effect]| match effects {
            [Effect::Run(job)] => Some(job.options.calibrate),
            _ => None,
        };
        assert_eq!(calibrates(&state.update(Msg::Run)), Some(false));
        assert_eq!(calibrates(&state.update(Msg::Calibrate(true))), Some(true));
        state.update(Msg::Clear);
        assert_eq!(calibrates(&state.update(pasted("select 2"))), Some(false));
    }

    #[test]
    fn cancel_keeps_the_text() {
        let mut state = working();
        assert_eq!(state.update(Msg::Cancel), [Effect::Stop]);
        assert_eq!(state.phase, Phase::Changed);
        assert_eq!(state.pieces.len(), 1);
    }

    #[test]
    fn own_text_comes_back_after_a_sample() {
        let mut state = working();
        state.update(Msg::Sample(0));
        assert!(state.sample.is_some());
        state.update(Msg::Desk(DeskMsg::Undo));
        assert_eq!(state.pieces.first().and_then(|piece| piece.text()), Some("select 1"));
        assert!(state.sample.is_none() && state.history.next().is_some());
    }

    #[test]
    fn nothing_is_left_after_the_last_piece() {
        let mut state = working();
        let id = state.pieces.first().map(|piece| piece.id).unwrap();
        state.update(Msg::Remove(id));
        assert_eq!(state.phase, Phase::Empty);
        assert_eq!(state.title(), "Sargable: index design review");
    }
}
