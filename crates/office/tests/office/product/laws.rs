//! What holds in every state, each as a query that finds where it does not.

use meed_office::ledger::Account;
use meed_office::store::Connection;

use super::picture::DONE;

/// A sentence, and the query that finds what breaks it.
pub type Law = (&'static str, String);

/// States in which an instruction has left the hands of its two keys.
const RELEASED: &str = "('released', 'sending', 'sent', 'accepted', 'unknown', 'paid', 'returned')";

pub fn laws() -> Vec<Law> {
    let all = Account::ALL.map(|account| account.to_string());
    let of_postings = |account: &String| {
        format!(
            "b.{account} < 0 OR b.{account} <> (SELECT coalesce(sum(CASE WHEN to_account = '{account}' THEN amount ELSE 0 END) - \
             sum(CASE WHEN from_account = '{account}' THEN amount ELSE 0 END), 0) FROM posting WHERE line = b.line)"
        )
    };
    let of_holders = |account: Account| {
        format!("b.{account} <> (SELECT coalesce(sum({account}), 0) FROM holding WHERE line = b.line)")
    };
    let postings = all.iter().map(of_postings).collect::<Vec<_>>().join(" OR ");
    let holders = Account::held().map(of_holders).collect::<Vec<_>>().join(" OR ");
    vec![
        (
            "the accounts of a line come to its appropriation, and are what postings and holders say",
            format!("SELECT b.line FROM line_balance b WHERE b.appropriation <> b.{} OR {postings} OR {holders}", all.join(" + b.")),
        ),
        (
            "no money is owed or paid for an award that nobody approved after its publicity, on a list that showed as much",
            "SELECT h.holder FROM holding h JOIN instalment i ON i.id = h.holder JOIN award a ON a.id = i.award \
             WHERE h.committed + h.in_flight + h.paid + h.returned + h.receivable + h.written_off > 0 AND NOT EXISTS \
             (SELECT 1 FROM deed d JOIN \"row\" r ON r.case_id = a.case_id JOIN list l ON l.id = r.list AND l.version = r.version \
             WHERE d.target = a.case_id AND d.role = 'approver' AND l.clear_at <= d.at AND r.subject = a.subject AND r.amount >= a.amount)"
                .to_owned(),
        ),
        (
            "nothing is approved while an objection is open",
            "SELECT o.id FROM objection o JOIN \"case\" c ON c.id = o.case_id \
             WHERE o.state IN ('lodged', 'examined') AND c.state IN ('approved', 'closed')"
                .to_owned(),
        ),
        (
            "what was released has two keys of two persons on its batch",
            format!(
                "SELECT x.id FROM instruction x WHERE x.state IN {RELEASED} AND NOT EXISTS (SELECT 1 FROM deed p JOIN deed r ON r.target = p.target \
                 WHERE p.target = x.batch AND p.role = 'preparer' AND r.role = 'releaser' AND p.person <> r.person)"
            ),
        ),
        (
            "money is on its way or paid only by an instruction that was released",
            format!(
                "SELECT h.holder FROM holding h WHERE h.in_flight + h.paid + h.receivable + h.written_off > 0 AND NOT EXISTS \
                 (SELECT 1 FROM instruction x WHERE x.instalment = h.holder AND x.state IN {RELEASED})"
            ),
        ),
        (
            "who approved a case, prepared and released its payments are different persons",
            "SELECT a.person FROM deed a JOIN deed b ON b.target = a.target AND b.person = a.person AND b.role < a.role \
             JOIN \"case\" c ON c.id = a.target WHERE a.role IN ('approver', 'preparer', 'releaser') AND b.role IN ('approver', 'preparer', 'releaser')"
                .to_owned(),
        ),
        (
            "a batch whose instructions all have an end waits for nothing but its file's arrival",
            format!(
                "SELECT id FROM batch WHERE state NOT IN ('sending', 'closed', 'dissolved') AND NOT EXISTS \
                 (SELECT 1 FROM instruction WHERE batch = batch.id AND state NOT IN {DONE})"
            ),
        ),
        (
            "an award holds no more than its decision gives and open recoveries ask back",
            "SELECT a.id FROM award a WHERE a.amount + (SELECT coalesce(sum(amount), 0) FROM recovery WHERE award = a.id AND state IN ('found', \
             'notified', 'heard')) < (SELECT coalesce(sum(h.reserved + h.committed + h.in_flight + h.paid), 0) FROM holding h JOIN instalment i \
             ON i.id = h.holder WHERE i.award = a.id) + (SELECT coalesce(sum(i.amount), 0) FROM instalment i WHERE i.award = a.id AND i.state = 'pledged')"
                .to_owned(),
        ),
    ]
}

/// Whether nothing is left to do: what the city owes, is owed, and has to answer is over.
pub const OVER: &str = "SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM \"case\" WHERE state NOT IN ('closed', 'withdrawn', 'refused')) \
    AND NOT EXISTS (SELECT 1 FROM award WHERE state IN ('reserved', 'committed')) \
    AND NOT EXISTS (SELECT 1 FROM instalment WHERE state NOT IN ('paid', 'skipped', 'ended', 'cancelled', 'given_up')) \
    AND NOT EXISTS (SELECT 1 FROM objection WHERE state IN ('lodged', 'examined')) \
    AND NOT EXISTS (SELECT 1 FROM appeal WHERE state IN ('lodged', 'admissible', 'examined')) \
    AND NOT EXISTS (SELECT 1 FROM recovery WHERE state NOT IN ('dropped', 'collected', 'written_off', 'cancelled')) \
    AND NOT EXISTS (SELECT 1 FROM hold WHERE lifted_at IS NULL) \
    AND NOT EXISTS (SELECT 1 FROM difference WHERE state <> 'closed') \
    AND NOT EXISTS (SELECT 1 FROM line WHERE year = 2023 AND state <> 'closed')";

/// The laws that a state breaks.
pub fn broken(connection: &mut Connection, laws: &[Law]) -> Vec<String> {
    let found = |(sentence, sql): &Law| {
        let rows = connection.rows(sql, &[]).unwrap();
        (!rows.is_empty()).then(|| format!("{sentence}: {rows:?}"))
    };
    laws.iter().filter_map(found).collect()
}
