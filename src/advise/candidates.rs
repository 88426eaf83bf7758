//! Every index worth a thought: from the shapes of all blocks of all queries, key lists, and of each
//! its covering and partial variants; other access methods where the predicate calls for them. No
//! costs here: what is not worth it, selection leaves out.

use super::asks::Asker;
use super::candidate::{Candidate, exists, new_index, same_but_direction, same_shape};
use super::covering::covering_variant;
use super::designs::{Designer, Sharing};
use super::inverted::inverted_candidates;
use super::partial::{Partial, partials};
use crate::catalog::{Catalog, Index, Table};
use crate::input::Options;
use crate::limits;
use crate::sql::schema::{IndexKey, Method, TableKind};
use crate::workload::shape::{Shape, blocks};
use crate::workload::{Entry, Workload};

/// The candidates of a workload, each once, none that exists.
pub fn candidates(catalog: &Catalog, workload: &Workload, options: &Options) -> Vec<Candidate> {
    let shapes: Vec<(&Entry, Vec<Shape>)> = workload.entries.iter().map(shapes_of_entry).collect();
    let mut sharing = Sharing::default();
    for (_, shapes) in &shapes {
        for shape in shapes {
            if let Some(table) = indexable_table(catalog, shape.table) {
                let asks = Asker { catalog, table }.asks(shape, None);
                sharing.count(shape.table, table, &asks, catalog.dialect);
            }
        }
    }
    let width_max = options.max_width.unwrap_or(limits::INDEX_WIDTH_MAX).max(1);
    let mut collector = Collector { catalog, width_max, sharing, found: Vec::new() };
    for (entry, shapes) in &shapes {
        for shape in shapes {
            collector.shape(entry, shape);
        }
    }
    collector.finish()
}

fn shapes_of_entry(entry: &Entry) -> (&Entry, Vec<Shape>) {
    let blocks = entry.query.iter().flat_map(blocks);
    (entry, blocks.flat_map(|block| block.shapes).collect())
}

/// A table that can be given an index.
pub fn indexable_table(catalog: &Catalog, at: usize) -> Option<&Table> {
    catalog.tables.get(at).filter(|table| {
        !matches!(table.kind, TableKind::Foreign | TableKind::Virtual) && !table.columns.is_empty()
    })
}

struct Collector<'a> {
    catalog: &'a Catalog,
    width_max: usize,
    sharing: Sharing,
    found: Vec<Candidate>,
}

impl Collector<'_> {
    fn shape(&mut self, entry: &Entry, shape: &Shape) {
        let catalog = self.catalog;
        let Some(table) = indexable_table(catalog, shape.table) else { return };
        self.designs(table, shape, None);
        for partial in partials(catalog, table, entry, shape) {
            self.designs(table, shape, Some(&partial));
        }
        for candidate in inverted_candidates(catalog, table, shape) {
            self.add(candidate);
        }
    }

    fn designs(&mut self, table: &Table, shape: &Shape, partial: Option<&Partial>) {
        let catalog = self.catalog;
        let asker = Asker { catalog, table };
        let asks = asker.asks(shape, partial.map(|partial| partial.position));
        let mut lists = {
            let designer = Designer {
                at: shape.table,
                table,
                dialect: catalog.dialect,
                sharing: &self.sharing,
                width_max: self.width_max,
            };
            designer.key_lists(&asks)
        };
        if let Some(partial) = partial
            && lists.is_empty()
            && !partial.fallback_keys.is_empty()
        {
            lists.push(partial.fallback_keys.clone());
        }
        let predicate = partial.map(|partial| partial.predicate.clone());
        for keys in lists {
            let is_ordered = asks.orders.iter().any(|order| ends_with(&keys, order));
            let index = Index { predicate: predicate.clone(), ..new_index(Method::Btree, keys) };
            if let Some(index) = covering_variant(catalog, table, shape, &index, self.width_max) {
                self.add(Candidate { table: shape.table, index, is_ordered });
            }
            self.add(Candidate { table: shape.table, index, is_ordered });
        }
    }

    fn add(&mut self, candidate: Candidate) {
        if let Some(known) = self.found.iter_mut().find(|known| known.is_same(&candidate)) {
            known.is_ordered |= candidate.is_ordered;
        } else if self.found.len() < limits::CANDIDATES_MAX && !exists(self.catalog, &candidate) {
            self.found.push(candidate);
        }
    }

    /// Of two that differ in direction only, the one that reads like an ORDER BY: behind equalities
    /// it serves the same ranges.
    fn finish(self) -> Vec<Candidate> {
        let ordered: Vec<Candidate> =
            self.found.iter().filter(|candidate| candidate.is_ordered).cloned().collect();
        let mut found = self.found;
        found.retain(|candidate| {
            candidate.is_ordered
                || !ordered.iter().any(|other| {
                    other.table == candidate.table
                        && !same_shape(&other.index, &candidate.index)
                        && same_but_direction(&other.index, &candidate.index)
                })
        });
        found
    }
}

