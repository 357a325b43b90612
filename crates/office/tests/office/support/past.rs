//! Ways past the office and past what the database refuses: for tests of what is found afterwards.

use meed_office::store::{Connection, Dialect};

/// A connection on which neither triggers nor foreign keys act.
pub fn open(address: &str) -> Connection {
    let mut connection = Connection::open(address).unwrap();
    match connection.dialect() {
        Dialect::Sqlite => {
            let triggers = rusqlite::config::DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER;
            connection.sqlite().unwrap().set_db_config(triggers, false).unwrap();
            connection
                .script("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF")
                .unwrap();
        }
        Dialect::Postgres => connection.script("SET session_replication_role = replica").unwrap(),
    }
    connection
}

/// Lets any value stand in any column of its type.
pub fn uncheck(connection: &mut Connection) {
    let sql = match connection.dialect() {
        Dialect::Sqlite => "PRAGMA ignore_check_constraints = ON",
        Dialect::Postgres => {
            "DO $$ DECLARE one record; BEGIN FOR one IN SELECT conrelid::regclass AS held, conname FROM pg_constraint WHERE contype = 'c' \
             AND connamespace = 'public'::regnamespace LOOP EXECUTE format('ALTER TABLE %s DROP CONSTRAINT %I', one.held, one.conname); \
             END LOOP; END $$"
        }
    };
    connection.script(sql).unwrap();
}
