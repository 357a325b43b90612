//! Titles that somebody holds or held: those of the register's documents and those that the office recognised itself.

use std::collections::BTreeMap;

use meed_facts::date::{Date, Span};
use serde_json::Value;

use super::Title;
use super::known::suspensions;
use crate::stop::Answer;
use crate::store::{Cell, Field};
use crate::tx::Tx;

/// A title that somebody holds or held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its id; of one that the register states: applicant, title, level and first day, with dots between.
    pub id: String,
    /// Whose.
    pub subject: String,
    /// Which, in the words of the vocabulary.
    pub title: String,
    /// At which level.
    pub level: Option<String>,
    /// The first day
    pub granted: Option<Date>,
    /// and the day after the last.
    pub until: Option<Date>,
    /// The day from which it is taken back.
    pub revoked: Option<Date>,
    /// When it stood still.
    pub suspended: Vec<Span>,
    /// The number of its certificate, where the office made it out.
    pub certificate: Option<String>,
    /// Whether the office recognised it itself.
    pub own: bool,
}

impl Held {
    /// The day after the last on which it is held, where there is one.
    pub fn ends(&self) -> Option<Date> {
        self.until.into_iter().chain(self.revoked).min()
    }
}

/// The titles that the office knows on a day, in the order in which it came to know them.
///
/// # Errors
/// Where the database fails.
pub fn held(tx: &mut Tx<'_>, on: Date) -> Answer<Vec<Held>> {
    of(tx, on, None)
}

/// The titles that the office knows of one applicant on a day.
///
/// # Errors
/// Where the database fails.
pub fn held_by(tx: &mut Tx<'_>, on: Date, subject: &str) -> Answer<Vec<Held>> {
    of(tx, on, Some(subject))
}

fn of(tx: &mut Tx<'_>, on: Date, subject: Option<&str>) -> Answer<Vec<Held>> {
    let (whose, mine) = match subject {
        Some(subject) => (" AND subject = $2", vec![Cell::from(subject)]),
        None => ("", Vec::new()),
    };
    let sql = format!(
        "SELECT subject, value FROM fact WHERE path = '/titles' AND valid_from <= $1 AND (valid_to IS NULL OR valid_to > $1){whose} ORDER BY seq"
    );
    let arguments: Vec<Cell> = std::iter::once(Cell::from(&on)).chain(mine.iter().cloned()).collect();
    let mut latest = BTreeMap::new();
    for row in tx.query(&sql, &arguments)? {
        if let [Cell::Text(subject), value] = row.as_slice() {
            latest.insert(subject.clone(), Option::<Value>::from_cell(value)?);
        }
    }
    let mut all = Vec::new();
    for (subject, value) in latest {
        let Some(value) = value else { continue };
        let items = value
            .as_array()
            .or_else(|| value.get("known").and_then(Value::as_array));
        all.extend(items.into_iter().flatten().map(|item| stated(&subject, item)));
    }
    let whose = whose.replace("$2", "$1");
    let own = format!("granted IS NOT NULL AND state <> 'refused'{whose} ORDER BY id");
    for title in tx.rows::<Title>(&own, &mine)? {
        let spans = suspensions(tx, &title.id)?;
        all.push(Held {
            id: title.id,
            subject: title.subject,
            title: title.title,
            level: title.level,
            granted: title.granted,
            until: title.until,
            revoked: title.revoked,
            suspended: spans.iter().map(span).collect(),
            certificate: title.certificate,
            own: true,
        });
    }
    Ok(all)
}

fn stated(subject: &str, item: &Value) -> Held {
    let text = |name: &str| item.get(name).and_then(Value::as_str);
    let title = text("title").unwrap_or_default();
    let parts = [Some(subject), Some(title), text("level"), text("granted")];
    let suspended = item.get("suspended").and_then(Value::as_array);
    Held {
        id: parts.into_iter().flatten().collect::<Vec<_>>().join("."),
        subject: subject.to_owned(),
        title: title.to_owned(),
        level: text("level").map(str::to_owned),
        granted: day(item, "granted"),
        until: day(item, "until"),
        revoked: day(item, "revoked"),
        suspended: suspended.into_iter().flatten().map(span).collect(),
        certificate: None,
        own: false,
    }
}

fn span(value: &Value) -> Span {
    Span::new(day(value, "from"), day(value, "until"))
}

fn day(value: &Value, name: &str) -> Option<Date> {
    let text = value.get(name).and_then(Value::as_str)?;
    Date::parse(text).ok()
}
