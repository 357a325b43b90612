//! Cases on which nobody who has a role may act. There is no bypass: the case says so, and goes to somebody who was named before, from another bureau,
//! and who must be another person than those who acted like anybody else.

use meed_facts::date::Date;
use serde_json::{Map, Value, json};

use super::acts::must_be_for_something;
use super::duties::APPEALED;
use super::{
    Deed, Duty, OF_AN_AWARD, Person, Role, Substitute, Vacancy, acted_in, apart_from, examines, interested, must,
    must_any,
};
use crate::aftermath::{Appeal, Recovery};
use crate::awards::{Award, Instalment, Obligation, Part};
use crate::cases::Case;
use crate::machine::{CaseState, State as _};
use crate::publicity::Objection;
use crate::register::Title;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

/// That a role is one in which somebody can stand in.
fn must_be_of_a_case(role: Role) -> Answer<()> {
    if OF_AN_AWARD.contains(&role) {
        return Ok(());
    }
    let names = |join: &str| OF_AN_AWARD.map(|role| format!("`{role}`")).join(join);
    Err(Stop::denied(
        "no_substitute_for",
        format!(
            "nobody stands in as `{role}`; these roles have substitutes: {}",
            names(", ")
        ),
        format!("`{role}` 不设替补，可设替补的有：{}", names("、")),
    ))
}

/// Names a substitute for a time that has not begun.
pub(super) fn name(
    tx: &mut Tx<'_>,
    person: &str,
    (role, scope): (Role, &str),
    (since, until): (Date, Option<Date>),
) -> Answer<Value> {
    must(tx, Role::Administrator, "")?;
    must_be_of_a_case(role)?;
    let person: Person = tx.get(person)?;
    must_be_for_something(tx, role, scope)?;
    if since <= tx.today || until.is_some_and(|until| until <= since) {
        return Err(Stop::denied(
            "not_in_advance",
            "a substitute is named before their first day, and for at least one day",
            "替补须事先指定，起始日期须晚于今日且至少一日",
        ));
    }
    for regular in holders(tx, role, &[scope.to_owned()])? {
        if regular == person.id || tx.get::<Person>(&regular)?.bureau == person.bureau {
            return Err(same_bureau(&person.id, &regular));
        }
    }
    let substitute = Substitute {
        person: person.id,
        role,
        scope: scope.to_owned(),
        since,
        until,
        named_at: tx.at,
    };
    tx.insert(&substitute)?;
    Ok(json!({"person": substitute.person, "role": role.name(), "since": since.to_string()}))
}

fn same_bureau(person: &str, regular: &str) -> Stop {
    Stop::denied(
        "same_bureau",
        format!(
            "{person} has the role too or is of the same bureau as {regular}, who has it; a substitute comes from another"
        ),
        format!("{person} 与任该职责的 {regular} 同属一单位或本人即任该职责，替补须来自其他单位"),
    )
}

/// Finds that nobody who has a role may act on a case; the case says so from then on, and goes to a substitute where one who may was named.
pub(super) fn find(tx: &mut Tx<'_>, id: &str, role: Role) -> Answer<Value> {
    let case: Case = tx.get(id)?;
    let callers = [Role::Administrator, Role::Machine];
    if must_any(tx, &callers, "").is_err() {
        must_any(tx, &OF_AN_AWARD, &case.measure)?;
    }
    let open = may_come(tx, &case)?;
    if open.is_empty() {
        return Err(nobody_needed(&case, None));
    }
    must_be_of_a_case(role)?;
    if !open.contains(&role) {
        return Err(nobody_needed(&case, Some(role)));
    }
    let scopes = scopes(tx, &case, role)?;
    let regular = holders(tx, role, &scopes)?;
    let barred = match all_barred(tx, &case, role, &regular)? {
        Ok(barred) => barred,
        Err(person) => return Err(may_act(&person, role, id)),
    };
    let substitute = substitute(tx, &case, role, (&scopes, &regular))?;
    let last = "SELECT CAST(coalesce(max(n), 0) AS BIGINT) FROM vacancy WHERE case_id = $1 AND role = $2";
    let n = tx.number(last, &[id.into(), role.name().into()])?;
    let vacancy = Vacancy {
        case_id: id.to_owned(),
        role,
        n: n.saturating_add(1),
        at: tx.at,
        barred: Value::Object(barred),
        substitute,
    };
    tx.insert(&vacancy)?;
    let told = json!({"role": role.name(), "barred": vacancy.barred, "substitute": vacancy.substitute});
    tx.tell("nobody_may_act", id, &told)?;
    Ok(told)
}

/// Why each of those who have a role may not act on a case; the first who may, where somebody may.
fn all_barred(
    tx: &mut Tx<'_>,
    case: &Case,
    role: Role,
    regular: &[String],
) -> Answer<Result<Map<String, Value>, String>> {
    let mut barred = Map::new();
    for person in regular {
        match bar(tx, person, role, case)? {
            Some(why) => barred.insert(person.clone(), why),
            None => return Ok(Err(person.clone())),
        };
    }
    Ok(Ok(barred))
}

