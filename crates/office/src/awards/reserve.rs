//! Reserving: a proposal has its money, or waits for it.

use meed_facts::money::Money;
use serde_json::json;

use super::{Award, Instalment, Part, Planned, Pledge, plan};
use crate::cases::{Case, Decision, Judgement};
use crate::ledger::{Account, Authorisation, End, Line, line_of};
use crate::machine::{AwardState, InstalmentState};
use crate::register::successor_of;
use crate::setup::Setup;
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

/// What a decision gives, before it has its money.
#[derive(Debug)]
pub struct Grant<'a> {
    /// The case.
    pub case: &'a Case,
    /// What the rules say.
    pub judgement: &'a Judgement,
    /// How much is given now.
    pub amount: Money,
    /// The round whose reservation pays for it.
    pub round: Option<&'a str>,
}

impl Grant<'_> {
    /// The payments that it plans.
    ///
    /// # Errors
    /// Undecided where they are not known.
    pub fn payments(&self, tx: &Tx<'_>) -> Answer<Vec<Planned>> {
        let line = self
            .judgement
            .line
            .as_ref()
            .ok_or_else(|| Stop::denied("no_line", "a title has no money", "称号不涉及资金"))?;
        let mut planned = plan(&tx.setup.config, &self.judgement.program, line, self.amount, tx.today)?;
        planned.sort_by(super::plan::by_due);
        Ok(planned)
    }
}

/// This year's payments, each with its line, if all of them have their money; `None` where one has not.
///
/// # Errors
/// Denied where a payer has no open line for the year.
pub fn with_money(tx: &mut Tx<'_>, planned: &[Planned]) -> Answer<Option<Vec<(Planned, Line)>>> {
    let year = i64::from(tx.today.year());
    let mut found: Vec<(Planned, Line)> = Vec::new();
    let setup = tx.setup;
    for payment in planned.iter().filter(|payment| is_this_year(setup, payment, year)) {
        let line = line_for(tx, payment)?;
        let wanted = found
            .iter()
            .filter(|(_, other)| other.id == line.id)
            .map(|(other, _)| other.amount.minor());
        let wanted = wanted.fold(payment.amount.minor(), i128::saturating_add);
        let available = tx.number(
            "SELECT available FROM line_balance WHERE line = $1",
            &[Cell::from(&line.id)],
        )?;
        if i128::from(available) < wanted {
            return Ok(None);
        }
        found.push((payment.clone(), line));
    }
    Ok(Some(found))
}

/// Whether a payment needs money of an open line of this office.
pub fn is_due_this_year(tx: &Tx<'_>, payment: &Planned) -> bool {
    is_this_year(tx.setup, payment, tx.today.year().into())
}

fn is_this_year(setup: &Setup, payment: &Planned, year: i64) -> bool {
    is_ours(setup, payment) && i64::from(payment.due.year()) <= year
}

fn is_ours(setup: &Setup, payment: &Planned) -> bool {
    !setup.config.external.contains(&payment.payer)
}

/// The open line of this year that a payment needs.
pub(super) fn line_for(tx: &mut Tx<'_>, payment: &Planned) -> Answer<Line> {
    let year = i64::from(tx.today.year());
    let line = line_of(tx, &payment.payer, &payment.fund, year)?
        .ok_or_else(|| no_line(&payment.payer, &payment.fund, year))?;
    line.must_be_open()?;
    Ok(line)
}

pub(super) fn no_line(payer: &str, fund: &str, year: i64) -> Stop {
    Stop::denied(
        "no_line",
        format!("`{payer}` has no line for fund `{fund}` in {year}; open one and appropriate money"),
        format!("`{payer}` 没有 {year} 年基金 `{fund}` 的预算线，请先设立并下达预算"),
    )
}

/// Makes the award of a decision: this year's payments reserved, later ones pledged.
///
/// # Errors
/// Denied where the same was given before, or a later year has no authorisation.
pub fn reserve(
    tx: &mut Tx<'_>,
    grant: &Grant<'_>,
    decision: &Decision,
    planned: &[Planned],
    funded: &[(Planned, Line)],
) -> Answer<Award> {
    let case = grant.case;
    let subject_key = successor_of(tx, &case.subject)?;
    let award = Award {
        id: tx.id("award"),
        case_id: case.id.clone(),
        decision: decision.id.clone(),
        subject: case.subject.clone(),
        payee: case.subject.clone(),
        debtor: case.subject.clone(),
        family: case.measure.clone(),
        object: case.object.clone(),
        occurrence: occurrence(grant),
        subject_key,
        amount: decision.amount,
        state: AwardState::Reserved,
    };
    if tx.any::<Award>(
        "family = $1 AND subject_key = $2 AND occurrence = $3 AND state NOT IN ('annulled', 'renounced')",
        &[
            Cell::from(&award.family),
            Cell::from(&award.subject_key),
            Cell::from(&award.occurrence),
        ],
    )? {
        let (measure, subject) = (&case.measure, &case.subject);
        return Err(Stop::denied(
            "given_before",
            format!("{subject} has an award of {measure} already"),
            format!("{subject} 已获得 {measure}"),
        ));
    }
    tx.insert(&award)?;
    parts(tx, &award, planned)?;
    for payment in planned {
        let line = funded.iter().find(|(other, _)| other == payment).map(|(_, line)| line);
        let from = grant
            .round
            .map_or(End::Free(Account::Available), |round| End::of(Account::Reserved, round));
        instalment(tx, &award, payment, line.map(|line| (line, from)))?;
    }
    Ok(award)
}

