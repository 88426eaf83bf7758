//! What is known of PostgreSQL's aggregate functions (`pg_aggregate`, version 15): which share a state,
//! which need a final step, what workers can do in part, and what a state takes.

use crate::estimate::types::{canonical, default_width, fixed_length};
use crate::plan::cost::max_align;

/// An aggregate function for one type of argument.
#[derive(Debug, Clone, PartialEq)]
pub struct AggregateFunction {
    /// Aggregates of the same arguments with the same transition share their state.
    pub transition: &'static str,
    /// The state is not yet the result.
    pub has_final: bool,
    /// States can be combined, so that workers can make parts.
    pub has_combine: bool,
    /// The state is passed between workers as bytes, which costs two functions.
    pub is_serialized: bool,
    /// Bytes of a state beside the group's own row.
    pub space: f64,
    /// `min` and `max`: an index finds them.
    pub is_min_max: Option<bool>,
    /// The type of a state as workers pass it.
    pub partial_width: f64,
}

/// The state is an array or another value of no fixed length.
const VARLENA_SPACE: f64 = 32.0 + 16.0;

fn by_value(transition: &'static str, width: f64) -> AggregateFunction {
    AggregateFunction {
        transition,
        has_final: false,
        has_combine: true,
        is_serialized: false,
        space: 0.0,
        is_min_max: None,
        partial_width: width,
    }
}

fn array(transition: &'static str) -> AggregateFunction {
    AggregateFunction {
        has_final: true,
        space: VARLENA_SPACE,
        partial_width: 32.0,
        ..by_value(transition, 32.0)
    }
}

fn internal(transition: &'static str, space: f64) -> AggregateFunction {
    AggregateFunction { has_final: true, is_serialized: true, space, ..by_value(transition, 32.0) }
}

/// An internal state of unknown size (`ALLOCSET_DEFAULT_INITSIZE`), which workers cannot pass.
fn local(transition: &'static str) -> AggregateFunction {
    AggregateFunction {
        has_final: true,
        has_combine: false,
        space: 8192.0,
        ..by_value(transition, 32.0)
    }
}

/// The function that a call with an argument of this type means.
pub fn aggregate_function(name: &str, star: bool, argument: &str) -> AggregateFunction {
    let base = canonical(argument);
    let base = base.as_ref();
    match name {
        "count" if star => by_value("int8inc", 8.0),
        "count" => by_value("int8inc_any", 8.0),
        "regr_count" => by_value("int8inc_float8_float8", 8.0),
        "sum" | "total" => match base {
            "int2" => by_value("int2_sum", 8.0),
            "int4" => by_value("int4_sum", 8.0),
            "int8" => internal("int8_avg_accum", 48.0),
            "float4" => by_value("float4pl", 4.0),
            "float8" => by_value("float8pl", 8.0),
            "money" => by_value("cash_pl", 8.0),
            "interval" => AggregateFunction { space: 32.0, ..by_value("interval_pl", 16.0) },
            _ => internal("numeric_avg_accum", 128.0),
        },
        "avg" => match base {
            "int2" => array("int2_avg_accum"),
            "int4" => array("int4_avg_accum"),
            "int8" => internal("int8_avg_accum", 48.0),
            "float4" => array("float4_accum"),
            "float8" => array("float8_accum"),
            "interval" => array("interval_accum"),
            _ => internal("numeric_avg_accum", 128.0),
        },
        "stddev" | "stddev_pop" | "stddev_samp" | "variance" | "var_pop" | "var_samp" | "std" => {
            match base {
                "int2" => internal("int2_accum", 48.0),
                "int4" => internal("int4_accum", 48.0),
                "int8" => internal("int8_accum", 128.0),
                "float4" => array("float4_accum"),
                "float8" => array("float8_accum"),
                _ => internal("numeric_accum", 128.0),
            }
        }
        "corr" | "covar_pop" | "covar_samp" => array("float8_regr_accum"),
        _ if name.starts_with("regr_") => array("float8_regr_accum"),
        "min" => min_max("smaller", false, argument),
        "max" => min_max("larger", true, argument),
        "bool_or" => AggregateFunction { is_min_max: Some(true), ..by_value("boolor", 1.0) },
        "bool_and" | "every" => {
            AggregateFunction { is_min_max: Some(false), ..by_value("booland", 1.0) }
        }
        "bit_and" => like_argument("bitand", argument),
        "bit_or" => like_argument("bitor", argument),
        "bit_xor" => like_argument("bitxor", argument),
        "array_agg" => local("array_agg_transfn"),
        "string_agg" | "group_concat" => local("string_agg_transfn"),
        "percentile_cont" | "percentile_disc" | "mode" => local("ordered_set_transition"),
        _ => local("other"),
    }
}

/// A state of the argument's own type.
fn like_argument(transition: &'static str, argument: &str) -> AggregateFunction {
    // Arguments of varchar are cast to text.
    let name = canonical(argument);
    let state = if name == "varchar" { "text" } else { argument };
    let width = default_width(state);
    let is_by_value = matches!(fixed_length(&name), Some(1.0 | 2.0 | 4.0 | 8.0));
    let space = if is_by_value { 0.0 } else { max_align(width) + 16.0 };
    AggregateFunction { space, ..by_value(transition, default_width(&canonical(state))) }
}

fn min_max(transition: &'static str, is_max: bool, argument: &str) -> AggregateFunction {
    AggregateFunction { is_min_max: Some(is_max), ..like_argument(transition, argument) }
}
