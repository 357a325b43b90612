//! Where the bank's book and ours disagree.

use meed_office::bank::{Adapter, Code, Direction, Entry, Form, InstructionId, Kind, Mode, Stage, Statement};
use meed_office::payments::inbound::{Act as Inbound, FromBank, Remedy};
use meed_office::people::Role;

use super::Till;
use crate::support::{config, day, on_each_database};

pub fn booking(bank_ref: &str, id: Option<InstructionId>, amount: i64, direction: Direction, kind: Kind) -> Entry {
    Entry {
        bank_ref: bank_ref.to_owned(),
        stage: Stage::Booked,
        booked: day("2023-03-01"),
        value: day("2023-03-01"),
        amount,
        direction,
        id,
        kind,
    }
}

/// A statement of a day that begins with 10,000 yuan.
pub fn statement(date: &str, opening: i64, complete: bool, entries: Vec<Entry>) -> Statement {
    let mut statement = Statement {
        id: format!("S-{date}"),
        account: config().debtor.account,
        from: day(date),
        to: day(date),
        opening,
        closing: 0,
        complete,
        entries: entries
            .into_iter()
            .map(|entry| Entry {
                booked: day(date),
                ..entry
            })
            .collect(),
    };
    statement.closing = i64::try_from(i128::from(opening) + statement.moved()).unwrap();
    statement
}

pub fn file(statement: &Statement) -> Inbound {
    let bytes = Adapter::new(Form::Iso20022, Mode::Test)
        .write_statement(statement)
        .unwrap();
    Inbound::Statements {
        file: FromBank(String::from_utf8(bytes).unwrap()),
    }
}

#[test]
fn a_statement_imported_twice_changes_nothing() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        till.pay();
        till.bench.on("2023-03-02");
        let now = till.bench.office.setup().clock.now();
        let messages = till.bank.advance(now);
        let statement = messages
            .iter()
            .find_map(|message| message.statement())
            .unwrap()
            .to_vec();
        let import = || Inbound::Statements {
            file: FromBank(String::from_utf8(statement.clone()).unwrap()),
        };
        assert_eq!(till.bench.ok("machine", import())["entries"], 1);
        let postings = till.number("SELECT count(*) FROM posting");
        assert_eq!(till.bench.ok("machine", import())["entries"], 0);
        assert_eq!(till.number("SELECT count(*) FROM posting"), postings);
        assert_eq!(till.number("SELECT count(*) FROM bank_entry"), 1);
        assert_eq!(till.number("SELECT count(*) FROM difference"), 0);
    });
}

#[test]
fn days_follow_each_other_and_balances_too() {
    on_each_database(|address| {
        let till = Till::open(address, &[]);
        let import = |statement: &Statement| till.bench.submit("machine", file(statement));
        let refused = |statement: &Statement| till.bench.refused("machine", file(statement));
        till.bench
            .ok("machine", file(&statement("2023-03-01", 1_000_000, true, vec![])));
        assert_eq!(
            refused(&statement("2023-03-03", 1_000_000, true, vec![])),
            "statement_missing"
        );
        assert_eq!(refused(&statement("2023-03-02", 999_999, true, vec![])), "balance_gap");
        assert_eq!(
            refused(&statement("2023-03-01", 999_999, true, vec![])),
            "statement_differs"
        );
        // One page of several is no day.
        import(&statement("2023-03-02", 0, false, vec![]));
        assert_eq!(till.number("SELECT count(*) FROM bank_statement"), 1);
        import(&statement("2023-03-02", 1_000_000, true, vec![]));
        import(&statement("2023-03-03", 1_000_000, true, vec![]));
        // A weekend without statements is no gap where the balance went on.
        assert_eq!(
            refused(&statement("2023-03-06", 1_000_001, true, vec![])),
            "statement_missing"
        );
        till.bench
            .ok("machine", file(&statement("2023-03-06", 1_000_000, true, vec![])));
        assert_eq!(till.number("SELECT count(*) FROM bank_statement"), 4);
        let mut other = statement("2023-03-07", 1_000_000, true, vec![]);
        other.account = "999".to_owned();
        assert_eq!(refused(&other), "other_account");
    });
}

