//! The findings, best first.

use crate::sorted::SortedSet;

use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use crate::advise::{Finding, Importance};
use crate::input::{Decision, Options};
use crate::report::Report;
use crate::report::decisions;
use crate::report::migration::Format;
use crate::ui::format;
use crate::ui::select;
use crate::ui::shared::Shared;
use crate::ui::state::{Filter, Msg, Review};
use crate::ui::update::finding_key;
use crate::ui::view::budget::BudgetPanel;
use crate::ui::view::decide::decided;
use crate::ui::view::finding::FindingCard;
use crate::ui::view::parts::{self, on_click};
use crate::ui::wish;

/// Findings shown before "show all".
const SHOWN: usize = 60;

/// Properties of [`Findings`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// Which findings are shown.
    pub filter: Filter,
    /// The current finding.
    pub current: Option<usize>,
    /// Findings that are unfolded.
    pub unfolded: SortedSet<String>,
    /// Findings left out of the migration.
    pub left_out: SortedSet<String>,
    /// How the migration is written.
    pub format: Format,
    /// What is asked of the advisor.
    pub options: Options,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The findings.
#[component]
pub fn Findings(props: &Props) -> Html {
    let all = use_state_eq(|| false);
    let report = &props.review.report;
    let above = html! {
        <>
            <BudgetPanel review={props.review.clone()} budget={props.options.budget}
                send={props.send.clone()} />
            { decided(&props.options.decisions, report, &props.send) }
        </>
    };
    if report.findings.is_empty() {
        return html! { <>{ above }{ no_findings(report) }</> };
    }
    let passing = select::findings(report, &props.filter);
    // The current one is always there, so that j reaches it.
    let reach = props.current.and_then(|c| passing.iter().position(|p| *p == c)).unwrap_or(0);
    let shown = if *all { passing.len() } else { passing.len().min(SHOWN.max(reach + 1)) };
    let card = |position: &usize| {
        let finding = report.findings.get(*position)?;
        let key = finding_key(finding);
        Some(html! {
            <FindingCard key={key.clone()} review={props.review.clone()} position={*position}
                decision={decision_of(props, finding)}
                unfolded={props.unfolded.contains(&key)} chosen={!props.left_out.contains(&key)}
                current={props.current == Some(*position)} send={props.send.clone()} />
        })
    };
    html! {
        <>
            { above }
            { toolbar(props, report, passing.len()) }
            if passing.is_empty() {
                { parts::nothing("No finding passes the filter.", "Esc clears it.") }
            }
            <ol class="findings">{ for passing.iter().take(shown).filter_map(card) }</ol>
            { parts::show_all(shown, passing.len(), &all) }
        </>
    }
}

/// What was decided about the index that the finding creates or drops.
fn decision_of(props: &Props, finding: &Finding) -> Option<Decision> {
    let report = &props.review.report;
    let known = decisions::decision_of(report, finding).map(|one| one.decision.statement.clone());
    let statement = known.or_else(|| wish::decidable(finding, report.dialect))?;
    wish::decision(&props.options.decisions, &statement).cloned()
}

fn no_findings(report: &Report) -> Html {
    let help = match (report.tables.is_empty(), report.queries.is_empty()) {
        (true, _) => "Without a schema there is nothing to judge: paste CREATE TABLE statements.",
        (false, true) => "The schema alone has none. Paste the queries that run on it.",
        (false, false) => {
            "Every query that was understood has the indexes it can use, and no index is \
             redundant. With more queries, plans or statistics there may be more to say."
        }
    };
    parts::nothing("No findings.", help)
}

