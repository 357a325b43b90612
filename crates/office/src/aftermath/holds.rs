//! Holds: what every money guard reads.

use super::Hold;
use crate::awards::{Award, Instalment};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// That neither the subject, nor the award, nor the instalment is held.
///
/// # Errors
/// Denied with the hold's reason and owner.
pub fn must_not_be_held(tx: &mut Tx<'_>, award: &Award, instalment: Option<&Instalment>) -> Answer<()> {
    let mut targets = vec![
        ("subject", award.subject.clone()),
        ("subject", award.payee.clone()),
        ("award", award.id.clone()),
    ];
    targets.extend(instalment.map(|one| ("instalment", one.id.clone())));
    for (kind, target) in targets {
        if let Some(hold) = in_force(tx, kind, &target)? {
            let (owner, reason) = (&hold.owner, &hold.reason);
            return Err(Stop::denied(
                "held",
                format!("{kind} {target} is held by {owner}: {reason}"),
                format!("{kind} {target} 已被 {owner} 暂缓：{reason}"),
            ));
        }
    }
    Ok(())
}

/// The hold that stands on something today.
///
/// # Errors
/// Where the database fails.
pub fn in_force(tx: &mut Tx<'_>, kind: &str, target: &str) -> Answer<Option<Hold>> {
    let today = Cell::from(&tx.today);
    let condition =
        "kind = $1 AND target = $2 AND lifted_at IS NULL AND (until IS NULL OR until > $3) ORDER BY since LIMIT 1";
    Ok(tx
        .rows(condition, &[kind.into(), target.into(), today])?
        .into_iter()
        .next())
}
