//! The register from tables: the files of a population (Parquet, Arrow, JSON lines, a folder of CSV files, a workbook), each row an applicant.
//!
//! A row is imported by a command of its own, like one document. One that says nothing that its applicant's last statements do not say already is passed
//! over, so that an import that was interrupted, or is given again, goes on where it stopped.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::Receiver;

use meed_facts::date::Date;
use meed_facts::json::{canonical, write};
use meed_facts::record::Record;
use meed_facts::schema::Schema;
use meed_tables::read::{Options, Population};
use meed_tables::{Reject, TablesError};
use serde_json::{Map, Value};

use super::acts::{identify, known_after};
use super::{Act, Fact, flatten};
use crate::command::{Command, Outcome, SubmitError};
use crate::input::{Day, Json};
use crate::log::salt;
use crate::office::Office;
use crate::people::{Role, holds};
use crate::policies::{program, published};
use crate::stop::{Answer, Stop};
use crate::store::{Cell, Connection, StoreError};
use crate::tx::Tx;

/// How many commands are on their way at once.
const AHEAD: usize = 64;

/// What is imported.
#[derive(Clone, Debug)]
pub struct Tables<'a> {
    /// The file, or the folder.
    pub path: &'a Path,
    /// What the rows are records of, where the files do not say it.
    pub kind: Option<String>,
    /// The fact that says what an applicant is called, where one does.
    pub name: Option<String>,
    /// Who says all that.
    pub source: String,
    /// The paper.
    pub evidence: Option<String>,
    /// The first day for which it holds; 1970-01-01 where it is left out.
    pub valid_from: Option<Date>,
}

/// What became of the rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// Rows that were read.
    pub rows: u64,
    /// Those that said something new.
    pub imported: u64,
    /// Those that said nothing new.
    pub unchanged: u64,
    /// Those that the register refused: the row's number among those that could be read, and the reason.
    pub refused: Vec<(u64, Value)>,
    /// Those that are wrong in themselves.
    pub rejected: Vec<Reject>,
}

