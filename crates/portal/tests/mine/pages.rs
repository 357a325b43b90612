//! What applicants see, and that others do not.

use meed_office::cases::Act as Case;
use meed_office::people::Role;
use serde_json::json;

use crate::office::Town;

#[test]
fn entitlements_say_what_is_ready_what_is_missing_and_how_far_it_is() {
    let town = Town::new();
    let firm = town.firm(
        1,
        &json!({"titles": [], "in_city": true, "awards": [], "revenue": {"2022": "19500000.00"}, "hires": []}),
    );
    let body = town.browser(&format!("agent-{firm}")).get("/my").body;
    let part = |id: &str| {
        body.split(&format!("<section id=\"{id}\">"))
            .nth(1)
            .unwrap()
            .split("</section><section id")
            .next()
            .unwrap()
            .to_owned()
    };
    assert!(part("ready").contains("Equipment grant"), "{body}");
    assert!(
        part("almost").contains("Growth reward") && part("almost").contains("500,000"),
        "{body}"
    );
    assert!(
        part("ready").contains("§") || part("ready").contains("第四条"),
        "{body}"
    );
}

#[test]
fn what_the_rules_refuse_today_says_when_there_is_another_chance() {
    let folder = tempfile::tempdir().unwrap();
    let growth = concat!(env!("CARGO_MANIFEST_DIR"), "/../office/tests/office/packages/growth");
    for file in std::fs::read_dir(growth).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), folder.path().join(file.file_name())).unwrap();
    }
    let rules = folder.path().join("rules.md");
    let mut text = std::fs::read_to_string(&rules).unwrap();
    text.push_str(
        r#"
# 第五条 后续奖励

```meed
measure later_reward for Enterprise zh "后续奖励" en "Later reward" {
  when {
    time:   today >= 2023-07-15
    stands: not in_city
  }
  pay 1万 CNY
  to applicant
  led by city_finance
}
measure figures_reward for Enterprise zh "数据奖励" en "Reward for figures" {
  when {
    size:   revenue(fiscal_year) >= 2000万 CNY
    twice:  2 * revenue(fiscal_year) >= 5000万 CNY
  }
  pay 1万 CNY
  to applicant
  led by city_finance
}
```
"#,
    );
    std::fs::write(&rules, text).unwrap();
    let town = Town::with(folder.path().to_str().unwrap());
    let facts = json!({"titles": [], "in_city": false, "awards": [], "revenue": {"2022": "19500000.00"}, "hires": []});
    let firm = town.firm(1, &facts);
    let body = town.browser(&format!("agent-{firm}")).get("/my").body;
    let said = |title: &str| {
        let part = body
            .split("<article class=\"panel\">")
            .find(|part| part.contains(title));
        part.unwrap_or_else(|| panic!("{title}: {body}")).to_owned()
    };
    assert!(
        said("Later reward").contains("Next chance: by 2023-08-01 at the latest, if nothing else changes"),
        "{body}"
    );
    let figures = said("Reward for figures");
    assert!(figures.contains("Next chance: by 2024-"), "{figures}");
    assert!(figures.contains("by what is not known yet today"), "{figures}");
    assert!(
        said("Equipment grant").contains("No chance in the next years if nothing else changes"),
        "{body}"
    );
}

#[test]
fn an_agent_of_another_applicant_gets_nothing() {
    let town = Town::new();
    let (firm, other) = (town.quiet_firm(1), town.quiet_firm(2));
    let case = town.apply(&firm, "growth_reward");
    let mut stranger = town.browser(&format!("agent-{other}"));
    for path in [
        format!("/my?for={firm}"),
        format!("/my/cases?for={firm}"),
        format!("/my/cases/{case}"),
        format!("/my/cases/{case}/form"),
    ] {
        assert_eq!(stranger.get(&path).status, 404, "{path}");
    }
    assert!(!stranger.get("/my/cases").body.contains(&case));
    let form = format!("/my/cases/{case}/form");
    assert_eq!(
        stranger.post(&form, &[("do", "save"), ("v/revenue/2022", "1")]).status,
        404
    );
    // Whoever sees every case as an officer sees it once it is submitted, and does not speak for its applicant.
    town.giver().assign(&format!("agent-{other}"), Role::Officer, None);
    let mut officer = town.browser(&format!("agent-{other}"));
    assert_eq!(officer.get(&format!("/office/cases/{case}")).status, 404);
    town.ok(&format!("agent-{firm}"), Case::Submit { case: case.clone() });
    assert_eq!(officer.get(&format!("/office/cases/{case}")).status, 200);
    assert_eq!(officer.get(&form).status, 404);
    assert_eq!(officer.get(&format!("/my?for={firm}")).status, 404);
    assert_eq!(
        officer.post(&form, &[("do", "save"), ("v/revenue/2022", "1")]).status,
        404
    );
    assert_eq!(town.one("SELECT count(*) FROM portal_draft"), 0.into());
}

