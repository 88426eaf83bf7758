//! Walking expressions.

use super::expr::{ColumnRef, Expr};
use super::query::Query;
use super::relids::{Relids, bit};

/// Visits the direct parts of `$self`, by shared or by exclusive reference.
macro_rules! visit_children {
    ($self:expr, $visit:expr, $iter:ident) => {
        match $self {
            Expr::Name(_)
            | Expr::Column(_)
            | Expr::Literal(_)
            | Expr::Param(_)
            | Expr::Exists { .. }
            | Expr::Subquery(_) => {}
            Expr::Compare(_, left, right)
            | Expr::AnyAll { left, right, .. }
            | Expr::Like { expr: left, pattern: right, .. } => {
                $visit(left);
                $visit(right);
            }
            Expr::And(parts) | Expr::Or(parts) | Expr::Row(parts) | Expr::Array(parts) => {
                parts.$iter().for_each($visit);
            }
            Expr::Not(expr)
            | Expr::IsNull { expr, .. }
            | Expr::IsTruth { expr, .. }
            | Expr::Cast { expr, .. }
            | Expr::Collate { expr, .. }
            | Expr::AnyAllSubquery { left: expr, .. } => $visit(expr),
            Expr::InList { expr, list, .. } => {
                $visit(expr);
                list.$iter().for_each($visit);
            }
            Expr::Operator { left, right, .. } => {
                left.$iter().for_each(|left| $visit(left));
                $visit(right);
            }
            Expr::Function(function) => {
                function.args.$iter().chain(function.filter.$iter()).for_each(&mut *$visit);
                for key in function.order_by.$iter() {
                    $visit(borrow!($iter, key.expr));
                }
                for window in function.over.$iter() {
                    window.partition_by.$iter().for_each(&mut *$visit);
                    for key in window.order_by.$iter() {
                        $visit(borrow!($iter, key.expr));
                    }
                }
            }
            Expr::Case { operand, branches, otherwise } => {
                operand.$iter().for_each(|expr| $visit(expr));
                for (condition, result) in branches.$iter() {
                    $visit(condition);
                    $visit(result);
                }
                otherwise.$iter().for_each(|expr| $visit(expr));
            }
            Expr::SubPlan(plan) => {
                plan.test.$iter().for_each(|test| $visit(test));
                borrow!($iter, plan.args).$iter().for_each($visit);
            }
            Expr::Other { inputs, .. } => inputs.$iter().for_each($visit),
        }
    };
}

/// A reference of the kind that the iterator gives.
macro_rules! borrow {
    (iter, $place:expr) => {
        &$place
    };
    (iter_mut, $place:expr) => {
        &mut $place
    };
}

impl Expr {
    /// Calls `visit` for each direct part that is an expression of the same query. Window and sort
    /// keys of functions are parts; subqueries are not (see [`Expr::for_each_query_mut`]).
    pub fn for_each_child_mut(&mut self, visit: &mut dyn FnMut(&mut Expr)) {
        visit_children!(self, visit, iter_mut);
    }

