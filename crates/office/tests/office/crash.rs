//! Whatever dies, and whenever: nothing that was told is lost, nothing happens twice, and the log accounts for everything.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::children::{piece, seq};
use crate::support::journey::{Given, assert_same, journeys};
use crate::support::{Bench, child, folder, on_each_database, postgres, setup_at, times};
use meed_office::command::{Command, SubmitError};
use meed_office::log::verify;
use meed_office::office::Office;
use meed_office::store::{Cell, Connection, StoreError, Watch};
use meed_office::time::Instant;
use serde_json::json;

fn entries(address: &str) -> i64 {
    let mut connection = Connection::open(address).unwrap();
    match connection.one("SELECT count(*) FROM log", &[]).unwrap() {
        Some(Cell::Int(count)) => count,
        other => panic!("{other:?}"),
    }
}

#[track_caller]
fn assert_clean(address: &str, when: &str) {
    let report = verify(&mut Connection::open(address).unwrap(), None).unwrap();
    assert!(report.is_clean(), "{when}: {:#?}", report.findings);
}

/// The first command of each kind and of each cause for which money moves; every command with `MEED_CRASHES=all`.
fn chosen(journeys: &[Vec<Given>], meant: impl Fn(&Given) -> bool) -> Vec<BTreeSet<usize>> {
    let all = std::env::var("MEED_CRASHES").is_ok_and(|value| value == "all");
    let mut known = BTreeSet::new();
    let mut of = |(index, given): (usize, &Given)| {
        let first = meant(given) && known.insert((given.command.act.kind(), given.causes.clone()));
        (all || first).then_some(index)
    };
    let mut each = |journey: &Vec<Given>| journey.iter().enumerate().filter_map(&mut of).collect();
    journeys.iter().map(&mut each).collect()
}

#[test]
fn a_process_that_dies_before_any_write_has_done_nothing() {
    let journeys = journeys();
    let every = usize::try_from(times("MEED_CRASH_EVERY", 8)).unwrap();
    for (journey, chosen) in journeys.iter().zip(chosen(&journeys, |given| !given.causes.is_empty())) {
        on_each_database(|address| {
            let open = |given: &Given| Office::open(address, setup_at(given.at)).unwrap();
            let (mut office, mut died) = (open(&journey[0]), 0);
            for (index, given) in journey.iter().enumerate() {
                office.setup().clock.set(given.at);
                if chosen.contains(&index) {
                    drop(office);
                    died += die_at_writes(address, given, every);
                    office = open(given);
                }
                assert_same(given, &office.submit(given.command.clone()).unwrap());
            }
            drop(office);
            assert_clean(address, "at the end");
            assert_eq!(entries(address), i64::try_from(journey.len()).unwrap());
            assert!(died * every > 10 * chosen.len(), "only {died} processes died");
            println!("{died} processes died in {} commands", chosen.len());
        });
    }
}

/// Kills a process before writes of a command, until one gets to the end and dies before it tells. A test run takes one write of some;
/// `MEED_CRASH_EVERY=1` takes each.
fn die_at_writes(address: &str, given: &Given, every: usize) -> usize {
    let before = entries(address);
    for (died, write) in (1..).step_by(every).enumerate() {
        let told = json!({"address": address, "given": given.to_json(), "write": write});
        let ended = child::start("abort", &told).wait().unwrap();
        if ended.success() {
            assert_eq!(entries(address), before + 1);
            return died;
        }
        let when = format!("{} died before write {write}", given.command.act.kind());
        assert_eq!(entries(address), before, "{when}");
        assert_clean(address, &when);
    }
    0
}

/// A watch that fails once, at a write, as long as it is armed.
fn failing(error: StoreError) -> (Watch, Arc<AtomicI64>) {
    let left = Arc::new(AtomicI64::new(0));
    let mine = Arc::clone(&left);
    let watch = Box::new(move |_: &str| {
        if mine.fetch_sub(1, Ordering::SeqCst) == 1 {
            return Err(error.clone());
        }
        Ok(())
    });
    (watch, left)
}

