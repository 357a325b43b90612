//! Amounts are exact in bulk, lists in lists find their holders, and memory does not grow with the population.

#![cfg(test)]

#[path = "../../facts/tests/vocabulary/mod.rs"]
mod vocabulary;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Decimal128Array, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{DataType, Field, Schema as ArrowSchema};
use meed_facts::json::write;
use meed_facts::schema::{Entity, Fact, FactType, Schema, Source};
use meed_tables::read::{Options, Population};
use parquet::arrow::ArrowWriter;
use vocabulary::{named, schema};

fn options() -> Options {
    Options {
        applicant: Some("enterprise".to_owned()),
        batch_rows: 3,
        value_rows: 3,
        ..Options::default()
    }
}

/// All records as JSON, none of which may be rejected.
fn records(schema: &Schema, path: &Path) -> Vec<serde_json::Value> {
    let population = Population::open(schema, path, options()).unwrap();
    let mut records = Vec::new();
    for chunk in population.chunks() {
        let chunk = chunk.unwrap();
        assert_eq!(chunk.rejects, []);
        records.extend((0..chunk.batch.rows).map(|row| {
            let mut record = write(schema, &chunk.batch.record(row).unwrap());
            record["enterprise"].take()
        }));
    }
    records
}

const AMOUNTS: [&str; 7] = [
    "50000001.00",
    "50000001.01",
    "0.01",
    "-0.01",
    "16777217.00",
    "1000000000000000.01",
    "9007199254740993.00",
];

fn parquet(fields: Vec<(Field, ArrayRef)>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let (fields, arrays): (Vec<Field>, Vec<ArrayRef>) = fields.into_iter().unzip();
    let schema = Arc::new(ArrowSchema::new(fields));
    let record = RecordBatch::try_new(schema.clone(), arrays).unwrap();
    let mut writer =
        ArrowWriter::try_new(fs::File::create(folder.path().join("a.parquet")).unwrap(), schema, None).unwrap();
    writer.write(&record).unwrap();
    writer.close().unwrap();
    folder
}

fn minor(text: &str) -> i64 {
    text.replace('.', "").parse().unwrap()
}

#[test]
fn amounts_are_the_same_in_every_column_that_can_hold_them() {
    let fen: Vec<i64> = AMOUNTS.iter().map(|text| minor(text)).collect();
    let wide = |digits, scale, factor: i128| {
        let units = fen.iter().map(|fen| i128::from(*fen).checked_mul(factor));
        let array = units
            .collect::<Decimal128Array>()
            .with_precision_and_scale(digits, scale)
            .unwrap();
        (
            Field::new("capital", DataType::Decimal128(digits, scale), true),
            Arc::new(array) as ArrayRef,
        )
    };
    let metadata = [("meed.unit".to_owned(), "minor".to_owned())];
    let columns = [
        (
            Field::new("capital", DataType::Int64, true).with_metadata(metadata.into()),
            Arc::new(Int64Array::from(fen.clone())) as ArrayRef,
        ),
        (
            Field::new("capital", DataType::Utf8, true),
            Arc::new(StringArray::from(AMOUNTS.to_vec())),
        ),
        wide(18, 2, 1),
        wide(38, 2, 1),
        wide(38, 6, 10_000),
    ];
    for (field, array) in columns {
        let kind = field.data_type().clone();
        let folder = parquet(vec![(field, array)]);
        let read: Vec<String> = records(&schema(), folder.path())
            .iter()
            .map(|record| record["capital"].as_str().unwrap().to_owned())
            .collect();
        assert_eq!(read, AMOUNTS, "{kind}");
    }
}

#[test]
fn ends_of_ranges_say_the_same_as_numbers_and_as_text() {
    let ends = ["capital_at_least", "capital_at_most"];
    let folders = [DataType::Utf8, DataType::Decimal128(18, 2), DataType::Int64].map(|ty| {
        let of = |name: &str, add: i64| -> (Field, ArrayRef) {
            let fen = AMOUNTS.iter().map(|text| minor(text).checked_add(add).unwrap());
            let field = Field::new(name, ty.clone(), true);
            match ty {
                DataType::Int64 => {
                    let metadata = [("meed.unit".to_owned(), "minor".to_owned())];
                    (
                        field.with_metadata(metadata.into()),
                        Arc::new(fen.collect::<Int64Array>()),
                    )
                }
                DataType::Utf8 => {
                    let texts = fen.map(|fen| Some(format!("{}e-2", fen)));
                    (field, Arc::new(texts.collect::<StringArray>()))
                }
                _ => {
                    let array = fen.map(|fen| Some(i128::from(fen))).collect::<Decimal128Array>();
                    (field, Arc::new(array.with_precision_and_scale(18, 2).unwrap()))
                }
            }
        };
        parquet(vec![of(ends[0], 0), of(ends[1], 7)])
    });
    let [text, decimals, wholes] = folders.map(|folder| records(&schema(), folder.path()));
    assert_eq!(text[1]["capital"]["at_most"], "50000001.08");
    assert_eq!(decimals, text);
    assert_eq!(wholes, text);
}

#[test]
fn doubles_are_their_shortest_decimals() {
    let values = [50_000_001.0, 50_000_001.01, 0.1, 1e15, 2.5e-2, 1.0 / 3.0];
    let array = Arc::new(Float64Array::from(values.to_vec())) as ArrayRef;
    let folder = parquet(vec![(Field::new("power_2022_03", DataType::Float64, true), array)]);
    let read = records(&schema(), folder.path());
    let read: Vec<&str> = read
        .iter()
        .map(|record| record["power"]["2022-03"].as_str().unwrap())
        .collect();
    assert_eq!(
        read,
        [
            "50000001",
            "50000001.01",
            "0.1",
            "1000000000000000",
            "0.025",
            "0.3333333333333333"
        ]
    );
}

