//! Two sides and the methods to join them: nested loop, hash, merge. After `final_cost_nestloop`,
//! `final_cost_hashjoin` and `final_cost_mergejoin` of PostgreSQL's `costsize.c`.

use std::rc::Rc;

use super::access::{base_paths, relations_in};
use super::cost::{Cost, qual_cost};
use super::join::{JoinRelation, Joining, cheapest, cheapest_in_order};
use super::path::{JoinMethod, Order, Path, PathKind, Relations, RowKind, add_path, is_beaten};
use crate::dialect::Dialect;
use crate::read::statistics::Settings;
use crate::sql::expr::{CompareOp, Expr};
use crate::sql::query::{JoinKind, SortKey};

/// Two sides about to be joined.
pub struct Pair<'j, 'p, 'a> {
    /// The search it is part of.
    pub joining: &'j Joining<'p, 'a>,
    /// Outer side.
    pub left: &'j JoinRelation,
    /// Inner side.
    pub right: &'j JoinRelation,
    /// Which rows are returned.
    pub kind: RowKind,
    /// How many.
    pub rows: f64,
    /// The join conditions.
    pub conditions: Rc<[Expr]>,
}

/// The two inputs of a join and what joins them.
struct Sides<'s> {
    outer: &'s Rc<Path>,
    inner: &'s Rc<Path>,
    conditions: &'s Rc<[Expr]>,
}

