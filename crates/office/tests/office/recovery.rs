//! Recoveries: told, heard, decided, enforced; collected, written off, cancelled or set off; and money that is never lost on the way.

use meed_office::aftermath::recoveries::Act as Recovery;
use meed_office::input::Day;
use meed_office::people::Role;

use crate::support::growth::growth;
use crate::support::{Bench, day, on_each_database, yuan};

/// A paid reward of 300,000 and a recovery of 120,000 of it.
fn found(bench: &Bench) -> (String, String) {
    let (_, _, award) = bench.rewarded();
    bench.pay(&bench.instalments(&award)[0]);
    let recovery = bench.made("officer", find(&award, "120000"), "recovery");
    (award, recovery)
}

fn find(award: &str, amount: &str) -> Recovery {
    Recovery::Find {
        award: award.to_owned(),
        obligation: None,
        amount: Some(yuan(amount)),
        reason: "第三条：多计收入".to_owned(),
    }
}

fn collect(recovery: &str, amount: &str) -> Recovery {
    Recovery::Collect {
        recovery: recovery.to_owned(),
        amount: yuan(amount),
        evidence: format!("国库缴款书 {amount}"),
    }
}

#[test]
fn money_is_asked_back_step_by_step_and_comes_in_parts() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let (award, recovery) = found(&bench);
        let id = || recovery.clone();
        assert_eq!(
            bench.refused("officer", find(&award, "180000.01")),
            "bad_recovery",
            "it is asked back once"
        );
        assert_eq!(
            bench.refused("officer", Recovery::Enforce { recovery: id() }),
            "not_now"
        );
        assert_eq!(bench.refused("budget", collect(&recovery, "1")), "not_enforceable");
        let decided = bench.decide_recovery(&recovery);
        assert_eq!(decided["claims"][0]["amount"], "120000.00");
        assert_eq!(decided["appeal"]["days"], 60);
        assert_eq!(
            [bench.account(&line, "paid"), bench.account(&line, "receivable")],
            [18_000_000, 12_000_000]
        );
        bench.ok("officer", Recovery::Enforce { recovery: id() });
        bench.ok("budget", collect(&recovery, "20000"));
        assert_eq!(bench.refused("budget", collect(&recovery, "100000.01")), "too_much");
        assert_eq!(bench.ok("budget", collect(&recovery, "100000"))["state"], "collected");
        assert_eq!(
            [bench.account(&line, "receivable"), bench.account(&line, "available")],
            [0, 82_000_000]
        );
        assert_eq!(bench.refused("budget", collect(&recovery, "1")), "not_enforceable");
    });
}

#[test]
fn who_heard_does_not_decide_and_a_hold_stops_it() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (_, recovery) = found(&bench);
        let id = || recovery.clone();
        let notify = |date: &str| Recovery::Notify {
            recovery: id(),
            hearing_on: Day(day(date)),
        };
        let later = bench.today().0.tomorrow().unwrap().to_string();
        assert_eq!(bench.refused("officer", notify("2020-01-01")), "past");
        bench.ok("officer", notify(&later));
        let hear = |said: &str| Recovery::Hear {
            recovery: id(),
            said: said.to_owned(),
        };
        let decide = || Recovery::Decide {
            recovery: id(),
            amount: None,
            interest: Some(yuan("350")),
        };
        assert_eq!(bench.refused("officer", hear(" ")), "no_hearing");
        assert_eq!(
            bench.refused("officer", hear("称系笔误")),
            "not_due",
            "the debtor was told {later}"
        );
        bench.on(&later);
        assert_eq!(bench.refused("approver", decide()), "not_now");
        bench.ok("officer", hear("称系笔误"));
        bench.give("officer", Role::Approver);
        assert_eq!(bench.refused("officer", decide()), "same_person");
        let hold = bench.hold("recovery", &recovery);
        assert_eq!(bench.refused("approver", decide()), "held");
        let lift = meed_office::aftermath::holds::Act::Lift { hold, decision: None };
        bench.ok("officer", lift);
        bench.ok("approver", decide());
        assert_eq!(
            bench.number("SELECT interest FROM recovery"),
            35_000,
            "interest is kept beside the line"
        );
        bench.hold("recovery", &recovery);
        assert_eq!(bench.refused("officer", Recovery::Enforce { recovery: id() }), "held");
    });
}

#[test]
fn what_is_written_off_may_still_come() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let (_, recovery) = found(&bench);
        bench.decide_recovery(&recovery);
        let write_off = || Recovery::WriteOff {
            recovery: recovery.clone(),
            reason: "债务人破产终结".to_owned(),
        };
        assert_eq!(
            bench.refused("officer", write_off()),
            "not_now",
            "nobody tried to enforce it"
        );
        bench.ok(
            "officer",
            Recovery::Enforce {
                recovery: recovery.clone(),
            },
        );
        assert_eq!(bench.ok("officer", write_off())["keys"], 1);
        assert_eq!(bench.account(&line, "written_off"), 0, "one key is not two");
        assert_eq!(bench.ok("approver", write_off())["keys"], 2);
        assert_eq!(
            [bench.account(&line, "receivable"), bench.account(&line, "written_off")],
            [0, 12_000_000]
        );
        bench.ok("budget", collect(&recovery, "50000"));
        assert_eq!(bench.state_of("recovery", &recovery), "written_off");
        bench.ok("budget", collect(&recovery, "70000"));
        assert_eq!(bench.state_of("recovery", &recovery), "collected");
        assert_eq!(
            [bench.account(&line, "written_off"), bench.account(&line, "available")],
            [0, 82_000_000]
        );
    });
}

#[test]
fn a_cancelled_recovery_leaves_the_money_where_it_was() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let (_, recovery) = found(&bench);
        bench.decide_recovery(&recovery);
        let reason = "计算有误".to_owned();
        let cancel = Recovery::Cancel {
            recovery: recovery.clone(),
            reason,
        };
        assert_eq!(bench.refused("officer", cancel.clone()), "not_yours");
        bench.ok("approver", cancel);
        assert_eq!(
            [bench.account(&line, "paid"), bench.account(&line, "receivable")],
            [30_000_000, 0]
        );
        assert_eq!(bench.state_of("recovery", &recovery), "cancelled");
    });
}

#[test]
fn two_persons_drop_what_was_found_in_error() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (award, recovery) = found(&bench);
        let drop_it = || Recovery::Drop {
            recovery: recovery.clone(),
            reason: "认定有误".to_owned(),
        };
        bench.ok("officer", drop_it());
        assert_eq!(bench.state_of("recovery", &recovery), "found");
        bench.ok("approver", drop_it());
        assert_eq!(bench.state_of("recovery", &recovery), "dropped");
        bench.ok("officer", find(&award, "300000"));
    });
}

#[test]
fn nobody_turns_a_key_for_what_its_debtor_was_told_already() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        let (_, recovery) = found(&bench);
        let notify = || Recovery::Notify {
            recovery: recovery.clone(),
            hearing_on: Day(day("2023-04-20")),
        };
        bench.ok("officer", notify());
        // The state speaks before the values: what is out of time is refused for that, on whatever day.
        let drop_it = Recovery::Drop {
            recovery: recovery.clone(),
            reason: "认定有误".to_owned(),
        };
        assert_eq!(bench.refused("officer", drop_it), "not_now");
        bench.on("2023-05-04");
        assert_eq!(bench.refused("officer", notify()), "not_now");
        let offset = Recovery::Offset {
            recovery: recovery.clone(),
            instalment: "none".to_owned(),
            amount: None,
            basis: None,
        };
        assert_eq!(bench.refused("officer", offset), "not_enforceable");
    });
}