fn ends_with(keys: &[IndexKey], order: &[IndexKey]) -> bool {
    keys.windows(order.len()).any(|window| window == order)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::advise::ddl::shape_text;
    use crate::catalog::Column;
    use crate::dialect::Dialect;
    use crate::sql::parse::parse_query;
    use crate::sql::schema::Name;
    use crate::workload::bind::bind_query;

    fn shapes(dialect: Dialect, queries: &[&str]) -> Vec<String> {
        let column = |(name, data_type): (&str, &str)| Column {
            name: name.to_owned(),
            data_type: data_type.to_owned(),
            default: (name == "status").then(|| "'new'".to_owned()),
            ..Column::default()
        };
        let columns = [
            ("id", "bigint"),
            ("user_id", "integer"),
            ("status", "text"),
            ("created_at", "timestamptz"),
            ("data", "jsonb"),
            ("active", "boolean"),
            ("a", "integer"),
            ("b", "integer"),
        ];
        let table = Table {
            name: Name { schema: None, name: "t".to_owned() },
            columns: columns.into_iter().map(column).collect(),
            ..Table::default()
        };
        let other = Table { name: Name { schema: None, name: "u".to_owned() }, ..table.clone() };
        let catalog = Catalog { dialect, tables: vec![table, other], ..Catalog::default() };
        let entry = |sql: &&str| {
            let mut query = parse_query(sql, dialect).unwrap();
            bind_query(&mut query, &catalog);
            Entry { query: Some(query), calls: 1.0, ..Entry::default() }
        };
        let workload =
            Workload { entries: queries.iter().map(entry).collect(), ..Workload::default() };
        let found = candidates(&catalog, &workload, &Options::default());
        found
            .iter()
            .map(|c| {
                let table = &catalog.tables[c.table];
                format!("{}{}", table.name.name, shape_text(&catalog, table, &c.index))
            })
            .collect()
    }

    #[test]
    fn equalities_first_then_range_or_order() {
        let sql = "select id from t where user_id = $1 and a > 5 order by created_at desc limit 9";
        let found = shapes(Dialect::Postgres, &[sql]);
        for wanted in [
            "t(user_id)",
            "t(user_id, a)",
            "t(user_id, created_at DESC)",
            "t(user_id, created_at DESC, a)",
            "t(user_id, created_at DESC) INCLUDE (a, id)",
        ] {
            assert!(found.iter().any(|shape| shape == wanted), "{wanted} is not in {found:#?}");
        }
        assert!(found.iter().all(|shape| !shape.starts_with("t(a, user_id")), "{found:#?}");
    }

    #[test]
    fn shared_equalities_lead() {
        let queries = ["select 1 from t where a = 1 and b = 2", "select 1 from t where b = 3"];
        let found = shapes(Dialect::Postgres, &queries);
        assert!(found.contains(&"t(b, a)".to_owned()), "{found:#?}");
        assert!(!found.contains(&"t(a, b)".to_owned()), "{found:#?}");
    }

    #[test]
    fn partial_from_literals_only() {
        let literal = "select id from t where status = 'open' and created_at < now()";
        let unknown = "select id from t where status = $1 and created_at < now()";
        let wanted = "t(created_at) WHERE status = 'open'".to_owned();
        assert!(shapes(Dialect::Postgres, &[literal]).contains(&wanted));
        let found = shapes(Dialect::Postgres, &[unknown]);
        assert!(found.iter().all(|shape| !shape.contains("WHERE")), "{found:#?}");
        let found = shapes(Dialect::Mysql, &[literal]);
        assert!(found.iter().all(|shape| !shape.contains("WHERE")), "{found:#?}");
    }

    #[test]
    fn joins_both_ways_and_containment() {
        let found = shapes(Dialect::Postgres, &["select t.id from t join u on u.id = t.user_id"]);
        assert!(found.contains(&"t(user_id)".to_owned()), "{found:#?}");
        assert!(found.contains(&"u(id)".to_owned()), "{found:#?}");
        let found = shapes(Dialect::Postgres, &["select id from t where data @> '{}'"]);
        assert_eq!(found, ["t(data jsonb_path_ops)"]);
    }
}
