//! What is said about one fact: a value, a range, a set, or why there is no value.

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use super::reader::{Property, Reader, shown};
use super::scalar;
use crate::date::Date;
use crate::ratio::Ratio;
use crate::schema::{Fact, FactType, Source};
use crate::value::{Bound, Interval, Missing, Scalar, Stated};

const FORMS: [&str; 7] = [
    "at_least",
    "at_most",
    "more_than",
    "less_than",
    "so_far",
    "one_of",
    "missing",
];

pub(super) fn read(reader: &mut Reader<'_>, fact: &Fact, value: &Value<'_>) -> Option<Stated> {
    match value {
        Value::NullKeyword(_) => {
            reader.null(value.start());
            None
        }
        Value::Object(object) if !scalar::is_duration(&fact.ty, object) => form(reader, fact, object),
        _ => {
            let scalar = scalar::read(reader, &fact.ty, value)?;
            within_bounds(reader, fact, value, &scalar).then_some(Stated::Value(scalar))
        }
    }
}

/// The reason, where a list or inner record is only said to be missing.
pub(super) fn only_missing(reader: &mut Reader<'_>, fact: &Fact, value: &Value<'_>) -> Option<Missing> {
    let Value::Object(object) = value else { return None };
    match object.properties.as_slice() {
        [property] if property.name.as_str() == "missing" => missing(reader, fact, &property.value),
        _ => None,
    }
}

fn form(reader: &mut Reader<'_>, fact: &Fact, object: &Object<'_>) -> Option<Stated> {
    let properties = reader.properties(object);
    let mut known = true;
    for property in properties
        .iter()
        .filter(|property| !FORMS.contains(&property.name.as_str()))
    {
        known = false;
        reader.unknown(
            property.start,
            "way to state a value called",
            &property.name,
            &FORMS.map(str::to_owned),
        );
    }
    if !known {
        return None;
    }
    let at = object.range.start;
    match properties.as_slice() {
        [] => {
            reader.error(
                at,
                "an empty object says nothing",
                "write a value, or leave the fact out",
            );
            None
        }
        [one] if one.name == "missing" => missing(reader, fact, one.value).map(Stated::Missing),
        [one] if one.name == "one_of" => one_of(reader, fact, one.value),
        [one] if one.name == "so_far" => so_far(reader, fact, one.value),
        several
            if several
                .iter()
                .any(|property| matches!(&*property.name, "missing" | "one_of" | "so_far")) =>
        {
            reader.error(
                at,
                "`missing`, `one_of` and `so_far` stand alone",
                "keep one way to state the value",
            );
            None
        }
        ends => range(reader, fact, object, ends),
    }
}

fn missing(reader: &mut Reader<'_>, fact: &Fact, value: &Value<'_>) -> Option<Missing> {
    let reason = reader.string(value, "a reason")?;
    match reason {
        "refused" => Some(Missing::Refused),
        "unasked" => Some(Missing::Unasked),
        "judgement" if matches!(fact.source, Source::Judged(_)) => Some(Missing::Judgement),
        "judgement" => {
            let message = format!("nobody judges `{}`", fact.named.name);
            reader.error(value.start(), message, "write \"unasked\" or \"refused\"");
            None
        }
        other => {
            let reasons = ["refused", "judgement", "unasked"].map(str::to_owned);
            reader.unknown(value.start(), "reason called", other, &reasons);
            None
        }
    }
}

fn one_of(reader: &mut Reader<'_>, fact: &Fact, value: &Value<'_>) -> Option<Stated> {
    if !matches!(fact.ty, FactType::Enumeration(_) | FactType::Bool) {
        let help = "write a range with \"at_least\" and \"at_most\"";
        reader.error(
            value.start(),
            "only members of an enumeration can be given as a set",
            help,
        );
        return None;
    }
    let Value::Array(array) = value else {
        reader.not(value, "an array of members", "write {\"one_of\": [\"a\", \"b\"]}");
        return None;
    };
    let read: Vec<Option<Scalar>> = (0..)
        .zip(&array.elements)
        .map(|(position, item)| reader.at_item(position, |reader| scalar::read(reader, &fact.ty, item)))
        .collect();
    let mut members = read.into_iter().collect::<Option<Vec<Scalar>>>()?;
    members.sort_by(|a, b| a.checked_cmp(b).unwrap_or(std::cmp::Ordering::Equal));
    members.dedup();
    match members.as_slice() {
        [] => {
            reader.error(
                value.start(),
                "an empty set leaves no value",
                "name the members it may be",
            );
            None
        }
        [only] => Some(Stated::Value(only.clone())),
        _ => Some(Stated::OneOf(members)),
    }
}

fn so_far(reader: &mut Reader<'_>, fact: &Fact, value: &Value<'_>) -> Option<Stated> {
    let numeric = matches!(fact.ty, FactType::Count | FactType::Number(_) | FactType::Money(_));
    if fact.period.is_none() || !numeric {
        reader.error(
            value.start(),
            "`so_far` is for amounts that grow through a year or month",
            "write the value, or a range",
        );
        return None;
    }
    let reached = scalar::read(reader, &fact.ty, value)?;
    if !within_bounds(reader, fact, value, &reached) {
        return None;
    }
    let low = Some(Bound {
        value: reached,
        closed: true,
    });
    Some(Stated::Range(Interval {
        low,
        high: fact.bounds.as_ref().and_then(|bounds| bounds.high.clone()),
    }))
}

