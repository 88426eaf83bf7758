//! Bitmaps of indexes and scans of the heap by them (`create_bitmap_and_path`, `create_bitmap_or_path`,
//! `create_bitmap_heap_path` in `pathnode.c`, `create_partial_bitmap_paths` in `allpaths.c`).

use std::rc::Rc;

use super::seq::{blank_path, heap_of, work_of};
use crate::plan::cost::bitmap::{self, Bitmap, bitmap_pages, heap_scan};
use crate::plan::cost::scan::parallel_workers;
use crate::plan::params::baserel_param_info;
use crate::plan::path::{BitmapQual, BitmapSet, Path, PathKind};
use crate::plan::relation::Base;
use crate::plan::root::Root;
use crate::read::statistics::Settings;
use crate::sql::relids::Relids;

/// `cost_bitmap_tree_node`
pub fn bitmap_of(settings: &Settings, qual: &BitmapQual) -> Bitmap {
    match qual {
        BitmapQual::Index(path) => match &path.kind {
            PathKind::Index(index) => {
                bitmap::of_index(settings, index.index_total, index.selectivity, path.rows)
            }
            _ => Bitmap::default(),
        },
        BitmapQual::And(set) | BitmapQual::Or(set) => {
            Bitmap { total: set.total, selectivity: set.selectivity, is_of_index: false }
        }
    }
}

/// Relations whose current row a bitmap depends on.
pub fn required_outer(qual: &BitmapQual) -> Relids {
    match qual {
        BitmapQual::Index(path) => path.required_outer(),
        BitmapQual::And(set) | BitmapQual::Or(set) => {
            set.parts.iter().fold(0, |outer, part| outer | required_outer(part))
        }
    }
}

/// `get_indexpath_pages`: pages of all indexes.
fn index_pages(base: &Base<'_>, qual: &BitmapQual) -> f64 {
    match qual {
        BitmapQual::Index(path) => match &path.kind {
            PathKind::Index(index) => base.indexes.get(index.index).map_or(0.0, |info| info.pages),
            _ => 0.0,
        },
        BitmapQual::And(set) | BitmapQual::Or(set) => {
            set.parts.iter().map(|part| index_pages(base, part)).sum()
        }
    }
}

fn parts_of(settings: &Settings, parts: &[Rc<BitmapQual>]) -> Vec<Bitmap> {
    parts.iter().map(|part| bitmap_of(settings, part)).collect()
}

fn set_of(parts: Vec<Rc<BitmapQual>>, bitmap: Bitmap) -> BitmapSet {
    BitmapSet { parts, total: bitmap.total, selectivity: bitmap.selectivity, rows: 0.0 }
}

/// Rows that are in all of the bitmaps.
pub fn and_bitmap(root: &Root<'_>, parts: Vec<Rc<BitmapQual>>) -> BitmapQual {
    let settings = root.settings();
    let bitmap = bitmap::all_of(settings, &parts_of(settings, &parts));
    BitmapQual::And(set_of(parts, bitmap))
}

/// Rows that are in any of them.
pub fn or_bitmap(root: &Root<'_>, parts: Vec<Rc<BitmapQual>>) -> BitmapQual {
    let settings = root.settings();
    let bitmap = bitmap::any_of(settings, &parts_of(settings, &parts));
    BitmapQual::Or(set_of(parts, bitmap))
}

/// A scan of the heap by a bitmap.
pub fn bitmap_heap_path(
    root: &mut Root<'_>,
    relation: usize,
    qual: &Rc<BitmapQual>,
    outer: Relids,
    loop_count: f64,
    workers: u32,
) -> Option<Path> {
    let param = baserel_param_info(root, relation, outer);
    let rel = root.rels.get(relation)?;
    let base = rel.base.as_ref()?;
    let settings = root.settings();
    let (heap, bitmap) = (heap_of(root, base), bitmap_of(settings, qual));
    let read = bitmap_pages(settings, &heap, &bitmap, index_pages(base, qual), loop_count);
    let work = work_of(rel, base, param.as_deref());
    let scanned = heap_scan(settings, &heap, &bitmap, &read, &work, workers);
    Some(Path {
        startup: scanned.cost.startup,
        total: scanned.cost.total,
        rows: scanned.rows,
        parallel_aware: workers > 0,
        parallel_workers: workers,
        ..blank_path(rel, PathKind::BitmapHeap(qual.clone()), param)
    })
}

/// The same, shared by workers, if its pages are worth any.
pub fn partial_bitmap_heap_path(
    root: &mut Root<'_>,
    relation: usize,
    qual: &Rc<BitmapQual>,
) -> Option<Path> {
    let base = root.base(relation)?;
    let settings = root.settings();
    let (heap, bitmap) = (heap_of(root, base), bitmap_of(settings, qual));
    let read = bitmap_pages(settings, &heap, &bitmap, index_pages(base, qual), 1.0);
    let workers = parallel_workers(settings, base.parallel_workers, Some(read.pages), None);
    if workers == 0 {
        return None;
    }
    bitmap_heap_path(root, relation, qual, 0, 1.0, workers)
}
