//! Commands happen once, are logged, and never make an account negative; on both databases.

use crate::support::{Bench, on_each_database, yuan};
use meed_office::command::{Command, Outcome, SubmitError};
use meed_office::ledger::Act as Ledger;
use meed_office::people::{Act as People, Role};

fn line(bench: &Bench) -> String {
    let open = Ledger::Open {
        payer: "city_finance".to_owned(),
        fund: None,
        year: 2023,
    };
    let line = bench.made("budget", open, "line");
    bench.ok(
        "budget",
        Ledger::Appropriate {
            line: line.clone(),
            amount: yuan("7000000"),
            basis: "预算批复".to_owned(),
        },
    );
    line
}

#[test]
fn the_same_command_twice_happens_once() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let line = line(&bench);
        let more = Ledger::Appropriate {
            line: line.clone(),
            amount: yuan("1.00"),
            basis: "追加".to_owned(),
        };
        let command = Command::new("double-click", "budget", more);
        let first = bench.office.submit(command.clone()).unwrap();
        let second = bench.office.submit(command).unwrap();
        assert_eq!(first, second);
        assert_eq!(bench.number("SELECT appropriation FROM line_balance"), 700_000_100);
        let other = Ledger::Appropriate {
            line,
            amount: yuan("2.00"),
            basis: "追加".to_owned(),
        };
        assert_eq!(
            bench.office.submit(Command::new("double-click", "budget", other)),
            Err(SubmitError::Reused)
        );
        assert_eq!(bench.number("SELECT appropriation FROM line_balance"), 700_000_100);
    });
}

#[test]
fn a_line_never_gives_more_than_it_has() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let line = line(&bench);
        let cut = |amount| Ledger::Cut {
            line: line.clone(),
            amount: yuan(amount),
            basis: "调减".to_owned(),
        };
        assert_eq!(bench.refused("budget", cut("7000000.01")), "no_money");
        assert_eq!(bench.number("SELECT available FROM line_balance"), 700_000_000);
        bench.ok("budget", cut("7000000.00"));
        assert_eq!(bench.number("SELECT available FROM line_balance"), 0);
    });
}

#[test]
fn who_has_no_such_role_is_denied_and_that_is_logged() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let open = || Ledger::Open {
            payer: "city_finance".to_owned(),
            fund: None,
            year: 2023,
        };
        let before = bench.number("SELECT max(seq) FROM log");
        assert_eq!(bench.refused("officer", open()), "not_yours");
        assert_eq!(bench.number("SELECT max(seq) FROM log"), before + 1);
        assert_eq!(bench.number("SELECT count(*) FROM line"), 0);
        let assign = People::Assign {
            person: "officer".to_owned(),
            role: Role::Budget,
            scope: Some("other_bureau".to_owned()),
            until: None,
        };
        bench.ok("administrator", assign);
        assert_eq!(
            bench.refused("officer", open()),
            "not_yours",
            "the role is for another payer"
        );
    });
}

#[test]
fn history_is_not_changed_even_past_the_office() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        line(&bench);
        let mut connection = bench.office.reader().unwrap();
        for table in meed_office::store::APPEND_ONLY {
            let sql = format!("DELETE FROM \"{table}\"");
            if bench.number(&format!("SELECT count(*) FROM \"{table}\"")) > 0 {
                assert!(connection.script(&sql).is_err(), "{table} could be emptied");
            }
        }
        assert!(connection.script("UPDATE posting SET amount = amount + 1").is_err());
        assert!(
            connection.script("UPDATE line SET state = 'planned'").is_err(),
            "the machine has no such move"
        );
    });
}

#[test]
fn an_office_opened_again_goes_on_where_it_was() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let line = line(&bench);
        drop(bench);
        let again = Bench::reopen(address, crate::support::setup("2023-02-24"));
        let cut = Ledger::Cut {
            line,
            amount: yuan("1"),
            basis: "调减".to_owned(),
        };
        assert!(matches!(again.submit("budget", cut), Outcome::Accepted { .. }));
        let entries = again.number("SELECT count(*) FROM log");
        assert_eq!(again.number("SELECT max(seq) FROM log"), entries);
        assert_eq!(again.number("SELECT seq FROM head"), entries);
    });
}

#[test]
fn time_does_not_run_backwards_in_the_log() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        line(&bench);
        bench.on("2023-02-20");
        let open = Ledger::Open {
            payer: "district".to_owned(),
            fund: None,
            year: 2023,
        };
        bench.ok("budget", open);
        let before =
            "SELECT count(*) FROM log AS one JOIN log AS next ON next.seq = one.seq + 1 WHERE next.at < one.at";
        assert_eq!(bench.number(before), 0);
    });
}
