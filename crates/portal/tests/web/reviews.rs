//! Reviewers judge without knowing what others said.

use serde_json::json;

use crate::support::Town;

#[test]
fn a_score_is_its_reviewers_alone_until_all_of_the_case_are_final() {
    let town = Town::new();
    let case = &town.ids["case"];
    let mut connection = town.portal.office().reader().unwrap();
    let mut run = |sql: &str| connection.script(sql).unwrap();
    // What a draw is made from is the office's own matter, and tested there.
    run("INSERT INTO draw (id, plan, commitment, entry) SELECT 'd', min(digest), '0', 1 FROM document");
    for (id, reviewer, score) in [("r1", "reviewer", 8750), ("r2", "officer", 1225)] {
        run(&format!(
            "INSERT INTO review (id, draw, case_id, reviewer, salt, state) VALUES ('{id}', 'd', '{case}', '{reviewer}', '0', 'drawn');
             UPDATE review SET state = 'accepted' WHERE id = '{id}';
             UPDATE review SET state = 'scoring', score = {score} WHERE id = '{id}';
             UPDATE review SET state = 'submitted' WHERE id = '{id}';"
        ));
    }
    let seen = |who: &str| {
        let page = town.get(Some(who), "/office/reviews").body;
        ["87.50", "12.25"].map(|score| page.contains(score))
    };
    let told = |who: &str| {
        town.get(Some(who), "/api/v1/rows/review").json()["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(seen("reviewer"), [true, false]);
    assert_eq!(seen("auditor"), [false, false]);
    assert_eq!((told("auditor"), told("officer")), (0, 0));
    run("UPDATE review SET state = 'final'");
    assert_eq!(seen("auditor"), [true, true]);
    assert_eq!((told("auditor"), told("officer")), (2, 2));
    assert_eq!(
        town.get(Some("reviewer"), "/api/v1/rows/review").json()["items"],
        json!([])
    );
}
