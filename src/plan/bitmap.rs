//! Bitmap scans: one index, or several combined by AND and OR. After PostgreSQL's
//! `generate_bitmap_or_paths` and `choose_bitmap_and` (`indxpath.c`).

use std::rc::Rc;

use super::access::Access;
use super::cost::{self, IndexScan};
use super::index_match::{match_index, predicate_holds};
use super::path::{Bitmap, Path, PathKind, add_path};
use super::{AccessPath, IndexRef};
use crate::catalog::Index;
use crate::workload::predicate::{Ask, Predicate};
use crate::workload::shape::Shape;

/// A bitmap with what is needed to combine it with others.
pub struct BitmapChoice {
    /// The tree.
    pub bitmap: Bitmap,
    /// Cost of building it.
    pub cost: f64,
    /// Part of the rows in it.
    pub selectivity: f64,
    /// Positions of the predicates it answers.
    pub predicates: Vec<usize>,
    /// Pages of its indexes.
    pub index_pages: f64,
}

impl Access<'_> {
    /// The bitmap of one index; one that no condition bounds only if it is small.
    pub fn bitmap_of(
        &self,
        reference: IndexRef,
        scan: &IndexScan,
        answered: &[usize],
        bitmaps: &mut Vec<BitmapChoice>,
        whole: bool,
    ) {
        if whole && scan.selectivity > 0.5 {
            return;
        }
        let access = cost::index_access(self.settings(), scan);
        let rows = (scan.selectivity * scan.rows).max(1.0);
        // cost_bitmap_tree_node: a tenth of an operator for each row that enters the bitmap.
        let cost = access.cost.total + 0.1 * self.settings().cpu_operator_cost * rows;
        let bitmap = Bitmap::Index {
            index: reference,
            conditions: self.clauses(answered),
            cost: access.cost.total,
            rows,
        };
        bitmaps.push(BitmapChoice {
            bitmap,
            cost,
            selectivity: scan.selectivity,
            predicates: answered.to_vec(),
            index_pages: scan.index_pages,
        });
    }

    /// For each disjunction whose every arm an index can answer: the OR of the cheapest of them.
    pub fn or_bitmaps(&self) -> Vec<BitmapChoice> {
        let mut out = Vec::new();
        for (position, predicate) in self.shape.predicates.iter().enumerate() {
            let Ask::Or(arms) = &predicate.ask else { continue };
            let choices: Option<Vec<BitmapChoice>> =
                arms.iter().map(|arm| self.best_for_arm(arm)).collect();
            let Some(choices) = choices else { continue };
            let cost = choices.iter().map(|choice| choice.cost).sum();
            out.push(BitmapChoice {
                selectivity: self.selectivity(&[position]),
                index_pages: choices.iter().map(|choice| choice.index_pages).sum(),
                bitmap: Bitmap::Or(choices.into_iter().map(|choice| choice.bitmap).collect()),
                cost,
                predicates: vec![position],
            });
        }
        out
    }

    fn best_for_arm(&self, arm: &[Predicate]) -> Option<BitmapChoice> {
        let mut shape = self.shape.clone();
        shape.predicates.extend(arm.iter().cloned());
        let arm_shape = Shape { predicates: arm.to_vec(), ..self.shape.clone() };
        let access = Access {
            planning: self.planning,
            base: self.base,
            shape: arm_shape,
            rows: self.rows,
            needs: self.needs,
            loops: self.loops,
        };
        let mut choices = Vec::new();
        for (reference, index) in self.planning.configuration.indexes(self.base.shape.table) {
            if index.predicate.as_ref().is_some_and(|predicate| !predicate_holds(&shape, predicate))
            {
                continue;
            }
            let plain = Index { predicate: None, ..index.clone() };
            let catalog = self.planning.configuration.catalog;
            if let Ok(found) = match_index(catalog, self.base.table, &access.shape, &plain)
                && !found.boundary.is_empty()
            {
                let boundary: Vec<usize> = found.boundary.iter().map(|(_, at)| *at).collect();
                let scan = access.index_scan(index, &found, &boundary, &boundary);
                access.bitmap_of(reference, &scan, &boundary, &mut choices, false);
            }
        }
        choices.into_iter().min_by(|a, b| a.cost.total_cmp(&b.cost))
    }

    /// Each bitmap alone, and the cheapest with every other that answers other conditions.
    pub fn bitmap_paths(&self, mut bitmaps: Vec<BitmapChoice>, paths: &mut Vec<Rc<Path>>) {
        bitmaps.sort_by(|a, b| {
            a.selectivity.total_cmp(&b.selectivity).then(a.cost.total_cmp(&b.cost))
        });
        for choice in &bitmaps {
            let bitmap = choice.bitmap.clone();
            add_path(paths, self.bitmap_path(bitmap, choice, choice.cost, choice.selectivity));
        }
        let Some((first, rest)) = bitmaps.split_first() else { return };
        let mut parts = vec![first];
        for choice in rest {
            let is_new = !choice
                .predicates
                .iter()
                .any(|at| parts.iter().any(|part| part.predicates.contains(at)));
            if is_new && parts.len() < 3 {
                parts.push(choice);
                let cost = parts.iter().map(|part| part.cost).sum();
                let selectivity = parts.iter().map(|part| part.selectivity).product();
                let bitmap = Bitmap::And(parts.iter().map(|part| part.bitmap.clone()).collect());
                let predicates = parts.iter().flat_map(|part| part.predicates.clone()).collect();
                let all = BitmapChoice {
                    bitmap: bitmap.clone(),
                    cost,
                    selectivity,
                    predicates,
                    index_pages: parts.iter().map(|part| part.index_pages).sum(),
                };
                add_path(paths, self.bitmap_path(bitmap, &all, cost, selectivity));
            }
        }
    }

    fn bitmap_path(
        &self,
        tree: Bitmap,
        choice: &BitmapChoice,
        cost: f64,
        selectivity: f64,
    ) -> Path {
        let left = self.filter(&choice.predicates, None);
        // The recheck counts like a condition.
        let recheck = self.quals(&self.clauses(&choice.predicates));
        let heap = IndexScan {
            index_tuples: 0.0,
            index_pages: choice.index_pages,
            tree_height: 0.0,
            boundary_selectivity: 1.0,
            selectivity,
            n_conditions: 0.0,
            n_descents: 1.0,
            is_unique_match: false,
            correlation: 0.0,
            rows: self.base.all_rows,
            pages: self.base.pages,
            all_visible: 0.0,
            other_pages: self.base.other_pages,
            loops: self.loops.max(1.0),
        };
        let quals = self.quals(&left) + recheck;
        let cost = cost::bitmap_heap_scan(self.settings(), cost, selectivity, &heap, quals);
        let mut indexes = Vec::new();
        tree.indexes(&mut indexes);
        let mut path = self.scan_path(AccessPath::BitmapScan, indexes, cost);
        if let PathKind::Scan { filter, index_conditions, bitmap, .. } = &mut path.kind {
            *filter = left;
            *index_conditions = self.clauses(&choice.predicates);
            *bitmap = Some(tree);
        }
        path
    }
}
