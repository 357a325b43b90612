//! Rounds: by every rule of a fund, from the plan to the last share or to the end of the plan; and the queue of those for whom nothing was left.

use meed_office::cases::Act as Case;
use meed_office::publicity::{Act as List, Remedy};
use meed_office::rounds::{Act as Round, Contested};

use crate::support::round::{approve, end, settle, uphold};
use crate::support::{Bench, on_each_database};

/// A round of a measure with applicants who ask for so much and have such scores, on days after each other; closed by 6 March.
pub fn applied(bench: &Bench, measure: &str, contested: Contested, asked: &[(&str, i64)]) -> (String, Vec<String>) {
    let round = bench.round(measure, contested, 0, "2024-03-05");
    let mut cases = Vec::new();
    for (number, (requested, score)) in asked.iter().enumerate() {
        bench.at("2024-03-02", i64::try_from(number).unwrap() * 3_600_000);
        let case = bench.applies(&round, &bench.asks(number, requested, *score));
        bench.to_verified(&case);
        cases.push(case);
    }
    (round, cases)
}

fn shares(bench: &Bench, round: &str) -> Vec<String> {
    let found = bench.cells(&format!(
        "SELECT amount FROM share WHERE round = '{round}' ORDER BY case_id"
    ));
    let amount = |row: &Vec<meed_office::store::Cell>| match row.as_slice() {
        [meed_office::store::Cell::Int(fen)] => crate::support::round::in_yuan(*fen),
        other => panic!("{other:?}"),
    };
    found.iter().map(amount).collect()
}

pub fn propose(case: &str) -> Case {
    Case::Propose {
        case: case.to_owned(),
        amount: None,
    }
}

pub fn ration(round: &str, chosen: Option<&[&String]>) -> Round {
    Round::Ration {
        round: round.to_owned(),
        chosen: chosen.map(|chosen| chosen.iter().map(|case| (*case).clone()).collect()),
    }
}

#[test]
fn a_fund_by_priority_goes_to_the_higher_score_first_and_nobody_is_refused_for_lack_of_money() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let line = bench.line(Some("ranked"), 2024, "1000000");
        let asked = [("600000.00", 1), ("400000.00", 3), ("500000.00", 2), ("300000.00", 0)];
        let (round, cases) = applied(&bench, "ranked_support", Contested::Wait, &asked);
        let frozen = bench.rations(&round, "2024-03-06");
        assert_eq!(shares(&bench, &round), ["100000.00", "400000.00", "500000.00", "0.00"]);
        assert_eq!(bench.state(&cases[3]), "waiting_for_funds");
        bench.publishes(&frozen);
        // The first is struck: the others move up, and who had nothing is public for the first time.
        let objection = bench.objects(&cases[1]);
        bench.ok("examiner", uphold(&objection, Remedy::Strike, None));
        bench.on("2024-03-14");
        let again = bench.settles(&round);
        assert_eq!(shares(&bench, &round)[2..], ["500000.00", "0.00"]);
        assert_eq!(shares(&bench, &round)[0], "500000.00");
        let list = bench.publishes(&again);
        bench.on("2024-03-22");
        assert_eq!(bench.settles(&round)["state"], "settling");
        bench.balances(&line, ["0.00", "1000000.00", "0.00"]);
        assert_eq!(bench.refused("officer", end(&list, 1)), "replaced");
        for case in [&cases[0], &cases[2]] {
            bench.ok("approver", approve(case));
        }
        // Who had nothing waits like everybody else from now on.
        let settled = Case::Propose {
            case: cases[3].clone(),
            amount: Some("300000.00".parse().unwrap()),
        };
        assert_eq!(bench.refused("officer", settled), "no_money");
        bench.ok("officer", Round::Finish { round });
        bench.is_clean();
    });
}

#[test]
fn a_fund_for_the_first_goes_by_the_moment_of_submission() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        bench.line(Some("early"), 2024, "1000000");
        let asked = [("600000.00", 0), ("400000.00", 9), ("500000.00", 5)];
        let (round, cases) = applied(&bench, "early_support", Contested::HoldBack, &asked);
        bench.rations(&round, "2024-03-06");
        assert_eq!(shares(&bench, &round), ["600000.00", "400000.00", "0.00"]);
        assert_eq!(bench.state(&cases[2]), "waiting_for_funds");
    });
}

