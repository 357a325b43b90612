//! Rows that are wrong name file, line, column and reason, and stop nothing.

#![cfg(test)]

#[path = "../../facts/tests/vocabulary/mod.rs"]
mod vocabulary;

use std::fs;
use std::path::Path;
use std::sync::Arc;

use arrow_array::{ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_schema::{Field, Schema as ArrowSchema};
use meed_facts::date::Date;
use meed_facts::schema::Schema;
use meed_tables::TablesError;
use meed_tables::read::{Chunk, Options, Population};
use parquet::arrow::ArrowWriter;
use vocabulary::schema;

const ONE: &str = "91230110MAEXAM04XR";

fn options() -> Options {
    Options {
        applicant: Some("enterprise".to_owned()),
        ..Options::default()
    }
}

fn chunks(schema: &Schema, path: &Path, options: Options) -> Result<Vec<Chunk>, TablesError> {
    Population::open(schema, path, options)?.chunks().collect()
}

/// What was rejected as `file:line: column: reason`, and how many rows were right.
fn rejected(path: &Path, options: Options) -> (Vec<String>, usize) {
    let chunks = chunks(&schema(), path, options).unwrap();
    let rejects = chunks.iter().flat_map(|chunk| &chunk.rejects).map(|reject| {
        let file = reject.file.file_name().unwrap().to_string_lossy();
        format!(
            "{file}:{}: {}: {}",
            reject.line, reject.column, reject.complaint.message.en
        )
    });
    (rejects.collect(), chunks.iter().map(|chunk| chunk.batch.rows).sum())
}

fn refused(path: &Path) -> String {
    chunks(&schema(), path, options()).unwrap_err().to_string()
}

fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    folder
}

fn parquet(columns: Vec<(&str, ArrayRef)>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let fields: Vec<Field> = columns
        .iter()
        .map(|(name, array)| Field::new(*name, array.data_type().clone(), true))
        .collect();
    let schema = Arc::new(ArrowSchema::new(fields));
    let arrays = columns.into_iter().map(|(_, array)| array).collect();
    let record = RecordBatch::try_new(schema.clone(), arrays).unwrap();
    let file = fs::File::create(folder.path().join("part.parquet")).unwrap();
    let mut writer = ArrowWriter::try_new(file, schema, None).unwrap();
    writer.write(&record).unwrap();
    writer.close().unwrap();
    folder
}

#[test]
fn lines_of_csv_files() {
    let folder = folder(&[
        (
            "enterprise.csv",
            "uscc,employees,capital,founded,level,rd_staff_share,hires_complete\n\
             A,12,1.00,2016-05-18,provincial,0.5,\n\
             B,-1,1.005,2016-02-30,provinzial,1.5,\n\
             C,1.5,\"1,000\",,,,\n\
             D,1\n\
             E,,,,,,perhaps\n",
        ),
        ("hires.csv", "enterprise_uscc,id,salary_paid_2023\n"),
    ]);
    let (rejects, right) = rejected(folder.path(), options());
    assert_eq!(right, 0);
    let expected = [
        "enterprise.csv:5: : 2 cells instead of 7",
        "enterprise.csv:2: uscc: `A` is no credit_code",
        "enterprise.csv:3: uscc: `B` is no credit_code",
        "enterprise.csv:3: founded: `2016-02-30` is not a date",
        "enterprise.csv:3: employees: -1 is no count",
        "enterprise.csv:3: capital: 1.005 CNY is not a whole number of its smallest unit; round it first",
        "enterprise.csv:3: level: there is no member of level called `provinzial`",
        "enterprise.csv:3: rd_staff_share: `rd_staff_share` must be at least 0 and at most 1",
        "enterprise.csv:4: uscc: `C` is no credit_code",
        "enterprise.csv:4: employees: 1.5 is no count",
        "enterprise.csv:4: capital: `1,000` is not a number",
        "enterprise.csv:6: uscc: `E` is no credit_code",
        "enterprise.csv:6: hires_complete: `perhaps` is neither true nor false",
    ];
    assert_eq!(rejects, expected);
}

