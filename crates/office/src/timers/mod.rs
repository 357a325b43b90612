//! What days alone bring: offers that nobody accepted, publicity that is over, instalments, obligations and titles whose day has come, requests
//! that wait too long.
//!
//! Guards compare days and instants themselves, so nothing depends on these moves; they tidy up. Each is a command whose id says which machine,
//! which row and which day, so that however often and from wherever timers are run, each is given once.

mod acts;

pub use acts::{Act, Clock};

use serde_json::Value;

use crate::command::{Command, Outcome, SubmitError};
use crate::office::Office;
use crate::people::{Duty, Role, holds};
use crate::stop::{Answer, Stop};
use crate::store::{Cell, StoreError};
use crate::tx::Tx;

/// How many ids are tried for one thing.
const ATTEMPTS: u32 = 8;

/// Something whose day has come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Of which kind.
    pub clock: Clock,
    /// Which.
    pub id: String,
    /// The day or instant since which it is due.
    pub since: String,
}

/// The id of a row, and the day or instant since which it is due.
pub(crate) type Rows = Vec<(String, String)>;

/// What timers did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticked {
    /// What was moved.
    pub moved: Vec<Due>,
    /// What was not, with the reason.
    pub refused: Vec<(Due, Value)>,
}

impl Due {
    /// The command that moves it, the same whoever finds it due.
    fn command(&self, person: &str, attempt: u32) -> Command {
        let Due { clock, id, since } = self.clone();
        let mut name = format!("timer:{}:{id}:{since}", clock.name());
        if attempt > 1 {
            name = format!("{name}:{attempt}");
        }
        Command::new(name, person, Act::Fire { clock, id, since })
    }
}

/// Everything that is due now.
///
/// # Errors
/// Where the database fails.
pub fn due(tx: &mut Tx<'_>) -> Answer<Vec<Due>> {
    let mut all = Vec::new();
    for clock in Clock::ALL {
        let of = |(id, since)| Due { clock, id, since };
        all.extend(clock.due(tx, None)?.into_iter().map(of));
    }
    Ok(all)
}

/// Why timers were not run, or not to their end.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TickError {
    /// Whoever runs them has not the role.
    #[error("{0} is not `machine` today; timers run in the name of somebody who is")]
    NotYours(String),
    /// The office failed: what was moved until then stays, the rest is moved by the next run.
    #[error(transparent)]
    Office(#[from] SubmitError),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Moves everything that is due now, each by a command of its own.
///
/// # Errors
/// Where the person may not, or the office fails.
pub fn run(office: &Office, person: &str) -> Result<Ticked, TickError> {
    if !reading(office, |tx| holds(tx, person, Role::Machine, ""))? {
        return Err(TickError::NotYours(person.to_owned()));
    }
    let mut ticked = Ticked::default();
    for due in reading(office, due)? {
        match moved(office, person, &due)? {
            None => {}
            Some(Outcome::Accepted { .. }) => ticked.moved.push(due),
            Some(Outcome::Denied { reason, .. } | Outcome::Undecided { reason, .. }) => {
                ticked.refused.push((due, reason));
            }
        }
    }
    Ok(ticked)
}

/// Gives the command for one thing; nothing where another's timers moved it in the same moment. An id can be spoilt by whoever used it before, for
/// something else or without the right to; while the thing is still due it is then tried under the next one.
fn moved(office: &Office, person: &str, due: &Due) -> Result<Option<Outcome>, TickError> {
    let mut last = None;
    for attempt in 1..=ATTEMPTS {
        last = match office.submit(due.command(person, attempt)) {
            Ok(outcome @ Outcome::Accepted { .. }) => return Ok(Some(outcome)),
            Ok(outcome) => Some(outcome),
            Err(SubmitError::Reused) => last,
            Err(error) => return Err(error.into()),
        };
        let still = |tx: &mut Tx<'_>| due.clock.due(tx, Some(&due.id));
        if reading(office, still)?.iter().all(|(_, since)| *since != due.since) {
            return Ok(None);
        }
    }
    Ok(last)
}

/// In whose name a process runs timers: the first who has the role for everything today.
///
/// # Errors
/// Where the database fails.
pub fn keeper(office: &Office) -> Result<Option<String>, StoreError> {
    let first = "role = $1 AND scope = '' AND since <= $2 AND (until IS NULL OR until > $2) ORDER BY person LIMIT 1";
    reading(office, |tx| {
        let today = Cell::from(&tx.today);
        let found = tx.rows::<Duty>(first, &[Role::Machine.name().into(), today])?;
        Ok(found.into_iter().next().map(|duty| duty.person))
    })
}

fn reading<T>(office: &Office, read: impl FnOnce(&mut Tx<'_>) -> Answer<T>) -> Result<T, StoreError> {
    Tx::snapshot(&mut office.reader()?, office.setup(), read).map_err(Stop::into_failure)
}
