//! Statistics: what is counted, by what, and where the rows behind it may be read.

use std::collections::BTreeMap;
use std::sync::Arc;

use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_facts::money::Money;
use meed_office::setup::Setup;
use meed_office::store::{CURRENCY, Cell, Connection};
use meed_office::time::Instant;
use meed_office::tx::Tx;

use super::holders::TitleNames;
use super::kept::Kept;
use super::titles::public;
use crate::determined::Names;
use crate::fault::Fault;
use crate::view::encoded;
use crate::words::Words;

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    /// Cases by their state.
    Cases,
    /// Awards by measure: how many.
    Awards,
    /// Awards by measure: how much.
    Amounts,
    /// What was decided, by month.
    Decided,
    /// What has arrived, by month.
    Paid,
    /// Titles by kind and level.
    Titles,
    /// Titles by the year of their grant.
    Years,
}

impl Topic {
    /// Every one, in the order in which they are shown.
    pub const ALL: [Topic; 7] = [
        Topic::Cases,
        Topic::Awards,
        Topic::Amounts,
        Topic::Decided,
        Topic::Paid,
        Topic::Titles,
        Topic::Years,
    ];

    /// Its name in addresses and data.
    pub const fn name(self) -> &'static str {
        match self {
            Topic::Cases => "cases",
            Topic::Awards => "awards",
            Topic::Amounts => "amounts",
            Topic::Decided => "decided",
            Topic::Paid => "paid",
            Topic::Titles => "titles",
            Topic::Years => "years",
        }
    }

    /// The key of what it is called.
    pub fn title(self) -> String {
        format!("figures-{}", self.name())
    }

    /// The key of its definition.
    pub fn definition(self) -> String {
        format!("figures-{}-definition", self.name())
    }

    /// The key of what it is counted by.
    pub const fn by(self) -> &'static str {
        match self {
            Topic::Cases => "titles-state",
            Topic::Awards | Topic::Amounts => "figures-by-measure",
            Topic::Decided | Topic::Paid => "figures-by-month",
            Topic::Titles => "titles-kind",
            Topic::Years => "titles-year",
        }
    }

    /// Whether it is money; else it is a number of rows.
    pub const fn is_money(self) -> bool {
        matches!(self, Topic::Amounts | Topic::Decided | Topic::Paid)
    }

    /// Whether it is a course over time.
    pub const fn is_course(self) -> bool {
        matches!(self, Topic::Decided | Topic::Paid | Topic::Years)
    }
}

/// One number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point {
    /// What it is about, as the office's tables name it.
    pub code: String,
    /// What people call that, in Chinese and in English.
    pub label: [String; 2],
    /// The number: rows, or fen.
    pub value: i128,
    /// Where the rows behind it may be read, or what they are about.
    pub href: Option<String>,
}

/// Numbers of one topic.
#[derive(Clone, Debug)]
pub struct Series {
    /// The topic.
    pub topic: Topic,
    /// Its numbers.
    pub points: Vec<Point>,
    /// The log entry up to which the office was read.
    pub seq: i64,
}

impl Series {
    /// A number as people read it.
    pub fn shown(&self, value: i128) -> String {
        if self.topic.is_money() {
            Money::from_minor(value, CURRENCY).to_decimal()
        } else {
            value.to_string()
        }
    }
}

