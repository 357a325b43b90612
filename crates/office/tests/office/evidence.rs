//! Evidence of a case can be checked by anybody who has the folder, and shows every change made to it.

use std::collections::BTreeMap;

use meed_office::cases::Act as Case;
use meed_office::evidence::{check, pack, replay};
use meed_office::publicity::Act as List;

use crate::stories::design_centres::{offered_and_proposed, recognise};
use crate::support::city::small_facts;
use crate::support::{Bench, on_each_database};

/// A design centre whose reward was approved; the reward's case.
fn approved(bench: &Bench) -> String {
    bench.publish_small();
    bench.fund(2022, "7000000");
    let centre = bench.enter(small_facts(0));
    recognise(bench, std::slice::from_ref(&centre));
    let case = offered_and_proposed(bench, &centre);
    let list = bench.make_public(std::slice::from_ref(&case));
    bench.on("2022-07-07");
    bench.ok("officer", List::End { list, version: 1 });
    bench.ok("approver", Case::Approve { case: case.clone() });
    case
}

fn broken(files: &BTreeMap<String, String>) -> Vec<String> {
    let findings = check(files, None);
    findings
        .into_iter()
        .filter(|one| !one.holds)
        .map(|one| format!("{} {}", one.check, one.about))
        .collect()
}

#[test]
fn evidence_is_checked_without_the_office_and_shows_every_change() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2022-06-17");
        let case = approved(&bench);
        let setup = bench.office.setup();
        let files = pack(&mut bench.office.reader().unwrap(), setup, &case).unwrap();
        assert_eq!(broken(&files), Vec::<String>::new());
        for table in [
            "case",
            "decision",
            "award",
            "instalment",
            "posting",
            "row",
            "list",
            "deed",
            "policy",
        ] {
            assert!(
                files["rows.json"].contains(&format!("\"{table}\":")),
                "{table} is not in the evidence"
            );
        }
        // What nobody would notice in a spreadsheet, with the manifest made again.
        let changes = [
            ("rows.json", "50000000", "50000001"),
            ("rows.json", "\"approver\"", "\"officer\""),
            ("log/entries.jsonl", "committed", "reserved"),
            ("log/chain.jsonl", "\"person\":\"officer\"", "\"person\":\"machine\""),
        ];
        for (path, from, to) in changes {
            let mut changed = files.clone();
            let text = changed[path].replacen(from, to, 1);
            assert_ne!(text, files[path], "{path} has no {from}");
            changed.insert(path.to_owned(), text);
            let manifest = changed["manifest.json"].replace(
                &meed_office::log::sha256(files[path].as_bytes()),
                &meed_office::log::sha256(changed[path].as_bytes()),
            );
            changed.insert("manifest.json".to_owned(), manifest);
            let found = broken(&changed);
            assert!(
                found.iter().any(|one| !one.starts_with("file")),
                "{path}: {from} → {to} was not found"
            );
        }
        for path in files.keys() {
            let mut fewer = files.clone();
            fewer.remove(path);
            assert_ne!(broken(&fewer), Vec::<String>::new(), "{path} may be left out");
        }
        let root = bench.cells("SELECT hash FROM head").remove(0).remove(0);
        let meed_office::store::Cell::Text(root) = root else {
            panic!("no root")
        };
        assert!(
            check(&files, Some(&root))
                .iter()
                .any(|one| one.check == "root" && one.holds)
        );
        assert!(
            check(&files, Some("00"))
                .iter()
                .any(|one| one.check == "root" && !one.holds)
        );
    });
}

#[test]
fn every_decision_is_made_again_byte_for_byte() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2022-06-17");
        approved(&bench);
        let again = replay(&mut bench.office.reader().unwrap(), bench.office.setup(), 0, 1).unwrap();
        assert_eq!(again.different, Vec::<(String, String)>::new());
        assert_eq!(
            i64::try_from(again.same).unwrap(),
            bench.number("SELECT count(*) FROM decision")
        );
        assert!(again.same >= 4, "a title and a reward, each proposed and approved");
    });
}

#[test]
fn what_is_forgotten_is_nowhere_and_the_log_is_whole() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2022-06-17");
        approved(&bench);
        let number = crate::support::city::credit_code(0);
        let subject = bench.cells("SELECT id FROM subject").remove(0).remove(0);
        let meed_office::store::Cell::Text(subject) = subject else {
            panic!("no subject")
        };
        let everywhere = |bench: &Bench| -> Vec<String> {
            let tables = meed_office::log::PROTECTED
                .iter()
                .map(|table| (table.table, table.columns));
            let log: (&str, &[&str]) = ("log", &["payload"]);
            let hits = tables.chain([log]).filter(|(table, columns)| {
                let told = columns
                    .iter()
                    .map(|column| format!("coalesce(CAST({column} AS TEXT), '')"));
                let all = told.collect::<Vec<_>>().join(" || ' ' || ");
                bench.number(&format!(
                    "SELECT count(*) FROM \"{table}\" WHERE {all} LIKE '%{number}%'"
                )) > 0
            });
            hits.map(|(table, _)| table.to_owned()).collect()
        };
        assert!(
            !everywhere(&bench).contains(&"log".to_owned()),
            "the log holds a personal value"
        );
        assert!(everywhere(&bench).contains(&"identifier".to_owned()));
        let forget = || meed_office::register::Act::Forget {
            subject: subject.clone(),
        };
        assert_eq!(bench.refused("registrar", forget()), "open_business");
        let award = bench.cells("SELECT id FROM award").remove(0).remove(0);
        let meed_office::store::Cell::Text(award) = award else {
            panic!("no award")
        };
        let agent = format!("agent-{subject}");
        bench.ok(&agent, meed_office::awards::Act::Renounce { award });
        bench.ok("registrar", forget());
        // A title of theirs counts: what is given once is found again by the number alone.
        assert_eq!(everywhere(&bench), ["identifier"]);
        let again = replay(&mut bench.office.reader().unwrap(), bench.office.setup(), 0, 1).unwrap();
        assert_eq!((again.same, again.different), (0, Vec::new()));
        assert!(again.forgotten >= 4);
    });
}
