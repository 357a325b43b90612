//! A fact is corrected after payment; the decision is revised, and an appeal stops the recovery until somebody else has examined it.

use meed_office::aftermath::appeals::Act as Appeal;
use meed_office::aftermath::recoveries::Act as Recovery;
use meed_office::aftermath::revisions::Act as Revision;
use meed_office::people::Role;
use serde_json::{Value, json};

use crate::support::growth::growth;
use crate::support::{Bench, on_each_database, yuan};

struct Story {
    firm: String,
    case: String,
    award: String,
    /// The decision that lowered the award.
    lowered: String,
    recovery: String,
}

/// A reward of 300,000 is paid on a revenue of 30 million, which is then stated as 25 million.
fn overpaid(bench: &Bench) -> Story {
    bench.give("approver", Role::Examiner);
    let (firm, case, award) = bench.rewarded();
    bench.pay(&bench.instalments(&award)[0]);
    bench.on("2023-05-08");
    let revised = lowered(bench, &firm, &case);
    let text = |name: &str| revised[name].as_str().unwrap().to_owned();
    let (lowered, recovery) = (text("decision"), text("recovery"));
    Story {
        firm,
        case,
        award,
        lowered,
        recovery,
    }
}

/// The revenue is stated as 25 million, and the reward lowered to 250,000.
fn lowered(bench: &Bench, firm: &str, case: &str) -> Value {
    let told = bench.state_fact(firm, "/revenue/2022", json!("25000000.00"));
    assert_eq!(told["would_change"].as_array().unwrap().len(), 1);
    let notify = Revision::Notify {
        case: case.to_owned(),
        amount: yuan("250000"),
        reason: "审计报告更正收入".to_owned(),
    };
    bench.ok("officer", notify);
    let revise = Revision::Revise {
        case: case.to_owned(),
        reason: "审计报告更正收入".to_owned(),
        heard: Some("企业称更正有误".to_owned()),
    };
    bench.ok("approver", revise)
}

fn lodge(bench: &Bench, story: &Story) -> Value {
    let lodge = Appeal::Lodge {
        decision: story.lowered.clone(),
        ground: "税务申报表显示收入为3000万元".to_owned(),
    };
    bench.ok(&format!("agent-{}", story.firm), lodge)
}

/// The examiner finds the first figure right; the registrar states it again.
fn examined(bench: &Bench, story: &Story, appeal: &str) -> Value {
    bench.state_fact(&story.firm, "/revenue/2022", json!("30000000.00"));
    examine(bench, appeal);
    assert_eq!(
        bench.refused("approver", uphold(appeal)),
        "same_person",
        "who revised it does not uphold the appeal against it"
    );
    bench.ok("examiner", uphold(appeal))
}

fn examine(bench: &Bench, appeal: &str) {
    let id = || appeal.to_owned();
    bench.ok("examiner", Appeal::Admit { appeal: id() });
    let found = "收入为3000万元".to_owned();
    bench.ok("examiner", Appeal::Examine { appeal: id(), found });
}

fn uphold(appeal: &str) -> Appeal {
    Appeal::Uphold {
        appeal: appeal.to_owned(),
        amount: None,
        why: "收入为3000万元".to_owned(),
    }
}

#[test]
fn an_appeal_stops_the_recovery_and_undoes_it() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let story = overpaid(&bench);
        let recovery = || story.recovery.clone();
        bench.ok(
            "officer",
            Recovery::Notify {
                recovery: recovery(),
                hearing_on: bench.today(),
            },
        );
        let said = "不同意".to_owned();
        bench.ok(
            "officer",
            Recovery::Hear {
                recovery: recovery(),
                said,
            },
        );
        let lodged = lodge(&bench, &story);
        assert_eq!(lodged["stopped"], json!([story.recovery, story.award]));
        let decide = || Recovery::Decide {
            recovery: recovery(),
            amount: None,
            interest: None,
        };
        assert_eq!(bench.refused("approver", decide()), "held");
        let result = examined(&bench, &story, lodged["appeal"].as_str().unwrap());
        assert_eq!(
            (&result["amount"], &result["refunds"]),
            (&json!("300000.00"), &json!([]))
        );
        assert_eq!(bench.state_of("recovery", &story.recovery), "cancelled");
        assert_eq!(bench.account(&line, "paid"), 30_000_000);
        assert_eq!(bench.number("SELECT count(*) FROM hold WHERE lifted_at IS NULL"), 0);
        let chain = bench.cells(&format!(
            "SELECT kind FROM decision WHERE case_id = '{}' ORDER BY n",
            story.case
        ));
        let kinds: Vec<String> = chain.iter().map(|row| format!("{:?}", row[0])).collect();
        assert_eq!(
            kinds,
            ["grant", "keep", "lower", "revise"].map(|kind| format!("Text({kind:?})")),
            "no decision is edited"
        );
    });
}