/// One award for a child for all time where the measure is given once, else one a year.
fn occurrence(grant: &Grant<'_>) -> String {
    let program = &grant.judgement.program;
    let rules = grant
        .judgement
        .line
        .as_ref()
        .map(|line| &program.measures[line.measure].rules);
    let once = rules.is_some_and(|rules| {
        rules
            .iter()
            .any(|one| one.once.as_ref().is_some_and(|once| once.per.is_none()))
    });
    let object = &grant.case.object;
    if once {
        object.clone()
    } else {
        format!("{object}@{}", grant.case.on_date.year())
    }
}

fn parts(tx: &mut Tx<'_>, award: &Award, planned: &[Planned]) -> Answer<()> {
    let mut payers: Vec<&str> = planned.iter().map(|payment| payment.payer.as_str()).collect();
    payers.sort_unstable();
    payers.dedup();
    for payer in payers {
        let mine = || planned.iter().filter(|payment| payment.payer == payer);
        let sum = mine()
            .map(|payment| payment.amount.minor())
            .fold(0_i128, i128::saturating_add);
        let part = Part {
            award: award.id.clone(),
            payer: payer.to_owned(),
            fund: mine().next().map(|payment| payment.fund.clone()).unwrap_or_default(),
            amount: Money::from_minor(sum, CURRENCY),
            external: tx.setup.config.external.iter().any(|other| other == payer),
            together: mine().any(|payment| payment.together),
        };
        tx.insert(&part)?;
        if part.external {
            tx.tell(
                "claim",
                &award.id,
                &json!({"payer": payer, "amount": part.amount.to_decimal()}),
            )?;
        }
    }
    Ok(())
}

/// Makes an instalment: with its money, or pledged.
pub(super) fn instalment(tx: &mut Tx<'_>, award: &Award, payment: &Planned, line: Option<(&Line, End)>) -> Answer<()> {
    if !is_ours(tx.setup, payment) {
        return Ok(());
    }
    let made = Instalment {
        id: tx.id("instalment"),
        award: award.id.clone(),
        payer: payment.payer.clone(),
        n: payment.n,
        period: payment.n,
        due: payment.due,
        line: line.as_ref().map(|(line, _)| line.id.clone()),
        amount: payment.amount,
        decision: None,
        payable_at: None,
        waits_for: None,
        state: if line.is_some() {
            InstalmentState::Reserved
        } else {
            InstalmentState::Pledged
        },
    };
    tx.insert(&made)?;
    match line {
        Some((line, from)) => {
            let to = End::of(Account::Reserved, &made.id);
            tx.post(&line.id, to, from, made.amount, "proposed", None)
        }
        None => pledge(tx, &made, &payment.fund),
    }
}

/// Promises a later year's payment, within what that year's authorisation leaves.
pub(super) fn pledge(tx: &mut Tx<'_>, instalment: &Instalment, fund: &str) -> Answer<()> {
    let year = i64::from(instalment.due.year());
    must_be_authorised(tx, fund, year, instalment.amount)?;
    let (fund, amount) = (fund.to_owned(), instalment.amount);
    tx.insert(&Pledge {
        fund,
        year,
        instalment: instalment.id.clone(),
        amount,
        live: true,
    })
}

/// That a fund may pledge so much more on a later year.
pub(super) fn must_be_authorised(tx: &mut Tx<'_>, fund: &str, year: i64, more: Money) -> Answer<()> {
    let allowed = tx.find::<Authorisation>((fund, year))?;
    let sum = "SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM pledge WHERE fund = $1 AND year = $2 AND live = 1";
    let pledged = tx.number(sum, &[fund.into(), Cell::Int(year)])?;
    let allowed = allowed.map_or(0, |one| one.amount.minor());
    let left = Money::from_minor(allowed.saturating_sub(pledged.into()), CURRENCY);
    if left.minor() >= more.minor() {
        return Ok(());
    }
    Err(Stop::denied(
        "not_authorised",
        format!("fund `{fund}` may pledge {left} more on {year}, less than {more}"),
        format!("基金 `{fund}` 在 {year} 年可承诺额度仅余 {left}，不足 {more}"),
    ))
}

/// Frees an instalment that is not paid yet: its money, or its pledge.
///
/// # Errors
/// Denied where its money is on its way.
pub fn free(tx: &mut Tx<'_>, instalment: &mut Instalment, cause: &str) -> Answer<()> {
    super::close(tx, instalment, InstalmentState::Cancelled, cause)
}

/// Frees an instalment for whom its money is meant next: nobody, or the round from which it came.
///
/// # Errors
/// As for [`free`].
pub fn free_to(tx: &mut Tx<'_>, instalment: &mut Instalment, to: &End, cause: &str) -> Answer<()> {
    if let (End::Of(..), Some(line)) = (to, instalment.line.clone()) {
        for account in [Account::Reserved, Account::Committed] {
            let held = tx.held(&line, &instalment.id, account)?;
            tx.post(&line, to.clone(), End::of(account, &instalment.id), held, cause, None)?;
        }
    }
    free(tx, instalment, cause)
}

/// Gives up what is pledged for an instalment.
pub(crate) fn unpledge(tx: &mut Tx<'_>, instalment: &str) -> Answer<()> {
    for mut pledge in tx.rows::<Pledge>("instalment = $1 AND live = 1", &[instalment.into()])? {
        pledge.live = false;
        tx.update(&pledge)?;
    }
    Ok(())
}
