//! The join tree of a query: built from FROM and WHERE, outer joins reduced where a condition rejects
//! the NULL rows they would add (PostgreSQL's `prepjointree.c`).

use super::strict::{forced_null_vars, nonnullable_rels, nonnullable_vars};
use crate::plan::path::JoinType;
use crate::plan::root::JoinNode;
use crate::sql::expr::{ColumnRef, Expr};
use crate::sql::query::{JoinKind, JoinTree};
use crate::sql::relids::{Relids, bit};

/// FROM and WHERE as a join tree.
pub fn join_tree(from: &[JoinTree], conditions: Vec<Expr>) -> JoinNode {
    JoinNode::From(from.iter().map(node).collect(), conditions)
}

fn node(tree: &JoinTree) -> JoinNode {
    match tree {
        JoinTree::Relation(relation) => JoinNode::Relation(*relation),
        JoinTree::Join { kind, left, right, on, .. } => {
            let kind = match kind {
                JoinKind::Inner => JoinType::Inner,
                JoinKind::Left => JoinType::Left,
                JoinKind::Right => JoinType::Right,
                JoinKind::Full => JoinType::Full,
            };
            JoinNode::Join(kind, Box::new(node(left)), Box::new(node(right)), on.clone())
        }
    }
}

/// The relations below a node.
pub fn relids_of(node: &JoinNode) -> Relids {
    match node {
        JoinNode::Relation(relation) => bit(*relation),
        JoinNode::From(items, _) => items.iter().fold(0, |set, item| set | relids_of(item)),
        JoinNode::Join(_, left, right, _) => relids_of(left) | relids_of(right),
    }
}

/// Every condition of the tree.
pub fn for_each_condition_mut(node: &mut JoinNode, visit: &mut dyn FnMut(&mut Vec<Expr>)) {
    match node {
        JoinNode::Relation(_) => {}
        JoinNode::From(items, conditions) => {
            items.iter_mut().for_each(|item| for_each_condition_mut(item, visit));
            visit(conditions);
        }
        JoinNode::Join(_, left, right, conditions) => {
            for_each_condition_mut(left, visit);
            for_each_condition_mut(right, visit);
            visit(conditions);
        }
    }
}

/// What is known from the conditions above a node.
#[derive(Clone, Default)]
struct Above {
    nonnullable_rels: Relids,
    nonnullable_vars: Vec<ColumnRef>,
    forced_null_vars: Vec<ColumnRef>,
}

impl Above {
    fn of(conditions: &[Expr]) -> Above {
        Above {
            nonnullable_rels: nonnullable_rels(conditions),
            nonnullable_vars: nonnullable_vars(conditions),
            forced_null_vars: forced_null_vars(conditions),
        }
    }

    fn and(mut self, other: &Above) -> Above {
        self.nonnullable_rels |= other.nonnullable_rels;
        self.nonnullable_vars.extend(&other.nonnullable_vars);
        self.forced_null_vars.extend(&other.forced_null_vars);
        self
    }
}

/// `reduce_outer_joins`
pub fn reduce_outer_joins(node: &mut JoinNode) {
    if has_outer_join(node) {
        reduce(node, &Above::default());
    }
}

fn has_outer_join(node: &JoinNode) -> bool {
    match node {
        JoinNode::Relation(_) => false,
        JoinNode::From(items, _) => items.iter().any(has_outer_join),
        JoinNode::Join(kind, left, right, _) => {
            matches!(kind, JoinType::Left | JoinType::Right | JoinType::Full)
                || has_outer_join(left)
                || has_outer_join(right)
        }
    }
}

fn reduce(node: &mut JoinNode, above: &Above) {
    match node {
        JoinNode::Relation(_) => {}
        JoinNode::From(items, conditions) => {
            let pass = Above::of(conditions).and(above);
            items.iter_mut().for_each(|item| reduce(item, &pass));
        }
        JoinNode::Join(kind, left, right, conditions) => {
            *kind = reduced(*kind, relids_of(left), relids_of(right), above.nonnullable_rels);
            if *kind == JoinType::Right {
                std::mem::swap(left, right);
                *kind = JoinType::Left;
            }
            let local = Above::of(conditions);
            if *kind == JoinType::Left {
                let right_relids = relids_of(right);
                let is_anti = local.nonnullable_vars.iter().any(|var| {
                    above.forced_null_vars.contains(var)
                        && right_relids & bit(usize::from(var.relation)) != 0
                });
                if is_anti {
                    *kind = JoinType::Anti;
                }
            }
            let none = Above::default();
            let (to_left, to_right) = match kind {
                JoinType::Inner | JoinType::Semi => {
                    let both = local.and(above);
                    (both.clone(), both)
                }
                JoinType::Full => (none.clone(), none),
                _ => (above.clone(), local),
            };
            reduce(left, &to_left);
            reduce(right, &to_right);
        }
    }
}

/// The join that is left when rows of NULLs of these relations cannot pass.
fn reduced(kind: JoinType, left: Relids, right: Relids, nonnullable: Relids) -> JoinType {
    let (drops_left, drops_right) = (nonnullable & left != 0, nonnullable & right != 0);
    match kind {
        JoinType::Left if drops_right => JoinType::Inner,
        JoinType::Right if drops_left => JoinType::Inner,
        JoinType::Full => match (drops_left, drops_right) {
            (true, true) => JoinType::Inner,
            (true, false) => JoinType::Left,
            (false, true) => JoinType::Right,
            (false, false) => JoinType::Full,
        },
        other => other,
    }
}
