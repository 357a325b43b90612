//! Offices for tests: on SQLite in a file, and on a PostgreSQL that the test starts for itself.

pub mod child;
pub mod city;
pub mod code;
pub mod given;
pub mod growth;
pub mod journey;
pub mod past;
pub mod postgres;
pub mod round;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use meed_facts::date::Date;
use meed_office::bank::Form;
use meed_office::bank::simulator::{Bank, Chances};
use meed_office::command::{Act, Command, Outcome};
use meed_office::input::Day;
use meed_office::log::{Report, verify};
use meed_office::office::Office;
use meed_office::setup::{Config, Mode, Setup};
use meed_office::store::Connection;
use meed_office::time::{Clock, Instant};
use serde_json::Value;

pub use given::CALENDAR;

/// How much of something: as much as a test run has time for, or a number in the environment.
pub fn times(name: &str, usual: u32) -> u32 {
    std::env::var(name).map_or(usual, |value| value.parse().unwrap())
}

/// A day.
pub fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

/// Settings of a test office.
pub fn config() -> Config {
    given::config(Mode::Test)
}

/// A setup whose clock stands at noon of a day.
pub fn setup(on: &str) -> Setup {
    setup_at(Instant::start_of(day(on)).plus_hours(12))
}

/// A setup whose clock stands at an instant.
pub fn setup_at(at: Instant) -> Setup {
    Setup::new(config(), CALENDAR, Clock::at(at)).unwrap()
}

/// A folder that goes with its owner.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir_in(postgres::memory()).unwrap()
}

/// Runs a test on each database; `address` is of an empty one.
pub fn on_each_database(test: impl Fn(&str)) {
    let folder = folder();
    test(&format!("sqlite:{}", folder.path().join("office.db").display()));
    if let Some(server) = postgres::server() {
        test(&server.database());
    }
}

/// A copy of a database that nobody has open.
pub fn copy(address: &str) -> String {
    static COPIES: AtomicU64 = AtomicU64::new(0);
    let Some(path) = address.strip_prefix("sqlite:") else {
        return postgres::server().unwrap().copy(address);
    };
    let to = format!("{path}-{}", COPIES.fetch_add(1, Ordering::SeqCst));
    let mut connection = Connection::open(address).unwrap();
    connection.script(&format!("VACUUM INTO '{to}'")).unwrap();
    format!("sqlite:{to}")
}

/// An office under test, with people for every role and ids for commands.
pub struct Bench {
    pub office: Office,
    /// Tells the commands of this bench from those of another on the same office.
    name: String,
    next: AtomicU64,
    /// The bank to which it pays.
    pub bank: Mutex<Bank>,
}

impl Bench {
    /// An office on a day, with one person for each role: `administrator`, `officer`…
    pub fn open(address: &str, on: &str) -> Self {
        Self::open_with(address, setup(on))
    }

    /// An office that is set up in its own way, with the same people.
    pub fn open_with(address: &str, setup: Setup) -> Self {
        let bench = Self::reopen(address, setup);
        bench.people();
        bench
    }

    /// An office as it is in the database.
    pub fn reopen(address: &str, setup: Setup) -> Self {
        let mut bank = Bank::new(1, Form::Iso20022, Mode::Test, setup.clock.now(), Chances::NONE);
        bank.open(&setup.config.debtor.account, 10_000_000_000);
        let office = Office::open(address, setup).unwrap();
        Self {
            office,
            name: meed_office::log::salt().unwrap(),
            next: AtomicU64::new(1),
            bank: Mutex::new(bank),
        }
    }

    fn people(&self) {
        use meed_office::people::{Act as People, Role};
        let enter = |id: &str| People::Enter {
            id: id.to_owned(),
            name: id.to_owned(),
            bureau: "市工信局".to_owned(),
        };
        self.ok("administrator", enter("administrator"));
        for role in Role::ALL
            .into_iter()
            .filter(|role| !matches!(role, Role::Administrator | Role::Agent))
        {
            self.ok("administrator", enter(role.name()));
            let person = role.name().to_owned();
            self.ok(
                "administrator",
                People::Assign {
                    person,
                    role,
                    scope: None,
                    until: None,
                },
            );
        }
    }

    /// Gives a command under an id of its own.
    pub fn submit(&self, person: &str, act: impl Into<Act>) -> Outcome {
        let number = self.next.fetch_add(1, Ordering::SeqCst);
        let id = format!("{}-{number}", self.name);
        self.office.submit(Command::new(id, person, act)).unwrap()
    }

    /// Gives a command that must be accepted, and returns what it made.
    #[track_caller]
    pub fn ok(&self, person: &str, act: impl Into<Act>) -> Value {
        match self.submit(person, act) {
            Outcome::Accepted { result, .. } => result,
            other => panic!("{person} was refused: {other:?}"),
        }
    }

    /// Gives a command that must be accepted, and returns an id that it made.
    #[track_caller]
    pub fn made(&self, person: &str, act: impl Into<Act>, name: &str) -> String {
        self.ok(person, act)[name].as_str().unwrap().to_owned()
    }

    /// Gives a command that must be refused, and returns the reason's code.
    #[track_caller]
    pub fn refused(&self, person: &str, act: impl Into<Act>) -> String {
        match self.submit(person, act) {
            Outcome::Denied { reason, .. } | Outcome::Undecided { reason, .. } => {
                reason["code"].as_str().unwrap().to_owned()
            }
            Outcome::Accepted { result, .. } => panic!("{person} was not refused: {result}"),
        }
    }

    /// Runs the timers, and tells what they moved: its kind and id.
    pub fn tick(&self) -> Vec<String> {
        let ticked = meed_office::timers::run(&self.office, "machine").unwrap();
        assert_eq!(ticked.refused, []);
        let told = |due: &meed_office::timers::Due| format!("{} {}", due.clock.name(), due.id);
        ticked.moved.iter().map(told).collect()
    }

    /// The day it is.
    pub fn today(&self) -> Day {
        Day(self.office.setup().clock.now().date().unwrap())
    }

    /// Sets the clock to noon of a day.
    pub fn on(&self, date: &str) {
        self.office
            .setup()
            .clock
            .set(Instant::start_of(day(date)).plus_hours(12));
    }

    /// What a verification of the whole database finds.
    pub fn verify(&self) -> Report {
        verify(&mut self.office.reader().unwrap(), None).unwrap()
    }

    /// What a query finds, as numbers and texts.
    pub fn cells(&self, sql: &str) -> Vec<Vec<meed_office::store::Cell>> {
        self.office.reader().unwrap().rows(sql, &[]).unwrap()
    }

    /// The one number that a query finds.
    #[track_caller]
    pub fn number(&self, sql: &str) -> i64 {
        match self.cells(sql).as_slice() {
            [row] => match row.as_slice() {
                [meed_office::store::Cell::Int(number)] => *number,
                other => panic!("{sql}: {other:?}"),
            },
            other => panic!("{sql}: {other:?}"),
        }
    }
}

/// Whatever a test did to its office, the log must account for it.
impl Drop for Bench {
    fn drop(&mut self) {
        if std::thread::panicking() {
            return;
        }
        let found = self.verify().findings;
        assert!(found.is_empty(), "the log does not account for: {found:#?}");
    }
}

/// An amount in yuan.
pub fn yuan(text: &str) -> meed_office::input::Amount {
    text.parse().unwrap()
}
