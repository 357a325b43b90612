//! A server of the office's own: it goes and comes back, and it proves who it is.

use meed_office::command::Command;
use meed_office::ledger::Act as Ledger;
use meed_office::store::{APPEND_ONLY, Cell, Connection, grants, migrate};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};

use crate::support::growth::growth;
use crate::support::{Bench, folder, postgres};

fn open(year: i64) -> Ledger {
    Ledger::Open {
        payer: "city_finance".to_owned(),
        fund: None,
        year,
    }
}

#[test]
fn an_office_goes_on_when_its_server_comes_back() {
    let Some(server) = postgres::own() else { return };
    let bench = Bench::open(&server.database(), "2023-03-01");
    let mut reader = bench.office.reader().unwrap();
    bench.ok("budget", open(2023));
    server.crash();
    let command = Command::new("again", "budget", open(2024));
    assert!(bench.office.submit(command.clone()).is_err(), "nobody answers");
    server.start();
    assert!(
        bench.office.submit(command).unwrap().accepted().is_some(),
        "given again"
    );
    server.crash();
    server.start();
    bench.ok("budget", open(2025));
    let lines = reader.reading(|reader| reader.one("SELECT count(*) FROM line", &[]));
    assert_eq!(lines.unwrap().unwrap(), Some(Cell::Int(3)));
}

#[test]
fn a_server_is_believed_where_an_authority_that_is_named_says_who_it_is() {
    let Some(server) = postgres::own() else { return };
    let folder = folder();
    let authority = || {
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
    };
    let (ours, other) = (authority(), authority());
    let file = |name: &str, authority: &CertifiedIssuer<'_, KeyPair>| {
        let path = folder.path().join(name);
        std::fs::write(&path, authority.pem()).unwrap();
        path.display().to_string()
    };
    let (ours_file, other_file) = (file("ours.pem", &ours), file("other.pem", &other));
    let address = server.database();
    let shows = |names: &[&str]| {
        let names: Vec<String> = names.iter().copied().map(str::to_owned).collect();
        let key = KeyPair::generate().unwrap();
        let certificate = CertificateParams::new(names).unwrap().signed_by(&key, &ours).unwrap();
        server.show(&certificate.pem(), &key.serialize_pem());
    };
    let ask = |roots: &str| Connection::open(&format!("{address}?sslrootcert={roots}"));
    assert!(ask(&ours_file).is_err(), "a server that proves nothing");
    shows(&["127.0.0.1"]);
    let encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    assert_eq!(
        ask(&ours_file).unwrap().one(encrypted, &[]).unwrap(),
        Some(Cell::Int(1))
    );
    assert!(ask(&other_file).is_err(), "an authority that was not asked");
    let required = Connection::open(&format!("{address}?sslmode=require"));
    assert!(required.is_err(), "none that this machine believes");
    shows(&["db.example.gov.cn"]);
    assert!(ask(&ours_file).is_err(), "another's name");
}

#[test]
fn a_process_works_with_a_role_that_cannot_rewrite_history() {
    let Some(server) = postgres::server() else { return };
    let owned = server.database();
    let mut owner = Connection::open(&owned).unwrap();
    migrate(&mut owner).unwrap();
    owner.script("CREATE ROLE meed_app LOGIN").unwrap();
    let grants = grants(&mut owner, "meed_app", "portal_").unwrap();
    owner.script(&grants).unwrap();
    let address = owned.replace("meed@", "meed_app@");
    let (bench, _) = growth(&address, "2023-03-06", "1000000");
    let (_, _, award) = bench.rewarded();
    bench.pay(&bench.instalments(&award)[0]);
    assert!(bench.verify().is_clean());
    let mut app = Connection::open(&address).unwrap();
    for table in APPEND_ONLY {
        for forbidden in [
            format!("DELETE FROM \"{table}\""),
            format!("TRUNCATE \"{table}\" CASCADE"),
            format!("ALTER TABLE \"{table}\" DISABLE TRIGGER ALL"),
            format!("DROP TABLE \"{table}\" CASCADE"),
        ] {
            let told = app.script(&forbidden).unwrap_err().to_string();
            assert!(told.contains("42501"), "{forbidden}: {told}");
        }
    }
    for forbidden in [
        "UPDATE log SET hash = ''",
        "UPDATE posting SET amount = 1",
        "INSERT INTO transition VALUES ('case', 'draft', 'approved')",
        "DELETE FROM \"case\"",
        "CREATE TABLE mine (one BIGINT)",
    ] {
        let told = app.script(forbidden).unwrap_err().to_string();
        assert!(told.contains("42501"), "{forbidden}: {told}");
    }
}
