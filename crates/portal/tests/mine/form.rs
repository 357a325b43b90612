//! Forms: generated, kept as they are typed, stated and submitted once.

use meed_office::store::Cell;
use serde_json::json;

use crate::office::{Browser, Town};

fn open(town: &Town, measure: &str) -> (String, String) {
    let firm = town.quiet_firm(1);
    let case = town.apply(&firm, measure);
    (firm, format!("/my/cases/{case}/form"))
}

/// The value that stands in a field.
fn value(page: &str, name: &str) -> String {
    let field = page
        .split("<input ")
        .find(|part| part.contains(&format!("name=\"{name}\"")));
    let field = field.unwrap_or_else(|| panic!("no field {name} in {page}"));
    field
        .split("value=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned()
}

fn command(browser: &mut Browser<'_>, form: &str) -> String {
    value(&browser.get(form).body, "command")
}

#[test]
fn a_form_asks_for_what_the_rule_needs_and_nothing_else() {
    let town = Town::new();
    let (firm, form) = open(&town, "growth_reward");
    let page = town.browser(&format!("agent-{firm}")).get(&form).body;
    assert!(page.contains("name=\"v/revenue/2022\""), "{page}");
    assert!(!page.contains("v/hires") && !page.contains("v/in_city"), "{page}");
}

#[test]
fn what_was_typed_survives_the_session_and_comes_back_as_it_was() {
    let town = Town::new();
    let (firm, form) = open(&town, "growth_reward");
    let agent = format!("agent-{firm}");
    let mut browser = town.browser(&agent);
    browser.get(&form);
    assert_eq!(
        browser
            .post(&form, &[("do", "cell"), ("v/revenue/2022", "about <3> million")])
            .status,
        204
    );
    browser.post("/sign-out", &[]);
    assert_eq!(browser.get(&form).status, 401);
    let page = town.browser(&agent).get(&form).body;
    assert_eq!(value(&page, "v/revenue/2022"), "about &lt;3&gt; million");
}

#[test]
fn what_cannot_be_read_comes_back_at_its_field_and_nothing_is_stated() {
    let town = Town::new();
    let (firm, form) = open(&town, "growth_reward");
    let mut browser = town.browser(&format!("agent-{firm}"));
    let id = command(&mut browser, &form);
    let answer = browser.post(&form, &[("do", "send"), ("command", &id), ("v/revenue/2022", "much")]);
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("v/revenue/2022-wrong"), "{}", answer.body);
    assert_eq!(
        town.one("SELECT count(*) FROM fact WHERE source = 'applicant'"),
        Cell::Int(0)
    );
}

#[test]
fn stating_and_submitting_twice_does_it_once() {
    let town = Town::new();
    let (firm, form) = open(&town, "growth_reward");
    let mut browser = town.browser(&format!("agent-{firm}"));
    let id = command(&mut browser, &form);
    let fields = [("do", "send"), ("command", id.as_str()), ("v/revenue/2022", "3000万")];
    let (first, again) = (browser.post(&form, &fields), browser.post(&form, &fields));
    assert_eq!(
        (first.status, again.status),
        (303, 303),
        "{} {}",
        first.body,
        again.body
    );
    assert!(first.to.ends_with("?done=case.submit"), "{}", first.to);
    assert_eq!(
        town.one("SELECT value FROM fact WHERE source = 'applicant'"),
        Cell::from("\"30000000.00\"")
    );
    assert_eq!(
        town.one("SELECT count(*) FROM log WHERE kind IN ('register.declare', 'case.submit')"),
        Cell::Int(2)
    );
    assert_eq!(town.one("SELECT state FROM \"case\""), Cell::from("submitted"));
    assert_eq!(town.one("SELECT count(*) FROM portal_draft"), Cell::Int(0));
}

#[test]
fn a_paste_with_a_bad_row_keeps_the_others() {
    let town = Town::new();
    let (firm, form) = open(&town, "hiring_subsidy");
    let mut browser = town.browser(&format!("agent-{firm}"));
    browser.get(&form);
    let mut table = "编号\t入职日期\t年薪\t已离职\n".to_owned();
    for number in 1..=40 {
        let pay = if number == 7 { "a lot" } else { "800000" };
        table.push_str(&format!("p{number}\t2023-03-01\t{pay}\t否\n"));
    }
    let answer = browser.post(&form, &[("do", "paste/hires"), ("paste/hires", &table)]);
    assert_eq!(answer.status, 400);
    assert!(
        answer.body.contains("Line 2:") && answer.body.contains("a lot"),
        "{}",
        answer.body
    );
    assert_eq!(
        town.one("SELECT count(*) FROM portal_draft WHERE path LIKE '/hires/#p%/salary'"),
        Cell::Int(39)
    );
    let fixed = browser.post(
        &form,
        &[("do", "paste/hires"), ("paste/hires", "p7\t2023-03-01\t800000\tno")],
    );
    assert_eq!(fixed.status, 303, "{}", fixed.body);
    assert_eq!(
        town.one("SELECT count(*) FROM portal_draft WHERE path LIKE '/hires/#p%/salary'"),
        Cell::Int(40)
    );
}

