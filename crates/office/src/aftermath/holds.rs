//! Holds: what every money guard reads.

use meed_facts::date::Date;
use serde_json::{Value, json};

use super::{Hold, Recovery};
use crate::acts;
use crate::awards::{Award, Instalment};
use crate::cases::{Case, Decision};
use crate::input::Day;
use crate::people::{Role, act_as, disinterested, must_any, must_on, stands_in};
use crate::register::{Subject, Title, successor_of};
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

acts! {
    /// What is done with holds.
    pub enum Act {
        /// Makes something stand still
        Place {
            /// What kind of thing: subject, title, award, instalment or recovery
            kind: String,
            /// Which
            target: String,
            /// Why
            reason: String,
            /// The first day on which it no longer stands still, where that is known
            until: Option<Day>,
        },
        /// Lets it go on: by who placed the hold, or by a later decision on it
        Lift {
            /// The hold
            hold: String,
            /// The decision that says so, where it is not the owner who lifts it
            decision: Option<String>,
        },
    }
}

impl Act {
    /// Does it.
    ///
    /// # Errors
    /// Denied where the person may not.
    pub fn perform(&self, tx: &mut Tx<'_>) -> Answer<Value> {
        match self {
            Act::Place {
                kind,
                target,
                reason,
                until,
            } => place_by(tx, (kind, target), reason, until.map(|day| day.0)),
            Act::Lift { hold, decision } => lift_by(tx, hold, decision.as_deref()),
        }
    }
}

fn place_by(tx: &mut Tx<'_>, (kind, target): (&str, &str), reason: &str, until: Option<Date>) -> Answer<Value> {
    let about = about(tx, kind, target)?;
    must_hold(tx, &about)?;
    if reason.trim().is_empty() || until.is_some_and(|until| until <= tx.today) {
        return Err(Stop::denied(
            "bad_hold",
            "a hold has a reason, and ends after today where it ends by itself",
            "暂缓须写明理由，期限须晚于今日",
        ));
    }
    disinterested(tx, target, &about.subject)?;
    let owner = tx.person.clone();
    let hold = place(tx, (kind, target), reason, &owner, until)?;
    Ok(json!({"hold": hold.id}))
}

/// What a target is about.
struct About {
    /// For what a role may be limited: a measure or title; empty for an applicant as such.
    scope: String,
    /// Whose it is.
    subject: String,
    /// The case that it comes from, where it comes from one.
    case: Option<String>,
}

fn about(tx: &mut Tx<'_>, kind: &str, target: &str) -> Answer<About> {
    let award = match kind {
        "subject" => {
            return Ok(About {
                scope: String::new(),
                subject: tx.get::<Subject>(target)?.id,
                case: None,
            });
        }
        "title" => {
            let title: Title = tx.get(target)?;
            return Ok(About {
                scope: title.title,
                subject: title.subject,
                case: title.case_id,
            });
        }
        "award" => target.to_owned(),
        "instalment" => tx.get::<Instalment>(target)?.award,
        "recovery" => tx.get::<Recovery>(target)?.award,
        other => {
            let (en, zh) = (
                format!("`{other}` cannot be held; subject, title, award, instalment and recovery can"),
                format!("`{other}` 不能暂缓，可暂缓的有 subject、title、award、instalment、recovery"),
            );
            return Err(Stop::denied("bad_hold", en, zh));
        }
    };
    let award: Award = tx.get(&award)?;
    Ok(About {
        scope: award.family,
        subject: award.subject,
        case: Some(award.case_id),
    })
}

/// That who gives the command has one of the roles that hold something, or stands in on its case in one of them.
fn must_hold(tx: &mut Tx<'_>, about: &About) -> Answer<()> {
    const ROLES: [Role; 3] = [Role::Officer, Role::Approver, Role::Releaser];
    if let Some(case) = &about.case {
        let person = tx.person.clone();
        for role in ROLES {
            if stands_in(tx, &person, role, case)? {
                return Ok(());
            }
        }
    }
    must_any(tx, &ROLES, &about.scope)?;
    Ok(())
}

/// Places a hold whose owner is a person, or the appeal that stops something.
pub(super) fn place(
    tx: &mut Tx<'_>,
    (kind, target): (&str, &str),
    reason: &str,
    owner: &str,
    until: Option<Date>,
) -> Answer<Hold> {
    let hold = Hold {
        id: tx.id("hold"),
        kind: kind.to_owned(),
        target: target.to_owned(),
        reason: reason.to_owned(),
        owner: owner.to_owned(),
        since: tx.at,
        until,
        lifted_at: None,
        lifted_by: None,
    };
    tx.insert(&hold)?;
    tx.tell("held", target, &json!({"hold": hold.id, "kind": kind}))?;
    // What has not left yet stays here.
    crate::payments::dissolve_held(tx)?;
    Ok(hold)
}

