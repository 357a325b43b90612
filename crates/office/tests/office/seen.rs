//! A command that rests on what its giver saw is not done where that has changed; on both databases.

use crate::support::{Bench, on_each_database, yuan};
use meed_office::command::{Command, Outcome, Seen, SubmitError};
use meed_office::ledger::{Act as Ledger, Line, Posting};
use meed_office::people::{Act as People, Duty, Person};
use meed_office::store::Record;
use meed_office::tx::select;

fn line(bench: &Bench) -> String {
    let open = Ledger::Open {
        payer: "city_finance".to_owned(),
        fund: None,
        year: 2023,
    };
    bench.made("budget", open, "line")
}

fn seen<R: Record>(bench: &Bench) -> Vec<Seen> {
    let rows = select::<R>(&mut bench.office.reader().unwrap(), "1 = 1", &[]).unwrap();
    rows.iter().map(Seen::of).collect()
}

fn rename(name: &str) -> People {
    People::Enter {
        id: "new".to_owned(),
        name: name.to_owned(),
        bureau: "市财政局".to_owned(),
    }
}

/// What is as it was seen is no hindrance; the first change is, and it leaves nothing behind but the free id.
#[test]
fn a_row_that_changed_since_it_was_seen_stops_a_command() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let line = line(&bench);
        let (before, head) = (seen::<Line>(&bench), "SELECT seq FROM head");
        assert_eq!(before.len(), 1);
        let appropriate = Ledger::Appropriate {
            line: line.clone(),
            amount: yuan("100"),
            basis: "预算批复".to_owned(),
        };
        let command = |id: &str| Command::new(id, "budget", appropriate.clone()).having_seen(before.clone());
        let first = bench.office.submit(command("first")).unwrap();
        assert!(first.accepted().is_some());
        assert_eq!(
            seen::<Line>(&bench),
            before,
            "an appropriation leaves the line's own row"
        );
        let close = meed_office::years::Act::CloseBooks { line: line.clone() };
        bench.on("2023-12-31");
        bench.ok("budget", close);
        let log = bench.number(head);
        let stale = SubmitError::Stale {
            table: "line".to_owned(),
            key: vec![line],
        };
        assert_eq!(bench.office.submit(command("second")), Err(stale.clone()));
        assert_eq!(bench.office.consider(command("second")), Err(stale));
        assert_eq!(bench.number(head), log, "nothing is recorded");
        assert_eq!(bench.number("SELECT count(*) FROM command WHERE id = 'second'"), 0);
        assert_eq!(
            bench.office.submit(command("first")),
            Ok(first),
            "what was done already has its outcome"
        );
        let again = Command::new("second", "budget", appropriate.clone()).having_seen(seen::<Line>(&bench));
        let told = bench.office.submit(again).unwrap();
        assert!(
            matches!(told, Outcome::Denied { .. }),
            "the line takes nothing more: {told:?}"
        );
        assert_eq!(bench.number(head), log + 1, "the id was free");
    });
}

/// Keys of several columns, of numbers, and keys that no row can have: each is a row that is gone, never a failure of the database.
#[test]
fn every_kind_of_key_is_read_and_a_key_of_no_row_is_stale() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let line = line(&bench);
        let amount = yuan("100");
        let basis = "预算批复".to_owned();
        bench.ok("budget", Ledger::Appropriate { line, amount, basis });
        let mut all = seen::<Posting>(&bench);
        all.extend(seen::<Person>(&bench));
        all.extend(seen::<Duty>(&bench));
        assert!(all.iter().any(|one| one.key.len() > 1));
        let mut connection = bench.office.reader().unwrap();
        for one in &all {
            let key: Vec<&str> = one.key.iter().map(String::as_str).collect();
            assert_eq!(
                Seen::read(&mut connection, &one.table, &key).unwrap().as_ref(),
                Some(one)
            );
        }
        let command = |id: &str, seen| Command::new(id, "administrator", rename("新来的")).having_seen(seen);
        for (number, (table, key)) in [
            ("person", vec!["nobody"]),
            ("person", vec!["administrator", "2"]),
            ("person", vec![]),
            ("person", vec!["admin\0istrator"]),
            ("posting", vec!["one", "two"]),
            ("posting", vec!["99999999999999999999", "1"]),
            ("head", vec!["1"]),
            ("person\"; DROP TABLE person; --", vec!["administrator"]),
        ]
        .into_iter()
        .enumerate()
        {
            let key: Vec<String> = key.into_iter().map(str::to_owned).collect();
            let (table, digest) = (table.to_owned(), all[0].digest.clone());
            let mut rows = all.clone();
            rows.push(Seen {
                table: table.clone(),
                key: key.clone(),
                digest,
            });
            let told = bench.office.submit(command(&format!("bad-{number}"), rows));
            assert_eq!(told, Err(SubmitError::Stale { table, key }));
        }
        assert!(bench.office.submit(command("good", all)).unwrap().accepted().is_some());
    });
}

/// As an effect of the log tells it, and as a form sends it back.
#[test]
fn a_row_is_seen_as_the_log_wrote_it() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let sql = "SELECT payload FROM log WHERE kind = 'people.enter' ORDER BY seq DESC LIMIT 1";
        let meed_office::store::Cell::Text(payload) = &bench.cells(sql)[0][0] else {
            panic!("a payload is a text")
        };
        let payload: serde_json::Value = serde_json::from_str(payload).unwrap();
        let effect: Seen = serde_json::from_value(payload["effects"][0].clone()).unwrap();
        assert_eq!(effect.table, "person");
        assert!(seen::<Person>(&bench).contains(&effect));
        assert_eq!(serde_json::to_value(&effect).unwrap(), payload["effects"][0]);
    });
}
