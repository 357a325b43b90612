//! Facts that come late: decisions are made again and only proposed; lower is told and heard, higher is made public again.

use meed_office::aftermath::revisions::Act as Revision;
use meed_office::cases::Act as Case;
use meed_office::publicity::Act as List;
use serde_json::json;

use crate::support::growth::growth;
use crate::support::{on_each_database, yuan};

fn revise(case: &str, heard: Option<&str>) -> Revision {
    Revision::Revise {
        case: case.to_owned(),
        reason: "审计报告更正".to_owned(),
        heard: heard.map(str::to_owned),
    }
}

fn notify(case: &str, amount: &str) -> Revision {
    Revision::Notify {
        case: case.to_owned(),
        amount: yuan(amount),
        reason: "审计报告更正".to_owned(),
    }
}

#[test]
fn correcting_a_fact_lists_the_decisions_that_it_would_change() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (firm, case, award) = bench.rewarded();
        let same = bench.state_fact(&firm, "/in_city", json!(true));
        assert_eq!(same["would_change"], json!([]), "nothing that the decision goes by");
        let told = bench.state_fact(&firm, "/revenue/2022", json!("25000000.00"));
        let proposal = &told["would_change"][0];
        assert_eq!(
            (&proposal["case"], &proposal["on"]),
            (&json!(case), &json!("2023-03-06"))
        );
        assert_eq!(proposal["then"]["amount"], json!({"exact": "300000.00"}));
        assert_eq!(proposal["now"]["amount"], json!({"exact": "250000.00"}));
        assert_eq!(
            proposal["changed"]["/revenue/2022"],
            json!({"then": "30000000.00", "now": "25000000.00"})
        );
        assert_eq!(bench.number("SELECT amount FROM award"), 30_000_000, "it only proposes");
        let days = "SELECT count(DISTINCT valid_from) FROM fact WHERE path = '/revenue/2022'";
        assert_eq!(
            bench.number(days),
            1,
            "a year's value holds from when the year is over, whoever states it"
        );
        let subject = firm.clone();
        let again = bench.ok("machine", Revision::LateFacts { subject });
        assert_eq!(again["proposals"], told["would_change"]);
        assert_eq!(bench.state_of("award", &award), "committed");
    });
}

#[test]
fn less_is_decided_after_a_notice_and_a_hearing() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let (firm, case, award) = bench.rewarded();
        bench.state_fact(&firm, "/revenue/2022", json!("25000000.00"));
        assert_eq!(bench.refused("approver", revise(&case, Some("无异议"))), "not_heard");
        bench.ok("officer", notify(&case, "240000"));
        assert_eq!(
            bench.refused("approver", revise(&case, Some("无异议"))),
            "not_heard",
            "they were told of another amount"
        );
        bench.ok("officer", notify(&case, "250000"));
        assert_eq!(bench.refused("approver", revise(&case, None)), "not_heard");
        let revised = bench.ok("approver", revise(&case, Some("无异议")));
        assert_eq!(
            (&revised["kind"], &revised["amount"]),
            (&json!("lower"), &json!("250000.00"))
        );
        assert_eq!(revised["recovery"], json!(null), "nothing was paid yet");
        assert_eq!(
            [bench.account(&line, "available"), bench.account(&line, "committed")],
            [75_000_000, 25_000_000]
        );
        assert_eq!(bench.recheck(&bench.instalments(&award)[0]), "passes");
    });
}

#[test]
fn what_was_paid_above_a_lower_decision_is_to_be_recovered() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (firm, case, award) = bench.rewarded();
        bench.pay(&bench.instalments(&award)[0]);
        bench.state_fact(&firm, "/revenue/2022", json!("25000000.00"));
        bench.ok("officer", notify(&case, "250000"));
        let revised = bench.ok("approver", revise(&case, Some("无异议")));
        let recovery = revised["recovery"].as_str().unwrap();
        assert_eq!(bench.number("SELECT amount FROM recovery"), 5_000_000);
        let drop_it = |reason: &str| meed_office::aftermath::recoveries::Act::Drop {
            recovery: recovery.to_owned(),
            reason: reason.to_owned(),
        };
        bench.ok("officer", drop_it("金额不大"));
        assert_eq!(
            bench.refused("approver", drop_it("金额不大")),
            "not_covered",
            "the decision gives less than was paid"
        );
        bench.decide_recovery(recovery);
    });
}

#[test]
fn nothing_left_is_an_annulment() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let (firm, case, award) = bench.rewarded();
        bench.state_fact(&firm, "/revenue/2022", json!("19999999.99"));
        bench.ok("officer", notify(&case, "0"));
        let revised = bench.ok("approver", revise(&case, Some("无异议")));
        assert_eq!(
            (&revised["kind"], &revised["amount"]),
            (&json!("annul"), &json!("0.00"))
        );
        assert_eq!(bench.state_of("award", &award), "annulled");
        assert_eq!(bench.account(&line, "available"), 100_000_000);
    });
}

#[test]
fn more_is_public_again_before_it_is_approved() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let (firm, case, award) = bench.rewarded();
        bench.pay(&bench.instalments(&award)[0]);
        bench.state_fact(&firm, "/revenue/2022", json!("40000000.00"));
        assert_eq!(
            bench.refused("approver", revise(&case, None)),
            "not_yours",
            "an officer proposes more"
        );
        let raised = bench.ok("officer", revise(&case, None));
        assert_eq!(
            (&raised["kind"], &raised["amount"]),
            (&json!("raise"), &json!("400000.00"))
        );
        assert_eq!(
            [bench.account(&line, "reserved"), bench.account(&line, "paid")],
            [10_000_000, 30_000_000]
        );
        let withdraw = Case::Withdraw { case: case.clone() };
        assert_eq!(bench.refused(&format!("agent-{firm}"), withdraw), "raised");
        assert_eq!(
            bench.refused("approver", Case::Approve { case: case.clone() }),
            "not_covered"
        );
        let list = bench.make_public(std::slice::from_ref(&case));
        bench.on("2023-04-10");
        bench.ok("officer", List::End { list, version: 1 });
        bench.ok("approver", Case::Approve { case });
        let more = bench.instalments(&award)[1].clone();
        assert_eq!(bench.recheck(&more), "passes", "100,000 of the 400,000 are still due");
        assert_eq!(
            bench.number(&format!("SELECT amount FROM instalment WHERE id = '{more}'")),
            10_000_000
        );
    });
}
