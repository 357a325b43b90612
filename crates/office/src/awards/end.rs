//! How an award ends: settled, ended with its series, renounced by who has it, annulled by a decision.

use meed_facts::money::Money;
use serde_json::{Value, json};

use super::{Award, Instalment, Obligation, free, reserve::unpledge};
use crate::cases::{Case, Decision, Judgement, decide, judge};
use crate::ledger::{Account, held_on, holding_sum, release, total};
use crate::machine::{AwardState, InstalmentState, ObligationState, State as _};
use crate::people::{Role, act_as, must, must_on};
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

/// Instalments whose money has not left and can be freed.
const OPEN: &str = "('pledged', 'reserved', 'short', 'committed', 'due', 'payable')";

/// What an award waits for from payers with an office of their own: a part of which not all is paid, and which is not refused.
const EXTERNAL: &str = "SELECT 1 FROM part WHERE part.award = \"award\".id AND part.external = 1 AND NOT EXISTS (SELECT 1 FROM confirmation told \
                        WHERE told.award = part.award AND told.payer = part.payer AND told.said = 'refused') AND part.amount > \
                        (SELECT coalesce(sum(told.amount), 0) FROM confirmation told WHERE told.award = part.award AND told.payer = part.payer)";

/// Settles a committed award of which nothing is left to pay, here or elsewhere. One whose series ended is `ended`.
///
/// # Errors
/// Where the database fails.
pub fn settle(tx: &mut Tx<'_>, award: &str) -> Answer<()> {
    let condition = "state = 'committed' AND id = $1 AND NOT EXISTS (SELECT 1 FROM instalment WHERE award = \"award\".id AND \
                     state NOT IN ('paid', 'skipped', 'ended', 'cancelled', 'given_up'))";
    let condition = format!("{condition} AND NOT EXISTS ({EXTERNAL})");
    for mut award in tx.rows::<Award>(&condition, &[award.into()])? {
        let ended = tx.any::<Instalment>("award = $1 AND state = 'ended'", &[Cell::from(&award.id)])?;
        let to = if ended { AwardState::Ended } else { AwardState::Settled };
        tx.step(&mut award, to)?;
        tx.tell("award_over", &award.id, &json!({"state": to.name()}))?;
    }
    Ok(())
}

/// Closes an instalment that is not paid, and frees what is held or pledged for it.
///
/// # Errors
/// Denied where its money is on its way.
pub fn close(tx: &mut Tx<'_>, instalment: &mut Instalment, to: InstalmentState, cause: &str) -> Answer<()> {
    for account in [Account::Reserved, Account::Committed] {
        for (line, held) in held_on(tx, &instalment.id, account)? {
            release(tx, &line, &instalment.id, account, held, cause)?;
        }
    }
    unpledge(tx, &instalment.id)?;
    tx.step(instalment, to)
}

/// What of an award is with its payee, on all lines.
///
/// # Errors
/// Where the database fails.
pub fn paid(tx: &mut Tx<'_>, award: &str) -> Answer<Money> {
    let mut sum = Money::zero(CURRENCY);
    for instalment in tx.rows::<Instalment>("award = $1 ORDER BY id", &[award.into()])? {
        sum = total([sum, holding_sum(tx, &instalment.id, &[Account::Paid])?]);
    }
    Ok(sum)
}

/// Renounces what is not paid yet: an award of which nothing was paid is gone, another stays at what was paid.
pub(super) fn renounce(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut award: Award = tx.get(id)?;
    must(tx, Role::Agent, &award.subject)?;
    act_as(tx, &award.case_id, Role::Agent, &[], None)?;
    if award.state != AwardState::Committed {
        return Err(not_committed(&award));
    }
    nothing_in_payment(tx, id)?;
    let case: Case = tx.get(&award.case_id)?;
    let judgement = judge(tx, &case)?;
    let words = "renounced by who has it";
    let paid = paid(tx, id)?;
    let kind = if paid.is_zero() { "annul" } else { "lower" };
    let decision = decide(tx, &case, &judgement, kind, paid, Some(words))?;
    free_open(tx, id, "renounced")?;
    (award.decision, award.amount) = (decision.id.clone(), paid);
    if paid.is_zero() {
        tx.step(&mut award, AwardState::Renounced)?;
        moot(tx, id)?;
    } else {
        tx.update(&award)?;
        settle(tx, id)?;
    }
    Ok(json!({"award": id, "decision": decision.id, "amount": paid.to_decimal()}))
}

