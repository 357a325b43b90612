//! What follows an application: the decision, obligations, accounts; and what persons are asked first.

use meed_facts::money::{Currency, Money};
use meed_office::cases::Act as Case;
use meed_office::ledger::Act as Ledger;
use meed_office::publicity::Act as List;
use meed_office::store::Cell;
use serde_json::json;

use crate::office::Town;

/// A firm whose reward for growth is approved, and its case.
fn rewarded(town: &Town) -> (String, String) {
    let (firm, case, list) = published(town);
    town.on("2023-03-20");
    town.ok("officer", List::End { list, version: 1 });
    town.ok("approver", Case::Approve { case: case.clone() });
    (firm, case)
}

/// A firm whose reward for growth is proposed and public, its case and its list.
fn published(town: &Town) -> (String, String, String) {
    let open = Ledger::Open {
        payer: "city_finance".to_owned(),
        fund: None,
        year: 2023,
    };
    let line = town.ok("budget", open)["line"].as_str().unwrap().to_owned();
    let (amount, basis) = ("1000000".parse().unwrap(), "预算批复".to_owned());
    town.ok("budget", Ledger::Appropriate { line, amount, basis });
    let facts = json!({"titles": [], "in_city": true, "awards": [], "revenue": {"2022": "30000000.00"}, "hires": []});
    let firm = town.firm(1, &facts);
    let id = town.apply(&firm, "growth_reward");
    let case = || id.clone();
    town.ok(&format!("agent-{firm}"), Case::Submit { case: case() });
    town.ok("officer", Case::Examine { case: case() });
    town.ok("officer", Case::Admit { case: case() });
    town.ok("officer", Case::Verify { case: case() });
    town.ok(
        "officer",
        Case::Propose {
            case: case(),
            amount: None,
        },
    );
    let frozen = town.ok(
        "officer",
        List::Freeze {
            cases: vec![case()],
            days: None,
        },
    );
    let text = |name: &str| frozen[name].as_str().unwrap().to_owned();
    let publish = List::Publish {
        list: text("list"),
        version: 1,
        hash: text("hash"),
    };
    town.ok("officer", publish);
    let list = text("list");
    (firm, id, list)
}

#[test]
fn a_decided_case_shows_its_reasons_its_money_and_the_way_to_appeal() {
    let town = Town::new();
    let (firm, case) = rewarded(&town);
    let mut browser = town.browser(&format!("agent-{firm}"));
    let page = browser.get(&format!("/my/cases/{case}")).body;
    let decision = town.one("SELECT id FROM decision ORDER BY n DESC LIMIT 1");
    let Cell::Text(decision) = decision else {
        panic!("{decision:?}")
    };
    for part in [
        "300,000.00",
        &format!("/letters/{decision}"),
        "60 days",
        "/do/appeal/lodge",
        "/do/award/renounce",
    ] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    assert!(!page.contains("/do/case/withdraw"), "{page}");
    let lodge = [
        ("decision", decision.as_str()),
        ("ground", "少算了"),
        ("command", "appeal-1"),
        ("back", "/my"),
    ];
    assert_eq!(browser.post("/do/appeal/lodge", &lodge).status, 303);
    assert!(browser.get(&format!("/my/cases/{case}")).body.contains("少算了"));
    // The office sees it where it is to be done, and on the case, without knowing an id.
    let mut officer = town.browser("officer");
    assert!(officer.get("/office").body.contains("/office/after#office-appeals"));
    let page = officer.get("/office/after").body;
    for part in ["少算了", "Growth reward", "某企业 1"] {
        assert!(page.contains(part), "{part} is not in {page}");
    }
    let page = officer.get(&format!("/office/cases/{case}")).body;
    assert!(page.contains("An appeal is open"), "{page}");
}

