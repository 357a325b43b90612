//! Money: the equation adds up, keys and files are shown to whom they concern, and to nobody else.

use axum::http::StatusCode;
use meed_office::people::Role;
use meed_portal::fault::Fault;

use crate::support::{ACCOUNT, Bench, bench};

/// Every page of those who handle money.
fn pages(bench: &Bench) -> Vec<String> {
    let line = bench.text("SELECT id FROM line WHERE year = 2022", &[]);
    let batch = bench.text("SELECT id FROM batch", &[]);
    let mut all: Vec<String> = [
        "/finance",
        "/finance/batches",
        "/finance/reconcile",
        "/finance/differences",
        "/finance/receivables",
        "/finance/pledges",
        "/finance/year",
    ]
    .map(str::to_owned)
    .to_vec();
    all.push(format!("/finance/lines/{line}"));
    all.push(format!("/finance/batches/{batch}"));
    all.push(format!("/finance/batches/{batch}/file"));
    all
}

#[test]
fn those_who_handle_money_see_its_pages_and_nobody_else_does() {
    let bench = bench();
    let subject = bench.text("SELECT subject FROM award ORDER BY id LIMIT 1", &[]);
    for path in pages(&bench) {
        let body = bench.page(Role::Budget, &path);
        assert!(!body.is_empty(), "{path}");
        let agent = bench.get("agent", &[(Role::Agent, &subject)], &path);
        assert_eq!(agent.fault, Some(Fault::NotYours), "{path}");
        let officer = bench.get("wang", &[(Role::Officer, "")], &path);
        assert_eq!(officer.fault, Some(Fault::NotYours), "{path}");
        let other = bench.get("yu", &[(Role::Budget, "another_payer")], &path);
        assert!(!other.text().contains(ACCOUNT), "{path}");
    }
}

#[test]
fn the_accounts_of_a_line_come_to_its_appropriation() {
    let bench = bench();
    let body = bench.page(Role::Budget, "/finance");
    // 30,000,000 were appropriated for 2022, of which two rewards of 500,000 were paid; 50,000,000 for 2023.
    for amount in ["30,000,000.00", "29,000,000.00", "1,000,000.00", "80,000,000.00"] {
        assert!(body.contains(amount), "{amount}");
    }
    // Two lines and their total.
    assert_eq!(body.matches("data-mark=\"holds\"").count(), 3);
    assert_eq!(body.matches("data-mark=\"fails\"").count(), 0);
    let line = bench.text("SELECT id FROM line WHERE year = 2022", &[]);
    let body = bench.page(Role::Budget, &format!("/finance/lines/{line}"));
    assert!(body.contains("data-mark=\"holds\"") && !body.contains("data-mark=\"fails\""));
}

#[test]
fn a_batch_shows_who_turned_which_key_and_gives_its_file_as_it_was_sealed() {
    let bench = bench();
    let batch = bench.text("SELECT id FROM batch", &[]);
    let hash = bench.text("SELECT hash FROM batch", &[]);
    let body = bench.page(Role::Releaser, &format!("/finance/batches/{batch}"));
    for told in ["白制单", "傅复核", hash.as_str(), ACCOUNT] {
        assert!(body.contains(told), "{told}");
    }
    assert!(!body.contains("/do/payment/release"), "both keys were turned: {body}");
    assert!(
        !body.contains("Not rechecked yet"),
        "no row is released that was not rechecked: {body}"
    );
    let file = bench.get("fu", &[(Role::Releaser, "")], &format!("/finance/batches/{batch}/file"));
    assert_eq!(file.status, StatusCode::OK);
    assert_eq!(meed_office::log::sha256(&file.body), hash);
}

#[test]
fn the_day_on_which_the_bank_paid_is_balanced_and_a_day_without_statement_says_nothing() {
    let bench = bench();
    let paid = bench.text("SELECT booked FROM bank_entry", &[]);
    let body = bench.page(Role::Preparer, &format!("/finance/reconcile?on={paid}"));
    assert!(
        body.contains("class=\"done\"") && body.contains("1,000,000.00"),
        "{body}"
    );
    let body = bench.page(Role::Preparer, "/finance/reconcile?on=2023-02-20");
    assert!(body.contains("class=\"note\"") && !body.contains("class=\"done\""));
    let wrong = bench.get("bai", &[(Role::Preparer, "")], "/finance/reconcile?on=tomorrow");
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[test]
fn a_year_that_is_over_has_a_list_of_what_is_left_to_do() {
    let bench = bench();
    let body = bench.page(Role::Budget, "/finance/year");
    assert!(body.contains("/do/year/close_books"), "{body}");
    // The auditor sees the list and is offered nothing.
    let body = bench.page(Role::Auditor, "/finance/year");
    assert!(!body.contains("/do/year/close_books") && body.contains("Begin to close the books"));
}
