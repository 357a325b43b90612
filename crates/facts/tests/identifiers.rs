//! Check characters catch every single mistyped character and every swap of neighbours.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "a test may overflow: that fails it")]

use meed_facts::identifier::{Kind, citizen_id, credit_code};
use proptest::prelude::*;

const ALPHABET: &str = "0123456789ABCDEFGHJKLMNPQRTUWXY";

fn credit() -> impl Strategy<Value = String> {
    ("91230100", "[0-9A-HJ-NP-RTUW-Y]{8}").prop_map(|(head, organisation)| {
        let inner = credit_code::organisation_check(&organisation).unwrap();
        let code = format!("{head}{organisation}{inner}");
        format!("{code}{}", credit_code::check_character(&code).unwrap())
    })
}

fn citizen() -> impl Strategy<Value = String> {
    (1950..2010, 1..=12, 1..=28, 0..1000).prop_map(|(year, month, day, serial)| {
        let number = format!("230102{year:04}{month:02}{day:02}{serial:03}");
        format!("{number}{}", citizen_id::check_character(&number).unwrap())
    })
}

fn swapped(text: &str, at: usize) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    characters.swap(at, at + 1);
    characters.into_iter().collect()
}

fn substituted(text: &str, at: usize, by: char) -> String {
    text.chars()
        .enumerate()
        .map(|(index, character)| if index == at { by } else { character })
        .collect()
}

proptest! {
    #[test]
    fn credit_codes(code in credit(), at in 0_usize..18, by in 0_usize..31) {
        prop_assert_eq!(&*Kind::CreditCode.check(&code.to_lowercase(), None).unwrap(), &*code);
        let wrong = substituted(&code, at, ALPHABET.chars().nth(by).unwrap());
        prop_assert!(wrong == code || Kind::CreditCode.check(&wrong, None).is_err());
        let wrong = swapped(&code, at.min(16));
        prop_assert!(wrong == code || Kind::CreditCode.check(&wrong, None).is_err());
    }

    #[test]
    fn an_identifier_is_canonical_where_checking_gives_it_back(
        text in prop_oneof![credit(), citizen(), "[1-9AN][0-9]{5,7}[0-9A-Z]{10}", "[A-T]?[0-9]{1,6}", "\\PC{0,18}"],
        at in 0_usize..17,
        by in 0_usize..31,
    ) {
        let wrong = substituted(&text, at, ALPHABET.chars().nth(by).unwrap());
        for text in [text.to_lowercase(), text, wrong] {
            for kind in [Kind::CreditCode, Kind::CitizenId, Kind::Division, Kind::Industry] {
                let given_back = kind.check(&text, None).is_ok_and(|canonical| *canonical == *text);
                prop_assert_eq!(kind.is_canonical(&text), given_back, "{:?} {}", kind, text);
            }
        }
    }

    #[test]
    fn citizen_numbers(number in citizen(), at in 0_usize..18, by in 0_u32..10) {
        prop_assert_eq!(&*Kind::CitizenId.check(&number, None).unwrap(), &*number);
        let wrong = substituted(&number, at, char::from_digit(by, 10).unwrap());
        prop_assert!(wrong == number || Kind::CitizenId.check(&wrong, None).is_err());
        let wrong = swapped(&number, at.min(16));
        prop_assert!(wrong == number || Kind::CitizenId.check(&wrong, None).is_err());
    }

    #[test]
    fn nothing_panics(text in "\\PC{0,24}") {
        for kind in [Kind::CreditCode, Kind::CitizenId, Kind::Division, Kind::Industry] {
            let _ = kind.check(&text, None);
        }
    }
}

#[test]
fn numbers_of_the_standards_are_accepted() {
    // GB 11643-1999, annex A, has 11010519491231002X and 440524188001010014.
    for number in [
        "11010519491231002X",
        "440524188001010014",
        "１１０１０５１９４９１２３１００２ｘ",
    ] {
        assert!(Kind::CitizenId.check(number, None).is_ok(), "{number}");
    }
    // Codes of large enterprises, as printed on their licences.
    for code in ["91110000100017643K", "914403001922038216", "91440300708461136T"] {
        assert!(
            Kind::CreditCode.check(code, None).is_ok(),
            "{code}: {:?}",
            Kind::CreditCode.check(code, None)
        );
    }
}

#[test]
fn a_number_of_15_digits_says_why_not() {
    let error = Kind::CitizenId.check("110105491231002", None).unwrap_err();
    assert!(error.message.en.contains("first generation"));
}

#[test]
fn a_citizens_division_was_in_force_since_birth() {
    let number = |head: &str| format!("{head}{}", citizen_id::check_character(head).unwrap());
    assert!(Kind::CitizenId.check(&number("23010519990101001"), None).is_ok());
    let error = Kind::CitizenId.check(&number("23010520100101001"), None).unwrap_err();
    assert!(
        error.message.en.contains("230105") && error.position == Some(1),
        "{error}"
    );
}
