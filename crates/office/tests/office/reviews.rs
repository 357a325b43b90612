//! Reviews: drawn by a seed nobody knew, blind until all have spoken, and void once the case is given back.

use meed_office::cases::Act as Case;
use meed_office::log::sha256;
use meed_office::people::Role;
use meed_office::reviews::{Act as Review, Lot, list, summary};
use serde_json::Value;

use crate::support::round::approve;
use crate::support::{Bench, on_each_database};

const SEED: &str = "2024年3月第一次抽取的随机种子";
const POOL: [&str; 4] = ["chen", "li", "wang", "zhao"];

/// An office with a pool of reviewers, and a case in review.
fn in_review(address: &str) -> (Bench, String) {
    let bench = Bench::with_rounds(address, "2024-03-01");
    for reviewer in POOL {
        bench.another(reviewer, Role::Reviewer);
    }
    bench.line(None, 2024, "1000000");
    let case = bench.applies_alone("plain_support", &bench.asks(1, "100000.00", 0));
    bench.to_review(&case);
    (bench, case)
}

fn commit(case: &str, each: u16) -> Review {
    Review::Commit {
        cases: vec![case.to_owned()],
        pool: POOL.map(str::to_owned).to_vec(),
        each,
        commitment: sha256(SEED.as_bytes()),
    }
}

/// Draws reviewers for a case, and returns `(review, reviewer)`.
fn drawn(bench: &Bench, case: &str, each: u16) -> Vec<(String, String)> {
    let draw = bench.made("officer", commit(case, each), "draw");
    let seed = SEED.to_owned();
    let drawn = bench.ok("officer", Review::Draw { draw, seed });
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let each = drawn["drawn"].as_array().unwrap().iter();
    each.map(|one| (text(&one["review"]), text(&one["reviewer"]))).collect()
}

/// The order in which the pool is drawn, from what is on record.
fn turns(bench: &Bench, case: &str) -> Vec<String> {
    let entry = "SELECT hash FROM log WHERE kind = 'review.commit' AND payload LIKE '%\"accepted\"%'";
    let hash = match bench.cells(entry)[0].as_slice() {
        [meed_office::store::Cell::Text(hash)] => hash.clone(),
        other => panic!("{other:?}"),
    };
    let lot = Lot {
        seed: SEED.to_owned(),
        entry: hash,
    };
    lot.turns(case, &POOL.map(str::to_owned))
}

fn scores(bench: &Bench, review: &str, reviewer: &str, score: &str) {
    let review = || review.to_owned();
    bench.ok(reviewer, Review::Accept { review: review() });
    let score = Review::Score {
        review: review(),
        score: score.parse().unwrap(),
        note: "材料齐全".to_owned(),
    };
    bench.ok(reviewer, score);
    bench.ok(reviewer, Review::Submit { review: review() });
}

fn finish(case: &str) -> Review {
    Review::Finish { case: case.to_owned() }
}

fn propose(case: &str) -> Case {
    Case::Propose {
        case: case.to_owned(),
        amount: None,
    }
}

#[test]
fn anybody_can_draw_again_and_nobody_can_draw_otherwise() {
    on_each_database(|address| {
        let (bench, case) = in_review(address);
        let draw = bench.made("officer", commit(&case, 2), "draw");
        let other = Review::Draw {
            draw: draw.clone(),
            seed: "另一个同样足够长的随机种子".to_owned(),
        };
        assert_eq!(bench.refused("officer", other), "other_seed");
        let committed = bench.number("SELECT max(seq) FROM log WHERE kind = 'review.commit'");
        let seed = SEED.to_owned();
        let drawn = bench.ok(
            "officer",
            Review::Draw {
                draw: draw.clone(),
                seed,
            },
        );
        assert!(committed < bench.number("SELECT min(seq) FROM log WHERE kind = 'review.draw'"));
        let expected = turns(&bench, &case);
        let found: Vec<&str> = (0..2)
            .map(|index| drawn["drawn"][index]["reviewer"].as_str().unwrap())
            .collect();
        assert_eq!(found, expected[..2]);
        let again = Review::Draw {
            draw,
            seed: SEED.to_owned(),
        };
        assert_eq!(bench.refused("officer", again), "drawn");
        bench.is_clean();
    });
}