#[test]
fn where_the_rule_leaves_the_choice_to_people_they_name_whom_they_chose() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let line = bench.line(Some("counted"), 2024, "1000000");
        let asked = [("1.00", 0), ("1.00", 0), ("1.00", 0)];
        let (round, cases) = applied(&bench, "counted_support", Contested::Wait, &asked);
        bench.on("2024-03-06");
        bench.ok("officer", Round::Close { round: round.clone() });
        assert_eq!(bench.refused("officer", ration(&round, None)), "unresolved");
        assert_eq!(
            bench.refused("officer", ration(&round, Some(&[&cases[2]]))),
            "unresolved"
        );
        bench.ok("officer", ration(&round, Some(&[&cases[2], &cases[0], &cases[1]])));
        assert_eq!(shares(&bench, &round), ["400000.00", "0.00", "400000.00"]);
        bench.balances(&line, ["200000.00", "800000.00", "0.00"]);
    });
}

#[test]
fn an_assessed_claim_is_stated_reviewed_and_within_its_ceiling() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        bench.line(Some("panel"), 2024, "600000");
        let round = bench.round("panel_support", Contested::Wait, 1, "2024-03-05");
        let cases: Vec<String> = (0..2)
            .map(|number| bench.applies(&round, &bench.asks(number, "1.00", 0)))
            .collect();
        cases.iter().for_each(|case| bench.to_review(case));
        bench.on("2024-03-06");
        bench.ok("officer", Round::Close { round: round.clone() });
        assert_eq!(bench.refused("officer", ration(&round, None)), "not_reviewed");
        review(&bench, &cases);
        assert_eq!(bench.refused("officer", ration(&round, None)), "no_amount");
        let assess = |case: &String, amount: &str| Round::Assess {
            case: case.clone(),
            amount: amount.parse().unwrap(),
        };
        assert_eq!(
            bench.refused("officer", assess(&cases[0], "500000.01")),
            "amount_not_due"
        );
        bench.ok("officer", assess(&cases[0], "500000.00"));
        bench.ok("officer", assess(&cases[1], "400000.00"));
        bench.ok("officer", ration(&round, None));
        assert_eq!(shares(&bench, &round), ["333333.33", "266666.67"]);
        assert_eq!(bench.refused("officer", assess(&cases[1], "1.00")), "claims_frozen");
        bench.is_clean();
    });
}

/// One final review of each case, by the one reviewer there is.
fn review(bench: &Bench, cases: &[String]) {
    use meed_office::reviews::Act as Review;
    let seed = "足够长的随机种子，二〇二四".to_owned();
    let commit = Review::Commit {
        cases: cases.to_vec(),
        pool: vec!["reviewer".to_owned()],
        each: 1,
        commitment: meed_office::log::sha256(seed.as_bytes()),
    };
    let draw = bench.made("officer", commit, "draw");
    let drawn = bench.ok("officer", Review::Draw { draw, seed });
    for one in drawn["drawn"].as_array().unwrap() {
        let review = || one["review"].as_str().unwrap().to_owned();
        bench.ok("reviewer", Review::Accept { review: review() });
        let (score, note) = ("80".parse().unwrap(), "合理".to_owned());
        bench.ok(
            "reviewer",
            Review::Score {
                review: review(),
                score,
                note,
            },
        );
        bench.ok("reviewer", Review::Submit { review: review() });
    }
    for case in cases {
        bench.ok("officer", Review::Finish { case: case.clone() });
    }
}

#[test]
fn a_round_takes_applications_in_its_days_and_proposes_for_all_of_them_together() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        bench.line(Some("plants"), 2024, "1000000");
        let (round, cases) = applied(
            &bench,
            "plant_support",
            Contested::Wait,
            &[("600000.00", 0), ("500000.00", 0)],
        );
        let late = bench.asks(8, "5.00", 0);
        let agent = format!("agent-{late}");
        let apply = || Round::Apply {
            round: round.clone(),
            subject: late.clone(),
            object: None,
        };
        let draft = bench.made(&agent, apply(), "case");
        assert_eq!(
            bench.refused("officer", Round::Close { round: round.clone() }),
            "still_open"
        );
        assert_eq!(bench.refused("officer", propose(&cases[0])), "in_round");
        bench.on("2024-03-06");
        assert_eq!(
            bench.refused(&agent, Case::Submit { case: draft.clone() }),
            "round_not_open"
        );
        assert_eq!(bench.refused("officer", ration(&round, None)), "not_now");
        bench.ok("officer", Round::Close { round: round.clone() });
        assert_eq!(bench.state(&draft), "lapsed");
        assert_eq!(bench.refused(&agent, apply()), "round_not_open");
        let frozen = bench.ok("officer", ration(&round, None));
        let give_back = Case::Return {
            case: cases[0].clone(),
            what: "补正".to_owned(),
        };
        assert_eq!(bench.refused("officer", give_back), "in_round");
        let freeze = List::Freeze {
            cases: cases.clone(),
            days: None,
        };
        assert_eq!(bench.refused("officer", freeze), "in_round");
        assert_eq!(bench.refused("officer", settle(&round)), "not_now");
        let list = bench.publishes(&frozen);
        bench.on("2024-03-14");
        assert_eq!(bench.refused("officer", end(&list, 1)), "round_not_settled");
        bench.ok("officer", settle(&round));
        assert_eq!(
            bench.refused("officer", Round::Finish { round: round.clone() }),
            "not_done"
        );
        let cancel = Round::Cancel {
            round,
            why: "反悔".to_owned(),
        };
        assert_eq!(bench.refused("officer", cancel), "not_now");
    });
}

