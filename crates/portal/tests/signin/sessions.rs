//! Sessions.

use meed_office::store::{Cell, Connection};
use meed_portal::signin::session::{of_person, sign_out_everywhere, sweep};
use meed_portal::signin::{Session, Way};

use crate::support::{at, on_each_database};

fn signed_in(connection: &mut Connection, seconds: i64) -> Session {
    let visitor = Session::visitor().unwrap();
    visitor
        .sign_in(
            connection,
            "wang",
            Way::Password,
            true,
            "Firefox\n在 Linux 上",
            at(seconds),
        )
        .unwrap()
}

fn found(connection: &mut Connection, session: &Session, seconds: i64) -> Session {
    Session::of(connection, Some(session.token()), at(seconds)).unwrap()
}

#[test]
fn a_visitor_has_no_row_and_keeps_a_token_of_their_own() {
    on_each_database(|connection, _| {
        let visitor = Session::of(connection, None, at(0)).unwrap();
        let again = found(connection, &visitor, 5);
        assert_eq!((again.person(), again.token()), (None, visitor.token()));
        assert!(again.accepts(&visitor.csrf()));
        assert!(!Session::visitor().unwrap().accepts(&visitor.csrf()));
        assert!(!visitor.accepts("") && !visitor.accepts(visitor.token()));
        assert_eq!(
            connection.one("SELECT count(*) FROM portal_session", &[]).unwrap(),
            Some(Cell::Int(0))
        );
        let invented = Session::of(connection, Some("' OR 1=1"), at(0)).unwrap();
        assert_ne!(invented.token(), "' OR 1=1");
    });
}

#[test]
fn the_database_holds_nothing_that_a_browser_could_send() {
    on_each_database(|connection, _| {
        let session = signed_in(connection, 0);
        let rows = connection.rows("SELECT id, device FROM portal_session", &[]).unwrap();
        assert_eq!(rows.len(), 1);
        assert_ne!(rows[0][0], Cell::Text(session.token().to_owned()));
        assert_eq!(rows[0][1], Cell::Text("Firefox在 Linux 上".to_owned()));
        let Cell::Text(id) = &rows[0][0] else { panic!() };
        assert_eq!(Session::of(connection, Some(id), at(1)).unwrap().person(), None);
        assert!(!format!("{session:?}").contains(session.token()));
    });
}

#[test]
fn what_a_browser_held_is_worth_nothing_after_sign_in_step_up_and_sign_out() {
    on_each_database(|connection, _| {
        let planted = Session::visitor().unwrap();
        let first = planted
            .sign_in(connection, "wang", Way::Oidc, false, "", at(0))
            .unwrap();
        assert_eq!(found(connection, &planted, 1).person(), None);
        assert_eq!(found(connection, &first, 1).person(), Some("wang"));
        let second = first.step_up(connection, at(2)).unwrap();
        assert_eq!(found(connection, &first, 3).person(), None);
        assert_eq!(found(connection, &second, 3).person(), Some("wang"));
        let visitor = second.sign_out(connection).unwrap();
        assert_eq!(found(connection, &second, 4).person(), None);
        let all = [&planted, &first, &second, &visitor].map(Session::csrf);
        assert!((1..4).all(|index| !all[..index].contains(&all[index])));
    });
}

#[test]
fn a_session_ends_when_it_is_idle_and_after_a_working_day() {
    on_each_database(|connection, _| {
        let session = signed_in(connection, 0);
        for minute in (0..12 * 60).step_by(29) {
            assert_eq!(
                found(connection, &session, minute * 60).person(),
                Some("wang"),
                "minute {minute}"
            );
        }
        let ended = found(connection, &session, 12 * 3600);
        assert_eq!(ended.person(), None);
        assert_ne!(ended.token(), session.token());
        let idle = signed_in(connection, 0);
        assert_eq!(found(connection, &idle, 30 * 60 - 1).person(), Some("wang"));
        let idle = signed_in(connection, 0);
        assert_eq!(found(connection, &idle, 30 * 60).person(), None);
    });
}

#[test]
fn a_step_up_is_fresh_for_five_minutes_and_does_not_prolong_the_day() {
    on_each_database(|connection, _| {
        let session = Session::visitor().unwrap();
        let session = session
            .sign_in(connection, "wang", Way::Oidc, false, "", at(0))
            .unwrap();
        assert!(!session.stepped_up(at(0)));
        let session = session.step_up(connection, at(60)).unwrap();
        let session = found(connection, &session, 70);
        assert!(session.stepped_up(at(60)) && session.stepped_up(at(60 + 299)));
        assert!(!session.stepped_up(at(60 + 300)) && !session.stepped_up(at(59)));
        assert_eq!(session.signed_in().unwrap().made_at, at(0));
    });
}

#[test]
fn a_session_that_was_ended_elsewhere_is_not_brought_back_by_a_step_up() {
    on_each_database(|connection, _| {
        let session = signed_in(connection, 0);
        assert_eq!(sign_out_everywhere(connection, "wang").unwrap(), 1);
        assert!(session.step_up(connection, at(1)).is_err());
        assert!(of_person(connection, "wang", at(1)).unwrap().is_empty());
    });
}

#[test]
fn somebody_sees_their_sessions_and_ends_them_all() {
    on_each_database(|connection, _| {
        let (one, other) = (signed_in(connection, 0), signed_in(connection, 60));
        let li = Session::visitor().unwrap();
        let li = li.sign_in(connection, "li", Way::Demo, false, "", at(0)).unwrap();
        let ids = |connection: &mut Connection, seconds| -> Vec<String> {
            let mine = of_person(connection, "wang", at(seconds)).unwrap();
            mine.into_iter().map(|session| session.id).collect()
        };
        assert_eq!(ids(connection, 61), [other.id(), one.id()]);
        assert_eq!(ids(connection, 1800), [other.id()]);
        assert_eq!(sweep(connection, at(1800)).unwrap(), 2, "li's has ended too");
        assert_eq!(sign_out_everywhere(connection, "wang").unwrap(), 1);
        assert_eq!(found(connection, &li, 0).person(), None);
        assert!(li.sign_in(connection, "nobody", Way::Demo, false, "", at(0)).is_err());
    });
}