fn range(reader: &mut Reader<'_>, fact: &Fact, object: &Object<'_>, ends: &[Property<'_, '_>]) -> Option<Stated> {
    if !is_ordered(reader, &fact.ty) {
        let help = match fact.ty {
            FactType::Bool | FactType::Enumeration(_) => "write {\"one_of\": […]}",
            _ => "write the value, or leave the fact out",
        };
        reader.error(
            object.range.start,
            format!("`{}` has no order, so it has no range", fact.named.name),
            help,
        );
        return None;
    }
    let mut low: Option<Bound> = None;
    let mut high: Option<Bound> = None;
    let mut right = true;
    for end in ends {
        let (side, closed) = match end.name.as_str() {
            "at_least" => (&mut low, true),
            "more_than" => (&mut low, false),
            "at_most" => (&mut high, true),
            _ => (&mut high, false),
        };
        if side.is_some() {
            reader.error(end.start, "this end of the range is given twice", "keep one");
            right = false;
            continue;
        }
        let value = reader.within(&end.name, |reader| {
            let value = scalar::read(reader, &fact.ty, end.value)?;
            within_bounds(reader, fact, end.value, &value).then_some(value)
        });
        right &= value.is_some();
        *side = value.map(|value| whole_end(&fact.ty, value, closed, end.name == "more_than"));
    }
    let bounds = fact.bounds.as_ref();
    let interval = Interval {
        low: low
            .or_else(|| bounds.and_then(|bounds| bounds.low.clone()))
            .or_else(|| least(&fact.ty)),
        high: high.or_else(|| bounds.and_then(|bounds| bounds.high.clone())),
    };
    if right && interval.is_empty() {
        reader.error(
            object.range.start,
            "no value lies in this range",
            "the lower end must not be above the upper",
        );
        right = false;
    }
    right.then_some(Stated::Range(interval))
}

fn is_ordered(reader: &Reader<'_>, ty: &FactType) -> bool {
    match ty {
        FactType::Count | FactType::Number(_) | FactType::Money(_) => true,
        FactType::Date | FactType::Months | FactType::Days => true,
        FactType::Enumeration(id) => reader.schema.enumerations[*id].ordered,
        _ => false,
    }
}

fn least(ty: &FactType) -> Option<Bound> {
    matches!(ty, FactType::Count).then(|| Bound {
        value: Scalar::Number(Ratio::ZERO),
        closed: true,
    })
}

// Between whole values there is nothing, so "more than 3" is "at least 4".
fn whole_end(ty: &FactType, value: Scalar, closed: bool, up: bool) -> Bound {
    if closed {
        return Bound { value, closed };
    }
    let step = if up { 1 } else { -1 };
    let next = match &value {
        Scalar::Number(number) if matches!(ty, FactType::Count) => Some(Scalar::Number(number + &Ratio::from(step))),
        Scalar::Months(months) => months.checked_add(step).map(Scalar::Months),
        Scalar::Days(days) => days.checked_add(step).map(Scalar::Days),
        Scalar::Date(date) => date.plus_days(crate::date::Days(step)).map(Scalar::Date),
        Scalar::Member(member) => member.checked_add_signed(if up { 1 } else { -1 }).map(Scalar::Member),
        _ => None,
    };
    match next {
        Some(value) => Bound { value, closed: true },
        None => Bound { value, closed },
    }
}

/// That the fact takes no entry from a day on.
pub(super) fn closed(reader: &mut Reader<'_>, fact: &Fact, value: &Value<'_>, until: Date) {
    let message = format!("`{}` takes no entries from {until} on", fact.named.name);
    let help = "leave it out; the package's vocabulary has what is asked instead";
    reader.error(value.start(), message, help);
}

fn within_bounds(reader: &mut Reader<'_>, fact: &Fact, value: &Value<'_>, scalar: &Scalar) -> bool {
    if let (Some(until), Scalar::Date(date)) = (fact.until, scalar)
        && *date >= until
    {
        closed(reader, fact, value, until);
        return false;
    }
    let Some(bounds) = &fact.bounds else { return true };
    if bounds.contains(scalar) {
        return true;
    }
    let shown_end = |end: &Bound| match &end.value {
        Scalar::Number(number) => number.to_string(),
        Scalar::Date(date) => date.to_string(),
        other => shown(&format!("{other:?}")),
    };
    let mut limits = Vec::new();
    if let Some(low) = &bounds.low {
        limits.push(format!(
            "{} {}",
            if low.closed { "at least" } else { "more than" },
            shown_end(low)
        ));
    }
    if let Some(high) = &bounds.high {
        limits.push(format!(
            "{} {}",
            if high.closed { "at most" } else { "less than" },
            shown_end(high)
        ));
    }
    let message = format!("`{}` must be {}", fact.named.name, limits.join(" and "));
    reader.error(value.start(), message, "check the figure and its unit");
    false
}
