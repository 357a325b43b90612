//! Acts describe themselves: every act is listed with its fields, and comes back from the texts of a form.

use std::collections::{BTreeMap, BTreeSet};

use clap::{FromArgMatches, Subcommand};
use meed_office::command::{Act, FieldErrors, Form, FormField, Kind, form, forms};
use meed_office::people::Role;
use serde_json::{Value, json};

type Texts = BTreeMap<String, Vec<String>>;

/// Texts as somebody would write them, and as the act then holds them.
fn written(kind: Kind) -> (&'static str, Value) {
    match kind {
        Kind::Text => ("第 3 项,\r\n <b>x</b>", json!("第 3 项,\r\n <b>x</b>")),
        Kind::Number => (" 2024 ", json!(2024)),
        Kind::Flag => ("on", json!(true)),
        Kind::Amount => ("1000.5", json!("1000.50")),
        Kind::Day => ("2023-02-23", json!("2023-02-23")),
        Kind::Points => ("87.5", json!("87.50")),
        Kind::Choice(words) | Kind::Role(words) => (words[words.len() - 1], json!(words[words.len() - 1])),
        Kind::Json => ("{\"a\": [\"0.5\", 1]}", json!({"a": ["0.5", 1]})),
        Kind::File => ("a,b\r\n", json!("a,b\r\n")),
        Kind::Files => ("{\"meed.toml\": \"x\"}", json!({"meed.toml": "x"})),
    }
}

fn filled(form: &Form, which: impl Fn(&FormField) -> bool) -> (Texts, BTreeMap<&'static str, Value>) {
    let (mut texts, mut values) = (Texts::new(), BTreeMap::new());
    for field in form.fields.iter().filter(|field| which(field)) {
        let (text, value) = written(field.kind);
        let count = if field.many { 3 } else { 1 };
        texts.insert(field.name.to_owned(), vec![text.to_owned(); count]);
        let value = if field.many { json!(vec![value; count]) } else { value };
        values.insert(field.name, value);
    }
    (texts, values)
}

/// A text of `value` that reads as it.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::Null => Vec::new(),
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => items.iter().flat_map(texts).collect(),
        other => vec![other.to_string()],
    }
}

#[test]
fn every_act_comes_back_from_the_texts_of_its_form() {
    for form in forms() {
        let kind = form.kind();
        let (given, values) = filled(form, |_| true);
        let act = Act::from_fields(&kind, &given).unwrap_or_else(|errors| panic!("{kind}: {errors}"));
        assert_eq!(act.kind(), kind);
        let json = act.to_json()[&form.module][&form.act].clone();
        assert_eq!(json, json!(values), "{kind}");
        let back: Texts = form
            .fields
            .iter()
            .map(|field| (field.name.to_owned(), texts(&json[field.name])))
            .collect();
        assert_eq!(
            Act::from_fields(&kind, &back).unwrap().to_json(),
            act.to_json(),
            "{kind}"
        );
    }
}

#[test]
fn what_may_be_left_out_may_and_nothing_else() {
    for form in forms() {
        let kind = form.kind();
        let (least, values) = filled(form, |field| !field.optional);
        let act = Act::from_fields(&kind, &least).unwrap_or_else(|errors| panic!("{kind}: {errors}"));
        let json = act.to_json()[&form.module][&form.act].clone();
        for field in &form.fields {
            let empty = match (field.many, field.kind) {
                _ if !field.optional => values[field.name].clone(),
                (true, _) if json[field.name].is_array() => json!([]),
                (_, Kind::Flag) => json!(false),
                _ => Value::Null,
            };
            assert_eq!(json[field.name], empty, "{kind}.{}", field.name);
        }
        for field in form.fields.iter().filter(|field| !field.optional) {
            let mut blank = least.clone();
            blank.insert(field.name.to_owned(), vec![" ".to_owned()]);
            assert_eq!(wrong(Act::from_fields(&kind, &blank)), [field.name], "{kind}");
            blank.remove(field.name);
            assert_eq!(wrong(Act::from_fields(&kind, &blank)), [field.name], "{kind}");
        }
    }
}

/// The fields that are wrong, each of which says why and how to put it right in both languages.
fn wrong(read: Result<Act, FieldErrors>) -> Vec<String> {
    let errors = read.unwrap_err().0;
    let chinese = |text: &str| text.chars().any(|letter| ('\u{4e00}'..'\u{9fff}').contains(&letter));
    for error in &errors {
        assert!(chinese(&error.message.zh) && !chinese(&error.message.en), "{error:?}");
    }
    errors.into_iter().map(|error| error.field).collect()
}

