//! The writer: the one place of a process that writes.
//!
//! It takes what has queued up, at most 64 commands, into one transaction, each under a savepoint, and answers once that is
//! durable. The transaction holds the log's head from its beginning, so that commands happen one after another whichever process they
//! come from: no guard is ever decided on what another command is changing. See docs/decisions/0021.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use serde_json::{Value, json};

use super::{Command, Decided, Outcome, SubmitError};
use crate::log::{self, Entry};
use crate::office::Setup;
use crate::stop::{Reason, Stop};
use crate::store::{Cell, Connection, Dialect, StoreError};
use crate::time::Instant;
use crate::tx::{Tx, effect, insert, select};

const MOST_AT_ONCE: usize = 64;
const ATTEMPTS: u32 = 6;

type Reply = Result<Outcome, SubmitError>;

/// A command, and where its answer goes.
pub(crate) struct Job {
    pub command: Command,
    pub end: End,
    pub reply: Sender<Reply>,
}

/// What becomes of what a command did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// It is kept and logged.
    Kept,
    /// It is undone: somebody only wants to know what would come of it.
    Undone,
}

/// Serves commands until nobody can send any more.
pub(crate) fn serve(mut connection: Connection, setup: &Arc<Setup>, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let mut jobs = vec![first];
        while jobs.len() < MOST_AT_ONCE
            && let Ok(next) = queue.try_recv()
        {
            jobs.push(next);
        }
        let replies = together(&mut connection, setup, &jobs);
        for (job, reply) in jobs.iter().zip(replies) {
            // Whoever has stopped waiting can ask again with the same id.
            let _ = job.reply.send(reply);
        }
    }
}

/// Runs commands in one transaction, again where another process was in the way.
fn together(connection: &mut Connection, setup: &Setup, jobs: &[Job]) -> Vec<Reply> {
    let mut attempt = 1;
    loop {
        match transaction(connection, setup, jobs) {
            Ok(replies) => return replies,
            Err(StoreError::Busy(_)) if attempt < ATTEMPTS => {
                connection.roll_back();
                std::thread::sleep(Duration::from_millis(10_u64.saturating_mul(attempt.into())));
                attempt = attempt.saturating_add(1);
            }
            Err(error) => {
                connection.roll_back();
                return jobs.iter().map(|_| Err(error.clone().into())).collect();
            }
        }
    }
}

fn transaction(connection: &mut Connection, setup: &Setup, jobs: &[Job]) -> Result<Vec<Reply>, StoreError> {
    connection.begin()?;
    let mut head = Head::lock(connection)?;
    let before = head.seq;
    let replies = jobs
        .iter()
        .map(|job| one(connection, setup, job, &mut head))
        .collect::<Result<_, _>>()?;
    if head.seq == before {
        connection.roll_back();
    } else {
        head.keep(connection)?;
        connection.commit()?;
    }
    Ok(replies)
}

/// One command under its savepoint; an error fails the whole transaction.
fn one(connection: &mut Connection, setup: &Setup, job: &Job, head: &mut Head) -> Result<Reply, StoreError> {
    let command = &job.command;
    if let Some(known) = select::<Decided>(connection, "id = $1", &[Cell::from(&command.id)])?.pop() {
        let same = known
            .salt
            .as_ref()
            .is_some_and(|salt| command.digest(salt) == known.digest);
        let outcome = Outcome::of_json(&known.result).filter(|_| same);
        return Ok(outcome.ok_or(SubmitError::Reused));
    }
    for seen in &command.seen {
        if let Err(stale) = seen.check(connection)? {
            return Ok(Err(stale));
        }
    }
    let at = setup.clock.now().max(head.at);
    let today = at
        .date()
        .ok_or_else(|| StoreError::Failed("the clock stands outside the calendar".to_owned()))?;
    let seq = head.seq.saturating_add(1);
    connection.script("SAVEPOINT command")?;
    let mut tx = Tx::new(connection, setup, at, today, &command.person, (head.epoch, seq));
    let result = command.act.perform(&mut tx);
    let epoch = tx.epoch;
    let effects = tx.effects();
    let (outcome, effects) = match result {
        Ok(result) => (Outcome::Accepted { seq, result }, effects),
        Err(stop) => (stopped(stop, seq)?, Vec::new()),
    };
    let accepted = outcome.accepted().is_some();
    if !accepted || job.end == End::Undone {
        connection.script("ROLLBACK TO SAVEPOINT command")?;
    }
    connection.script("RELEASE SAVEPOINT command")?;
    if job.end == End::Kept {
        if accepted {
            head.epoch = epoch;
        }
        record(connection, command, head, at, &outcome, effects)?;
    }
    Ok(Ok(outcome))
}

