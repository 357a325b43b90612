//! What a cell may say is what a file of facts may say of the same fact, and it says the same.

#![cfg(test)]

#[path = "../../facts/tests/vocabulary/mod.rs"]
mod vocabulary;

use std::fs;
use std::sync::Arc;

use arrow_array::{ArrayRef, DictionaryArray, RecordBatch, StringArray, types::Int32Type};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{Field, Schema as ArrowSchema};
use meed_facts::json::read;
use meed_facts::record::Record;
use meed_facts::schema::Schema;
use meed_tables::read::{Options, Population};
use proptest::prelude::*;
use vocabulary::schema;

const COLUMNS: [&str; 11] = [
    "uscc",
    "founded",
    "employees",
    "capital",
    "listed",
    "name",
    "level",
    "sector",
    "in_niche",
    "late",
    "rd_staff_share",
];

fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "91230110MAEXAM04XR",
            "91230110maexam04xr",
            "true",
            "FALSE",
            "2016-05-18",
            "2016-02-30",
            "0001-01-01",
            "national",
            "municipal",
            "industry",
            "3 years",
            "3 years 6 months",
            "36 months",
            "30 days",
            "1 day",
            "36",
            "1/3",
            "-1/3",
            "0.5",
            "0.1234567",
            "1e3",
            "1.005",
            "-0",
            "+5",
            "00012.50",
            "1,000",
            "50%",
            "3万",
            "5.",
            ".5",
            "9223372036854775807",
            "9223372036854775808",
            "-92233720368547758.08",
            "99999999999999999999.99",
            "甲 公司",
            "e\u{301}",
            " ",
            "a\u{a0}",
            "1 ",
        ])
        .prop_map(str::to_owned),
        "-?[0-9]{1,22}([.][0-9]{1,8})?",
        "[ -~]{1,6}",
    ]
}

fn in_json(schema: &Schema, column: &str, cell: &str) -> Option<Record> {
    let value = match cell.to_ascii_lowercase().as_str() {
        // JSON has words of its own for these.
        word @ ("true" | "false") if column == "listed" => serde_json::from_str(word).unwrap(),
        _ => serde_json::json!(cell),
    };
    read(
        schema,
        &serde_json::json!({ "enterprise": { column: value } }).to_string(),
    )
    .ok()
}

fn only_record(schema: &Schema, folder: &std::path::Path) -> Option<Record> {
    let options = Options {
        applicant: Some("enterprise".to_owned()),
        ..Options::default()
    };
    let population = Population::open(schema, folder, options).unwrap();
    let chunks: Vec<_> = population.chunks().map(Result::unwrap).collect();
    assert_eq!(chunks.len(), 1);
    assert_eq!(chunks[0].batch.rows.max(chunks[0].rejected), 1);
    chunks[0].batch.record(0)
}

fn in_arrow(schema: &Schema, column: &str, array: ArrayRef) -> Option<Record> {
    let folder = tempfile::tempdir().unwrap();
    let columns = Arc::new(ArrowSchema::new(vec![Field::new(
        column,
        array.data_type().clone(),
        true,
    )]));
    let mut writer = FileWriter::try_new(fs::File::create(folder.path().join("a.arrow")).unwrap(), &columns).unwrap();
    writer
        .write(&RecordBatch::try_new(columns, vec![array]).unwrap())
        .unwrap();
    writer.finish().unwrap();
    only_record(schema, folder.path())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_cell_is_what_the_same_text_is_in_json(column in proptest::sample::select(COLUMNS.to_vec()), cell in cell()) {
        let schema = schema();
        let expected = in_json(&schema, column, &cell);
        let plain = Arc::new(StringArray::from(vec![&*cell]));
        prop_assert_eq!(in_arrow(&schema, column, plain), expected.clone(), "plain");
        let names: DictionaryArray<Int32Type> = vec![&*cell].into_iter().collect();
        prop_assert_eq!(in_arrow(&schema, column, Arc::new(names)), expected.clone(), "dictionary");
        if !cell.trim().is_empty() {
            let folder = tempfile::tempdir().unwrap();
            let quoted = cell.replace('"', "\"\"");
            fs::write(folder.path().join("enterprise.csv"), format!("{column}\n\"{quoted}\"\n")).unwrap();
            prop_assert_eq!(only_record(&schema, folder.path()), expected, "csv");
        }
    }
}