#[test]
fn a_recovery_is_found_and_followed_on_officers_pages() {
    let town = Town::new();
    let (_, case) = rewarded(&town);
    let Cell::Text(award) = town.one("SELECT id FROM award") else {
        panic!("no award")
    };
    let mut officer = town.browser("officer");
    let page = officer.get(&format!("/office/cases/{case}")).body;
    assert!(page.contains("Obligations"), "{page}");
    let recovery = meed_office::aftermath::Recovery {
        id: "recovery-0-1".to_owned(),
        debtor: match town.one("SELECT debtor FROM award") {
            Cell::Text(debtor) => debtor,
            other => panic!("{other:?}"),
        },
        award,
        decision: None,
        obligation: None,
        amount: Money::from_minor(100_000, Currency::CNY),
        interest: Money::zero(Currency::CNY),
        interest_came: Money::zero(Currency::CNY),
        reason: "提前迁出".to_owned(),
        hearing_on: None,
        hearing: None,
        consent: None,
        state: meed_office::machine::RecoveryState::Found,
    };
    town.insert(&recovery);
    assert!(officer.get("/office").body.contains("/office/after#office-recoveries"));
    let page = officer.get("/office/after").body;
    assert!(
        page.contains("提前迁出") && page.contains("/do/recovery/notify"),
        "{page}"
    );
    let page = officer.get(&format!("/office/cases/{case}")).body;
    assert!(page.contains("/office/after#recovery-0-1"), "{page}");
}

#[test]
fn what_is_only_proposed_has_no_letter_and_no_days_for_an_appeal() {
    let town = Town::new();
    let (firm, case, _) = published(&town);
    let mut browser = town.browser(&format!("agent-{firm}"));
    let page = browser.get(&format!("/my/cases/{case}")).body;
    assert!(
        page.contains("300,000.00") && page.contains("proposed: ") && page.contains("What is proposed"),
        "{page}"
    );
    assert!(!page.contains("/letters/") && !page.contains("60 days"), "{page}");
    let Cell::Text(decision) = town.one("SELECT id FROM decision") else {
        panic!("nothing was proposed")
    };
    for path in [format!("/letters/{decision}"), format!("/letters/{decision}/pdf")] {
        assert_eq!(browser.get(&path).status, 404, "{path}");
    }
    let officer = town.browser("officer").get(&format!("/office/cases/{case}")).body;
    assert!(
        !officer.contains("/letters/") && officer.contains(&decision),
        "{officer}"
    );
}

#[test]
fn giving_up_is_asked_twice_and_stands_in_the_way_of_the_case() {
    let town = Town::new();
    let (firm, case, _) = published(&town);
    let mut browser = town.browser(&format!("agent-{firm}"));
    let path = format!("/my/cases/{case}");
    let page = browser.get(&path).body;
    let (before, form) = page.split_once("action=\"/do/case/withdraw\"").unwrap();
    let folded = before.rsplit("<details").next().unwrap();
    assert!(
        folded.contains("<summary>Withdraw or decline") && !folded.contains("</details>"),
        "{page}"
    );
    let form = form.split("</form>").next().unwrap();
    assert!(
        form.contains("cannot be taken back") && form.contains("class=\"second\""),
        "{form}"
    );
    let fields = [("case", case.as_str()), ("command", "leave"), ("back", path.as_str())];
    assert_eq!(browser.post("/do/case/withdraw", &fields).status, 303);
    let page = browser.get(&path).body;
    let way = page
        .split("The way so far")
        .nth(1)
        .unwrap()
        .split("</ol>")
        .next()
        .unwrap();
    assert!(way.contains("Withdraw or decline"), "{way}");
}