fn lift_by(tx: &mut Tx<'_>, id: &str, decision: Option<&str>) -> Answer<Value> {
    let mut hold: Hold = tx.get(id)?;
    if hold.lifted_at.is_some() {
        return Err(Stop::denied(
            "lifted",
            format!("hold {id} was lifted before"),
            format!("暂缓 {id} 已解除"),
        ));
    }
    match decision {
        // Who has no role any more has no say either; a decision lifts what they placed.
        None if hold.owner == tx.person => {
            let about = about(tx, &hold.kind, &hold.target)?;
            must_hold(tx, &about)?;
        }
        None => {
            let owner = &hold.owner;
            return Err(Stop::denied(
                "not_yours",
                format!("hold {id} is {owner}'s; {owner} lifts it, or a decision does"),
                format!("暂缓 {id} 由 {owner} 设置，须由其本人或依决定解除"),
            ));
        }
        Some(decision) => decides(tx, &hold, decision)?,
    }
    let by = decision.map_or_else(|| tx.person.clone(), str::to_owned);
    lift(tx, &mut hold, &by)?;
    Ok(Value::Null)
}

/// That a decision can lift a hold: it was made since, about the same applicant, and its approver says so.
fn decides(tx: &mut Tx<'_>, hold: &Hold, decision: &str) -> Answer<()> {
    let decision: Decision = tx.get(decision)?;
    let case: Case = tx.get(&decision.case_id)?;
    let subject = about(tx, &hold.kind, &hold.target)?.subject;
    must_on(tx, Role::Approver, &case.measure, &case.id)?;
    act_as(tx, &hold.id, Role::Approver, &[], Some(&subject))?;
    if case.subject == subject && decision.at > hold.since {
        return Ok(());
    }
    let (id, hold) = (&decision.id, &hold.id);
    Err(Stop::denied(
        "not_about_it",
        format!("decision {id} was made before hold {hold}, or is about another applicant"),
        format!("决定 {id} 早于暂缓 {hold} 或与其主体无关"),
    ))
}

/// Lifts a hold in the name of who or what lifts it.
pub(super) fn lift(tx: &mut Tx<'_>, hold: &mut Hold, by: &str) -> Answer<()> {
    (hold.lifted_at, hold.lifted_by) = (Some(tx.at), Some(by.to_owned()));
    tx.update(hold)?;
    tx.tell(
        "hold_lifted",
        &hold.target,
        &json!({"hold": hold.id, "kind": hold.kind}),
    )
}

/// That neither a subject, nor the award, nor the instalment is held.
///
/// # Errors
/// Denied with the hold's reason and owner.
pub fn must_not_be_held(tx: &mut Tx<'_>, award: &Award, instalment: Option<&Instalment>) -> Answer<()> {
    let mut targets = Vec::new();
    for subject in [&award.subject, &award.payee, &award.debtor] {
        let successor = successor_of(tx, subject)?;
        targets.extend([("subject", subject.clone()), ("subject", successor)]);
    }
    targets.push(("award", award.id.clone()));
    targets.extend(instalment.map(|one| ("instalment", one.id.clone())));
    targets.dedup();
    targets
        .iter()
        .try_for_each(|(kind, target)| must_be_free(tx, kind, target))
}

/// That nothing holds one thing.
///
/// # Errors
/// Denied with the hold's reason and owner.
pub fn must_be_free(tx: &mut Tx<'_>, kind: &str, target: &str) -> Answer<()> {
    let Some(hold) = in_force(tx, kind, target)? else {
        return Ok(());
    };
    let (owner, reason) = (&hold.owner, &hold.reason);
    Err(Stop::denied(
        "held",
        format!("{kind} {target} is held by {owner}: {reason}"),
        format!("{kind} {target} 已被 {owner} 暂缓：{reason}"),
    ))
}

/// The hold that stands on something today.
///
/// # Errors
/// Where the database fails.
pub fn in_force(tx: &mut Tx<'_>, kind: &str, target: &str) -> Answer<Option<Hold>> {
    let today = Cell::from(&tx.today);
    let condition =
        "kind = $1 AND target = $2 AND lifted_at IS NULL AND (until IS NULL OR until > $3) ORDER BY since LIMIT 1";
    Ok(tx
        .rows(condition, &[kind.into(), target.into(), today])?
        .into_iter()
        .next())
}
