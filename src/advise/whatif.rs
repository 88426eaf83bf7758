//! What every query would cost with some of the candidates. The planner is asked once for each
//! question that differs: a plan that uses only some of the indexes it was offered is also the plan
//! for every set between those and all offered.
//!
//! A plan is also charged with its risk (see `risk`): what the estimate hides when the rows do not lie
//! as evenly as it assumes. Selection goes by both, what is shown by the cost alone.

use std::collections::BTreeMap;

use crate::sorted::SortedSet;

use super::arms::served_by;
use super::candidate::Candidate;
use super::decided::Decided;
use super::doubt::Doubt;
use super::front::Front;
use super::front_report::FrontPoint;
use super::plans::Plans;
use super::risk::risk;
use super::writes::{Writes, writes_by_table};
use crate::catalog::Catalog;
use crate::plan::configuration::IndexPosition;
use crate::plan::parts::parts_of_index;
use crate::plan::{Configuration, Plan, plan_query};
use crate::sql::query::Query;
use crate::workload::shape::{Shape, blocks};
use crate::workload::{Entry, Workload};

/// Positions of candidates, ordered.
pub type Set = SortedSet<usize>;

/// A query that the planner can plan.
pub struct Costed<'a> {
    /// Position of its entry.
    pub at: usize,
    /// Its entry.
    pub entry: &'a Entry,
    /// The query itself.
    pub query: &'a Query,
    /// What it asks of its tables.
    pub shapes: Vec<Shape>,
    /// Cost of one call with what exists.
    pub base: f64,
    /// The risk in it.
    pub base_risk: f64,
    /// Candidates that could do something for it, ascending.
    pub useful: Vec<usize>,
    known: Known,
}

/// What the planner answered about a query.
#[derive(Default)]
struct Known {
    answers: Vec<Answer>,
    /// Which answer is the one to these candidates on offer.
    by_offer: BTreeMap<Vec<usize>, usize>,
}

/// An answer of the planner.
struct Answer {
    offered: Vec<usize>,
    used: Set,
    cost: f64,
    risk: f64,
}

impl Known {
    /// The answer to this offer, also where it follows from that to a larger one.
    fn find(&mut self, offered: &[usize]) -> Option<usize> {
        if let Some(at) = self.by_offer.get(offered) {
            return Some(*at);
        }
        let at = self.answers.iter().position(|answer| {
            answer.used.iter().all(|at| offered.binary_search(at).is_ok())
                && offered.iter().all(|at| answer.offered.binary_search(at).is_ok())
        })?;
        self.by_offer.insert(offered.to_vec(), at);
        Some(at)
    }

    fn add(&mut self, answer: Answer) -> usize {
        let at = self.answers.len();
        self.by_offer.insert(answer.offered.clone(), at);
        self.answers.push(answer);
        at
    }
}

/// What was found out about an input, kept for the next review of it with other wishes.
#[derive(Default)]
pub struct Memory {
    /// Whole plans.
    pub plans: Plans,
    /// Costs of sets of candidates.
    pub asked: Asked,
}

/// A [`WhatIf`] without what it borrows.
#[derive(Default)]
pub struct Asked {
    candidates: Vec<Candidate>,
    serves: Vec<Vec<usize>>,
    queries: Vec<Learned>,
    used_now: SortedSet<(usize, usize)>,
    n_asked: usize,
    n_designed: usize,
    moves: Option<Vec<Set>>,
    front: Option<KnownFront>,
    ledger: Ledger,
}

/// What needs no plan to know, computed once.
#[derive(Default)]
pub struct Ledger {
    /// Writes on every table.
    pub writes: Vec<Writes>,
    /// Size and write cost by candidate, as far as asked for.
    pub bills: Vec<(f64, f64)>,
    /// Sets of the front, as the report shows them.
    pub points: BTreeMap<Set, FrontPoint>,
}

/// What was decided, the most indexes, and the front under both: of any budget.
type KnownFront = (Decided, usize, Front);

/// A [`Costed`] without what it borrows: position of the entry instead.
struct Learned {
    entry: usize,
    shapes: Vec<Shape>,
    base: f64,
    base_risk: f64,
    useful: Vec<usize>,
    known: Known,
}