/// Why tables could not be imported, or not to their end.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Whoever imports does not keep the register.
    #[error("{0} is not `registrar` today, whose task this is")]
    NotYours(String),
    /// No package decides today, so there are no words for facts.
    #[error("no package is published: there are no names for the columns")]
    NoVocabulary,
    /// The files cannot be read.
    #[error(transparent)]
    Tables(#[from] TablesError),
    /// The office failed; what was imported stays, and the same import goes on.
    #[error(transparent)]
    Office(#[from] SubmitError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Imports tables, in the words of the first package of today that knows their columns.
///
/// # Errors
/// [`ImportError`].
pub fn import(office: &Office, person: &str, tables: &Tables<'_>) -> Result<Imported, ImportError> {
    let mut reader = office.reader()?;
    if !reading(&mut reader, office, |tx| holds(tx, person, Role::Registrar, ""))? {
        return Err(ImportError::NotYours(person.to_owned()));
    }
    let schemas = reading(&mut reader, office, schemas)?;
    let options = || Options {
        applicant: tables.kind.clone(),
        on: office.setup().clock.now().date(),
        ..Options::default()
    };
    let mut last = ImportError::NoVocabulary;
    for schema in &schemas {
        match Population::open(schema, tables.path, options()) {
            Ok(population) => {
                let mut import = Import {
                    office,
                    person,
                    tables,
                    schema,
                    waiting: Vec::new(),
                    done: Imported::default(),
                };
                import.all(&population, &mut reader)?;
                return Ok(import.done);
            }
            Err(error) => last = error.into(),
        }
    }
    Err(last)
}

fn reading<T>(
    connection: &mut Connection,
    office: &Office,
    read: impl FnOnce(&mut Tx<'_>) -> Answer<T>,
) -> Result<T, StoreError> {
    Tx::snapshot(connection, office.setup(), read).map_err(Stop::into_failure)
}

/// The vocabularies of the packages that decide today.
fn schemas(tx: &mut Tx<'_>) -> Answer<Vec<Arc<Schema>>> {
    let today = tx.today;
    let mut schemas = Vec::new();
    for policy in published(tx)? {
        schemas.push(Arc::clone(&program(tx, &policy, today)?.schema));
    }
    Ok(schemas)
}

type Reply = Receiver<Result<Outcome, SubmitError>>;

/// An import under way.
struct Import<'a> {
    office: &'a Office,
    person: &'a str,
    tables: &'a Tables<'a>,
    schema: &'a Schema,
    /// Rows whose commands have been given, with where their outcomes come.
    waiting: Vec<(u64, Reply)>,
    done: Imported,
}

impl Import<'_> {
    fn all(&mut self, population: &Population<'_>, reader: &mut Connection) -> Result<(), ImportError> {
        for chunk in population.chunks() {
            let chunk = chunk?;
            self.done.rejected.extend(chunk.rejects);
            for row in 0..chunk.batch.rows {
                if let Some(record) = chunk.batch.record(row) {
                    self.one(&record, reader)?;
                }
            }
        }
        self.hear()
    }

    fn one(&mut self, record: &Record, reader: &mut Connection) -> Result<(), ImportError> {
        self.done.rows = self.done.rows.saturating_add(1);
        let facts = write(self.schema, record);
        let (office, from) = (self.office, self.tables.valid_from);
        if reading(reader, office, |tx| {
            says_nothing_new(tx, self.schema, record, &facts, from)
        })? {
            self.done.unchanged = self.done.unchanged.saturating_add(1);
            return Ok(());
        }
        let named = self
            .tables
            .name
            .as_ref()
            .and_then(|fact| facts.as_object()?.values().next()?.get(fact)?.as_str());
        let act = Act::Import {
            name: named.map(str::to_owned),
            facts: Json(facts),
            source: self.tables.source.clone(),
            evidence: self.tables.evidence.clone(),
            valid_from: from.map(Day),
        };
        let reply = office.send(Command::new(salt()?, self.person, act))?;
        self.waiting.push((self.done.rows, reply));
        if self.waiting.len() >= AHEAD {
            self.hear()?;
        }
        Ok(())
    }

    /// Waits until what was given is decided.
    fn hear(&mut self) -> Result<(), ImportError> {
        for (row, reply) in std::mem::take(&mut self.waiting) {
            match reply.recv().map_err(|_| SubmitError::Closed)?? {
                Outcome::Accepted { .. } => self.done.imported = self.done.imported.saturating_add(1),
                Outcome::Denied { reason, .. } | Outcome::Undecided { reason, .. } => {
                    self.done.refused.push((row, reason));
                }
            }
        }
        Ok(())
    }
}

/// Whether the last statement about each value that a row states is the same, for the same days.
fn says_nothing_new(
    tx: &mut Tx<'_>,
    schema: &Schema,
    record: &Record,
    facts: &Value,
    from: Option<Date>,
) -> Answer<bool> {
    let none = Map::new();
    let document = facts
        .as_object()
        .and_then(|outer| outer.values().next()?.as_object())
        .unwrap_or(&none);
    let key = schema.entities[record.entity].key;
    let schemes: Vec<String> = key
        .map(|fact| schema.facts[fact].named.name.to_string())
        .into_iter()
        .collect();
    let Some(subject) = identify(tx, document, &schemes)? else {
        return Ok(false);
    };
    let last: BTreeMap<String, Fact> = tx
        .rows::<Fact>("subject = $1 ORDER BY seq, id", &[Cell::from(&subject)])?
        .into_iter()
        .map(|fact| (fact.path.clone(), fact))
        .collect();
    let first = from.or_else(|| Date::from_days_since_epoch(0));
    Ok(flatten(document).into_iter().all(|(path, value)| {
        let from = known_after(&path, &value).into_iter().chain(first).max();
        last.get(&path).is_some_and(|fact| {
            let same = fact.value.as_ref().map(canonical) == Some(canonical(&value));
            same && fact.valid_to.is_none() && from.is_some_and(|from| fact.valid_from <= from)
        })
    }))
}
