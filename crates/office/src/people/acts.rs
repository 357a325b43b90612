//! What is done with people.

use meed_facts::date::Date;
use serde_json::{Value, json};

use super::{Duty, Interest, Person, Post, Role, Substitute, must, vacancies};
use crate::acts;
use crate::input::Day;
use crate::policies::{Sort, must_be_known};
use crate::register::Subject;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::tx::Tx;

acts! {
    /// What is done with people.
    pub enum Act {
        /// Enters somebody who will give commands
        Enter {
            /// An id that is no name
            id: String,
            /// The name
            name: String,
            /// The bureau or applicant for whom they work
            bureau: String,
        },
        /// Gives somebody a role
        Assign {
            /// Who
            person: String,
            /// The role
            role: Role,
            /// For which measure, payer or applicant; for all where it is left out
            scope: Option<String>,
            /// The day after the last
            until: Option<Day>,
        },
        /// Takes a role from somebody, from today on
        Withdraw {
            /// Who
            person: String,
            /// The role
            role: Role,
            /// For which measure, payer or applicant it was given; left out where it was given for all
            scope: Option<String>,
        },
        /// Changes somebody's name or bureau, from today on
        Change {
            /// Who
            person: String,
            /// The new name
            name: Option<String>,
            /// The new bureau
            bureau: Option<String>,
        },
        /// Retires somebody: all their roles end
        Retire {
            /// Who
            person: String,
            /// The first day without them; today where it is left out
            since: Option<Day>,
        },
        /// Names a substitute, from another bureau and before the first day, for cases on which nobody who has the role may act
        Substitute {
            /// Who
            person: String,
            /// In which role: officer, examiner, approver, preparer or releaser
            role: Role,
            /// For which measure or payer; for all where it is left out
            scope: Option<String>,
            /// The first day, after today
            since: Day,
            /// The day after the last
            until: Option<Day>,
        },
        /// Finds that nobody who has a role may act on a case, and gives it to the substitute
        StandIn {
            /// The case
            case: String,
            /// The role
            role: Role,
        },
        /// Declares an interest of one's own in an applicant
        Declare {
            /// The applicant
            subject: String,
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
            Act::Enter { id, name, bureau } => enter(tx, id, name, bureau),
            Act::Assign {
                person,
                role,
                scope,
                until,
            } => assign_by(
                tx,
                person,
                *role,
                scope.as_deref().unwrap_or(""),
                until.map(|day| day.0),
            ),
            Act::Withdraw { person, role, scope } => {
                must(tx, Role::Administrator, "")?;
                withdraw(tx, person, *role, scope.as_deref().unwrap_or(""))
            }
            Act::Change { person, name, bureau } => change(tx, person, name.as_deref(), bureau.as_deref()),
            Act::Retire { person, since } => {
                let today = tx.today;
                retire(tx, person, since.map_or(today, |day| day.0))
            }
            Act::Substitute {
                person,
                role,
                scope,
                since,
                until,
            } => vacancies::name(
                tx,
                person,
                (*role, scope.as_deref().unwrap_or("")),
                (since.0, until.map(|day| day.0)),
            ),
            Act::StandIn { case, role } => vacancies::find(tx, case, *role),
            Act::Declare { subject } => {
                let person = tx.person.clone();
                tx.get::<Person>(&person)?;
                tx.get::<Subject>(subject)?;
                if tx.find::<Interest>((&person, subject))?.is_none() {
                    let (subject, source) = (subject.clone(), "declared".to_owned());
                    tx.insert(&Interest {
                        person,
                        subject,
                        source,
                    })?;
                }
                Ok(Value::Null)
            }
        }
    }
}

fn enter(tx: &mut Tx<'_>, id: &str, name: &str, bureau: &str) -> Answer<Value> {
    // The first person makes the office theirs; from then on its administrators do this.
    let first = !tx.any::<Person>("1 = 1", &[])?;
    if !first {
        must(tx, Role::Administrator, "")?;
    }
    if id.is_empty() || id.contains(char::is_whitespace) || [name, bureau].iter().any(|text| text.trim().is_empty()) {
        return Err(Stop::denied(
            "incomplete",
            "somebody is entered with an id without spaces, a name and a bureau",
            "请填写不含空格的标识、姓名和所在单位",
        ));
    }
    if tx.find::<Person>(id)?.is_some() {
        return Err(Stop::denied(
            "exists",
            format!("{id} is entered already; change their name or bureau with `people change`"),
            format!("{id} 已登记；更改姓名或单位请用 `people change`"),
        ));
    }
    let salt = crate::log::salt()?;
    let (person, since) = (id.to_owned(), tx.today);
    tx.insert(&Person {
        id: person.clone(),
        name: name.to_owned(),
        bureau: bureau.to_owned(),
        salt,
    })?;
    tx.insert(&Post {
        person,
        since,
        bureau: bureau.to_owned(),
    })?;
    if first {
        assign(tx, id, Role::Administrator, "", None)?;
    }
    Ok(json!({"person": id}))
}

