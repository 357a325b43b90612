//! What a fact says, as people read it: what the published vocabulary calls it, and its value in words.

use std::sync::Arc;

use meed_facts::check::applicant;
use meed_facts::identifier::{Kind, division};
use meed_facts::label::Label;
use meed_facts::schema::{EntityId, FactId, FactType, Schema};
use meed_office::register::Fact;
use meed_rules::program::Program;
use serde_json::Value;

use crate::determined::Names;
use crate::view::grouped;
use crate::words::Words;

/// The ends of a range, and of a period that still runs, with how they are written.
const ENDS: [(&str, &str); 3] = [("at_least", "≥"), ("so_far", "≥"), ("at_most", "≤")];

/// The vocabulary that knows a kind of applicant.
#[derive(Clone, Debug)]
pub struct Vocabulary {
    known: Option<(Arc<Program>, EntityId)>,
    words: Words,
}

impl Vocabulary {
    /// The first of the policies in force today that knows a kind of applicant.
    pub fn of(names: &Names, kind: &str, words: Words) -> Self {
        let knows = |program: &Arc<Program>| Some((Arc::clone(program), applicant(&program.schema, kind).ok()?));
        let known = names.programs().iter().find_map(knows);
        Self { known, words }
    }

    /// The program whose words these are, and what the applicant is in it.
    pub fn known(&self) -> Option<(&Program, EntityId)> {
        self.known.as_ref().map(|(program, entity)| (&**program, *entity))
    }

    /// What the fact at a path is called: `R&D expense 2022`, `Projects p1 · Investment`. A step that no vocabulary knows stands as it is.
    pub fn label(&self, path: &str) -> String {
        let mut parts = Vec::new();
        let mut entity = self.known.as_ref().map(|(_, entity)| *entity);
        let mut steps = path.split('/').skip(1).peekable();
        while let Some(step) = steps.next() {
            let fact = entity.and_then(|entity| self.schema()?.fact_called(entity, step));
            let mut part = self.step(fact, step);
            entity = fact.and_then(|fact| self.inner(fact));
            if let Some(id) = steps.peek().and_then(|next| next.strip_prefix('#')) {
                part = match id {
                    "" => format!("{part}{}", self.words.t("fact-whole")),
                    id => format!("{part} {id}"),
                };
                steps.next();
            } else if entity.is_none() {
                // What is left is the period, and of a duration its unit, which its value says.
                let unit = self.unit(fact);
                let periods = steps.by_ref().filter(|step| Some(*step) != unit);
                part = periods.fold(part, |part, period| format!("{part} {period}"));
            }
            parts.push(part);
        }
        parts.join(" · ")
    }

    /// What a fact says; nothing where it was taken back or forgotten.
    pub fn value(&self, fact: &Fact) -> Option<String> {
        let value = fact.value.as_ref()?;
        if fact.path == "/titles" {
            return Some(self.titles(value));
        }
        Some(self.text(self.leaf(&fact.path), value))
    }

    /// What the number is called by which an applicant is known.
    pub fn scheme(&self, name: &str) -> String {
        let fact = self
            .known
            .as_ref()
            .and_then(|(program, entity)| program.schema.fact_called(*entity, name));
        self.step(fact, name)
    }

    fn schema(&self) -> Option<&Schema> {
        self.known.as_ref().map(|(program, _)| &*program.schema)
    }

    fn step(&self, fact: Option<FactId>, step: &str) -> String {
        match (fact, self.schema()) {
            (Some(fact), Some(schema)) => self.words.label(&schema.facts[fact].named.label, step).to_owned(),
            _ => match step {
                "titles" => self.words.t("office-titles"),
                "awards" => self.words.t("fact-awards"),
                "chosen" => self.words.t("fact-chosen"),
                other => other.to_owned(),
            },
        }
    }

    fn inner(&self, fact: FactId) -> Option<EntityId> {
        match self.schema()?.facts[fact].ty {
            FactType::One(inner) | FactType::Many(inner) => Some(inner),
            _ => None,
        }
    }

