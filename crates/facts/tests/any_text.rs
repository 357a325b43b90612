//! No text makes the reader panic, and what it reads it can write and read again, in any order.

#![cfg(test)]
#![expect(clippy::arithmetic_side_effects, reason = "a test may overflow: that fails it")]

mod vocabulary;

use meed_facts::json::{canonical, digest_of, read, schema_json, write};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use vocabulary::schema;

fn amount() -> impl Strategy<Value = Value> {
    prop_oneof![
        (0_i64..10_000_000_000).prop_map(|fen| json!(format!("{}.{:02}", fen / 100, fen % 100))),
        (0_i64..10_000_000_000).prop_map(|yuan| json!(yuan)),
        (0_i64..1000, 0_i64..1000).prop_map(|(low, more)| json!({ "at_least": low, "at_most": low + more })),
        (0_i64..1000).prop_map(|low| json!({ "more_than": low })),
        Just(json!({ "missing": "refused" })),
    ]
}

fn hires() -> impl Strategy<Value = Value> {
    let pay = prop::collection::btree_map("20[0-2][0-9]", amount(), 0..4);
    let hires = prop::collection::btree_map("h[0-9]", pay, 0..5);
    (hires, any::<bool>()).prop_map(|(hires, complete)| {
        let items: Vec<Value> = hires
            .into_iter()
            .map(|(id, pay)| json!({ "id": id, "salary_paid": pay }))
            .collect();
        if complete {
            Value::Array(items)
        } else {
            json!({ "known": items, "complete": false })
        }
    })
}

fn facts() -> impl Strategy<Value = Vec<(String, Value)>> {
    let one = prop_oneof![
        amount().prop_map(|amount| ("capital", amount)),
        any::<bool>().prop_map(|listed| ("listed", json!(listed))),
        prop::sample::subsequence(vec!["none", "municipal", "provincial", "national"], 1..=4)
            .prop_map(|levels| ("level", json!({ "one_of": levels }))),
        hires().prop_map(|hires| ("hires", hires)),
        prop::collection::btree_map("20[0-2][0-9]", amount(), 0..4).prop_map(|revenue| ("revenue", json!(revenue))),
        Just((
            "titles",
            json!([{ "title": "unicorn", "granted": "2022-01-01" }, { "title": "little_giant" }])
        )),
    ];
    prop::collection::vec(one, 0..6).prop_map(|facts| {
        let unique: std::collections::BTreeMap<&str, Value> = facts.into_iter().collect();
        unique
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value))
            .collect()
    })
}

// The same value with every list the other way round.
fn reversed(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().rev().map(reversed).collect(),
        Value::Object(object) => Value::Object(
            object
                .iter()
                .map(|(key, value)| (key.clone(), reversed(value)))
                .collect(),
        ),
        other => other.clone(),
    }
}

// Written by hand so that the keys stand in the order given.
fn text(facts: &[(String, Value)]) -> String {
    let facts: Vec<String> = facts
        .iter()
        .map(|(name, value)| format!("{}: {value}", json!(name)))
        .collect();
    format!("{{\"enterprise\": {{{}}}}}", facts.join(", "))
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    let key = prop_oneof![
        prop::sample::select(vec![
            "enterprise",
            "capital",
            "revenue",
            "hires",
            "titles",
            "awards",
            "chosen",
            "known",
            "complete",
            "at_least",
            "one_of",
            "missing",
            "so_far",
            "2022",
            "title",
            "measure",
            "months",
            "level",
            "in_niche",
            "owner",
        ])
        .prop_map(str::to_owned),
        "\\PC{0,6}",
    ];
    leaf.prop_recursive(6, 64, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(key.clone(), inner, 0..6)
                .prop_map(|object| Value::Object(object.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn no_text_panics(text in "\\PC{0,200}") {
        let _ = read(&schema(), &text);
    }

    #[test]
    fn no_json_panics_and_every_mistake_has_its_place(facts in any_json(), cut in 0_usize..400) {
        let text = json!({ "enterprise": facts }).to_string();
        if let Err(errors) = read(&schema(), &text) {
            prop_assert!(!errors.is_empty());
            prop_assert!(errors.iter().all(|error| error.line == 1 && error.column >= 1 && !error.complaint.message.is_empty()));
        }
        let part: String = text.chars().take(cut).collect();
        let _ = read(&schema(), &part);
    }

    #[test]
    fn the_digest_does_not_depend_on_order(facts in facts()) {
        let schema = schema();
        let record = read(&schema, &text(&facts)).unwrap();
        let other: Vec<_> = facts.iter().rev().map(|(name, value)| (name.clone(), reversed(value))).collect();
        let other = read(&schema, &text(&other)).unwrap();
        prop_assert_eq!(digest_of(&schema, &record), digest_of(&schema, &other));
        let again = read(&schema, &write(&schema, &record).to_string()).unwrap();
        prop_assert_eq!(canonical(&write(&schema, &again)), canonical(&write(&schema, &record)));
    }
}

#[test]
fn the_schema_names_every_fact_and_allows_no_other() {
    let schema = schema();
    let described = schema_json(&schema);
    let enterprise = &described["$defs"]["Enterprise.applicant"];
    assert_eq!(enterprise["additionalProperties"], json!(false));
    for (_, fact) in schema.facts.iter() {
        let entity = &schema.entities[fact.entity].named.name;
        let property = &described["$defs"][&**entity]["properties"][&*fact.named.name];
        assert!(property.is_object(), "{}", fact.named.name);
    }
    assert_eq!(enterprise["properties"]["turnover"]["deprecated"], json!(true));
    assert!(enterprise["properties"]["awards"].is_object());
    assert!(described["$defs"]["Hire"]["properties"].get("awards").is_none());
}
