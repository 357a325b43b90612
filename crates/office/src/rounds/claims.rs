//! Claims: what each case of a round would get if the fund sufficed.

use std::sync::Arc;

use meed_engine::awards::verdict::Verdict;
use meed_engine::explain::Evaluator;
use meed_engine::round::terms::{Ranking, Terms, ranking};
use meed_facts::money::Money;
use meed_facts::ratio::Ratio;
use meed_rules::program::Program;
use serde_json::{Value, json};

use super::plan::{cases_of, fund_in, mine, program_of};
use super::sharing::Contender;
use super::{Round, Share};
use crate::awards::{Grant, Planned};
use crate::cases::{Case, Judgement, before_it, judge, not_eligible, not_first, within};
use crate::machine::{CaseState, RoundState, State as _};
use crate::people::{Role, act_as};
use crate::register::Identifier;
use crate::reviews;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// A case whose claim is known, with what the rules say about it.
pub(super) struct Claimed {
    pub case: Case,
    pub judgement: Judgement,
    pub share: Share,
}

/// States the claim of a case whose amount the rules leave to be assessed.
pub(super) fn assess(tx: &mut Tx<'_>, id: &str, amount: Money) -> Answer<Value> {
    let case: Case = tx.get(id)?;
    let round = case.round.clone().ok_or_else(|| {
        Stop::denied(
            "no_round",
            format!("case {id} is in no round"),
            format!("案件 {id} 不在任何批次"),
        )
    })?;
    let round = mine(tx, &round)?;
    act_as(tx, id, Role::Officer, &[], Some(&case.subject))?;
    if !matches!(round.state, RoundState::Open | RoundState::Closed) {
        return Err(Stop::denied(
            "claims_frozen",
            format!(
                "the claims of round {} are frozen; an objection can change them",
                round.id
            ),
            format!("批次 {} 的申报额已冻结，可通过异议更正", round.id),
        ));
    }
    let judgement = judge(tx, &case)?;
    within(&judgement, amount)?;
    if judgement.claim().is_some_and(|claim| claim != amount) || amount.is_zero() {
        return Err(Stop::denied(
            "not_assessed",
            format!("the rules say what {id} claims; nobody sets it"),
            format!("{id} 的申报额由规则确定，无须核定"),
        ));
    }
    let share = Share {
        round: round.id,
        case_id: id.to_owned(),
        claim: amount,
        rank: None,
        place: None,
        amount: None,
    };
    match tx.find::<Share>((&share.round, id))? {
        Some(_) => tx.update(&share)?,
        None => tx.insert(&share)?,
    }
    Ok(Value::Null)
}

/// Every claim of a round, for the first time.
///
/// # Errors
/// Denied with the case that is not ready: not examined, not reviewed, not eligible, without an amount.
pub(super) fn all(tx: &mut Tx<'_>, round: &Round, chosen: &[String]) -> Answer<Vec<Claimed>> {
    let mut claimed = Vec::new();
    for case in cases_of(tx, &round.id)? {
        match case.state {
            CaseState::Verified | CaseState::InReview | CaseState::Waiting => {
                claimed.push(of(tx, round, case, chosen)?);
            }
            state if <CaseState as crate::machine::State>::MACHINE.is_final(state.name()) => {}
            CaseState::Refused | CaseState::Inadmissible => {}
            state => {
                let (id, state) = (&case.id, state.name());
                return Err(Stop::denied(
                    "not_ready",
                    format!(
                        "case {id} is `{state}`; finish its examination, or refuse it, before the fund is shared out"
                    ),
                    format!("案件 {id} 处于 `{state}`，须先办结审查"),
                ));
            }
        }
    }
    if claimed.is_empty() {
        let id = &round.id;
        return Err(Stop::denied(
            "no_claims",
            format!("round {id} has no claims; cancel it"),
            format!("批次 {id} 没有可分配的申报，可予取消"),
        ));
    }
    Ok(claimed)
}

/// That nobody outside the round applied earlier than its last claim and still waits for the same money.
pub(super) fn must_be_first(tx: &mut Tx<'_>, round: &Round, claimed: &[Claimed]) -> Answer<()> {
    let latest = claimed.iter().max_by_key(|one| (one.case.applied_at, &one.case.id));
    let Some(latest) = latest else { return Ok(()) };
    let payment = Planned {
        payer: round.payer.clone(),
        fund: round.fund.clone(),
        n: 1,
        due: tx.today,
        amount: latest.share.claim,
        together: false,
    };
    match before_it(tx, &latest.case, &[payment])? {
        Some(earlier) => Err(not_first(&earlier)),
        None => Ok(()),
    }
}

