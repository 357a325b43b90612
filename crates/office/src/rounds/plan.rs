//! From the plan of a round to the end of its applications.

use meed_facts::date::Date;
use meed_rules::program::Program;
use serde_json::{Value, json};

use super::guards::not_open;
use super::{Contested, Round};
use crate::cases::{About, Case, open};
use crate::machine::{CaseState, RoundState};
use crate::people::{Role, must};
use crate::policies::{Policy, program, published};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// How a round is planned.
#[derive(Debug)]
pub(super) struct Terms<'a> {
    pub measure: &'a str,
    pub payer: Option<&'a str>,
    pub contested: Contested,
    pub reviews: u16,
    pub on: Option<Date>,
    pub closes: Date,
}

/// Plans a round; its terms are fixed from here on.
pub(super) fn plan(tx: &mut Tx<'_>, terms: &Terms<'_>) -> Answer<Value> {
    must(tx, Role::Officer, terms.measure)?;
    let on_date = terms.on.unwrap_or(tx.today);
    let (policy, fund) = fund_of(tx, terms.measure, on_date)?;
    if terms.closes < tx.today {
        return Err(Stop::denied(
            "bad_day",
            "a round closes on a day that has not passed",
            "截止日不能早于今日",
        ));
    }
    let round = Round {
        id: tx.id("round"),
        policy,
        measure: terms.measure.to_owned(),
        payer: terms.payer.unwrap_or(&tx.setup.config.payer).to_owned(),
        fund,
        year: on_date.year().into(),
        contested: terms.contested,
        reviews: terms.reviews.into(),
        on_date,
        closes: terms.closes,
        amount: None,
        claims: None,
        list: None,
        state: RoundState::Planned,
    };
    tx.insert(&round)?;
    Ok(json!({"round": round.id, "fund": round.fund, "year": round.year}))
}

/// The version that decides about a measure today, and the fund that pays for it.
fn fund_of(tx: &mut Tx<'_>, measure: &str, on: Date) -> Answer<(String, String)> {
    for policy in published(tx)? {
        let program = program(tx, &policy, on)?;
        if let Some(fund) = fund_in(&program, measure) {
            return Ok((policy.id, fund.named.name.to_string()));
        }
    }
    Err(Stop::denied(
        "no_fund",
        format!("no published package has a fund that covers `{measure}`: nothing is shared out, so it needs no round"),
        format!("已公布的规则包中没有覆盖 `{measure}` 的资金，无须分批"),
    ))
}

/// The fund of a Program that covers a measure.
pub(super) fn fund_in<'p>(program: &'p Program, measure: &str) -> Option<&'p meed_rules::program::Fund> {
    let covers = |id: &meed_rules::program::MeasureId| program.measures[*id].named.is_called(measure);
    program.funds.iter().find(|fund| fund.covers.iter().any(covers))
}

/// Opens a round for applications.
pub(super) fn begin(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut round = mine(tx, id)?;
    tx.step(&mut round, RoundState::Open)?;
    tx.tell(
        "round_open",
        id,
        &json!({"measure": round.measure, "closes": round.closes.to_string()}),
    )?;
    Ok(Value::Null)
}

/// A round, for the officer of its measure.
pub(super) fn mine(tx: &mut Tx<'_>, id: &str) -> Answer<Round> {
    let round: Round = tx.get(id)?;
    must(tx, Role::Officer, &round.measure)?;
    Ok(round)
}

/// Opens an application in a round: the round says by which rules and for which day it is judged.
pub(super) fn apply(tx: &mut Tx<'_>, id: &str, subject: &str, object: Option<&str>) -> Answer<Value> {
    let round: Round = tx.get(id)?;
    must(tx, Role::Agent, subject)?;
    if round.state != RoundState::Open || tx.today > round.closes {
        return Err(not_open(&round));
    }
    let about = About {
        kind: "award",
        subject,
        measure: &round.measure,
        object: object.unwrap_or(""),
        on: Some(round.on_date),
    };
    let case = open(tx, &about, CaseState::Draft)?;
    attach(tx, &round, case)
}

/// Takes an application that is already under way into a round.
pub(super) fn join(tx: &mut Tx<'_>, id: &str, case: &str) -> Answer<Value> {
    let round = mine(tx, id)?;
    let case: Case = tx.get(case)?;
    if round.state != RoundState::Open {
        return Err(not_open(&round));
    }
    let under_way = matches!(
        case.state,
        CaseState::Draft
            | CaseState::Submitted
            | CaseState::FormalCheck
            | CaseState::Correction
            | CaseState::Admissible
            | CaseState::InReview
            | CaseState::Verified
            | CaseState::Waiting
    );
    if case.measure != round.measure || !under_way || case.kind != "award" || is_bound(tx, &case)? {
        let (case, round) = (&case.id, &round.id);
        return Err(Stop::denied(
            "not_for_round",
            format!("case {case} is for another measure, decided, or in another round; {round} cannot take it"),
            format!("案件 {case} 不能并入批次 {round}：事项不同、已有结论或已在其他批次"),
        ));
    }
    attach(tx, &round, case)
}

fn is_bound(tx: &mut Tx<'_>, case: &Case) -> Answer<bool> {
    let Some(round) = &case.round else { return Ok(false) };
    let round: Round = tx.get(round)?;
    Ok(!matches!(round.state, RoundState::Finished | RoundState::Cancelled))
}

fn attach(tx: &mut Tx<'_>, round: &Round, mut case: Case) -> Answer<Value> {
    case.round = Some(round.id.clone());
    case.policy.clone_from(&round.policy);
    case.on_date = round.on_date;
    tx.update(&case)?;
    Ok(json!({"case": case.id}))
}

/// Closes a round after its last day. Drafts that nobody submitted lapse.
pub(super) fn close(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut round = mine(tx, id)?;
    if tx.today <= round.closes {
        let closes = round.closes;
        return Err(Stop::denied(
            "still_open",
            format!("round {id} takes applications until {closes}"),
            format!("批次 {id} 申报截至 {closes}"),
        ));
    }
    tx.step(&mut round, RoundState::Closed)?;
    let mut lapsed = Vec::new();
    for mut case in cases_of(tx, id)? {
        if case.state == CaseState::Draft {
            tx.step(&mut case, CaseState::Lapsed)?;
            lapsed.push(case.id);
        }
    }
    Ok(json!({"lapsed": lapsed}))
}

/// The cases of a round.
pub(super) fn cases_of(tx: &mut Tx<'_>, round: &str) -> Answer<Vec<Case>> {
    tx.rows("round = $1 ORDER BY id", &[Cell::from(round)])
}

/// The Program by which a round is decided.
pub(super) fn program_of(tx: &mut Tx<'_>, round: &Round) -> Answer<std::sync::Arc<Program>> {
    let policy: Policy = tx.get(&round.policy)?;
    program(tx, &policy, round.on_date)
}
