//! Canonical JSON (RFC 8785) and SHA-256 digests.

use sha2::{Digest, Sha256};

use super::write::write;
use crate::record::Record;
use crate::schema::Schema;

/// The one canonical text of a JSON value by RFC 8785: keys sorted, no spaces. Equal values are equal bytes.
///
/// Numbers beyond 53 bits lose digits under that standard, so amounts are written as decimal strings.
pub fn canonical(value: &serde_json::Value) -> String {
    // The serializer fails only on keys that are no strings and on non-finite floats; a `Value` has neither.
    serde_json_canonicalizer::to_string(value).unwrap_or_default()
}

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
