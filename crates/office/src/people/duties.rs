//! Who has a role today, and who must be another person because of what somebody did before.

use super::{Deed, Duty, Role, Substitute, Vacancy, interested};
use crate::aftermath::{Appeal, Recovery};
use crate::awards::Award;
use crate::cases::Decision;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// An appeal in a case that is not ended.
pub(super) const APPEALED: &str =
    "decision IN (SELECT id FROM decision WHERE case_id = $1) AND state IN ('lodged', 'admissible', 'examined')";

/// That who gives the command has a role today, for everything or for this scope.
///
/// # Errors
/// Denied where they have not.
pub fn must(tx: &mut Tx<'_>, role: Role, scope: &str) -> Answer<()> {
    let person = tx.person.clone();
    if holds(tx, &person, role, scope)? {
        return Ok(());
    }
    Err(not_theirs(&person, &[role], scope))
}

/// That who gives the command has one of some roles today; the first of them that they have.
///
/// # Errors
/// Denied where they have none.
pub fn must_any(tx: &mut Tx<'_>, roles: &[Role], scope: &str) -> Answer<Role> {
    let person = tx.person.clone();
    for role in roles {
        if holds(tx, &person, *role, scope)? {
            return Ok(*role);
        }
    }
    Err(not_theirs(&person, roles, scope))
}

/// That an act takes a role which somebody does not have. Roles stand in marks, so that pages call them as they do elsewhere.
fn not_theirs(person: &str, roles: &[Role], scope: &str) -> Stop {
    let names = |join: &str| {
        roles
            .iter()
            .map(|role| format!("`{role}`"))
            .collect::<Vec<_>>()
            .join(join)
    };
    let (en, zh) = match scope {
        "" => (String::new(), String::new()),
        scope => (format!(" for `{scope}`"), format!(" `{scope}` 的")),
    };
    Stop::denied(
        "not_yours",
        format!(
            "this takes the role {}{en}, which {person} does not have today",
            names(" or ")
        ),
        format!(
            "此事须由具有{zh} {} 职责的人员办理，{person} 今日没有该职责",
            names(" 或 ")
        ),
    )
}

/// That who gives the command has a role today for this scope, or stands in on this case because nobody who has it may act.
///
/// # Errors
/// Denied where they have not and do not.
pub fn must_on(tx: &mut Tx<'_>, role: Role, scope: &str, case: &str) -> Answer<()> {
    let person = tx.person.clone();
    if stands_in(tx, &person, role, case)? {
        return Ok(());
    }
    must(tx, role, scope)
}

/// Whether somebody stands in on a case: it was given to them last, and they are a substitute still.
///
/// # Errors
/// Where the database fails.
pub fn stands_in(tx: &mut Tx<'_>, person: &str, role: Role, case: &str) -> Answer<bool> {
    let last = "case_id = $1 AND role = $2 ORDER BY n DESC LIMIT 1";
    let last = tx.rows::<Vacancy>(last, &[case.into(), role.name().into()])?;
    if last.iter().all(|one| one.substitute.as_deref() != Some(person)) {
        return Ok(false);
    }
    let today = Cell::from(&tx.today);
    let named = "person = $1 AND role = $2 AND since <= $3 AND (until IS NULL OR until > $3)";
    tx.any::<Substitute>(named, &[person.into(), role.name().into(), today])
}

/// In what roles nobody acted on a case who acts on it in this one.
pub const fn apart_from(role: Role) -> &'static [Role] {
    match role {
        Role::Approver => &[Role::Officer, Role::Reviewer, Role::Examiner],
        Role::Examiner => &[Role::Officer, Role::Reviewer, Role::Approver],
        Role::Preparer => &[Role::Reviewer, Role::Approver, Role::Releaser],
        Role::Releaser => &[Role::Reviewer, Role::Approver, Role::Preparer],
        _ => &[],
    }
}

