//! A plan as nested lists: what each node does, its rows and times, and marks where it hurts.

use serde_json::Value;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;

use crate::read::plan_node::PlanNode;
use crate::report::{Note, NoteKind};
use crate::ui::format;
use crate::ui::plan_marks;
use crate::ui::view::parts;

/// Deeper nodes are only counted.
const DEPTH_MAX: usize = 60;

/// Properties that say what a node does; the others are folded away.
const MAIN: &[&str] = &[
    "Index Cond",
    "Recheck Cond",
    "Hash Cond",
    "Merge Cond",
    "Join Filter",
    "Filter",
    "Rows Removed by Filter",
    "Rows Removed by Join Filter",
    "Rows Removed by Index Recheck",
    "Heap Fetches",
    "Sort Key",
    "Presorted Key",
    "Group Key",
    "Sort Method",
    "One-Time Filter",
    "Order By",
    "Extra",
    "Hypothetical",
];

/// Properties that the headline says already.
const IN_HEADLINE: &[&str] = &["Join Type", "Scan Direction", "Subplan Name"];

/// What all nodes of a tree share.
struct Tree<'a> {
    root_ms: f64,
    notes: &'a [Note],
}

/// The whole tree, with what there is to say of its nodes beside another plan.
pub fn tree(plan: &PlanNode, notes: &[Note]) -> Html {
    let tree = Tree { root_ms: plan_marks::total_ms(plan).unwrap_or(0.0), notes };
    html! {
        <ul class="plan-tree" onkeydown={Callback::from(on_key)}>{ node(plan, &tree, 0, 0, false) }</ul>
    }
}

/// Up and down go from node to node, left and right fold and unfold, as in every tree.
fn on_key(event: KeyboardEvent) {
    let summary = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
    let Some(summary) = summary.filter(|one| one.tag_name() == "SUMMARY") else { return };
    let go = |step: isize| {
        let list = summary.closest(".plan-tree").ok()??.query_selector_all("summary").ok()?;
        let all = (0..list.length()).filter_map(|at| list.get(at)?.dyn_into::<HtmlElement>().ok());
        // What is folded away has no box.
        let shown: Vec<HtmlElement> =
            all.filter(|one| one.get_client_rects().length() > 0).collect();
        let at = shown.iter().position(|one| *one == summary)?;
        shown.get(at.checked_add_signed(step)?)?.focus().ok()
    };
    let fold = |open: bool| {
        let details = summary.parent_element()?;
        if open { details.set_attribute("open", "") } else { details.remove_attribute("open") }.ok()
    };
    let done = match event.key().as_str() {
        "ArrowDown" => go(1),
        "ArrowUp" => go(-1),
        "ArrowRight" => fold(true),
        "ArrowLeft" => fold(false),
        _ => return,
    };
    if done.is_some() {
        event.prevent_default();
    }
}

/// How a node differs from the other plan, if it does.
fn difference(notes: &[&Note]) -> Option<(&'static str, &'static str, &'static str)> {
    let has = |kind: NoteKind| notes.iter().any(|note| note.kind == kind);
    if has(NoteKind::New) {
        Some(("node-new", "+", "new: "))
    } else if has(NoteKind::Gone) {
        Some(("node-gone", "−", "gone: "))
    } else if has(NoteKind::Changed) {
        Some(("node-changed", "→", "changed: "))
    } else {
        None
    }
}

/// `at`: the number of the node, parents first.
fn node(plan: &PlanNode, tree: &Tree<'_>, at: usize, depth: usize, limited: bool) -> Html {
    let root_ms = tree.root_ms;
    let marks = plan_marks::marks(plan, root_ms, limited);
    let notes: Vec<&Note> = tree.notes.iter().filter(|note| note.node == at).collect();
    let limits = limited || plan.node_type == "Limit";
    let mut next = at + 1;
    let child = |child: &PlanNode| {
        let at = next;
        next += count(child);
        node(child, tree, at, depth + 1, limits)
    };
    let hidden = if depth >= DEPTH_MAX { count(plan) - 1 } else { 0 };
    let differs = difference(&notes);
    html! {
        <li class={classes!("node", (!marks.is_empty()).then_some("marked"), differs.map(|d| d.0))}>
            <details open=true>
                <summary>
                    <span class="node-title">
                        if let Some((_, sign, word)) = differs {
                            <span class="sign" aria-hidden="true">{ sign }{ " " }</span>
                            <span class="visually-hidden">{ word }</span>
                        }
                        { headline(plan) }
                    </span>
                    { numbers(plan, root_ms) }
                </summary>
                if !marks.is_empty() {
                    <ul class="marks">
                        { for marks.into_iter().map(|mark| html! { <li class="mark">{ "▲ " }{ mark }</li> }) }
                    </ul>
                }
                if !notes.is_empty() {
                    <ul class="marks">{ for notes.into_iter().map(note) }</ul>
                }
                { properties(plan) }
                if hidden > 0 {
                    <p class="hint">{ format!("{hidden} deeper nodes are not shown") }</p>
                } else if !plan.plans.is_empty() {
                    <ul>{ for plan.plans.iter().map(child) }</ul>
                }
            </details>
        </li>
    }
}

