//! A match of everybody whom a change affects.

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::mpsc::Receiver;

use serde_json::{Value, json};

use super::Act;
use super::acts::change;
use crate::command::{Command, Event, Outcome, SubmitError};
use crate::log::salt;
use crate::office::Office;
use crate::record;
use crate::register::Subject;
use crate::stop::{Answer, Stop};
use crate::store::{Cell, Connection, Field, StoreError};
use crate::tx::{Tx, select};

/// The outbox reader that matching is.
const CONSUMER: &str = "matching";

record! {
    /// How far a reader of the outbox has come.
    pub struct Cursor in "cursor" by consumer {
        /// The reader.
        consumer: String,
        /// The log entry
        seq: i64,
        /// and the event within it that it read last.
        i: i64,
    }
}

/// What a match came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Matched {
    /// Applicants that were determined.
    pub subjects: usize,
    /// Applicants for whom something was written.
    pub changed: usize,
    /// Offers that were opened.
    pub offered: u64,
    /// Offers that lapsed.
    pub lapsed: u64,
    /// Notes that were written.
    pub noted: u64,
}

/// Matches whom the changes since the last match affect; everybody where `all` is set or a package was published. Applicants are determined on two
/// threads beside the writer; only those for whom something changes cost a command.
///
/// # Errors
/// Where the database fails.
pub fn run(office: &Office, person: &str, all: bool) -> Result<Matched, SubmitError> {
    let mut reader = office.reader()?;
    let cursor = select::<Cursor>(&mut reader, "consumer = $1", &[CONSUMER.into()])?.pop();
    let from = cursor.map_or((0, 0), |cursor| (cursor.seq, cursor.i));
    let since = "seq > $1 OR (seq = $1 AND i > $2) ORDER BY seq, i";
    let events: Vec<Event> = select(&mut reader, since, &[Cell::Int(from.0), Cell::Int(from.1)])?;
    let subjects = affected(&mut reader, &events, all)?;
    let matched = determine(office, person, &subjects)?;
    if let Some(last) = events.last() {
        let (consumer, seq, i) = (CONSUMER.to_owned(), last.seq, last.i);
        office.submit(command(person, Act::Seen { consumer, seq, i })?)?;
    }
    Ok(matched)
}

/// Whom events affect.
fn affected(reader: &mut Connection, events: &[Event], all: bool) -> Result<Vec<String>, StoreError> {
    let everybody = all
        || events
            .iter()
            .any(|event| matches!(event.kind.as_str(), "policy_published" | "policy_repealed"));
    if everybody {
        let rows = reader.rows("SELECT id FROM subject ORDER BY id", &[])?;
        return rows.iter().flatten().map(String::from_cell).collect();
    }
    let mut subjects = BTreeSet::new();
    for event in events {
        match event.kind.as_str() {
            "subject_imported" | "fact_stated" | "subject_succeeded" => {
                subjects.insert(event.target.clone());
                subjects.extend(event.body.get("new").and_then(Value::as_str).map(str::to_owned));
            }
            "title_granted" => subjects.extend(event.body.get("subject").and_then(Value::as_str).map(str::to_owned)),
            "decided" => {
                let case = event.body.get("case").and_then(Value::as_str).unwrap_or_default();
                let found = reader.one("SELECT subject FROM \"case\" WHERE id = $1", &[case.into()])?;
                subjects.extend(found.as_ref().map(String::from_cell).transpose()?);
            }
            _ => {}
        }
    }
    Ok(subjects.into_iter().collect())
}

fn determine(office: &Office, person: &str, subjects: &[String]) -> Result<Matched, SubmitError> {
    let total = Mutex::new(Matched {
        subjects: subjects.len(),
        ..Matched::default()
    });
    let half = subjects.len().div_ceil(2).max(1);
    std::thread::scope(|scope| {
        let parts: Vec<_> = subjects
            .chunks(half)
            .map(|part| scope.spawn(|| one_part(office, person, part, &total)))
            .collect();
        // A thread that panicked has told so already.
        parts
            .into_iter()
            .map(|part| part.join().unwrap_or(Err(SubmitError::Closed)))
            .collect::<Result<Vec<()>, _>>()
    })?;
    Ok(total.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner))
}

/// How many commands wait for their answers at once, so that they share transactions.
const WAITING: usize = 256;

fn one_part(office: &Office, person: &str, subjects: &[String], total: &Mutex<Matched>) -> Result<(), SubmitError> {
    let mut reader = office.reader()?;
    let mut waiting = Vec::new();
    for id in subjects {
        if changes(&mut reader, office, id)? {
            let subject = id.clone();
            waiting.push(office.send(command(person, Act::Subject { subject })?)?);
        }
        if waiting.len() >= WAITING {
            answered(&mut waiting, total)?;
        }
    }
    answered(&mut waiting, total)
}

/// Waits for answers and adds up what they tell.
fn answered(
    waiting: &mut Vec<Receiver<Result<Outcome, SubmitError>>>,
    total: &Mutex<Matched>,
) -> Result<(), SubmitError> {
    for answer in waiting.drain(..) {
        let result = result(answer.recv().map_err(|_| SubmitError::Closed)??);
        let count = |name: &str| result.get(name).and_then(Value::as_u64).unwrap_or(0);
        let mut total = total.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        total.changed = total.changed.saturating_add(1);
        total.offered = total.offered.saturating_add(count("offered"));
        total.lapsed = total.lapsed.saturating_add(count("lapsed"));
        total.noted = total.noted.saturating_add(count("noted"));
    }
    Ok(())
}

/// Whether a match would write anything for a subject. Where it cannot be said the command finds out.
fn changes(reader: &mut Connection, office: &Office, id: &str) -> Result<bool, StoreError> {
    let mut look = || -> Answer<bool> {
        let mut tx = Tx::reading(reader, office.setup())?;
        let subject: Subject = tx.get(id)?;
        Ok(!change(&mut tx, &subject)?.is_empty())
    };
    match look() {
        Ok(changes) => Ok(changes),
        Err(Stop::Store(error)) => Err(error),
        Err(_) => Ok(true),
    }
}

fn command(person: &str, act: Act) -> Result<Command, SubmitError> {
    Ok(Command::new(format!("match-{}", salt()?), person, act))
}

fn result(outcome: Outcome) -> Value {
    match outcome {
        Outcome::Accepted { result, .. } => result,
        // The log says why; the others are matched all the same.
        Outcome::Denied { .. } | Outcome::Undecided { .. } => json!({}),
    }
}

/// Keeps how far a reader has come; never back.
pub(super) fn seen(tx: &mut Tx<'_>, consumer: &str, seq: i64, i: i64) -> Answer<Value> {
    let cursor = Cursor {
        consumer: consumer.to_owned(),
        seq,
        i,
    };
    match tx.find::<Cursor>(consumer)? {
        Some(before) if (before.seq, before.i) > (seq, i) => {}
        Some(_) => tx.update(&cursor)?,
        None => tx.insert(&cursor)?,
    }
    Ok(Value::Null)
}
