//! Of each table, whose rows are whose: what everybody reads, what is an applicant's own, and what a role needs for its work and no more.

use meed_office::people::Role;

use super::{ACCOUNTS, DECIDING, FINANCE, HANDLERS, HOLDS};

/// How the rows of a table are somebody's. SQL is relative to the table's row, named by its table.
pub(super) struct Sight {
    pub table: &'static str,
    /// The applicant whom a row is about.
    subject: Option<&'static str>,
    /// The measure, title or payer to which duties may be limited.
    scope: Option<&'static str>,
    /// Which rows everybody may see.
    pub public: Option<&'static str>,
    /// Which roles see it, within their scope.
    roles: &'static [Role],
    /// When they see it.
    once: &'static str,
    /// Which roles see, within their scope, those rows alone of which something is true.
    some: &'static [(&'static [Role], &'static str)],
}

const fn sight(
    table: &'static str,
    subject: Option<&'static str>,
    scope: Option<&'static str>,
    public: Option<&'static str>,
    roles: &'static [Role],
) -> Sight {
    Sight {
        table,
        subject,
        scope,
        public,
        roles,
        once: ALWAYS,
        some: &[],
    }
}

/// True of every row.
const ALWAYS: &str = "1 = 1";
/// Stands in a condition for the person who looks,
const ME: &str = "{me}";
/// and, after a column, for being within the scope of their duty.
const MINE: &str = "{mine}";

impl Sight {
    /// Rows that no role sees before something is true of them.
    const fn once(self, once: &'static str) -> Self {
        Self { once, ..self }
    }

    /// Further roles, for the rows of which something is true.
    const fn also(self, some: &'static [(&'static [Role], &'static str)]) -> Self {
        Self { some, ..self }
    }

    /// Whether somebody with a role, for everything, sees every row.
    pub fn shows_all_to(&self, role: Role) -> bool {
        self.once == ALWAYS && self.roles.contains(&role)
    }

    /// Of which rows a duty lets its person see; `argument` gives the place of a value in the query.
    pub fn way(
        &self,
        role: Role,
        scope: &str,
        person: Option<&str>,
        mut argument: impl FnMut(&str) -> String,
    ) -> Option<String> {
        if role == Role::Agent {
            return Some(format!("{} = {}", self.subject?, argument(scope)));
        }
        let whole = self.roles.contains(&role).then_some(self.once);
        let some = || {
            self.some
                .iter()
                .find(|(roles, _)| roles.contains(&role))
                .map(|(_, sql)| *sql)
        };
        let mut condition = whole.or_else(some)?.to_owned();
        if condition.contains(ME) {
            condition = condition.replace(ME, &argument(person?));
        }
        let inner = condition.contains(MINE);
        if inner {
            let mine = if scope.is_empty() {
                "IS NOT NULL".to_owned()
            } else {
                format!("= {}", argument(scope))
            };
            condition = condition.replace(MINE, &mine);
        }
        if scope.is_empty() || inner {
            return Some(condition);
        }
        let place = (self.scope?, argument(scope));
        Some(match condition.as_str() {
            ALWAYS => format!("{} = {}", place.0, place.1),
            _ => format!("({} = {} AND {condition})", place.0, place.1),
        })
    }
}

/// Whoever handles the cases of a measure, from the moment they are handed in.
const DESK: &[Role] = &[Role::Officer, Role::Approver, Role::Registrar, Role::Auditor];
/// Whoever keeps the register, and whoever looks at everything.
const REGISTER: &[Role] = &[Role::Registrar, Role::Auditor];
const PAYING: &[Role] = &[Role::Budget, Role::Preparer, Role::Releaser];
const EXAMINING: &[Role] = &[Role::Examiner];
const REVIEWING: &[Role] = &[Role::Reviewer];
const MONEY: &[Role] = &[
    Role::Budget,
    Role::Preparer,
    Role::Releaser,
    Role::Auditor,
    Role::Officer,
    Role::Approver,
];
const HANDLERS_AND_FINANCE: &[Role] = &[
    Role::Budget,
    Role::Preparer,
    Role::Releaser,
    Role::Auditor,
    Role::Officer,
    Role::Approver,
    Role::Examiner,
    Role::Registrar,
];
const STAFF: &[Role] = &[
    Role::Administrator,
    Role::Registrar,
    Role::Drafter,
    Role::Publisher,
    Role::Officer,
    Role::Reviewer,
    Role::Examiner,
    Role::Approver,
    Role::Budget,
    Role::Preparer,
    Role::Releaser,
    Role::Auditor,
];
const AUDIT: &[Role] = &[Role::Auditor];
const STEWARDS: &[Role] = &[Role::Administrator, Role::Auditor];

