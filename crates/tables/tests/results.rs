//! Tables of results are whole parts or nothing, and say the same in every format.

#![cfg(test)]

use std::path::Path;

use arrow_ipc::reader::FileReader;
use meed_facts::date::Date;
use meed_tables::results::{Cell, Column, Digits, Format, Kind, PartWriter, Table, finished, part_path};
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

fn table() -> Table {
    Table::new(vec![
        Column::new("uscc", Kind::Text),
        Column::new("measure", Kind::Name),
        Column::new(
            "amount",
            Kind::Decimal {
                digits: Digits::Long,
                scale: 2,
            },
        ),
        Column::new("lines", Kind::Integer),
        Column::new("due", Kind::Truth),
        Column::new("on", Kind::Date),
    ])
}

fn fill(table: &mut Table, measure: &str) {
    table.push([
        Cell::Text("a, \"b\""),
        Cell::Text(measure),
        // One fen beyond 64 bits.
        Cell::Units(9_223_372_036_854_775_808),
        Cell::Units(3),
        Cell::Truth(true),
        Cell::Date(Date::new(2023, 2, 28).unwrap()),
    ]);
    table.push([
        Cell::Text("c"),
        Cell::Null,
        Cell::Null,
        Cell::Null,
        Cell::Null,
        Cell::Null,
    ]);
}

fn write(folder: &Path, format: Format, number: u32) {
    let mut table = table();
    let mut part = PartWriter::create(folder, "long", number, format, &table).unwrap();
    for measure in ["first", "second", "first"] {
        fill(&mut table, measure);
        part.write(&mut table).unwrap();
        assert_eq!(table.rows(), 0);
    }
    part.finish().unwrap();
}

#[test]
fn a_part_is_there_when_it_is_finished_and_not_before() {
    let folder = tempfile::tempdir().unwrap();
    for (ending, format) in Format::NAMES {
        write(folder.path(), format, 3);
        let unfinished = PartWriter::create(folder.path(), "long", 4, format, &table()).unwrap();
        assert_eq!(finished(folder.path(), "long", format).unwrap(), [3].into(), "{ending}");
        drop(unfinished);
        assert_eq!(finished(folder.path(), "wide", format).unwrap(), [].into());
    }
    // Nothing is left of the parts that were given up.
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), Format::NAMES.len());
}

#[test]
fn csv_shows_amounts_in_main_units() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), Format::Csv, 1);
    let text = std::fs::read_to_string(part_path(folder.path(), "long", 1, Format::Csv)).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines.get(..3).unwrap(),
        [
            "uscc,measure,amount,lines,due,on",
            "\"a, \"\"b\"\"\",first,92233720368547758.08,3,true,2023-02-28",
            "c,,,,,"
        ]
    );
}

#[test]
fn an_amount_of_more_digits_than_its_column_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    for (digits, units, fits) in [
        (Digits::Short, 999_999_999_999_999_999, true),
        (Digits::Short, -999_999_999_999_999_999, true),
        (Digits::Short, 1_000_000_000_000_000_000, false),
        (Digits::Short, -1_000_000_000_000_000_000, false),
        (Digits::Long, 1_000_000_000_000_000_000, true),
        (Digits::Long, i128::MAX, false),
    ] {
        let mut table = Table::new(vec![Column::new("amount", Kind::Decimal { digits, scale: 2 })]);
        table.push([Cell::Units(0)]);
        table.push([Cell::Units(units)]);
        let mut part = PartWriter::create(folder.path(), "long", 1, Format::Parquet, &table).unwrap();
        let written = part.write(&mut table);
        assert_eq!(written.is_ok(), fits, "{digits:?} {units}");
    }
}

#[test]
fn parquet_and_arrow_hold_the_same_columns() {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path(), Format::Parquet, 1);
    write(folder.path(), Format::Arrow, 1);
    let parquet = std::fs::File::open(part_path(folder.path(), "long", 1, Format::Parquet)).unwrap();
    let parquet = parquet::arrow::arrow_reader::ParquetRecordBatchReader::try_new(parquet, 100).unwrap();
    let parquet: Vec<_> = parquet.map(Result::unwrap).collect();
    let arrow = std::fs::File::open(part_path(folder.path(), "long", 1, Format::Arrow)).unwrap();
    let arrow = arrow_ipc::reader::FileReader::try_new(arrow, None).unwrap();
    let arrow: Vec<_> = arrow.map(Result::unwrap).collect();
    let rows = |batches: &[arrow_array::RecordBatch]| batches.iter().map(|batch| batch.num_rows()).sum::<usize>();
    assert_eq!((rows(&parquet), rows(&arrow)), (6, 6));
    assert_eq!(parquet[0].schema().fields(), arrow[0].schema().fields());
    assert_eq!(parquet[0].column(2).slice(0, 2).as_ref(), arrow[1].column(2).as_ref());
}

#[test]
fn tables_about_invented_applicants_say_so_in_every_format() {
    let folder = tempfile::tempdir().unwrap();
    let about = r#"{"seed":"7","synthetic":true}"#;
    for (_, format) in Format::NAMES {
        let mut table = table().marked(Some(about));
        let mut part = PartWriter::create(folder.path(), "long", 1, format, &table).unwrap();
        fill(&mut table, "first");
        part.write(&mut table).unwrap();
        part.finish().unwrap();
    }
    let path = |format| part_path(folder.path(), "long", 1, format);
    let parquet = std::fs::File::open(path(Format::Parquet)).unwrap();
    let parquet = ParquetRecordBatchReaderBuilder::try_new(parquet).unwrap();
    let arrow = std::fs::File::open(path(Format::Arrow)).unwrap();
    let arrow = FileReader::try_new(arrow, None).unwrap();
    for notes in [parquet.schema().metadata(), arrow.schema().metadata()] {
        assert_eq!(notes.get("synthetic").map(String::as_str), Some(about));
    }
    let csv = std::fs::read_to_string(path(Format::Csv)).unwrap();
    let ends: Vec<&str> = csv.lines().map(|line| line.rsplit_once(',').unwrap().1).collect();
    assert_eq!(ends, ["synthetic", "true", "true"]);
}
