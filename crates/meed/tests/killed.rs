//! `meed run` killed at any moment and started again leaves what an undisturbed run leaves.

#![cfg(test)]

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

#[path = "../../simulate/tests/files/shared/folder.rs"]
mod folder;

use folder::files;

const ROWS: u32 = 6000;

fn run(folder: &Path, out: &str) -> Child {
    let package = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/fund");
    Command::new(env!("CARGO_BIN_EXE_meed"))
        .arg("run")
        .arg(package)
        .args(["--on", "2023-06-01", "--unit-rows", "100", "--facts"])
        .arg(folder.join("facts.jsonl"))
        .arg("--out")
        .arg(folder.join(out))
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// How many units are complete.
fn complete(units: &Path) -> usize {
    let inside = fs::read_dir(units).into_iter().flatten().flatten();
    inside
        .filter(|entry| entry.path().extension().is_some_and(|ending| ending == "json"))
        .count()
}

/// The seed of this test's moments: another one each time, told where it fails.
fn seed() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    u64::from(now.unwrap().subsec_nanos()) | 1
}

#[test]
fn a_process_that_is_killed_at_any_moment_and_started_again_leaves_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let line = |at: u32| match at % 9 {
        4 => format!(r#"{{"enterprise": {{"id": "e{at}", "size": {at}, "awards": []}}}}"#),
        5 => r#"{"enterprise": {"sise": 1}}"#.to_owned(),
        _ => format!(
            r#"{{"enterprise": {{"id": "e{}", "clean": true, "size": {at}, "awards": []}}}}"#,
            at
        ),
    };
    let lines: Vec<String> = (0..ROWS).map(line).collect();
    fs::write(folder.path().join("facts.jsonl"), lines.join("\n")).unwrap();
    let began = Instant::now();
    let ended = run(folder.path(), "straight").wait().unwrap();
    assert_eq!(ended.code(), Some(1), "some rows are left out");
    let whole = began.elapsed();
    let straight = files(&folder.path().join("straight"));
    let seed = seed();
    let mut random = seed;
    let mut part = || {
        // xorshift64
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        u32::try_from(random % 1000).unwrap()
    };
    let mut kills = 0;
    for round in 0..4 {
        let out = format!("killed-{round}");
        for attempt in 1.. {
            assert!(attempt < 200, "it gets nowhere; seed {seed}");
            let mut child = run(folder.path(), &out);
            if attempt == 1 {
                // In the midst of it for certain, however fast the machine has become.
                let units = folder.path().join(&out).join("units");
                while complete(&units) < part() as usize % 20 + 1 && child.try_wait().unwrap().is_none() {
                    sleep(Duration::from_millis(1));
                }
            } else {
                sleep(whole * (100 + part()) / 1000);
            }
            // Killed as by the system: nothing of the process runs after that.
            child.kill().unwrap();
            let ended = child.wait().unwrap();
            kills += u32::from(ended.code().is_none());
            if ended.code() == Some(1) {
                break;
            }
        }
        assert_eq!(
            straight.keys().collect::<Vec<_>>(),
            files(&folder.path().join(&out)).keys().collect::<Vec<_>>(),
            "seed {seed}"
        );
        assert!(straight == files(&folder.path().join(&out)), "seed {seed}");
    }
    assert!(kills >= 4, "{kills} kills, seed {seed}");
    assert!(straight.contains_key(Path::new("round-00001.parquet")));
}
