//! Whether a population is invented. What it comes to is then named so too, wherever it is written.

use std::path::Path;

use serde_json::Value;

/// The note of a file whose rows are invented, and the column of tables that cannot have notes.
pub const SYNTHETIC: &str = "synthetic";

/// How a population was invented, as canonical JSON: by the file `about.json` beside it, else by what its own file notes.
pub(super) fn about(path: &Path, note: impl FnOnce() -> Option<String>) -> Option<String> {
    let folder = if path.is_dir() { Some(path) } else { path.parent() };
    let beside = folder.and_then(|folder| std::fs::read_to_string(folder.join("about.json")).ok());
    let found = beside.and_then(|text| told(&text)).or_else(|| told(&note()?))?;
    Some(meed_facts::json::canonical(&found))
}

fn told(text: &str) -> Option<Value> {
    let about: Value = serde_json::from_str(text).ok()?;
    (about.get(SYNTHETIC) == Some(&Value::Bool(true))).then_some(about)
}
