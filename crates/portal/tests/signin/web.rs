//! The portal as browsers meet it.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

use meed_office::setup::Mode;
use meed_office::time::Clock;
use meed_portal::app::{ServeError, serve};
use meed_portal::settings::{Gate, Settings};
use meed_portal::signin::oidc::identity;
use meed_portal::signin::password::set;
use meed_portal::signin::seal::Key;
use serde_json::json;
use totp_rs::Totp;

use crate::support::client::{Client, Web, portal, web};
use crate::support::provider::{BASE, Browser, start};

const PASSWORD: &str = "马踏飞燕 correct horse";

fn local() -> Web {
    web(
        Mode::Test,
        Gate {
            key: Some(key()),
            ..Gate::default()
        },
    )
}

fn key() -> Key {
    Key::new([7; 32]).unwrap()
}

/// Makes an account for `wang`, who has a code for the present and one for the next half minute.
fn account(web: &Web) -> [String; 2] {
    let mut connection = web.portal.office().reader().unwrap();
    let factor = Totp::from_url(set(&mut connection, &key(), "wang", PASSWORD, "HRB").unwrap()).unwrap();
    let now = u64::try_from(Clock::System.now().milliseconds() / 1000).unwrap();
    [now, now + 30].map(|at| factor.generate(at).to_string())
}

/// Signs `wang` in with a password.
fn signed_in<'a>(web: &'a Web, code: &str) -> Client<'a> {
    let mut client = web.client();
    client.get("/sign-in?next=/account");
    let fields = [
        ("person", "wang"),
        ("password", PASSWORD),
        ("code", code),
        ("next", "/account"),
    ];
    let answer = client.post("/sign-in", &fields);
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, "/account"),
        "{}",
        answer.body
    );
    client
}

#[test]
fn every_answer_tells_browsers_what_they_may_do() {
    let web = local();
    for path in ["/", "/sign-in", "/assets/style.css", "/nowhere", "/account", "/healthz"] {
        let answer = web.client().get(path);
        let policy = answer.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
        ] {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"));
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(answer.header("strict-transport-security"), "");
        assert!(
            !answer.body.contains("style=\"") && !answer.body.contains("onclick"),
            "{path}"
        );
    }
}

#[test]
fn who_sees_no_form_holds_nothing_and_over_https_the_cookie_is_bound_to_the_host() {
    let web = local();
    let answer = web.client().get("/");
    assert_eq!(answer.header("set-cookie"), "");
    let cookie = web.client().get("/sign-in").header("set-cookie").to_owned();
    assert!(
        cookie.starts_with("meed=") && cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"),
        "{cookie}"
    );
    assert!(
        cookie.contains("Path=/") && !cookie.contains("Secure") && !cookie.contains("Domain"),
        "{cookie}"
    );

    let secure = Gate {
        key: Some(key()),
        secure: true,
        ..Gate::default()
    };
    let answer = super::support::client::web(Mode::Test, secure).client().get("/sign-in");
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-meed=") && cookie.contains("Secure"),
        "{cookie}"
    );
    assert!(answer.header("strict-transport-security").contains("max-age="));
}

#[test]
fn a_form_is_taken_from_our_own_page_in_the_same_browser_alone() {
    let web = local();
    let mut client = web.client();
    let refused = |client: &mut Client<'_>| {
        client
            .post("/sign-in", &[("person", "wang")])
            .body
            .contains("class=\"reason\"")
    };
    let status = |client: &mut Client<'_>| client.post("/sign-out", &[]).status;
    assert_eq!(status(&mut client), 403, "no form seen");
    client.get("/sign-in");
    assert!(refused(&mut client), "taken, and told that it is wrong");
    let mut other = web.client();
    other.get("/sign-in");
    other.csrf.clone_from(&client.csrf);
    assert_eq!(status(&mut other), 403, "another browser's token");
    client.says.push(("sec-fetch-site", "cross-site".to_owned()));
    assert_eq!(status(&mut client), 403, "from another site");
    client.says.pop();
    let csrf = client.csrf.clone();
    let sent = |client: &mut Client<'_>, path: &str, kind: &str, body: &str| {
        client.post_as(path, kind, body.to_owned()).status
    };
    assert_eq!(
        sent(&mut client, "/sign-out", "text/plain", &format!("csrf={csrf}")),
        403
    );
    assert_eq!(
        sent(&mut client, "/sign-out", "multipart/form-data; boundary=x", "--x--"),
        403
    );
    assert_eq!(sent(&mut client, "/sign-out", "application/json", "{}"), 403);
    let upload =
        |csrf: &str| format!("--x\r\ncontent-disposition: form-data; name=\"csrf\"\r\n\r\n{csrf}\r\n--x--\r\n");
    let parts = "multipart/form-data; boundary=x";
    assert_eq!(sent(&mut client, "/sign-out", parts, &upload("another")), 403);
    let long = format!("csrf={csrf}&rest={}", "x".repeat(2 << 20));
    let pairs = "application/x-www-form-urlencoded";
    assert_eq!(sent(&mut client, "/sign-out", pairs, &long), 400);
    for (kind, body) in [(parts, upload("TOKEN")), (pairs, "csrf=TOKEN".to_owned())] {
        client.get("/sign-in");
        let body = body.replace("TOKEN", &client.csrf);
        assert_eq!(sent(&mut client, "/sign-out", kind, &body), 303, "{kind}");
    }
    client.get("/sign-in");
    client.says.push(("x-csrf-token", client.csrf.clone()));
    assert_eq!(
        sent(&mut client, "/sign-out", "application/json", "{}"),
        303,
        "a script of ours"
    );
}

