//! Local accounts.

use std::sync::Barrier;

use meed_office::store::{Cell, Connection};
use meed_portal::signin::password::{AccountError, check, check_code, has_account, must_open, set};
use meed_portal::signin::seal::Key;
use meed_portal::signin::{Session, Way, attempts};
use totp_rs::Totp;

use crate::support::{at, on_each_database};

const PASSWORD: &str = "马踏飞燕 correct horse";

fn key() -> Key {
    Key::new([7; 32]).unwrap()
}

/// Makes an account for `wang`.
fn account(connection: &mut Connection) -> Totp {
    Totp::from_url(set(connection, &key(), "wang", PASSWORD, "HRB").unwrap()).unwrap()
}

fn code(factor: &Totp, seconds: i64) -> String {
    let seconds = u64::try_from(at(seconds).milliseconds() / 1000).unwrap();
    factor.generate(seconds).to_string()
}

#[test]
fn a_name_a_password_and_a_code_sign_in_once() {
    on_each_database(|connection, _| {
        let factor = account(connection);
        let now = code(&factor, 0);
        assert!(check(connection, Some(&key()), "wang", PASSWORD, &now, at(0)).unwrap());
        assert!(
            !check(connection, Some(&key()), "wang", PASSWORD, &now, at(1)).unwrap(),
            "the code again"
        );
        assert!(
            !check_code(connection, Some(&key()), "wang", &now, at(1)).unwrap(),
            "for a step-up too"
        );
        let before = code(&factor, -30);
        assert!(
            !check(connection, Some(&key()), "wang", PASSWORD, &before, at(1)).unwrap(),
            "an earlier one"
        );
        assert!(
            check(connection, Some(&key()), "wang", PASSWORD, &code(&factor, 30), at(1)).unwrap(),
            "a clock ahead"
        );
        assert!(check_code(connection, Some(&key()), "wang", &code(&factor, 90), at(90)).unwrap());
        assert!(
            !check_code(connection, Some(&key()), "wang", &code(&factor, 90 + 61), at(90)).unwrap(),
            "too far ahead"
        );
    });
}

#[test]
fn what_is_wrong_is_not_told() {
    on_each_database(|connection, _| {
        let factor = account(connection);
        let good = code(&factor, 0);
        assert!(!check(connection, Some(&key()), "wang", "wrong horse battery", &good, at(0)).unwrap());
        assert!(!check(connection, Some(&key()), "wang", PASSWORD, "", at(0)).unwrap());
        assert!(!check(connection, Some(&key()), "nobody", PASSWORD, &good, at(0)).unwrap());
        assert!(
            !check(connection, Some(&key()), "li", PASSWORD, &good, at(0)).unwrap(),
            "has no account"
        );
        assert!(!check_code(connection, Some(&key()), "li", &good, at(0)).unwrap());
        assert!(!check(connection, Some(&key()), "wang", &"长".repeat(100_000), &good, at(0)).unwrap());
        // The right ones spent nothing of the code.
        assert!(check(connection, Some(&key()), "wang", PASSWORD, &good, at(0)).unwrap());
    });
}

#[test]
fn a_name_closes_after_five_failures_whether_anybody_has_it_or_not() {
    on_each_database(|connection, _| {
        let factor = account(connection);
        let rows = |connection: &mut Connection, name: &str| {
            let key = Cell::Text(meed_office::log::sha256(name.as_bytes()));
            let sql = "SELECT failures, at, locked_until FROM portal_attempt WHERE name = $1";
            connection.rows(sql, &[key]).unwrap()
        };
        for failure in 0..5 {
            for name in ["wang", "nobody"] {
                assert!(!check(connection, Some(&key()), name, "wrong horse battery", "1", at(failure)).unwrap());
            }
        }
        assert_eq!(rows(connection, "wang"), rows(connection, "nobody"));
        let refused = |connection: &mut Connection, second| {
            !check(
                connection,
                Some(&key()),
                "wang",
                PASSWORD,
                &code(&factor, second),
                at(second),
            )
            .unwrap()
        };
        assert!(refused(connection, 5));
        assert!(refused(connection, 4 + 15 * 60 - 1));
        assert!(!refused(connection, 4 + 15 * 60));
        assert!(rows(connection, "wang").is_empty());
        assert_eq!(attempts::sweep(connection, at(4 + 24 * 3600)).unwrap(), 1);
        assert!(rows(connection, "nobody").is_empty());
    });
}