#[test]
fn who_has_an_interest_makes_room_for_the_next() {
    on_each_database(|address| {
        let (bench, case) = in_review(address);
        let reviews = drawn(&bench, &case, 2);
        let (first, reviewer) = &reviews[0];
        let conflict = || Review::Conflict { review: first.clone() };
        assert_eq!(bench.refused(&reviews[1].1, conflict()), "not_yours");
        let next = bench.ok(reviewer, conflict());
        assert_eq!(next["instead"]["reviewer"], turns(&bench, &case)[2].as_str());
        let accept = Review::Accept { review: first.clone() };
        assert_eq!(bench.refused(reviewer, accept), "interest");
        // Nobody is made to stay because the pool is used up.
        let last = next["instead"]["review"].as_str().unwrap().to_owned();
        let third = next["instead"]["reviewer"].as_str().unwrap();
        let next = bench.ok(third, Review::Conflict { review: last });
        let (review, fourth) = (
            next["instead"]["review"].as_str().unwrap(),
            next["instead"]["reviewer"].as_str().unwrap(),
        );
        let none = bench.ok(
            fourth,
            Review::Conflict {
                review: review.to_owned(),
            },
        );
        assert_eq!(none["instead"], Value::Null);
    });
}

#[test]
fn a_pool_has_enough_people_who_have_nothing_to_do_with_the_case() {
    on_each_database(|address| {
        let (bench, case) = in_review(address);
        bench.another("officer", Role::Reviewer);
        let pool = Review::Commit {
            cases: vec![case.clone()],
            pool: vec!["officer".to_owned(), "li".to_owned()],
            each: 2,
            commitment: sha256(SEED.as_bytes()),
        };
        let draw = bench.made("officer", pool, "draw");
        let seed = SEED.to_owned();
        let seed = || seed.clone();
        let drawn = bench.ok(
            "officer",
            Review::Draw {
                draw: draw.clone(),
                seed: seed(),
            },
        );
        assert_eq!(drawn["drawn"][0]["reviewer"], "li");
        assert_eq!(drawn["small_pool"][0], case.as_str(), "a seat stays empty");
        assert_eq!(bench.refused("officer", Review::Draw { draw, seed: seed() }), "drawn");
        let larger = bench.made("officer", commit(&case, 2), "draw");
        let drawn = bench.ok(
            "officer",
            Review::Draw {
                draw: larger,
                seed: seed(),
            },
        );
        assert_eq!(
            drawn["drawn"].as_array().unwrap().len(),
            1,
            "another commitment fills it"
        );
        assert_eq!(bench.refused("officer", commit("case-0-0", 1)), "absent");
        let strangers = Review::Commit {
            cases: vec![case],
            pool: vec!["auditor".to_owned()],
            each: 1,
            commitment: sha256(SEED.as_bytes()),
        };
        assert_eq!(bench.refused("officer", strangers), "not_a_reviewer");
    });
}

#[test]
fn scores_are_hidden_until_all_are_final_and_a_proposal_waits_for_them() {
    on_each_database(|address| {
        let (bench, case) = in_review(address);
        let reviews = drawn(&bench, &case, 2);
        scores(&bench, &reviews[0].0, &reviews[0].1, "87.5");
        assert_eq!(bench.refused("officer", finish(&case)), "not_reviewed");
        assert_eq!(bench.refused("officer", propose(&case)), "not_reviewed");
        let told = "SELECT count(*) FROM log WHERE payload LIKE '%\"8750\"%' OR payload LIKE '%87.5%' OR payload LIKE '%材料%'";
        assert_eq!(bench.number(told), 0, "the log knows scores by salted digests");
        scores(&bench, &reviews[1].0, &reviews[1].1, "90");
        assert_eq!(bench.refused("officer", propose(&case)), "not_reviewed");
        assert_eq!(bench.ok("officer", finish(&case))["average"], 8875);
        let change = Review::Score {
            review: reviews[0].0.clone(),
            score: "100".parse().unwrap(),
            note: "改分".to_owned(),
        };
        assert_eq!(bench.refused(&reviews[0].1, change), "not_now");
        assert_eq!(bench.ok("officer", propose(&case))["state"], "proposed");
        bench.is_clean();
    });
}

#[test]
fn fault_13_the_list_the_count_and_the_average_show_the_same_reviews() {
    on_each_database(|address| {
        let (bench, case) = in_review(address);
        let reviews = drawn(&bench, &case, 2);
        let mut reader = bench.office.reader().unwrap();
        let mut seen = |person: &str| {
            let listed = list(&mut reader, &case, person).unwrap();
            let scored: Vec<i64> = listed
                .iter()
                .filter_map(|one| one.score)
                .map(|score| score.hundredths())
                .collect();
            let counted = summary(&mut reader, &case, person).unwrap();
            assert_eq!(counted.count, i64::try_from(scored.len()).unwrap());
            assert_eq!(counted.sum, scored.iter().sum::<i64>());
            (listed.len(), counted.average())
        };
        scores(&bench, &reviews[0].0, &reviews[0].1, "80");
        assert_eq!(seen("officer"), (0, None));
        assert_eq!(seen(&reviews[0].1), (1, Some(8000)));
        assert_eq!(seen(&reviews[1].1), (1, None));
        scores(&bench, &reviews[1].0, &reviews[1].1, "90");
        assert_eq!(seen(&reviews[0].1), (1, Some(8000)));
        bench.ok("officer", finish(&case));
        for person in ["officer", "auditor", &reviews[0].1, &reviews[1].1] {
            assert_eq!(seen(person), (2, Some(8500)));
        }
    });
}

