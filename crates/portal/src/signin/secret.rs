//! Randomness, and comparing what must not be guessed.

use meed_office::log::sha256;
use meed_office::store::StoreError;

/// 256 random bits in hexadecimal digits.
///
/// # Errors
/// [`StoreError::Failed`] where the machine has no randomness to give.
pub fn random() -> Result<String, StoreError> {
    Ok(hex::encode(bytes::<32>()?))
}

/// Random bytes.
///
/// # Errors
/// As [`random`].
pub fn bytes<const N: usize>() -> Result<[u8; N], StoreError> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| StoreError::Failed(error.to_string()))?;
    Ok(bytes)
}

/// Whether a text has the form of [`random`]'s.
pub fn is_random(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether two texts are the same. How long it takes tells nothing of them: it is their digests that are compared.
pub fn same(one: &str, other: &str) -> bool {
    sha256(one.as_bytes()) == sha256(other.as_bytes())
}