#[test]
fn what_had_come_back_before_the_appeal_succeeded_is_paid_again() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let story = overpaid(&bench);
        bench.decide_recovery(&story.recovery);
        bench.ok(
            "officer",
            Recovery::Enforce {
                recovery: story.recovery.clone(),
            },
        );
        bench.ok(
            "budget",
            Recovery::Collect {
                recovery: story.recovery.clone(),
                amount: yuan("20000"),
                evidence: "国库缴款书 3".to_owned(),
            },
        );
        assert_eq!(recovered(&bench, &story.firm), json!("20000.00"));
        let lodged = lodge(&bench, &story);
        let result = examined(&bench, &story, lodged["appeal"].as_str().unwrap());
        let refund = result["refunds"][0].as_str().unwrap();
        assert_eq!(bench.state_of("recovery", &story.recovery), "cancelled");
        let accounts = ["paid", "receivable", "committed", "available"].map(|account| bench.account(&line, account));
        assert_eq!(accounts, [28_000_000, 0, 2_000_000, 70_000_000]);
        bench.pay(refund);
        assert_eq!(bench.account(&line, "paid"), 30_000_000);
        assert_eq!(bench.state_of("award", &story.award), "settled");
        assert_eq!(recovered(&bench, &story.firm), json!(null), "it counts as paid again");
    });
}

/// A paid reward whose grant its firm appeals: firm, case, award, appeal.
fn appealed(bench: &Bench) -> (String, String, String, String) {
    let (firm, case, award) = bench.rewarded();
    bench.pay(&bench.instalments(&award)[0]);
    let lodge = Appeal::Lodge {
        decision: bench.word("award", "decision", &award),
        ground: "应为40万元".to_owned(),
    };
    let appeal = bench.made(&format!("agent-{firm}"), lodge, "appeal");
    (firm, case, award, appeal)
}

#[test]
fn an_appeal_refunds_nothing_that_a_decision_nobody_appealed_asked_back() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let (_, _, award, appeal) = appealed(&bench);
        let find = Recovery::Find {
            award: award.clone(),
            obligation: None,
            amount: Some(yuan("20000")),
            reason: "第三条：多计收入".to_owned(),
        };
        let recovery = bench.made("officer", find, "recovery");
        bench.decide_recovery(&recovery);
        let collect = Recovery::Collect {
            recovery: recovery.clone(),
            amount: yuan("20000"),
            evidence: "国库缴款书 4".to_owned(),
        };
        bench.ok("budget", collect);
        examine(&bench, &appeal);
        assert_eq!(bench.ok("examiner", uphold(&appeal))["refunds"], json!([]));
        assert_eq!(bench.state_of("recovery", &recovery), "collected");
        assert_eq!(bench.account(&line, "paid"), 28_000_000);
        assert_eq!(bench.state_of("award", &award), "settled");
    });
}

#[test]
fn an_appeal_is_not_upheld_once_another_decision_took_the_place_of_the_appealed_one() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (firm, case, _, appeal) = appealed(&bench);
        lowered(&bench, &firm, &case);
        examine(&bench, &appeal);
        assert_eq!(bench.refused("examiner", uphold(&appeal)), "superseded");
        let (appeal, why) = (appeal, "该决定已被取代".to_owned());
        bench.ok("examiner", Appeal::Dismiss { appeal, why });
    });
}

/// What of the firm's awards counts as taken back where another measure looks at them.
fn recovered(bench: &Bench, firm: &str) -> Value {
    let offer = meed_office::cases::Act::Offer {
        subject: firm.to_owned(),
        measure: "equipment_grant".to_owned(),
        object: None,
        on: None,
    };
    for year in [2024, 2025] {
        bench.authorise(year, "1000000");
    }
    let case = bench.made("machine", offer, "case");
    let agent = format!("agent-{firm}");
    bench.ok(&agent, meed_office::cases::Act::Accept { case: case.clone() });
    let (amount, id) = (None, case.clone());
    bench.ok("officer", meed_office::cases::Act::Propose { case: id, amount });
    let body = bench.one(&format!(
        "SELECT document.body FROM document JOIN decision ON decision.facts = document.digest WHERE decision.case_id = '{case}'"
    ));
    bench.ok(&agent, meed_office::cases::Act::Withdraw { case });
    let facts: Value = serde_json::from_str(&body).unwrap();
    facts["enterprise"]["awards"][0]["recovered"].clone()
}

#[test]
fn upheld_in_part_leaves_the_rest_to_be_recovered() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let story = overpaid(&bench);
        bench.decide_recovery(&story.recovery);
        let lodged = lodge(&bench, &story);
        let appeal = lodged["appeal"].as_str().unwrap().to_owned();
        bench.ok("examiner", Appeal::Admit { appeal: appeal.clone() });
        let found = "收入为2800万元".to_owned();
        bench.ok(
            "examiner",
            Appeal::Examine {
                appeal: appeal.clone(),
                found,
            },
        );
        let uphold = |amount: &str| Appeal::Uphold {
            appeal: appeal.clone(),
            amount: Some(yuan(amount)),
            why: "部分成立".to_owned(),
        };
        assert_eq!(bench.refused("examiner", uphold("300000.01")), "amount_not_due");
        let result = bench.ok("examiner", uphold("280000"));
        assert_eq!(bench.state_of("appeal", &appeal), "upheld_in_part");
        assert_eq!(result["cancelled"], json!([story.recovery]));
        let rest = result["recovery"].as_str().unwrap();
        assert_eq!(
            bench.number(&format!("SELECT amount FROM recovery WHERE id = '{rest}'")),
            2_000_000
        );
    });
}
