//! Numbers of enterprises that do not exist. The portal's tests read this file too.

use meed_facts::identifier::Kind;

/// A credit code of the reserved range: the `number`-th enterprise.
pub fn credit_code(number: usize) -> String {
    let digits = "0123456789ABCDEFGHJKLMNPQRTUWXY";
    let ends = digits
        .chars()
        .flat_map(|inner| digits.chars().map(move |outer| format!("{inner}{outer}")));
    let mut codes = ends.map(|end| format!("91230103MAEX{number:04}{end}"));
    codes.find(|code| Kind::CreditCode.check(code, None).is_ok()).unwrap()
}
