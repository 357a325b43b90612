//! Who sees and does what. Pages, interface, searches, counts and exports all ask here, so that there is one answer.
//!
//! Three questions are asked in this order: may this kind of visitor come to the address at all ([`Audience`]); which rows are theirs
//! ([`rows`]); and may they give this command now, which the office alone decides, with its own guards.
//!
//! | module | idea |
//! |---|---|
//! | `sights` | of each table, whose rows are whose |
//! | `masks` | what of a row is not for everybody who sees it |

mod masks;
mod sights;

pub use masks::{is_personal, masked, sees_whole};

use meed_facts::date::Date;
use meed_office::people::{Duty, Role};
use meed_office::stop::Answer;
use meed_office::store::{Cell, Connection, Record, StoreError};
use meed_office::tx::{Tx, select};

/// Who comes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Viewer {
    /// The person who signed in.
    pub person: Option<String>,
    /// Their name.
    pub name: String,
    /// What they may do today: role and scope, which is empty for everything.
    pub duties: Vec<(Role, String)>,
}

/// For whom an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Everybody, signed in or not.
    Anyone,
    /// Whoever has signed in.
    SignedIn,
    /// Whoever speaks for an applicant.
    Agent,
    /// Whoever has one of these roles.
    Roles(&'static [Role]),
}

/// Those who review, and those who look after reviews.
pub const REVIEWS: &[Role] = &[Role::Officer, Role::Reviewer, Role::Auditor];
/// Those who handle cases or look after those who do; of reviewers' cases those that were drawn for them.
pub const OFFICE: &[Role] = &[
    Role::Officer,
    Role::Approver,
    Role::Examiner,
    Role::Reviewer,
    Role::Registrar,
    Role::Auditor,
];
/// Those who handle cases, lists and rounds, and see the files of the applicants concerned.
pub const HANDLERS: &[Role] = &[
    Role::Officer,
    Role::Approver,
    Role::Examiner,
    Role::Registrar,
    Role::Auditor,
];
/// Those who move cases.
pub const DECIDING: &[Role] = &[Role::Officer, Role::Approver];
/// Those who see what stands still, and who names substitutes where nobody may act.
pub const HOLDS: &[Role] = &[
    Role::Officer,
    Role::Approver,
    Role::Examiner,
    Role::Registrar,
    Role::Auditor,
    Role::Administrator,
];
/// Those who handle money.
pub const FINANCE: &[Role] = &[Role::Budget, Role::Preparer, Role::Releaser, Role::Auditor];
/// Those who handle money, and those who check where it goes.
pub const ACCOUNTS: &[Role] = &[
    Role::Registrar,
    Role::Budget,
    Role::Preparer,
    Role::Releaser,
    Role::Auditor,
];
/// Those who handle money, and those who bring the bank's files.
pub const BANK: &[Role] = &[
    Role::Budget,
    Role::Preparer,
    Role::Releaser,
    Role::Auditor,
    Role::Machine,
];
/// Those who write and publish policies.
pub const POLICY: &[Role] = &[Role::Drafter, Role::Publisher, Role::Approver, Role::Auditor];
/// Those who try out what policies and reforms would do.
pub const ANALYSIS: &[Role] = &[
    Role::Drafter,
    Role::Publisher,
    Role::Approver,
    Role::Auditor,
    Role::Analyst,
];

impl Viewer {
    /// Somebody, with the duties that they have on a day.
    ///
    /// # Errors
    /// Where the database fails.
    pub fn of(connection: &mut Connection, person: &str, on: Date) -> Result<Self, StoreError> {
        let condition = "person = $1 AND since <= $2 AND (until IS NULL OR until > $2) ORDER BY role, scope";
        let duties = select::<Duty>(connection, condition, &[person.into(), Cell::from(&on)])?;
        let name = match connection.one("SELECT name FROM person WHERE id = $1", &[person.into()])? {
            Some(Cell::Text(name)) => name,
            _ => return Ok(Self::default()),
        };
        Ok(Self {
            person: Some(person.to_owned()),
            name,
            duties: duties.into_iter().map(|duty| (duty.role, duty.scope)).collect(),
        })
    }

    /// Whether they have a role, for whatever scope.
    pub fn has(&self, role: Role) -> bool {
        self.duties.iter().any(|(has, _)| *has == role)
    }

    /// Whether they have one of some roles.
    pub fn has_any(&self, roles: &[Role]) -> bool {
        roles.iter().any(|role| self.has(*role))
    }

    /// The applicants for whom they speak.
    pub fn applicants(&self) -> impl Iterator<Item = &str> {
        let spoken = self.duties.iter().filter(|(role, _)| *role == Role::Agent);
        spoken.map(|(_, scope)| scope.as_str())
    }

    /// Whether they may come to an address for this audience.
    pub fn is_among(&self, audience: Audience) -> bool {
        match audience {
            Audience::Anyone => true,
            Audience::SignedIn => self.person.is_some(),
            Audience::Agent => self.has(Role::Agent),
            Audience::Roles(roles) => self.has_any(roles),
        }
    }
}

