//! The file that says where an office is: its database, its calendar, its settings.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use meed_syntax::diagnostic::Message;

use crate::office::Office;
use crate::setup::{Config, Setup};
use crate::store::StoreError;
use crate::time::Clock;

/// What stands in an `office.toml`.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficeFile {
    /// `sqlite:PATH`, from the file's folder, or `postgres://…`.
    pub database: String,
    /// The table of working days, from the file's folder.
    pub calendar: PathBuf,
    /// Settings that controls depend on.
    pub settings: Config,
}

/// Why an office cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// A file cannot be read or used.
    #[error("{}: {}", path.display(), reason.en)]
    File {
        /// Which.
        path: PathBuf,
        /// Why; in English alone where a library says it.
        reason: Message,
    },
    /// The database cannot be had.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl OfficeFile {
    /// Reads an `office.toml`.
    ///
    /// # Errors
    /// Where it cannot be read, or lacks a setting.
    pub fn read(path: &Path) -> Result<Self, OpenError> {
        let text = read(path)?;
        toml::from_str(&text).map_err(|error| said(path, &error))
    }

    /// The setup that a file at `path` gives, with a clock.
    ///
    /// # Errors
    /// Where the calendar cannot be read, or a setting is empty.
    pub fn setup(self, path: &Path, clock: Clock) -> Result<Setup, OpenError> {
        let calendar = read(&beside(path, &self.calendar))?;
        Setup::new(self.settings, &calendar, clock).map_err(|reason| OpenError::File {
            path: path.to_owned(),
            reason,
        })
    }

    /// The database's address, for a file at `path`.
    pub fn address(&self, path: &Path) -> String {
        match self.database.strip_prefix("sqlite:") {
            Some(name) if name != ":memory:" => format!("sqlite:{}", beside(path, Path::new(name)).display()),
            _ => self.database.clone(),
        }
    }
}

/// Opens the office that a file describes.
///
/// # Errors
/// Where the file, the calendar or the database cannot be had.
pub fn open(path: &Path, clock: Clock) -> Result<Office, OpenError> {
    let file = OfficeFile::read(path)?;
    let address = file.address(path);
    Ok(Office::open(&address, file.setup(path, clock)?)?)
}

fn read(path: &Path) -> Result<String, OpenError> {
    std::fs::read_to_string(path).map_err(|error| said(path, &error))
}

fn beside(file: &Path, name: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).join(name)
}

fn said(path: &Path, error: &dyn std::fmt::Display) -> OpenError {
    let path = path.to_owned();
    let reason = Message::new(error.to_string(), error.to_string());
    OpenError::File { path, reason }
}
