//! The portal's tables beside the office's.

use meed_office::log::verify;
use meed_office::store::Dialect;

use crate::support::on_each_empty_database;

#[test]
fn the_portals_tables_are_made_once_and_an_office_with_them_verifies() {
    on_each_empty_database(|connection, _| {
        meed_portal::store::migrate(connection).unwrap();
        let report = verify(connection, None).unwrap();
        assert!(report.findings.is_empty(), "{:?}", report.findings);
    });
}

#[test]
fn nothing_but_tables_of_the_portal_may_stand_beside_the_offices() {
    on_each_empty_database(|connection, _| {
        connection
            .script("CREATE TABLE stranger (a BIGINT PRIMARY KEY)")
            .unwrap();
        let trigger = match connection.dialect() {
            Dialect::Sqlite => {
                "CREATE TRIGGER portal_robs AFTER INSERT ON portal_login BEGIN DELETE FROM portal_session; END"
            }
            Dialect::Postgres => {
                "CREATE FUNCTION portal_robs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;\n\
                 CREATE TRIGGER portal_robs AFTER INSERT ON portal_login FOR EACH ROW EXECUTE FUNCTION portal_robs()"
            }
        };
        connection.script(trigger).unwrap();
        let report = verify(connection, None).unwrap();
        let mut found: Vec<&str> = report.findings.iter().map(|finding| finding.table.as_str()).collect();
        found.sort_unstable();
        assert_eq!(found, ["portal_login", "stranger"]);
    });
}
