//! The JSON Schema (2020-12) of a package's facts.
//!
//! It describes the form; what only [`super::read`] checks (check digits, unique keys) it leaves out, so
//! that every file that reads without mistakes also satisfies the schema.

use serde_json::{Map, Value, json};

use crate::identifier::Kind;
use crate::label::Label;
use crate::money::Currency;
use crate::schema::{EntityId, Enumeration, Fact, FactType, Named, PeriodUnit, Schema, Source};
use crate::value::{Bound, Scalar};

/// The schema of a file of facts for any kind of applicant.
pub fn schema_json(schema: &Schema) -> Value {
    let applicants = || schema.entities.iter().filter(|(_, entity)| entity.applicant);
    let mut top = Map::new();
    let mut definitions = base_definitions();
    for (id, entity) in applicants() {
        let name = entity.named.name.to_lowercase();
        top.insert(
            name,
            json!({ "$ref": format!("#/$defs/{}.applicant", entity.named.name) }),
        );
        definitions.insert(
            format!("{}.applicant", entity.named.name),
            entity_json(schema, id, true),
        );
    }
    for (id, entity) in schema.entities.iter() {
        definitions.insert(entity.named.name.to_string(), entity_json(schema, id, false));
    }
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": top,
        "additionalProperties": false,
        "minProperties": 1,
        "maxProperties": 1,
        "$defs": definitions,
    })
}

const DECIMAL: &str = r"^[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?$";

/// A count in quotes. What has an exponent is left to the reader.
const COUNT: &str = r"^\+?[0-9]+(\.0+)?$|[eE]";

/// An amount in quotes, whole in the smallest unit; likewise. (`multipleOf` would say the same of numbers, but validators divide them as floating-point
/// numbers and refuse 0.29.)
fn amount_pattern(currency: Currency) -> String {
    match currency.exponent() {
        0 => r"^[+-]?[0-9]+(\.0+)?$|[eE]".to_owned(),
        digits => format!(r"^[+-]?[0-9]+(\.[0-9]{{1,{digits}}}0*)?$|[eE]"),
    }
}

/// The form of an identifier; one that is written with spaces, small letters or full-width digits is left to the reader.
fn identifier_pattern(kind: Kind) -> String {
    let form = match kind {
        Kind::CreditCode => "[0-9A-Z]{18}",
        Kind::CitizenId => "[0-9]{17}[0-9X]",
        Kind::Division => "[0-9]{6}",
        Kind::Industry => "[A-T][0-9]{0,4}|[0-9]{2,4}",
    };
    format!("^({form})$|[^0-9A-Z]")
}

