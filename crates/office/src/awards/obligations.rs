//! Obligations: what must be kept up for an award, whether it is, and what breaking it would cost.

use meed_engine::awards::amount::Amount;
use meed_engine::awards::certainty::Certainty;
use meed_engine::awards::obligations::in_proportion;
use meed_engine::result::{AwardLine, ObligationLine};
use meed_facts::date::full_months_between;
use meed_facts::money::Money;
use meed_rules::program::{Obligation as Rule, Recover};
use serde_json::{Value, json};

use super::{Award, Obligation, paid};
use crate::acts;
use crate::aftermath::both_keys;
use crate::cases::{Case, Judgement, judge_paid};
use crate::machine::{ObligationState, State as _};
use crate::people::{Role, act_as, holds, must_on};
use crate::stop::{Answer, Stop};
use crate::store::{CURRENCY, Cell};
use crate::tx::{Tx, leads};

acts! {
    /// What is done with obligations.
    pub enum Act {
        /// Asks the rules whether an obligation is kept, and what breaking it today would cost
        Check {
            /// The obligation
            obligation: String,
        },
        /// Finds an obligation broken by an event
        Breach {
            /// The obligation
            obligation: String,
            /// What happened, and who says so
            event: String,
        },
        /// Waives a broken obligation: an officer's key and an approver's, on the same words
        Waive {
            /// The obligation
            obligation: String,
            /// Why
            reason: String,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied or undecided where a guard says so.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::Check { obligation } => check(tx, obligation),
            Act::Breach { obligation, event } => breach(tx, obligation, event),
            Act::Waive { obligation, reason } => waive(tx, obligation, reason),
        }
    }
}

/// What a breach says where nobody stated it: the rules found it in the facts.
pub const BY_THE_RULES: &str = "found by the rules";

/// What an obligation comes to today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether it has been kept since its first day.
    pub kept: Certainty,
    /// The least that is owed because it is broken, or would be owed if it broke today
    pub least: Money,
    /// and the most.
    pub most: Money,
}

/// Where an obligation stands today by what is known now, on the money that was paid.
///
/// # Errors
/// Undecided where the rules cannot be asked.
pub fn standing(tx: &mut Tx<'_>, obligation: &Obligation) -> Answer<(Standing, Judgement)> {
    let award: Award = tx.get(&obligation.award)?;
    let case: Case = tx.get(&award.case_id)?;
    let (paid, today) = (paid(tx, &award.id)?, tx.today);
    let judgement = judge_paid(tx, &case, today, paid)?;
    let found = judgement
        .line
        .as_ref()
        .and_then(|line| Some((line, nth(line, obligation.n)?)));
    let (line, now) = found.ok_or_else(|| {
        let id = &obligation.id;
        Stop::undecided(
            "no_such_obligation",
            format!("the rules of today have no obligation {id}; its breach has to be found by an event"),
            format!("现行规则中没有义务 {id}，应依事实认定违反"),
        )
    })?;
    let (least, most) = match now.recover {
        _ if paid.is_zero() => (paid, paid),
        Some(recover) => (recover.low, recover.high.unwrap_or(paid)),
        None => {
            let owed = if_broken(obligation, rule(&judgement, line, now), paid, tx.today);
            (owed, owed)
        }
    };
    let kept = now.holds;
    Ok((Standing { kept, least, most }, judgement))
}

fn nth(line: &AwardLine, n: i64) -> Option<&ObligationLine> {
    let index = usize::try_from(n).ok()?.checked_sub(1)?;
    line.obligations.get(index)
}

fn rule<'a>(judgement: &'a Judgement, line: &AwardLine, now: &ObligationLine) -> Option<&'a Rule> {
    let versions = judgement.program.measures[line.measure].rules.iter();
    versions
        .flat_map(|rules| &rules.obligations)
        .find(|one| one.keep == now.node.0)
}

/// What would be owed if an obligation that is kept broke today.
fn if_broken(obligation: &Obligation, rule: Option<&Rule>, paid: Money, today: meed_facts::date::Date) -> Money {
    let zero = Money::zero(CURRENCY);
    let Some((rule, how)) = rule.and_then(|rule| Some((rule, rule.recover?))) else {
        return zero;
    };
    match how {
        _ if today >= obligation.until => zero,
        Recover::InFull => paid,
        Recover::InProportion => {
            let served = full_months_between(obligation.since, today.max(obligation.since));
            let owed = in_proportion(Amount::exact(paid.minor()), served, rule.duration);
            Money::from_minor(owed.low(), CURRENCY)
        }
    }
}

