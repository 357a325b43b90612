//! Rationing: claims are frozen, the fund is reserved once, and every row gets its share of that reservation.

use meed_engine::awards::amount::Amount;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::claims::{Claimed, all, contender, must_be_first, terms};
use super::give::{Change, Given, give, line};
use super::plan::mine;
use super::sharing::{Contender, shares};
use super::{Round, Share};
use crate::cases::Judgement;
use crate::ledger::{Account, End, Line};
use crate::machine::RoundState;
use crate::policies::keep_json;
use crate::publicity::freeze_round;
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell, Field};
use crate::tx::Tx;

/// Freezes the claims of a closed round and shares out its fund. `chosen` are the cases among which the rule leaves the choice to people, the
/// first first.
pub(super) fn ration(tx: &mut Tx<'_>, id: &str, chosen: &[String]) -> Answer<Value> {
    let mut round = mine(tx, id)?;
    if round.state != RoundState::Closed {
        // Says which states lead here.
        tx.step(&mut round, RoundState::Rationed)?;
    }
    let line = line(tx, &round)?;
    let terms = terms(tx, &round)?;
    let fund = fund(tx, &line, terms.available)?;
    let mut claimed = all(tx, &round, chosen)?;
    must_be_first(tx, &round, &claimed)?;
    let mut contenders = Vec::new();
    for one in &claimed {
        contenders.push(contender(tx, &one.case, &one.share)?);
    }
    let found = shares(&terms.rule, fund, &contenders).map_err(|open| unresolved(&open))?;
    round.amount = Some(fund);
    let frozen = frozen(&round, &format!("{:?}", terms.rule), &contenders, &found);
    round.claims = Some(keep_json(tx, "claims", &frozen)?);
    let whole = sum(found.iter().copied());
    let held = End::of(Account::Reserved, &round.id);
    tx.post(&line.id, held, End::Free(Account::Available), whole, "rationed", None)?;
    let mut rows = Vec::new();
    for (one, share) in claimed.drain(..).zip(found) {
        let Claimed {
            mut case,
            mut judgement,
            share: row,
        } = one;
        keep(tx, &row)?;
        say_share(&mut judgement, &round, row.claim, share);
        let change = Change {
            judgement: &judgement,
            to: share,
            why: None,
        };
        if give(tx, &round, &mut case, row, &change)? == Given::Proposed {
            rows.push(case);
        }
    }
    let list = freeze_round(tx, &round.id, rows)?;
    round.list = Some(list.id.clone());
    tx.step(&mut round, RoundState::Rationed)?;
    Ok(json!({"list": list.id, "version": list.version, "hash": list.hash, "reserved": whole.to_decimal()}))
}

fn keep(tx: &mut Tx<'_>, share: &Share) -> Answer<()> {
    match tx.find::<Share>((&share.round, &share.case_id))? {
        Some(_) => tx.update(share),
        None => tx.insert(share),
    }
}

/// What is there to share out: what the line has, and no more than the text gives for the year less what the line has given already.
fn fund(tx: &mut Tx<'_>, line: &Line, text: Amount) -> Answer<Money> {
    let sql = "SELECT appropriation, available FROM line_balance WHERE line = $1";
    let rows = tx.query(sql, &[Cell::from(&line.id)])?;
    let cell = |index: usize| rows.first().and_then(|row| row.get(index)).unwrap_or(&Cell::Int(0));
    let (all, available) = (i64::from_cell(cell(0))?, i64::from_cell(cell(1))?);
    let given = i128::from(all.saturating_sub(available));
    let left = text.high().map_or(i128::MAX, |most| most.saturating_sub(given).max(0));
    let fund = Money::from_minor(i128::from(available).min(left), CURRENCY);
    if fund.is_zero() {
        let id = &line.id;
        return Err(Stop::denied(
            "no_money",
            format!("line {id} has nothing left to share out; appropriate money, or wait"),
            format!("预算线 {id} 没有可分配的资金，请先下达预算"),
        ));
    }
    Ok(fund)
}

/// That people have to choose.
pub(super) fn unresolved(open: &[String]) -> Stop {
    let names = open.join(", ");
    Stop::denied(
        "unresolved",
        format!("the fund's rule does not say who comes first among {names}; name them in `chosen`, the first first"),
        format!("资金规则未规定 {names} 的先后，请在 chosen 中按次序列明"),
    )
}

/// Puts a row's share among the reasons of its decision, as values: whoever shows them has the words.
pub(super) fn say_share(judgement: &mut Judgement, round: &Round, claim: Money, share: Money) {
    if let Some(reasons) = judgement.reasons.as_object_mut() {
        let shared = json!({"round": round.id, "claim": claim.to_decimal(), "share": share.to_decimal()});
        reasons.insert("shared".to_owned(), shared);
    }
}

/// Amounts together.
pub(super) fn sum(amounts: impl Iterator<Item = Money>) -> Money {
    let whole = amounts.map(Money::minor).fold(0_i128, i128::saturating_add);
    Money::from_minor(whole, CURRENCY)
}

fn frozen(round: &Round, rule: &str, contenders: &[Contender], shares: &[Money]) -> Value {
    let row = |(one, share): (&Contender, &Money)| {
        json!({
            "case": one.case, "applicant": one.applicant, "object": one.object, "claim": one.claim.to_decimal(),
            "rank": one.rank.as_ref().map(ToString::to_string), "place": one.place.map(|place| place.to_string()),
            "share": share.to_decimal(),
        })
    };
    json!({
        "round": round.id, "rule": rule, "fund": round.amount.map(Money::to_decimal),
        "claims": contenders.iter().zip(shares).map(row).collect::<Vec<_>>(),
    })
}
