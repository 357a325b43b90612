//! What would come of a command is what comes of it, and asking leaves nothing behind; on both databases.

use crate::support::journey::{assert_same, journeys};
use crate::support::{Bench, on_each_database, setup_at, yuan};
use meed_office::command::{Act, Command, Consideration, SubmitError};
use meed_office::ledger::Act as Ledger;
use meed_office::log::{ELSEWHERE, PROTECTED};
use meed_office::people::{Act as People, Role};
use meed_office::store::Cell;

/// Every row of every table.
fn everything(bench: &Bench) -> Vec<Vec<Vec<Cell>>> {
    let names = PROTECTED
        .iter()
        .map(|one| one.table)
        .chain(ELSEWHERE.iter().map(|one| one.table));
    let mut connection = bench.office.reader().unwrap();
    names
        .map(|table| {
            let mut rows = connection.rows(&format!("SELECT * FROM \"{table}\""), &[]).unwrap();
            rows.sort();
            rows
        })
        .collect()
}

fn open(payer: &str) -> Act {
    let (payer, fund) = (payer.to_owned(), None);
    Ledger::Open {
        payer,
        fund,
        year: 2023,
    }
    .into()
}

#[test]
fn a_considered_command_leaves_nothing_and_comes_out_the_same_when_it_is_given() {
    let journeys = journeys();
    on_each_database(|address| {
        for (number, journey) in journeys.iter().enumerate() {
            let address = if number == 0 {
                address.to_owned()
            } else {
                fresh(address, number)
            };
            let bench = Bench::reopen(&address, setup_at(journey[0].at));
            for given in journey {
                bench.office.setup().clock.set(given.at);
                let before = everything(&bench);
                let considered = bench.office.consider(given.command.clone()).unwrap();
                assert_eq!(everything(&bench), before, "{}", given.command.act.kind());
                let outcome = bench.office.submit(given.command.clone()).unwrap();
                assert_same(given, &outcome);
                assert_eq!(considered, Consideration::from(outcome), "{}", given.command.act.kind());
                let again = bench.office.consider(given.command.clone()).unwrap();
                assert_eq!(again, considered, "a command that was given has its outcome");
            }
        }
    });
}

/// Another empty database beside one.
fn fresh(address: &str, number: usize) -> String {
    match address.strip_prefix("sqlite:") {
        Some(path) => format!("sqlite:{path}.{number}"),
        None => crate::support::postgres::server().unwrap().database(),
    }
}

#[test]
fn each_of_several_acts_is_considered_as_if_it_alone_were_given() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let assign = People::Assign {
            person: "nobody".to_owned(),
            role: Role::Budget,
            scope: None,
            until: None,
        };
        let before = everything(&bench);
        let acts = vec![open("city_finance"), open("city_finance"), assign.into()];
        let told = bench.office.consider_all("budget", acts).unwrap();
        let line = |told: &Consideration| told.accepted().map(|result| result["line"].clone());
        assert!(line(&told[0]).is_some());
        assert_eq!(line(&told[0]), line(&told[1]), "the first was undone before the second");
        assert_eq!(told[2].reason().unwrap()["code"], "not_yours");
        assert_eq!(everything(&bench), before);
        let result = bench.ok("budget", open("city_finance"));
        assert_eq!(Some(&result), told[0].accepted());
    });
}

#[test]
fn what_a_command_does_beside_considered_ones_is_kept() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let line = bench.made("budget", open("city_finance"), "line");
        let more = |amount| Ledger::Appropriate {
            line: line.clone(),
            amount: yuan(amount),
            basis: "预算批复".to_owned(),
        };
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..4 {
                        let told = bench.office.consider_all("budget", vec![more("1").into(); 3]).unwrap();
                        assert!(told.iter().all(|one| one.accepted().is_some()));
                        bench.ok("budget", more("2"));
                    }
                });
            }
        });
        assert_eq!(bench.number("SELECT available FROM line_balance"), 6_400);
    });
}

#[test]
fn an_id_that_was_used_for_something_else_is_told() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let command = |act| Command::new("form-1", "budget", act);
        bench.office.submit(command(open("city_finance"))).unwrap();
        let other = bench.office.consider(command(open("district")));
        assert_eq!(other, Err(SubmitError::Reused));
    });
}
