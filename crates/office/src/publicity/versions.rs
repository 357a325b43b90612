//! Versions of a list: the old one and its hash stay, the next names it. Only rows that are raised, added or re-identified are public anew.

use serde_json::{Value, json};

use super::lists::{keep, row_of, rows};
use super::{List, Row};
use crate::cases::Case;
use crate::machine::{CaseState, ListState};
use crate::people::{Role, act_as, must_on};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// The latest version of a list, published or not.
///
/// # Errors
/// Denied where there is no such list.
pub(crate) fn latest(tx: &mut Tx<'_>, id: &str) -> Answer<List> {
    let found = tx.rows::<List>("id = $1 ORDER BY version DESC LIMIT 1", &[Cell::from(id)])?;
    found.into_iter().next().ok_or_else(|| Stop::absent("list", id))
}

/// The version that is published now.
pub(super) fn published(tx: &mut Tx<'_>, id: &str) -> Answer<Option<List>> {
    let found = tx.rows::<List>("id = $1 AND state IN ('public', 'ended')", &[Cell::from(id)])?;
    Ok(found.into_iter().next())
}

/// Freezes the next version of a list, in which some cases are public anew; those that are not on it yet are added.
///
/// # Errors
/// Denied where there is no such list.
pub(crate) fn next(tx: &mut Tx<'_>, id: &str, anew: &[String]) -> Answer<List> {
    let mut before = latest(tx, id)?;
    let version = before.version.saturating_add(1);
    let mut made: Vec<Row> = Vec::new();
    for row in rows(tx, &before)? {
        let case: Case = tx.get(&row.case_id)?;
        if !stays(&case) || case.list.as_deref() != Some(id) {
            continue;
        }
        let again = anew.contains(&case.id);
        let public_since = row.public_since.or(before.published_on).filter(|_| !again);
        made.push(Row {
            public_since,
            ..row_of(tx, &case, id, version)?
        });
    }
    for added in anew {
        if made.iter().all(|row| row.case_id != *added) {
            let mut case: Case = tx.get(added)?;
            made.push(row_of(tx, &case, id, version)?);
            case.list = Some(id.to_owned());
            tx.update(&case)?;
        }
    }
    // A version that was never published is not what people saw: it makes room at once.
    if before.state == ListState::Frozen {
        tx.step(&mut before, ListState::Replaced)?;
    }
    keep(tx, &before, version, &made)
}

/// Whether a case is still among those that a list shows.
pub(super) fn stays(case: &Case) -> bool {
    matches!(
        case.state,
        CaseState::Proposed | CaseState::Publicity | CaseState::Recheck | CaseState::Approved | CaseState::Closed
    )
}

/// Freezes the next version of a list: with more cases, or only without those that are gone.
pub(super) fn renew(tx: &mut Tx<'_>, id: &str, cases: &[String]) -> Answer<Value> {
    let before = latest(tx, id)?;
    if before.round.is_some() && !cases.is_empty() {
        return Err(Stop::denied(
            "in_round",
            format!("list {id} is a round's; its rows are those of the round"),
            format!("名单 {id} 属于批次，不能增列"),
        ));
    }
    for case in cases {
        let case: Case = tx.get(case)?;
        must_on(tx, Role::Officer, &case.measure, &case.id)?;
        act_as(tx, &case.id, Role::Officer, &[], Some(&case.subject))?;
        super::lists::must_be_proposed(tx, &case)?;
    }
    for row in rows(tx, &before)? {
        let case: Case = tx.get(&row.case_id)?;
        must_on(tx, Role::Officer, &case.measure, &case.id)?;
    }
    let list = next(tx, id, cases)?;
    Ok(told(&list))
}

/// A version as its commands tell it: what has to be stated when it is published.
pub(super) fn told(list: &List) -> Value {
    json!({"list": list.id, "version": list.version, "hash": list.hash})
}