/// The candidates, the queries, and what is known of both.
pub struct WhatIf<'a> {
    /// What exists.
    pub catalog: &'a Catalog,
    /// The candidates; more may be added.
    pub candidates: Vec<Candidate>,
    /// The queries that each candidate could do something for.
    pub serves: Vec<Vec<usize>>,
    /// The queries that could be planned.
    pub queries: Vec<Costed<'a>>,
    /// Existing indexes that the plans with what exists use: table and position.
    pub used_now: SortedSet<(usize, usize)>,
    doubt: Doubt,
    /// How often the planner was asked.
    pub n_asked: usize,
    /// So many candidates come from the queries; those behind them from trying variants.
    pub n_designed: usize,
    /// Sets worth trying; none before they were looked for.
    pub moves: Option<Vec<Set>>,
    /// The front that was found last.
    pub front: Option<KnownFront>,
    /// Writes, sizes and statements.
    pub ledger: Ledger,
}

impl<'a> WhatIf<'a> {
    /// Goes on where another review of the same input stopped; `None` when nothing is remembered.
    pub fn resume(
        catalog: &'a Catalog,
        workload: &'a Workload,
        asked: &mut Asked,
    ) -> Option<WhatIf<'a>> {
        if asked.queries.is_empty() {
            return None;
        }
        let asked = std::mem::take(asked);
        let queries = asked.queries.into_iter().filter_map(|learned| {
            let Learned { entry: at, shapes, base, base_risk, useful, known } = learned;
            let entry = workload.entries.get(at)?;
            let query = entry.query.as_ref()?;
            Some(Costed { at, entry, query, shapes, base, base_risk, useful, known })
        });
        Some(WhatIf {
            catalog,
            candidates: asked.candidates,
            serves: asked.serves,
            queries: queries.collect(),
            used_now: asked.used_now,
            doubt: Doubt::of(catalog),
            n_asked: asked.n_asked,
            n_designed: asked.n_designed,
            moves: asked.moves,
            front: asked.front,
            ledger: asked.ledger,
        })
    }

    /// What the next review can go on with.
    pub fn into_asked(self) -> Asked {
        let learned = self.queries.into_iter().map(|costed| {
            let Costed { at: entry, shapes, base, base_risk, useful, known, .. } = costed;
            Learned { entry, shapes, base, base_risk, useful, known }
        });
        Asked {
            candidates: self.candidates,
            serves: self.serves,
            queries: learned.collect(),
            used_now: self.used_now,
            n_asked: self.n_asked,
            n_designed: self.n_designed,
            moves: self.moves,
            front: self.front,
            ledger: self.ledger,
        }
    }

    /// Plans every query with what exists.
    pub fn new(catalog: &'a Catalog, workload: &'a Workload, plans: &mut Plans) -> WhatIf<'a> {
        let configuration = Configuration::existing(catalog);
        let doubt = Doubt::of(catalog);
        let mut used_now = SortedSet::new();
        let queries = workload.entries.iter().enumerate().filter_map(|(at, entry)| {
            let query = entry.query.as_ref()?;
            let plan = plans.plan(&configuration, at, entry).ok()?;
            let indexes = plan.scans.iter().flat_map(|scan| &scan.indexes);
            used_now.extend(indexes.filter_map(|index| match index.index {
                IndexPosition::Existing(at) => Some((index.table, at)),
                IndexPosition::Added(_) => None,
            }));
            let shapes = blocks(query).into_iter().flat_map(|block| block.shapes).collect();
            let base = plan.total_cost;
            let base_risk = risk(&plan.root) + doubt.risk(&configuration, query, &plan);
            let (useful, known) = (Vec::new(), Known::default());
            Some(Costed { at, entry, query, shapes, base, base_risk, useful, known })
        });
        let queries: Vec<Costed<'a>> = queries.collect();
        let n_asked = queries.len();
        WhatIf {
            catalog,
            candidates: Vec::new(),
            serves: Vec::new(),
            queries,
            used_now,
            doubt,
            n_asked,
            n_designed: 0,
            moves: None,
            front: None,
            ledger: Ledger { writes: writes_by_table(catalog, workload), ..Ledger::default() },
        }
    }

    /// Adds a candidate and finds the queries it could do something for. Its position.
    pub fn add(&mut self, candidate: Candidate) -> usize {
        if let Some(known) = self.candidates.iter().position(|known| known.is_same(&candidate)) {
            return known;
        }
        let at = self.candidates.len();
        let mut serves = Vec::new();
        for (query, costed) in self.queries.iter_mut().enumerate() {
            let served = served_by(self.catalog, &costed.shapes, &candidate);
            let is_useful = served.iter().any(Option::is_some);
            if is_useful {
                costed.useful.push(at);
                serves.push(query);
            }
        }
        self.serves.push(serves);
        self.candidates.push(candidate);
        at
    }

    /// Cost of one call of a query with a set of candidates.
    pub fn cost(&mut self, query: usize, set: &Set) -> f64 {
        match self.answer(query, set) {
            Some(answer) => answer.cost,
            None => self.queries.get(query).map_or(f64::INFINITY, |costed| costed.base),
        }
    }

    /// The same with the risk of the plan.
    pub fn risked_cost(&mut self, query: usize, set: &Set) -> f64 {
        match self.answer(query, set) {
            Some(answer) => answer.cost + answer.risk,
            None => self.queries.get(query).map_or(f64::INFINITY, |q| q.base + q.base_risk),
        }
    }

    /// Cost of all calls of all queries with what exists.
    pub fn base_cost(&self) -> f64 {
        self.queries.iter().map(|costed| costed.entry.calls * costed.base).sum()
    }

    /// Cost of all calls of some queries.
    pub fn weighted_cost(&mut self, queries: impl IntoIterator<Item = usize>, set: &Set) -> f64 {
        let mut total = 0.0;
        for query in queries {
            let calls = self.queries.get(query).map_or(0.0, |costed| costed.entry.calls);
            total += calls * self.cost(query, set);
        }
        total
    }

    /// The candidates of the set that the plan of a query uses.
    pub fn used(&mut self, query: usize, set: &Set) -> Set {
        self.answer(query, set).map(|answer| answer.used.clone()).unwrap_or_default()
    }

    /// What the planner says of a query and the candidates of a set; `None` where none of them could do
    /// something for it.
    fn answer(&mut self, query: usize, set: &Set) -> Option<&Answer> {
        let costed = self.queries.get_mut(query)?;
        let useful = &costed.useful;
        let offered: Vec<usize> = match useful.len() < set.len() {
            true => useful.iter().copied().filter(|at| set.contains(at)).collect(),
            false => set.iter().copied().filter(|at| useful.binary_search(at).is_ok()).collect(),
        };
        if offered.is_empty() {
            return None;
        }
        let at = match costed.known.find(&offered) {
            Some(at) => at,
            None => {
                let answer = self.ask(query, offered)?;
                self.queries.get_mut(query)?.known.add(answer)
            }
        };
        self.queries.get(query)?.known.answers.get(at)
    }

    fn ask(&mut self, query: usize, offered: Vec<usize>) -> Option<Answer> {
        let (mut members, mut added) = (Vec::new(), Vec::new());
        for at in &offered {
            let Some(candidate) = self.candidates.get(*at) else { continue };
            for part in parts_of_index(self.catalog, candidate.table, &candidate.index) {
                members.push(*at);
                added.push(part);
            }
        }
        let configuration = Configuration { added, ..Configuration::existing(self.catalog) };
        self.n_asked += 1;
        let costed = self.queries.get(query)?;
        let (mut cost, mut risked, mut used) = (costed.base, costed.base_risk, Set::new());
        if let Ok(plan) = plan_query(&configuration, costed.query) {
            cost = plan.total_cost;
            risked = risk(&plan.root) + self.doubt.risk(&configuration, costed.query, &plan);
            used = used_of(&plan, &members);
        }
        Some(Answer { used, cost, risk: risked, offered })
    }
}

/// The added indexes of a plan, as positions of candidates; `members` is the candidate of each.
fn used_of(plan: &Plan, members: &[usize]) -> Set {
    let indexes = plan.scans.iter().flat_map(|scan| &scan.indexes);
    indexes
        .filter_map(|index| match index.index {
            IndexPosition::Added(at) => members.get(at).copied(),
            IndexPosition::Existing(_) => None,
        })
        .collect()
}
