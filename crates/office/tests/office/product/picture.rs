//! When two states of the office are the same: everything that an act reads is the same, but for ids, log positions and what is over. Of an
//! instant counts what is asked of it: whether a list is clear, whether a recheck is of today.
//!
//! What does not count, and why:
//!
//! * the day on which an instalment was due, but for its year and which of one payer's came first: the rules are asked about the day of later
//!   payments only;
//! * an objection that is over: the office asks for open ones only, so that there may be another one;
//! * an instruction that came to nothing: another takes its place, and the office asks for the live one; where money came back from, the last
//!   attempt tells to which account it does not go again;
//! * a batch whose instructions all have an end: at most its file's arrival is still to be told, which is never refused and changes nothing else;
//! * a recovery that is dropped or cancelled, but for whether the decision in force is its own, which an appeal asks: it leaves it alone;
//! * an appeal that is over and was not upheld: nothing changed by it;
//! * who did what on a batch that is released: its keys are turned; on a recovery that is over: only that they acted counts, because they
//!   examine no appeal; who turned a key for an act that the recovery's state no longer allows.

use std::collections::HashSet;
use std::fmt::{self, Write};

use meed_office::ledger::Account;
use meed_office::store::Connection;
use rusqlite::types::ValueRef;

use super::acts::rows;
use super::explore::Key;
use super::place::{DAYS, at};

/// An instalment by what tells it from the others of the award in force.
const LABEL: &str = "(i.payer || '/' || i.n)";

/// When an instalment is due, as far as it counts.
const DUE: &str = "CASE WHEN i.due > '{today}' OR i.period > 1 THEN i.due ELSE substr(i.due, 1, 4) || \
    (SELECT count(*) FROM instalment o WHERE o.award = i.award AND o.payer = i.payer AND o.due < i.due) END";

/// The instalments of awards that count.
const LIVE: &str = "instalment i JOIN award a ON a.id = i.award AND a.state <> 'annulled'";

/// Instructions that have an end.
pub const DONE: &str = "('paid', 'paid_in_part', 'returned', 'rejected', 'not_executed', 'cancelled')";

/// Recoveries of which nothing is left.
const GONE: &str = "('dropped', 'cancelled')";

/// What is read for a picture; each line finds the rows of one table in an order that does not depend on ids.
fn queries() -> Vec<String> {
    let held: Vec<String> = Account::held().map(|account| format!("h.{account}")).collect();
    let all: Vec<String> = Account::ALL.iter().map(|account| format!("b.{account}")).collect();
    let (held, all) = (held.join(", "), all.join(", "));
    let last = "(SELECT id FROM decision ORDER BY n DESC LIMIT 1)";
    vec![
        "SELECT state, list IS NOT NULL FROM \"case\"".to_owned(),
        "SELECT l.state, CASE WHEN l.clear_at > {now} THEN l.clear_at END, r.amount FROM \"case\" c JOIN list l ON l.id = c.list \
         JOIN \"row\" r ON r.list = l.id AND r.version = l.version ORDER BY l.version"
            .to_owned(),
        "SELECT state, examiner FROM objection WHERE state IN ('lodged', 'examined')".to_owned(),
        "SELECT d.kind, d.amount, p.kind, p.amount FROM decision d LEFT JOIN decision p ON p.id = d.supersedes ORDER BY d.n DESC LIMIT 1"
            .to_owned(),
        "SELECT state, amount FROM award WHERE state <> 'annulled'".to_owned(),
        format!(
            "SELECT {LABEL}, i.period, {DUE}, i.amount, i.state, i.waits_for, l.year, i.state = 'payable' AND i.payable_at = {{now}} FROM {LIVE} \
             LEFT JOIN line l ON l.id = i.line ORDER BY 1"
        ),
        format!(
            "SELECT {LABEL}, x.state, x.version FROM {LIVE} JOIN instruction x ON x.instalment = i.id \
             WHERE x.state NOT IN ('cancelled', 'rejected', 'not_executed', 'returned') OR i.state = 'returned' AND x.state = 'returned' ORDER BY 1"
        ),
        format!(
            "SELECT {LABEL}, b.state, b.state IN ('open', 'sealed') AND max(i.payable_at, coalesce(b.rechecked_at, 0)) = {{now}} FROM {LIVE} \
             JOIN instruction x ON x.instalment = i.id AND x.state NOT IN {DONE} JOIN batch b ON b.id = x.batch ORDER BY 1"
        ),
        format!("SELECT l.payer, l.year, l.state, {all} FROM line l JOIN line_balance b ON b.line = l.id ORDER BY 1, 2"),
        format!(
            "SELECT {LABEL}, l.payer, l.year, {held} FROM {LIVE} JOIN holding h ON h.holder = i.id JOIN line l ON l.id = h.line ORDER BY 1, 2, 3"
        ),
        format!("SELECT state, amount, decision = {last} FROM recovery WHERE state NOT IN {GONE} ORDER BY id"),
        format!("SELECT 1 FROM recovery WHERE state IN {GONE} AND decision = {last} LIMIT 1"),
        format!(
            "SELECT {LABEL}, c.amount, c.collected FROM {LIVE} JOIN claim c ON c.instalment = i.id \
             JOIN recovery r ON r.id = c.recovery AND r.state NOT IN {GONE} ORDER BY 1"
        ),
        format!(
            "SELECT state, decision = {last}, d.person FROM appeal LEFT JOIN deed d ON d.target = appeal.id AND d.role = 'examiner' \
             WHERE state IN ('lodged', 'admissible', 'examined') GROUP BY d.person ORDER BY d.person"
        ),
        "SELECT 1 FROM appeal WHERE state IN ('upheld', 'upheld_in_part') LIMIT 1".to_owned(),
        "SELECT kind FROM hold WHERE lifted_at IS NULL ORDER BY 1".to_owned(),
        format!("SELECT {LABEL}, p.live FROM {LIVE} JOIN pledge p ON p.instalment = i.id ORDER BY 1"),
        "SELECT payer, fund FROM queue ORDER BY 1".to_owned(),
        // The payee asks for another account once money came back.
        "SELECT version, state, state = 'prevalidated' AND EXISTS (SELECT 1 FROM instruction WHERE state = 'returned') FROM account ORDER BY 1"
            .to_owned(),
        "SELECT DISTINCT 'case', role, person FROM deed WHERE target IN (SELECT id FROM \"case\") UNION \
         SELECT 'recovery', CASE WHEN r.state IN ('found', 'notified', 'heard', 'decided', 'enforcing') THEN role END, person FROM deed \
         JOIN recovery r ON r.id = target WHERE r.state IN ('found', 'notified', 'heard', 'decided', 'enforcing') \
         OR person NOT IN (SELECT person FROM deed WHERE target IN (SELECT id FROM \"case\")) UNION \
         SELECT 'key', role, person FROM deed JOIN recovery r ON r.state = 'found' AND target LIKE 'drop:' || r.id || ':%' \
         OR r.state = 'enforcing' AND target LIKE 'write_off:' || r.id || ':%' UNION \
         SELECT l.payer, role, person FROM deed JOIN batch b ON b.id = target AND b.state IN ('open', 'sealed') \
         JOIN line l ON l.id = b.line ORDER BY 1, 2, 3"
            .to_owned(),
    ]
}

