//! What happens to the joined rows: grouping, windows, DISTINCT, ORDER BY, LIMIT, writing. After
//! PostgreSQL's `planner.c` (`grouping_planner`) and `cost_agg`. Every path that joins produced is
//! carried through, so that one that is dearer but in order, or quick to start, can win.

use std::rc::Rc;

use serde_json::{Value, json};

use super::Configuration;
use super::access::{BaseRelation, Planning};
use super::block::{Block, Finished, plan_block};
use super::cost::{self, Cost};
use super::cte::Environment;
use super::explain::Names;
use super::join::{JoinRelation, sorted_path};
use super::path::{Order, Path, PathKind};
use crate::estimate::groups::group_count;
use crate::read::plan_node::PlanNode;
use crate::read::statistics::Settings;
use crate::sql::expr::{CompareOp, Expr, Literal};
use crate::sql::query::{Command, Query, SetKind, SetOperation, SortKey};

/// Is there an aggregate (outside windows and subqueries)?
pub fn has_aggregate(expr: &Expr) -> bool {
    let mut found = false;
    expr.walk(&mut |part| {
        if let Expr::Function(call) = part {
            found |= call.over.is_none() && (call.star || is_aggregate(&call.name));
        }
    });
    found
}

fn is_aggregate(name: &str) -> bool {
    matches!(
        name,
        "count"
            | "sum"
            | "avg"
            | "min"
            | "max"
            | "array_agg"
            | "string_agg"
            | "json_agg"
            | "jsonb_agg"
            | "json_object_agg"
            | "jsonb_object_agg"
            | "bool_and"
            | "bool_or"
            | "every"
            | "stddev"
            | "stddev_pop"
            | "stddev_samp"
            | "variance"
            | "var_pop"
            | "var_samp"
            | "group_concat"
            | "total"
            | "percentile_cont"
            | "percentile_disc"
            | "mode"
            | "bit_and"
            | "bit_or"
            | "corr"
            | "regr_slope"
            | "any_value"
            | "count_distinct"
            | "std"
            | "json_arrayagg"
            | "json_objectagg"
            | "json_group_array"
            | "json_group_object"
    )
}

/// The cheapest way from the joined rows to the query's result.
pub fn finish(
    block: &Block<'_, '_>,
    planning: &Planning<'_>,
    bases: &[Option<BaseRelation<'_>>],
    joined: &JoinRelation,
) -> Rc<Path> {
    let top = Top {
        block,
        planning,
        bases,
        settings: &block.configuration.catalog.settings,
        limit: count_of(block.query.limit.as_ref()),
        offset: count_of(block.query.offset.as_ref()).unwrap_or(0.0),
    };
    let mut best: Option<Rc<Path>> = None;
    for path in joined.paths.iter().filter(|path| path.needs == 0) {
        for grouped in top.grouped(path) {
            let finished = top.ordered_and_limited(&grouped);
            if best.as_ref().is_none_or(|known| finished.cost.total < known.cost.total) {
                best = Some(finished);
            }
        }
    }
    best.unwrap_or_else(|| {
        Rc::new(Path {
            kind: PathKind::Result,
            cost: Cost::default(),
            rows: 1.0,
            width: 0.0,
            order: Rc::default(),
            needs: 0,
        })
    })
}

/// A LIMIT that is known; an unknown one counts as a tenth of the rows, see `limited`.
fn count_of(limit: Option<&Expr>) -> Option<f64> {
    match limit {
        Some(Expr::Literal(Literal::Number(digits))) => digits.parse().ok(),
        _ => None,
    }
}

struct Top<'t, 'b, 'a> {
    block: &'t Block<'b, 'a>,
    planning: &'t Planning<'b>,
    bases: &'t [Option<BaseRelation<'b>>],
    settings: &'t Settings,
    limit: Option<f64>,
    offset: f64,
}

