//! The order of a year's end and of a year's opening: what is left to do, and doing it.

use super::Act;
use crate::command::{Command, Outcome, SubmitError};
use crate::machine::LineState;
use crate::office::Office;
use crate::store::{Cell, Connection, Field, StoreError};
use crate::tx::select;

/// What is being done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// The end of a line's year; what is reserved is carried over.
    End(&'a str),
    /// The opening of a line's year.
    Open(&'a str),
}

/// What is left to do, in order; each of them is one command.
///
/// # Errors
/// Where the database fails.
pub fn next(connection: &mut Connection, step: Step<'_>) -> Result<Vec<Act>, StoreError> {
    match step {
        Step::End(line) => end(connection, line),
        Step::Open(line) => open(connection, line),
    }
}

/// Does what is left to do; a run that was interrupted goes on where it stopped, and what is done already is not done again. Stops at the first
/// command that is not accepted: its outcome comes last.
///
/// # Errors
/// [`SubmitError`].
pub fn run(office: &Office, person: &str, step: Step<'_>) -> Result<Vec<Outcome>, SubmitError> {
    let mut outcomes = Vec::new();
    let mut before = Vec::new();
    loop {
        let acts = next(&mut office.reader()?, step)?;
        let told: Vec<String> = acts
            .iter()
            .map(|act| crate::command::Act::from(act.clone()).to_json().to_string())
            .collect();
        if acts.is_empty() || told == before {
            return Ok(outcomes);
        }
        for act in acts {
            // The id is new each time: that an item is done is seen in the books, and a second command on it finds nothing to do.
            let id = format!("year-{}", crate::log::salt()?);
            let outcome = office.submit(Command::new(id, person, act))?;
            let accepted = outcome.accepted().is_some();
            outcomes.push(outcome);
            if !accepted {
                return Ok(outcomes);
            }
        }
        before = told;
    }
}

fn end(connection: &mut Connection, line: &str) -> Result<Vec<Act>, StoreError> {
    let Some(found) = select::<crate::ledger::Line>(connection, "id = $1", &[line.into()])?.pop() else {
        return Ok(Vec::new());
    };
    let line = || found.id.clone();
    match found.state {
        LineState::Planned | LineState::Closed => return Ok(Vec::new()),
        LineState::Open => return Ok(vec![Act::CloseBooks { line: line() }]),
        LineState::Closing => {}
    }
    // Reserved before committed.
    let holders =
        "SELECT holder FROM holding WHERE line = $1 AND (reserved > 0 OR committed > 0) ORDER BY reserved = 0, holder";
    let mut acts = Vec::new();
    for row in connection.rows(holders, &[Cell::Text(line())])? {
        if let [holder] = row.as_slice() {
            acts.push(Act::Carry {
                line: line(),
                holder: String::from_cell(holder)?,
            });
        }
    }
    let balance = "SELECT available, in_flight FROM line_balance WHERE line = $1";
    let balance = connection.rows(balance, &[Cell::Text(line())])?;
    let (available, in_flight) = match balance.first().map(Vec::as_slice) {
        Some([Cell::Int(available), Cell::Int(in_flight)]) => (*available, *in_flight),
        _ => (0, 0),
    };
    if available > 0 {
        acts.push(Act::Lapse { line: line() });
    }
    // What is on its way stays until the bank's evidence comes.
    if in_flight == 0 {
        acts.push(Act::Close { line: line() });
    }
    Ok(acts)
}

/// Pledges of the line's payer and fund whose year has come, and what is short and has its money now, by due date, then award.
fn open(connection: &mut Connection, line: &str) -> Result<Vec<Act>, StoreError> {
    let pledged = "SELECT instalment.id, instalment.state FROM instalment JOIN part ON part.award = instalment.award AND part.payer = instalment.payer \
                   JOIN line ON line.payer = part.payer AND line.fund = part.fund JOIN line_balance ON line_balance.line = line.id \
                   WHERE line.id = $1 AND (instalment.state = 'pledged' OR (instalment.state = 'short' AND instalment.amount <= \
                   line_balance.available)) AND CAST(substr(instalment.due, 1, 4) AS BIGINT) <= line.year \
                   ORDER BY instalment.due, instalment.award, instalment.n";
    let mut acts = Vec::new();
    for row in connection.rows(pledged, &[line.into()])? {
        if let [instalment, state] = row.as_slice() {
            // What the earlier ones leave for it is seen once they have theirs.
            if String::from_cell(state)? == "short" && !acts.is_empty() {
                break;
            }
            acts.push(Act::Fund {
                instalment: String::from_cell(instalment)?,
            });
        }
    }
    Ok(acts)
}
