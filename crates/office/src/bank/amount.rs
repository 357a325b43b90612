//! Amounts as files write them: fen in, `1234.56` out, never by way of a fraction.

use super::violation::Fault;

/// The largest amount and the largest sum: 18 digits, as ISO 20022 allows.
pub const LARGEST: i64 = 999_999_999_999_999_999;

/// `fen` in yuan with two decimals: `-1234.56`.
pub fn write(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    let whole = fen.unsigned_abs();
    format!("{sign}{}.{:02}", whole.div_euclid(100), whole.rem_euclid(100))
}

/// Reads yuan with at most two decimals and no sign, as amounts of ISO 20022 are.
pub fn read(text: &str) -> Result<i64, Fault> {
    let (whole, part) = text.split_once('.').unwrap_or((text, "00"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(part) {
        return Err(Fault::form(text, "an amount such as 1234.56"));
    }
    let digits = || Fault::Digits {
        value: text.to_owned(),
        total: 18,
        fraction: 2,
    };
    let fen = match part.len() {
        1 => format!("{whole}{part}0"),
        2 => format!("{whole}{part}"),
        _ => return Err(digits()),
    };
    fen.parse().ok().filter(|fen| *fen <= LARGEST).ok_or_else(digits)
}

/// Reads an amount with a sign, as sums and balances may have one.
pub fn read_signed(text: &str) -> Result<i64, Fault> {
    match text.strip_prefix('-') {
        Some(amount) => Ok(read(amount)?.saturating_neg()),
        None => read(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_digits_are_kept() {
        for (fen, text) in [
            (0, "0.00"),
            (5, "0.05"),
            (123_456, "1234.56"),
            (-7, "-0.07"),
            (LARGEST, "9999999999999999.99"),
        ] {
            assert_eq!(write(fen), text);
            assert_eq!(read_signed(text), Ok(fen));
        }
        assert_eq!(read("12"), Ok(1200));
        assert_eq!(read("12.5"), Ok(1250));
    }

    #[test]
    fn nothing_else_is_an_amount() {
        for text in [
            "",
            ".",
            "1.",
            ".5",
            "+1",
            "-1",
            "1,000.00",
            "1e3",
            "1.005",
            "１.00",
            " 1",
            "99999999999999999.99",
            "NaN",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