    /// The same for reading.
    pub fn for_each_child<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit_children!(self, visit, iter);
    }

    /// The subquery directly in this expression, if it is one.
    pub fn query(&self) -> Option<&Query> {
        match self {
            Expr::Exists { query, .. }
            | Expr::Subquery(query)
            | Expr::AnyAllSubquery { query, .. } => Some(query),
            _ => None,
        }
    }

    /// Calls `visit` for the subquery directly in this expression, if it is one.
    pub fn for_each_query_mut(&mut self, visit: &mut dyn FnMut(&mut Query)) {
        match self {
            Expr::Exists { query, .. }
            | Expr::Subquery(query)
            | Expr::AnyAllSubquery { query, .. } => visit(query),
            _ => {}
        }
    }

    /// This expression and all below it in the same query, parents first; subqueries are not entered.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        self.for_each_child(&mut |child| child.walk(visit));
    }

    /// The columns of the query `level` queries up that this expression reads, subqueries included.
    pub fn columns_at(&self, level: u16, out: &mut Vec<ColumnRef>) {
        self.walk(&mut |expr| {
            if let Expr::Column(column) = expr
                && column.level == level
            {
                out.push(ColumnRef { level: 0, ..*column });
            }
            if let Some(query) = expr.query() {
                query.columns_at(level + 1, out);
            }
        });
    }

    /// The columns of this query that the expression reads.
    pub fn columns(&self) -> Vec<ColumnRef> {
        let mut out = Vec::new();
        self.columns_at(0, &mut out);
        out
    }

    /// The relations of this query that the expression reads, subqueries included.
    pub fn relids(&self) -> Relids {
        let mut set = 0;
        self.add_relids(&mut set);
        set
    }

    fn add_relids(&self, set: &mut Relids) {
        match self {
            Expr::Column(column) if column.level == 0 => *set |= bit(usize::from(column.relation)),
            Expr::Column(_) | Expr::Literal(_) | Expr::Param(_) => {}
            _ => {
                if let Some(query) = self.query() {
                    let mut columns = Vec::new();
                    query.columns_at(1, &mut columns);
                    for column in columns {
                        *set |= bit(usize::from(column.relation));
                    }
                }
                self.for_each_child(&mut |child| child.add_relids(set));
            }
        }
    }

    /// Reads no column of this query (constants, parameters and outer columns only), and is no
    /// subquery or volatile function.
    pub fn is_constant_here(&self) -> bool {
        let mut constant = true;
        self.walk(&mut |expr| match expr {
            Expr::Column(column) => constant &= column.level > 0,
            Expr::Name(_) | Expr::AnyAllSubquery { .. } | Expr::Exists { .. } => constant = false,
            Expr::Subquery(query) => {
                let mut columns = Vec::new();
                query.columns_at(1, &mut columns);
                constant &= columns.is_empty();
            }
            Expr::Function(function) => constant &= !is_volatile(&function.name),
            _ => {}
        });
        constant
    }
}

/// Functions whose value changes within a statement, so that no index can be searched with them.
pub fn is_volatile(name: &str) -> bool {
    matches!(
        name,
        "random"
            | "rand"
            | "clock_timestamp"
            | "timeofday"
            | "nextval"
            | "setval"
            | "currval"
            | "gen_random_uuid"
            | "uuid_generate_v4"
            | "uuid"
            | "randomblob"
            | "pg_sleep"
            | "sleep"
    )
}

