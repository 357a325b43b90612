//! What falls due as days pass: guards compare days themselves, this only tidies up.

use super::Instalment;
use crate::machine::InstalmentState;
use crate::stop::Answer;
use crate::store::Cell;
use crate::tx::Tx;

/// Moves committed instalments whose day has come to `due`, of one award or of all, and tells how many.
///
/// # Errors
/// Where the database fails.
pub fn fall_due(tx: &mut Tx<'_>, award: Option<&str>) -> Answer<usize> {
    let today = Cell::from(&tx.today);
    let due = match award {
        Some(award) => tx.rows::<Instalment>(
            "state = 'committed' AND due <= $1 AND award = $2 ORDER BY id",
            &[today, award.into()],
        )?,
        None => tx.rows::<Instalment>("state = 'committed' AND due <= $1 ORDER BY id", &[today])?,
    };
    let count = due.len();
    for mut instalment in due {
        tx.step(&mut instalment, InstalmentState::Due)?;
    }
    Ok(count)
}
