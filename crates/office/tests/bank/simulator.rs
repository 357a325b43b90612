//! The simulated bank, over a thousand seeds: whatever goes wrong, it debits an instruction at most once, and its statements tell its
//! whole book, every entry once.

use std::collections::{BTreeMap, BTreeSet};

use meed_facts::date::Date;
use meed_office::bank::simulator::{Bank, Chances, Message, Sent};
use meed_office::bank::*;
use meed_office::time::Instant;

const PAYER: &str = "3500040109008888888";
const OPENING: i64 = 1_000_000;
const HOUR: i64 = 3_600_000;

fn day(day: i8) -> Date {
    Date::new(2026, 3, day).unwrap()
}

fn at(date: i8, hour: i64) -> Instant {
    Instant::from_milliseconds(Instant::start_of(day(date)).milliseconds() + hour * HOUR)
}

fn id(instalment: u32) -> InstructionId {
    InstructionId::new(Mode::Demo, "harbin", &instalment.to_string(), 1)
}

fn payer() -> Party {
    Party::new("哈尔滨市科学技术局", PAYER, "102261000018").unwrap()
}

fn order(instalment: u32, amount: i64, account: &str) -> Order {
    let payee = Party::new("某某公司", account, "105261000042").unwrap();
    Order::new(id(instalment), amount, payee, "补助").unwrap()
}

fn file(batch: &str, orders: Vec<Order>) -> PaymentFile {
    let message = MessageId::new(Mode::Demo, batch).unwrap();
    PaymentFile::new(message, at(2, 9), day(3), payer(), orders).unwrap()
}

fn bank(seed: u64, form: Form, chances: Chances) -> Bank {
    let mut bank = Bank::new(seed, form, Mode::Demo, at(2, 9), chances);
    bank.open(PAYER, OPENING);
    bank
}

/// What an impatient office saw: it sends again what timed out, asks, and cancels.
struct Seen {
    bank: Bank,
    adapter: Adapter,
    messages: Vec<Message>,
    final_no: BTreeSet<InstructionId>,
}

const INSTALMENTS: u32 = 9;

fn impatient(seed: u64, form: Form, chances: Chances) -> Seen {
    let adapter = Adapter::new(form, Mode::Demo);
    let mut bank = bank(seed, form, chances);
    bank.close("6222000000000000009");
    let equal = vec![
        order(1, 5_000, "6222000000000000001"),
        order(2, 5_000, "6222000000000000001"),
    ];
    let mixed = vec![
        order(3, 7_000, "6222000000000000003"),
        order(4, 900_000, "6222000000000000004"),
        order(5, 90_000, "6222000000000000005"),
    ];
    let again = vec![
        order(3, 7_000, "6222000000000000003"),
        order(6, 1, "6222000000000000009"),
        order(7, 2, "6222000000000000009"),
    ];
    let last = vec![
        order(8, 100, "6222000000000000008"),
        order(9, 100, "6222000000000000008"),
    ];
    let mut messages = Vec::new();
    let mut final_no = BTreeSet::new();
    for (number, orders) in [equal, mixed, again, last].into_iter().enumerate() {
        let bytes = adapter.write(&file(&number.to_string(), orders)).unwrap();
        for hour in 0..3 {
            if bank.submit(&bytes) == Sent::Acknowledged && hour > 0 {
                break;
            }
            messages.extend(bank.advance(at(2 + number as i8, 10 + hour)));
        }
    }
    for instalment in [2, 8] {
        if let Ok(bytes) = bank.cancel(&id(instalment)) {
            let report = adapter.answers(&bytes).unwrap();
            let no = report
                .answers()
                .filter(|answer| matches!(answer.status, Status::NotExecuted(_)));
            final_no.extend(no.map(|answer| answer.id));
        }
    }
    messages.extend(bank.advance(at(20, 12)));
    Seen {
        bank,
        adapter,
        messages,
        final_no,
    }
}

/// The statements by day, each once; what comes twice says the same twice.
fn by_day(seen: &Seen) -> BTreeMap<Date, Statement> {
    let mut days = BTreeMap::new();
    let bytes = seen.messages.iter().filter_map(Message::statement);
    for statement in bytes.flat_map(|bytes| seen.adapter.statements(bytes).unwrap()) {
        assert!(statement.complete);
        if let Some(before) = days.insert(statement.from, statement.clone()) {
            assert_eq!(before, statement);
        }
    }
    days
}

