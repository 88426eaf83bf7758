//! What other sizes would buy: a few points of the front, in words.

use super::data::{FrontPoint, Report};
use super::units::{bytes, plural};

use crate::order;

/// Fewer points say nothing that the suggestion does not.
const POINTS_MIN: usize = 4;

/// Points that are shown beside the chosen one.
const SHOWN_MAX: usize = 6;

/// A point is shown when it saves so much of what the one before leaves.
const STEP_MIN: f64 = 0.1;

/// Further from the bound, the bound says nothing.
const GAP_PERCENT_MAX: f64 = 100.0;

/// One line a point, from the smallest; then how far the suggestion can be from the best.
pub fn size_lines(report: &Report) -> Vec<String> {
    let front = &report.front;
    let base = report.summary.cost_before;
    if front.points.len() < POINTS_MIN || base <= 0.0 {
        return Vec::new();
    }
    let shown = shown(&front.points, front.chosen);
    let mut lines: Vec<String> = shown
        .into_iter()
        .filter_map(|at| {
            let mark = if front.chosen == Some(at) { ", suggested here" } else { "" };
            front.points.get(at).map(|point| format!("{}{mark}", line(point, base)))
        })
        .collect();
    if let Some(gap) = front.gap_percent.filter(|gap| *gap < GAP_PERCENT_MAX) {
        lines.push(format!(
            "no set of candidates of the suggested size is more than {:.0} % better, under this model",
            gap.max(0.0).ceil()
        ));
    }
    lines
}

fn line(point: &FrontPoint, base: f64) -> String {
    let indexes = plural(point.create.len(), "index", "indexes");
    let part = 100.0 * point.cost_after / base;
    let digits = if part < 0.1 { 3 } else { usize::from(part < 10.0) };
    format!("{} in {indexes}: {part:.digits$} % of the cost", bytes(point.size_bytes))
}

/// Positions of the chosen point and of those after which the most is saved.
fn shown(points: &[FrontPoint], chosen: Option<usize>) -> Vec<usize> {
    let mut steps: Vec<(f64, usize)> = Vec::new();
    let mut left = points.first().map_or(0.0, |point| point.cost_after);
    for (at, point) in points.iter().enumerate().skip(1) {
        let saved = 1.0 - point.cost_after / left.max(f64::MIN_POSITIVE);
        if saved >= STEP_MIN {
            steps.push((saved, at));
            left = point.cost_after;
        }
    }
    order::sort_by(&mut steps, |a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut shown: Vec<usize> = steps.into_iter().map(|(_, at)| at).take(SHOWN_MAX).collect();
    shown.extend(chosen.filter(|at| *at > 0));
    order::sort(&mut shown);
    shown.dedup();
    shown
}
