//! Years: pledges need an authorisation and get their money in order; a year's end leaves nothing behind that could still be paid.

use meed_office::cases::Act as Case;
use meed_office::command::Outcome;
use meed_office::years::{Act as Year, Step, run};

use crate::support::growth::{giant, growth};
use crate::support::{Bench, on_each_database, yuan};

fn accepted(outcomes: &[Outcome]) -> usize {
    outcomes.iter().filter(|one| one.accepted().is_some()).count()
}

/// A three-year subsidy of 240,000 a year; its award.
fn subsidised(bench: &Bench, number: usize, on: &str) -> String {
    let firm = bench.enter(giant(number));
    let case = bench.propose(&firm, "hiring_subsidy", Some("h1"));
    bench.approve(&case, on)
}

#[test]
fn later_years_are_pledged_within_what_is_authorised() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let firm = bench.enter(giant(1));
        bench.authorise(2024, "240000");
        let offer = Case::Offer {
            subject: firm.clone(),
            measure: "hiring_subsidy".to_owned(),
            object: Some("h1".to_owned()),
            on: None,
        };
        let case = bench.made("machine", offer, "case");
        bench.ok(&format!("agent-{firm}"), Case::Accept { case: case.clone() });
        let propose = || Case::Propose {
            case: case.clone(),
            amount: None,
        };
        assert_eq!(
            bench.refused("officer", propose()),
            "not_authorised",
            "2025 has no authorisation"
        );
        assert_eq!(bench.account(&line, "reserved"), 0, "all of it or nothing");
        bench.authorise(2025, "239999.99");
        assert_eq!(bench.refused("officer", propose()), "not_authorised");
        bench.authorise(2025, "240000");
        bench.ok("officer", propose());
        assert_eq!(bench.account(&line, "reserved"), 24_000_000);
        let less = meed_office::ledger::Act::Authorise {
            fund: String::new(),
            year: 2025,
            amount: yuan("239999.99"),
        };
        assert_eq!(
            bench.refused("budget", less),
            "pledged",
            "what is pledged stays authorised"
        );
    });
}

#[test]
fn a_new_year_gives_pledges_their_money_in_order_and_where_it_ends_they_are_short() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        bench.authorise(2024, "1000000");
        bench.authorise(2025, "1000000");
        let first = subsidised(&bench, 1, "2023-03-20");
        let second = subsidised(&bench, 2, "2023-04-03");
        bench.on("2024-01-02");
        let line = bench.fund(2024, "400000");
        let of = |award: &str| bench.instalments(award)[1].clone();
        let fund = |instalment: String| Year::Fund { instalment };
        assert_eq!(bench.refused("budget", fund(of(&second))), "not_in_order");
        assert_eq!(
            bench.refused("budget", fund(bench.instalments(&first)[2].clone())),
            "not_its_year"
        );
        assert_eq!(accepted(&run(&bench.office, "budget", Step::Open(&line)).unwrap()), 2);
        assert_eq!(bench.state_of("instalment", &of(&first)), "committed");
        assert_eq!(bench.state_of("instalment", &of(&second)), "short");
        assert_eq!(
            bench.number("SELECT count(*) FROM outbox WHERE kind = 'short'"),
            1,
            "it is shown"
        );
        assert_eq!(
            run(&bench.office, "budget", Step::Open(&line)).unwrap(),
            [],
            "nothing is left to do"
        );
        assert_eq!(bench.refused("budget", fund(of(&second))), "no_money");
        bench.ok(
            "budget",
            meed_office::ledger::Act::Appropriate {
                line: line.clone(),
                amount: yuan("80000"),
                basis: "追加".to_owned(),
            },
        );
        bench.ok("budget", fund(of(&second)));
        assert_eq!(
            [bench.account(&line, "available"), bench.account(&line, "committed")],
            [0, 48_000_000]
        );
        assert_eq!(
            bench.number("SELECT count(*) FROM pledge WHERE live = 1 AND year = 2024"),
            0
        );
        assert_eq!(
            bench.number("SELECT count(*) FROM pledge WHERE live = 1 AND year = 2025"),
            2
        );
    });
}

