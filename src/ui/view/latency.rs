//! How long the calls of a query took: a drawing on a scale of equal ratios, and its figures.

use yew::prelude::*;

use crate::report::QueryReport;
use crate::ui::format;

/// Units of the drawing.
const WIDTH: f64 = 480.0;
/// Height of the highest bar.
const HEIGHT: f64 = 40.0;
/// Room at both sides, for half a label.
const SIDE: f64 = 24.0;

/// The lines that mark a figure, with the sign that stands for each: never colour alone.
const MARKS: [(&str, &str); 4] = [("median", "│"), ("95 %", "┆"), ("99 %", "┊"), ("mean", "◆")];

/// The drawing, its figures and the table behind it; nothing where no times are known.
pub fn latency(query: &QueryReport) -> Html {
    let marked = [query.p50_ms, query.p95_ms, query.p99_ms, query.mean_ms];
    let mut figures = vec![("min", "├", query.min_ms)];
    figures.extend(MARKS.iter().zip(marked).map(|((name, sign), ms)| (*name, *sign, ms)));
    figures.push(("max", "┤", query.max_ms));
    figures.push(("standard deviation", "", query.stddev_ms));
    let known: Vec<_> = figures.into_iter().filter(|(_, _, ms)| ms.is_some()).collect();
    if known.len() < 2 {
        return Html::default();
    }
    let drawn = query.min_ms.zip(query.max_ms).filter(|(min, max)| max > min);
    let figure = |(name, sign, ms): (&'static str, &'static str, Option<f64>)| {
        html! {
            <div>
                <dt><span class="sign" aria-hidden="true">{ sign }</span>{ name }</dt>
                <dd>{ ms.map(format::duration).unwrap_or_default() }</dd>
            </div>
        }
    };
    html! {
        <section class="latency" data-test="latency">
            <h4>{ "Time of a call" }</h4>
            if let Some(range) = drawn { { drawing(query, range, marked) } }
            <dl class="figures">{ for known.into_iter().map(figure) }</dl>
            { table(query) }
        </section>
    }
}

fn drawing(query: &QueryReport, (min, max): (f64, f64), marked: [Option<f64>; 4]) -> Html {
    let bars = &query.latency;
    let from = bars.first().map_or(min, |bar| bar.0.min(min)).max(0.001);
    let to = bars.last().map_or(max, |bar| bar.1.max(max)).max(from * 1.01);
    let x = |ms: f64| WIDTH * libm::log10(ms.clamp(from, to) / from) / libm::log10(to / from);
    let most = bars.iter().map(|bar| bar.2).fold(1.0, f64::max);
    let bar = |(from, to, n): &(f64, f64, f64)| {
        let (left, height) = (x(*from), (HEIGHT * n / most).max(1.0));
        html! {
            <rect class="latency-bar" x={units(left)} width={units((x(*to) - left - 0.6).max(0.6))}
                y={units(HEIGHT - height)} height={units(height)} />
        }
    };
    let [p50, p95, p99, mean] = marked;
    let line = |ms: Option<f64>, class: &'static str| {
        ms.map(|ms| {
            let x = units(x(ms));
            html! { <line class={class} x1={x.clone()} x2={x} y1="-8" y2={units(HEIGHT)} /> }
        })
    };
    let diamond = mean.map(|ms| format!("M{:.1} {:.1}l5 5l-5 5l-5 -5z", x(ms), HEIGHT - 5.0));
    let spread = mean.zip(query.stddev_ms).filter(|_| bars.is_empty());
    html! {
        <svg class="curve latency-drawing" aria-hidden="true" focusable="false"
            viewBox={format!("0 0 {} {}", WIDTH + 2.0 * SIDE, HEIGHT + 34.0)}>
            <g transform={format!("translate({SIDE} 12)")}>
                { for bars.iter().map(bar) }
                if let Some((mean, deviation)) = spread {
                    <rect class="latency-bar" x={units(x(mean - deviation))} y="12" height="16"
                        width={units(x(mean + deviation) - x(mean - deviation))} />
                }
                <line class="latency-range" x1={units(x(min))} x2={units(x(max))}
                    y1={units(HEIGHT)} y2={units(HEIGHT)} />
                { for [min, max].into_iter().filter_map(|ms| line(Some(ms), "latency-end")) }
                { for line(p50, "latency-mark") }
                { for line(p95, "latency-mark latency-p95") }
                { for line(p99, "latency-mark latency-p99") }
                if let Some(d) = diamond { <path class="latency-mean" {d} /> }
                { for ticks(from, to).into_iter().map(|ms| html! {
                    <text x={units(x(ms))} y={units(HEIGHT + 16.0)} text-anchor="middle">
                        { format::duration(ms) }
                    </text>
                }) }
            </g>
        </svg>
    }
}

fn units(length: f64) -> String {
    format!("{length:.1}")
}

/// Powers of ten between two times; the ends where there are none.
fn ticks(from: f64, to: f64) -> Vec<f64> {
    let powers = (-3..8).map(|n| libm::pow(10.0, f64::from(n)));
    let inside: Vec<f64> = powers.filter(|ms| (from..=to).contains(ms)).collect();
    if inside.is_empty() { vec![from, to] } else { inside }
}

fn table(query: &QueryReport) -> Html {
    if query.latency.is_empty() {
        return Html::default();
    }
    let row = |(from, to, n): &(f64, f64, f64)| {
        html! {
            <tr>
                <td class="number">{ format::duration(*from) }</td>
                <td class="number">{ format::duration(*to) }</td>
                <td class="number">{ format::count(*n) }</td>
            </tr>
        }
    };
    html! {
        <details>
            <summary>{ "As a table" }</summary>
            <p class="hint">{ "Percentiles are read off classes of time: they are right within 3 %." }</p>
            <table class="plain points">
                <thead><tr>
                    <th scope="col" class="number">{ "From" }</th>
                    <th scope="col" class="number">{ "To" }</th>
                    <th scope="col" class="number">{ "Calls" }</th>
                </tr></thead>
                <tbody>{ for query.latency.iter().map(row) }</tbody>
            </table>
        </details>
    }
}
