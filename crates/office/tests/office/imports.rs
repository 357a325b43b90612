//! The register from tables: the files that a population is in, each row as if its document had been imported.

use std::path::Path;

use meed_office::register::{ImportError, Imported, Tables, import};
use serde_json::json;

use crate::support::city::credit_code;
use crate::support::{Bench, folder, on_each_database};

fn tables(path: &Path) -> Tables<'_> {
    Tables {
        path,
        kind: None,
        name: None,
        source: "市场监管".to_owned(),
        evidence: None,
        valid_from: None,
    }
}

fn lines(path: &Path, staff: &[u32]) {
    let row = |(number, staff): (usize, &u32)| {
        json!({"enterprise": {"uscc": credit_code(number), "design_staff": staff, "breach": false}}).to_string() + "\n"
    };
    std::fs::write(path, staff.iter().enumerate().map(row).collect::<String>()).unwrap();
}

fn counts(done: &Imported) -> [usize; 5] {
    let [rows, imported, unchanged] =
        [done.rows, done.imported, done.unchanged].map(|one| usize::try_from(one).unwrap());
    [rows, imported, unchanged, done.refused.len(), done.rejected.len()]
}

#[test]
fn what_is_new_is_imported_and_an_import_given_again_goes_on() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        let folder = folder();
        let file = folder.path().join("firms.jsonl");
        let staff: Vec<u32> = (1..=150).collect();
        lines(&file, &staff[..100]);
        let by = |person| import(&bench.office, person, &tables(&file));
        assert!(matches!(by("registrar"), Err(ImportError::NoVocabulary)));
        bench.publish_small();
        assert!(matches!(by("officer"), Err(ImportError::NotYours(_))));
        assert_eq!(counts(&by("registrar").unwrap()), [100, 100, 0, 0, 0]);
        assert_eq!(bench.number("SELECT count(*) FROM subject"), 100);
        // A file with more rows, as after an interruption: what is there is passed over.
        lines(&file, &staff);
        let before = bench.number("SELECT count(*) FROM log");
        assert_eq!(counts(&by("registrar").unwrap()), [150, 50, 100, 0, 0]);
        assert_eq!(bench.number("SELECT count(*) FROM log"), before + 50);
        // What changes and changes back is said each time.
        let changed: Vec<u32> = staff
            .iter()
            .map(|staff| if *staff == 7 { 70 } else { *staff })
            .collect();
        lines(&file, &changed);
        assert_eq!(counts(&by("registrar").unwrap()), [150, 1, 149, 0, 0]);
        lines(&file, &staff);
        assert_eq!(counts(&by("registrar").unwrap()), [150, 1, 149, 0, 0]);
        assert_eq!(
            bench.number(
                "SELECT count(*) FROM fact WHERE path = '/design_staff' AND value IN ('\"7\"', '\"70\"', '7', '70')"
            ),
            4
        );
    });
}

#[test]
fn tables_of_any_form_are_read_and_wrong_rows_are_told() {
    on_each_database(|address| {
        let bench = Bench::open(address, "2023-02-23");
        bench.publish_small();
        let folder = folder();
        let csv = folder.path().join("csv");
        std::fs::create_dir(&csv).unwrap();
        let rows = format!(
            "uscc,design_staff,breach\n{},12,false\n{},many,false\n{},9,true\n",
            credit_code(1),
            credit_code(2),
            credit_code(3)
        );
        std::fs::write(csv.join("enterprise.csv"), rows).unwrap();
        let done = import(&bench.office, "registrar", &tables(&csv)).unwrap();
        assert_eq!(counts(&done), [2, 2, 0, 0, 1]);
        assert_eq!(
            (done.rejected[0].line, done.rejected[0].column.as_str()),
            (3, "design_staff")
        );
        let wrong = folder.path().join("wrong.jsonl");
        std::fs::write(&wrong, "{\"enterprise\": {\"no_such_fact\": 1}}\n").unwrap();
        let done = import(&bench.office, "registrar", &tables(&wrong));
        assert!(
            done.as_ref().map_or(true, |done| done.imported == 0),
            "nothing of it is in the register: {done:?}"
        );
    });
}