fn of(tx: &mut Tx<'_>, round: &Round, case: Case, chosen: &[String]) -> Answer<Claimed> {
    act_as(tx, &case.id, Role::Officer, &[], Some(&case.subject))?;
    reviews::must_be_final(tx, &case, round.reviews)?;
    let judgement = judge(tx, &case)?;
    if judgement.verdict != Verdict::Eligible {
        return Err(of_case(not_eligible(&judgement), &case));
    }
    let assessed = tx.find::<Share>((&round.id, &case.id))?;
    let claim = judgement
        .claim()
        .or(assessed.map(|share| share.claim))
        .filter(|claim| !claim.is_zero());
    let claim = claim.ok_or_else(|| {
        let id = &case.id;
        Stop::denied(
            "no_amount",
            format!("what {id} claims has to be assessed, or is nothing; assess or refuse it"),
            format!("{id} 的申报额须经核定或为零，请核定或不予支持"),
        )
    })?;
    within(&judgement, claim)?;
    let place = chosen.iter().position(|one| *one == case.id);
    let share = Share {
        round: round.id.clone(),
        case_id: case.id.clone(),
        claim,
        rank: rank(&judgement, &case).map(|rank| rank.to_string()),
        place: place
            .and_then(|place| i64::try_from(place).ok())
            .map(|place| place.saturating_add(1)),
        amount: None,
    };
    Ok(Claimed { case, judgement, share })
}

/// Says of which case something is true.
fn of_case(mut stop: Stop, case: &Case) -> Stop {
    if let Stop::Denied(reason) | Stop::Undecided(reason) = &mut stop {
        reason.detail = json!({"case": case.id, "reasons": reason.detail});
    }
    stop
}

/// What places a claim: the value that the fund names, or how early it was applied for, as the office itself knows.
fn rank(judgement: &Judgement, case: &Case) -> Option<Ratio> {
    let program: &Program = &judgement.program;
    let record = meed_facts::json::read_on(&program.schema, &judgement.facts, program.date).ok()?;
    let fund = fund_in(program, &case.measure)?;
    match ranking(program, fund, record.entity) {
        Ranking::Higher(node) => {
            let evaluator = Evaluator::new(program, &record);
            evaluator.value(node, evaluator.root()).as_number().cloned()
        }
        Ranking::Earlier(_) | Ranking::Unknown => {
            let at = case.applied_at?.milliseconds();
            Some(Ratio::from_int(i128::from(at).saturating_neg()))
        }
        Ranking::None => None,
    }
}

/// The fund's rule, and how much it has by the text.
pub(super) fn terms(tx: &mut Tx<'_>, round: &Round) -> Answer<Terms> {
    let program: Arc<Program> = program_of(tx, round)?;
    let fund = fund_in(&program, &round.measure).ok_or_else(|| Stop::absent("fund", &round.fund))?;
    Ok(Terms::of(&program, fund))
}

/// A claim among the others.
pub(super) fn contender(tx: &mut Tx<'_>, case: &Case, share: &Share) -> Answer<Contender> {
    let numbers = tx.rows::<Identifier>(
        "subject = $1 ORDER BY scheme, since DESC, value LIMIT 1",
        &[Cell::from(&case.subject)],
    )?;
    let applicant = numbers
        .into_iter()
        .next()
        .and_then(|one| one.value)
        .unwrap_or_else(|| case.subject.clone());
    Ok(Contender {
        case: case.id.clone(),
        applicant,
        object: case.object.clone(),
        claim: share.claim,
        rank: share.rank.as_deref().and_then(|rank| Ratio::parse(rank).ok()),
        place: share.place,
    })
}

/// The payments of a share: all at once, by the round's payer from the round's fund.
///
/// # Errors
/// Denied where the measure pays otherwise: such a measure has no rounds here.
pub(super) fn payments(tx: &Tx<'_>, round: &Round, grant: &Grant<'_>) -> Answer<Vec<Planned>> {
    let planned = grant.payments(tx)?;
    let fits =
        |one: &Planned| one.payer == round.payer && one.fund == round.fund && i64::from(one.due.year()) == round.year;
    if planned.iter().all(fits) {
        return Ok(planned);
    }
    let (payer, fund, year) = (&round.payer, &round.fund, round.year);
    Err(Stop::denied(
        "other_line",
        format!(
            "{} is not all paid at once by {payer} from {fund} in {year}, which is what a round shares out",
            grant.case.id
        ),
        format!(
            "{} 并非全部由 {payer} 在 {year} 年从 {fund} 一次支付，不能分批分配",
            grant.case.id
        ),
    ))
}
