//! The aggregates of a query and what they cost (PostgreSQL's `prepagg.c`).

use super::aggregate_functions::{AggregateFunction, aggregate_function};
use crate::estimate::sql_type::declared_type;
use crate::plan::clause::QualCost;
use crate::plan::cost::agg::AggCosts;
use crate::plan::cost::casts::argument_calls;
use crate::plan::cost::qual::qual_cost;
use crate::plan::path::AggSplit;
use crate::plan::root::Root;
use crate::sql::expr::{Expr, Function};
use crate::sql::functions::is_aggregate;
use crate::sql::query::Target;

/// A query's distinct aggregates and the states they keep.
#[derive(Debug, Default)]
pub struct Aggregates {
    /// The calls, each once.
    pub calls: Vec<(Function, AggregateFunction)>,
    /// States, each for one or more of the calls: position in `calls`.
    pub states: Vec<usize>,
}

/// `preprocess_aggrefs`: the aggregates of the select list, ORDER BY and HAVING.
pub fn collect(root: &Root<'_>) -> Aggregates {
    let mut out = Aggregates::default();
    let query = &root.query;
    let targets = query.targets.iter().filter_map(|target| match target {
        Target::Expr(expr, _) => Some(expr),
        Target::Star(_) => None,
    });
    let exprs = targets
        .chain(query.order_by.iter().map(|key| &key.expr))
        .chain(query.distinct.iter().flatten())
        .chain(&query.having);
    for expr in exprs {
        for_each_aggregate(expr, &mut |call| out.add(root, call));
    }
    out
}

/// Visits the aggregates of an expression; they do not nest.
pub fn for_each_aggregate<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Function)) {
    if let Expr::Function(call) = expr
        && is_aggregate(call)
    {
        // GROUPING() only looks at which set a row belongs to.
        if call.name != "grouping" {
            visit(call);
        }
        return;
    }
    expr.for_each_child(&mut |child| for_each_aggregate(child, visit));
}

/// Has the query aggregates?
pub fn has_aggregates(root: &Root<'_>) -> bool {
    !collect(root).calls.is_empty()
}

impl Aggregates {
    fn add(&mut self, root: &Root<'_>, call: &Function) {
        if self.calls.iter().any(|(known, _)| known == call) {
            return;
        }
        let argument =
            call.args.first().map_or(String::new(), |arg| declared_type(&root.scope, arg));
        let function = aggregate_function(&call.name, call.star, &argument);
        let shares = |at: &usize| {
            self.calls.get(*at).is_some_and(|(other, of)| {
                of.transition == function.transition
                    && of.transition != "other"
                    && other.args == call.args
                    && other.distinct == call.distinct
                    && other.order_by == call.order_by
                    && other.filter == call.filter
            })
        };
        if !self.states.iter().any(shares) {
            self.states.push(self.calls.len());
        }
        self.calls.push((call.clone(), function));
    }

    /// No call at all?
    pub fn is_empty(&self) -> bool {
        self.calls.is_empty()
    }

    /// Does one of them need its rows in order or distinct? Then a hash table cannot hold the states.
    pub fn has_ordered(&self) -> bool {
        self.calls.iter().any(|(call, _)| call.distinct || !call.order_by.is_empty())
    }

    /// Can workers make parts of all of them?
    pub fn can_be_partial(&self) -> bool {
        !self.has_ordered() && self.calls.iter().all(|(_, function)| function.has_combine)
    }

    /// `get_agg_clause_costs`
    pub fn costs(&self, root: &Root<'_>, split: AggSplit) -> AggCosts {
        let operator = root.settings().cpu_operator_cost;
        let mut costs = AggCosts::default();
        for (call, function) in self.states.iter().filter_map(|at| self.calls.get(*at)) {
            costs.transition.per_tuple += operator;
            match split {
                AggSplit::Final if function.is_serialized => {
                    costs.transition.per_tuple += operator;
                }
                AggSplit::Initial if function.is_serialized => {
                    costs.finish.per_tuple += operator;
                }
                _ => {}
            }
            if split != AggSplit::Final {
                // An ordered-set aggregate reads what it is ordered by; its arguments are read once.
                let is_ordered_set = is_ordered_set(call);
                let sorted = call.order_by.iter().map(|key| &key.expr);
                let args = call.args.iter().filter(|_| !is_ordered_set);
                let casts = argument_calls(&root.scope, call);
                costs.transition.per_tuple += casts * operator;
                for argument in args.chain(sorted).chain(&call.filter) {
                    costs.transition += qual_cost(root, argument);
                }
            }
            costs.transition_space += function.space;
        }
        for (call, function) in &self.calls {
            if split != AggSplit::Initial && function.has_final {
                costs.finish.per_tuple += operator;
            }
            if is_ordered_set(call) {
                for argument in &call.args {
                    costs.finish += qual_cost(root, argument);
                }
            }
        }
        costs
    }
}

fn is_ordered_set(call: &Function) -> bool {
    matches!(call.name.as_str(), "percentile_cont" | "percentile_disc" | "mode")
}

/// Cost of one function call of the usual price.
pub fn call_cost(root: &Root<'_>) -> QualCost {
    QualCost { startup: 0.0, per_tuple: root.settings().cpu_operator_cost }
}
