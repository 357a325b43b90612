//! How many commands an office decides in a second, durably, and how long a verification takes. `bench/README.md` tells what was measured.
//!
//!     meed-bench-office ADDRESS COMMANDS WORKERS    decides commands in a new office and verifies it
//!     meed-bench-office match ADDRESS SUBJECTS DECISIONS    matches a register after a publication, decides and replays
//!     meed-bench-office fsync FOLDER                how long a disk takes to keep 4 KiB

#[path = "../../../crates/office/tests/office/support/given.rs"]
mod given;
mod matching;

use std::fs::File;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;
use std::time::{Duration, Instant};

use meed_office::command::{Command, Outcome};
use meed_office::ledger::Act as Ledger;
use meed_office::log::verify;
use meed_office::office::Office;
use meed_office::people::{Act as People, Role};
use meed_office::setup::{Config, Mode, Setup};
use meed_office::store::Connection;
use meed_office::time::Clock;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["fsync", folder] => fsync(Path::new(folder)),
        ["match", address, subjects, decisions] => {
            let office = Office::open(address, setup()).expect("an office");
            let number = |text: &str| text.parse().expect("a number");
            matching::measure(&office, number(subjects), number(decisions));
            verified(address);
        }
        [address, commands, workers] => measure(
            address,
            commands.parse().expect("a number of commands"),
            workers.parse().expect("a number of workers"),
        ),
        _ => panic!("meed-bench-office ADDRESS COMMANDS WORKERS, match ADDRESS SUBJECTS DECISIONS, or fsync FOLDER"),
    }
}

/// Writes a page and makes it durable, over and over, as a database's log does.
fn fsync(folder: &Path) {
    let path = folder.join("fsync");
    let mut file = File::create(&path).expect("a file");
    let mut times: Vec<Duration> = (0..300)
        .map(|_| {
            let begin = Instant::now();
            file.seek(SeekFrom::Start(0)).expect("a place");
            file.write_all(&[7; 4096]).expect("a page");
            file.sync_data().expect("a disk");
            begin.elapsed()
        })
        .collect();
    std::fs::remove_file(path).expect("the file goes");
    times.sort();
    println!(
        "fsync of 4 KiB: median {:?}, 9 of 10 within {:?}",
        times[150], times[270]
    );
}

fn measure(address: &str, commands: usize, workers: usize) {
    let office = Office::open(address, setup()).expect("an office");
    let line = prepare(&office);
    let begin = Instant::now();
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let (office, line) = (&office, &line);
            scope.spawn(move || {
                for number in (worker..commands).step_by(workers) {
                    accepted(office, &format!("bench-{number}"), "budget", posting(line, number));
                }
            });
        }
    });
    let took = begin.elapsed();
    let each = took / u32::try_from(commands).expect("not so many");
    let rate = commands as u128 * 1_000_000 / took.as_micros();
    println!("{commands} commands by {workers} workers: {took:.1?}, {rate} a second, one every {each:?}");
    verified(address);
}

/// Verifies the whole office.
fn verified(address: &str) {
    let before = peak();
    let begin = Instant::now();
    let report = verify(&mut Connection::open(address).expect("the office"), None).expect("a report");
    assert!(report.is_clean(), "{:#?}", report.findings);
    let took = begin.elapsed();
    println!(
        "verified {} entries and {} rows: {took:.1?}; the most memory the process had: {before} MiB before, {} MiB after",
        report.entries,
        report.rows,
        peak()
    );
}

/// The people, and a line with money.
fn prepare(office: &Office) -> String {
    let enter = |id: &str| People::Enter {
        id: id.to_owned(),
        name: id.to_owned(),
        bureau: "市财政局".to_owned(),
    };
    accepted(office, "enter-1", "administrator", enter("administrator"));
    accepted(office, "enter-2", "administrator", enter("budget"));
    let assign = People::Assign {
        person: "budget".to_owned(),
        role: Role::Budget,
        scope: None,
        until: None,
    };
    accepted(office, "assign", "administrator", assign);
    let open = Ledger::Open {
        payer: "city_finance".to_owned(),
        fund: None,
        year: 2023,
    };
    let made = accepted(office, "open", "budget", open);
    made["line"].as_str().expect("a line").to_owned()
}

/// Every other command puts 2.00 in, the others take a fen out.
fn posting(line: &str, number: usize) -> Ledger {
    let (line, basis) = (line.to_owned(), "测量".to_owned());
    match number % 2 {
        0 => Ledger::Appropriate {
            line,
            amount: "2.00".parse().expect("an amount"),
            basis,
        },
        _ => Ledger::Cut {
            line,
            amount: "0.01".parse().expect("an amount"),
            basis,
        },
    }
}

fn accepted(office: &Office, id: &str, person: &str, act: impl Into<meed_office::command::Act>) -> serde_json::Value {
    match office.submit(Command::new(id, person, act)).expect("an answer") {
        Outcome::Accepted { result, .. } => result,
        // The first cuts may come before there is anything to cut.
        Outcome::Denied { reason, .. } if reason["code"] == "no_money" => serde_json::Value::Null,
        other => panic!("{other:?}"),
    }
}

/// The most memory that this process had, in MiB.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).expect("a peak");
    let kilobytes = line
        .split_whitespace()
        .nth(1)
        .and_then(|number| number.parse::<u64>().ok());
    kilobytes.expect("a number") / 1024
}

fn setup() -> Setup {
    let config = Config {
        office: "BENCH".to_owned(),
        ..given::config(Mode::Test)
    };
    Setup::new(config, given::CALENDAR, clock()).expect("a setup")
}

/// Noon of a day whose year the calendar knows.
fn clock() -> Clock {
    let day = "2023-02-23".parse().expect("a day");
    Clock::at(meed_office::time::Instant::start_of(day).plus_hours(12))
}
