//! Every condition to the relations it can be checked at (PostgreSQL's `initsplan.c`): plain conditions
//! as far down as outer joins let them, equalities into classes, and for every outer, semi and anti
//! join what limits the order of joining.

use std::rc::Rc;

use super::strict::nonnullable_rels;
use crate::plan::class::{initialize_mergeclause_classes, process_equivalence};
use crate::plan::clause::{Clause, ClauseFacts, Clauses, make_clause};
use crate::plan::implied::reconsider_outer_join_clauses;
use crate::plan::path::JoinType;
use crate::plan::root::{JoinNode, Root, SpecialJoin};
use crate::sql::expr::{CompareOp, Expr};
use crate::sql::functions::has_volatile;
use crate::sql::relids::{Relids, bit, is_multiple, is_subset, members, overlaps, single};

/// What is joined in which freedom: `join_collapse_limit` bounds one list.
#[derive(Debug, Clone, PartialEq)]
pub enum JoinItem {
    /// A relation.
    Relation(usize),
    /// Joined first, then one item.
    List(Vec<JoinItem>),
}

/// A part of the join tree once its conditions are distributed.
struct Part {
    items: Vec<JoinItem>,
    relids: Relids,
    inner_joined: Relids,
}

/// Where a condition was written.
#[derive(Clone, Copy)]
struct Site {
    below_outer: bool,
    jointype: JoinType,
    relids: Relids,
    /// Relations of the outer join whose ON it is in; 0 else.
    join_scope: Relids,
    nonnullable: Relids,
}

/// Collects while the tree is walked.
#[derive(Default)]
struct Collector {
    left_clauses: Clauses,
    right_clauses: Clauses,
    full_clauses: Clauses,
    /// Conditions that refer to relations beside them (LATERAL), for a join above.
    postponed: Vec<Expr>,
}

/// `deconstruct_jointree`, `reconsider_outer_join_clauses`
pub fn distribute(root: &mut Root<'_>) -> Vec<JoinItem> {
    let tree = std::mem::replace(&mut root.jointree, JoinNode::From(Vec::new(), Vec::new()));
    let mut collector = Collector::default();
    let part = walk(root, &tree, false, &mut collector);
    root.jointree = tree;
    let Collector { left_clauses, right_clauses, full_clauses, .. } = collector;
    reconsider_outer_join_clauses(root, left_clauses, right_clauses);
    for clause in &full_clauses {
        distribute_clause(root, clause);
    }
    part.items
}

fn collapse_limit(root: &Root<'_>, name: &str) -> usize {
    root.settings().other(name).and_then(|value| value.parse().ok()).unwrap_or(8)
}

fn walk(root: &mut Root<'_>, node: &JoinNode, below_outer: bool, out: &mut Collector) -> Part {
    match node {
        JoinNode::Relation(relation) => Part {
            items: vec![JoinItem::Relation(*relation)],
            relids: bit(*relation),
            inner_joined: 0,
        },
        JoinNode::From(items, conditions) => walk_from(root, items, conditions, below_outer, out),
        JoinNode::Join(kind, left, right, conditions) => {
            walk_join(root, *kind, (left, right), conditions, below_outer, out)
        }
    }
}

fn walk_from(
    root: &mut Root<'_>,
    items: &[JoinNode],
    conditions: &[Expr],
    below_outer: bool,
    out: &mut Collector,
) -> Part {
    let limit = collapse_limit(root, "from_collapse_limit");
    let mut part = Part { items: Vec::new(), relids: 0, inner_joined: 0 };
    let mut remaining = items.len();
    for item in items {
        let sub = walk(root, item, below_outer, out);
        part.relids |= sub.relids;
        part.inner_joined = sub.inner_joined;
        remaining -= 1;
        let n = sub.items.len();
        if n <= 1 || part.items.len() + n + remaining <= limit {
            part.items.extend(sub.items);
        } else {
            part.items.push(JoinItem::List(sub.items));
        }
    }
    if items.len() > 1 {
        part.inner_joined = part.relids;
    }
    let site = Site {
        below_outer,
        jointype: JoinType::Inner,
        relids: part.relids,
        join_scope: 0,
        nonnullable: 0,
    };
    for condition in std::mem::take(&mut out.postponed).iter().chain(conditions) {
        distribute_condition(root, condition, site, out);
    }
    part
}

