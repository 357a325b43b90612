//! Sign-in at a provider of identities.

use meed_office::store::Connection;
use meed_office::time::{Clock, Instant};
use meed_portal::signin::oidc::{Answer, Arrived, OidcError, Provider, identity};
use meed_portal::signin::{Session, Way};
use serde_json::{Value, json};

use crate::support::on_each_database;
use crate::support::provider::{Browser, Running, start};

/// One sign-in with its parts.
struct Scene<'a> {
    connection: &'a mut Connection,
    running: &'a Running,
    portal: Provider,
}

/// Runs a test on each database with a running provider, which knows `alice` and `bob`; here `alice` is `wang`.
fn on_each(test: impl Fn(Scene<'_>)) {
    let Some(running) = start() else { return };
    on_each_database(|connection, _| {
        running.told(&json!({}));
        identity::bind(connection, &running.issuer, "alice", "wang").unwrap();
        let portal = running.portal();
        test(Scene {
            connection,
            running: &running,
            portal,
        });
    });
}

fn now() -> Instant {
    Clock::System.now()
}

fn later(seconds: i64) -> Instant {
    Instant::from_milliseconds(now().milliseconds() + seconds * 1000)
}

impl Scene<'_> {
    fn told(&self, what: Value) {
        self.running.told(&what);
    }

    /// Goes to the provider and comes back.
    fn answer(&mut self, session: &Session, at: Instant) -> Answer {
        let address = self.portal.begin(self.connection, session, Some("/cases"), at).unwrap();
        Browser::default().visit(self.running, &address)
    }

    fn finish(&mut self, session: &Session, answer: &Answer, at: Instant) -> Result<Arrived, OidcError> {
        self.portal.finish(self.connection, session, answer, "Firefox", at)
    }

    /// A whole sign-in, by the portal's clock.
    fn sign_in(&mut self, session: &Session, at: Instant) -> Result<Arrived, OidcError> {
        let answer = self.answer(session, at);
        self.finish(session, &answer, at)
    }

    /// That what the provider says is not accepted, for a reason.
    #[track_caller]
    fn refused(&mut self, session: &Session, at: Instant, reason: &str) {
        match self.sign_in(session, at).unwrap_err() {
            OidcError::Token(told) => assert!(told.contains(reason), "{told}"),
            other => panic!("{other:?}"),
        }
    }
}

fn visitor() -> Session {
    Session::visitor().unwrap()
}

#[test]
fn who_signs_in_at_the_provider_is_signed_in_here() {
    on_each(|mut scene| {
        let begun = visitor();
        let arrived = scene.sign_in(&begun, now()).unwrap();
        assert_eq!(arrived.target, "/cases");
        let session = Session::of(scene.connection, Some(arrived.session.token()), now()).unwrap();
        let signed_in = session.signed_in().unwrap();
        assert_eq!((signed_in.person.as_str(), signed_in.way), ("wang", Way::Oidc));
        assert!(!session.stepped_up(now()));
        assert_eq!(
            Session::of(scene.connection, Some(begun.token()), now())
                .unwrap()
                .person(),
            None
        );
    });
}

#[test]
fn whom_nobody_bound_is_nobody_until_an_administrator_says_who_it_is() {
    on_each(|mut scene| {
        scene.told(json!({"user": "bob"}));
        let issuer = scene.running.issuer.clone();
        let subject = "bob".to_owned();
        let error = scene.sign_in(&visitor(), now()).unwrap_err();
        assert_eq!(
            error,
            OidcError::Nobody {
                issuer: issuer.clone(),
                subject
            }
        );
        assert!(identity::bind(scene.connection, &issuer, "bob", "nobody").is_err());
        identity::bind(scene.connection, &issuer, "bob", "li").unwrap();
        let arrived = scene.sign_in(&visitor(), now()).unwrap();
        assert_eq!(arrived.session.person(), Some("li"));
        assert_eq!(identity::of_person(scene.connection, "li").unwrap().len(), 1);
        // Who is taken away is signed out.
        assert!(identity::unbind(scene.connection, &issuer, "bob").unwrap());
        assert!(!identity::unbind(scene.connection, &issuer, "bob").unwrap());
        let token = arrived.session.token();
        assert_eq!(
            Session::of(scene.connection, Some(token), now()).unwrap().person(),
            None
        );
    });
}

