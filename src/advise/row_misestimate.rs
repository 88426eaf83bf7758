//! `row-misestimate`: a pasted plan got ten times more or fewer rows than it was planned for.
//!
//! What: at a node below a join, sort or aggregate the estimated and the actual rows are a factor of 10
//! or more apart. Why it is bad: join order, join method and memory were chosen for another number of
//! rows; indexes are not the cure, better statistics are. What to do: ANALYZE; if that does not help,
//! the statement that teaches the planner: more histogram, extended statistics for columns that depend
//! on each other, `n_distinct`, statistics on an expression.
//!
//! Only the node where the error begins is reported, not those that inherit it. Not reported: nodes
//! that never ran; fewer rows than estimated where something above stops reading early (LIMIT, semi and
//! anti joins, merge joins); estimates of 1 against 0 rows, as PostgreSQL never estimates less than 1;
//! bitmap combinations, whose rows are not counted; inputs of a recursion.

use crate::advise::pasted::{Condition, Merged, Place, count, places};
use crate::advise::{Confidence, Context, Finding, Importance};
use crate::dialect::Dialect;
use crate::read::plan_node::PlanNode;

/// Estimated against actual rows, either way, from which on the plan may be another.
const FACTOR_MIN: f64 = 10.0;
/// A factor that is rarely without harm.
const FACTOR_HIGH: f64 = 100.0;
/// Rows over all loops, estimated or actual, below which no plan is slow for it.
const ROWS_MIN: f64 = 1000.0;

/// One finding for each table, condition and query.
pub fn find(context: &Context<'_>) -> Vec<Finding> {
    let mut found = Merged::default();
    for place in places(context.plans) {
        let Some(gap) = Gap::of(&place).filter(|_| matters(&place)) else { continue };
        let queries = place.queries(context);
        let what = place.node.text("Filter").or(place.node.text("Index Cond")).unwrap_or("");
        let kind = vec![subject(&place), what.to_owned(), queries.join(",")];
        found.add(kind, gap.factor, finding(context, &place, &gap, &queries));
    }
    found.findings()
}

/// How far apart estimate and truth are.
struct Gap {
    estimated: f64,
    actual: f64,
    loops: f64,
    factor: f64,
    /// More rows came than were estimated.
    more: bool,
}

impl Gap {
    /// The gap that begins at this node; none if an input has one already.
    fn of(place: &Place<'_>) -> Option<Gap> {
        let gap = gap(place.node)?;
        let inherited = place.node.plans.iter().any(|input| has_gap_below(input, gap.more));
        let recursion = place.above.iter().any(|above| above.node_type == "Recursive Union");
        let cut_short = !gap.more && stops_early(place);
        (!inherited && !recursion && !cut_short).then_some(gap)
    }
}

fn gap(node: &PlanNode) -> Option<Gap> {
    let is_own = is_judged(node);
    let loops = node.actual_loops.unwrap_or(1.0);
    let (estimated, actual) = (node.plan_rows?, node.actual_rows?);
    let (low, high) = (estimated.min(actual).max(1.0), estimated.max(actual).max(1.0));
    let factor = high / low;
    let many = high * loops >= ROWS_MIN;
    let more = actual > estimated;
    (is_own && loops > 0.0 && many && factor >= FACTOR_MIN).then_some(Gap {
        estimated,
        actual,
        loops,
        factor,
        more,
    })
}

/// The same error in an input, past nodes that only pass rows on.
fn has_gap_below(node: &PlanNode, more: bool) -> bool {
    if matches!(node.parent_relationship.as_deref(), Some("SubPlan" | "InitPlan")) {
        return false;
    }
    let here = gap(node).is_some_and(|gap| gap.more == more);
    here || node.plans.iter().any(|input| has_gap_below(input, more))
}

/// Nodes that estimate rows; the others pass on what they get.
fn is_judged(node: &PlanNode) -> bool {
    let kind = node.node_type.as_str();
    let joins = ["Nested Loop", "Hash Join", "Merge Join"];
    let passing = ["Bitmap Index Scan", "WorkTable Scan"];
    (kind.ends_with("Scan") && !passing.contains(&kind))
        || joins.contains(&kind)
        || matches!(kind, "Aggregate" | "Group" | "Unique" | "SetOp")
        || matches!(kind, "Table scan" | "Index lookup" | "Index range scan" | "Index scan")
}

