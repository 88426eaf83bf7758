//! Types of functions' results.

use super::scope::Scope;
use super::sql_type::{common_type, expr_type};
use crate::sql::expr::Function;

/// The canonical name of the type a call returns; empty where the function is not known.
pub fn function_type(scope: &Scope<'_>, call: &Function) -> String {
    let arg = |at: usize| call.args.get(at).map(|arg| expr_type(scope, arg)).unwrap_or_default();
    let args = || call.args.iter().map(|arg| expr_type(scope, arg));
    if let Some(name) = fixed(&call.name) {
        return name.to_owned();
    }
    match call.name.as_str() {
        "sum" => match arg(0).as_str() {
            "int2" | "int4" => "int8".to_owned(),
            "int8" => "numeric".to_owned(),
            other => other.to_owned(),
        },
        "avg" => match arg(0).as_str() {
            "float4" | "float8" => "float8".to_owned(),
            "interval" => "interval".to_owned(),
            _ => "numeric".to_owned(),
        },
        "stddev" | "stddev_samp" | "stddev_pop" | "variance" | "var_samp" | "var_pop" => {
            of_number(&arg(0), "numeric")
        }
        "coalesce" | "greatest" | "least" | "nullif" | "ifnull" => common_type(args()),
        "round" | "ceil" | "ceiling" | "floor" | "trunc" | "sqrt" | "power" | "pow" | "exp"
        | "ln" | "log" | "sign" => match arg(0).as_str() {
            "numeric" => "numeric".to_owned(),
            _ if call.args.len() > 1 && call.name == "round" => "numeric".to_owned(),
            _ => "float8".to_owned(),
        },
        "mod" | "gcd" | "lcm" => common_type(args()),
        "min" | "max" | "abs" | "lag" | "lead" | "first_value" | "last_value" | "nth_value"
        | "any_value" | "generate_series" | "array_append" | "array_remove" | "array_cat"
        | "bit_and" | "bit_or" => unknown_is_text(arg(0)),
        "mode" | "percentile_disc" => {
            call.order_by.first().map(|key| expr_type(scope, &key.expr)).unwrap_or_default()
        }
        "array_agg" => format!("{}[]", unknown_is_text(arg(0)).trim_end_matches("[]")),
        "unnest" => arg(0).trim_end_matches("[]").to_owned(),
        "date_trunc" => match arg(1).as_str() {
            "timestamp" => "timestamp".to_owned(),
            "interval" => "interval".to_owned(),
            _ => "timestamptz".to_owned(),
        },
        "timezone" => match arg(1).as_str() {
            "timestamp" | "date" => "timestamptz".to_owned(),
            _ => "timestamp".to_owned(),
        },
        _ => String::new(),
    }
}

fn of_number(argument: &str, otherwise: &str) -> String {
    let is_float = argument.starts_with("float");
    if is_float { "float8".to_owned() } else { otherwise.to_owned() }
}

fn unknown_is_text(name: String) -> String {
    if name == "unknown" { "text".to_owned() } else { name }
}

/// Functions that always return the same type.
fn fixed(name: &str) -> Option<&'static str> {
    plain(name).or_else(|| composite(name))
}

/// Numbers, texts, booleans.
fn plain(name: &str) -> Option<&'static str> {
    Some(match name {
        "count" | "row_number" | "rank" | "dense_rank" | "regr_count" | "nextval" | "currval"
        | "pg_relation_size" | "bit_length_sum" => "int8",
        "ntile" | "length" | "char_length" | "character_length" | "octet_length" | "bit_length"
        | "position" | "strpos" | "ascii" | "array_length" | "cardinality" | "array_position"
        | "jsonb_array_length" | "json_array_length" | "width_bucket" => "int4",
        "percent_rank" | "cume_dist" | "random" | "date_part" | "percentile_cont" | "corr"
        | "similarity" | "word_similarity" | "pi" | "cbrt" => "float8",
        "ts_rank" | "ts_rank_cd" => "float4",
        "extract" | "to_number" => "numeric",
        "lower"
        | "upper"
        | "initcap"
        | "substring"
        | "substr"
        | "left"
        | "right"
        | "trim"
        | "btrim"
        | "ltrim"
        | "rtrim"
        | "replace"
        | "regexp_replace"
        | "translate"
        | "concat"
        | "concat_ws"
        | "split_part"
        | "md5"
        | "to_char"
        | "string_agg"
        | "format"
        | "repeat"
        | "reverse"
        | "lpad"
        | "rpad"
        | "chr"
        | "encode"
        | "quote_literal"
        | "quote_ident"
        | "jsonb_extract_path_text"
        | "json_extract_path_text"
        | "jsonb_typeof"
        | "json_typeof"
        | "array_to_string"
        | "group_concat"
        | "current_setting"
        | "unaccent" => "text",
        "bool_and" | "bool_or" | "every" | "starts_with" | "jsonb_exists" | "regexp_like"
        | "jsonb_path_exists" | "exists" => "bool",
        "grouping" => "int4",
        _ => return None,
    })
}

/// Moments, documents, arrays and the like.
fn composite(name: &str) -> Option<&'static str> {
    Some(match name {
        "now"
        | "transaction_timestamp"
        | "statement_timestamp"
        | "clock_timestamp"
        | "to_timestamp"
        | "make_timestamptz"
        | "current_timestamp" => "timestamptz",
        "make_timestamp" | "localtimestamp" => "timestamp",
        "to_date" | "date" | "make_date" | "current_date" => "date",
        "age" | "make_interval" | "justify_days" | "justify_hours" | "justify_interval" => {
            "interval"
        }
        "json_agg" | "json_object_agg" | "json_build_object" | "json_build_array" | "to_json"
        | "row_to_json" | "array_to_json" | "json_extract_path" => "json",
        "jsonb_agg"
        | "jsonb_object_agg"
        | "jsonb_build_object"
        | "jsonb_build_array"
        | "to_jsonb"
        | "jsonb_set"
        | "jsonb_strip_nulls"
        | "jsonb_extract_path"
        | "jsonb_array_elements" => "jsonb",
        "jsonb_array_elements_text" | "jsonb_object_keys" | "regexp_split_to_table" => "text",
        "to_tsvector" | "setweight" | "strip" => "tsvector",
        "to_tsquery" | "plainto_tsquery" | "phraseto_tsquery" | "websearch_to_tsquery" => "tsquery",
        "string_to_array" | "regexp_split_to_array" | "regexp_matches" => "text[]",
        "gen_random_uuid" | "uuid_generate_v4" | "uuid_generate_v1" => "uuid",
        "decode" | "digest" => "bytea",
        _ => return None,
    })
}
