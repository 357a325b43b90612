//! Administrative divisions (GB/T 2260), dated.
//!
//! The table has all divisions of provincial level, and all divisions of Heilongjiang since 2001. A code of another
//! province is accepted by its form and its province.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::IdentifierError;
use crate::date::{Date, Span};
use crate::label::Label;
use crate::message::Message;

const TABLE: &str = include_str!("../../data/divisions.csv");

/// Provinces whose prefectures have all their divisions in the table, and since which day.
const COMPLETE: [(&str, &str); 1] = [("23", "2001-01-01")];

/// Prefectures of those provinces in which codes are in use that the ministry's tables do not have: the management
/// districts of Da Hinggan Ling.
const INCOMPLETE: [&str; 1] = ["2327"];

/// One division under one code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Division {
    /// The six digits.
    pub code: &'static str,
    /// Its name.
    pub label: Label,
    /// When it was in force under this code and name.
    pub span: Span,
}

static DIVISIONS: LazyLock<BTreeMap<&'static str, Vec<Division>>> = LazyLock::new(|| {
    let mut divisions: BTreeMap<&str, Vec<Division>> = BTreeMap::new();
    for division in TABLE.lines().filter_map(row) {
        divisions.entry(division.code).or_default().push(division);
    }
    divisions
});

// A test reads the same file strictly, so a row that is skipped here cannot go unnoticed.
fn row(line: &'static str) -> Option<Division> {
    let mut cells = line.split(',');
    let mut cell = || cells.next();
    let code = cell().filter(|code| code.len() == 6 && code.bytes().all(|byte| byte.is_ascii_digit()))?;
    let label = Label {
        zh: cell().map(Into::into),
        en: cell().map(Into::into),
    };
    let mut end = || cell().and_then(|text| Date::parse(text).ok());
    Some(Division {
        code,
        label,
        span: Span::new(end(), end()),
    })
}

/// All divisions of the table, by code and then in the order of time.
pub fn all() -> impl Iterator<Item = &'static Division> {
    DIVISIONS.values().flatten()
}

/// The division with this code on the day, where the table has it.
pub fn find(code: &str, on: Date) -> Option<&'static Division> {
    DIVISIONS.get(code)?.iter().find(|division| division.span.contains(on))
}

// By the first two digits.
static PROVINCES: LazyLock<Vec<Option<&'static Division>>> = LazyLock::new(|| {
    let province = |digits: u8| DIVISIONS.get(format!("{digits:02}0000").as_str())?.first();
    (0..100).map(province).collect()
});

/// The division of provincial level that the code lies in (by its first two digits).
pub fn province(code: &str) -> Option<&'static Division> {
    let mut digits = code.chars().map(|character| character.to_digit(10));
    let (tens, ones) = (digits.next()??, digits.next()??);
    let index = tens.checked_mul(10)?.checked_add(ones)?;
    *PROVINCES.get(usize::try_from(index).ok()?)?
}

fn complete_since(code: &str) -> Option<Date> {
    let prefecture = code.get(..4)?;
    if INCOMPLETE.contains(&prefecture) || !DIVISIONS.contains_key(format!("{prefecture}00").as_str()) {
        return None;
    }
    let (_, since) = COMPLETE.iter().find(|(province, _)| code.starts_with(province))?;
    Date::parse(since).ok()
}

/// Whether the code was in force on `since` or some later day; `None` where the table cannot say.
pub fn known_since(code: &str, since: Date) -> Option<bool> {
    if let Some(divisions) = DIVISIONS.get(code) {
        return Some(
            divisions
                .iter()
                .any(|division| division.span.until.is_none_or(|until| since < until)),
        );
    }
    let complete = complete_since(code)?;
    (complete <= since).then_some(false)
}

pub(super) fn check(code: &str, on: Option<Date>) -> Result<(), IdentifierError> {
    let length = code.chars().count();
    if length != 6 {
        return Err(IdentifierError::whole((
            format!("a division has 6 digits, this has {length} characters"),
            format!("区划代码有 6 位数字，此处为 {length} 个字符"),
        )));
    }
    if let Some((position, character)) = (1..)
        .zip(code.chars())
        .find(|(_, character)| !character.is_ascii_digit())
    {
        return Err(IdentifierError::at(
            position,
            (
                format!("character {position} is `{character}`; a division has 6 digits"),
                format!("第 {position} 位是 `{character}`；区划代码有 6 位数字"),
            ),
        ));
    }
    if province(code).is_none() {
        return Err(IdentifierError::at(
            1,
            (
                format!("{code} is in no province of GB/T 2260"),
                format!("{code} 不属于 GB/T 2260 的任何省份"),
            ),
        ));
    }
    if code.get(2..4) == Some("00") && code.get(4..6) != Some("00") {
        return Err(IdentifierError::at(
            3,
            (
                format!("{code} names a county in no prefecture"),
                format!("{code} 是县级代码，却没有所属的地级"),
            ),
        ));
    }
    match (DIVISIONS.get(code), on) {
        (Some(divisions), Some(day)) if !divisions.iter().any(|division| division.span.contains(day)) => {
            Err(IdentifierError::whole(not_in_force(code, day, divisions)))
        }
        (None, day) if complete_since(code).is_some_and(|since| day.is_none_or(|day| since <= day)) => {
            Err(IdentifierError::whole((
                format!("{code} is not in the table of its province's divisions"),
                format!("{code} 不在其所属省份的区划表中"),
            )))
        }
        _ => Ok(()),
    }
}

