//! The way to the bank and back.

use meed_office::awards::Act as Award;
use meed_office::bank::InstructionId;
use meed_office::payments::batches::Act as Batch;
use meed_office::payments::inbound::{Act as Inbound, FromBank};
use meed_office::payments::sending::{self, Sent};
use meed_office::payments::transport::{Delivery, Folder, Transport};

use super::Till;
use super::differences::{file, statement};
use crate::support::on_each_database;

/// A line that loses what is sent, and perhaps delivers it.
pub struct Dark<'a>(pub Option<&'a mut meed_office::bank::simulator::Bank>);

impl Transport for Dark<'_> {
    fn deliver(&mut self, message: &str, bytes: &[u8]) -> Delivery {
        if let Some(bank) = &mut self.0 {
            bank.deliver(message, bytes);
        }
        Delivery::Uncertain
    }

    fn ask(&mut self, _: &[InstructionId]) -> Vec<Vec<u8>> {
        Vec::new()
    }
}

#[test]
fn accepted_is_not_paid_and_only_a_booking_is() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        let batch = till.pay();
        assert_eq!(till.attempt("i1").1, "sent");
        // Long after the bank has executed it, and before its statement.
        till.later(11);
        till.receive();
        assert_eq!(
            (till.attempt("i1").1, till.held("in_flight")),
            ("accepted".to_owned(), 100)
        );
        till.to("2023-03-02");
        assert_eq!((till.attempt("i1").1, till.held("paid")), ("paid".to_owned(), 100));
        assert_eq!(
            till.text(&format!("SELECT state FROM batch WHERE id = '{batch}'")),
            "closed"
        );
        let evidence = till.text("SELECT evidence FROM instruction");
        let booked = till.text("SELECT account || '/' || bank_ref FROM bank_entry");
        assert_eq!(evidence, booked);
    });
}

#[test]
fn what_was_about_to_leave_when_the_office_stopped_is_unknown_and_asked_about() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        let batch = till.released();
        // The office stops after the departure is durable, before it learns what became of it.
        let departed = meed_office::payments::batches::Act::Depart { batch: batch.clone() };
        let departed = till.bench.ok("machine", departed);
        let file = till.text(&format!(
            "SELECT body FROM document WHERE digest = '{}'",
            departed["file"].as_str().unwrap()
        ));
        till.bank.deliver("", file.as_bytes());
        let mut till = till.reopen("2023-03-01", str::to_owned);
        assert_eq!(till.attempt("i1").1, "sending");
        sending::recover_at_start(&till.bench.office, "machine", &mut Dark(None)).unwrap();
        assert_eq!(till.attempt("i1").1, "unknown");
        assert!(matches!(till.send(&batch), Sent::Stayed(_)), "it may be there already");
        till.later(6);
        till.bank.advance(till.bench.office.setup().clock.now());
        assert_eq!(sending::ask(&till.bench.office, "machine", &mut till.bank), Ok(1));
        assert_eq!(till.attempt("i1").1, "accepted");
        till.to("2023-03-02");
        assert_eq!((till.state("i1"), till.paid_by_bank("i1")), ("paid".to_owned(), 100));
    });
}

#[test]
fn what_never_arrived_is_given_up_only_after_days_of_statements_and_a_confirmation() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        let batch = till.released();
        sending::send(&till.bench.office, "machine", &batch, &mut Dark(None)).unwrap();
        let (id, state) = till.attempt("i1");
        assert_eq!(state, "unknown");
        sending::ask(&till.bench.office, "machine", &mut till.bank).unwrap();
        assert_eq!(
            till.attempt("i1").1,
            "unknown",
            "that the bank does not know it yet is not final"
        );
        let deny = |confirmation: &str| Inbound::NotExecuted {
            instruction: id.to_string(),
            confirmation: confirmation.to_owned(),
        };
        till.to("2023-03-06");
        assert_eq!(till.bench.refused("releaser", deny("已撤销")), "statements_missing");
        till.to("2023-03-07");
        assert_eq!(till.bench.refused("releaser", deny(" ")), "no_confirmation");
        till.bench.ok("releaser", deny("已撤销"));
        assert_eq!(till.attempt("i1").1, "not_executed");
        assert_eq!((till.state("i1"), till.held("committed")), ("payable".to_owned(), 100));
        let closed = till.text("SELECT state FROM batch");
        assert_eq!(closed, "closed");
    });
}

#[test]
fn a_weekend_without_statements_does_not_show_that_nothing_left() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        let batch = till.released();
        sending::send(&till.bench.office, "machine", &batch, &mut Dark(None)).unwrap();
        let (id, _) = till.attempt("i1");
        let told = |date: &str| {
            till.bench
                .ok("machine", file(&statement(date, 1_000_000, true, vec![])))
        };
        for date in ["2023-03-01", "2023-03-02", "2023-03-03", "2023-03-06"] {
            told(date);
        }
        till.bench.on("2023-03-07");
        let deny = || Inbound::NotExecuted {
            instruction: id.to_string(),
            confirmation: "已撤销".to_owned(),
        };
        // As much as left on Saturday may have come back on Sunday.
        assert_eq!(till.bench.refused("releaser", deny()), "statements_missing");
        told("2023-03-04");
        assert_eq!(till.bench.refused("releaser", deny()), "statements_missing");
        told("2023-03-05");
        till.bench.ok("releaser", deny());
    });
}

