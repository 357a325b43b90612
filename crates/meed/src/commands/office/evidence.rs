//! `meed evidence`, `meed verify` and `meed replay`: proving what an office did.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use meed_facts::label::Lang;
use meed_office::evidence::{Finding, Replayed, check, pack, replay};
use meed_office::stop::Stop;

use super::{Place, unusable, write};
use crate::answer::{Answer, Outcome, Result, Unusable};

/// Writes all that belongs to a case into a folder that anybody can check
#[derive(Debug, clap::Args)]
pub struct EvidenceArgs {
    /// The case
    case: String,
    /// The folder
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
    #[command(flatten)]
    place: Place,
}

/// Checks an evidence folder, without a database and without a network
#[derive(Debug, clap::Args)]
pub struct VerifyArgs {
    /// The folder
    folder: PathBuf,
    /// The hash of a log entry that was kept elsewhere
    #[arg(long)]
    root: Option<String>,
}

/// Makes every decision again from its facts, its package and its day
#[derive(Debug, clap::Args)]
pub struct ReplayArgs {
    #[command(flatten)]
    place: Place,
}

impl EvidenceArgs {
    pub fn run(self, lang: Lang) -> Result {
        let office = self.place.open()?;
        let mut reader = office.reader().map_err(|error| unusable(&error))?;
        let files = pack(&mut reader, office.setup(), &self.case).map_err(|stop| stopped(stop, lang))?;
        for (path, body) in &files {
            write(&self.out.join(path), body)?;
        }
        Ok(Answer::fine(format!("{}: {}\n", self.out.display(), files.len())))
    }
}

pub(super) fn stopped(stop: Stop, lang: Lang) -> Unusable {
    match stop {
        Stop::Denied(reason) | Stop::Undecided(reason) => unusable(&reason.message.text(lang)),
        Stop::Store(error) => unusable(&error),
    }
}

impl VerifyArgs {
    pub fn run(self, lang: Lang) -> Result {
        let mut files = BTreeMap::new();
        read(&self.folder, &self.folder, &mut files)?;
        let findings = check(&files, self.root.as_deref());
        let broken = findings.iter().any(|one| !one.holds);
        let line = |one: &Finding| {
            let mark = if one.holds { "✓" } else { "✗" };
            format!("{mark} {} {}: {}\n", one.check, one.about, one.message.text(lang))
        };
        Ok(Answer {
            text: findings.iter().map(line).collect(),
            remarks: String::new(),
            outcome: if broken { Outcome::Findings } else { Outcome::Fine },
        })
    }
}

fn read(root: &Path, folder: &Path, files: &mut BTreeMap<String, String>) -> Result<()> {
    let list = std::fs::read_dir(folder).map_err(|error| Unusable::system(folder, &error))?;
    for entry in list {
        let path = entry.map_err(|error| Unusable::system(folder, &error))?.path();
        if path.is_dir() {
            read(root, &path, files)?;
        } else {
            let body = std::fs::read_to_string(&path).map_err(|error| Unusable::system(&path, &error))?;
            let name = path
                .strip_prefix(root)
                .unwrap_or(&path)
                .to_string_lossy()
                .replace('\\', "/");
            files.insert(name, body);
        }
    }
    Ok(())
}

impl ReplayArgs {
    pub fn run(self, lang: Lang) -> Result {
        let office = self.place.open()?;
        let parts = u64::try_from(std::thread::available_parallelism().map_or(1, usize::from)).unwrap_or(1);
        let found = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..parts)
                .map(|part| {
                    scope.spawn({
                        let office = &office;
                        move || replay(&mut office.reader()?, office.setup(), part, parts)
                    })
                })
                .collect();
            threads
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| Err(broken())))
                .collect::<std::result::Result<Vec<Replayed>, Stop>>()
        });
        let found = found.map_err(|stop| stopped(stop, lang))?;
        let same: u64 = found.iter().map(|one| one.same).sum();
        let forgotten: u64 = found.iter().map(|one| one.forgotten).sum();
        let different: Vec<_> = found.into_iter().flat_map(|one| one.different).collect();
        let lines: String = different.iter().map(|(id, why)| format!("✗ {id}: {why}\n")).collect();
        let count = different.len();
        let text = match lang {
            Lang::En => {
                format!("{lines}{same} decisions are the same byte for byte, {count} differ, {forgotten} forgotten\n")
            }
            Lang::Zh => format!("{lines}{same} 份决定逐字节相同，{count} 份不同，{forgotten} 份已遗忘\n"),
        };
        Ok(Answer {
            text,
            remarks: String::new(),
            outcome: if count == 0 { Outcome::Fine } else { Outcome::Findings },
        })
    }
}

fn broken() -> Stop {
    meed_office::store::StoreError::Failed("a thread stopped".to_owned()).into()
}
