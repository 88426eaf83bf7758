//! How good can any choice be? A lower bound of the objective over all sets of at most some size, so that
//! a review can say how far its choice is at most from the best set of these candidates.
//!
//! A Lagrangian relaxation. Every byte gets a price, and an index costs its writes and its bytes. That is
//! shared evenly among the queries that the index could serve, and each query chooses for itself: nothing,
//! one index, or what all of them give for the two smallest shares. Any real set pays at least as much,
//! since an index more never raises a query's cost; from what it pays, the price of the bytes that it may
//! have is taken off again. The bound holds for every price; the best price is searched by doubling.
//! It is loose where queries share what they pay for, and where one needs more than two indexes.

use super::selection::Selector;
use super::whatif::Set;

use crate::order;

/// Prices that are tried: powers of two around the objective per byte.
const POWERS: std::ops::Range<i32> = -14..6;

/// What one query could do.
struct Choices {
    /// Cost with what was accepted alone.
    without: f64,
    /// One index more: cost, write cost and bytes of the share.
    one: Vec<(f64, f64, f64)>,
    /// Cost with all candidates.
    all: f64,
}

/// The bound of sets of at most so many bytes, in planner units.
pub fn bound(selector: &mut Selector<'_, '_>, moves: &[Set], size_bytes: f64) -> f64 {
    let accepted = selector.decided.accepted.clone();
    let all: Set = moves.iter().flatten().chain(&accepted).copied().collect();
    let n = selector.whatif.queries.len();
    let choices: Vec<Choices> =
        (0..n).map(|query| choices_of(selector, query, &all, &accepted)).collect();
    let writes: f64 = accepted.iter().map(|at| selector.bill(*at).1).sum();
    let spent = selector.size(&accepted);
    let at_price = |price: f64| {
        let queries: f64 = choices.iter().map(|choices| cheapest(choices, price)).sum();
        queries + writes + price * (spent - size_bytes)
    };
    let scale = selector.objective(&accepted) / size_bytes.max(1.0);
    let prices = POWERS.map(|power| scale * libm::exp2(f64::from(power)));
    prices.map(at_price).fold(at_price(0.0), f64::max)
}

fn choices_of(selector: &mut Selector<'_, '_>, query: usize, all: &Set, accepted: &Set) -> Choices {
    let useful = selector.whatif.queries.get(query).map(|costed| costed.useful.clone());
    let mut one = Vec::new();
    for at in useful.unwrap_or_default() {
        if !all.contains(&at) || accepted.contains(&at) {
            continue;
        }
        let n_served = selector.whatif.serves.get(at).map_or(1, Vec::len).max(1) as f64;
        let (bytes, writes) = selector.bill(at);
        let mut with = accepted.clone();
        with.insert(at);
        one.push((selector.query_cost(query, &with), writes / n_served, bytes / n_served));
    }
    let without = selector.query_cost(query, accepted);
    Choices { without, one, all: selector.query_cost(query, all) }
}

fn cheapest(choices: &Choices, price: f64) -> f64 {
    let share = |(_, writes, bytes): &(f64, f64, f64)| writes + price * bytes;
    let mut shares: Vec<f64> = choices.one.iter().map(share).collect();
    order::sort_by(&mut shares, f64::total_cmp);
    let one = choices.one.iter().map(|choice| choice.0 + share(choice));
    let two = match shares.as_slice() {
        [first, second, ..] => choices.all + first + second,
        _ => f64::INFINITY,
    };
    one.fold(choices.without.min(two), f64::min)
}
