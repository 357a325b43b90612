//! The office on the command line: made, refused, used, and proved.

#![expect(clippy::unwrap_used, reason = "an office that cannot be made fails its test")]

use std::path::Path;
use std::process::{Command, Output};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn meed(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_meed"))
        .args(arguments)
        .output()
        .unwrap()
}

/// Standard output and error, and the exit code.
fn told(output: &Output) -> (String, i32) {
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    (text.concat(), output.status.code().unwrap())
}

/// A folder with an office whose settings are filled in.
fn office(folder: &Path) -> String {
    let calendar = format!("{ROOT}/policies/harbin/working-days.csv");
    let init = meed(&["office", "init", folder.to_str().unwrap(), "--calendar", &calendar]);
    assert_eq!(init.status.code(), Some(0));
    let file = folder.join("office.toml");
    let filled = std::fs::read_to_string(&file).unwrap();
    let filled = [
        "office",
        "authority",
        "appeal_clause",
        "appeal_to",
        "payer",
        "name",
        "account",
        "bank",
    ]
    .iter()
    .fold(filled, |text, setting| {
        text.replace(&format!("{setting} = \"\""), &format!("{setting} = \"X1\""))
    })
    .replace("appeal_stops = \"\"", "appeal_stops = \"always\"")
    .replace(" = 0", " = 5");
    std::fs::write(&file, filled).unwrap();
    file.to_str().unwrap().to_owned()
}

struct Desk(String);

impl Desk {
    fn give(&self, person: &str, arguments: &[&str]) -> (String, i32) {
        let first = ["office", "--office", &self.0, "--at", "2022-07-01", "--as", person];
        told(&meed(&[first.as_slice(), arguments].concat()))
    }

    #[track_caller]
    fn ok(&self, person: &str, arguments: &[&str]) -> String {
        let (text, code) = self.give(person, arguments);
        assert_eq!(code, 0, "{arguments:?}: {text}");
        text
    }

    /// An id that a command made.
    #[track_caller]
    fn made(&self, person: &str, arguments: &[&str], name: &str) -> String {
        let text = self.ok(person, arguments);
        let line = text.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap().to_owned()
    }
}

#[test]
fn an_office_whose_controls_are_not_set_does_not_open() {
    let folder = tempfile::tempdir().unwrap();
    let calendar = format!("{ROOT}/policies/harbin/working-days.csv");
    meed(&[
        "office",
        "init",
        folder.path().to_str().unwrap(),
        "--calendar",
        &calendar,
    ]);
    let file = folder.path().join("office.toml");
    let (text, code) = told(&meed(&["office", "--office", file.to_str().unwrap(), "show"]));
    assert_eq!(code, 2);
    assert!(text.contains("appeal_stops"), "{text}");
}

/// The report of what a package costs one enterprise, as an argument.
fn simulated(folder: &Path, package: &str) -> String {
    let (facts, out) = (folder.join("population.jsonl"), folder.join("simulation"));
    let one = r#"{"enterprise": {"uscc": "91230100MAD1TJ3Y90", "design_staff": 12, "breach": false, "awards": [], "titles": []}}"#;
    std::fs::write(&facts, one).unwrap();
    let [facts, out] = [&facts, &out].map(|path| path.to_str().unwrap());
    let (text, code) = told(&meed(&[
        "simulate",
        package,
        "--on",
        "2022-12-31",
        "--facts",
        facts,
        "--out",
        out,
    ]));
    assert_eq!(code, 0, "{text}");
    format!("@{out}/manifest.json")
}