const CASE_SUBJECT: &str = "(SELECT seen.subject FROM \"case\" seen WHERE seen.id = case_id)";
const CASE_MEASURE: &str = "(SELECT seen.measure FROM \"case\" seen WHERE seen.id = case_id)";
const AWARD_SUBJECT: &str = "(SELECT seen.subject FROM award seen WHERE seen.id = award)";
const AWARD_FAMILY: &str = "(SELECT seen.family FROM award seen WHERE seen.id = award)";
const LINE_PAYER: &str = "(SELECT seen.payer FROM line seen WHERE seen.id = line)";
const BATCH_PAYER: &str =
    "(SELECT seen.payer FROM batch sent JOIN line seen ON seen.id = sent.line WHERE sent.id = batch)";
const PAID_PAYER: &str = "(SELECT seen.payer FROM instalment seen WHERE seen.id = instalment)";

/// What an applicant writes is theirs alone until they hand it in; what the office offers it knows.
const HANDED_IN: &str = "(origin = 'offer' OR applied_at IS NOT NULL)";

/// The cases on which somebody objected or appealed, for a place where `$case` is a case's id.
macro_rules! contested {
    ($case:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM objection said WHERE said.case_id = ",
            $case,
            ") OR EXISTS (SELECT 1 FROM appeal asked JOIN decision made ON made.id = asked.decision WHERE made.case_id = ",
            $case,
            "))"
        )
    };
}

/// That a column names an applicant with whom somebody has to do: one with a case that was handed in, a title, or a request, of
/// theirs.
macro_rules! concerned {
    ($subject:literal) => {
        concat!(
            "(EXISTS (SELECT 1 FROM \"case\" held WHERE held.subject = ",
            $subject,
            " AND held.measure {mine} AND (held.origin = 'offer' OR held.applied_at IS NOT NULL))",
            " OR EXISTS (SELECT 1 FROM title held WHERE held.subject = ",
            $subject,
            " AND held.title {mine}) OR EXISTS (SELECT 1 FROM request held WHERE held.subject = ",
            $subject,
            " AND held.service {mine}))"
        )
    };
}

/// That a column names an applicant in whose case somebody objected or appealed.
macro_rules! disputed {
    ($subject:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM \"case\" held WHERE held.subject = ",
            $subject,
            " AND held.measure {mine} AND ",
            contested!("held.id"),
            ")"
        )
    };
}

/// The cases drawn for whoever looks.
const DRAWN: &str = "EXISTS (SELECT 1 FROM review drawn WHERE drawn.case_id = \"case\".id AND drawn.reviewer = {me} \
                     AND drawn.state NOT IN ('voided', 'conflicted', 'excused'))";
/// The cases for which money is or was to be paid.
const PAYABLE: &str =
    "(state = 'waiting_for_funds' OR EXISTS (SELECT 1 FROM award seen WHERE seen.case_id = \"case\".id))";
/// Whom money is paid to or asked back from.
const PAYEE: &str = "(EXISTS (SELECT 1 FROM account held WHERE held.subject = subject.id) \
                     OR EXISTS (SELECT 1 FROM recovery held WHERE held.debtor = subject.id))";

/// A table of a case's, for examiners where somebody objected or appealed.
const CONTESTED: &[(&[Role], &str)] = &[(EXAMINING, contested!("case_id"))];

