//! Money: balances added up again from the postings, at every place of the log.

use std::collections::BTreeMap;

use super::pages;
use crate::ledger::{Account, Posting};
use crate::log::{Finding, Report};
use crate::store::{Cell, Connection, Record, StoreError};

/// The most that any account holds, as the database's constraints have it.
const MOST: i64 = 900_000_000_000_000_000;

/// What each account holds; the appropriation stands under `outside`.
type Balance = BTreeMap<String, i64>;

#[derive(Default)]
struct Ledger {
    lines: BTreeMap<String, Balance>,
    holdings: BTreeMap<(String, String), Balance>,
}

/// Adds up all postings and compares lines and holders with their balances.
pub(super) fn compare(connection: &mut Connection, report: &mut Report) -> Result<(), StoreError> {
    let mut ledger = Ledger::default();
    pages::each(connection, Posting::TABLE, Posting::COLUMNS, Posting::KEY, |row| {
        // A posting that cannot be read has been told already: its digest is not its row's.
        if let Ok(posting) = Posting::from_cells(row) {
            ledger.post(&posting, report);
        }
    })?;
    let held: Vec<Account> = Account::held().collect();
    let mut lines = ledger.lines;
    let accounts: Vec<&str> = Account::ALL.iter().map(|account| account.name()).collect();
    let columns = [&["line", "appropriation"], accounts.as_slice()].concat();
    pages::each(connection, "line_balance", &columns, &["line"], |row| {
        let sums = lines.remove(&pages::told(row.get(..1).unwrap_or_default()));
        balance("line_balance", &columns, row, 1, sums.unwrap_or_default(), report);
    })?;
    for line in lines.keys() {
        absent("line_balance", line, report);
    }
    let without = "SELECT id FROM line WHERE NOT EXISTS (SELECT 1 FROM line_balance WHERE line = id)";
    for row in connection.rows(without, &[])? {
        absent("line_balance", &pages::told(&row), report);
    }
    let accounts: Vec<&str> = held.iter().map(|account| account.name()).collect();
    let columns = [&["line", "holder"], accounts.as_slice()].concat();
    let mut holdings = ledger.holdings;
    pages::each(connection, "holding", &columns, &["line", "holder"], |row| {
        let key = |index| pages::told(row.get(index..=index).unwrap_or_default());
        match holdings.remove(&(key(0), key(1))) {
            Some(sums) => balance("holding", &columns, row, 2, sums, report),
            None => absent("posting", &pages::told(row.get(..2).unwrap_or_default()), report),
        }
    })?;
    for (line, holder) in holdings.keys() {
        absent("holding", &format!("{line}/{holder}"), report);
    }
    Ok(())
}

impl Ledger {
    fn post(&mut self, posting: &Posting, report: &mut Report) {
        let amount = i64::try_from(posting.amount.minor()).unwrap_or(i64::MAX);
        let ends = [
            (&posting.to_account, &posting.to_holder, amount),
            (&posting.from_account, &posting.from_holder, amount.saturating_neg()),
        ];
        for (account, holder, amount) in ends {
            // What comes from outside is appropriated; what goes there is not any more.
            let amount = if account == "outside" {
                amount.saturating_neg()
            } else {
                amount
            };
            let line = self.lines.entry(posting.line.clone()).or_default();
            add(line, account, amount, posting, report);
            if let Some(holder) = holder {
                let key = (posting.line.clone(), holder.clone());
                add(self.holdings.entry(key).or_default(), account, amount, posting, report);
            }
        }
        let line = self.lines.get(&posting.line);
        let sum = |outside: bool| {
            let of = line.into_iter().flatten();
            let chosen = of.filter(|(account, _)| (account.as_str() == "outside") == outside);
            chosen.fold(0_i64, |sum, (_, amount)| sum.saturating_add(*amount))
        };
        if sum(true) != sum(false) {
            let (line, seq) = (&posting.line, posting.seq);
            let (en, zh) = (
                format!("after entry {seq} the accounts of line {line} are not its appropriation"),
                format!("第 {seq} 条之后，预算线 {line} 各账户之和不等于拨款"),
            );
            report.push(Finding::new("money.sum", "posting", line, en, zh).at(seq));
        }
    }
}

fn add(balance: &mut Balance, account: &str, amount: i64, posting: &Posting, report: &mut Report) {
    let held = balance.entry(account.to_owned()).or_default();
    *held = held.saturating_add(amount);
    if !(0..=MOST).contains(held) {
        let (seq, i, line) = (posting.seq, posting.i, &posting.line);
        let (en, zh) = (
            format!("posting {seq}/{i} leaves {held} fen in `{account}` of line {line}"),
            format!("第 {seq}/{i} 笔分录使预算线 {line} 的 `{account}` 为 {held} 分"),
        );
        report.push(Finding::new("money.negative", "posting", format!("{seq}/{i}"), en, zh).at(seq));
    }
}

/// Compares a row of balances, whose key is its first cells, with what the postings sum to.
fn balance(table: &str, columns: &[&str], row: &[Cell], key: usize, sums: Balance, report: &mut Report) {
    let told = pages::told(row.get(..key).unwrap_or_default());
    for (column, cell) in columns.iter().zip(row).skip(key) {
        let account = if *column == "appropriation" { "outside" } else { column };
        let sum = sums.get(account).copied().unwrap_or_default();
        if *cell != Cell::Int(sum) {
            let (en, zh) = (
                format!("`{column}` of {table} {told} is not the {sum} fen of its postings"),
                format!("{table} {told} 的 `{column}` 不等于分录合计 {sum} 分"),
            );
            report.push(Finding::new("money.balance", table, &told, en, zh));
        }
    }
}

fn absent(table: &str, key: &str, report: &mut Report) {
    let (en, zh) = (format!("{key} has no {table}"), format!("{key} 没有对应的 {table}"));
    report.push(Finding::new("money.absent", table, key, en, zh));
}
