//! Settings of the planner.

use crate::dialect::Dialect;

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
    /// Methods that are switched off.
    pub off: Switches,
    /// How many settings of the planner an exported `pg_settings` held.
    pub n_exported: usize,
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
            off: Switches::default(),
            n_exported: 0,
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
            _ => return self.set_other(name, value),
        };
        if let Some(number) = value_of.filter(|n| *n >= 0.0) {
            *field = number;
        }
    }

    fn set_other(&mut self, name: &str, value: &str) {
        if let Some(switch) = Switch::named(name) {
            let is_off = ["off", "false", "no", "0", "f", "n"]
                .iter()
                .any(|word| value.trim().eq_ignore_ascii_case(word));
            return self.off.set(switch, is_off);
        }
        match self.others.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => value.clone_into(known),
            None => self.others.push((name.to_owned(), value.to_owned())),
        }
    }

    /// Is the method switched off?
    pub fn is_off(&self, switch: Switch) -> bool {
        self.off.0 & switch.bit() != 0
    }

    /// `disable_cost` for a method that is switched off, else nothing.
    pub fn penalty(&self, switch: Switch) -> f64 {
        if self.is_off(switch) { DISABLE_COST } else { 0.0 }
    }

    /// A setting that is kept as text.
    pub fn other(&self, name: &str) -> Option<&str> {
        self.others.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// What makes a method that is switched off a last resort.
pub const DISABLE_COST: f64 = 1.0e10;

/// A method that an `enable_` setting switches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Switch {
    /// `enable_bitmapscan`.
    BitmapScan,
    /// `enable_gathermerge`.
    GatherMerge,
    /// `enable_hashagg`.
    HashAgg,
    /// `enable_hashjoin`.
    HashJoin,
    /// `enable_incremental_sort`.
    IncrementalSort,
    /// `enable_indexonlyscan`.
    IndexOnlyScan,
    /// `enable_indexscan`.
    IndexScan,
    /// `enable_material`.
    Material,
    /// `enable_memoize`.
    Memoize,
    /// `enable_mergejoin`.
    MergeJoin,
    /// `enable_nestloop`.
    NestLoop,
    /// `enable_parallel_hash`.
    ParallelHash,
    /// `enable_seqscan`.
    SeqScan,
    /// `enable_sort`.
    Sort,
    /// `enable_tidscan`.
    TidScan,
    /// `enable_parallel_append`.
    ParallelAppend,
    /// `enable_partition_pruning`.
    PartitionPruning,
}

const SWITCHES: [(Switch, &str); 17] = [
    (Switch::BitmapScan, "enable_bitmapscan"),
    (Switch::GatherMerge, "enable_gathermerge"),
    (Switch::HashAgg, "enable_hashagg"),
    (Switch::HashJoin, "enable_hashjoin"),
    (Switch::IncrementalSort, "enable_incremental_sort"),
    (Switch::IndexOnlyScan, "enable_indexonlyscan"),
    (Switch::IndexScan, "enable_indexscan"),
    (Switch::Material, "enable_material"),
    (Switch::Memoize, "enable_memoize"),
    (Switch::MergeJoin, "enable_mergejoin"),
    (Switch::NestLoop, "enable_nestloop"),
    (Switch::ParallelHash, "enable_parallel_hash"),
    (Switch::SeqScan, "enable_seqscan"),
    (Switch::Sort, "enable_sort"),
    (Switch::TidScan, "enable_tidscan"),
    (Switch::ParallelAppend, "enable_parallel_append"),
    (Switch::PartitionPruning, "enable_partition_pruning"),
];

impl Switch {
    fn named(name: &str) -> Option<Switch> {
        SWITCHES.iter().find(|(_, known)| *known == name).map(|(switch, _)| *switch)
    }

    fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of methods.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Switches(u32);

impl Switches {
    fn set(&mut self, switch: Switch, is_off: bool) {
        self.0 = if is_off { self.0 | switch.bit() } else { self.0 & !switch.bit() };
    }
}

/// Is it a setting that the planner model reads?
pub fn is_planner_setting(name: &str) -> bool {
    const NAMES: [&str; 16] = [
        "cpu_index_tuple_cost",
        "cpu_operator_cost",
        "cpu_tuple_cost",
        "effective_cache_size",
        "from_collapse_limit",
        "geqo_threshold",
        "hash_mem_multiplier",
        "join_collapse_limit",
        "max_parallel_workers_per_gather",
        "min_parallel_index_scan_size",
        "min_parallel_table_scan_size",
        "parallel_setup_cost",
        "parallel_tuple_cost",
        "random_page_cost",
        "seq_page_cost",
        "work_mem",
    ];
    NAMES.contains(&name) || Switch::named(name).is_some()
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
        settings.set("enable_sort", "off", "");
        settings.set("enable_seqscan", "FALSE", "");
        settings.set("enable_seqscan", "on", "");
        assert_eq!((settings.effective_cache_size, settings.work_mem_kb), (524_288.0, 16384.0));
        assert_eq!(settings.min_parallel_table_scan_size, 1024.0);
        assert_eq!((settings.random_page_cost, settings.seq_page_cost), (1.1, 1.0));
        assert_eq!(settings.max_parallel_workers_per_gather, 0);
        assert!(settings.is_off(Switch::Sort) && !settings.is_off(Switch::SeqScan));
        assert_eq!(settings.others, [("jit".to_owned(), "off".to_owned())]);
    }
}
