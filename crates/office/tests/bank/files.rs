//! The files in `files/`: what each form looks like, byte for byte. A change of a form shows here, and in the documentation.

use std::path::Path;

use meed_facts::date::Date;
use meed_office::bank::*;
use meed_office::time::Instant;

const ACCOUNT: &str = "3500040109008888888";

fn id(instalment: u32) -> InstructionId {
    InstructionId::new(Mode::Demo, "harbin", &instalment.to_string(), 1)
}

fn day(day: i8) -> Date {
    Date::new(2026, 3, day).unwrap()
}

fn noon(date: i8) -> Instant {
    Instant::start_of(day(date)).plus_hours(12)
}

fn file() -> PaymentFile {
    let payer = Party::new("哈尔滨市科学技术局", ACCOUNT, "102261000018").unwrap();
    let payee = |name, account, bank| Party::new(name, account, bank).unwrap();
    let orders = vec![
        Order::new(
            id(1),
            50_000_000,
            payee("哈尔滨某某科技有限公司", "6222021234567890123", "105261000042"),
            "2026 年研发补助 & 奖励",
        ),
        Order::new(
            id(2),
            12_345,
            payee("=SUM(A1) 有限公司", "8112301012300456789", "ICBKCNBJHLJ"),
            "",
        ),
    ];
    let orders = orders.into_iter().collect::<Result<_, _>>().unwrap();
    PaymentFile::new(
        MessageId::new(Mode::Demo, "20260305-1").unwrap(),
        noon(5),
        day(6),
        payer,
        orders,
    )
    .unwrap()
}

fn reply(form: Form) -> Reply {
    let line = |instalment, status, bank_ref: Option<&str>| Line {
        id: id(instalment),
        status,
        date: bank_ref.map(|_| day(6)),
        bank_ref: bank_ref.map(str::to_owned),
    };
    let told = form == Form::Iso20022;
    Reply {
        message: if told { "BANK-1".to_owned() } else { String::new() },
        original: told.then(|| file().message().clone()),
        group: None,
        lines: vec![
            line(1, Status::Accepted, Some("B000000000001")),
            line(2, Status::Rejected(Code::parse("AC01").unwrap()), None),
        ],
    }
}

fn statement() -> Statement {
    let entry = |bank_ref: &str, instalment, amount, direction, kind| Entry {
        bank_ref: bank_ref.to_owned(),
        stage: Stage::Booked,
        booked: day(6),
        value: day(6),
        amount,
        direction,
        id: Some(id(instalment)),
        kind,
    };
    Statement {
        id: "S2026-03-06".to_owned(),
        account: ACCOUNT.to_owned(),
        from: day(6),
        to: day(6),
        opening: 100_000_000,
        closing: 99_987_655,
        complete: true,
        entries: vec![
            entry("B000000000001/1", 1, 50_000_000, Direction::Debit, Kind::Payment),
            entry("B000000000001/2", 2, 12_345, Direction::Debit, Kind::Payment),
            entry(
                "B000000000002",
                1,
                50_000_000,
                Direction::Credit,
                Kind::Return(Code::parse("AC04").unwrap()),
            ),
        ],
    }
}

fn expect(name: &str, bytes: &[u8]) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/bank/files")
        .join(name);
    let expected = std::fs::read_to_string(&path).unwrap();
    assert_eq!(String::from_utf8_lossy(bytes), expected, "{name}");
}

#[test]
fn each_form_of_file_looks_as_it_is_documented() {
    for (form, ending) in [(Form::Iso20022, "xml"), (Form::Csv, "csv")] {
        let adapter = Adapter::new(form, Mode::Demo);
        expect(&format!("orders.{ending}"), &adapter.write(&file()).unwrap());
        expect(
            &format!("answers.{ending}"),
            &adapter.write_reply(&reply(form), noon(6)).unwrap(),
        );
        expect(
            &format!("statement.{ending}"),
            &adapter.write_statement(&statement()).unwrap(),
        );
    }
}
