//! Runs over populations in files: interrupted, split, shuffled, and with wrong rows.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use meed_facts::batch::Builder;
use meed_facts::date::Date;
use meed_facts::json;
use meed_rules::program::Program;
use meed_rules::{Package, check};
use meed_simulate::population::model::Model;
use meed_simulate::population::{Population, Wanted};
use meed_simulate::run::{Options, Report, run};
use meed_tables::results::Format;
use meed_tables::write::{self, PopulationWriter};

use crate::shared::folder::files;

static HARBIN: LazyLock<Program> = LazyLock::new(|| {
    let package = Package::open(&root()).unwrap();
    check(&package).program(Date::new(2023, 3, 15).unwrap()).unwrap()
});

/// Lines of a synthetic register with gaps.
static LINES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let model = Model::read(&fs::read_to_string(root().join("population.toml")).unwrap()).unwrap();
    let wanted = Wanted {
        seed: 7,
        missing: 1500,
        as_of: None,
    };
    let population = Population::new(&HARBIN.schema, &model, "enterprise", wanted).unwrap();
    let records = population.records(0..300);
    records
        .map(|record| json::write(&HARBIN.schema, &record).to_string())
        .collect()
});

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/harbin")
}

fn options(folder: &Path, facts: PathBuf) -> Options {
    Options {
        out: folder.join("out"),
        format: Format::Csv,
        threads: 2,
        names: vec!["high_tech".into()],
        strict: false,
        applicant: None,
        ignored: std::collections::BTreeSet::new(),
        facts,
        unit_rows: 32,
    }
}

fn register(folder: &Path, name: &str, lines: &[String]) -> PathBuf {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, lines.join("\n")).unwrap();
    path
}

fn whole(options: &Options) -> Report {
    run(&HARBIN, options, &AtomicBool::new(false), |_| ()).unwrap()
}

