//! Files whose own library gives up on them: it checks what it has read, but takes lengths and places that a file states for granted, and
//! panics where they lie outside.

use std::cell::Cell;
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::path::Path;
use std::sync::Once;

use crate::fault::TablesError;

thread_local! {
    static READING: Cell<bool> = const { Cell::new(false) };
}

/// Does some work on a file with its library; a panic is an error like any other, and says nothing of its own.
pub(super) fn checked<T, E: fmt::Display>(path: &Path, work: impl FnOnce() -> Result<T, E>) -> Result<T, TablesError> {
    silence();
    let before = READING.replace(true);
    let done = catch_unwind(AssertUnwindSafe(work));
    READING.set(before);
    match done {
        Ok(result) => result.map_err(TablesError::damaged(path)),
        Err(_) => Err(TablesError::damaged(path)("a length in the file is beyond its end")),
    }
}

// The hook is the process's, so it is set once, and passes on what other threads and other work have to say.
fn silence() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let told = take_hook();
        set_hook(Box::new(move |panic| {
            if !READING.get() {
                told(panic);
            }
        }));
    });
}
