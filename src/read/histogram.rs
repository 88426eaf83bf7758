//! Durations of many calls in little room, so that percentiles of two halves of a log can be joined.

use crate::sorted::SortedMap;

/// Classes for each factor of ten: each reaches 5.9 % further than it begins.
const CLASSES: f64 = 40.0;

/// How many calls took about how long.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Histogram {
    /// Calls by class.
    counts: SortedMap<i16, f64>,
}

impl Histogram {
    /// Of one call.
    pub fn of_call(ms: f64) -> Histogram {
        Histogram { counts: SortedMap::from([(class(ms), 1.0)]) }
    }

    /// Adds another one.
    pub fn add(&mut self, other: &Histogram) {
        for (class, n) in other.counts.iter() {
            *self.counts.get_or_default(*class) += n;
        }
    }

    /// Calls in it.
    pub fn n_calls(&self) -> f64 {
        self.counts.values().sum()
    }

    /// The time that this part of the calls do not exceed, within 3 %.
    pub fn percentile(&self, part: f64) -> Option<f64> {
        let wanted = part.clamp(0.0, 1.0) * self.n_calls();
        let mut below = 0.0;
        let reached = |n: &f64| {
            below += n;
            below >= wanted
        };
        let mut reached = reached;
        let (class, _) = self.counts.iter().find(|(_, n)| reached(n))?;
        Some(edge(f64::from(*class) + 0.5))
    }

    /// From, to, calls; each class ten to the `1 / per_ten` wide, those without calls left out.
    pub fn bars(&self, per_ten: f64) -> Vec<(f64, f64, f64)> {
        let mut bars: SortedMap<i64, f64> = SortedMap::new();
        for (class, n) in self.counts.iter() {
            // A class stands whole in the bar that its middle is in.
            let bar = libm::floor((f64::from(*class) + 0.5) / CLASSES * per_ten);
            *bars.get_or_default(bar as i64) += n;
        }
        let at = |bar: i64| edge(bar as f64 / per_ten * CLASSES);
        bars.into_iter().map(|(bar, n)| (at(bar), at(bar + 1), n)).collect()
    }
}

/// The class that a time is in; a microsecond and less is one class.
fn class(ms: f64) -> i16 {
    let class = libm::floor(CLASSES * libm::log10(ms.max(0.001)));
    class.clamp(f64::from(i16::MIN), f64::from(i16::MAX)) as i16
}

/// Where a class begins, in milliseconds.
fn edge(class: f64) -> f64 {
    libm::pow(10.0, class / CLASSES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_within_three_percent_and_halves_join() {
        let (mut whole, mut left, mut right) =
            (Histogram::default(), Histogram::default(), Histogram::default());
        for i in 1..=1000 {
            let one = Histogram::of_call(f64::from(i) / 10.0);
            whole.add(&one);
            if i % 3 == 0 { left.add(&one) } else { right.add(&one) }
        }
        for (part, ms) in [(0.5, 50.0), (0.95, 95.0), (0.99, 99.0), (1.0, 100.0)] {
            let got = whole.percentile(part).unwrap();
            assert!((got / ms - 1.0).abs() < 0.06, "{part}: {got}");
        }
        left.add(&right);
        assert_eq!(left, whole);
        let bars = whole.bars(5.0);
        assert_eq!(bars.iter().map(|bar| bar.2).sum::<f64>(), 1000.0);
        assert!(bars.windows(2).all(|pair| (pair[0].1 / pair[1].0 - 1.0).abs() < 1e-9));
        assert_eq!(Histogram::default().percentile(0.5), None);
        assert!(Histogram::of_call(f64::NAN).percentile(0.5).is_some());
        assert!(Histogram::of_call(0.0).percentile(0.5).is_some_and(|ms| ms > 0.0));
    }
}
