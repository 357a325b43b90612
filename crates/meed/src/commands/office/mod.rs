//! `meed office`: everything that is done in an office, and what can be read of it.

mod bank;
mod briefing;
mod evidence;
mod import;
mod init;
mod log;
mod show;
mod staff;

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use meed_facts::date::Date;
use meed_facts::label::Lang;
use meed_office::command::{Act, Command as OfficeCommand, Outcome as Decided, SubmitError};
use meed_office::file;
use meed_office::matching;
use meed_office::office::Office;
use meed_office::store::grants;
use meed_office::time::{Clock, Instant};
use meed_office::timers;
use meed_portal::store::{PREFIX, migrate};
use meed_syntax::diagnostic::Message;
use serde_json::{Value, json};

use crate::answer::{Answer, Outcome, Result, Unusable};
use crate::input;

pub use evidence::{EvidenceArgs, ReplayArgs, VerifyArgs};
pub use staff::must_be_enough;

/// Works in an office: its register, cases, lists, budget and payments
// An argument that goes for every subcommand has an id of its own: acts have arguments called `person`, `id` and `at` too.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(flatten)]
    place: Place,
    /// Who gives the command
    #[arg(
        id = "office.as",
        long = "as",
        global = true,
        value_name = "PERSON",
        env = "MEED_PERSON",
        default_value = ""
    )]
    person: String,
    /// An id for the command: given twice, it is done once
    #[arg(id = "office.command-id", long = "command-id", global = true, value_name = "ID")]
    id: Option<String>,
    /// How the answer is shown
    #[arg(id = "office.format", long = "format", global = true, value_enum, default_value_t = Format::Text)]
    format: Format,
    #[command(subcommand)]
    command: Command,
}

/// Which office, and when.
#[derive(Debug, clap::Args)]
pub struct Place {
    /// The file that describes the office
    #[arg(
        id = "office.file",
        long = "office",
        global = true,
        value_name = "FILE",
        default_value = "office.toml"
    )]
    file: PathBuf,
    /// Sets the clock to noon of a day; not in a live office
    #[arg(id = "office.at", long = "at", global = true, value_name = "DATE", value_parser = input::date)]
    at: Option<Date>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people
    Text,
    /// Canonical JSON
    Json,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Init(init::Args),
    /// Offers what the rules give, to whom a change affects
    Match {
        /// Everybody, whatever changed
        #[arg(long)]
        everybody: bool,
    },
    /// Sends a released batch to the bank, once
    Send {
        /// The batch
        #[arg(long)]
        batch: String,
        #[command(flatten)]
        outbound: bank::Outbound,
    },
    /// Asks the bank what became of instructions whose fate is unknown
    Ask {
        #[command(flatten)]
        outbound: bank::Outbound,
    },
    /// Moves on whatever days alone bring: what nobody accepted in time, what was public long enough, what is due
    Tick,
    Reconcile(bank::Reconcile),
    Import(import::Args),
    /// Who works here with which roles, and whether every measure has enough persons, also with any one of them absent
    Staff,
    /// Prints the SQL that gives a role of PostgreSQL what a process of the office needs, and not the right to change or delete what is
    /// only ever added
    Grants {
        /// The role
        #[arg(long)]
        role: String,
    },
    Show(show::Args),
    Briefing(briefing::Args),
    /// Verifies the log, and every row against it
    Verify {
        /// A root that was kept elsewhere, as `meed office root` wrote it
        #[arg(long, value_name = "FILE")]
        root: Option<PathBuf>,
    },
    /// The log's root of a day, to be printed or stamped elsewhere
    Root {
        /// The day; today where it is left out
        #[arg(long, value_parser = input::date)]
        on: Option<Date>,
    },
    #[command(flatten)]
    Act(Act),
}

impl Place {
    /// Opens the office.
    pub fn open(&self) -> Result<Office> {
        let clock = self
            .at
            .map_or(Clock::System, |day| Clock::at(Instant::start_of(day).plus_hours(12)));
        file::open(&self.file, clock).map_err(|error| Unusable::office(&self.file, &error))
    }
}

/// That the office cannot be used, in the one language that a library has.
fn unusable(error: &dyn std::fmt::Display) -> Unusable {
    Unusable::said_in_both(&Message::new(error.to_string(), error.to_string()))
}

