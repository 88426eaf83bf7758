//! What the user asks of the advisor, one wish at a time. The input stays as it is: only the choice
//! among the indexes is made anew, or one of them tried.

use crate::advise::{Action, Finding};
use crate::dialect::Dialect;
use crate::input::{Budget, Decision, Verdict, same_index};
use crate::report::IndexReport;
use crate::sql::quote::quote_name;
use crate::ui::state::{Effect, Phase, State, Tab};

/// Something asked of the advisor.
#[derive(Debug, Clone, PartialEq)]
pub enum Wish {
    /// The new indexes take at most so much; `None`: whatever is worth it.
    Budget(Option<Budget>),
    /// An index is decided about; what was decided about it before goes.
    Decide(Decision),
    /// What was decided about the index of this statement goes.
    TakeBack(String),
    /// What would this statement do?
    Try(String),
    /// Do not try this statement any more.
    Forget(String),
}

impl State {
    /// Changes what is asked; reviews again if the input is reviewed, else with it.
    pub(super) fn wish(&mut self, wish: Wish) -> Vec<Effect> {
        let before = self.options.clone();
        let options = &mut self.options;
        match wish {
            Wish::Budget(budget) => options.budget = budget,
            Wish::Decide(decision) => {
                options.trials.retain(|sql| !same_index(sql, &decision.statement));
                options.decide(decision);
            }
            Wish::TakeBack(statement) => {
                options.decisions.retain(|one| one.statement != statement);
            }
            Wish::Try(statement) => {
                let statement = statement.trim().trim_end_matches(';').trim_end().to_owned();
                if !statement.is_empty() && !options.trials.contains(&statement) {
                    options.trials.push(statement);
                }
                self.tab = Tab::WhatIf;
            }
            Wish::Forget(statement) => options.trials.retain(|sql| *sql != statement),
        }
        if self.options == before { Vec::new() } else { self.asked_anew() }
    }

    /// Other things are asked of the advisor, of the same input.
    pub(super) fn asked_anew(&mut self) -> Vec<Effect> {
        match self.phase {
            Phase::Ready => self.revise(),
            Phase::Changed | Phase::Failed(_) | Phase::Held => self.start(),
            // A run under way is followed by another one when it is done.
            Phase::Working { .. } | Phase::Empty => Vec::new(),
        }
    }
}

/// What was decided about the index that a statement creates.
pub fn decision<'a>(decisions: &'a [Decision], statement: &str) -> Option<&'a Decision> {
    decisions.iter().find(|one| same_index(&one.statement, statement))
}

/// What was decided, as it stands before a statement.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accept => "Accepted",
        Verdict::Reject => "Rejected",
        Verdict::Defer => "Deferred",
    }
}

/// What is decided about in a finding: the index that it creates, or the loss of the one that it drops.
pub fn decidable(finding: &Finding, dialect: Dialect) -> Option<String> {
    let change = finding.changes.first()?;
    Some(match change.action {
        Action::Create => change.statement.clone(),
        Action::Drop => drop_statement(&change.index, &change.table, dialect),
    })
}

/// Is a statement about the loss of an index?
pub fn is_drop(statement: &str) -> bool {
    statement.split_whitespace().next().is_some_and(|word| word.eq_ignore_ascii_case("drop"))
}

/// The statement that asks what would be if an existing index went.
pub fn drop_of(index: &IndexReport, dialect: Dialect) -> String {
    drop_statement(&index.name, &index.table, dialect)
}

fn drop_statement(index: &str, table: &str, dialect: Dialect) -> String {
    let name = quote_name(index, dialect);
    match dialect {
        // Where an index is named within its table.
        Dialect::Mysql | Dialect::Mariadb => {
            let table: Vec<_> = table.split('.').map(|part| quote_name(part, dialect)).collect();
            format!("DROP INDEX {name} ON {}", table.join("."))
        }
        Dialect::Postgres | Dialect::Sqlite => format!("DROP INDEX {name}"),
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::ui::body::Body;
    use crate::ui::desk::message::DeskMsg;
    use crate::ui::state::{Msg, NewPiece};

    fn pasted(text: &str) -> Msg {
        Msg::Add(vec![NewPiece { name: None, body: Body::from_text(text) }], Vec::new())
    }

    /// A page with a review of one piece.
    fn reviewed() -> State {
        let mut state = State::default();
        state.update(pasted("select 1"));
        state.started(1);
        state.update(Msg::Done(1, Rc::default()));
        assert_eq!(state.phase, Phase::Ready);
        state
    }

    fn reject(statement: &str) -> Msg {
        let reason = "writes".to_owned();
        let statement = statement.to_owned();
        let decision =
            Decision { statement, verdict: Verdict::Reject, reason, ..Decision::default() };
        Msg::Wish(Wish::Decide(decision))
    }

    fn budget(bytes: f64) -> Msg {
        Msg::Wish(Wish::Budget(Some(Budget::Bytes(bytes))))
    }

    #[test]
    fn other_options_alone_do_not_read_the_input_again() {
        let mut state = reviewed();
        let effects = state.update(budget(8192.0));
        assert!(matches!(effects.as_slice(), [Effect::Revise(job), Effect::Settle(_)]
            if job.options.budget == Some(Budget::Bytes(8192.0))));
        let id = state.pieces.first().map(|piece| piece.id).unwrap();
        state.update(Msg::Edit(id, "select 2".to_owned()));
        assert!(matches!(state.update(budget(1.0)).as_slice(), [Effect::Run(_), ..]));
    }

    #[test]
    fn what_is_asked_during_a_run_is_reviewed_after_it_and_only_the_last() {
        let mut state = reviewed();
        state.update(budget(1.0));
        state.started(2);
        assert_eq!(state.update(budget(2.0)), [Effect::Settle(0)]);
        assert_eq!(state.update(budget(3.0)), [Effect::Settle(0)]);
        let effects = state.update(Msg::Done(2, Rc::default()));
        assert!(matches!(effects.as_slice(), [Effect::Revise(job)]
            if job.options.budget == Some(Budget::Bytes(3.0))));
        state.started(3);
        assert_eq!(state.update(Msg::Done(3, Rc::default())), []);
        assert_eq!(state.phase, Phase::Ready);
    }

    #[test]
    fn a_decision_replaces_the_one_before_and_is_taken_back() {
        let mut state = reviewed();
        state.update(Msg::Wish(Wish::Try("create index on t (a);".to_owned())));
        assert_eq!((state.tab, state.options.trials.len()), (Tab::WhatIf, 1));
        state.update(reject("CREATE INDEX x ON t (a)"));
        assert!(state.options.trials.is_empty());
        let accept =
            Decision { statement: "create index y on t (a)".into(), ..Decision::default() };
        state.update(Msg::Wish(Wish::Decide(accept.clone())));
        assert_eq!(state.options.decisions, [accept]);
        state.update(Msg::Wish(Wish::TakeBack("create index y on t (a)".to_owned())));
        assert!(state.options.decisions.is_empty());
    }

    #[test]
    fn decisions_stay_with_their_input() {
        let mut state = reviewed();
        state.update(reject("CREATE INDEX x ON t (a)"));
        state.update(pasted("select 2"));
        assert_eq!(state.options.decisions.len(), 1);
        state.update(Msg::Sample(0));
        assert!(state.options.decisions.is_empty());
        state.update(Msg::Desk(DeskMsg::Undo));
        assert_eq!(state.options.decisions.len(), 1);
    }
}