#[test]
fn fault_11_nothing_survives_a_case_that_is_given_back() {
    on_each_database(|address| {
        let (bench, case) = in_review(address);
        let reviews = drawn(&bench, &case, 1);
        scores(&bench, &reviews[0].0, &reviews[0].1, "80");
        bench.ok("officer", finish(&case));
        bench.ok("officer", propose(&case));
        let list = bench.make_public(std::slice::from_ref(&case));
        bench.on("2024-03-09");
        bench.ok("officer", crate::support::round::end(&list, 1));
        // The approver asks for a modification instead of approving.
        let give_back = Case::Return {
            case: case.clone(),
            what: "补充合同".to_owned(),
        };
        bench.ok("approver", give_back);
        assert_eq!(bench.state(&case), "correction");
        assert_eq!(bench.due(&case), "0.00");
        assert_eq!(bench.number("SELECT reserved FROM line_balance"), 0);
        assert_eq!(bench.number("SELECT count(*) FROM review WHERE state = 'voided'"), 1);
        assert_eq!(bench.refused("approver", approve(&case)), "not_public");
        let subject = bench.cells("SELECT subject FROM \"case\"")[0][0].clone();
        let meed_office::store::Cell::Text(subject) = subject else {
            panic!()
        };
        bench.ok(&format!("agent-{subject}"), Case::Submit { case: case.clone() });
        bench.ok("officer", Case::Admit { case: case.clone() });
        bench.ok("officer", Case::Review { case: case.clone() });
        // The same reviewers may be drawn again, but their old scores count for nothing.
        let reviews = drawn(&bench, &case, 1);
        assert_eq!(bench.refused("officer", propose(&case)), "not_reviewed");
        scores(&bench, &reviews[0].0, &reviews[0].1, "85");
        bench.ok("officer", finish(&case));
        bench.ok("officer", propose(&case));
        assert_eq!(bench.refused("approver", approve(&case)), "not_public");
        let list = bench.make_public(std::slice::from_ref(&case));
        assert_eq!(bench.refused("approver", approve(&case)), "still_public");
        bench.on("2024-03-16");
        bench.ok("officer", crate::support::round::end(&list, 1));
        bench.ok("approver", approve(&case));
        bench.is_clean();
    });
}

#[test]
fn fault_12_one_person_in_two_roles_is_one_person() {
    on_each_database(|address| {
        let (bench, case) = in_review(address);
        bench.another("officer", Role::Approver);
        let reviews = drawn(&bench, &case, 1);
        let (review, reviewer) = &reviews[0];
        bench.another(reviewer, Role::Approver);
        bench.another(reviewer, Role::Examiner);
        scores(&bench, review, reviewer, "80");
        bench.ok("officer", finish(&case));
        bench.ok("officer", propose(&case));
        let list = bench.make_public(std::slice::from_ref(&case));
        let object = meed_office::publicity::Act::Object {
            case: case.clone(),
            ground: "不实".to_owned(),
            name: None,
        };
        let objection = bench.made("auditor", object, "objection");
        let examine = meed_office::publicity::Act::Examine {
            objection: objection.clone(),
        };
        assert_eq!(bench.refused(reviewer, examine), "same_person");
        bench.ok("auditor", meed_office::publicity::Act::Withdraw { objection });
        bench.on("2024-03-09");
        bench.ok("officer", crate::support::round::end(&list, 1));
        for person in ["officer", reviewer] {
            assert_eq!(bench.refused(person, approve(&case)), "same_person", "{person}");
        }
        bench.ok("approver", approve(&case));
    });
}

#[test]
fn who_committed_to_a_draw_cannot_commit_to_another_before_it_is_drawn() {
    on_each_database(|address| {
        let (bench, case) = in_review(address);
        let draw = bench.made("officer", commit(&case, 2), "draw");
        bench.join("officer2", Role::Officer);
        for person in ["officer", "officer2"] {
            assert_eq!(bench.refused(person, commit(&case, 2)), "committed", "{person}");
        }
        let seed = SEED.to_owned();
        bench.ok("officer", Review::Draw { draw, seed });
        bench.ok("officer", commit(&case, 2));
    });
}
