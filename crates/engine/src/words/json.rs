//! A determination as JSON in which conditions are also words, and so is why an expression has no value.

use meed_facts::label::Lang;
use serde_json::{Value, json};

use super::Words;
use crate::explain::Evaluator;
use crate::result::{Determination, MissingLine, Reason, ReasonKind};
use crate::value::CauseKind;

/// [`Determination::to_json`], and in each reason `text`: the condition in both languages; likewise in each gap that is an expression without value. The evaluator must be
/// the one that determined.
pub fn to_json(evaluator: &Evaluator<'_>, determination: &Determination) -> Value {
    let mut value = determination.to_json();
    let awards = determination.lines.iter().map(|line| (&line.reasons, &line.missing));
    let services = determination.services.iter().map(|line| (&line.reasons, &line.missing));
    let titles = determination.titles.iter().map(|line| (&line.reasons, &line.missing));
    add(evaluator, value.get_mut("awards"), awards);
    add(evaluator, value.get_mut("services"), services);
    add(evaluator, value.get_mut("titles"), titles);
    value
}

fn add<'r>(
    evaluator: &Evaluator<'_>,
    lines: Option<&mut Value>,
    found: impl Iterator<Item = (&'r Vec<Reason>, &'r Vec<MissingLine>)>,
) {
    let lines = lines.and_then(Value::as_array_mut).into_iter().flatten();
    for (line, (reasons, missing)) in lines.zip(found) {
        let texts = reasons.iter().map(|reason| {
            let [en, zh] = [Lang::En, Lang::Zh].map(|lang| Words::about(evaluator, lang).reason(reason));
            Some([en?, zh?])
        });
        add_texts(line.get_mut("reasons"), texts);
        let texts = missing.iter().map(|one| {
            if one.kind != CauseKind::Undefined {
                return None;
            }
            let [en, zh] =
                [Lang::En, Lang::Zh].map(|lang| Words::about(evaluator, lang).without_value(&one.place, one.frame));
            Some([en?, zh?])
        });
        add_texts(line.get_mut("missing"), texts);
    }
}

impl Words<'_, '_> {
    /// A condition that decided. Below a negation its kind is that of the whole, and so are the words: what must not be, and is not, holds.
    fn reason(&self, reason: &Reason) -> Option<String> {
        let (node, frame) = reason.node?;
        let text = self.node(node, Some(frame));
        let told = matches!(reason.kind, ReasonKind::Holds).then_some(true);
        let told = told.or(matches!(reason.kind, ReasonKind::Fails).then_some(false));
        let value = self.value(node, Some(frame)).and_then(crate::value::Value::as_bool);
        let turned = told.zip(value).is_some_and(|(told, value)| told != value);
        Some(if turned {
            self.say_with("非（{0}）", "not ({0})", &[&text])
        } else {
            text
        })
    }
}

fn add_texts(written: Option<&mut Value>, texts: impl Iterator<Item = Option<[String; 2]>>) {
    let written = written.and_then(Value::as_array_mut).into_iter().flatten();
    for (written, text) in written.zip(texts) {
        if let (Some(object), Some([en, zh])) = (written.as_object_mut(), text) {
            object.insert("text".to_owned(), json!({ "en": en, "zh": zh }));
        }
    }
}
