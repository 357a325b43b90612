//! What is read from a file of facts, and what each mistake in it says.

#![cfg(test)]

mod vocabulary;

use meed_facts::date::{Date, Period};
use meed_facts::identifier::citizen_id::check_character;
use meed_facts::json::{FactError, canonical, check_dates, digest_of, read, read_on, write};
use meed_facts::ratio::Ratio;
use meed_facts::record::{AwardState, Record};
use meed_facts::schema::Schema;
use meed_facts::value::{Missing, Scalar, Stated};

use vocabulary::schema;

fn record(schema: &Schema, facts: &str) -> Record {
    let text = format!("{{\"enterprise\": {facts}}}");
    read(schema, &text).unwrap_or_else(|errors| panic!("{facts}: {errors:?}"))
}

fn errors(facts: &str) -> Vec<FactError> {
    read(&schema(), &format!("{{\"enterprise\": {facts}}}")).expect_err(facts)
}

fn fact(schema: &Schema, facts: &str, name: &str) -> Stated {
    let record = record(schema, facts);
    let id = schema.fact_called(record.entity, name).unwrap();
    record.facts.get(id).cloned().unwrap()
}

fn number(text: &str) -> Scalar {
    Scalar::Number(Ratio::parse(text).unwrap())
}

#[test]
fn numbers_and_decimal_strings_are_the_same_and_exact() {
    let schema = schema();
    for text in ["50000001.01", "\"50000001.01\"", "5000000101e-2"] {
        assert_eq!(
            fact(&schema, &format!("{{\"capital\": {text}}}"), "capital"),
            Stated::Value(number("50000001.01"))
        );
    }
    let long = "999999999999999999999999.99";
    assert_eq!(
        fact(&schema, &format!("{{\"capital\": {long}}}"), "capital"),
        Stated::Value(number(long))
    );
}

#[test]
fn every_type_has_its_form() {
    let schema = schema();
    let cases = [
        (
            "founded",
            "\"2016-05-18\"",
            Scalar::Date(Date::new(2016, 5, 18).unwrap()),
        ),
        ("employees", "120", number("120")),
        ("listed", "false", Scalar::Bool(false)),
        ("name", "\"甲公司\"", Scalar::Text("甲公司".into())),
        ("level", "\"provincial\"", Scalar::Member(2)),
        ("in_niche", "{\"months\": 36}", Scalar::Months(36)),
        ("in_niche", "\"3 years 6 months\"", Scalar::Months(42)),
        ("late", "\"30 days\"", Scalar::Days(30)),
        ("rd_staff_share", "\"1/3\"", number("1/3")),
    ];
    for (name, text, expected) in cases {
        assert_eq!(
            fact(&schema, &format!("{{\"{name}\": {text}}}"), name),
            Stated::Value(expected),
            "{name}"
        );
    }
}