/// Something above may stop before the node has given all its rows.
fn stops_early(place: &Place<'_>) -> bool {
    let mut below = place.node;
    for above in place.above.iter().rev() {
        let inner = below.parent_relationship.as_deref() == Some("Inner");
        let join = above.text("Join Type").unwrap_or("");
        match above.node_type.as_str() {
            "Limit" | "Merge Join" => return true,
            "Nested Loop" if inner && (matches!(join, "Semi" | "Anti") || is_unique(above)) => {
                return true;
            }
            "Sort" | "Hash" | "Materialize" | "Incremental Sort" => return false,
            "Aggregate" if above.text("Strategy") != Some("Sorted") => return false,
            _ => {}
        }
        if matches!(below.parent_relationship.as_deref(), Some("SubPlan" | "InitPlan")) {
            return true;
        }
        below = above;
    }
    false
}

fn is_unique(node: &PlanNode) -> bool {
    node.more.get("Inner Unique").and_then(serde_json::Value::as_bool) == Some(true)
}

/// Something above was planned with these rows: a join, a sort, a hash, a grouping, or it is a join
/// itself.
fn matters(place: &Place<'_>) -> bool {
    let decides = |node: &PlanNode| {
        let kind = node.node_type.as_str();
        matches!(kind, "Nested Loop" | "Hash Join" | "Merge Join" | "Sort" | "Aggregate" | "Group")
            || matches!(kind, "Nested loop inner join" | "Nested loop join" | "Unique" | "Filter")
    };
    place.above.iter().any(|above| decides(above)) || place.node.node_type.ends_with("Join")
}

/// What the finding is about: a table, or the kind of node.
fn subject(place: &Place<'_>) -> String {
    match place.node.relation_name {
        Some(_) => place.table_name(),
        None => place.node.node_type.clone(),
    }
}

fn finding(context: &Context<'_>, place: &Place<'_>, gap: &Gap, queries: &[String]) -> Finding {
    let node = place.node;
    let direction = if gap.more { "more" } else { "fewer" };
    let title = format!(
        "{} gave {} times {direction} rows than estimated",
        heading(place),
        count(gap.factor)
    );
    let mut reasons = vec![format!(
        "estimated {} rows, got {}{}",
        count(gap.estimated),
        count(gap.actual),
        if gap.loops > 1.0 {
            format!(", in each of {} loops", count(gap.loops))
        } else {
            String::new()
        }
    )];
    for property in
        ["Index Cond", "Recheck Cond", "Filter", "Hash Cond", "Merge Cond", "Join Filter"]
    {
        if let Some(text) = node.text(property) {
            reasons.push(format!("its {property} is {text}"));
        }
    }
    if let Some(harm) = harm(place, gap) {
        reasons.push(harm);
    }
    Finding {
        code: "row-misestimate".to_owned(),
        severity: match gap.factor >= FACTOR_HIGH {
            true => Importance::Medium,
            false => Importance::Low,
        },
        title,
        table: node.relation_name.as_ref().map(|_| place.table_name()),
        queries: queries.to_vec(),
        confidence: Confidence::High,
        reasons,
        advice: advice(context, place),
        places: place.plan.source.iter().cloned().collect(),
        ..Finding::default()
    }
}

fn heading(place: &Place<'_>) -> String {
    let kind = match place.node.node_type.as_str() {
        "Seq Scan" => "sequential scan".to_owned(),
        "Aggregate" | "Group" | "Unique" => "grouping".to_owned(),
        other => other.to_lowercase(),
    };
    let of = match place.node.text("Function Name") {
        Some(function) => vec![function.to_owned()],
        None if place.node.relation_name.is_some() => vec![place.table_name()],
        None => tables_below(place.node),
    };
    match of.as_slice() {
        [] => format!("The {kind}"),
        [one] => format!("The {kind} of {one}"),
        [rest @ .., last] => format!("The {kind} of {} and {last}", rest.join(", ")),
    }
}

/// The tables whose rows reach a node, in the order of the plan.
fn tables_below(node: &PlanNode) -> Vec<String> {
    let mut tables = Vec::new();
    node.walk(&mut |below| {
        if let Some(table) = &below.relation_name
            && !tables.contains(table)
        {
            tables.push(table.clone());
        }
    });
    tables
}

/// What the wrong number led to.
fn harm(place: &Place<'_>, gap: &Gap) -> Option<String> {
    let mut below = place.node;
    for above in place.above.iter().rev() {
        let outer = below.parent_relationship.as_deref() != Some("Inner");
        if above.node_type == "Nested Loop" && outer && gap.more {
            let inner = above.plans.get(1)?;
            let loops = inner.actual_loops.filter(|loops| *loops > 1.0)?;
            return Some(format!(
                "the nested loop above ran its inner side {} times; it was chosen for about {}",
                count(loops),
                count(below.plan_rows.unwrap_or(gap.estimated))
            ));
        }
        if above.number("Hash Batches").is_some_and(|batches| batches > 1.0) && gap.more {
            return Some("the hash above did not fit into memory".to_owned());
        }
        below = above;
    }
    None
}