#[test]
fn a_database_that_fails_at_any_write_has_done_nothing() {
    let journeys = journeys();
    for (journey, chosen) in journeys.iter().zip(chosen(&journeys, |_| true)) {
        on_each_database(|address| {
            let (watch, left) = failing(StoreError::Failed("as the test wants".to_owned()));
            let office = Office::open_watched(address, setup_at(journey[0].at), Some(watch)).unwrap();
            let mut failed = 0;
            for (index, given) in journey.iter().enumerate() {
                office.setup().clock.set(given.at);
                for write in 1.. {
                    left.store(if chosen.contains(&index) { write } else { 0 }, Ordering::SeqCst);
                    match office.submit(given.command.clone()) {
                        Ok(outcome) => {
                            assert_same(given, &outcome);
                            break;
                        }
                        Err(error) => assert!(matches!(error, SubmitError::Store(StoreError::Failed(_))), "{error}"),
                    }
                    failed += 1;
                    let kind = given.command.act.kind();
                    assert_eq!(
                        entries(address),
                        i64::try_from(index).unwrap(),
                        "{kind} at write {write}"
                    );
                }
                // What was armed and not reached must not fail another command.
                left.store(0, Ordering::SeqCst);
            }
            drop(office);
            assert_clean(address, "at the end");
            assert!(failed > 8 * chosen.len(), "only {failed} failures");
        });
    }
}

#[test]
fn a_database_that_is_busy_at_any_write_is_asked_again() {
    for journey in journeys() {
        on_each_database(|address| {
            let (watch, left) = failing(StoreError::Busy("as the test wants".to_owned()));
            let office = Office::open_watched(address, setup_at(journey[0].at), Some(watch)).unwrap();
            for (given, number) in journey.iter().zip(0..) {
                office.setup().clock.set(given.at);
                // At another write each time, so that all are met.
                left.store(number % 12, Ordering::SeqCst);
                assert_same(given, &office.submit(given.command.clone()).unwrap());
                left.store(0, Ordering::SeqCst);
            }
            drop(office);
            assert_clean(address, "at the end");
            assert_eq!(entries(address), i64::try_from(journey.len()).unwrap());
        });
    }
}

/// An office with a line, to be worked on and killed.
struct Victim<'a> {
    address: &'a str,
    line: String,
    at: Instant,
    journal: std::path::PathBuf,
    /// What every command that was ever sent was told.
    told: BTreeMap<String, i64>,
}

impl<'a> Victim<'a> {
    fn new(address: &'a str, folder: &Path) -> Self {
        let bench = Bench::open(address, "2023-12-01");
        let line = bench.fund(2023, "1000000");
        Self {
            address,
            line,
            at: bench.office.setup().clock.now(),
            journal: folder.join("journal"),
            told: BTreeMap::new(),
        }
    }

    fn told_to_work(&self, name: &str) -> serde_json::Value {
        json!({
            "address": self.address, "line": self.line, "at": self.at.milliseconds(), "journal": self.journal.display().to_string(),
            "threads": 4, "count": 1_000_000, "name": name, "act": "mixed",
        })
    }

    /// How many answers the journal has.
    fn answers(&self) -> usize {
        let journal = std::fs::read_to_string(&self.journal).unwrap_or_default();
        journal.lines().filter(|line| line.starts_with("told ")).count()
    }

    /// Gives every command of the journal again and holds the answers against those that were told before.
    fn settle(&mut self, when: &str) -> (usize, usize) {
        let journal = std::fs::read_to_string(&self.journal).unwrap_or_default();
        let _ = std::fs::remove_file(&self.journal);
        let mut sent: BTreeMap<&str, Option<i64>> = BTreeMap::new();
        for line in journal.lines() {
            match line.split(' ').collect::<Vec<_>>().as_slice() {
                ["sent", id] => drop(sent.insert(id, None)),
                ["told", id, seq] => drop(sent.insert(id, Some(seq.parse().unwrap()))),
                other => panic!("{other:?}"),
            }
        }
        let office = Office::open(self.address, setup_at(self.at)).unwrap();
        let answers: Vec<_> = sent
            .keys()
            .map(|id| {
                let i = id.rsplit('-').next().unwrap().parse().unwrap();
                office
                    .send(Command::new(*id, "budget", piece(&self.line, "mixed", i)))
                    .unwrap()
            })
            .collect();
        let mut unknown = 0;
        for ((id, before), answer) in sent.iter().zip(answers) {
            let outcome = answer.recv().unwrap().unwrap();
            let now = seq(&outcome);
            assert!(
                before.is_none_or(|before| before == now),
                "{when}: {id} was told {before:?}, then {now}"
            );
            unknown += usize::from(before.is_none());
            self.told.insert((*id).to_owned(), now);
        }
        drop(office);
        self.check(when);
        (sent.len(), unknown)
    }

