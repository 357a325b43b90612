//! Carrying over: money of a year leaves its line and is appropriated to the next one's, under one link.

use meed_facts::money::Money;
use serde_json::{Value, json};

use super::end::{closing, has};
use crate::awards::{Award, Instalment, Part, Planned};
use crate::cases::Case;
use crate::ledger::{Account, End, Line, line_of, release};
use crate::machine::{AwardState, InstalmentState};
use crate::rounds::Round;
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// carried out ← committed or reserved on the old line; available ← outside, reserved and committed on the next.
pub(super) fn carry(tx: &mut Tx<'_>, line: &str, holder: &str) -> Answer<Value> {
    let line = closing(tx, line)?;
    let next = following(tx, &line)?;
    not_in_batch(tx, holder)?;
    let reserved = tx.held(&line.id, holder, Account::Reserved)?;
    let committed = tx.held(&line.id, holder, Account::Committed)?;
    if reserved.is_zero() && committed.is_zero() {
        return Err(nothing_held(&line.id, holder));
    }
    let link = tx.id("carry");
    let mut carried = Vec::new();
    for (account, held) in [(Account::Reserved, reserved), (Account::Committed, committed)] {
        let (to, from) = (End::of(Account::CarriedOut, holder), End::of(account, holder));
        tx.post(&line.id, to, from, held, "carried_out", Some(&link))?;
        arrive(tx, &next, holder, account, held, &link)?;
        carried.push(json!({"account": account.name(), "amount": held.to_decimal()}));
        if !held.is_zero() {
            moved(tx, holder, &next)?;
        }
    }
    Ok(json!({"link": link, "to": next.id, "carried": carried}))
}

/// Instalments and rounds that were carried already have nothing left here either.
fn nothing_held(line: &str, holder: &str) -> Stop {
    Stop::denied(
        "nothing_to_carry",
        format!(
            "{holder} has nothing reserved or committed on line {line}: it was carried over already, or is of another line; `show holding line={line}` \
             tells who has something there"
        ),
        format!(
            "{holder} 在预算线 {line} 上没有预留或已承诺的资金：已结转，或属于其他预算线；`show holding line={line}` 可查该线上的资金"
        ),
    )
}

/// That no batch is going to spend it on the old line.
fn not_in_batch(tx: &mut Tx<'_>, holder: &str) -> Answer<()> {
    let instalment = tx.find::<Instalment>(holder)?;
    if instalment.is_none_or(|one| one.state != InstalmentState::InPayment) {
        return Ok(());
    }
    Err(Stop::denied(
        "in_batch",
        format!("instalment {holder} is in a batch; release the batch or dissolve it first"),
        format!("分期 {holder} 在批次中，请先放行或解散该批次"),
    ))
}

/// What was carried out is appropriated to the next line for the same holder.
fn arrive(tx: &mut Tx<'_>, next: &Line, holder: &str, account: Account, amount: Money, link: &str) -> Answer<()> {
    let (available, reserved) = (End::Free(Account::Available), End::of(Account::Reserved, holder));
    let cause = "carried_in";
    tx.post(&next.id, available.clone(), End::Outside, amount, cause, Some(link))?;
    tx.post(&next.id, reserved.clone(), available, amount, cause, Some(link))?;
    if account == Account::Committed {
        tx.post(&next.id, End::of(account, holder), reserved, amount, cause, Some(link))?;
    }
    Ok(())
}

/// The holder's money is on the next line from now on.
fn moved(tx: &mut Tx<'_>, holder: &str, next: &Line) -> Answer<()> {
    if let Some(mut instalment) = tx.find::<Instalment>(holder)? {
        instalment.line = Some(next.id.clone());
        return tx.update(&instalment);
    }
    let mut round: Round = tx.get(holder)?;
    round.year = next.year;
    tx.update(&round)
}

/// The open line of the same payer and fund for the year after.
fn following(tx: &mut Tx<'_>, line: &Line) -> Answer<Line> {
    let year = line.year.saturating_add(1);
    let next = line_of(tx, &line.payer, &line.fund, year)?.ok_or_else(|| {
        let (payer, fund) = (&line.payer, &line.fund);
        Stop::denied(
            "no_line",
            format!("`{payer}` has no line for fund `{fund}` in {year}; open one, it need not have money"),
            format!("`{payer}` 没有 {year} 年基金 `{fund}` 的预算线，请先设立"),
        )
    })?;
    next.must_be_open()?;
    Ok(next)
}

/// Frees what a proposal reserved, and reserves it on the next line; where that has no money the case waits for funds.
pub(super) fn renew(tx: &mut Tx<'_>, line: &str, instalment: &str) -> Answer<Value> {
    let line = closing(tx, line)?;
    let next = following(tx, &line)?;
    let mut instalment: Instalment = tx.get(instalment)?;
    let award: Award = tx.get(&instalment.award)?;
    if instalment.state != InstalmentState::Reserved || instalment.line.as_deref() != Some(&line.id) {
        let (id, line) = (&instalment.id, &line.id);
        return Err(Stop::denied(
            "not_reserved",
            format!("instalment {id} has nothing reserved on line {line}; what is committed is carried over"),
            format!("分期 {id} 在预算线 {line} 无预留资金；已承诺的应结转"),
        ));
    }
    let held = tx.held(&line.id, &instalment.id, Account::Reserved)?;
    if award.state == AwardState::Reserved && has(tx, &next.id, Account::Available)?.minor() < held.minor() {
        return wait(tx, &award, &instalment);
    }
    release(tx, &line.id, &instalment.id, Account::Reserved, held, "year_end")?;
    let (to, from) = (
        End::of(Account::Reserved, &instalment.id),
        End::Free(Account::Available),
    );
    tx.post(&next.id, to, from, held, "renewed", None)?;
    instalment.line = Some(next.id.clone());
    tx.update(&instalment)?;
    Ok(json!({"to": next.id, "amount": held.to_decimal()}))
}

/// The proposal is undone for want of money, and the case keeps its place and its publicity.
fn wait(tx: &mut Tx<'_>, award: &Award, instalment: &Instalment) -> Answer<Value> {
    let mut case: Case = tx.get(&award.case_id)?;
    let part: Part = tx.get((&award.id, &instalment.payer))?;
    let payment = Planned {
        payer: part.payer,
        fund: part.fund,
        n: instalment.n,
        due: instalment.due,
        amount: instalment.amount,
        together: part.together,
    };
    crate::cases::undo(tx, &case, "year_end")?;
    crate::cases::wait(tx, &mut case, &[payment])?;
    tx.tell("waiting_for_funds", &case.id, &json!({"award": award.id}))?;
    Ok(json!({"case": case.id, "waiting": true}))
}
