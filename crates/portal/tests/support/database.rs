//! Where the office of a test is kept.

use std::path::Path;

#[expect(
    dead_code,
    reason = "the office's tests crash servers and copy databases, these do not"
)]
#[path = "../../../office/tests/office/support/postgres.rs"]
mod postgres;

pub use postgres::memory;

/// A database of its own: a file in a folder, or one on a server where `MEED_PORTAL_ON=postgres`.
pub fn database(folder: &Path) -> String {
    match std::env::var("MEED_PORTAL_ON").as_deref() {
        Ok("postgres") => postgres::server().unwrap().database(),
        _ => format!("sqlite:{}", folder.join("office.db").display()),
    }
}
