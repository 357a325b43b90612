//! Faults of other systems (docs: office, the table of faults), by number: what befell their payments does not befall ours.

use std::sync::Barrier;

use meed_office::bank::{Adapter, Direction, Entry, Form, Kind, Mode, Stage, Statement};
use meed_office::command::Outcome;
use meed_office::payments::batches::Act as Batch;
use meed_office::payments::inbound::{Act as Inbound, FromBank};
use meed_office::payments::sending::{self, Sent};
use meed_office::people::Role;
use meed_office::register::Act as Register;

use super::Till;
use super::sending::Dark;
use crate::support::{config, day, on_each_database};

/// Gives two commands at the same time and tells how many were accepted.
fn at_once(till: &Till, one: (&str, Batch), other: (&str, Batch)) -> usize {
    let barrier = Barrier::new(2);
    let give = |(person, act): (&str, Batch)| {
        barrier.wait();
        matches!(till.bench.submit(person, act), Outcome::Accepted { .. })
    };
    std::thread::scope(|scope| {
        let threads = [scope.spawn(|| give(one)), scope.spawn(|| give(other))];
        threads
            .into_iter()
            .map(|thread| usize::from(thread.join().unwrap()))
            .sum()
    })
}

#[test]
fn fault_5_two_batches_built_at_once_take_an_instalment_once() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        assert_eq!(
            at_once(&till, ("preparer", till.build()), ("preparer", till.build())),
            1
        );
        assert_eq!(till.number("SELECT count(*) FROM instruction"), 1);
    });
}

#[test]
fn fault_6_a_recheck_that_cannot_decide_lets_nothing_through() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        let (batch, hash) = till.sealed();
        till.bench.on("2023-03-03");
        // What the rules must know is taken back.
        let (subject, path, source) = (till.payee(1).to_owned(), "/breach".to_owned(), "信用平台".to_owned());
        let state = Register::State {
            subject,
            path,
            value: None,
            source,
            evidence: None,
            valid_from: None,
            valid_to: None,
        };
        till.bench.ok("registrar", state);
        let recheck = Batch::Recheck { batch: batch.clone() };
        assert!(matches!(
            till.bench.submit("preparer", recheck),
            Outcome::Undecided { .. }
        ));
        let release = Batch::Release {
            batch: batch.clone(),
            hash,
        };
        assert_eq!(till.bench.refused("releaser", release), "stale");
        assert_eq!((till.held("committed"), till.held("in_flight")), (100, 0));
    });
}

#[test]
fn fault_7_a_time_out_after_the_bank_accepted_sends_nothing_twice() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        let batch = till.released();
        let mut dark = Dark(Some(&mut till.bank));
        let sent = sending::send(&till.bench.office, "machine", &batch, &mut dark).unwrap();
        assert!(matches!(sent, Sent::Left(_)));
        let id = till.attempt("i1").0;
        assert_eq!(till.attempt("i1").1, "unknown");
        assert!(matches!(till.send(&batch), Sent::Stayed(_)));
        assert_eq!(till.bench.refused("preparer", till.build()), "nothing_payable");
        till.to("2023-03-02");
        assert_eq!(till.attempt("i1").1, "paid", "the late answer settles it");
        assert_eq!((till.bank.debits(&id), till.paid_by_bank("i1")), (1, 100));
        assert_eq!(till.number("SELECT count(*) FROM difference"), 0);
    });
}

#[test]
fn fault_8_two_lawful_equal_payments_to_one_payee_both_go() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 50_000_000), (1, 50_000_000)]);
        till.pay();
        till.to("2023-03-02");
        assert_eq!(
            (till.state("i1"), till.state("i2")),
            ("paid".to_owned(), "paid".to_owned())
        );
        assert_eq!(
            (till.paid_by_bank("i1"), till.paid_by_bank("i2")),
            (50_000_000, 50_000_000)
        );
        assert_eq!(till.held("paid"), 100_000_000);
    });
}

