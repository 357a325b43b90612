//! A program comes by a token: in its person's name, for what the token is, and no longer than that.

use meed_office::time::Clock;
use meed_portal::signin::bearer::{Bearer, Refused, Scope, of_person, revoke};
use serde_json::json;

use crate::support::{Told, Town};

const HOUR: i64 = 3;

fn made(town: &Town, person: &str, name: &str, scope: Scope) -> String {
    let now = Clock::System.now();
    let mut connection = town.portal.office().reader().unwrap();
    Bearer::make(&mut connection, person, name, scope, now.plus_hours(HOUR), now)
        .unwrap()
        .unwrap()
}

fn come(town: &Town, token: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Told {
    let authorization = format!("Bearer {token}");
    let headers = [
        headers,
        &[
            ("authorization", authorization.as_str()),
            ("content-type", "application/json"),
        ],
    ]
    .concat();
    town.send(None, method, path, &headers, body)
}

fn read(town: &Town, token: &str, path: &str) -> Told {
    come(town, token, "GET", path, &[], "")
}

fn accept(town: &Town, token: &str, tag: &str) -> Told {
    let body = json!({"case": town.ids["other_case"]}).to_string();
    let headers = [("idempotency-key", "k1"), ("if-match", tag)];
    come(town, token, "POST", "/api/v1/acts/case/accept", &headers, &body)
}

#[test]
fn a_program_sees_and_does_what_its_person_may_and_its_token_is_for() {
    let town = Town::new();
    let [own, other] = ["other_case", "case"].map(|case| format!("/api/v1/rows/case/{}", town.ids[case]));
    let reading = made(&town, "agent-other", "夜间报表", Scope::Read);
    let told = read(&town, &reading, &own);
    assert_eq!(told.status.as_u16(), 200, "{}", told.body);
    assert_eq!(told.headers["cache-control"], "no-store");
    assert_eq!(
        read(&town, &reading, &other).status.as_u16(),
        404,
        "another applicant's"
    );
    let tag = told.headers["etag"].to_str().unwrap().to_owned();
    let refused = accept(&town, &reading, &tag);
    assert_eq!(
        (refused.status.as_u16(), &refused.json()["type"]),
        (403, &json!("urn:meed:token"))
    );
    let commanding = made(&town, "agent-other", "业务系统", Scope::Command);
    assert_eq!(accept(&town, &commanding, &tag).status.as_u16(), 200);
    assert_eq!(
        town.cell("SELECT state FROM \"case\" WHERE id = $1", &town.ids["other_case"]),
        "verified"
    );
}

#[test]
fn no_token_gives_what_asks_for_a_second_factor() {
    let town = Town::new();
    let token = made(&town, "releaser", "t", Scope::Command);
    let headers = [("idempotency-key", "k1"), ("if-match", "x")];
    let told = come(
        &town,
        &token,
        "POST",
        "/api/v1/acts/payment/release",
        &headers,
        r#"{"batch": "b", "hash": "h"}"#,
    );
    assert_eq!(
        (told.status.as_u16(), &told.json()["type"]),
        (403, &json!("urn:meed:token"))
    );
}

#[test]
fn what_is_no_token_any_more_is_nobody_and_pages_take_none() {
    let town = Town::new();
    let token = made(&town, "auditor", "t", Scope::Read);
    let path = "/api/v1/rows/deed";
    assert_eq!(read(&town, &token, path).status.as_u16(), 200);
    assert_eq!(
        read(&town, &token, "/audit/log").status.as_u16(),
        401,
        "a page is for browsers"
    );
    let other = format!("meed_{}", "0".repeat(64));
    for wrong in [token.get(..40).unwrap(), other.as_str(), "", "meed_"] {
        assert_eq!(read(&town, wrong, path).status.as_u16(), 401, "{wrong}");
    }
    let now = Clock::System.now();
    let mut connection = town.portal.office().reader().unwrap();
    let shown = |connection: &mut _, hours| Bearer::of(connection, &token, now.plus_hours(hours)).unwrap().is_some();
    assert!(shown(&mut connection, HOUR - 1));
    assert!(!shown(&mut connection, HOUR), "it has ended");
    let id = of_person(&mut connection, "auditor", now).unwrap().pop().unwrap().id;
    assert!(!token.contains(&id), "what is kept is not what is shown");
    assert!(!revoke(&mut connection, "officer", &id).unwrap(), "another person's");
    assert!(revoke(&mut connection, "auditor", &id).unwrap());
    assert_eq!(read(&town, &token, path).status.as_u16(), 401);
}

#[test]
fn a_token_is_made_with_a_name_and_an_end_by_who_showed_a_second_factor_and_shown_once() {
    let town = Town::new();
    let form = |fields: &str| town.post("auditor", "/account/tokens", fields);
    let tomorrow = Clock::System.now().plus_hours(30).date().unwrap();
    let told = form(&format!("name=a&scope=read&expires={tomorrow}"));
    assert_eq!(told.status.as_u16(), 200, "{}", told.body);
    let token = told
        .body
        .split("<code class=\"code\">")
        .nth(1)
        .unwrap()
        .split('<')
        .next()
        .unwrap();
    assert_eq!(read(&town, token, "/api/v1/rows/deed").status.as_u16(), 200);
    assert!(!town.get(Some("auditor"), "/account/tokens").body.contains(token));
    for wrong in [
        "name=b&scope=read&expires=",
        "name=b&scope=read&expires=2999-01-01",
        "name=&scope=read&expires=",
    ] {
        assert_eq!(form(wrong).status.as_u16(), 400, "{wrong}");
    }
    assert_eq!(
        form(&format!("name=a&scope=read&expires={tomorrow}")).status.as_u16(),
        400,
        "the name is there"
    );
    let now = Clock::System.now();
    let mut connection = town.portal.office().reader().unwrap();
    for number in 1..20 {
        made(&town, "auditor", &number.to_string(), Scope::Read);
    }
    let one_more = Bearer::make(&mut connection, "auditor", "more", Scope::Read, now.plus_hours(1), now).unwrap();
    assert_eq!(one_more.unwrap_err(), Refused::Many);
}