    /// In what a duration is counted.
    fn unit(&self, fact: Option<FactId>) -> Option<&'static str> {
        match self.schema()?.facts[fact?].ty {
            FactType::Months => Some("months"),
            FactType::Days => Some("days"),
            _ => None,
        }
    }

    /// The fact at the end of a path.
    fn leaf(&self, path: &str) -> Option<FactId> {
        let mut entity = self.known.as_ref().map(|(_, entity)| *entity)?;
        for step in path.split('/').skip(1).filter(|step| !step.starts_with('#')) {
            let fact = self.schema()?.fact_called(entity, step)?;
            match self.inner(fact) {
                Some(inner) => entity = inner,
                None => return Some(fact),
            }
        }
        None
    }

    fn text(&self, fact: Option<FactId>, value: &Value) -> String {
        let ty = fact.and_then(|fact| Some(&self.schema()?.facts[fact].ty));
        match (ty, value) {
            (_, Value::Bool(true)) => self.words.t("do-yes"),
            (_, Value::Bool(false)) => self.words.t("do-no"),
            (_, Value::Object(object)) if object.contains_key("missing") => self.words.t("fact-refused"),
            (_, Value::Object(object)) if ENDS.iter().any(|(name, _)| object.contains_key(*name)) => {
                let end = |(name, sign): &(&str, &str)| Some(format!("{sign} {}", self.text(fact, object.get(*name)?)));
                ENDS.iter()
                    .filter_map(end)
                    .collect::<Vec<_>>()
                    .join(self.words.pick("，", ", "))
            }
            (Some(FactType::Months), Value::Number(count)) => self
                .words
                .with("fact-months", &[("count", count.as_i64().unwrap_or_default().into())]),
            (Some(FactType::Days), Value::Number(count)) => self
                .words
                .with("fact-days", &[("count", count.as_i64().unwrap_or_default().into())]),
            (Some(FactType::Enumeration(id)), Value::String(name)) => self.member(*id, name),
            (Some(FactType::Money(currency)), Value::String(number)) => self.words.with(
                "fact-money",
                &[("amount", grouped(number).into()), ("currency", currency.code().into())],
            ),
            (Some(FactType::Count | FactType::Number(_)), Value::String(number)) => grouped(number),
            (Some(FactType::Identifier(Kind::Division)), Value::String(code)) => self.place(code),
            (_, other) => plain(other),
        }
    }

    fn member(&self, id: meed_facts::schema::EnumerationId, name: &str) -> String {
        let named = self.schema().and_then(|schema| {
            let position = schema.member_called(id, name)?;
            schema.member(id, position)
        });
        named.map_or_else(
            || name.to_owned(),
            |named| self.words.label(&named.label, name).to_owned(),
        )
    }

    fn place(&self, code: &str) -> String {
        let on = self.known.as_ref().map(|(program, _)| program.date);
        let found = on.and_then(|on| division::find(code, on));
        found.map_or_else(
            || code.to_owned(),
            |found| format!("{} {code}", self.words.label(&found.label, code)),
        )
    }

    /// Titles one after the other: name, level, from when until when.
    fn titles(&self, value: &Value) -> String {
        let items = value.get("items").unwrap_or(value).as_array();
        let told: Vec<String> = items.into_iter().flatten().map(|one| self.title(one)).collect();
        match told.is_empty() {
            true => self.words.t("nothing"),
            false => told.join(self.words.pick("；", "; ")),
        }
    }

    /// What a level of a title is called.
    pub fn level(&self, title: &str, level: &str) -> String {
        let label = self.schema().and_then(|schema| level_of(schema, title, level));
        label.map_or(level, |label| self.words.label(label, level)).to_owned()
    }

    fn title(&self, one: &Value) -> String {
        let part = |name: &str| one.get(name).and_then(Value::as_str);
        let name = part("title").unwrap_or_default();
        let title = self
            .schema()
            .and_then(|schema| schema.titles.iter().find(|(_, title)| title.named.is_called(name)));
        let called = title.map_or(name, |(_, title)| self.words.label(&title.named.label, name));
        let level = part("level").map(|level| self.level(name, level));
        let days: Vec<&str> = ["granted", "until"].into_iter().filter_map(part).collect();
        let parts = [
            Some(called.to_owned()),
            level,
            Some(days.join(" – ")).filter(|days| !days.is_empty()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// What a level of a title is called, where the vocabulary knows both.
pub fn level_of<'a>(schema: &'a Schema, title: &str, level: &str) -> Option<&'a Label> {
    let (_, title) = schema.titles.iter().find(|(_, one)| one.named.is_called(title))?;
    let levels = title.levels?;
    let member = schema.member(levels, schema.member_called(levels, level)?)?;
    Some(&member.label)
}

#[cfg(test)]
mod tests {
    use meed_facts::date::Date;
    use meed_facts::label::Lang;
    use meed_rules::{Package, check};
    use serde_json::json;

    use super::*;

    #[test]
    fn durations_and_ranges_are_told_in_words() {
        let package = Package::open(std::path::Path::new("../../policies/harbin")).unwrap();
        let program = Arc::new(check(&package).program(Date::new(2024, 3, 1).unwrap()).unwrap());
        let kind = applicant(&program.schema, "enterprise").unwrap();
        let told = |lang, path: &str, value: &Value| {
            let known = Some((Arc::clone(&program), kind));
            let words = Words::new(lang);
            let vocabulary = Vocabulary { known, words };
            format!(
                "{}: {}",
                vocabulary.label(path),
                vocabulary.text(vocabulary.leaf(path), value)
            )
        };
        let niche = "/years_in_niche/months";
        assert_eq!(told(Lang::Zh, niche, &json!(258)), "从事细分市场时间: 258 个月");
        assert_eq!(
            told(
                Lang::Zh,
                "/revenue/2022",
                &json!({"at_least": "1000.00", "at_most": "2000.00"})
            ),
            "营业收入 2022: ≥ 1,000.00 元，≤ 2,000.00 元"
        );
    }
}