#[test]
fn who_sends_what_nobody_reads_is_told_why_when_they_have_sent_it() {
    let web = local();
    let mut line = TcpStream::connect(web.address).unwrap();
    let length = 4 << 20;
    let head = format!("POST /sign-out HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n");
    line.write_all(head.as_bytes()).unwrap();
    // The refusal stands before the first byte of the body leaves.
    std::thread::sleep(Duration::from_millis(50));
    line.write_all(&vec![b'x'; length]).unwrap();
    let mut answer = String::new();
    line.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}

#[test]
fn a_program_in_somebodys_name_needs_the_token_and_one_in_nobodys_does_not() {
    let web = local();
    let [code, _] = account(&web);
    let nowhere = |client: &mut Client<'_>| {
        client
            .post_as("/api/v1/nowhere", "application/json", "{}".to_owned())
            .status
    };
    assert_eq!(nowhere(&mut web.client()), 404);
    let mut client = signed_in(&web, &code);
    client.get("/account");
    assert_eq!(nowhere(&mut client), 403);
    client.says.push(("x-csrf-token", client.csrf.clone()));
    assert_eq!(nowhere(&mut client), 404);
}

#[test]
fn who_signs_in_sees_their_account_and_signs_out_everywhere() {
    let web = local();
    let [code, next] = account(&web);
    let before = web.client().get("/account");
    assert_eq!(before.status, 401);
    assert!(before.body.contains("/sign-in?next=/account"));
    let mut client = signed_in(&web, &code);
    let held = client.cookies.clone();
    let page = client.get("/account");
    assert_eq!((page.status, page.header("cache-control")), (200, "no-store"));
    assert!(page.body.contains("&lt;wang&gt;") && !page.body.contains("<wang>"));
    assert!(page.body.contains("Firefox") && page.body.contains("经办") && page.body.contains("本浏览器"));
    let english = client.get("/account?lang=en");
    assert!(english.body.contains("Where you are signed in") && english.body.contains("Officer"));

    let mut second = signed_in(&web, &next);
    second.get("/account");
    let ended = second.post("/account/sign-out", &[]);
    assert_eq!((ended.status, ended.header("location")), (303, "/sign-in"));
    assert_eq!(client.get("/account").status, 401);
    let mut thief = web.client();
    thief.cookies = held;
    assert_eq!(thief.get("/account").status, 401);
}

#[test]
fn what_is_wrong_is_told_alike_for_everybody_and_guessing_ends() {
    let web = local();
    account(&web);
    let mut client = web.client();
    client.get("/sign-in");
    let mut told = |person: &str| {
        let answer = client.post(
            "/sign-in",
            &[("person", person), ("password", "wrong horse battery"), ("code", "1")],
        );
        (answer.status, answer.body)
    };
    let (known, unknown) = (told("wang"), told("nobody"));
    assert_eq!(known.0, 403);
    assert_eq!(known, unknown);
    let statuses: Vec<u16> = (0..25).map(|_| told("").0).collect();
    assert_eq!(statuses[0], 403);
    assert!(statuses.contains(&429), "{statuses:?}");
    let answer = client.post("/sign-in", &[]);
    assert_eq!(answer.status, 429);
    assert!((1..=4).contains(&answer.header("retry-after").parse::<u64>().unwrap()));
}

#[test]
fn a_step_up_takes_a_code_once() {
    let web = local();
    let [code, next] = account(&web);
    let mut client = signed_in(&web, &code);
    let held = client.cookies.clone();
    assert!(client.get("/step-up?next=/account").body.contains("one-time-code"));
    assert_eq!(client.post("/step-up", &[("code", code.as_str())]).status, 403);
    let answer = client.post("/step-up", &[("code", next.as_str()), ("next", "//evil.example")]);
    assert_eq!((answer.status, answer.header("location")), (303, "/"));
    assert_ne!(client.cookies, held);
    assert_eq!(client.get("/account").status, 200);
    client.cookies = held;
    assert_eq!(client.get("/account").status, 401);
}

