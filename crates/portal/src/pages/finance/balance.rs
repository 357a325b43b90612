//! A line with its accounts: they come to what was appropriated, and a page shows that they do.

use maud::{Markup, html};
use meed_engine::words::Mark;
use meed_office::ledger::{Account, Line};
use meed_office::store::{Cell, Field as _};
use meed_office::tx::Tx;

use crate::access::{Viewer, seen};
use crate::determined::Names;
use crate::fault::Fault;
use crate::view::{sign, yuan};
use crate::visit::Visit;

/// A line and where its money is.
#[derive(Clone, Debug)]
pub struct Balance {
    /// The line.
    pub line: Line,
    /// What was put into it, in fen.
    pub appropriation: i64,
    /// What stands in each account, in the order of [`Account::ALL`], in fen.
    pub accounts: Vec<i64>,
}

impl Balance {
    /// The balances of the lines that a visitor may see, by a further condition on the line.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn read(tx: &mut Tx<'_>, viewer: &Viewer, condition: &str, arguments: &[Cell]) -> Result<Vec<Self>, Fault> {
        let columns: Vec<&str> = Account::ALL.iter().map(|account| account.name()).collect();
        let sql = format!(
            "SELECT appropriation, {} FROM line_balance WHERE line = $1",
            columns.join(", ")
        );
        let lines = seen::<Line>(tx, viewer, condition, arguments, "ORDER BY year DESC, payer, fund")?;
        let mut found = Vec::new();
        for line in lines {
            let row = tx.query(&sql, &[Cell::from(&line.id)])?.pop().unwrap_or_default();
            let numbers: Vec<i64> = row.iter().map(i64::from_cell).collect::<Result<_, _>>()?;
            let (appropriation, accounts) = match numbers.split_first() {
                Some((first, rest)) => (*first, rest.to_vec()),
                None => (0, vec![0; Account::ALL.len()]),
            };
            found.push(Self {
                line,
                appropriation,
                accounts,
            });
        }
        Ok(found)
    }

    /// What stands in one account, in fen.
    pub fn of(&self, account: Account) -> i64 {
        let mut all = Account::ALL.iter().zip(&self.accounts);
        all.find(|(one, _)| **one == account).map_or(0, |(_, amount)| *amount)
    }

    /// What the accounts come to, in fen.
    pub fn sum(&self) -> i64 {
        self.accounts.iter().copied().fold(0, i64::saturating_add)
    }

    /// What the line is called: payer, fund, year.
    pub fn name(&self, visit: &Visit, names: &Names) -> String {
        name(visit, names, &self.line)
    }
}

/// What a line is called: payer, fund, year.
pub fn name(visit: &Visit, names: &Names, line: &Line) -> String {
    let payer = names.called(visit.words, &line.payer);
    match line.fund.as_str() {
        "" => format!("{payer} · {}", line.year),
        fund => format!("{payer} · {} · {}", names.called(visit.words, fund), line.year),
    }
}

/// What an account is called.
pub fn account_name(visit: &Visit, account: &str) -> String {
    let key = format!("finance-account-{account}").replace('_', "-");
    visit.words.known(&key).unwrap_or_else(|| account.to_owned())
}

/// Whether a sum is what it must be, as a mark and in words.
pub fn adds_up(visit: &Visit, sum: i64, whole: i64) -> Markup {
    if sum == whole {
        html! { span.good { (sign(visit, Mark::Holds)) (yuan(sum)) } }
    } else {
        html! { span.bad { (sign(visit, Mark::Fails)) (yuan(sum)) } }
    }
}
