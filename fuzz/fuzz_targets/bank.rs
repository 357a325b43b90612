//! Bytes from a bank, in every form: what is read as payments can be written and read again, and every statement's balances agree.
#![no_main]

use meed_facts::date::Date;
use meed_office::bank::simulator::{Bank, Chances, Sent};
use meed_office::bank::{Adapter, Form, Mode, PaymentFile, validate};
use meed_office::time::Instant;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    assert!(validate(bytes).len() <= 100);
    for form in Form::ALL {
        let adapter = Adapter::new(form, Mode::Demo);
        if let Ok(file) = adapter.read(bytes) {
            let again = adapter.write(&file).expect("what was read can be written");
            assert_eq!(adapter.read(&again).expect("and read"), file);
            pay(form, &file, bytes);
        }
        if let Ok(report) = adapter.answers(bytes) {
            assert_eq!(report.answers().count(), report.reply.lines.len());
        }
        let _ = adapter.bookings(bytes);
        for statement in adapter.statements(bytes).unwrap_or_default() {
            statement.check().expect("balances agree");
            if form == Form::Csv {
                let again = adapter.write_statement(&statement).expect("what was read can be written");
                assert_eq!(adapter.statements(&again).expect("and read"), [statement]);
            }
        }
    }
});

/// However often a file is sent, each of its orders is paid once.
fn pay(form: Form, file: &PaymentFile, bytes: &[u8]) {
    let day = |day| Instant::start_of(Date::new(2026, 3, day).expect("there is that day"));
    let mut bank = Bank::new(1, form, Mode::Demo, day(1), Chances::NONE);
    bank.open(file.debtor().account(), i64::MAX);
    for _ in 0..2 {
        assert_eq!(bank.submit(bytes), Sent::Acknowledged);
    }
    bank.advance(day(4));
    assert!(file.orders().iter().all(|order| bank.debits(order.id()) <= 1));
}