fn not_in_force(code: &str, day: Date, divisions: &[Division]) -> Message {
    let name = |division: &Division| division.label.zh.as_deref().unwrap_or(code).to_owned();
    let before = divisions
        .iter()
        .rev()
        .find(|division| division.span.until.is_some_and(|until| until <= day));
    let (en, zh) = match (before, divisions.first()) {
        (Some(division), _) => {
            let until = division.span.until.unwrap_or(day);
            (
                format!("{code} ({}) was abolished on {until}", name(division)),
                format!("{code}（{}）已于 {until} 撤销", name(division)),
            )
        }
        (None, Some(division)) => (
            format!("{code} ({}) did not exist yet on {day}", name(division)),
            format!("{code}（{}）在 {day} 尚未设立", name(division)),
        ),
        (None, None) => (
            format!("{code} was not in force on {day}"),
            format!("{code} 在 {day} 无效"),
        ),
    };
    Message::new(en, zh)
}

/// Whether `code` lies within `whole` (or is the same) on the day. One that the table does not have on that day, before it
/// was founded or after it was abolished, may have become part of any; a code the table does not have at all lies where its digits say. A province does
/// not tell in which of its divisions something lies.
pub fn is_within(code: &str, whole: &str, on: Date) -> Option<bool> {
    let is_in_force = DIVISIONS
        .get(code)
        .is_none_or(|divisions| divisions.iter().any(|division| division.span.contains(on)));
    let (part, whole) = (significant(code), significant(whole));
    match (part.starts_with(whole), whole.starts_with(part)) {
        _ if !is_in_force => None,
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    }
}

/// The digits that tell: two of a province, four of a prefecture.
fn significant(code: &str) -> &str {
    let prefecture = code.strip_suffix("00").unwrap_or(code);
    prefecture.strip_suffix("00").unwrap_or(prefecture)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn every_row_of_the_table_is_read() {
        let rows: Vec<&str> = TABLE.lines().filter(|line| !line.starts_with(['#', 'c'])).collect();
        assert_eq!(all().count(), rows.len());
        for line in rows {
            let cells: Vec<&str> = line.split(',').collect();
            assert_eq!(cells.len(), 6, "{line}");
            assert!(
                cells[3..5].iter().all(|end| end.is_empty() || Date::parse(end).is_ok()),
                "{line}"
            );
            assert!(!row(line).unwrap().span.is_empty(), "{line}");
        }
    }

    #[test]
    fn the_table_has_the_known_numbers_of_divisions() {
        let now = on("2024-01-01");
        let current = |filter: fn(&str) -> bool| {
            all()
                .filter(|division| division.span.contains(now) && filter(division.code))
                .count()
        };
        assert_eq!(current(|code| code.ends_with("0000")), 34);
        assert_eq!(
            current(|code| code.starts_with("23") && code.ends_with("00") && !code.ends_with("0000")),
            13
        );
        assert_eq!(current(|code| code.starts_with("2301") && !code.ends_with("00")), 18);
        assert_eq!(current(|code| code.starts_with("23") && !code.ends_with("00")), 121);
    }

    #[test]
    fn what_was_abolished_is_in_force_before() {
        assert!(check("230182", Some(on("2014-05-01"))).is_ok());
        let error = check("230182", Some(on("2014-05-02"))).unwrap_err();
        assert!(
            error.message.en.contains("双城市") && error.message.en.contains("2014-05-02"),
            "{error}"
        );
        assert!(
            check("230113", Some(on("2014-05-01")))
                .unwrap_err()
                .message
                .en
                .contains("did not exist yet")
        );
        assert!(check("230182", None).is_ok() && check("230119", None).is_err() && check("990101", None).is_err());
    }

    #[test]
    fn within_follows_the_digits_and_the_day() {
        let now = on("2024-01-01");
        for (part, whole) in [("230102", "230100"), ("230102", "230000"), ("230100", "230100")] {
            assert_eq!(is_within(part, whole, now), Some(true), "{part} {whole}");
        }
        assert_eq!(is_within("230200", "230100", now), Some(false));
        assert_eq!(is_within("230105", "230100", on("2003-01-01")), Some(true));
    }

    #[test]
    fn what_is_coarser_or_not_in_force_does_not_tell() {
        let now = on("2024-01-01");
        assert_eq!(is_within("230000", "230100", now), None);
        assert_eq!(is_within("230000", "110000", now), Some(false));
        assert_eq!(is_within("230105", "230100", now), None);
        assert_eq!(is_within("230105", "110000", now), None);
    }
}
