//! Two keys: what gives money up is done by an officer and an approver, two persons, on the same words.

use crate::awards::Award;
use crate::log::sha256;
use crate::people::{Deed, Role, act_as, must_on};
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// Turns a key for an act on something: the first is an officer's, the second an approver's. Whether both have been turned.
///
/// # Errors
/// Denied where one person would turn both, or the person has neither role.
pub(crate) fn both_keys(tx: &mut Tx<'_>, award: &Award, (act, target): (&str, &str), reason: &str) -> Answer<bool> {
    if reason.trim().is_empty() {
        return Err(Stop::denied(
            "no_reason",
            "both keys are turned on a reason",
            "两人均须写明同一理由",
        ));
    }
    let words = format!("{act}:{target}:{}", sha256(reason.as_bytes()));
    let turned = tx.any::<Deed>("target = $1 AND role = 'officer'", &[(&words).into()])?;
    let subject = Some(award.subject.as_str());
    if turned {
        must_on(tx, Role::Approver, &award.family, &award.case_id)?;
        act_as(tx, &words, Role::Approver, &[Role::Officer], subject)?;
    } else {
        must_on(tx, Role::Officer, &award.family, &award.case_id)?;
        act_as(tx, &words, Role::Officer, &[], subject)?;
    }
    Ok(turned)
}
