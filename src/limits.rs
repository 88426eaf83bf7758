//! Every cap in one place. Pasted text is hostile: whatever grows with it stops somewhere, and says so.

/// Joins of two paths that are tried for one query before the search for the best order becomes a greedy
/// one (the server would go on: with some 10 relations that are all joined with each other for minutes).
pub const JOIN_ATTEMPTS_MAX: usize = 4_000_000;

/// Nesting of expressions and queries that is still parsed; deeper statements are skipped with a
/// diagnostic. The stack of a browser, 1 MB, is the bound: a debug build takes up to three quarters of it.
pub const NESTING_MAX: usize = 50;

/// Longest statement that is parsed as a query, in bytes. Longer ones are bulk INSERTs.
pub const STATEMENT_BYTES_MAX: usize = 1 << 20;

/// Diagnostics kept per code and piece of input; the rest is counted in the last one.
pub const DIAGNOSTICS_PER_CODE_MAX: usize = 50;

/// Distinct queries that are planned; the ones with the most total time come first.
pub const QUERIES_MAX: usize = 2000;

/// Calls of logs that are kept one by one, for the time line; all others are only counted.
pub const LOG_CALLS_MAX: usize = 400_000;

/// Operators, ANDs, ORs and UNIONs in one statement that is still parsed. A chain of them is a tree
/// as deep as the chain is long.
pub const OPERATORS_MAX: usize = 3000;

/// Copies of expressions in one statement that is still parsed. They may be of copies: written so,
/// a short text means more expressions than any memory holds.
pub const COPIES_MAX: usize = 1 << 16;

/// Longer texts are not put into an editable field: at 1 MB a key press takes 30 ms, at 10 MB the
/// page stands still for seconds.
pub const EDITABLE_BYTES_MAX: usize = 256 << 10;

/// Steps of the user's that can be undone. Texts are shared between them, so a step is small.
pub const UNDO_STEPS_MAX: usize = 100;

/// Longest session that is kept in the browser: what they give a page, for all it stores.
pub const KEPT_BYTES_MAX: usize = 5 << 20;

/// A worker that says nothing for so long while it works is taken for dead.
pub const WORKER_SILENCE_MS_MAX: u32 = 60_000;

/// Ahead of being asked for them, reviews with other budgets are made while each takes no longer.
pub const LOOK_AHEAD_MS_MAX: f64 = 150.0;

/// Pause between two progress messages of the worker.
pub const PROGRESS_INTERVAL_MS: f64 = 100.0;

/// Nesting of a pasted plan; deeper nodes are left out with a diagnostic.
pub const PLAN_DEPTH_MAX: usize = 100;

/// Nesting of pasted JSON: a node of a plan takes two levels.
pub const JSON_DEPTH_MAX: usize = 2 * PLAN_DEPTH_MAX + 10;

/// Bytes of a JSON document that are looked through for signs of a plan.
pub const PLAN_LEAD_BYTES: usize = 16 << 10;

/// Largest file the page opens, in bytes: its text, the facts and the report must fit the 4 GB that
/// wasm can address. The native command has no such cap.
pub const PIECE_BYTES_MAX: usize = 400 << 20;

/// Items of a join that are tried in every order; beyond, the search is greedy. 2^n sets, 3^n pairs.
pub const JOIN_DP_MAX: usize = 8;

/// Queries inside queries that are still planned.
pub const SUBQUERY_DEPTH_MAX: usize = 20;

/// Key columns of a suggested index, where the user set no limit.
pub const INDEX_WIDTH_MAX: usize = 6;

/// Columns that a suggested index holds besides its keys.
pub const INCLUDE_COLUMNS_MAX: usize = 4;

/// Candidate indexes that are thought about.
pub const CANDIDATES_MAX: usize = 3000;

/// Candidates that are costed one by one for a query.
pub const CANDIDATES_PER_QUERY_MAX: usize = 200;

/// Of these, the cheapest that take part in the selection.
pub const MOVES_PER_QUERY_MAX: usize = 24;

/// Rounds of exchanging, merging and dropping chosen indexes.
pub const IMPROVEMENT_ROUNDS_MAX: usize = 4;

/// Candidates that are tried in the place of an index of a set.
pub const SUBSTITUTES_MAX: usize = 40;

/// Plans of one table that are made to find where suggestions stop paying; one of a join of six tables
/// takes as long as some two hundred.
pub const BREAK_EVEN_WORK_MAX: usize = 20_000;

/// Plans of a query that are kept for the next review with other wishes.
pub const PLANS_KEPT_MAX: usize = 16;

/// Gaps of the front of sizes and costs that are filled by a search of their own.
pub const FRONT_GAPS_MAX: usize = 16;

/// Largest session file that is read, in bytes: as much as the page opens.
pub const SESSION_BYTES_MAX: usize = PIECE_BYTES_MAX;

/// Pieces of input, decisions and statements to try in a session: of each so many.
pub const SESSION_ITEMS_MAX: usize = 2000;

/// Longest link that chats and mail programs leave whole; beyond it a file is offered.
pub const LINK_CHARS_SAFE: usize = 8000;

/// Longest link that is opened, in characters; browsers stop at 2 to 64 MB.
pub const LINK_CHARS_MAX: usize = 2 << 20;

/// Largest session file that a link unpacks to, in bytes.
pub const LINK_FILE_BYTES_MAX: usize = 32 << 20;

/// A file of decisions.
pub const DECISIONS_BYTES_MAX: usize = 4 << 20;
