//! What programs are told.

use serde_json::json;

use crate::support::{Told, Town};

fn etag(told: &Told) -> String {
    told.headers["etag"].to_str().unwrap().to_owned()
}

fn accept(town: &Town, key: &str, tag: &str) -> Told {
    let case = &town.ids["other_case"];
    let headers = [
        ("idempotency-key", key),
        ("if-match", tag),
        ("content-type", "application/json"),
    ];
    town.send(
        Some("agent-other"),
        "POST",
        "/api/v1/acts/case/accept",
        &headers,
        &json!({"case": case}).to_string(),
    )
}

#[test]
fn an_act_is_done_once_on_the_row_that_was_seen() {
    let town = Town::new();
    let path = format!("/api/v1/rows/case/{}", town.ids["other_case"]);
    let seen = town.get(Some("agent-other"), &path);
    assert_eq!((seen.status.as_u16(), &seen.json()["state"]), (200, &json!("offered")));
    let tag = etag(&seen);
    let unchanged = town.send(Some("agent-other"), "GET", &path, &[("if-none-match", &tag)], "");
    assert_eq!(unchanged.status.as_u16(), 304);
    let first = accept(&town, "k1", &tag);
    assert_eq!(first.status.as_u16(), 200, "{}", first.body);
    let again = accept(&town, "k1", &tag);
    assert_eq!(again.body, first.body, "the same key is the same command");
    assert_eq!(accept(&town, "k2", &tag).status.as_u16(), 412, "the row is another now");
    let fresh = etag(&town.get(Some("agent-other"), &path));
    let denied = accept(&town, "k3", &fresh);
    assert_eq!(denied.status.as_u16(), 409, "{}", denied.body);
    assert_eq!(denied.headers["content-type"], "application/problem+json");
    let headers = [
        ("idempotency-key", "k1"),
        ("if-match", &fresh),
        ("content-type", "application/json"),
    ];
    let body = json!({"case": town.ids["other_case"]}).to_string();
    let reused = town.send(
        Some("agent-other"),
        "POST",
        "/api/v1/acts/case/withdraw",
        &headers,
        &body,
    );
    assert_eq!(reused.status.as_u16(), 422, "{}", reused.body);
}

#[test]
fn what_an_act_needs_is_asked_for() {
    let town = Town::new();
    let body = json!({"case": town.ids["other_case"]}).to_string();
    let path = "/api/v1/acts/case/accept";
    let json_kind = ("content-type", "application/json");
    assert_eq!(
        town.send(Some("agent-other"), "POST", path, &[json_kind], &body)
            .status
            .as_u16(),
        428
    );
    let keyed = [json_kind, ("idempotency-key", "k")];
    assert_eq!(
        town.send(Some("agent-other"), "POST", path, &keyed, &body)
            .status
            .as_u16(),
        428
    );
    assert_eq!(
        town.send(Some("agent-other"), "POST", path, &keyed, "{")
            .status
            .as_u16(),
        400
    );
    assert_eq!(town.send(None, "POST", path, &keyed, &body).status.as_u16(), 401);
}

#[test]
fn a_list_goes_on_where_it_stopped_and_shows_what_is_ones_own() {
    let town = Town::new();
    let first = town.get(Some("auditor"), "/api/v1/rows/case?limit=1").json();
    let next = first["next"].as_str().unwrap();
    let second = town
        .get(Some("auditor"), &format!("/api/v1/rows/case?limit=1&after={next}"))
        .json();
    assert_eq!(second["next"], json!(null));
    assert_ne!(first["items"][0]["id"], second["items"][0]["id"]);
    let own = town.get(Some("agent-firm"), "/api/v1/rows/case").json();
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    assert_eq!(own["items"][0]["subject"], json!(town.ids["firm"]));
    assert_eq!(town.get(None, "/api/v1/rows/case").json()["items"], json!([]));
    for wrong in ["after=zz", "after=5b5d", "limit=0", "nothing=1", "salt=1"] {
        assert_eq!(
            town.get(Some("auditor"), &format!("/api/v1/rows/subject?{wrong}"))
                .status
                .as_u16(),
            400,
            "{wrong}"
        );
    }
    let subject = town
        .get(Some("auditor"), &format!("/api/v1/rows/subject/{}", town.ids["firm"]))
        .json();
    assert!(subject.get("salt").is_none(), "a salt keeps values from being guessed");
}

#[test]
fn anybody_asks_the_rules_about_facts_that_are_read_exactly() {
    let town = Town::new();
    let ask = |body: &str| {
        town.send(
            None,
            "POST",
            "/api/v1/determinations",
            &[("content-type", "application/json")],
            body,
        )
    };
    let told = ask(r#"{"on": "2023-03-01", "facts": {"enterprise": {"design_staff": 12, "breach": false}}}"#);
    assert_eq!(told.status.as_u16(), 200, "{}", told.body);
    assert_eq!(told.json()["date"], json!("2023-03-01"));
    assert_eq!(ask(r#"{"on": "2023-03-01"}"#).status.as_u16(), 400);
    let wrong = ask(r#"{"facts": {"enterprise": {"design_staff": "many"}}}"#);
    assert_eq!(wrong.status.as_u16(), 400);
    assert!(
        wrong.json()["detail"].as_str().unwrap().contains("design_staff"),
        "{}",
        wrong.body
    );
}

#[test]
fn events_come_in_order_and_only_to_those_who_read_them() {
    let town = Town::new();
    let first = town.get(Some("machine"), "/api/v1/events?limit=2").json();
    assert_eq!(first["items"][0]["specversion"], json!("1.0"));
    let next = first["next"].as_str().unwrap();
    let more = town
        .get(Some("machine"), &format!("/api/v1/events?after={next}&limit=200"))
        .json();
    assert!(
        more["items"]
            .as_array()
            .unwrap()
            .iter()
            .all(|event| event["id"] != first["items"][1]["id"])
    );
    assert_eq!(town.get(Some("agent-firm"), "/api/v1/events").status.as_u16(), 403);
    assert_eq!(town.get(Some("machine"), "/api/v1/events?after=x").status.as_u16(), 400);
}

#[test]
fn what_is_described_is_what_is_served() {
    let town = Town::new();
    let document = town.get(None, "/api/v1/openapi.json").json();
    assert_eq!(document["openapi"], json!("3.1.0"));
    let paths = document["paths"].as_object().unwrap();
    for (path, operations) in paths {
        let path = path.split("{").next().unwrap().to_owned() + if path.contains('{') { "x" } else { "" };
        let method = operations.as_object().unwrap().keys().next().unwrap().to_uppercase();
        let told = town.send(Some("auditor"), &method, &path, &[], "");
        assert_ne!(told.status.as_u16(), 405, "{method} {path}");
        let known = told.status.as_u16().to_string();
        let responses = &operations[method.to_lowercase()]["responses"];
        assert!(
            responses.get(&known).is_some(),
            "{method} {path} answers {known}, which is not described"
        );
    }
}

#[test]
fn what_is_turned_away_at_the_entrance_is_counted_too() {
    let town = Town::new();
    town.send(None, "POST", "/sign-out", &[], "");
    town.get(None, "/no/such/page");
    let told = town.portal.metrics().text();
    for line in [
        r#"meed_requests_total{method="POST",route="/sign-out",status="403"} 1"#,
        r#"meed_requests_total{method="GET",route="none",status="404"} 1"#,
    ] {
        assert!(told.contains(line), "{told}");
    }
}