#[test]
fn ranges_take_open_ends_and_the_facts_bounds() {
    let schema = schema();
    let range = |facts, name| match fact(&schema, facts, name) {
        Stated::Range(range) => range,
        other => panic!("{other:?}"),
    };
    let share = range(r#"{"rd_staff_share": {"more_than": "0.5"}}"#, "rd_staff_share");
    assert_eq!(
        share.low.map(|low| (low.value, low.closed)),
        Some((number("0.5"), false))
    );
    assert_eq!(
        share.high.map(|high| (high.value, high.closed)),
        Some((number("1"), true))
    );
    let staff = range(r#"{"employees": {"more_than": 9, "less_than": 100}}"#, "employees");
    assert_eq!(staff.low.map(|low| (low.value, low.closed)), Some((number("10"), true)));
    assert_eq!(
        staff.high.map(|high| (high.value, high.closed)),
        Some((number("99"), true))
    );
    let level = range(r#"{"level": {"at_least": "municipal"}}"#, "level");
    assert_eq!(level.low.map(|low| low.value), Some(Scalar::Member(1)));
    let set = fact(
        &schema,
        r#"{"level": {"one_of": ["national", "none", "national"]}}"#,
        "level",
    );
    assert_eq!(set, Stated::OneOf(vec![Scalar::Member(0), Scalar::Member(3)]));
}

#[test]
fn why_a_value_is_missing_is_kept() {
    let schema = schema();
    assert_eq!(
        fact(&schema, r#"{"capital": {"missing": "refused"}}"#, "capital"),
        Stated::Missing(Missing::Refused)
    );
    assert_eq!(
        fact(&schema, r#"{"leading": {"missing": "judgement"}}"#, "leading"),
        Stated::Missing(Missing::Judgement)
    );
    assert_eq!(
        fact(&schema, r#"{"hires": {"missing": "refused"}}"#, "hires"),
        Stated::Missing(Missing::Refused)
    );
    assert!(
        errors(r#"{"capital": {"missing": "judgement"}}"#)[0]
            .complaint
            .message
            .en
            .contains("nobody judges")
    );
}

#[test]
fn lists_are_complete_or_a_part() {
    let schema = schema();
    let hires = schema.fact_called(record(&schema, "{}").entity, "hires").unwrap();
    let whole = record(&schema, r#"{"hires": [{"id": "h1", "salary_paid": {"2023": 500000}}]}"#);
    assert!(
        whole
            .children
            .get(hires)
            .is_some_and(|list| list.complete && list.items.len() == 1)
    );
    let part = record(&schema, r#"{"hires": {"known": [{"id": "h1"}], "complete": false}}"#);
    assert!(
        part.children
            .get(hires)
            .is_some_and(|list| !list.complete && list.items.len() == 1)
    );
    assert!(record(&schema, "{}").children.get(hires).is_none());
}

#[test]
fn titles_awards_and_choices_are_read() {
    let schema = schema();
    let facts = r#"{
        "titles": {"known": [
            {"title": "little_giant", "granted": "2022-09-01", "until": "2025-09-01",
             "suspended": [{"from": "2023-01-01", "until": "2023-03-01"}]},
            {"title": "unicorn", "held": false}], "complete": false},
        "awards": [{"measure": "centre_bonus", "on": "2021-06-01", "amount": "150000.00", "state": "paid"}],
        "chosen": {"carriers": "hiring"}}"#;
    let record = record(&schema, facts);
    let titles = record.titles.unwrap();
    assert_eq!(
        (
            titles.items[0].level,
            titles.items[0].suspended.len(),
            titles.items[1].held
        ),
        (Some(3), 1, false)
    );
    let awards = record.awards.unwrap();
    assert_eq!(&*awards.items[0].measure, "tech_centre_reward");
    assert_eq!(
        (awards.items[0].amount.unwrap().minor(), awards.items[0].state),
        (15_000_000, AwardState::Paid)
    );
    assert_eq!(record.chosen.get("carriers").map(|measure| &**measure), Some("hiring"));
}

#[test]
fn each_mistake_names_place_reason_and_fix() {
    let cases = [
        (r#"{"capital": null}"#, "`null` does not say why", "leave the fact out"),
        (r#"{"emploees": 1}"#, "called `emploees`", "did you mean `employees`?"),
        (r#"{"capital": 1, "capital": 2}"#, "stands twice", "keep one"),
        (
            r#"{"revenue": {}, "turnover": {}}"#,
            "former name of `revenue`",
            "keep one",
        ),
        (r#"{"capital": "5,000元"}"#, "is not a number", "\"5000\""),
        (r#"{"capital": "50万"}"#, "is not a number", "\"500000\""),
        (r#"{"rd_staff_share": "3%"}"#, "is not a number", "\"0.03\""),
        (
            r#"{"capital": 0.005}"#,
            "not a whole number of its smallest unit",
            "2 digits after the point",
        ),
        (r#"{"rd_staff_share": 3}"#, "must be at least 0 and at most 1", "unit"),
        (r#"{"employees": 1.5}"#, "is no count", "whole number"),
        (r#"{"employees": -1}"#, "is no count", "whole number"),
        (r#"{"founded": "2023-02-29"}"#, "is not a date", "no day 2023-02-29"),
        (r#"{"listed": "true"}"#, "a text, not true or false", "without quotes"),
        (
            r#"{"level": "provinzial"}"#,
            "member of level",
            "did you mean `provincial`?",
        ),
        (r#"{"revenue": 5}"#, "one value a year", "{\"2022\": value}"),
        (
            r#"{"capital": {"2022": 5}}"#,
            "has one value, not one a year",
            "\"capital\": value",
        ),
        (r#"{"revenue": {"22": 5}}"#, "`22` is no year", "\"2022\""),
        (r#"{"power": {"2022": 5}}"#, "`2022` is no month", "2022-03"),
        (
            r#"{"capital": {"at_least": 5, "at_most": 4}}"#,
            "no value lies in this range",
            "lower end",
        ),
        (
            r#"{"capital": {"at_least": 5, "more_than": 4}}"#,
            "given twice",
            "keep one",
        ),
        (
            r#"{"capital": {"atleast": 5}}"#,
            "called `atleast`",
            "did you mean `at_least`?",
        ),
        (r#"{"sector": {"at_least": "industry"}}"#, "has no order", "one_of"),
        (r#"{"capital": {"so_far": 5}}"#, "grow through a year", "range"),
        (r#"{"hires": [{"id": "a"}, {"id": "a"}]}"#, "same key", "its own"),
        (r#"{"hires": {"known": 5}}"#, "`known` is missing", "array"),
        (
            r#"{"titles": [{"title": "litle_giant"}]}"#,
            "no title called",
            "did you mean `little_giant`?",
        ),
        (
            r#"{"titles": [{"title": "unicorn", "level": "none"}]}"#,
            "has no levels",
            "leave `level` out",
        ),
        (
            r#"{"titles": [{"title": "little_giant", "level": "none"}]}"#,
            "has one level, national",
            "leave",
        ),
        (r#"{"awards": [{"amount": 5}]}"#, "which measure", "\"measure\""),
        (r#"{"owner": {"awards": []}}"#, "called `awards`", "one of: citizen"),
        (
            r#"{"uscc": "91230100MA18WR5F9N"}"#,
            "is no credit_code",
            "check character",
        ),
    ];
    for (facts, message, help) in cases {
        let errors = errors(facts);
        assert_eq!(errors.len(), 1, "{facts}: {errors:?}");
        assert!(
            errors[0].complaint.message.en.contains(message),
            "{facts}: {}",
            errors[0]
        );
        assert!(errors[0].complaint.help.en.contains(help), "{facts}: {}", errors[0]);
        assert!(errors[0].line == 1 && errors[0].column > 1, "{facts}: {}", errors[0]);
        said_in_both(&errors[0]);
    }
}

/// That the complaint is a Chinese sentence too, apart from names, forms and values.
fn said_in_both(error: &FactError) {
    let is_han = |character: char| ('\u{4e00}'..='\u{9fff}').contains(&character);
    for message in [&error.complaint.message, &error.complaint.help] {
        assert_eq!(message.en.is_empty(), message.zh.is_empty(), "{message:?}");
        assert!(message.zh.is_empty() || message.zh.contains(is_han), "{message:?}");
        assert!(
            !message.en.contains(is_han) || message.en.contains(['`', '"']),
            "{message:?}"
        );
    }
}

#[test]
fn what_is_no_json_is_told_in_both_languages() {
    let texts = [
        "",
        "{",
        "{\"enterprise\": {},}",
        "{enterprise: {}}",
        "{\"enterprise\" {}}",
        "[1 2]",
        "{\"a\": 1 \"b\": 2}",
        "tru",
        "{} {}",
        "01",
        "1e9999",
        "\"\\q\"",
        "\"a\nb\"",
        "\"\\ud800\"",
        "\"\\u12\"",
        "\u{feff}{}",
    ];
    for text in texts {
        let errors = read(&schema(), text).expect_err(text);
        said_in_both(&errors[0]);
        let zh = &errors[0].complaint.message.zh;
        let is_told = zh != "不是 JSON" || text.starts_with('\u{feff}');
        assert!(is_told, "{text}: {}", errors[0]);
    }
}

#[test]
fn all_mistakes_come_at_once_in_the_order_of_their_places() {
    let text = "{\"enterprise\": {\n  \"收入\": 1,\n  \"hires\": [{\"id\": \"x\", \"salary_paid\": {\"2023\": \"a\"}}],\n  \"listed\": 1\n}}";
    let errors = read(&schema(), text).unwrap_err();
    let places: Vec<_> = errors
        .iter()
        .map(|error| (error.line, error.column, error.path.as_str()))
        .collect();
    assert_eq!(
        places,
        [
            (2, 3, "enterprise"),
            (3, 49, "enterprise.hires[0].salary_paid.2023"),
            (4, 13, "enterprise.listed")
        ]
    );
}

#[test]
fn what_is_not_json_is_refused_with_its_place() {
    let schema = schema();
    for text in [
        "",
        "{",
        "{'enterprise': {}}",
        "{\"enterprise\": {},}",
        "{\"enterprise\": {} // no\n}",
        "{\"enterprise\": {\"name\": \"a\nb\"}}",
        "{\"enterprise\": {\"capital\": 0x10}}",
        "{\"enterprise\": {\"capital\": +1}}",
        "{\"enterprise\": {\"capital\": .5}}",
        "{\"enterprise\": {\"capital\": 01}}",
        "{\"enterprise\": {}} {}",
        "\u{feff}{}",
        "{\"enterprise\":\u{a0}{}}",
        "{enterprise: {}}",
    ] {
        let errors = read(&schema, text).expect_err(text);
        assert!(
            errors.len() == 1 && errors[0].line >= 1 && errors[0].column >= 1,
            "{text}: {errors:?}"
        );
    }
    let deep = format!("{{\"enterprise\": {}{}}}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(
        read(&schema, &deep).unwrap_err()[0]
            .complaint
            .message
            .en
            .contains("64 deep")
    );
    for text in [
        "[]",
        "{}",
        "{\"enterprise\": {}, \"person\": {}}",
        "{\"hire\": {}}",
        "{\"enterprize\": {}}",
    ] {
        assert_eq!(read(&schema, text).expect_err(text).len(), 1);
    }
}

#[test]
fn a_closed_fact_takes_no_later_period_and_no_later_date() {
    let mut schema = schema();
    for (_, fact) in schema.facts.iter_mut() {
        if ["revenue", "power", "founded", "listed"].contains(&&*fact.named.name) {
            fact.until = Date::new(2023, 1, 1);
        }
    }
    let before =
        r#"{"enterprise": {"revenue": {"2022": 1}, "power": {"2022-12": 1}, "founded": "2022-12-31", "listed": true}}"#;
    assert!(read(&schema, before).is_ok());
    let after =
        r#"{"enterprise": {"revenue": {"2022": 1, "2023": 1}, "power": {"2023-01": 1}, "founded": "2023-01-01"}}"#;
    let found = read(&schema, after).unwrap_err();
    let paths: Vec<_> = found.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "enterprise.revenue.2023",
            "enterprise.power.2023-01",
            "enterprise.founded"
        ]
    );
    let said = "takes no entries from 2023-01-01 on";
    assert!(
        found.iter().all(|error| error.complaint.message.en.contains(said)),
        "{found:?}"
    );
    let range = r#"{"enterprise": {"founded": {"at_least": "2020-01-01", "at_most": "2024-01-01"}}}"#;
    assert_eq!(read(&schema, range).unwrap_err().len(), 1);
    let described = meed_facts::json::schema_json(&schema);
    assert!(described["$defs"]["Enterprise"]["properties"]["revenue"]["deprecated"] == true);
    assert!(
        described["$defs"]["Enterprise"]["properties"]["employees"]
            .get("deprecated")
            .is_none()
    );
}

#[test]
fn a_year_that_has_not_ended_is_so_far() {
    let schema = schema();
    let plain =
        r#"{"enterprise": {"revenue": {"2022": 1, "2023": 5}, "hires": [{"id": "a", "salary_paid": {"2024": 1}}]}}"#;
    let on = Date::new(2023, 12, 31).unwrap();
    let found = check_dates(&read(&schema, plain).unwrap(), &schema, on);
    let paths: Vec<_> = found.iter().map(|error| error.path.as_str()).collect();
    assert_eq!(
        paths,
        ["enterprise.revenue.2023", "enterprise.hires[0].salary_paid.2024"]
    );
    let located = read_on(&schema, plain, on).unwrap_err();
    assert!(located.len() == 2 && located[0].line == 1 && located[0].column > 40);
    let running = r#"{"enterprise": {"revenue": {"2023": {"so_far": 5}}}}"#;
    let record = read_on(&schema, running, on).unwrap();
    let revenue = schema.fact_called(record.entity, "revenue").unwrap();
    let Stated::Range(range) = &record.series[revenue][&Period::Year(2023)] else {
        panic!("a range")
    };
    assert!(range.high.is_none() && range.low.as_ref().is_some_and(|low| low.value == number("5")));
}

#[test]
fn nobody_is_born_after_the_day_asked_about() {
    let (schema, head) = (schema(), "11010120230602001");
    let number = format!("{head}{}", check_character(head).unwrap());
    let facts = format!(r#"{{"enterprise": {{"owner": {{"citizen": "{number}"}}}}}}"#);
    let born = Date::new(2023, 6, 2).unwrap();
    assert!(read_on(&schema, &facts, born).is_ok());
    let before = Date::new(2023, 6, 1).unwrap();
    let said = read_on(&schema, &facts, before).unwrap_err();
    assert!(
        said[0].complaint.message.en.contains("2023-06-02 is after 2023-06-01"),
        "{said:?}"
    );
    let found = check_dates(&read(&schema, &facts).unwrap(), &schema, before);
    assert_eq!(found[0].path, "enterprise.owner.citizen");
}

#[test]
fn the_digest_is_of_the_meaning() {
    let schema = schema();
    let one = record(
        &schema,
        r#"{"capital": 500000, "turnover": {"2022": "1.50"}, "hires": [{"id": "a"}, {"id": "b"}],
        "awards": [{"measure": "centre_bonus", "state": "approved", "amount": 5}]}"#,
    );
    let other = record(
        &schema,
        r#"{"awards": [{"amount": "5.00", "measure": "tech_centre_reward", "state": "approved"}],
        "hires": [{"id": "b"}, {"id": "a"}], "revenue": {"2022": 1.5}, "capital": "5e5"}"#,
    );
    assert_eq!(digest_of(&schema, &one), digest_of(&schema, &other));
    let changed = record(&schema, r#"{"capital": "500000.01"}"#);
    assert_ne!(
        digest_of(&schema, &changed),
        digest_of(&schema, &record(&schema, r#"{"capital": "500000.00"}"#))
    );
    let text = canonical(&write(&schema, &one));
    assert_eq!(canonical(&write(&schema, &read(&schema, &text).unwrap())), text);
}
