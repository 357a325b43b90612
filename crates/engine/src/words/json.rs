//! A determination as JSON in which conditions are also words.

use meed_facts::label::Lang;
use serde_json::{Value, json};

use super::Words;
use crate::explain::Evaluator;
use crate::result::{Determination, Reason};

/// [`Determination::to_json`], and in each reason `text`: the condition in both languages. The evaluator must be the one that determined.
pub fn to_json(evaluator: &Evaluator<'_>, determination: &Determination) -> Value {
    let mut value = determination.to_json();
    let awards = determination.lines.iter().map(|line| &line.reasons);
    let services = determination.services.iter().map(|line| &line.reasons);
    let titles = determination.titles.iter().map(|line| &line.reasons);
    add(evaluator, value.get_mut("awards"), awards);
    add(evaluator, value.get_mut("services"), services);
    add(evaluator, value.get_mut("titles"), titles);
    value
}

fn add<'r>(evaluator: &Evaluator<'_>, lines: Option<&mut Value>, reasons: impl Iterator<Item = &'r Vec<Reason>>) {
    let lines = lines.and_then(Value::as_array_mut).into_iter().flatten();
    for (line, reasons) in lines.zip(reasons) {
        let written = line
            .get_mut("reasons")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten();
        for (written, reason) in written.zip(reasons) {
            if let (Some(object), Some((node, frame))) = (written.as_object_mut(), reason.node) {
                let text = |lang| Words::about(evaluator, lang).node(node, Some(frame));
                object.insert("text".to_owned(), json!({ "en": text(Lang::En), "zh": text(Lang::Zh) }));
            }
        }
    }
}
