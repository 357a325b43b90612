//! Files by what they hold.

use std::fs;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

/// The digest of a file of any size.
pub(crate) fn digest(path: &Path) -> std::io::Result<String> {
    let mut file = fs::File::open(path)?;
    let (mut hash, mut block) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = file.read(&mut block)?;
        if read == 0 {
            return Ok(format!("sha256:{}", hex::encode(hash.finalize())));
        }
        hash.update(block.get(..read).unwrap_or_default());
    }
}
