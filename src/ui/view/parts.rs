//! Small things that several views are made of.

use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;
use yew::prelude::*;

use crate::diagnostic::Place;
use crate::dialect::Dialect;
use crate::estimate::Basis;
use crate::ui::export;
use crate::ui::format;
use crate::ui::piece::Excerpt;
use crate::ui::state::Msg;
use crate::ui::view::sql::Sql;

/// Sends a message when clicked.
pub fn on_click(send: &Callback<Msg>, msg: impl Fn() -> Msg + 'static) -> Callback<MouseEvent> {
    let send = send.clone();
    Callback::from(move |_| send.emit(msg()))
}

/// A button that copies a text.
pub fn copy_button(send: &Callback<Msg>, text: String, what: &'static str) -> Html {
    let label = format!("Copy {what}");
    let onclick = on_click(send, move || Msg::Copy(text.clone(), what));
    html! {
        <button type="button" class="copy" {onclick} aria-label={label} data-test="copy">
            { "Copy" }
        </button>
    }
}

/// Statements, to be read and copied.
pub fn statements(
    send: &Callback<Msg>,
    list: &[String],
    dialect: Dialect,
    what: &'static str,
) -> Html {
    let lines: Vec<String> = list.iter().map(|s| export::terminated(s)).collect();
    let text = lines.join("\n");
    html! {
        <div class="code-block">
            { copy_button(send, text.clone(), what) }
            <pre tabindex="0"><Sql {text} {dialect} /></pre>
        </div>
    }
}

/// The basis of a number, as it stands behind it.
pub fn basis(basis: Basis) -> Html {
    let class = if basis == Basis::Default { "basis basis-default" } else { "basis" };
    html! { <span {class} title={format::basis_meaning(basis)}>{ format::basis(basis) }</span> }
}

/// The basis of a table's size, which may have been calibrated.
pub fn basis_of_size(basis: Basis, calibrated: bool) -> Html {
    if basis == Basis::Plan && calibrated {
        return html! {
            <span class="basis" title="what a pasted plan measured goes before the statistics">
                { "calibrated from your plan" }
            </span>
        };
    }
    self::basis(basis)
}

/// A name that may be cut behind each `_` and `,` at the end of a line.
pub fn cuttable(name: &str) -> Html {
    let parts = name.split_inclusive(['_', ',', '.']).map(str::to_owned);
    html! { for part in parts { { part }<wbr /> } }
}

/// A link to a place in the input.
pub fn place(send: &Callback<Msg>, place: &Place) -> Html {
    let label = format!("{}:{}", place.name, place.line);
    let target = place.clone();
    let onclick = on_click(send, move || Msg::Jump(target.clone()));
    html! {
        <button type="button" class="place" {onclick} title="Show this line in the input"
            data-test="place">{ label }</button>
    }
}

/// A bar of two lengths: what it cost and what it would.
pub fn bar(before: f64, after: f64, full: f64) -> Html {
    let width = |value: f64| format!("{:.1}%", (100.0 * value / full).clamp(0.0, 100.0));
    let after_class = if before == after { "bar-same" } else { "bar-after" };
    html! {
        <svg class="bar" aria-hidden="true" focusable="false">
            <rect class="bar-before" width={width(before)} height="100%" rx="2" />
            <rect class={after_class} width={width(after)} height="100%" rx="2" />
        </svg>
    }
}

/// `1,204 → 8.4 (143× cheaper)`, or what is known of it.
pub fn costs(before: Option<f64>, after: Option<f64>) -> Html {
    let (Some(before), Some(after)) = (before, after) else {
        let known = before.or(after).map_or_else(|| "not planned".to_owned(), format::cost);
        return html! { <span class="costs">{ known }</span> };
    };
    let gain = format::gain(before, after);
    if (before - after).abs() <= before.abs() * 0.001 {
        return html! { <span class="costs">{ format::cost(before) }</span> };
    }
    html! {
        <span class="costs">
            { format::cost(before) }<span class="arrow" aria-label="to">{ " → " }</span>
            <strong>{ format::cost(after) }</strong>
            <span class={if after < before { "gain" } else { "loss" }}>{ format!(" {gain}") }</span>
        </span>
    }
}

/// Lines of the input with their numbers, and a mark under the place.
pub fn excerpt(excerpt: &Excerpt, line: usize, column: usize) -> Html {
    let numbered = (excerpt.first..).zip(&excerpt.lines).map(|(number, text)| {
        let hit = number == line;
        let caret = format!("{}^", " ".repeat(column.saturating_sub(1).min(text.chars().count())));
        html! {
            <>
                <span class={classes!("line", hit.then_some("hit"))}>
                    <span class="line-number">{ number }</span>
                    <span class="line-text">{ text.replace('\t', " ") }</span>
                </span>
                if hit {
                    <span class="line caret" aria-hidden="true">
                        <span class="line-number"></span><span class="line-text">{ caret }</span>
                    </span>
                }
            </>
        }
    });
    html! { <pre class="excerpt" tabindex="0">{ for numbered }</pre> }
}

/// A field that narrows a list to what has its words.
pub fn search(label: &'static str, words: &UseStateHandle<String>, test: &'static str) -> Html {
    let oninput = {
        let words = words.clone();
        Callback::from(move |event: InputEvent| {
            let field = event.target().and_then(|t| t.dyn_into::<HtmlInputElement>().ok());
            if let Some(field) = field {
                words.set(field.value());
            }
        })
    };
    html! {
        <input type="search" placeholder={label} aria-label={label} value={(**words).clone()} {oninput}
            spellcheck="false" data-test={test} />
    }
}

/// "Show all 212" under a list that was cut.
pub fn show_all(shown: usize, total: usize, all: &UseStateHandle<bool>) -> Html {
    if shown >= total {
        return Html::default();
    }
    let all = all.clone();
    let onclick = Callback::from(move |_: MouseEvent| all.set(true));
    html! {
        <p class="show-all">
            { format!("{shown} of {total} shown. ") }
            <button type="button" {onclick} data-test="show-all">{ format!("Show all {total}") }</button>
        </p>
    }
}

/// What is said where there is nothing to show.
pub fn nothing(what: &str, help: &str) -> Html {
    html! { <div class="nothing"><p>{ what.to_owned() }</p><p>{ help.to_owned() }</p></div> }
}