impl Query {
    /// Every expression of this query block, without those inside subqueries, CTEs and arms.
    pub fn for_each_expr<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        use super::query::{Command, RelationSource, Target};
        for relation in &self.relations {
            match &relation.source {
                RelationSource::Function(call) => visit(call),
                RelationSource::Values(rows) => rows.iter().flatten().for_each(&mut *visit),
                _ => {}
            }
        }
        self.from.iter().for_each(|tree| tree.for_each_condition(visit));
        self.conditions.iter().chain(&self.group_by).chain(&self.having).for_each(&mut *visit);
        self.distinct.iter().flatten().for_each(&mut *visit);
        for target in &self.targets {
            if let Target::Expr(expr, _) = target {
                visit(expr);
            }
        }
        self.order_by.iter().for_each(|key| visit(&key.expr));
        self.limit.iter().chain(&self.offset).for_each(&mut *visit);
        for (_, window) in &self.windows {
            window.partition_by.iter().for_each(&mut *visit);
            window.order_by.iter().for_each(|key| visit(&key.expr));
        }
        match &self.command {
            Command::Select | Command::Delete => {}
            Command::Update { set } => set.iter().for_each(|(_, value)| visit(value)),
            Command::Insert { conflict, set, .. } => {
                conflict.iter().flatten().for_each(&mut *visit);
                set.iter().for_each(|(_, value)| visit(value));
            }
        }
    }

    /// The same for writing.
    pub fn for_each_expr_mut(&mut self, visit: &mut dyn FnMut(&mut Expr)) {
        use super::query::{Command, RelationSource, Target};
        for relation in &mut self.relations {
            match &mut relation.source {
                RelationSource::Function(call) => visit(call),
                RelationSource::Values(rows) => rows.iter_mut().flatten().for_each(&mut *visit),
                _ => {}
            }
        }
        self.from.iter_mut().for_each(|tree| tree.for_each_condition_mut(visit));
        let clauses = self.conditions.iter_mut().chain(&mut self.group_by).chain(&mut self.having);
        clauses.for_each(&mut *visit);
        self.distinct.iter_mut().flatten().for_each(&mut *visit);
        for target in &mut self.targets {
            if let Target::Expr(expr, _) = target {
                visit(expr);
            }
        }
        self.order_by.iter_mut().for_each(|key| visit(&mut key.expr));
        self.limit.iter_mut().chain(&mut self.offset).for_each(&mut *visit);
        for (_, window) in &mut self.windows {
            window.partition_by.iter_mut().for_each(&mut *visit);
            window.order_by.iter_mut().for_each(|key| visit(&mut key.expr));
        }
        match &mut self.command {
            Command::Select | Command::Delete => {}
            Command::Update { set } => set.iter_mut().for_each(|(_, value)| visit(value)),
            Command::Insert { conflict, set, .. } => {
                conflict.iter_mut().flatten().for_each(&mut *visit);
                set.iter_mut().for_each(|(_, value)| visit(value));
            }
        }
    }

    /// The queries directly inside, but for those in expressions, for writing.
    pub fn for_each_part_mut(&mut self, visit: &mut dyn FnMut(&mut Query)) {
        use super::query::{Command, RelationSource};
        self.ctes.iter_mut().for_each(|cte| visit(&mut cte.query));
        if let Some(set) = &mut self.set_operation {
            visit(&mut set.left);
            visit(&mut set.right);
        }
        for relation in &mut self.relations {
            if let RelationSource::Subquery(query) = &mut relation.source {
                visit(query);
            }
        }
        if let Command::Insert { source: Some(source), .. } = &mut self.command {
            visit(source);
        }
    }

    /// The queries directly inside: CTEs, arms, FROM, INSERT's source and expressions.
    pub fn for_each_query<'a>(&'a self, visit: &mut dyn FnMut(&'a Query)) {
        use super::query::{Command, RelationSource};
        self.ctes.iter().for_each(|cte| visit(&cte.query));
        if let Some(set) = &self.set_operation {
            visit(&set.left);
            visit(&set.right);
        }
        for relation in &self.relations {
            if let RelationSource::Subquery(query) = &relation.source {
                visit(query);
            }
        }
        if let Command::Insert { source: Some(source), .. } = &self.command {
            visit(source);
        }
        self.for_each_expr(&mut |expr| {
            expr.walk(&mut |part| {
                if let Some(query) = part.query() {
                    visit(query);
                }
            });
        });
    }

    /// Columns of the query `level` queries above this one's expressions that this query reads.
    pub fn columns_at(&self, level: u16, out: &mut Vec<ColumnRef>) {
        self.for_each_expr(&mut |expr| expr_columns_only(expr, level, out));
        self.for_each_query(&mut |query| query.columns_at(level + 1, out));
    }
}

/// The columns of `expr` itself; queries inside are visited by the caller.
fn expr_columns_only(expr: &Expr, level: u16, out: &mut Vec<ColumnRef>) {
    expr.walk(&mut |part| {
        if let Expr::Column(column) = part
            && column.level == level
        {
            out.push(ColumnRef { level: 0, ..*column });
        }
    });
}

impl super::query::JoinTree {
    /// Every ON condition below.
    pub fn for_each_condition<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        if let super::query::JoinTree::Join { left, right, on, .. } = self {
            left.for_each_condition(visit);
            right.for_each_condition(visit);
            on.iter().for_each(visit);
        }
    }
}

impl super::query::JoinTree {
    /// Every ON condition below, for writing.
    pub fn for_each_condition_mut(&mut self, visit: &mut dyn FnMut(&mut Expr)) {
        if let super::query::JoinTree::Join { left, right, on, .. } = self {
            left.for_each_condition_mut(visit);
            right.for_each_condition_mut(visit);
            on.iter_mut().for_each(visit);
        }
    }
}
