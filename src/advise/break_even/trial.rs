//! One suggestion on trial: a copy of the catalog to change, the others of the suggested indexes, and
//! the queries that it serves.

use crate::sorted::SortedSet;
use std::borrow::Cow;

use crate::advise::Context;
use crate::advise::doubt::Doubt;
use crate::advise::risk::risk;
use crate::advise::selection::is_gain;
use crate::advise::writes::{Writes, write_cost, writes_by_table};
use crate::catalog::{Catalog, Index, Table};
use crate::estimate::selectivity::predicate_selectivity;
use crate::limits;
use crate::plan::{Configuration, plan_query};
use crate::sql::query::Query;
use crate::workload::Entry;
use crate::workload::shape::blocks;

/// Thresholds are found to this factor.
const PRECISION: f64 = 1.1;

/// A suggestion and what it is tried with.
pub(super) struct Trial<'a> {
    pub context: &'a Context<'a>,
    /// A copy that may be changed.
    pub catalog: Catalog,
    /// Position of the index's table.
    pub table: usize,
    /// The index.
    pub index: Index,
    /// The other suggested indexes.
    others: Vec<(usize, Index)>,
    /// The queries that it serves, the largest gain first.
    pub entries: Vec<&'a Entry>,
    /// What one plan of each of them takes, together.
    work: usize,
    /// What plans may still take.
    pub work_left: usize,
}

/// What the index saves and costs.
pub(super) struct Balance {
    /// Some query gets cheaper by more than noise.
    helps: bool,
    /// Saved by all calls.
    pub gain: f64,
    /// Cost of the workload's writes.
    pub bill: f64,
}

impl Balance {
    pub fn pays(&self) -> bool {
        self.helps && self.gain > self.bill
    }
}

impl<'a> Trial<'a> {
    pub fn new(
        context: &'a Context<'a>,
        suggested: &[(usize, Index)],
        at: usize,
        queries: &[String],
        work_left: usize,
    ) -> Trial<'a> {
        let mut others = suggested.to_vec();
        let (table, index) = others.remove(at);
        let named = |id: &String| context.workload.entries.iter().find(|entry| entry.id == *id);
        let entries: Vec<&Entry> = queries.iter().filter_map(named).collect();
        let work = entries.iter().filter_map(|entry| entry.query.as_ref()).map(work_of).sum();
        let catalog = context.catalog.clone();
        Trial { context, catalog, table, index, others, entries, work, work_left }
    }

    /// The table as it is.
    pub fn original(&self) -> Option<&'a Table> {
        self.context.catalog.tables.get(self.table)
    }

    /// The table and its partitions, as positions: those that hold its rows.
    pub fn family(&self) -> SortedSet<usize> {
        let mut family = SortedSet::from([self.table]);
        let tables = &self.context.catalog.tables;
        loop {
            let is_child = |at: &usize| {
                tables.get(*at).and_then(|table| table.parent).is_some_and(|p| family.contains(&p))
            };
            let children: Vec<usize> =
                (0..tables.len()).filter(|at| !family.contains(at)).filter(is_child).collect();
            if children.is_empty() {
                return family;
            }
            family.extend(children);
        }
    }

    /// Undoes all changes.
    pub fn reset(&mut self) {
        for at in self.family() {
            let original = self.context.catalog.tables.get(at);
            if let (Some(copy), Some(original)) = (self.catalog.tables.get_mut(at), original) {
                copy.clone_from(original);
            }
        }
    }

    /// The writes of the workload on the table, as it now is.
    pub fn writes(&self) -> Writes {
        let mut all = writes_by_table(&self.catalog, self.context.workload);
        if self.table < all.len() { all.swap_remove(self.table) } else { Writes::default() }
    }

    /// What the index saves and costs with the catalog as it now is; none when the planner was asked
    /// too often.
    pub fn balance(&mut self) -> Option<Balance> {
        self.work_left = self.work_left.checked_sub(2 * self.work)?;
        let table = self.catalog.tables.get(self.table)?;
        // Copies: what was computed of an index holds for one state of its table only.
        let (index, others) = (self.index.clone(), self.others.clone());
        let added: Vec<(usize, Cow<'_, Index>)> =
            others.iter().map(|(table, index)| (*table, Cow::Borrowed(index))).collect();
        let without = Configuration { added, ..Configuration::existing(&self.catalog) };
        let with = without.clone().with(self.table, index.clone());
        let kept = predicate_selectivity(table, &index);
        let bill = write_cost(&self.catalog, table, &index, kept, &self.writes());
        let doubt = Doubt::of(&self.catalog);
        let mut balance = Balance { helps: false, gain: 0.0, bill };
        for entry in &self.entries {
            let Some(query) = &entry.query else { continue };
            let costs = (cost(&doubt, &without, query), cost(&doubt, &with, query));
            let (Some(before), Some(after)) = costs else { continue };
            balance.helps |= is_gain(before, after);
            balance.gain += entry.calls * (before - after);
        }
        Some(balance)
    }

    /// Does it pay with the input at this value?
    fn pays_at(&mut self, value: f64, set: &dyn Fn(&mut Trial<'a>, f64)) -> Option<bool> {
        set(self, value);
        let balance = self.balance();
        self.reset();
        Some(balance?.pays())
    }

    /// The value between one at which it pays and one at which it may not, on a logarithmic scale:
    /// the last known to pay. Some(None): it pays everywhere between. None: unknown.
    pub fn threshold(
        &mut self,
        pays: f64,
        end: f64,
        set: &dyn Fn(&mut Trial<'a>, f64),
    ) -> Option<Option<f64>> {
        if self.pays_at(end, set)? {
            return Some(None);
        }
        let (mut yes, mut no) = (pays, end);
        while (yes / no).max(no / yes) > PRECISION {
            let middle = libm::sqrt(yes * no);
            match self.pays_at(middle, set)? {
                true => yes = middle,
                false => no = middle,
            }
        }
        Some(Some(yes))
    }
}

/// What a plan takes, in plans of one table: sets of relations times those that each may be joined
/// with.
fn work_of(query: &Query) -> usize {
    let relations = blocks(query).into_iter().map(|block| block.query.relations.len());
    relations.map(|n| (n << n.min(limits::JOIN_DP_MAX)).max(2) / 2).sum()
}

/// Cost of one call with the risk in the plan, as selection has it.
fn cost(doubt: &Doubt, configuration: &Configuration<'_>, query: &Query) -> Option<f64> {
    let plan = plan_query(configuration, query).ok()?;
    Some(plan.total_cost + risk(&plan.root) + doubt.risk(configuration, query, &plan))
}