#[test]
fn an_answer_comes_once_in_the_browser_where_it_was_begun_and_in_time() {
    on_each(|mut scene| {
        let session = visitor();
        let answer = scene.answer(&session, now());
        assert!(scene.finish(&session, &answer, now()).is_ok());
        let again = scene.finish(&session, &answer, now()).unwrap_err();
        assert_eq!(again, OidcError::NotBegun);

        // The old code with a new state: the provider takes a code once.
        let fresh = scene.answer(&session, now());
        let replayed = Answer {
            code: answer.code.clone(),
            ..fresh
        };
        let error = scene.finish(&session, &replayed, now()).unwrap_err();
        assert!(
            matches!(&error, OidcError::Token(told) if told.contains("invalid_grant")),
            "{error:?}"
        );

        // Another browser, and this one afterwards.
        let answer = scene.answer(&session, now());
        assert_eq!(
            scene.finish(&visitor(), &answer, now()).unwrap_err(),
            OidcError::NotBegun
        );
        assert_eq!(scene.finish(&session, &answer, now()).unwrap_err(), OidcError::NotBegun);

        // Too late, or never begun.
        let answer = scene.answer(&session, now());
        assert_eq!(
            scene.finish(&session, &answer, later(600)).unwrap_err(),
            OidcError::NotBegun
        );
        assert_eq!(
            scene.finish(&session, &Answer::default(), now()).unwrap_err(),
            OidcError::NotBegun
        );
        let left = scene.connection.rows("SELECT state FROM portal_login", &[]).unwrap();
        assert!(left.is_empty());
    });
}

#[test]
fn somebody_elses_code_is_not_taken_in() {
    on_each(|mut scene| {
        // A code that was got with another verifier: what PKCE is for.
        let (one, other) = (visitor(), visitor());
        let stolen = scene.answer(&one, now());
        let own = scene.answer(&other, now());
        let injected = Answer {
            code: stolen.code,
            ..own
        };
        let error = scene.finish(&other, &injected, now()).unwrap_err();
        assert!(
            matches!(&error, OidcError::Token(told) if told.contains("invalid_grant")),
            "{error:?}"
        );

        let answer = scene.answer(&one, now());
        let mixed = Answer {
            iss: Some("https://another.example".to_owned()),
            ..answer
        };
        let error = scene.finish(&one, &mixed, now()).unwrap_err();
        assert_eq!(error, OidcError::Token("another provider answered".to_owned()));

        let answer = scene.answer(&one, now());
        let denied = Answer {
            error: Some("access_denied".to_owned()),
            ..answer
        };
        let error = scene.finish(&one, &denied, now()).unwrap_err();
        assert_eq!(error, OidcError::Denied("access_denied".to_owned()));
    });
}

#[test]
fn a_token_for_another_of_another_or_about_another_sign_in_is_not_accepted() {
    on_each(|mut scene| {
        let mut refused = |token: Value, reason: &str| {
            scene.told(json!({"token": token}));
            scene.refused(&visitor(), now(), reason);
        };
        refused(json!({"aud": "another portal"}), "Invalid audiences");
        refused(json!({"aud": ["meed", "another portal"]}), "not a trusted audience");
        refused(json!({"iss": "https://another.example"}), "Invalid issuer");
        refused(json!({"nonce": "another"}), "nonce mismatch");
        refused(json!({"nonce": null}), "missing nonce");
        scene.told(json!({"token": {}}));
        assert!(
            scene.sign_in(&visitor(), now()).is_ok(),
            "an unchanged token signed again"
        );
        scene.told(json!({"keyless": true}));
        scene.refused(&visitor(), now(), "Disallowed signature algorithm");
    });
}

