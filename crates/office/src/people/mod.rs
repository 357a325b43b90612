//! People: who may do what, and who may not because of what they did before or whom they know.
//!
//! | module | idea |
//! |---|---|
//! | `acts` | entering, changing and retiring people; roles; interests; substitutes |
//! | `duties` | who has a role today, and who must be another person |
//! | `interests` | who has an interest in whom, as declared or as the register shows |
//! | `vacancies` | cases on which nobody may act, and the substitute who then does |
//! | `staff` | everybody with their roles, and whether every measure can be decided and paid, and every title decided, by enough persons |

use std::fmt;

mod acts;
mod duties;
mod interests;
mod staff;
mod vacancies;

pub use acts::Act;
pub use duties::{act_as, acted_in, apart_from, disinterested, examines, holds, must, must_any, must_on, stands_in};
pub use interests::{Why, interested};
pub use staff::{Member, Need, Needs, members, needs};
pub use vacancies::{Unmanned, unmanned};

use meed_facts::date::Date;
use serde_json::Value;

use crate::record;
use crate::time::Instant;

/// The roles that one award takes, each by another person: who proposes, who examines what is said against it, who approves, and the two keys.
const OF_AN_AWARD: [Role; 5] = [
    Role::Officer,
    Role::Examiner,
    Role::Approver,
    Role::Preparer,
    Role::Releaser,
];

/// The roles that one title takes, each by another person.
const OF_A_TITLE: [Role; 3] = [Role::Officer, Role::Examiner, Role::Approver];

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
        /// Simulates policies and reforms, and sees nobody's file.
        Analyst = "analyst",
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

record! {
    /// In which bureau somebody works since a day.
    pub struct Post in "post" by person, since {
        /// Who.
        person: String,
        /// The first day.
        since: Date,
        /// Where.
        bureau: String,
    }
}

record! {
    /// Somebody named in advance, to act where nobody who has the role may.
    pub struct Substitute in "substitute" by person, role, scope, since {
        /// Who.
        person: String,
        /// In which role
        role: Role,
        /// for which measure or payer; empty for all.
        scope: String,
        /// The first day
        since: Date,
        /// and the day after the last.
        until: Option<Date>,
        /// When they were named: before the first day.
        named_at: Instant,
    }
}

record! {
    /// That nobody who has a role may act on a case, and who does instead.
    pub struct Vacancy in "vacancy" by case_id, role, n {
        /// The case.
        case_id: String,
        /// The role.
        role: Role,
        /// Its number, from 1: it is found again where nobody had been named, or who was may not act either.
        n: i64,
        /// When it was found.
        at: Instant,
        /// Who has the role and may not act, each with the reason.
        barred: Value,
        /// Who acts instead; nobody where nobody who may was named in advance.
        substitute: Option<String>,
    }
}
