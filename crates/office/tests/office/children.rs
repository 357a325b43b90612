//! What processes do that are started to be killed, or to work against each other.

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;
use std::sync::Mutex;

use crate::support::journey::Given;
use crate::support::{child, setup_at, yuan};
use meed_office::command::{Command, Outcome};
use meed_office::ledger::Act as Ledger;
use meed_office::office::Office;
use meed_office::time::Instant;
use serde_json::Value;

/// In a test run of its own this does nothing: the tests beside it start processes that do.
#[test]
fn a_process_does_its_task() {
    match child::task() {
        None => {}
        Some((task, told)) if task == "abort" => abort_at(&told),
        Some((task, told)) if task == "work" => work(&told),
        Some((task, _)) => panic!("`{task}` is no task"),
    }
}

/// Gives one command and dies before its `write`-th write; before it tells anybody, where there are fewer.
fn abort_at(told: &Value) {
    let (at, command) = Given::of_json(&told["given"]);
    let mut left = told["write"].as_i64().unwrap();
    let watch = Box::new(move |_: &str| {
        left -= 1;
        if left == 0 {
            std::process::abort();
        }
        Ok(())
    });
    let office = Office::open_watched(told["address"].as_str().unwrap(), setup_at(at), Some(watch)).unwrap();
    office.submit(command).unwrap();
}

/// Gives commands from several threads until it is killed, or has given all, and writes down what it sent and what it was told.
fn work(told: &Value) {
    let text = |name: &str| told[name].as_str().unwrap();
    let number = |name: &str| told[name].as_i64().unwrap();
    let office = Office::open(text("address"), setup_at(Instant::from_milliseconds(number("at")))).unwrap();
    let journal = Mutex::new(append(text("journal")));
    // Everybody who waits for the other end of this begins at once.
    let mut line = String::new();
    std::io::stdin().read_line(&mut line).unwrap();
    let threads = usize::try_from(number("threads")).unwrap();
    std::thread::scope(|scope| {
        for first in (0..number("count")).take(threads) {
            let (office, journal) = (&office, &journal);
            scope.spawn(move || {
                for i in (first..number("count")).step_by(threads) {
                    let id = format!("{}-{i}", text("name"));
                    note(journal, &format!("sent {id}"));
                    let command = Command::new(&id, "budget", piece(text("line"), text("act"), i));
                    // Without an answer nobody knows: whoever comes after asks again.
                    let Ok(outcome) = office.submit(command) else { break };
                    note(journal, &format!("told {id} {}", seq(&outcome)));
                }
            });
        }
    });
}

/// The `i`-th act.
pub fn piece(line: &str, act: &str, i: i64) -> Ledger {
    let (line, basis) = (line.to_owned(), "压力".to_owned());
    let cut = |amount| Ledger::Cut {
        line: line.clone(),
        amount: yuan(amount),
        basis: basis.clone(),
    };
    match (act, i % 3) {
        ("mixed", 0) => Ledger::Appropriate {
            line,
            amount: yuan("3"),
            basis,
        },
        ("mixed", 1) => cut("1"),
        ("mixed", _) => cut("1000000000"),
        _ => cut("1"),
    }
}

pub fn seq(outcome: &Outcome) -> i64 {
    match outcome {
        Outcome::Accepted { seq, .. } | Outcome::Denied { seq, .. } | Outcome::Undecided { seq, .. } => *seq,
    }
}

fn append(path: &str) -> File {
    OpenOptions::new()
        .create(true)
        .append(true)
        .open(Path::new(path))
        .unwrap()
}

fn note(journal: &Mutex<File>, line: &str) {
    // One write a line: what a dying process has written is whole lines.
    journal
        .lock()
        .unwrap()
        .write_all(format!("{line}\n").as_bytes())
        .unwrap();
}