#[test]
fn a_case_that_is_not_examined_holds_the_round_up_until_it_is() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        bench.line(Some("plants"), 2024, "1000000");
        let (round, _) = applied(&bench, "plant_support", Contested::Wait, &[("600000.00", 0)]);
        let subject = bench.asks(5, "500000.00", 0);
        let alone = bench.applies_alone("plant_support", &subject);
        let join = |case: &String| Round::Join {
            round: round.clone(),
            case: case.clone(),
        };
        bench.ok("officer", join(&alone));
        assert_eq!(bench.refused("officer", join(&alone)), "not_for_round");
        bench.on("2024-03-06");
        bench.ok("officer", Round::Close { round: round.clone() });
        assert_eq!(bench.refused("officer", ration(&round, None)), "not_ready");
        bench.to_verified(&alone);
        bench.ok("officer", ration(&round, None));
        assert_eq!(shares(&bench, &round), ["545454.55", "454545.45"]);
    });
}

#[test]
fn a_round_that_is_cancelled_frees_everything() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let line = bench.line(Some("plants"), 2024, "1000000");
        let (round, cases) = applied(
            &bench,
            "plant_support",
            Contested::Wait,
            &[("600000.00", 0), ("500000.00", 0)],
        );
        let frozen = bench.rations(&round, "2024-03-06");
        bench.publishes(&frozen);
        let cancel = |why: &str| Round::Cancel {
            round: round.clone(),
            why: why.to_owned(),
        };
        assert_eq!(bench.refused("officer", cancel("")), "no_reason");
        bench.ok("officer", cancel("预算调整"));
        bench.balances(&line, ["1000000.00", "0.00", "0.00"]);
        for case in &cases {
            assert_eq!(
                (bench.state(case).as_str(), bench.due(case).as_str()),
                ("waiting_for_funds", "0.00")
            );
        }
        let object = List::Object {
            case: cases[0].clone(),
            ground: "不实".to_owned(),
            name: None,
        };
        assert_eq!(bench.refused("auditor", object), "not_public_now");
        // They may go into the next round.
        let next = bench.round("plant_support", Contested::HoldBack, 0, "2024-03-08");
        for case in cases {
            bench.ok(
                "officer",
                Round::Join {
                    round: next.clone(),
                    case,
                },
            );
        }
        bench.rations(&next, "2024-03-09");
        bench.balances(&line, ["0.00", "1000000.00", "0.00"]);
        bench.is_clean();
    });
}

#[test]
fn a_row_that_is_withdrawn_leaves_its_share_to_the_round() {
    on_each_database(|address| {
        let bench = Bench::with_rounds(address, "2024-03-01");
        let line = bench.line(Some("plants"), 2024, "1000000");
        let asked = [("600000.00", 0), ("400000.00", 0), ("500000.00", 0)];
        let (round, cases) = applied(&bench, "plant_support", Contested::Wait, &asked);
        let frozen = bench.rations(&round, "2024-03-06");
        bench.publishes(&frozen);
        let agent = format!("agent-{}", bench.subject(&cases[1]));
        bench.ok(&agent, Case::Withdraw { case: cases[1].clone() });
        bench.balances(&line, ["0.00", "1000000.00", "0.00"]);
        bench.on("2024-03-14");
        bench.settles(&round);
        assert_eq!([bench.due(&cases[0]), bench.due(&cases[2])], ["545454.55", "454545.45"]);
        bench.balances(&line, ["0.00", "1000000.00", "0.00"]);
    });
}
