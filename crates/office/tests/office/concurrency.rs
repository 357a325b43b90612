//! Many at once: money is given out once, commands happen one after another, and everybody gets an answer.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Child;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::support::{Bench, child, copy, folder, on_each_database, setup, times, yuan};
use meed_office::cases::Act as Case;
use meed_office::command::{Act, Command, Outcome};
use meed_office::ledger::Act as Ledger;
use meed_office::office::Office;
use serde_json::json;

/// Two processes with 32 workers each, that begin when both are there; and what each was told.
fn two_processes(bench: &Bench, address: &str, line: &str, count: i64, names: [&str; 2]) -> [BTreeMap<String, i64>; 2] {
    let folder = folder();
    let at = bench.office.setup().clock.now().milliseconds();
    let start = |(number, name): (usize, &str)| -> (Child, PathBuf) {
        let journal = folder.path().join(number.to_string());
        let told = json!({
            "address": address, "line": line, "at": at, "journal": journal.display().to_string(), "threads": 32, "count": count,
            "name": name, "act": "cut",
        });
        (child::start("work", &told), journal)
    };
    let mut processes: Vec<(Child, PathBuf)> = names.into_iter().enumerate().map(start).collect();
    for (process, journal) in &mut processes {
        while !journal.exists() {
            assert!(process.try_wait().unwrap().is_none(), "a process ended before it began");
            std::thread::sleep(Duration::from_millis(2));
        }
    }
    processes.iter_mut().for_each(|(process, _)| drop(process.stdin.take()));
    let ended = processes.into_iter().map(|(mut process, journal)| {
        assert!(process.wait().unwrap().success());
        let told = std::fs::read_to_string(journal).unwrap();
        let told = told
            .lines()
            .filter_map(|line| line.strip_prefix("told ")?.split_once(' '));
        told.map(|(id, seq)| (id.to_owned(), seq.parse().unwrap())).collect()
    });
    ended.collect::<Vec<_>>().try_into().unwrap()
}

#[test]
fn thousands_of_commands_share_money_for_a_hundred() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let line = bench.fund(2023, "100.00");
        let before = bench.number("SELECT max(seq) FROM log");
        let each = i64::from(times("MEED_MANY", 2000)) / 2;
        let told = two_processes(&bench, address, &line, each, ["one", "other"]);
        assert_eq!(
            told.map(|told| told.len()),
            [usize::try_from(each).unwrap(); 2],
            "everybody was answered"
        );
        let outcomes = |word: &str| {
            let sql = "SELECT count(*) FROM command WHERE (id LIKE 'one-%' OR id LIKE 'other-%') AND result LIKE";
            bench.number(&format!("{sql} '%\"outcome\":\"{word}\"%'"))
        };
        assert_eq!(outcomes("accepted"), 100);
        assert_eq!(outcomes("denied"), 2 * each - 100);
        assert_eq!(
            bench.number("SELECT max(seq) FROM log"),
            before + 2 * each,
            "what was refused is logged too"
        );
        assert_eq!(bench.accounts(&line)[0], 0);
        assert_eq!(bench.number("SELECT appropriation FROM line_balance"), 0);
    });
}

#[test]
fn one_command_from_two_processes_happens_once() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let line = bench.fund(2023, "1000.00");
        let before = bench.number("SELECT max(seq) FROM log");
        let [one, other] = two_processes(&bench, address, &line, 300, ["same", "same"]);
        assert_eq!(one.len(), 300);
        assert_eq!(one, other, "both were told the same");
        assert_eq!(bench.number("SELECT max(seq) FROM log"), before + 300);
        assert_eq!(bench.accounts(&line)[0], 70_000);
    });
}

/// Gives the first command, and the second from another connection when the first stands before its `write`-th write; none, where it has
/// fewer writes.
fn interleaved(address: &str, write: usize, first: Command, second: Command) -> Option<[Outcome; 2]> {
    let other = Office::open(address, setup("2023-12-01")).unwrap();
    let (tell, told) = channel();
    let mut left = write;
    let watch = Box::new(move |_: &str| {
        left = left.wrapping_sub(1);
        if left == 0 {
            let answer: Receiver<_> = other.send(second.clone()).unwrap();
            // Time to come as far as it can: to the lock.
            std::thread::sleep(Duration::from_millis(3));
            assert!(answer.try_recv().is_err(), "it must wait for what is under way");
            // Keeps the other office open until its answer has been read.
            tell.send(answer).unwrap();
        }
        Ok(())
    });
    let office = Office::open_watched(address, setup("2023-12-01"), Some(watch)).unwrap();
    let one = office.submit(first).unwrap();
    let two = told.try_recv().ok()?.recv().unwrap().unwrap();
    Some([one, two])
}

/// What two commands come to, at each write of the first at which the second can arrive.
fn at_every_write(
    address: &str,
    first: impl Into<Act>,
    second: impl Into<Act>,
    person: &str,
    check: impl Fn([Outcome; 2]),
) {
    let (first, second) = (
        Command::new("first", person, first),
        Command::new("second", person, second),
    );
    let mut met = 0;
    for write in 1.. {
        let address = copy(address);
        let Some(outcomes) = interleaved(&address, write, first.clone(), second.clone()) else {
            break;
        };
        check(outcomes);
        drop(Bench::reopen(&address, setup("2023-12-01")));
        met += 1;
    }
    assert!(met >= 7, "only {met} writes");
}

#[test]
fn two_withdrawals_interleaved_anywhere_take_the_money_once() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-12-01");
        let line = bench.fund(2023, "100.00");
        drop(bench);
        let cut = || Ledger::Cut {
            line: line.clone(),
            amount: yuan("100"),
            basis: "调减".to_owned(),
        };
        at_every_write(address, cut(), cut(), "budget", |outcomes| {
            let [Outcome::Accepted { seq, .. }, Outcome::Denied { seq: after, reason }] = outcomes else {
                panic!("{outcomes:?}")
            };
            assert_eq!((after, &reason["code"]), (seq + 1, &json!("no_money")));
        });
    });
}

#[test]
fn two_proposals_interleaved_anywhere_reserve_money_for_one() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-12-01");
        bench.publish_tiny();
        bench.fund(2023, "150000");
        let [first, second] = [1, 2].map(|number| bench.researcher(number));
        drop(bench);
        let propose = |case: &String| Case::Propose {
            case: case.clone(),
            amount: None,
        };
        at_every_write(address, propose(&first), propose(&second), "officer", |outcomes| {
            let states = outcomes.map(|outcome| outcome.accepted().unwrap()["state"].clone());
            assert_eq!(states, ["proposed", "waiting_for_funds"]);
        });
    });
}
