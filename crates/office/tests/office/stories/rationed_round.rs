//! Three plants share a fund in proportion, one of them is objected to: nobody is paid before the shares are final, to the fen.

use meed_office::publicity::Remedy;
use meed_office::rounds::{Act as Round, Contested};

use crate::support::round::{approve, settle, uphold};
use crate::support::{Bench, on_each_database};

/// The office once the list is public until the end of 13 March, its line, round, cases and list.
fn public(address: &str, contested: Contested) -> (Bench, String, String, Vec<String>, String) {
    let bench = Bench::with_rounds(address, "2024-03-01");
    let line = bench.line(Some("plants"), 2024, "1000000");
    let round = bench.round("plant_support", contested, 0, "2024-03-05");
    let claims = ["600000.00", "400000.00", "500000.00"];
    let cases: Vec<String> = (0..)
        .zip(claims)
        .map(|(number, claim)| {
            let case = bench.applies(&round, &bench.asks(number, claim, 0));
            bench.to_verified(&case);
            case
        })
        .collect();
    bench.balances(&line, ["1000000.00", "0.00", "0.00"]);
    let frozen = bench.rations(&round, "2024-03-06");
    bench.balances(&line, ["0.00", "1000000.00", "0.00"]);
    gets(&bench, &cases, ["400000.00", "266666.67", "333333.33"]);
    let list = bench.publishes(&frozen);
    (bench, line, round, cases, list)
}

#[track_caller]
fn gets(bench: &Bench, cases: &[String], expected: [&str; 3]) {
    assert_eq!(cases.iter().map(|case| bench.due(case)).collect::<Vec<_>>(), expected);
}

/// What each row holds of the line.
#[track_caller]
fn holds(bench: &Bench, cases: &[String], expected: [&str; 3]) {
    let held = |case: &String| {
        let sql = format!(
            "SELECT CAST(coalesce(sum(reserved), 0) AS BIGINT) FROM holding JOIN instalment ON instalment.id = holding.holder JOIN award ON \
             award.id = instalment.award WHERE award.case_id = '{case}'"
        );
        crate::support::round::in_yuan(bench.number(&sql))
    };
    assert_eq!(cases.iter().map(held).collect::<Vec<_>>(), expected);
}

#[test]
fn a_struck_row_leaves_its_share_to_the_others_who_are_public_again() {
    on_each_database(|address| {
        let (bench, line, round, cases, list) = public(address, Contested::Wait);
        bench.on("2024-03-12");
        let objection = bench.objects(&cases[1]);
        assert_eq!(bench.refused("officer", settle(&round)), "still_public");
        bench.on("2024-03-14");
        assert_eq!(bench.refused("officer", settle(&round)), "contested");
        assert_eq!(bench.refused("approver", approve(&cases[0])), "round_not_settled");
        let struck = bench.ok("examiner", uphold(&objection, Remedy::Strike, None));
        assert_eq!(struck["reasons"]["statement"], "经查属实");
        assert_eq!(struck["reasons"]["appeal"]["days"], 60);
        assert_eq!(bench.state(&cases[1]), "refused");
        // What the struck row had is the round's, not anybody's.
        bench.balances(&line, ["0.00", "1000000.00", "0.00"]);
        holds(&bench, &cases, ["400000.00", "0.00", "333333.33"]);

        let again = bench.settles(&round);
        assert_eq!((&again["state"], &again["version"]), (&"public".into(), &2.into()));
        gets(&bench, &cases, ["545454.55", "0.00", "454545.45"]);
        holds(&bench, &cases, ["545454.55", "0.00", "454545.45"]);
        bench.balances(&line, ["0.00", "1000000.00", "0.00"]);
        assert_eq!(bench.refused("officer", settle(&round)), "not_yet_public");
        bench.publishes(&again);
        assert_eq!(bench.refused("officer", settle(&round)), "still_public");
        bench.on("2024-03-22");
        assert_eq!(bench.settles(&round)["ended"], 2);
        for case in [&cases[0], &cases[2]] {
            bench.ok("approver", approve(case));
        }
        bench.balances(&line, ["0.00", "0.00", "1000000.00"]);
        bench.ok("officer", Round::Finish { round: round.clone() });
        let hashes = format!("SELECT count(DISTINCT hash) FROM list WHERE id = '{list}'");
        assert_eq!(bench.number(&hashes), 2, "the first version and its hash stay");
        bench.is_clean();
    });
}

