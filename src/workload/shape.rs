//! What a query asks of each of its base relations, in the terms an index answers: predicates with
//! the side that could be a key, joins (also those implied by equalities), order, groups, columns.
//!
//! One [`Block`] is one SELECT; subqueries, CTEs and set arms are blocks of their own. Facts are
//! structural only: no statistics, no costs.

use crate::sorted::SortedSet;

use super::equivalence::implied_equalities;
use super::predicate::{Predicate, classify};
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::query::{Command, JoinKind, JoinTree, Query, RelationSource, SortKey, Target};
use crate::sql::{and_all, or_all};

/// One SELECT (or UPDATE, DELETE) of a statement and its base relations.
#[derive(Debug)]
pub struct Block<'a> {
    /// The query.
    pub query: &'a Query,
    /// Its tables, in the order of FROM.
    pub shapes: Vec<Shape>,
}

/// What one block asks of one table.
#[derive(Debug, Clone, PartialEq)]
pub struct Shape {
    /// Position in `Query::relations`.
    pub relation: usize,
    /// Position in `Catalog::tables`.
    pub table: usize,
    /// Its alias.
    pub alias: String,
    /// Conjuncts that restrict it or join it; keys are expressions over this relation.
    pub predicates: Vec<Predicate>,
    /// Columns it must deliver, for this block's output and for all conditions.
    pub needed: SortedSet<u16>,
    /// The same without those that only conditions of WHERE read.
    pub output: SortedSet<u16>,
    /// ORDER BY, when every key is an expression over this relation alone.
    pub order_by: Vec<SortKey>,
    /// GROUP BY keys over this relation alone; empty unless all are.
    pub group_by: Vec<Expr>,
    /// DISTINCT over this relation's expressions alone; empty unless all are.
    pub distinct: Vec<Expr>,
    /// `min(x)`, `max(x)` (true) over this relation in a query without GROUP BY.
    pub min_max: Vec<(Expr, bool)>,
    /// LIMIT that applies to the block's rows directly.
    pub limit: Option<Expr>,
    /// Columns an UPDATE writes, by name.
    pub written: SortedSet<String>,
    /// On the nullable side of an outer join.
    pub is_nullable: bool,
}

impl Shape {
    /// A relation of which nothing is asked.
    pub fn of_relation(relation: usize, table: usize) -> Shape {
        Shape {
            relation,
            table,
            alias: String::new(),
            predicates: Vec::new(),
            needed: SortedSet::new(),
            output: SortedSet::new(),
            order_by: Vec::new(),
            group_by: Vec::new(),
            distinct: Vec::new(),
            min_max: Vec::new(),
            limit: None,
            written: SortedSet::new(),
            is_nullable: false,
        }
    }
}

/// All blocks of a bound statement, outermost first.
pub fn blocks(query: &Query) -> Vec<Block<'_>> {
    let mut out = Vec::new();
    collect(query, &mut out);
    out
}

fn collect<'a>(query: &'a Query, out: &mut Vec<Block<'a>>) {
    out.push(Block { query, shapes: shapes_of(query) });
    query.for_each_query(&mut |inner| collect(inner, out));
}

/// The shapes of one block's tables.
pub fn shapes_of(query: &Query) -> Vec<Shape> {
    let clauses = Clauses::of(query);
    let tables =
        query.relations.iter().enumerate().filter_map(|(at, relation)| match relation.source {
            RelationSource::Table(table) if !is_insert_target(query, at) => Some((at, table)),
            _ => None,
        });
    tables.map(|(relation, table)| shape_of(query, &clauses, relation, table)).collect()
}

fn is_insert_target(query: &Query, relation: usize) -> bool {
    relation == 0 && matches!(query.command, Command::Insert { .. })
}

