//! Which query of the workload a pasted plan without a text is of: the only one that reads the same
//! tables by the same names and has all columns of the plan's conditions in its own. When several do,
//! the one whose conditions have no other columns; when that is not one either, none.

use crate::sorted::SortedSet;

use crate::catalog::Catalog;
use crate::order;
use crate::read::plan_node::PlanNode;
use crate::sql::expr::Expr;
use crate::sql::parse::parse_expr;
use crate::sql::query::{Query, RelationSource};
use crate::workload::Workload;

/// Properties of a node that hold conditions of the query.
const CONDITIONS: [&str; 6] =
    ["Index Cond", "Recheck Cond", "Filter", "Hash Cond", "Merge Cond", "Join Filter"];

/// What is compared: tables with their names in the query, and columns of conditions.
#[derive(Debug, Default, PartialEq, Eq)]
struct Shape {
    relations: Vec<(String, String)>,
    columns: SortedSet<String>,
}

/// The id of the query.
pub fn query_of_plan(catalog: &Catalog, workload: &Workload, root: &PlanNode) -> Option<String> {
    let plan = shape_of_plan(catalog, root);
    if plan.relations.is_empty() {
        return None;
    }
    let candidates: Vec<(&str, Shape)> = workload
        .entries
        .iter()
        .filter_map(|entry| {
            Some((entry.id.as_str(), shape_of_query(catalog, entry.query.as_ref()?)))
        })
        .filter(|(_, shape)| {
            shape.relations == plan.relations && plan.columns.is_subset(&shape.columns)
        })
        .collect();
    let only = |found: Vec<&str>| match found.as_slice() {
        [id] => Some((*id).to_owned()),
        _ => None,
    };
    let exact = candidates.iter().filter(|(_, shape)| shape.columns == plan.columns);
    only(candidates.iter().map(|(id, _)| *id).collect())
        .or_else(|| only(exact.map(|c| c.0).collect()))
}

fn shape_of_plan(catalog: &Catalog, root: &PlanNode) -> Shape {
    let mut shape = Shape::default();
    root.walk(&mut |node| {
        if let Some(table) = &node.relation_name
            && node.node_type != "ModifyTable"
        {
            let alias = node.alias.clone().unwrap_or_else(|| table.clone());
            shape.relations.push((table.clone(), alias));
        }
        for text in CONDITIONS.into_iter().filter_map(|property| node.text(property)) {
            let Ok(condition) = parse_expr(text, catalog.dialect) else { continue };
            condition.walk(&mut |part| {
                if let Expr::Name(parts) = part {
                    shape.columns.extend(parts.last().cloned());
                }
            });
        }
    });
    order::sort(&mut shape.relations);
    shape
}

fn shape_of_query(catalog: &Catalog, query: &Query) -> Shape {
    let mut shape = Shape::default();
    add_query(catalog, query, &mut Vec::new(), &mut shape);
    order::sort(&mut shape.relations);
    shape
}

/// `outer`: the queries above, the nearest last.
fn add_query<'q>(catalog: &Catalog, query: &'q Query, outer: &mut Vec<&'q Query>, out: &mut Shape) {
    outer.push(query);
    for relation in &query.relations {
        let RelationSource::Table(table) = relation.source else { continue };
        if let Some(table) = catalog.tables.get(table) {
            out.relations.push((table.name.name.clone(), relation.alias.clone()));
        }
    }
    let mut conditions: Vec<&Expr> = query.conditions.iter().chain(&query.having).collect();
    query.from.iter().for_each(|tree| tree.for_each_condition(&mut |on| conditions.push(on)));
    for condition in conditions {
        condition.walk(&mut |part| {
            let Expr::Column(column) = part else { return };
            let at = outer.len().checked_sub(1 + usize::from(column.level));
            let block = at.and_then(|at| outer.get(at));
            let relation =
                block.and_then(|block| block.relations.get(usize::from(column.relation)));
            if let Some(RelationSource::Table(table)) = relation.map(|relation| &relation.source) {
                let table = catalog.tables.get(*table);
                let name = table.and_then(|table| table.columns.get(usize::from(column.column)));
                out.columns.extend(name.map(|column| column.name.clone()));
            }
        });
    }
    query.for_each_query(&mut |inner| add_query(catalog, inner, outer, out));
    outer.pop();
}
