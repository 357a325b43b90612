//! Random but lawful files, answers and statements.

use meed_facts::date::Date;
use meed_office::bank::*;
use meed_office::time::Instant;
use proptest::prelude::*;

pub fn id(mode: Mode) -> impl Strategy<Value = InstructionId> {
    (any::<u64>(), 1..9_u32)
        .prop_map(move |(instalment, attempt)| InstructionId::new(mode, "harbin", &instalment.to_string(), attempt))
}

pub fn mode() -> impl Strategy<Value = Mode> {
    prop::sample::select(Mode::ALL.to_vec())
}

pub fn date() -> impl Strategy<Value = Date> {
    (0..40_000).prop_map(|days| Date::from_days_since_epoch(days).unwrap())
}

/// One line with all that is awkward in CSV and XML.
pub fn text() -> impl Strategy<Value = String> {
    let awkward = "[=+@'\"<>&;,\\-＝a-z公司（） \\]\u{1F600}]{0,40}";
    awkward.prop_map(|text| text.trim().to_owned())
}

fn party() -> impl Strategy<Value = Party> {
    let bank = prop_oneof!["[0-9]{12}", "[A-Z0-9]{4}CN[A-Z0-9]{2}", "[A-Z0-9]{4}CN[A-Z0-9]{5}"];
    let name = text().prop_map(|text| if text.is_empty() { "某".to_owned() } else { text });
    (name, "[0-9A-Za-z]{1,34}", bank).prop_map(|(name, account, bank)| Party::new(&name, &account, &bank).unwrap())
}

fn order(mode: Mode) -> impl Strategy<Value = Order> {
    let amount = prop_oneof![1..1000_i64, 1..1_000_000_000_000_i64];
    (id(mode), amount, party(), text())
        .prop_map(|(id, amount, payee, remittance)| Order::new(id, amount, payee, &remittance).unwrap())
}

pub fn file(mode: Mode) -> impl Strategy<Value = PaymentFile> {
    let orders = prop::collection::vec(order(mode), 1..6);
    let created = (0..4_000_000_000_000_i64).prop_map(Instant::from_milliseconds);
    ("[A-Za-z0-9.-]{1,33}", created, date(), party(), orders).prop_filter_map(
        "ids differ",
        move |(batch, created, day, debtor, orders)| {
            PaymentFile::new(MessageId::new(mode, &batch).unwrap(), created, day, debtor, orders).ok()
        },
    )
}

fn code() -> impl Strategy<Value = Code> {
    prop::sample::select(vec!["AC01", "AC04", "AM04", "BE05", "MS03"]).prop_map(|code| Code::parse(code).unwrap())
}

pub fn status() -> impl Strategy<Value = Status> {
    prop_oneof![
        Just(Status::Accepted),
        Just(Status::Pending),
        code().prop_map(Status::Rejected),
        code().prop_map(Status::NotExecuted),
        Just(Status::Duplicate(Code::parse("DU04").unwrap())),
        Just(Status::Unknown),
    ]
}

pub fn line(mode: Mode) -> impl Strategy<Value = Line> {
    let reference = prop::option::of("[A-Z0-9]{1,35}");
    (id(mode), status(), prop::option::of(date()), reference).prop_map(|(id, status, date, bank_ref)| Line {
        id,
        status,
        date,
        bank_ref,
    })
}

fn entry(mode: Mode) -> impl Strategy<Value = Entry> {
    let stage = prop::sample::select(vec![Stage::Booked, Stage::Booked, Stage::Pending, Stage::Info]);
    let kind = prop_oneof![
        Just((Direction::Debit, true, Kind::Payment)),
        code().prop_map(|code| (Direction::Credit, true, Kind::Return(code))),
        Just((Direction::Credit, true, Kind::Reversal)),
        Just((Direction::Credit, false, Kind::Other)),
        Just((Direction::Debit, false, Kind::Other)),
    ];
    (stage, date(), date(), 0..1_000_000_000_i64, kind, id(mode)).prop_map(
        |(stage, booked, value, amount, (direction, ours, kind), id)| Entry {
            bank_ref: String::new(),
            stage,
            booked,
            value,
            amount,
            direction,
            id: ours.then_some(id),
            kind,
        },
    )
}

/// Statements whose entries stand alone or, every third, are several of one booking.
pub fn statement(mode: Mode) -> impl Strategy<Value = Statement> {
    let entries = prop::collection::vec((entry(mode), 1..4_usize), 0..8);
    let balance = -1_000_000_000_000..1_000_000_000_000_i64;
    (
        "[A-Za-z0-9-]{1,35}",
        "[0-9]{1,34}",
        date(),
        0..9,
        balance,
        any::<bool>(),
        entries,
    )
        .prop_map(|(id, account, from, days, opening, complete, entries)| {
            let mut all = Vec::new();
            for (number, (entry, parts)) in entries.into_iter().enumerate() {
                for part in 1..=parts {
                    let bank_ref = if parts == 1 {
                        format!("R{number}")
                    } else {
                        format!("R{number}/{part}")
                    };
                    all.push(Entry {
                        bank_ref,
                        ..entry.clone()
                    });
                }
            }
            let mut statement = Statement {
                id,
                account,
                from,
                to: from.plus_days(meed_facts::date::Days(days)).unwrap(),
                opening,
                closing: 0,
                complete,
                entries: all,
            };
            statement.closing = opening + i64::try_from(statement.moved()).unwrap();
            statement
        })
}
