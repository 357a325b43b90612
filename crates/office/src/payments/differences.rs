//! What the bank's book and ours do not agree on: it changes no state, stops the instalment, and two persons close it.

use meed_facts::date::Date;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::inbound::Remedy;
use super::{Difference, dissolving, settling};
use crate::machine::DifferenceState;
use crate::people::{Role, act_as, must};
use crate::stop::{Answer, Stop};
use crate::tx::Tx;

/// A disagreement as it is found.
pub(super) struct Found<'a> {
    pub bank_ref: Option<&'a str>,
    /// The file that the bank answers, where nobody here sent it.
    pub file: Option<&'a str>,
    pub instruction: Option<&'a str>,
    pub instalment: Option<&'a str>,
    /// What left the account by the bank's book and not by ours; below zero where it came back.
    pub amount: Money,
    pub day: Date,
    pub reason: &'static str,
}

/// Opens a difference; `None` where the same was found before.
pub(super) fn open(tx: &mut Tx<'_>, found: &Found<'_>) -> Answer<Option<String>> {
    // A booking is imported once; an answer that says the same again in another message is the same difference.
    let same = "(instruction = $1 OR file = $1) AND reason = $2 AND bank_ref IS NULL";
    if let (None, Some(about)) = (found.bank_ref, found.instruction.or(found.file))
        && tx.any::<Difference>(same, &[about.into(), found.reason.into()])?
    {
        return Ok(None);
    }
    let difference = Difference {
        id: tx.id("difference"),
        account: tx.setup.config.debtor.account.clone(),
        bank_ref: found.bank_ref.map(str::to_owned),
        file: found.file.map(str::to_owned),
        instruction: found.instruction.map(str::to_owned),
        instalment: found.instalment.map(str::to_owned),
        amount: found.amount,
        day: found.day,
        reason: found.reason.to_owned(),
        explanation: None,
        remedy: None,
        refunded: Money::zero(found.amount.currency()),
        state: DifferenceState::Open,
    };
    tx.insert(&difference)?;
    if let Some(instalment) = found.instalment {
        dissolving::of_instalment(tx, instalment, &format!("difference {}", difference.id))?;
    }
    tx.tell("difference", &difference.id, &json!({"reason": found.reason}))?;
    Ok(Some(difference.id))
}

/// A difference of an instalment that is not closed.
pub(super) fn open_on(tx: &mut Tx<'_>, instalment: &str) -> Answer<Option<Difference>> {
    let found = tx.rows(
        "instalment = $1 AND state <> 'closed' ORDER BY id LIMIT 1",
        &[instalment.into()],
    )?;
    Ok(found.into_iter().next())
}

/// The first person says what it is.
pub(super) fn explain(tx: &mut Tx<'_>, id: &str, explanation: &str, remedy: Remedy) -> Answer<Value> {
    must(tx, Role::Preparer, "")?;
    let mut difference: Difference = tx.get(id)?;
    if explanation.trim().is_empty() {
        return Err(Stop::denied(
            "no_explanation",
            "say what was found out",
            "请写明查明的情况",
        ));
    }
    let fits = match remedy {
        Remedy::None => true,
        Remedy::Paid => difference.amount.minor() > 0,
        Remedy::Returned => difference.amount.minor() < 0,
    };
    if !fits || (remedy != Remedy::None && difference.instalment.is_none()) {
        let (remedy, amount) = (remedy.name(), difference.amount);
        return Err(Stop::denied(
            "wrong_remedy",
            format!(
                "difference {id} of {amount} is not explained with `{remedy}`: what left for an instalment `paid` it, what came back of one `returned`; else \
                 it is `none`"
            ),
            format!(
                "差异 {id}（{amount}）不能以 `{remedy}` 查明：分期的付出用 `paid`，退回用 `returned`，其他用 `none`"
            ),
        ));
    }
    act_as(tx, id, Role::Preparer, &[], None)?;
    difference.explanation = Some(explanation.to_owned());
    difference.remedy = Some(remedy.name().to_owned());
    tx.step(&mut difference, DifferenceState::Explained)?;
    Ok(Value::Null)
}

/// The second person wants to know more.
pub(super) fn reopen(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    must(tx, Role::Releaser, "")?;
    let mut difference: Difference = tx.get(id)?;
    difference.remedy = None;
    tx.step(&mut difference, DifferenceState::Open)?;
    Ok(Value::Null)
}

/// The second person agrees.
pub(super) fn close(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    must(tx, Role::Releaser, "")?;
    let mut difference: Difference = tx.get(id)?;
    act_as(tx, id, Role::Releaser, &[Role::Preparer], None)?;
    tx.step(&mut difference, DifferenceState::Closed)?;
    match difference.remedy.as_deref().and_then(|word| word.parse().ok()) {
        Some(Remedy::Paid) => settling::paid(tx, &difference)?,
        Some(Remedy::Returned) => settling::returned(tx, &difference)?,
        Some(Remedy::None) | None => settling::nothing(tx, &difference)?,
    }
    Ok(Value::Null)
}