fn assign_by(tx: &mut Tx<'_>, person: &str, role: Role, scope: &str, until: Option<Date>) -> Answer<Value> {
    must(tx, Role::Administrator, "")?;
    tx.get::<Person>(person)?;
    if role == Role::Agent && scope.is_empty() {
        return Err(Stop::denied(
            "agent_of_all",
            "an agent speaks for one applicant; name it",
            "代理人须写明所代理的申请人",
        ));
    }
    must_be_for_something(tx, role, scope)?;
    if until.is_some_and(|until| until <= tx.today) {
        return Err(Stop::denied(
            "past",
            "a role ends after today; give a later day, or withdraw it",
            "职责截止日期须晚于今日；如需收回请用 `people withdraw`",
        ));
    }
    let today = Cell::from(&tx.today);
    let begun = [person.into(), role.name().into(), scope.into(), today];
    let same = tx.rows::<Duty>("person = $1 AND role = $2 AND scope = $3 AND since = $4", &begun)?;
    match same.into_iter().next() {
        // Given again on its first day it is the same, until the day that was said last.
        Some(duty) => tx.update(&Duty { until, ..duty })?,
        None => assign(tx, person, role, scope, until)?,
    }
    Ok(json!({"person": person, "role": role.name()}))
}

/// That a scope is something for which a role can be had, so that nobody is given one for nothing.
pub(super) fn must_be_for_something(tx: &mut Tx<'_>, role: Role, scope: &str) -> Answer<()> {
    let sorts: &[Sort] = match role {
        _ if scope.is_empty() => return Ok(()),
        Role::Agent => return tx.get::<Subject>(scope).map(|_| ()),
        // An officer answers for the services that a bureau leads, too.
        Role::Officer => &[Sort::Entitlement, Sort::Agency],
        Role::Reviewer | Role::Examiner | Role::Approver => &[Sort::Entitlement],
        Role::Budget => &[Sort::Agency, Sort::Fund],
        Role::Preparer | Role::Releaser => &[Sort::Agency],
        _ => &[Sort::Entitlement, Sort::Agency, Sort::Fund],
    };
    must_be_known(tx, scope, sorts, "unknown_scope")
}

/// Changes what somebody is called and where they work; where they worked before stays in the posts.
fn change(tx: &mut Tx<'_>, person: &str, name: Option<&str>, bureau: Option<&str>) -> Answer<Value> {
    must(tx, Role::Administrator, "")?;
    let mut person: Person = tx.get(person)?;
    if let Some(name) = name {
        name.clone_into(&mut person.name);
    }
    if let Some(bureau) = bureau {
        bureau.clone_into(&mut person.bureau);
        let post = Post {
            person: person.id.clone(),
            since: tx.today,
            bureau: bureau.to_owned(),
        };
        match tx.find::<Post>((&post.person, &post.since))? {
            Some(_) => tx.update(&post)?,
            None => tx.insert(&post)?,
        }
    }
    tx.update(&person)?;
    Ok(json!({"person": person.id, "bureau": person.bureau}))
}

/// Ends all that somebody may do, on a day from today on.
fn retire(tx: &mut Tx<'_>, person: &str, since: Date) -> Answer<Value> {
    must(tx, Role::Administrator, "")?;
    tx.get::<Person>(person)?;
    if since < tx.today {
        return Err(Stop::denied(
            "past",
            "somebody retires today or later: what they did until now they did",
            "离岗日期不得早于今日",
        ));
    }
    let held = "person = $1 AND (until IS NULL OR until > $2) ORDER BY role, scope, since";
    let place = [person.into(), Cell::from(&since)];
    for mut duty in tx.rows::<Duty>(held, &place)? {
        duty.until = Some(since.max(duty.since));
        tx.update(&duty)?;
    }
    for mut substitute in tx.rows::<Substitute>(held, &place)? {
        substitute.until = Some(since.max(substitute.since));
        tx.update(&substitute)?;
    }
    must_be_administered(tx, since)?;
    tx.tell("person_retired", person, &json!({"since": since.to_string()}))?;
    Ok(json!({"person": person, "since": since.to_string()}))
}

/// That somebody can give out roles on a day: without an administrator nobody could ever again.
fn must_be_administered(tx: &mut Tx<'_>, on: Date) -> Answer<()> {
    let some = "role = 'administrator' AND scope = '' AND since <= $1 AND (until IS NULL OR until > $1)";
    if tx.any::<Duty>(some, &[Cell::from(&on)])? {
        return Ok(());
    }
    Err(Stop::denied(
        "last_administrator",
        "an office has an administrator; give the role to somebody else first",
        "系统须至少有一名管理员，请先指定他人",
    ))
}

fn assign(tx: &mut Tx<'_>, person: &str, role: Role, scope: &str, until: Option<Date>) -> Answer<()> {
    let (person, scope, since) = (person.to_owned(), scope.to_owned(), tx.today);
    tx.insert(&Duty {
        person,
        role,
        scope,
        since,
        until,
    })
}

/// Ends what somebody has of a role today or later. An office keeps an administrator: without one nobody could give a role again.
fn withdraw(tx: &mut Tx<'_>, person: &str, role: Role, scope: &str) -> Answer<Value> {
    let today = tx.today;
    let held = "person = $1 AND role = $2 AND scope = $3 AND (until IS NULL OR until > $4)";
    let place = [person.into(), role.name().into(), scope.into(), Cell::from(&today)];
    let duties = tx.rows::<Duty>(held, &place)?;
    if duties.is_empty() {
        return Err(Stop::denied(
            "no_duty",
            format!("{person} has no role `{role}` for `{scope}` that could be taken from them"),
            format!("{person} 没有 `{scope}` 的 `{role}` 职责"),
        ));
    }
    for mut duty in duties {
        duty.until = Some(today.max(duty.since));
        tx.update(&duty)?;
    }
    if role == Role::Administrator {
        must_be_administered(tx, today)?;
    }
    Ok(json!({"person": person, "role": role.name()}))
}