/// Whether somebody did or decided anything in a case, or in what is asked back of its award.
///
/// # Errors
/// Where the database fails.
pub fn acted_in(tx: &mut Tx<'_>, person: &str, case: &str) -> Answer<bool> {
    let place = [Cell::from(case), Cell::from(person)];
    let recovered = "target IN (SELECT recovery.id FROM recovery JOIN award ON award.id = recovery.award WHERE award.case_id = $1) AND person = $2";
    Ok(tx.any::<Deed>("target = $1 AND person = $2", &place)?
        || tx.any::<Decision>("case_id = $1 AND person = $2", &place)?
        || tx.any::<Deed>(recovered, &place)?)
}

/// The open appeal that somebody examines in a case, or in the case of a recovery.
///
/// # Errors
/// Where the database fails.
pub fn examines(tx: &mut Tx<'_>, person: &str, target: &str) -> Answer<Option<String>> {
    let case = match tx.find::<Recovery>(target)? {
        Some(recovery) => tx.get::<Award>(&recovery.award)?.case_id,
        None => target.to_owned(),
    };
    for appeal in tx.rows::<Appeal>(APPEALED, &[(&case).into()])? {
        let theirs = "target = $1 AND role = 'examiner' AND person = $2";
        if tx.any::<Deed>(theirs, &[(&appeal.id).into(), person.into()])? {
            return Ok(Some(appeal.id));
        }
    }
    Ok(None)
}

/// Whether somebody has a role today.
pub fn holds(tx: &mut Tx<'_>, person: &str, role: Role, scope: &str) -> Answer<bool> {
    let condition = "person = $1 AND role = $2 AND scope IN ('', $3) AND since <= $4 AND (until IS NULL OR until > $4)";
    let today = Cell::from(&tx.today);
    tx.any::<Duty>(condition, &[person.into(), role.name().into(), scope.into(), today])
}

/// That who gives the command has no interest in an applicant.
///
/// # Errors
/// Denied where they have, with what it rests on.
pub fn disinterested(tx: &mut Tx<'_>, target: &str, subject: &str) -> Answer<()> {
    let person = tx.person.clone();
    let Some(why) = interested(tx, &person, subject)? else {
        return Ok(());
    };
    let (en, zh) = (why.en(), why.zh());
    Err(Stop::denied(
        "interest",
        format!("{person} has an interest in {subject} ({en}) and does not act on {target}"),
        format!("{person} 与 {subject} 有利害关系（{zh}），应当回避 {target}"),
    ))
}

/// Records that the person acts in a role on something, after making sure that they did not act on it in a role that must be another
/// person's, and that they examine no appeal in its case: acting there would keep them from deciding it.
///
/// # Errors
/// Denied where one person would act twice, or has an interest in the applicant.
pub fn act_as(tx: &mut Tx<'_>, target: &str, role: Role, apart_from: &[Role], subject: Option<&str>) -> Answer<()> {
    if let Some(subject) = subject {
        disinterested(tx, target, subject)?;
    }
    let person = tx.person.clone();
    for other in apart_from {
        if tx.any::<Deed>(
            "target = $1 AND role = $2 AND person = $3",
            &[target.into(), other.name().into(), Cell::from(&person)],
        )? {
            return Err(Stop::denied(
                "same_person",
                format!("{person} acted on {target} as `{other}`; `{role}` must be another person"),
                format!("{person} 已以 `{other}` 身份办理 {target}，`{role}` 须由他人担任"),
            ));
        }
    }
    if let Some(appeal) = examines(tx, &person, target)? {
        return Err(Stop::denied(
            "same_person",
            format!("{person} examines {appeal} and does nothing else on {target} until it is over"),
            format!("{person} 正在审理申诉 {appeal}，审结前不得另行办理 {target}"),
        ));
    }
    let (target, at, seq) = (target.to_owned(), tx.at, tx.seq);
    tx.insert(&Deed {
        target,
        role,
        person,
        at,
        seq,
    })
}