impl Top<'_, '_, '_> {
    fn query(&self) -> &Query {
        self.block.query
    }

    fn names(&self) -> Names<'_> {
        Names { configuration: self.block.configuration, query: self.block.query }
    }

    /// Distinct combinations of `keys` among `rows`.
    fn groups(&self, keys: &[Expr], rows: f64) -> f64 {
        let relation_rows = |relation: u16| match self.bases.get(usize::from(relation)) {
            Some(Some(base)) => (base.all_rows, base.rows),
            _ => (rows, rows),
        };
        group_count(&self.planning.scope, keys, rows, &relation_rows)
    }

    /// The ways to group a path's rows; itself when nothing groups.
    fn grouped(&self, path: &Rc<Path>) -> Vec<Rc<Path>> {
        let query = self.query();
        let targets = self.block.target_exprs();
        let aggregates =
            targets.iter().chain(&query.having).chain(query.order_by.iter().map(|k| &k.expr));
        let n_aggregates = aggregates.filter(|expr| has_aggregate(expr)).count();
        if query.group_by.is_empty() {
            if n_aggregates == 0 {
                return vec![path.clone()];
            }
            return vec![self.plain_aggregate(path, n_aggregates)];
        }
        self.group_by(path, &query.group_by, n_aggregates)
    }

    /// Without GROUP BY: one row. `min` or `max` of a path in that order needs its first row only.
    fn plain_aggregate(&self, path: &Rc<Path>, n_aggregates: usize) -> Rc<Path> {
        if let Some(first) = self.first_row(path) {
            return first;
        }
        let work = self.settings.cpu_operator_cost * count(n_aggregates) * path.rows;
        let startup = path.cost.total + work;
        let cost = Cost { startup, total: startup + self.settings.cpu_tuple_cost };
        let properties = vec![("Strategy", json!("Plain")), ("Partial Mode", json!("Simple"))];
        over("Aggregate", properties, path, cost, 1.0, Rc::default())
    }

    fn first_row(&self, path: &Rc<Path>) -> Option<Rc<Path>> {
        let base = self.bases.iter().flatten().next()?;
        let [(expr, is_max)] = base.shape.min_max.as_slice() else { return None };
        let wanted = [SortKey { expr: expr.clone(), desc: *is_max, nulls_first: None }];
        if !path.order.starts_with(&wanted) {
            return None;
        }
        let (cost, _) = cost::limit(path.cost, path.rows, 0.0, Some(1.0));
        let limited = over("Limit", Vec::new(), path, cost, 1.0, Rc::default());
        let total = cost.total + self.settings.cpu_tuple_cost;
        Some(over(
            "Result",
            Vec::new(),
            &limited,
            Cost { startup: total, total },
            1.0,
            Rc::default(),
        ))
    }

    /// `cost_agg`: sorted groups come as they end, hashed ones when all rows are read.
    fn group_by(&self, path: &Rc<Path>, keys: &[Expr], n_aggregates: usize) -> Vec<Rc<Path>> {
        let groups = self.groups(keys, path.rows);
        let having = if self.query().having.is_empty() { 1.0 } else { 1.0 / 3.0 };
        let rows = (groups * having).round().max(1.0);
        let per_row = self.settings.cpu_operator_cost * (count(keys.len()) + count(n_aggregates));
        let group_key = self.names().list(keys);
        let properties = |strategy: &str| {
            vec![
                ("Strategy", json!(strategy)),
                ("Partial Mode", json!("Simple")),
                ("Group Key", group_key.clone()),
            ]
        };
        let mut out = Vec::new();
        let startup = path.cost.total + per_row * path.rows;
        let cost = Cost { startup, total: startup + self.settings.cpu_tuple_cost * groups };
        out.push(over("Aggregate", properties("Hashed"), path, cost, rows, Rc::default()));
        let order = self.group_order(path, keys);
        let sorted = sorted_path(self.settings, path, &order, None);
        let total = sorted.cost.total + per_row * path.rows + self.settings.cpu_tuple_cost * groups;
        let cost = Cost { startup: sorted.cost.startup, total };
        out.push(over("Aggregate", properties("Sorted"), &sorted, cost, rows, order.into()));
        out
    }

    /// The keys in the order the path already has, where it has one.
    fn group_order(&self, path: &Path, keys: &[Expr]) -> Vec<SortKey> {
        let known: Vec<SortKey> = path.order.iter().take(keys.len()).cloned().collect();
        let covers = known.len() == keys.len()
            && keys.iter().all(|key| known.iter().any(|sorted| sorted.expr == *key));
        if covers {
            return known;
        }
        keys.iter()
            .map(|key| SortKey { expr: key.clone(), desc: false, nulls_first: None })
            .collect()
    }

    /// Windows, DISTINCT, ORDER BY, LIMIT and writing, in that order.
    fn ordered_and_limited(&self, path: &Rc<Path>) -> Rc<Path> {
        let path = self.windows(path);
        let path = self.distinct(&path);
        let order = self.wanted_order();
        let bound = self.limit.map(|limit| limit + self.offset);
        let path = sorted_path(self.settings, &path, &order, bound);
        let path = self.limited(&path);
        self.modify(path)
    }

    fn windows(&self, path: &Rc<Path>) -> Rc<Path> {
        let mut windows: Vec<(Vec<Expr>, Vec<SortKey>)> = Vec::new();
        for target in self.block.target_exprs() {
            target.walk(&mut |part| {
                if let Expr::Function(call) = part
                    && let Some(over) = &call.over
                {
                    let named = over.name.as_ref().and_then(|name| {
                        self.query().windows.iter().find(|(known, _)| known == name)
                    });
                    let window = named.map_or(over, |(_, window)| window);
                    let spec = (window.partition_by.clone(), window.order_by.clone());
                    if !windows.contains(&spec) {
                        windows.push(spec);
                    }
                }
            });
        }
        let mut path = path.clone();
        for (partition_by, order_by) in windows {
            let plain =
                |expr: &Expr| SortKey { expr: expr.clone(), desc: false, nulls_first: None };
            let order: Vec<SortKey> = partition_by.iter().map(plain).chain(order_by).collect();
            let sorted = sorted_path(self.settings, &path, &order, None);
            let per_row = self.settings.cpu_tuple_cost
                + self.settings.cpu_operator_cost * (1.0 + count(order.len()));
            let total = sorted.cost.total + per_row * sorted.rows;
            let cost = Cost { startup: sorted.cost.startup, total };
            let order = sorted.order.clone();
            path = over("WindowAgg", Vec::new(), &sorted, cost, sorted.rows, order);
        }
        path
    }

    fn distinct(&self, path: &Rc<Path>) -> Rc<Path> {
        let Some(keys) = &self.query().distinct else { return path.clone() };
        let keys = if keys.is_empty() { self.block.target_exprs() } else { keys.clone() };
        if keys.is_empty() {
            return path.clone();
        }
        let rows = self.groups(&keys, path.rows);
        let per_row = self.settings.cpu_operator_cost * count(keys.len());
        let order = self.group_order(path, &keys);
        if path.order.starts_with(&order) {
            let total = path.cost.total + per_row * path.rows;
            let cost = Cost { startup: path.cost.startup, total };
            return over("Unique", Vec::new(), path, cost, rows, order.into());
        }
        let startup = path.cost.total + per_row * path.rows;
        let cost = Cost { startup, total: startup + self.settings.cpu_tuple_cost * rows };
        let properties =
            vec![("Strategy", json!("Hashed")), ("Group Key", self.names().list(&keys))];
        over("Aggregate", properties, path, cost, rows, Rc::default())
    }

    /// ORDER BY without the keys that have one value throughout.
    fn wanted_order(&self) -> Vec<SortKey> {
        let is_fixed = |expr: &Expr| {
            self.query().conditions.iter().any(|condition| match condition {
                Expr::Compare(CompareOp::Eq, left, right) => {
                    (**left == *expr && right.is_constant_here())
                        || (**right == *expr && left.is_constant_here())
                }
                _ => false,
            })
        };
        self.query().order_by.iter().filter(|key| !is_fixed(&key.expr)).cloned().collect()
    }

    fn limited(&self, path: &Rc<Path>) -> Rc<Path> {
        if self.query().limit.is_none() && self.query().offset.is_none() {
            return path.clone();
        }
        // An unknown LIMIT keeps a tenth of the rows, as `preprocess_limit` assumes.
        let wanted = match (&self.query().limit, self.limit) {
            (Some(_), None) => Some((path.rows * 0.1).max(1.0)),
            (_, known) => known,
        };
        let (cost, rows) = cost::limit(path.cost, path.rows, self.offset, wanted);
        over("Limit", Vec::new(), path, cost, rows, path.order.clone())
    }

    fn modify(&self, path: Rc<Path>) -> Rc<Path> {
        let operation = match self.query().command {
            Command::Update { .. } => "Update",
            Command::Delete => "Delete",
            _ => return path,
        };
        let mut properties: Vec<(&'static str, Value)> = vec![("Operation", json!(operation))];
        if let Some(relation) = self.query().relations.first() {
            properties.push(("Relation Name", json!(relation.alias)));
        }
        over("ModifyTable", properties, &path, path.cost, path.rows, Rc::default())
    }
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

fn over(
    name: &'static str,
    properties: Vec<(&'static str, Value)>,
    input: &Rc<Path>,
    cost: Cost,
    rows: f64,
    order: Order,
) -> Rc<Path> {
    let kind = PathKind::Over { name, properties, input: input.clone() };
    Rc::new(Path { kind, cost, rows, width: input.width, order, needs: 0 })
}

/// UNION, INTERSECT, EXCEPT: the arms one after the other, made unique unless ALL, then ORDER BY and
/// LIMIT.
pub fn set_operation(
    configuration: &Configuration<'_>,
    query: &Query,
    environment: &Environment,
) -> Result<Finished, String> {
    let Some(SetOperation { kind, all, left, right }) = &query.set_operation else {
        return Err("no set operation".to_owned());
    };
    let settings = &configuration.catalog.settings;
    let arms = [
        plan_block(configuration, left, environment)?,
        plan_block(configuration, right, environment)?,
    ];
    let rows: f64 = arms.iter().map(|arm| arm.rows).sum();
    let width = arms.iter().map(|arm| arm.width).fold(0.0, f64::max);
    let total: f64 =
        arms.iter().map(|arm| arm.cost.total).sum::<f64>() + 0.5 * settings.cpu_tuple_cost * rows;
    let mut node = PlanNode::new("Append");
    let mut scans = Vec::new();
    for arm in &arms {
        let mut child = (*arm.node).clone();
        child.parent_relationship = Some("Member".to_owned());
        node.plans.push(child);
        scans.extend(arm.scans.iter().cloned());
    }
    let mut so_far = Level { node, cost: Cost { startup: 0.0, total }, rows, width };
    let output = match kind {
        SetKind::Union => rows,
        SetKind::Intersect => arms.iter().map(|arm| arm.rows).fold(f64::MAX, f64::min),
        SetKind::Except => arms.first().map_or(rows, |arm| arm.rows),
    };
    so_far.close();
    if !all || *kind != SetKind::Union {
        let name = if *kind == SetKind::Union { "Aggregate" } else { "SetOp" };
        let startup = total + settings.cpu_operator_cost * rows;
        let cost = Cost { startup, total: startup + settings.cpu_tuple_cost * output };
        so_far = so_far.under(name, cost, output);
    }
    if !query.order_by.is_empty() {
        let limit = count_of(query.limit.as_ref());
        let cost = cost::sort(settings, so_far.cost, so_far.rows, width, limit);
        let rows = so_far.rows;
        so_far = so_far.under("Sort", cost, rows);
    }
    if query.limit.is_some() {
        let offset = count_of(query.offset.as_ref()).unwrap_or(0.0);
        let wanted = count_of(query.limit.as_ref()).or(Some((so_far.rows * 0.1).max(1.0)));
        let (cost, rows) = cost::limit(so_far.cost, so_far.rows, offset, wanted);
        so_far = so_far.under("Limit", cost, rows);
    }
    Ok(Finished {
        node: Rc::new(so_far.node),
        cost: so_far.cost,
        rows: so_far.rows,
        width,
        scans: Rc::new(scans),
    })
}

/// A node being built with its numbers.
struct Level {
    node: PlanNode,
    cost: Cost,
    rows: f64,
    width: f64,
}

impl Level {
    fn close(&mut self) {
        self.node.startup_cost = Some((self.cost.startup * 100.0).round() / 100.0);
        self.node.total_cost = Some((self.cost.total * 100.0).round() / 100.0);
        self.node.plan_rows = Some(self.rows.round().max(1.0));
        self.node.plan_width = Some(self.width.round());
    }

    fn under(self, name: &str, cost: Cost, rows: f64) -> Level {
        let mut node = PlanNode::new(name);
        let mut child = self.node;
        child.parent_relationship = Some("Outer".to_owned());
        node.plans.push(child);
        let mut level = Level { node, cost, rows, width: self.width };
        level.close();
        level
    }
}

/// INSERT: its source, or its VALUES.
pub fn insert(
    configuration: &Configuration<'_>,
    query: &Query,
    environment: &Environment,
) -> Result<Finished, String> {
    let Command::Insert { source, n_values, .. } = &query.command else {
        return Err("no INSERT".to_owned());
    };
    let input = match source {
        Some(source) => plan_block(configuration, source, environment)?,
        None => {
            let rows = count((*n_values).max(1));
            let cost = Cost { startup: 0.0, total: 0.01 * rows };
            let mut level = Level { node: PlanNode::new("Result"), cost, rows, width: 0.0 };
            level.close();
            let node = Rc::new(level.node);
            Finished { node, cost, rows, width: 0.0, scans: Rc::default() }
        }
    };
    let rows = input.rows;
    let level = Level { node: (*input.node).clone(), cost: input.cost, rows, width: input.width };
    let mut top = level.under("ModifyTable", input.cost, rows);
    top.node.more.insert("Operation".to_owned(), json!("Insert"));
    if let Some(relation) = query.relations.first() {
        top.node.relation_name = Some(relation.alias.clone());
    }
    Ok(Finished { node: Rc::new(top.node), ..input })
}
