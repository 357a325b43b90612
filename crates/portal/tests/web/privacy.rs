//! What is known of an applicant is for those who need it; what an applicant has not handed in is nobody else's.

use crate::support::Town;

/// Who works in the office and has nothing to do with any one applicant.
const APART: [&str; 8] = [
    "analyst",
    "administrator",
    "drafter",
    "publisher",
    "budget",
    "preparer",
    "releaser",
    "reviewer",
];
/// Who has to do with those who applied or to whom something was offered.
const CONCERNED: [&str; 4] = ["officer", "approver", "registrar", "auditor"];

fn items(town: &Town, who: &str, query: &str) -> usize {
    let told = town.get(Some(who), &format!("/api/v1/rows/{query}"));
    told.json()["items"].as_array().unwrap().len()
}

#[test]
fn nobody_opens_the_file_of_an_applicant_whom_their_work_does_not_concern() {
    let town = Town::new();
    let file = format!("/office/subjects/{}", town.ids["firm"]);
    let status = |who| town.get(Some(who), &file).status.as_u16();
    for who in APART {
        assert_eq!(status(who), 403, "{who}");
        for table in ["fact", "identifier", "note", "decision", "request"] {
            assert_eq!(items(&town, who, table), 0, "{who} reads rows of {table}");
        }
    }
    for who in CONCERNED {
        assert_eq!(status(who), 200, "{who}");
    }
    // An examiner's are those in whose case somebody objected or appealed.
    assert_eq!(status("examiner"), 404);
    assert_eq!(items(&town, "examiner", "fact"), 0);
}

#[test]
fn an_officer_of_one_measure_opens_no_file_of_those_who_asked_for_another() {
    let town = Town::new();
    let officer = |id: &str, measure: &str| {
        town.giver()
            .join(id, id, Some(meed_office::people::Role::Officer), Some(measure));
    };
    officer("own", "design_centre_reward");
    officer("another", "design_centre");
    let file = format!("/office/subjects/{}", town.ids["firm"]);
    assert_eq!(town.get(Some("own"), &file).status.as_u16(), 200);
    assert_eq!(town.get(Some("another"), &file).status.as_u16(), 404);
    assert_eq!(items(&town, "another", "fact"), 0);
}

#[test]
fn the_number_of_a_person_is_whole_for_who_keeps_the_register_and_masked_for_who_decides() {
    let town = Town::new();
    let (firm, number) = (&town.ids["firm"], "23010219900307123X");
    let mut connection = town.portal.office().reader().unwrap();
    let known = "INSERT INTO identifier (id, scheme, value, salt, since, subject)";
    connection
        .script(&format!(
            "{known} VALUES ('i-1', 'citizen_id', '{number}', '0', '2023-01-01', '{firm}');
             INSERT INTO fact (id, subject, path, value, salt, valid_from, known_from, seq, source)
             SELECT 'f-1', subject, '/uscc', '\"{number}\"', salt, '2023-01-02', known_from, seq, source FROM fact
             WHERE subject = '{firm}' AND path = '/uscc';"
        ))
        .unwrap();
    let file = format!("/office/subjects/{firm}");
    for (who, whole) in [
        ("officer", false),
        ("approver", false),
        ("registrar", true),
        ("auditor", true),
    ] {
        let page = town.get(Some(who), &file).body;
        assert_eq!(
            (page.contains(number), page.contains("230*************3X")),
            (whole, !whole),
            "{who}"
        );
        for table in ["identifier", "fact"] {
            let rows = town
                .get(Some(who), &format!("/api/v1/rows/{table}?subject={firm}"))
                .body;
            assert_eq!(rows.contains(number), whole, "{who}: {rows}");
        }
        let asked = town.get(Some(who), &format!("/api/v1/rows/identifier?value={number}"));
        assert_eq!(
            asked.status.as_u16(),
            if whole { 200 } else { 403 },
            "{who} asks whose a number is"
        );
    }
}

#[test]
fn a_draft_is_its_applicants_alone_until_they_submit_it() {
    let town = Town::new();
    let case = town.ids["other_case"].clone();
    let mut connection = town.portal.office().reader().unwrap();
    // An application that somebody began.
    let sql = format!("UPDATE \"case\" SET origin = 'application' WHERE id = '{case}'");
    connection.script(&sql).unwrap();
    let shows = |who: &str| {
        let page = town.get(Some(who), &format!("/office/cases/{case}")).status.as_u16();
        let listed = town.get(Some(who), "/office/cases").body.contains(&case);
        let counted = items(&town, who, &format!("case?id={case}"));
        (page, listed, counted)
    };
    let staff = ["officer", "approver", "examiner", "reviewer", "registrar", "auditor"];
    for who in staff {
        assert_eq!(shows(who), (404, false, 0), "{who}");
    }
    for who in APART.into_iter().filter(|who| *who != "reviewer") {
        assert_eq!(shows(who), (403, false, 0), "{who}");
    }
    let own = town.get(Some("agent-other"), &format!("/my/cases/{case}"));
    assert_eq!(own.status.as_u16(), 200);
    let first = format!("/office/cases/{}", town.ids["case"]);
    let page = town.get(Some("officer"), &first).body;
    assert!(!page.contains(&case), "another case's page does not list it either");
    connection
        .script(&format!(
            "UPDATE \"case\" SET applied_at = opened_at WHERE id = '{case}'"
        ))
        .unwrap();
    assert_eq!(shows("officer"), (200, true, 1));
    assert_eq!(shows("reviewer"), (404, false, 0), "it was not drawn for them");
}

#[test]
fn a_reviewer_opens_the_cases_that_were_drawn_for_them_and_no_others() {
    let town = Town::new();
    let (case, other) = (&town.ids["case"], &town.ids["other_case"]);
    let mut connection = town.portal.office().reader().unwrap();
    let mut run = |sql: &str| connection.script(sql).unwrap();
    run("INSERT INTO draw (id, plan, commitment, entry) SELECT 'd', min(digest), '0', 1 FROM document");
    run(&format!(
        "INSERT INTO review (id, draw, case_id, reviewer, salt, state) VALUES ('r1', 'd', '{case}', 'reviewer', '0', 'drawn')"
    ));
    let status = |id: &str| {
        town.get(Some("reviewer"), &format!("/office/cases/{id}"))
            .status
            .as_u16()
    };
    assert_eq!((status(case), status(other)), (200, 404));
    let list = town.get(Some("reviewer"), "/office/cases").body;
    assert!(list.contains(case.as_str()) && !list.contains(other.as_str()));
    assert_eq!(items(&town, "reviewer", "case"), 1);
    let page = town.get(Some("reviewer"), &format!("/office/cases/{case}")).body;
    assert!(
        !page.contains("/office/subjects/"),
        "no way to the applicant's whole file"
    );
    run("UPDATE review SET state = 'conflicted'");
    assert_eq!(status(case), 404, "who declared a conflict has no more to do with it");
}

#[test]
fn an_examiner_sees_the_case_on_which_somebody_objected() {
    let town = Town::new();
    let case = &town.ids["case"];
    let path = format!("/office/cases/{case}");
    assert_eq!(town.get(Some("examiner"), &path).status.as_u16(), 404);
    let object = meed_office::publicity::Act::Object {
        case: case.clone(),
        ground: "与事实不符".to_owned(),
        name: None,
    };
    town.ok("agent-other", object);
    assert_eq!(town.get(Some("examiner"), &path).status.as_u16(), 200);
}