/// Annuls an award by the decision of a person who did not handle the case, after its holder was heard.
pub(super) fn annul_by(tx: &mut Tx<'_>, id: &str, reason: &str, heard: &str) -> Answer<Value> {
    let mut award: Award = tx.get(id)?;
    must_on(tx, Role::Approver, &award.family, &award.case_id)?;
    act_as(
        tx,
        &award.case_id,
        Role::Approver,
        &[Role::Officer, Role::Reviewer],
        Some(&award.subject),
    )?;
    if reason.trim().is_empty() || heard.trim().is_empty() {
        return Err(Stop::denied(
            "no_reason",
            "an annulment names its reasons, and what was said at the hearing",
            "撤销须写明理由并记录陈述申辩",
        ));
    }
    let case: Case = tx.get(&award.case_id)?;
    let judgement = judge(tx, &case)?;
    let words = format!("{reason}\n{heard}");
    let (decision, recovery) = annul(tx, &mut award, &case, &judgement, &words)?;
    Ok(json!({"award": id, "decision": decision.id, "recovery": recovery, "reasons": decision.reasons}))
}

/// Annuls an award: what is not paid is freed, what is paid is to be recovered.
///
/// # Errors
/// Denied while its money is on its way.
pub fn annul(
    tx: &mut Tx<'_>,
    award: &mut Award,
    case: &Case,
    judgement: &Judgement,
    words: &str,
) -> Answer<(Decision, Option<String>)> {
    nothing_in_payment(tx, &award.id)?;
    let decision = decide(tx, case, judgement, "annul", Money::zero(CURRENCY), Some(words))?;
    free_open(tx, &award.id, "annulled")?;
    let paid = paid(tx, &award.id)?;
    (award.decision, award.amount) = (decision.id.clone(), Money::zero(CURRENCY));
    tx.step(award, AwardState::Annulled)?;
    moot(tx, &award.id)?;
    let recovery = crate::aftermath::found_by_decision(tx, award, &decision, paid, words)?;
    Ok((decision, recovery))
}

fn free_open(tx: &mut Tx<'_>, award: &str, cause: &str) -> Answer<()> {
    for mut instalment in
        tx.rows::<Instalment>(&format!("award = $1 AND state IN {OPEN} ORDER BY id"), &[award.into()])?
    {
        free(tx, &mut instalment, cause)?;
    }
    Ok(())
}

/// That no bank has, or may have, an instruction about an award.
pub(crate) fn nothing_in_payment(tx: &mut Tx<'_>, award: &str) -> Answer<()> {
    if !tx.any::<Instalment>("award = $1 AND state = 'in_payment'", &[award.into()])? {
        return Ok(());
    }
    Err(Stop::denied(
        "in_payment",
        format!("money of award {award} is on its way; put a hold on it, or wait for the bank's evidence"),
        format!("奖补 {award} 的款项正在支付，请先暂缓或等待银行凭证"),
    ))
}

/// What had to be kept up for an award that is gone is moot.
fn moot(tx: &mut Tx<'_>, award: &str) -> Answer<()> {
    let open = "award = $1 AND state IN ('active', 'due', 'late') ORDER BY id";
    for mut obligation in tx.rows::<Obligation>(open, &[award.into()])? {
        tx.step(&mut obligation, ObligationState::Moot)?;
    }
    Ok(())
}

fn not_committed(award: &Award) -> Stop {
    let (id, state) = (&award.id, award.state.name());
    Stop::denied(
        "not_committed",
        format!("award {id} is `{state}`; before its approval the application is withdrawn instead"),
        format!("奖补 {id} 状态为 `{state}`，批准前请撤回申请"),
    )
}