impl Args {
    pub fn run(self, lang: Lang) -> Result {
        match self.command {
            Command::Init(args) => args.run(lang),
            Command::Act(act) => {
                let office = self.place.open()?;
                let id = self
                    .id
                    .map_or_else(|| meed_office::log::salt().map_err(|error| unusable(&error)), Ok)?;
                let outcome = office.submit(OfficeCommand::new(id, self.person, act));
                told(outcome, self.format, lang)
            }
            Command::Match { everybody } => {
                let office = self.place.open()?;
                let matched = matching::run(&office, &self.person, everybody).map_err(|error| unusable(&error))?;
                let json = json!({
                    "subjects": matched.subjects, "changed": matched.changed,
                    "offered": matched.offered, "lapsed": matched.lapsed, "noted": matched.noted,
                });
                Ok(Answer::fine(shown(&json, self.format)))
            }
            Command::Send { batch, outbound } => outbound.send(&self.place.open()?, &self.person, &batch, self.format),
            Command::Ask { outbound } => outbound.ask(&self.place.open()?, &self.person, self.format),
            Command::Tick => tick(&self.place.open()?, &self.person, self.format),
            Command::Reconcile(args) => args.run(&self.place.open()?, self.format),
            Command::Import(args) => args.run(&self.place.open()?, &self.person, self.format, lang),
            Command::Staff => staff::run(&self.place.open()?, self.format, lang),
            Command::Grants { role } => {
                let mut connection = self.place.open()?.reader().map_err(|error| unusable(&error))?;
                // The role makes no tables, so all of them are there before it is given any.
                migrate(&mut connection).map_err(|error| unusable(&error))?;
                let sql = grants(&mut connection, &role, PREFIX).map_err(|error| unusable(&error))?;
                Ok(Answer::fine(sql))
            }
            Command::Show(args) => args.run(&self.place.open()?, &self.person, self.format),
            Command::Briefing(args) => args.run(&self.place.open()?, self.format, lang),
            Command::Verify { root } => log::verify(&self.place.open()?, root.as_deref(), self.format, lang),
            Command::Root { on } => log::root(&self.place.open()?, on),
        }
    }
}

/// Runs the timers, and tells what they moved; what was refused is a finding.
fn tick(office: &Office, person: &str, format: Format) -> Result {
    let ticked = timers::run(office, person).map_err(|error| unusable(&error))?;
    let of = |due: &timers::Due| json!({"clock": due.clock.name(), "id": due.id, "since": due.since});
    let refused = ticked.refused.iter();
    let refused: Vec<Value> = refused
        .map(|(due, reason)| json!({"due": of(due), "reason": reason}))
        .collect();
    let outcome = if refused.is_empty() {
        Outcome::Fine
    } else {
        Outcome::Findings
    };
    let moved: Vec<Value> = ticked.moved.iter().map(of).collect();
    let text = match format {
        Format::Json => shown(&json!({"moved": moved, "refused": refused}), format),
        Format::Text => {
            let line = |due: &timers::Due| format!("{}\t{}\t{}\n", due.clock.name(), due.id, due.since);
            let moved: String = ticked.moved.iter().map(line).collect();
            let refused: String = refused.iter().map(|one| format!("{one}\n")).collect();
            moved + &refused
        }
    };
    Ok(Answer {
        text,
        remarks: String::new(),
        outcome,
    })
}

/// What became of a command; a denial is a finding.
fn told(outcome: std::result::Result<Decided, SubmitError>, format: Format, lang: Lang) -> Result {
    let outcome = outcome.map_err(|error| unusable(&error))?;
    let json = outcome.to_json();
    let (text, ended) = match (&outcome, format) {
        (Decided::Accepted { result, .. }, Format::Text) => (shown(result, format), Outcome::Fine),
        (Decided::Accepted { .. }, Format::Json) => (shown(&json, format), Outcome::Fine),
        (Decided::Denied { reason, .. } | Decided::Undecided { reason, .. }, Format::Text) => {
            (denial(reason, lang), Outcome::Findings)
        }
        (_, Format::Json) => (shown(&json, format), Outcome::Findings),
    };
    Ok(Answer {
        text,
        remarks: String::new(),
        outcome: ended,
    })
}

fn denial(reason: &Value, lang: Lang) -> String {
    let part = |name: &str| reason.get(name).and_then(Value::as_str).unwrap_or_default();
    let sentence = part(if lang == Lang::Zh { "zh" } else { "en" });
    let detail = reason
        .get("detail")
        .map(|detail| format!("{}\n", pretty(detail)))
        .unwrap_or_default();
    format!("{}: {sentence}\n{detail}", part("code"))
}

/// A structure for people, one value a line, or as canonical JSON.
fn shown(value: &Value, format: Format) -> String {
    match (format, value) {
        (Format::Json, value) => format!("{}\n", meed_facts::json::canonical(value)),
        (Format::Text, Value::Null) => "ok\n".to_owned(),
        (Format::Text, Value::Object(object)) => object
            .iter()
            .map(|(key, value)| format!("{key}: {}\n", plain(value)))
            .collect(),
        (Format::Text, value) => format!("{}\n", pretty(value)),
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn pretty(value: &Value) -> String {
    // Every structure has a JSON form.
    serde_json::to_string_pretty(value).unwrap_or_default()
}

/// Writes a file and the folders above it.
pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    let made = path
        .parent()
        .map_or(Ok(()), std::fs::create_dir_all)
        .and_then(|()| std::fs::write(path, text));
    made.map_err(|error| Unusable::system(path, &error))
}
