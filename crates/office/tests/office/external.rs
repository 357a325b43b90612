//! A payer with an office of its own: a claim leaves, its words come back as evidence, and no account here moves for it.

use meed_office::aftermath::appeals::Act as Appeal;
use meed_office::aftermath::revisions::Act as Revision;
use meed_office::awards::{Act as Award, Reply};
use meed_office::command::Outcome;
use meed_office::input::Day;
use meed_office::payments::batches::Act as Batch;
use meed_office::people::Role;
use meed_office::setup::{Config, Setup};
use meed_office::store::Cell;
use meed_office::time::{Clock, Instant};
use serde_json::json;

use crate::support::city::credit_code;
use crate::support::{Bench, CALENDAR, config, day, on_each_database, yuan};

const JOINT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/office/packages/joint");

/// An office in which the district pays by itself, and a firm.
fn beside_a_district(address: &str) -> (Bench, String) {
    let external = vec!["district".to_owned()];
    open(address, Config { external, ..config() })
}

fn open(address: &str, config: Config) -> (Bench, String) {
    let clock = Clock::at(Instant::start_of(day("2023-03-06")).plus_hours(12));
    let bench = Bench::open_with(address, Setup::new(config, CALENDAR, clock).unwrap());
    bench.publish(JOINT.parse().unwrap());
    let firm = bench.enter(json!({"enterprise": {"uscc": credit_code(1), "in_city": true, "awards": []}}));
    (bench, firm)
}

/// The same, with an award of which the city has paid its half.
fn half_paid(address: &str) -> (Bench, String, String) {
    let (bench, firm) = beside_a_district(address);
    let line = bench.fund(2023, "50000");
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

/// Builds a batch of what a line can pay now; what it leaves out when that is nothing.
fn build(bench: &Bench, line: &str) -> Result<i64, String> {
    let (line, execution) = (line.to_owned(), bench.today());
    match bench.submit("preparer", Batch::Build { line, execution }) {
        Outcome::Accepted { result, .. } => Ok(result["rows"].as_i64().unwrap()),
        Outcome::Denied { reason, .. } => {
            let why = &reason["detail"]["left_out"][0]["reason"];
            assert_eq!(why["code"], "waits_for_payer");
            Err(why["en"].as_str().unwrap().to_owned())
        }
        Outcome::Undecided { reason, .. } => panic!("{reason}"),
    }
}

#[test]
fn where_payers_wait_for_each_other_nobody_pays_before_an_external_one_accepts() {
    on_each_database(|address| {
        let (bench, firm) = beside_a_district(address);
        let line = bench.fund(2023, "50000");
        let case = bench.propose(&firm, "waiting_grant", None);
        let award = bench.approve(&case, "2023-03-20");
        bench.activate_account(&firm);
        assert_eq!(bench.recheck(&bench.instalments(&award)[0]), "passes");
        assert!(
            build(&bench, &line)
                .unwrap_err()
                .contains("`district`, which it has not confirmed yet")
        );
        bench.ok("budget", confirm(&award, Reply::Refused, None, "区财政局：不予承担"));
        assert!(build(&bench, &line).unwrap_err().contains("which it refused"));
        bench.ok(
            "budget",
            confirm(&award, Reply::Accepted, None, "区财政局：复核后同意拨付"),
        );
        assert_eq!(build(&bench, &line), Ok(1));
    });
}

#[test]
fn where_payers_wait_for_each_other_the_first_waits_until_the_last_can_pay() {
    on_each_database(|address| {
        let (bench, firm) = open(address, config());
        let [city, district] = ["city_finance", "district"].map(|payer| bench.fund_of(payer, 2023, "50000"));
        let case = bench.propose(&firm, "waiting_grant", None);
        let award = bench.approve(&case, "2023-03-20");
        let [first, last] = <[String; 2]>::try_from(bench.instalments(&award)).unwrap();
        bench.activate_account(&firm);
        assert_eq!(bench.recheck(&first), "passes");
        let waits = build(&bench, &city).unwrap_err();
        assert!(
            waits.contains("due on 2023-06-01, is `committed` and not payable yet"),
            "{waits}"
        );
        bench.on("2023-06-01");
        assert_eq!(bench.tick(), [format!("instalment {last}")]);
        assert!(build(&bench, &city).unwrap_err().contains("is `due`"));
        assert_eq!(bench.recheck(&last), "passes");
        assert_eq!((build(&bench, &city), build(&bench, &district)), (Ok(1), Ok(1)));
    });
}

/// What is meant for the payee of an award: payer and fen of each instalment that counts, and whether money is held for it.
fn meant(bench: &Bench, award: &str) -> Vec<Vec<Cell>> {
    bench.cells(&format!(
        "SELECT payer, amount, CASE WHEN line IS NULL THEN 'promised' ELSE 'held' END FROM instalment \
         WHERE award = '{award}' AND state <> 'cancelled' ORDER BY payer"
    ))
}

#[test]
fn what_an_annulment_freed_is_given_again_by_each_payer_once_an_appeal_against_it_is_upheld() {
    for (measure, forms) in [
        ("waiting_grant", ["held", "held"]),
        ("joint_grant", ["held", "promised"]),
    ] {
        on_each_database(|address| {
            let (bench, firm) = open(address, config());
            bench.give("approver", Role::Examiner);
            bench.authorise(2024, "50000");
            let city = bench.fund(2023, "50000");
            bench.fund_of("district", 2023, "50000");
            let case = bench.propose(&firm, measure, None);
            let award = bench.approve(&case, "2023-03-20");
            let halves = ["city_finance", "district"]
                .iter()
                .zip(forms)
                .map(|(payer, form)| vec![Cell::from(*payer), Cell::Int(5_000_000), Cell::from(form)]);
            let halves: Vec<_> = halves.collect();
            assert_eq!(meant(&bench, &award), halves);
            bench.state_fact(&firm, "/in_city", json!(false));
            let (amount, reason) = (yuan("0"), "企业不在本市".to_owned());
            let id = || case.clone();
            let notify = Revision::Notify {
                case: id(),
                amount,
                reason: reason.clone(),
            };
            bench.ok("officer", notify);
            let heard = Some("企业称仍在本市".to_owned());
            let case = id();
            let revised = bench.ok("approver", Revision::Revise { case, reason, heard });
            assert_eq!(
                (&revised["kind"], bench.account(&city, "available")),
                (&json!("annul"), 5_000_000)
            );
            assert!(meant(&bench, &award).is_empty());
            let lodge = Appeal::Lodge {
                decision: revised["decision"].as_str().unwrap().to_owned(),
                ground: "企业登记在本市".to_owned(),
            };
            let appeal = bench.made(&format!("agent-{firm}"), lodge, "appeal");
            bench.state_fact(&firm, "/in_city", json!(true));
            let appeal = || appeal.clone();
            bench.ok("examiner", Appeal::Admit { appeal: appeal() });
            let found = || "企业登记在本市".to_owned();
            let examine = Appeal::Examine {
                appeal: appeal(),
                found: found(),
            };
            bench.ok("examiner", examine);
            let uphold = Appeal::Uphold {
                appeal: appeal(),
                amount: None,
                why: found(),
            };
            bench.ok("examiner", uphold);
            assert_eq!(meant(&bench, &award), halves);
            assert_eq!(bench.state_of("award", &award), "committed");
        });
    }
}