#[test]
fn a_claim_that_is_cut_leaves_the_rest_to_the_others() {
    on_each_database(|address| {
        let (bench, line, round, cases, _) = public(address, Contested::Wait);
        let objection = bench.objects(&cases[1]);
        bench.ok("examiner", uphold(&objection, Remedy::Lower, Some("100000.00")));
        gets(&bench, &cases, ["400000.00", "100000.00", "333333.33"]);
        bench.balances(&line, ["0.00", "1000000.00", "0.00"]);
        bench.on("2024-03-14");
        let again = bench.settles(&round);
        gets(&bench, &cases, ["500000.00", "83333.33", "416666.67"]);
        bench.balances(&line, ["0.00", "1000000.00", "0.00"]);
        bench.publishes(&again);
        // The row that fell is not public again, so nobody can object to it now.
        let object = |case: &String| meed_office::publicity::Act::Object {
            case: case.clone(),
            ground: "不实".to_owned(),
            name: None,
        };
        assert_eq!(bench.refused("auditor", object(&cases[1])), "not_public_now");
        bench.made("auditor", object(&cases[0]), "objection");
        let lodged = format!(
            "SELECT count(*) FROM objection WHERE case_id = '{}' AND version = 2",
            cases[0]
        );
        assert_eq!(bench.number(&lodged), 1);
        bench.on("2024-03-22");
        assert_eq!(bench.refused("officer", settle(&round)), "contested");
        bench.is_clean();
    });
}

#[test]
fn a_contested_row_that_is_held_back_changes_nobody_elses_share() {
    on_each_database(|address| {
        let (bench, line, round, cases, list) = public(address, Contested::HoldBack);
        let objection = bench.objects(&cases[1]);
        bench.on("2024-03-14");
        let settled = bench.settles(&round);
        assert_eq!(
            (&settled["ended"], &settled["contested"][0]),
            (&2.into(), &cases[1].clone().into())
        );
        bench.ok("approver", approve(&cases[0]));
        bench.balances(&line, ["0.00", "600000.00", "400000.00"]);
        assert_eq!(bench.refused("approver", approve(&cases[1])), "contested");
        // After the first approval no share is reopened: what the row loses is free, and nobody else's.
        bench.ok("examiner", uphold(&objection, Remedy::Lower, Some("100000.00")));
        gets(&bench, &cases, ["400000.00", "66666.66", "333333.33"]);
        bench.balances(&line, ["200000.01", "399999.99", "400000.00"]);
        assert_eq!(bench.refused("officer", settle(&round)), "not_now");
        bench.ok("officer", crate::support::round::end(&list, 1));
        bench.ok("approver", approve(&cases[1]));
        bench.ok("approver", approve(&cases[2]));
        bench.balances(&line, ["200000.01", "0.00", "799999.99"]);
        bench.is_clean();
    });
}

#[test]
fn a_claim_that_is_raised_takes_from_the_others_and_alone_is_public_again() {
    on_each_database(|address| {
        let (bench, line, round, cases, _) = public(address, Contested::Wait);
        let objection = bench.objects(&cases[1]);
        let raise = || uphold(&objection, Remedy::Raise, Some("500000.00"));
        assert_eq!(bench.refused("examiner", raise()), "amount_not_due");
        bench.says(&cases[1], "500000.00");
        bench.ok("examiner", raise());
        gets(&bench, &cases, ["400000.00", "266666.67", "333333.33"]);
        bench.on("2024-03-14");
        let again = bench.settles(&round);
        assert_eq!(again["raised"], serde_json::json!([cases[1]]));
        gets(&bench, &cases, ["375000.00", "312500.00", "312500.00"]);
        bench.balances(&line, ["0.00", "1000000.00", "0.00"]);
        bench.publishes(&again);
        bench.on("2024-03-22");
        assert_eq!(bench.settles(&round)["ended"], 3);
        cases.iter().for_each(|case| drop(bench.ok("approver", approve(case))));
        bench.balances(&line, ["0.00", "0.00", "1000000.00"]);
        bench.is_clean();
    });
}

#[test]
fn a_row_that_is_held_back_rises_only_by_money_that_is_nobodys() {
    on_each_database(|address| {
        let (bench, line, round, cases, list) = public(address, Contested::HoldBack);
        let objections = [&cases[1], &cases[2]].map(|case| bench.objects(case));
        bench.on("2024-03-14");
        bench.settles(&round);
        bench.ok("approver", approve(&cases[0]));
        bench.says(&cases[1], "500000.00");
        bench.says(&cases[2], "600000.00");
        bench.more(&line, "70000.00");
        let raised = bench.ok("examiner", uphold(&objections[0], Remedy::Raise, Some("500000.00")));
        assert_eq!((&raised["given"], &raised["version"]), (&"raised".into(), &2.into()));
        let waits = bench.ok("examiner", uphold(&objections[1], Remedy::Raise, Some("600000.00")));
        assert_eq!(waits["given"], "waiting_for_funds");
        gets(&bench, &cases, ["400000.00", "333333.33", "333333.33"]);
        bench.balances(&line, ["3333.34", "666666.66", "400000.00"]);
        let version = serde_json::json!({"list": list, "version": raised["version"], "hash": raised["hash"]});
        assert_eq!(bench.publish_refused(&version), "row_gone");
        let renew = meed_office::publicity::Act::Renew {
            list: list.clone(),
            cases: Vec::new(),
        };
        let renewed = bench.ok("officer", renew);
        bench.publishes(&renewed);
        bench.on("2024-03-22");
        bench.ok("officer", crate::support::round::end(&list, 3));
        bench.ok("approver", approve(&cases[1]));
        bench.balances(&line, ["3333.34", "333333.33", "733333.33"]);
        bench.is_clean();
    });
}
