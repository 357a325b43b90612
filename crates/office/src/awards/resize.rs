//! Resizing: an award that is still reserved gets another amount, and only the difference moves.

use std::collections::BTreeMap;

use meed_facts::money::Money;

use super::reserve::{free_to, instalment, is_due_this_year, line_for, must_be_authorised};
use super::{Award, Instalment, Part, Planned, Pledge};
use crate::cases::{Case, Decision};
use crate::ledger::{Account, End};
use crate::rounds;
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

/// Whether this year's lines have what planned payments need beyond what the case has reserved.
///
/// # Errors
/// Denied where a payer has no open line.
pub(crate) fn has_money_for(tx: &mut Tx<'_>, case: &Case, planned: &[Planned]) -> Answer<bool> {
    let award = reserved(tx, case)?;
    let known = instalments(tx, &award)?;
    let mut needed: BTreeMap<String, i128> = BTreeMap::new();
    for payment in planned {
        if !is_due_this_year(tx, payment) {
            continue;
        }
        let line = line_for(tx, payment)?;
        let has = known
            .iter()
            .find(|one| is_for(one, payment))
            .map_or(0, |one| one.amount.minor());
        let need = needed.entry(line.id).or_default();
        *need = need.saturating_add(payment.amount.minor().saturating_sub(has));
    }
    for (line, need) in needed {
        let available = tx.number(
            "SELECT available FROM line_balance WHERE line = $1",
            &[Cell::from(&line)],
        )?;
        if i128::from(available) < need {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Gives the reserved award of a case the payments of another decision.
///
/// # Errors
/// Denied where the money for more is not there.
pub(crate) fn resize(tx: &mut Tx<'_>, case: &Case, decision: &Decision, planned: &[Planned]) -> Answer<()> {
    let spare = rounds::freed_to(tx, case)?;
    let mut award = reserved(tx, case)?;
    (award.decision, award.amount) = (decision.id.clone(), decision.amount);
    tx.update(&award)?;
    let mut new: Vec<&Planned> = planned.iter().collect();
    for mut one in instalments(tx, &award)? {
        match new.iter().position(|payment| is_for(&one, payment)) {
            Some(index) => {
                let payment = new.remove(index);
                change(tx, &mut one, payment, &spare)?;
            }
            None => free_to(tx, &mut one, &spare, "lowered")?,
        }
    }
    parts(tx, &award, planned)?;
    for payment in new {
        let line = match is_due_this_year(tx, payment) {
            true => Some(line_for(tx, payment)?),
            false => None,
        };
        instalment(tx, &award, payment, line.as_ref().map(|line| (line, spare.clone())))?;
    }
    Ok(())
}

fn reserved(tx: &mut Tx<'_>, case: &Case) -> Answer<Award> {
    let found = tx.rows::<Award>("case_id = $1 AND state = 'reserved'", &[Cell::from(&case.id)])?;
    found.into_iter().next().ok_or_else(|| Stop::absent("award", &case.id))
}

fn instalments(tx: &mut Tx<'_>, award: &Award) -> Answer<Vec<Instalment>> {
    let open = "award = $1 AND state IN ('reserved', 'pledged') ORDER BY n, payer";
    tx.rows(open, &[Cell::from(&award.id)])
}

fn is_for(one: &Instalment, payment: &Planned) -> bool {
    one.n == payment.n && one.payer == payment.payer
}

/// Moves the difference between an instalment and its new payment; a promise is only written anew.
fn change(tx: &mut Tx<'_>, one: &mut Instalment, payment: &Planned, spare: &End) -> Answer<()> {
    let (before, after) = (one.amount, payment.amount);
    let less = before.checked_sub(after).filter(|_| before.minor() > after.minor());
    let more = after.checked_sub(before).filter(|_| after.minor() > before.minor());
    one.amount = after;
    tx.update(one)?;
    let own = End::of(Account::Reserved, &one.id);
    match (one.line.clone(), less, more) {
        (Some(line), Some(less), _) => tx.post(&line, spare.clone(), own, less, "lowered", None),
        (Some(line), None, Some(more)) => tx.post(&line, own, spare.clone(), more, "raised", None),
        (None, None, None) | (Some(_), None, None) => Ok(()),
        (None, _, more) => {
            let live = "instalment = $1 AND live = 1";
            for mut pledge in tx.rows::<Pledge>(live, &[Cell::from(&one.id)])? {
                if let Some(more) = more {
                    must_be_authorised(tx, &pledge.fund, pledge.year, more)?;
                }
                pledge.amount = after;
                tx.update(&pledge)?;
            }
            Ok(())
        }
    }
}

/// Writes what each payer pays now.
fn parts(tx: &mut Tx<'_>, award: &Award, planned: &[Planned]) -> Answer<()> {
    let mut known: Vec<Part> = tx.rows("award = $1 ORDER BY payer", &[Cell::from(&award.id)])?;
    let payers: Vec<&Planned> = planned
        .iter()
        .filter(|payment| known.iter().all(|part| part.payer != payment.payer))
        .collect();
    if let Some(other) = payers.first() {
        let payer = &other.payer;
        return Err(Stop::denied(
            "other_payer",
            format!("with this amount {payer} would pay too; strike the case and propose it again"),
            format!("按此金额 {payer} 也须分担，应撤销后重新拟定"),
        ));
    }
    for part in &mut known {
        let mine = planned.iter().filter(|payment| payment.payer == part.payer);
        let sum = mine
            .map(|payment| payment.amount.minor())
            .fold(0_i128, i128::saturating_add);
        part.amount = Money::from_minor(sum, CURRENCY);
        tx.update(part)?;
    }
    Ok(())
}
