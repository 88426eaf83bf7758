//! The curve of size and cost as a drawing. Nothing is said here that the slider does not say.

use yew::prelude::*;

use crate::advise::{FrontPoint, FrontReport};
use crate::ui::curve::{self, Scale};
use crate::ui::format;

/// Room at the left for the parts of today's cost.
const LEFT: f64 = 48.0;
/// Room above, for what the height is.
const TOP: f64 = 22.0;
/// Room at the right for half a label.
const RIGHT: f64 = 30.0;
/// Room below for the sizes.
const BOTTOM: f64 = 34.0;

/// The drawing; a click on a point chooses it.
pub fn curve_drawing(
    front: &FrontReport,
    scale: &Scale,
    shown: usize,
    chosen: usize,
    choose: &Callback<usize>,
) -> Html {
    let (width, height) = (scale.width + LEFT + RIGHT, scale.height + TOP + BOTTOM);
    let points = front.points.iter().enumerate();
    html! {
        <svg class="curve" viewBox={format!("0 0 {width} {height}")} aria-hidden="true"
            focusable="false" data-test="curve">
            <g transform={format!("translate({LEFT} {TOP})")}>
                { for scale.ticks().into_iter().map(|part| cost_tick(scale, part)) }
                { for size_parts(scale).into_iter().map(|part| size_tick(scale, part)) }
                <path class="curve-line" d={scale.steps(&front.points)} />
                { for points.map(|(at, point)| dot(scale, point, at, choose)) }
                { for front.points.get(chosen).map(|point| ring(scale, point)) }
                { for front.points.get(shown).filter(|_| shown != chosen).map(|p| mark(scale, p)) }
                <text class="curve-axis" x={length(scale.width)} y={length(scale.height + 30.0)}
                    text-anchor="end">{ "size of the new indexes" }</text>
                <text class="curve-axis" x={length(scale.width)} y="-9" text-anchor="end">
                    { "cost of the workload" }
                </text>
            </g>
        </svg>
    }
}

/// Parts of the largest size that get a label.
fn size_parts(scale: &Scale) -> [f64; 3] {
    if scale.is_root { [0.0, 0.25, 1.0] } else { [0.0, 0.5, 1.0] }
}

fn length(units: f64) -> String {
    format!("{units:.1}")
}

fn cost_tick(scale: &Scale, part: f64) -> Html {
    let y = scale.y_of_part(part);
    let label =
        if part == 0.0 { "0".to_owned() } else { format!("{} %", (1e8 * part).round() / 1e6) };
    html! {
        <>
            <line class="curve-grid" x1="0" x2={length(scale.width)} y1={length(y)} y2={length(y)} />
            <text class="curve-label" x="-6" y={length(y + 3.5)} text-anchor="end">
                { if part == 1.0 { "today".to_owned() } else { label } }
            </text>
        </>
    }
}

fn size_tick(scale: &Scale, part: f64) -> Html {
    let bytes = part * scale.bytes_max;
    let label = if part == 0.0 { "0".to_owned() } else { format::bytes(bytes) };
    html! {
        <text class="curve-label" x={length(scale.x(bytes))} y={length(scale.height + 15.0)}
            text-anchor="middle">{ label }</text>
    }
}

fn dot(scale: &Scale, point: &FrontPoint, at: usize, choose: &Callback<usize>) -> Html {
    let (x, y) = (length(scale.x(point.size_bytes)), length(scale.y(point.cost_after)));
    let choose = choose.clone();
    let onclick = Callback::from(move |_: MouseEvent| choose.emit(at));
    html! {
        <g class="curve-point" {onclick}>
            <title>{ curve::describe(point, scale.today) }</title>
            <circle class="curve-target" cx={x.clone()} cy={y.clone()} r="8" />
            <circle class="curve-dot" cx={x} cy={y} r="2.6" />
        </g>
    }
}

/// Around the point that the review has chosen.
fn ring(scale: &Scale, point: &FrontPoint) -> Html {
    let (x, y) = (length(scale.x(point.size_bytes)), length(scale.y(point.cost_after)));
    html! { <circle class="curve-chosen" cx={x} cy={y} r="6" /> }
}

/// Where the slider is while it is moved: another shape, so that it needs no colour.
fn mark(scale: &Scale, point: &FrontPoint) -> Html {
    let (x, y) = (scale.x(point.size_bytes), scale.y(point.cost_after));
    let corner = format!("M{x:.1} {:.1}l6 6l-6 6l-6 -6z", y - 6.0);
    html! { <path class="curve-moved" d={corner} /> }
}
