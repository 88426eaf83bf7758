//! Which findings a filter leaves.

use crate::advise::Finding;
use crate::report::Report;
use crate::ui::state::Filter;

/// Positions of the findings that pass, best first.
pub fn findings(report: &Report, filter: &Filter) -> Vec<usize> {
    let words: Vec<String> = filter.text.split_whitespace().map(str::to_lowercase).collect();
    let passes = |finding: &Finding| {
        filter.code.as_ref().is_none_or(|code| *code == finding.code)
            && filter.severity.is_none_or(|severity| severity == finding.severity)
            && filter.table.as_ref().is_none_or(|table| finding.table.as_ref() == Some(table))
            && words.iter().all(|word| mentions(finding, word))
    };
    let all = report.findings.iter().enumerate();
    all.filter(|(_, finding)| passes(finding)).map(|(position, _)| position).collect()
}

/// Does anything of the finding contain the (lower case) word?
fn mentions(finding: &Finding, word: &str) -> bool {
    let lists = [&finding.indexes, &finding.create, &finding.drop, &finding.queries];
    let texts = [&finding.title, &finding.code].into_iter().chain(finding.table.as_ref());
    texts.chain(lists.into_iter().flatten()).any(|text| text.to_lowercase().contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_be_found_somewhere() {
        let finding = |title: &str, table: &str| Finding {
            title: title.to_owned(),
            table: Some(table.to_owned()),
            ..Finding::default()
        };
        let findings_ = vec![finding("Index A", "orders"), finding("Index B", "users")];
        let report = Report { findings: findings_, ..Report::default() };
        let shown =
            |text: &str| findings(&report, &Filter { text: text.to_owned(), ..Filter::default() });
        assert_eq!(shown(""), [0, 1]);
        assert_eq!(shown("index USERS"), [1]);
        assert!(shown("index users orders").is_empty());
    }
}