    /// Each command has happened exactly once: three in, one out, and one that is refused.
    fn check(&self, when: &str) {
        assert_clean(self.address, when);
        let mut connection = Connection::open(self.address).unwrap();
        let mut number = |sql: &str| match connection.one(sql, &[]).unwrap() {
            Some(Cell::Int(number)) => number,
            other => panic!("{other:?}"),
        };
        let of = |kind: i64| {
            let each = self
                .told
                .keys()
                .filter(|id| id.rsplit('-').next().unwrap().parse::<i64>().unwrap() % 3 == kind);
            i64::try_from(each.count()).unwrap()
        };
        assert_eq!(
            number("SELECT available FROM line_balance"),
            100_000_000 + 300 * of(0) - 100 * of(1),
            "{when}"
        );
        let commands = number("SELECT count(*) FROM command WHERE id LIKE 'kill-%'");
        assert_eq!(commands, i64::try_from(self.told.len()).unwrap(), "{when}");
        assert_eq!(
            number("SELECT count(*) FROM command"),
            number("SELECT count(*) FROM log"),
            "{when}"
        );
    }
}

/// Some milliseconds that differ from one kill to the next, and are the same in the next run.
fn moment(number: u32) -> Duration {
    Duration::from_millis(u64::from(number.wrapping_mul(2_654_435_761) >> 24) / 3)
}

/// Starts a process that works, waits until it does, and a moment longer.
fn at_work(victim: &Victim<'_>, number: u32) -> std::process::Child {
    let mut process = child::start("work", &victim.told_to_work(&format!("kill-{number}")));
    drop(process.stdin.take());
    while victim.answers() < 5 {
        assert!(process.try_wait().unwrap().is_none(), "the process ended by itself");
        std::thread::sleep(Duration::from_millis(2));
    }
    std::thread::sleep(moment(number));
    process
}

#[test]
fn processes_killed_under_load_lose_nothing_that_they_told() {
    on_each_database(|address| {
        let folder = folder();
        let mut victim = Victim::new(address, folder.path());
        let (mut sent, mut unknown) = (0, 0);
        let kills = times("MEED_KILLS", 20);
        for kill in 0..kills {
            let mut process = at_work(&victim, kill);
            process.kill().unwrap();
            process.wait().unwrap();
            let (all, open) = victim.settle(&format!("kill {kill}"));
            (sent, unknown) = (sent + all, unknown + open);
        }
        println!("{kills} processes killed: {sent} commands, {unknown} of them without an answer");
        assert!(unknown > 0, "nothing was ever under way");
    });
}

#[test]
fn a_server_that_crashes_under_load_loses_nothing_that_it_told() {
    let Some(server) = postgres::own() else { return };
    let address = &server.database();
    let folder = folder();
    let mut victim = Victim::new(address, folder.path());
    let (mut sent, mut unknown) = (0, 0);
    let crashes = times("MEED_CRASHED_SERVERS", 3);
    for crash in 0..crashes {
        let mut process = at_work(&victim, crash);
        server.crash();
        // Each of its threads ends with the first answer that it does not get.
        process.wait().unwrap();
        server.start();
        let (all, open) = victim.settle(&format!("crash {crash}"));
        (sent, unknown) = (sent + all, unknown + open);
    }
    println!("{crashes} crashes of the server: {sent} commands, {unknown} of them without an answer");
    assert!(unknown > 0, "nothing was ever under way");
}