/// A role that a case still takes, and in which nobody who has it may act.
#[derive(Clone, Debug, PartialEq)]
pub struct Unmanned {
    /// The role.
    pub role: Role,
    /// Who has it, each with the reason why they may not act: `interest`, or `same_person` with the role in which they acted, or without one where any deed bars. Empty where nobody has it.
    pub barred: Map<String, Value>,
    /// The substitute to whom the case went, where that was found and they may still act.
    pub substitute: Option<String>,
}

/// The roles in which nobody may act on a case that still takes them; found by asking, so it records nothing.
///
/// # Errors
/// Where the database fails.
pub fn unmanned(tx: &mut Tx<'_>, case: &Case) -> Answer<Vec<Unmanned>> {
    let mut found = Vec::new();
    for role in to_come(tx, case)? {
        let scopes = scopes(tx, case, role)?;
        let regular = holders(tx, role, &scopes)?;
        let Ok(barred) = all_barred(tx, case, role, &regular)? else {
            continue;
        };
        let last = "case_id = $1 AND role = $2 ORDER BY n DESC LIMIT 1";
        let told = tx.rows::<Vacancy>(last, &[Cell::from(&case.id), role.name().into()])?;
        let mut substitute = told.into_iter().find_map(|vacancy| vacancy.substitute);
        if let Some(person) = &substitute
            && bar(tx, person, role, case)?.is_some()
        {
            substitute = None;
        }
        found.push(Unmanned {
            role,
            barred,
            substitute,
        });
    }
    Ok(found)
}

/// The roles that a case still takes.
fn to_come(tx: &mut Tx<'_>, case: &Case) -> Answer<Vec<Role>> {
    use CaseState::{
        Admissible, Correction, FormalCheck, InReview, Proposed, Publicity, Recheck, Submitted, Verified, Waiting,
    };
    let mut roles = match case.state {
        Submitted | FormalCheck | Correction | Admissible | InReview | Verified | Waiting => {
            vec![Role::Officer, Role::Approver]
        }
        Proposed | Publicity | Recheck => vec![Role::Approver],
        _ => Vec::new(),
    };
    let id = [Cell::from(&case.id)];
    let contested = "case_id = $1 AND state IN ('lodged', 'examined')";
    if tx.any::<Objection>(contested, &id)? || tx.any::<Appeal>(APPEALED, &id)? {
        roles.push(Role::Examiner);
    }
    if tx.any::<Recovery>(HEARD, &id)? {
        roles.push(Role::Approver);
    }
    if tx.any::<Instalment>(OWED, &id)? {
        roles.extend([Role::Preparer, Role::Releaser]);
    }
    Ok(roles)
}

/// The roles in which somebody may still have to act: what a case takes, and what its award or title can come to.
fn may_come(tx: &mut Tx<'_>, case: &Case) -> Answer<Vec<Role>> {
    let mut roles = to_come(tx, case)?;
    let id = [Cell::from(&case.id)];
    let standing = case.state != CaseState::Closed
        && (tx.any::<Award>("case_id = $1 AND state = 'committed'", &id)?
            || tx.any::<Title>("case_id = $1 AND state = 'granted'", &id)?);
    let watched = tx.any::<Obligation>(KEPT_UP, &id)? || tx.any::<Recovery>(ASKED_BACK, &id)?;
    if standing || watched || tx.any::<Title>("case_id = $1 AND state IN ('due_for_review', 'to_rectify')", &id)? {
        roles.extend([Role::Officer, Role::Approver]);
    }
    Ok(roles)
}

fn nobody_needed(case: &Case, role: Option<Role>) -> Stop {
    let (id, state) = (&case.id, case.state.name());
    let (en, zh) = role.map_or_else(Default::default, |role| {
        (format!(" as `{role}`"), format!("以 `{role}` 身份"))
    });
    Stop::denied(
        "nobody_needed",
        format!("case {id} is `{state}` and nobody has to act on it{en}; a substitute stands in where somebody would"),
        format!("案件 {id} 状态为 `{state}`，无须有人{zh}办理；须有人办理而无人可办时方由替补办理"),
    )
}

fn may_act(person: &str, role: Role, case: &str) -> Stop {
    Stop::denied(
        "somebody_may_act",
        format!("{person} has the role `{role}` and may act on {case}; a substitute stands in where nobody may"),
        format!("{person} 任 `{role}` 且可办理 {case}，仅在无人可办时由替补办理"),
    )
}

