//! A bank that loses, repeats, delays and reorders, driven until nothing is open: nobody is paid twice, and the books agree.

use meed_facts::date::{Date, Days};
use meed_office::awards::Act as Award;
use meed_office::bank::InstructionId;
use meed_office::bank::simulator::Chances;
use meed_office::command::Outcome;
use meed_office::payments::batches::Act as Batch;
use meed_office::payments::inbound::{Act as Inbound, FromBank, Remedy};
use meed_office::payments::sending::ask;
use meed_office::store::Cell;

use super::prepared::Place;
use super::{START, Till};
use crate::support::{copy, day, folder, postgres, times};

/// Payees and amounts. Two are equal, to one payee.
const GRANTS: [(usize, i64); 7] = [
    (1, 5_000),
    (1, 5_000),
    (2, 1),
    (2, 70_000),
    (3, 123_456),
    (4, 99),
    (4, 2_500),
];
/// Nothing new leaves after this many days; by the last day everything has an end.
const BUILDING: i32 = 18;
const LAST: i32 = 48;

fn until_quiet(mut till: Till, seed: u64) {
    for number in 0..LAST {
        let today = day(START).plus_days(Days(number)).unwrap();
        till.to(&today.to_string());
        settle_unknown(&mut till, today);
        settle_returned(&till);
        for difference in till.texts("SELECT id FROM difference WHERE state = 'open'") {
            till.close(&difference, Remedy::None);
        }
        if number < BUILDING {
            pay_what_is_payable(&mut till);
        }
    }
    nobody_is_paid_twice(&till, seed);
    the_books_agree(&till, seed);
}

fn pay_what_is_payable(till: &mut Till) {
    for instalment in till.texts("SELECT id FROM instalment WHERE state = 'payable'") {
        till.bench.ok("machine", Award::Recheck { instalment });
    }
    if let Outcome::Accepted { result, .. } = till.bench.submit("preparer", till.build()) {
        let batch = || result["batch"].as_str().unwrap().to_owned();
        let hash = till.bench.made("preparer", Batch::Seal { batch: batch() }, "hash");
        till.bench.ok("releaser", Batch::Release { batch: batch(), hash });
        till.send(&batch());
    }
}

/// Asks, asks to cancel what is long over, and takes the bank's word only with its statements.
fn settle_unknown(till: &mut Till, today: Date) {
    if till.number("SELECT count(*) FROM instruction WHERE state = 'unknown'") > 0 {
        ask(&till.bench.office, "machine", &mut till.bank).unwrap();
    }
    let long = today.plus_days(Days(-7)).unwrap();
    let open = format!(
        "SELECT id FROM instruction WHERE state IN ('unknown', 'sent', 'accepted') AND batch IN (SELECT id FROM batch WHERE execution < '{long}')"
    );
    for instruction in till.texts(&open) {
        let Ok(answer) = till.bank.cancel(&InstructionId::parse(&instruction).unwrap()) else {
            continue;
        };
        let file = FromBank(String::from_utf8(answer).unwrap());
        till.bench.ok("machine", Inbound::Answers { file });
        let confirmation = "不存在该指令".to_owned();
        let deny = Inbound::NotExecuted {
            instruction,
            confirmation,
        };
        // Refused where the answer settled it, or where a statement is late.
        till.bench.submit("releaser", deny);
    }
}

/// Pays again what came back, once another account has waited.
fn settle_returned(till: &Till) {
    let returned = "SELECT instalment.id, payee FROM instalment JOIN award ON award.id = award WHERE instalment.state = 'returned'";
    for row in till.cells(returned) {
        let [Cell::Text(instalment), Cell::Text(payee)] = row.as_slice() else {
            panic!("{row:?}")
        };
        let instalment = instalment.clone();
        if let Outcome::Accepted { .. } = till.bench.submit("preparer", Batch::PayAgain { instalment }) {
            continue;
        }
        let last =
            format!("SELECT id, version, state FROM account WHERE subject = '{payee}' ORDER BY version DESC LIMIT 1");
        let [Cell::Text(account), Cell::Int(version), Cell::Text(state)] = &till.cells(&last)[0][..] else {
            panic!("{payee}")
        };
        if state == "active" {
            let number = 1 + till.place.payees.iter().position(|one| one == payee).unwrap();
            till.enter_account(number, &format!("6222{number:04}{version:06}"));
        } else {
            let (prevalidate, activate) = super::accounts::to_activate(account, *version);
            till.bench.submit("registrar", prevalidate);
            till.bench.submit("registrar2", activate);
        }
    }
}

fn nobody_is_paid_twice(till: &Till, seed: u64) {
    for (number, (_, amount)) in (1..).zip(GRANTS) {
        let name = format!("i{number}");
        let due = if till.state(&name) == "paid" { amount } else { 0 };
        assert_eq!(till.paid_by_bank(&name), due, "seed {seed}: {name}");
    }
    for id in till.texts("SELECT id FROM instruction") {
        assert!(
            till.bank.debits(&InstructionId::parse(&id).unwrap()) <= 1,
            "seed {seed}: {id}"
        );
    }
}

fn the_books_agree(till: &Till, seed: u64) {
    let open = "SELECT count(*) FROM instruction WHERE state NOT IN ('paid', 'returned', 'rejected', 'not_executed', 'cancelled')";
    assert_eq!(till.number(open), 0, "seed {seed}");
    assert_eq!(
        till.number("SELECT count(*) FROM batch WHERE state <> 'closed'"),
        0,
        "seed {seed}"
    );
    assert_eq!(till.held("in_flight"), 0, "seed {seed}");
    let names = (1..=GRANTS.len()).map(|number| format!("i{number}"));
    let net: i64 = names.map(|name| till.paid_by_bank(&name)).sum();
    let differences = till.number("SELECT CAST(coalesce(sum(amount), 0) AS BIGINT) FROM difference");
    assert_eq!(net, till.held("paid") + differences, "seed {seed}");
    for date in till.texts("SELECT DISTINCT booked FROM bank_entry") {
        let report = till.reconcile(&date);
        assert!(report.is_balanced(), "seed {seed}: {}", report.to_json());
    }
}

/// Runs so many seeds, each on a copy of one office, in two threads. `MEED_SEED` begins elsewhere than at 0.
fn run(address: &str, seeds: u64) {
    let first = u64::from(times("MEED_SEED", 0));
    let last = first + seeds;
    let place = Till::open(address, &GRANTS).close_office();
    let one = |seed: u64| {
        let bad = u16::try_from(seed % 4).unwrap() * 100 + 50;
        let address = copy(&place.address);
        let place = Place {
            address,
            ..place.clone()
        };
        until_quiet(Till::at(place, seed, Chances::all(bad)), seed);
    };
    std::thread::scope(|scope| {
        scope.spawn(|| (first..last).step_by(2).for_each(one));
        scope.spawn(|| (first + 1..last).step_by(2).for_each(one));
    });
}

#[test]
fn whatever_the_bank_does_nobody_is_paid_twice_and_the_books_agree() {
    let folder = folder();
    let seeds = u64::from(times("MEED_SEEDS", 100));
    run(&format!("sqlite:{}", folder.path().join("office.db").display()), seeds);
}

#[test]
fn whatever_the_bank_does_the_other_database_agrees_too() {
    if let Some(server) = postgres::server() {
        run(&server.database(), 4);
    }
}
