//! A drafter edits, checks, saves, simulates on the register and attaches the report; others review, approve and publish. One of the two
//! enterprises has its reward already, so that a raise is the other's alone.

use meed_office::people::Act as People;

use crate::support::{Told, Town};

/// A form of ours, as a browser sends it.
fn post(town: &Town, who: &str, path: &str, fields: &[(&str, &str)]) -> Told {
    let pairs = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish();
    town.post(who, path, &pairs)
}

fn text() -> String {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../office/tests/office/packages/small/rules.md"
    );
    std::fs::read_to_string(path).unwrap()
}

fn place(told: &Told) -> String {
    assert_eq!(told.status.as_u16(), 303, "{}", told.body);
    told.headers["location"].to_str().unwrap().to_owned()
}

/// Looks at a simulation until it has ended.
fn ended(town: &Town, who: &str, path: &str) -> Told {
    for _ in 0..600 {
        let told = town.get(Some(who), path);
        if !told.headers.contains_key("refresh") {
            return told;
        }
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    panic!("{path} does not end");
}

#[test]
fn a_version_is_shown_with_its_documents_findings_cases_and_acts() {
    let town = Town::new();
    let policy = town.cell("SELECT id FROM policy WHERE name = $1", "small");
    let list = town.get(Some("drafter"), "/workbench");
    assert!(list.body.contains(&format!("/workbench/{policy}")), "{}", list.body);
    let shown = town.get(Some("drafter"), &format!("/workbench/{policy}?lang=en"));
    for part in [
        "rules.md",
        "Reward for municipal industrial design centres",
        "0 errors",
        "0 cases passed",
        "Simulated over 1 applicants",
    ] {
        assert!(shown.body.contains(part), "{part}: {}", shown.body);
    }
    assert_eq!(town.get(Some("drafter"), "/workbench/policy-0-0").status.as_u16(), 404);
    assert_eq!(town.get(Some("officer"), "/workbench").status.as_u16(), 403);
}

#[test]
fn what_is_checked_is_told_by_line_and_nothing_is_stored() {
    let town = Town::new();
    let policy = town.cell("SELECT id FROM policy WHERE name = $1", "small");
    let path = format!("/workbench/{policy}/edit?document=rules.md");
    let before = town.get(Some("drafter"), &path);
    assert_eq!(before.status.as_u16(), 200, "{}", before.body);
    assert!(before.body.contains("design_staff &gt;= 10"), "{}", before.body);
    let broken = text().replace("design_staff >= 10", "design_stuff >= 10");
    let line = broken
        .lines()
        .position(|line| line.contains("design_stuff >= 10"))
        .unwrap()
        + 1;
    let fields = [
        ("document", "rules.md"),
        ("text", broken.as_str()),
        ("do", "check"),
        ("version", "2"),
    ];
    let told = post(&town, "drafter", &format!("{path}&lang=en"), &fields);
    assert_eq!(told.status.as_u16(), 200, "{}", told.body);
    for part in [
        format!("rules.md:{line}:"),
        "design_stuff &gt;= 10".to_owned(),
        "design_staff".to_owned(),
        "bad".to_owned(),
    ] {
        assert!(told.body.contains(&part), "{part}: {}", told.body);
    }
    let save = [
        ("document", "rules.md"),
        ("text", broken.as_str()),
        ("do", "save"),
        ("version", "2"),
        ("command", "d1"),
    ];
    let refused = post(&town, "drafter", &path, &save);
    assert_eq!(refused.status.as_u16(), 409, "{}", refused.body);
    assert!(refused.body.contains("design_stuff &gt;= 10"), "the text is kept");
    assert_eq!(
        town.cell("SELECT CAST(count(*) AS TEXT) FROM policy WHERE name = $1", "small"),
        "1"
    );
    assert_eq!(
        town.get(Some("drafter"), &format!("/workbench/{policy}/edit?document=none.md"))
            .status
            .as_u16(),
        404
    );
}

#[test]
fn a_drafter_edits_simulates_on_the_register_and_attaches_and_others_publish() {
    let town = Town::new();
    let old = town.cell("SELECT id FROM policy WHERE name = $1", "small");
    let path = format!("/workbench/{old}/edit?document=rules.md");
    let raised = text().replace("50万 CNY", "60万 CNY");
    let fields = [
        ("document", "rules.md"),
        ("text", raised.as_str()),
        ("do", "save"),
        ("version", "1"),
        ("command", "d0"),
    ];
    assert_eq!(
        post(&town, "drafter", &path, &fields).status.as_u16(),
        409,
        "the version is there already"
    );
    let fields = [
        ("document", "rules.md"),
        ("text", raised.as_str()),
        ("do", "save"),
        ("version", "2"),
        ("command", "d1"),
    ];
    let to = place(&post(&town, "drafter", &path, &fields));
    let policy = to
        .strip_prefix("/workbench/")
        .unwrap()
        .split('?')
        .next()
        .unwrap()
        .to_owned();
    assert_eq!(town.cell("SELECT version FROM policy WHERE id = $1", &policy), "2");
    let act = |who: &str, act: &str, fields: &[(&str, &str)], command: &str| {
        let mut all = vec![
            ("policy", policy.as_str()),
            ("command", command),
            ("back", "/workbench"),
        ];
        all.extend(fields);
        post(&town, who, &format!("/do/policy/{act}"), &all)
    };
    place(&act("drafter", "check", &[], "c1"));
    let order = [
        ("policy", policy.as_str()),
        ("against", "published"),
        ("people", "register"),
        ("kind", "enterprise"),
        ("on", "2023-03-06"),
        ("parameter", ""),
        ("value", ""),
        ("reform_on", ""),
        ("step", ""),
        ("by", ""),
        ("size", "10000"),
        ("seed", "1"),
    ];
    let simulation = place(&post(&town, "drafter", "/simulations", &order));
    let shown = ended(&town, "drafter", &format!("{simulation}?lang=en"));
    for part in [
        "CNY 500,000",
        "CNY 600,000",
        "+CNY 100,000",
        "Version in force, 1",
        "manifest.json",
    ] {
        assert!(shown.body.contains(part), "{part}: {}", shown.body);
    }
    let report = town.get(Some("approver"), &format!("{simulation}/report?lang=en"));
    assert!(report.body.contains("what a reform would change"), "{}", report.body);
    let rules = report.headers["content-security-policy"].to_str().unwrap();
    assert!(
        rules.contains("sandbox") && rules.contains("style-src 'unsafe-inline'") && !rules.contains("script-src"),
        "{rules}"
    );
    let changes = town.get(Some("drafter"), &format!("{simulation}/files/changes-draft-00001.csv"));
    assert_eq!(
        changes.headers["content-disposition"],
        "attachment; filename=\"changes-draft-00001.csv\""
    );
    assert_eq!(changes.body.lines().count(), 2, "{}", changes.body);
    for outside in ["..%2F..%2Fpopulation", "register.jsonl", "none.csv"] {
        assert_eq!(
            town.get(Some("drafter"), &format!("{simulation}/files/{outside}"))
                .status
                .as_u16(),
            404,
            "{outside}"
        );
    }
    let manifest = town
        .get(Some("drafter"), &format!("{simulation}/files/manifest.json"))
        .body;
    let older = manifest.replace("sha256:", "sha256:0");
    assert_eq!(
        act("drafter", "simulate", &[("report", &older)], "s0").status.as_u16(),
        409,
        "of other files"
    );
    place(&act("drafter", "simulate", &[("report", &manifest)], "s1"));
    place(&act("publisher", "review", &[], "r1"));
    place(&act("approver", "approve", &[], "a1"));
    assert_eq!(
        act("drafter", "publish", &[], "p0").status.as_u16(),
        409,
        "not the drafter"
    );
    place(&act("publisher", "publish", &[], "p1"));
    assert_eq!(
        town.cell("SELECT state FROM policy WHERE id = $1", &policy),
        "published"
    );
    assert_eq!(town.cell("SELECT state FROM policy WHERE id = $1", &old), "superseded");
    let version = town.get(Some("auditor"), &format!("/workbench/{policy}?lang=en"));
    assert!(version.body.contains("CNY 600,000"), "{}", version.body);
}

#[test]
fn an_analyst_finds_the_documents_of_the_version_in_force_and_opens_a_text() {
    let town = Town::new();
    let form = town.get(Some("analyst"), "/simulations?lang=en").body;
    assert!(form.contains("<option value=\"rules.md\">"), "{form}");
    assert!(!form.contains("<textarea"), "{form}");
    let opened = post(&town, "analyst", "/simulations/ask", &[("document", "rules.md")]).body;
    assert!(
        opened.contains("50万 CNY") && opened.contains("value=\"rules.md\" selected"),
        "{opened}"
    );
    // Whoever chooses another document afterwards gets that one's text, and an unopened one is not taken for an empty one.
    let other = [("document", "reform.md"), ("text_of", "rules.md"), ("text", "x")];
    let new = post(&town, "analyst", "/simulations/ask", &other).body;
    assert!(new.contains("in_force:") && !new.contains("50万 CNY"), "{new}");
    let policy = town.cell("SELECT id FROM policy WHERE name = $1", "small");
    let unopened = post(
        &town,
        "analyst",
        "/simulations",
        &[("policy", policy.as_str()), ("document", "rules.md")],
    );
    assert!(
        unopened.status.is_client_error() && unopened.body.contains("请先打开该文件"),
        "{}",
        unopened.body
    );
}

#[test]
fn a_text_is_simulated_before_it_is_saved_and_what_cannot_be_made_says_why() {
    let town = Town::new();
    let policy = town.cell("SELECT id FROM policy WHERE name = $1", "small");
    let raised = text().replace("50万 CNY", "60万 CNY");
    let edited = [
        ("policy", policy.as_str()),
        ("document", "rules.md"),
        ("text", raised.as_str()),
    ];
    let form = post(&town, "approver", "/simulations/ask", &edited);
    assert!(
        form.status.is_success() && form.body.contains("60万 CNY"),
        "{}",
        form.body
    );
    let with = |more: &[(&'static str, &str)]| {
        let mut all: Vec<(&str, &str)> = edited.to_vec();
        all.extend(more.iter().copied());
        post(&town, "approver", "/simulations", &all)
    };
    let shown = ended(
        &town,
        "approver",
        &format!("{}?lang=en", place(&with(&[("people", "register")]))),
    );
    assert!(
        shown.body.contains("+CNY 100,000") && shown.body.contains("With the edited rules.md"),
        "{}",
        shown.body
    );
    let invented = ended(
        &town,
        "approver",
        &format!("{}?lang=en", place(&with(&[("people", "invented"), ("size", "10")]))),
    );
    assert!(
        invented.body.contains("the package has no population.toml"),
        "{}",
        invented.body
    );
    assert_eq!(with(&[("on", "soon")]).status.as_u16(), 400);
    assert_eq!(town.get(Some("approver"), "/simulations/999").status.as_u16(), 404);
}

#[test]
fn who_may_not_see_the_register_sees_no_simulation_of_it() {
    let town = Town::new();
    let policy = town.cell("SELECT id FROM policy WHERE name = $1", "small");
    let order = [("policy", policy.as_str()), ("people", "register")];
    let simulation = place(&post(&town, "drafter", "/simulations", &order));
    ended(&town, "drafter", &simulation);
    let enter = People::Enter {
        id: "narrow".to_owned(),
        name: "某起草人".to_owned(),
        bureau: "市工信局".to_owned(),
    };
    town.ok("administrator", enter);
    let assign = People::Assign {
        person: "narrow".to_owned(),
        role: meed_office::people::Role::Drafter,
        scope: Some("design_centre_reward".to_owned()),
        until: None,
    };
    town.ok("administrator", assign);
    assert_eq!(town.get(Some("narrow"), &simulation).status.as_u16(), 404);
    assert_eq!(post(&town, "narrow", "/simulations", &order).status.as_u16(), 403);
}

#[test]
fn whoever_read_words_against_rules_says_so_and_nothing_is_left_to_confirm() {
    let town = Town::new();
    let policy = town.cell("SELECT id FROM policy WHERE name = $1", "small");
    let path = format!("/workbench/{policy}/edit?document=rules.md");
    let text = text();
    let fields = [("document", "rules.md"), ("text", text.as_str()), ("do", "save")];
    let saved = |version: &str, confirmed: &str| {
        let more = [("version", version), ("command", version), ("confirmed", confirmed)];
        place(&post(&town, "drafter", &path, &[&fields[..], &more[..]].concat()))
    };
    let lock = |place: &str| {
        let id = place.rsplit('/').next().unwrap().split('?').next().unwrap().to_owned();
        let files = "SELECT body FROM document WHERE digest = (SELECT files FROM policy WHERE id = $1)";
        town.cell(files, &id).contains("meed.lock")
    };
    assert!(!lock(&saved("2", "")));
    assert!(lock(&saved("3", "yes")));
}
