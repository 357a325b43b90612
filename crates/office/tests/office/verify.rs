//! A verification proves a whole office, and knows every table.

use std::collections::BTreeSet;

use crate::support::{Bench, copy, day, on_each_database, past, setup, yuan};
use meed_office::ledger::Act as Ledger;
use meed_office::log::{ELSEWHERE, ORIGIN, PROTECTED, Report, Root, root, verify};
use meed_office::store::{Cell, Connection, Dialect, migrate};

/// A line with money.
fn line(bench: &Bench) -> String {
    let open = Ledger::Open {
        payer: "city_finance".to_owned(),
        fund: None,
        year: 2023,
    };
    let line = bench.made("budget", open, "line");
    bench.ok("budget", appropriate(&line));
    line
}

fn appropriate(line: &str) -> Ledger {
    Ledger::Appropriate {
        line: line.to_owned(),
        amount: yuan("7000000"),
        basis: "预算批复".to_owned(),
    }
}

fn codes(report: &Report) -> Vec<(&str, &str, &str)> {
    let codes = report.findings.iter();
    codes
        .map(|one| (one.code, one.table.as_str(), one.key.as_str()))
        .collect()
}

#[test]
fn an_office_that_did_something_is_clean() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let line = line(&bench);
        assert_eq!(bench.refused("officer", appropriate(&line)), "not_yours");
        let report = bench.verify();
        assert_eq!(codes(&report), []);
        assert_eq!(report.seq, bench.number("SELECT max(seq) FROM log"));
        assert_eq!(report.entries, report.seq.unsigned_abs());
        // Fourteen people with a bureau and a role each, the first one's among them, one line, one posting; and a command for each entry.
        assert_eq!(report.rows, 14 + 14 + 14 + 1 + 1 + report.entries);
    });
}

#[test]
fn a_new_office_is_clean() {
    on_each_database(|address| {
        let bench = Bench::reopen(address, setup("2023-02-23"));
        let report = bench.verify();
        assert_eq!((codes(&report), report.seq, report.hash.as_str()), (vec![], 0, ORIGIN));
    });
}

#[test]
fn every_table_and_every_column_is_held_by_something() {
    on_each_database(|address| {
        let mut connection = Connection::open(address).unwrap();
        migrate(&mut connection).unwrap();
        let columns = match connection.dialect() {
            Dialect::Sqlite => {
                "SELECT master.name, info.name, min(info.pk, 1) FROM sqlite_schema AS master, pragma_table_info(master.name) AS info \
                 WHERE master.type = 'table'"
            }
            Dialect::Postgres => {
                "SELECT table_name::text, column_name::text, CASE WHEN EXISTS (SELECT 1 FROM information_schema.key_column_usage AS used \
                 JOIN information_schema.table_constraints AS made USING (constraint_name) WHERE constraint_type = 'PRIMARY KEY' AND \
                 used.table_name = columns.table_name AND used.column_name = columns.column_name) THEN 1 ELSE 0 END \
                 FROM information_schema.columns WHERE table_schema = 'public'"
            }
        };
        let text = |cell: &Cell| match cell {
            Cell::Text(text) => text.clone(),
            other => panic!("{other:?}"),
        };
        let found: BTreeSet<(String, String, bool)> = connection
            .rows(columns, &[])
            .unwrap()
            .iter()
            .map(|row| (text(&row[0]), text(&row[1]), row[2] == Cell::Int(1)))
            .filter(|(table, ..)| ELSEWHERE.iter().all(|one| one.table != table))
            .collect();
        let held: BTreeSet<(String, String, bool)> = PROTECTED
            .iter()
            .flat_map(|one| {
                let column = |name: &&str| (one.table.to_owned(), (*name).to_owned(), one.key.contains(name));
                one.columns.iter().map(column)
            })
            .collect();
        assert_eq!(held, found);
        let tables = PROTECTED
            .iter()
            .map(|one| one.table)
            .chain(ELSEWHERE.iter().map(|one| one.table));
        let mut tables: Vec<&str> = tables.collect();
        tables.sort_unstable();
        let all = tables.len();
        tables.dedup();
        assert_eq!(tables.len(), all, "a table is named twice");
    });
}

#[test]
fn what_the_schema_lacks_is_found() {
    on_each_database(|address| {
        drop(Bench::open(address, "2023-02-23"));
        let (drop_trigger, drop_check) = match Connection::open(address).unwrap().dialect() {
            Dialect::Sqlite => ("DROP TRIGGER posting_is_not_changed", None),
            Dialect::Postgres => (
                "DROP TRIGGER posting_is_not_changed ON posting",
                Some("ALTER TABLE posting DROP CONSTRAINT posting_amount_check"),
            ),
        };
        let statements = [
            drop_trigger,
            "DROP INDEX award_live",
            "CREATE INDEX another ON line (fund)",
        ];
        let mut past = past::open(address);
        statements.iter().for_each(|statement| past.script(statement).unwrap());
        let mut connection = Connection::open(address).unwrap();
        let found = |connection: &mut Connection| codes_of(&verify(connection, None).unwrap());
        let mut wanted = vec![
            "schema.missing award index award_live".to_owned(),
            "schema.missing posting trigger posting_is_not_changed".to_owned(),
            "schema.extra line index another".to_owned(),
        ];
        assert_eq!(found(&mut connection), wanted);
        if let Some(statement) = drop_check {
            past.script(statement).unwrap();
            past.script("ALTER TABLE line DISABLE TRIGGER line_moves").unwrap();
            wanted.insert(1, "schema.missing line trigger line_moves".to_owned());
            wanted.insert(2, "schema.missing posting constraints c".to_owned());
            wanted.push("schema.extra line trigger line_moves".to_owned());
            wanted.push("schema.extra posting constraints c".to_owned());
            assert_eq!(found(&mut connection), wanted);
        }
    });
}

