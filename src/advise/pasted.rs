//! What findings ask of pasted plans: each node with what is above it, how often it ran, the table it
//! reads and the columns its conditions name.

use crate::sorted::SortedMap;

use crate::advise::{Context, Finding};
use crate::catalog::Table;
use crate::dialect::Dialect;
use crate::read::PastedPlan;
use crate::read::plan_node::PlanNode;
use crate::sql::expr::{CompareOp, Expr};
use crate::sql::normalize::{fingerprint_name, normalize};
use crate::sql::parse::parse_expr;
use crate::sql::print::print_expr;
use crate::sql::schema::Name;

/// A node of a pasted plan.
pub struct Place<'a> {
    /// The plan.
    pub plan: &'a PastedPlan,
    /// The node.
    pub node: &'a PlanNode,
    /// The nodes above it, the root first.
    pub above: Vec<&'a PlanNode>,
}

/// Every node of every pasted plan.
pub fn places<'a>(plans: &'a [PastedPlan]) -> Vec<Place<'a>> {
    let mut found = Vec::new();
    for plan in plans {
        add(plan, &plan.root, &mut Vec::new(), &mut found);
    }
    found
}

fn add<'a>(
    plan: &'a PastedPlan,
    node: &'a PlanNode,
    above: &mut Vec<&'a PlanNode>,
    found: &mut Vec<Place<'a>>,
) {
    found.push(Place { plan, node, above: above.clone() });
    above.push(node);
    for child in &node.plans {
        add(plan, child, above, found);
    }
    above.pop();
}

impl<'a> Place<'a> {
    /// How often the node ran; 0 when it never did or the plan is an estimate.
    pub fn loops(&self) -> f64 {
        self.node.actual_loops.unwrap_or(if self.node.actual_rows.is_some() { 1.0 } else { 0.0 })
    }

    /// The table of the catalog that the node reads.
    pub fn table(&self, context: &Context<'a>) -> Option<&'a Table> {
        let name = self.node.relation_name.clone()?;
        let named = Name { schema: self.node.schema.clone(), name };
        context.catalog.find_table(&named).and_then(|at| context.catalog.tables.get(at))
    }

    /// The table's name as the plan has it.
    pub fn table_name(&self) -> String {
        let name = self.node.relation_name.as_deref().unwrap_or("");
        match self.node.schema.as_deref() {
            Some(schema) if schema != "public" => format!("{schema}.{name}"),
            _ => name.to_owned(),
        }
    }

    /// The queries of the workload that this plan is of.
    pub fn queries(&self, context: &Context<'_>) -> Vec<String> {
        let Some(sql) = self.plan.query.as_deref() else { return Vec::new() };
        let shape = normalize(sql, context.catalog.dialect);
        let fingerprint = fingerprint_name(shape.fingerprint());
        let entries = context.workload.entries.iter();
        entries.filter(|entry| entry.fingerprint == fingerprint).map(|e| e.id.clone()).collect()
    }

    /// The conditions that the property (`Filter`, `Index Cond`) puts on the node's own table.
    pub fn conditions(&self, property: &str, dialect: Dialect) -> Vec<Condition> {
        let Some(text) = self.node.text(property) else { return Vec::new() };
        let Ok(expr) = parse_expr(text, dialect) else { return Vec::new() };
        let parts = match expr {
            Expr::And(parts) => parts,
            other => vec![other],
        };
        parts.iter().filter_map(|part| self.condition(part)).collect()
    }

    fn condition(&self, expr: &Expr) -> Option<Condition> {
        let (kind, left, right) = match expr {
            Expr::Compare(op, left, right) => (Kind::of(*op)?, &**left, Some(&**right)),
            Expr::InList { expr, negated: false, .. } => (Kind::Equal, &**expr, None),
            Expr::AnyAll { op: CompareOp::Eq, left, all: false, .. } => {
                (Kind::Equal, &**left, None)
            }
            Expr::IsNull { expr, negated: false } => (Kind::Equal, &**expr, None),
            Expr::Like { expr, negated: false, .. } => (Kind::Pattern, &**expr, None),
            Expr::Name(_) => (Kind::Equal, expr, None),
            Expr::Not(inner) if matches!(**inner, Expr::Name(_)) => (Kind::Equal, &**inner, None),
            _ => return None,
        };
        let own = |expr: &Expr| self.key(expr).map(|key| Condition { kind, key });
        own(left).or_else(|| right.and_then(own))
    }

    /// The column or expression an index would need, if all its columns are of the node's table.
    fn key(&self, expr: &Expr) -> Option<Key> {
        match expr {
            Expr::Name(parts) => {
                let column = parts.last()?.clone();
                self.is_own(parts).then_some(Key { text: column, is_column: true })
            }
            // PostgreSQL prints varchar as (x)::text, which an index serves.
            Expr::Cast { expr, to } if to == "text" => self.key(expr),
            Expr::Function(_) | Expr::Operator { left: Some(_), .. } => {
                let (mut own, mut foreign) = (false, false);
                expr.walk(&mut |part| {
                    if let Expr::Name(parts) = part {
                        own |= self.is_own(parts);
                        foreign |= !self.is_own(parts);
                    }
                });
                let text = print_expr(expr, &|_| String::new());
                (own && !foreign).then_some(Key { text, is_column: false })
            }
            _ => None,
        }
    }

    /// Is the column of this node's table? EXPLAIN qualifies the columns of others.
    fn is_own(&self, name: &[String]) -> bool {
        let relation = name.len().checked_sub(2).and_then(|at| name.get(at));
        relation.is_none()
            || relation == self.node.alias.as_ref()
            || relation == self.node.relation_name.as_ref()
    }
}

/// A condition that an index on its key could serve.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What it asks.
    pub kind: Kind,
    /// What it asks it of.
    pub key: Key,
}

/// A column or an expression over columns.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Column name, or the expression as SQL.
    pub text: String,
    /// A plain column.
    pub is_column: bool,
}

/// Kinds of conditions, in the order of the key columns of an index for them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// `=`, IN, IS NULL, a boolean column.
    Equal,
    /// `<`, `>`, BETWEEN.
    Range,
    /// LIKE.
    Pattern,
}

impl Kind {
    fn of(op: CompareOp) -> Option<Kind> {
        match op {
            CompareOp::Eq | CompareOp::NotDistinct => Some(Kind::Equal),
            CompareOp::Lt | CompareOp::Le | CompareOp::Gt | CompareOp::Ge => Some(Kind::Range),
            CompareOp::Ne | CompareOp::Distinct => None,
        }
    }
}

/// Findings of one code: those of one kind become one, with the places of all and the words of the
/// worst.
#[derive(Default)]
pub struct Merged(SortedMap<Vec<String>, (f64, Finding)>);

impl Merged {
    /// Adds a finding; `kind` says which are the same, `weight` which is worst.
    pub fn add(&mut self, kind: Vec<String>, weight: f64, mut finding: Finding) {
        match self.0.get_mut(&kind) {
            None => {
                self.0.insert(kind, (weight, finding));
            }
            Some((most, known)) => {
                let mut found = known.places.clone();
                found.extend(finding.places.clone());
                found.dedup();
                if weight > *most {
                    std::mem::swap(known, &mut finding);
                    *most = weight;
                }
                known.places = found;
            }
        }
    }

    /// All of them.
    pub fn findings(self) -> Vec<Finding> {
        self.0.into_values().map(|(_, finding)| finding).collect()
    }
}

/// A count as people write it: `1 234 567`.
pub fn count(number: f64) -> String {
    let digits = format!("{:.0}", number.max(0.0));
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(' ');
        }
        out.push(digit);
    }
    out
}
