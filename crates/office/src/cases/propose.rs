//! Proposing, refusing, approving: where a case meets money.

use meed_engine::awards::verdict::Verdict;
use meed_facts::money::Money;
use serde_json::{Value, json};

use super::examine::mine;
use super::waiting::{before_it, not_first};
use super::{Case, Decision, Judgement, decide, has_reason, judge, last};
use crate::awards::{Award, Grant, Instalment, commit, free_to, reserve, with_money};
use crate::machine::{AwardState, CaseState, State as _, TitleState};
use crate::people::{Role, act_as, apart_from, must_on};
use crate::register::Title;
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::{Tx, leads};

/// Proposes what the rules give, or what a person assessed within their ceiling. A proposal has its money; without it the case waits.
pub(super) fn propose(tx: &mut Tx<'_>, id: &str, assessed: Option<Money>) -> Answer<Value> {
    let case = mine(tx, id)?;
    crate::reviews::must_be_final(tx, &case, 0)?;
    if case.state == CaseState::Refused {
        return Err(Stop::denied(
            "refused",
            format!("case {id} was refused; an appeal that is upheld proposes it"),
            format!("案件 {id} 已不予支持，须经申诉获支持后方可拟定"),
        ));
    }
    propose_case(tx, case, assessed)
}

/// That a case has not been proposed: it would compete with itself for its money.
fn must_be_open(case: &Case) -> Answer<()> {
    use CaseState::{InReview, Refused, Verified, Waiting};
    if matches!(case.state, InReview | Verified | Waiting | Refused) {
        return Ok(());
    }
    let (id, state) = (&case.id, case.state.name());
    Err(Stop::denied(
        "not_now",
        format!("case {id} is `{state}`; what was verified or reviewed, or waits for funds, is proposed"),
        format!("案件 {id} 状态为 `{state}`，仅已核验、已评审或等待资金的案件可拟定"),
    ))
}

/// Proposes a case, whoever has the say: its officer, or an appeal that was upheld.
pub(crate) fn propose_case(tx: &mut Tx<'_>, mut case: Case, assessed: Option<Money>) -> Answer<Value> {
    let id = &case.id.clone();
    must_be_open(&case)?;
    crate::rounds::must_be_free(tx, &case)?;
    let judgement = judge(tx, &case)?;
    if case.kind == "title" {
        return propose_title(tx, case, &judgement);
    }
    if judgement.verdict != Verdict::Eligible {
        return Err(not_eligible(&judgement));
    }
    let amount = amount(&judgement, assessed)?;
    let grant = Grant {
        case: &case,
        judgement: &judgement,
        amount,
        round: None,
    };
    let planned = grant.payments(tx)?;
    let again = case.state == CaseState::Waiting;
    if again {
        // What it has already, where it waits for more.
        undo(tx, &case, "raised")?;
    }
    let earlier = before_it(tx, &case, &planned)?;
    let funded = match (with_money(tx, &planned)?, earlier) {
        (Some(funded), None) => funded,
        (None, None) if again => {
            return Err(Stop::denied(
                "no_money",
                format!("there is still no money for {id}"),
                format!("{id} 仍无可用资金"),
            ));
        }
        (_, Some(earlier)) if again => return Err(not_first(&earlier)),
        (_, earlier) => {
            super::wait(tx, &mut case, &planned)?;
            return Ok(json!({"case": id, "state": case.state.name(), "after": earlier}));
        }
    };
    let whole = planned
        .iter()
        .map(|one| one.amount.minor())
        .fold(0_i128, i128::saturating_add);
    let whole = Money::from_minor(whole, CURRENCY);
    let kind = if last(tx, id)?.is_some() { "revise" } else { "grant" };
    let decision = decide(tx, &case, &judgement, kind, whole, None)?;
    let award = reserve(tx, &grant, &decision, &planned, &funded)?;
    // Publicity that a case had before it waited for money stays good, as far as it covers the amount.
    let public = case.state == CaseState::Waiting && crate::publicity::covered(tx, &case, &decision).is_ok();
    let to = if public {
        CaseState::Recheck
    } else {
        CaseState::Proposed
    };
    tx.step(&mut case, to)?;
    Ok(
        json!({"case": id, "state": case.state.name(), "decision": decision.id, "award": award.id, "amount": whole.to_decimal()}),
    )
}