#[test]
fn fault_9_of_two_ways_out_at_once_one_is_taken() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        till.bank.close("622200000000000001");
        let batch = till.released();
        let depart = Batch::Depart { batch: batch.clone() };
        let reason = || "撤回".to_owned();
        let dissolve = Batch::Dissolve {
            batch,
            reason: reason(),
        };
        assert_eq!(at_once(&till, ("machine", depart), ("releaser", dissolve)), 1);
        till.bench.ok("machine", Batch::Recover {});
        let (in_flight, committed) = (till.held("in_flight"), till.held("committed"));
        assert!(matches!((in_flight, committed), (100, 0) | (0, 100)));
    });
}

#[test]
fn fault_9_what_came_back_is_paid_again_or_given_up() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        till.bank.close("622200000000000001");
        till.pay();
        till.to("2023-03-10");
        let account = till.enter_account(1, "6222000000009999");
        let (prevalidate, activate) = super::accounts::to_activate(&account, 2);
        till.bench.ok("registrar", prevalidate);
        till.to("2023-03-14");
        till.bench.ok("registrar2", activate);
        let (instalment, reason) = (till.id("i1"), "注销".to_owned());
        let give_up = Batch::GiveUp {
            instalment: instalment.clone(),
            reason,
        };
        let again = Batch::PayAgain { instalment };
        assert_eq!(at_once(&till, ("approver", give_up), ("preparer", again)), 1);
        assert_eq!(till.held("returned"), 0);
        assert_eq!(till.held("committed") + till.held("available"), 700_000_000);
    });
}

#[test]
fn fault_10_totals_of_a_day_are_of_all_its_lines() {
    on_each_database(|address| {
        let till = Till::open(address, &[]);
        let entry = |number: i64| Entry {
            bank_ref: format!("B{number:05}"),
            stage: Stage::Booked,
            booked: day("2023-03-01"),
            value: day("2023-03-01"),
            amount: number,
            direction: Direction::Debit,
            id: None,
            kind: Kind::Other,
        };
        let statement = |id: &str, opening, complete, entries: Vec<Entry>| {
            let mut statement = Statement {
                id: id.to_owned(),
                account: config().debtor.account,
                from: day("2023-03-01"),
                to: day("2023-03-01"),
                opening,
                closing: 0,
                complete,
                entries,
            };
            statement.closing = i64::try_from(i128::from(opening) + statement.moved()).unwrap();
            let bytes = Adapter::new(Form::Iso20022, Mode::Test)
                .write_statement(&statement)
                .unwrap();
            Inbound::Statements {
                file: FromBank(String::from_utf8(bytes).unwrap()),
            }
        };
        // Pages come one by one; only the whole makes a day.
        for page in 0..3 {
            let entries = (1..=100).map(|number| entry(page * 100 + number)).collect();
            till.bench
                .ok("machine", statement(&format!("P{page}"), 0, false, entries));
            assert!(!till.reconcile("2023-03-01").complete);
        }
        let all = (1..=350).map(entry).collect();
        till.bench.ok("machine", statement("S", 1_000_000, true, all));
        let report = till.reconcile("2023-03-01");
        assert!(report.is_balanced(), "{}", report.to_json());
        assert_eq!(
            (report.left.bank.minor(), report.differences.len()),
            (350 * 351 / 2, 350)
        );
    });
}

#[test]
fn fault_12_one_person_with_two_roles_has_one_key() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        for role in [Role::Preparer, Role::Releaser] {
            till.assign("preparer2", role, None);
        }
        let batch = till.bench.made("preparer2", till.build(), "batch");
        let hash = till
            .bench
            .made("preparer2", Batch::Seal { batch: batch.clone() }, "hash");
        let release = || Batch::Release {
            batch: batch.clone(),
            hash: hash.clone(),
        };
        assert_eq!(till.bench.refused("preparer2", release()), "same_person");
        till.bench.ok("releaser", release());
    });
}
