//! What a value may still be, in words.

use meed_facts::value::{Bound, Interval, Scalar};
use meed_rules::program::Type;

use super::Words;
use super::numbers::plain;
use crate::awards::reading::month;
use crate::value::{Set, Value};

/// The most values of a set that are named.
const MOST_NAMED: usize = 8;

impl Words<'_, '_> {
    /// One known value of a type; `ratio` where a plain number is a proportion.
    pub fn scalar(&self, ty: &Type, value: &Scalar, ratio: bool) -> String {
        match (value, ty) {
            (Scalar::Bool(true), _) => self.say("是", "yes").to_owned(),
            (Scalar::Bool(false), _) => self.say("否", "no").to_owned(),
            (Scalar::Number(number), Type::Number(dimension)) => self.number(number, dimension, ratio),
            (Scalar::Number(number), Type::Year) => number.to_string(),
            (Scalar::Number(number), Type::Month) => month(number),
            (Scalar::Number(number), _) => plain(number),
            (Scalar::Date(date), _) => self.date(*date),
            (Scalar::Months(months), _) => self.months(*months),
            (Scalar::Days(days), _) => self.days(*days),
            (Scalar::Text(code), Type::Identifier(kind)) => self.identifier(*kind, code),
            (Scalar::Text(text), _) => text.to_string(),
            (Scalar::Member(position), Type::Enumeration(id)) => {
                let member = self.program.schema.member(*id, *position);
                member.map_or_else(|| position.to_string(), |member| self.named(member).to_owned())
            }
            (Scalar::Member(position), _) => position.to_string(),
        }
    }

    /// A value, known or not.
    pub fn shown(&self, ty: &Type, value: &Value, ratio: bool) -> String {
        if value.is_inapplicable() {
            return self.say("不适用", "does not apply").to_owned();
        }
        let mut parts = Vec::new();
        parts.extend(value.set().map(|set| self.set(ty, set, ratio)));
        if value.may_be_undefined() {
            parts.push(self.say("无定义", "undefined").to_owned());
        }
        if value.may_be_inapplicable() {
            parts.push(self.say("不适用", "not applicable").to_owned());
        }
        parts.join(self.say("，或", ", or "))
    }

    fn set(&self, ty: &Type, set: &Set, ratio: bool) -> String {
        let unknown = || self.say("未知", "unknown").to_owned();
        match set {
            Set::One(value) => self.scalar(ty, value, ratio),
            Set::Range(interval) => self.interval(interval, &|value| self.scalar(ty, value, ratio)),
            Set::Members(_) | Set::Texts(_) => match set.listed() {
                Some(values) if values.len() <= MOST_NAMED => {
                    let values: Vec<String> = values.iter().map(|value| self.scalar(ty, value, ratio)).collect();
                    values.join(self.say("或", " or "))
                }
                _ => unknown(),
            },
            Set::Either | Set::AnyText => unknown(),
        }
    }

    fn interval(&self, interval: &Interval, show: &dyn Fn(&Scalar) -> String) -> String {
        let low = interval
            .low
            .as_ref()
            .map(|bound| self.end(bound, show, ["不低于", "高于", "at least ", "more than "]));
        let high = interval
            .high
            .as_ref()
            .map(|bound| self.end(bound, show, ["不高于", "低于", "at most ", "less than "]));
        match (low, high) {
            (None, None) => self.say("未知", "unknown").to_owned(),
            (Some(low), Some(high)) => format!("{low}{}{high}", self.say("、", ", ")),
            (low, high) => low.or(high).unwrap_or_default(),
        }
    }

    fn end(&self, bound: &Bound, show: &dyn Fn(&Scalar) -> String, words: [&str; 4]) -> String {
        let [zh_closed, zh_open, en_closed, en_open] = words;
        let word = if bound.closed {
            self.say(zh_closed, en_closed)
        } else {
            self.say(zh_open, en_open)
        };
        format!("{word}{}", show(&bound.value))
    }
}
