//! Facts with some of them changed: numbers, truths and choices by path, titles by name. Nothing is kept.

use std::collections::BTreeMap;

use meed_facts::date::Date;
use meed_facts::schema::{EntityId, Schema};
use meed_office::register::{flatten, unflatten};
use meed_rules::program::Program;
use serde_json::{Map, Value, json};

use super::super::form::draft::{Drafts, over};
use super::super::form::slot::{slot, typed};

/// By what a field for a title begins.
pub const TITLE: &str = "title:";

/// An applicant's facts as values by path.
pub fn values(kind: &str, facts: &str) -> BTreeMap<String, Value> {
    let document: Value = serde_json::from_str(facts).unwrap_or_default();
    let object = document.get(kind).and_then(Value::as_object);
    object.map_or_else(BTreeMap::new, |object| flatten(object).into_iter().collect())
}

/// The facts with changes in them.
pub fn changed(program: &Program, (entity, kind): (EntityId, &str), facts: &str, changes: &Drafts) -> String {
    let read = |path: &str, text: &str| {
        let slot = slot(&program.schema, entity, path)?;
        typed(program, &slot, text).ok()
    };
    let (titles, paths): (Drafts, Drafts) = changes
        .iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(name, text)| (name.clone(), text.clone()))
        .partition(|(name, _)| name.starts_with(TITLE));
    let mut document = unflatten(over(values(kind, facts), &paths, read));
    for (name, text) in &titles {
        let title = name.strip_prefix(TITLE).unwrap_or_default();
        if is_title(&program.schema, title) {
            hold(&mut document, title, text, program.date);
        }
    }
    json!({ kind: document }).to_string()
}

fn is_title(schema: &Schema, name: &str) -> bool {
    schema.titles.iter().any(|(_, title)| *title.named.name == *name)
}

/// Says of a title that it is held from today on (`yes`, or at a level), or that it is not (`no`).
fn hold(document: &mut Map<String, Value>, title: &str, text: &str, today: Date) {
    let before = document.remove("titles").unwrap_or_default();
    let (items, complete) = match before {
        Value::Array(items) => (items, true),
        Value::Object(mut part) => {
            let items = part.remove("known");
            (
                items.and_then(|items| items.as_array().cloned()).unwrap_or_default(),
                false,
            )
        }
        _ => (Vec::new(), false),
    };
    let other = |item: &Value| item.get("title").and_then(Value::as_str) != Some(title);
    let mut items: Vec<Value> = items.into_iter().filter(other).collect();
    match text {
        "no" if complete => {}
        "no" => items.push(json!({"title": title, "held": false})),
        "yes" => items.push(json!({"title": title, "granted": today.to_string()})),
        level => items.push(json!({"title": title, "level": level, "granted": today.to_string()})),
    }
    let titles = if complete {
        Value::Array(items)
    } else {
        json!({"known": items, "complete": false})
    };
    document.insert("titles".to_owned(), titles);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn titles(before: Value, text: &str) -> Value {
        let mut document = Map::from_iter([("titles".to_owned(), before)]);
        hold(&mut document, "giant", text, Date::parse("2023-03-06").unwrap());
        document.remove("titles").unwrap()
    }

    #[test]
    fn a_title_is_held_from_today_or_not_at_all_and_others_stay() {
        let other = json!({"title": "other", "granted": "2020-01-01"});
        let old = json!({"title": "giant", "granted": "2019-01-01"});
        let now = json!({"title": "giant", "granted": "2023-03-06"});
        assert_eq!(titles(json!([other, old]), "yes"), json!([other, now]));
        assert_eq!(titles(json!([other, old]), "no"), json!([other]));
        let part = json!({"known": [old], "complete": false});
        let denied = json!({"title": "giant", "held": false});
        assert_eq!(titles(part, "no"), json!({"known": [denied], "complete": false}));
        let level = json!({"title": "giant", "level": "city", "granted": "2023-03-06"});
        assert_eq!(
            titles(Value::Null, "city"),
            json!({"known": [level], "complete": false})
        );
    }

    #[test]
    fn facts_that_cannot_be_read_change_nothing() {
        assert!(values("enterprise", "no json").is_empty());
        assert!(values("person", "{\"enterprise\": {}}").is_empty());
    }
}