#[test]
fn blank_rows_of_a_spreadsheet_are_no_applicants() {
    let folder = folder(&[("enterprise.csv", "uscc,employees\r\n\r\n, \r\n,5\r\n,x\r\n,,,\r\n,\r\n")]);
    let (rejects, right) = rejected(folder.path(), options());
    assert_eq!(right, 1);
    assert_eq!(rejects, ["enterprise.csv:5: employees: `x` is not a number"]);
}

#[test]
fn a_quote_that_is_not_closed_ends_the_reading_and_loses_nobody() {
    let folder = folder(&[("enterprise.csv", "uscc,name\n,\"x\n,y\n,z\n")]);
    let error = refused(folder.path());
    assert!(
        error.contains("enterprise.csv:2: a quote that this line opens is not closed"),
        "{error}"
    );
}

#[test]
fn an_amount_that_sums_would_cut_off_is_refused() {
    let text = "uscc,capital,capital_at_least\n,999999999999999999999999.99,\n,1000000000000000000000000,\n,,-1e36\n";
    let folder = folder(&[("enterprise.csv", text)]);
    let (rejects, right) = rejected(folder.path(), options());
    assert_eq!(right, 1);
    assert_eq!(
        rejects,
        [
            "enterprise.csv:3: capital: an amount of 10^24 or more",
            "enterprise.csv:4: capital_at_least: an amount of 10^24 or more",
        ]
    );
}

#[test]
fn a_damaged_arrow_file_is_an_error_and_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("part.arrow");
    let field = Field::new("employees", arrow_schema::DataType::Int64, true);
    let columns: ArrayRef = Arc::new(Int64Array::from(vec![1, 2, 3, 4, 5]));
    let record = RecordBatch::try_new(Arc::new(ArrowSchema::new(vec![field])), vec![columns]).unwrap();
    let mut writer =
        arrow_ipc::writer::FileWriter::try_new(fs::File::create(&path).unwrap(), &record.schema()).unwrap();
    writer.write(&record).unwrap();
    writer.finish().unwrap();
    let mut bytes = fs::read(&path).unwrap();
    // The length of the only buffer, which its beginning stands before.
    let length = bytes
        .windows(8)
        .position(|window| window == 40_i64.to_le_bytes())
        .unwrap();
    bytes[length - 8..length].copy_from_slice(&(1_i64 << 38).to_le_bytes());
    fs::write(&path, bytes).unwrap();
    let error = refused(&path);
    assert!(error.contains("part.arrow: a length in the file"), "{error}");
}

#[test]
fn a_byte_order_mark_rejects_nobody() {
    let lines = "\u{feff}{\"enterprise\": {\"employees\": 5}}\n";
    let lines = folder(&[("all.jsonl", lines)]);
    assert_eq!(rejected(lines.path(), options()), (vec![], 1));
    let csv = folder(&[("enterprise.csv", "\u{feff}uscc,employees\n,5\n")]);
    assert_eq!(rejected(csv.path(), options()), (vec![], 1));
}

#[test]
fn items_of_lists_name_their_own_file() {
    let main = format!("uscc,hires_complete\n{ONE},true\n");
    let hires = format!("enterprise_uscc,id,salary_paid_2023\n{ONE},h1,10\n{ONE},h2,ten\n{ONE},h1,10\nZ,h1,1\n");
    let folder = folder(&[("enterprise.csv", &main), ("hires.csv", &hires)]);
    let (rejects, right) = rejected(folder.path(), options());
    assert_eq!(right, 0);
    assert_eq!(
        rejects,
        [
            "hires.csv:5: enterprise_uscc: no applicant has this key",
            "hires.csv:3: hires[1].salary_paid_2023: `ten` is not a number",
            "hires.csv:4: hires[2]: another item has the same key",
        ]
    );
}

#[test]
fn lines_of_json() {
    let lines = "{\"enterprise\": {\"employees\": 5}}\n\n{\"enterprise\": {\"employes\": 5}}\n{\"person\": {}}\nnonsense\n{\"enterprise\": {}}";
    let folder = folder(&[("all.jsonl", lines)]);
    let (rejects, right) = rejected(folder.path(), options());
    assert_eq!(right, 2);
    assert_eq!(
        rejects,
        [
            "all.jsonl:3: enterprise: there is no fact of Enterprise called `employes`",
            "all.jsonl:4: : this is a record of person, not of enterprise",
            "all.jsonl:5: : expected ident",
        ]
    );
}

