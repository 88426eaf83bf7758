//! The migration that a review makes: a plan of steps as plain data, and the plan in the words of each
//! tool that may run it. Names from outside are data everywhere: quoted as the tool quotes.

mod alembic;
mod django;
mod django_condition;
mod flyway;
mod liquibase;
mod partitions;
mod prisma;
mod rails;
pub mod sql;
pub mod statement;
pub mod steps;
mod verify;
mod verify_mysql;
mod verify_postgres;
mod words;

use super::Report;
pub use steps::{Plan, Stage, Step, plan};

/// How a migration is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Format {
    /// Plain SQL.
    #[default]
    Sql,
    /// The plain SQL that takes it back.
    Reverse,
    /// Alembic (SQLAlchemy).
    Alembic,
    /// Django.
    Django,
    /// Rails.
    Rails,
    /// Flyway.
    Flyway,
    /// Liquibase.
    Liquibase,
    /// Prisma.
    Prisma,
    /// Queries for afterwards: valid, used, size, bloat.
    Verify,
}

impl Format {
    /// All, in the order menus show them.
    pub const ALL: [Format; 9] = [
        Format::Sql,
        Format::Reverse,
        Format::Alembic,
        Format::Django,
        Format::Rails,
        Format::Flyway,
        Format::Liquibase,
        Format::Prisma,
        Format::Verify,
    ];

    /// On the command line and in the page.
    pub fn name(self) -> &'static str {
        match self {
            Format::Sql => "sql",
            Format::Reverse => "reverse",
            Format::Alembic => "alembic",
            Format::Django => "django",
            Format::Rails => "rails",
            Format::Flyway => "flyway",
            Format::Liquibase => "liquibase",
            Format::Prisma => "prisma",
            Format::Verify => "verify",
        }
    }

    /// In a menu.
    pub fn title(self) -> &'static str {
        match self {
            Format::Sql => "SQL",
            Format::Reverse => "SQL, reverse",
            Format::Alembic => "Alembic",
            Format::Django => "Django",
            Format::Rails => "Rails",
            Format::Flyway => "Flyway",
            Format::Liquibase => "Liquibase",
            Format::Prisma => "Prisma",
            Format::Verify => "Verification queries",
        }
    }

    /// The format of a name.
    pub fn from_name(name: &str) -> Option<Format> {
        Format::ALL.into_iter().find(|format| format.name() == name)
    }
}

/// A file of a migration.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Its name, with folders where the tool wants them.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// The files of a migration; none where the findings change nothing. `stamp` is the time in fourteen
/// digits, as tools order their migrations by it.
pub fn files(report: &Report, format: Format, stamp: u64) -> Vec<File> {
    let plan = plan(report);
    if plan.steps.is_empty() {
        return Vec::new();
    }
    match format {
        Format::Sql => vec![file("migration.sql", sql::forward(&plan))],
        Format::Reverse => vec![file("migration_reverse.sql", sql::reverse(&plan))],
        Format::Alembic => alembic::files(&plan),
        Format::Django => django::files(&plan),
        Format::Rails => rails::files(&plan, stamp),
        Format::Flyway => flyway::files(&plan, stamp),
        Format::Liquibase => liquibase::files(&plan),
        Format::Prisma => prisma::files(&plan, stamp),
        Format::Verify => vec![file("verify.sql", verify::render(report, &plan))],
    }
}

fn file(name: &str, text: String) -> File {
    File { name: name.to_owned(), text }
}

/// Seconds since 1970 in UTC as `YYYYMMDDhhmmss`.
pub fn stamp(seconds: u64) -> u64 {
    // The last day that has four digits of a year.
    let days = (seconds / 86_400).min(2_932_896);
    let seconds = seconds % 86_400;
    // Days since 0000-03-01, in eras of 400 years; years begin in March.
    let days = days + 719_468;
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let date = day - (153 * month + 2) / 5 + 1;
    let (year, month) = match month {
        0..=9 => (year + 400 * era, month + 3),
        _ => (year + 400 * era + 1, month - 9),
    };
    let time = seconds / 3_600 * 10_000 + seconds / 60 % 60 * 100 + seconds % 60;
    (year * 10_000 + month * 100 + date) * 1_000_000 + time
}

/// All files as one text: several behind a line with the name of each.
pub fn joined(files: &[File]) -> String {
    match files {
        [] => "-- Nothing to apply.\n".to_owned(),
        [only] => only.text.clone(),
        several => {
            let one = |file: &File| {
                let mark = if file.name.ends_with(".sql") { "--" } else { "#" };
                format!("{mark} ==== {} ====\n{}", file.name, file.text)
            };
            several.iter().map(one).collect::<Vec<_>>().join("\n")
        }
    }
}
