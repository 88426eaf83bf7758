//! Long tables: some rows at once and more a moment later, so that no frame waits for them; sorted by a
//! click on a head.

use std::cmp::Ordering;

use gloo::timers::callback::Timeout;
use yew::prelude::*;

use crate::order;

/// Rows shown before "show all".
pub const SHOWN: usize = 60;

/// Rows drawn at once.
const AT_ONCE: usize = 15;

/// How many of `n` rows are to be drawn by now.
#[hook]
pub fn use_growing(n: usize) -> usize {
    let drawn = use_state_eq(|| AT_ONCE);
    let more = drawn.setter();
    use_effect_with((*drawn, n), move |(drawn, n)| {
        let next = drawn * 2;
        let later = (drawn < n).then(|| Timeout::new(0, move || more.set(next)));
        move || drop(later)
    });
    n.min(*drawn)
}

/// A column to sort by, and whether downwards.
pub type Order = (usize, bool);

/// What a column is sorted by.
pub enum Value<'a> {
    /// From small to large.
    Number(f64),
    /// By its letters.
    Text(&'a str),
}

/// The positions of the rows that pass, in order.
pub fn sorted<T>(
    rows: &[T],
    passes: impl Fn(&T) -> bool,
    (column, downwards): Order,
    value: fn(&T, usize) -> Value<'_>,
) -> Vec<usize> {
    let mut list: Vec<(usize, &T)> =
        rows.iter().enumerate().filter(|(_, row)| passes(row)).collect();
    order::sort_by(&mut list, |(_, a), (_, b)| {
        let ordering = match (value(a, column), value(b, column)) {
            (Value::Number(a), Value::Number(b)) => a.total_cmp(&b),
            (Value::Text(a), Value::Text(b)) => a.cmp(b),
            _ => Ordering::Equal,
        };
        if downwards { ordering.reverse() } else { ordering }
    });
    list.into_iter().map(|(at, _)| at).collect()
}

/// How a column is sorted, if it can be.
#[derive(Debug, Clone, Copy)]
pub enum Sort {
    /// Not.
    No,
    /// The column of this number, by its letters.
    Text(usize),
    /// By its numbers, largest first.
    Number(usize),
    /// By how many there are in it, most first.
    Count(usize),
}

/// The head of a column.
pub fn head(title: &'static str, sort: Sort, order: &UseStateHandle<Order>) -> Html {
    let (column, from_above) = match sort {
        Sort::No => return html! { <th scope="col">{ title }</th> },
        Sort::Text(column) => (column, false),
        Sort::Number(column) | Sort::Count(column) => (column, true),
    };
    let is_number = matches!(sort, Sort::Number(_));
    let (current, downwards) = **order;
    let (sorted, arrow) = match (current == column, downwards) {
        (false, _) => ("none", ""),
        (true, true) => ("descending", " ↓"),
        (true, false) => ("ascending", " ↑"),
    };
    let order = order.clone();
    let onclick = Callback::from(move |_: MouseEvent| {
        let next = if current == column { !downwards } else { from_above };
        order.set((column, next));
    });
    html! {
        <th scope="col" aria-sort={sorted} class={classes!(is_number.then_some("number"))}>
            <button type="button" class="sort" {onclick}>{ title }{ arrow }</button>
        </th>
    }
}