fn propose_title(tx: &mut Tx<'_>, mut case: Case, judgement: &Judgement) -> Answer<Value> {
    if let Verdict::NotEligible(_) = judgement.verdict {
        return Err(not_eligible(judgement));
    }
    // Where criteria leave something open, a reviewed case is for people to judge.
    if judgement.verdict == Verdict::Undetermined && case.state != CaseState::InReview {
        return Err(not_eligible(judgement));
    }
    let kind = if last(tx, &case.id)?.is_some() {
        "revise"
    } else {
        "grant"
    };
    let decision = decide(tx, &case, judgement, kind, Money::zero(CURRENCY), None)?;
    let title = Title {
        id: tx.id("title"),
        subject: case.subject.clone(),
        title: case.measure.clone(),
        level: (!case.object.is_empty()).then(|| case.object.clone()),
        granted: None,
        until: None,
        review_on: None,
        rectify_by: None,
        revoked: None,
        case_id: Some(case.id.clone()),
        certificate: None,
        state: TitleState::Proposed,
    };
    tx.insert(&title)?;
    tx.step(&mut case, CaseState::Proposed)?;
    Ok(json!({"case": case.id, "state": case.state.name(), "decision": decision.id, "title": title.id}))
}

/// That an amount is not more than the rules give before a fund is shared out.
pub(crate) fn within(judgement: &Judgement, amount: Money) -> Answer<()> {
    let most = judgement.line.as_ref().and_then(|line| line.before_rationing.high);
    match most.filter(|most| amount.minor() > most.minor()) {
        Some(most) => Err(not_due(amount, Some(most))),
        None => Ok(()),
    }
}

fn not_due(amount: Money, most: Option<Money>) -> Stop {
    let limit = most.map_or_else(String::new, |most| most.to_string());
    Stop::denied(
        "amount_not_due",
        format!("{amount} is not what the rules give; they give at most {limit}"),
        format!("{amount} 与规则不符，最高为 {limit}"),
    )
}

/// What is proposed: the exact amount, or one that was assessed within its ceiling.
fn amount(judgement: &Judgement, assessed: Option<Money>) -> Answer<Money> {
    let exact = judgement.line.as_ref().and_then(|line| line.amount.exact());
    let most = judgement.most();
    match (exact, assessed) {
        (Some(exact), None) => Ok(exact),
        (Some(exact), Some(assessed)) if exact == assessed => Ok(exact),
        (None, Some(assessed)) if most.is_none_or(|most| assessed.minor() <= most.minor()) => Ok(assessed),
        (None, None) => Err(Stop::denied(
            "no_amount",
            "the amount has to be assessed: state it",
            "数额须经核定，请填写核定金额",
        )),
        (_, Some(assessed)) => Err(not_due(assessed, most)),
    }
}

/// That the rules do not give it, with their reasons.
pub(crate) fn not_eligible(judgement: &Judgement) -> Stop {
    let mut stop = if judgement.verdict == Verdict::Undetermined {
        Stop::undecided(
            "undetermined",
            "facts are missing; see `missing`",
            "缺少信息，见 missing",
        )
    } else {
        Stop::denied(
            "not_eligible",
            "the conditions are not met; see `reasons`",
            "不符合条件，见 reasons",
        )
    };
    if let Stop::Denied(reason) | Stop::Undecided(reason) = &mut stop {
        reason.detail = judgement.reasons.clone();
    }
    stop
}

/// Refuses a case, by the rules' reasons or by a person's own words, with where to appeal.
pub(super) fn refuse(tx: &mut Tx<'_>, id: &str, why: Option<&str>) -> Answer<Value> {
    let mut case = mine(tx, id)?;
    must_not_be_raised(tx, &case)?;
    leads(&case, CaseState::Refused)?;
    let judgement = judge(tx, &case)?;
    let why = why.filter(|why| !why.trim().is_empty());
    if judgement.verdict == Verdict::Eligible && why.is_none() {
        return Err(Stop::denied(
            "eligible",
            "the rules give it: a refusal needs a reason of its own",
            "规则认定符合条件，不予支持须另行说明理由",
        ));
    }
    let decision = refuse_for(tx, &mut case, &judgement, why)?;
    Ok(json!({"decision": decision.id, "reasons": decision.reasons}))
}

/// What was approved before and is only proposed to be more is neither refused nor withdrawn with it.
pub(super) fn must_not_be_raised(tx: &mut Tx<'_>, case: &Case) -> Answer<()> {
    if !tx.any::<Award>("case_id = $1 AND state = 'committed'", &[Cell::from(&case.id)])? {
        return Ok(());
    }
    let id = &case.id;
    Err(Stop::denied(
        "raised",
        format!("case {id} has an award already and is about more; revise its decision instead"),
        format!("案件 {id} 已有奖补，现为追加，请更正其决定"),
    ))
}

