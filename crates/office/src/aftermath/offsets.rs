//! Offsets: what a payee owes is taken off what is paid to it, in one command.

use meed_facts::money::Money;
use serde_json::{Value, json};

use super::claims::{come, enforceable, finish, of};
use super::{Claim, Offset, Recovery, must_not_be_held};
use crate::awards::{Award, Instalment, settle};
use crate::cases::Case;
use crate::ledger::{Account, End, least, less, total};
use crate::machine::{InstalmentState, State as _};
use crate::people::{Role, act_as, must, must_on};
use crate::register::successor_of;
use crate::stop::{Answer, Stop};
use crate::store::CURRENCY;
use crate::tx::Tx;

/// What of an instalment was paid by what its payee owed: an instruction transfers the rest.
///
/// # Errors
/// Where the database fails.
pub fn offset_of(tx: &mut Tx<'_>, instalment: &str) -> Answer<Money> {
    let offsets = tx.rows::<Offset>("instalment = $1", &[instalment.into()])?;
    Ok(total(offsets.iter().map(|one| one.amount)))
}

/// Records that the debtor agrees to an offset.
pub(super) fn consent(tx: &mut Tx<'_>, id: &str, words: &str) -> Answer<Value> {
    let mut recovery: Recovery = tx.get(id)?;
    must(tx, Role::Agent, &recovery.debtor)?;
    act_as(tx, id, Role::Agent, &[], None)?;
    if words.trim().is_empty() {
        return Err(Stop::denied("no_words", "a consent has words", "同意须有书面内容"));
    }
    recovery.consent = Some(words.to_owned());
    tx.update(&recovery)?;
    Ok(Value::Null)
}

/// paid ← committed on the line that pays, returned ← receivable on the line that gets back.
pub(super) fn offset(
    tx: &mut Tx<'_>,
    id: &str,
    instalment: &str,
    amount: Option<Money>,
    basis: Option<&str>,
) -> Answer<Value> {
    let mut recovery: Recovery = tx.get(id)?;
    enforceable(tx, &recovery, false)?;
    let mut instalment: Instalment = tx.get(instalment)?;
    let award: Award = tx.get(&instalment.award)?;
    must_on(tx, Role::Preparer, &instalment.payer, &award.case_id)?;
    let apart = [Role::Reviewer, Role::Approver, Role::Releaser];
    act_as(tx, &award.case_id, Role::Preparer, &apart, Some(&award.subject))?;
    may_set_off(tx, &recovery, (&award, &instalment), basis)?;
    if tx.find::<Offset>((id, &instalment.id))?.is_some() {
        return Err(Stop::denied(
            "set_off",
            format!("{id} was set off against {} before", instalment.id),
            format!("{id} 已与 {} 抵扣", instalment.id),
        ));
    }
    let mut claims = claims_of_payer(tx, id, &instalment.payer)?;
    let owed = total(claims.iter().map(|claim| less(claim.amount, claim.collected)));
    let line = instalment.line.clone().unwrap_or_default();
    let payable = tx.held(&line, &instalment.id, Account::Committed)?;
    let most = least(owed, payable);
    let amount = amount.unwrap_or(most);
    if amount.is_zero() || amount.minor() > most.minor() {
        return Err(Stop::denied(
            "too_much",
            format!("{amount} cannot be set off: {owed} is owed to this payer, {payable} is payable"),
            format!("不能抵扣 {amount}：欠该付款单位 {owed}，应付 {payable}"),
        ));
    }
    let link = tx.id("offset");
    let (to, from) = (
        End::of(Account::Paid, &instalment.id),
        End::of(Account::Committed, &instalment.id),
    );
    tx.post(&line, to, from, amount, "paid_by_offset", Some(&link))?;
    take(tx, &recovery, &mut claims, amount, &link)?;
    tx.insert(&Offset {
        recovery: id.to_owned(),
        instalment: instalment.id.clone(),
        amount,
    })?;
    finish(tx, &mut recovery)?;
    if amount == payable {
        tx.step(&mut instalment, InstalmentState::Paid)?;
        settle(tx, &award.id)?;
    }
    let told = json!({"link": link, "amount": amount.to_decimal(), "rest": less(payable, amount).to_decimal(), "basis": basis});
    tx.tell("set_off", &instalment.id, &told)?;
    Ok(told)
}

/// The claims of a recovery on what one payer paid.
fn claims_of_payer(tx: &mut Tx<'_>, recovery: &str, payer: &str) -> Answer<Vec<Claim>> {
    let mut theirs = Vec::new();
    for claim in of(tx, recovery)? {
        let instalment: Instalment = tx.get(&claim.instalment)?;
        if instalment.payer == payer {
            theirs.push(claim);
        }
    }
    Ok(theirs)
}

fn take(tx: &mut Tx<'_>, recovery: &Recovery, claims: &mut [Claim], amount: Money, link: &str) -> Answer<()> {
    let mut left = amount;
    for claim in claims {
        let part = least(left, less(claim.amount, claim.collected));
        if !part.is_zero() {
            come(tx, recovery, claim, part, link)?;
        }
        left = less(left, part);
    }
    debug_assert_eq!(left, Money::zero(CURRENCY), "no more is taken than is owed");
    Ok(())
}

/// The same debtor, a clause or consent, an instalment that passed its recheck, and no hold.
fn may_set_off(
    tx: &mut Tx<'_>,
    recovery: &Recovery,
    (award, instalment): (&Award, &Instalment),
    basis: Option<&str>,
) -> Answer<()> {
    must_not_be_held(tx, award, Some(instalment))?;
    let (id, paying) = (&recovery.id, &instalment.id);
    let case: Case = tx.get(&award.case_id)?;
    if successor_of(tx, &award.payee)? != successor_of(tx, &recovery.debtor)? {
        let (debtor, payee) = (&recovery.debtor, &case.subject);
        return Err(Stop::denied(
            "other_debtor",
            format!("{debtor} owes {id}, and {paying} goes to {payee}; only its own debt is set off"),
            format!("{id} 的债务人为 {debtor}，{paying} 的收款人为 {payee}，不得抵扣"),
        ));
    }
    if basis.is_none_or(|basis| basis.trim().is_empty()) && recovery.consent.is_none() {
        return Err(Stop::denied(
            "no_basis",
            format!(
                "name the clause that allows the offset, or record the consent of {}",
                recovery.debtor
            ),
            format!("请写明允许抵扣的条款，或登记 {} 的同意", recovery.debtor),
        ));
    }
    if instalment.state == InstalmentState::Payable {
        return Ok(());
    }
    let state = instalment.state.name();
    Err(Stop::denied(
        "not_payable",
        format!("instalment {paying} is `{state}`; it is set off once its recheck passed and before it is in a batch"),
        format!("分期 {paying} 状态为 `{state}`，须复核通过且未进入批次方可抵扣"),
    ))
}
