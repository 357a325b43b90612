//! Facts in JSON, read for a vocabulary with every type of fact.
#![no_main]

use std::sync::LazyLock;

use meed_facts::schema::Schema;

#[path = "../../crates/facts/tests/vocabulary/mod.rs"]
#[allow(dead_code, reason = "shared with the tests of reading, which use all of it")]
mod vocabulary;

static SCHEMA: LazyLock<Schema> = LazyLock::new(vocabulary::schema);

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(record) = meed_facts::json::read(&SCHEMA, text) {
        let written = meed_facts::json::canonical(&meed_facts::json::write(&SCHEMA, &record));
        let again = meed_facts::json::read(&SCHEMA, &written).expect("what was written can be read");
        assert_eq!(record, again);
    }
});