impl Point {
    /// What it is about, in a language.
    pub fn label(&self, lang: Lang) -> &str {
        let [zh, en] = &self.label;
        match lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// The award states in which money is given.
const GIVEN: &str = "award.state NOT IN ('reserved', 'annulled', 'renounced')";

/// All numbers, as of a day.
///
/// # Errors
/// Where the database fails.
pub fn compute(connection: &mut Connection, setup: &Setup, on: Date) -> Result<Arc<Vec<Series>>, Fault> {
    static KEPT: Kept<Vec<Series>> = Kept::new();
    let mut tx = Tx::reading(connection, setup)?;
    KEPT.or_read(&mut tx, on, |tx| read(tx, on))
}

fn read(tx: &mut Tx<'_>, on: Date) -> Result<Vec<Series>, Fault> {
    let seq = tx.seq.saturating_sub(1);
    let (names, titles) = (Names::read(tx)?, TitleNames::read(tx)?);
    let all = public(tx, on)?;
    let mut series = Vec::new();
    for topic in Topic::ALL {
        let points = match topic {
            Topic::Cases => cases(tx)?,
            Topic::Awards => awards(tx, &names, "count(*)")?,
            Topic::Amounts => awards(tx, &names, "CAST(sum(award.amount) AS BIGINT)")?,
            Topic::Decided => months(
                tx,
                &format!(
                    "SELECT decision.at, award.amount FROM award JOIN decision ON decision.id = award.decision WHERE {GIVEN}"
                ),
            )?,
            Topic::Paid => months(
                tx,
                "SELECT log.at, posting.amount FROM posting JOIN log ON log.seq = posting.seq WHERE posting.to_account = 'paid' AND posting.from_account = 'in_flight'",
            )?,
            Topic::Titles => {
                let keys = all.iter().map(|one| (one.title.clone(), one.level.clone()));
                counted(keys)
                    .map(|(key, number)| by_kind(&titles, key, number))
                    .collect()
            }
            Topic::Years => {
                let years = all
                    .iter()
                    .filter_map(|one| one.granted)
                    .map(|day| day.year().to_string());
                counted(years)
                    .map(|(year, number)| point(&year, number, Some(format!("/titles?year={year}"))))
                    .collect()
            }
        };
        series.push(Series { topic, points, seq });
    }
    Ok(series)
}

fn point(code: &str, value: i128, href: Option<String>) -> Point {
    let label = [code.to_owned(), code.to_owned()];
    Point {
        code: code.to_owned(),
        label,
        value,
        href,
    }
}

fn counted<K: Ord>(keys: impl Iterator<Item = K>) -> impl Iterator<Item = (K, i128)> {
    let mut numbers: BTreeMap<K, i128> = BTreeMap::new();
    for key in keys {
        let number = numbers.entry(key).or_default();
        *number = number.saturating_add(1);
    }
    numbers.into_iter()
}

fn cases(tx: &mut Tx<'_>) -> Result<Vec<Point>, Fault> {
    let rows = tx.query(
        "SELECT state, count(*) FROM \"case\" GROUP BY state ORDER BY 2 DESC, 1",
        &[],
    )?;
    let points = rows.iter().filter_map(|row| match row.as_slice() {
        [Cell::Text(state), Cell::Int(number)] => {
            let key = format!("state-case-{state}").replace('_', "-");
            let word = |lang| Words::new(lang).known(&key).unwrap_or_else(|| state.clone());
            let mut one = point(state, i128::from(*number), None);
            one.label = [word(Lang::Zh), word(Lang::En)];
            Some(one)
        }
        _ => None,
    });
    Ok(points.collect())
}

fn awards(tx: &mut Tx<'_>, names: &Names, what: &str) -> Result<Vec<Point>, Fault> {
    let rows = tx.query(
        &format!("SELECT family, {what} FROM award WHERE {GIVEN} GROUP BY family ORDER BY 2 DESC, 1"),
        &[],
    )?;
    let points = rows.iter().filter_map(|row| match row.as_slice() {
        [Cell::Text(family), Cell::Int(number)] => {
            let mut one = point(
                family,
                i128::from(*number),
                Some(format!("/measures/{}", encoded(family))),
            );
            if let Some(label) = names.of(family) {
                one.label = [Lang::Zh, Lang::En].map(|lang| label.text(lang, family).to_owned());
            }
            Some(one)
        }
        _ => None,
    });
    Ok(points.collect())
}

/// Amounts by the month of an instant, in Shanghai; months without money between others stand as zero.
fn months(tx: &mut Tx<'_>, sql: &str) -> Result<Vec<Point>, Fault> {
    let mut sums: BTreeMap<(i16, i8), i128> = BTreeMap::new();
    for row in tx.query(sql, &[])? {
        if let [Cell::Int(at), Cell::Int(amount)] = row.as_slice()
            && let Some(day) = Instant::from_milliseconds(*at).date()
        {
            let sum = sums.entry((day.year(), day.month())).or_default();
            *sum = sum.saturating_add(i128::from(*amount));
        }
    }
    Ok(without_gaps(&sums))
}

fn without_gaps(sums: &BTreeMap<(i16, i8), i128>) -> Vec<Point> {
    let (Some((first, _)), Some((last, _))) = (sums.first_key_value(), sums.last_key_value()) else {
        return Vec::new();
    };
    let next = |(year, month): &(i16, i8)| {
        Some(if *month >= 12 {
            (year.saturating_add(1), 1)
        } else {
            (*year, month.saturating_add(1))
        })
    };
    let all = std::iter::successors(Some(*first), next).take_while(|month| month <= last);
    all.map(|(year, month)| {
        let sum = sums.get(&(year, month)).copied().unwrap_or(0);
        point(&format!("{year}-{month:02}"), sum, None)
    })
    .collect()
}

fn by_kind(titles: &TitleNames, (title, level): (String, Option<String>), number: i128) -> Point {
    let words = |lang| {
        let level = titles.level(lang, &title, level.as_deref());
        let gap = if level.is_empty() { "" } else { " · " };
        format!("{}{gap}{level}", titles.title(lang, &title))
    };
    let mut href = format!("/titles?title={}", encoded(&title));
    let mut code = title.clone();
    if let Some(level) = &level {
        href.push_str(&format!("&level={}", encoded(level)));
        code.push_str(&format!(".{level}"));
    }
    Point {
        code,
        label: [words(Lang::Zh), words(Lang::En)],
        value: number,
        href: Some(href),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_without_money_stand_as_zero_between_others() {
        let sums = BTreeMap::from([((2022, 11), 5), ((2023, 2), 7)]);
        let points = without_gaps(&sums);
        let read: Vec<(&str, i128)> = points.iter().map(|point| (point.code.as_str(), point.value)).collect();
        assert_eq!(read, [("2022-11", 5), ("2022-12", 0), ("2023-01", 0), ("2023-02", 7)]);
        assert!(without_gaps(&BTreeMap::new()).is_empty());
    }

    #[test]
    fn every_topic_has_words() {
        for topic in Topic::ALL {
            for lang in [Lang::Zh, Lang::En] {
                for key in [topic.title(), topic.definition(), topic.by().to_owned()] {
                    assert!(Words::new(lang).known(&key).is_some(), "{key}");
                }
            }
        }
    }
}