fn check(seed: u64, form: Form, happened: &mut Happened) {
    let seen = impatient(seed, form, Chances::all(200));
    let days = by_day(&seen);
    // Statements come at most five days late.
    let whole: Vec<_> = days.values().filter(|statement| statement.to < day(15)).collect();
    assert_eq!(whole.len(), 13, "seed {seed}");
    let mut balance = OPENING;
    let mut told: BTreeMap<InstructionId, (i64, usize)> = BTreeMap::new();
    let mut references = BTreeSet::new();
    for statement in days.values() {
        assert_eq!(statement.opening, balance, "seed {seed}, {}", statement.from);
        balance = statement.closing;
        for entry in &statement.entries {
            assert!(
                references.insert(entry.bank_ref.clone()),
                "seed {seed}: {} twice",
                entry.bank_ref
            );
            let (paid, debits) = told.entry(entry.id.clone().unwrap()).or_default();
            *paid -= entry.signed();
            *debits += usize::from(entry.direction == Direction::Debit);
        }
        if statement.to >= day(14) {
            break;
        }
    }
    // Everything ended by then: files were late by at most two days and money was returned within six.
    assert_eq!(seen.bank.balance(PAYER), Some(balance), "seed {seed}");
    for instalment in 1..=INSTALMENTS {
        let id = id(instalment);
        let (paid, debits) = told.get(&id).copied().unwrap_or_default();
        assert!(seen.bank.debits(&id) <= 1, "seed {seed}: {instalment} debited twice");
        assert!(paid >= 0);
        assert_eq!(
            (paid, debits),
            (seen.bank.paid(&id), seen.bank.debits(&id)),
            "seed {seed}: {instalment}"
        );
        happened.debits += debits;
        happened.returns += usize::from(debits == 1 && paid == 0);
        happened.never += usize::from(debits == 0);
        if seen.final_no.contains(&id) {
            happened.final_no += 1;
            assert_eq!(debits, 0, "seed {seed}: {instalment} was never to be executed");
        }
    }
}

/// What happened over all seeds, so that the checks were about something.
#[derive(Default)]
struct Happened {
    debits: usize,
    returns: usize,
    never: usize,
    final_no: usize,
}

#[test]
fn over_a_thousand_seeds_the_book_is_right_and_the_statements_tell_it() {
    let mut happened = Happened::default();
    for seed in 0..1000 {
        check(
            seed,
            if seed % 2 == 0 { Form::Iso20022 } else { Form::Csv },
            &mut happened,
        );
    }
    let Happened {
        debits,
        returns,
        never,
        final_no,
    } = happened;
    assert!(
        debits > 1000 && returns > 100 && never > 100 && final_no > 100,
        "{debits} {returns} {never} {final_no}"
    );
}

#[test]
fn a_seed_decides_everything() {
    for form in Form::ALL {
        let (one, two) = (
            impatient(5, form, Chances::all(300)),
            impatient(5, form, Chances::all(300)),
        );
        assert_eq!(one.messages, two.messages);
        assert_ne!(one.messages, impatient(6, form, Chances::all(300)).messages);
    }
}

#[test]
fn two_equal_payments_to_one_payee_are_two() {
    for form in Form::ALL {
        let adapter = Adapter::new(form, Mode::Demo);
        let mut bank = bank(1, form, Chances::NONE);
        let bytes = adapter
            .write(&file("a", vec![order(1, 5_000, "1"), order(2, 5_000, "1")]))
            .unwrap();
        assert_eq!(bank.submit(&bytes), Sent::Acknowledged);
        let messages = bank.advance(at(9, 0));
        let told = messages
            .iter()
            .filter_map(Message::statement)
            .flat_map(|bytes| adapter.statements(bytes).unwrap());
        let told: Vec<_> = told.flat_map(|statement| statement.entries).collect();
        assert_eq!(
            told.iter().map(|entry| entry.amount).collect::<Vec<_>>(),
            [5_000, 5_000]
        );
        assert_eq!(
            told.into_iter().map(|entry| entry.id.unwrap()).collect::<Vec<_>>(),
            [id(1), id(2)]
        );
    }
}

#[test]
fn what_is_sent_twice_is_booked_once_and_called_a_duplicate() {
    for form in Form::ALL {
        let adapter = Adapter::new(form, Mode::Demo);
        let mut bank = bank(1, form, Chances::NONE);
        let first = adapter.write(&file("a", vec![order(1, 5_000, "1")])).unwrap();
        let other = adapter
            .write(&file("b", vec![order(1, 5_000, "1"), order(2, 5_000, "1")]))
            .unwrap();
        for bytes in [&first, &first, &other] {
            assert_eq!(bank.submit(bytes), Sent::Acknowledged);
        }
        let messages = bank.advance(at(9, 0));
        let reports = messages
            .iter()
            .filter_map(Message::answers)
            .map(|bytes| adapter.answers(bytes).unwrap());
        let codes = reports.filter_map(|report| match report.about(&id(1))?.status {
            Status::Duplicate(code) => Some(code.as_str().to_owned()),
            _ => None,
        });
        assert_eq!(
            codes.collect::<BTreeSet<_>>(),
            BTreeSet::from(["DU01".to_owned(), "DU04".to_owned()])
        );
        assert_eq!((bank.debits(&id(1)), bank.debits(&id(2))), (1, 1));
    }
}

