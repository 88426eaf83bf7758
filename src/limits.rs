//! Every cap in one place. Pasted text is hostile: whatever grows with it stops somewhere, and says so.

/// Nesting of expressions and queries that is still parsed; deeper statements are skipped with a
/// diagnostic. The browser's stack is the bound: a debug build in wasm overflows near 120.
pub const NESTING_MAX: usize = 50;

/// Longest statement that is parsed as a query, in bytes. Longer ones are bulk INSERTs.
pub const STATEMENT_BYTES_MAX: usize = 1 << 20;

/// Diagnostics kept per code and piece of input; the rest is counted in the last one.
pub const DIAGNOSTICS_PER_CODE_MAX: usize = 50;

/// Distinct queries that are planned; the ones with the most total time come first.
pub const QUERIES_MAX: usize = 2000;

/// Operators, ANDs, ORs and UNIONs in one statement that is still parsed. A chain of them is a tree
/// as deep as the chain is long.
pub const OPERATORS_MAX: usize = 3000;
