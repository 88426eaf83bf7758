//! A condition of the query with what the planner needs to know of it (PostgreSQL's `RestrictInfo`).

use std::cell::Cell;
use std::rc::Rc;

use super::cost::qual::qual_cost;
use super::root::Root;
use crate::estimate::merge::MergeScan;
use crate::sql::expr::{CompareOp, Expr};
use crate::sql::functions::has_volatile;
use crate::sql::relids::Relids;

/// Cost of evaluating an expression, in planner units.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct QualCost {
    /// Once.
    pub startup: f64,
    /// For every row.
    pub per_tuple: f64,
}

impl std::ops::AddAssign for QualCost {
    fn add_assign(&mut self, other: QualCost) {
        self.startup += other.startup;
        self.per_tuple += other.per_tuple;
    }
}

/// A conjunct of WHERE, ON or a derived equality. Shared: the same clause is the same `Rc`.
#[derive(Debug)]
pub struct Clause {
    /// The condition; its columns are those of the query level (level 0) or outer values (level > 0).
    pub expr: Expr,
    /// Came from WHERE or an ON above its own place; `false`: from the ON of the very outer join that
    /// its `required` relations make.
    pub is_pushed_down: bool,
    /// Held back by an outer join below it.
    pub is_delayed: bool,
    /// Reads no relation: decided once.
    pub is_pseudoconstant: bool,
    /// A binary operator with different relations on its sides.
    pub can_join: bool,
    /// Relations it reads.
    pub relids: Relids,
    /// Relations that must be joined before it can be checked.
    pub required: Relids,
    /// The outer side of the outer join it stems from, if it does.
    pub outer_relids: Relids,
    /// Relations of it that are nullable by an outer join below.
    pub nullable: Relids,
    /// Operator and sides of a binary comparison.
    pub compare: Option<Comparison>,
    /// For an OR: its arms, each a conjunction of clauses over the same relations.
    pub arms: Vec<Vec<Rc<Clause>>>,
    /// The class it was derived from, for a join clause that stands for the whole class.
    pub parent_class: Option<usize>,
    /// A btree equality: may become a merge join clause.
    pub is_mergejoinable: bool,
    /// An equality whose type can be hashed.
    pub is_hashjoinable: bool,
    /// Cost of checking it.
    pub cost: QualCost,
    /// Its part of the rows as a plain or inner join clause, once computed.
    pub norm_selectivity: Cell<Option<f64>>,
    /// The same for an outer, semi or anti join's own clause.
    pub outer_selectivity: Cell<Option<f64>>,
    /// Most common frequency and bucket size of the left side as a hash table's key, once computed.
    pub left_bucket: Cell<Option<(f64, f64)>>,
    /// The same of the right side.
    pub right_bucket: Cell<Option<(f64, f64)>>,
    /// Parts of both sides that a merge in this direction reads, once computed.
    pub merge_scan: Cell<Option<(bool, bool, MergeScan)>>,
    /// Classes of the two sides, once known.
    pub left_class: Cell<Option<usize>>,
    /// See `left_class`.
    pub right_class: Cell<Option<usize>>,
}

/// A binary comparison seen as a join clause.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The operator as written.
    pub op: CompareOp,
    /// Left side.
    pub left: Rc<Expr>,
    /// Right side.
    pub right: Rc<Expr>,
    /// Relations of the left side.
    pub left_relids: Relids,
    /// Relations of the right side.
    pub right_relids: Relids,
}

/// A list of clauses that all must hold.
pub type Clauses = Vec<Rc<Clause>>;

/// Is the very clause in the list?
pub fn contains(list: &[Rc<Clause>], clause: &Rc<Clause>) -> bool {
    list.iter().any(|other| Rc::ptr_eq(other, clause))
}

impl Clause {
    /// Is it an OR?
    pub fn is_or(&self) -> bool {
        !self.arms.is_empty()
    }
}

/// What a new clause is made of (`make_restrictinfo`).
#[derive(Debug, Clone, Copy, Default)]
pub struct ClauseFacts {
    /// See [`Clause::is_pushed_down`].
    pub is_pushed_down: bool,
    /// See [`Clause::is_delayed`].
    pub is_delayed: bool,
    /// See [`Clause::is_pseudoconstant`].
    pub is_pseudoconstant: bool,
    /// See [`Clause::required`]; 0 means the relations it reads.
    pub required: Relids,
    /// See [`Clause::outer_relids`].
    pub outer_relids: Relids,
    /// See [`Clause::nullable`].
    pub nullable: Relids,
}

/// A clause of an expression.
pub fn make_clause(root: &mut Root<'_>, expr: Expr, facts: ClauseFacts) -> Rc<Clause> {
    let arms = match &expr {
        Expr::Or(arms) => arms.iter().map(|arm| arm_clauses(root, arm, facts)).collect(),
        _ => Vec::new(),
    };
    let relids = expr.relids();
    let compare = match &expr {
        Expr::Compare(op, left, right) => Some(Comparison {
            op: *op,
            left_relids: left.relids(),
            right_relids: right.relids(),
            left: Rc::new((**left).clone()),
            right: Rc::new((**right).clone()),
        }),
        _ => None,
    };
    let can_join = compare.as_ref().is_some_and(|c| {
        c.left_relids != 0 && c.right_relids != 0 && c.left_relids & c.right_relids == 0
    });
    let is_equality = compare.as_ref().is_some_and(|c| c.op == CompareOp::Eq)
        && !facts.is_pseudoconstant
        && !has_volatile(&expr);
    let mut cost = qual_cost(root, &expr);
    if facts.is_pseudoconstant {
        cost = QualCost { startup: cost.startup + cost.per_tuple, per_tuple: 0.0 };
    }
    Rc::new(Clause {
        cost,
        expr,
        is_pushed_down: facts.is_pushed_down,
        is_delayed: facts.is_delayed,
        is_pseudoconstant: facts.is_pseudoconstant,
        can_join,
        relids,
        required: if facts.required == 0 { relids } else { facts.required },
        outer_relids: facts.outer_relids,
        nullable: facts.nullable,
        compare,
        arms,
        parent_class: None,
        is_mergejoinable: is_equality,
        is_hashjoinable: is_equality && can_join,
        norm_selectivity: Cell::new(None),
        outer_selectivity: Cell::new(None),
        left_bucket: Cell::new(None),
        right_bucket: Cell::new(None),
        merge_scan: Cell::new(None),
        left_class: Cell::new(None),
        right_class: Cell::new(None),
    })
}

fn arm_clauses(root: &mut Root<'_>, arm: &Expr, facts: ClauseFacts) -> Vec<Rc<Clause>> {
    let parts = match arm {
        Expr::And(parts) => parts.as_slice(),
        other => std::slice::from_ref(other),
    };
    let facts = ClauseFacts { required: 0, ..facts };
    parts.iter().map(|part| make_clause(root, part.clone(), facts)).collect()
}

/// Cost of checking all clauses.
pub fn clauses_cost(clauses: &[Rc<Clause>]) -> QualCost {
    let mut cost = QualCost::default();
    for clause in clauses {
        cost += clause.cost;
    }
    cost
}