/// What serde's message for a wrong name lists between backticks.
fn expected(json: Value) -> BTreeSet<String> {
    let message = serde_json::from_value::<Act>(json).unwrap_err().to_string();
    let known = message.split_once("`, ").map_or("", |(_, known)| known);
    known.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn the_forms_are_the_acts_that_json_knows() {
    let modules = expected(json!({"?": {}}));
    assert!(modules.contains("case"));
    let listed: BTreeSet<String> = forms().iter().map(|form| form.module.clone()).collect();
    assert_eq!(listed, modules);
    for module in modules {
        let acts = expected(json!({ &module: {"?": {}} }));
        let of: Vec<&Form> = forms().iter().filter(|form| form.module == module).collect();
        assert_eq!(of.iter().map(|form| form.act.clone()).collect::<BTreeSet<_>>(), acts);
        assert_eq!(of.len(), acts.len(), "{module}: each act once");
        for form in of {
            let fields = expected(json!({ &module: {&form.act: {"?": 1}} }));
            assert_eq!(
                form.fields
                    .iter()
                    .map(|field| field.name.to_owned())
                    .collect::<BTreeSet<_>>(),
                fields
            );
            assert!(!form.help.is_empty() && form.fields.iter().all(|field| !field.help.is_empty()));
        }
    }
}

#[test]
fn each_wrong_field_is_told() {
    let texts = |pairs: &[(&str, &[&str])]| -> Texts {
        let one =
            |(name, values): &(&str, &[&str])| ((*name).to_owned(), values.iter().map(|&one| one.into()).collect());
        pairs.iter().map(one).collect()
    };
    let assign = texts(&[
        ("role", &["king"]),
        ("until", &["tomorrow"]),
        ("csrf", &["1"]),
        ("person", &["a", "b"]),
    ]);
    let found = wrong(Act::from_fields("people.assign", &assign));
    assert_eq!(
        found.into_iter().collect::<BTreeSet<_>>(),
        ["csrf", "person", "role", "until"].map(str::to_owned).into()
    );
    for (kind, field, text) in [
        ("ledger.open", "year", "2024.0"),
        ("ledger.open", "payer", "a\0b"),
        ("ledger.cut", "amount", "-1"),
        ("ledger.cut", "amount", "0.001"),
        ("review.commit", "each", "65536"),
        ("review.score", "score", "100.01"),
        ("round.plan", "contested", "maybe"),
        ("payment.arrive", "confirmed", "yes"),
        ("policy.simulate", "report", "{\"cost\": 0.5}"),
        ("policy.simulate", "report", "@/etc/passwd"),
        ("policy.draft", "files", "/etc"),
    ] {
        let (mut given, _) = filled(form(kind).unwrap(), |_| true);
        given.insert(field.to_owned(), vec![text.to_owned()]);
        assert_eq!(wrong(Act::from_fields(kind, &given)), [field], "{kind} {text}");
    }
    for kind in ["", "case", "case.fly", "sky.fly", "case.accept.now"] {
        assert_eq!(wrong(Act::from_fields(kind, &Texts::new())), [""]);
    }
    let bank = "/etc/passwd";
    let file = Act::from_fields("bank.answers", &texts(&[("file", &[bank])])).unwrap();
    assert_eq!(
        file.to_json(),
        json!({"bank": {"answers": {"file": bank}}}),
        "a path is a text here, and no file is read"
    );
}

#[test]
fn an_act_says_which_row_it_is_about() {
    let key = |kind: &str| {
        let form = form(kind).unwrap();
        let (mut texts, _) = filled(form, |_| true);
        for name in ["case", "list", "account", "version"] {
            let name = name.to_owned();
            texts.entry(name.clone()).and_modify(|old| *old = vec![name]);
        }
        (form.target, form.key(&texts))
    };
    let owned = |parts: &[&str]| Some(parts.iter().map(|&part| part.to_owned()).collect::<Vec<_>>());
    assert_eq!(key("case.accept"), (Some("case"), owned(&["case"])));
    assert_eq!(key("list.publish"), (Some("list"), owned(&["list", "version"])));
    assert_eq!(key("account.close"), (Some("account"), owned(&["account", "version"])));
    assert_eq!(
        key("list.renew"),
        (Some("list"), None),
        "it is about the last version, whichever that is"
    );
    assert_eq!(key("people.enter"), (None, None));
    assert_eq!(key("timer.fire"), (None, None));
}

#[test]
fn a_field_tells_what_is_written_in_it() {
    let field = |kind: &str, name: &str| {
        let form = form(kind).unwrap();
        form.fields.iter().find(|field| field.name == name).unwrap().clone()
    };
    assert_eq!(field("people.assign", "role").kind, Kind::Role(Role::WORDS));
    assert_eq!(Role::WORDS, Role::ALL.map(Role::name));
    let contested = FormField {
        name: "contested",
        help: "What becomes of the others while a row is contested",
        kind: Kind::Choice(&["wait", "hold_back"]),
        optional: false,
        many: false,
    };
    assert_eq!(field("round.plan", "contested"), contested);
    let chosen = field("round.ration", "chosen");
    assert!(chosen.optional && chosen.many && chosen.kind == Kind::Text);
    assert_eq!(
        form("timer.fire").unwrap().help,
        "Moves one thing on whose day has come"
    );
    let told = serde_json::to_value(form("case.propose").unwrap()).unwrap();
    assert_eq!(told["fields"][1]["kind"], json!({"is": "amount"}));
}

#[test]
fn what_takes_several_values_takes_them_with_commas_or_one_after_another() {
    let parsed = |line: &[&str]| {
        let command = Act::augment_subcommands(clap::Command::new("office"));
        let matches = command.try_get_matches_from([&["office"], line].concat()).unwrap();
        Act::from_arg_matches(&matches).unwrap().to_json()
    };
    let cases = |line: &[&str]| parsed(&[&["list", "freeze"], line].concat())["list"]["freeze"]["cases"].clone();
    let both = json!(["case-1", "case-2"]);
    assert_eq!(cases(&["--cases", "case-1,case-2"]), both);
    assert_eq!(cases(&["--cases", "case-1", "--cases", "case-2"]), both);
    // A text is one, whatever is in it.
    let refused = parsed(&["case", "refuse", "--case", "case-1", "--why", "不实，a,b"]);
    assert_eq!(refused["case"]["refuse"]["why"], "不实，a,b");
}
