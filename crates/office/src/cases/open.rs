//! How a case begins: by an offer that the rules make, or by an application.

use meed_facts::date::Date;
use meed_facts::schema::{Schema, Title};
use serde_json::{Value, json};

use super::{Case, judge};
use crate::machine::CaseState;
use crate::people::{Role, act_as, must};
use crate::policies::published;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// What a case is about.
#[derive(Debug)]
pub struct About<'a> {
    /// `award` or `title`.
    pub kind: &'a str,
    /// The applicant.
    pub subject: &'a str,
    /// The measure or title.
    pub measure: &'a str,
    /// The child or level; empty where there is neither.
    pub object: &'a str,
    /// The day for which the rules are asked; today where it is left out.
    pub on: Option<Date>,
}

/// That no case is open for a matter, before one is opened or taken up again.
pub(crate) fn must_be_only(tx: &mut Tx<'_>, subject: &str, measure: &str, object: &str) -> Answer<()> {
    let live = "subject = $1 AND measure = $2 AND object = $3 AND state NOT IN \
                ('closed', 'declined', 'expired', 'lapsed', 'withdrawn', 'refused', 'inadmissible')";
    let same = [subject, measure, object].map(Cell::from);
    let Some(other) = tx.rows::<Case>(live, &same)?.into_iter().next() else {
        return Ok(());
    };
    Err(Stop::denied(
        "case_open",
        format!("case {} is open for the same already", other.id),
        format!("同一事项已有在办案件 {}", other.id),
    ))
}

/// Opens a case in one of its first states.
///
/// # Errors
/// Denied where one is open already, or no package that decides today knows the measure.
pub fn open(tx: &mut Tx<'_>, about: &About<'_>, state: CaseState) -> Answer<Case> {
    let on_date = about.on.unwrap_or(tx.today);
    let policy = policy_with(tx, about, on_date)?;
    must_be_only(tx, about.subject, about.measure, about.object)?;
    let offered = state == CaseState::Offered;
    let offer_until = match offered {
        true => tx
            .today
            .plus_days(meed_facts::date::Days(tx.setup.config.offer_days.into())),
        false => None,
    };
    let case = Case {
        id: tx.id("case"),
        kind: about.kind.to_owned(),
        subject: about.subject.to_owned(),
        policy,
        measure: about.measure.to_owned(),
        object: about.object.to_owned(),
        on_date,
        round: None,
        origin: if offered { "offer" } else { "application" }.to_owned(),
        opened_at: tx.at,
        applied_at: None,
        offer_until,
        list: None,
        state,
    };
    tx.insert(&case)?;
    Ok(case)
}

/// The version by which something of a case that was decided before is decided today.
///
/// # Errors
/// Denied where no version that decides today knows its measure or title.
pub(crate) fn policy_of(tx: &mut Tx<'_>, case: &Case) -> Answer<String> {
    let about = About {
        kind: &case.kind,
        subject: &case.subject,
        measure: &case.measure,
        object: &case.object,
        on: None,
    };
    let today = tx.today;
    policy_with(tx, &about, today)
}

/// The version that decides today and knows the measure or title.
fn policy_with(tx: &mut Tx<'_>, about: &About<'_>, on: Date) -> Answer<String> {
    for policy in published(tx)? {
        let program = crate::policies::program(tx, &policy, on)?;
        let known = match about.kind {
            "title" => {
                let mut titles = program.schema.titles.iter();
                let title = titles.find(|(_, title)| title.named.is_called(about.measure));
                if let Some((_, title)) = title {
                    must_be_a_level(&program.schema, title, about.object)?;
                }
                title.is_some()
            }
            _ => program
                .measures
                .iter()
                .any(|(_, measure)| measure.named.is_called(about.measure)),
        };
        if known {
            return Ok(policy.id);
        }
    }
    let name = about.measure;
    Err(Stop::denied(
        "unknown_measure",
        format!("no published package has `{name}`"),
        format!("已公布的规则包中没有 `{name}`"),
    ))
}

/// That a title has a level: what nobody can hold would stand in the way of every later fact of its holder.
fn must_be_a_level(schema: &Schema, title: &Title, level: &str) -> Answer<()> {
    let known = title
        .levels
        .is_some_and(|levels| schema.member_called(levels, level).is_some());
    if level.is_empty() || known {
        return Ok(());
    }
    let members = title.levels.map(|levels| &schema.enumerations[levels].members);
    let names: Vec<&str> = members.into_iter().flatten().map(|member| &*member.name).collect();
    let (name, names) = (&title.named.name, names.join(", "));
    Err(Stop::denied(
        "unknown_level",
        format!("`{name}` has no level `{level}`; it has: {names}"),
        format!("`{name}` 没有级别 `{level}`，其级别有：{names}"),
    ))
}

/// Offers an award or title that the rules give without an application. An offer reserves nothing.
pub(super) fn offer(tx: &mut Tx<'_>, about: &About<'_>) -> Answer<Value> {
    if !crate::people::holds(tx, &tx.person.clone(), Role::Machine, "")? {
        must(tx, Role::Officer, about.measure)?;
    }
    let case = open(tx, about, CaseState::Offered)?;
    let judgement = judge(tx, &case)?;
    if judgement.verdict != meed_engine::awards::verdict::Verdict::Eligible {
        return Err(super::propose::not_eligible(&judgement));
    }
    tx.tell("offered", &case.id, &json!({"subject": case.subject, "measure": case.measure, "until": case.offer_until.map(|day| day.to_string())}))?;
    Ok(json!({"case": case.id}))
}

/// Opens an application.
pub(super) fn apply(tx: &mut Tx<'_>, about: &About<'_>) -> Answer<Value> {
    must(tx, Role::Agent, about.subject)?;
    let case = open(tx, about, CaseState::Draft)?;
    Ok(json!({"case": case.id}))
}

/// Accepts an offer: the rules are asked again with what is known now.
pub(super) fn accept(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut case: Case = tx.get(id)?;
    must(tx, Role::Agent, &case.subject)?;
    if case.offer_until.is_some_and(|until| tx.today > until) {
        let until = case.offer_until.map(|day| day.to_string()).unwrap_or_default();
        return Err(Stop::denied(
            "offer_expired",
            format!("the offer stood until {until}; apply instead"),
            format!("该项免申即享已于 {until} 到期，请改为申请"),
        ));
    }
    case.applied_at = Some(tx.at);
    tx.step(&mut case, CaseState::Accepted)?;
    act_as(tx, id, Role::Agent, &[], None)?;
    let judgement = judge(tx, &case)?;
    let to = match judgement.verdict {
        _ if judgement.is_settled() => CaseState::Verified,
        meed_engine::awards::verdict::Verdict::NotEligible(_) => CaseState::Lapsed,
        _ => CaseState::Draft,
    };
    tx.step(&mut case, to)?;
    Ok(json!({"case": id, "state": crate::machine::State::name(to), "reasons": judgement.reasons}))
}

/// Declines an offer, or withdraws an application before it is approved.
pub(super) fn leave(tx: &mut Tx<'_>, id: &str) -> Answer<Value> {
    let mut case: Case = tx.get(id)?;
    must(tx, Role::Agent, &case.subject)?;
    // The case's file says who gave it up and when.
    act_as(tx, id, Role::Agent, &[], None)?;
    if case.state == CaseState::Offered {
        tx.step(&mut case, CaseState::Declined)?;
    } else {
        super::propose::must_not_be_raised(tx, &case)?;
        super::propose::undo(tx, &case, "withdrawn")?;
        tx.step(&mut case, CaseState::Withdrawn)?;
    }
    Ok(Value::Null)
}
