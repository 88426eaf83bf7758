//! Resolves the names of a query against the catalog, in place: tables, views (expanded), CTEs,
//! columns of this and outer queries, `*`, USING, and ORDER BY / GROUP BY by alias or position.
//!
//! Ambiguous names take the first relation that has them: a valid query has no others than USING
//! columns, where it makes no difference.

use crate::catalog::Catalog;
use crate::dialect::Dialect;
use crate::order;
use crate::sql::expr::{ColumnRef, CompareOp, Expr, Literal};
use crate::sql::parse::parse_query;
use crate::sql::query::{
    Command, JoinTree, Query, Relation, RelationSource, SetOperation, SortKey, Target, Window,
};
use crate::sql::schema::Name;

/// Views inside views that are still expanded.
const VIEW_DEPTH_MAX: usize = 8;

/// What could not be resolved.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unresolved {
    /// A relation that is in no schema statement: its name as written.
    Table(String),
    /// A column that no relation in scope has.
    Column(String),
}

/// Binds a query; returns what is left unresolved, each once.
pub fn bind_query(query: &mut Query, catalog: &Catalog) -> Vec<Unresolved> {
    let mut binder = Binder { catalog, frames: Vec::new(), unresolved: Vec::new(), view_depth: 0 };
    binder.query(query, 0);
    order::sort(&mut binder.unresolved);
    binder.unresolved.dedup();
    binder.unresolved
}

/// The names a bound query's columns go by.
pub fn output_names(query: &Query) -> Vec<String> {
    if let Some(set) = &query.set_operation {
        return output_names(&set.left);
    }
    let name = |target: &Target| match target {
        Target::Expr(_, Some(alias)) => alias.clone(),
        Target::Expr(_, None) => "?column?".to_owned(),
        Target::Star(_) => "*".to_owned(),
    };
    query.targets.iter().map(name).collect()
}

/// The relations and CTEs of one query while it is bound.
#[derive(Default)]
struct Frame {
    scopes: Vec<Scope>,
    /// Relations that a query inside may refer to.
    n_visible: usize,
    /// Names and columns of the CTEs so far.
    ctes: Vec<(String, Vec<String>)>,
}

/// One relation in scope.
struct Scope {
    alias: String,
    columns: Vec<String>,
    /// `false`: the relation is unknown, so an unknown column may be one of its.
    is_known: bool,
    /// The column that a row's place goes by: the INTEGER PRIMARY KEY of SQLite, `ctid` of PostgreSQL.
    place: Option<usize>,
}

struct Binder<'a> {
    catalog: &'a Catalog,
    frames: Vec<Frame>,
    unresolved: Vec<Unresolved>,
    view_depth: usize,
}