fn shape_of(query: &Query, clauses: &Clauses, relation: usize, table: usize) -> Shape {
    let mut predicates = Vec::new();
    for clause in &clauses.conditions {
        if clause.applies_to(relation) {
            classify(&clause.expr, relation, clause.is_implied, &mut predicates);
        }
    }
    let own = |expr: &Expr| is_over(expr, relation);
    let order_by = query.order_by.clone();
    let group_by = query.group_by.clone();
    let distinct = distinct_keys(query);
    Shape {
        relation,
        table,
        alias: query.relations.get(relation).map(|r| r.alias.clone()).unwrap_or_default(),
        predicates,
        needed: needed_columns(query, relation, true),
        output: needed_columns(query, relation, false),
        order_by: if order_by.iter().all(|key| own(&key.expr)) { order_by } else { Vec::new() },
        group_by: if group_by.iter().all(own) { group_by } else { Vec::new() },
        distinct: if distinct.iter().all(own) { distinct } else { Vec::new() },
        min_max: min_max(query, relation),
        limit: query.limit.clone().filter(|_| query.group_by.is_empty()),
        written: written_columns(query, relation),
        is_nullable: clauses.nullable.contains(&relation),
    }
}

fn distinct_keys(query: &Query) -> Vec<Expr> {
    match &query.distinct {
        Some(keys) if !keys.is_empty() => keys.clone(),
        Some(_) => query
            .targets
            .iter()
            .filter_map(|target| match target {
                Target::Expr(expr, _) => Some(expr.clone()),
                Target::Star(_) => None,
            })
            .collect(),
        None => Vec::new(),
    }
}

/// Reads at least one column of `relation` and of no other relation of the query.
pub fn is_over(expr: &Expr, relation: usize) -> bool {
    let columns = expr.columns();
    !columns.is_empty() && columns.iter().all(|column| usize::from(column.relation) == relation)
}

fn min_max(query: &Query, relation: usize) -> Vec<(Expr, bool)> {
    if !query.group_by.is_empty() || query.relations.len() != 1 {
        return Vec::new();
    }
    let one = |target: &Target| match target {
        Target::Expr(Expr::Function(call), _) if call.args.len() == 1 && call.over.is_none() => {
            let is_max = match call.name.as_str() {
                "min" => false,
                "max" => true,
                _ => return None,
            };
            call.args.first().filter(|arg| is_over(arg, relation)).map(|a| (a.clone(), is_max))
        }
        _ => None,
    };
    query.targets.iter().map(one).collect::<Option<Vec<_>>>().unwrap_or_default()
}

fn needed_columns(query: &Query, relation: usize, with_conditions: bool) -> SortedSet<u16> {
    let mut columns = Vec::new();
    match with_conditions {
        true => query.columns_at(0, &mut columns),
        false => {
            let bare = Query { conditions: Vec::new(), ..query.clone() };
            bare.columns_at(0, &mut columns);
        }
    }
    let of_relation = columns.iter().filter(|column| usize::from(column.relation) == relation);
    let mut needed: SortedSet<u16> = of_relation.map(|column| column.column).collect();
    let is_written = relation == 0 && !matches!(query.command, Command::Select);
    if is_written || query.for_update {
        needed.insert(ColumnRef::WHOLE_ROW);
    }
    needed
}

fn written_columns(query: &Query, relation: usize) -> SortedSet<String> {
    match &query.command {
        Command::Update { set } if relation == 0 => {
            set.iter().map(|(name, _)| name.clone()).collect()
        }
        _ => SortedSet::new(),
    }
}

/// `(a AND b) OR (a AND c)` as `a` and `b OR c`: what every arm demands holds on its own, and so may
/// be a join or a boundary. PostgreSQL does the same (`find_duplicate_ors` in `prepqual.c`).
pub fn factored(condition: &Expr) -> Vec<Expr> {
    match condition {
        Expr::And(parts) => parts.iter().flat_map(factored).collect(),
        Expr::Or(arms) => {
            let arms = arms.iter().map(|arm| and_all(factored(arm)));
            let flat = arms.flat_map(|arm| match arm {
                Expr::Or(inner) => inner,
                other => vec![other],
            });
            factored_or(flat.collect())
        }
        other => vec![other.clone()],
    }
}