fn walk_join(
    root: &mut Root<'_>,
    kind: JoinType,
    (left, right): (&JoinNode, &JoinNode),
    conditions: &[Expr],
    below_outer: bool,
    out: &mut Collector,
) -> Part {
    let left_below = below_outer || kind == JoinType::Full;
    let right_below =
        below_outer || matches!(kind, JoinType::Left | JoinType::Anti | JoinType::Full);
    let left = walk(root, left, left_below, out);
    let right = walk(root, right, right_below, out);
    let relids = left.relids | right.relids;
    let inner_joined = match kind {
        JoinType::Inner => relids,
        _ => left.inner_joined | right.inner_joined,
    };
    let (nonnullable, nullable) = match kind {
        JoinType::Left | JoinType::Anti => (left.relids, right.relids),
        JoinType::Full => (relids, relids),
        _ => (0, 0),
    };
    root.nullable_baserels |= nullable;
    let mut own = std::mem::take(&mut out.postponed);
    own.extend(conditions.iter().cloned());
    let special = (kind != JoinType::Inner)
        .then(|| special_join(root, kind, left.relids, right.relids, inner_joined, &own));
    let join_scope = match &special {
        Some(special) if kind != JoinType::Semi => special.min_left | special.min_right,
        _ => 0,
    };
    let site = Site { below_outer, jointype: kind, relids, join_scope, nonnullable };
    for condition in &own {
        distribute_condition(root, condition, site, out);
    }
    root.special_joins.extend(special);
    let items = joined_items(root, kind, left.items, right.items);
    Part { items, relids, inner_joined }
}

fn joined_items(
    root: &Root<'_>,
    kind: JoinType,
    left: Vec<JoinItem>,
    right: Vec<JoinItem>,
) -> Vec<JoinItem> {
    let one = |mut items: Vec<JoinItem>| match items.len() {
        1 => items.pop().unwrap_or(JoinItem::List(Vec::new())),
        _ => JoinItem::List(items),
    };
    if kind == JoinType::Full {
        return vec![JoinItem::List(vec![one(left), one(right)])];
    }
    if left.len() + right.len() <= collapse_limit(root, "join_collapse_limit") {
        let mut items = left;
        items.extend(right);
        return items;
    }
    vec![one(left), one(right)]
}

/// `make_outerjoininfo`: the relations that must be on either side for the join to be right.
fn special_join(
    root: &mut Root<'_>,
    kind: JoinType,
    left: Relids,
    right: Relids,
    inner_joined: Relids,
    conditions: &[Expr],
) -> SpecialJoin {
    let mut special = SpecialJoin {
        min_left: left,
        min_right: right,
        syn_left: left,
        syn_right: right,
        jointype: kind,
        lhs_strict: false,
        delay_upper_joins: false,
        semi_can_btree: false,
        semi_can_hash: false,
        semi_rhs_exprs: Vec::new(),
    };
    if kind == JoinType::Semi {
        semi_join_exprs(&mut special, conditions);
    }
    if kind == JoinType::Full {
        return special;
    }
    let clause_relids = conditions.iter().fold(0, |set, condition| set | condition.relids());
    let strict = nonnullable_rels(conditions);
    special.lhs_strict = overlaps(strict, left);
    let mut min_left = clause_relids & left;
    let mut min_right = (clause_relids | inner_joined) & right;
    let is_semi = |kind: JoinType| matches!(kind, JoinType::Semi | JoinType::Anti);
    for other in &root.special_joins {
        let both = other.syn_left | other.syn_right;
        if other.jointype == JoinType::Full {
            if overlaps(left, both) {
                min_left |= both;
            }
            if overlaps(right, both) {
                min_right |= both;
            }
            continue;
        }
        if overlaps(left, other.syn_right)
            && overlaps(clause_relids, other.syn_right)
            && (is_semi(kind) || !overlaps(strict, other.min_right))
        {
            min_left |= both;
        }
        if overlaps(right, other.syn_right)
            && (overlaps(clause_relids, other.syn_right)
                || !overlaps(clause_relids, other.min_left)
                || is_semi(kind)
                || is_semi(other.jointype)
                || !other.lhs_strict
                || other.delay_upper_joins)
        {
            min_right |= both;
        }
    }
    special.min_left = if min_left == 0 { left } else { min_left };
    special.min_right = if min_right == 0 { right } else { min_right };
    special
}

