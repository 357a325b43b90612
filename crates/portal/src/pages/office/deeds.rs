//! What was done with a case, by whom, in which role, and where the log says so.

use maud::{Markup, html};
use meed_office::people::Role;
use meed_office::store::Field;
use meed_office::time::Instant;
use meed_office::tx::Tx;

use crate::fault::Fault;
use crate::view::{Table, act_name, moment, role_name};
use crate::visit::Visit;

/// One thing that somebody did.
pub struct Done {
    /// When.
    pub at: Instant,
    who: String,
    role: Role,
    /// What: the act's kind.
    pub act: String,
    seq: i64,
}

/// What was done with a case, in its order.
///
/// # Errors
/// Where the database fails.
pub fn with(tx: &mut Tx<'_>, case: &str) -> Result<Vec<Done>, Fault> {
    let sql = "SELECT deed.at, person.name, deed.role, log.kind, deed.seq FROM deed JOIN log ON log.seq = deed.seq JOIN person ON \
               person.id = deed.person WHERE deed.target = $1 ORDER BY deed.seq";
    let mut done = Vec::new();
    for row in tx.query(sql, &[case.into()])? {
        if let [at, who, role, act, seq] = row.as_slice() {
            done.push(Done {
                at: Instant::from_cell(at)?,
                who: String::from_cell(who)?,
                role: Role::from_cell(role)?,
                act: String::from_cell(act)?,
                seq: i64::from_cell(seq)?,
            });
        }
    }
    Ok(done)
}

/// A table of it; whoever may open the log comes from each line to its entry.
pub fn table(visit: &Visit, done: &[Done]) -> Markup {
    let mut table = Table::new(visit.t("office-log"))
        .head(visit.t("office-when"))
        .head(visit.t("field-person"))
        .head(visit.t("field-role"))
        .head(visit.t("office-act"))
        .number(visit.t("field-seq"));
    let opens = visit.viewer.is_among(crate::pages::audit::AUDITORS);
    for one in done {
        table.row([
            moment(one.at),
            html! { (one.who) },
            html! { (role_name(visit, one.role)) },
            html! { (act_name(visit, &one.act)) },
            html! { @if opens { a href={ "/audit/log/" (one.seq) } { (one.seq) } } @else { (one.seq) } },
        ]);
    }
    table.show(visit)
}