impl Pair<'_, '_, '_> {
    fn settings(&self) -> &Settings {
        self.joining.settings()
    }

    /// Adds a join, built only when no other path is as good already.
    fn offer(
        &self,
        out: &mut Vec<Rc<Path>>,
        method: JoinMethod,
        cost: Cost,
        order: &Order,
        sides: Sides<'_>,
    ) {
        if is_beaten(out, cost, self.rows, order, 0) {
            return;
        }
        let Sides { outer, inner, conditions } = sides;
        let semi = matches!(self.kind, RowKind::Semi | RowKind::Anti);
        let width = outer.width + if semi { 0.0 } else { inner.width };
        let (outer, inner) = (outer.clone(), inner.clone());
        let conditions = conditions.clone();
        let kind = PathKind::Join { method, kind: self.kind, outer, inner, conditions };
        add_path(out, Path { kind, cost, rows: self.rows, width, order: order.clone(), needs: 0 });
    }

    /// The inner side again for every outer row: as an index lookup with the row's values, or kept in
    /// memory and read again.
    pub fn nested_loops(&self, out: &mut Vec<Rc<Path>>) {
        if matches!(self.kind, RowKind::Join(JoinKind::Right | JoinKind::Full)) {
            return;
        }
        let inners: Vec<(Rc<Path>, Rc<[Expr]>)> = self
            .parameterised()
            .into_iter()
            .map(|inner| (inner.clone(), self.not_answered(&inner)))
            .collect();
        let kept = cheapest(&self.right.paths).map(|inner| self.kept(&inner));
        for outer in self.left.paths.iter().filter(|path| path.needs == 0) {
            for (inner, left_over) in &inners {
                let quals: f64 = left_over.iter().map(|c| qual_cost(self.settings(), c)).sum();
                let per_row = self.settings().cpu_tuple_cost + quals;
                // A semi join stops at the first partner.
                let part = match self.kind {
                    RowKind::Semi | RowKind::Anti => 2.0 / (inner.rows + 1.0).max(2.0),
                    RowKind::Join(_) => 1.0,
                };
                let run = inner.cost.startup + (inner.cost.total - inner.cost.startup) * part;
                let pairs = outer.rows * inner.rows * part;
                let total = outer.cost.total + outer.rows * run + pairs * per_row;
                let startup = outer.cost.startup + inner.cost.startup;
                let cost = Cost { startup, total };
                let sides = Sides { outer, inner, conditions: left_over };
                self.offer(out, JoinMethod::NestedLoop, cost, &outer.order, sides);
            }
            if let Some(kept) = &kept {
                self.plain_nested_loop(outer, kept, out);
            }
        }
    }

    /// `cost_material`: the inner side kept in memory, written out beyond `work_mem`.
    fn kept(&self, inner: &Rc<Path>) -> Rc<Path> {
        let settings = self.settings();
        let keep = 2.0 * settings.cpu_operator_cost * inner.rows + self.spill(inner);
        Rc::new(Path {
            kind: PathKind::Materialize(inner.clone()),
            cost: Cost { startup: inner.cost.startup, total: inner.cost.total + keep },
            rows: inner.rows,
            width: inner.width,
            order: inner.order.clone(),
            needs: 0,
        })
    }

    /// Cost of reading again what does not fit `work_mem`.
    fn spill(&self, inner: &Path) -> f64 {
        let bytes = inner.rows * (inner.width + 24.0);
        match bytes > self.settings().work_mem_kb * 1024.0 {
            true => self.settings().seq_page_cost * (bytes / 8192.0).ceil(),
            false => 0.0,
        }
    }

    fn plain_nested_loop(&self, outer: &Rc<Path>, kept: &Rc<Path>, out: &mut Vec<Rc<Path>>) {
        let settings = self.settings();
        let quals: f64 = self.conditions.iter().map(|c| qual_cost(settings, c)).sum();
        let again = settings.cpu_operator_cost * kept.rows + self.spill(kept);
        let loops = outer.rows.max(1.0);
        let pairs = loops * kept.rows * (settings.cpu_tuple_cost + quals);
        let total = outer.cost.total + kept.cost.total + (loops - 1.0) * again + pairs;
        let cost = Cost { startup: outer.cost.startup + kept.cost.startup, total };
        let inner = match (&kept.kind, loops > 1.0) {
            (PathKind::Materialize(input), false) => input,
            _ => kept,
        };
        let sides = Sides { outer, inner, conditions: &self.conditions };
        self.offer(out, JoinMethod::NestedLoop, cost, &outer.order, sides);
    }

    /// The inner side's paths that use the outer row.
    fn parameterised(&self) -> Vec<Rc<Path>> {
        let dependent = self.right.paths.iter().filter(|path| path.needs != 0);
        let mut out: Vec<Rc<Path>> =
            dependent.filter(|path| path.needs & !self.left.bits == 0).cloned().collect();
        if self.right.bits.count_ones() == 1 {
            let at = usize::try_from(self.right.bits.trailing_zeros()).unwrap_or(0);
            if let Some(Some(base)) = self.joining.bases.get(at) {
                out.extend(base_paths(self.joining.planning, base, self.left.bits, self.left.rows));
            }
        }
        out
    }

    /// Join conditions that the inner path does not check itself.
    fn not_answered(&self, inner: &Path) -> Rc<[Expr]> {
        let (index_conditions, filter) = match &inner.kind {
            PathKind::Scan { index_conditions, filter, .. } => (index_conditions, filter),
            PathKind::Finished { .. } => return Rc::default(),
            _ => return self.conditions.clone(),
        };
        let checked = |c: &&Expr| index_conditions.contains(c) || filter.contains(c);
        self.conditions.iter().filter(|condition| !checked(condition)).cloned().collect()
    }

    /// Equalities between an expression of the outer and one of the inner side.
    fn equalities(&self) -> Vec<(Expr, Expr)> {
        let sides = |condition: &Expr| {
            let Expr::Compare(CompareOp::Eq, a, b) = condition else { return None };
            let (x, y) = (relations_in(a), relations_in(b));
            let inside = |bits: Relations, side: Relations| bits != 0 && bits & !side == 0;
            if inside(x, self.left.bits) && inside(y, self.right.bits) {
                Some(((**a).clone(), (**b).clone()))
            } else if inside(y, self.left.bits) && inside(x, self.right.bits) {
                Some(((**b).clone(), (**a).clone()))
            } else {
                None
            }
        };
        self.conditions.iter().filter_map(sides).collect()
    }

    /// SQLite joins by nested loops alone (but for FULL, where no other path is modelled).
    fn only_loops(&self) -> bool {
        self.joining.planning.configuration.catalog.dialect == Dialect::Sqlite
            && !matches!(self.kind, RowKind::Join(JoinKind::Right | JoinKind::Full))
    }

    /// `cost_hashjoin`: the inner side is hashed, then each outer row compares with half its bucket.
    /// What does not fit `work_mem * hash_mem_multiplier` is written and read once more on both sides.
    pub fn hash_joins(&self, out: &mut Vec<Rc<Path>>) {
        if self.only_loops() {
            return;
        }
        let equalities = self.equalities();
        let (Some(inner), false) = (cheapest(&self.right.paths), equalities.is_empty()) else {
            return;
        };
        let settings = self.settings();
        let n = f64::from(u32::try_from(equalities.len()).unwrap_or(1));
        let distinct = equalities.iter().map(|(_, key)| {
            self.joining.planning.scope.info(key).map_or(inner.rows, |info| info.n_distinct)
        });
        let bucket = 1.0 / distinct.fold(1.0, f64::max).min(inner.rows.max(1.0)).max(1.0);
        let inner_bytes = inner.rows * (inner.width + 24.0);
        let memory = settings.work_mem_kb * 1024.0 * settings.hash_mem_multiplier;
        for outer in self.left.paths.iter().filter(|path| path.needs == 0) {
            let build = (settings.cpu_operator_cost * n + settings.cpu_tuple_cost) * inner.rows;
            let mut startup = outer.cost.startup + inner.cost.total + build;
            let mut run = outer.cost.total - outer.cost.startup;
            run += settings.cpu_operator_cost * n * outer.rows;
            run +=
                settings.cpu_operator_cost * n * outer.rows * (inner.rows * bucket).max(1.0) * 0.5;
            if inner_bytes > memory {
                let inner_pages = (inner_bytes / 8192.0).ceil();
                let outer_pages = (outer.rows * (outer.width + 24.0) / 8192.0).ceil();
                startup += settings.seq_page_cost * inner_pages;
                run += settings.seq_page_cost * (inner_pages + 2.0 * outer_pages);
            }
            run += settings.cpu_tuple_cost * self.rows;
            let cost = Cost { startup, total: startup + run };
            let sides = Sides { outer, inner: &inner, conditions: &self.conditions };
            self.offer(out, JoinMethod::Hash, cost, &Order::default(), sides);
        }
    }

    /// `cost_mergejoin` over inputs that are sorted or get sorted by the first equality.
    pub fn merge_joins(&self, out: &mut Vec<Rc<Path>>) {
        if self.only_loops() {
            return;
        }
        let equalities = self.equalities();
        let Some((left_key, right_key)) = equalities.first() else { return };
        if matches!(self.kind, RowKind::Semi | RowKind::Anti) {
            return;
        }
        let settings = self.settings();
        let ascending =
            |expr: &Expr| SortKey { expr: expr.clone(), desc: false, nulls_first: None };
        let (left_order, right_order) = (vec![ascending(left_key)], vec![ascending(right_key)]);
        let outer = cheapest_in_order(settings, &self.left.paths, &left_order);
        let inner = cheapest_in_order(settings, &self.right.paths, &right_order);
        if let (Some(outer), Some(inner)) = (outer, inner) {
            let compare = settings.cpu_operator_cost * (outer.rows + inner.rows);
            let startup = outer.cost.startup + inner.cost.startup;
            let run =
                (outer.cost.total - outer.cost.startup) + (inner.cost.total - inner.cost.startup);
            let total = startup + run + compare + settings.cpu_tuple_cost * self.rows;
            let cost = Cost { startup, total };
            let sides = Sides { outer: &outer, inner: &inner, conditions: &self.conditions };
            self.offer(out, JoinMethod::Merge, cost, &outer.order, sides);
        }
    }
}
