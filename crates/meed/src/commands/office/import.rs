//! `meed office import`: the register from the files that `meed run` reads.

use std::path::PathBuf;

use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_office::office::Office;
use meed_office::register::{Imported, Tables, import};
use serde_json::{Value, json};

use super::{Format, shown, unusable};
use crate::answer::{Answer, Outcome, Result};
use crate::input;

/// How many wrong rows are told one by one.
const TOLD: usize = 20;

/// Imports applicants from tables into the register: a Parquet, Arrow, JSON lines or XLSX file, or a folder of CSV files
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file, or the folder
    #[arg(long, value_name = "PATH")]
    facts: PathBuf,
    /// What the rows are records of, where the files do not say it
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// The fact that says what an applicant is called
    #[arg(long, value_name = "FACT")]
    named_by: Option<String>,
    /// Who says so
    #[arg(long, value_name = "WHO")]
    source: String,
    /// The paper
    #[arg(long)]
    evidence: Option<String>,
    /// The first day for which it holds; 1970-01-01 where it is left out
    #[arg(long, value_name = "DATE", value_parser = input::date)]
    valid_from: Option<Date>,
}

impl Args {
    pub fn run(self, office: &Office, person: &str, format: Format, lang: Lang) -> Result {
        let tables = Tables {
            path: &self.facts,
            kind: self.kind,
            name: self.named_by,
            source: self.source,
            evidence: self.evidence,
            valid_from: self.valid_from,
        };
        let done = import(office, person, &tables).map_err(|error| unusable(&error))?;
        let refused: Vec<Value> = done
            .refused
            .iter()
            .map(|(row, reason)| json!({"row": row, "reason": reason}))
            .collect();
        let json = json!({
            "rows": done.rows, "imported": done.imported, "unchanged": done.unchanged, "refused": refused,
            "rejected": done.rejected.iter().map(|reject| reject.text(Lang::En)).collect::<Vec<_>>(),
        });
        let (text, remarks) = match format {
            Format::Json => (shown(&json, format), String::new()),
            Format::Text => (counts(&done), wrong(&done, lang)),
        };
        let fine = done.refused.is_empty() && done.rejected.is_empty();
        Ok(Answer {
            text,
            remarks,
            outcome: if fine { Outcome::Fine } else { Outcome::Findings },
        })
    }
}

fn counts(done: &Imported) -> String {
    let (refused, rejected) = (done.refused.len(), done.rejected.len());
    let Imported {
        rows,
        imported,
        unchanged,
        ..
    } = done;
    format!("rows: {rows}\nimported: {imported}\nunchanged: {unchanged}\nrefused: {refused}\nrejected: {rejected}\n")
}

/// The first rows that are wrong, each with the reason.
fn wrong(done: &Imported, lang: Lang) -> String {
    let said = |reason: &Value| {
        let sentence = reason.get(if lang == Lang::Zh { "zh" } else { "en" });
        sentence.and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let rejected = done.rejected.iter().map(|reject| reject.text(lang) + "\n");
    let refused = done.refused.iter().map(|(row, reason)| match lang {
        Lang::En => format!("row {row}: {}\n", said(reason)),
        Lang::Zh => format!("第{row}行：{}\n", said(reason)),
    });
    rejected.chain(refused).take(TOLD).collect()
}
