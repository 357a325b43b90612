//! Offers that nobody accepted in time.

use super::Case;
use crate::machine::CaseState;
use crate::stop::Answer;
use crate::store::Cell;
use crate::timers::Rows;
use crate::tx::Tx;

/// Offers whose days are over: all, or one if its are.
pub(crate) fn due(tx: &mut Tx<'_>, only: Option<&str>) -> Answer<Rows> {
    let over = "state = 'offered' AND offer_until < $1 AND ($2 = '' OR id = $2) ORDER BY id";
    let arguments = [Cell::from(&tx.today), only.unwrap_or("").into()];
    let dated = |case: Case| Some((case.id, case.offer_until?.to_string()));
    Ok(tx.rows(over, &arguments)?.into_iter().filter_map(dated).collect())
}

/// Ends one.
pub(crate) fn fire(tx: &mut Tx<'_>, id: &str) -> Answer<()> {
    let mut case: Case = tx.get(id)?;
    tx.step(&mut case, CaseState::Expired)
}
