//! `meed portal`: who may sign in to an office's web, and as whom.

use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use meed_facts::label::Lang;
use meed_office::file;
use meed_office::office::Office;
use meed_office::time::Clock;
use meed_portal::signin::oidc::identity;
use meed_portal::signin::password;
use meed_portal::signin::seal::Key;
use meed_portal::store::migrate;

use crate::answer::{Answer, Result, Unusable};

/// Says who may sign in to an office's web, and as whom
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The file that describes the office
    #[arg(long, global = true, value_name = "FILE", default_value = "office.toml")]
    office: PathBuf,
    /// The file with the key that seals second factors, made with the first account; `portal.key` beside the office's file
    #[arg(long, global = true, value_name = "FILE")]
    key: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Gives somebody a password, which is read from standard input, and a second factor, whose address is printed once
    Password {
        /// Who
        person: String,
    },
    /// Says whom a provider of identities means
    Identity {
        /// The provider's address, as it calls itself
        issuer: String,
        /// Its name for them, as its token has it (`sub`)
        subject: String,
        /// Who they are here; nobody any more, where it is left out
        person: Option<String>,
    },
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        let failed = |error: &dyn std::fmt::Display| Unusable::said(&self.office, &error.to_string());
        let office = file::open(&self.office, Clock::System).map_err(|error| Unusable::office(&self.office, &error))?;
        let said = match &self.command {
            Command::Password { person } => password(&office, &key_file(self.key.as_deref(), &self.office), person),
            Command::Identity {
                issuer,
                subject,
                person,
            } => identity(&office, issuer, subject, person.as_deref(), lang),
        };
        said.map(Answer::fine).map_err(|error| failed(&error))
    }
}

type Said = std::result::Result<String, Box<dyn std::error::Error>>;

/// Where the key is that seals second factors.
pub fn key_file(named: Option<&Path>, office: &Path) -> PathBuf {
    named.map_or_else(|| office.with_file_name("portal.key"), Path::to_owned)
}

fn password(office: &Office, key: &Path, person: &str) -> Said {
    let mut typed = String::new();
    // Longer than any password may be; what is longer is refused as such.
    std::io::stdin().take(10_000).read_to_string(&mut typed)?;
    let typed = typed.lines().next().unwrap_or_default();
    let mut connection = office.reader()?;
    migrate(&mut connection)?;
    let key = Key::read_or_make(key)?;
    let url = password::set(&mut connection, &key, person, typed, &office.setup().config.office)?;
    Ok(format!("{url}\n"))
}

fn identity(office: &Office, issuer: &str, subject: &str, person: Option<&str>, lang: Lang) -> Said {
    let mut connection = office.reader()?;
    migrate(&mut connection)?;
    let Some(person) = person else {
        let was = identity::unbind(&mut connection, issuer, subject)?;
        return Ok(match (lang, was) {
            (Lang::Zh, true) => format!("{subject} 不再绑定任何人，其登录已全部退出\n"),
            (Lang::Zh, false) => format!("{subject} 本来没有绑定\n"),
            (Lang::En, true) => format!("{subject} is nobody here any more, and signed out\n"),
            (Lang::En, false) => format!("{subject} was nobody here\n"),
        });
    };
    identity::bind(&mut connection, issuer, subject, person)?;
    Ok(match lang {
        Lang::Zh => format!("{issuer} 的 {subject} 即 {person}\n"),
        Lang::En => format!("{subject} of {issuer} is {person}\n"),
    })
}