fn codes_of(report: &Report) -> Vec<String> {
    let told = codes(report).into_iter();
    told.map(|(code, table, key)| format!("{code} {table} {key}")).collect()
}

/// What is done past the office, and what must be found; `LAST` is the last entry, `LINE` the line.
const BROKEN: &[(&str, &[&str])] = &[
    ("UPDATE log SET at = at + 1 WHERE seq = 5", &["log.hash log 5"]),
    ("UPDATE log SET person = 'x' WHERE seq = LAST", &["log.hash log LAST"]),
    (
        "UPDATE log SET payload = '{}' WHERE seq = 5",
        &["log.hash log 5", "row.extra"],
    ),
    (
        "UPDATE log SET payload = payload || ' ' WHERE seq = 5",
        &["log.hash log 5"],
    ),
    (
        "UPDATE log SET payload = '{' WHERE seq = 5",
        &["log.unreadable log 5", "log.gap log 6"],
    ),
    (
        "UPDATE log SET epoch = 1 WHERE seq = 5",
        &["log.hash log 5", "log.time log 6"],
    ),
    ("DELETE FROM log WHERE seq = 5", &["log.gap log 6", "log.prev log 6"]),
    (
        "UPDATE log SET seq = seq + 1 WHERE seq = LAST",
        &["log.gap log", "log.hash log", "head head 1"],
    ),
    ("UPDATE head SET seq = seq + 1", &["head head 1"]),
    ("UPDATE head SET hash = 'x'", &["head head 1"]),
    ("DELETE FROM head", &["head head 1"]),
    (
        "INSERT INTO cursor (consumer, seq, i) VALUES ('portal', LAST + 1, 1)",
        &["cursor cursor portal"],
    ),
    (
        "UPDATE line_balance SET available = available + 1",
        &["money.balance line_balance LINE"],
    ),
    (
        "UPDATE line_balance SET appropriation = appropriation + 1, available = available + 1",
        &["money.balance line_balance LINE"],
    ),
    ("DELETE FROM line_balance", &["money.absent line_balance LINE"]),
    (
        "INSERT INTO holding (line, holder, reserved) VALUES ('LINE', 'me', 100)",
        &["money.absent posting LINE/me"],
    ),
    (
        "UPDATE posting SET amount = amount + 1",
        &["row.changed posting", "money.balance line_balance LINE"],
    ),
    (
        "UPDATE posting SET i = 2",
        &["row.missing posting", "row.extra posting", "posting.number posting"],
    ),
    (
        "UPDATE posting SET to_account = 'outside', from_account = 'available'",
        &[
            "row.changed posting",
            "money.negative posting",
            "money.balance line_balance LINE",
        ],
    ),
    (
        "UPDATE transition SET to_state = 'paid' WHERE machine = 'line' AND from_state = 'planned'",
        &["transition transition line/planned/paid"],
    ),
    (
        "DELETE FROM transition WHERE machine = 'line' AND from_state = 'planned'",
        &["transition transition line/planned/open"],
    ),
    ("DELETE FROM command WHERE seq = 5", &["row.missing command"]),
    (
        "UPDATE command SET seq = 1000 WHERE seq = 5",
        &["row.changed command", "command.seq command"],
    ),
    (
        "INSERT INTO document (digest, kind, body) VALUES ('00', 'package', 'text')",
        &["row.extra document 00", "document document 00"],
    ),
];

#[test]
fn what_was_done_past_the_office_is_found() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let line = line(&bench);
        let last = bench.number("SELECT max(seq) FROM log").to_string();
        drop(bench);
        let filled = |text: &str| text.replace("LAST", &last).replace("LINE", &line);
        for (statement, wanted) in BROKEN {
            let address = copy(address);
            let mut past = past::open(&address);
            past::uncheck(&mut past);
            past.script(&filled(statement)).unwrap();
            let found = codes_of(&verify(&mut Connection::open(&address).unwrap(), None).unwrap());
            for wanted in wanted.iter().map(|one| filled(one)) {
                let told = found.iter().any(|one| one.starts_with(&wanted));
                assert!(told, "{statement}: {wanted} is not in {found:#?}");
            }
        }
    });
}

#[test]
fn a_log_made_anew_or_cut_is_found_by_its_root() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        line(&bench);
        let kept = root(&mut bench.office.reader().unwrap(), day("2023-02-23")).unwrap();
        assert_eq!(kept.count, bench.number("SELECT count(*) FROM log"));
        bench.on("2023-02-24");
        let open = Ledger::Open {
            payer: "district".to_owned(),
            fund: None,
            year: 2023,
        };
        bench.ok("budget", open);
        let mut connection = bench.office.reader().unwrap();
        assert_eq!(
            root(&mut connection, day("2023-02-23")).unwrap(),
            kept,
            "it stays as it was"
        );
        assert_eq!(root(&mut connection, day("2023-02-22")).unwrap().seq, 0);
        assert!(verify(&mut connection, Some(&kept)).unwrap().is_clean());
        let other = Root {
            hash: ORIGIN.to_owned(),
            ..kept.clone()
        };
        let found = codes_of(&verify(&mut connection, Some(&other)).unwrap());
        assert_eq!(found, [format!("root.hash log {}", kept.seq)]);
        let later = Root {
            seq: kept.seq + 2,
            ..kept
        };
        let found = codes_of(&verify(&mut connection, Some(&later)).unwrap());
        assert_eq!(found, [format!("root.cut log {}", later.seq)]);
    });
}
