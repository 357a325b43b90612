//! What no file may have: constructs that hide content, sums that disagree, ids of another mode, ends that are missing.

use meed_facts::date::Date;
use meed_office::bank::*;
use meed_office::time::Instant;
use proptest::prelude::*;

use crate::cases;

const DEMO: Adapter = Adapter::new(Form::Iso20022, Mode::Demo);

fn id(instalment: u32) -> InstructionId {
    InstructionId::new(Mode::Demo, "harbin", &instalment.to_string(), 1)
}

fn order(instalment: u32, amount: i64) -> Order {
    let payee = Party::new("=某公司", "6222021234567890123", "105261000042").unwrap();
    Order::new(id(instalment), amount, payee, "@补助").unwrap()
}

fn payer() -> Party {
    Party::new("哈尔滨市科学技术局", "3500040109008888888", "102261000018").unwrap()
}

fn file(orders: Vec<Order>) -> Result<PaymentFile, Violation> {
    let day = Date::new(2026, 3, 6).unwrap();
    PaymentFile::new(
        MessageId::new(Mode::Demo, "B1").unwrap(),
        Instant::start_of(day),
        day,
        payer(),
        orders,
    )
}

fn written(form: Form) -> String {
    let file = file(vec![order(1, 123_456), order(2, 100)]).unwrap();
    String::from_utf8(Adapter::new(form, Mode::Demo).write(&file).unwrap()).unwrap()
}

fn statement() -> Statement {
    let day = Date::new(2026, 3, 6).unwrap();
    let entry = |bank_ref: &str, direction, kind| Entry {
        bank_ref: bank_ref.to_owned(),
        stage: Stage::Booked,
        booked: day,
        value: day,
        amount: 2_500,
        direction,
        id: Some(id(1)),
        kind,
    };
    Statement {
        id: "S1".to_owned(),
        account: "3500040109008888888".to_owned(),
        from: day,
        to: day,
        opening: 10_000,
        closing: 10_000,
        complete: true,
        entries: vec![
            entry("R1", Direction::Debit, Kind::Payment),
            entry("R2", Direction::Credit, Kind::Return(Code::parse("AC04").unwrap())),
        ],
    }
}

fn statement_text(form: Form) -> String {
    String::from_utf8(Adapter::new(form, Mode::Demo).write_statement(&statement()).unwrap()).unwrap()
}

/// The fault for which a changed file is refused.
fn fault(form: Form, text: &str, from: &str, to: &str) -> Fault {
    assert!(text.contains(from), "{from} is not in {text}");
    let changed = text.replacen(from, to, 1);
    let adapter = Adapter::new(form, Mode::Demo);
    let refused = if text.contains("closing") || text.contains("CLBD") {
        adapter.statements(changed.as_bytes()).map(|_| ())
    } else {
        adapter.read(changed.as_bytes()).map(|_| ())
    };
    let violation = refused.expect_err(&changed);
    assert!(!violation.to_string().is_empty() && !violation.zh().is_empty());
    violation.fault().clone()
}

#[test]
fn nothing_is_hidden_in_xml() {
    let text = written(Form::Iso20022);
    let refused = |from: &str, to: &str| fault(Form::Iso20022, &text, from, to);
    let laughs = "<!DOCTYPE Document [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">]>\n<Document";
    assert_eq!(refused("<Document", laughs), Fault::Forbidden("a document type"));
    let file = "<!DOCTYPE x SYSTEM \"file:///etc/passwd\">\n<Document";
    assert_eq!(refused("<Document", file), Fault::Forbidden("a document type"));
    assert_eq!(refused("=某公司", "&b;"), Fault::Forbidden("an entity"));
    assert_eq!(refused("=某公司", "&#x1;"), Fault::Forbidden("an entity"));
    assert_eq!(
        refused("<GrpHdr>", "<?php x?><GrpHdr>"),
        Fault::Forbidden("a processing instruction")
    );
    assert_eq!(refused("UTF-8", "GBK"), Fault::Encoding);
    assert!(matches!(refused("=某公司", "\u{1}"), Fault::Malformed(_)));
    assert!(matches!(
        refused("</Document>", "</Document><Document/>"),
        Fault::Malformed(_)
    ));
    assert!(matches!(refused("</Document>", "</Document>x"), Fault::Malformed(_)));
    assert!(matches!(refused("<MsgId>", "x<MsgId>"), Fault::Unknown(_)));
    assert!(DEMO.read(&[0xff, 0xfe, 0x3c]).is_err());
    assert!(DEMO.read(b"").is_err());
}

#[test]
fn size_and_depth_have_limits() {
    let deep = format!("{}{}", "<a>".repeat(1000), "</a>".repeat(1000));
    assert!(matches!(
        validate(deep.as_bytes())[0].fault(),
        Fault::TooMuch(Limit::Depth, _)
    ));
    let large = vec![b' '; MOST_BYTES + 1];
    for form in Form::ALL {
        let adapter = Adapter::new(form, Mode::Demo);
        assert!(matches!(
            adapter.read(&large).unwrap_err().fault(),
            Fault::TooMuch(Limit::Bytes, MOST_BYTES)
        ));
    }
    let orders = (0..=u32::try_from(MOST_ORDERS).unwrap()).map(|number| order(number, 1));
    assert!(matches!(
        file(orders.collect()).unwrap_err().fault(),
        Fault::TooMuch(Limit::Orders, MOST_ORDERS)
    ));
}

