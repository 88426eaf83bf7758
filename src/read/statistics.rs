//! What is known of the data, as PostgreSQL keeps it in `pg_class` and `pg_stats`.

use crate::dialect::Dialect;

/// Size of a table and what is written to it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TableStatistics {
    /// Rows.
    pub reltuples: Option<f64>,
    /// Pages of the heap.
    pub relpages: Option<f64>,
    /// Pages that are all-visible.
    pub relallvisible: Option<f64>,
    /// Bytes of the heap.
    pub size_bytes: Option<f64>,
    /// Rows inserted since the counters were reset.
    pub n_tup_ins: Option<f64>,
    /// Rows updated.
    pub n_tup_upd: Option<f64>,
    /// Rows updated without touching an index.
    pub n_tup_hot_upd: Option<f64>,
    /// Rows deleted.
    pub n_tup_del: Option<f64>,
    /// Sequential scans.
    pub seq_scan: Option<f64>,
    /// FILLFACTOR in percent.
    pub fillfactor: Option<f64>,
    /// Where the figures come from, for the basis of every number made of them.
    pub origin: Option<Origin>,
}

/// Which text a statistic comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// A pasted statistics export.
    Statistics,
    /// A pasted plan.
    Plan,
    /// Rows counted in the paste (COPY, INSERT).
    Counted,
}

/// A row of `pg_stats`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnStatistics {
    /// Fraction of NULLs.
    pub null_frac: Option<f64>,
    /// Bytes.
    pub avg_width: Option<f64>,
    /// Distinct values; negative means a fraction of the rows.
    pub n_distinct: Option<f64>,
    /// Most common values in their text form.
    pub most_common_vals: Vec<String>,
    /// Their frequencies.
    pub most_common_freqs: Vec<f64>,
    /// Histogram bounds in their text form.
    pub histogram_bounds: Vec<String>,
    /// Correlation of the physical with the logical order.
    pub correlation: Option<f64>,
}

/// What the server says of an index.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IndexStatistics {
    /// Pages.
    pub relpages: Option<f64>,
    /// Entries.
    pub reltuples: Option<f64>,
    /// Bytes.
    pub size_bytes: Option<f64>,
    /// Levels above the leaves.
    pub tree_height: Option<f64>,
    /// Scans since the counters were reset.
    pub idx_scan: Option<f64>,
    /// Statistics of its expressions, by key position.
    pub expressions: Vec<(usize, ColumnStatistics)>,
}

/// CREATE STATISTICS, with values where exported.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ExtendedStatistics {
    /// Table name.
    pub table: String,
    /// Column names.
    pub columns: Vec<String>,
    /// `ndistinct` as `{"1, 2": n}`: column names and distinct count.
    pub n_distinct: Vec<(Vec<String>, f64)>,
    /// Functional dependencies: from, to, degree.
    pub dependencies: Vec<(Vec<String>, String, f64)>,
}

/// Planner settings; PostgreSQL's names and units (pages of 8 kB, costs, kB). The default is a server
/// without any configuration.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Server version, e.g. `150020`.
    pub server_version_num: Option<u32>,
    /// Whether they come from the paste.
    pub pasted: bool,
    /// Cost of a page read in sequence.
    pub seq_page_cost: f64,
    /// Cost of a page read at random.
    pub random_page_cost: f64,
    /// Cost of a row.
    pub cpu_tuple_cost: f64,
    /// Cost of an index entry.
    pub cpu_index_tuple_cost: f64,
    /// Cost of an operator or function.
    pub cpu_operator_cost: f64,
    /// Cost of starting workers.
    pub parallel_setup_cost: f64,
    /// Cost of passing a row from a worker.
    pub parallel_tuple_cost: f64,
    /// Workers per Gather.
    pub max_parallel_workers_per_gather: u32,
    /// Pages of a table from which on workers are considered.
    pub min_parallel_table_scan_size: f64,
    /// Pages of an index from which on workers are considered.
    pub min_parallel_index_scan_size: f64,
    /// Pages of cache the planner assumes.
    pub effective_cache_size: f64,
    /// kB for a sort or a hash.
    pub work_mem_kb: f64,
    /// Factor on `work_mem` for hashes.
    pub hash_mem_multiplier: f64,
    /// Every other setting as `(name, value)`.
    pub others: Vec<(String, String)>,
    /// Default collation of the database, e.g. `C.UTF-8`.
    pub collation: Option<String>,
    /// When the statistics were exported, as written.
    pub exported_at: Option<String>,
}

