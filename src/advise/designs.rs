//! From asks to key lists. The rule of B-trees: equalities first, then one range or the order.
//! Among equalities the order makes no difference to the query, so it follows what the most queries
//! share, then the text.

use crate::sorted::{SortedMap, SortedSet};

use super::asks::{Asks, drop_repeated};
use super::candidate::same_part;
use super::ddl::key_text;
use crate::catalog::Table;
use crate::dialect::Dialect;
use crate::estimate::Basis;
use crate::estimate::column::column_info;
use crate::estimate::types::TypeFamily;
use crate::order;
use crate::sql::schema::{IndexKey, KeyPart};

/// A column of so few values is a state.
const STATE_VALUES_MAX: f64 = 5.0;

/// Sets of keys of other queries that are put first, for each list of equalities.
const PARTS_MAX: usize = 3;

/// How many queries ask equality of a key of a table, and of which keys together.
#[derive(Debug, Default)]
pub struct Sharing {
    keys: SortedMap<(usize, String), usize>,
    sets: SortedMap<(usize, SortedSet<String>), usize>,
}

impl Sharing {
    /// Counts the asks of one query; called once for each of its shapes.
    pub fn count(&mut self, at: usize, table: &Table, asks: &Asks, dialect: Dialect) {
        let joins = asks.joins.iter().flat_map(|(_, keys)| keys);
        let keys = asks.single.iter().chain(&asks.several).chain(joins);
        let names: SortedSet<String> = keys.map(|key| key_text(table, key, dialect)).collect();
        for name in names {
            *self.keys.get_or_default((at, name)) += 1;
        }
        let constants = asks.single.iter().chain(&asks.several);
        let set: SortedSet<String> = constants.map(|key| key_text(table, key, dialect)).collect();
        *self.sets.get_or_default((at, set)) += 1;
    }

    /// The sets of other queries that are parts of this one, the most frequent first.
    fn parts(&self, at: usize, whole: &SortedSet<String>) -> Vec<&SortedSet<String>> {
        let of_table = self.sets.iter().filter(|((of, _), _)| *of == at);
        let mut parts: Vec<(usize, &SortedSet<String>)> = of_table
            .filter(|((_, set), _)| !set.is_empty() && set.len() < whole.len())
            .filter(|((_, set), _)| set.is_subset(whole))
            .map(|((_, set), n)| (*n, set))
            .collect();
        order::sort_by(&mut parts, |a, b| b.0.cmp(&a.0).then(b.1.len().cmp(&a.1.len())));
        parts.into_iter().take(PARTS_MAX).map(|(_, set)| set).collect()
    }

    fn of(&self, at: usize, table: &Table, key: &IndexKey, dialect: Dialect) -> usize {
        self.keys.get(&(at, key_text(table, key, dialect))).copied().unwrap_or(0)
    }
}

/// What key lists are made with.
pub struct Designer<'a> {
    /// Position of the table.
    pub at: usize,
    /// The table.
    pub table: &'a Table,
    /// The dialect.
    pub dialect: Dialect,
    /// Which keys the workload shares.
    pub sharing: &'a Sharing,
    /// At most so many keys.
    pub width_max: usize,
}

impl Designer<'_> {
    /// The key lists that serve the asks, each once, widest rules last.
    pub fn key_lists(&self, asks: &Asks) -> Vec<Vec<IndexKey>> {
        let mut lists = Vec::new();
        self.designs(asks, &[], &mut lists);
        for arm in &asks.arms {
            self.designs(arm, &[], &mut lists);
            let outer = self.shared_first(asks.single.iter().chain(&asks.several));
            if !outer.is_empty() {
                self.designs(arm, &outer, &mut lists);
            }
        }
        let mut out: Vec<Vec<IndexKey>> = Vec::new();
        for mut list in lists {
            drop_repeated(&mut list);
            list.truncate(self.width_max);
            if !list.is_empty() && !out.contains(&list) {
                out.push(list);
            }
        }
        out
    }

    fn designs(&self, asks: &Asks, before: &[IndexKey], lists: &mut Vec<Vec<IndexKey>>) {
        let constants = asks.single.iter().chain(&asks.several);
        let mut equalities = vec![self.shared_first(constants.clone())];
        for (_, keys) in &asks.joins {
            equalities.push(self.shared_first(constants.clone().chain(keys)));
            equalities.push(self.shared_first(keys.iter()));
        }
        let joins = asks.joins.iter().flat_map(|(_, keys)| keys);
        equalities.push(self.shared_first(constants.clone().chain(joins)));
        let with_parts: Vec<_> = equalities.iter().flat_map(|all| self.parts_first(all)).collect();
        equalities.extend(with_parts);
        for equal in &equalities {
            let equal: Vec<IndexKey> = before.iter().chain(equal).cloned().collect();
            for n in before.len() + 1..=equal.len() {
                lists.push(equal.iter().take(n).cloned().collect());
            }
            for range in &asks.ranges {
                lists.push(with(&equal, std::slice::from_ref(range)));
            }
        }
        for key in constants.chain(&asks.ranges) {
            lists.push(with(before, std::slice::from_ref(key)));
        }
        let single = with(before, &self.shared_first(asks.single.iter()));
        for order in &asks.orders {
            lists.push(with(&single, order));
            for range in asks.ranges.iter().filter(|range| !holds(order, range)) {
                lists.push(with(&with(&single, order), std::slice::from_ref(range)));
            }
            for key in asks.several.iter().filter(|key| !holds(order, key)) {
                lists.push(with(&with(&single, order), std::slice::from_ref(key)));
            }
        }
    }

    /// Most shared first, the rest as in the text; states of few values last, since they narrow least
    /// and other queries are likely to ask without them.
    fn shared_first<'k>(&self, keys: impl Iterator<Item = &'k IndexKey>) -> Vec<IndexKey> {
        let mut keys: Vec<IndexKey> = keys.cloned().collect();
        drop_repeated(&mut keys);
        order::sort_by_key(&mut keys, |key| {
            let shared = self.sharing.of(self.at, self.table, key, self.dialect);
            (self.is_state(key), std::cmp::Reverse(shared))
        });
        keys
    }

    /// The same keys, beginning with all that another query asks: it is then searched by all of its
    /// own, where a key in between would leave it a part.
    fn parts_first(&self, keys: &[IndexKey]) -> Vec<Vec<IndexKey>> {
        let name = |key: &IndexKey| key_text(self.table, key, self.dialect);
        let whole: SortedSet<String> = keys.iter().map(name).collect();
        let parts = self.sharing.parts(self.at, &whole).into_iter().map(|part| {
            let (first, rest): (Vec<IndexKey>, Vec<IndexKey>) =
                keys.iter().cloned().partition(|key| part.contains(&name(key)));
            with(&first, &rest)
        });
        parts.collect()
    }

    fn is_state(&self, key: &IndexKey) -> bool {
        let KeyPart::Column(column) = key.part else { return false };
        let info = column_info(self.table, column);
        info.family == TypeFamily::Bool
            || (info.basis != Basis::Default && info.n_distinct <= STATE_VALUES_MAX)
    }
}

fn with(keys: &[IndexKey], more: &[IndexKey]) -> Vec<IndexKey> {
    keys.iter().chain(more).cloned().collect()
}

fn holds(keys: &[IndexKey], key: &IndexKey) -> bool {
    keys.iter().any(|known| same_part(&known.part, &key.part))
}
