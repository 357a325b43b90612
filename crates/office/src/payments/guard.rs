//! What stands in the way of an instalment's money.

use super::{Account, Restored, differences, together};
use crate::aftermath::must_not_be_held;
use crate::awards::{Award, Instalment};
use crate::machine::{AccountState, AwardState, State};
use crate::stop::{Answer, Reason, Stop};
use crate::tx::Tx;

/// Why an instalment must not be paid now; `None` where nothing stands in its way.
pub(super) fn obstacle(tx: &mut Tx<'_>, award: &Award, instalment: &Instalment) -> Answer<Option<Reason>> {
    let id = &instalment.id;
    match must_not_be_held(tx, award, Some(instalment)) {
        Err(Stop::Denied(reason)) => return Ok(Some(reason)),
        other => other?,
    }
    if let Some(difference) = differences::open_on(tx, id)? {
        let difference = difference.id;
        return Ok(Some(Reason::new(
            "difference",
            format!("instalment {id} has the open difference {difference}; two persons have to explain and close it"),
            format!("分期 {id} 有未结差异 {difference}，须由两人查明并结清"),
        )));
    }
    if award.state != AwardState::Committed {
        let (award, state) = (&award.id, award.state.name());
        return Ok(Some(Reason::new(
            "award_not_committed",
            format!("award {award} is `{state}`; only a committed award is paid"),
            format!("奖补 {award} 状态为 `{state}`，仅已承诺的可支付"),
        )));
    }
    if tx.any::<Restored>("instalment = $1 AND found IS NULL", &[id.into()])? {
        return Ok(Some(Reason::new(
            "restored",
            format!(
                "instalment {id} may have been paid after the backup; import the bank's statements, or confirm that it was not"
            ),
            format!("分期 {id} 可能已在备份之后支付，请导入银行对账单或确认未支付"),
        )));
    }
    together::waits_for(tx, award, instalment)
}

/// That nothing stands in the way.
pub(super) fn clear(tx: &mut Tx<'_>, award: &Award, instalment: &Instalment) -> Answer<()> {
    obstacle(tx, award, instalment)?.map_or(Ok(()), |reason| Err(Stop::Denied(reason)))
}

/// The account to which a payee is paid today.
pub(super) fn account(tx: &mut Tx<'_>, payee: &str) -> Answer<Result<Account, Reason>> {
    let found = tx.rows::<Account>("subject = $1 AND state = 'active'", &[payee.into()])?;
    Ok(found.into_iter().next().ok_or_else(|| {
        Reason::new(
            "no_account",
            format!("{payee} has no active account; enter one, and activate it when its waiting time is over"),
            format!("{payee} 没有已启用的账户，请登记账户并在等待期满后启用"),
        )
    }))
}

/// That the version of the account which an instruction names is still the payee's.
pub(super) fn account_stands(tx: &mut Tx<'_>, account: &str, version: i64) -> Answer<()> {
    let account: Account = tx.get((account, version))?;
    if account.state == AccountState::Active {
        return Ok(());
    }
    let (id, state) = (account.id, account.state.name());
    Err(Stop::denied(
        "account_changed",
        format!("version {version} of account {id} is `{state}`; dissolve the batch and build it again"),
        format!("账户 {id} 第 {version} 版状态为 `{state}`，请解散批次并重新生成"),
    ))
}
