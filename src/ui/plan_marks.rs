//! Where a pasted plan hurts, read off its own numbers.

use crate::read::plan_node::PlanNode;
use crate::ui::format;

/// Share of the time of the whole plan from which on a node is marked.
const SHARE: f64 = 0.3;

/// Factor between estimated and actual rows from which on a node is marked.
const MISESTIMATE: f64 = 10.0;

/// Rows thrown away per loop from which on a filter is marked, and the share of the rows read.
const DISCARDED: (f64, f64) = (1000.0, 0.9);

/// Time of a node with everything below, in all its loops.
pub fn total_ms(plan: &PlanNode) -> Option<f64> {
    Some(plan.actual_total_ms? * plan.actual_loops.unwrap_or(1.0))
}

/// Time of a node without what is below it. With parallel workers it is the sum over them.
pub fn own_ms(plan: &PlanNode) -> Option<f64> {
    let below: f64 = plan.plans.iter().filter_map(total_ms).sum();
    Some((total_ms(plan)? - below).max(0.0))
}

/// What a reader should look at, in words. Below a Limit a node may stop early, so that fewer rows
/// than estimated mean nothing there.
pub fn marks(plan: &PlanNode, root_ms: f64, limited: bool) -> Vec<String> {
    [slow(plan, root_ms), misestimated(plan, limited), discarding(plan), spilling(plan)]
        .into_iter()
        .flatten()
        .collect()
}

fn slow(plan: &PlanNode, root_ms: f64) -> Option<String> {
    let share = own_ms(plan)? / root_ms;
    (share >= SHARE && root_ms >= 1.0)
        .then(|| format!("{:.0} % of the time", 100.0 * share.min(1.0)))
}

fn misestimated(plan: &PlanNode, limited: bool) -> Option<String> {
    if plan.actual_loops == Some(0.0) {
        return None;
    }
    let (estimate, actual) = (plan.plan_rows?.max(1.0), plan.actual_rows?.max(1.0));
    let factor = (actual / estimate).max(estimate / actual);
    if limited && actual < estimate {
        return None;
    }
    let direction = if actual > estimate { "more" } else { "fewer" };
    let matters = factor >= MISESTIMATE && actual.max(estimate) >= 100.0;
    matters.then(|| format!("{}× {direction} rows than estimated", format::count(factor.round())))
}

fn discarding(plan: &PlanNode) -> Option<String> {
    let discarded = plan.number("Rows Removed by Filter")?;
    let read = discarded + plan.actual_rows?;
    // Rounded down: "100 %" would be wrong while a row passes.
    let share = (1000.0 * discarded / read).floor() / 1000.0;
    let matters = discarded >= DISCARDED.0 && share >= DISCARDED.1;
    matters.then(|| {
        format!("{:.1} % of {} rows read are thrown away", 100.0 * share, format::count(read))
    })
}

fn spilling(plan: &PlanNode) -> Option<String> {
    let on_disk = plan.text("Sort Space Type") == Some("Disk")
        || plan.text("Sort Method").is_some_and(|method| method.starts_with("external"));
    let kb = plan.number("Sort Space Used").map(|kb| format!(", {}", format::bytes(kb * 1024.0)));
    on_disk.then(|| format!("sorts on disk{}", kb.unwrap_or_default()))
}

/// What was read and written, in blocks: `shared hit 222, temp written 40`.
pub fn buffers(plan: &PlanNode) -> Option<String> {
    let places = ["Shared", "Local", "Temp"];
    let kinds = ["Hit", "Read", "Dirtied", "Written"];
    let all = places.iter().flat_map(|place| kinds.iter().map(move |kind| (place, kind)));
    let used = all.filter_map(|(place, kind)| {
        let blocks = plan.number(&format!("{place} {kind} Blocks")).filter(|n| *n > 0.0)?;
        let name = format!("{place} {kind}").to_lowercase();
        Some(format!("{name} {}", format::count(blocks)))
    });
    let list: Vec<String> = used.collect();
    (!list.is_empty()).then(|| list.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bad_scan_is_marked_a_good_one_not() {
        let mut plan = PlanNode::new("Seq Scan");
        plan.plan_rows = Some(10.0);
        plan.actual_rows = Some(10.0);
        plan.actual_total_ms = Some(80.0);
        plan.more.insert("Rows Removed by Filter".to_owned(), 99_990.into());
        assert_eq!(
            marks(&plan, 100.0, false),
            ["80 % of the time", "99.9 % of 100\u{a0}000 rows read are thrown away"]
        );
        assert!(marks(&PlanNode::new("Index Scan"), 100.0, false).is_empty());
    }
}