#[test]
fn a_refused_form_comes_back_with_what_was_typed() {
    let town = Town::new();
    let (firm, case) = rewarded(&town);
    let mut browser = town.browser(&format!("agent-{firm}"));
    browser.get(&format!("/my/cases/{case}"));
    let Cell::Text(decision) = town.one("SELECT id FROM decision ORDER BY n DESC LIMIT 1") else {
        panic!("nothing was decided")
    };
    let lodge = |command, ground| {
        [
            ("decision", decision.as_str()),
            ("settled", "decision"),
            ("ground", ground),
            ("command", command),
            ("back", "/my/cases"),
        ]
    };
    assert_eq!(browser.post("/do/appeal/lodge", &lodge("one", "少算了")).status, 303);
    let answer = browser.post("/do/appeal/lodge", &lodge("two", "还少算了设备"));
    assert_eq!(answer.status, 409, "{}", answer.body);
    for kept in [
        "还少算了设备",
        "role=\"alert\"",
        "only one at a time",
        "action=\"/do/appeal/lodge\"",
        "href=\"/my/cases\"",
    ] {
        assert!(answer.body.contains(kept), "{kept}: {}", answer.body);
    }
    assert!(
        !answer.body.contains("value=\"two\""),
        "under its old id it was answered already"
    );
    assert!(
        !answer.body.contains("id=\"appeal-lodge-decision\""),
        "what its page settled is not asked: {}",
        answer.body
    );
}

#[test]
fn what_was_typed_goes_through_the_second_factor_and_is_done_after_it() {
    let town = Town::new();
    let firm = town.quiet_firm(1);
    let mut browser = town.browser(&format!("agent-{firm}"));
    browser.get("/my/account");
    let fields = |bank| {
        [
            ("subject", firm.as_str()),
            ("name", "某企业 1"),
            ("number", "6222 0202 0011 2233"),
            ("bank", bank),
            ("command", "account-1"),
            ("back", "/my/account"),
        ]
    };
    let asked = browser.post("/do/account/enter", &fields("工商银行"));
    assert_eq!(asked.status, 403);
    for kept in [
        "value=\"6222 0202 0011 2233\"",
        "value=\"工商银行\"",
        "action=\"/step-up\"",
        "Enter an account",
    ] {
        assert!(asked.body.contains(kept), "{kept}: {}", asked.body);
    }
    // It is done with the factor shown, and the office's refusal comes back above what was typed.
    let carried = [
        &[("do", "account.enter"), ("next", "/my/account")],
        &fields("工商银行")[..],
    ]
    .concat();
    let answer = browser.post("/step-up", &carried);
    assert_eq!(answer.status, 409, "{}", answer.body);
    assert!(
        answer.body.contains("twelve digits") && answer.body.contains("value=\"6222 0202 0011 2233\""),
        "{}",
        answer.body
    );
    let fixed = [("command", "account-2"), ("bank", "102261000018")];
    let mut fields = fields("").to_vec();
    fields.retain(|(name, _)| !matches!(*name, "command" | "bank"));
    let answer = browser.post("/do/account/enter", &[&fields[..], &fixed[..]].concat());
    assert_eq!(answer.status, 303, "{}", answer.body);
    assert_eq!(town.one("SELECT number FROM account"), Cell::from("6222020200112233"));
}

#[test]
fn obligations_say_until_when_they_last_and_what_breaking_them_costs() {
    let town = Town::new();
    let (firm, _) = rewarded(&town);
    let page = town.browser(&format!("agent-{firm}")).get("/my/obligations").body;
    assert!(page.contains("2026-") && page.contains("Growth reward"), "{page}");
    // Nothing is paid yet, so nothing would be owed.
    assert!(
        page.contains("<td class=\"n\"><span class=\"num\">0.00</span></td>"),
        "{page}"
    );
}

