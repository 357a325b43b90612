//! Appeals: in time, against the decision in force, examined by somebody who decided nothing; a new decision follows, the old one stays.

use meed_office::aftermath::appeals::Act as Appeal;
use meed_office::cases::Act as Case;
use meed_office::people::Role;
use serde_json::{Value, json};

use crate::support::growth::{giant, growth};
use crate::support::{Bench, on_each_database};

fn apply(firm: &str) -> Case {
    Case::Apply {
        subject: firm.to_owned(),
        measure: "growth_reward".to_owned(),
        object: None,
        on: None,
    }
}

fn lodge(decision: &str) -> Appeal {
    Appeal::Lodge {
        decision: decision.to_owned(),
        ground: "收入认定有误".to_owned(),
    }
}

fn uphold(appeal: &str) -> Appeal {
    Appeal::Uphold {
        appeal: appeal.to_owned(),
        amount: None,
        why: "事实已查清".to_owned(),
    }
}

/// A firm whose revenue was stated too low was refused; firm, case, refusal.
fn refused(bench: &Bench) -> (String, String, String) {
    let mut facts = giant(1);
    facts["enterprise"]["revenue"]["2022"] = json!("19000000.00");
    let firm = bench.enter(facts);
    let agent = format!("agent-{firm}");
    let case = bench.made(&agent, apply(&firm), "case");
    bench.ok(&agent, Case::Submit { case: case.clone() });
    bench.to_review(&case);
    let refuse = Case::Refuse {
        case: case.clone(),
        why: None,
    };
    let decision = bench.made("officer", refuse, "decision");
    (firm, case, decision)
}

fn examined(bench: &Bench, appeal: &str) {
    let id = || appeal.to_owned();
    bench.ok("examiner", Appeal::Admit { appeal: id() });
    let found = "税务申报表显示收入为3000万元".to_owned();
    bench.ok("examiner", Appeal::Examine { appeal: id(), found });
}

#[test]
fn a_refusal_that_is_appealed_in_time_is_proposed_by_a_new_decision() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let (firm, case, decision) = refused(&bench);
        let agent = format!("agent-{firm}");
        assert_eq!(bench.refused("officer", lodge(&decision)), "not_yours");
        let appeal = bench.made(&agent, lodge(&decision), "appeal");
        assert_eq!(bench.refused(&agent, lodge(&decision)), "bad_appeal", "one at a time");
        examined(&bench, &appeal);
        assert_eq!(
            bench.refused("examiner", uphold(&appeal)),
            "not_eligible",
            "the register still says less"
        );
        bench.state_fact(&firm, "/revenue/2022", json!("30000000.00"));
        let (amount, id) = (None, case.clone());
        assert_eq!(bench.refused("officer", Case::Propose { case: id, amount }), "refused");
        bench.ok("examiner", uphold(&appeal));
        assert_eq!(bench.state_of("appeal", &appeal), "upheld");
        assert_eq!(bench.state_of("case", &case), "proposed");
        assert_eq!(bench.account(&line, "reserved"), 30_000_000);
        let decisions = bench.number(&format!("SELECT count(*) FROM decision WHERE case_id = '{case}'"));
        assert_eq!(decisions, 2, "the refusal stays as it was made");
        assert_eq!(bench.refused(&agent, lodge(&decision)), "superseded");
    });
}

#[test]
fn an_application_is_found_inadmissible_with_a_reason_and_an_appeal_takes_it_up_again() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let firm = bench.enter(giant(1));
        let agent = format!("agent-{firm}");
        let case = bench.made(&agent, apply(&firm), "case");
        let id = || case.clone();
        bench.ok(&agent, Case::Submit { case: id() });
        let reject = |why: &str| Case::Reject {
            case: id(),
            why: why.to_owned(),
        };
        assert_eq!(
            bench.refused("officer", reject("迟交")),
            "not_now",
            "it is not taken up yet"
        );
        bench.ok("officer", Case::Examine { case: id() });
        assert_eq!(bench.refused(&agent, reject("迟交")), "not_yours");
        assert_eq!(bench.refused("officer", reject(" ")), "no_reason");
        // One that was not corrected is found inadmissible too: its clock goes on.
        let what = "缺少盖章".to_owned();
        bench.ok("officer", Case::Return { case: id(), what });
        let decision = bench.made("officer", reject("逾期未补正"), "decision");
        assert_eq!(bench.state_of("case", &case), "inadmissible");
        assert_eq!(bench.number("SELECT count(*) FROM standstill WHERE until IS NULL"), 0);
        assert_eq!(bench.number("SELECT count(*) FROM award"), 0);
        assert_eq!(bench.refused("officer", Case::Admit { case: id() }), "inadmissible");

        let appeal = bench.made(&agent, lodge(&decision), "appeal");
        examined(&bench, &appeal);
        let other = bench.made(&agent, apply(&firm), "case");
        assert_eq!(
            bench.refused("examiner", uphold(&appeal)),
            "case_open",
            "the same is asked for anew"
        );
        bench.ok(&agent, Case::Withdraw { case: other });
        bench.ok("examiner", uphold(&appeal));
        assert_eq!(bench.state_of("case", &case), "admissible");
        bench.ok("officer", Case::Review { case: id() });
        bench.ok(
            "officer",
            Case::Propose {
                case: id(),
                amount: None,
            },
        );
        assert_eq!(bench.state_of("case", &case), "proposed");
    });
}

