//! Who may sign in, said on the command line.

#![expect(clippy::unwrap_used, reason = "an office that cannot be made fails its test")]

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Runs the program with something typed; what it told, and its exit code.
fn meed(folder: &Path, arguments: &[&str], typed: &str) -> (String, i32) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_meed"))
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that has answered already does not read.
    let _ = program.stdin.take().unwrap().write_all(typed.as_bytes());
    let output = program.wait_with_output().unwrap();
    let text = [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    (text.concat(), output.status.code().unwrap())
}

#[test]
fn an_account_is_made_for_somebody_who_is_there_and_an_identity_bound() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let calendar = format!("{ROOT}/policies/harbin/working-days.csv");
    assert_eq!(meed(here, &["office", "init", ".", "--calendar", &calendar], "").1, 0);
    let text = std::fs::read_to_string(here.join("office.toml")).unwrap();
    let filled = text
        .replace("appeal_stops = \"\"", "appeal_stops = \"always\"")
        .replace(" = \"\"", " = \"X1\"")
        .replace(" = 0", " = 5");
    std::fs::write(here.join("office.toml"), filled).unwrap();
    let enter = [
        "office",
        "people",
        "enter",
        "--id",
        "wang",
        "--name",
        "王",
        "--bureau",
        "市工信局",
    ];
    let (told, code) = meed(here, &enter, "");
    assert_eq!(code, 0, "{told}");

    let password = |person: &str, typed: &str| meed(here, &["portal", "password", person], typed);
    let (told, code) = password("wang", "correct horse battery\n");
    assert_eq!(code, 0, "{told}");
    assert!(told.starts_with("otpauth://totp/X1:wang?secret="), "{told}");
    let (told, code) = password("wang", "short\n");
    assert!(code == 2 && told.contains("12 characters"), "{told}");
    let (told, code) = password("nobody", "correct horse battery\n");
    assert!(code == 2 && told.contains("`nobody` is nobody here"), "{told}");

    let identity = |rest: &[&str]| {
        let first = ["portal", "identity", "https://id.example.gov.cn", "3f2a"];
        meed(here, &[first.as_slice(), rest].concat(), "")
    };
    let said = |text: &str| (format!("{text}\n"), 0);
    assert_eq!(identity(&["wang"]), said("3f2a of https://id.example.gov.cn is wang"));
    assert_eq!(identity(&[]), said("3f2a is nobody here any more, and signed out"));
    assert_eq!(identity(&[]), said("3f2a was nobody here"));
    assert_eq!(identity(&["nobody"]).1, 2);
    let verified = meed(here, &["office", "verify"], "");
    assert_eq!(verified.1, 0, "{}", verified.0);

    // What is wrong with a portal's settings is told before anything listens.
    std::fs::write(here.join("portal.toml"), "base = \"http://portal.example.gov.cn\"\n").unwrap();
    let (told, code) = meed(here, &["serve", "--portal", "portal.toml"], "");
    assert!(code == 2 && told.contains("an https address is needed"), "{told}");
    let (told, code) = meed(here, &["serve", "--listen", "0.0.0.0:0"], "");
    assert!(code == 2 && told.contains("is not this machine alone"), "{told}");
}
