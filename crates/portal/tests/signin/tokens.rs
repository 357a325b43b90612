//! Tokens for programs, as each database keeps them.

use meed_office::store::{Cell, Connection};
use meed_portal::signin::bearer::{Bearer, Refused, Scope, of_person, revoke, sweep};

use crate::support::{at, on_each_database};

const HOUR: i64 = 3600;

fn make(connection: &mut Connection, name: &str, hours: i64) -> Result<String, Refused> {
    Bearer::make(connection, "wang", name, Scope::Command, at(hours * HOUR), at(0)).unwrap()
}

fn names(connection: &mut Connection, person: &str, seconds: i64) -> Vec<String> {
    let mine = of_person(connection, person, at(seconds)).unwrap();
    mine.into_iter().map(|one| one.name).collect()
}

#[test]
fn a_token_is_its_persons_until_its_end_and_the_database_holds_its_digest_alone() {
    on_each_database(|connection, _| {
        let token = make(connection, "报表", 2).unwrap();
        assert_eq!(make(connection, "报表", 3), Err(Refused::Exists));
        assert_eq!(make(connection, "earlier", 0), Err(Refused::Life));
        let found = Bearer::of(connection, &token, at(HOUR)).unwrap().unwrap();
        assert_eq!((found.person.as_str(), found.scope), ("wang", Scope::Command));
        let used = of_person(connection, "wang", at(HOUR)).unwrap().pop().unwrap();
        assert_eq!(used.used_at, Some(at(HOUR)));
        let kept = "SELECT count(*) FROM portal_token WHERE id = $1 OR name = $1";
        let kept = connection.one(kept, &[token.as_str().into()]).unwrap();
        assert_eq!(kept, Some(Cell::Int(0)));
        assert_eq!(
            Bearer::of(connection, &token, at(2 * HOUR)).unwrap(),
            None,
            "it has ended"
        );
        // A name is free again once its token has ended.
        let again = Bearer::make(connection, "wang", "报表", Scope::Read, at(4 * HOUR), at(2 * HOUR)).unwrap();
        let again = Bearer::of(connection, &again.unwrap(), at(3 * HOUR)).unwrap().unwrap();
        assert_eq!(again.scope, Scope::Read);
    });
}

#[test]
fn a_token_is_revoked_by_its_person_and_what_has_ended_is_forgotten() {
    on_each_database(|connection, _| {
        for (name, hours) in [("a", 1), ("b", 2), ("c", 3)] {
            make(connection, name, hours).unwrap();
        }
        let c = of_person(connection, "wang", at(0)).unwrap();
        let c = c.into_iter().find(|one| one.name == "c").unwrap().id;
        assert!(!revoke(connection, "li", &c).unwrap(), "another person's");
        assert!(revoke(connection, "wang", &c).unwrap());
        assert!(!revoke(connection, "wang", &c).unwrap(), "it is gone");
        assert_eq!(names(connection, "li", 0), [""; 0]);
        assert_eq!(sweep(connection, at(HOUR)).unwrap(), 1);
        assert_eq!(names(connection, "wang", 0), ["b"]);
        let of_nobody = Bearer::make(connection, "nobody", "x", Scope::Read, at(HOUR), at(0));
        assert!(of_nobody.is_err(), "a token is of somebody who is known");
    });
}
