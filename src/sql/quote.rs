//! Names and texts as they are written in SQL.

use crate::dialect::Dialect;

/// An identifier, quoted where the dialect needs it.
pub fn quote_name(name: &str, dialect: Dialect) -> String {
    let plain = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !is_reserved(name);
    let folded = dialect != Dialect::Postgres || !name.chars().any(|c| c.is_ascii_uppercase());
    if plain && folded {
        return name.to_owned();
    }
    match dialect {
        Dialect::Mysql | Dialect::Mariadb => format!("`{}`", name.replace('`', "``")),
        Dialect::Postgres | Dialect::Sqlite => format!("\"{}\"", name.replace('"', "\"\"")),
    }
}

/// A name as PostgreSQL 15 prints it: quoted if it is a keyword of any but the unreserved kind.
pub fn quote_printed(name: &str) -> String {
    const WORDS: &str = " all analyse analyze and any array as asc asymmetric authorization \
        between bigint binary bit \
        boolean both case cast char character check coalesce collate collation column concurrently \
        constraint create cross current_catalog current_date current_role current_schema \
        current_time current_timestamp current_user dec decimal default deferrable desc distinct do \
        else end except exists extract false fetch float for foreign freeze from full grant greatest \
        group grouping having ilike in initially inner inout int integer intersect interval into is \
        isnull join lateral leading least left like limit localtime localtimestamp national natural \
        nchar none normalize not notnull null nullif numeric offset on only or order out outer \
        overlaps overlay placing position precision primary real references returning right row \
        select session_user setof similar smallint some substring symmetric table tablesample then \
        time timestamp to trailing treat trim true union unique user using values varchar variadic \
        verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest \
        xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable ";
    let is_plain = !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !WORDS.contains(&format!(" {name} "));
    if is_plain && !name.is_empty() {
        name.to_owned()
    } else {
        format!("\"{}\"", name.replace('"', "\"\""))
    }
}

/// Text as a literal.
pub fn quote_text(text: &str, dialect: Dialect) -> String {
    let doubled = text.replace('\'', "''");
    match dialect {
        Dialect::Mysql | Dialect::Mariadb => format!("'{}'", doubled.replace('\\', "\\\\")),
        Dialect::Postgres | Dialect::Sqlite => format!("'{doubled}'"),
    }
}

/// Words that are reserved in at least one of the dialects; quoting one too many does no harm.
fn is_reserved(name: &str) -> bool {
    const WORDS: &str = " add all alter analyse analyze and any array as asc asymmetric authorization \
        before between both by call cascade case cast change check collate collation column columns \
        condition constraint continue convert create cross cube current_catalog current_date \
        current_role current_schema current_time current_timestamp current_user cursor database \
        databases day_hour default deferrable delete desc describe distinct div do double drop dual \
        each else elseif empty enclosed end escaped except exists exit explain false fetch first_value \
        float for force foreign freeze from full fulltext function generated get grant group grouping \
        groups having high_priority if ignore ilike in index infile initially inner inout insensitive \
        insert int integer intersect interval into is isnull iterate join json_table key keys kill lag \
        last_value lateral lead leading leave left like limit linear lines load localtime \
        localtimestamp lock long loop low_priority match maxvalue mod modifies natural not notnull \
        nothing nth_value ntile null numeric of offset on only optimize option optionally or order out \
        outer outfile over overlaps partition percent_rank placing precision primary procedure purge \
        raise range rank read reads real recursive references regexp release rename repeat replace \
        require resignal restrict return returning revoke right rlike row row_number rows schema \
        schemas select sensitive separator session_user set show signal similar some spatial specific \
        sql sqlexception sqlstate sqlwarning ssl starting stored straight_join symmetric system table \
        tablesample terminated then to trailing transaction trigger true undo union unique unlock \
        unsigned update usage use user using values variadic varying verbose virtual when where while \
        window with write xor year_month zerofill ";
    let needle = format!(" {} ", name.to_ascii_lowercase());
    WORDS.contains(&needle)
}