#[test]
fn an_account_is_entered_with_a_second_factor_alone() {
    let town = Town::new();
    let firm = town.quiet_firm(1);
    let mut browser = town.browser(&format!("agent-{firm}"));
    let page = browser.get("/my/account").body;
    assert!(
        page.contains("/step-up?next=/my/account") && !page.contains("account-enter-number"),
        "{page}"
    );
    let fields = [
        ("subject", firm.as_str()),
        ("name", "某企业 1"),
        ("number", "6222020200112233445"),
        ("bank", "102261000018"),
        ("command", "account-1"),
        ("back", "/my/account"),
    ];
    assert_eq!(browser.post("/do/account/enter", &fields).status, 403);
    browser.get("/step-up?next=/my/account");
    assert_eq!(browser.post("/step-up", &[("next", "/my/account")]).status, 303);
    browser.get("/my/account");
    assert_eq!(browser.post("/do/account/enter", &fields).status, 303);
    let page = browser.get("/my/account").body;
    assert!(page.contains("3445") && !page.contains("6222020200112233445"), "{page}");
}

#[test]
fn nothing_is_read_of_a_person_before_they_agree_nor_after_they_took_it_back() {
    let town = Town::with(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mine/packages/people"));
    let person = town.person("230102199001011230", &json!({"works_here": true, "awards": []}));
    let mut browser = town.browser(&format!("agent-{person}"));
    let mut ready = || browser.get("/my").body.contains("Settling subsidy");
    assert!(!ready());
    let mut other = town.browser(&format!("agent-{person}"));
    other.get("/my/consent");
    let mut say = |give: &str| {
        let fields = [
            ("subject", person.as_str()),
            ("purpose", "entitlements"),
            ("give", give),
        ];
        assert_eq!(other.post("/my/consent", &fields).status, 303);
    };
    say("yes");
    say("yes");
    assert!(ready());
    say("no");
    assert!(!ready());
    assert_eq!(
        town.one("SELECT count(*) FROM portal_consent WHERE withdrawn_at IS NOT NULL"),
        Cell::Int(1)
    );
    assert_eq!(town.one("SELECT count(*) FROM portal_consent"), Cell::Int(1));
}

#[test]
fn a_service_is_asked_for_and_its_clock_is_shown() {
    let town = Town::with(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/mine/packages/people"));
    let person = town.person("230102199001011230", &json!({"works_here": true, "awards": []}));
    let mut browser = town.browser(&format!("agent-{person}"));
    assert!(browser.get("/my/services").body.contains("/do/service/ask"));
    let fields = [
        ("subject", person.as_str()),
        ("service", "household"),
        ("wish", "随迁两人"),
        ("command", "ask-1"),
        ("back", "/my/services"),
    ];
    assert_eq!(browser.post("/do/service/ask", &fields).status, 303);
    let page = browser.get("/my/services").body;
    assert!(
        page.contains("随迁两人") && page.contains("answer due by") && page.contains("/do/service/withdraw"),
        "{page}"
    );
    assert!(!page.contains("/do/service/ask"), "{page}");
    assert!(!page.contains("/do/service/reply"), "nobody asked anything: {page}");
}

#[test]
fn an_application_that_is_not_taken_up_is_told_so_and_not_that_it_was_refused() {
    let town = Town::new();
    let firm = town.quiet_firm(1);
    let agent = format!("agent-{firm}");
    let id = town.apply(&firm, "growth_reward");
    let case = || id.clone();
    town.ok(&agent, Case::Submit { case: case() });
    town.ok("officer", Case::Examine { case: case() });
    let why = "注册地不在本市".to_owned();
    let rejected = town.ok("officer", Case::Reject { case: case(), why });
    let mut browser = town.browser(&agent);
    let page = browser.get(&format!("/my/cases/{id}")).body;
    assert!(
        page.contains("It was not taken up") && !page.contains("It is refused"),
        "{page}"
    );
    assert!(!page.contains("not taken up <span"), "nothing was due: {page}");
    let letter = browser
        .get(&format!("/letters/{}", rejected["decision"].as_str().unwrap()))
        .body;
    for part in [
        ">Not taken up</h1>",
        "注册地不在本市",
        "Nothing is said about its substance",
    ] {
        assert!(letter.contains(part), "{part}: {letter}");
    }
}
