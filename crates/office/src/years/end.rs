//! The end of a line's year, but for what is carried over.

use meed_facts::money::Money;
use serde_json::{Value, json};

use crate::ledger::{Account, End, Line};
use crate::machine::{LineState, State as _};
use crate::people::{Role, must};
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

/// A line whose year is being closed, by who keeps its payer's budget.
pub(super) fn closing(tx: &mut Tx<'_>, id: &str) -> Answer<Line> {
    let line: Line = tx.get(id)?;
    must(tx, Role::Budget, &line.payer)?;
    if line.state == LineState::Closing {
        return Ok(line);
    }
    let state = line.state.name();
    Err(Stop::denied(
        "not_closing",
        format!("line {id} is `{state}`; its books are closed first"),
        format!("预算线 {id} 状态为 `{state}`，须先结账"),
    ))
}

/// What an account of a line has.
pub(super) fn has(tx: &mut Tx<'_>, line: &str, account: Account) -> Answer<Money> {
    let sql = format!("SELECT {account} FROM line_balance WHERE line = $1");
    let found = tx.number(&sql, &[Cell::from(line)])?;
    Ok(Money::from_minor(found.into(), CURRENCY))
}

pub(super) fn close_books(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut line: Line = tx.get(id)?;
    must(tx, Role::Budget, &line.payer)?;
    let (today, year) = (i64::from(tx.today.year()), line.year);
    if today < year || (today == year && (tx.today.month(), tx.today.day()) != (12, 31)) {
        return Err(Stop::denied(
            "year_runs",
            format!("{year} is not over; a line is closed on its year's last day or later"),
            format!("{year} 年度尚未结束，须在年末或之后结账"),
        ));
    }
    tx.step(&mut line, LineState::Closing)?;
    tx.tell("books_closed", id, &Value::Null)?;
    Ok(Value::Null)
}

/// lapsed ← available, once nothing is reserved or committed any more that could still be freed into it.
pub(super) fn lapse(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let line = closing(tx, id)?;
    must_be_empty(tx, &line, &[Account::Reserved, Account::Committed])?;
    let left = has(tx, id, Account::Available)?;
    tx.post(
        id,
        End::Free(Account::Lapsed),
        End::Free(Account::Available),
        left,
        "year_end",
        None,
    )?;
    Ok(json!({"lapsed": left.to_decimal()}))
}

pub(super) fn close(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut line = closing(tx, id)?;
    use Account::{Available, Committed, InFlight, Reserved};
    must_be_empty(tx, &line, &[Reserved, Committed, Available, InFlight])?;
    tx.step(&mut line, LineState::Closed)?;
    tx.tell("line_closed", id, &Value::Null)?;
    Ok(Value::Null)
}

fn must_be_empty(tx: &mut Tx<'_>, line: &Line, accounts: &[Account]) -> Answer<()> {
    for account in accounts {
        let left = has(tx, &line.id, *account)?;
        if left.is_zero() {
            continue;
        }
        let (id, help) = (&line.id, help(*account));
        return Err(Stop::denied(
            "not_empty",
            format!("line {id} still has {left} in `{account}`: {}", help.0),
            format!("预算线 {id} 的 `{account}` 尚有 {left}：{}", help.1),
        ));
    }
    Ok(())
}

fn help(account: Account) -> (&'static str, &'static str) {
    match account {
        Account::Reserved => (
            "carry it over, or renew it on the next line",
            "请结转或在下一年度预算线重新预留",
        ),
        Account::Committed => ("carry it over", "请结转"),
        Account::Available => ("let it lapse", "请作结余处理"),
        _ => ("wait for the bank's evidence", "请等待银行凭证"),
    }
}