/// A difference, told by a sign and in words.
fn note(note: &Note) -> Html {
    let (sign, class) = match note.kind {
        NoteKind::New => ("+", "note-new"),
        NoteKind::Gone => ("−", "note-gone"),
        NoteKind::Changed => ("→", "note-changed"),
        NoteKind::Rows => ("≠", "note-differs"),
        NoteKind::Path => ("⇄", "note-differs"),
    };
    html! {
        <li class={classes!("note", class)} data-test="note">
            <span class="sign" aria-hidden="true">{ sign }</span>{ " " }
            { format::unbroken_numbers(&note.text) }
        </li>
    }
}

fn count(plan: &PlanNode) -> usize {
    let mut n = 0;
    plan.walk(&mut |_| n += 1);
    n
}

fn headline(plan: &PlanNode) -> Html {
    let relation = plan.relation_name.as_ref().map(|relation| match &plan.alias {
        Some(alias) if alias != relation => format!("{relation} {alias}"),
        _ => relation.clone(),
    });
    let subplan = plan.text("Subplan Name").map(str::to_owned);
    let join = plan.text("Join Type").filter(|join| *join != "Inner").map(str::to_owned);
    let backward = plan.text("Scan Direction") == Some("Backward");
    html! {
        <>
            if let Some(subplan) = subplan { <span class="subplan">{ subplan }{ ": " }</span> }
            <strong>{ plan.node_type.clone() }</strong>
            if let Some(join) = join { { format!(" ({join})") } }
            if backward { { " backward" } }
            if let Some(index) = &plan.index_name {
                { " using " }<span class="name">{ index.clone() }</span>
            }
            if let Some(relation) = relation {
                { " on " }<span class="name">{ relation }</span>
            }
        </>
    }
}

/// The figures of a node, each with its word: a plan is read aloud as well.
fn numbers(plan: &PlanNode, root_ms: f64) -> Html {
    let own = plan_marks::own_ms(plan);
    let loops = plan.actual_loops.unwrap_or(1.0);
    let rows = match (plan.plan_rows, plan.actual_rows) {
        (_, Some(_)) if loops == 0.0 => "never executed".to_owned(),
        (Some(estimate), Some(actual)) => {
            format!("{}, estimated {}", format::rows(actual), format::count(estimate))
        }
        (None, Some(actual)) => format::rows(actual),
        (Some(estimate), None) => format!("≈ {}", format::rows(estimate)),
        (None, None) => String::new(),
    };
    html! {
        <span class="node-numbers">
            <span class="node-rows">
                { rows }if loops > 1.0 { { format!(" × {} loops", format::count(loops)) } }
            </span>
            if let Some(width) = plan.plan_width {
                <span class="node-width">{ format!("{width:.0} B") }</span>
            }
            if let Some(cost) = plan.total_cost {
                <span class="node-cost">{ "cost " }{ format::cost(cost) }</span>
            }
            if let Some(own) = own {
                <span class="node-time">{ format::duration(own) }{ " here" }</span>
                { parts::bar(0.0, own, root_ms.max(own)) }
            }
        </span>
    }
}

fn properties(plan: &PlanNode) -> Html {
    let buffers = plan_marks::buffers(plan);
    let main = MAIN.iter().filter_map(|name| Some((*name, plan.more.get(*name)?)));
    let rest: Vec<_> = plan.more.iter().filter(|(name, value)| is_rest(name, value)).collect();
    html! {
        <>
            <dl class="conditions">
                { for main.map(|(name, value)| property(name, value)) }
                if let Some(buffers) = buffers { { property("Buffers", &Value::String(buffers)) } }
            </dl>
            if !rest.is_empty() {
                <details class="rest">
                    <summary>{ format!("{} more", rest.len()) }</summary>
                    <dl class="conditions">
                        { for rest.into_iter().map(|(name, value)| property(name, value)) }
                    </dl>
                </details>
            }
        </>
    }
}

/// Neither shown already nor saying nothing.
fn is_rest(name: &str, value: &Value) -> bool {
    let shown = MAIN.contains(&name) || IN_HEADLINE.contains(&name) || name.ends_with(" Blocks");
    let says_nothing = value.as_f64() == Some(0.0) || value.as_bool() == Some(false);
    !shown && !says_nothing
}

fn property(name: &str, value: &Value) -> Html {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.as_f64().map_or_else(|| number.to_string(), format::count),
        Value::Array(list) if list.iter().all(Value::is_string) => {
            list.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", ")
        }
        other => other.to_string(),
    };
    html! { <div><dt>{ name.to_owned() }</dt><dd><code>{ text }</code></dd></div> }
}
