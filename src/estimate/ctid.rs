//! Comparisons of a row's place, `ctid`, which has no statistics (`scalarineqsel` in `selfuncs.c`).
//! Rows are taken to fill the pages evenly, the last page half.

use super::size::table_pages;
use super::value::Value;
use super::variable::{Variable, clamp};
use crate::sql::expr::CompareOp;

/// The part of the rows that lie before or behind a place; `None` if the variable is no place.
pub fn compared_with(variable: &Variable<'_>, op: CompareOp, value: &Value<'_>) -> Option<f64> {
    let pages = table_pages(variable.place_in?).value;
    let Value::Opaque(text) = value else { return None };
    let (block, offset) = parse(text)?;
    if pages <= 0.0 {
        return Some(1.0);
    }
    let all = pages - 0.5;
    let is_on_last = block >= pages - 1.0;
    let density = variable.tuples / all * if is_on_last { 0.5 } else { 1.0 };
    let within = if density > 0.0 { (offset / density).min(1.0) } else { 0.0 };
    let mut part = (block + within) / all;
    let is_greater = matches!(op, CompareOp::Gt | CompareOp::Ge);
    let has_equal = matches!(op, CompareOp::Le | CompareOp::Ge);
    if is_greater == has_equal && variable.tuples >= 1.0 {
        part -= 1.0 / variable.tuples;
    }
    Some(clamp(if is_greater { 1.0 - part } else { part }))
}

/// Page and position of `(12,3)`.
fn parse(text: &str) -> Option<(f64, f64)> {
    let inner = text.trim().strip_prefix('(')?.strip_suffix(')')?;
    let (block, offset) = inner.split_once(',')?;
    let block: u32 = block.trim().parse().ok()?;
    let offset: u16 = offset.trim().parse().ok()?;
    Some((f64::from(block), f64::from(offset)))
}
