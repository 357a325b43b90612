//! What is said about one fact: a value, a range, a set, or why there is no value.

use jsonc_parser::ast::{Object, Value};
use jsonc_parser::common::Ranged;

use super::reader::{Property, Reader};
use super::scalar;
use crate::check::{self, End};
use crate::schema::Fact;
use crate::value::{Missing, Scalar, Stated};

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
            reader.checked(value.start(), check::within_bounds(fact, &scalar))?;
            Some(Stated::Value(scalar))
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
            ("way to state a value called", "值的写法"),
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
                ("an empty object says nothing", "空对象没有说明任何内容"),
                ("write a value, or leave the fact out", "请写出值，或去掉此信息项"),
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
                (
                    "`missing`, `one_of` and `so_far` stand alone",
                    "`missing`、`one_of` 和 `so_far` 须单独使用",
                ),
                ("keep one way to state the value", "请只保留一种写法"),
            );
            None
        }
        ends => range(reader, fact, object, ends),
    }
}

fn missing(reader: &mut Reader<'_>, fact: &Fact, value: &Value<'_>) -> Option<Missing> {
    let reason = reader.string(value, ("a reason", "原因"))?;
    reader.checked(value.start(), check::missing(fact, reason))
}

fn one_of(reader: &mut Reader<'_>, fact: &Fact, value: &Value<'_>) -> Option<Stated> {
    if !check::has_sets(&fact.ty) {
        // What stands in the set is not looked at.
        return reader.checked(value.start(), check::one_of(&fact.ty, Vec::new()));
    }
    let Value::Array(array) = value else {
        reader.not(
            value,
            ("an array of members", "成员数组"),
            (
                "write {\"one_of\": [\"a\", \"b\"]}",
                "请写 {\"one_of\": [\"a\", \"b\"]}",
            ),
        );
        return None;
    };
    let read: Vec<Option<Scalar>> = (0..)
        .zip(&array.elements)
        .map(|(position, item)| reader.at_item(position, |reader| scalar::read(reader, &fact.ty, item)))
        .collect();
    let members = read.into_iter().collect::<Option<Vec<Scalar>>>()?;
    reader.checked(value.start(), check::one_of(&fact.ty, members))
}

fn so_far(reader: &mut Reader<'_>, fact: &Fact, value: &Value<'_>) -> Option<Stated> {
    reader.checked(value.start(), check::grows(fact))?;
    let reached = scalar::read(reader, &fact.ty, value)?;
    reader.checked(value.start(), check::within_bounds(fact, &reached))?;
    reader.checked(value.start(), check::range(fact, [(End::AtLeast, reached)]))
}

fn range(reader: &mut Reader<'_>, fact: &Fact, object: &Object<'_>, given: &[Property<'_, '_>]) -> Option<Stated> {
    let at = object.range.start;
    reader.checked(at, check::is_ordered(reader.schema, fact))?;
    let mut ends: Vec<(End, Scalar)> = Vec::new();
    let mut sides = Vec::new();
    for property in given {
        let (_, end) = End::NAMES.into_iter().find(|(name, _)| *name == property.name)?;
        if sides.contains(&end.is_low()) {
            reader.error(
                property.start,
                ("this end of the range is given twice", "区间的这一端给了两次"),
                ("keep one", "请只保留一个"),
            );
            return None;
        }
        sides.push(end.is_low());
        let value = reader.within(&property.name, |reader| {
            let value = scalar::read(reader, &fact.ty, property.value)?;
            reader.checked(property.value.start(), check::within_bounds(fact, &value))?;
            Some(value)
        });
        ends.extend(value.map(|value| (end, value)));
    }
    if ends.len() < given.len() {
        return None;
    }
    reader.checked(at, check::range(fact, ends))
}
