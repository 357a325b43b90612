//! The auditor: one yuan in both directions, late facts, the log held against the database, evidence that stands without the office.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use axum::http::StatusCode;
use meed_facts::date::Date;
use meed_office::input::{Day, Json};
use meed_office::people::Role;
use meed_office::register::Act as Register;
use meed_portal::fault::Fault;
use serde_json::json;

use crate::support::{Bench, bench};

/// A paid case and its instalment.
fn paid(bench: &Bench) -> (String, String) {
    let case = bench.text("SELECT case_id FROM award ORDER BY id LIMIT 1", &[]);
    let award = "SELECT id FROM award WHERE case_id = $1";
    let award = bench.text(award, &[case.as_str().into()]);
    let instalment = bench.text("SELECT id FROM instalment WHERE award = $1", &[award.as_str().into()]);
    (case, instalment)
}

#[test]
fn nobody_but_auditors_sees_the_audit() {
    let bench = bench();
    let (case, instalment) = paid(&bench);
    let subject = bench.text("SELECT subject FROM award ORDER BY id LIMIT 1", &[]);
    let pages = [
        "/audit".to_owned(),
        format!("/audit/yuan/{case}?instalment={instalment}"),
        "/audit/late".to_owned(),
        "/audit/log".to_owned(),
        "/audit/log/1".to_owned(),
        format!("/audit/evidence/{case}.zip"),
    ];
    for path in &pages {
        let auditor = bench.get("shi", &[(Role::Auditor, "")], path);
        assert_eq!(auditor.status, StatusCode::OK, "{path}: {:?}", auditor.fault);
        for duties in [(Role::Agent, subject.as_str()), (Role::Officer, ""), (Role::Budget, "")] {
            let answer = bench.get("somebody", &[duties], path);
            assert_eq!(answer.fault, Some(Fault::NotYours), "{path}");
        }
    }
}

#[test]
fn a_payment_is_found_by_each_thing_that_is_known_of_it() {
    let bench = bench();
    let (case, instalment) = paid(&bench);
    let instruction = "SELECT id FROM instruction WHERE instalment = $1";
    let instruction = bench.text(instruction, &[instalment.as_str().into()]);
    let booked = "SELECT bank_ref FROM bank_entry WHERE instruction = $1";
    let bank_ref = bench.text(booked, &[instruction.as_str().into()]);
    for known in [&case, &instalment, &instruction, &bank_ref] {
        let answer = bench.get("shi", &[(Role::Auditor, "")], &format!("/audit?q={known}"));
        assert_eq!(
            answer.to,
            format!("/audit/yuan/{case}?instalment={instalment}"),
            "{known}"
        );
    }
    let body = bench.page(Role::Auditor, "/audit?q=500,000.00");
    assert_eq!(body.matches("/audit/yuan/").count(), 2);
    let body = bench.page(Role::Auditor, "/audit?q=499999.99");
    assert_eq!(body.matches("/audit/yuan/").count(), 0);
}

#[test]
fn one_yuan_leads_from_the_bank_to_the_clause_and_back() {
    let bench = bench();
    let (case, instalment) = paid(&bench);
    let page = format!("/audit/yuan/{case}?instalment={instalment}");
    let up = bench.page(Role::Auditor, &page);
    let instruction = "SELECT id FROM instruction WHERE instalment = $1";
    let instruction = bench.text(instruction, &[instalment.as_str().into()]);
    let row = [instruction.as_str().into()];
    let links = [
        bench.text("SELECT bank_ref FROM bank_entry WHERE instruction = $1", &row),
        instruction.clone(),
        "白制单".to_owned(),
        "傅复核".to_owned(),
        bench.text("SELECT id FROM batch", &[]),
        instalment,
        bench.text(
            "SELECT id FROM decision WHERE case_id = $1 AND supersedes IS NOT NULL",
            &[case.as_str().into()],
        ),
        bench.text("SELECT id FROM list", &[]),
        "合成登记".to_owned(),
        bench.text("SELECT files FROM policy", &[]),
        "/policies/rules.md#".to_owned(),
    ];
    for link in &links {
        assert!(up.contains(link.as_str()), "{link}");
    }
    let down = bench.page(Role::Auditor, &format!("{page}&from=clause"));
    let at = |body: &str, text: &str| body.find(text).unwrap();
    let (bank, clause) = ("Booking of the bank", "<h2>Clause</h2>");
    assert!(at(&up, bank) < at(&up, clause));
    assert!(at(&down, clause) < at(&down, bank));
}