/// `compute_semijoin_info`: could the right side be made distinct, and by what?
fn semi_join_exprs(special: &mut SpecialJoin, conditions: &[Expr]) {
    let right_side = special.syn_right;
    let mut exprs = Vec::new();
    for condition in conditions {
        let all = condition.relids();
        let is_one_sided = !overlaps(all, right_side) || is_subset(all, right_side);
        if is_one_sided {
            if has_volatile(condition) {
                return;
            }
            continue;
        }
        let Expr::Compare(CompareOp::Eq, left, right) = condition else { return };
        let (left_relids, right_relids) = (left.relids(), right.relids());
        let is_inner = |mine: Relids, other: Relids| {
            mine != 0 && is_subset(mine, right_side) && !overlaps(other, right_side)
        };
        if is_inner(right_relids, left_relids) {
            exprs.push(Rc::new((**right).clone()));
        } else if is_inner(left_relids, right_relids) {
            exprs.push(Rc::new((**left).clone()));
        } else {
            return;
        }
    }
    if exprs.is_empty() || exprs.iter().any(|expr| has_volatile(expr)) {
        return;
    }
    special.semi_can_btree = true;
    special.semi_can_hash = true;
    special.semi_rhs_exprs = exprs;
}

/// `distribute_qual_to_rels`
fn distribute_condition(root: &mut Root<'_>, condition: &Expr, site: Site, out: &mut Collector) {
    let mut relids = condition.relids();
    if !is_subset(relids, site.relids) {
        out.postponed.push(condition.clone());
        return;
    }
    let mut is_pseudoconstant = false;
    if relids == 0 {
        if site.join_scope != 0 {
            relids = site.join_scope;
        } else {
            relids = site.relids;
            if !has_volatile(condition) {
                is_pseudoconstant = true;
                if !site.below_outer {
                    relids = root.all_baserels;
                }
            }
        }
    }
    let mut below_outer = site.below_outer;
    let (is_pushed_down, is_delayed, maybe_equivalence, maybe_outer_join, nullable);
    if overlaps(relids, site.nonnullable) {
        let delay = outer_join_delay(root, relids, false);
        (is_pushed_down, maybe_equivalence, maybe_outer_join) = (false, false, true);
        (is_delayed, nullable) = (delay.is_delayed, delay.nullable);
        relids = site.join_scope;
    } else {
        let delay = outer_join_delay(root, relids, true);
        (is_pushed_down, maybe_outer_join) = (true, false);
        (is_delayed, nullable) = (delay.is_delayed, delay.nullable);
        relids = delay.relids;
        maybe_equivalence = !is_delayed;
        if is_delayed && is_redundant_null_test(root, condition) {
            return;
        }
        below_outer |= !is_delayed && site.nonnullable != 0;
    }
    let facts = ClauseFacts {
        is_pushed_down,
        is_delayed,
        is_pseudoconstant,
        required: relids,
        outer_relids: site.nonnullable,
        nullable,
    };
    let clause = make_clause(root, condition.clone(), facts);
    if is_multiple(relids) {
        add_needed(root, condition, relids);
    }
    if clause.is_mergejoinable {
        if maybe_equivalence {
            if may_be_equivalence(root, &clause) && process_equivalence(root, &clause, below_outer)
            {
                return;
            }
            initialize_mergeclause_classes(root, &clause);
        } else {
            initialize_mergeclause_classes(root, &clause);
            if maybe_outer_join && clause.can_join && keep_outer_clause(&clause, site, out) {
                return;
            }
        }
    }
    distribute_clause(root, &clause);
}

