//! Whoever writes past the office is found: in every column of every protected table, by every kind of change.

use std::collections::{BTreeMap, BTreeSet};

use crate::support::{Bench, day, on_each_database, past, yuan};
use meed_office::ledger::{Act as Ledger, Posting};
use meed_office::log::{Entry, PROTECTED, Protected, Report, digest, root, verify};
use meed_office::store::{Cell, Connection, Field, Record};
use meed_office::tx::select;
use serde_json::{Value, json};

/// A row as it stands.
type Row = Vec<Cell>;

fn list(columns: &[&str]) -> String {
    columns.join(", ")
}

fn rows(connection: &mut Connection, table: &Protected) -> Vec<Row> {
    let (columns, key) = (list(table.columns), list(table.key));
    let sql = format!("SELECT {columns} FROM \"{}\" ORDER BY {key}", table.table);
    connection.rows(&sql, &[]).unwrap()
}

fn insert(connection: &mut Connection, table: &str, columns: &[&str], row: &[Cell]) {
    let places: Vec<String> = (1..=row.len()).map(|place| format!("${place}")).collect();
    let sql = format!(
        "INSERT INTO \"{table}\" ({}) VALUES ({})",
        list(columns),
        places.join(", ")
    );
    connection.run(&sql, row).unwrap();
}

fn delete(connection: &mut Connection, table: &Protected, row: &[Cell]) {
    let key = key(table, row);
    let equal: Vec<String> = table
        .key
        .iter()
        .zip(1..)
        .map(|(name, place)| format!("{name} = ${place}"))
        .collect();
    let sql = format!("DELETE FROM \"{}\" WHERE {}", table.table, equal.join(" AND "));
    assert_eq!(connection.run(&sql, &key).unwrap(), 1, "{sql}");
}

fn key(table: &Protected, row: &[Cell]) -> Row {
    let cell = |name: &&str| row[table.columns.iter().position(|column| column == name).unwrap()].clone();
    table.key.iter().map(cell).collect()
}

/// A finding of this kind about this row.
fn finding(code: &str, table: &Protected, row: &[Cell]) -> (String, String, String) {
    let text = |cell: Cell| match cell {
        Cell::Null => String::new(),
        Cell::Int(number) => number.to_string(),
        Cell::Text(text) => text,
    };
    let key: Vec<String> = key(table, row).into_iter().map(text).collect();
    (code.to_owned(), table.table.to_owned(), key.join("/"))
}

/// What is told of rows. A changed row may break a rule or a balance too.
fn about_rows(report: &Report) -> BTreeSet<(String, String, String)> {
    let of_rows = report.findings.iter().filter(|one| one.code.starts_with("row."));
    of_rows
        .map(|one| (one.code.to_owned(), one.table.clone(), one.key.clone()))
        .collect()
}

/// Appends an entry as the office would.
fn append(connection: &mut Connection, effects: Vec<Value>) {
    let last = select::<Entry>(connection, "1 = 1 ORDER BY seq DESC LIMIT 1", &[])
        .unwrap()
        .remove(0);
    let mut entry = Entry {
        seq: last.seq + 1,
        kind: "test.fill".to_owned(),
        payload: json!({"effects": effects}),
        prev: last.hash.clone(),
        ..last
    };
    entry.hash = entry.expected_hash();
    insert(connection, "log", Entry::COLUMNS, &entry.cells());
    let sql = "UPDATE head SET seq = $1, hash = $2";
    connection
        .run(sql, &[entry.seq.into(), Cell::from(&entry.hash)])
        .unwrap();
}

/// Gives every protected table two rows that the log knows: in the first every column has a value, in the second only those that must.
fn fill(connection: &mut Connection) {
    let kinds = kinds(connection);
    let mut effects = Vec::new();
    for table in PROTECTED {
        for number in rows(connection, table).len()..2 {
            let value = |column: &&str| match (number, kinds[&(table.table.to_owned(), (*column).to_owned())]) {
                (1, (true, _)) => Cell::Null,
                (_, (_, true)) => Cell::Int(i64::try_from(number).unwrap() + 1),
                _ => Cell::Text(format!("{column}-{number}")),
            };
            let row: Row = table.columns.iter().map(value).collect();
            insert(connection, table.table, table.columns, &row);
            let key: Vec<Value> = key(table, &row).iter().map(Cell::to_json).collect();
            effects.push(json!({"table": table.table, "key": key, "digest": digest(table.columns, &row)}));
        }
    }
    append(connection, effects);
}

/// What each column takes: `(table, column)` → whether nothing, whether a number.
type Kinds = BTreeMap<(String, String), (bool, bool)>;

