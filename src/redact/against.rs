//! The comparison without literals: statements, shapes, plans, defaults, and what is said of them.

use super::literals::Literals;
use super::text::{redact_definition, redact_prose, redact_sql};
use super::{redact_plan, without_quotation};
use crate::against::Against;
use crate::dialect::Dialect;

pub fn redact_against(against: &mut Against, dialect: Dialect, literals: &mut Literals) {
    for query in &mut against.queries {
        query.error = query.error.as_deref().map(without_quotation);
        for plan in [&mut query.plan_before, &mut query.plan_after].into_iter().flatten() {
            redact_plan(plan, dialect, literals);
        }
    }
    for statement in &mut against.statements {
        let own = [&mut statement.sql].into_iter().chain(&mut statement.safer);
        own.for_each(|sql| *sql = redact_sql(sql, dialect, literals));
        let words = statement.does.iter_mut().chain(&mut statement.notes);
        words.for_each(|text| *text = redact_prose(text, dialect, literals));
    }
    for index in &mut against.indexes {
        index.shape = redact_definition(&index.shape, dialect, literals);
        index.redundant =
            index.redundant.as_deref().map(|text| redact_prose(text, dialect, literals));
    }
    for difference in &mut against.differences {
        for text in [&mut difference.before, &mut difference.after].into_iter().flatten() {
            *text = redact_definition(text, dialect, literals);
        }
    }
}