#[test]
fn a_lost_acknowledgement_says_nothing_and_an_inquiry_tells() {
    for form in Form::ALL {
        let adapter = Adapter::new(form, Mode::Demo);
        let status = |bank: &mut Bank| {
            let bytes = bank.inquire(&[id(1)]).unwrap();
            adapter.answers(&bytes).unwrap().about(&id(1)).unwrap().status
        };
        let bytes = adapter.write(&file("a", vec![order(1, 5_000, "1")])).unwrap();

        let lost = Chances {
            lost_before: 1000,
            ..Chances::NONE
        };
        let mut bank = self::bank(1, form, lost);
        assert_eq!(bank.submit(&bytes), Sent::TimedOut);
        bank.advance(at(9, 0));
        assert_eq!(status(&mut bank), Status::Unknown);

        let late = Chances {
            arrives_late: 1000,
            ..Chances::NONE
        };
        let mut bank = self::bank(1, form, late);
        assert_eq!(bank.submit(&bytes), Sent::TimedOut);
        assert_eq!(status(&mut bank), Status::Unknown);
        bank.advance(at(9, 0));
        assert_eq!(status(&mut bank), Status::Accepted, "the file arrived after all");
        assert_eq!(bank.paid(&id(1)), 5_000);

        let after = Chances {
            lost_after: 1000,
            ..Chances::NONE
        };
        let mut bank = self::bank(1, form, after);
        assert_eq!(bank.submit(&bytes), Sent::TimedOut);
        assert!(bank.inquire(&[id(1)]).is_err());
        bank.advance(at(9, 0));
        assert_eq!(bank.paid(&id(1)), 5_000);
    }
}

#[test]
fn what_is_cancelled_in_time_is_final() {
    for form in Form::ALL {
        let adapter = Adapter::new(form, Mode::Demo);
        let mut bank = bank(1, form, Chances::NONE);
        let bytes = adapter
            .write(&file("a", vec![order(1, 5_000, "1"), order(2, 1, "1")]))
            .unwrap();
        assert_eq!(bank.submit(&bytes), Sent::Acknowledged);
        let reply = bank.cancel(&id(1)).unwrap();
        let answer = adapter.answers(&reply).unwrap().about(&id(1)).unwrap();
        assert!(matches!(answer.status, Status::NotExecuted(_)));
        bank.advance(at(9, 0));
        assert_eq!((bank.debits(&id(1)), bank.debits(&id(2))), (0, 1));
        let reply = bank.cancel(&id(2)).unwrap();
        let answer = adapter.answers(&reply).unwrap().about(&id(2)).unwrap();
        assert_eq!((answer.status, answer.date), (Status::Accepted, Some(day(3))));
    }
}

#[test]
fn money_for_a_closed_account_comes_back() {
    for form in Form::ALL {
        let adapter = Adapter::new(form, Mode::Demo);
        let mut bank = bank(
            1,
            form,
            Chances {
                batched: 1000,
                ..Chances::NONE
            },
        );
        bank.close("6222");
        let bytes = adapter
            .write(&file("a", vec![order(1, 5_000, "6222"), order(2, 1, "7")]))
            .unwrap();
        assert_eq!(bank.submit(&bytes), Sent::Acknowledged);
        let messages = bank.advance(at(20, 0));
        let entries = messages
            .iter()
            .filter_map(Message::statement)
            .flat_map(|bytes| adapter.statements(bytes).unwrap());
        let entries: Vec<_> = entries.flat_map(|statement| statement.entries).collect();
        let code = Code::parse("AC04").unwrap();
        assert_eq!(
            entries.iter().map(|entry| entry.kind.clone()).collect::<Vec<_>>(),
            [Kind::Payment, Kind::Payment, Kind::Return(code)]
        );
        assert!(entries[0].bank_ref.ends_with("/1") && entries[1].bank_ref.ends_with("/2"));
        assert_eq!((bank.paid(&id(1)), bank.debits(&id(1)), bank.paid(&id(2))), (0, 1, 1));
        assert_eq!(bank.balance(PAYER), Some(OPENING - 1));
    }
}

#[test]
fn a_bank_refuses_what_it_cannot_read_and_what_is_of_another_mode() {
    for form in Form::ALL {
        let mut bank = bank(1, form, Chances::NONE);
        assert!(matches!(bank.submit(b"hello"), Sent::Refused(_)));
        let live = InstructionId::new(Mode::Live, "harbin", "1", 1);
        let payee = Party::new("某", "1", "105261000042").unwrap();
        let order = Order::new(live, 1, payee, "").unwrap();
        let message = MessageId::new(Mode::Live, "a").unwrap();
        let file = PaymentFile::new(message, at(2, 9), day(3), payer(), vec![order]).unwrap();
        let bytes = Adapter::new(form, Mode::Live).write(&file).unwrap();
        let Sent::Refused(violation) = bank.submit(&bytes) else {
            panic!("a demonstration took a live file")
        };
        assert!(matches!(violation.fault(), Fault::OtherMode { .. }));
    }
}