#[test]
fn rows_of_parquet() {
    let shares = Float64Array::from(vec![Some(0.5), Some(f64::NAN), Some(f64::INFINITY), None, Some(1.5)]);
    let staff = Int64Array::from(vec![1, 2, 3, -4, 5]);
    let folder = parquet(vec![
        ("rd_staff_share", Arc::new(shares)),
        ("employees", Arc::new(staff)),
    ]);
    let read = Options {
        batch_rows: 2,
        value_rows: 2,
        ..options()
    };
    let (rejects, right) = rejected(folder.path(), read);
    assert_eq!(right, 1);
    assert_eq!(
        rejects,
        [
            "part.parquet:2: rd_staff_share: `NaN` is not a number",
            "part.parquet:3: rd_staff_share: `inf` is not a number",
            "part.parquet:4: employees: -4 is no count",
            "part.parquet:5: rd_staff_share: `rd_staff_share` must be at least 0 and at most 1",
        ]
    );
}

#[test]
fn strict_reading_ends_at_the_first() {
    let folder = folder(&[(
        "all.jsonl",
        "{\"enterprise\": {\"employees\": -5}}\n{\"enterprise\": {}}\nx",
    )]);
    let strict = Options {
        strict: true,
        ..options()
    };
    let error = chunks(&schema(), folder.path(), strict).unwrap_err();
    assert!(
        matches!(&error, TablesError::Rejected(reject) if reject.line == 1),
        "{error}"
    );
}

#[test]
fn a_misspelt_column_is_never_a_new_fact() {
    let staff = || Arc::new(Int64Array::from(vec![1])) as ArrayRef;
    let text = || Arc::new(StringArray::from(vec!["1"])) as ArrayRef;
    let cases = [
        (
            parquet(vec![("employes", staff())]),
            "`employes` (help: did you mean `employees`?)",
        ),
        (
            parquet(vec![("revenu_2022_at_least", staff())]),
            "(help: did you mean `revenue_2022_at_least`?)",
        ),
        (parquet(vec![("revenue", staff())]), "name the columns `revenue_2022`"),
        (
            parquet(vec![("revenue_2022", staff()), ("turnover_2022", staff())]),
            "mean the same",
        ),
        (
            parquet(vec![("level", staff())]),
            "this is Int64, not a member of an enumeration",
        ),
        (parquet(vec![("in_niche", staff())]), "the unit `months`"),
        (parquet(vec![("listed_at_least", text())]), "has no order"),
        (
            folder(&[("enterprise.csv", "uscc,employes\n")]),
            "did you mean `employees`?",
        ),
        (
            folder(&[
                ("enterprise.csv", "uscc,employees\n"),
                ("hire.csv", "enterprise_uscc,id\n"),
            ]),
            "did you mean `hires`?",
        ),
        (
            folder(&[("enterprise.csv", "uscc\n"), ("hires.csv", "enterprise_uscc,id\n")]),
            "no column `hires_complete`",
        ),
        (
            folder(&[("enterprise.csv", "uscc,hires_complete\n"), ("hires.csv", "uscc,id\n")]),
            "`enterprise_uscc` is missing",
        ),
    ];
    for (folder, said) in cases {
        let error = refused(folder.path());
        assert!(error.contains(said), "{error} does not say {said}");
    }
    let passed = parquet(vec![("employees", staff()), ("note", staff())]);
    let ignoring = Options {
        ignored: ["note".to_owned()].into(),
        ..options()
    };
    assert_eq!(rejected(passed.path(), ignoring), (vec![], 1));
    let main = format!("uscc,hires_complete,remark\n{ONE},true,x\n");
    let hires = format!("enterprise_uscc,id,note\n{ONE},h1,y\n");
    let sheets = folder(&[
        ("enterprise.csv", &main),
        ("hires.csv", &hires),
        ("Notes.csv", "to do\n"),
    ]);
    let ignoring = Options {
        ignored: ["remark", "hires.note", "Notes"].map(str::to_owned).into(),
        ..options()
    };
    assert_eq!(rejected(sheets.path(), ignoring), (vec![], 1));
}