#[test]
fn what_was_typed_for_a_token_comes_back_after_the_second_factor() {
    let web = local();
    let [code, next] = account(&web);
    let mut client = signed_in(&web, &code);
    let form = "form class=\"panel\" method=\"post\" action=\"/account/tokens\"";
    assert!(client.get("/account/tokens").body.contains(form));
    let stale = "UPDATE portal_session SET factor_at = NULL";
    web.portal.office().reader().unwrap().run(stale, &[]).unwrap();
    let typed = [
        ("name", "夜间 \"报表\""),
        ("scope", "command"),
        ("expires", "2999-01-01"),
    ];
    let answer = client.post("/account/tokens", &typed);
    assert_eq!(answer.status, 403);
    let link = answer.body.split("href=\"/step-up?next=").nth(1).unwrap();
    let target = form_urlencoded::parse(format!("next={}", link.split('"').next().unwrap()).as_bytes())
        .next()
        .unwrap()
        .1
        .into_owned();
    let asked = client.get(&target).body;
    assert!(!asked.contains(form), "the factor is asked for before the form");
    assert!(asked.contains("/step-up?next="), "{asked}");
    client.get(&format!("/step-up?next={}", link.split('"').next().unwrap()));
    let answer = client.post("/step-up", &[("code", next.as_str()), ("next", &target)]);
    assert_eq!((answer.status, answer.header("location")), (303, target.as_str()));
    let body = client.get(&target).body;
    for kept in [
        "value=\"夜间 &quot;报表&quot;\"",
        "<option value=\"command\" selected",
        "value=\"2999-01-01\"",
    ] {
        assert!(body.contains(kept), "{kept}: {body}");
    }
}

#[test]
fn in_a_demonstration_and_nowhere_else_a_click_signs_in() {
    let demo = web(Mode::Demo, Gate::default());
    let mut client = demo.client();
    let page = client.get("/sign-in");
    assert!(page.body.contains("&lt;li&gt;") && page.body.contains("市工信局"));
    assert_eq!(client.post("/sign-in/as", &[("person", "nobody")]).status, 404);
    let answer = client.post("/sign-in/as", &[("person", "li"), ("next", "/account")]);
    assert_eq!((answer.status, answer.header("location")), (303, "/account"));
    assert!(client.get("/step-up").body.contains("演示"));
    assert_eq!(client.post("/step-up", &[]).status, 303);

    let real = local();
    let mut client = real.client();
    assert!(!client.get("/sign-in").body.contains("/sign-in/as"));
    assert_eq!(client.post("/sign-in/as", &[("person", "li")]).status, 404);
    assert_eq!(client.get("/sign-in/oidc").status, 404);
}

#[test]
fn others_reach_a_portal_over_https_and_a_demonstration_not_at_all() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let tried = |mode, secure| {
        let gate = Gate {
            secure,
            ..Gate::default()
        };
        let (portal, _folder) = portal(mode, gate);
        let serving = serve(Arc::clone(&portal), "0.0.0.0:0".parse().unwrap(), |_| {});
        runtime.block_on(serving).unwrap_err()
    };
    assert!(matches!(tried(Mode::Test, false), ServeError::Insecure(_)));
    assert!(matches!(tried(Mode::Demo, true), ServeError::Open(_)));
}

#[test]
fn a_browser_goes_to_the_provider_and_comes_back_signed_in() {
    let Some(running) = start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings {
        base: Some(BASE.to_owned()),
        proxies: 0,
        oidc: Some(running.settings(folder.path())),
    };
    let web = web(Mode::Test, settings.gate(folder.path()).unwrap());
    let go = |client: &mut Client<'_>| {
        let away = client.get("/sign-in/oidc?next=/account");
        assert_eq!(away.status, 303);
        let back = Browser::default().visit(&running, away.header("location"));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query
            .append_pair("state", &back.state.unwrap())
            .append_pair("code", &back.code.unwrap());
        query.append_pair("iss", &back.iss.unwrap());
        client.get(&format!("/sign-in/oidc/answer?{}", query.finish()))
    };
    let mut client = web.client();
    assert!(client.get("/sign-in").body.contains("/sign-in/oidc?next=/"));
    let unknown = go(&mut client);
    assert_eq!(unknown.status, 403);
    assert!(unknown.body.contains("“alice”"), "{}", unknown.body);
    let mut connection = web.portal.office().reader().unwrap();
    identity::bind(&mut connection, &running.issuer, "alice", "wang").unwrap();
    let arrived = go(&mut client);
    assert_eq!((arrived.status, arrived.header("location")), (303, "/account"));
    assert_eq!(client.get("/account").status, 200);
    assert!(
        client
            .get("/step-up?next=/account")
            .body
            .contains("/sign-in/oidc?next=/account")
    );
    assert_eq!(go(&mut client).status, 303);
    assert_eq!(client.get("/sign-in/oidc/answer?state=x&code=y").status, 400);
    running.told(&json!({"token": {"aud": "another"}}));
    assert_eq!(go(&mut web.client()).status, 403);
}
