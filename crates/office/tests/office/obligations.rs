//! Obligations: kept or not by the rules, broken by an event, waived by two persons; and what breaking one would cost.

use meed_office::aftermath::recoveries::Act as Recovery;
use meed_office::awards::Act as Award;
use meed_office::awards::obligations::Act as Obligation;
use meed_office::people::Role;
use serde_json::{Value, json};

use crate::support::growth::growth;
use crate::support::{Bench, on_each_database, yuan};

fn check(bench: &Bench, obligation: &str) -> Value {
    let obligation = obligation.to_owned();
    bench.ok("machine", Obligation::Check { obligation })
}

/// A reward of 300,000 that was paid; its obligation.
fn rewarded(bench: &Bench) -> (String, String, String) {
    let (firm, _, award) = bench.rewarded();
    let obligation = bench.one(&format!("SELECT id FROM obligation WHERE award = '{award}'"));
    (firm, award, obligation)
}

#[test]
fn breaking_costs_what_was_paid_and_no_more() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (_, award, obligation) = rewarded(&bench);
        let unpaid = check(&bench, &obligation);
        assert_eq!(
            (&unpaid["state"], &unpaid["at_most"]),
            (&json!("active"), &json!("0.00"))
        );
        bench.pay(&bench.instalments(&award)[0]);
        let paid = check(&bench, &obligation);
        assert_eq!(
            (&paid["at_least"], &paid["at_most"]),
            (&json!("300000.00"), &json!("300000.00"))
        );
        bench.on("2026-03-06");
        assert_eq!(bench.tick(), [format!("obligation {obligation}")]);
        let over = check(&bench, &obligation);
        assert_eq!((&over["state"], &over["at_most"]), (&json!("met"), &json!("0.00")));
    });
}

#[test]
fn the_rules_find_it_broken_and_two_persons_waive_it() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (firm, award, obligation) = rewarded(&bench);
        bench.pay(&bench.instalments(&award)[0]);
        let waive = |reason: &str| Obligation::Waive {
            obligation: obligation.clone(),
            reason: reason.to_owned(),
        };
        assert_eq!(bench.refused("officer", waive("企业遭受重大自然灾害")), "not_now");
        bench.state_fact(&firm, "/in_city", json!(false));
        assert_eq!(check(&bench, &obligation)["state"], "breached");
        assert_eq!(bench.refused("approver", waive("企业遭受重大自然灾害")), "not_yours");
        assert_eq!(bench.ok("officer", waive("企业遭受重大自然灾害"))["keys"], 1);
        assert_eq!(bench.refused("officer", waive("企业遭受重大自然灾害")), "not_yours");
        // Who is both has one key all the same.
        bench.give("approver", Role::Officer);
        bench.give("officer", Role::Approver);
        assert_eq!(bench.refused("officer", waive("企业遭受重大自然灾害")), "same_person");
        assert_eq!(
            bench.ok("approver", waive("另一理由"))["keys"],
            1,
            "other words are another first key"
        );
        assert_eq!(bench.state_of("obligation", &obligation), "breached");
        assert_eq!(bench.ok("approver", waive("企业遭受重大自然灾害"))["keys"], 2);
        assert_eq!(bench.state_of("obligation", &obligation), "waived");
    });
}

#[test]
fn an_event_breaks_it_where_the_facts_say_nothing_yet() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (_, award, obligation) = rewarded(&bench);
        bench.pay(&bench.instalments(&award)[0]);
        let breach = |event: &str| Obligation::Breach {
            obligation: obligation.clone(),
            event: event.to_owned(),
        };
        assert_eq!(bench.refused("officer", breach("")), "no_reason");
        bench.ok("officer", breach("迁往外市，市场监管局函告"));
        let find = Recovery::Find {
            award: award.clone(),
            obligation: Some(obligation.clone()),
            amount: Some(yuan("300000.01")),
            reason: "第三条".to_owned(),
        };
        assert_eq!(bench.refused("officer", find), "amount_not_due");
        let find = Recovery::Find {
            award,
            obligation: Some(obligation.clone()),
            amount: None,
            reason: "第三条".to_owned(),
        };
        assert_eq!(bench.ok("officer", find)["amount"], "300000.00");
        assert_eq!(bench.state_of("obligation", &obligation), "recovery");
    });
}

#[test]
fn what_was_to_be_kept_for_an_annulled_award_is_moot() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let (_, award, obligation) = rewarded(&bench);
        bench.join("second", Role::Approver);
        let annul = |heard: &str| Award::Annul {
            award: award.clone(),
            reason: "第三条：营业收入造假".to_owned(),
            heard: heard.to_owned(),
        };
        assert_eq!(bench.refused("second", annul("")), "no_reason");
        assert_eq!(bench.refused("officer", annul("企业承认")), "not_yours");
        bench.ok("second", annul("企业承认"));
        assert_eq!(bench.state_of("obligation", &obligation), "moot");
        assert_eq!(bench.state_of("award", &award), "annulled");
        assert_eq!(bench.account(&line, "available"), 100_000_000);
    });
}