#[test]
fn the_evidence_of_a_case_stands_without_the_office() {
    let bench = bench();
    let (case, _) = paid(&bench);
    let answer = bench.get("shi", &[(Role::Auditor, "")], &format!("/audit/evidence/{case}.zip"));
    let mut zip = zip::ZipArchive::new(Cursor::new(answer.body)).unwrap();
    let mut files = BTreeMap::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).unwrap();
        let path = file.name().strip_prefix(&format!("{case}/")).unwrap().to_owned();
        let mut body = String::new();
        file.read_to_string(&mut body).unwrap();
        files.insert(path, body);
    }
    let findings = meed_office::evidence::check(&files, None);
    let wrong: Vec<_> = findings.iter().filter(|finding| !finding.holds).collect();
    assert!(findings.len() > 10 && wrong.is_empty(), "{wrong:?}");
    // The check finds what is changed afterwards.
    files.insert("rows.json".to_owned(), "{}".to_owned());
    assert!(
        meed_office::evidence::check(&files, None)
            .iter()
            .any(|finding| !finding.holds)
    );
    let absent = bench.get("shi", &[(Role::Auditor, "")], "/audit/evidence/case-0.zip");
    assert_eq!(absent.fault, Some(Fault::Absent));
}

#[test]
fn the_log_is_verified_and_what_was_written_past_the_office_is_found() {
    let bench = bench();
    let clean = bench.post(Role::Auditor, "/audit/log/verify", "csrf=token&root=");
    assert!(clean.text().contains("class=\"done\""), "{}", clean.text());
    let another = "csrf=token&root=%7B%22count%22%3A%221%22%2C%22date%22%3A%222022-12-05%22%2C%22hash%22%3A%22ff%22%2C%22seq%22%3A%221%22%7D";
    let answer = bench.post(Role::Auditor, "/audit/log/verify", another);
    assert!(answer.text().contains("class=\"reason\""), "{}", answer.text());
    let past = "UPDATE subject SET name = 'Somebody else' WHERE id = (SELECT min(id) FROM subject)";
    bench.portal.office().reader().unwrap().run(past, &[]).unwrap();
    let answer = bench.post(Role::Auditor, "/audit/log/verify", "csrf=token&root=");
    assert!(answer.text().contains("class=\"reason\""), "{}", answer.text());
}

#[test]
fn a_decision_is_made_again_byte_for_byte() {
    let bench = bench();
    let decision = bench.text("SELECT max(id) FROM decision", &[]);
    let answer = bench.post(Role::Auditor, &format!("/audit/replay/{decision}"), "csrf=token");
    assert!(answer.text().contains("class=\"done\""), "{}", answer.text());
}

#[test]
fn late_facts_show_which_decision_would_be_another_and_why() {
    let bench = bench();
    let before = bench.page(Role::Auditor, "/audit/late");
    assert!(
        before.contains("1 to 2 of the 2") && !before.contains("/breach"),
        "{before}"
    );
    let subject = bench.text("SELECT subject FROM award ORDER BY id LIMIT 1", &[]);
    bench.give(
        Role::Registrar,
        Register::State {
            subject: subject.clone(),
            path: "/breach".to_owned(),
            value: Some(Json::try_from(json!(true)).unwrap()),
            valid_from: Some(Day(Date::parse("2022-01-01").unwrap())),
            valid_to: None,
            source: "信用中国".to_owned(),
            evidence: None,
        },
    );
    let after = bench.page(Role::Auditor, "/audit/late");
    assert!(after.contains("/breach") && after.contains("Not eligible"), "{after}");
    let one = bench.page(Role::Auditor, &format!("/audit/late?subject={subject}"));
    assert!(one.contains("/breach"));
}
