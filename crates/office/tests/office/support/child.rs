//! Processes that can be killed: this test binary, run again for one task.

use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// Starts a process that does a task of [`crate::children`].
pub fn start(task: &str, told: &Value) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "children::a_process_does_its_task", "--nocapture"])
        .env("MEED_TASK", task)
        .env("MEED_TOLD", told.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The task of this process, if it was started for one.
pub fn task() -> Option<(String, Value)> {
    let task = std::env::var("MEED_TASK").ok()?;
    let told = serde_json::from_str(&std::env::var("MEED_TOLD").unwrap()).unwrap();
    Some((task, told))
}
