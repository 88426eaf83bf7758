//! Words that stay when names are replaced: the keywords of PostgreSQL, MySQL and SQLite, and the
//! functions, types and operator classes that the model knows by their names. A statement in which
//! one of them was replaced would not be understood as before.

use std::sync::LazyLock;

/// In lower case and sorted.
static WORDS: LazyLock<Vec<&str>> = LazyLock::new(|| TEXT.split(' ').collect());

/// Is it one of them, in any case?
pub fn is_known(word: &str) -> bool {
    WORDS.binary_search(&word.to_ascii_lowercase().as_str()).is_ok()
}

const TEXT: &str = "\
    abort abs absent absolute access account action add admin after against age aggregate \
    algorithm alias all also alter always analyse analyze and any application archive are array \
    array_agg array_length as asc asensitive assertion assignment asymmetric at atomic attach \
    attribute audit authentication authorization auto auto_increment autoextend_size \
    autoincrement avg avg_row_length backup backward before begin bernoulli between bigint \
    bigserial binary bind bit blob block bloom bool bool_and bool_or boolean both box bpchar \
    breadth brin btree by bypassrls bytea bytes cache call called cardinality cascade cascaded \
    case cast catalog ceil ceiling century chain change changes channel char char_length \
    character character_length characteristics charset check checkpoint checksum circle citext \
    class clob clone close cluster clustered clustering coalesce collate collation column \
    column_format columns columnstore comment comments commit committed compact compressed \
    compression concat concat_ws concurrently condition configuration conflict connect \
    connection constraint constraints contains content continue conversion convert copy corr \
    cost count covar_pop covar_samp crc32 create createdb createrole cross csv cube cume_dist \
    current current_catalog current_date current_role current_schema current_time \
    current_timestamp current_user currval cursor cycle data data_directory database databases \
    date date_part date_trunc datetime datetime2 day day_hour day_minute day_second dayofweek \
    dayofyear days deallocate dec decade decimal declare default defaults deferrable deferred \
    definer delay delay_key_write delayed delete delimiter delimiters dense_rank deny depends \
    depth desc describe detach detail deterministic dictionary directory disable discard \
    distinct distinctrow div do document domain double dow doy drop dumpfile duplicate dynamic \
    each element else elseif empty enable encoding encrypted encryption end enforced engine \
    engine_attribute enum epoch error escape escaped event every except exception exchange \
    exclude excluding exclusive exec execute execution exists exp expansion explain explicit \
    export expression extended extension external extract fail false family fetch fields file \
    files filter finalize first first_value fixed float float4 float8 floor flush fn following \
    for force foreign format forward free freeze from full fulltext function functions gb \
    gen_random_uuid general generate generate_series generated geography get gin gist glob \
    global grant granted greatest group group_concat grouping groups gzip handler hash having \
    header heap high_priority history hold hosts hour hour_minute hour_second hours hstore id \
    identified identity if ignore ilike immediate immutable implicit import in include including \
    increment incremental index indexed indexes inet infile inherit inherits initially inline \
    inner innodb inout inplace input insensitive insert insert_method install instant instead \
    int int2 int4 int8 integer intersect interval into invisible invoker io is isnull isodow \
    isolation join json json_agg json_extract json_table jsonb jsonb_agg jsonb_array_elements \
    jsonb_array_elements_text jsonb_build_object jsonb_path_ops jsonb_set key key_block_size \
    keys kill label lag language large last last_insert_id last_insert_rowid last_value lastval \
    lateral lead leading leakproof least left length less level like limit line linear lines \
    list listen ln load local localtime localtimestamp location lock locked log logged login \
    long longblob longtext low_priority lower ls lseg ltree ltrim main mapping match matched \
    materialized max max_rows maxvalue mb md5 mediumblob mediumint mediumtext member memory \
    merge metadata method mfa microsecond microseconds millisecond milliseconds min min_rows \
    minus minute minute_second minutes minvalue mod mode modifies modify module modulus money \
    month months move myisam name names national natural nchar nest nested new next nextval nfc \
    nfd nfkc nfkd no no_write_to_binlog nobypassrls nocreatedb nocreaterole nocycle noinherit \
    nologin none noreplication normalize normalized nosuperuser not nothing notify notnull \
    nowait nth_value ntile null nullif nulls number numeric nvarchar object objects octet_length \
    of off offset oid oids old on one only open operator optimization optimize option options or \
    order ordinality other others out outer outfile output over overlaps overlay overriding \
    overwrite owned owner pack_keys package packages parallel parameter parser part partial \
    partition partitioned partitions passing password path pattern percent percent_rank \
    percentile_cont percentile_disc period permissive persistent placing plain plan plans \
    plpgsql point policy polygon portion position power pragma precedes preceding precision \
    prepare prepared preserve primary print prior privileges procedural procedure procedures \
    processlist profile program public publication purge put qualify quarter queries query quote \
    raise random range rank raw read reads real reassign rebuild recheck recursive redundant ref \
    references referencing refresh regclass regexp regexp_replace regr_avgx regr_avgy regr_count \
    regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy reindex relative relay release \
    remainder remove rename reorganize repair repeatable replace replica replicate replication \
    require reset respect restart restrict restrictive result resume return returning returns \
    revoke right rlike rm role rollback rollup routine routines row row_format row_number rowid \
    rows rtrim rule run safe_cast sample savepoint scalar schema schemas scroll search \
    search_path second secondary secondary_engine_attribute seconds security seed select \
    sensitive separator sequence sequences serial serializable server session session_user set \
    set_config setof sets settings setval share shared show signal signed similar similarity \
    simple size skip slow smallint smallserial snapshot some sort sorted sounds source spatial \
    specific specifictype spgist split_part sql sql_big_result sql_buffer_result \
    sql_calc_found_rows sql_no_cache sql_small_result sqlexception sqlite_sequence sqlstate \
    sqlwarning sqrt srid stable standalone start starting starts statement static statistics \
    stats_auto_recalc stats_persistent stats_sample_pages status stddev_pop stddev_samp stdin \
    stdout step storage stored straight_join strftime strict string string_agg strip strpos \
    subpartition subpartitions subscription substr substring subtype sum super superuser support \
    suspend symmetric sync sysid system system_time system_user table tables tablesample \
    tablespace target temp template temporary temptable terminated text than then ties time \
    timestamp timestamptz timetz timezone tinyblob tinyint tinytext to to_char to_date \
    to_timestamp to_tsquery to_tsvector trace trailing transaction transform transient translate \
    treat tree trigger trim true truncate trusted try try_cast tsquery tsvector type types \
    uescape unbounded uncommitted undefined unencrypted union unique unknown unlisten unlock \
    unlogged unnest unsigned until update upper usage use user user_resources using uuid \
    uuid_generate_v4 vacuum valid validate validator value values var_pop var_samp varbinary \
    varbit varchar varchar2 variable variables variadic varying verbose version versioning view \
    views virtual volatile websearch_to_tsquery week weeks when where while whitespace \
    width_bucket window with within without work wrapper write xml xmlattributes xmlconcat \
    xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable \
    xor year year_month years yes zerofill zone zstd";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_sorted() {
        assert!(WORDS.is_sorted());
        assert!(is_known("SELECT") && is_known("btree") && !is_known("orders"));
    }
}
