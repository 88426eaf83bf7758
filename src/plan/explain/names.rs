//! The names that relations go by in a plan (`set_rtable_names` in `ruleutils.c`): the alias of the
//! query, and with `_1`, `_2` behind it where another relation of the statement that is in the plan too
//! has it already. The order is that of the server's flat range table: a query's relations, then those
//! of the subqueries in its plan, then those of subplans by number.

use crate::sorted::SortedMap;
use std::rc::Rc;

use super::nodes::children;
use super::trivial::{Shown, address};
use crate::order;
use crate::plan::path::{Path, PathKind};
use crate::plan::relation::BaseKind;
use crate::plan::root::{Root, SubPlan};
use crate::sql::relids::single;

/// Names of all relations in a plan.
pub struct Aliases {
    /// By query level (its address) and position.
    names: SortedMap<(usize, usize), String>,
    /// Names in use, with the last number given.
    used: SortedMap<String, u32>,
    /// Relations that the statement's range table holds.
    n_relations: usize,
    shown: Shown,
}

fn key(root: &Root<'_>, relation: usize) -> (usize, usize) {
    (address(root), relation)
}

impl Aliases {
    /// Names the relations below a path of the outermost query.
    pub fn of(root: &Root<'_>, path: &Rc<Path>) -> Aliases {
        let mut aliases = Aliases {
            names: SortedMap::new(),
            used: SortedMap::new(),
            n_relations: 0,
            shown: Shown::of(root, path),
        };
        aliases.level(root, path);
        let mut subplans = Vec::new();
        collect_subplans(root, path, &mut subplans);
        order::sort_by_key(&mut subplans, |plan| plan.number);
        for plan in subplans {
            aliases.level(&plan.root, &plan.path);
        }
        aliases
    }

    /// The name of a relation.
    pub fn get(&self, root: &Root<'_>, relation: usize) -> String {
        let own = || root.query.relations.get(relation).map(|entry| entry.alias.clone());
        self.names.get(&key(root, relation)).cloned().or_else(own).unwrap_or_default()
    }

    /// Has the plan a node for the relation?
    pub fn is_shown(&self, root: &Root<'_>, relation: usize) -> bool {
        self.names.contains_key(&key(root, relation))
    }

    /// Has the plan a node for the query that a set operation combines?
    pub fn is_arm_shown(&self, root: &Root<'_>, arm: usize) -> bool {
        self.shown.arms.contains(&(address(root), arm))
    }

    /// Does the statement read several relations, so that columns go with a name?
    pub fn are_several(&self) -> bool {
        self.n_relations > 1
    }

    fn level(&mut self, root: &Root<'_>, path: &Rc<Path>) {
        self.n_relations += root.query.relations.len();
        let mut in_plan = 0;
        scanned(root, path, &self.shown, &mut in_plan);
        let is_target =
            |at: usize| at == 0 && root.query.command != crate::sql::query::Command::Select;
        for (at, entry) in root.query.relations.iter().enumerate() {
            if in_plan & (1 << at.min(63)) != 0 || is_target(at) {
                let name = self.unique(&entry.alias);
                self.names.insert(key(root, at), name);
            }
        }
        for_each_level_below(root, path, &mut |root, path| self.level(root, path));
    }

    fn unique(&mut self, alias: &str) -> String {
        let Some(mut n) = self.used.get(alias).copied() else {
            self.used.insert(alias.to_owned(), 0);
            return alias.to_owned();
        };
        loop {
            n += 1;
            let name = format!("{alias}_{n}");
            if !self.used.contains_key(&name) {
                self.used.insert(alias.to_owned(), n);
                self.used.insert(name.clone(), 0);
                return name;
            }
        }
    }
}

/// The queries in FROM and the arms below a path of a level, in the order of the plan.
fn for_each_level_below<'r, 'a>(
    root: &'r Root<'a>,
    path: &'r Rc<Path>,
    visit: &mut dyn FnMut(&'r Root<'a>, &'r Rc<Path>),
) {
    match &path.kind {
        PathKind::SubqueryScan(inner) => {
            let base = single(path.relids).and_then(|at| root.base(at));
            if let Some(BaseKind::Subquery(sub)) = base.map(|base| &base.kind) {
                visit(sub, inner);
            }
        }
        PathKind::Arm { root: at, path, .. } => {
            if let Some(arm) = root.arms.get(*at) {
                visit(arm, path);
            }
        }
        _ => {
            for child in children(path) {
                for_each_level_below(root, child, visit);
            }
        }
    }
}

/// All subplans of a level, of the levels below, and of the subplans themselves.
fn collect_subplans<'r, 'a>(
    root: &'r Root<'a>,
    path: &'r Rc<Path>,
    out: &mut Vec<&'r SubPlan<'a>>,
) {
    for plan in &root.subplans {
        out.push(plan);
        collect_subplans(&plan.root, &plan.path, out);
    }
    for_each_level_below(root, path, &mut |root, path| collect_subplans(root, path, out));
}

/// Relations of this level that the plan has a scan node for.
fn scanned(root: &Root<'_>, path: &Rc<Path>, shown: &Shown, out: &mut u64) {
    match &path.kind {
        PathKind::SeqScan
        | PathKind::Index(_)
        | PathKind::BitmapHeap(_)
        | PathKind::TidScan(_)
        | PathKind::TidRangeScan(_)
        | PathKind::FunctionScan
        | PathKind::ValuesScan
        | PathKind::CteScan
        | PathKind::WorkTableScan => *out |= path.relids,
        PathKind::SubqueryScan(_) => {
            if single(path.relids).is_some_and(|at| shown.relations.contains(&key(root, at))) {
                *out |= path.relids;
            }
        }
        PathKind::Arm { .. } => {}
        PathKind::Append(inputs) | PathKind::MergeAppend(inputs) => {
            // The parent of several parts is named, though nothing is read from it.
            if inputs.len() > 1 {
                *out |= path.relids;
            }
            for child in inputs {
                scanned(root, child, shown, out);
            }
        }
        _ => {
            for child in children(path) {
                scanned(root, child, shown, out);
            }
        }
    }
}
