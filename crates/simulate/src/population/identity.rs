//! Identifiers that are valid and that nobody has.
//!
//! Their check characters are right, so every reader takes them; their division, `239900`, is one of a prefecture that Heilongjiang
//! never had, so no register has given them out or will: who sees `…239900…` in a file knows that its records are invented.

use meed_facts::date::{Date, Days};
use meed_facts::identifier::{citizen_id, credit_code};

// GB 32100-2015, table 2.
const ALPHABET: [char; 31] = [
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'L', 'M', 'N',
    'P', 'Q', 'R', 'T', 'U', 'W', 'X', 'Y',
];

/// The credit code of a row: `start`, which are department, kind and division, the row in base 31, check characters.
pub(super) fn credit_code(start: &str, row: u64) -> Option<String> {
    let mut digits = Vec::with_capacity(8);
    let mut rest = row;
    for _ in 0..8 {
        digits.push(*ALPHABET.get(usize::try_from(rest.checked_rem(31)?).ok()?)?);
        rest = rest.checked_div(31)?;
    }
    if rest > 0 {
        return None;
    }
    let organisation: String = digits.into_iter().rev().collect();
    let mut code = format!("{start}{organisation}");
    code.push(credit_code::organisation_check(&organisation)?);
    code.push(credit_code::check_character(&code)?);
    Some(code)
}

/// Numbers that one birthday has within a division's hundred.
const SERIALS: u64 = 100_000;
/// Days of the year on which somebody invented may be born: never on a year's last in a leap year.
const BIRTHDAYS: u64 = 365;

/// The citizen number of a row: `start`, which is the first four digits of the division, birthday, serial number, check character.
///
/// Rows with the same serial have different birthdays ([`birthday`]), so numbers are different for the first 36.5 million rows.
pub(super) fn citizen_number(start: &str, born: Date, row: u64) -> Option<String> {
    let serial = row.checked_rem(SERIALS)?;
    let (place, within) = (serial.checked_div(1000)?, serial.checked_rem(1000)?);
    let mut number = format!(
        "{start}{place:02}{:04}{:02}{:02}{within:03}",
        born.year(),
        born.month(),
        born.day()
    );
    number.push(citizen_id::check_character(&number)?);
    Some(number)
}

/// A valid citizen number that nobody has, another one for each row: it stands where a person's own must not.
pub fn citizen_of_nobody(row: u64) -> Option<String> {
    citizen_number("2399", birthday(row, 1990)?, row)
}

/// The birthday of a row in a year.
pub(super) fn birthday(row: u64, year: i16) -> Option<Date> {
    let (round, serial) = (row.checked_div(SERIALS)?, row.checked_rem(SERIALS)?);
    // 149 is prime, so neighbours are spread over the year.
    let day = round.checked_add(serial.checked_mul(149)?)?.checked_rem(BIRTHDAYS)?;
    Date::new(year, 1, 1)?.plus_days(Days(i32::try_from(day).ok()?))
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use meed_facts::identifier::Kind;

    use super::*;

    #[test]
    fn identifiers_are_valid_and_each_its_own() {
        let rows = (0..5000)
            .chain((1..200).map(|round| round * 100_000 + 7))
            .chain([852_891_037_440]);
        let mut seen = HashSet::new();
        for row in rows {
            let code = credit_code("91239900", row).unwrap();
            assert_eq!(&*Kind::CreditCode.check(&code, None).unwrap(), code);
            let born = birthday(row, 1990).unwrap();
            let number = citizen_number("2399", born, row).unwrap();
            assert_eq!(&*Kind::CitizenId.check(&number, None).unwrap(), number);
            assert!(seen.insert(code) && seen.insert(number), "{row}");
        }
    }

    #[test]
    fn there_are_as_many_credit_codes_as_31_to_the_8th() {
        assert!(credit_code("91239900", 31_u64.pow(8) - 1).is_some());
        assert_eq!(credit_code("91239900", 31_u64.pow(8)), None);
    }
}