impl Binder<'_> {
    fn same(&self, a: &str, b: &str) -> bool {
        match self.catalog.dialect {
            Dialect::Postgres => a == b,
            _ => a.eq_ignore_ascii_case(b),
        }
    }

    /// Binds a query whose parent lets it see `n_visible` of its relations.
    fn query(&mut self, query: &mut Query, n_visible: usize) {
        if let Some(parent) = self.frames.last_mut() {
            parent.n_visible = n_visible;
        }
        self.frames.push(Frame::default());
        self.ctes(query);
        self.relations(&mut query.relations);
        let mut from = std::mem::take(&mut query.from);
        for tree in &mut from {
            self.join_tree(tree);
        }
        query.from = from;
        self.command(&mut query.command);
        self.targets(&mut query.targets);
        self.exprs(&mut query.conditions);
        self.grouping(query);
        self.exprs(&mut query.having);
        if let Some(keys) = &mut query.distinct {
            for key in keys {
                self.by_alias_or_position(key, &query.targets, true);
            }
        }
        for (_, window) in &mut query.windows {
            self.window(window);
        }
        self.set_operation(query);
        self.exprs_of(query.limit.as_mut());
        self.exprs_of(query.offset.as_mut());
        self.frames.pop();
    }

    fn set_operation(&mut self, query: &mut Query) {
        let Some(SetOperation { left, right, .. }) = &mut query.set_operation else {
            for key in &mut query.order_by {
                self.by_alias_or_position(&mut key.expr, &query.targets, true);
            }
            return;
        };
        self.query(left, 0);
        self.query(right, 0);
    }

    fn ctes(&mut self, query: &mut Query) {
        for cte in &mut query.ctes {
            if cte.recursive {
                let columns = match cte.columns.is_empty() {
                    true => raw_output_names(&cte.query),
                    false => cte.columns.clone(),
                };
                self.declare_cte(&cte.name, columns);
                self.query(&mut cte.query, 0);
                continue;
            }
            self.query(&mut cte.query, 0);
            let mut columns = output_names(&cte.query);
            rename(&mut columns, &cte.columns);
            self.declare_cte(&cte.name, columns);
        }
    }

    fn declare_cte(&mut self, name: &str, columns: Vec<String>) {
        if let Some(frame) = self.frames.last_mut() {
            frame.ctes.push((name.to_owned(), columns));
        }
    }

    fn relations(&mut self, relations: &mut [Relation]) {
        for relation in relations {
            let n_before = self.frames.last().map_or(0, |frame| frame.scopes.len());
            let n_visible = if relation.lateral { n_before } else { 0 };
            let (mut columns, is_known, place) = self.relation_source(relation, n_visible);
            rename(&mut columns, &relation.column_aliases);
            let alias = relation.alias.clone();
            if let Some(frame) = self.frames.last_mut() {
                frame.scopes.push(Scope { alias, columns, is_known, place });
            }
        }
    }

    /// Binds what a relation is; returns its columns, whether they are known, and the one for a
    /// row's place.
    fn relation_source(
        &mut self,
        relation: &mut Relation,
        n_visible: usize,
    ) -> (Vec<String>, bool, Option<usize>) {
        if let RelationSource::Name(parts) = &relation.source {
            match self.look_up(&parts.clone()) {
                Some(source) => relation.source = source,
                None => {
                    self.unresolved.push(Unresolved::Table(parts.join(".")));
                    return (Vec::new(), false, None);
                }
            }
        }
        match &mut relation.source {
            RelationSource::Table(table) => {
                let Some(table) = self.catalog.tables.get(*table) else {
                    return (Vec::new(), false, None);
                };
                let columns = table.columns.iter().map(|column| column.name.clone()).collect();
                let place = match self.catalog.dialect {
                    Dialect::Postgres => Some(usize::from(ColumnRef::CTID)),
                    _ => table.rowid_column,
                };
                (columns, !table.columns.is_empty(), place)
            }
            RelationSource::Cte { level, cte } => {
                let frame = self.frames.iter().rev().nth(usize::from(*level));
                let columns = frame.and_then(|frame| frame.ctes.get(*cte));
                (columns.map(|(_, columns)| columns.clone()).unwrap_or_default(), true, None)
            }
            RelationSource::Subquery(query) => {
                self.query(query, n_visible);
                (output_names(query), true, None)
            }
            RelationSource::Function(call) => {
                self.expr(call);
                let columns = match relation.column_aliases.is_empty() {
                    true => vec![relation.alias.clone()],
                    false => relation.column_aliases.clone(),
                };
                (columns, false, None)
            }
            RelationSource::Values(rows) => {
                let width = rows.first().map_or(0, Vec::len);
                for row in rows {
                    self.exprs(row);
                }
                ((1..=width).map(|n| format!("column{n}")).collect(), true, None)
            }
            RelationSource::Name(_) => (Vec::new(), false, None),
        }
    }

    /// A CTE of this or an outer query, a table, or a view.
    fn look_up(&mut self, parts: &[String]) -> Option<RelationSource> {
        if let [name] = parts {
            for (level, frame) in self.frames.iter().rev().enumerate() {
                let found = frame.ctes.iter().rposition(|(cte, _)| self.same(cte, name));
                if let Some(cte) = found {
                    let level = u16::try_from(level).unwrap_or(u16::MAX);
                    return Some(RelationSource::Cte { level, cte });
                }
            }
        }
        let (name, qualifiers) = parts.split_last()?;
        let name = Name { schema: qualifiers.last().cloned(), name: name.clone() };
        if let Some(table) = self.catalog.find_table(&name) {
            return Some(RelationSource::Table(table));
        }
        let view = self.catalog.views.iter().find(|view| {
            self.same(&view.name.name, &name.name)
                && (view.name.schema.is_none()
                    || name.schema.is_none()
                    || view.name.schema == name.schema)
        })?;
        if self.view_depth >= VIEW_DEPTH_MAX {
            return None;
        }
        let mut query = parse_query(&view.query, self.catalog.dialect).ok()?;
        query.is_view = true;
        let columns = view.columns.clone();
        let frames = std::mem::take(&mut self.frames);
        self.view_depth += 1;
        self.query(&mut query, 0);
        self.view_depth -= 1;
        self.frames = frames;
        if !columns.is_empty() && query.set_operation.is_none() {
            for (target, column) in query.targets.iter_mut().zip(columns) {
                if let Target::Expr(_, alias) = target {
                    *alias = Some(column);
                }
            }
        }
        Some(RelationSource::Subquery(Box::new(query)))
    }

    /// Binds ON, and turns USING and NATURAL into equalities.
    fn join_tree(&mut self, tree: &mut JoinTree) {
        let JoinTree::Join { left, right, on, using, natural, .. } = tree else { return };
        self.join_tree(left);
        self.join_tree(right);
        self.exprs(on.iter_mut());
        let (left, right) = (relations_of(left), relations_of(right));
        let mut columns = std::mem::take(using);
        if std::mem::take(natural) {
            columns.extend(self.common_columns(&left, &right));
        }
        for column in columns {
            let sides = (self.column_in(&left, &column), self.column_in(&right, &column));
            if let (Some(a), Some(b)) = sides {
                let (a, b) = (Box::new(Expr::Column(a)), Box::new(Expr::Column(b)));
                on.push(Expr::Compare(CompareOp::Eq, a, b));
            }
        }
    }

    fn column_in(&self, relations: &[usize], column: &str) -> Option<ColumnRef> {
        let frame = self.frames.last()?;
        relations.iter().find_map(|relation| {
            let scope = frame.scopes.get(*relation)?;
            let at = scope.columns.iter().position(|name| self.same(name, column))?;
            Some(column_ref(0, *relation, at))
        })
    }

    fn common_columns(&self, left: &[usize], right: &[usize]) -> Vec<String> {
        let Some(frame) = self.frames.last() else { return Vec::new() };
        let scopes = left.iter().filter_map(|relation| frame.scopes.get(*relation));
        scopes
            .flat_map(|scope| scope.columns.iter())
            .filter(|column| self.column_in(right, column).is_some())
            .cloned()
            .collect()
    }

    fn command(&mut self, command: &mut Command) {
        match command {
            Command::Select | Command::Delete => {}
            Command::Insert { source, conflict, set, .. } => {
                if let Some(source) = source {
                    self.query(source, 0);
                }
                self.exprs(conflict.iter_mut().flatten());
                self.exprs(set.iter_mut().map(|(_, value)| value));
            }
            Command::Update { set } => {
                self.exprs(set.iter_mut().map(|(_, value)| value));
            }
        }
    }

    /// Expands `*` and gives every target the name it goes by.
    fn targets(&mut self, targets: &mut Vec<Target>) {
        let mut out = Vec::with_capacity(targets.len());
        for target in std::mem::take(targets) {
            match target {
                Target::Star(qualifier) => out.extend(self.star(qualifier.as_deref())),
                Target::Expr(mut expr, alias) => {
                    let alias = alias.or_else(|| implicit_alias(&expr));
                    self.expr(&mut expr);
                    out.push(Target::Expr(expr, alias));
                }
            }
        }
        *targets = out;
    }

    fn star(&self, qualifier: Option<&str>) -> Vec<Target> {
        let Some(frame) = self.frames.last() else { return Vec::new() };
        let chosen = frame.scopes.iter().enumerate().filter(|(_, scope)| {
            qualifier.is_none_or(|qualifier| self.same(qualifier, &scope.alias))
        });
        chosen
            .flat_map(|(relation, scope)| {
                scope.columns.iter().enumerate().map(move |(at, name)| {
                    let column = Expr::Column(column_ref(0, relation, at));
                    Target::Expr(column, Some(name.clone()))
                })
            })
            .collect()
    }

    /// GROUP BY names an input column first, an alias second.
    fn grouping(&mut self, query: &mut Query) {
        let targets = std::mem::take(&mut query.targets);
        for key in &mut query.group_by {
            self.by_alias_or_position(key, &targets, false);
        }
        query.targets = targets;
    }

    /// Binds a key that may be an alias or a position of the select list.
    fn by_alias_or_position(&mut self, key: &mut Expr, targets: &[Target], alias_first: bool) {
        if let Expr::Literal(Literal::Number(digits)) = key
            && let Some(position) = digits.parse::<usize>().ok().and_then(|n| n.checked_sub(1))
            && let Some(Target::Expr(expr, _)) = targets.get(position)
        {
            *key = expr.clone();
            return;
        }
        if let Expr::Name(parts) = key
            && let [name] = parts.as_slice()
        {
            let by_alias = targets.iter().find_map(|target| match target {
                Target::Expr(expr, Some(alias)) if self.same(alias, name) => Some(expr.clone()),
                _ => None,
            });
            // Only a column of this very query comes before an alias.
            let by_column = self.resolve(parts).is_some_and(|column| column.level == 0);
            if let Some(expr) = by_alias
                && (alias_first || !by_column)
            {
                *key = expr;
                return;
            }
        }
        self.expr(key);
    }

    fn exprs<'e>(&mut self, exprs: impl IntoIterator<Item = &'e mut Expr>) {
        for expr in exprs {
            self.expr(expr);
        }
    }

    fn exprs_of(&mut self, expr: Option<&mut Expr>) {
        if let Some(expr) = expr {
            self.expr(expr);
        }
    }

    fn sort_keys(&mut self, keys: &mut [SortKey]) {
        self.exprs(keys.iter_mut().map(|key| &mut key.expr));
    }

    fn window(&mut self, window: &mut Window) {
        self.exprs(&mut window.partition_by);
        self.sort_keys(&mut window.order_by);
    }

    fn expr(&mut self, expr: &mut Expr) {
        if let Expr::Name(parts) = expr {
            match self.resolve(parts) {
                Some(column) => *expr = Expr::Column(column),
                None => self.no_such_column(expr),
            }
            return;
        }
        if let Expr::Function(function) = expr {
            self.sort_keys(&mut function.order_by);
            if let Some(window) = &mut function.over {
                self.window(window);
            }
        }
        let n_visible = self.frames.last().map_or(0, |frame| frame.scopes.len());
        expr.for_each_query_mut(&mut |query| self.query(query, n_visible));
        expr.for_each_child_mut(&mut |child| self.expr(child));
    }

    /// Names that are values in disguise: `current_timestamp`, SQLite's `"text"`, MySQL's `@x`.
    fn no_such_column(&mut self, expr: &mut Expr) {
        let Expr::Name(parts) = expr else { return };
        let Some(name) = parts.last() else { return };
        let is_function = matches!(
            name.to_ascii_lowercase().as_str(),
            "current_timestamp"
                | "current_date"
                | "current_time"
                | "localtimestamp"
                | "localtime"
                | "current_user"
                | "session_user"
                | "user"
                | "default"
                | "excluded"
        );
        let is_excluded = parts.first().is_some_and(|first| first.eq_ignore_ascii_case("excluded"));
        if is_function || is_excluded {
            *expr = Expr::Other { text: name.to_ascii_lowercase(), inputs: Vec::new() };
            return;
        }
        if !self.has_unknown_relation() {
            self.unresolved.push(Unresolved::Column(parts.join(".")));
        }
    }

    fn has_unknown_relation(&self) -> bool {
        self.frames.iter().any(|frame| frame.scopes.iter().any(|scope| !scope.is_known))
    }

    /// Is it what a row's place is called?
    fn is_place(&self, name: &str) -> bool {
        match self.catalog.dialect {
            Dialect::Postgres => name == "ctid",
            _ => ["rowid", "oid", "_rowid_"].iter().any(|known| name.eq_ignore_ascii_case(known)),
        }
    }

    /// The column a name means: the innermost query that knows it wins.
    fn resolve(&self, parts: &[String]) -> Option<ColumnRef> {
        let (name, qualifiers) = parts.split_last()?;
        for (level, frame) in self.frames.iter().rev().enumerate() {
            let visible = if level == 0 { frame.scopes.len() } else { frame.n_visible };
            for (relation, scope) in frame.scopes.iter().enumerate().take(visible) {
                if qualifiers.last().is_some_and(|alias| !self.same(alias, &scope.alias)) {
                    continue;
                }
                let named = scope.columns.iter().position(|column| self.same(column, name));
                let column = named.or_else(|| scope.place.filter(|_| self.is_place(name)));
                if let Some(column) = column {
                    return Some(column_ref(level, relation, column));
                }
            }
            if qualifiers.is_empty()
                && let Some(relation) =
                    frame.scopes.iter().take(visible).position(|s| self.same(&s.alias, name))
            {
                return Some(column_ref(level, relation, usize::from(ColumnRef::WHOLE_ROW)));
            }
        }
        None
    }
}