/// How an office's state is read.
pub struct Camera {
    queries: Vec<Query>,
}

/// What finds the rows of a part.
struct Query {
    /// Of each day.
    sql: Vec<String>,
    /// The tables that it names.
    tables: Vec<String>,
}

/// What the database looks like on a day, part by part.
#[derive(Default)]
pub struct Picture(Vec<String>);

impl Camera {
    pub fn new(connection: &mut Connection) -> Self {
        let tables: Vec<String> = rows::<1>(
            connection,
            "SELECT name FROM sqlite_master WHERE type IN ('table', 'view')",
        )
        .into_iter()
        .map(|[table]| table)
        .collect();
        let named = |sql: &str| {
            let words: HashSet<&str> = sql
                .split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')
                .collect();
            tables
                .iter()
                .filter(|table| words.contains(table.as_str()))
                .cloned()
                .collect()
        };
        let on = |sql: &str, day: usize| {
            let now = at(day);
            sql.replace("{now}", &now.milliseconds().to_string())
                .replace("{today}", &now.date().unwrap().to_string())
        };
        let query = |sql: String| Query {
            tables: named(&sql),
            sql: (0..DAYS.len()).map(|day| on(&sql, day)).collect(),
        };
        let queries = queries().into_iter().map(query).collect();
        Self { queries }
    }

    /// The whole state on a day.
    pub fn take(&self, connection: &mut Connection, day: usize) -> Picture {
        Picture(self.queries.iter().map(|query| query.part(connection, day)).collect())
    }

    /// The state where of another one on the same day only some tables were written.
    pub fn retake(
        &self,
        connection: &mut Connection,
        day: usize,
        before: &Picture,
        written: &HashSet<String>,
    ) -> Picture {
        let part = |(query, part): (&Query, &String)| {
            if query.tables.iter().any(|table| written.contains(table)) {
                query.part(connection, day)
            } else {
                part.clone()
            }
        };
        Picture(self.queries.iter().zip(&before.0).map(part).collect())
    }
}

impl Query {
    fn part(&self, connection: &mut Connection, day: usize) -> String {
        let mut part = String::new();
        let mut query = connection.sqlite().unwrap().prepare_cached(&self.sql[day]).unwrap();
        let width = query.column_count();
        let mut rows = query.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            for column in 0..width {
                match row.get_ref(column).unwrap() {
                    ValueRef::Null => part.push('-'),
                    ValueRef::Integer(number) => write!(part, "{number}").unwrap(),
                    ValueRef::Text(text) => part.push_str(str::from_utf8(text).unwrap()),
                    other => panic!("{other:?} in a picture"),
                }
                part.push(' ');
            }
            part.push('\n');
        }
        part.push('\n');
        part
    }
}

impl fmt::Display for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.concat())
    }
}

impl Picture {
    /// By what the state on a day is known.
    pub fn key(&self, day: usize) -> Key {
        Key::of(&format!("{day}\n{self}"))
    }
}
