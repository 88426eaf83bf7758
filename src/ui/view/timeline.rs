//! The time line of a log: how much ran when, and where one session ran the same query many times in
//! a row.

use yew::prelude::*;

use crate::order;
use crate::report::{Burst, QueryReport, Report, TimelineReport, TimelineStep};
use crate::ui::format::{self, counted};
use crate::ui::state::Msg;
use crate::ui::view::parts::{self, on_click};

/// Units of the drawing.
const WIDTH: f64 = 720.0;
/// Height of the highest bar.
const HEIGHT: f64 = 60.0;
/// Room above, for the marks of bursts.
const TOP: f64 = 14.0;
/// Bursts listed before the rest is folded away.
const SHOWN: usize = 8;

/// The time line, where the log says when.
pub fn timeline(report: &Report, send: &Callback<Msg>) -> Html {
    let Some(line) = &report.timeline else { return Html::default() };
    if line.steps.len() < 2 {
        return Html::default();
    }
    html! {
        <details class="timeline" open=true data-test="timeline">
            <summary><strong>{ "Time line of the log" }</strong>{ " " }{ headline(line) }</summary>
            { drawing(line) }
            { bursts(report, line, send) }
            <details class="inner">
                <summary>{ format!("All {} steps as a table", line.steps.len()) }</summary>
                { table(line) }
            </details>
        </details>
    }
}

fn headline(line: &TimelineReport) -> String {
    let calls: f64 = line.steps.iter().map(|step| step.calls).sum();
    let calls = counted(calls as usize, "call", "calls");
    let sessions = counted(line.n_sessions, "session", "sessions");
    let span = format::duration(line.step_ms * line.steps.len() as f64);
    let found = match line.n_bursts {
        0 => "no bursts".to_owned(),
        n => counted(n, "burst", "bursts"),
    };
    format!("from {}, {span}: {calls} of {sessions}, {found}", line.from)
}

fn units(length: f64) -> String {
    format!("{length:.2}")
}

fn drawing(line: &TimelineReport) -> Html {
    let n = line.steps.len() as f64;
    let most = line.steps.iter().map(|step| step.calls).fold(1.0, f64::max);
    let width = WIDTH / n;
    let height = |calls: f64| HEIGHT * calls / most;
    let step = |(at, step): (usize, &TimelineStep)| {
        let (left, all, burst) = (at as f64 * width, height(step.calls), height(step.in_bursts));
        html! {
            <g>
                <title>{ words(line, at, step) }</title>
                <rect class="time-bar" x={units(left)} y={units(HEIGHT - all)}
                    width={units((width - 0.8).max(0.8))} height={units(all)} />
                if step.in_bursts > 0.0 {
                    <rect class="time-burst" x={units(left)} y={units(HEIGHT - burst)}
                        width={units((width - 0.8).max(0.8))} height={units(burst)} />
                    <path class="time-mark" d={format!("M{:.1} -3l4 -7h-8z", left + width / 2.0)} />
                }
            </g>
        }
    };
    html! {
        <>
            <svg class="time-drawing" aria-hidden="true" focusable="false" preserveAspectRatio="none"
                viewBox={format!("0 0 {WIDTH} {}", TOP + HEIGHT + 1.0)}>
                <g transform={format!("translate(0 {TOP})")}>
                    { for line.steps.iter().enumerate().map(step) }
                    <line class="curve-grid" x1="0" x2={units(WIDTH)} y1={units(HEIGHT)}
                        y2={units(HEIGHT)} />
                </g>
            </svg>
            <p class="time-axis">
                { for [0.0, 0.5, 1.0].map(|part| html! { <span>{ time_of(line, part * n) }</span> }) }
            </p>
        </>
    }
}

fn words(line: &TimelineReport, at: usize, step: &TimelineStep) -> String {
    let (from, calls) = (time_of(line, at as f64), format::count(step.calls));
    let total = format::duration(step.total_ms);
    match step.in_bursts {
        n if n > 0.0 => format!("{from}: {calls} calls, {} in bursts, {total}", format::count(n)),
        _ => format!("{from}: {calls} calls, {total}"),
    }
}

/// The time of day at a step: hours to milliseconds, or the date as well where steps are long.
fn time_of(line: &TimelineReport, step: f64) -> String {
    let part = |from: usize, to: usize| {
        line.from.get(from..to).and_then(|digits| digits.parse::<f64>().ok()).unwrap_or(0.0)
    };
    let start =
        ((part(11, 13) * 60.0 + part(14, 16)) * 60.0 + part(17, 19)) * 1000.0 + part(20, 23);
    let ms = start + step * line.step_ms;
    let (days, ms) = (libm::floor(ms / 86_400_000.0), ms % 86_400_000.0);
    let seconds = libm::floor(ms / 1000.0);
    let (hour, minute) = (libm::floor(seconds / 3600.0), libm::floor(seconds / 60.0) % 60.0);
    let clock = format!("{hour:02}:{minute:02}:{:02}", seconds % 60.0);
    match (line.step_ms, days) {
        (step, _) if step < 1000.0 => format!("{clock}.{:03}", libm::floor(ms % 1000.0)),
        (_, days) if days > 0.0 => format!("+{days} d {clock}"),
        _ => clock,
    }
}

