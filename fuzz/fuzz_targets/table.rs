//! Tables that rules read: the input's first line is the item, the rest the rows.
#![no_main]

mod kept;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (item, rows) = text.split_once('\n').unwrap_or((text, ""));
    kept::kept(&format!("# a\n```meed\n{item} from table\n```\n\n{rows}"));
});