#[test]
fn only_known_messages_of_one_namespace_are_read() {
    let text = written(Form::Iso20022);
    let refused = |from: &str, to: &str| fault(Form::Iso20022, &text, from, to);
    assert!(matches!(
        refused("pain.001.001.09", "pain.001.001.03"),
        Fault::Namespace(_)
    ));
    assert!(matches!(
        refused("<GrpHdr>", "<GrpHdr xmlns=\"urn:x\">"),
        Fault::Namespace(_)
    ));
    assert!(matches!(
        refused(" xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.09\"", ""),
        Fault::Namespace(_)
    ));
    let violation = DEMO.read(statement_text(Form::Iso20022).as_bytes()).unwrap_err();
    assert!(
        matches!(violation.fault(), Fault::Namespace(_)),
        "a statement is no file of payments"
    );

    // A prefix, comments, CDATA and a hint at the schema change nothing.
    let same = text
        .replace("</", "</p:")
        .replace('<', "<p:")
        .replace("<p:/p:", "</p:")
        .replace("<p:?", "<?")
        .replace(
            "xmlns=",
            "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:schemaLocation=\"a b\" xmlns:p=",
        )
        .replace("=某公司", "<![CDATA[=某]]>公&#21496;<!-- a name -->");
    assert!(same.contains("<p:Document"));
    assert_eq!(DEMO.read(same.as_bytes()).unwrap(), DEMO.read(text.as_bytes()).unwrap());
}

#[test]
fn counts_and_sums_are_checked() {
    for (from, to) in [
        ("<NbOfTxs>2", "<NbOfTxs>3"),
        ("<CtrlSum>1235.56", "<CtrlSum>1235.57"),
        (">1.00<", ">1.01<"),
    ] {
        let found = fault(Form::Iso20022, &written(Form::Iso20022), from, to);
        assert!(matches!(found, Fault::Count { .. } | Fault::Sum { .. }), "{found:?}");
    }
    for (from, to) in [
        ("trailer,,2", "trailer,,1"),
        ("1235.56", "1235.55"),
        (",1.00,", ",1.01,"),
    ] {
        let found = fault(Form::Csv, &written(Form::Csv), from, to);
        assert!(matches!(found, Fault::Count { .. } | Fault::Sum { .. }), "{found:?}");
    }
    let zeros = written(Form::Iso20022).replace("1235.56<", "1235.560<");
    assert!(
        DEMO.read(zeros.as_bytes()).is_ok(),
        "a sum may have more decimals, if they are nothing"
    );
}

#[test]
fn balances_and_entries_agree() {
    for form in Form::ALL {
        let text = statement_text(form);
        for (from, to) in [("25.00", "25.01"), ("100.00", "100.01")] {
            let found = fault(form, &text, from, to);
            assert!(matches!(found, Fault::Equation { .. } | Fault::Sum { .. }), "{found:?}");
        }
        assert!(matches!(fault(form, &text, "R2", "R1"), Fault::SameId(_)));
    }
    let mut statement = statement();
    assert_eq!(statement.check(), Ok(()));
    // What is only announced does not count.
    statement.entries[0].stage = Stage::Pending;
    let Fault::Equation { reached, closing } = statement.check().unwrap_err().fault().clone() else {
        panic!()
    };
    assert_eq!((reached, closing), (12_500, 10_000));
}

#[test]
fn amounts_are_exact_and_in_yuan() {
    let text = written(Form::Iso20022);
    assert!(matches!(
        fault(Form::Iso20022, &text, ">1234.56</InstdAmt>", ">1234.560</InstdAmt>"),
        Fault::Digits { .. }
    ));
    assert!(matches!(
        fault(Form::Iso20022, &text, "Ccy=\"CNY\"", "Ccy=\"USD\""),
        Fault::Currency(_)
    ));
    for wrong in ["1234.567", "1234,56", "1.23e3", "-1.00", ""] {
        let found = fault(Form::Csv, &written(Form::Csv), ",1234.56,", &format!(",\"{wrong}\","));
        assert!(
            matches!(found, Fault::Digits { .. } | Fault::Form { .. }),
            "{wrong}: {found:?}"
        );
    }
    assert!(matches!(
        fault(Form::Csv, &written(Form::Csv), "CNY", "USD"),
        Fault::Currency(_)
    ));
}