fn bursts(report: &Report, line: &TimelineReport, send: &Callback<Msg>) -> Html {
    if line.bursts.is_empty() {
        return html! {
            <p class="hint">
                { "No session ran the same query ten times in a row without a pause: no sign of N+1." }
            </p>
        };
    }
    let mut longest: Vec<&Burst> = line.bursts.iter().collect();
    order::sort_by_key(&mut longest, |burst| std::cmp::Reverse(burst.calls));
    let (shown, rest) = longest.split_at(longest.len().min(SHOWN));
    let list = |bursts: &[&Burst]| {
        html! {
            <div class="table-scroll" tabindex="0"><table class="plain bursts">
                <thead><tr>
                    <th scope="col">{ "At" }</th>
                    <th scope="col">{ "Query" }</th>
                    <th scope="col" class="number">{ "Calls in a row" }</th>
                    <th scope="col" class="number">{ "Within" }</th>
                    <th scope="col" class="number">{ "Their time" }</th>
                    <th scope="col">{ "From line" }</th>
                </tr></thead>
                <tbody>{ for bursts.iter().map(|burst| row(report, burst, send)) }</tbody>
            </table></div>
        }
    };
    html! {
        <>
            <p class="hint">
                <span class="sign" aria-hidden="true">{ "▼ " }</span>
                { "Hatched: one session ran the same query ten times or more in a row, without a pause. \
                   That is how N+1 looks, and a loop that writes row by row: one query with a join or a \
                   list of keys does what all of them do." }
            </p>
            <div data-test="bursts">{ list(shown) }</div>
            if !rest.is_empty() {
                <details class="inner">
                    <summary>{ format!("{} more bursts", rest.len()) }</summary>
                    { list(rest) }
                </details>
            }
        </>
    }
}

fn row(report: &Report, burst: &Burst, send: &Callback<Msg>) -> Html {
    let query = report.queries.iter().find(|query| query.id == burst.query);
    let name = query.and_then(|query| query.name.clone()).unwrap_or_else(|| burst.query.clone());
    let text: Option<String> = query.map(|query| query.normalized.chars().take(90).collect());
    let id = burst.query.clone();
    html! {
        <tr>
            <td class="number">{ burst.at.get(11..).unwrap_or(&burst.at).to_owned() }</td>
            <td>
                <button type="button" class="link"
                    onclick={on_click(send, move || Msg::ShowQuery(id.clone()))}>{ name }</button>
                { " " }<code class="burst-sql">{ text }</code>
            </td>
            <td class="number">{ format::count(burst.calls as f64) }</td>
            <td class="number">{ format::duration(burst.span_ms) }</td>
            <td class="number">
                { if burst.total_ms > 0.0 { format::duration(burst.total_ms) } else { "–".to_owned() } }
            </td>
            <td>if let Some(place) = &burst.source { { parts::place(send, place) } }</td>
        </tr>
    }
}

fn table(line: &TimelineReport) -> Html {
    let row = |(at, step): (usize, &TimelineStep)| {
        html! {
            <tr>
                <td class="number">{ time_of(line, at as f64) }</td>
                <td class="number">{ format::count(step.calls) }</td>
                <td class="number">{ format::count(step.in_bursts) }</td>
                <td class="number">{ format::duration(step.total_ms) }</td>
            </tr>
        }
    };
    html! {
        <div class="table-scroll" tabindex="0"><table class="plain points">
            <thead><tr>
                <th scope="col" class="number">{ "From" }</th>
                <th scope="col" class="number">{ "Calls" }</th>
                <th scope="col" class="number">{ "In bursts" }</th>
                <th scope="col" class="number">{ "Their time" }</th>
            </tr></thead>
            <tbody>{ for line.steps.iter().enumerate().map(row) }</tbody>
        </table></div>
    }
}

/// `2 bursts, up to 40 calls in a row`, where a query has any.
pub fn bursts_of(report: &Report, query: &QueryReport) -> Option<String> {
    let own = report.timeline.iter().flat_map(|line| &line.bursts);
    let calls: Vec<usize> = own.filter(|b| b.query == query.id).map(|b| b.calls).collect();
    let most = calls.iter().max()?;
    let bursts = counted(calls.len(), "burst", "bursts");
    Some(format!("{bursts}, up to {} calls in a row", format::count(*most as f64)))
}
