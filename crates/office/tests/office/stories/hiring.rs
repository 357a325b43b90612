//! A little giant is subsidised for a hire, three years long. The hire leaves in month 13; what is owed is set off against another award.

use meed_office::aftermath::recoveries::Act as Recovery;
use meed_office::awards::obligations::Act as Obligation;
use meed_office::command::Outcome;
use meed_office::years::{Step, run};
use serde_json::{Value, json};

use crate::support::growth::{giant, growth};
use crate::support::{Bench, on_each_database, yuan};

#[test]
fn a_hire_leaves_in_month_13_and_two_thirds_are_set_off() {
    on_each_database(|address| {
        let (bench, line_2023) = growth(address, "2023-03-06", "240000");
        let (firm, subsidy) = subsidised(&bench);
        let line_2024 = second_year(&bench, &line_2023, &subsidy);
        let recovery = left(&bench, &firm, &subsidy);
        let reward = rewarded(&bench, &firm);
        set_off(&bench, &recovery, &reward);
        // 160,000 came back on each year's line; that of the closed year is surrendered.
        let surrendered = [
            bench.account(&line_2023, "paid"),
            bench.account(&line_2023, "surrendered"),
        ];
        assert_eq!(surrendered, [8_000_000, 16_000_000]);
        // 1,000,000 − 240,000 − 400,000 + 160,000
        assert_eq!(bench.account(&line_2024, "available"), 52_000_000);
        bench.pay(&reward);
        assert_eq!(
            [
                bench.account(&line_2024, "paid"),
                bench.account(&line_2024, "committed")
            ],
            [48_000_000, 0]
        );
        third_year(&bench, &subsidy);
    });
}

fn subsidised(bench: &Bench) -> (String, String) {
    bench.authorise(2024, "240000");
    bench.authorise(2025, "240000");
    let firm = bench.enter(giant(1));
    let case = bench.propose(&firm, "hiring_subsidy", Some("h1"));
    let subsidy = bench.approve(&case, "2023-03-20");
    let instalments = bench.instalments(&subsidy);
    let states: Vec<String> = instalments
        .iter()
        .map(|one| bench.state_of("instalment", one))
        .collect();
    assert_eq!(states, ["due", "pledged", "pledged"]);
    bench.pay(&instalments[0]);
    (firm, subsidy)
}

/// The first year ends, the second year's instalment gets its money and is paid.
fn second_year(bench: &Bench, line: &str, subsidy: &str) -> String {
    bench.on("2024-01-02");
    let next = bench.fund(2024, "1000000");
    let ended = run(&bench.office, "budget", Step::End(line)).unwrap();
    assert!(
        ended.iter().all(|one| matches!(one, Outcome::Accepted { .. })),
        "{ended:?}"
    );
    assert_eq!(bench.state_of("line", line), "closed");
    run(&bench.office, "budget", Step::Open(&next)).unwrap();
    let second = bench.instalments(subsidy)[1].clone();
    assert_eq!(bench.state_of("instalment", &second), "committed");
    bench.on("2024-03-04");
    bench.pay(&second);
    next
}

/// The hire left on 20 March 2024: twelve whole months of thirty-six were served, 480,000 were paid.
fn left(bench: &Bench, firm: &str, subsidy: &str) -> String {
    let obligation = bench.one(&format!("SELECT id FROM obligation WHERE award = '{subsidy}'"));
    let check = || {
        bench.ok(
            "machine",
            Obligation::Check {
                obligation: obligation.clone(),
            },
        )
    };
    let kept = check();
    assert_eq!(
        (&kept["state"], &kept["at_most"]),
        (&json!("active"), &json!("320000.00"))
    );
    bench.on("2024-04-10");
    let import = json!({"has_left": true, "left": "2024-03-20"});
    bench.learn_of_hire(firm, "h1", &import);
    let broken = check();
    assert_eq!(
        (&broken["state"], &broken["at_least"]),
        (&json!("breached"), &json!("320000.00"))
    );
    let find = Recovery::Find {
        award: subsidy.to_owned(),
        obligation: Some(obligation),
        amount: None,
        reason: "第一条：在岗不满三年按未满月数比例追回".to_owned(),
    };
    let recovery = bench.made("officer", find, "recovery");
    let decided = bench.decide_recovery(&recovery);
    let shares: Vec<&Value> = decided["claims"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["amount"])
        .collect();
    assert_eq!(shares, ["160000.00", "160000.00"]);
    bench.ok(
        "officer",
        Recovery::Enforce {
            recovery: recovery.clone(),
        },
    );
    recovery
}

/// The same firm's growth reward of 2024 is approved and passes its recheck; its instalment.
fn rewarded(bench: &Bench, firm: &str) -> String {
    bench.state_fact(firm, "/revenue/2023", json!("40000000.00"));
    let case = bench.propose(firm, "growth_reward", None);
    let award = bench.approve(&case, "2024-04-24");
    let instalment = bench.instalments(&award)[0].clone();
    assert_eq!(bench.recheck(&instalment), "passes");
    instalment
}

fn set_off(bench: &Bench, recovery: &str, instalment: &str) {
    let offset = |amount: Option<&str>| Recovery::Offset {
        recovery: recovery.to_owned(),
        instalment: instalment.to_owned(),
        amount: amount.map(yuan),
        basis: None,
    };
    assert_eq!(bench.refused("preparer", offset(None)), "no_basis");
    let firm = bench.word("recovery", "debtor", recovery);
    let consent = Recovery::Consent {
        recovery: recovery.to_owned(),
        words: "同意从增长奖励中抵扣".to_owned(),
    };
    bench.ok(&format!("agent-{firm}"), consent);
    assert_eq!(bench.refused("preparer", offset(Some("320000.01"))), "too_much");
    assert_eq!(bench.refused("approver", offset(None)), "not_yours");
    let done = bench.ok("preparer", offset(None));
    assert_eq!(
        (&done["amount"], &done["rest"]),
        (&json!("320000.00"), &json!("80000.00"))
    );
    assert_eq!(bench.state_of("recovery", recovery), "collected");
    assert_eq!(
        bench.state_of("instalment", instalment),
        "payable",
        "the rest is transferred"
    );
    let link = done["link"].as_str().unwrap();
    let side = |to: &str| {
        bench.number(&format!(
            "SELECT CAST(sum(amount) AS BIGINT) FROM posting WHERE link = '{link}' AND to_account = '{to}'"
        ))
    };
    assert_eq!(
        [side("paid"), side("returned")],
        [32_000_000, 32_000_000],
        "equal amounts under one link"
    );
}

/// Nothing is due for the third year: it is skipped, its money is free, and the award is over.
fn third_year(bench: &Bench, subsidy: &str) {
    bench.on("2025-03-03");
    let line = bench.fund(2025, "240000");
    run(&bench.office, "budget", Step::Open(&line)).unwrap();
    let third = bench.instalments(subsidy)[2].clone();
    assert_eq!(bench.account(&line, "committed"), 24_000_000);
    assert_eq!(bench.recheck(&third), "skipped");
    assert_eq!(bench.account(&line, "available"), 24_000_000);
    assert_eq!(bench.state_of("award", subsidy), "settled");
    assert_eq!(
        bench.number(&format!("SELECT amount FROM award WHERE id = '{subsidy}'")),
        48_000_000
    );
}
