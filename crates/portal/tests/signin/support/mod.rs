//! Databases with an office's and the portal's tables, and people in them.

pub mod client;
#[path = "../../../../office/tests/office/support/given.rs"]
mod given;
#[expect(
    dead_code,
    reason = "the office's tests crash servers and copy databases, these do not"
)]
#[path = "../../../../office/tests/office/support/postgres.rs"]
mod postgres;
pub mod provider;

pub use postgres::memory;

use meed_office::people::Person;
use meed_office::store::Connection;
use meed_office::time::Instant;
use meed_office::tx::insert;

/// Runs a test on each database, empty but for its tables; `address` is for further connections.
pub fn on_each_empty_database(test: impl Fn(&mut Connection, &str)) {
    let folder = tempfile::tempdir_in(memory()).unwrap();
    let mut addresses = vec![format!("sqlite:{}", folder.path().join("office.db").display())];
    addresses.extend(postgres::server().map(postgres::Server::database));
    for address in addresses {
        let mut connection = Connection::open(&address).unwrap();
        meed_office::store::migrate(&mut connection).unwrap();
        meed_portal::store::migrate(&mut connection).unwrap();
        test(&mut connection, &address);
    }
}

/// Runs a test on each database, with `wang` and `li` in it.
pub fn on_each_database(test: impl Fn(&mut Connection, &str)) {
    on_each_empty_database(|connection, address| {
        for id in ["wang", "li"] {
            let text = str::to_owned;
            let person = Person {
                id: text(id),
                name: text(id),
                bureau: text("市工信局"),
                salt: text("0"),
            };
            insert(connection, &person).unwrap();
        }
        test(connection, address);
    });
}

/// Some seconds after a morning.
pub fn at(seconds: i64) -> Instant {
    Instant::from_milliseconds((1_700_000_000 + seconds) * 1000)
}
