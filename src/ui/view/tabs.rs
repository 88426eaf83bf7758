//! The sections of the results.

use crate::sorted::SortedSet;

use yew::prelude::*;

use crate::input::Options;
use crate::report::migration::Format;
use crate::ui::effect;
use crate::ui::shared::Shared;
use crate::ui::state::{Filter, Msg, Review, Tab};
use crate::ui::view::against::AgainstTab;
use crate::ui::view::findings::Findings;
use crate::ui::view::input_tab::InputTab;
use crate::ui::view::matrix::MatrixTab;
use crate::ui::view::parts::on_click;
use crate::ui::view::plans::Plans;
use crate::ui::view::queries::Queries;
use crate::ui::view::tables::Tables;
use crate::ui::view::what_if::WhatIf;

/// Properties of [`Tabs`].
#[derive(Properties, PartialEq)]
pub struct Props {
    /// The section shown.
    pub tab: Tab,
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
    /// The query that a link went to.
    pub query: Option<String>,
    /// Takes what the user does.
    pub send: Callback<Msg>,
}

/// The sections of the results.
#[component]
pub fn Tabs(props: &Props) -> Html {
    let one = |tab: Tab| {
        let selected = tab == props.tab;
        html! {
            <button type="button" role="tab" id={format!("tab-{}", tab.id())}
                aria-selected={selected.to_string()} aria-controls="panel"
                tabindex={if selected { "0" } else { "-1" }}
                onclick={on_click(&props.send, move || Msg::Show(tab))}
                data-test={format!("tab-{}", tab.id())}>
                <kbd aria-hidden="true">{ tab.key() }</kbd>{ tab.title() }
                <span class="count">{ count(tab, props) }</span>
            </button>
        }
    };
    html! {
        <>
            <div class="tabs" role="tablist" aria-label="Results" onkeydown={on_arrow(props)}>
                { for Tab::ALL.into_iter().map(one) }
            </div>
            <section id="panel" class="panel" role="tabpanel"
                aria-labelledby={format!("tab-{}", props.tab.id())}
                data-test={format!("panel-{}", props.tab.id())}>
                { panel(props) }
            </section>
        </>
    }
}

fn count(tab: Tab, props: &Props) -> String {
    let report = &props.review.report;
    let n = match tab {
        Tab::Findings => report.findings.len(),
        Tab::Matrix => return String::new(),
        Tab::Queries => report.queries.len(),
        Tab::Plans => report.plans.len(),
        Tab::Tables => report.tables.len(),
        Tab::Input => report.diagnostics.len(),
        Tab::Against => match &report.against {
            Some(against) => against.queries.iter().filter(|one| one.verdict.is_loss()).count(),
            None => return String::new(),
        },
        Tab::WhatIf => props.options.trials.len() + props.options.decisions.len(),
    };
    // Of these there are mostly none, and that says nothing.
    let is_rare = matches!(tab, Tab::Input | Tab::Against | Tab::WhatIf);
    if n == 0 && is_rare { String::new() } else { n.to_string() }
}

/// Left and right move between the tabs, as in every list of tabs.
fn on_arrow(props: &Props) -> Callback<KeyboardEvent> {
    let (send, tab) = (props.send.clone(), props.tab);
    Callback::from(move |event: KeyboardEvent| {
        let n = Tab::ALL.len();
        let at = Tab::ALL.iter().position(|other| *other == tab).unwrap_or(0);
        let next = match event.key().as_str() {
            "ArrowRight" => (at + 1) % n,
            "ArrowLeft" => (at + n - 1) % n,
            "Home" => 0,
            "End" => n - 1,
            _ => return,
        };
        event.prevent_default();
        if let Some(tab) = Tab::ALL.get(next) {
            send.emit(Msg::Show(*tab));
            effect::focus(&format!("tab-{}", tab.id()));
        }
    })
}

fn panel(props: &Props) -> Html {
    let (review, send) = (props.review.clone(), props.send.clone());
    match props.tab {
        Tab::Findings => html! {
            <Findings {review} {send} filter={props.filter.clone()} current={props.current}
                unfolded={props.unfolded.clone()} left_out={props.left_out.clone()}
                format={props.format}
                options={props.options.clone()} />
        },
        Tab::Matrix => html! { <MatrixTab {review} {send} /> },
        Tab::Queries => html! { <Queries {review} {send} target={props.query.clone()} /> },
        Tab::Plans => html! { <Plans {review} {send} calibrate={props.options.calibrate} /> },
        Tab::Tables => html! { <Tables {review} {send} /> },
        Tab::Input => html! { <InputTab {review} {send} /> },
        Tab::Against => html! { <AgainstTab {review} {send} /> },
        Tab::WhatIf => html! { <WhatIf {review} {send} options={props.options.clone()} /> },
    }
}
