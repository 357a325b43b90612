//! What falls due as days pass: guards compare days themselves, this only tidies up.

use super::Instalment;
use crate::machine::InstalmentState;
use crate::stop::Answer;
use crate::store::Cell;
use crate::timers::Rows;
use crate::tx::Tx;

/// Committed instalments whose day has come: all, or one if its has.
pub(crate) fn due(tx: &mut Tx<'_>, only: Option<&str>) -> Answer<Rows> {
    let over = "state = 'committed' AND due <= $1 AND ($2 = '' OR id = $2) ORDER BY id";
    let arguments = [Cell::from(&tx.today), only.unwrap_or("").into()];
    let dated = |one: Instalment| (one.id, one.due.to_string());
    Ok(tx.rows(over, &arguments)?.into_iter().map(dated).collect())
}

/// Makes one due.
pub(crate) fn fire(tx: &mut Tx<'_>, id: &str) -> Answer<()> {
    let mut instalment: Instalment = tx.get(id)?;
    tx.step(&mut instalment, InstalmentState::Due)
}

/// Makes those of an award due whose day has come.
///
/// # Errors
/// Where the database fails.
pub fn fall_due(tx: &mut Tx<'_>, award: &str) -> Answer<()> {
    let over = "state = 'committed' AND due <= $1 AND award = $2 ORDER BY id";
    let arguments = [Cell::from(&tx.today), award.into()];
    for mut instalment in tx.rows::<Instalment>(over, &arguments)? {
        tx.step(&mut instalment, InstalmentState::Due)?;
    }
    Ok(())
}
