//! Random applicants: some know all of themselves, most leave gaps and ranges, few have amounts that no register would state.

use meed_facts::date::Date;
use meed_facts::record::Record;
use meed_rules::program::{CombineForm, Program};
use serde_json::{Map, Value, json};

use crate::chance::Chance;
use crate::rules::MEASURES;

/// Months with their last days in all years.
const LAST_DAYS: [(&str, &str); 12] = [
    ("01", "31"),
    ("02", "28"),
    ("03", "31"),
    ("04", "30"),
    ("05", "31"),
    ("06", "30"),
    ("07", "31"),
    ("08", "31"),
    ("09", "30"),
    ("10", "31"),
    ("11", "30"),
    ("12", "31"),
];

pub fn today() -> Date {
    Date::new(2023, 6, 1).unwrap()
}

/// An applicant as JSON.
pub fn applicant(chance: &mut Chance) -> String {
    // How many of the facts are known: all, most, or some.
    let gaps = *chance.of(&[usize::MAX, 6, 3]);
    let mut facts = Map::new();
    for flag in ["f0", "f1", "f2"] {
        put(chance, gaps, &mut facts, flag, truth);
    }
    for amount in ["a0", "a1", "a2", "l0", "o0"] {
        put(chance, gaps, &mut facts, amount, money);
    }
    for key in ["k0", "k1"] {
        put(chance, gaps, &mut facts, key, matter);
    }
    put(chance, gaps, &mut facts, "n0", number);
    put(chance, gaps, &mut facts, "d0", day);
    put(chance, gaps, &mut facts, "d1", day);
    let items: Vec<Value> = (0..chance.below(4)).map(|number| item(chance, gaps, number)).collect();
    list(chance, gaps, &mut facts, "items", items);
    let awards: Vec<Value> = match chance.below(3) {
        0 => (0..=chance.below(2)).map(|_| award(chance, gaps)).collect(),
        _ => Vec::new(),
    };
    list(chance, gaps, &mut facts, "awards", awards);
    json!({ "firm": facts }).to_string()
}

/// Chooses among alternatives, perhaps.
pub fn choose(chance: &mut Chance, program: &Program, record: &mut Record) {
    for (_, clause) in program.combines.iter() {
        if matches!(clause.form, CombineForm::Exclusive { precedence: false }) && chance.one_in(4) {
            let measure = chance.of(&clause.members).measure;
            let chosen = program.measures[measure].named.name.clone();
            record.chosen.insert(clause.named.name.clone(), chosen);
        }
    }
}

/// Whether something is not known.
fn gap(chance: &mut Chance, gaps: usize) -> bool {
    gaps < usize::MAX && chance.one_in(gaps)
}

fn put(
    chance: &mut Chance,
    gaps: usize,
    facts: &mut Map<String, Value>,
    name: &str,
    value: impl Fn(&mut Chance, usize) -> Value,
) {
    let stated = value(chance, gaps);
    if !gap(chance, gaps) {
        facts.insert(name.to_owned(), stated);
    }
}

/// A list, a part of one, or nothing.
fn list(chance: &mut Chance, gaps: usize, facts: &mut Map<String, Value>, name: &str, items: Vec<Value>) {
    if !gap(chance, gaps) {
        facts.insert(name.to_owned(), json!(items));
    } else if chance.one_in(2) {
        facts.insert(name.to_owned(), json!({ "known": items, "complete": false }));
    }
}

fn truth(chance: &mut Chance, _: usize) -> Value {
    json!(!chance.one_in(4))
}

fn money(chance: &mut Chance, gaps: usize) -> Value {
    let yuan = match chance.below(80) {
        0 => 92_233_720_368_547_758,
        2 => usize::MAX - 9,
        1 => 0,
        _ => chance.below(14),
    };
    let stated = |yuan: usize, fen: usize| json!(format!("{yuan}.{fen:02}"));
    let fen = *chance.of(&[0, 0, 0, 33]);
    if gap(chance, gaps) {
        match chance.below(3) {
            0 => json!({ "at_least": stated(yuan, fen) }),
            1 => {
                json!({ "more_than": stated(yuan, fen), "less_than": stated(yuan.saturating_add(1 + chance.below(4)), fen) })
            }
            _ => json!({ "at_least": stated(yuan, fen), "at_most": stated(yuan.saturating_add(chance.below(4)), fen) }),
        }
    } else {
        stated(yuan, fen)
    }
}

fn number(chance: &mut Chance, gaps: usize) -> Value {
    let text = *chance.of(&["0", "1", "1", "2.5", "0.3333333333", "1000000000000000000000000000"]);
    let number: Value = serde_json::from_str(text).unwrap();
    if gap(chance, gaps) {
        json!({ "at_most": number })
    } else {
        number
    }
}

fn matter(chance: &mut Chance, _: usize) -> Value {
    json!(*chance.of(&["x", "y", "i0"]))
}

fn day(chance: &mut Chance, gaps: usize) -> Value {
    // A period that begins on the last day of a month is cut short where a month has no such day.
    let day = |chance: &mut Chance| {
        let (month, last) = *chance.of(&LAST_DAYS);
        format!(
            "{}-{month}-{}",
            2019 + chance.below(6),
            *chance.of(&["01", "01", "15", last])
        )
    };
    let (one, other) = (day(chance), day(chance));
    if gap(chance, gaps) {
        let (first, last) = if one < other { (one, other) } else { (other, one) };
        json!({ "at_least": first, "at_most": last })
    } else {
        json!(one)
    }
}

fn item(chance: &mut Chance, gaps: usize, number: usize) -> Value {
    let mut facts = Map::new();
    // Two items may have no reference, or one that another has elsewhere.
    if !gap(chance, gaps) {
        facts.insert("id".to_owned(), json!(format!("i{number}")));
    }
    put(chance, gaps, &mut facts, "flag", truth);
    for amount in ["amount", "cost", "other"] {
        put(chance, gaps, &mut facts, amount, money);
    }
    put(chance, gaps, &mut facts, "matter", matter);
    put(chance, gaps, &mut facts, "start", day);
    put(chance, gaps, &mut facts, "until", day);
    Value::Object(facts)
}

fn award(chance: &mut Chance, gaps: usize) -> Value {
    let mut award = Map::new();
    award.insert("measure".to_owned(), json!(format!("m{}", chance.below(MEASURES))));
    if chance.one_in(2) {
        award.insert("key".to_owned(), json!(*chance.of(&["i0", "i1", "x", "z"])));
    }
    if !gap(chance, gaps) {
        award.insert("on".to_owned(), json!(format!("{}-03-01", 2020 + chance.below(4))));
    }
    if !gap(chance, gaps) {
        award.insert("amount".to_owned(), json!(format!("{}.00", 1 + chance.below(9))));
    }
    if chance.one_in(5) {
        award.insert("recovered".to_owned(), json!("1.00"));
    }
    award.insert("state".to_owned(), json!(*chance.of(&["paid", "approved", "annulled"])));
    Value::Object(award)
}
