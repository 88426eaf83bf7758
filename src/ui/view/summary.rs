//! The review in one line: what was read, what it costs, what it would cost.

use yew::prelude::*;

use crate::estimate::Basis;
use crate::report::{Report, Summary as Totals};
use crate::ui::format::{self, counted};
use crate::ui::shared::Shared;
use crate::ui::state::{Dialog, Msg, Review, Tab};
use crate::ui::view::parts::{self, on_click};

/// Properties of [`Summary`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The review.
    pub review: Shared<Review>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The review in one line.
#[component]
pub fn Summary(props: &Props) -> Html {
    let report = &props.review.report;
    let existing = report.indexes.iter().filter(|index| !index.suggested).count();
    html! {
        <section class="summary" aria-label="Summary" data-test="summary">
            <dl>
                { fact("Dialect", html! { { format::dialect(report.dialect) } }) }
                { fact("Schema", html! {
                    { format!("{}, {}", counted(report.tables.len(), "table", "tables"),
                        counted(existing, "index", "indexes")) }
                }) }
                { fact("Workload", html! { { workload(report) } }) }
                { cost(&report.summary) }
                if report.summary.size_bytes > 0.0 {
                    { fact("New indexes", html! {
                        { format!("{}{}", format::bytes(report.summary.size_bytes), budget(report)) }
                    }) }
                }
            </dl>
            { doubts(report, &props.send) }
        </section>
    }
}

fn fact(name: &'static str, value: Html) -> Html {
    html! { <div><dt>{ name }</dt><dd>{ value }</dd></div> }
}

fn workload(report: &Report) -> String {
    let (read, planned) = (report.summary.n_queries, report.summary.n_understood);
    let queries = counted(read, "query", "queries");
    if planned < read { format!("{queries}, {planned} planned") } else { queries }
}

fn cost(totals: &Totals) -> Html {
    if totals.cost_before <= 0.0 {
        return Html::default();
    }
    fact(
        "Cost of the workload, by calls",
        html! {
            <>
                { parts::costs(Some(totals.cost_before), Some(totals.cost_after)) }
                { parts::bar(totals.cost_before, totals.cost_after, totals.cost_before) }
            </>
        },
    )
}

fn budget(report: &Report) -> String {
    let budget = report.summary.budget_bytes.map(format::bytes);
    budget.map(|budget| format!(" of {budget}")).unwrap_or_default()
}

fn guesses(guessed: usize, total: usize) -> String {
    if guessed == total {
        return "Row counts are defaults, not facts. ".to_owned();
    }
    let (guessed, total) = (format::count(guessed as f64), counted(total, "table", "tables"));
    format!("Row counts of {guessed} of {total} are defaults, not facts. ")
}

/// What the reader must know before believing a number.
fn doubts(report: &Report, send: &Callback<Msg>) -> Html {
    let guessed = report.tables.iter().filter(|t| t.rows_basis == Basis::Default).count();
    let skipped: usize = report.inputs.iter().map(|input| input.skipped).sum();
    html! {
        <div class="doubts">
            if guessed > 0 {
                <p class="doubt" data-test="doubt">
                    { guesses(guessed, report.tables.len()) }
                    <button type="button" class="link"
                        onclick={on_click(send, || Msg::Open(Dialog::Help))}>
                        { "Paste statistics" }
                    </button>
                    { " for true costs." }
                </p>
            }
            if skipped > 0 {
                <p class="doubt">
                    { format!("{} not understood. ", counted(skipped, "entry was", "entries were")) }
                    <button type="button" class="link"
                        onclick={on_click(send, || Msg::Show(Tab::Input))}>{ "Which" }</button>
                </p>
            }
        </div>
    }
}