fn factored_or(arms: Vec<Expr>) -> Vec<Expr> {
    let condition = Expr::Or(arms.clone());
    let parts_of = |arm: &Expr| match arm {
        Expr::And(parts) => parts.clone(),
        other => vec![other.clone()],
    };
    let arms: Vec<Vec<Expr>> = arms.iter().map(parts_of).collect();
    let Some((first, rest)) = arms.split_first() else { return Vec::new() };
    let in_all = |part: &&Expr| rest.iter().all(|arm| arm.contains(part));
    let common: Vec<Expr> = first.iter().filter(in_all).cloned().collect();
    if common.is_empty() {
        return vec![condition];
    }
    let without = |arm: &Vec<Expr>| -> Vec<Expr> {
        arm.iter().filter(|part| !common.contains(part)).cloned().collect()
    };
    let left: Vec<Vec<Expr>> = arms.iter().map(without).collect();
    let mut out = common.clone();
    // An arm that demanded nothing else makes the rest of the others moot.
    if left.iter().all(|arm| !arm.is_empty()) {
        out.push(or_all(left.into_iter().map(and_all).collect()));
    }
    out
}

/// The conjuncts of a block with the relations they may restrict.
pub struct Clauses {
    /// WHERE, inner ON and implied equalities; ON of outer joins for their nullable side.
    pub conditions: Vec<Clause>,
    /// Relations on the nullable side of an outer join.
    pub nullable: SortedSet<usize>,
}

/// A conjunct.
pub struct Clause {
    /// The condition.
    pub expr: Expr,
    /// Relations it may restrict; `None` means all it names.
    pub only: Option<SortedSet<usize>>,
    /// Derived from others.
    pub is_implied: bool,
}

impl Clause {
    fn applies_to(&self, relation: usize) -> bool {
        self.only.as_ref().is_none_or(|only| only.contains(&relation))
    }
}

impl Clauses {
    /// Collects them.
    pub fn of(query: &Query) -> Clauses {
        let mut out = Clauses { conditions: Vec::new(), nullable: SortedSet::new() };
        let whole = |expr: Expr| Clause { expr, only: None, is_implied: false };
        // What the text asks comes first: keys follow its order.
        let (of_views, of_text) =
            query.conditions.split_at(query.n_of_views.min(query.conditions.len()));
        let conditions = of_text.iter().chain(of_views);
        out.conditions.extend(conditions.flat_map(factored).map(whole));
        for tree in &query.from {
            out.join_tree(tree, None);
        }
        let certain: Vec<&Expr> = out
            .conditions
            .iter()
            .filter(|clause| clause.only.is_none())
            .map(|clause| &clause.expr)
            .collect();
        let implied = implied_equalities(&certain);
        out.conditions.extend(implied.into_iter().map(|expr| Clause {
            expr,
            only: None,
            is_implied: true,
        }));
        out
    }

    /// `only` is the nullable side this tree is on, if any: its conditions restrict nothing else.
    fn join_tree(&mut self, tree: &JoinTree, only: Option<&SortedSet<usize>>) {
        let JoinTree::Join { kind, left, right, on, .. } = tree else { return };
        let side = |tree: &JoinTree| -> SortedSet<usize> {
            super::bind::relations_of(tree).into_iter().collect()
        };
        let (left_side, right_side) = (side(left), side(right));
        let (left_only, right_only, on_only) = match kind {
            JoinKind::Inner => (only.cloned(), only.cloned(), only.cloned()),
            JoinKind::Left => (only.cloned(), Some(right_side.clone()), Some(right_side.clone())),
            JoinKind::Right => (Some(left_side.clone()), only.cloned(), Some(left_side.clone())),
            JoinKind::Full => {
                (Some(left_side.clone()), Some(right_side.clone()), Some(SortedSet::new()))
            }
        };
        match kind {
            JoinKind::Inner => {}
            JoinKind::Left => self.nullable.extend(&right_side),
            JoinKind::Right => self.nullable.extend(&left_side),
            JoinKind::Full => self.nullable.extend(left_side.iter().chain(&right_side)),
        }
        for expr in on {
            self.conditions.push(Clause {
                expr: expr.clone(),
                only: on_only.clone(),
                is_implied: false,
            });
        }
        self.join_tree(left, left_only.as_ref());
        self.join_tree(right, right_only.as_ref());
    }
}
