//! What is written in any format reads as what it was.

#![cfg(test)]

#[path = "../../facts/tests/vocabulary/mod.rs"]
mod vocabulary;

use std::path::Path;

use meed_facts::batch::{Batch, Builder};
use meed_facts::json::{canonical, read, write};
use meed_facts::record::Record;
use meed_facts::schema::{EntityId, Schema};
use meed_tables::read::{Options, Population};
use meed_tables::write::{Format, PopulationWriter};
use proptest::prelude::*;
use vocabulary::schema;

/// Facts that state something of every form.
const PARTS: [&str; 45] = [
    r#""founded": "2016-05-18""#,
    r#""founded": "0001-01-01""#,
    r#""founded": {"at_least": "2016-05-18", "at_most": "2017-01-01"}"#,
    r#""employees": 120"#,
    r#""employees": {"at_least": 10}"#,
    r#""employees": {"missing": "refused"}"#,
    r#""employees": 9223372036854775807"#,
    r#""employees": 9223372036854775808"#,
    r#""capital": "50000001.01""#,
    r#""capital": 1000000000000000.01"#,
    r#""capital": 19999999999999999.99"#,
    r#""capital": 999999999999999999999999.99"#,
    r#""capital": -0.01"#,
    r#""capital": {"more_than": "3.50", "less_than": 99999999999999999999}"#,
    r#""capital": {"at_least": "19999999999999999.99"}"#,
    r#""capital": {"at_least": 1, "at_most": 1}"#,
    r#""listed": true"#,
    r#""listed": false"#,
    r#""listed": {"one_of": [true, false]}"#,
    r#""rd_staff_share": "1/3""#,
    r#""rd_staff_share": 0.125"#,
    r#""rd_staff_share": {"more_than": "1/3"}"#,
    r#""rd_staff_share": {"at_least": 0.125, "at_most": "1/3"}"#,
    r#""revenue": {"2022": "61000000.00", "2023": {"at_least": "40000000.00"}}"#,
    r#""revenue": {"2021": 1}"#,
    r#""hires": []"#,
    r#""hires": [{"id": "h1"}, {"id": "h2", "salary_paid": {"2022": 1}}]"#,
    r#""hires": {"known": [{"id": "h3"}], "complete": false}"#,
    r#""hires": {"known": [], "complete": false}"#,
    r#""hires": {"missing": "refused"}"#,
    r#""owner": {"citizen": {"missing": "refused"}}"#,
    r#""titles": []"#,
    r#""titles": {"known": [{"title": "little_giant", "held": false}], "complete": false}"#,
    r#""titles": [{"title": "tech_centre", "level": "provincial", "granted": "2020-01-01", "until": "2023-01-01",
        "suspended": [{"from": "2021-01-01", "until": "2021-02-01"}, {"from": "2022-01-01"}], "object": "中心"},
        {"title": "unicorn", "revoked": "2024-02-29"}]"#,
    r#""awards": []"#,
    r#""awards": [{"measure": "hiring", "key": "h1", "on": "2021-03-04", "amount": 12.5, "recovered": 1, "state": "paid"},
        {"measure": "tech_centre_reward", "amount": 7, "currency": "JPY", "state": "approved"}]"#,
    r#""level": "provincial""#,
    r#""level": {"one_of": ["none", "national"]}"#,
    r#""level": {"at_least": "provincial"}"#,
    r#""in_niche": "3 years""#,
    r#""in_niche": {"at_least": "3 years"}"#,
    r#""late": {"days": 3}"#,
    r#""power": {"2022-03": 0.1234567, "2022-04": 7}"#,
    r#""name": "中文, \"quoted\"""#,
    r#""chosen": {"carriers": "hiring"}"#,
];

fn facts() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::sample::subsequence(PARTS.to_vec(), 0..=PARTS.len())
        .prop_shuffle()
        .prop_map(|mut parts| {
            let mut seen: Vec<&str> = Vec::new();
            parts.retain(|part| {
                let name = part.split(':').next().unwrap_or_default();
                let fresh = !seen.contains(&name);
                seen.push(name);
                fresh
            });
            parts
        })
}

fn enterprise(schema: &Schema) -> EntityId {
    schema.entities.iter().next().unwrap().0
}

/// The credit code of the enterprise with this number.
fn uscc(number: usize) -> String {
    let code = format!("91230100{number:08}");
    let organisation = meed_facts::identifier::credit_code::organisation_check(code.get(8..).unwrap()).unwrap();
    let code = format!("{code}{organisation}");
    let check = meed_facts::identifier::credit_code::check_character(&code).unwrap();
    format!("{code}{check}")
}