/// What a stop means for the command; that the database failed is an error of the transaction.
fn stopped(stop: Stop, seq: i64) -> Result<Outcome, StoreError> {
    match stop {
        Stop::Denied(reason) => Ok(Outcome::Denied {
            seq,
            reason: reason.to_json(),
        }),
        Stop::Undecided(reason) => Ok(Outcome::Undecided {
            seq,
            reason: reason.to_json(),
        }),
        Stop::Store(StoreError::Constraint(text)) => {
            let reason = Reason::new(
                "constraint",
                format!("the database refuses: {text}"),
                format!("数据库拒绝：{text}"),
            );
            Ok(Outcome::Denied {
                seq,
                reason: reason.to_json(),
            })
        }
        Stop::Store(error) => Err(error),
    }
}

fn record(
    connection: &mut Connection,
    command: &Command,
    head: &mut Head,
    at: Instant,
    outcome: &Outcome,
    mut effects: Vec<Value>,
) -> Result<(), StoreError> {
    let salt = log::salt()?;
    let told = outcome.to_json();
    let word = told.get("outcome").cloned().unwrap_or_default();
    let decided = Decided {
        id: command.id.clone(),
        digest: command.digest(&salt),
        salt: Some(salt),
        act: Some(command.bytes()),
        seq: head.seq.saturating_add(1),
        result: told,
    };
    let stays = !matches!(outcome, Outcome::Undecided { .. });
    if stays {
        effects.push(effect(&decided));
    }
    let mut payload = json!({"command": command.id, "commitment": decided.digest, "outcome": word, "effects": effects});
    if let (Outcome::Denied { reason, .. } | Outcome::Undecided { reason, .. }, Some(object)) =
        (outcome, payload.as_object_mut())
    {
        object.insert("reason".to_owned(), reason.get("code").cloned().unwrap_or_default());
    }
    head.append(connection, at, &command.person, &command.act.kind(), payload)?;
    if stays {
        insert(connection, &decided)?;
    }
    Ok(())
}

/// The end of the log, held by this transaction.
struct Head {
    seq: i64,
    epoch: i64,
    at: Instant,
    hash: String,
}

impl Head {
    fn lock(connection: &mut Connection) -> Result<Self, StoreError> {
        let lock = match connection.dialect() {
            Dialect::Sqlite => "",
            Dialect::Postgres => " FOR UPDATE",
        };
        let found = connection.rows(
            &format!("SELECT seq, epoch, at, hash FROM head WHERE one = 1{lock}"),
            &[],
        )?;
        match found.first().map(Vec::as_slice) {
            Some([Cell::Int(seq), Cell::Int(epoch), Cell::Int(at), Cell::Text(hash)]) => Ok(Self {
                seq: *seq,
                epoch: *epoch,
                at: Instant::from_milliseconds(*at),
                hash: hash.clone(),
            }),
            _ => Err(StoreError::Unreadable("the log has no head".to_owned())),
        }
    }

    fn append(
        &mut self,
        connection: &mut Connection,
        at: Instant,
        person: &str,
        kind: &str,
        payload: Value,
    ) -> Result<(), StoreError> {
        let mut entry = Entry {
            seq: self.seq.saturating_add(1),
            epoch: self.epoch,
            at,
            person: person.to_owned(),
            kind: kind.to_owned(),
            payload,
            prev: self.hash.clone(),
            hash: String::new(),
        };
        entry.hash = entry.expected_hash();
        insert(connection, &entry)?;
        (self.seq, self.at, self.hash) = (entry.seq, at, entry.hash);
        Ok(())
    }

    fn keep(&self, connection: &mut Connection) -> Result<(), StoreError> {
        let sql = "UPDATE head SET seq = $1, epoch = $2, at = $3, hash = $4 WHERE one = 1";
        let cells = [
            self.seq.into(),
            self.epoch.into(),
            Cell::from(&self.at),
            Cell::from(&self.hash),
        ];
        connection.run(sql, &cells).map(drop)
    }
}