#[test]
fn what_is_short_and_has_its_money_now_goes_before_what_is_due_later() {
    on_each_database(|address| {
        let (bench, _) = growth(address, "2023-03-06", "1000000");
        bench.authorise(2024, "1000000");
        bench.authorise(2025, "1000000");
        let [first, second, third] = [(1, "2023-03-20"), (2, "2023-04-03"), (3, "2023-04-17")]
            .map(|(number, on)| subsidised(&bench, number, on));
        bench.on("2024-01-02");
        let line = bench.fund(2024, "200000");
        let of = |award: &str| bench.instalments(award)[1].clone();
        run(&bench.office, "budget", Step::Open(&line)).unwrap();
        for award in [&first, &second, &third] {
            assert_eq!(bench.state_of("instalment", &of(award)), "short");
        }
        let more = meed_office::ledger::Act::Appropriate {
            line: line.clone(),
            amount: yuan("40000"),
            basis: "追加".to_owned(),
        };
        bench.ok("budget", more);
        let fund = |award: &str| Year::Fund { instalment: of(award) };
        assert_eq!(bench.refused("budget", fund(&third)), "not_in_order");
        assert_eq!(bench.refused("budget", fund(&second)), "not_in_order");
        assert_eq!(accepted(&run(&bench.office, "budget", Step::Open(&line)).unwrap()), 1);
        assert_eq!(bench.state_of("instalment", &of(&first)), "committed");
        assert_eq!(bench.account(&line, "available"), 0);
    });
}

#[test]
fn a_line_is_a_payer_s_of_a_year_and_money_has_an_amount_and_a_basis() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1");
        let open = |payer: &str, year: i64| meed_office::ledger::Act::Open {
            payer: payer.to_owned(),
            fund: None,
            year,
        };
        assert_eq!(bench.refused("budget", open("nosuch", 2024)), "unknown_payer");
        let slip = bench.submit("budget", open("city_finances", 2024)).to_json();
        let told = slip["reason"]["en"].as_str().unwrap();
        assert!(told.ends_with("did you mean `city_finance`?"), "{slip}");
        let of_fund = |fund: &str| meed_office::ledger::Act::Open {
            payer: "city_finance".to_owned(),
            fund: Some(fund.to_owned()),
            year: 2024,
        };
        assert_eq!(bench.refused("budget", of_fund("plants")), "unknown_fund");
        let authorise = meed_office::ledger::Act::Authorise {
            fund: "plants".to_owned(),
            year: 2024,
            amount: yuan("1"),
        };
        assert_eq!(bench.refused("budget", authorise), "unknown_fund");
        assert_eq!(bench.refused("budget", open("city_finance", 24)), "bad_year");
        let put = |amount: &str, basis: &str| meed_office::ledger::Act::Appropriate {
            line: line.clone(),
            amount: yuan(amount),
            basis: basis.to_owned(),
        };
        assert_eq!(bench.refused("budget", put("0", "批复")), "nothing_stated");
        assert_eq!(bench.refused("budget", put("1", " ")), "nothing_stated");
        for text in ["1e3", "+5", "-1"] {
            assert!(text.parse::<meed_office::input::Amount>().is_err(), "{text}");
        }
    });
}

