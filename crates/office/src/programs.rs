//! Published packages as Programs, each read and checked once per date.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use meed_facts::date::Date;
use meed_rules::program::Program;
use meed_rules::{Package, check};

use crate::stop::{Answer, Stop};

/// A package's files: path → text.
pub type Files = BTreeMap<String, String>;

/// How many Programs are kept.
const MOST: usize = 64;

/// What was read before, by the digest of the files and the date.
#[derive(Debug, Default)]
pub struct Programs {
    known: Mutex<BTreeMap<(String, Date), Arc<Program>>>,
}

impl Programs {
    /// The Program of a package on a date.
    ///
    /// # Errors
    /// Undecided where the files do not make a package that checks: it decides nothing.
    pub fn get(&self, digest: &str, on: Date, files: impl FnOnce() -> Answer<Files>) -> Answer<Arc<Program>> {
        let key = (digest.to_owned(), on);
        if let Some(program) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(program));
        }
        let program = Arc::new(read(files()?, on)?);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST {
            known.pop_first();
        }
        known.insert(key, Arc::clone(&program));
        Ok(program)
    }
}

fn read(files: Files, on: Date) -> Answer<Program> {
    let package = Package::from_files(files).map_err(|file| broken(&format!("{file} is missing")))?;
    let checked = check(&package);
    checked.sound().map_err(|found| broken(&first(&found)))?;
    checked.program(on).map_err(|found| broken(&first(&found)))
}

fn first(found: &[meed_syntax::diagnostic::Diagnostic]) -> String {
    found.first().map_or_else(String::new, |one| one.message.en.clone())
}

fn broken(reason: &str) -> Stop {
    Stop::undecided(
        "broken_package",
        format!("the package does not check, so it decides nothing: {reason}"),
        format!("规则包未通过检查，不能据以作出决定：{reason}"),
    )
}