fn base_definitions() -> Map<String, Value> {
    let decimal = json!({ "anyOf": [{ "type": "number" }, { "type": "string", "pattern": DECIMAL }] });
    let number = json!({ "anyOf": [{ "type": "number" },
        { "type": "string", "pattern": format!("{DECIMAL}|^-?[0-9]+/-?[0-9]+$") }] });
    let missing = json!({ "type": "object", "required": ["missing"], "additionalProperties": false,
        "properties": { "missing": { "enum": ["refused", "judgement", "unasked"] } } });
    let months = json!({ "anyOf": [
        { "type": "object", "minProperties": 1, "additionalProperties": false,
          "properties": { "years": { "type": "integer" }, "months": { "type": "integer" } } },
        { "type": "string", "pattern": r"^\s*(-?[0-9]+\s+(years?|months?)\s*)+$" }] });
    let days = json!({ "anyOf": [
        { "type": "object", "required": ["days"], "additionalProperties": false,
          "properties": { "days": { "type": "integer" } } },
        { "type": "string", "pattern": r"^\s*-?[0-9]+\s+days?\s*$" }] });
    let date = json!({ "type": "string", "format": "date", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" });
    let definitions = [
        ("decimal", decimal),
        ("number", number),
        ("missing", missing),
        ("months", months),
        ("days", days),
        ("date", date),
    ];
    definitions
        .into_iter()
        .map(|(name, definition)| (format!("meed.{name}"), definition))
        .collect()
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/$defs/meed.{name}") })
}

fn entity_json(schema: &Schema, id: EntityId, applicant: bool) -> Value {
    let entity = &schema.entities[id];
    let mut properties = Map::new();
    for fact in entity.facts.iter().map(|fact| &schema.facts[*fact]) {
        let described = fact_json(schema, fact);
        for former in &fact.named.formerly {
            let mut old = described.clone();
            if let Value::Object(old) = &mut old {
                old.insert("deprecated".to_owned(), json!(true));
            }
            properties.insert(former.to_string(), old);
        }
        properties.insert(fact.named.name.to_string(), described);
    }
    if schema.titles.iter().any(|(_, title)| title.entity == id) {
        properties.entry("titles").or_insert_with(|| list(&titles(schema, id)));
    }
    if applicant {
        properties.entry("awards").or_insert_with(|| list(&award(schema)));
        properties.entry("chosen").or_insert_with(|| chosen(schema));
    }
    let described = json!({ "type": "object", "properties": properties, "additionalProperties": false });
    labelled(described, &entity.named.label, &entity.named.name)
}

// Title in both languages, where there are both.
fn labelled(mut described: Value, label: &Label, name: &str) -> Value {
    let title = match (&label.zh, &label.en) {
        (Some(zh), Some(en)) => format!("{zh} / {en}"),
        (Some(one), None) | (None, Some(one)) => one.to_string(),
        (None, None) => name.to_owned(),
    };
    if let Value::Object(object) = &mut described {
        object.insert("title".to_owned(), json!(title));
    }
    described
}

fn fact_json(schema: &Schema, fact: &Fact) -> Value {
    let one = stated(schema, fact);
    let described = match (&fact.ty, fact.period) {
        (FactType::Many(child), _) => {
            let item = json!({ "$ref": format!("#/$defs/{}", schema.entities[*child].named.name) });
            json!({ "anyOf": [list(&item), reference("missing")] })
        }
        (FactType::One(inner), _) => {
            let inner = json!({ "$ref": format!("#/$defs/{}", schema.entities[*inner].named.name) });
            json!({ "anyOf": [inner, reference("missing")] })
        }
        (_, Some(unit)) => {
            let pattern = match unit {
                PeriodUnit::Year => "^[0-9]{4}$",
                PeriodUnit::Month => "^[0-9]{4}-(0[1-9]|1[0-2])$",
            };
            json!({ "type": "object", "patternProperties": { pattern: one }, "additionalProperties": false })
        }
        (_, None) => one,
    };
    let mut described = labelled(described, &fact.named.label, &fact.named.name);
    if let Value::Object(object) = &mut described {
        object.insert("description".to_owned(), json!(description(schema, fact)));
        if fact.until.is_some() {
            object.insert("deprecated".to_owned(), json!(true));
        }
    }
    described
}

fn description(schema: &Schema, fact: &Fact) -> String {
    let (zh, en) = match &fact.source {
        Source::Registry => ("登记信息".to_owned(), "from a register".to_owned()),
        Source::Declared => ("申报人填报".to_owned(), "declared by the applicant".to_owned()),
        Source::Judged(agency) => {
            let agency = &schema.agencies[*agency].named;
            let name = |lang| agency.label.text(lang, &agency.name).to_owned();
            (
                format!("由{}认定", name(crate::label::Lang::Zh)),
                format!("judged by {}", name(crate::label::Lang::En)),
            )
        }
    };
    let unit = match &fact.ty {
        FactType::Money(currency) => format!("; {currency}"),
        FactType::Number(Some(unit)) => format!("; {}", schema.units[*unit].name),
        _ => String::new(),
    };
    format!("{zh} / {en}{unit}")
}

// A value, or what may stand in its place.
fn stated(schema: &Schema, fact: &Fact) -> Value {
    let value = value(schema, fact);
    let mut forms = vec![value.clone(), reference("missing")];
    let ordered = match &fact.ty {
        FactType::Enumeration(id) => schema.enumerations[*id].ordered,
        FactType::Bool | FactType::Text | FactType::Identifier(_) => false,
        _ => true,
    };
    if ordered {
        let ends = ["at_least", "at_most", "more_than", "less_than"];
        let ends: Map<String, Value> = ends.iter().map(|end| ((*end).to_owned(), value.clone())).collect();
        forms.push(
            json!({ "type": "object", "properties": ends, "additionalProperties": false,
            "minProperties": 1, "maxProperties": 2 }),
        );
    }
    if matches!(fact.ty, FactType::Enumeration(_) | FactType::Bool) {
        forms.push(
            json!({ "type": "object", "required": ["one_of"], "additionalProperties": false,
            "properties": { "one_of": { "type": "array", "minItems": 1, "items": value } } }),
        );
    }
    if fact.period.is_some() && matches!(fact.ty, FactType::Count | FactType::Number(_) | FactType::Money(_)) {
        forms.push(
            json!({ "type": "object", "required": ["so_far"], "additionalProperties": false,
            "properties": { "so_far": value } }),
        );
    }
    json!({ "anyOf": forms })
}

fn value(schema: &Schema, fact: &Fact) -> Value {
    match &fact.ty {
        FactType::Bool => json!({ "type": "boolean" }),
        FactType::Count => {
            json!({ "allOf": [reference("decimal")], "minimum": 0, "multipleOf": 1, "pattern": COUNT })
        }
        FactType::Number(_) => bounded(reference("number"), fact),
        FactType::Money(currency) => {
            let mut amount = bounded(reference("decimal"), fact);
            if let Value::Object(amount) = &mut amount {
                amount.insert("pattern".to_owned(), json!(amount_pattern(*currency)));
            }
            amount
        }
        FactType::Date => reference("date"),
        FactType::Months => reference("months"),
        FactType::Days => reference("days"),
        FactType::Text => json!({ "type": "string", "minLength": 1 }),
        FactType::Identifier(kind) => json!({ "type": "string", "pattern": identifier_pattern(*kind) }),
        FactType::Enumeration(id) => members(&schema.enumerations[*id]),
        FactType::One(_) | FactType::Many(_) => json!({}),
    }
}

// Bounds that are whole numbers, as the keywords that apply where the value is a JSON number.
fn bounded(described: Value, fact: &Fact) -> Value {
    let mut object = Map::new();
    object.insert("allOf".to_owned(), json!([described]));
    let Some(bounds) = &fact.bounds else {
        return Value::Object(object);
    };
    let whole = |bound: &Bound| match &bound.value {
        Scalar::Number(number) => number.to_i128().and_then(|number| i64::try_from(number).ok()),
        _ => None,
    };
    let ends = [
        (&bounds.low, "minimum", "exclusiveMinimum"),
        (&bounds.high, "maximum", "exclusiveMaximum"),
    ];
    for (end, closed, open) in ends {
        let Some(bound) = end else { continue };
        if let Some(number) = whole(bound) {
            object.insert(if bound.closed { closed } else { open }.to_owned(), json!(number));
        }
    }
    Value::Object(object)
}

fn members(enumeration: &Enumeration) -> Value {
    json!({ "enum": names(&enumeration.members) })
}

// Present and former names.
fn names(named: &[Named]) -> Vec<String> {
    let all = named
        .iter()
        .flat_map(|named| std::iter::once(&named.name).chain(&named.formerly));
    all.map(ToString::to_string).collect()
}

fn list(item: &Value) -> Value {
    let array = json!({ "type": "array", "items": item });
    json!({ "anyOf": [array, {
        "type": "object", "required": ["known"], "additionalProperties": false,
        "properties": { "known": array, "complete": { "type": "boolean" } },
    }] })
}

fn titles(schema: &Schema, entity: EntityId) -> Value {
    let titles = schema.titles.iter().filter(|(_, title)| title.entity == entity);
    let forms: Vec<Value> = titles
        .map(|(_, title)| {
            let mut properties = Map::new();
            properties.insert(
                "title".to_owned(),
                json!({ "enum": names(std::slice::from_ref(&title.named)) }),
            );
            if let Some(levels) = title.levels {
                properties.insert("level".to_owned(), members(&schema.enumerations[levels]));
            }
            properties.insert("held".to_owned(), json!({ "type": "boolean" }));
            for key in ["granted", "until", "revoked"] {
                properties.insert(key.to_owned(), reference("date"));
            }
            let suspension = json!({ "type": "object", "required": ["from"], "additionalProperties": false,
                "properties": { "from": reference("date"), "until": reference("date") } });
            properties.insert("suspended".to_owned(), json!({ "type": "array", "items": suspension }));
            properties.insert("object".to_owned(), json!({ "type": "string", "minLength": 1 }));
            let described = json!({ "type": "object", "required": ["title"], "properties": properties,
                "additionalProperties": false });
            labelled(described, &title.named.label, &title.named.name)
        })
        .collect();
    json!({ "anyOf": forms })
}

fn award(schema: &Schema) -> Value {
    let states: Vec<&str> = crate::record::AwardState::NAMES.iter().map(|(name, _)| *name).collect();
    json!({
        "type": "object",
        "required": ["measure", "state"],
        "additionalProperties": false,
        "properties": {
            "measure": { "enum": names(&schema.measures) },
            "key": { "type": "string", "minLength": 1 },
            "on": reference("date"),
            "amount": reference("decimal"),
            "currency": { "type": "string", "pattern": "^[A-Z]{3}$" },
            "recovered": reference("decimal"),
            "state": { "enum": states },
        },
    })
}

fn chosen(schema: &Schema) -> Value {
    let measure = json!({ "enum": names(&schema.measures) });
    let groups: Map<String, Value> = names(&schema.groups)
        .into_iter()
        .map(|group| (group, measure.clone()))
        .collect();
    json!({ "type": "object", "properties": groups, "additionalProperties": false })
}
