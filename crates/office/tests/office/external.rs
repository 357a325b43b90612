//! A payer with an office of its own: a claim leaves, its words come back as evidence, and no account here moves for it.

use meed_office::awards::{Act as Award, Reply};
use meed_office::input::Day;
use meed_office::setup::{Config, Setup};
use meed_office::time::{Clock, Instant};
use serde_json::json;

use crate::support::city::credit_code;
use crate::support::{Bench, CALENDAR, config, day, on_each_database, yuan};

const JOINT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/office/packages/joint");

/// An office in which the district pays by itself, with an award of which the city has paid its half.
fn half_paid(address: &str) -> (Bench, String, String) {
    let external = vec!["district".to_owned()];
    let config = Config { external, ..config() };
    let clock = Clock::at(Instant::start_of(day("2023-03-06")).plus_hours(12));
    let bench = Bench::open_with(address, Setup::new(config, CALENDAR, clock).unwrap());
    bench.publish(JOINT.parse().unwrap());
    let line = bench.fund(2023, "50000");
    let firm = bench.enter(json!({"enterprise": {"uscc": credit_code(1), "in_city": true, "awards": []}}));
    let case = bench.propose(&firm, "joint_grant", None);
    let claims = bench.cells("SELECT body FROM outbox WHERE kind = 'claim'");
    assert_eq!(
        claims,
        [[r#"{"amount":"50000.00","payer":"district"}"#].map(Into::into).to_vec()]
    );
    let award = bench.approve(&case, "2023-03-20");
    assert_eq!(
        bench.instalments(&award).len(),
        1,
        "the district's half is not paid here"
    );
    bench.pay(&bench.instalments(&award)[0]);
    (bench, award, line)
}

fn confirm(award: &str, reply: Reply, amount: Option<&str>, evidence: &str) -> Award {
    Award::Confirm {
        award: award.to_owned(),
        payer: "district".to_owned(),
        reply,
        amount: amount.map(yuan),
        paid_on: amount.map(|_| Day(day("2023-03-21"))),
        evidence: evidence.to_owned(),
    }
}

#[test]
fn an_award_waits_for_what_an_external_payer_confirms_and_no_account_moves() {
    on_each_database(|address| {
        let (bench, award, line) = half_paid(address);
        assert_eq!(bench.state_of("award", &award), "committed");
        let accounts = bench.accounts(&line);
        bench.ok("budget", confirm(&award, Reply::Accepted, None, "区财政局：同意拨付"));
        bench.on("2023-03-22");
        let paid = |amount, words| confirm(&award, Reply::Paid, amount, words);
        assert_eq!(bench.refused("officer", paid(Some("20000"), "回单一")), "not_yours");
        assert_eq!(bench.refused("budget", paid(None, "回单一")), "no_amount");
        assert_eq!(bench.refused("budget", paid(Some("20000"), " ")), "no_evidence");
        assert_eq!(bench.refused("budget", paid(Some("50000.01"), "回单一")), "too_much");
        let first = bench.ok("budget", paid(Some("20000"), "回单一"));
        assert_eq!(first["state"], "committed");
        assert_eq!(bench.refused("budget", paid(Some("20000"), "回单一")), "known");
        assert_eq!(bench.refused("budget", paid(Some("30000.01"), "回单二")), "too_much");
        let second = bench.ok("budget", paid(Some("30000"), "回单二"));
        assert_eq!(second["state"], "settled");
        assert_eq!(bench.accounts(&line), accounts);
        let evidence = second["evidence"].as_str().unwrap();
        let words = bench.cells(&format!("SELECT body FROM document WHERE digest = '{evidence}'"));
        assert_eq!(words, [["回单二".into()].to_vec()]);
    });
}

#[test]
fn what_an_external_payer_refuses_is_waited_for_no_longer() {
    on_each_database(|address| {
        let (bench, award, _) = half_paid(address);
        let ours = Award::Confirm {
            award: award.clone(),
            payer: "city_finance".to_owned(),
            reply: Reply::Paid,
            amount: None,
            paid_on: None,
            evidence: "回单".to_owned(),
        };
        assert_eq!(bench.refused("budget", ours), "not_external");
        let refused = bench.ok("budget", confirm(&award, Reply::Refused, None, "区财政局：不予承担"));
        assert_eq!(refused["state"], "settled");
    });
}
