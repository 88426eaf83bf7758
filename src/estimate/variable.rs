//! An expression as a variable with statistics (PostgreSQL's `VariableStatData`). Frequencies and
//! fractions are rounded to single precision, in which PostgreSQL keeps them.

use super::collation::Collation;
use super::column::{ColumnInfo, DEFAULT_NUM_DISTINCT};
use super::types;
use super::value::{TextOrder, Value};
use crate::catalog::Table;
use crate::read::statistics::ColumnStatistics;
use crate::sql::relids::Relids;

/// A variable: an expression over relations whose rows vary.
#[derive(Debug, Clone)]
pub struct Variable<'a> {
    /// Relations that it reads and that vary; none: it is a constant.
    pub relids: Relids,
    /// Rows of its relation before conditions; 0 where it reads several.
    pub tuples: f64,
    /// Rows after them, where it reads one relation.
    pub rows: Option<f64>,
    /// Its row of `pg_statistic`.
    pub statistics: Option<&'a ColumnStatistics>,
    /// No two rows have the same value.
    pub is_unique: bool,
    /// It is a column of VALUES.
    pub is_values: bool,
    /// Canonical name of its type; empty where it is not known.
    pub data_type: String,
    /// How its texts sort.
    pub collation: Collation,
    /// It has no more values than this, though nothing was counted.
    pub values_max: Option<f64>,
    /// An index knows its smallest and largest value.
    pub has_range_index: bool,
    /// It is a row's place (`ctid`) in this table.
    pub place_in: Option<&'a Table>,
}

/// Values of a statistics slot, with their frequencies where they have one.
#[derive(Debug, Clone, Default)]
pub struct Slot<'a> {
    /// The values.
    pub values: Vec<Value<'a>>,
    /// Their frequencies.
    pub numbers: Vec<f64>,
}

/// A number as single precision holds it.
pub fn single(number: f64) -> f64 {
    f64::from(number as f32)
}

/// `CLAMP_PROBABILITY`.
pub fn clamp(probability: f64) -> f64 {
    probability.clamp(0.0, 1.0)
}

/// `clamp_row_est`: a whole number of rows, at least one.
pub fn clamp_rows(rows: f64) -> f64 {
    if rows > 1e100 || rows.is_nan() {
        1e100
    } else if rows <= 1.0 {
        1.0
    } else {
        libm::rint(rows)
    }
}

impl<'a> Variable<'a> {
    /// A column with what is known of it, in a relation of so many rows.
    pub fn of_info(
        info: &ColumnInfo<'a>,
        relids: Relids,
        tuples: f64,
        rows: Option<f64>,
    ) -> Variable<'a> {
        Variable {
            relids,
            tuples,
            rows,
            statistics: info.statistics,
            is_unique: info.is_unique,
            is_values: false,
            data_type: types::canonical(info.data_type).into_owned(),
            collation: info.collation,
            values_max: None,
            has_range_index: false,
            place_in: None,
        }
    }

    /// `stanullfrac`; 0 without statistics.
    pub fn null_frac(&self) -> f64 {
        self.statistics.and_then(|s| s.null_frac).map_or(0.0, single)
    }

    /// How its texts compare.
    pub fn order(&self) -> TextOrder {
        TextOrder { collation: self.collation, is_padded: self.data_type == "bpchar" }
    }

    /// `get_variable_numdistinct`: distinct values, and whether that is but a default.
    pub fn num_distinct(&self) -> (f64, bool) {
        let mut distinct = match self.statistics {
            Some(statistics) => statistics.n_distinct.map_or(0.0, single),
            None if self.data_type == "bool" => 2.0,
            None if self.is_values => -1.0,
            None => 0.0,
        };
        if self.is_unique {
            distinct = -(1.0 - self.null_frac());
        }
        if distinct > 0.0 {
            return (clamp_rows(distinct), false);
        }
        if self.relids == 0 || self.tuples <= 0.0 {
            return (DEFAULT_NUM_DISTINCT, true);
        }
        if distinct < 0.0 {
            return (clamp_rows(-distinct * self.tuples), false);
        }
        if let Some(most) = self.values_max.filter(|most| *most < DEFAULT_NUM_DISTINCT) {
            return (clamp_rows(most), false);
        }
        if self.tuples < DEFAULT_NUM_DISTINCT {
            return (clamp_rows(self.tuples), false);
        }
        (DEFAULT_NUM_DISTINCT, true)
    }

    /// A value of its type; what cannot be read is compared by its text.
    pub fn parse(&self, text: &'a str) -> Value<'a> {
        Value::parse(&self.data_type, text).unwrap_or(Value::Opaque(text.into()))
    }

    /// The most common values; `None` without any.
    pub fn common(&self) -> Option<Slot<'a>> {
        let values: Vec<Value<'a>> = self.common_values().collect();
        (!values.is_empty()).then(|| Slot { values, numbers: self.common_frequencies() })
    }

    /// The most common values, each read when it is reached; none without any.
    pub fn common_values(&self) -> impl Iterator<Item = Value<'a>> {
        let texts = self.statistics.map_or(&[][..], |s| &s.most_common_vals);
        texts.iter().take(self.n_common()).map(|text| self.parse(text))
    }

    /// Frequencies of the most common values; empty without any.
    pub fn common_frequencies(&self) -> Vec<f64> {
        let frequencies = self.statistics.map_or(&[][..], |s| &s.most_common_freqs);
        frequencies.iter().take(self.n_common()).map(|n| single(*n)).collect()
    }

    /// How many common values have a frequency.
    fn n_common(&self) -> usize {
        let of = |s: &ColumnStatistics| s.most_common_vals.len().min(s.most_common_freqs.len());
        self.statistics.map_or(0, of)
    }

    /// The bounds of the histogram's bins; empty without one.
    pub fn histogram(&self) -> Histogram<'_, 'a> {
        let texts = self.statistics.map_or(&[][..], |s| &s.histogram_bounds);
        Histogram { variable: self, texts, first: None, last: None }
    }
}

/// The bounds of a histogram. Each is read when it is asked for: a search by halving looks at few.
#[derive(Debug)]
pub struct Histogram<'v, 'a> {
    variable: &'v Variable<'a>,
    texts: &'a [String],
    /// Stands for the first bound.
    first: Option<Value<'a>>,
    /// Stands for the last bound.
    last: Option<Value<'a>>,
}

impl<'a> Histogram<'_, 'a> {
    /// Bounds.
    pub fn len(&self) -> usize {
        self.texts.len()
    }

    /// Is there none?
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }

    /// A bound.
    pub fn get(&self, at: usize) -> Option<Value<'a>> {
        let moved = match at {
            0 => &self.first,
            at if at + 1 == self.len() => &self.last,
            _ => &None,
        };
        moved.clone().or_else(|| self.texts.get(at).map(|text| self.variable.parse(text)))
    }

    /// Moves the first or the last bound; no other can be moved.
    pub fn set(&mut self, at: usize, value: Value<'a>) {
        match at {
            0 => self.first = Some(value),
            at if at + 1 == self.len() => self.last = Some(value),
            _ => {}
        }
    }
}