fn toolbar(props: &Props, report: &Report, n_passing: usize) -> Html {
    let send = &props.send;
    let filter = &props.filter;
    let codes: SortedSet<&str> = report.findings.iter().map(|f| f.code.as_str()).collect();
    let tables: SortedSet<&str> =
        report.findings.iter().filter_map(|f| f.table.as_deref()).collect();
    let severities = [Importance::High, Importance::Medium, Importance::Low];
    let change = |apply: fn(&mut Filter, Option<String>)| on_choice(send, filter, apply);
    let severity = filter.severity.map(format::importance);
    let changes = |f: &&Finding| !f.create.is_empty() || !f.drop.is_empty();
    let chosen = |f: &&Finding| !props.left_out.contains(&finding_key(f));
    let n_chosen = report.findings.iter().filter(changes).filter(chosen).count();
    html! {
        <div class="toolbar findings-toolbar">
            { search(send, filter) }
            { menu("Kind of finding", "All kinds", codes.into_iter(), filter.code.as_deref(),
                change(|filter, code| filter.code = code), "filter-code") }
            { menu("Table", "All tables", tables.into_iter(), filter.table.as_deref(),
                change(|filter, table| filter.table = table), "filter-table") }
            { menu("Severity", "All levels", severities.into_iter().map(format::importance),
                severity, change(|filter, name| filter.severity = severity_of(name)),
                "filter-severity") }
            <span class="count" role="status" data-test="filter-count">
                { format!("{n_passing} of {}", report.findings.len()) }
            </span>
            <span class="spacer"></span>
            { fold_button(props) }
            <button type="button" onclick={on_click(send, || Msg::CopyMarkdown)}
                title="For a pull request; every literal of your input is replaced"
                data-test="copy-markdown">{ "Copy Markdown" }</button>
            { migration(props, n_chosen) }
        </div>
    }
}

/// The migration of the ticked findings, for the tool that the user has.
fn migration(props: &Props, n_chosen: usize) -> Html {
    let send = &props.send;
    let option = |format: Format| {
        let selected = props.format == format;
        html! { <option value={format.name()} {selected}>{ format.title() }</option> }
    };
    let onchange = {
        let send = send.clone();
        Callback::from(move |event: Event| {
            let menu = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
            if let Some(format) = menu.and_then(|menu| Format::from_name(&menu.value())) {
                send.emit(Msg::SetFormat(format));
            }
        })
    };
    html! {
        <div class="group">
            <select aria-label="Format of the migration" {onchange} data-test="migration-format">
                { for Format::ALL.into_iter().map(option) }
            </select>
            <button type="button" onclick={on_click(send, || Msg::DownloadDdl)}
                title="Download the migration of the ticked findings" data-test="download-ddl">
                { "Download" }
            </button>
            <button type="button" class="primary" onclick={on_click(send, || Msg::CopyDdl)}
                title="Copy the migration of the ticked findings (c)" data-test="copy-ddl">
                { format!("Copy migration ({n_chosen})") }
            </button>
        </div>
    }
}

fn fold_button(props: &Props) -> Html {
    let unfold = props.unfolded.is_empty();
    html! {
        <button type="button" class="quiet" data-test="toggle-all"
            onclick={on_click(&props.send, move || Msg::ToggleAll(unfold))}>
            { if unfold { "Unfold all" } else { "Fold all" } }
        </button>
    }
}

fn severity_of(name: Option<String>) -> Option<Importance> {
    let all = [Importance::High, Importance::Medium, Importance::Low];
    all.into_iter().find(|importance| name.as_deref() == Some(format::importance(*importance)))
}

fn search(send: &Callback<Msg>, filter: &Filter) -> Html {
    let oninput = {
        let (send, filter) = (send.clone(), filter.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(field) = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok())
            {
                send.emit(Msg::Filter(Filter { text: field.value(), ..filter.clone() }));
            }
        })
    };
    html! {
        <input id="filter" type="search" placeholder="Filter findings  /" aria-label="Filter findings"
            value={filter.text.clone()} {oninput} spellcheck="false" data-test="filter" />
    }
}

fn on_choice(
    send: &Callback<Msg>,
    filter: &Filter,
    apply: fn(&mut Filter, Option<String>),
) -> Callback<Event> {
    let (send, filter) = (send.clone(), filter.clone());
    Callback::from(move |event: Event| {
        let menu = event.target().and_then(|t| t.dyn_into::<HtmlSelectElement>().ok());
        let value = menu.map(|menu| menu.value()).filter(|value| !value.is_empty());
        let mut filter = filter.clone();
        apply(&mut filter, value);
        send.emit(Msg::Filter(filter));
    })
}

fn menu<'a>(
    label: &'static str,
    none: &'static str,
    values: impl Iterator<Item = &'a str>,
    chosen: Option<&str>,
    onchange: Callback<Event>,
    test: &'static str,
) -> Html {
    let option = |value: &str| {
        let selected = chosen == Some(value);
        html! { <option value={value.to_owned()} {selected}>{ value.to_owned() }</option> }
    };
    html! {
        <select aria-label={label} {onchange} data-test={test}>
            <option value="" selected={chosen.is_none()}>{ none }</option>
            { for values.map(option) }
        </select>
    }
}