/// For what duties of a role in a case may be limited: its measure, or the payers of its awards.
fn scopes(tx: &mut Tx<'_>, case: &Case, role: Role) -> Answer<Vec<String>> {
    if !matches!(role, Role::Preparer | Role::Releaser) {
        return Ok(vec![case.measure.clone()]);
    }
    let of_case = "award IN (SELECT id FROM award WHERE case_id = $1) ORDER BY award, payer";
    let parts = tx.rows::<Part>(of_case, &[Cell::from(&case.id)])?;
    Ok(parts.into_iter().map(|part| part.payer).collect())
}

/// Who has a role today, for everything or for one of some scopes.
fn holders(tx: &mut Tx<'_>, role: Role, scopes: &[String]) -> Answer<Vec<String>> {
    let current = "role = $1 AND since <= $2 AND (until IS NULL OR until > $2) ORDER BY person";
    let duties = tx.rows::<Duty>(current, &[role.name().into(), Cell::from(&tx.today)])?;
    let of_these = |duty: &Duty| duty.scope.is_empty() || scopes.contains(&duty.scope);
    let mut people: Vec<String> = duties.into_iter().filter(of_these).map(|duty| duty.person).collect();
    people.dedup();
    Ok(people)
}

/// Why somebody may not act on a case in a role; nothing where they may.
fn bar(tx: &mut Tx<'_>, person: &str, role: Role, case: &Case) -> Answer<Option<Value>> {
    if let Some(why) = interested(tx, person, &case.subject)? {
        return Ok(Some(json!({"code": "interest", "en": why.en(), "zh": why.zh()})));
    }
    let (target, others) = match asked(tx, case, role)? {
        Asked::Appeal if acted_in(tx, person, &case.id)? => return Ok(Some(json!({"code": "same_person"}))),
        Asked::Appeal => return Ok(None),
        Asked::Recovery(id) => (id, &[Role::Officer][..]),
        Asked::Case => (case.id.clone(), apart_from(role)),
    };
    for other in others {
        let place = [Cell::from(&target), other.name().into(), person.into()];
        if tx.any::<Deed>("target = $1 AND role = $2 AND person = $3", &place)? {
            return Ok(Some(json!({"code": "same_person", "role": other.name()})));
        }
    }
    if examines(tx, person, &target)?.is_some() {
        return Ok(Some(json!({"code": "same_person", "role": Role::Examiner.name()})));
    }
    Ok(None)
}

/// What a case asks of a role now.
enum Asked {
    /// The case itself, or an objection to its award.
    Case,
    /// Its appeal, which somebody examines who did nothing in it.
    Appeal,
    /// The decision of a recovery, by another person than who heard.
    Recovery(String),
}

fn asked(tx: &mut Tx<'_>, case: &Case, role: Role) -> Answer<Asked> {
    let id = [Cell::from(&case.id)];
    Ok(match role {
        Role::Examiner if tx.any::<Appeal>(APPEALED, &id)? => Asked::Appeal,
        Role::Approver => {
            let found = tx.rows::<Recovery>(&format!("{HEARD} ORDER BY id LIMIT 1"), &id)?;
            found
                .into_iter()
                .next()
                .map_or(Asked::Case, |one| Asked::Recovery(one.id))
        }
        _ => Asked::Case,
    })
}

/// An instalment of a case's award that is owed and not paid.
const OWED: &str =
    "award IN (SELECT id FROM award WHERE case_id = $1) AND state IN ('committed', 'due', 'payable', 'returned')";

/// A recovery of a case's award that waits for its decision.
const HEARD: &str = "award IN (SELECT id FROM award WHERE case_id = $1) AND state IN ('notified', 'heard')";

/// What must still be kept up for a case's award, or was not.
const KEPT_UP: &str =
    "award IN (SELECT id FROM award WHERE case_id = $1) AND state IN ('active', 'due', 'late', 'breached')";

/// A recovery of a case's award that is not ended.
const ASKED_BACK: &str = "award IN (SELECT id FROM award WHERE case_id = $1) AND state IN ('found', 'notified', 'heard', 'decided', 'enforcing')";

/// The first substitute who may act: named before the days for which they are, of another bureau than everybody who has the role, and not barred.
fn substitute(
    tx: &mut Tx<'_>,
    case: &Case,
    role: Role,
    (scopes, regular): (&[String], &[String]),
) -> Answer<Option<String>> {
    let mut bureaux = Vec::new();
    for person in regular {
        bureaux.push(tx.get::<Person>(person)?.bureau);
    }
    let named = "role = $1 AND since <= $2 AND (until IS NULL OR until > $2) ORDER BY since, person";
    for one in tx.rows::<Substitute>(named, &[role.name().into(), Cell::from(&tx.today)])? {
        let for_it = one.scope.is_empty() || scopes.contains(&one.scope);
        if !for_it || bureaux.contains(&tx.get::<Person>(&one.person)?.bureau) {
            continue;
        }
        if bar(tx, &one.person, role, case)?.is_none() {
            return Ok(Some(one.person));
        }
    }
    Ok(None)
}