/// What the portal shows of the office's tables. What is not listed is shown to nobody.
pub(super) const SIGHTS: &[Sight] = &[
    sight("subject", Some("id"), None, None, REGISTER).also(&[
        (DECIDING, concerned!("subject.id")),
        (EXAMINING, disputed!("subject.id")),
        (PAYING, PAYEE),
    ]),
    sight("fact", Some("subject"), None, None, REGISTER).also(&[
        (DECIDING, concerned!("fact.subject")),
        (EXAMINING, disputed!("fact.subject")),
    ]),
    sight("identifier", Some("subject"), None, None, REGISTER).also(&[
        (DECIDING, concerned!("identifier.subject")),
        (EXAMINING, disputed!("identifier.subject")),
    ]),
    sight(
        "title",
        Some("subject"),
        Some("title"),
        Some("state NOT IN ('proposed', 'refused')"),
        HANDLERS,
    ),
    sight(
        "assessment",
        Some("(SELECT seen.subject FROM title seen WHERE seen.id = assessment.title)"),
        Some("(SELECT seen.title FROM title seen WHERE seen.id = assessment.title)"),
        None,
        HANDLERS,
    ),
    sight(
        "policy",
        None,
        None,
        Some("state IN ('published', 'superseded', 'repealed')"),
        STAFF,
    ),
    sight("case", Some("subject"), Some("measure"), None, DESK)
        .once(HANDED_IN)
        .also(&[
            (EXAMINING, contested!("\"case\".id")),
            (REVIEWING, DRAWN),
            (PAYING, PAYABLE),
        ]),
    sight("note", Some("subject"), Some("measure"), None, REGISTER),
    sight("decision", Some(CASE_SUBJECT), Some(CASE_MEASURE), None, DESK).also(CONTESTED),
    sight("standstill", Some(CASE_SUBJECT), Some(CASE_MEASURE), None, DESK).also(CONTESTED),
    sight("queue", Some(CASE_SUBJECT), Some("payer"), None, MONEY),
    sight(
        "round",
        None,
        Some("measure"),
        Some("state <> 'planned'"),
        HANDLERS_AND_FINANCE,
    ),
    sight("list", None, None, Some("state <> 'frozen'"), HANDLERS),
    sight(
        "row",
        Some("subject"),
        Some(CASE_MEASURE),
        Some(
            "EXISTS (SELECT 1 FROM list seen WHERE seen.id = list AND seen.version = \"row\".version AND seen.state = 'public')",
        ),
        HANDLERS,
    ),
    sight("objection", Some(CASE_SUBJECT), Some(CASE_MEASURE), None, HANDLERS),
    sight("objector", None, None, None, &[Role::Examiner]),
    sight(
        "review",
        None,
        Some(CASE_MEASURE),
        None,
        &[Role::Officer, Role::Auditor],
    )
    .once("state = 'final'"),
    sight("request", Some("subject"), None, None, HANDLERS),
    sight("award", Some("subject"), Some("family"), None, HANDLERS_AND_FINANCE),
    sight(
        "part",
        Some(AWARD_SUBJECT),
        Some(AWARD_FAMILY),
        None,
        HANDLERS_AND_FINANCE,
    ),
    sight("confirmation", Some(AWARD_SUBJECT), Some("payer"), None, MONEY),
    sight("instalment", Some(AWARD_SUBJECT), Some("payer"), None, MONEY),
    sight("obligation", Some(AWARD_SUBJECT), Some(AWARD_FAMILY), None, HANDLERS),
    sight("recovery", Some("debtor"), None, None, MONEY),
    sight(
        "appeal",
        Some(
            "(SELECT seen.subject FROM \"case\" seen JOIN decision made ON made.case_id = seen.id WHERE made.id = decision)",
        ),
        None,
        None,
        HANDLERS,
    ),
    sight("hold", None, None, None, MONEY),
    sight("line", None, Some("payer"), None, MONEY),
    sight("line_balance", None, Some(LINE_PAYER), None, MONEY),
    sight("holding", None, Some(LINE_PAYER), None, MONEY),
    sight("posting", None, Some(LINE_PAYER), None, FINANCE),
    sight("authorisation", None, None, None, MONEY),
    sight("pledge", None, None, None, MONEY),
    sight("account", Some("subject"), None, None, ACCOUNTS),
    sight("batch", None, Some(LINE_PAYER), None, FINANCE),
    sight("batch_row", None, Some(BATCH_PAYER), None, FINANCE),
    sight("instruction", None, Some(PAID_PAYER), None, FINANCE),
    sight("bank_statement", None, None, None, FINANCE),
    sight("bank_entry", None, None, None, FINANCE),
    sight("difference", None, None, None, FINANCE),
    sight("person", None, None, None, STEWARDS),
    sight("duty", None, None, None, STEWARDS),
    sight("post", None, None, None, STEWARDS),
    sight("substitute", None, None, None, STEWARDS),
    sight("vacancy", None, Some(CASE_MEASURE), None, HOLDS),
    sight("relation", None, None, None, REGISTER),
    sight("deed", None, None, None, AUDIT),
    sight("log", None, None, None, AUDIT),
    sight("outbox", None, None, None, AUDIT),
];

/// How the rows of a table are somebody's.
pub(super) fn of(table: &str) -> Option<&'static Sight> {
    SIGHTS.iter().find(|sight| sight.table == table)
}