/// A condition on the rows of one table, with its arguments: `$1` is the first after those that stand before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// SQL that is true of the rows that may be seen.
    pub sql: String,
    /// Its arguments.
    pub arguments: Vec<Cell>,
}

/// The tables of which somebody may see some row.
pub fn tables() -> impl Iterator<Item = &'static str> {
    sights::SIGHTS.iter().map(|sight| sight.table)
}

/// Which rows of a table a visitor may see; `before` arguments stand in the query already. Of a table that is not shown, none.
pub fn rows(viewer: &Viewer, table: &str, before: usize) -> Condition {
    let mut condition = Condition {
        sql: String::new(),
        arguments: Vec::new(),
    };
    let mut ways: Vec<String> = Vec::new();
    if let Some(sight) = sights::of(table) {
        ways.extend(sight.public.map(str::to_owned));
        for (role, scope) in &viewer.duties {
            let way = sight.way(*role, scope, viewer.person.as_deref(), |argument| {
                condition.arguments.push(argument.into());
                format!("${}", condition.arguments.len().saturating_add(before))
            });
            ways.extend(way);
        }
    }
    condition.sql = if ways.is_empty() {
        "1 = 0".to_owned()
    } else {
        format!("({})", ways.join(" OR "))
    };
    condition
}

/// Whether a visitor may see the row of a table whose column `id` holds a value.
///
/// # Errors
/// Where the database fails.
pub fn sees(connection: &mut Connection, viewer: &Viewer, table: &str, id: &str) -> Result<bool, StoreError> {
    let condition = rows(viewer, table, 1);
    let sql = format!("SELECT 1 FROM \"{table}\" WHERE id = $1 AND {}", condition.sql);
    let mut arguments = vec![Cell::from(id)];
    arguments.extend(condition.arguments);
    Ok(connection.one(&sql, &arguments)?.is_some())
}

/// The rows of a record's table that a visitor may see, by a further condition with its arguments, and what follows it: order and limit.
///
/// # Errors
/// Where the database fails.
pub fn seen<R: Record>(
    tx: &mut Tx<'_>,
    viewer: &Viewer,
    condition: &str,
    arguments: &[Cell],
    tail: &str,
) -> Answer<Vec<R>> {
    let sight = rows(viewer, R::TABLE, arguments.len());
    let arguments: Vec<Cell> = arguments.iter().cloned().chain(sight.arguments).collect();
    tx.rows(&format!("({condition}) AND {} {tail}", sight.sql), &arguments)
}

/// Whether a visitor may see all rows of a table, for what is made of all of them.
pub fn sees_all(viewer: &Viewer, table: &str) -> bool {
    let sight = sights::of(table);
    let whole =
        |(role, scope): &(Role, String)| scope.is_empty() && sight.is_some_and(|sight| sight.shows_all_to(*role));
    viewer.duties.iter().any(whole)
}

/// Whether a visitor may have the rules run over everybody in the register: who works on policies or analyses them, for all of them. What comes of it
/// names no person.
pub fn simulates_register(viewer: &Viewer) -> bool {
    let whole = |(role, scope): &(Role, String)| scope.is_empty() && ANALYSIS.contains(role);
    viewer.duties.iter().any(whole)
}

/// Acts that need a fresh second factor: keys, accounts, waivers and write-offs.
pub fn needs_step_up(kind: &str) -> bool {
    const ACTS: &[&str] = &[
        "payment.seal",
        "payment.release",
        "payment.give_up",
        "account.enter",
        "account.activate",
        "account.close",
        "obligation.waive",
        "recovery.write_off",
    ];
    ACTS.contains(&kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn viewer(duties: &[(Role, &str)]) -> Viewer {
        let duties = duties
            .iter()
            .map(|(role, scope)| (*role, (*scope).to_owned()))
            .collect();
        Viewer {
            person: Some("somebody".to_owned()),
            name: String::new(),
            duties,
        }
    }

    #[test]
    fn an_agent_sees_the_cases_of_their_applicant_alone() {
        let condition = rows(&viewer(&[(Role::Agent, "subject-1")]), "case", 2);
        assert_eq!(condition.sql, "(subject = $3)");
        assert_eq!(condition.arguments, [Cell::from("subject-1")]);
    }

    #[test]
    fn a_visitor_without_a_duty_sees_what_is_public_and_no_more() {
        assert_eq!(rows(&Viewer::default(), "case", 0).sql, "1 = 0");
        assert!(rows(&Viewer::default(), "title", 0).sql.contains("'proposed'"));
    }

    #[test]
    fn an_officer_of_one_measure_sees_that_measure() {
        let condition = rows(&viewer(&[(Role::Officer, "design_centre_reward")]), "case", 0);
        assert_eq!(
            condition.sql,
            "((measure = $1 AND (origin = 'offer' OR applied_at IS NOT NULL)))"
        );
    }

    #[test]
    fn what_is_not_listed_is_shown_to_nobody() {
        assert_eq!(rows(&viewer(&[(Role::Auditor, "")]), "portal_session", 0).sql, "1 = 0");
    }
}