#[test]
fn a_folder_gets_each_file_whole_and_once() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        let batch = till.released();
        let out = tempfile::tempdir().unwrap();
        let mut folder = Folder::new(out.path(), meed_office::bank::Form::Iso20022);
        let sent = sending::send(&till.bench.office, "machine", &batch, &mut folder).unwrap();
        assert_eq!(sent, Sent::Left(Delivery::Arrived));
        let names: Vec<_> = std::fs::read_dir(out.path())
            .unwrap()
            .map(|one| one.unwrap().path())
            .collect();
        let [path] = names.as_slice() else { panic!("{names:?}") };
        let bytes = std::fs::read(path).unwrap();
        assert_eq!(meed_office::log::sha256(&bytes), till.text("SELECT hash FROM batch"));
        let message = path.file_stem().unwrap().to_str().unwrap();
        assert_eq!(folder.deliver(message, b"other"), Delivery::Uncertain);
        assert_eq!(std::fs::read(path).unwrap(), bytes);
    });
}

#[test]
fn answers_about_a_whole_file_are_answers_about_its_rows() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100), (2, 200)]);
        let batch = till.released();
        sending::send(&till.bench.office, "machine", &batch, &mut Dark(None)).unwrap();
        let adapter = meed_office::bank::Adapter::new(meed_office::bank::Form::Iso20022, meed_office::bank::Mode::Test);
        let reply = meed_office::bank::Reply {
            message: "R1".to_owned(),
            original: Some(meed_office::bank::MessageId::parse(&format!("T-HRB-{batch}")).unwrap()),
            group: Some(meed_office::bank::Status::Rejected(
                meed_office::bank::Code::parse("AM04").unwrap(),
            )),
            lines: Vec::new(),
        };
        let now = till.bench.office.setup().clock.now();
        let file = FromBank(String::from_utf8(adapter.write_reply(&reply, now).unwrap()).unwrap());
        let taken = till.bench.ok("machine", Inbound::Answers { file: file.clone() });
        assert_eq!(taken["answers"], 2);
        assert_eq!(
            (till.attempt("i1").1, till.attempt("i2").1),
            ("rejected".to_owned(), "rejected".to_owned())
        );
        assert_eq!((till.held("committed"), till.held("in_flight")), (300, 0));
        assert_eq!(till.bench.ok("machine", Inbound::Answers { file })["known"], true);
    });
}

#[test]
fn an_answer_to_a_file_that_nobody_sent_is_a_difference_that_two_persons_close() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        let adapter = meed_office::bank::Adapter::new(meed_office::bank::Form::Iso20022, meed_office::bank::Mode::Test);
        let answered = |message: &str, group: meed_office::bank::Status| {
            let reply = meed_office::bank::Reply {
                message: message.to_owned(),
                original: Some(meed_office::bank::MessageId::parse("T-HRB-batch-9-9").unwrap()),
                group: Some(group),
                lines: Vec::new(),
            };
            let now = till.bench.office.setup().clock.now();
            let file = FromBank(String::from_utf8(adapter.write_reply(&reply, now).unwrap()).unwrap());
            till.bench.ok("machine", Inbound::Answers { file })
        };
        let code = meed_office::bank::Code::parse("FF01").unwrap();
        let taken = answered("R1", meed_office::bank::Status::Rejected(code));
        let [difference] = taken["differences"].as_array().unwrap().as_slice() else {
            panic!("{taken}")
        };
        assert_eq!(
            till.cells("SELECT reason, file, state FROM difference"),
            [["unknown_file".into(), "T-HRB-batch-9-9".into(), "open".into()]]
        );
        // Whatever else the bank says of the same file is the same difference.
        let again = answered("R2", meed_office::bank::Status::Accepted);
        assert_eq!(again["differences"].as_array().unwrap().len(), 0, "{again}");
        let difference = || difference.as_str().unwrap().to_owned();
        let explain = Inbound::Explain {
            difference: difference(),
            explanation: "银行误发他人文件的回执".to_owned(),
            remedy: meed_office::payments::inbound::Remedy::None,
        };
        till.bench.ok("preparer", explain);
        till.bench.ok(
            "releaser",
            Inbound::Close {
                difference: difference(),
            },
        );
        assert_eq!(
            till.number("SELECT count(*) FROM instruction"),
            0,
            "nothing of ours moved"
        );
    });
}

#[test]
fn what_is_on_its_way_or_came_back_is_not_rechecked_into_another_payment() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        let recheck = |till: &Till| {
            till.bench.refused(
                "machine",
                Award::Recheck {
                    instalment: till.id("i1"),
                },
            )
        };
        let (batch, hash) = till.sealed();
        assert_eq!(recheck(&till), "not_now");
        till.bench.ok(
            "releaser",
            Batch::Release {
                batch: batch.clone(),
                hash,
            },
        );
        till.bank.close("622200000000000001");
        till.send(&batch);
        assert_eq!(recheck(&till), "not_now");
        till.to("2023-03-20");
        assert_eq!(till.state("i1"), "returned");
        assert_eq!(recheck(&till), "not_now");
        assert_eq!(till.held("returned"), 100);
    });
}
