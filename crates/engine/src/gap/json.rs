//! Gaps as JSON.

use meed_facts::value::Scalar;
use meed_rules::program::Type;
use serde_json::{Map, Value, json};

use super::{Gap, GapCondition, Move};

impl Gap {
    /// The conditions that would have to turn together.
    pub fn to_json(&self) -> Value {
        let conditions: Vec<Value> = self.conditions.iter().map(|one| one.to_json()).collect();
        json!({ "conditions": conditions })
    }
}

impl GapCondition {
    fn to_json(&self) -> Value {
        let mut object = Map::new();
        let path: Vec<&str> = self.path.iter().map(|label| &**label).collect();
        object.insert("condition".to_owned(), json!(path));
        object.insert("citation".to_owned(), self.citation.to_json());
        object.insert(
            "state".to_owned(),
            json!(if self.unknown { "unknown" } else { "fails" }),
        );
        if !self.moves.is_empty() {
            let moves: Vec<Value> = self.moves.iter().map(|one| one.to_json()).collect();
            object.insert("moves".to_owned(), Value::Array(moves));
        }
        Value::Object(object)
    }
}

impl Move {
    /// `{"fact": …, "from": …, "to": …, "rise": …}`: the distance is `rise` or `fall`; a number that has to be passed is `beyond` in place of `to`, its distance 0 where the
    /// fact stands on it.
    fn to_json(&self) -> Value {
        let mut object = Map::new();
        let value = |scalar: &Scalar| plain(&self.ty, scalar);
        object.insert("fact".to_owned(), json!(self.name));
        object.insert("from".to_owned(), value(&self.from));
        object.insert(
            if self.beyond.is_some() { "beyond" } else { "to" }.to_owned(),
            value(&self.to),
        );
        if let Some(by) = self.by() {
            let ty = if matches!(by, Scalar::Days(_)) {
                &Type::Days
            } else {
                &self.ty
            };
            let key = if self.rises() { "rise" } else { "fall" };
            object.insert(key.to_owned(), plain(ty, &by));
        }
        Value::Object(object)
    }
}

/// A value that can move, as files of facts write it.
fn plain(ty: &Type, value: &Scalar) -> Value {
    match value {
        Scalar::Number(number) => {
            let currency = match ty {
                Type::Number(dimension) => dimension.currency(),
                _ => None,
            };
            let decimal = currency.and_then(|currency| number.to_decimal(currency.exponent()));
            json!(decimal.unwrap_or_else(|| number.to_string()))
        }
        Scalar::Date(date) => json!(date.to_string()),
        Scalar::Months(months) => json!({ "months": months }),
        Scalar::Days(days) => json!({ "days": days }),
        Scalar::Bool(truth) => json!(truth),
        Scalar::Text(text) => json!(**text),
        Scalar::Member(position) => json!(position),
    }
}
