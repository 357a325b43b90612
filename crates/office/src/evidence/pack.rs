//! Packing: all that belongs to a case, as a folder.

use std::collections::{BTreeMap, BTreeSet};

use meed_facts::json::canonical;
use serde_json::{Map, Value, json};

use super::names;
use crate::aftermath::{Appeal, Claim, Hold, Offset, Recovery};
use crate::awards::{Award, Confirmation, Instalment, Obligation, Part, Pledge};
use crate::cases::{Case, Decision, Standstill};
use crate::ledger::{Line, Posting};
use crate::log::{self, Entry, sha256};
use crate::office::Setup;
use crate::payments::{Batch, BatchRow, Instruction};
use crate::people::{Deed, Vacancy};
use crate::policies::{Document, Policy};
use crate::programs::Files;
use crate::publicity::{List, Objection, Row};
use crate::register::Title;
use crate::reviews::{Draw, Review};
use crate::rounds::{Round, Share};
use crate::stop::{Answer, Stop};
use crate::store::{Cell, Connection, Record};
use crate::titles::Assessment;
use crate::tx::Tx;

/// How many log entries are read at once.
const PAGE: i64 = 1000;

/// The files of a case's evidence, by path. Objectors are not in it, nor accounts' numbers.
///
/// # Errors
/// Denied where there is no such case.
pub fn pack(connection: &mut Connection, setup: &Setup, case: &str) -> Answer<BTreeMap<String, String>> {
    let mut tx = Tx::reading(connection, setup)?;
    let case: Case = tx.get(case)?;
    let mut files = BTreeMap::new();
    let mut rows = Rows::default();
    rows.gather(&mut tx, &case)?;
    let decisions: Vec<Decision> = tx.rows("case_id = $1 ORDER BY n", &[Cell::from(&case.id)])?;
    documents(&mut tx, &decisions, &mut files)?;
    packages(&mut tx, &decisions, &case, &mut files)?;
    entries(&mut tx, &rows, &mut files)?;
    files.insert(names::ROWS.to_owned(), canonical(&Value::Object(rows.tables)));
    let hashes: Map<String, Value> = files
        .iter()
        .map(|(path, body)| (path.clone(), sha256(body.as_bytes()).into()))
        .collect();
    let manifest = json!({
        "format": "meed evidence 1",
        "office": setup.config.office,
        "mode": setup.config.mode.name(),
        "case": case.id,
        "files": hashes,
    });
    files.insert(names::MANIFEST.to_owned(), canonical(&manifest));
    Ok(files)
}

/// Rows of a case and of all that followed from it.
#[derive(Default)]
struct Rows {
    tables: Map<String, Value>,
    ids: BTreeSet<String>,
}

impl Rows {
    fn gather(&mut self, tx: &mut Tx<'_>, case: &Case) -> Answer<()> {
        let id = &[Cell::from(&case.id)];
        self.take::<Case>(tx, "id = $1", id)?;
        self.take::<Decision>(tx, "case_id = $1 ORDER BY n", id)?;
        // What reviewers say is nobody else's before all of them have spoken.
        self.take::<Review>(tx, "case_id = $1 AND state = 'final' ORDER BY id", id)?;
        let draws = "id IN (SELECT draw FROM review WHERE case_id = $1 AND state = 'final') ORDER BY id";
        self.take::<Draw>(tx, draws, id)?;
        self.take::<Round>(tx, "id IN (SELECT round FROM \"case\" WHERE id = $1)", id)?;
        self.take::<Share>(tx, "case_id = $1 ORDER BY round", id)?;
        self.take::<Objection>(tx, "case_id = $1 ORDER BY id", id)?;
        self.take::<Standstill>(tx, "case_id = $1 ORDER BY since", id)?;
        self.take::<Vacancy>(tx, "case_id = $1 ORDER BY role, n", id)?;
        self.take::<Deed>(tx, "target = $1 ORDER BY seq, role", id)?;
        self.take::<Title>(tx, "case_id = $1 ORDER BY id", id)?;
        let titles = "title IN (SELECT id FROM title WHERE case_id = $1) ORDER BY id";
        self.take::<Assessment>(tx, titles, id)?;
        self.take::<Row>(tx, "case_id = $1 ORDER BY list, version", id)?;
        let lists = "(id, version) IN (SELECT list, version FROM \"row\" WHERE case_id = $1) ORDER BY id, version";
        self.take::<List>(tx, lists, id)?;
        self.take::<Appeal>(
            tx,
            "decision IN (SELECT id FROM decision WHERE case_id = $1) ORDER BY id",
            id,
        )?;
        self.take::<Award>(tx, "case_id = $1 ORDER BY id", id)?;
        let replies = "award IN (SELECT id FROM award WHERE case_id = $1) ORDER BY award, payer, n";
        self.take::<Confirmation>(tx, replies, id)?;
        for table in ["part", "obligation", "recovery", "instalment"] {
            let condition = "award IN (SELECT id FROM award WHERE case_id = $1)";
            match table {
                "part" => self.take::<Part>(tx, &format!("{condition} ORDER BY award, payer"), id)?,
                "obligation" => self.take::<Obligation>(tx, &format!("{condition} ORDER BY id"), id)?,
                "recovery" => self.take::<Recovery>(tx, &format!("{condition} ORDER BY id"), id)?,
                _ => self.take::<Instalment>(tx, &format!("{condition} ORDER BY id"), id)?,
            }
        }
        let instalments =
            "(SELECT instalment.id FROM instalment JOIN award ON award.id = instalment.award WHERE award.case_id = $1)";
        let of = |condition: &str| condition.replace("@", instalments);
        self.take::<Pledge>(tx, &of("instalment IN @ ORDER BY fund, year, instalment"), id)?;
        self.take::<Claim>(tx, &of("instalment IN @ ORDER BY recovery, instalment"), id)?;
        self.take::<Offset>(tx, &of("instalment IN @ ORDER BY recovery, instalment"), id)?;
        self.take::<Hold>(
            tx,
            &of("target IN @ OR target IN (SELECT id FROM award WHERE case_id = $1) ORDER BY id"),
            id,
        )?;
        self.take::<Instruction>(tx, &of("instalment IN @ ORDER BY id"), id)?;
        let batches = of("IN (SELECT batch FROM instruction WHERE instalment IN @)");
        self.take::<Batch>(tx, &format!("id {batches} ORDER BY id"), id)?;
        self.take::<BatchRow>(
            tx,
            &of("instruction IN (SELECT id FROM instruction WHERE instalment IN @) ORDER BY batch, instruction"),
            id,
        )?;
        self.take::<Posting>(tx, &of("to_holder IN @ OR from_holder IN @ ORDER BY seq, i"), id)?;
        self.take::<Line>(
            tx,
            &of("id IN (SELECT line FROM instalment WHERE id IN @) ORDER BY id"),
            id,
        )?;
        self.take::<Policy>(
            tx,
            "id IN (SELECT policy FROM decision WHERE case_id = $1) ORDER BY id",
            id,
        )
    }

