//! Briefing: figures for the public, each computed from register and ledger on a day and opened to its rows.

use meed_facts::date::Date;
use meed_facts::money::Money;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::office::Setup;
use crate::register::{Held, held};
use crate::stop::Answer;
use crate::store::{CURRENCY, Cell, Connection, Field};
use crate::tx::Tx;

/// What a figure counts or adds up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figure {
    /// A stable name.
    pub name: String,
    /// What people call it.
    pub label: Words,
    /// Holders of a title,
    pub title: Option<String>,
    /// at this level,
    pub level: Option<String>,
    /// to whom it was granted in this year; without a year, who hold it on the day.
    pub granted_in: Option<i16>,
    /// Awards of a measure,
    pub measure: Option<String>,
    /// decided for this year:
    pub year: Option<i16>,
    /// what of them.
    #[serde(default)]
    pub what: What,
}

/// A label in a file of figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What a figure tells of awards.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// How many there are.
    #[default]
    Count,
    /// What was decided, in yuan.
    Decided,
    /// What has arrived, in yuan.
    Paid,
}

/// A file of figures.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// The figures, in the order in which they are told.
    pub figure: Vec<Figure>,
}

/// A figure's value, and the rows behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// The figure.
    pub figure: Figure,
    /// A number, or an amount in yuan.
    pub value: String,
    /// Ids of the applicants or awards that were counted.
    pub rows: Vec<String>,
    /// The log entry up to which the office was read.
    pub seq: i64,
}

impl Told {
    /// As JSON: the query, its log position, its value and its rows.
    pub fn to_json(&self) -> Value {
        json!({"figure": self.figure, "value": self.value, "rows": self.rows, "seq": self.seq.to_string()})
    }
}

/// Computes figures as of a day.
///
/// # Errors
/// Where the database fails.
pub fn briefing(connection: &mut Connection, setup: &Setup, figures: &Figures, on: Date) -> Answer<Vec<Told>> {
    let mut tx = Tx::reading(connection, setup)?;
    let seq = tx.seq.saturating_sub(1);
    let titles = held(&mut tx, on)?;
    let mut told = Vec::new();
    for figure in &figures.figure {
        let (value, rows) = match (&figure.title, &figure.measure) {
            (Some(title), _) => holders(&titles, figure, title, on),
            (None, Some(measure)) => awards(&mut tx, figure, measure)?,
            (None, None) => ("0".to_owned(), Vec::new()),
        };
        told.push(Told {
            figure: figure.clone(),
            value,
            rows,
            seq,
        });
    }
    Ok(told)
}

fn holders(titles: &[Held], figure: &Figure, title: &str, on: Date) -> (String, Vec<String>) {
    let counts = |held: &&Held| {
        let same = held.title == title && (figure.level.is_none() || held.level == figure.level);
        let then = match figure.granted_in {
            Some(year) => held.granted.is_some_and(|day| day.year() == year && day <= on),
            None => held.granted.is_some_and(|day| day <= on) && held.ends().is_none_or(|day| day > on),
        };
        same && then
    };
    let mut rows: Vec<String> = titles.iter().filter(counts).map(|held| held.subject.clone()).collect();
    rows.sort();
    rows.dedup();
    (rows.len().to_string(), rows)
}

fn awards(tx: &mut Tx<'_>, figure: &Figure, measure: &str) -> Answer<(String, Vec<String>)> {
    let sql = "SELECT award.id, award.amount, CAST(coalesce((SELECT sum(holding.paid) FROM instalment JOIN holding ON holding.holder = \
               instalment.id WHERE instalment.award = award.id), 0) AS BIGINT), \"case\".on_date FROM award JOIN \"case\" ON \
               \"case\".id = award.case_id WHERE award.family = $1 AND award.state NOT IN ('reserved', 'annulled', 'renounced') ORDER BY award.id";
    let (mut rows, mut decided, mut paid) = (Vec::new(), 0_i128, 0_i128);
    for row in tx.query(sql, &[measure.into()])? {
        if let [Cell::Text(id), Cell::Int(amount), Cell::Int(arrived), day] = row.as_slice() {
            let day = Date::from_cell(day)?;
            if figure.year.is_none_or(|year| day.year() == year) {
                rows.push(id.clone());
                decided = decided.saturating_add(i128::from(*amount));
                paid = paid.saturating_add(i128::from(*arrived));
            }
        }
    }
    let yuan = |minor| Money::from_minor(minor, CURRENCY).to_decimal();
    let value = match figure.what {
        What::Count => rows.len().to_string(),
        What::Decided => yuan(decided),
        What::Paid => yuan(paid),
    };
    Ok((value, rows))
}
