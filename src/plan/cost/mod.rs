//! What paths cost, in planner units: formulas over plain numbers.

pub mod agg;
pub mod append;
pub mod bitmap;
pub mod casts;
pub mod gather;
pub mod index;
pub mod join;
pub mod limit;
pub mod modify;
pub mod qual;
pub mod setop;
pub mod sort;
pub mod window;

#[cfg(test)]
mod tests;

use crate::read::statistics::Settings;

/// Bytes of a page.
pub const BLOCK_BYTES: f64 = 8192.0;

/// Cost of a path, in planner units.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cost {
    /// Before the first row.
    pub startup: f64,
    /// Of all rows.
    pub total: f64,
}

/// What an upper node reads.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Input {
    /// Its cost.
    pub cost: Cost,
    /// Its rows.
    pub rows: f64,
    /// Bytes of a row.
    pub width: f64,
}

/// Conditions that a node checks on each row it makes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Filter {
    /// Cost of the conditions.
    pub cost: crate::plan::clause::QualCost,
    /// Part of the rows that passes.
    pub selectivity: f64,
}

/// Bytes up to the next multiple of eight (`MAXALIGN`).
pub fn max_align(bytes: f64) -> f64 {
    libm::ceil(bytes / 8.0) * 8.0
}

/// `relation_byte_size`: bytes of rows in memory or on disk, with their headers.
pub fn relation_byte_size(tuples: f64, width: f64) -> f64 {
    tuples * (max_align(width) + 24.0)
}

/// Logarithm to base two, computed as the planner does.
pub fn log2(x: f64) -> f64 {
    #[expect(clippy::approx_constant, reason = "the server's own digits")]
    const LN_2: f64 = 0.693_147_180_559_945;
    libm::log(x) / LN_2
}

/// `work_mem` in bytes.
pub fn work_mem_bytes(settings: &Settings) -> f64 {
    settings.work_mem_kb * 1024.0
}

/// `get_hash_memory_limit`: bytes that a hash table may take.
pub fn hash_memory_limit(settings: &Settings) -> f64 {
    libm::trunc(settings.work_mem_kb * settings.hash_mem_multiplier * 1024.0)
}
