//! From the workload to the findings that create indexes: candidates, their costs, the choice, the
//! names.

use super::candidates::candidates;
use super::ddl::{create_statement, existing_names, index_name};
use super::decided::decided;
use super::front_report::front_report;
use super::missing_index::{Chosen, missing_index};
use super::plans::Plans;
use super::print::print_expr;
use super::selection::{budget_bytes, select};
use super::standing::Decisions;
use super::whatif::{Memory, Set, WhatIf};
use super::{Advice, Context};

/// The `missing-index` findings and their indexes.
pub fn suggest(context: &Context<'_>, decisions: &Decisions, memory: &mut Memory) -> Advice {
    let (catalog, workload) = (context.catalog, context.workload);
    let budget_bytes = budget_bytes(catalog, context.options);
    let mut whatif = match WhatIf::resume(catalog, workload, &mut memory.asked) {
        Some(whatif) => whatif,
        None => fresh(context, &mut memory.plans),
    };
    if whatif.queries.is_empty() {
        return Advice { budget_bytes, ..Advice::default() };
    }
    let decided = decided(&mut whatif, decisions);
    let selection = select(&mut whatif, workload, context.options, &decided);
    name_all(&mut whatif, &selection.chosen);
    let workload_cost = whatif.base_cost();
    let mut chosen = Chosen {
        calls_measured: workload.entries.iter().any(|entry| entry.calls_measured),
        workload_cost,
        set: &selection.chosen,
        whatif: &mut whatif,
    };
    let findings =
        selection.chosen.iter().filter_map(|at| missing_index(&mut chosen, *at)).collect();
    let members = selection.chosen.iter().filter_map(|at| whatif.candidates.get(*at));
    let suggested = members.map(|candidate| (candidate.table, candidate.index.clone())).collect();
    let front = front_report(&mut whatif, &selection);
    let used_now = whatif.used_now.clone();
    memory.asked = whatif.into_asked();
    Advice { findings, suggested, used_now, budget_bytes, front, ..Advice::default() }
}

/// The queries planned as things are, and all candidates.
fn fresh<'a>(context: &Context<'a>, plans: &mut Plans) -> WhatIf<'a> {
    let mut whatif = WhatIf::new(context.catalog, context.workload, plans);
    for candidate in candidates(context.catalog, context.workload, context.options) {
        whatif.add(candidate);
    }
    whatif.n_designed = whatif.candidates.len();
    whatif
}

/// Gives the chosen candidates names that nothing has, and their definitions.
fn name_all(whatif: &mut WhatIf<'_>, chosen: &Set) {
    let catalog = whatif.catalog;
    let mut taken = existing_names(catalog);
    for at in chosen {
        let Some(candidate) = whatif.candidates.get_mut(*at) else { continue };
        let Some(table) = catalog.tables.get(candidate.table) else { continue };
        let index = &mut candidate.index;
        index.name = index_name(table, index, &taken);
        taken.insert(index.name.to_ascii_lowercase());
        let predicate = index.predicate.as_ref();
        index.predicate_sql = predicate.and_then(|p| print_expr(p, table, catalog.dialect));
        index.schema.clone_from(&table.name.schema);
        index.definition = create_statement(catalog, table, index);
    }
}
