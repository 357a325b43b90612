//! Requests whose days are over, each told of once.

use serde_json::json;

use super::{OVERDUE, Request};
use crate::stop::Answer;
use crate::store::Cell;
use crate::timers::Rows;
use crate::tx::Tx;

/// Requests whose days are over and of which nobody was told: all, or one if it is such.
pub(crate) fn due(tx: &mut Tx<'_>, only: Option<&str>) -> Answer<Rows> {
    let untold = |one: &Request| one.overdue.is_none() && only.is_none_or(|only| only == one.id);
    let found = tx.rows::<Request>(OVERDUE, &[Cell::from(&tx.today)])?;
    let dated = |one: Request| (one.id, one.due.to_string());
    Ok(found.into_iter().filter(untold).map(dated).collect())
}

/// Tells of one.
pub(crate) fn fire(tx: &mut Tx<'_>, id: &str) -> Answer<()> {
    let mut request: Request = tx.get(id)?;
    request.overdue = Some(tx.today);
    tx.update(&request)?;
    let told = json!({"bureau": request.bureau, "due": request.due.to_string()});
    tx.tell("service_overdue", id, &told)
}