#[test]
fn an_application_for_everybody_on_a_table_is_opened_filled_in_and_becomes_a_case_for_each() {
    let town = Town::new();
    let giant = json!([{"title": "little_giant", "granted": "2022-09-01"}]);
    let firm = town.firm(1, &json!({"titles": giant, "in_city": true, "awards": []}));
    let mut browser = town.browser(&format!("agent-{firm}"));
    browser.get("/my");
    let asked = [
        ("command", "first"),
        ("subject", firm.as_str()),
        ("kind", "award"),
        ("measure", "hiring_subsidy"),
        ("object", ""),
    ];
    let opened = browser.post("/my/apply", &asked);
    assert_eq!(opened.status, 303, "{}", opened.body);
    let form = opened.to;
    let table: String = (1..=40)
        .map(|number| format!("p{number}\t2023-03-01\t800000\t否\n"))
        .collect();
    let pasted = browser.post(&form, &[("do", "paste/hires"), ("paste/hires", &table)]);
    assert_eq!(pasted.status, 303, "{}", pasted.body);
    let id = command(&mut browser, &form);
    let fields = [("do", "send"), ("command", id.as_str()), ("v/hires/#", "yes")];
    let sent = browser.post(&form, &fields);
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert!(sent.to.starts_with("/my/cases?for="), "{}", sent.to);
    let each = "SELECT count(DISTINCT object) FROM \"case\" WHERE state = 'submitted' AND object LIKE 'p%'";
    assert_eq!(town.one(each), Cell::Int(40));
    assert_eq!(town.one("SELECT count(*) FROM \"case\""), Cell::Int(40));
    assert!(browser.get(&sent.to).body.contains("p40"));
}

#[test]
fn rows_are_added_and_removed_and_all_are_stated_with_their_list() {
    let town = Town::new();
    let (firm, form) = open(&town, "hiring_subsidy");
    let mut browser = town.browser(&format!("agent-{firm}"));
    browser.get(&form);
    for name in ["h1", "h2"] {
        assert_eq!(
            browser.post(&form, &[("do", "add/hires"), ("new/hires", name)]).status,
            303
        );
    }
    assert_eq!(
        browser.post(&form, &[("do", "add/hires"), ("new/hires", "h1")]).status,
        400
    );
    assert_eq!(
        browser.post(&form, &[("do", "add/hires"), ("new/hires", "a/b")]).status,
        400
    );
    assert_eq!(browser.post(&form, &[("do", "remove/hires/#h2")]).status, 303);
    let id = command(&mut browser, &form);
    let fields = [
        ("do", "send"),
        ("command", id.as_str()),
        ("v/hires/#", "yes"),
        ("v/hires/#h1/start", "2023-03-01"),
        ("v/hires/#h1/salary", "800000"),
        ("v/hires/#h1/has_left", "no"),
    ];
    let answer = browser.post(&form, &fields);
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(
        town.one("SELECT count(*) FROM fact WHERE source = 'applicant'"),
        Cell::Int(4)
    );
    assert_eq!(
        town.one("SELECT value FROM fact WHERE path = '/hires/#'"),
        Cell::from("true")
    );
}

#[test]
fn what_a_register_says_is_shown_with_its_source_and_not_typed_over() {
    let town = Town::new();
    let firm = town.firm(
        1,
        &json!({"titles": [], "in_city": true, "awards": [], "revenue": {"2022": "19500000.00"}}),
    );
    let case = town.apply(&firm, "growth_reward");
    let form = format!("/my/cases/{case}/form");
    let mut browser = town.browser(&format!("agent-{firm}"));
    let page = browser.get(&form).body;
    assert!(
        page.contains("19,500,000.00") && page.contains("市场监管") && !page.contains("v/revenue/2022"),
        "{page}"
    );
    browser.post(&form, &[("do", "save"), ("v/revenue/2022", "99999999")]);
    assert_eq!(town.one("SELECT count(*) FROM portal_draft"), Cell::Int(0));
}