/// Undoes what a proposal made: its award and money, or its title.
pub(crate) fn undo(tx: &mut Tx<'_>, case: &Case, cause: &str) -> Answer<()> {
    let to = crate::rounds::freed_to(tx, case)?;
    for mut award in tx.rows::<Award>("case_id = $1 AND state = 'reserved'", &[Cell::from(&case.id)])? {
        for mut instalment in tx.rows::<Instalment>(
            "award = $1 AND state IN ('reserved', 'pledged') ORDER BY id",
            &[Cell::from(&award.id)],
        )? {
            free_to(tx, &mut instalment, &to, cause)?;
        }
        tx.step(&mut award, AwardState::Annulled)?;
    }
    for mut title in tx.rows::<Title>(
        "case_id = $1 AND state IN ('proposed', 'public')",
        &[Cell::from(&case.id)],
    )? {
        tx.step(&mut title, TitleState::Refused)?;
    }
    Ok(())
}

/// Refuses a case in public because an objection is right: with a decision, its reasons and where to appeal.
pub(crate) fn strike(tx: &mut Tx<'_>, case: &mut Case, why: &str) -> Answer<Decision> {
    must_not_be_raised(tx, case)?;
    let judgement = judge(tx, case)?;
    refuse_for(tx, case, &judgement, Some(why))
}

fn refuse_for(tx: &mut Tx<'_>, case: &mut Case, judgement: &Judgement, why: Option<&str>) -> Answer<Decision> {
    // Where the rules give it, what they say is no reason to refuse it.
    let by_rules = judgement.verdict != Verdict::Eligible && has_reason(&judgement.reasons, None);
    if !by_rules && why.is_none_or(|why| why.trim().is_empty()) {
        return Err(Stop::denied(
            "no_reason",
            "a refusal names a clause and a fact, or what is missing",
            "不予支持须写明条款与事实或缺失事项",
        ));
    }
    let decision = decide(tx, case, judgement, "refuse", Money::zero(CURRENCY), why)?;
    undo(tx, case, "refused")?;
    tx.step(case, CaseState::Refused)?;
    Ok(decision)
}

/// Approves a case after its publicity: by another person than who reviewed or proposed it, on facts as they are known now.
pub(super) fn approve(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut case: Case = tx.get(id)?;
    must_on(tx, Role::Approver, &case.measure, id)?;
    act_as(tx, id, Role::Approver, apart_from(Role::Approver), Some(&case.subject))?;
    crate::rounds::must_be_settled(tx, &case)?;
    let decision = last(tx, id)?.ok_or_else(|| Stop::denied("not_proposed", "nothing was proposed", "尚未拟定"))?;
    crate::publicity::covered(tx, &case, &decision)?;
    leads(&case, CaseState::Approved)?;
    let judgement = judge(tx, &case)?;
    tx.step(&mut case, CaseState::Approved)?;
    if case.kind == "title" {
        return crate::titles::grant(tx, &case, &judgement);
    }
    let mut award = award_of(tx, &case)?;
    crate::aftermath::must_not_be_held(tx, &award, None)?;
    confirm(tx, &case, &judgement, &decision, &mut award)?;
    commit(tx, &mut award, &judgement)?;
    Ok(json!({"award": award.id, "amount": award.amount.to_decimal()}))
}

/// That the rules still give at least what was proposed.
fn confirm(tx: &mut Tx<'_>, case: &Case, judgement: &Judgement, decision: &Decision, award: &mut Award) -> Answer<()> {
    if judgement.verdict != Verdict::Eligible {
        return Err(not_eligible(judgement));
    }
    let due = judgement
        .line
        .as_ref()
        .and_then(|line| line.amount.exact())
        .or(judgement.most());
    let first: Vec<Instalment> = tx.rows(
        "award = $1 AND n = period ORDER BY due, n LIMIT 1",
        &[Cell::from(&award.id)],
    )?;
    let first = first.first().map_or(Money::zero(CURRENCY), |one| one.amount);
    let parts = tx.number("SELECT count(*) FROM part WHERE award = $1", &[Cell::from(&award.id)])?;
    if parts == 1 && due.is_some_and(|due| due.minor() < first.minor()) {
        let (en, zh) = (
            "the rules give less than was proposed; propose again",
            "现行事实下金额低于拟定金额，应重新拟定",
        );
        return Err(Stop::denied("lower_now", en, zh));
    }
    let approved = decide(tx, case, judgement, "keep", decision.amount, None)?;
    award.decision = approved.id;
    tx.update(award)
}

fn award_of(tx: &mut Tx<'_>, case: &Case) -> Answer<Award> {
    let live = "case_id = $1 AND state NOT IN ('annulled', 'renounced') ORDER BY id";
    let found = tx.rows::<Award>(live, &[Cell::from(&case.id)])?;
    found.into_iter().next().ok_or_else(|| Stop::absent("award", &case.id))
}

/// Closes an approved case: nothing of its award or title is left to do here.
pub(super) fn close(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut case = mine(tx, id)?;
    tx.step(&mut case, CaseState::Closed)?;
    Ok(Value::Null)
}