fn check(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut obligation: Obligation = tx.get(id)?;
    let award: Award = tx.get(&obligation.award)?;
    let person = tx.person.clone();
    if !holds(tx, &person, Role::Machine, "")? {
        must_on(tx, Role::Officer, &award.family, &award.case_id)?;
        act_as(tx, &award.case_id, Role::Officer, &[], Some(&award.subject))?;
    }
    let (standing, judgement) = standing(tx, &obligation)?;
    let over = obligation.due.is_some_and(|due| due <= tx.today);
    if over && obligation.state == ObligationState::Active {
        tx.step(&mut obligation, ObligationState::Due)?;
    }
    match (standing.kept, obligation.state) {
        (Certainty::Yes, ObligationState::Due | ObligationState::Late) => {
            tx.step(&mut obligation, ObligationState::Met)?
        }
        (Certainty::Maybe, ObligationState::Due) => tx.step(&mut obligation, ObligationState::Late)?,
        (Certainty::No, ObligationState::Active | ObligationState::Due | ObligationState::Late) => {
            broken(tx, &mut obligation, BY_THE_RULES)?;
        }
        _ => {}
    }
    let (least, most) = (standing.least.to_decimal(), standing.most.to_decimal());
    let missing = judgement.reasons.get("missing").cloned().unwrap_or_default();
    Ok(
        json!({"obligation": id, "state": obligation.state.name(), "at_least": least, "at_most": most, "missing": missing}),
    )
}

fn breach(tx: &mut Tx<'_>, id: &str, event: &str) -> Answer<Value> {
    let mut obligation: Obligation = tx.get(id)?;
    let award: Award = tx.get(&obligation.award)?;
    must_on(tx, Role::Officer, &award.family, &award.case_id)?;
    act_as(tx, &award.case_id, Role::Officer, &[], Some(&award.subject))?;
    if event.trim().is_empty() {
        return Err(Stop::denied(
            "no_reason",
            "a breach names what happened and who says so",
            "认定违反须写明事实及来源",
        ));
    }
    broken(tx, &mut obligation, event)?;
    Ok(Value::Null)
}

fn broken(tx: &mut Tx<'_>, obligation: &mut Obligation, event: &str) -> Answer<()> {
    obligation.breach = Some(event.to_owned());
    if obligation.state == ObligationState::Due {
        tx.step(obligation, ObligationState::Late)?;
    }
    tx.step(obligation, ObligationState::Breached)?;
    tx.tell("obligation_broken", &obligation.id, &json!({"award": obligation.award}))
}

fn waive(tx: &mut Tx<'_>, id: &str, reason: &str) -> Answer<Value> {
    let mut obligation: Obligation = tx.get(id)?;
    let award: Award = tx.get(&obligation.award)?;
    leads(&obligation, ObligationState::Waived)?;
    if !both_keys(tx, &award, ("waive", id), reason)? {
        return Ok(json!({"obligation": id, "keys": 1}));
    }
    tx.step(&mut obligation, ObligationState::Waived)?;
    tx.tell("obligation_waived", id, &json!({"award": award.id, "reason": reason}))?;
    Ok(json!({"obligation": id, "keys": 2}))
}

/// Obligations whose time is over.
pub(crate) mod timers {
    use super::{Answer, Cell, Obligation, ObligationState, Tx};
    use crate::timers::Rows;

    /// Those that are active: all, or one if it is such.
    pub(crate) fn due(tx: &mut Tx<'_>, only: Option<&str>) -> Answer<Rows> {
        let over = "state = 'active' AND due <= $1 AND ($2 = '' OR id = $2) ORDER BY id";
        let arguments = [Cell::from(&tx.today), only.unwrap_or("").into()];
        let dated = |one: Obligation| Some((one.id, one.due?.to_string()));
        Ok(tx.rows(over, &arguments)?.into_iter().filter_map(dated).collect())
    }

    /// Makes one due.
    pub(crate) fn fire(tx: &mut Tx<'_>, id: &str) -> Answer<()> {
        let mut obligation: Obligation = tx.get(id)?;
        tx.step(&mut obligation, ObligationState::Due)
    }
}