impl Settings {
    /// What to assume without pasted settings. The cost models of MySQL and SQLite know no difference
    /// between a page in sequence and one at random.
    pub fn assumed(dialect: Dialect) -> Settings {
        match dialect {
            Dialect::Postgres => Settings::default(),
            _ => Settings { random_page_cost: 1.0, ..Settings::default() },
        }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            server_version_num: None,
            pasted: false,
            seq_page_cost: 1.0,
            random_page_cost: 4.0,
            cpu_tuple_cost: 0.01,
            cpu_index_tuple_cost: 0.005,
            cpu_operator_cost: 0.0025,
            parallel_setup_cost: 1000.0,
            parallel_tuple_cost: 0.1,
            max_parallel_workers_per_gather: 2,
            min_parallel_table_scan_size: 1024.0,
            min_parallel_index_scan_size: 64.0,
            effective_cache_size: 524_288.0,
            work_mem_kb: 4096.0,
            hash_mem_multiplier: 2.0,
            others: Vec::new(),
            collation: None,
            exported_at: None,
        }
    }
}

impl Settings {
    /// Takes over a setting as `pg_settings` prints it: a value in units of `unit` (`8kB`, `kB`, ...;
    /// empty where it has none or carries it, as `SHOW` prints `4MB`).
    pub fn set(&mut self, name: &str, value: &str, unit: &str) {
        let (digits, own_unit) = split_unit(value);
        let unit = if own_unit.is_empty() { unit } else { own_unit };
        let number = digits.parse::<f64>().ok().filter(|n| n.is_finite());
        let bytes = number.zip(unit_bytes(unit)).map(|(n, unit)| n * unit);
        // A number without a unit is in the setting's own: pages or kB.
        let pages = bytes.map_or(number, |bytes| Some(bytes / 8192.0));
        let kb = bytes.map_or(number, |bytes| Some(bytes / 1024.0));
        let (field, value_of) = match name {
            "seq_page_cost" => (&mut self.seq_page_cost, number),
            "random_page_cost" => (&mut self.random_page_cost, number),
            "cpu_tuple_cost" => (&mut self.cpu_tuple_cost, number),
            "cpu_index_tuple_cost" => (&mut self.cpu_index_tuple_cost, number),
            "cpu_operator_cost" => (&mut self.cpu_operator_cost, number),
            "parallel_setup_cost" => (&mut self.parallel_setup_cost, number),
            "parallel_tuple_cost" => (&mut self.parallel_tuple_cost, number),
            "min_parallel_table_scan_size" => (&mut self.min_parallel_table_scan_size, pages),
            "min_parallel_index_scan_size" => (&mut self.min_parallel_index_scan_size, pages),
            "effective_cache_size" => (&mut self.effective_cache_size, pages),
            "work_mem" => (&mut self.work_mem_kb, kb),
            "hash_mem_multiplier" => (&mut self.hash_mem_multiplier, number),
            "max_parallel_workers_per_gather" => {
                if let Some(n) = number.filter(|n| *n >= 0.0) {
                    self.max_parallel_workers_per_gather = n as u32;
                }
                return;
            }
            _ => return self.others.push((name.to_owned(), value.to_owned())),
        };
        if let Some(number) = value_of.filter(|n| *n >= 0.0) {
            *field = number;
        }
    }
}

/// `4MB` is `4` and `MB`.
fn split_unit(value: &str) -> (&str, &str) {
    let value = value.trim();
    let at = value.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(value.len());
    // 1e-3 is a number.
    match value.parse::<f64>() {
        Ok(_) => (value, ""),
        Err(_) => (value.get(..at).unwrap_or("").trim_end(), value.get(at..).unwrap_or("")),
    }
}

fn unit_bytes(unit: &str) -> Option<f64> {
    Some(match unit {
        "B" => 1.0,
        "kB" => 1024.0,
        "8kB" => 8192.0,
        "MB" => 1024.0 * 1024.0,
        "GB" => 1024.0 * 1024.0 * 1024.0,
        "TB" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_come_in_pages_and_kilobytes() {
        let mut settings = Settings::default();
        settings.set("effective_cache_size", "4GB", "");
        settings.set("work_mem", "16384", "kB");
        settings.set("min_parallel_table_scan_size", "1024", "8kB");
        settings.set("random_page_cost", "1.1", "");
        settings.set("max_parallel_workers_per_gather", "0", "");
        settings.set("jit", "off", "");
        settings.set("seq_page_cost", "NaN", "");
        assert_eq!((settings.effective_cache_size, settings.work_mem_kb), (524_288.0, 16384.0));
        assert_eq!(settings.min_parallel_table_scan_size, 1024.0);
        assert_eq!((settings.random_page_cost, settings.seq_page_cost), (1.1, 1.0));
        assert_eq!(settings.max_parallel_workers_per_gather, 0);
        assert_eq!(settings.others, [("jit".to_owned(), "off".to_owned())]);
    }
}
