//! Industries (GB/T 4754-2017): sections A to T, divisions of two digits, groups of three, classes of four.
//!
//! The table has the sections and divisions. Groups and classes are accepted under a division that exists; their
//! canonical form carries the section, and `3411` may be written for `C3411`.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use super::IdentifierError;
use crate::label::Label;

const TABLE: &str = include_str!("../../data/industries.csv");

/// A section (`C`) or division (`C34`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Industry {
    /// The code with its section.
    pub code: &'static str,
    /// Its name.
    pub label: Label,
}

static INDUSTRIES: LazyLock<BTreeMap<&'static str, Industry>> = LazyLock::new(|| {
    let rows = TABLE.lines().filter_map(|line| {
        let mut cells = line.split(',');
        let code = cells
            .next()
            .filter(|code| matches!(code.len(), 1 | 3) && code.starts_with(|c: char| c.is_ascii_uppercase()))?;
        let label = Label {
            zh: cells.next().map(Into::into),
            en: cells.next().map(english),
        };
        Some((code, Industry { code, label }))
    });
    rows.collect()
});

// The table has semicolons where English has commas, because commas part its columns.
fn english(cell: &str) -> Arc<str> {
    cell.replace(';', ",").into()
}

/// All sections and divisions, by code.
pub fn all() -> impl Iterator<Item = &'static Industry> {
    INDUSTRIES.values()
}

/// The section or division with this code, the most exact for a longer one.
pub fn find(code: &str) -> Option<&'static Industry> {
    let division = code.get(..3).and_then(|division| INDUSTRIES.get(division));
    division.or_else(|| INDUSTRIES.get(code))
}

/// The code with its section: `3411` becomes `C3411`.
pub(super) fn canonical(code: &str) -> Result<String, IdentifierError> {
    let digits = code.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let section = code.strip_suffix(digits).unwrap_or("");
    if section.len() > 1 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(IdentifierError::whole((
            format!("{code}: an industry is a section A to T and 2 to 4 digits, as in C3411"),
            format!("{code}：行业代码由门类字母 A 至 T 和 2 至 4 位数字组成，如 C3411"),
        )));
    }
    if digits.is_empty() {
        return match INDUSTRIES.get(section) {
            Some(_) => Ok(section.to_owned()),
            None => Err(IdentifierError::at(
                1,
                (
                    format!("there is no section {section}; GB/T 4754-2017 has A to T"),
                    format!("没有门类 {section}；GB/T 4754-2017 的门类为 A 至 T"),
                ),
            )),
        };
    }
    if !(2..=4).contains(&digits.len()) {
        return Err(IdentifierError::whole((
            format!("{code} has {} digits; an industry has 2 to 4", digits.len()),
            format!("{code} 有 {} 位数字；行业代码有 2 至 4 位", digits.len()),
        )));
    }
    let number = digits.get(..2).unwrap_or("");
    let Some(division) = INDUSTRIES.keys().find(|key| key.len() == 3 && key.ends_with(number)) else {
        return Err(IdentifierError::whole((
            format!("there is no division {number} in GB/T 4754-2017"),
            format!("GB/T 4754-2017 没有大类 {number}"),
        )));
    };
    let right = division.get(..1).unwrap_or("");
    if !section.is_empty() && section != right {
        return Err(IdentifierError::at(
            1,
            (
                format!("division {number} is in section {right}, not {section}"),
                format!("大类 {number} 属于门类 {right}，不属于 {section}"),
            ),
        ));
    }
    Ok(format!("{right}{digits}"))
}

/// Whether `code` lies within `whole` or is the same: `C3411` within `C341`, `C34` and `C`. `C34` alone does not tell whether it is `C3411`.
pub fn is_within(code: &str, whole: &str) -> Option<bool> {
    match (code.starts_with(whole), whole.starts_with(code)) {
        (true, _) => Some(true),
        (false, true) => None,
        (false, false) => Some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_20_sections_and_97_divisions() {
        assert_eq!(all().filter(|industry| industry.code.len() == 1).count(), 20);
        assert_eq!(all().filter(|industry| industry.code.len() == 3).count(), 97);
        let rows = TABLE.lines().filter(|line| !line.starts_with(['#', 'c'])).count();
        assert_eq!(all().count(), rows);
        assert!(
            TABLE
                .lines()
                .filter(|line| !line.starts_with('#'))
                .all(|line| line.split(',').count() == 3)
        );
    }

    #[test]
    fn the_section_is_added_and_checked() {
        assert_eq!(canonical("3411").as_deref(), Ok("C3411"));
        assert_eq!(canonical("C34").as_deref(), Ok("C34"));
        assert_eq!(canonical("I").as_deref(), Ok("I"));
        for wrong in ["D34", "U", "C", "98", "C3", "C34111", "34X", "CC34", ""] {
            assert_eq!(canonical(wrong).is_ok(), wrong == "C", "{wrong}");
        }
    }

    #[test]
    fn a_class_lies_within_its_group_division_and_section() {
        assert!(
            ["C3411", "C341", "C34", "C"]
                .iter()
                .all(|whole| is_within("C3411", whole) == Some(true))
        );
        assert_eq!(is_within("C35", "C34"), Some(false));
    }

    #[test]
    fn a_coarser_code_does_not_tell_in_which_part_it_lies() {
        assert_eq!(is_within("C34", "C3411"), None);
        assert_eq!(is_within("C", "C34"), None);
        assert_eq!(is_within("D", "C34"), Some(false));
    }
}