#[test]
fn of_many_requests_with_one_code_one_signs_in_and_of_many_guesses_five_are_checked() {
    on_each_database(|connection, address| {
        let factor = account(connection);
        let at_once = |code: &str| {
            let start = Barrier::new(8);
            let succeeded = std::thread::scope(|scope| {
                let tried = [(); 8].map(|()| {
                    scope.spawn(|| {
                        let mut own = Connection::open(address).unwrap();
                        start.wait();
                        check_code(&mut own, Some(&key()), "wang", code, at(0)).unwrap()
                    })
                });
                tried.map(|thread| thread.join().unwrap())
            });
            succeeded.into_iter().filter(|succeeded| *succeeded).count()
        };
        assert_eq!(at_once(&code(&factor, 0)), 1);
        connection.run("DELETE FROM portal_attempt", &[]).unwrap();
        assert_eq!(at_once("none"), 0);
        let failures = connection.one("SELECT failures FROM portal_attempt", &[]).unwrap();
        assert_eq!(failures, Some(Cell::Int(5)));
    });
}

#[test]
fn an_account_is_of_somebody_and_its_password_is_long_and_a_new_one_ends_the_old() {
    on_each_database(|connection, _| {
        let refused = |connection: &mut Connection, person, password: &str| {
            set(connection, &key(), person, password, "HRB").unwrap_err()
        };
        assert_eq!(
            refused(connection, "nobody", PASSWORD),
            AccountError::Nobody("nobody".to_owned())
        );
        for password in ["", "short", "一二三四五六七八九十一", &"x".repeat(257)] {
            assert_eq!(
                refused(connection, "wang", password),
                AccountError::Password,
                "{password}"
            );
        }
        assert!(!has_account(connection, "wang").unwrap());
        let factor = account(connection);
        assert!(has_account(connection, "wang").unwrap());
        let session = Session::visitor().unwrap();
        let session = session
            .sign_in(connection, "wang", Way::Password, true, "", at(0))
            .unwrap();
        set(connection, &key(), "wang", "another correct horse", "HRB").unwrap();
        assert_eq!(
            Session::of(connection, Some(session.token()), at(0)).unwrap().person(),
            None
        );
        assert!(!check(connection, Some(&key()), "wang", PASSWORD, &code(&factor, 0), at(0)).unwrap());
        let row = connection.rows("SELECT hash FROM portal_credential", &[]).unwrap();
        let Cell::Text(hash) = &row[0][0] else { panic!() };
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
    });
}

#[test]
fn the_database_alone_shows_no_second_factor() {
    on_each_database(|connection, _| {
        let factor = account(connection);
        let kept = connection.one("SELECT secret FROM portal_credential", &[]).unwrap();
        let Some(Cell::Text(kept)) = kept else {
            panic!("{kept:?}")
        };
        assert!(!kept.contains(&factor.secret().to_base32()));
        must_open(connection, Some(&key())).unwrap();
        for other in [None, Some(Key::new([8; 32]).unwrap())] {
            let told = must_open(connection, other.as_ref()).unwrap_err().to_string();
            assert!(told.contains("second factor of wang") && told.contains("key"), "{told}");
            let code = code(&factor, 0);
            assert!(check(connection, other.as_ref(), "wang", PASSWORD, &code, at(0)).is_err());
        }
    });
}