fn advice(context: &Context<'_>, place: &Place<'_>) -> Vec<String> {
    let dialect = context.catalog.dialect;
    let Some(table) = place.node.relation_name.as_ref().map(|_| place.table_name()) else {
        return without_table(place);
    };
    let properties = ["Index Cond", "Recheck Cond", "Filter"];
    let conditions: Vec<Condition> =
        properties.iter().flat_map(|property| place.conditions(property, dialect)).collect();
    let mut advice = match dialect {
        Dialect::Postgres => vec![format!("ANALYZE {table};")],
        Dialect::Mariadb => vec![format!("ANALYZE TABLE {table} PERSISTENT FOR ALL;")],
        Dialect::Mysql => vec![format!("ANALYZE TABLE {table};")],
        Dialect::Sqlite => vec!["ANALYZE;".to_owned()],
    };
    if let (Dialect::Postgres, Some(better)) = (dialect, better_statistics(&table, &conditions)) {
        advice.push(better);
    }
    if let (Dialect::Mysql, Some(first)) = (dialect, conditions.first()) {
        let column = &first.key.text;
        advice.push(format!(
            "if that is not enough: ANALYZE TABLE {table} UPDATE HISTOGRAM ON {column};"
        ));
    }
    advice
}

/// What to tell PostgreSQL when ANALYZE alone does not help.
fn better_statistics(table: &str, conditions: &[Condition]) -> Option<String> {
    let mut columns: Vec<&str> = Vec::new();
    for condition in conditions.iter().filter(|part| part.key.is_column) {
        if !columns.contains(&condition.key.text.as_str()) {
            columns.push(&condition.key.text);
        }
    }
    let expression = conditions.iter().find(|part| !part.key.is_column);
    let bare = table.rsplit('.').next().unwrap_or(table).trim_matches('"');
    if let Some(expression) = expression {
        let text = &expression.key.text;
        return Some(format!(
            "the planner knows nothing of {text}: CREATE STATISTICS {bare}_expr ON ({text}) FROM {table}; \
             ANALYZE {table}; (PostgreSQL 14 or later; an index on the expression does it too)"
        ));
    }
    match columns.as_slice() {
        [] => None,
        [column] => Some(format!(
            "if that is not enough: ALTER TABLE {table} ALTER COLUMN {column} SET STATISTICS 1000; \
             ANALYZE {table}; and if the number of distinct values stays wrong: ALTER TABLE {table} \
             ALTER COLUMN {column} SET (n_distinct = -0.1); with the true share of distinct values"
        )),
        several => Some(format!(
            "the columns may depend on each other, which the planner does not know: CREATE STATISTICS \
             {bare}_{} (dependencies, ndistinct, mcv) ON {} FROM {table}; ANALYZE {table};",
            several.join("_"),
            several.join(", ")
        )),
    }
}

/// Joins, groups and functions.
fn without_table(place: &Place<'_>) -> Vec<String> {
    let node = place.node;
    if let Some(name) = node.text("Function Name") {
        return vec![format!(
            "a function's rows are a fixed guess: ALTER FUNCTION {name} ROWS n with the usual number"
        )];
    }
    let tables = tables_below(node);
    let mut advice = Vec::new();
    if !tables.is_empty() {
        let run: Vec<String> = tables.iter().map(|table| format!("ANALYZE {table};")).collect();
        advice.push(run.join(" "));
    }
    let keys = node.more.get("Group Key").and_then(serde_json::Value::as_array);
    match (keys.map(Vec::as_slice), tables.as_slice()) {
        (Some([_, _, ..]), [table]) => {
            let names: Vec<&str> = keys.into_iter().flatten().filter_map(|key| key.as_str()).collect();
            let columns: Vec<&str> =
                names.iter().map(|name| name.rsplit('.').next().unwrap_or(name)).collect();
            advice.push(format!(
                "the groups are counted as if their columns were independent: CREATE STATISTICS \
                 {table}_groups (ndistinct) ON {} FROM {table}; ANALYZE {table};",
                columns.join(", ")
            ));
        }
        _ if node.text("Join Type").is_some() => advice.push(
            "the join matches more or fewer rows than its columns' distinct values suggest: values that \
             are much more common on both sides, or conditions on both sides that depend on each other; \
             raise the statistics target of the join columns, or compare with a plan for other values"
                .to_owned(),
        ),
        _ => {}
    }
    advice
}