#[test]
fn an_award_is_offered_and_every_step_is_proved() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk(office(folder.path()));
    desk.ok(
        "liu",
        &["people", "enter", "--id", "liu", "--name", "刘", "--bureau", "数据局"],
    );
    for role in ["registrar", "drafter", "machine"] {
        desk.ok("liu", &["people", "assign", "--person", "liu", "--role", role]);
    }
    desk.ok(
        "liu",
        &["people", "enter", "--id", "shen", "--name", "沈", "--bureau", "司法局"],
    );
    for role in ["publisher", "approver"] {
        desk.ok("liu", &["people", "assign", "--person", "shen", "--role", role]);
    }
    let package = format!("{ROOT}/crates/office/tests/office/packages/small");
    let policy = desk.made("liu", &["policy", "draft", "--files", &package], "policy");
    desk.ok("liu", &["policy", "check", "--policy", &policy]);
    let report = simulated(folder.path(), &package);
    let nothing = desk.give("liu", &["policy", "simulate", "--policy", &policy, "--report", "{}"]);
    assert_eq!(
        (nothing.1, nothing.0.contains("other_report")),
        (1, true),
        "{}",
        nothing.0
    );
    desk.ok("liu", &["policy", "simulate", "--policy", &policy, "--report", &report]);
    let (text, code) = desk.give("liu", &["policy", "review", "--policy", &policy]);
    assert_eq!((code, text.contains("not_yours")), (1, true), "{text}");
    for act in ["review", "approve", "publish"] {
        desk.ok("shen", &["policy", act, "--policy", &policy]);
    }
    let facts = r#"{"enterprise": {"uscc": "91230100MAD1TJ3Y90", "design_staff": 12, "breach": false, "awards": [],
        "titles": [{"title": "design_centre", "level": "municipal", "granted": "2022-06-29"}]}}"#;
    let file = folder.path().join("facts.json");
    std::fs::write(&file, facts).unwrap();
    desk.ok(
        "liu",
        &[
            "register",
            "import",
            "--facts",
            &format!("@{}", file.display()),
            "--source",
            "登记",
        ],
    );
    let matched = desk.ok("liu", &["match"]);
    assert!(matched.contains("offered: 1"), "{matched}");
    let (shown, _) = desk.give("liu", &["--format", "json", "show", "case"]);
    let case: serde_json::Value = serde_json::from_str(shown.trim()).unwrap();
    assert_eq!(case.get("state").unwrap(), "offered");
    let case = case.get("id").unwrap().as_str().unwrap();
    let (text, code) = desk.give("liu", &["--lang", "zh", "case", "accept", "--case", case]);
    assert_eq!((code, text.contains("没有")), (1, true), "{text}");
    let population = folder.path().join("population.jsonl");
    let import = ["import", "--facts", population.to_str().unwrap(), "--source", "登记"];
    let (text, code) = desk.give("shen", &import);
    assert_eq!((code, text.contains("registrar")), (2, true), "{text}");
    assert!(
        desk.ok("liu", &import).contains("imported: 1\n"),
        "its titles are others"
    );
    assert!(desk.ok("liu", &import).contains("unchanged: 1\n"));
    let (text, code) = desk.give("liu", &["staff"]);
    assert_eq!((code, text.contains("officer, examiner")), (1, true), "{text}");
    assert_eq!(desk.ok("liu", &["tick"]), "", "the offer stands still");
    let later = [
        "office",
        "--office",
        &desk.0,
        "--at",
        "2022-07-07",
        "--as",
        "liu",
        "tick",
    ];
    let (text, code) = told(&meed(&later));
    assert_eq!((code, text), (0, format!("offer\t{case}\t2022-07-06\n")));
    let verified = desk.ok("liu", &["verify"]);
    assert!(verified.contains("0 findings"), "{verified}");
    let out = folder.path().join("evidence");
    let place = ["--office", &desk.0, "--at", "2022-07-01"];
    let (text, code) = told(&meed(
        &[&["evidence", case, "--out", out.to_str().unwrap()], place.as_slice()].concat(),
    ));
    assert_eq!(code, 0, "{text}");
    assert_eq!(told(&meed(&["verify", out.to_str().unwrap()])).1, 0);
    let rows = out.join("rows.json");
    std::fs::write(
        &rows,
        std::fs::read_to_string(&rows).unwrap().replace("expired", "accepted"),
    )
    .unwrap();
    let (text, code) = told(&meed(&["verify", out.to_str().unwrap()]));
    assert_eq!((code, text.contains('✗')), (1, true), "{text}");
    assert_eq!(told(&meed(&[["replay"].as_slice(), place.as_slice()].concat())).1, 0);
}

#[test]
fn a_command_given_twice_is_done_once() {
    let folder = tempfile::tempdir().unwrap();
    let desk = Desk(office(folder.path()));
    let enter = [
        "--command-id",
        "one",
        "people",
        "enter",
        "--id",
        "liu",
        "--name",
        "刘",
        "--bureau",
        "局",
    ];
    assert_eq!(desk.ok("liu", &enter), desk.ok("liu", &enter));
    let other = [
        "--command-id",
        "one",
        "people",
        "enter",
        "--id",
        "wang",
        "--name",
        "王",
        "--bureau",
        "局",
    ];
    let (text, code) = desk.give("liu", &other);
    assert_eq!(code, 2, "{text}");
}
