//! Supplements: an instalment that adds to another, where a later decision gives more.

use meed_facts::date::Date;
use meed_facts::money::Money;
use serde_json::json;

use super::reserve::{no_line, pledge};
use super::{Award, Instalment, Part, Pledge};
use crate::ledger::{Account, End, held_on, least, less, line_of, release, total};
use crate::machine::InstalmentState;
use crate::stop::Answer;
use crate::store::Cell;
use crate::tx::Tx;

/// To what a supplement adds.
#[derive(Clone, Debug)]
pub struct To {
    /// The payer.
    pub payer: String,
    /// The payment of the plan.
    pub period: i64,
    /// When it is due.
    pub due: Date,
}

impl To {
    /// The payment that an instalment pays, not before today.
    pub fn of(instalment: &Instalment, today: Date) -> Self {
        Self {
            payer: instalment.payer.clone(),
            period: instalment.period,
            due: instalment.due.max(today),
        }
    }
}

/// Adds what a proposal to give more needs: reserved on this year's line, pledged on a later one's.
///
/// # Errors
/// Denied where the line has no money, or the later year no authorisation.
pub fn propose(tx: &mut Tx<'_>, award: &Award, to: &To, amount: Money) -> Answer<Instalment> {
    let (part, line) = place(tx, award, to)?;
    if let Some(line) = &line {
        let mut made = new(tx, award, to, amount, InstalmentState::Reserved)?;
        made.line = Some(line.clone());
        insert(tx, part, &made)?;
        let (to, from) = (End::of(Account::Reserved, &made.id), End::Free(Account::Available));
        tx.post(line, to, from, amount, "proposed", None)?;
        return Ok(made);
    }
    let made = new(tx, award, to, amount, InstalmentState::Pledged)?;
    let fund = part.fund.clone();
    insert(tx, part, &made)?;
    pledge(tx, &made, &fund)?;
    Ok(made)
}

/// Adds what a decision that needs no more publicity gives: committed at once; where there is no money it is short, and shown.
///
/// # Errors
/// Denied where the payer has no line, or the later year no authorisation.
pub fn grant(tx: &mut Tx<'_>, award: &Award, to: &To, amount: Money, cause: &str) -> Answer<Instalment> {
    let (part, line) = place(tx, award, to)?;
    let available = match &line {
        Some(line) => tx.number(
            "SELECT available FROM line_balance WHERE line = $1",
            &[Cell::from(line)],
        )?,
        None => i64::MAX,
    };
    if i128::from(available) < amount.minor() {
        let mut made = new(tx, award, to, amount, InstalmentState::Pledged)?;
        made.line = line;
        insert(tx, part, &made)?;
        tx.step(&mut made, InstalmentState::Short)?;
        tx.tell("short", &made.id, &json!({"amount": amount.to_decimal()}))?;
        return Ok(made);
    }
    let mut made = propose(tx, award, to, amount)?;
    if let Some(line) = made.line.clone() {
        let (to, from) = (
            End::of(Account::Committed, &made.id),
            End::of(Account::Reserved, &made.id),
        );
        tx.post(&line, to, from, amount, cause, None)?;
        tx.step(&mut made, InstalmentState::Committed)?;
    }
    Ok(made)
}

/// The part of a payer, and the line on which its money is this year; no line for a later year.
fn place(tx: &mut Tx<'_>, award: &Award, to: &To) -> Answer<(Part, Option<String>)> {
    let part: Part = tx.get((&award.id, &to.payer))?;
    let year = i64::from(tx.today.year());
    if i64::from(to.due.year()) > year {
        return Ok((part, None));
    }
    let line = line_of(tx, &part.payer, &part.fund, year)?.ok_or_else(|| no_line(&part.payer, &part.fund, year))?;
    line.must_be_open()?;
    Ok((part, Some(line.id)))
}

fn new(tx: &mut Tx<'_>, award: &Award, to: &To, amount: Money, state: InstalmentState) -> Answer<Instalment> {
    let last = "SELECT coalesce(max(n), 0) FROM instalment WHERE award = $1";
    let last = tx.number(last, &[Cell::from(&award.id)])?;
    Ok(Instalment {
        id: tx.id("instalment"),
        award: award.id.clone(),
        payer: to.payer.clone(),
        n: last.saturating_add(1),
        period: to.period,
        due: to.due,
        line: None,
        amount,
        decision: Some(award.decision.clone()),
        payable_at: None,
        waits_for: None,
        state,
    })
}

/// Adds the instalment, and its amount to its payer's part.
fn insert(tx: &mut Tx<'_>, mut part: Part, made: &Instalment) -> Answer<()> {
    part.amount = total([part.amount, made.amount]);
    tx.update(&part)?;
    tx.insert(made)
}

/// Lowers an instalment that is not paid to an amount above zero: what is held or pledged for the rest is free.
///
/// # Errors
/// Denied where its money is on its way.
pub fn lower(tx: &mut Tx<'_>, instalment: &mut Instalment, to: Money, cause: &str) -> Answer<()> {
    let mut by = less(instalment.amount, to);
    for account in [Account::Reserved, Account::Committed] {
        for (line, held) in held_on(tx, &instalment.id, account)? {
            let part = least(by, held);
            release(tx, &line, &instalment.id, account, part, cause)?;
            by = less(by, part);
        }
    }
    for mut pledge in tx.rows::<Pledge>("instalment = $1 AND live = 1", &[Cell::from(&instalment.id)])? {
        pledge.amount = to;
        tx.update(&pledge)?;
    }
    instalment.amount = to;
    tx.update(instalment)
}
