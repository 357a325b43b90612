//! Payers that wait for each other: where a measure says `together`, none pays its part of a payment before the others can pay theirs.

use crate::awards::{Award, Confirmation, Instalment, Part, Reply};
use crate::machine::{InstalmentState, State};
use crate::stop::{Answer, Reason};
use crate::store::Cell;
use crate::tx::Tx;

/// Whom an instalment still waits for; `None` where it waits for nobody.
pub(super) fn waits_for(tx: &mut Tx<'_>, award: &Award, instalment: &Instalment) -> Answer<Option<Reason>> {
    let parts = tx.rows::<Part>("award = $1 ORDER BY payer", &[Cell::from(&award.id)])?;
    let mine = |part: &Part| part.payer == instalment.payer;
    if !parts.iter().any(|part| mine(part) && part.together) {
        return Ok(None);
    }
    for part in parts.iter().filter(|part| !mine(part)) {
        let why = if part.external {
            claimed(tx, part)?
        } else {
            behind(tx, part, instalment)?
        };
        if let Some((en, zh)) = why {
            let (id, payer) = (&instalment.id, &part.payer);
            return Ok(Some(Reason::new(
                "waits_for_payer",
                format!("instalment {id} is paid together with the part of `{payer}`, {en}"),
                format!("分期 {id} 与 `{payer}` 承担部分同步支付，{zh}"),
            )));
        }
    }
    Ok(None)
}

/// What is missing from a payer with an office of its own: its last word is that it pays, or has paid.
fn claimed(tx: &mut Tx<'_>, part: &Part) -> Answer<Option<(String, String)>> {
    let last = "award = $1 AND payer = $2 ORDER BY n DESC LIMIT 1";
    let told = tx.rows::<Confirmation>(last, &[Cell::from(&part.award), Cell::from(&part.payer)])?;
    Ok(match told.first().map(|one| one.said) {
        Some(Reply::Accepted | Reply::Paid) => None,
        Some(Reply::Refused) => Some((
            "which it refused; the award has to be revised".to_owned(),
            "该方已拒绝，须更正决定".to_owned(),
        )),
        None => Some(("which it has not confirmed yet".to_owned(), "该方尚未确认".to_owned())),
    })
}

/// What of the same payment another payer of this office cannot pay yet.
fn behind(tx: &mut Tx<'_>, part: &Part, instalment: &Instalment) -> Answer<Option<(String, String)>> {
    use InstalmentState::{Committed, Due, Pledged, Reserved, Short};
    let same = "award = $1 AND payer = $2 AND period = $3 ORDER BY id";
    let place = [
        Cell::from(&part.award),
        Cell::from(&part.payer),
        Cell::Int(instalment.period),
    ];
    let theirs = tx.rows::<Instalment>(same, &place)?;
    let behind = theirs
        .iter()
        .find(|one| matches!(one.state, Pledged | Reserved | Short | Committed | Due));
    Ok(behind.map(|one| {
        let (id, state, due) = (&one.id, one.state.name(), one.due);
        (
            format!("of which {id}, due on {due}, is `{state}` and not payable yet"),
            format!("其中分期 {id}（应于 {due} 支付）状态为 `{state}`，尚不可支付"),
        )
    }))
}
