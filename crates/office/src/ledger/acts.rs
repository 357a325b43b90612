//! What is done with budget lines.

use meed_facts::money::Money;
use serde_json::{Value, json};

use super::{Account, Authorisation, End, Line};
use crate::acts;
use crate::input::Amount;
use crate::machine::LineState;
use crate::people::{Role, must};
use crate::policies::{Sort, must_be_known};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// Years that are budget years.
const YEARS: std::ops::RangeInclusive<i64> = 1949..=9999;

acts! {
    /// What is done with budget lines.
    pub enum Act {
        /// Opens a payer's line in a fund for a year
        Open {
            /// The payer: an agency of the package
            payer: String,
            /// The fund; left out where the payer's budget is not divided
            fund: Option<String>,
            /// The budget year
            year: i64,
        },
        /// Puts money into a line: an appropriation or a supplement
        Appropriate {
            /// The line
            line: String,
            /// How much
            amount: Amount,
            /// The document that says so
            basis: String,
        },
        /// Takes money that nobody has been promised out of a line
        Cut {
            /// The line
            line: String,
            /// How much
            amount: Amount,
            /// The document that says so
            basis: String,
        },
        /// Allows pledges on a fund's later year, up to an amount
        Authorise {
            /// The fund
            fund: String,
            /// The year
            year: i64,
            /// The most that may be pledged
            amount: Amount,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied where the person does not keep this payer's budget, or the line is not open.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::Open { payer, fund, year } => open(tx, payer, fund.as_deref().unwrap_or(""), *year),
            Act::Appropriate { line, amount, basis } => {
                let line = budget_line(tx, line)?;
                stated(amount.0, basis)?;
                tx.post(
                    &line.id,
                    End::Free(Account::Available),
                    End::Outside,
                    amount.0,
                    "appropriation",
                    Some(basis),
                )?;
                Ok(Value::Null)
            }
            Act::Cut { line, amount, basis } => {
                let line = budget_line(tx, line)?;
                stated(amount.0, basis)?;
                tx.post(
                    &line.id,
                    End::Outside,
                    End::Free(Account::Available),
                    amount.0,
                    "cut",
                    Some(basis),
                )?;
                Ok(Value::Null)
            }
            Act::Authorise { fund, year, amount } => authorise(tx, fund, *year, amount.0),
        }
    }
}

fn open(tx: &mut Tx<'_>, payer: &str, fund: &str, year: i64) -> Answer<Value> {
    must(tx, Role::Budget, payer)?;
    must_pay_here(tx, payer)?;
    must_be_a_fund(tx, fund)?;
    if !YEARS.contains(&year) {
        return Err(Stop::denied(
            "bad_year",
            format!("{year} is no budget year; write all four digits"),
            format!("{year} 不是预算年度，请填写四位年份"),
        ));
    }
    if let Some(line) = super::line_of(tx, payer, fund, year)? {
        let (en, zh) = (
            format!("line {} is there already", line.id),
            format!("预算线 {} 已存在", line.id),
        );
        return Err(Stop::denied("exists", en, zh));
    }
    let mut line = Line {
        id: tx.id("line"),
        payer: payer.to_owned(),
        fund: fund.to_owned(),
        year,
        state: LineState::Planned,
    };
    tx.insert(&line)?;
    tx.step(&mut line, LineState::Open)?;
    Ok(json!({"line": line.id}))
}

/// That a payer is one whom packages or the settings name, and has no office of its own.
fn must_pay_here(tx: &mut Tx<'_>, payer: &str) -> Answer<()> {
    if tx.setup.config.external.iter().any(|one| one == payer) {
        return Err(Stop::denied(
            "external",
            format!("`{payer}` has an office of its own, and no line here; the settings say so"),
            format!("`{payer}` 自设系统，在本系统没有预算线（见系统设置）"),
        ));
    }
    must_be_known(tx, payer, &[Sort::Agency], "unknown_payer")
}

/// That a fund is one that packages name; a budget need not be divided into funds.
fn must_be_a_fund(tx: &mut Tx<'_>, fund: &str) -> Answer<()> {
    if fund.is_empty() {
        return Ok(());
    }
    must_be_known(tx, fund, &[Sort::Fund], "unknown_fund")
}

/// That some money is meant, and what it rests on.
fn stated(amount: Money, basis: &str) -> Answer<()> {
    if amount.is_zero() || basis.trim().is_empty() {
        return Err(Stop::denied(
            "nothing_stated",
            "state an amount above zero, and the document that says so",
            "请填写大于零的金额及其依据文件",
        ));
    }
    Ok(())
}

/// A line into which money may be put, by who keeps its payer's budget.
fn budget_line(tx: &mut Tx<'_>, id: &str) -> Answer<Line> {
    let line: Line = tx.get(id)?;
    must(tx, Role::Budget, &line.payer)?;
    line.must_be_open()?;
    Ok(line)
}

fn authorise(tx: &mut Tx<'_>, fund: &str, year: i64, amount: Money) -> Answer<Value> {
    must(tx, Role::Budget, fund)?;
    must_be_a_fund(tx, fund)?;
    let pledged = tx.number(
        "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM pledge WHERE fund = $1 AND year = $2 AND live = 1",
        &[fund.into(), Cell::Int(year)],
    )?;
    let pledged = Money::from_minor(pledged.into(), crate::store::CURRENCY);
    if amount.minor() < pledged.minor() {
        return Err(Stop::denied(
            "pledged",
            format!("{pledged} of fund `{fund}` are pledged for {year} already; authorise no less"),
            format!("基金 `{fund}` {year} 年度已承诺 {pledged}，授权额度不得低于此数"),
        ));
    }
    let made = Authorisation {
        fund: fund.to_owned(),
        year,
        amount,
    };
    if tx.find::<Authorisation>((fund, year))?.is_some() {
        tx.update(&made)?;
    } else {
        tx.insert(&made)?;
    }
    Ok(json!({"pledged": pledged.to_decimal()}))
}
