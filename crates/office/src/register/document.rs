//! An applicant's facts as one JSON document, and as single values by path; neither loses anything of the other.
//!
//! `/revenue/2022` is a value of a year, `/hires/#h1/annual_pay` one of a child. `/hires/#` says whether the children that are known are all.

use serde_json::{Map, Value};

/// Objects with these keys are one value: a range, a running year, a reason why there is none.
const MARKS: [&str; 4] = ["at_least", "at_most", "so_far", "missing"];

/// The values of a document, by path.
pub fn flatten(document: &Map<String, Value>) -> Vec<(String, Value)> {
    let mut out = Vec::new();
    object("", document, &mut out);
    out
}

fn object(path: &str, object: &Map<String, Value>, out: &mut Vec<(String, Value)>) {
    for (key, inner) in object {
        value(
            &format!("{path}/{}", key.replace('~', "~0").replace('/', "~1")),
            inner,
            out,
        );
    }
}

fn value(path: &str, of: &Value, out: &mut Vec<(String, Value)>) {
    match of {
        Value::Object(inner) if inner.contains_key("known") => match inner.get("known") {
            Some(Value::Array(items)) => list(path, items, inner.get("complete") == Some(&Value::Bool(true)), of, out),
            _ => out.push((path.to_owned(), of.clone())),
        },
        Value::Object(inner) if !inner.is_empty() && !MARKS.iter().any(|mark| inner.contains_key(*mark)) => {
            object(path, inner, out)
        }
        Value::Array(items) => list(path, items, true, of, out),
        leaf => out.push((path.to_owned(), leaf.clone())),
    }
}

/// Children that have an id are known one by one; other lists are known as a whole.
fn list(path: &str, items: &[Value], complete: bool, whole: &Value, out: &mut Vec<(String, Value)>) {
    let ids: Option<Vec<&str>> = items
        .iter()
        .map(|item| item.get("id").and_then(Value::as_str))
        .collect();
    let Some(ids) = ids.filter(|ids| ids.iter().all(|id| !id.contains(['/', '~']) && !id.is_empty())) else {
        out.push((path.to_owned(), whole.clone()));
        return;
    };
    out.push((format!("{path}/#"), Value::Bool(complete)));
    for (item, id) in items.iter().zip(ids) {
        if let Some(item) = item.as_object() {
            object(&format!("{path}/#{id}"), item, out);
        }
    }
}

/// The document of values by path; the last of a path counts.
pub fn unflatten(values: impl IntoIterator<Item = (String, Value)>) -> Map<String, Value> {
    let mut root = Map::new();
    for (path, value) in values {
        let steps: Vec<String> = path
            .split('/')
            .skip(1)
            .map(|step| step.replace("~1", "/").replace("~0", "~"))
            .collect();
        put(&mut root, &steps, value);
    }
    root.into_iter().map(|(key, value)| (key, gathered(value))).collect()
}

fn put(into: &mut Map<String, Value>, steps: &[String], value: Value) {
    match steps {
        [] => {}
        [last] => {
            into.insert(last.clone(), value);
        }
        [first, rest @ ..] => {
            let inner = into.entry(first.clone()).or_insert_with(|| Value::Object(Map::new()));
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            if let Some(inner) = inner.as_object_mut() {
                put(inner, rest, value);
            }
        }
    }
}

/// Objects whose keys are `#…` become the lists that they were.
fn gathered(value: Value) -> Value {
    let Value::Object(object) = value else {
        return value;
    };
    let is_list = !object.is_empty() && object.keys().all(|key| key.starts_with('#'));
    if !is_list {
        return Value::Object(object.into_iter().map(|(key, value)| (key, gathered(value))).collect());
    }
    let complete = object.get("#") == Some(&Value::Bool(true));
    // A child of which only some values were stated later still has its id.
    let items = object.into_iter().filter(|(key, _)| key != "#").map(|(key, value)| {
        let mut item = gathered(value);
        if let Some(item) = item.as_object_mut() {
            item.insert("id".to_owned(), Value::String(key.trim_start_matches('#').to_owned()));
        }
        item
    });
    let items = Value::Array(items.collect());
    if complete {
        return items;
    }
    Value::Object(Map::from_iter([
        ("known".to_owned(), items),
        ("complete".to_owned(), Value::Bool(false)),
    ]))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_comes_back_as_it_was() {
        let document = json!({
            "uscc": "91230103MAEXAM0233",
            "revenue": {"2021": "1.00", "2022": {"at_least": "5", "at_most": "6"}},
            "rd": {"missing": "refused"},
            "hires": [{"id": "h1", "pay": {"2022": "5"}}, {"id": "h2", "age": 3}],
            "projects": {"known": [{"id": "p1", "size": 2}], "complete": false},
            "stations": [],
            "awards": [{"measure": "m", "state": "paid"}],
            "titles": {"known": [{"title": "t"}], "complete": false},
            "a/b": true,
            "empty": {},
        });
        let object = document.as_object().unwrap();
        assert_eq!(Value::Object(unflatten(flatten(object))), document);
    }

    #[test]
    fn children_of_a_part_of_a_list_do_not_make_it_complete() {
        let made = unflatten([("/hires/#h1/age".to_owned(), json!(30))]);
        assert_eq!(
            Value::Object(made),
            json!({"hires": {"known": [{"id": "h1", "age": 30}], "complete": false}})
        );
    }
}
