//! Rows whose publicity is over: those of the latest version of their list, against which nothing is open.

use super::lists::end_row;
use super::period::{clear_of, is_contested};
use super::{List, Row, latest};
use crate::cases::Case;
use crate::rounds;
use crate::stop::{Answer, Stop};
use crate::store::{Cell, Field};
use crate::timers::Rows;
use crate::tx::Tx;

const PUBLIC: &str = "SELECT public.id, public.version, \"row\".case_id FROM list public \
                      JOIN \"row\" ON \"row\".list = public.id AND \"row\".version = public.version \
                      JOIN \"case\" open ON open.id = \"row\".case_id AND open.list = public.id AND open.state = 'publicity' \
                      WHERE NOT EXISTS (SELECT 1 FROM list newer WHERE newer.id = public.id AND newer.version > public.version) \
                      ORDER BY 1, 2, 3";

/// Rows that are clear: all, or one if it is.
pub(crate) fn due(tx: &mut Tx<'_>, only: Option<&str>) -> Answer<Rows> {
    let mut due = Rows::new();
    for found in tx.query(PUBLIC, &[])? {
        let [list, Cell::Int(version), case] = found.as_slice() else {
            continue;
        };
        let (list, case) = (String::from_cell(list)?, String::from_cell(case)?);
        let id = format!("{list}/{version}/{case}");
        if only.is_some_and(|only| only != id) {
            continue;
        }
        if let Some(clear) = clear(tx, &(list, *version), &case)? {
            due.push((id, clear));
        }
    }
    Ok(due)
}

/// Since when a row is clear; nothing while it is not, or where the calendar cannot say so yet.
fn clear(tx: &mut Tx<'_>, (list, version): &(String, i64), case: &str) -> Answer<Option<String>> {
    let list: List = tx.get((list, *version))?;
    let row: Row = tx.get((&list.id, *version, case))?;
    if let Some(round) = &list.round
        && !rounds::is_settling(tx, round)?
    {
        return Ok(None);
    }
    let clear = match clear_of(tx, &list, &row) {
        Ok(clear) => clear.filter(|clear| tx.at >= *clear),
        Err(Stop::Undecided(_)) => None,
        Err(stop) => return Err(stop),
    };
    Ok(match clear {
        Some(clear) if !is_contested(tx, case)? => Some(clear.milliseconds().to_string()),
        _ => None,
    })
}

/// Ends the publicity of one; the list ends with its last row.
pub(crate) fn fire(tx: &mut Tx<'_>, id: &str) -> Answer<()> {
    let mut parts = id.rsplitn(3, '/');
    let (case, list) = (parts.next().unwrap_or_default(), parts.nth(1).unwrap_or_default());
    let mut case: Case = tx.get(case)?;
    let mut list = latest(tx, list)?;
    end_row(tx, &mut case)?;
    super::lists::end_list(tx, &mut list)
}
