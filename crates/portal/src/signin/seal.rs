//! Second factors are sealed in the database: whoever reads it, or a backup of it, can show nobody's.
//!
//! The key is a file beside the office's, and in no database. It is made with the first account, and whoever loses it makes the accounts anew.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use meed_office::store::StoreError;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};

use super::secret;

/// The bytes of a key.
const BYTES: usize = 32;

/// What seals (ChaCha20-Poly1305, RFC 8439).
pub struct Key(LessSafeKey);

impl std::fmt::Debug for Key {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Key")
    }
}

impl Key {
    /// A key of these bytes.
    ///
    /// # Errors
    /// Where the cipher refuses it.
    pub fn new(bytes: [u8; BYTES]) -> Result<Self, StoreError> {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).map_err(|_| failed("a key is refused"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// The key in a file: 64 hexadecimal digits. `None` where there is no file.
    ///
    /// # Errors
    /// Where the file cannot be read, or holds no key.
    pub fn read(path: &Path) -> Result<Option<Self>, StoreError> {
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(failed(&format!("{}: {error}", path.display()))),
        };
        let wrong = || failed(&format!("{} holds no key: 64 hexadecimal digits", path.display()));
        if !secret::is_random(text.trim()) {
            return Err(wrong());
        }
        let mut bytes = [0; BYTES];
        hex::decode_to_slice(text.trim(), &mut bytes).map_err(|_| wrong())?;
        Self::new(bytes).map(Some)
    }

    /// The key in a file, which is made where there is none, for its owner alone.
    ///
    /// # Errors
    /// As [`Key::read`], or where the file cannot be written.
    pub fn read_or_make(path: &Path) -> Result<Self, StoreError> {
        if let Some(key) = Self::read(path)? {
            return Ok(key);
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let written = options.open(path).and_then(|mut file| {
            let digits = secret::random().map_err(io::Error::other)?;
            writeln!(file, "{digits}").and_then(|()| file.sync_all())
        });
        written.map_err(|error| failed(&format!("{}: {error}", path.display())))?;
        Self::read(path)?.ok_or_else(|| failed(&format!("{} is gone again", path.display())))
    }

    /// Seals what belongs to somebody; it opens for nobody else.
    ///
    /// # Errors
    /// Where the machine has no randomness to give.
    pub fn seal(&self, person: &str, open: &[u8]) -> Result<String, StoreError> {
        let nonce: [u8; NONCE_LEN] = secret::bytes()?;
        let mut sealed = open.to_vec();
        self.0
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(person), &mut sealed)
            .map_err(|_| failed("nothing can be sealed"))?;
        sealed.splice(..0, nonce);
        Ok(STANDARD.encode(sealed))
    }

    /// Opens what was sealed for somebody; `None` where it was sealed by another key, for another person, or changed.
    pub fn open(&self, person: &str, sealed: &str) -> Option<Vec<u8>> {
        let mut bytes = STANDARD.decode(sealed).ok()?;
        let nonce: [u8; NONCE_LEN] = bytes.get(..NONCE_LEN)?.try_into().ok()?;
        let rest = bytes.get_mut(NONCE_LEN..)?;
        let nonce = Nonce::assume_unique_for_key(nonce);
        Some(self.0.open_in_place(nonce, Aad::from(person), rest).ok()?.to_vec())
    }
}

fn failed(why: &str) -> StoreError {
    StoreError::Failed(why.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_for_its_person_and_key_alone() {
        let key = Key::new([7; BYTES]).unwrap();
        let sealed = key.seal("wang", b"secret").unwrap();
        assert_eq!(key.open("wang", &sealed).as_deref(), Some(&b"secret"[..]));
        assert_ne!(key.seal("wang", b"secret").unwrap(), sealed, "never the same twice");
        assert_eq!(key.open("li", &sealed), None, "moved to another row");
        assert_eq!(Key::new([8; BYTES]).unwrap().open("wang", &sealed), None);
        let mut bytes = STANDARD.decode(&sealed).unwrap();
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            assert_eq!(key.open("wang", &STANDARD.encode(&bytes)), None, "byte {at}");
            bytes[at] ^= 1;
        }
        for short in ["", "AAAA", "no base64!"] {
            assert_eq!(key.open("wang", short), None);
        }
    }

    #[test]
    fn a_key_is_made_once_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("portal.key");
        assert!(Key::read(&path).unwrap().is_none());
        let sealed = Key::read_or_make(&path).unwrap().seal("wang", b"secret").unwrap();
        let again = Key::read_or_make(&path).unwrap();
        assert!(again.open("wang", &sealed).is_some());
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&path).unwrap().permissions());
        assert_eq!(mode & 0o777, 0o600);
        for wrong in ["", "12", &"g".repeat(64)] {
            fs::write(&path, wrong).unwrap();
            let told = Key::read_or_make(&path).unwrap_err().to_string();
            assert!(told.contains("portal.key holds no key"), "{told}");
        }
    }
}
