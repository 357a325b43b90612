//! Commands that write: the lock file and documents, in a copy of the tiny package; facts through a pipe; a reader that goes away.

#![expect(clippy::unwrap_used, reason = "a copy that cannot be made fails its test")]

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use meed_facts::batch::Builder;
use meed_facts::json;
use meed_rules::{Package, check};
use meed_tables::write::{Format, PopulationWriter};
use snapbox::dir::DirRoot;

struct Copy {
    root: DirRoot,
}

impl Copy {
    fn of(fixture: &str) -> Self {
        let from = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/fixtures")
            .join(fixture);
        let root = DirRoot::mutable_temp().unwrap().with_template(&from).unwrap();
        Copy { root }
    }

    fn path(&self) -> PathBuf {
        self.root.path().unwrap().to_owned()
    }

    fn change(&self, file: &str, from: &str, to: &str) {
        let path = self.path().join(file);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{file} has no {from}");
        std::fs::write(path, text.replace(from, to)).unwrap();
    }

    /// Exit code, standard output and standard error.
    fn meed(&self, args: &[&str]) -> (i32, String, String) {
        let output = meed().args(args).arg(self.path()).output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

fn meed() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_meed"));
    command.env("LC_ALL", "C");
    command
}

#[test]
fn a_changed_clause_is_an_error_until_it_is_confirmed() {
    let copy = Copy::of("tiny");
    copy.change("law.md", "奖励十万元", "奖励二十万元");
    let (code, said, _) = copy.meed(&["check"]);
    assert_eq!(code, 1);
    assert!(said.contains("M0601") && said.contains("第二条 研发奖励"), "{said}");
    let (code, said, _) = copy.meed(&["confirm"]);
    assert_eq!((code, said.as_str()), (0, "confirmed law.md: 第二条 研发奖励\n"));
    assert_eq!(copy.meed(&["check"]).0, 0);
    assert_eq!(copy.meed(&["confirm"]).1, "nothing to confirm\n");
}

#[test]
fn a_package_with_errors_is_not_confirmed() {
    let copy = Copy::of("broken");
    let (code, _, said) = copy.meed(&["confirm"]);
    assert_eq!(code, 2);
    assert!(said.contains("rd_expense"), "{said}");
    assert!(!copy.path().join("meed.lock").exists());
}

#[test]
fn layout_and_language_of_rules_move_no_digest_and_no_case() {
    let copy = Copy::of("tiny");
    copy.change("law.md", "    ratio:  rd_ratio", "  ratio:      rd_ratio");
    assert_eq!(copy.meed(&["check"]).0, 0);
    assert_eq!(copy.meed(&["fmt", "--check"]).0, 1);
    assert_eq!(copy.meed(&["fmt"]).0, 0);
    assert_eq!(copy.meed(&["fmt", "--check"]).0, 0);
    let english = std::fs::read_to_string(copy.path().join("law.md")).unwrap();
    assert_eq!(copy.meed(&["fmt", "--to", "zh"]).0, 0);
    let chinese = std::fs::read_to_string(copy.path().join("law.md")).unwrap();
    assert!(chinese.contains("措施 rd_reward"), "{chinese}");
    assert_eq!(copy.meed(&["check"]).0, 0);
    assert_eq!(copy.meed(&["test"]).0, 0);
    assert_eq!(copy.meed(&["fmt", "--to", "en"]).0, 0);
    assert_eq!(std::fs::read_to_string(copy.path().join("law.md")).unwrap(), english);
}

#[test]
fn facts_may_come_through_a_pipe() {
    let copy = Copy::of("tiny");
    let mut child = meed()
        .args(["decide", "--on", "2023-12-01", "--facts", "-", "--format", "json"])
        .arg(copy.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let facts = r#"{"enterprise": {"listed": false, "awards": []}}"#;
    child.stdin.take().unwrap().write_all(facts.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(said.contains(r#""verdict":"not_eligible""#), "{said}");
}

#[test]
fn a_population_may_come_through_a_pipe_and_rows_left_out_end_with_1() {
    let copy = Copy::of("tiny");
    let out = copy.path().join("out");
    let mut child = meed()
        .args(["run", "--on", "2023-12-01", "--facts", "-", "--out"])
        .arg(&out)
        .arg(copy.path())
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let facts = "{\"enterprise\": {\"listed\": false, \"awards\": []}}\n{\"enterprise\": {\"lsited\": false}}\n";
    child.stdin.take().unwrap().write_all(facts.as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(1));
    let totals = std::fs::read_to_string(out.join("totals.json")).unwrap();
    assert!(
        totals.contains(r#""rejected":"1""#) && totals.contains(r#""rows":"2""#),
        "{totals}"
    );
}

#[test]
fn a_reader_that_goes_away_is_no_panic() {
    let copy = Copy::of("tiny");
    let mut child = meed()
        .arg("schema")
        .arg(copy.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn what_cannot_be_used_is_said_in_the_language_of_the_environment() {
    let said = |name: &str, value: &str, lang: &[&str]| {
        let mut command = meed();
        command
            .env_remove("LC_ALL")
            .env_remove("LC_MESSAGES")
            .env_remove("LANG");
        let output = command
            .env(name, value)
            .args(lang)
            .args(["check", "nowhere"])
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let chinese = "错误：nowhere：文件或文件夹不存在\n";
    assert_eq!(said("LANG", "zh_CN.UTF-8", &[]), chinese);
    assert_eq!(said("LC_ALL", "zh_CN", &[]), chinese);
    assert!(said("LANG", "de_DE.UTF-8", &[]).starts_with("error: nowhere: "));
    assert!(said("LANG", "zh_CN.UTF-8", &["--lang", "en"]).starts_with("error: nowhere: "));
}

#[test]
fn schema_writes_tables_that_can_be_filled_in() {
    let copy = Copy::of("tiny");
    let folder = copy.path().join("tables");
    let output = meed()
        .arg("schema")
        .arg(copy.path())
        .arg("--tables")
        .arg(&folder)
        .args(["--years", "2021..2022"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let written = String::from_utf8(output.stdout).unwrap();
    assert!(
        written.lines().any(|line| line == "enterprise/enterprise.csv"),
        "{written}"
    );
    for line in written.lines() {
        assert!(folder.join(line).is_file(), "{line}");
    }
    let columns = std::fs::read_to_string(folder.join("enterprise/enterprise.csv")).unwrap();
    assert!(
        columns.starts_with("uscc,listed,revenue_2021,revenue_2022,"),
        "{columns}"
    );
    let described = std::fs::read_to_string(folder.join("enterprise/_columns.csv")).unwrap();
    let named = |column: &str| {
        described
            .lines()
            .any(|line| line.starts_with(&format!("enterprise.csv,{column},")))
    };
    assert!(columns.trim_end().split(',').all(named), "{columns}\n{described}");
}

#[test]
fn a_synthetic_register_says_what_it_is_and_its_records_are_decided() {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../policies/harbin");
    let root = DirRoot::mutable_temp().unwrap();
    let out = root.path().unwrap().join("register");
    let draw = || {
        let args = ["--size", "3", "--seed", "5", "--missing", "0.33", "--out"];
        meed()
            .arg("--lang")
            .arg("en")
            .arg("population")
            .arg(&package)
            .args(args)
            .arg(&out)
            .output()
            .unwrap()
    };
    let output = draw();
    let remark = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success() && remark.contains("Synthetic"), "{remark}");
    let about = std::fs::read_to_string(out.join("about.json")).unwrap();
    assert!(
        about.contains("\"synthetic\": true") && about.contains("\"seed\": \"5\""),
        "{about}"
    );
    let lines = std::fs::read_to_string(out.join("part-00001.jsonl")).unwrap();
    assert_eq!(lines.lines().count(), 3);
    let one = root.path().unwrap().join("one.json");
    std::fs::write(&one, lines.lines().next().unwrap()).unwrap();
    let decided = meed()
        .arg("decide")
        .arg(&package)
        .args(["--on", "2023-03-10", "--facts"])
        .arg(&one)
        .output();
    assert!(decided.unwrap().status.success());
    // What somebody has drawn is not written over.
    let again = draw();
    assert_eq!(again.status.code(), Some(2));
    assert!(String::from_utf8(again.stderr).unwrap().contains("name a new one"));
}

#[test]
fn seeds_that_are_said_twice_are_one_draw() {
    let copy = Copy::of("tiny");
    let facts = copy.path().join("facts.jsonl");
    let line = |at: u32| {
        format!(
            r#"{{"enterprise": {{"listed": true, "revenue": {{"2022": {}}}, "rd_expense": {{"2022": 100}}, "awards": []}}}}"#,
            at + 1
        )
    };
    std::fs::write(&facts, (0..40).map(line).collect::<Vec<_>>().join("\n")).unwrap();
    let drawn = |out: &str, seeds: &str| {
        let out = copy.path().join(out);
        let output = meed()
            .args([
                "--lang",
                "en",
                "simulate",
                "--on",
                "2023-12-01",
                "--format",
                "csv",
                "--take-up",
                "50%",
                "--seed",
                seeds,
            ])
            .arg("--facts")
            .arg(&facts)
            .arg("--out")
            .arg(&out)
            .arg(copy.path())
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(
            (output.status.code(), said.contains("panicked")),
            (Some(0), false),
            "{said}"
        );
        std::fs::read_to_string(out.join("take-up-00001.csv")).unwrap()
    };
    let once = drawn("once", "1");
    assert_eq!(once.lines().count(), 2, "{once}");
    assert_eq!(drawn("thrice", "1,1,1"), once);
    assert_eq!(drawn("two", "2,1,2").lines().count(), 3);
}

#[test]
fn a_damaged_file_is_told_in_one_line_and_no_panic_is() {
    let copy = Copy::of("tiny");
    let facts = copy.path().join("facts.jsonl");
    let lines = r#"{"enterprise": {"listed": false, "awards": []}}"#;
    std::fs::write(&facts, lines).unwrap();
    for (ending, format) in [("arrow", Format::Arrow), ("parquet", Format::Parquet)] {
        let folder = copy.path().join(ending);
        register(&folder, format);
        let part = folder.join(format!("part-00001.{ending}"));
        let whole = std::fs::read(&part).unwrap();
        // Every eighth byte in turn: lengths and places among them.
        for at in (8..whole.len()).step_by(whole.len().div_ceil(48)) {
            let mut bytes = whole.clone();
            bytes[at] = !bytes[at];
            std::fs::write(&part, bytes).unwrap();
            let out = copy.path().join(format!("{ending}-{at}"));
            let output = meed()
                .args(["run", "--on", "2023-12-01", "--facts"])
                .arg(&part)
                .arg("--out")
                .arg(&out)
                .arg(copy.path())
                .output()
                .unwrap();
            let said = String::from_utf8(output.stderr).unwrap();
            assert!(!said.contains("panicked"), "{ending} at {at}: {said}");
            assert!(
                output.status.code().is_some_and(|code| code <= 2),
                "{ending} at {at}: {said}"
            );
        }
    }
}

/// A population of two in files of a format.
fn register(folder: &Path, format: Format) {
    let package = Package::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tiny")).unwrap();
    let schema = check(&package).schema().clone();
    let records = ["true", "false"].map(|listed| {
        let facts = format!(r#"{{"enterprise": {{"listed": {listed}, "revenue": {{"2022": 7}}, "awards": []}}}}"#);
        json::read(&schema, &facts).unwrap()
    });
    let entity = records[0].entity;
    let mut batch = Builder::new(&schema, entity);
    records.iter().for_each(|record| batch.push(record));
    let mut writer = PopulationWriter::create(&schema, entity, folder, format).unwrap();
    writer.write(&batch.finish()).unwrap();
    writer.finish().unwrap();
}
