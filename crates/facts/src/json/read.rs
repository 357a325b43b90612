//! A file of facts to a [`Record`], with all its mistakes at once.
//!
//! `reader` keeps the place and collects mistakes; `entity` reads an object of facts; `stated` and `scalar` what is
//! said about one fact; `lists` titles and earlier awards.

mod entity;
mod lists;
mod reader;
mod scalar;
mod stated;

use jsonc_parser::ast::Value;
use jsonc_parser::common::Ranged;

use self::reader::Reader;
use super::{FactError, text};
use crate::check;
use crate::date::Date;
use crate::record::Record;
use crate::schema::Schema;

/// Reads the facts of one applicant: `{"enterprise": {…}}`.
///
/// # Errors
/// All mistakes of the text in the order of their places: form, unknown names, types, bounds, repeats, `null`.
pub fn read(schema: &Schema, text: &str) -> Result<Record, Vec<FactError>> {
    read_as_of(schema, text, None)
}

/// [`read`], and what [`super::check_dates`] says for a determination on the day `on`, with places.
///
/// # Errors
/// As for [`read`], and a plain value for a period that has not ended.
pub fn read_on(schema: &Schema, text: &str, on: Date) -> Result<Record, Vec<FactError>> {
    read_as_of(schema, text, Some(on))
}

fn read_as_of(schema: &Schema, text: &str, on: Option<Date>) -> Result<Record, Vec<FactError>> {
    let tree = text::parse(text).map_err(|error| vec![*error])?;
    let mut reader = Reader::new(schema, on);
    let record = top(&mut reader, &tree);
    let errors = reader.finish(text);
    match record {
        Some(record) if errors.is_empty() => Ok(record),
        _ => Err(errors),
    }
}

fn top(reader: &mut Reader<'_>, tree: &Value<'_>) -> Option<Record> {
    let form = (
        "write one object with one key, what the facts are about: {\"enterprise\": {…}}",
        "请写一个对象，其唯一的键说明是关于谁的信息：{\"enterprise\": {…}}",
    );
    let Value::Object(object) = tree else {
        reader.error(tree.start(), ("the facts are not an object", "信息不是对象"), form);
        return None;
    };
    let [property] = object.properties.as_slice() else {
        let place = object
            .properties
            .get(1)
            .map_or(tree.start(), |second| second.range.start);
        reader.error(
            place,
            (
                format!("{} keys at the top instead of one", object.properties.len()),
                format!("顶层有 {} 个键，应为一个", object.properties.len()),
            ),
            form,
        );
        return None;
    };
    let name = property.name.as_str();
    let entity = reader.checked(property.range.start, check::applicant(reader.schema, name))?;
    reader.path.push(name.to_owned());
    let record = entity::read(reader, entity, &property.value, entity::Place::Top);
    reader.path.pop();
    record
}