#[test]
fn lines_that_were_not_taken_stay_in_their_box_and_nothing_is_submitted_without_them() {
    let town = Town::new();
    let (firm, form) = open(&town, "hiring_subsidy");
    let mut browser = town.browser(&format!("agent-{firm}"));
    browser.get(&form);
    let table = "编号\t入职日期\t年薪\t已离职\np1\t2023-03-01\t800000\t否\np2\tsoon\t700000\t否\n";
    let answer = browser.post(&form, &[("do", "paste/hires"), ("paste/hires", table)]);
    assert_eq!(answer.status, 400);
    let left = "编号\t入职日期\t年薪\t已离职\np2\tsoon\t700000\t否";
    assert!(
        answer.body.contains("Line 2:") && answer.body.contains(left),
        "{}",
        answer.body
    );
    let again = browser.get(&form);
    assert!(
        again.status == 200 && again.body.contains(left) && again.body.contains("Line 2:"),
        "reloading loses nothing: {}",
        again.body
    );
    let id = command(&mut browser, &form);
    let send = [("do", "send"), ("command", id.as_str()), ("v/hires/#", "yes")];
    let refused = browser.post(&form, &send);
    assert!(
        refused.status == 400 && refused.body.contains("not taken yet"),
        "{}",
        refused.body
    );
    assert_eq!(town.one("SELECT state FROM \"case\""), Cell::from("draft"));
    let fixed = left.replace("soon", "2023/3/1");
    assert_eq!(
        browser
            .post(&form, &[("do", "paste/hires"), ("paste/hires", &fixed)])
            .status,
        303
    );
    let sent = browser.post(&form, &send);
    assert_eq!(sent.status, 303, "{}", sent.body);
    assert_eq!(
        town.one("SELECT count(*) FROM fact WHERE path LIKE '/hires/#p%/start' AND value = '\"2023-03-01\"'"),
        Cell::Int(2)
    );
}

#[test]
fn what_is_typed_into_the_box_and_not_taken_is_kept_by_every_button() {
    let town = Town::new();
    let (firm, form) = open(&town, "hiring_subsidy");
    let mut browser = town.browser(&format!("agent-{firm}"));
    browser.get(&form);
    let table = "p1\t2023-03-01\t800000\t否";
    assert_eq!(
        browser.post(&form, &[("do", "save"), ("paste/hires", table)]).status,
        303
    );
    assert!(browser.get(&form).body.contains(table));
}

#[test]
fn days_are_pasted_as_spreadsheets_write_them_and_one_mistake_in_many_lines_is_told_once() {
    let town = Town::new();
    let (firm, form) = open(&town, "hiring_subsidy");
    let mut browser = town.browser(&format!("agent-{firm}"));
    browser.get(&form);
    let days = "p1\t2023/3/1\t800000\t否\np2\t2023年3月1日\t800000\t否";
    assert_eq!(
        browser
            .post(&form, &[("do", "paste/hires"), ("paste/hires", days)])
            .status,
        303
    );
    assert_eq!(value(&browser.get(&form).body, "v/hires/#p2/start"), "2023-03-01");
    let many: String = (3..=40)
        .map(|number| format!("p{number}\tsoon {number}\t800000\t否\n"))
        .collect();
    let answer = browser.post(&form, &[("do", "paste/hires"), ("paste/hires", &many)]);
    assert_eq!(answer.status, 400);
    assert!(answer.body.contains("Line 1–38:"), "{}", answer.body);
    assert_eq!(answer.body.matches("class=\"bad\"").count(), 1, "{}", answer.body);
}

#[test]
fn what_is_not_filled_in_is_said_before_it_is_submitted() {
    let town = Town::new();
    let (firm, form) = open(&town, "hiring_subsidy");
    let mut browser = town.browser(&format!("agent-{firm}"));
    browser.get(&form);
    browser.post(&form, &[("do", "add/hires"), ("new/hires", "h1")]);
    let id = command(&mut browser, &form);
    let typed = [
        ("command", id.as_str()),
        ("v/hires/#h1/start", "2023-03-01"),
        ("v/hires/#h1/salary", "800000"),
    ];
    let answer = browser.post(&form, &[&typed[..], &[("do", "send")]].concat());
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert!(
        answer.body.contains("v/hires/#-wrong") && answer.body.contains("send-anyway"),
        "{}",
        answer.body
    );
    assert_eq!(town.one("SELECT state FROM \"case\""), Cell::from("draft"));
    let answer = browser.post(&form, &[&typed[..], &[("do", "send-anyway")]].concat());
    assert_eq!(answer.status, 303, "{}", answer.body);
}
