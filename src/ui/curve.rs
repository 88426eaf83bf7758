//! Where the points of the front stand in a drawing, and what is said of them.

use crate::advise::{FrontPoint, FrontReport};
use crate::report::Report;
use crate::ui::format;

/// A cost below this part of today's is lost at the foot of a linear scale.
const LINEAR_MIN: f64 = 0.1;

/// Width of the drawing, without its labels.
pub const WIDTH: f64 = 320.0;
/// Height of the drawing, without its labels.
pub const HEIGHT: f64 = 130.0;

/// The lowest part of today's cost that a scale goes down to.
const PART_MIN: f64 = 1e-6;

/// A size below this part of the largest is lost at the left of a linear scale.
const ROOT_BELOW: f64 = 0.02;

/// From sizes and costs to a drawing of this many units.
#[derive(Debug, Clone, PartialEq)]
pub struct Scale {
    /// Units.
    pub width: f64,
    /// Units.
    pub height: f64,
    /// Largest size.
    pub bytes_max: f64,
    /// Cost of the workload today.
    pub today: f64,
    /// Sizes are so different that equal lengths are equal square roots of them.
    pub is_root: bool,
    /// Equal lengths are equal ratios: the lowest part of today's cost on the scale.
    pub log_from: Option<f64>,
}

impl Scale {
    /// The scale on which all points are told apart.
    pub fn new(front: &FrontReport, today: f64, width: f64, height: f64) -> Scale {
        let bytes_max = front.points.iter().map(|point| point.size_bytes).fold(1.0, f64::max);
        let parts =
            front.points.iter().map(|point| point.cost_after / today.max(f64::MIN_POSITIVE));
        let least = parts.fold(1.0, f64::min).max(PART_MIN);
        let mut from = 1.0;
        while from > least {
            from /= 10.0;
        }
        let log_from = (least < LINEAR_MIN).then_some(from);
        let smallest = front.points.iter().map(|point| point.size_bytes).find(|bytes| *bytes > 0.0);
        let is_root = smallest.is_some_and(|bytes| bytes < ROOT_BELOW * bytes_max);
        Scale { width, height, bytes_max, is_root, today, log_from }
    }

    /// From the left.
    pub fn x(&self, bytes: f64) -> f64 {
        let part = (bytes / self.bytes_max).clamp(0.0, 1.0);
        self.width * if self.is_root { libm::sqrt(part) } else { part }
    }

    /// From the top.
    pub fn y(&self, cost: f64) -> f64 {
        self.y_of_part(cost / self.today.max(f64::MIN_POSITIVE))
    }

    /// From the top, of a part of today's cost.
    pub fn y_of_part(&self, part: f64) -> f64 {
        let down = match self.log_from {
            Some(from) => libm::log10(part.max(from)) / libm::log10(from),
            None => 1.0 - part,
        };
        self.height * down.clamp(0.0, 1.0)
    }

    /// Parts of today's cost that get a line.
    pub fn ticks(&self) -> Vec<f64> {
        let Some(from) = self.log_from else { return vec![1.0, 0.75, 0.5, 0.25, 0.0] };
        let mut ticks = vec![1.0];
        let mut part = 0.1;
        while part >= from * 0.5 {
            ticks.push(part);
            part /= 10.0;
        }
        ticks
    }

    /// The outline: what each size buys, until the next one.
    pub fn steps(&self, points: &[FrontPoint]) -> String {
        let mut path = String::new();
        for point in points {
            let (x, y) = (self.x(point.size_bytes), self.y(point.cost_after));
            path.push_str(&match path.is_empty() {
                true => format!("M{x:.1} {y:.1}"),
                false => format!("H{x:.1}V{y:.1}"),
            });
        }
        if !path.is_empty() {
            path.push_str(&format!("H{:.1}", self.width));
        }
        path
    }
}

/// The point that the review has chosen, or the largest that is not larger.
pub fn chosen(report: &Report) -> usize {
    let within = |point: &FrontPoint| point.size_bytes <= report.summary.size_bytes;
    let below = || report.front.points.iter().rposition(within);
    report.front.chosen.or_else(below).unwrap_or(0)
}

/// `1.6 %`, of what it costs today.
pub fn percent(cost: f64, today: f64) -> String {
    let percent = 100.0 * cost / today.max(f64::MIN_POSITIVE);
    match percent {
        p if p >= 99.95 => format!("{p:.0} %"),
        p if p >= 0.095 => format!("{p:.1} %"),
        p if p >= 0.001 => format!("{p:.3} %"),
        p => format!("{p:.1e} %"),
    }
}

/// `5 indexes, 61.5 MB, cost 1.6 % of today's`
pub fn describe(point: &FrontPoint, today: f64) -> String {
    let indexes = match point.create.len() {
        0 => "no new index".to_owned(),
        n => format!(
            "{}, {}",
            format::counted(n, "index", "indexes"),
            format::bytes(point.size_bytes)
        ),
    };
    format!("{indexes}, cost {} of today's", percent(point.cost_after, today))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn front(costs: &[f64]) -> FrontReport {
        let point = |(at, cost): (usize, &f64)| FrontPoint {
            size_bytes: 1e6 * at as f64,
            cost_after: *cost,
            create: vec![String::new(); at],
        };
        let points = costs.iter().enumerate().map(point).collect();
        FrontReport { points, chosen: None, gap_percent: None }
    }

    #[test]
    fn points_near_zero_are_told_apart() {
        let linear = Scale::new(&front(&[100.0, 50.0, 20.0]), 100.0, 300.0, 100.0);
        assert_eq!((linear.y(100.0), linear.y(50.0), linear.x(1e6)), (0.0, 50.0, 150.0));
        let log = Scale::new(&front(&[100.0, 1.0, 0.2]), 100.0, 300.0, 90.0);
        assert_eq!(log.ticks().len(), 4);
        assert!((log.y(1.0) - 60.0).abs() < 1e-9 && log.y(0.2) < 90.0, "{log:?}");
        let none = Scale::new(&front(&[0.0]), 0.0, 300.0, 90.0);
        assert!(none.y(0.0).is_finite() && none.x(0.0) == 0.0);
    }

    #[test]
    fn a_point_in_words() {
        let front = front(&[100.0, 1.6]);
        let words = |at: usize| front.points.get(at).map(|point| describe(point, 100.0));
        let one = "1\u{a0}index, 977\u{a0}kB, cost 1.6 % of today's";
        assert_eq!(words(1).as_deref(), Some(one));
        assert_eq!(words(0).as_deref(), Some("no new index, cost 100 % of today's"));
    }

    #[test]
    fn a_step_line_goes_down_after_it_went_right() {
        let front = front(&[100.0, 50.0]);
        let scale = Scale::new(&front, 100.0, 10.0, 10.0);
        assert_eq!(scale.steps(&front.points), "M0.0 0.0H10.0V5.0H10.0");
    }
}