#[test]
fn a_weekend_on_which_as_much_left_as_came_back_is_told_late_in_either_order() {
    let left = || {
        statement(
            "2023-03-04",
            1_000_000,
            true,
            vec![booking("B1", None, 5_000, Direction::Debit, Kind::Other)],
        )
    };
    let back = || {
        statement(
            "2023-03-05",
            995_000,
            true,
            vec![booking("B2", None, 5_000, Direction::Credit, Kind::Other)],
        )
    };
    for late in [[left(), back()], [back(), left()]] {
        on_each_database(|address| {
            let till = Till::open(address, &[]);
            for date in ["2023-03-01", "2023-03-02", "2023-03-03", "2023-03-06"] {
                till.bench
                    .ok("machine", file(&statement(date, 1_000_000, true, vec![])));
            }
            for statement in &late {
                assert_eq!(till.bench.ok("machine", file(statement))["entries"], 1);
            }
            assert_eq!(till.number("SELECT count(*) FROM bank_statement"), 6);
            // What does not fit between two days that are known is told still.
            let other = statement("2023-03-05", 995_001, true, vec![]);
            assert_eq!(till.bench.refused("machine", file(&other)), "statement_differs");
        });
    }
}

/// A notice of the account, `camt.054`, as banks send it when something is booked.
fn notice(entry: &Entry) -> Inbound {
    let id = entry.id.as_ref().map(|id| id.as_str()).unwrap_or_default();
    let (reference, booked, yuan) = (&entry.bank_ref, entry.booked, entry.amount / 100);
    let text = format!(
        "<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:camt.054.001.08\"><BkToCstmrDbtCdtNtfctn>
        <GrpHdr><MsgId>N1</MsgId><CreDtTm>2023-03-01T10:00:00</CreDtTm></GrpHdr>
        <Ntfctn><Id>N1</Id><Acct><Id><Othr><Id>{}</Id></Othr></Id></Acct>
        <Ntry><Amt Ccy=\"CNY\">{yuan}.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{booked}</Dt></BookgDt>
        <AcctSvcrRef>{reference}</AcctSvcrRef><BkTxCd><Prtry><Cd>A</Cd></Prtry></BkTxCd>
        <NtryDtls><TxDtls><Refs><EndToEndId>{id}</EndToEndId></Refs></TxDtls></NtryDtls></Ntry></Ntfctn></BkToCstmrDbtCdtNtfctn></Document>",
        config().debtor.account
    );
    Inbound::Statements { file: FromBank(text) }
}

#[test]
fn a_notice_pays_once_and_the_statement_must_have_it() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        till.pay();
        let paid = booking("B1", Some(till.attempt("i1").0), 100, Direction::Debit, Kind::Payment);
        assert_eq!(till.bench.ok("machine", notice(&paid))["entries"], 1);
        assert_eq!((till.attempt("i1").1, till.held("paid")), ("paid".to_owned(), 100));
        assert!(!till.reconcile("2023-03-01").complete, "a notice is no statement");
        assert_eq!(till.bench.ok("machine", notice(&paid))["entries"], 0, "told again");
        let without = statement("2023-03-01", 1_000_000, true, vec![]);
        assert_eq!(till.bench.refused("machine", file(&without)), "booking_lost");
        let with = statement("2023-03-01", 1_000_000, true, vec![paid]);
        assert_eq!(till.bench.ok("machine", file(&with))["entries"], 0);
        assert!(till.reconcile("2023-03-01").is_balanced());
        let after = booking("B2", Some(till.attempt("i1").0), 100, Direction::Debit, Kind::Payment);
        assert_eq!(
            till.bench.refused("machine", notice(&after)),
            "booking_lost",
            "the day is told in whole"
        );
    });
}

#[test]
fn a_booking_under_an_id_that_was_never_sent_is_a_difference() {
    on_each_database(|address| {
        let till = Till::open(address, &[]);
        let stranger = InstructionId::new(Mode::Test, "HRB", "nobody", 1);
        let fee = booking("B2", None, 30, Direction::Debit, Kind::Other);
        let topped_up = booking("B3", None, 500, Direction::Credit, Kind::Other);
        let entries = vec![
            booking("B1", Some(stranger), 100, Direction::Debit, Kind::Payment),
            fee,
            topped_up,
        ];
        let taken = till
            .bench
            .ok("machine", file(&statement("2023-03-01", 1_000_000, true, entries)));
        assert_eq!(taken["differences"].as_array().unwrap().len(), 2);
        let reasons = till.cells("SELECT reason, amount FROM difference ORDER BY bank_ref");
        assert_eq!(
            reasons,
            [["unknown_id".into(), 100.into()], ["not_ours".into(), 30.into()]]
        );
        let report = till.reconcile("2023-03-01");
        assert!(report.is_balanced(), "{}", report.to_json());
        assert_eq!(
            (
                report.left.bank.minor(),
                report.left.ours.minor(),
                report.differences.len()
            ),
            (130, 0, 2)
        );
    });
}

