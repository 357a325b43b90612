//! `meed office verify` and `meed office root`.

use std::path::Path;

use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_office::log::{self, Root};
use meed_office::office::Office;

use super::{Format, unusable};
use crate::answer::{Answer, Outcome, Result, Unusable};

/// Verifies the log, and every row against it.
pub fn verify(office: &Office, root: Option<&Path>, format: Format, lang: Lang) -> Result {
    let root = root.map(kept).transpose()?;
    let mut reader = office.reader().map_err(|error| unusable(&error))?;
    let report = log::verify(&mut reader, root.as_ref()).map_err(|error| unusable(&error))?;
    let outcome = if report.is_clean() {
        Outcome::Fine
    } else {
        Outcome::Findings
    };
    let text = match format {
        Format::Json => format!("{}\n", meed_facts::json::canonical(&report.to_json())),
        Format::Text => {
            let line =
                |one: &log::Finding| format!("{} {} {}: {}\n", one.code, one.table, one.key, one.message.text(lang));
            let found: String = report.findings.iter().map(line).collect();
            let (entries, rows, hash) = (report.entries, report.rows, &report.hash);
            match lang {
                Lang::En => format!(
                    "{found}{entries} entries, {rows} rows, {} findings\nroot {hash}\n",
                    report.findings.len()
                ),
                Lang::Zh => format!(
                    "{found}日志 {entries} 条，数据 {rows} 行，发现问题 {} 项\n根哈希 {hash}\n",
                    report.findings.len()
                ),
            }
        }
    };
    Ok(Answer {
        text,
        remarks: String::new(),
        outcome,
    })
}

fn kept(path: &Path) -> Result<Root> {
    let text = std::fs::read_to_string(path).map_err(|error| Unusable::system(path, &error))?;
    Root::parse(&text).map_err(|error| Unusable::said(path, &error))
}

/// The root of a day.
pub fn root(office: &Office, on: Option<Date>) -> Result {
    let today = || office.setup().clock.now().date();
    let day = on
        .or_else(today)
        .ok_or_else(|| unusable(&"the clock stands outside the calendar"))?;
    let mut reader = office.reader().map_err(|error| unusable(&error))?;
    let root = log::root(&mut reader, day).map_err(|error| unusable(&error))?;
    Ok(Answer::fine(root.to_text()))
}
