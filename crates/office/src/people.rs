//! People: who may do what, and who may not because of what they did before.

use std::fmt;

use meed_facts::date::Date;
use serde_json::{Value, json};

use crate::input::Day;
use crate::stop::{Answer, Stop};
use crate::store::Cell;
use crate::time::Instant;
use crate::tx::Tx;
use crate::{acts, record};

crate::choice! {
    /// What somebody may do.
    #[derive(PartialOrd, Ord, Hash)]
    pub enum Role {
        /// Sets up the office and gives out roles.
        Administrator = "administrator",
        /// Keeps the register.
        Registrar = "registrar",
        /// Drafts packages.
        Drafter = "drafter",
        /// Reviews and publishes packages.
        Publisher = "publisher",
        /// Handles cases: formal check, proposals, lists.
        Officer = "officer",
        /// Scores cases.
        Reviewer = "reviewer",
        /// Examines what is said against public rows.
        Examiner = "examiner",
        /// Approves awards.
        Approver = "approver",
        /// Keeps the budget.
        Budget = "budget",
        /// Prepares payments: the first key.
        Preparer = "preparer",
        /// Releases payments: the second key.
        Releaser = "releaser",
        /// Speaks for an applicant, who is the scope.
        Agent = "agent",
        /// Looks at everything and changes nothing.
        Auditor = "auditor",
        /// The office's own timers and imports.
        Machine = "machine",
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

record! {
    /// Somebody who can give commands.
    pub struct Person in "person" by id {
        /// An id that is no name.
        id: String,
        /// The name.
        name: String,
        /// The bureau, or the applicant, for whom they work.
        bureau: String,
        /// Keeps the name from being guessed from the log.
        salt: String,
    }
}

record! {
    /// A role that somebody has for some time.
    pub struct Duty in "duty" by person, role, scope, since {
        /// Who.
        person: String,
        /// What they may do
        role: Role,
        /// for which measure, payer or applicant; empty for all.
        scope: String,
        /// The first day
        since: Date,
        /// and the day after the last.
        until: Option<Date>,
    }
}

record! {
    /// That somebody has an interest in an applicant.
    pub struct Interest in "interest" by person, subject {
        /// Who.
        person: String,
        /// In whom.
        subject: String,
        /// `declared`, or the register that shows it.
        source: String,
    }
}

record! {
    /// That somebody acted on something in a role.
    pub struct Deed in "deed" by target, role, person, seq {
        /// On what.
        target: String,
        /// In which role.
        role: Role,
        /// Who.
        person: String,
        /// When.
        at: Instant,
        /// The command's log entry.
        seq: i64,
    }
}

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
            Act::Enter { id, name, bureau } => {
                // The first person makes the office theirs; from then on its administrators do this.
                let first = !tx.any::<Person>("1 = 1", &[])?;
                if !first {
                    must(tx, Role::Administrator, "")?;
                }
                let salt = crate::log::salt()?;
                let (id, name, bureau) = (id.clone(), name.clone(), bureau.clone());
                tx.insert(&Person {
                    id: id.clone(),
                    name,
                    bureau,
                    salt,
                })?;
                if first {
                    assign(tx, &id, Role::Administrator, "", None)?;
                }
                Ok(json!({"person": id}))
            }
            Act::Assign {
                person,
                role,
                scope,
                until,
            } => {
                must(tx, Role::Administrator, "")?;
                tx.get::<Person>(person)?;
                let scope = scope.as_deref().unwrap_or("");
                if *role == Role::Agent && scope.is_empty() {
                    return Err(Stop::denied(
                        "agent_of_all",
                        "an agent speaks for one applicant; name it",
                        "代理人须写明所代理的申请人",
                    ));
                }
                assign(tx, person, *role, scope, until.map(|day| day.0))?;
                Ok(json!({"person": person, "role": role.name()}))
            }
            Act::Withdraw { person, role, scope } => {
                must(tx, Role::Administrator, "")?;
                withdraw(tx, person, *role, scope.as_deref().unwrap_or(""))
            }
            Act::Declare { subject } => {
                let person = tx.person.clone();
                tx.get::<Person>(&person)?;
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
    let others = "role = 'administrator' AND scope = '' AND since <= $1 AND (until IS NULL OR until > $1)";
    if role == Role::Administrator && !tx.any::<Duty>(others, &[Cell::from(&today)])? {
        return Err(Stop::denied(
            "last_administrator",
            "an office has an administrator; give the role to somebody else first",
            "系统须至少有一名管理员，请先指定他人",
        ));
    }
    Ok(json!({"person": person, "role": role.name()}))
}

/// That who gives the command has a role today, for everything or for this scope.
///
/// # Errors
/// Denied where they have not.
pub fn must(tx: &mut Tx<'_>, role: Role, scope: &str) -> Answer<()> {
    let person = tx.person.clone();
    if holds(tx, &person, role, scope)? {
        return Ok(());
    }
    Err(Stop::denied(
        "not_yours",
        format!("{person} is not `{role}` for `{scope}` today"),
        format!("{person} 今日没有 `{scope}` 的 `{role}` 职责"),
    ))
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
    let names = roles.iter().map(|role| role.name()).collect::<Vec<_>>().join(", ");
    Err(Stop::denied(
        "not_yours",
        format!("{person} has none of these roles for `{scope}` today: {names}"),
        format!("{person} 今日没有 `{scope}` 的下列任一职责：{names}"),
    ))
}

/// Whether somebody has a role today.
pub fn holds(tx: &mut Tx<'_>, person: &str, role: Role, scope: &str) -> Answer<bool> {
    let condition = "person = $1 AND role = $2 AND scope IN ('', $3) AND since <= $4 AND (until IS NULL OR until > $4)";
    let today = Cell::from(&tx.today);
    tx.any::<Duty>(condition, &[person.into(), role.name().into(), scope.into(), today])
}

/// Records that the person acts in a role on something, after making sure that they did not act on it in a role that must be another
/// person's.
///
/// # Errors
/// Denied where one person would act twice, or has an interest in the applicant.
pub fn act_as(tx: &mut Tx<'_>, target: &str, role: Role, apart_from: &[Role], subject: Option<&str>) -> Answer<()> {
    let person = tx.person.clone();
    if let Some(subject) = subject
        && tx.find::<Interest>((&person, subject))?.is_some()
    {
        return Err(Stop::denied(
            "interest",
            format!("{person} has an interest in {subject} and does not act on {target}"),
            format!("{person} 与 {subject} 有利害关系，应当回避 {target}"),
        ));
    }
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
    let (target, at, seq) = (target.to_owned(), tx.at, tx.seq);
    tx.insert(&Deed {
        target,
        role,
        person,
        at,
        seq,
    })
}
