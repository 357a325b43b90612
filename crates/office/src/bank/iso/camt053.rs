//! What was booked, `camt.053.001.08`: balances, and entries with the transactions in them.

use super::entries::{self, day, direction};
use super::reader::Reader;
use super::xml::{Document, Element};
use crate::bank::instant;
use crate::bank::mode::Mode;
use crate::bank::statement::{Direction, Statement};
use crate::bank::violation::{Fault, Violation};

/// Reads all statements of a message.
pub(in crate::bank) fn read(document: &Document<'_>, mode: Mode) -> Result<Vec<Statement>, Violation> {
    let read = Reader::of(document);
    let message = read.at(&document.root, "BkToCstmrStmt")?;
    let whole = single(message.find("GrpHdr/MsgPgntn"));
    let statements = message.all("Stmt").map(|part| statement(&read, part, whole, mode));
    statements.collect()
}

/// Whether it is not one page of several.
fn single(page: Option<&Element>) -> bool {
    page.is_none_or(|page| {
        let first = page
            .get("PgNb")
            .is_some_and(|number| number.trim_start_matches('0') == "1");
        first && matches!(page.get("LastPgInd"), Some("true" | "1"))
    })
}

fn statement(read: &Reader<'_>, part: &Element, whole: bool, mode: Mode) -> Result<Statement, Violation> {
    let balances: Vec<_> = part.all("Bal").collect();
    let named = |code: &str| {
        balances
            .iter()
            .copied()
            .find(|bal| bal.get("Tp/CdOrPrtry/Cd") == Some(code))
    };
    let interim = |last: bool| {
        let mut all = balances
            .iter()
            .copied()
            .filter(|bal| bal.get("Tp/CdOrPrtry/Cd") == Some("ITBD"));
        if last { all.next_back() } else { all.next() }
    };
    let (opening, closing) = (named("OPBD").or_else(|| named("PRCD")), named("CLBD"));
    let complete = whole && single(part.find("StmtPgntn")) && opening.is_some() && closing.is_some();
    let missing = |code: &str| read.wrong(part, Fault::Missing(format!("Bal {code}")));
    let opening = opening.or_else(|| interim(false)).ok_or_else(|| missing("OPBD"))?;
    let closing = closing.or_else(|| interim(true)).ok_or_else(|| missing("CLBD"))?;
    let (from, to) = match part.find("FrToDt") {
        None => (day(read, opening, "Dt")?, day(read, closing, "Dt")?),
        Some(period) => {
            let from = read.get(period, "FrDtTm", instant::read)?;
            let to = read.get(period, "ToDtTm", instant::read)?;
            // A period that ends at midnight ends with the day before.
            (instant::day_of(from), instant::day_of(from.max(instant::plus(to, -1))))
        }
    };
    let statement = Statement {
        id: read.at(part, "Id")?.text.clone(),
        account: entries::account(read, part)?,
        from,
        to,
        opening: signed(read, opening)?,
        closing: signed(read, closing)?,
        complete,
        entries: entries::entries(read, part, to, mode)?,
    };
    statement
        .check()
        .map_err(|wrong| read.wrong(closing, wrong.fault().clone()))?;
    Ok(statement)
}

fn signed(read: &Reader<'_>, balance: &Element) -> Result<i64, Violation> {
    let amount = read.yuan(balance, "Amt")?;
    Ok(if direction(balance) == Some(Direction::Debit) {
        amount.saturating_neg()
    } else {
        amount
    })
}