#[test]
fn a_year_is_closed_step_by_step() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let firm = bench.enter(giant(1));
        let case = bench.propose(&firm, "growth_reward", None);
        let id = || line.clone();
        assert_eq!(bench.refused("budget", Year::CloseBooks { line: id() }), "year_runs");
        bench.on("2023-12-31");
        assert_eq!(bench.refused("officer", Year::CloseBooks { line: id() }), "not_yours");
        bench.ok("budget", Year::CloseBooks { line: id() });
        assert_eq!(bench.refused("budget", Year::Lapse { line: id() }), "not_empty");
        assert_eq!(bench.refused("budget", Year::Close { line: id() }), "not_empty");
        let other = bench.enter(giant(2));
        let offer = Case::Offer {
            subject: other.clone(),
            measure: "growth_reward".to_owned(),
            object: None,
            on: None,
        };
        let late = bench.made("machine", offer, "case");
        bench.ok(&format!("agent-{other}"), Case::Accept { case: late.clone() });
        let propose = Case::Propose {
            case: late,
            amount: None,
        };
        assert_eq!(
            bench.refused("officer", propose),
            "line_not_open",
            "nothing new is reserved"
        );
        let instalment = bench.one("SELECT id FROM instalment");
        let carry = || Year::Carry {
            line: id(),
            holder: instalment.clone(),
        };
        assert_eq!(
            bench.refused("budget", carry()),
            "no_line",
            "the next year's line comes first"
        );
        let next = bench.fund(2024, "0.01");
        bench.ok("budget", carry());
        assert_eq!(bench.account(&next, "reserved"), 30_000_000);
        assert_eq!(bench.refused("budget", carry()), "nothing_to_carry", "it was carried");
        let nobody = Year::Carry {
            line: id(),
            holder: "instalment-0-0".to_owned(),
        };
        assert_eq!(bench.refused("budget", nobody), "nothing_to_carry");
        bench.ok("budget", Year::Lapse { line: id() });
        bench.ok("budget", Year::Close { line: id() });
        assert_eq!(
            [bench.account(&line, "carried_out"), bench.account(&line, "lapsed")],
            [30_000_000, 70_000_000]
        );
        bench.on("2024-01-02");
        bench.approve(&case, "2024-01-15");
        assert_eq!(bench.account(&next, "committed"), 30_000_000);
    });
}

#[test]
fn a_proposal_that_is_not_carried_over_is_renewed_or_waits_with_its_publicity() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-12-04", "1000000");
        let cases: Vec<String> = [1, 2]
            .map(|number| bench.enter(giant(number)))
            .iter()
            .map(|firm| bench.propose(firm, "growth_reward", None))
            .collect();
        let list = bench.make_public(&cases);
        bench.on("2023-12-31");
        bench.ok("officer", meed_office::publicity::Act::End { list, version: 1 });
        bench.ok("budget", Year::CloseBooks { line: line.clone() });
        let next = bench.fund(2024, "300000");
        let of = |case: &str| {
            bench.one(&format!(
                "SELECT instalment.id FROM instalment JOIN award ON award.id = instalment.award WHERE award.case_id = '{case}'"
            ))
        };
        for case in &cases {
            let instalment = of(case);
            bench.ok(
                "budget",
                Year::Renew {
                    line: line.clone(),
                    instalment,
                },
            );
        }
        assert_eq!(bench.state_of("case", &cases[0]), "recheck");
        assert_eq!(bench.account(&next, "reserved"), 30_000_000);
        assert_eq!(bench.state_of("case", &cases[1]), "waiting_for_funds");
        bench.on("2024-01-02");
        bench.ok("approver", Case::Approve { case: cases[0].clone() });
        bench.ok(
            "budget",
            meed_office::ledger::Act::Appropriate {
                line: next,
                amount: yuan("300000"),
                basis: "追加".to_owned(),
            },
        );
        let propose = Case::Propose {
            case: cases[1].clone(),
            amount: None,
        };
        let proposed = bench.ok("officer", propose);
        assert_eq!(proposed["state"], "recheck", "it was public already");
        bench.ok("approver", Case::Approve { case: cases[1].clone() });
    });
}

#[test]
fn a_recovery_on_a_closed_line_is_surrendered() {
    on_each_database(|address| {
        let (bench, line) = growth(address, "2023-03-06", "1000000");
        let (_, _, award) = bench.rewarded();
        bench.pay(&bench.instalments(&award)[0]);
        bench.on("2024-01-02");
        assert_eq!(accepted(&run(&bench.office, "budget", Step::End(&line)).unwrap()), 3);
        assert_eq!(bench.state_of("line", &line), "closed");
        let find = meed_office::aftermath::recoveries::Act::Find {
            award,
            obligation: None,
            amount: Some(yuan("100000")),
            reason: "第三条：多计收入".to_owned(),
        };
        let recovery = bench.made("officer", find, "recovery");
        bench.decide_recovery(&recovery);
        bench.ok(
            "budget",
            meed_office::aftermath::recoveries::Act::Collect {
                recovery,
                amount: yuan("100000"),
                evidence: "国库缴款书 7".to_owned(),
            },
        );
        assert_eq!(
            [bench.account(&line, "surrendered"), bench.account(&line, "available")],
            [10_000_000, 0]
        );
    });
}
