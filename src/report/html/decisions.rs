//! What is to be decided, and what was: the part that a meeting works through.

use super::parts::{escape, figure, prose, write_part, write_section, write_table};
use crate::input::Verdict;
use crate::report::data::{DecisionReport, Finding, Report, Standing};
use crate::report::decisions::{decision_of, numbers_text, standing_text};
use crate::report::trials::{effect_lines, trial_of};
use crate::report::units::{bytes, count, gain};
use crate::report::words::{confidence_name, importance_name, sentence};

/// The section.
pub fn write(out: &mut String, report: &Report) {
    write_section(out, "Decisions", |out| {
        write_open(out, report);
        for verdict in Verdict::ALL {
            let of_it = |one: &&DecisionReport| one.decision.verdict == verdict;
            let decided = report.decisions.iter().filter(of_it);
            let rows = decided.map(|one| decided_row(report, one));
            write_part(out, &sentence(verdict.name()), |out| {
                write_table(out, &["what", "when", "why", "what became of it"], rows);
            });
        }
    });
}

/// Findings that change something and are not decided about.
fn write_open(out: &mut String, report: &Report) {
    let open = |finding: &&Finding| {
        let decision = decision_of(report, finding);
        let is_open = decision.is_none_or(|one| one.standing == Standing::Raised);
        is_open && !(finding.create.is_empty() && finding.drop.is_empty())
    };
    let numbered = report.findings.iter().enumerate();
    let rows = numbered.filter(|(_, finding)| open(finding)).map(|(at, finding)| {
        let link = format!("<a href=\"#finding-{n}\">{n}</a>", n = at + 1);
        let again = decision_of(report, finding).map(|one| {
            format!("<br><span class=\"hint\">{}</span>", prose(&sentence(&standing_text(one))))
        });
        let title = format!("{}{}", prose(&finding.title), again.unwrap_or_default());
        vec![link, title, costs(finding), size(finding), importance(finding), confidence(finding)]
    });
    write_part(out, "To decide", |out| {
        let head = ["#", "finding", "#cost of its queries", "#size", "importance", "confidence"];
        write_table(out, &head, rows);
    });
}

/// `24.2 M → 11 228`, and how many times less.
pub fn costs(finding: &Finding) -> String {
    let (Some(before), Some(after)) = (finding.cost_before, finding.cost_after) else {
        return String::new();
    };
    change(before, after)
}

/// The same of any two costs.
pub fn change(before: f64, after: f64) -> String {
    if before == after {
        return figure(&count(before));
    }
    let gain = gain(before, after).map(|gain| format!(" <span class=\"gain\">{gain}</span>"));
    let (before, after) = (figure(&count(before)), figure(&count(after)));
    format!("{before} → {after}{}", gain.unwrap_or_default())
}

fn size(finding: &Finding) -> String {
    let sign = if finding.create.is_empty() { "−" } else { "+" };
    finding.size_bytes.map(|size| format!("{sign}{}", figure(&bytes(size)))).unwrap_or_default()
}

fn importance(finding: &Finding) -> String {
    importance_name(finding.severity).to_owned()
}

fn confidence(finding: &Finding) -> String {
    confidence_name(finding.confidence).to_owned()
}

fn decided_row(report: &Report, one: &DecisionReport) -> Vec<String> {
    let or_dash = |text: &str| if text.is_empty() { "—".to_owned() } else { escape(text) };
    let mut became = vec![prose(&sentence(&standing_text(one)))];
    let seen = one.decision.seen.as_ref().filter(|seen| one.now.as_ref() != Some(*seen));
    for (when, numbers) in [("Then", seen), ("Now", one.now.as_ref())] {
        if let Some(numbers) = numbers {
            became.push(format!("{when}: {}", prose(&numbers_text(numbers, one.is_drop))));
        }
    }
    let effects = trial_of(report, one).map(effect_lines).unwrap_or_default();
    became.extend(effects.iter().skip(1).take(1).map(|line| prose(&sentence(line))));
    let statement = format!("<code>{}</code>", escape(one.decision.statement.trim()));
    let day = format!("<span class=\"day\">{}</span>", or_dash(&one.decision.date));
    vec![statement, day, or_dash(&one.decision.reason), became.join("<br>")]
}
