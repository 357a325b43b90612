//! Two keys on one file.

use meed_office::aftermath::appeals::Act as Appeal;
use meed_office::aftermath::holds::Act as Hold;
use meed_office::input::Day;
use meed_office::payments::batches::Act as Batch;
use meed_office::people::Role;

use super::Till;
use crate::support::{day, on_each_database};

fn release(batch: &str, hash: &str) -> Batch {
    Batch::Release {
        batch: batch.to_owned(),
        hash: hash.to_owned(),
    }
}

#[test]
fn a_batch_is_released_by_another_person_on_the_same_file() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 50_000_000), (2, 123_456)]);
        let (batch, hash) = till.sealed();
        let row = till.cells("SELECT count, sum, hash, file FROM batch");
        assert_eq!(row[0][..2], [2.into(), 50_123_456.into()]);
        assert_eq!(row[0][2], row[0][3]);
        // The preparer has the releaser's role too: persons count, not roles.
        till.assign("preparer", Role::Releaser, None);
        assert_eq!(till.bench.refused("preparer", release(&batch, &hash)), "same_person");
        till.assign("approver", Role::Releaser, None);
        assert_eq!(till.bench.refused("approver", release(&batch, &hash)), "same_person");
        assert_eq!(
            till.bench.refused("releaser", release(&batch, &"0".repeat(64))),
            "other_hash"
        );
        assert_eq!(till.held("committed"), 50_123_456);
        till.bench.ok("releaser", release(&batch, &hash));
        assert_eq!((till.held("committed"), till.held("in_flight")), (0, 50_123_456));
        assert_eq!(till.bench.refused("releaser", release(&batch, &hash)), "not_now");
        let other = release(&batch, &"0".repeat(64));
        assert_eq!(
            till.bench.refused("releaser", other),
            "not_now",
            "a key turned is not asked for again"
        );
    });
}

#[test]
fn who_examines_an_appeal_turns_no_key_for_its_case_while_it_is_open() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        let (batch, hash) = till.sealed();
        till.assign("examiner", Role::Releaser, None);
        let lodge = Appeal::Lodge {
            decision: till.text("SELECT decision FROM award"),
            ground: "少给".to_owned(),
        };
        let agent = format!("agent-{}", till.payee(1));
        let appeal = till.bench.made(&agent, lodge, "appeal");
        till.bench.ok("examiner", Appeal::Admit { appeal: appeal.clone() });
        // By releasing they would bar themselves, and nobody might be left to decide the appeal.
        assert_eq!(till.bench.refused("examiner", release(&batch, &hash)), "same_person");
        till.bench.ok(&agent, Appeal::Withdraw { appeal });
        till.bench.ok("examiner", release(&batch, &hash));
    });
}

#[test]
fn who_declared_an_interest_turns_no_key() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        let (batch, hash) = till.sealed();
        let subject = till.payee(1).to_owned();
        till.bench.ok("releaser", meed_office::people::Act::Declare { subject });
        assert_eq!(till.bench.refused("releaser", release(&batch, &hash)), "interest");
    });
}

#[test]
fn a_hold_dissolves_a_sealed_batch_and_its_keys_are_void() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100), (2, 200)]);
        let (batch, hash) = till.sealed();
        let hold = Hold::Place {
            kind: "award".to_owned(),
            target: till.award("i1"),
            reason: "核查".to_owned(),
            until: None,
        };
        till.bench.ok("officer", hold);
        assert_eq!(
            (till.state("i1"), till.state("i2")),
            ("payable".to_owned(), "payable".to_owned())
        );
        assert_eq!(till.bench.refused("releaser", release(&batch, &hash)), "not_now");
        let built = till.bench.ok("preparer", till.build());
        assert_eq!(
            (&built["rows"], &built["left_out"][0]["reason"]["code"]),
            (&1.into(), &"held".into())
        );
        assert_eq!(till.attempt("i2").1, "in_batch");
        assert_eq!(till.number("SELECT count(*) FROM instruction WHERE attempt = 2"), 1);
    });
}

#[test]
fn a_released_batch_that_is_dissolved_gives_its_money_back() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        let batch = till.released();
        let reason = "撤回".to_owned();
        till.bench.ok(
            "releaser",
            Batch::Dissolve {
                batch: batch.clone(),
                reason,
            },
        );
        assert_eq!((till.held("committed"), till.held("in_flight")), (100, 0));
        assert!(matches!(till.send(&batch), super::Sent::Stayed(_)));
        assert_eq!(till.bank.debits(&till.attempt("i1").0), 0);
    });
}

#[test]
fn what_a_line_cannot_pay_is_left_out_with_a_reason() {
    on_each_database(|address| {
        let till = Till::prepared(address, &[(1, 100), (2, 200)]);
        assert_eq!(till.bench.refused("preparer", till.build()), "nothing_payable");
        (1..=2).for_each(|number| till.approve(number));
        assert_eq!(till.bench.refused("preparer", till.build()), "nothing_payable");
        till.recheck("i1");
        till.recheck("i2");
        let account = till.text(&format!("SELECT id FROM account WHERE subject = '{}'", till.payee(1)));
        let close = meed_office::payments::accounts::Act::Close { account, version: 1 };
        till.bench.ok(&format!("agent-{}", till.payee(1)), close);
        let built = till.bench.ok("preparer", till.build());
        assert_eq!(built["rows"], 1);
        assert_eq!(built["left_out"][0]["reason"]["code"], "no_account");
        assert_eq!(till.bench.refused("officer", till.build()), "not_yours");
    });
}

#[test]
fn rows_that_were_not_rechecked_lately_are_not_released() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        let (line, execution) = (till.place.line.clone(), Day(day("2023-03-03")));
        let batch = till.bench.made("preparer", Batch::Build { line, execution }, "batch");
        let id = || batch.clone();
        let hash = till.bench.made("preparer", Batch::Seal { batch: id() }, "hash");
        till.bench.on("2023-03-03");
        assert_eq!(till.bench.refused("releaser", release(&batch, &hash)), "stale");
        till.bench.ok("preparer", Batch::Recheck { batch: id() });
        till.bench.ok("releaser", release(&batch, &hash));
    });
}
