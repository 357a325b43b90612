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
const MOST: usize = 96;

/// What was read before, by the digest of the files and the date.
#[derive(Debug, Default)]
pub struct Programs {
    known: Mutex<BTreeMap<(String, Date), Arc<Program>>>,
}

impl Programs {
    /// The Programs of a package on some dates. The package is read once for all that are not known.
    ///
    /// # Errors
    /// Undecided where the files do not make a package that checks: it decides nothing.
    pub fn get(
        &self,
        digest: &str,
        dates: &[Date],
        files: impl FnOnce() -> Answer<Files>,
    ) -> Answer<Vec<Arc<Program>>> {
        let key = |on: &Date| (digest.to_owned(), *on);
        let mut found: BTreeMap<Date, Arc<Program>> = {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            let program = |on: &Date| Some((*on, Arc::clone(known.get(&key(on))?)));
            dates.iter().filter_map(program).collect()
        };
        let unknown: Vec<Date> = dates.iter().copied().filter(|on| !found.contains_key(on)).collect();
        if !unknown.is_empty() {
            let read = read(files()?, &unknown)?;
            let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            for (on, program) in unknown.into_iter().zip(read) {
                if known.len() >= MOST {
                    known.pop_first();
                }
                known.insert(key(&on), Arc::clone(&program));
                found.insert(on, program);
            }
        }
        Ok(dates.iter().filter_map(|on| found.get(on).cloned()).collect())
    }
}

fn read(files: Files, dates: &[Date]) -> Answer<Vec<Arc<Program>>> {
    let package = Package::from_files(files).map_err(|file| broken(&format!("{file} is missing")))?;
    let checked = check(&package);
    checked.sound().map_err(|found| broken(&first(&found)))?;
    let lowered = |on: &Date| {
        checked
            .program(*on)
            .map(Arc::new)
            .map_err(|found| broken(&first(&found)))
    };
    dates.iter().map(lowered).collect()
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