#[test]
fn without_money_a_case_that_was_refused_wrongly_waits() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "100000");
        let (firm, case, decision) = refused(&bench);
        let appeal = bench.made(&format!("agent-{firm}"), lodge(&decision), "appeal");
        examined(&bench, &appeal);
        bench.state_fact(&firm, "/revenue/2022", json!("30000000.00"));
        bench.ok("examiner", uphold(&appeal));
        assert_eq!(bench.state_of("case", &case), "waiting_for_funds");
    });
}

#[test]
fn too_late_is_too_late() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (firm, _, decision) = refused(&bench);
        bench.on("2023-05-06");
        assert_eq!(bench.refused(&format!("agent-{firm}"), lodge(&decision)), "too_late");
    });
}

#[test]
fn who_acted_in_the_case_does_not_examine_the_appeal() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (firm, _, decision) = refused(&bench);
        bench.give("officer", Role::Examiner);
        let agent = format!("agent-{firm}");
        let appeal = bench.made(&agent, lodge(&decision), "appeal");
        let id = || appeal.clone();
        assert_eq!(bench.refused("officer", Appeal::Admit { appeal: id() }), "same_person");
        let dismiss = |why: &str| Appeal::Dismiss {
            appeal: id(),
            why: why.to_owned(),
        };
        assert_eq!(
            bench.refused("examiner", dismiss("无新事实")),
            "not_now",
            "it was not examined"
        );
        examined(&bench, &appeal);
        assert_eq!(bench.refused("examiner", dismiss(" ")), "no_reason");
        bench.ok("examiner", dismiss("无新事实"));
        assert_eq!(bench.state_of("appeal", &appeal), "dismissed");
    });
}

#[test]
fn asking_for_more_does_not_stop_what_was_given_and_an_order_does() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (firm, _, award) = bench.rewarded();
        let decision = bench.word("award", "decision", &award);
        let agent = format!("agent-{firm}");
        let lodged = bench.ok(&agent, lodge(&decision));
        assert_eq!(lodged["stopped"], json!([]));
        let appeal = lodged["appeal"].as_str().unwrap().to_owned();
        let instalment = bench.instalments(&award)[0].clone();
        assert_eq!(bench.recheck(&instalment), "passes");
        let order = Appeal::Stop {
            appeal: appeal.clone(),
            reason: "复议机关决定停止执行".to_owned(),
        };
        let stopped: Value = bench.ok("examiner", order);
        assert_eq!(stopped["stopped"], json!([award]));
        let recheck = || meed_office::awards::Act::Recheck {
            instalment: instalment.clone(),
        };
        assert_eq!(bench.refused("machine", recheck()), "held");
        bench.ok(&agent, Appeal::Withdraw { appeal });
        assert_eq!(
            bench.recheck(&instalment),
            "passes",
            "what an appeal stopped goes on with its end"
        );
    });
}

#[test]
fn what_was_only_proposed_cannot_be_appealed_and_no_appeal_gives_what_nobody_approved() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let firm = bench.enter(giant(1));
        let agent = format!("agent-{firm}");
        let case = bench.propose(&firm, "growth_reward", None);
        let decision = bench.one(&format!("SELECT id FROM decision WHERE case_id = '{case}'"));
        assert_eq!(bench.refused(&agent, lodge(&decision)), "not_decided");
        bench.ok(&agent, Case::Withdraw { case: case.clone() });
        assert_eq!(bench.refused(&agent, lodge(&decision)), "not_decided");
        assert_eq!(bench.state_of("case", &case), "withdrawn");
        assert_eq!(bench.accounts(&line)[0], 100_000_000, "nothing is owed");
    });
}