    fn take<R: Record>(&mut self, tx: &mut Tx<'_>, condition: &str, arguments: &[Cell]) -> Answer<()> {
        let found = tx.rows::<R>(condition, arguments)?;
        for record in &found {
            let key = record.key();
            if let [Cell::Text(id)] = key.as_slice() {
                self.ids.insert(id.clone());
            }
        }
        let told: Vec<Value> = found
            .iter()
            .map(|record| json!({"key": keys(record), "row": log::row(R::COLUMNS, &record.cells())}))
            .collect();
        if !told.is_empty() {
            self.tables.insert(R::TABLE.to_owned(), Value::Array(told));
        }
        Ok(())
    }
}

fn keys<R: Record>(record: &R) -> Vec<Value> {
    record.key().iter().map(Cell::to_json).collect()
}

fn documents(tx: &mut Tx<'_>, decisions: &[Decision], files: &mut BTreeMap<String, String>) -> Answer<()> {
    for decision in decisions {
        for (folder, digest) in [("facts", &decision.facts), ("determinations", &decision.result)] {
            if let Some(body) = tx.get::<Document>(digest)?.body {
                files.insert(format!("{folder}/{digest}.json"), body);
            }
        }
    }
    Ok(())
}

fn packages(tx: &mut Tx<'_>, decisions: &[Decision], case: &Case, files: &mut BTreeMap<String, String>) -> Answer<()> {
    let policies: BTreeSet<&String> = decisions.iter().map(|one| &one.policy).chain([&case.policy]).collect();
    for id in policies {
        let policy: Policy = tx.get(id)?;
        let body = tx.get::<Document>(&policy.files)?.body.unwrap_or_default();
        let parts: Files = serde_json::from_str(&body).map_err(|error| {
            Stop::undecided(
                "broken_package",
                format!("the files of {id}: {error}"),
                format!("{id} 的文件无法读取：{error}"),
            )
        })?;
        for (path, text) in parts {
            files.insert(format!("packages/{id}/{path}"), text);
        }
    }
    Ok(())
}

/// The entries that wrote one of the rows, and the headers of all from the first of them on.
fn entries(tx: &mut Tx<'_>, rows: &Rows, files: &mut BTreeMap<String, String>) -> Answer<()> {
    let (mut chain, mut full) = (String::new(), String::new());
    let mut after = 0_i64;
    loop {
        let page: Vec<Entry> = tx.rows("seq > $1 ORDER BY seq LIMIT $2", &[Cell::Int(after), Cell::Int(PAGE)])?;
        let Some(last) = page.last() else { break };
        after = last.seq;
        for entry in &page {
            let touches = touches(entry, rows);
            if touches {
                full += &canonical(&Value::Object(log::row(Entry::COLUMNS, &entry.cells())));
                full.push('\n');
            }
            if touches || !chain.is_empty() {
                let mut header = entry.header();
                if let Some(header) = header.as_object_mut() {
                    header.insert("hash".to_owned(), entry.hash.clone().into());
                }
                chain += &canonical(&header);
                chain.push('\n');
            }
        }
    }
    files.insert(names::CHAIN.to_owned(), chain);
    files.insert(names::ENTRIES.to_owned(), full);
    Ok(())
}

fn touches(entry: &Entry, rows: &Rows) -> bool {
    let effects = entry.payload.get("effects").and_then(Value::as_array);
    effects.into_iter().flatten().any(|effect| {
        let key = effect.get("key").and_then(Value::as_array).into_iter().flatten();
        let by_id = key.filter_map(Value::as_str).any(|part| rows.ids.contains(part));
        let table = effect.get("table").and_then(Value::as_str).unwrap_or_default();
        let told = rows.tables.get(table).and_then(Value::as_array).into_iter().flatten();
        by_id || told.into_iter().any(|one| one.get("key") == effect.get("key"))
    })
}
