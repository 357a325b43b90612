//! Writing into a record: the fact of a child, a period, a record held inside.

use meed_facts::date::Period;
use meed_facts::record::Record;
use meed_facts::schema::{FactId, FactType, Schema};
use meed_facts::value::Stated;

use crate::value::{Item, RecordPath};

/// The record at the end of a way; records held inside are begun where nothing is known of them. `None` for one that a list does not name.
pub(crate) fn record_at<'r>(schema: &Schema, record: &'r mut Record, path: &RecordPath) -> Option<&'r mut Record> {
    let mut record = record;
    for step in path.steps() {
        record = match step.item {
            Item::Inner => {
                let FactType::One(entity) = schema.facts[step.holder].ty else {
                    return None;
                };
                if record.inner.get(step.holder).is_none() {
                    record.inner.insert(step.holder, Box::new(Record::new(entity)));
                }
                record.inner.get_mut(step.holder)?
            }
            Item::At(index) => {
                let list = record.children.get_mut(step.holder)?;
                list.items.get_mut(usize::try_from(index).ok()?)?
            }
            Item::Rest => return None,
        };
    }
    Some(record)
}

/// States a fact in place of what was stated before; whether there was a place for it.
pub(crate) fn state(
    schema: &Schema,
    record: &mut Record,
    (path, fact, period): (&RecordPath, FactId, Option<Period>),
    stated: Stated,
) -> bool {
    let Some(record) = record_at(schema, record, path) else {
        return false;
    };
    match period {
        None => {
            record.facts.insert(fact, stated);
        }
        Some(period) => {
            record.series.entry(fact).or_default().insert(period, stated);
        }
    }
    true
}
