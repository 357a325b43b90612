//! Rechecking: before an instalment is paid the rules are asked again, with what is known now.

use meed_engine::awards::verdict::Verdict;
use meed_facts::date::Date;
use meed_facts::money::Money;

use super::{Award, Instalment, close, free, plan};
use crate::aftermath::{must_not_be_held, offset_of};
use crate::cases::{Case, Judgement, decide, judge_on};
use crate::ledger::{Account, held_on, holding_sum, least, less, release, total};
use crate::machine::{InstalmentState, State as _};
use crate::payments::in_our_book;
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::Tx;

/// What a recheck came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rechecked {
    /// The instalment may be paid.
    Passes,
    /// Its conditions do not hold: it is not paid, the next may be.
    Skipped,
    /// Its conditions do not hold, and nothing comes after it.
    Ended,
    /// Something is missing: it stays due.
    Undetermined,
}

/// Asks the rules again about an instalment that is due or payable. A lower amount frees the difference; a higher one needs a decision
/// first, so the planned amount stays.
///
/// # Errors
/// Denied where it is held or not due.
pub fn recheck(tx: &mut Tx<'_>, instalment: &mut Instalment) -> Answer<Rechecked> {
    let mut award: Award = tx.get(&instalment.award)?;
    let case: Case = tx.get(&award.case_id)?;
    must_not_be_held(tx, &award, Some(instalment))?;
    if instalment.due > tx.today {
        let (id, due) = (&instalment.id, instalment.due);
        return Err(Stop::denied(
            "not_due",
            format!("{id} is due on {due}"),
            format!("{id} 应于 {due} 支付"),
        ));
    }
    match instalment.state {
        InstalmentState::Due => {}
        InstalmentState::Payable => tx.step(instalment, InstalmentState::Due)?,
        // The machine leads from `in_payment` and `returned` to `payable` too, but only on what the bank says or a person decides.
        other => return Err(not_now(instalment, other)),
    }
    let judgement = judge_on(tx, &case, day_of(instalment, &case))?;
    let Some(now) = amount_now(tx, &judgement, instalment)? else {
        let missing = judgement.reasons.get("missing").cloned().unwrap_or_default();
        instalment.waits_for = Some(meed_facts::json::canonical(&missing));
        tx.update(instalment)?;
        return Ok(Rechecked::Undetermined);
    };
    must_cover_offset(tx, instalment, now)?;
    if now.is_zero() {
        return fails(tx, instalment, &case, &judgement, &mut award);
    }
    if now.minor() < instalment.amount.minor() {
        let by = less(instalment.amount, now);
        let decision = lower(tx, &case, &judgement, &mut award, by)?;
        take_back(tx, instalment, by, "lowered")?;
        (instalment.amount, instalment.decision) = (now, Some(decision));
    }
    instalment.payable_at = Some(tx.at);
    instalment.waits_for = None;
    tx.step(instalment, InstalmentState::Payable)?;
    Ok(Rechecked::Passes)
}

fn not_now(instalment: &Instalment, state: InstalmentState) -> Stop {
    let (id, state) = (&instalment.id, state.name());
    Stop::denied(
        "not_now",
        format!("{id} is `{state}`; what is due or payable is rechecked"),
        format!("{id} 状态为 `{state}`，仅到期或可支付的分期可复核"),
    )
}

/// What the rules give an instalment by what is known now: one whose day has come is asked about on its day, a later one with the case.
/// `None` where they cannot say.
///
/// # Errors
/// Undecided where the rules cannot be asked.
pub fn due_now(tx: &mut Tx<'_>, case: &Case, instalment: &Instalment) -> Answer<Option<Money>> {
    let on = if instalment.due > tx.today {
        case.on_date
    } else {
        day_of(instalment, case)
    };
    let judgement = judge_on(tx, case, on)?;
    amount_now(tx, &judgement, instalment)
}

/// A payment over time is judged on the day on which it is due, one at once on the day of the case.
fn day_of(instalment: &Instalment, case: &Case) -> Date {
    if instalment.period > 1 {
        instalment.due
    } else {
        case.on_date
    }
}