fn kinds(connection: &mut Connection) -> Kinds {
    let sql = match connection.sqlite() {
        // What is part of a key is never nothing in a strict table, though it does not say so.
        Some(_) => {
            "SELECT master.name, info.name, \"notnull\" = 0 AND pk = 0, info.type = 'INTEGER' \
             FROM sqlite_schema AS master, pragma_table_info(master.name) AS info WHERE master.type = 'table'"
        }
        None => {
            "SELECT table_name::text, column_name::text, is_nullable = 'YES', data_type = 'bigint' FROM information_schema.columns \
             WHERE table_schema = 'public'"
        }
    };
    let kind = |row: Row| match row.as_slice() {
        [
            Cell::Text(table),
            Cell::Text(column),
            Cell::Int(nullable),
            Cell::Int(number),
        ] => ((table.clone(), column.clone()), (*nullable == 1, *number == 1)),
        other => panic!("{other:?}"),
    };
    connection.rows(sql, &[]).unwrap().into_iter().map(kind).collect()
}

/// An office in which every protected table has rows, and a way past it.
fn filled(address: &str) -> Connection {
    let bench = Bench::open(address, "2023-02-23");
    let line = bench.fund(2023, "7000000");
    bench.ok("budget", appropriation(&line));
    drop(bench);
    let mut connection = past::open(address);
    past::uncheck(&mut connection);
    fill(&mut connection);
    let report = verify(&mut connection, None).unwrap();
    assert!(
        report
            .findings
            .iter()
            .all(|one| !one.code.starts_with("row.") && !one.code.starts_with("log.")),
        "{report:#?}"
    );
    connection
}

fn appropriation(line: &str) -> Ledger {
    Ledger::Appropriate {
        line: line.to_owned(),
        amount: yuan("1.00"),
        basis: "追加".to_owned(),
    }
}

/// Writes one row of each table where another stood, verifies, and puts everything back.
fn replaced(connection: &mut Connection, changes: &[(&Protected, Row, Row)]) -> BTreeSet<(String, String, String)> {
    for (table, before, after) in changes {
        delete(connection, table, before);
        insert(connection, table.table, table.columns, after);
    }
    let found = about_rows(&verify(connection, None).unwrap());
    for (table, before, after) in changes {
        delete(connection, table, after);
        insert(connection, table.table, table.columns, before);
    }
    found
}

/// What must be found where one row stands for another: the same key with other contents, or a row gone and one too many.
fn wanted(changes: &[(&Protected, Row, Row)]) -> BTreeSet<(String, String, String)> {
    let each = changes.iter().flat_map(|(table, before, after)| {
        if key(table, before) == key(table, after) {
            vec![finding("row.changed", table, after)]
        } else {
            vec![
                finding("row.missing", table, before),
                finding("row.extra", table, after),
            ]
        }
    });
    each.collect()
}

fn other(cell: &Cell, number: bool) -> Cell {
    match cell {
        Cell::Null if number => Cell::Int(7),
        Cell::Null => Cell::from("x"),
        Cell::Int(number) => Cell::Int(number + 1000),
        Cell::Text(text) => Cell::Text(format!("{text}x")),
    }
}

#[test]
fn every_column_of_every_table_is_held() {
    on_each_database(|address| {
        let connection = &mut filled(address);
        let kinds = kinds(connection);
        let widest = PROTECTED.iter().map(|table| table.columns.len()).max().unwrap();
        let mut changed = 0;
        for (column, place, to_nothing) in (0..widest).flat_map(|column| {
            let each = [(0, false), (0, true), (1, false), (1, true)];
            each.map(|(place, to_nothing)| (column, place, to_nothing))
        }) {
            let mut changes = Vec::new();
            for table in PROTECTED.iter().filter(|table| column < table.columns.len()) {
                let (nullable, number) = kinds[&(table.table.to_owned(), table.columns[column].to_owned())];
                let before = rows(connection, table).swap_remove(place);
                let mut after = before.clone();
                after[column] = if to_nothing {
                    Cell::Null
                } else {
                    other(&before[column], number)
                };
                if after != before && (!to_nothing || nullable) {
                    changes.push((table, before, after));
                }
            }
            changed += changes.len();
            assert_eq!(replaced(connection, &changes), wanted(&changes), "column {column}");
        }
        assert!(changed > 600, "{changed} changes are too few");
        assert!(
            about_rows(&verify(connection, None).unwrap()).is_empty(),
            "all is back where it was"
        );
    });
}