/// The rows of a table in all its parts, in no order.
fn rows(folder: &Path, table: &str) -> Vec<String> {
    let parts = files(folder)
        .into_iter()
        .filter(|(path, _)| path.to_string_lossy().starts_with(table));
    let mut rows: Vec<String> = parts
        .flat_map(|(_, bytes)| {
            String::from_utf8(bytes)
                .unwrap()
                .lines()
                .skip(1)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    rows.sort();
    rows
}

#[test]
fn a_run_that_is_stopped_again_and_again_leaves_what_one_that_was_not_leaves() {
    let folder = tempfile::tempdir().unwrap();
    let facts = register(folder.path(), "register.jsonl", &LINES);
    // So many units that no queue holds what is left after a stop.
    let small = |out: &str| Options {
        out: folder.path().join(out),
        unit_rows: 4,
        ..options(folder.path(), facts.clone())
    };
    let straight = small("straight");
    assert!(whole(&straight).complete);
    let broken = small("broken");
    let mut stops = 0;
    for pieces in [1, 3, 2, 4, 1, 2, 100] {
        let (stop, seen) = (AtomicBool::new(false), AtomicU32::new(0));
        let report = run(&HARBIN, &broken, &stop, |_| {
            if seen.fetch_add(1, Ordering::Relaxed) + 1 == pieces {
                stop.store(true, Ordering::Relaxed);
            }
        })
        .unwrap();
        stops += u32::from(!report.complete);
        assert!(report.kept <= 300);
    }
    assert!(stops >= 2, "{stops}");
    assert_eq!(files(&straight.out), files(&broken.out));
}

/// Two Parquet files of 150 applicants each of whom everything is known: a file is a piece, and reaches over units.
fn two_files(folder: &Path) -> PathBuf {
    let path = folder.join("parquet");
    for (name, first) in [("a", 0), ("b", 150)] {
        let model = Model::read(&fs::read_to_string(root().join("population.toml")).unwrap()).unwrap();
        let wanted = Wanted {
            seed: 7,
            missing: 0,
            as_of: None,
        };
        let population = Population::new(&HARBIN.schema, &model, "enterprise", wanted).unwrap();
        let mut records = population.records(first..first + 150).peekable();
        let entity = records.peek().unwrap().entity;
        let mut builder = Builder::new(&HARBIN.schema, entity);
        records.for_each(|record| builder.push(&record));
        let folder = folder.join(name);
        let mut writer = PopulationWriter::create(&HARBIN.schema, entity, &folder, write::Format::Parquet).unwrap();
        writer.write(&builder.finish()).unwrap();
        let parts = writer.finish().unwrap();
        fs::create_dir_all(&path).unwrap();
        fs::rename(&parts[0], path.join(format!("{name}.parquet"))).unwrap();
    }
    path
}

#[test]
fn units_of_pieces_that_reach_over_them_are_whole_and_a_run_goes_on_after_them() {
    let folder = tempfile::tempdir().unwrap();
    let facts = two_files(folder.path());
    let at_once = |out: &str| Options {
        out: folder.path().join(out),
        ..options(folder.path(), facts.clone())
    };
    let straight = at_once("straight");
    assert!(whole(&straight).complete);
    // Five steps of 32 rows to a file, the last of what is left, and as many units.
    let summaries = fs::read_dir(straight.out.join("units")).unwrap();
    let summaries = summaries.map(|entry| entry.unwrap().path());
    let summaries = summaries.filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    assert_eq!(summaries.count(), 10);
    for lost in ["00001", "00005", "00006", "00010"] {
        let broken = at_once(&format!("without-{lost}"));
        assert!(whole(&broken).complete);
        fs::remove_file(broken.out.join(format!("units/{lost}.json"))).unwrap();
        fs::write(broken.out.join(format!("long-{lost}.csv")), "damaged").unwrap();
        let report = whole(&broken);
        assert!(report.complete && report.kept < 300, "{lost}");
        assert_eq!(files(&broken.out), files(&straight.out), "{lost}");
    }
}

#[test]
fn order_and_parts_of_the_population_change_no_row_and_no_total() {
    let folder = tempfile::tempdir().unwrap();
    let one = options(folder.path(), register(folder.path(), "one.jsonl", &LINES));
    let mut turned: Vec<String> = LINES.clone();
    turned.reverse();
    turned.rotate_left(71);
    for (part, lines) in turned.chunks(77).enumerate() {
        register(folder.path(), &format!("many/{part}.jsonl"), lines);
    }
    let many = Options {
        out: folder.path().join("many-out"),
        threads: 1,
        ..options(folder.path(), folder.path().join("many"))
    };
    assert_eq!(whole(&one).totals, whole(&many).totals);
    for table in ["wide", "long"] {
        assert_eq!(rows(&one.out, table), rows(&many.out, table), "{table}");
    }
    let totals = |options: &Options| fs::read(options.out.join("totals.json")).unwrap();
    assert_eq!(totals(&one), totals(&many));
}

#[test]
fn wrong_rows_are_told_and_the_others_determined() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = LINES.get(..40).unwrap().to_vec();
    lines.insert(5, r#"{"enterprise": {"revenu": {"2022": 1}}}"#.to_owned());
    lines.insert(35, r#"{"enterprise": {"employees": {"2022": -1}}}"#.to_owned());
    let facts = register(folder.path(), "register.jsonl", &lines);
    let lenient = options(folder.path(), facts.clone());
    let report = whole(&lenient);
    assert_eq!((report.totals.rows, report.totals.rejected), (42, 2));
    let told = rows(&lenient.out, "rejects").join("\n");
    for part in ["register.jsonl,6,", "revenu", "register.jsonl,36,", "employees"] {
        assert!(told.contains(part), "{part} in {told}");
    }
    assert_eq!(rows(&lenient.out, "wide").len(), 40);
    let strict = Options {
        out: folder.path().join("strict"),
        strict: true,
        ..options(folder.path(), facts)
    };
    let error = run(&HARBIN, &strict, &AtomicBool::new(false), |_| ())
        .unwrap_err()
        .to_string();
    assert!(error.contains("revenu"), "{error}");
}

#[test]
fn changed_facts_are_another_population_and_another_way_of_writing_the_path_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = LINES.get(..20).unwrap().to_vec();
    let facts = register(folder.path(), "register.jsonl", &lines);
    let first = options(folder.path(), facts);
    assert_eq!(whole(&first).kept, 0);
    let spelt = Options {
        facts: folder.path().join("out/../register.jsonl"),
        ..first.clone()
    };
    assert_eq!(whole(&spelt).kept, 20);
    lines.swap(3, 4);
    register(folder.path(), "register.jsonl", &lines);
    let error = run(&HARBIN, &first, &AtomicBool::new(false), |_| ()).unwrap_err();
    assert!(
        error.to_string().contains("another run (population differs)"),
        "{error}"
    );
}

#[test]
fn a_part_that_is_lost_or_damaged_is_determined_again() {
    let folder = tempfile::tempdir().unwrap();
    let facts = register(folder.path(), "register.jsonl", &LINES);
    let options = options(folder.path(), facts);
    whole(&options);
    let before = files(&options.out);
    fs::remove_file(options.out.join("long-00002.csv")).unwrap();
    fs::write(options.out.join("wide-00001.csv"), "").unwrap();
    assert_eq!(whole(&options).kept, 300 - 2 * 32);
    assert_eq!(files(&options.out), before);
}

#[test]
fn a_second_run_into_a_folder_is_refused_while_the_first_one_writes() {
    let folder = tempfile::tempdir().unwrap();
    let facts = register(folder.path(), "register.jsonl", LINES.get(..40).unwrap());
    let options = options(folder.path(), facts);
    let mut refused = 0;
    let first = run(&HARBIN, &options, &AtomicBool::new(false), |_| {
        let second = run(&HARBIN, &options, &AtomicBool::new(false), |_| ());
        let error = second.unwrap_err().to_string();
        assert!(error.contains("another run is writing into"), "{error}");
        refused += 1;
    });
    assert!(first.unwrap().complete && refused > 0);
}

#[test]
fn a_strict_run_over_a_complete_folder_still_ends_at_the_first_wrong_row() {
    let folder = tempfile::tempdir().unwrap();
    let mut lines = LINES.get(..40).unwrap().to_vec();
    lines.insert(35, r#"{"enterprise": {"revenu": {"2022": 1}}}"#.to_owned());
    let lenient = options(folder.path(), register(folder.path(), "register.jsonl", &lines));
    assert!(whole(&lenient).complete);
    let strict = Options {
        strict: true,
        ..lenient
    };
    let error = run(&HARBIN, &strict, &AtomicBool::new(false), |_| ()).unwrap_err();
    assert!(error.to_string().contains("register.jsonl:36:"), "{error}");
}

#[test]
fn rows_of_lists_that_name_nobody_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let code = "91230110MAEXAM04XR";
    let main = format!("uscc,hires_complete\n{code},false\n");
    let hires = format!("enterprise_uscc,id\nA,h0\n{code},h1\nZ,h1\n");
    register(folder.path(), "csv/enterprise.csv", &[main]);
    register(folder.path(), "csv/hires.csv", &[hires]);
    let options = options(folder.path(), folder.path().join("csv"));
    let totals = whole(&options).totals;
    assert_eq!((totals.rows, totals.rejected, totals.unowned), (1, 0, 2));
    assert!(!totals.is_clean());
    assert!(
        fs::read_to_string(options.out.join("totals.json"))
            .unwrap()
            .contains(r#""unowned":"2""#)
    );
}

#[test]
fn a_folder_holds_one_run() {
    let folder = tempfile::tempdir().unwrap();
    let facts = register(folder.path(), "register.jsonl", LINES.get(..20).unwrap());
    let first = options(folder.path(), facts);
    whole(&first);
    let other = Options {
        names: Vec::new(),
        ..first
    };
    let error = run(&HARBIN, &other, &AtomicBool::new(false), |_| ())
        .unwrap_err()
        .to_string();
    assert!(error.contains("another run (names differs)"), "{error}");
}

#[test]
fn what_is_run_over_invented_applicants_says_so_wherever_it_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let facts = register(folder.path(), "register/lines.jsonl", LINES.get(..20).unwrap());
    let real = options(folder.path(), facts.clone());
    assert!(!whole(&real).synthetic);
    let told = |name: &str, out: &Path| fs::read_to_string(out.join(name)).unwrap();
    for name in ["run.json", "totals.json", "wide-00001.csv", "long-00001.csv"] {
        assert!(!told(name, &real.out).contains("synthetic"), "{name}");
    }
    let about = r#"{"about": {"en": "Synthetic", "zh": "合成"}, "seed": "7", "synthetic": true}"#;
    fs::write(folder.path().join("register/about.json"), about).unwrap();
    let invented = Options {
        out: folder.path().join("invented"),
        ..options(folder.path(), facts.clone())
    };
    assert!(whole(&invented).synthetic);
    let json = |name: &str| -> serde_json::Value { serde_json::from_str(&told(name, &invented.out)).unwrap() };
    assert_eq!(
        json("run.json")["synthetic"],
        serde_json::from_str::<serde_json::Value>(about).unwrap()
    );
    assert_eq!(json("totals.json")["synthetic"], true);
    for name in ["wide-00001.csv", "long-00001.csv"] {
        let table = told(name, &invented.out);
        let mut lines = table.lines();
        assert!(lines.next().unwrap().ends_with(",synthetic"), "{name}");
        assert!(lines.all(|line| line.ends_with(",true")), "{name}");
    }
    // Whoever ran it before the folder said so ran something else.
    let again = run(&HARBIN, &real, &AtomicBool::new(false), |_| ()).unwrap_err();
    assert!(again.to_string().contains("(synthetic differs)"), "{again}");
}
