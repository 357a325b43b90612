//! Payers with an office of their own: a claim leaves by the outbox, and what they say to it is evidence. No account here moves.

use meed_facts::date::Date;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::{Award, Part, settle};
use crate::machine::{AwardState, State as _};
use crate::people::{Role, must_any};
use crate::policies::keep;
use crate::record;
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::time::Instant;
use crate::tx::Tx;

crate::choice! {
    /// What a payer with an office of its own says to a claim.
    pub enum Reply {
        /// It will pay.
        Accepted = "accepted",
        /// It has paid.
        Paid = "paid",
        /// It will not pay.
        Refused = "refused",
    }
}

record! {
    /// What a payer with an office of its own said to its part of an award.
    pub struct Confirmation in "confirmation" by award, payer, n {
        /// The award.
        award: String,
        /// Who says so.
        payer: String,
        /// Its number, from 1.
        n: i64,
        /// What.
        said: Reply,
        /// How much it has paid; nothing of another reply.
        amount: Money,
        /// When it paid.
        paid_on: Option<Date>,
        /// Its words: a document.
        evidence: String,
        /// When it was recorded.
        at: Instant,
    }
}

/// A reply as somebody records it.
pub(super) struct Said<'a> {
    pub reply: Reply,
    pub amount: Option<Money>,
    pub paid_on: Option<Date>,
    /// Word for word.
    pub evidence: &'a str,
}

/// Records a reply. An award of which nothing else is open is settled once its external payers have paid, or said that they will not.
pub(super) fn confirm(tx: &mut Tx<'_>, award: &str, payer: &str, said: &Said<'_>) -> Answer<Value> {
    must_any(tx, &[Role::Budget, Role::Machine], payer)?;
    let award: Award = tx.get(award)?;
    let part: Part = tx.get((&award.id, payer))?;
    if !part.external {
        return Err(Stop::denied(
            "not_external",
            format!("`{payer}` pays from lines of this office; only what the bank's book says is paid"),
            format!("`{payer}` 由本系统预算线支付，以银行账簿为准"),
        ));
    }
    must_be_told(&award, said)?;
    let before = told(tx, &part)?;
    let evidence = keep(tx, "confirmation", said.evidence)?;
    if before.iter().any(|one| one.evidence == evidence) {
        return Err(Stop::denied(
            "known",
            "these words were recorded before",
            "该回复此前已登记",
        ));
    }
    let amount = match said.reply {
        Reply::Paid => within(&part, &before, said, tx.today)?,
        Reply::Accepted | Reply::Refused => Money::zero(CURRENCY),
    };
    let confirmation = Confirmation {
        award: award.id.clone(),
        payer: payer.to_owned(),
        n: i64::try_from(before.len()).unwrap_or(i64::MAX).saturating_add(1),
        said: said.reply,
        amount,
        paid_on: said.paid_on.filter(|_| said.reply == Reply::Paid),
        evidence,
        at: tx.at,
    };
    tx.insert(&confirmation)?;
    let body = json!({"payer": payer, "said": said.reply.name(), "amount": amount.to_decimal()});
    tx.tell("confirmed", &award.id, &body)?;
    settle(tx, &award.id)?;
    let award: Award = tx.get(&award.id)?;
    Ok(json!({"award": award.id, "state": award.state.name(), "evidence": confirmation.evidence}))
}

/// What a payer has said until now.
fn told(tx: &mut Tx<'_>, part: &Part) -> Answer<Vec<Confirmation>> {
    let of_it = "award = $1 AND payer = $2 ORDER BY n";
    tx.rows(of_it, &[Cell::from(&part.award), Cell::from(&part.payer)])
}

/// That there are words, and that who has paid pays what was approved.
fn must_be_told(award: &Award, said: &Said<'_>) -> Answer<()> {
    if said.evidence.trim().is_empty() {
        return Err(Stop::denied(
            "no_evidence",
            "a confirmation is the payer's own words; give them word for word",
            "确认须附支付方原文",
        ));
    }
    let early = award.state == AwardState::Reserved && said.reply == Reply::Paid;
    if early || matches!(award.state, AwardState::Annulled | AwardState::Renounced) {
        let (id, state) = (&award.id, award.state.name());
        return Err(Stop::denied(
            "not_now",
            format!("award {id} is `{state}`; nobody pays for it"),
            format!("奖补 {id} 状态为 `{state}`，不应支付"),
        ));
    }
    Ok(())
}

/// The amount that a payer has paid: with its day, and with what it paid before no more than its part.
fn within(part: &Part, before: &[Confirmation], said: &Said<'_>, today: Date) -> Answer<Money> {
    let amount = said.amount.filter(|amount| amount.minor() > 0);
    let dated = said.paid_on.is_some_and(|day| day <= today);
    let Some(amount) = amount.filter(|_| dated) else {
        return Err(Stop::denied(
            "no_amount",
            "who has paid says how much, and on which day until today",
            "已支付须写明金额和不晚于今日的支付日期",
        ));
    };
    let paid = before
        .iter()
        .map(|one| one.amount.minor())
        .fold(0_i128, i128::saturating_add);
    if paid.saturating_add(amount.minor()) > part.amount.minor() {
        let whole = part.amount;
        return Err(Stop::denied(
            "too_much",
            format!("the part of `{}` is {whole} in all", part.payer),
            format!("`{}` 承担部分共 {whole}", part.payer),
        ));
    }
    Ok(amount)
}