#[test]
fn rows_added_taken_away_or_exchanged_are_found() {
    on_each_database(|address| {
        let connection = &mut filled(address);
        let found = |connection: &mut Connection| about_rows(&verify(connection, None).unwrap());
        let first: Vec<(&Protected, Row, Row)> = PROTECTED
            .iter()
            .map(|table| {
                let mut all = rows(connection, table);
                let second = all.swap_remove(1);
                (table, all.swap_remove(0), second)
            })
            .collect();
        first.iter().for_each(|(table, row, _)| delete(connection, table, row));
        let gone = first
            .iter()
            .map(|(table, row, _)| finding("row.missing", table, row))
            .collect();
        assert_eq!(found(connection), gone);
        first
            .iter()
            .for_each(|(table, row, _)| insert(connection, table.table, table.columns, row));

        // A third row, with other values everywhere.
        let third: Vec<(&Protected, Row)> = first
            .iter()
            .map(|(table, row, _)| (*table, row.iter().map(|cell| other(cell, false)).collect()))
            .collect();
        for (table, row) in &third {
            insert(connection, table.table, table.columns, row);
        }
        let more = third
            .iter()
            .map(|(table, row)| finding("row.extra", table, row))
            .collect();
        assert_eq!(found(connection), more);
        third.iter().for_each(|(table, row)| delete(connection, table, row));

        // Each of two rows with the other's contents under its own key.
        let mut changes = Vec::new();
        for (table, one, two) in &first {
            for (mine, theirs) in [(one, two), (two, one)] {
                let cells = table.columns.iter().zip(mine.iter().zip(theirs));
                let cell = |(column, (mine, theirs)): (&&str, (&Cell, &Cell))| {
                    if table.key.contains(column) {
                        mine.clone()
                    } else {
                        theirs.clone()
                    }
                };
                changes.push((*table, mine.clone(), cells.map(cell).collect::<Row>()));
            }
        }
        // Where the key is the whole row there is nothing to exchange.
        changes.retain(|(_, before, after)| before != after);
        for (table, row, _) in &changes {
            delete(connection, table, row);
        }
        for (table, _, row) in &changes {
            insert(connection, table.table, table.columns, row);
        }
        assert_eq!(found(connection), wanted(&changes));
    });
}

/// Rebuilds all hashes, as somebody would who can write every table: without a root nothing shows.
fn rebuild(connection: &mut Connection, change: impl Fn(&mut Entry)) {
    let mut before = meed_office::log::ORIGIN.to_owned();
    for mut entry in select::<Entry>(connection, "1 = 1 ORDER BY seq", &[]).unwrap() {
        change(&mut entry);
        entry.prev = before;
        entry.hash = entry.expected_hash();
        let sql = "UPDATE log SET payload = $1, prev = $2, hash = $3 WHERE seq = $4";
        let cells = [
            entry.payload.to_cell(),
            entry.prev.to_cell(),
            entry.hash.to_cell(),
            entry.seq.into(),
        ];
        connection.run(sql, &cells).unwrap();
        before = entry.hash;
    }
    connection
        .run("UPDATE head SET hash = $1", &[Cell::from(&before)])
        .unwrap();
}

#[test]
fn a_log_made_anew_is_found_by_a_root_that_was_kept() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let line = bench.fund(2023, "7000000");
        let kept = root(&mut bench.office.reader().unwrap(), day("2023-02-23")).unwrap();
        drop(bench);
        let connection = &mut past::open(address);
        let mut posting = select::<Posting>(connection, "line = $1", &[Cell::from(&line)])
            .unwrap()
            .remove(0);
        posting.amount = yuan("9000000").0;
        connection
            .run("UPDATE posting SET amount = $1", &[posting.amount.to_cell()])
            .unwrap();
        let sql = "UPDATE line_balance SET appropriation = $1, available = $1";
        connection.run(sql, &[posting.amount.to_cell()]).unwrap();
        rebuild(connection, |entry| {
            for effect in entry.payload["effects"].as_array_mut().unwrap() {
                if effect["table"] == "posting" {
                    effect["digest"] = digest(Posting::COLUMNS, &posting.cells()).into();
                    effect["posting"]["amount"] = posting.amount.minor().to_string().into();
                }
            }
        });
        let alone = verify(connection, None).unwrap();
        assert!(alone.is_clean(), "{alone:#?}");
        let found = verify(connection, Some(&kept)).unwrap();
        let codes: Vec<&str> = found.findings.iter().map(|one| one.code).collect();
        assert_eq!(codes, ["root.hash"]);
    });
}

#[test]
fn a_log_without_its_end_is_found_by_a_root_that_was_kept() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let line = bench.fund(2023, "7000000");
        bench.ok("budget", appropriation(&line));
        let kept = root(&mut bench.office.reader().unwrap(), day("2023-02-23")).unwrap();
        drop(bench);
        let connection = &mut past::open(address);
        for table in ["posting", "command", "log"] {
            let sql = format!("DELETE FROM {table} WHERE seq = $1");
            assert_eq!(connection.run(&sql, &[kept.seq.into()]).unwrap(), 1);
        }
        connection
            .script("UPDATE line_balance SET appropriation = 700000000, available = 700000000")
            .unwrap();
        let sql = "UPDATE head SET seq = seq - 1, hash = (SELECT hash FROM log ORDER BY seq DESC LIMIT 1)";
        connection.script(sql).unwrap();
        let alone = verify(connection, None).unwrap();
        assert!(alone.is_clean(), "{alone:#?}");
        let found = verify(connection, Some(&kept)).unwrap();
        let codes: Vec<&str> = found.findings.iter().map(|one| one.code).collect();
        assert_eq!(codes, ["root.cut"]);
        assert!(root(connection, day("2023-02-23")).unwrap().seq < kept.seq);
    });
}