/// An outer join clause that a constant may yet make redundant.
fn keep_outer_clause(clause: &Rc<Clause>, site: Site, out: &mut Collector) -> bool {
    let Some(sides) = &clause.compare else { return false };
    let (left, right, outer) = (sides.left_relids, sides.right_relids, site.nonnullable);
    if is_subset(left, outer) && !overlaps(right, outer) {
        out.left_clauses.push(clause.clone());
    } else if is_subset(right, outer) && !overlaps(left, outer) {
        out.right_clauses.push(clause.clone());
    } else if site.jointype == JoinType::Full {
        out.full_clauses.push(clause.clone());
    } else {
        return false;
    }
    true
}

/// What `check_outerjoin_delay` finds.
struct Delay {
    relids: Relids,
    nullable: Relids,
    is_delayed: bool,
}

/// `check_outerjoin_delay`: a condition on the nullable side of an outer join below waits for it.
fn outer_join_delay(root: &mut Root<'_>, asked: Relids, is_pushed_down: bool) -> Delay {
    let mut out = Delay { relids: asked, nullable: 0, is_delayed: false };
    loop {
        let mut found = false;
        for special in &mut root.special_joins {
            let is_full = special.jointype == JoinType::Full;
            if !(overlaps(out.relids, special.min_right)
                || (is_full && overlaps(out.relids, special.min_left)))
            {
                continue;
            }
            if !is_subset(special.min_left | special.min_right, out.relids) {
                out.relids |= special.min_left | special.min_right;
                out.is_delayed = true;
                found = true;
            }
            out.nullable |= special.min_right;
            if is_full {
                out.nullable |= special.min_left;
            }
            if is_pushed_down && !is_full && overlaps(out.relids, special.min_left) {
                special.delay_upper_joins = true;
            }
        }
        if !found {
            break;
        }
    }
    out.nullable &= asked;
    out
}

/// `check_equivalence_delay`: neither side is made NULL by an outer join below.
fn may_be_equivalence(root: &mut Root<'_>, clause: &Clause) -> bool {
    let Some(sides) = &clause.compare else { return false };
    !outer_join_delay(root, sides.left_relids, true).is_delayed
        && !outer_join_delay(root, sides.right_relids, true).is_delayed
}

/// `check_redundant_nullability_qual`: the IS NULL that made a left join an anti join.
fn is_redundant_null_test(root: &Root<'_>, condition: &Expr) -> bool {
    let forced = super::strict::forced_null_vars(std::slice::from_ref(condition));
    forced.iter().any(|var| {
        root.special_joins.iter().any(|special| {
            special.jointype == JoinType::Anti
                && overlaps(special.syn_right, bit(usize::from(var.relation)))
        })
    })
}

/// `distribute_restrictinfo_to_rels`
pub fn distribute_clause(root: &mut Root<'_>, clause: &Rc<Clause>) {
    if let Some(relation) = single(clause.required) {
        if let Some(base) = root.rels.get_mut(relation).and_then(|rel| rel.base.as_mut()) {
            base.restrictions.push(clause.clone());
        }
        return;
    }
    for relation in members(clause.required) {
        if let Some(rel) = root.rels.get_mut(relation) {
            rel.join_clauses.push(clause.clone());
        }
    }
}

/// `add_vars_to_targetlist`: columns that must survive until these relations are joined.
pub fn add_needed(root: &mut Root<'_>, expr: &Expr, needed_at: Relids) {
    for column in expr.columns() {
        let base = root.rels.get_mut(usize::from(column.relation)).and_then(|r| r.base.as_mut());
        if let Some(base) = base {
            base.need(column.column, needed_at);
        }
    }
}
