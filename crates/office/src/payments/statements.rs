//! Statements of the office's account: days that follow each other without a gap, each imported once.

use std::collections::HashSet;

use meed_facts::date::Date;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::row::{adapter, keep, unfit};
use super::{Entry, Instruction, Restoration, Statement, entries, moves};
use crate::bank::{self, Told};
use crate::people::{Role, must};
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::time::Instant;
use crate::tx::Tx;

/// The most days of one statement: a year.
const MOST_DAYS: usize = 366;

/// Takes in statements, and notices ahead of them. Days and bookings that are known change nothing.
pub(super) fn import(tx: &mut Tx<'_>, file: &str) -> Answer<Value> {
    must(tx, Role::Machine, "")?;
    let told = adapter(tx.setup).bookings(file.as_bytes());
    let told = told.map_err(|violation| unfit("unreadable", &violation))?;
    let (document, _) = keep(tx, "bank_statement", file)?;
    let mut taken = entries::Taken::default();
    match &told {
        Told::Statements(statements) => {
            for statement in statements {
                ours(tx, &statement.id, &statement.account)?;
                let (days, whole) = (days(statement)?, statement.complete);
                if whole {
                    for day in book(statement, &days, &document) {
                        keep_day(tx, &day)?;
                    }
                }
                take(tx, &statement.account, &statement.entries, whole, &document, &mut taken)?;
                if whole {
                    has_what_was_told(tx, statement)?;
                }
            }
        }
        Told::Notices(notices) => {
            for notice in notices {
                ours(tx, &notice.id, &notice.account)?;
                take(tx, &notice.account, &notice.entries, false, &document, &mut taken)?;
            }
        }
    }
    for batch in &taken.batches {
        moves::follow(tx, batch, true)?;
    }
    Ok(json!({"document": document, "entries": taken.entries, "differences": taken.differences}))
}

/// That a message is of the account the office pays from.
fn ours(tx: &Tx<'_>, id: &str, account: &str) -> Answer<()> {
    let ours = &tx.setup.config.debtor.account;
    if account == ours {
        return Ok(());
    }
    Err(Stop::denied(
        "other_account",
        format!("{id} is of account {account}, the office pays from {ours}"),
        format!("{id} 属于账户 {account}，本单位付款账户为 {ours}"),
    ))
}

/// Takes in what is booked. What is not of a whole statement is of a day without one, or in that day's already.
fn take(
    tx: &mut Tx<'_>,
    account: &str,
    told: &[bank::Entry],
    whole: bool,
    document: &str,
    taken: &mut entries::Taken,
) -> Answer<()> {
    // Money comes back after it left, in whatever order a bank lists the two.
    let mut told: Vec<&bank::Entry> = told.iter().filter(|one| one.stage == bank::Stage::Booked).collect();
    told.sort_by_key(|one| (one.booked, one.direction == bank::Direction::Credit));
    for entry in told {
        if !whole
            && tx.find::<Statement>((account, &entry.booked))?.is_some()
            && tx.find::<Entry>((account, &entry.bank_ref))?.is_none()
        {
            return Err(booking_lost(&entry.booked.to_string(), &entry.bank_ref, entry.booked));
        }
        entries::take(tx, account, entry, document, taken)?;
    }
    Ok(())
}

/// That a statement has every booking of its days that a notice or a page told before.
fn has_what_was_told(tx: &mut Tx<'_>, statement: &bank::Statement) -> Answer<()> {
    let of_its_days = "account = $1 AND booked >= $2 AND booked <= $3 ORDER BY bank_ref";
    let place = [
        Cell::from(&statement.account),
        Cell::from(&statement.from),
        Cell::from(&statement.to),
    ];
    let told = tx.rows::<Entry>(of_its_days, &place)?;
    let has: HashSet<&str> = statement.entries.iter().map(|entry| entry.bank_ref.as_str()).collect();
    let Some(lost) = told.iter().find(|entry| !has.contains(entry.bank_ref.as_str())) else {
        return Ok(());
    };
    Err(booking_lost(&statement.id, &lost.bank_ref, lost.booked))
}

fn booking_lost(statement: &str, bank_ref: &str, day: Date) -> Stop {
    Stop::denied(
        "booking_lost",
        format!(
            "statement {statement} lacks booking {bank_ref} of {day}, which the bank tells beside it; ask it for a statement that has it"
        ),
        format!("对账单 {statement} 缺少银行另行告知的 {day} 记账 {bank_ref}，请向银行索取包含该笔的对账单"),
    )
}

/// The days of a statement; all its bookings are on them.
fn days(statement: &bank::Statement) -> Answer<Vec<Date>> {
    let (from, to) = (statement.from, statement.to);
    let days: Vec<Date> = std::iter::successors(Some(from), |day| day.tomorrow())
        .take_while(|day| *day <= to)
        .take(MOST_DAYS.saturating_add(1))
        .collect();
    let inside = |entry: &bank::Entry| (from..=to).contains(&entry.booked);
    if days.is_empty() || days.len() > MOST_DAYS || !statement.entries.iter().all(inside) {
        let id = &statement.id;
        return Err(Stop::denied(
            "days_unfit",
            format!("statement {id} from {from} to {to} has no days, more than {MOST_DAYS}, or bookings of other days"),
            format!("对账单 {id}（{from} 至 {to}）日期有误：没有日期、超过 {MOST_DAYS} 天，或含其他日期的记账"),
        ));
    }
    Ok(days)
}

