//! Money of a holder, on whichever lines it is: an instalment that was carried over has some on two.

use meed_facts::money::Money;

use super::{Account, End, Line, least, less};
use crate::machine::LineState;
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell, Field};
use crate::tx::Tx;

/// What an account of a holder has, line by line, the oldest year first.
///
/// # Errors
/// Where the database fails.
pub fn held_on(tx: &mut Tx<'_>, holder: &str, account: Account) -> Answer<Vec<(String, Money)>> {
    let sql = format!(
        "SELECT holding.line, holding.{account} FROM holding JOIN line ON line.id = holding.line \
         WHERE holding.holder = $1 AND holding.{account} > 0 ORDER BY line.year, line.id"
    );
    let mut found = Vec::new();
    for row in tx.query(&sql, &[holder.into()])? {
        if let [line, amount] = row.as_slice() {
            found.push((String::from_cell(line)?, Money::from_cell(amount)?));
        }
    }
    Ok(found)
}

/// What some accounts of a holder come to on all lines.
///
/// # Errors
/// Where the database fails.
pub fn holding_sum(tx: &mut Tx<'_>, holder: &str, accounts: &[Account]) -> Answer<Money> {
    let columns: Vec<String> = accounts.iter().map(Account::to_string).collect();
    let sql = format!(
        "SELECT CAST(coalesce(sum({}), 0) AS BIGINT) FROM holding WHERE holder = $1",
        columns.join(" + ")
    );
    let found = tx.number(&sql, &[holder.into()])?;
    Ok(Money::from_minor(found.into(), CURRENCY))
}

/// Moves money of a holder from one of its accounts to another, and tells how much on which line.
///
/// # Errors
/// Denied where the holder has less.
pub fn shift(
    tx: &mut Tx<'_>,
    holder: &str,
    (to, from): (Account, Account),
    amount: Money,
    cause: &str,
    link: Option<&str>,
) -> Answer<Vec<(String, Money)>> {
    let mut left = amount;
    let mut moved = Vec::new();
    for (line, held) in held_on(tx, holder, from)? {
        let part = least(left, held);
        if part.is_zero() {
            break;
        }
        tx.post(&line, End::of(to, holder), End::of(from, holder), part, cause, link)?;
        left = less(left, part);
        moved.push((line, part));
    }
    if left.is_zero() {
        return Ok(moved);
    }
    Err(Stop::denied(
        "no_money",
        format!("{holder} has {left} less in `{from}` than {amount}"),
        format!("{holder} 的 `{from}` 较 {amount} 少 {left}"),
    ))
}

/// Frees money of a holder on a line: it is available while the line is open, and surrendered afterwards.
///
/// # Errors
/// Denied where the holder has less.
pub fn release(tx: &mut Tx<'_>, line: &str, holder: &str, from: Account, amount: Money, cause: &str) -> Answer<()> {
    let state = tx.get::<Line>(Cell::from(line))?.state;
    let to = match state {
        LineState::Open => End::Free(Account::Available),
        _ => End::of(Account::Surrendered, holder),
    };
    tx.post(line, to, End::of(from, holder), amount, cause, None)
}