#[test]
fn clocks_may_differ_by_a_minute() {
    on_each(|mut scene| {
        // The provider's tokens are good for an hour.
        assert!(scene.sign_in(&visitor(), later(3600 + 50)).is_ok());
        scene.refused(&visitor(), later(3600 + 70), "Expired");
        assert!(scene.sign_in(&visitor(), later(-50)).is_ok());
        scene.refused(&visitor(), later(-70), "issued in the future");
    });
}

#[test]
fn keys_are_asked_for_again_when_the_provider_signs_with_a_new_one_and_only_then() {
    on_each(|mut scene| {
        let asked = scene.running.keys_asked();
        assert!(scene.sign_in(&visitor(), now()).is_ok());
        assert!(scene.sign_in(&visitor(), now()).is_ok());
        assert_eq!(scene.running.keys_asked() - asked, 1);
        scene.told(json!({"rotate": true}));
        assert!(scene.sign_in(&visitor(), now()).is_ok());
        assert_eq!(scene.running.keys_asked() - asked, 2);
        scene.told(json!({"stranger": true}));
        scene.refused(&visitor(), now(), "No matching key");
        assert_eq!(
            scene.running.keys_asked() - asked,
            3,
            "once for a key that nobody publishes"
        );
    });
}

#[test]
fn a_step_up_needs_who_is_signed_in_to_prove_it_now() {
    on_each(|mut scene| {
        let session = scene.sign_in(&visitor(), now()).unwrap().session;
        let address = scene.portal.begin(scene.connection, &session, None, now()).unwrap();
        assert!(
            address.contains("prompt=login") && address.contains("max_age=0"),
            "{address}"
        );
        assert!(address.contains("acr_values=two-factors"), "{address}");
        let answer = Browser::default().visit(scene.running, &address);
        let arrived = scene.finish(&session, &answer, now()).unwrap();
        assert!(arrived.session.stepped_up(now()));
        assert_eq!(arrived.target, "/");

        let session = arrived.session;
        let an_hour_ago = later(-3600).milliseconds() / 1000;
        scene.told(json!({"token": {"auth_time": an_hour_ago}}));
        scene.refused(&session, now(), "some other time");
        scene.told(json!({"token": {"auth_time": null}}));
        scene.refused(&session, now(), "does not say when");
        scene.told(json!({"token": {"acr": "password"}}));
        scene.refused(&session, now(), "`password`, which is no second factor");
        scene.told(json!({"token": {"acr": null}}));
        scene.refused(&session, now(), "does not say how");
        identity::bind(scene.connection, &scene.running.issuer, "bob", "li").unwrap();
        scene.told(json!({"user": "bob"}));
        assert_eq!(scene.sign_in(&session, now()).unwrap_err(), OidcError::Another);
    });
}

#[test]
fn a_provider_that_cannot_be_reached_is_told_and_nothing_remains() {
    on_each_database(|connection, _| {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "secret").unwrap();
        let settings = meed_portal::signin::oidc::Settings {
            issuer: "http://127.0.0.1:1".to_owned(),
            client: "meed".to_owned(),
            secret_file: Some("secret".into()),
            secret_env: None,
            second_factor: vec!["two-factors".to_owned()],
        };
        let base = "http://127.0.0.1:1".parse().unwrap();
        let portal = Provider::new(&settings, &base, folder.path()).unwrap();
        let error = portal.begin(connection, &visitor(), None, now()).unwrap_err();
        assert!(matches!(error, OidcError::Provider(_)), "{error:?}");
        assert!(
            connection
                .rows("SELECT state FROM portal_login", &[])
                .unwrap()
                .is_empty()
        );
    });
}