/// What each day began and ended with.
fn book(statement: &bank::Statement, days: &[Date], document: &str) -> Vec<Statement> {
    let mut balance = i128::from(statement.opening);
    let mut book = Vec::new();
    for day in days {
        let of_day = statement
            .entries
            .iter()
            .filter(|entry| entry.stage == bank::Stage::Booked && entry.booked == *day);
        let moved = of_day
            .map(|entry| i128::from(entry.signed()))
            .fold(0, i128::saturating_add);
        let opening = Money::from_minor(balance, CURRENCY);
        balance = balance.saturating_add(moved);
        book.push(Statement {
            account: statement.account.clone(),
            day: *day,
            opening,
            closing: Money::from_minor(balance, CURRENCY),
            document: document.to_owned(),
        });
    }
    book
}

/// Keeps a day, which follows the one before and leads to the one after.
fn keep_day(tx: &mut Tx<'_>, day: &Statement) -> Answer<()> {
    if let Some(known) = tx.find::<Statement>((&day.account, &day.day))? {
        if (known.opening, known.closing) == (day.opening, day.closing) {
            return Ok(());
        }
        return Err(Stop::denied(
            "statement_differs",
            format!(
                "the statement of {} was imported with other balances; ask the bank which one is right",
                day.day
            ),
            format!("{} 的对账单此前以不同余额导入，请向银行核实", day.day),
        ));
    }
    let place = [Cell::from(&day.account), Cell::from(&day.day)];
    let mut before = tx.rows::<Statement>("account = $1 AND day < $2 ORDER BY day DESC LIMIT 1", &place)?;
    let mut after = tx.rows::<Statement>("account = $1 AND day > $2 ORDER BY day LIMIT 1", &place)?;
    let after = after.pop();
    match before.pop() {
        Some(before) => joined(tx, &before, day, after.is_some())?,
        None => begins(tx, day.day)?,
    }
    if let Some(after) = after {
        joined(tx, day, &after, true)?;
    }
    tx.insert(day)
}

/// That nothing is missing between two days: no working day, and no money. Where later days are known already, what moved on a day without work may still be told:
/// two statements of one weekend, of which one undoes the other, fit together and not alone.
fn joined(tx: &mut Tx<'_>, before: &Statement, after: &Statement, late: bool) -> Answer<()> {
    let same = before.closing == after.opening;
    let untold = || {
        before
            .day
            .tomorrow()
            .into_iter()
            .flat_map(|first| days_between(first, after.day))
    };
    if let Some(missing) = untold().find(|day| must_have(tx, *day) || !(same || late)) {
        return Err(waits_for(missing));
    }
    if same || untold().next().is_some() {
        return Ok(());
    }
    let (end, next) = (before.closing, after.opening);
    Err(Stop::denied(
        "balance_gap",
        format!(
            "{} ends with {end} and {} begins with {next}; ask the bank for what is missing",
            before.day, after.day
        ),
        format!(
            "{} 期末余额 {end} 与 {} 期初余额 {next} 不一致，请向银行索取缺失部分",
            before.day, after.day
        ),
    ))
}

/// That the first statement of all is not later than what was sent before any statement came: money that comes back is booked after it
/// left.
fn begins(tx: &mut Tx<'_>, day: Date) -> Answer<()> {
    let sent = tx.rows::<Instruction>("sent_at IS NOT NULL ORDER BY sent_at LIMIT 1", &[])?;
    let restored = tx.rows::<Restoration>("1 = 1 ORDER BY since LIMIT 1", &[])?;
    let sent = sent.first().and_then(|one| one.sent_at).and_then(Instant::date);
    let first = sent.into_iter().chain(restored.first().map(|one| one.since)).min();
    match first.and_then(|first| days_between(first, day).find(|day| must_have(tx, *day))) {
        Some(missing) => Err(waits_for(missing)),
        None => Ok(()),
    }
}

fn days_between(first: Date, end: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |day| day.tomorrow()).take_while(move |day| *day < end)
}

/// Whether a day has a statement even where nothing moves: all but those on which the city does not work.
fn must_have(tx: &Tx<'_>, day: Date) -> bool {
    tx.setup.calendar.is_working(day) != Some(false)
}

/// What is missing may still come, so a later statement is not refused for ever.
fn waits_for(day: Date) -> Stop {
    Stop::undecided(
        "statement_missing",
        format!("the statement of {day} is missing; import it first"),
        format!("缺少 {day} 的对账单，请先导入"),
    )
}

/// The first day of a period of which no complete statement is there. That balances go on over a day without work does not show that nothing was booked on it: money may
/// have left, and as much come back.
pub(super) fn missing(tx: &mut Tx<'_>, account: &str, from: Date, to: Date) -> Answer<Option<Date>> {
    let days = tx.rows::<Statement>(
        "account = $1 AND day >= $2 ORDER BY day",
        &[account.into(), Cell::from(&from)],
    )?;
    let known: std::collections::BTreeSet<Date> = days.iter().map(|one| one.day).collect();
    let Some(end) = to.tomorrow() else { return Ok(Some(to)) };
    let found = days_between(from, end).find(|day| !known.contains(day));
    Ok(found)
}
