//! How it is done, how it is taken back, and how to see afterwards that it did what it should.

use super::findings::code;
use super::parts::{prose, write_section, write_table, write_text};
use crate::report::data::Report;
use crate::report::migration::{Format, Step, files, plan, sql};

/// The three sections; none where nothing changes.
pub fn write(out: &mut String, report: &Report) {
    let plan = plan(report);
    if plan.steps.is_empty() {
        return;
    }
    write_section(out, "Migration", |out| {
        let row = |(at, step): (usize, &Step)| {
            let lock = &step.forward.lock;
            let lock = format!("{} on {}: {}", lock.mode, lock.on, lock.effect);
            let transaction = step.forward.transaction.words();
            let number = format!("{}", at + 1);
            vec![number, code(&step.forward.sql), prose(&lock), prose(transaction)]
        };
        let head = ["#", "statement", "lock", "transaction"];
        write_table(out, &head, plan.steps.iter().enumerate().map(row));
        out.push_str("<h3>As a file</h3>\n");
        write_text(out, &sql::forward(&plan));
    });
    write_section(out, "Rollback", |out| write_text(out, &sql::reverse(&plan)));
    write_section(out, "How to verify afterwards", |out| {
        // Its queries carry no time, so that the page is the same whenever it is made.
        for file in files(report, Format::Verify, 0) {
            write_text(out, &file.text);
        }
    });
}
