//! Does the redacted input give the same findings? What depends on a literal is said.

use std::collections::BTreeMap;

use super::names::restore;
use crate::dialect::Dialect;
use crate::report::{Finding, Report};
use crate::sql::normalize::normalize;

/// A finding that one of the two reviews has and the other has not.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    /// Its code.
    pub code: String,
    /// Its title, as that review has it.
    pub title: String,
    /// It is lost; otherwise only the redacted input gives it.
    pub lost: bool,
}

/// The findings that differ between the review of an input and the one of the redacted input. Names are
/// turned back with the key first; literals are not compared.
pub fn compare(
    original: &Report,
    redacted: &Report,
    key: &BTreeMap<String, String>,
) -> Vec<Difference> {
    let dialect = original.dialect;
    let before: Vec<_> = original.findings.iter().map(|f| identity(f, dialect, None)).collect();
    let after: Vec<_> = redacted.findings.iter().map(|f| identity(f, dialect, Some(key))).collect();
    let count = |all: &[String], one: &str| all.iter().filter(|other| *other == one).count();
    let differences = |findings: &[Finding], own: &[String], other: &[String], lost: bool| {
        let pairs = findings.iter().zip(own).enumerate();
        let missing = pairs.filter(|(at, (_, identity))| {
            let before = own.get(..=*at).unwrap_or(own);
            count(before, identity) > count(other, identity)
        });
        let title = |finding: &Finding| match lost {
            true => finding.title.clone(),
            false => restore(&finding.title, key, dialect),
        };
        let difference = |finding: &Finding| Difference {
            code: finding.code.clone(),
            title: title(finding),
            lost,
        };
        missing.map(|(_, (finding, _))| difference(finding)).collect::<Vec<_>>()
    };
    let mut out = differences(&original.findings, &before, &after, true);
    out.extend(differences(&redacted.findings, &after, &before, false));
    out
}

/// What makes a finding the same one: what it is about and what it does, whatever the literals.
fn identity(finding: &Finding, dialect: Dialect, key: Option<&BTreeMap<String, String>>) -> String {
    let named = |text: &str| key.map_or_else(|| text.to_owned(), |key| restore(text, key, dialect));
    let shape = |sql: &String| {
        // The name of a new index may be made of a literal.
        let from = sql.find(" ON ").filter(|_| sql.starts_with("CREATE")).unwrap_or(0);
        let text = named(sql.get(from..).unwrap_or(sql));
        normalize(&text, dialect).normalized.replace(['"', '`'], "")
    };
    let create: Vec<String> = finding.create.iter().map(shape).collect();
    let drop: Vec<String> = finding.drop.iter().map(shape).collect();
    let table = finding.table.as_deref().map(named).unwrap_or_default().replace(['"', '`'], "");
    let mut indexes: Vec<String> = match create.is_empty() {
        true => finding.indexes.iter().map(|i| named(i).replace(['"', '`'], "")).collect(),
        false => Vec::new(),
    };
    crate::order::sort(&mut indexes);
    format!("{} {table} {indexes:?} {create:?} {drop:?}", finding.code)
}
