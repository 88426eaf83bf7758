//! Laws of before and after: what changes nothing changes nothing, an index more makes no query dearer,
//! and the way back turns gains into losses.

use sargable::against::{Against, Verdict};
use sargable::input::{Piece, Side};
use sargable::progress::Silent;

use crate::case::Case;
use crate::laws::as_is;

fn compared(case: &Case, pieces: Vec<Piece>) -> (Against, Vec<String>) {
    let report = sargable::analyze(&case.with_pieces(pieces), &mut Silent);
    let codes = report.findings.into_iter().map(|finding| finding.code).collect();
    (report.against.unwrap(), codes)
}

fn migration(text: &str) -> Piece {
    Piece { text: text.to_owned(), side: Side::Migration, ..Piece::default() }
}

fn today(case: &Case) -> Vec<Piece> {
    let is_today =
        |piece: &Piece| piece.side == Side::Today && piece.name.as_deref() != Some("with");
    case.input().pieces.into_iter().filter(is_today).collect()
}

fn nothing_changes((against, codes): &(Against, Vec<String>)) -> Result<(), String> {
    let is_same = |verdict| matches!(verdict, Verdict::Same | Verdict::Unknown);
    if let Some(query) = against.queries.iter().find(|query| !is_same(query.verdict)) {
        return Err(format!("{} {}", query.id, query.verdict.name()));
    }
    if let Some(difference) = against.differences.first() {
        return Err(format!("{difference:?}"));
    }
    if let Some(index) = against.indexes.first() {
        return Err(format!("{index:?}"));
    }
    match codes.iter().any(|code| code == "regression") {
        true => Err("a regression".to_owned()),
        false => Ok(()),
    }
}

/// A migration of no statement, and the same schema again: no query and no part of the schema differs.
pub fn no_change(case: &Case) -> Result<(), String> {
    let mut pieces = today(case);
    pieces.push(migration("-- nothing"));
    nothing_changes(&compared(case, pieces)).map_err(|why| format!("no statement: {why}"))?;
    let mut pieces = today(case);
    let is_schema = |piece: &&Piece| matches!(piece.name.as_deref(), Some("schema" | "indexes"));
    let again: Vec<Piece> = pieces.iter().filter(is_schema).cloned().collect();
    if again.is_empty() {
        return Ok(());
    }
    pieces.extend(again.into_iter().map(|piece| Piece { side: Side::Proposed, ..piece }));
    let both = compared(case, pieces);
    // Statements that create no table of today are a migration, not the schema again.
    if !both.0.is_schema {
        return Ok(());
    }
    nothing_changes(&both).map_err(|why| format!("the same schema: {why}"))
}

/// With the suggested indexes no query loses; without them again, what gained loses as much.
pub fn way_back(case: &Case) -> Result<(), String> {
    let findings = as_is(case).findings;
    let own = findings.iter().filter(|finding| finding.code == "missing-index");
    let create: String =
        own.flat_map(|finding| &finding.create).map(|s| format!("{s};\n")).collect();
    let own = findings.iter().filter(|finding| finding.code == "missing-index");
    let drop: String =
        own.flat_map(|finding| &finding.reverse).map(|s| format!("{s};\n")).collect();
    if create.is_empty() || case.input().is_compared() {
        return Ok(());
    }
    let mut forth = today(case);
    forth.push(migration(&create));
    let mut back = today(case);
    back.push(Piece { text: create.clone(), ..Piece::default() });
    back.push(migration(&drop));
    let ((forth, _), (back, _)) = (compared(case, forth), compared(case, back));
    for query in &forth.queries {
        if query.verdict.is_loss() {
            return Err(format!("{} loses by {create}", query.id));
        }
        let other = back.queries.iter().find(|other| other.id == query.id).unwrap();
        if (query.cost_before, query.cost_after) != (other.cost_after, other.cost_before) {
            return Err(format!("{query:?} is not {other:?} turned around"));
        }
        let gains = query.verdict == Verdict::Gains;
        if gains != other.verdict.is_loss() {
            return Err(format!("{}: {:?}, back {:?}", query.id, query.verdict, other.verdict));
        }
    }
    Ok(())
}
