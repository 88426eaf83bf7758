//! What a change of the plan means to a query.

use super::data::{Access, Verdict};
use crate::plan::{AccessPath, Configuration, Plan, Scan};
use crate::read::plan_node::PlanNode;

/// A cost that differs by less than this part is the same.
const NOISE: f64 = 0.01;

/// The verdict on two plans, and what is lost in words. `same_table` says whether a table of the first
/// is one of the second.
pub fn judge(
    before: &Plan,
    after: &Plan,
    name: &dyn Fn(usize) -> String,
    same_table: &dyn Fn(usize, usize) -> bool,
) -> (Verdict, Vec<String>) {
    if after.total_cost < before.total_cost * (1.0 - NOISE) {
        return (Verdict::Gains, Vec::new());
    }
    if after.total_cost <= before.total_cost * (1.0 + NOISE) {
        return (Verdict::Same, Vec::new());
    }
    let mut lost = Vec::new();
    let (mut search, mut index_only) = (false, false);
    for old in &before.scans {
        let table = name(old.table);
        let same = |new: &&Scan| same_table(old.table, new.table) && old.alias == new.alias;
        let Some(new) = after.scans.iter().find(same) else { continue };
        let is_worse = reads_all(new.path) && !reads_all(old.path);
        if is_worse {
            search = true;
            lost.push(format!("{table}: its way by an index"));
        } else if !searches_alike(&before.root, &after.root, &old.alias) {
            search = true;
            lost.push(format!("{table}: a search as narrow as today's"));
        } else if old.path == AccessPath::IndexOnlyScan && new.path != AccessPath::IndexOnlyScan {
            index_only = true;
            lost.push(format!("{table}: its index-only scan"));
        }
    }
    let sort = sorts(&after.root) > sorts(&before.root);
    if sort {
        lost.push("rows in order: it sorts".to_owned());
    }
    let verdict = match (search, sort, index_only) {
        (false, true, _) => Verdict::LosesSort,
        (false, false, true) => Verdict::LosesIndexOnly,
        _ => Verdict::Loses,
    };
    (verdict, lost)
}

fn reads_all(path: AccessPath) -> bool {
    path == AccessPath::SeqScan
}

/// Is the table searched by the same conditions in both plans?
fn searches_alike(before: &PlanNode, after: &PlanNode, alias: &str) -> bool {
    let conditions = |root: &PlanNode| {
        let mut out = Vec::new();
        root.walk(&mut |node| {
            if node.alias.as_deref() == Some(alias) {
                let searched = node.text("Index Cond").or_else(|| node.text("Recheck Cond"));
                out.extend(searched.map(str::to_owned));
            }
        });
        out
    };
    let (old, new) = (conditions(before), conditions(after));
    old.is_empty() || old == new
}

/// How often a plan sorts.
fn sorts(root: &PlanNode) -> usize {
    let mut n = 0;
    root.walk(&mut |node| n += usize::from(node.node_type.ends_with("Sort")));
    n
}

/// How a plan reaches its tables; nothing if there is none.
pub fn accesses(configuration: &Configuration<'_>, plan: Option<&Plan>) -> Vec<Access> {
    let tables = &configuration.catalog.tables;
    let access = |scan: &Scan| Access {
        table: tables.get(scan.table).map(|table| table.name.to_string()).unwrap_or_default(),
        alias: scan.alias.clone(),
        path: scan.path.name().to_owned(),
        indexes: scan
            .indexes
            .iter()
            .filter_map(|index| configuration.index(*index))
            .map(|index| index.name.clone())
            .collect(),
    };
    plan.into_iter().flat_map(|plan| &plan.scans).map(access).collect()
}
