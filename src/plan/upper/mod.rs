//! What is above the joins: grouping, windows, DISTINCT, ORDER BY, LIMIT, set operations, writes.