#[test]
fn an_agent_of_several_applicants_chooses_one() {
    let town = Town::new();
    let (firm, other) = (town.quiet_firm(1), town.quiet_firm(2));
    let agent = format!("agent-{firm}");
    town.giver().assign(&agent, Role::Agent, Some(&other));
    let case = town.apply(&other, "growth_reward");
    let mut browser = town.browser(&agent);
    let found = [&firm, &other].map(|one| browser.get(&format!("/my/cases?for={one}")).body.contains(&case));
    assert_eq!(found, [false, true]);
    assert_eq!(browser.get(&format!("/my/cases/{case}")).status, 200);
}

#[test]
fn a_case_says_who_has_it_and_offers_what_can_be_done() {
    let town = Town::new();
    let firm = town.quiet_firm(1);
    let case = town.apply(&firm, "growth_reward");
    let mut browser = town.browser(&format!("agent-{firm}"));
    let page = browser.get(&format!("/my/cases/{case}")).body;
    assert!(
        page.contains("It is with you") && page.contains("/do/case/withdraw"),
        "{page}"
    );
    assert!(
        !page.contains("/do/case/accept") && !page.contains("/do/case/approve"),
        "{page}"
    );
}

#[test]
fn a_file_is_what_its_content_says_is_kept_once_and_only_saved() {
    let town = Town::new();
    let (firm, other) = (town.quiet_firm(1), town.quiet_firm(2));
    let case = town.apply(&firm, "growth_reward");
    let mut browser = town.browser(&format!("agent-{firm}"));
    browser.get("/my/documents");
    let refused = browser.upload(&case, "bill.pdf", b"<html><script>alert(1)</script>,");
    assert_eq!(refused.status, 400);
    assert!(
        refused.body.contains("this is no PDF") && refused.body.contains("type=\"file\""),
        "it is said where another can be sent: {}",
        refused.body
    );
    for _ in 0..2 {
        assert_eq!(browser.upload(&case, "发票.exe", b"%PDF-1.7 paper").status, 303);
    }
    let page = browser.get(&format!("/my/documents?case={case}")).body;
    assert_eq!(page.matches(">发票.pdf<").count(), 1, "{page}");
    let path = page
        .split("href=\"/documents/")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let path = format!("/documents/{path}");
    let file = browser.get(&path);
    assert_eq!(file.body, "%PDF-1.7 paper");
    let header = |name: &str| file.headers.get(name).unwrap().to_str().unwrap().to_owned();
    assert!(header("content-disposition").starts_with("attachment"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert!(header("content-security-policy").contains("sandbox"));
    let mut stranger = town.browser(&format!("agent-{other}"));
    assert_eq!(stranger.get(&path).status, 404);
    stranger.get("/my/documents");
    assert_eq!(stranger.upload(&case, "x.pdf", b"%PDF-1.7 other").status, 404);
    let mut officer = town.browser("officer");
    assert_eq!(officer.get(&path).status, 404, "nothing was submitted yet");
    town.ok(&format!("agent-{firm}"), Case::Submit { case: case.clone() });
    assert_eq!(officer.get(&path).status, 200);
    assert!(officer.get(&format!("/office/cases/{case}")).body.contains(&path));
}

#[test]
fn what_if_changes_what_measures_give_and_keeps_nothing() {
    let town = Town::new();
    let firm = town.firm(
        1,
        &json!({"titles": [], "in_city": true, "awards": [], "revenue": {"2022": "19500000.00"}, "hires": []}),
    );
    let mut browser = town.browser(&format!("agent-{firm}"));
    assert!(browser.get("/my/whatif").body.contains("v/revenue/2022"));
    let before = town.one("SELECT count(*) FROM log");
    let fields = [
        ("subject", firm.as_str()),
        ("v/revenue/2022", "3000万"),
        ("vtitle:little_giant", "yes"),
    ];
    let body = browser.post("/my/whatif", &fields).body;
    assert!(body.contains("300,000.00") && body.contains("400,000.00"), "{body}");
    assert_eq!(town.one("SELECT count(*) FROM log"), before);
    let much = browser.post("/my/whatif", &[("subject", firm.as_str()), ("v/revenue/2022", "很多")]);
    assert!(
        much.status == 400 && much.body.contains("“很多” cannot be read") && much.body.contains("value=\"很多\""),
        "what cannot be read is said and not passed over: {}",
        much.body
    );
    let same = browser.post(
        "/my/whatif",
        &[("subject", firm.as_str()), ("v/revenue/2022", "19500000")],
    );
    assert!(same.body.contains("change the outcome of no measure"), "{}", same.body);
    let other = town.quiet_firm(2);
    assert_eq!(browser.post("/my/whatif", &[("subject", &other)]).status, 404);
}

#[test]
fn every_page_of_an_applicant_opens_in_both_languages() {
    let town = Town::new();
    let firm = town.quiet_firm(1);
    let case = town.apply(&firm, "growth_reward");
    let mut browser = town.browser(&format!("agent-{firm}"));
    for path in [
        "/my".to_owned(),
        "/my/cases".to_owned(),
        format!("/my/cases/{case}"),
        format!("/my/cases/{case}/form"),
        "/my/documents".to_owned(),
        "/my/obligations".to_owned(),
        "/my/recoveries".to_owned(),
        "/my/account".to_owned(),
        "/my/services".to_owned(),
        "/my/whatif".to_owned(),
        "/my/titles".to_owned(),
        "/my/consent".to_owned(),
    ] {
        for lang in ["zh", "en"] {
            let answer = browser.get(&format!("{path}?lang={lang}"));
            assert_eq!(answer.status, 200, "{path}: {}", answer.body);
            assert!(
                !answer.body.contains("mine-") && !answer.body.contains("style=\""),
                "{path}: {}",
                answer.body
            );
        }
    }
}

#[test]
fn a_paper_is_taken_back_until_its_case_is_submitted_and_its_page_leads_to_the_form() {
    let town = Town::new();
    let firm = town.quiet_firm(1);
    let case = town.apply(&firm, "growth_reward");
    let mut browser = town.browser(&format!("agent-{firm}"));
    let path = format!("/my/documents?case={case}");
    browser.get(&path);
    let id = |page: &str| {
        let link = page.split("href=\"/documents/").nth(1).unwrap();
        link.split('"').next().unwrap().to_owned()
    };
    for paper in ["one", "two"] {
        let bytes = format!("%PDF-1.7 {paper}");
        assert_eq!(browser.upload(&case, "发票.pdf", bytes.as_bytes()).status, 303);
    }
    let page = browser.get(&path).body;
    assert!(page.contains(&format!("/my/cases/{case}/form")), "{page}");
    let other = town.quiet_firm(2);
    let mut stranger = town.browser(&format!("agent-{other}"));
    stranger.get("/my/documents");
    let upload = id(&page);
    let remove = [("upload", upload.as_str())];
    assert_eq!(stranger.post("/my/documents/remove", &remove).status, 404);
    assert_eq!(browser.post("/my/documents/remove", &remove).status, 303);
    assert_eq!(town.one("SELECT count(*) FROM portal_upload"), 1.into());
    let submit = meed_office::cases::Act::Submit { case: case.clone() };
    town.ok(&format!("agent-{firm}"), submit);
    let page = browser.get(&path).body;
    assert!(!page.contains("/my/documents/remove"), "{page}");
    let upload = id(&page);
    assert_eq!(browser.post("/my/documents/remove", &[("upload", &upload)]).status, 400);
    assert_eq!(town.one("SELECT count(*) FROM portal_upload"), 1.into());
}

#[test]
fn titles_that_registers_state_are_among_an_applicants_own() {
    let town = Town::new();
    let firm = town.quiet_firm(1);
    let page = town.browser(&format!("agent-{firm}")).get("/my/titles").body;
    assert!(
        page.contains("2022-09-01") && page.contains(&format!("/titles/{firm}.little_giant")),
        "{page}"
    );
}