/// What the rules give an instalment now; `None` where they cannot say.
fn amount_now(tx: &mut Tx<'_>, judgement: &Judgement, instalment: &Instalment) -> Answer<Option<Money>> {
    let Some(line) = &judgement.line else { return Ok(None) };
    let found = line
        .instalments
        .iter()
        .find(|one| i64::from(one.number) == instalment.period);
    let (verdict, amount) = found.map_or((line.verdict, line.amount), |one| (one.verdict, one.amount));
    let others = others(tx, instalment)?;
    match (verdict, amount.exact()) {
        (Verdict::NotEligible(_), _) => Ok(Some(Money::zero(CURRENCY))),
        (Verdict::Undetermined, _) => Ok(None),
        // What a person assessed stays assessed as long as the ceiling allows.
        (Verdict::Eligible, None) => Ok(amount.high.map(|high| least(less(high, others), instalment.amount))),
        (Verdict::Eligible, Some(_)) => {
            let due = line.amount.exact().or(amount.exact()).unwrap_or(Money::zero(CURRENCY));
            let planned = plan(&tx.setup.config, &judgement.program, line, due, tx.today)?;
            let mine = planned
                .iter()
                .find(|one| one.n == instalment.period && one.payer == instalment.payer);
            Ok(Some(mine.map_or(Money::zero(CURRENCY), |one| less(one.amount, others))))
        }
    }
}

/// What other instalments pay of the same payment: those that add to it, or to which it adds.
fn others(tx: &mut Tx<'_>, instalment: &Instalment) -> Answer<Money> {
    let mut sum = Money::zero(CURRENCY);
    let others = tx.rows::<Instalment>(
        "award = $1 AND payer = $2 AND period = $3 AND id <> $4 ORDER BY id",
        &[
            Cell::from(&instalment.award),
            Cell::from(&instalment.payer),
            Cell::Int(instalment.period),
            Cell::from(&instalment.id),
        ],
    )?;
    for other in others {
        let open = matches!(other.state, InstalmentState::Pledged | InstalmentState::Short);
        let theirs = if open {
            other.amount
        } else {
            use Account::{Committed, InFlight, Paid, Receivable, Reserved};
            holding_sum(tx, &other.id, &[Reserved, Committed, InFlight, Paid, Receivable])?
        };
        sum = total([sum, theirs]);
    }
    Ok(sum)
}

/// What was set off already cannot be skipped any more.
fn must_cover_offset(tx: &mut Tx<'_>, instalment: &Instalment, now: Money) -> Answer<()> {
    let set_off = total([offset_of(tx, &instalment.id)?, in_our_book(tx, &instalment.id)?]);
    if set_off.minor() <= now.minor() {
        return Ok(());
    }
    let id = &instalment.id;
    Err(Stop::denied(
        "set_off",
        format!("{set_off} of {id} was set off or paid and only {now} is due now; revise the decision"),
        format!("{id} 已抵扣或支付 {set_off}，现仅应付 {now}，请先更正决定"),
    ))
}

/// Its conditions do not hold: it is skipped, or the series ends with it.
fn fails(
    tx: &mut Tx<'_>,
    instalment: &mut Instalment,
    case: &Case,
    judgement: &Judgement,
    award: &mut Award,
) -> Answer<Rechecked> {
    let ends = ends_on_failure(judgement);
    let mut later = Vec::new();
    if ends {
        later = tx.rows::<Instalment>(
            "award = $1 AND period > $2 AND state IN ('pledged', 'reserved', 'short', 'committed', 'due', 'payable') ORDER BY id",
            &[Cell::from(&award.id), Cell::Int(instalment.period)],
        )?;
    }
    let by = total(later.iter().map(|one| one.amount).chain([instalment.amount]));
    instalment.decision = Some(lower(tx, case, judgement, award, by)?);
    let (to, cause) = if ends {
        (InstalmentState::Ended, "ended")
    } else {
        (InstalmentState::Skipped, "skipped")
    };
    for one in &mut later {
        free(tx, one, cause)?;
    }
    close(tx, instalment, to, cause)?;
    Ok(if ends { Rechecked::Ended } else { Rechecked::Skipped })
}

fn ends_on_failure(judgement: &Judgement) -> bool {
    let rules = judgement
        .line
        .as_ref()
        .map(|line| &judgement.program.measures[line.measure].rules);
    let ends = |rules: &meed_rules::program::MeasureRules| rules.series.as_ref().is_some_and(|one| one.ends_on_failure);
    rules.is_some_and(|rules| rules.iter().any(ends))
}

/// Writes the decision by which an award is lower, and returns its id.
fn lower(tx: &mut Tx<'_>, case: &Case, judgement: &Judgement, award: &mut Award, by: Money) -> Answer<String> {
    let decision = decide(tx, case, judgement, "lower", less(award.amount, by), None)?;
    (award.decision, award.amount) = (decision.id.clone(), decision.amount);
    tx.update(award)?;
    Ok(decision.id)
}

/// Frees a part of what is committed for an instalment.
fn take_back(tx: &mut Tx<'_>, instalment: &Instalment, by: Money, cause: &str) -> Answer<()> {
    let mut left = by;
    for (line, held) in held_on(tx, &instalment.id, Account::Committed)? {
        let part = least(left, held);
        release(tx, &line, &instalment.id, Account::Committed, part, cause)?;
        left = less(left, part);
    }
    Ok(())
}