#[test]
fn a_booking_of_a_batch_that_did_not_leave_stops_it() {
    on_each_database(|address| {
        let till = Till::open(address, &[(1, 100)]);
        till.released();
        let entry = booking("B1", Some(till.attempt("i1").0), 100, Direction::Debit, Kind::Payment);
        let taken = till
            .bench
            .ok("machine", file(&statement("2023-03-01", 1_000_000, true, vec![entry])));
        let difference = taken["differences"][0].as_str().unwrap().to_owned();
        assert_eq!(
            (till.attempt("i1").1, till.state("i1")),
            ("cancelled".to_owned(), "payable".to_owned())
        );
        assert_eq!(till.bench.refused("preparer", till.build()), "nothing_payable");
        // Two persons find that the bank did pay it: then nothing pays it again.
        let explain = Inbound::Explain {
            difference: difference.clone(),
            explanation: "银行柜面误付".to_owned(),
            remedy: Remedy::Paid,
        };
        till.bench.ok("preparer", explain);
        till.assign("preparer", Role::Releaser, None);
        let close = || Inbound::Close {
            difference: difference.clone(),
        };
        assert_eq!(till.bench.refused("preparer", close()), "same_person");
        till.bench.ok("releaser", close());
        assert_eq!((till.state("i1"), till.held("paid")), ("paid".to_owned(), 100));
        assert!(till.reconcile("2023-03-01").is_balanced());
    });
}

#[test]
fn an_amount_that_is_not_ours_changes_nothing_and_stands_in_the_way() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        till.pay();
        let id = till.attempt("i1").0;
        let paid = booking("B1", Some(id.clone()), 90, Direction::Debit, Kind::Payment);
        till.bench
            .ok("machine", file(&statement("2023-03-01", 1_000_000, true, vec![paid])));
        assert_eq!((till.attempt("i1").1, till.held("in_flight")), ("sent".to_owned(), 100));
        let whole = booking("B2", Some(id.clone()), 100, Direction::Debit, Kind::Payment);
        let twice = booking("B3", Some(id.clone()), 100, Direction::Debit, Kind::Payment);
        let part = booking("B4", Some(id), 40, Direction::Credit, Kind::Return(Code::unspecified()));
        till.bench.ok(
            "machine",
            file(&statement("2023-03-02", 999_910, true, vec![whole, twice, part])),
        );
        assert_eq!((till.attempt("i1").1, till.held("paid")), ("paid".to_owned(), 100));
        let found = till.cells("SELECT reason, amount FROM difference ORDER BY bank_ref");
        let expected = [("other_amount", 90), ("booked_twice", 100), ("other_amount", -40)];
        assert_eq!(found, expected.map(|(reason, amount)| [reason.into(), amount.into()]));
        assert!(till.reconcile("2023-03-01").is_balanced() && till.reconcile("2023-03-02").is_balanced());
        // What does not pay the instalment cannot be closed as if it did.
        let difference = till.text("SELECT id FROM difference WHERE reason = 'booked_twice'");
        let explanation = "银行重复记账".to_owned();
        till.bench.ok(
            "preparer",
            Inbound::Explain {
                difference: difference.clone(),
                explanation,
                remedy: Remedy::Paid,
            },
        );
        let close = || Inbound::Close {
            difference: difference.clone(),
        };
        assert_eq!(till.bench.refused("releaser", close()), "does_not_pay");
        till.bench.ok(
            "releaser",
            Inbound::Reopen {
                difference: difference.clone(),
            },
        );
        till.close(&difference, Remedy::None);
    });
}

#[test]
fn a_reference_that_means_two_bookings_is_refused() {
    on_each_database(|address| {
        let till = Till::open(address, &[]);
        let fee = |amount| booking("B1", None, amount, Direction::Debit, Kind::Other);
        till.bench
            .ok("machine", file(&statement("2023-03-01", 1_000, true, vec![fee(10)])));
        let next = statement("2023-03-02", 990, true, vec![fee(20)]);
        assert_eq!(till.bench.refused("machine", file(&next)), "entry_differs");
        assert_eq!(till.number("SELECT count(*) FROM bank_statement"), 1);
    });
}

#[test]
fn what_comes_back_after_it_was_demanded_back_is_a_difference_and_the_statement_is_taken() {
    on_each_database(|address| {
        let mut till = Till::open(address, &[(1, 100)]);
        till.bank.close("622200000000000001");
        till.pay();
        till.to("2023-03-02");
        assert_eq!(till.state("i1"), "paid");
        super::journey::asked_back(&till, "i1", "0.40");
        till.to("2023-03-10");
        assert_eq!(
            till.cells("SELECT reason, amount, instalment FROM difference"),
            [[
                "came_back_demanded".into(),
                (-100).into(),
                till.id("i1").as_str().into()
            ]]
        );
        assert_eq!(
            (till.state("i1"), till.held("paid"), till.held("receivable")),
            ("paid".to_owned(), 60, 40)
        );
    });
}