#[test]
fn amounts_in_csv_are_exact() {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<String> = AMOUNTS.iter().map(|amount| format!(",{amount}")).collect();
    fs::write(
        folder.path().join("enterprise.csv"),
        format!("uscc,capital\n{}\n", lines.join("\n")),
    )
    .unwrap();
    let read = records(&schema(), folder.path());
    let read: Vec<&str> = read.iter().map(|record| record["capital"].as_str().unwrap()).collect();
    assert_eq!(read, AMOUNTS);
}

// `Hire` gets children of its own, and the applicant's key is a text, so that tests may choose it.
fn nested() -> Schema {
    let mut schema = schema();
    let paper = schema.entities.alloc(Entity {
        named: named("Paper", &[]),
        key: None,
        facts: Vec::new(),
        applicant: false,
    });
    let (enterprise, hire) = {
        let mut entities = schema.entities.iter().map(|(id, _)| id);
        (entities.next().unwrap(), entities.next().unwrap())
    };
    for (entity, name, ty) in [
        (paper, "name", FactType::Text),
        (hire, "papers", FactType::Many(paper)),
        (enterprise, "number", FactType::Text),
    ] {
        let fact = Fact {
            named: named(name, &[]),
            entity,
            ty,
            period: None,
            bounds: None,
            until: None,
            source: Source::Declared,
            evidence: Vec::new(),
        };
        let fact = schema.facts.alloc(fact);
        schema.entities[entity].facts.push(fact);
        if name == "number" {
            schema.entities[enterprise].key = Some(fact);
        }
    }
    schema
}

#[test]
fn unsorted_lists_in_lists_find_their_holders() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    file(
        "enterprise.csv",
        "number,hires_complete,hires_missing,titles_complete\nb,true,,\na,false,,true\nc,,refused,\nd,true,,\n",
    );
    file(
        "hires.csv",
        "enterprise_number,id,papers_complete\nb,2,true\na,1,\nb,1,true\n",
    );
    file(
        "hires.papers.csv",
        "hire_id,enterprise_number,name\n1,b,x\n2,b,z\n1,b,y\n1,a,w\n",
    );
    let read = records(&nested(), folder.path());
    let expected = serde_json::json!([
        {"number": "a", "titles": [], "hires": {"complete": false, "known": [
            {"id": "1", "papers": {"complete": false, "known": [{"name": "w"}]}}]}},
        {"number": "b", "hires": [{"id": "1", "papers": [{"name": "x"}, {"name": "y"}]}, {"id": "2", "papers": [{"name": "z"}]}]},
        {"number": "c", "hires": {"missing": "refused"}},
        {"number": "d", "hires": []},
    ]);
    assert_eq!(serde_json::Value::Array(read), expected);
}

#[test]
fn an_item_of_nobody_rejects_its_applicant() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    file(
        "enterprise.csv",
        "number,hires_complete\na,true\nb,true\nb,true\n,true\n",
    );
    file("hires.csv", "enterprise_number,id,papers_complete\na,1,true\n");
    file("hires.papers.csv", "enterprise_number,hire_id,name\na,2,x\n");
    let schema = nested();
    let population = Population::open(&schema, folder.path(), options()).unwrap();
    let chunks: Vec<_> = population.chunks().map(Result::unwrap).collect();
    let rejects: Vec<String> = chunks
        .iter()
        .flat_map(|chunk| &chunk.rejects)
        .map(|reject| {
            format!(
                "{}:{} {}",
                reject.file.file_name().unwrap().display(),
                reject.line,
                reject.complaint.message.en
            )
        })
        .collect();
    assert_eq!(
        rejects,
        [
            "enterprise.csv:5 the key by which lists name their holder is missing",
            "hires.papers.csv:2 nothing has this key",
            "enterprise.csv:4 another row has the same key",
            "enterprise.csv:3 another row has the same key",
        ]
    );
    assert_eq!(
        chunks
            .iter()
            .map(|chunk| (chunk.batch.rows, chunk.rejected))
            .fold((0, 0), |a, b| (a.0 + b.0, a.1 + b.1)),
        (0, 4)
    );
}

#[test]
fn a_piece_holds_as_many_rows_as_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let lines: String = (0..1000)
        .map(|number| format!("{{\"enterprise\": {{\"employees\": {number}}}}}\n"))
        .collect();
    fs::write(folder.path().join("a.jsonl"), lines).unwrap();
    let rows: String = (0..1000).map(|number| format!(",{number}\n")).collect();
    let csv = tempfile::tempdir().unwrap();
    fs::write(csv.path().join("enterprise.csv"), format!("uscc,employees\n{rows}")).unwrap();
    let staff = Arc::new(Int64Array::from_iter_values(0..1000)) as ArrayRef;
    let parquet = parquet(vec![(Field::new("employees", DataType::Int64, true), staff)]);
    let schema = schema();
    for path in [folder.path(), csv.path(), parquet.path()] {
        let population = Population::open(&schema, path, options()).unwrap();
        let pieces = population
            .parts()
            .iter()
            .flat_map(|part| population.pieces(part).unwrap());
        let sizes: Vec<usize> = pieces.map(|piece| piece.unwrap().rows()).collect();
        assert!(
            sizes.iter().all(|size| *size <= 3) && sizes.iter().sum::<usize>() == 1000,
            "{}",
            path.display()
        );
    }
}