fn column_ref(level: usize, relation: usize, column: usize) -> ColumnRef {
    let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    ColumnRef { level: short(level), relation: short(relation), column: short(column) }
}

/// The positions of the relations below a join tree.
pub fn relations_of(tree: &JoinTree) -> Vec<usize> {
    match tree {
        JoinTree::Relation(relation) => vec![*relation],
        JoinTree::Join { left, right, .. } => {
            let mut all = relations_of(left);
            all.extend(relations_of(right));
            all
        }
    }
}

fn rename(columns: &mut [String], aliases: &[String]) {
    for (column, alias) in columns.iter_mut().zip(aliases) {
        alias.clone_into(column);
    }
}

fn implicit_alias(expr: &Expr) -> Option<String> {
    match expr {
        Expr::Name(parts) => parts.last().cloned(),
        Expr::Function(function) => Some(function.name.clone()),
        Expr::Cast { expr, .. } => implicit_alias(expr),
        _ => None,
    }
}

/// Output names before binding, for the self-reference of a recursive CTE.
fn raw_output_names(query: &Query) -> Vec<String> {
    if let Some(set) = &query.set_operation {
        return raw_output_names(&set.left);
    }
    let name = |target: &Target| match target {
        Target::Expr(_, Some(alias)) => alias.clone(),
        Target::Expr(expr, None) => implicit_alias(expr).unwrap_or_default(),
        Target::Star(_) => "*".to_owned(),
    };
    query.targets.iter().map(name).collect()
}
