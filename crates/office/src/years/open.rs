//! A new year: pledges get their money in the order in which they are due; where it ends they are short, shown, and never refused.

use meed_facts::money::Money;
use serde_json::{Value, json};

use super::end::has;
use crate::awards::{Award, Instalment, Part, fall_due, unpledge};
use crate::ledger::{Account, End, Line, line_of};
use crate::machine::{AwardState, InstalmentState, State as _};
use crate::people::{Role, must};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// committed ← available for a pledge whose year has come, or for one that was short.
pub(super) fn fund(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut instalment: Instalment = tx.get(id)?;
    must(tx, Role::Budget, &instalment.payer)?;
    let award: Award = tx.get(&instalment.award)?;
    let part: Part = tx.get((&award.id, &instalment.payer))?;
    if !matches!(instalment.state, InstalmentState::Pledged | InstalmentState::Short) {
        let state = instalment.state.name();
        return Err(Stop::denied(
            "not_pledged",
            format!("instalment {id} is `{state}`; only a pledge, or what is short, waits for its money"),
            format!("分期 {id} 状态为 `{state}`，仅承诺或资金不足的分期可安排资金"),
        ));
    }
    let line = line_for(tx, &instalment, &part)?;
    let available = has(tx, &line.id, Account::Available)?;
    in_order(tx, &instalment, &part, available)?;
    if available.minor() < instalment.amount.minor() {
        return short(tx, instalment, &line);
    }
    give(tx, &mut instalment, &award, &line)?;
    fall_due(tx, &award.id)?;
    Ok(json!({"instalment": id, "line": line.id, "state": instalment.state.name()}))
}

/// The line of the instalment's year, or of this year where it was short before.
fn line_for(tx: &mut Tx<'_>, instalment: &Instalment, part: &Part) -> Answer<Line> {
    let today = i64::from(tx.today.year());
    let year = i64::from(instalment.due.year());
    if year > today {
        let id = &instalment.id;
        return Err(Stop::denied(
            "not_its_year",
            format!("instalment {id} is of {year}; its year has not begun"),
            format!("分期 {id} 属于 {year} 年度，尚未开始"),
        ));
    }
    let line = line_of(tx, &part.payer, &part.fund, today)?.ok_or_else(|| {
        let (payer, fund) = (&part.payer, &part.fund);
        Stop::denied(
            "no_line",
            format!("`{payer}` has no line for fund `{fund}` in {today}; open one and appropriate money"),
            format!("`{payer}` 没有 {today} 年基金 `{fund}` 的预算线，请先设立并下达预算"),
        )
    })?;
    line.must_be_open()?;
    Ok(line)
}

/// That no pledge of the same payer and fund that is due earlier still waits. What is short does not hold up the others while the line has less than it needs.
fn in_order(tx: &mut Tx<'_>, instalment: &Instalment, part: &Part, available: Money) -> Answer<()> {
    let before = "(state = 'pledged' OR (state = 'short' AND amount <= $6)) AND payer = $1 AND award IN (SELECT award FROM part WHERE payer = $1 AND fund = $2) AND \
                  (due < $3 OR (due = $3 AND award < $4) OR (due = $3 AND award = $4 AND n < $5)) ORDER BY due, award, n LIMIT 1";
    let cells = [
        Cell::from(&part.payer),
        Cell::from(&part.fund),
        Cell::from(&instalment.due),
        Cell::from(&instalment.award),
        Cell::Int(instalment.n),
        Cell::Int(i64::try_from(available.minor()).unwrap_or(i64::MAX)),
    ];
    let Some(first) = tx.rows::<Instalment>(before, &cells)?.into_iter().next() else {
        return Ok(());
    };
    let (id, due) = (&first.id, first.due);
    Err(Stop::denied(
        "not_in_order",
        format!("instalment {id}, due on {due}, gets its money first"),
        format!("应先安排 {due} 到期的分期 {id}"),
    ))
}

fn give(tx: &mut Tx<'_>, instalment: &mut Instalment, award: &Award, line: &Line) -> Answer<()> {
    let approved = award.state != AwardState::Reserved;
    let account = if approved {
        Account::Committed
    } else {
        Account::Reserved
    };
    let (to, from) = (End::of(account, &instalment.id), End::Free(Account::Available));
    tx.post(&line.id, to, from, instalment.amount, "pledge_funded", None)?;
    instalment.line = Some(line.id.clone());
    unpledge(tx, &instalment.id)?;
    let state = if approved {
        InstalmentState::Committed
    } else {
        InstalmentState::Reserved
    };
    tx.step(instalment, state)
}

/// Where the money ends the instalment is short until more comes.
fn short(tx: &mut Tx<'_>, mut instalment: Instalment, line: &Line) -> Answer<Value> {
    let id = instalment.id.clone();
    if instalment.state == InstalmentState::Short {
        let (line, amount) = (&line.id, instalment.amount);
        return Err(Stop::denied(
            "no_money",
            format!("line {line} still has less than the {amount} of {id}; appropriate more"),
            format!("预算线 {line} 仍不足以支付 {id} 的 {amount}，请追加预算"),
        ));
    }
    unpledge(tx, &id)?;
    tx.step(&mut instalment, InstalmentState::Short)?;
    tx.tell(
        "short",
        &id,
        &json!({"line": line.id, "amount": instalment.amount.to_decimal()}),
    )?;
    Ok(json!({"instalment": id, "line": line.id, "state": instalment.state.name()}))
}
