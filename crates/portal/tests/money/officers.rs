//! Officers and administrators: lists with their rows, applicants' files without accounts, holds, people.

use axum::http::StatusCode;
use meed_office::aftermath::holds::Act as Hold;
use meed_office::people::{Act as People, Role};
use meed_portal::fault::Fault;

use crate::support::{ACCOUNT, Bench, bench};

fn subject(bench: &Bench) -> String {
    bench.text("SELECT subject FROM award ORDER BY id LIMIT 1", &[])
}

#[test]
fn an_agent_sees_no_page_of_the_office_and_an_officer_sees_no_bank_account() {
    let bench = bench();
    let subject = subject(&bench);
    let list = bench.text("SELECT id FROM list LIMIT 1", &[]);
    let pages = [
        "/office/rounds".to_owned(),
        "/office/lists".to_owned(),
        format!("/office/lists/{list}"),
        "/office/holds".to_owned(),
        "/office/services".to_owned(),
        format!("/office/subjects/{subject}"),
    ];
    for path in &pages {
        let body = bench.page(Role::Officer, path);
        assert!(!body.contains(ACCOUNT), "{path}");
        let agent = bench.get("agent", &[(Role::Agent, &subject)], path);
        assert_eq!(agent.fault, Some(Fault::NotYours), "{path}");
    }
}

#[test]
fn an_applicants_file_tells_each_fact_with_its_source() {
    let bench = bench();
    let body = bench.page(Role::Officer, &format!("/office/subjects/{}", subject(&bench)));
    for told in ["/design_staff", "合成登记", "500,000.00", "/office/cases/"] {
        assert!(body.contains(told), "{told}");
    }
    let absent = bench.get("wang", &[(Role::Officer, "")], "/office/subjects/subject-0-0");
    assert_eq!(absent.fault, Some(Fault::Absent));
}

#[test]
fn a_registrar_corrects_a_fact_in_words_and_reads_which_decisions_would_be_others() {
    let bench = bench();
    let file = format!("/office/subjects/{}", subject(&bench));
    let page = format!("{file}/facts");
    assert!(
        !bench.page(Role::Officer, &file).contains(&page),
        "officers correct nothing"
    );
    let known = bench.page(Role::Registrar, &file);
    assert!(known.contains(&format!("{page}?path=/design_staff")), "{known}");
    let choice = bench.page(Role::Registrar, &page);
    assert!(
        choice.contains(">Design staff<") && !choice.contains("/uscc"),
        "{choice}"
    );
    let form = bench.page(Role::Registrar, &format!("{page}?path=/design_staff"));
    assert!(form.contains("value=\"12\"") && form.contains("合成登记"), "{form}");
    let state = |value: &str, rest: &str| {
        let fields = format!("command={value}{rest}&path=/design_staff&value={value}&source=Bureau&do=state{rest}");
        bench.post(Role::Registrar, &page, &fields)
    };
    let wrong = state("many", "");
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
    assert!(
        wrong.text().contains("value=\"many\"") && wrong.text().contains("value=\"Bureau\""),
        "what was typed stays"
    );
    let wrong = state("9", "&valid_to=1969-01-01");
    assert!(wrong.text().contains("not after the first"), "{}", wrong.text());
    assert_eq!(state("11", "").to, format!("{file}?done=register.state"));
    assert!(bench.page(Role::Officer, &file).contains("11"));
    let changes = bench.post(
        Role::Registrar,
        &page,
        "command=c&path=/breach&value=yes&source=Court&do=state",
    );
    assert!(changes.text().contains("/office/cases/"), "{}", changes.text());
    let back = bench.post(
        Role::Registrar,
        &page,
        "command=d&path=/breach&value=&source=Court&do=take-back",
    );
    assert!(
        !back.to.is_empty() || back.text().contains("/office/cases/"),
        "{:?}",
        back.fault
    );
}

#[test]
fn who_objects_is_for_examiners_alone() {
    let bench = bench();
    let (list, case) = (
        bench.text("SELECT id FROM list LIMIT 1", &[]),
        bench.text("SELECT case_id FROM award ORDER BY id LIMIT 1", &[]),
    );
    // Somebody objected while the list was public.
    let objection = meed_office::publicity::Objection {
        id: "objection-0-1".to_owned(),
        list: list.clone(),
        version: 1,
        case_id: case,
        ground: "The design centre was closed".to_owned(),
        lodged_at: bench.portal.office().setup().clock.now(),
        examiner: None,
        remedy: None,
        amount: None,
        heard: None,
        reason: None,
        state: meed_office::machine::ObjectionState::Lodged,
    };
    let objector = meed_office::publicity::Objector {
        objection: objection.id.clone(),
        person: "citizen".to_owned(),
        name: Some("Ms Nobody".to_owned()),
        salt: Some("0".to_owned()),
    };
    let mut connection = bench.portal.office().reader().unwrap();
    meed_office::tx::insert(&mut connection, &objection).unwrap();
    meed_office::tx::insert(&mut connection, &objector).unwrap();
    let path = format!("/office/lists/{list}");
    let officer = bench.page(Role::Officer, &path);
    assert!(officer.contains("The design centre was closed"));
    assert!(!officer.contains("Ms Nobody") && !officer.contains("citizen"));
    let examiner = bench.get("citizen-examiner", &[(Role::Examiner, "")], &path);
    assert!(examiner.text().contains("Ms Nobody"));
}

#[test]
fn a_hold_is_shown_with_its_owner_and_its_reason() {
    let bench = bench();
    bench.give(
        Role::Officer,
        Hold::Place {
            kind: "subject".to_owned(),
            target: subject(&bench),
            reason: "The address is being looked into".to_owned(),
            until: None,
        },
    );
    let body = bench.page(Role::Officer, "/office/holds");
    assert!(body.contains("The address is being looked into") && body.contains("wang"));
    assert!(body.contains("/do/hold/lift"));
}

#[test]
fn an_administrator_gives_a_role_and_takes_it_back_but_not_the_last_of_theirs() {
    let bench = bench();
    let text = str::to_owned;
    bench.give(
        Role::Administrator,
        People::Assign {
            person: text("wang"),
            role: Role::Examiner,
            scope: None,
            until: None,
        },
    );
    let body = bench.page(Role::Administrator, "/people?q=wang");
    assert!(
        body.contains("Examiner") && body.contains("/do/people/withdraw?person=wang&amp;role=examiner"),
        "{body}"
    );
    let withdraw = |person: &str, role| People::Withdraw {
        person: text(person),
        role,
        scope: None,
    };
    bench.give(Role::Administrator, withdraw("wang", Role::Examiner));
    assert!(
        !bench
            .page(Role::Administrator, "/people?q=wang")
            .contains("role=examiner")
    );
    let last = meed_office::command::Command::new("last", "guan", withdraw("guan", Role::Administrator));
    let outcome = bench.portal.office().submit(last).unwrap();
    assert!(outcome.accepted().is_none(), "{outcome:?}");
    let officer = bench.get("wang", &[(Role::Officer, "")], "/people");
    assert_eq!(officer.status, StatusCode::FORBIDDEN);
}