#[test]
fn a_year_that_has_not_ended_needs_a_range() {
    let folder = folder(&[("enterprise.csv", "uscc,revenue_2023,revenue_2023_at_least\n,5,\n,,5\n")]);
    let on = |year| Options {
        on: Date::new(year, 6, 1),
        ..options()
    };
    assert_eq!(rejected(folder.path(), on(2024)), (vec![], 2));
    let (rejects, right) = rejected(folder.path(), on(2023));
    assert_eq!(right, 1);
    assert_eq!(
        rejects,
        ["enterprise.csv:2: revenue_2023: 2023 has not ended on 2023-06-01, so its value is not final"]
    );
}

#[test]
fn one_way_of_stating_a_value() {
    let text = "uscc,capital,capital_at_least,capital_more_than,capital_at_most,capital_missing\n\
        ,5,6,,,\n,,6,7,,\n,,9,,8,\n,,,,,refused\n,5,,,,unasked\n,,,,,judgement\n";
    let folder = folder(&[("enterprise.csv", text)]);
    let (rejects, right) = rejected(folder.path(), options());
    assert_eq!(right, 1);
    assert_eq!(
        rejects,
        [
            "enterprise.csv:2: capital_at_least: a value, a range, a set and a reason exclude each other",
            "enterprise.csv:3: capital_more_than: this end of the range is given twice",
            "enterprise.csv:4: capital_at_most: no value lies in this range",
            "enterprise.csv:6: capital_missing: a value, a range, a set and a reason exclude each other",
            "enterprise.csv:7: capital_missing: nobody judges `capital`",
        ]
    );
}

#[cfg(feature = "xlsx")]
#[test]
fn cells_of_workbooks() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/enterprises.xlsx");
    let schema = schema();
    let chunks = chunks(&schema, &path, options()).unwrap();
    let records: Vec<_> = chunks.iter().flat_map(|chunk| chunk.batch.record(0)).collect();
    let records: Vec<_> = records
        .iter()
        .map(|record| meed_facts::json::write(&schema, record))
        .collect();
    let expected = serde_json::json!({"enterprise": {
        "uscc": ONE, "founded": "2016-05-18", "employees": "120", "capital": "50000001.01", "listed": true,
        "hires": [{"id": "h1", "salary_paid": {"2023": "500000.10"}}],
    }});
    assert_eq!(records, [expected]);
    let (rejects, right) = rejected(&path, options());
    assert_eq!(right, 1);
    assert_eq!(
        rejects,
        [
            "enterprises.xlsx#enterprise:3: uscc: `X` is no credit_code",
            "enterprises.xlsx#enterprise:3: founded: `2016-05-18 12:00:00` is not a date",
            "enterprises.xlsx#enterprise:3: employees: 1.5 is no count",
            "enterprises.xlsx#enterprise:3: listed: `maybe` is neither true nor false",
        ]
    );
}

#[cfg(feature = "xlsx")]
#[test]
fn a_cell_that_does_not_hold_what_its_author_meant_is_wrong() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/formulas.xlsx");
    let (rejects, right) = rejected(&path, options());
    let long = "0.30000000000000004 has more than the 15 digits that a spreadsheet keeps of a number; round it there, or write it as text";
    let expected = [
        "formulas.xlsx#enterprise:3: employees: the formula has no result in the file; open the workbook in a spreadsheet program, save it and read it again"
            .to_owned(),
        format!("formulas.xlsx#enterprise:3: capital: {long}"),
        "formulas.xlsx#enterprise:3: listed: the formula's result is the error #DIV/0!; correct it in the workbook".to_owned(),
        format!("formulas.xlsx#enterprise:4: capital: {long}"),
    ];
    assert_eq!((rejects.as_slice(), right), (expected.as_slice(), 1));
    // Of a column that nobody wants no cell is wrong.
    let mut without = options();
    without.ignored.insert("capital".to_owned());
    let (rejects, right) = rejected(&path, without);
    assert_eq!((rejects.len(), right), (2, 2), "{rejects:?}");
    let schema = schema();
    let chunks = chunks(&schema, &path, options()).unwrap();
    let first = chunks[0].batch.record(0).unwrap();
    let first = meed_facts::json::write(&schema, &first);
    assert_eq!(first["enterprise"]["capital"], "1234567890123.45");
}
