//! Who comes first: those who applied first, whoever asks twice, whoever is faster on the last yuan.

use meed_office::cases::Act as Case;
use meed_office::command::{Command, Outcome};
use meed_office::people::Role;
use meed_office::rounds::{Act as Round, Contested};

use crate::rounds::{applied, propose, ration};
use crate::support::round::approve;
use crate::support::{Bench, on_each_database};

#[test]
fn whoever_applied_first_goes_first_when_money_comes() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let line = bench.line(None, 2024, "50000");
        let mut cases = Vec::new();
        for (number, requested) in ["100000.00", "60000.00", "40000.00"].into_iter().enumerate() {
            bench.at("2024-03-02", i64::try_from(number).unwrap() * 60_000);
            let case = bench.applies_alone("plain_support", &bench.asks(number, requested, 0));
            bench.to_verified(&case);
            cases.push(case);
        }
        // There is money for the last, but two applied before: all wait, nobody is refused.
        for case in &cases {
            assert_eq!(bench.proposes(case)["state"], "waiting_for_funds");
        }
        bench.more(&line, "30000");
        assert_eq!(bench.refused("officer", propose(&cases[2])), "not_first");
        assert_eq!(bench.refused("officer", propose(&cases[1])), "not_first");
        assert_eq!(bench.refused("officer", propose(&cases[0])), "no_money");
        let offered = |answer: &str| Case::OfferMoney {
            case: cases[0].clone(),
            answer: answer.to_owned(),
        };
        assert_eq!(bench.refused("officer", offered("")), "not_waiting");
        bench.ok("officer", offered("不足以开工，继续等待"));
        bench.ok("officer", propose(&cases[1]));
        bench.balances(&line, ["20000.00", "60000.00", "0.00"]);
        // More money is the first one's again.
        bench.more(&line, "20000");
        assert_eq!(bench.refused("officer", propose(&cases[2])), "not_first");
        bench.more(&line, "60000");
        bench.ok("officer", propose(&cases[0]));
        assert_eq!(bench.refused("officer", propose(&cases[2])), "no_money");
        bench.balances(&line, ["0.00", "160000.00", "0.00"]);
        bench.is_clean();
    });
}

#[test]
fn a_proposal_does_not_compete_with_itself_for_its_money() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let line = bench.line(None, 2024, "50000");
        let case = bench.applies_alone("plain_support", &bench.asks(1, "50000.00", 0));
        bench.to_verified(&case);
        assert_eq!(bench.proposes(&case)["state"], "proposed");
        assert_eq!(bench.refused("officer", propose(&case)), "not_now");
        bench.make_public(std::slice::from_ref(&case));
        assert_eq!(bench.refused("officer", propose(&case)), "not_now");
        assert_eq!(bench.state(&case), "publicity");
        bench.balances(&line, ["0.00", "50000.00", "0.00"]);
    });
}

#[test]
fn a_round_does_not_pass_over_who_waits_for_the_same_money() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let line = bench.line(Some("plants"), 2024, "1.00");
        let waits = bench.applies_alone("plant_support", &bench.asks(7, "300000.00", 0));
        bench.to_verified(&waits);
        let amount = Some("300000.00".parse().unwrap());
        let case = waits.clone();
        assert_eq!(
            bench.ok("officer", Case::Propose { case, amount })["state"],
            "waiting_for_funds"
        );
        bench.more(&line, "999999.00");
        let (round, _) = applied(
            &bench,
            "plant_support",
            Contested::Wait,
            &[("600000.00", 0), ("500000.00", 0)],
        );
        bench.on("2024-03-06");
        bench.ok("officer", Round::Close { round: round.clone() });
        assert_eq!(bench.refused("officer", ration(&round, None)), "not_first");
        let offered = Case::OfferMoney {
            case: waits,
            answer: "转入下一批次".to_owned(),
        };
        bench.ok("officer", offered);
        bench.ok("officer", ration(&round, None));
        bench.balances(&line, ["0.00", "1000000.00", "0.00"]);
    });
}

#[test]
fn fault_4_two_tabs_and_a_double_click_make_one_case_and_one_award() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let line = bench.line(Some("plants"), 2024, "1000000");
        let round = bench.round("plant_support", Contested::Wait, 0, "2024-03-05");
        let subject = bench.asks(1, "600000.00", 0);
        let agent = format!("agent-{subject}");
        let apply = || Round::Apply {
            round: round.clone(),
            subject: subject.clone(),
            object: None,
        };
        let click = Command::new("click", agent.as_str(), apply());
        let first = bench.office.submit(click.clone()).unwrap();
        assert_eq!(bench.office.submit(click).unwrap(), first);
        assert_eq!(bench.refused(&agent, apply()), "case_open");
        let case = first.accepted().unwrap()["case"].as_str().unwrap().to_owned();
        bench.ok(&agent, Case::Submit { case: case.clone() });
        assert_eq!(bench.refused(&agent, Case::Submit { case: case.clone() }), "not_now");
        bench.to_verified(&case);
        let frozen = bench.rations(&round, "2024-03-06");
        assert_eq!(bench.refused("officer", ration(&round, None)), "not_now");
        bench.publishes(&frozen);
        bench.on("2024-03-14");
        bench.settles(&round);
        bench.another("second", Role::Approver);
        // Two approvers at once.
        let send = |person: &str| {
            bench
                .office
                .send(Command::new(format!("by-{person}"), person, approve(&case)))
                .unwrap()
        };
        let answers = [send("approver"), send("second")].map(|answer| answer.recv().unwrap().unwrap());
        assert_eq!(answers.iter().filter(|answer| answer.accepted().is_some()).count(), 1);
        assert_eq!(bench.number("SELECT count(*) FROM award WHERE state = 'committed'"), 1);
        bench.balances(&line, ["400000.00", "0.00", "600000.00"]);
    });
}

#[test]
fn fault_5_two_officers_on_the_last_yuan() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let line = bench.line(None, 2024, "100000");
        bench.another("second", Role::Officer);
        let cases = [1, 2].map(|number| {
            let case = bench.applies_alone("plain_support", &bench.asks(number, "100000.00", 0));
            bench.to_verified(&case);
            case
        });
        let send = |person: &str, case: &String| {
            bench
                .office
                .send(Command::new(format!("by-{person}"), person, propose(case)))
                .unwrap()
        };
        let answers = [send("officer", &cases[0]), send("second", &cases[1])];
        let mut states = answers.map(|answer| match answer.recv().unwrap().unwrap() {
            Outcome::Accepted { result, .. } => result["state"].as_str().unwrap().to_owned(),
            other => panic!("{other:?}"),
        });
        states.sort();
        assert_eq!(states, ["proposed", "waiting_for_funds"]);
        bench.balances(&line, ["0.00", "100000.00", "0.00"]);
        bench.is_clean();
    });
}
