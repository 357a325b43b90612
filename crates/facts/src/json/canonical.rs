//! Canonical JSON (RFC 8785) and SHA-256 digests.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::write::write;
use crate::record::Record;
use crate::schema::Schema;

/// The one canonical text of a JSON value by RFC 8785: keys sorted, no spaces. Equal values are equal bytes.
///
/// Numbers beyond 53 bits lose digits under that standard, so amounts are written as decimal strings.
pub fn canonical(value: &Value) -> String {
    // Neither serializer can fail here: they do on keys that are no strings and on non-finite floats; a `Value` has neither.
    if is_plain(value) {
        return serde_json::to_string(value).unwrap_or_default();
    }
    serde_json_canonicalizer::to_string(value).unwrap_or_default()
}

// Whether serde_json's own text is the canonical one, which is several times faster: it sorts keys by code points where the standard sorts by
// UTF-16 units (they differ from U+E000), and numbers are whole and short.
fn is_plain(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => number.as_i64().is_some_and(|whole| whole.unsigned_abs() < EXACT_WHOLE),
        Value::Array(items) => items.iter().all(is_plain),
        Value::Object(object) => object
            .iter()
            .all(|(key, value)| key.chars().all(|character| character < '\u{e000}') && is_plain(value)),
    }
}

// Whole numbers below this are the same in floating point, which the standard writes numbers as.
const EXACT_WHOLE: u64 = 1 << 53;

/// The SHA-256 digest in the form `sha256:` and 64 hexadecimal digits.
pub fn digest(bytes: &[u8]) -> String {
    use std::fmt::Write;
    let mut text = String::from("sha256:");
    for byte in Sha256::digest(bytes) {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// The digest of what a record means: the same for the same facts in another order or spelling.
pub fn digest_of(schema: &Schema, record: &Record) -> String {
    digest(canonical(&write(schema, record)).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn both_writers_give_one_text() {
        let values = [
            json!({ "b": [1, -2, true, null], "a": { "é": "\u{0}\u{8}\u{1f}\n\"\\/\u{7f}\u{2028}哈尔滨\u{1f600}" } }),
            json!({ "哈": 1, "\u{d7ff}": 2, "a": 3, "": 4 }),
            json!({ "\u{1f600}": 1, "\u{ff01}": 2, "a": 3 }),
            json!([
                9_007_199_254_740_991_i64,
                9_007_199_254_740_993_i64,
                u64::MAX,
                0.5,
                1e30,
                -0.0
            ]),
        ];
        for value in values {
            assert_eq!(canonical(&value), serde_json_canonicalizer::to_string(&value).unwrap());
        }
    }

    #[test]
    fn keys_beyond_the_basic_plane_come_before_private_ones() {
        assert_eq!(
            canonical(&json!({ "\u{ff01}": 2, "\u{1f600}": 1 })),
            "{\"\u{1f600}\":1,\"\u{ff01}\":2}"
        );
    }
}