#[test]
fn another_mode_is_refused_both_ways() {
    for form in Form::ALL {
        let live = Adapter::new(form, Mode::Live);
        let other = |result: Result<(), Violation>| {
            let wanted = Fault::OtherMode {
                ours: Mode::Live,
                theirs: Mode::Demo,
            };
            assert_eq!(*result.unwrap_err().fault(), wanted);
        };
        other(live.write(&file(vec![order(1, 1)]).unwrap()).map(|_| ()));
        other(live.read(written(form).as_bytes()).map(|_| ()));
        other(live.statements(statement_text(form).as_bytes()).map(|_| ()));
        let line = Line {
            id: id(1),
            status: Status::Accepted,
            date: None,
            bank_ref: None,
        };
        let reply = Reply {
            message: "A".to_owned(),
            original: None,
            group: None,
            lines: vec![line],
        };
        let bytes = Adapter::new(form, Mode::Demo)
            .write_reply(&reply, Instant::from_milliseconds(0))
            .unwrap();
        other(live.answers(&bytes).map(|_| ()));
    }
    // In one file as well.
    let live = InstructionId::new(Mode::Live, "harbin", "1", 1);
    let mixed = Order::new(live, 1, payer(), "").unwrap();
    let violation = file(vec![order(1, 1), mixed]).unwrap_err();
    assert_eq!(*violation.place(), Place::Order(2, "id"));
    assert!(matches!(violation.fault(), Fault::OtherMode { .. }));
}

#[test]
fn an_id_is_in_a_file_once_and_equal_payments_are_lawful() {
    assert!(matches!(
        file(vec![order(1, 1), order(2, 2), order(1, 3)]).unwrap_err().fault(),
        Fault::SameId(_)
    ));
    assert_eq!(file(vec![order(1, 500), order(2, 500)]).unwrap().sum(), 1_000);
    assert!(matches!(file(vec![]).unwrap_err().fault(), Fault::Missing(_)));
    let most = 999_999_999_999_999_999;
    assert!(matches!(
        file(vec![order(1, most), order(2, 1)]).unwrap_err().fault(),
        Fault::Digits { .. }
    ));
}

#[test]
fn places_and_fixes_are_told_in_both_languages() {
    let text = written(Form::Iso20022).replace("<MsgId>D-B1</MsgId>\n", "");
    let violation = &validate(text.as_bytes())[0];
    assert_eq!(
        violation.to_string(),
        "line 4, column 3, /Document/CstmrCdtTrfInitn/GrpHdr: `MsgId` is missing; add it"
    );
    assert_eq!(
        violation.zh(),
        "第 4 行第 3 列 /Document/CstmrCdtTrfInitn/GrpHdr：缺少“MsgId”；请补上"
    );
    let text = written(Form::Csv).replace(",1.00,", ",1.001,");
    let violation = Adapter::new(Form::Csv, Mode::Demo).read(text.as_bytes()).unwrap_err();
    assert_eq!(
        violation.to_string(),
        "line 4: `1.001` has more than 18 digits, or more than 2 after the point; give the exact amount in that form"
    );
}

#[test]
fn no_formula_leaves_in_csv() {
    let text = written(Form::Csv);
    assert!(text.contains(",'=某公司,") && text.contains("'@补助"));
    for from in ["'=某公司", "'@补助"] {
        assert!(matches!(
            fault(Form::Csv, &text, from, from.trim_start_matches('\'')),
            Fault::Form { .. }
        ));
    }
}

/// A file cut short at any byte says so.
#[test]
fn no_beginning_of_a_file_is_a_file() {
    for form in Form::ALL {
        let adapter = Adapter::new(form, Mode::Demo);
        let (orders, booked) = (written(form), statement_text(form));
        for end in 0..orders.trim_end().len() {
            assert!(adapter.read(&orders.as_bytes()[..end]).is_err(), "{end}");
        }
        for end in 0..booked.trim_end().len() {
            assert!(adapter.statements(&booked.as_bytes()[..end]).is_err(), "{end}");
        }
    }
}

proptest! {
    /// Changed bytes never panic; what is read all the same can be written and read again.
    #[test]
    fn changed_bytes_lead_to_a_value_or_an_error(
        file in cases::file(Mode::Demo),
        statement in cases::statement(Mode::Demo),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..4_u8), 1..4),
    ) {
        for form in Form::ALL {
            let adapter = Adapter::new(form, Mode::Demo);
            for bytes in [adapter.write(&file).unwrap(), adapter.write_statement(&statement).unwrap()] {
                let mut bytes = bytes;
                for (index, byte, how) in &changes {
                    let at = index.index(bytes.len());
                    match how {
                        0 => bytes[at] = *byte,
                        1 => drop(bytes.remove(at)),
                        2 => bytes.insert(at, *byte),
                        _ => bytes.truncate(at.max(1)),
                    }
                }
                prop_assert!(validate(&bytes).len() <= 100);
                let _ = adapter.answers(&bytes);
                if let Ok(read) = adapter.read(&bytes) {
                    let again = adapter.write(&read).unwrap();
                    prop_assert_eq!(adapter.read(&again).unwrap(), read);
                }
                for read in adapter.statements(&bytes).unwrap_or_default() {
                    prop_assert_eq!(read.check(), Ok(()));
                }
            }
        }
    }
}
