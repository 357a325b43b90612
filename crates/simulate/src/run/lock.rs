//! One run at a time writes into a folder.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use super::RunError;

/// A folder that no other run may take. The system lets go of it with the process, however that ends.
#[derive(Debug)]
pub(super) struct Lock(#[expect(dead_code, reason = "is held, not used")] File);

impl Lock {
    /// Takes a folder, which is made where it is not there.
    pub(super) fn take(folder: &Path) -> Result<Self, RunError> {
        fs::create_dir_all(folder).map_err(RunError::file(folder))?;
        let path = folder.join(".lock");
        let file = File::create(&path).map_err(RunError::file(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(RunError::Busy(folder.to_path_buf())),
            Err(TryLockError::Error(error)) => Err(RunError::file(&path)(error)),
        }
    }
}