fn records(schema: &Schema, facts: &[Vec<&str>]) -> Vec<Record> {
    let record = |(number, parts): (usize, &Vec<&str>)| {
        let uscc = format!("\"uscc\": \"{}\"", uscc(number));
        let parts: Vec<&str> = std::iter::once(&*uscc).chain(parts.iter().copied()).collect();
        let text = format!("{{\"enterprise\": {{{}}}}}", parts.join(", "));
        read(schema, &text).unwrap_or_else(|errors| panic!("{text}: {errors:?}"))
    };
    facts.iter().enumerate().map(record).collect()
}

fn batches(schema: &Schema, records: &[Record], rows: usize) -> Vec<Batch> {
    let entity = enterprise(schema);
    let batch = |records: &[Record]| {
        let mut builder = Builder::new(schema, entity);
        records.iter().for_each(|record| builder.push(record));
        builder.finish()
    };
    records.chunks(rows).map(batch).collect()
}

fn back(schema: &Schema, folder: &Path, batch_rows: usize) -> Vec<Record> {
    let options = Options {
        batch_rows,
        value_rows: batch_rows,
        applicant: Some("enterprise".to_owned()),
        ..Options::default()
    };
    let population = Population::open(schema, folder, options).unwrap();
    let mut records = Vec::new();
    for chunk in population.chunks() {
        let chunk = chunk.unwrap();
        assert_eq!(chunk.rejects, []);
        records.extend((0..chunk.batch.rows).map(|row| chunk.batch.record(row).unwrap()));
    }
    records
}

#[test]
fn ends_of_ranges_are_numbers_where_their_columns_hold_them_and_else_text() {
    let schema = schema();
    let types = |facts: &str| {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = PopulationWriter::create(&schema, enterprise(&schema), folder.path(), Format::Arrow).unwrap();
        let records = records(&schema, &[vec![facts]]);
        writer.write(&batches(&schema, &records, 1)[0]).unwrap();
        let file = std::fs::File::open(&writer.finish().unwrap()[0]).unwrap();
        let file = arrow_ipc::reader::FileReader::try_new(file, None).unwrap();
        let ends = file.schema().fields().clone();
        let ends = ends
            .iter()
            .filter(|field| field.name().ends_with("_least") || field.name().ends_with("_most"));
        ends.map(|field| field.data_type().to_string()).collect::<Vec<_>>()
    };
    let amounts = [
        (
            r#""capital": {"at_least": "3.50", "at_most": "9999999999999999.99"}"#,
            "Decimal128(18, 2)",
            "Decimal128(18, 2)",
        ),
        (
            r#""capital": {"at_least": "3.50", "at_most": "10000000000000000.00"}"#,
            "Decimal128(18, 2)",
            "Utf8",
        ),
        (
            r#""rd_staff_share": {"at_least": "1/3", "at_most": 0.5}"#,
            "Utf8",
            "Decimal128(18, 6)",
        ),
        (
            r#""founded": {"at_least": "2016-05-18", "at_most": "2017-01-01"}"#,
            "Date32",
            "Date32",
        ),
    ];
    for (facts, low, high) in amounts {
        assert_eq!(types(facts), [low, high], "{facts}");
    }
}

fn survives(facts: &[Vec<&str>], format: Format, written_rows: usize, read_rows: usize) {
    let schema = schema();
    let records = records(&schema, facts);
    let folder = tempfile::tempdir().unwrap();
    let entity = enterprise(&schema);
    let mut writer = PopulationWriter::create(&schema, entity, folder.path(), format).unwrap();
    for batch in batches(&schema, &records, written_rows) {
        writer.write(&batch).unwrap();
    }
    writer.finish().unwrap();
    let read = back(&schema, folder.path(), read_rows);
    let text = |record: &Record| canonical(&write(&schema, record));
    assert_eq!(
        read.iter().map(text).collect::<Vec<_>>(),
        records.iter().map(text).collect::<Vec<_>>()
    );
    if format != Format::JsonLines {
        // There the order of lists is that of their text.
        assert_eq!(read, records);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn parquet_gives_each_record_back(facts in proptest::collection::vec(facts(), 0..40), written in 1_usize..30, read in 1_usize..30) {
        survives(&facts, Format::Parquet, written, read);
    }

    #[test]
    fn arrow_gives_each_record_back(facts in proptest::collection::vec(facts(), 0..40), written in 1_usize..30, read in 1_usize..30) {
        survives(&facts, Format::Arrow, written, read);
    }

    #[test]
    fn json_lines_give_each_record_back(facts in proptest::collection::vec(facts(), 0..40), written in 1_usize..30, read in 1_usize..30) {
        survives(&facts, Format::JsonLines, written, read);
    }

    #[test]
    fn csv_gives_each_record_back(facts in proptest::collection::vec(facts(), 0..40), written in 1_usize..30, read in 1_usize..30) {
        survives(&facts, Format::Csv, written, read);
    }
}
