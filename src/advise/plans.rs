//! The plans of the workload's queries that were made before, kept from one review of an input to the
//! next: with another budget, most queries meet the indexes they met already.

use crate::sorted::SortedSet;
use std::rc::Rc;

use crate::catalog::{Catalog, Index};
use crate::limits;
use crate::plan::configuration::IndexPosition;
use crate::plan::{Configuration, Plan, plan_query};
use crate::sql::query::Query;
use crate::workload::Entry;
use crate::workload::shape::blocks;

/// What is known, by position of the entry.
#[derive(Default)]
pub struct Plans(Vec<PlansOfEntry>);

#[derive(Default)]
struct PlansOfEntry {
    reads: Option<SortedSet<usize>>,
    /// The one asked for last stands last.
    known: Vec<Known>,
}

/// A plan and the indexes of the query's tables that it was made with. Its added indexes are counted
/// among these alone.
struct Known {
    added: Vec<(usize, Index)>,
    hidden: Vec<(usize, usize)>,
    plan: Result<Rc<Plan>, String>,
}

impl Known {
    fn is_of(&self, configuration: &Configuration<'_>, added: &[usize], hidden: &[Place]) -> bool {
        let asked = added.iter().filter_map(|at| configuration.added.get(*at));
        let same = |((of, index), (asked_of, asked)): (&(usize, Index), &(usize, Cow<'_>))| {
            of == asked_of && *index == **asked
        };
        self.hidden == hidden
            && self.added.len() == added.len()
            && self.added.iter().zip(asked).all(same)
    }
}

type Place = (usize, usize);
type Cow<'a> = std::borrow::Cow<'a, Index>;

impl Plans {
    /// The plan of an entry's query with the indexes of a configuration. An error says why there is none.
    pub fn plan(
        &mut self,
        configuration: &Configuration<'_>,
        at: usize,
        entry: &Entry,
    ) -> Result<Rc<Plan>, String> {
        let query =
            entry.query.as_ref().ok_or_else(|| entry.problem.clone().unwrap_or_default())?;
        if self.0.len() <= at {
            self.0.resize_with(at + 1, PlansOfEntry::default);
        }
        let Some(own) = self.0.get_mut(at) else {
            return plan_query(configuration, query).map(Rc::new);
        };
        let reads = own.reads.get_or_insert_with(|| tables_read(configuration.catalog, query));
        let added =
            configuration.added.iter().enumerate().filter(|(_, (of, _))| reads.contains(of));
        let added: Vec<usize> = added.map(|(at, _)| at).collect();
        let hidden = configuration.hidden.iter().filter(|(of, _)| reads.contains(of));
        let hidden: Vec<Place> = hidden.copied().collect();
        match own.known.iter().position(|known| known.is_of(configuration, &added, &hidden)) {
            Some(found) => {
                let found = own.known.remove(found);
                own.known.push(found);
            }
            None => {
                let oldest = own.known.len() >= limits::PLANS_KEPT_MAX;
                own.known.drain(..usize::from(oldest));
                own.known.push(plan_with(configuration, query, &added, hidden));
            }
        }
        let plan =
            own.known.last().map(|known| known.plan.clone()).unwrap_or(Err(String::new()))?;
        Ok(counted_among_all(plan, &added))
    }
}

fn plan_with(
    configuration: &Configuration<'_>,
    query: &Query,
    added: &[usize],
    hidden: Vec<Place>,
) -> Known {
    let added = added.iter().filter_map(|at| configuration.added.get(*at)).cloned().collect();
    let own = Configuration { added, hidden: hidden.iter().copied().collect(), ..*configuration };
    let plan = plan_query(&own, query).map(Rc::new);
    let added = own.added.into_iter().map(|(of, index)| (of, index.into_owned())).collect();
    Known { added, hidden, plan }
}

/// The same plan with its added indexes counted among all of a configuration.
fn counted_among_all(mut plan: Rc<Plan>, added: &[usize]) -> Rc<Plan> {
    let is_same = added.iter().enumerate().all(|(own, all)| own == *all);
    if !is_same {
        let scans = &mut Rc::make_mut(&mut plan).scans;
        for index in scans.iter_mut().flat_map(|scan| &mut scan.indexes) {
            if let IndexPosition::Added(own) = &mut index.index {
                *own = added.get(*own).copied().unwrap_or(usize::MAX);
            }
        }
    }
    plan
}

/// The tables of a query, with their partitions and children.
pub fn tables_read(catalog: &Catalog, query: &Query) -> SortedSet<usize> {
    let shapes = blocks(query).into_iter().flat_map(|block| block.shapes);
    let mut read: SortedSet<usize> = shapes.map(|shape| shape.table).collect();
    loop {
        let of_read = |parent: Option<usize>| parent.is_some_and(|parent| read.contains(&parent));
        let tables = catalog.tables.iter().enumerate();
        let children = tables.filter(|(at, table)| !read.contains(at) && of_read(table.parent));
        let children: Vec<usize> = children.map(|(at, _)| at).collect();
        if children.is_empty() {
            return read;
        }
        read.extend(children);
    }
}
