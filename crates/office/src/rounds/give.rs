//! Giving a case its share: a decision with its money, a higher or lower one, or a place in the queue.

use meed_facts::money::Money;

use super::claims::payments;
use super::{Contested, Round, Share};
use crate::awards::{Grant, Planned, reserve, resize};
use crate::cases::{Case, Judgement, decide, is_next, last, queue, undo, wait};
use crate::ledger::{Line, line_of};
use crate::machine::CaseState;
use crate::stop::{Answer, Stop};
use crate::store::CURRENCY;
use crate::tx::Tx;

/// What a case is to get.
pub(super) struct Change<'a> {
    pub judgement: &'a Judgement,
    pub to: Money,
    /// A person's own words, where it is not the fund that was shared out.
    pub why: Option<&'a str>,
}

/// What became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Given {
    Same,
    Proposed,
    Raised,
    Lowered,
    Waits,
}

impl Given {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Proposed => "proposed",
            Self::Raised => "raised",
            Self::Lowered => "lowered",
            Self::Waits => "waiting_for_funds",
        }
    }
}

/// Gives a case its share, whatever it had before.
///
/// # Errors
/// Denied where the money is not there.
pub(super) fn give(
    tx: &mut Tx<'_>,
    round: &Round,
    case: &mut Case,
    mut share: Share,
    change: &Change<'_>,
) -> Answer<Given> {
    share.amount = Some(change.to);
    tx.update(&share)?;
    let has = !matches!(
        case.state,
        CaseState::Verified | CaseState::InReview | CaseState::Waiting
    );
    let before = match last(tx, &case.id)? {
        Some(decision) if has => decision.amount,
        _ => Money::zero(CURRENCY),
    };
    let kind = match change.to.minor().cmp(&before.minor()) {
        std::cmp::Ordering::Equal if has => return Ok(Given::Same),
        std::cmp::Ordering::Greater if has => Given::Raised,
        std::cmp::Ordering::Less if !change.to.is_zero() => Given::Lowered,
        _ if change.to.is_zero() => Given::Waits,
        _ => Given::Proposed,
    };
    let grant = Grant {
        case,
        judgement: change.judgement,
        amount: change.to,
        round: Some(&round.id),
    };
    let planned = payments(tx, round, &grant)?;
    match kind {
        Given::Proposed => propose(tx, round, case, &planned, change)?,
        Given::Waits => no_share(tx, case, has, change)?,
        Given::Raised if round.contested == Contested::HoldBack && !is_next(tx, case, &planned)? => {
            share.amount = Some(before);
            tx.update(&share)?;
            wait(tx, case, &planned)?;
            return Ok(Given::Waits);
        }
        _ => {
            let kind = if kind == Given::Raised { "raise" } else { "lower" };
            let decision = decide(tx, case, change.judgement, kind, change.to, change.why)?;
            resize(tx, case, &decision, &planned)?;
        }
    }
    Ok(kind)
}

fn propose(tx: &mut Tx<'_>, round: &Round, case: &mut Case, planned: &[Planned], change: &Change<'_>) -> Answer<()> {
    let line = line(tx, round)?;
    let funded: Vec<_> = planned.iter().map(|one| (one.clone(), line.clone())).collect();
    let kind = if last(tx, &case.id)?.is_some() {
        "revise"
    } else {
        "grant"
    };
    let decision = decide(tx, case, change.judgement, kind, change.to, change.why)?;
    let grant = Grant {
        case,
        judgement: change.judgement,
        amount: change.to,
        round: Some(&round.id),
    };
    reserve(tx, &grant, &decision, planned, &funded)?;
    tx.step(case, CaseState::Proposed)
}

/// Nothing is left for a case: nobody is refused for that, it waits.
fn no_share(tx: &mut Tx<'_>, case: &mut Case, has: bool, change: &Change<'_>) -> Answer<()> {
    if has {
        undo(tx, case, "lowered")?;
        decide(tx, case, change.judgement, "lower", change.to, change.why)?;
    }
    if case.state == CaseState::Waiting {
        return Ok(());
    }
    tx.step(case, CaseState::Waiting)
}

/// Takes a case whose round gave it nothing into the queue of the fund, by what it claims.
pub(super) fn enqueue(tx: &mut Tx<'_>, round: &Round, case: &Case, judgement: &Judgement, claim: Money) -> Answer<()> {
    let grant = Grant {
        case,
        judgement,
        amount: claim,
        round: None,
    };
    let planned = payments(tx, round, &grant)?;
    queue(tx, case, &planned)
}

/// The open line of a round.
///
/// # Errors
/// Denied where there is none.
pub(super) fn line(tx: &mut Tx<'_>, round: &Round) -> Answer<Line> {
    let (payer, fund, year) = (&round.payer, &round.fund, round.year);
    let line = line_of(tx, payer, fund, year)?.ok_or_else(|| {
        Stop::denied(
            "no_line",
            format!("`{payer}` has no line for fund `{fund}` in {year}; open one and appropriate money"),
            format!("`{payer}` 没有 {year} 年基金 `{fund}` 的预算线，请先设立并下达预算"),
        )
    })?;
    line.must_be_open()?;
    Ok(line)
}
