//! All rows of a key that comes twice are wrong, in whichever order, file and format they stand: nobody is counted twice, and no row wins.

#![cfg(test)]

#[path = "../../facts/tests/vocabulary/mod.rs"]
mod vocabulary;

use std::fs;
use std::path::Path;

use meed_facts::batch::Builder;
use meed_facts::json::read;
use meed_facts::record::Record;
use meed_tables::read::{Options, Population};
use meed_tables::write::{Format, PopulationWriter};
use vocabulary::schema;

const A: &str = "91230110MAEXAM04XR";
const B: &str = "91230100000000000J";

/// The places and reasons of wrong rows, the counts of right rows and of all.
fn read_all(path: &Path) -> (Vec<String>, usize, u64) {
    let schema = schema();
    let options = Options {
        applicant: Some("enterprise".to_owned()),
        ..Options::default()
    };
    let population = Population::open(&schema, path, options).unwrap();
    let chunks: Vec<_> = population.chunks().map(Result::unwrap).collect();
    let rejects = chunks.iter().flat_map(|chunk| &chunk.rejects).map(|reject| {
        let file = reject.file.strip_prefix(path).unwrap().display().to_string();
        format!(
            "{file}:{}: {}: {}",
            reject.line, reject.column, reject.complaint.message.en
        )
    });
    let right = chunks.iter().map(|chunk| chunk.batch.rows).sum();
    (rejects.collect(), right, population.survey().unwrap().rows)
}

fn folder(files: &[(&str, String)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

#[test]
fn rows_of_a_csv_folder_with_lists_in_either_order_or_in_two_folders() {
    let hires = format!("enterprise_uscc,id\n{A},h1\n");
    let main = |rows: &[(&str, u8)]| {
        let rows = rows.iter().map(|(key, staff)| format!("{key},{staff},true\n"));
        format!("uscc,employees,hires_complete\n{}", rows.collect::<String>())
    };
    for rows in [[(A, 1), (A, 9), (B, 1)], [(A, 9), (A, 1), (B, 1)]] {
        let one = folder(&[("enterprise.csv", main(&rows)), ("hires.csv", hires.clone())]);
        let (rejects, right, all) = read_all(one.path());
        assert_eq!((rejects.len(), right, all), (2, 1, 3), "{rejects:?}");
    }
    let two = folder(&[
        ("1/enterprise.csv", main(&[(A, 1), (B, 1)])),
        ("1/hires.csv", hires.clone()),
        ("2/enterprise.csv", main(&[(A, 9)])),
        ("2/hires.csv", hires),
    ]);
    let (rejects, right, all) = read_all(two.path());
    assert_eq!((right, all), (1, 3));
    let said = "uscc: another row has the same key";
    assert_eq!(
        rejects,
        [
            format!("1/enterprise.csv:2: {said}"),
            format!("2/enterprise.csv:2: {said}")
        ]
    );
}

#[test]
fn a_row_that_is_wrong_otherwise_does_not_leave_its_list_to_the_other() {
    let main = format!("uscc,employees,hires_complete\n{A},1,true\n{A},1\n");
    let folder = folder(&[
        ("enterprise.csv", main),
        ("hires.csv", "enterprise_uscc,id\n".to_owned()),
    ]);
    assert_eq!(read_all(folder.path()).1, 0);
}

#[test]
fn lines_of_json_in_two_files_and_in_any_letter_case() {
    let line =
        |key: &str, staff: &str| format!("{{\"enterprise\": {{\"uscc\": \"{key}\", \"employees\": {staff}}}}}\n");
    let folder = folder(&[
        ("a.jsonl", line(A, "1") + &line(B, "1")),
        (
            "b.jsonl",
            line(&A.to_lowercase(), "-5") + "nonsense\n{\"enterprise\": {}}\n{\"enterprise\": {}}\n",
        ),
    ]);
    let (rejects, right, all) = read_all(folder.path());
    assert_eq!((right, all), (3, 6), "{rejects:?}");
    assert_eq!(rejects[0], "a.jsonl:1: enterprise.uscc: another row has the same key");
    assert_eq!(rejects.len(), 3);
}

#[test]
fn rows_of_parquet_and_arrow_in_two_parts() {
    let schema = schema();
    let record =
        |key: &str| -> Record { read(&schema, &format!("{{\"enterprise\": {{\"uscc\": \"{key}\"}}}}")).unwrap() };
    for format in [Format::Parquet, Format::Arrow] {
        let folder = tempfile::tempdir().unwrap();
        for (part, keys) in [vec![A, B], vec![A]].iter().enumerate() {
            let own = folder.path().join(format!("own{part}"));
            let entity = record(A).entity;
            let mut writer = PopulationWriter::create(&schema, entity, &own, format).unwrap();
            let mut builder = Builder::new(&schema, entity);
            keys.iter().for_each(|key| builder.push(&record(key)));
            writer.write(&builder.finish()).unwrap();
            writer.finish().unwrap();
            for entry in fs::read_dir(&own).unwrap() {
                let from = entry.unwrap().path();
                let name = format!("{part}-{}", from.file_name().unwrap().to_string_lossy());
                fs::rename(&from, folder.path().join(name)).unwrap();
            }
            fs::remove_dir(own).unwrap();
        }
        let (rejects, right, all) = read_all(folder.path());
        assert_eq!((rejects.len(), right, all), (2, 1, 3), "{rejects:?}");
    }
}

#[test]
fn records_of_several_kinds_in_one_file_are_refused_in_either_order() {
    let (enterprise, person) = ("{\"enterprise\": {}}\n", "{\"person\": {}}\n");
    for text in [person.to_owned() + enterprise, enterprise.to_owned() + person] {
        let folder = folder(&[("all.jsonl", text)]);
        let schema = schema();
        let population = Population::open(&schema, folder.path(), Options::default()).unwrap();
        let error = population.survey().unwrap_err().to_string();
        assert!(error.contains("all.jsonl:2: this is a record of"), "{error}");
        assert!(error.contains("--kind"), "{error}");
    }
}
