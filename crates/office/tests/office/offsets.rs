//! Offsets: only the debtor's own debt, to the payer who pays, once it can be enforced and something allows it; both sides move together.

use meed_office::aftermath::recoveries::Act as Recovery;
use meed_office::people::{Act as People, Role};

use crate::support::growth::{giant, growth};
use crate::support::{Bench, on_each_database, yuan};

/// A recovery of 20,000 of a paid reward that is enforced, and a payable subsidy of the same firm of 10,000.
fn owing(bench: &Bench) -> (String, String, String) {
    bench.authorise(2024, "1000000");
    let (firm, _, award) = bench.rewarded();
    bench.pay(&bench.instalments(&award)[0]);
    let find = Recovery::Find {
        award,
        obligation: None,
        amount: Some(yuan("20000")),
        reason: "第三条：多计收入".to_owned(),
    };
    let recovery = bench.made("officer", find, "recovery");
    (firm.clone(), recovery, payable(bench, &firm))
}

fn payable(bench: &Bench, firm: &str) -> String {
    let case = bench.propose(firm, "staying_subsidy", Some("h1"));
    let award = bench.approve(&case, "2023-04-10");
    let instalment = bench.instalments(&award)[0].clone();
    assert_eq!(bench.recheck(&instalment), "passes");
    instalment
}

fn offset(recovery: &str, instalment: &str, amount: Option<&str>) -> Recovery {
    Recovery::Offset {
        recovery: recovery.to_owned(),
        instalment: instalment.to_owned(),
        amount: amount.map(yuan),
        basis: Some("测〔2023〕2号 第五条".to_owned()),
    }
}

#[test]
fn an_offset_moves_both_sides_by_the_same_amount() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let (_, recovery, instalment) = owing(&bench);
        bench.decide_recovery(&recovery);
        let whole = offset(&recovery, &instalment, None);
        assert_eq!(bench.refused("preparer", whole.clone()), "not_enforceable");
        bench.ok(
            "officer",
            Recovery::Enforce {
                recovery: recovery.clone(),
            },
        );
        let hold = bench.hold("instalment", &instalment);
        assert_eq!(bench.refused("preparer", whole.clone()), "held");
        let lift = meed_office::aftermath::holds::Act::Lift { hold, decision: None };
        bench.ok("officer", lift);
        assert_eq!(
            bench.refused("preparer", offset(&recovery, &instalment, Some("10000.01"))),
            "too_much"
        );
        let before = ["paid", "receivable", "available"].map(|account| bench.account(&line, account));
        bench.ok("preparer", whole.clone());
        let after = ["paid", "receivable", "available"].map(|account| bench.account(&line, account));
        assert_eq!(
            after,
            [before[0] + 1_000_000, before[1] - 1_000_000, before[2] + 1_000_000]
        );
        assert_eq!(
            bench.state_of("instalment", &instalment),
            "paid",
            "nothing of it is left to transfer"
        );
        assert_eq!(
            bench.state_of("recovery", &recovery),
            "enforcing",
            "10,000 are still owed"
        );
        assert_eq!(bench.refused("preparer", whole), "not_payable");
    });
}

#[test]
fn only_the_debtors_own_debt_is_set_off() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (_, recovery, _) = owing(&bench);
        bench.decide_recovery(&recovery);
        bench.ok(
            "officer",
            Recovery::Enforce {
                recovery: recovery.clone(),
            },
        );
        let other = bench.enter(giant(2));
        let case = bench.propose(&other, "growth_reward", None);
        let award = bench.approve(&case, "2023-04-24");
        let theirs = bench.instalments(&award)[0].clone();
        assert_eq!(bench.recheck(&theirs), "passes");
        assert_eq!(
            bench.refused("preparer", offset(&recovery, &theirs, None)),
            "other_debtor"
        );
    });
}

#[test]
fn a_substitute_sets_off_where_no_preparer_may() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (firm, recovery, instalment) = owing(&bench);
        bench.decide_recovery(&recovery);
        let enforce = Recovery::Enforce {
            recovery: recovery.clone(),
        };
        bench.ok("officer", enforce);
        bench.substitute(Role::Preparer, "2023-04-11");
        bench.ok("preparer", People::Declare { subject: firm });
        let whole = || offset(&recovery, &instalment, None);
        assert_eq!(bench.refused("preparer", whole()), "interest");
        assert_eq!(bench.refused("far", whole()), "not_yours", "it was not given to them");
        let case = bench.one(&format!(
            "SELECT case_id FROM award WHERE id IN (SELECT award FROM instalment WHERE id = '{instalment}')"
        ));
        let stand_in = People::StandIn {
            case,
            role: Role::Preparer,
        };
        assert_eq!(bench.ok("preparer", stand_in)["substitute"], "far");
        bench.ok("far", whole());
        assert_eq!(bench.state_of("instalment", &instalment), "paid");
    });
}
