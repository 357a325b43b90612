//! What only the determination's date can find wrong in a record.

use super::FactError;
use crate::check::{Complaint, born, unfinished};
use crate::date::Date;
use crate::record::Record;
use crate::schema::{FactId, Schema};

/// Finds plain values for periods that have not ended by the day `on` (`semantics.md` §5): such a value is still
/// growing, so it must be `so_far` or a range. And citizen numbers of whoever is born later. The errors have paths but no lines; [`super::read_on`] gives both.
pub fn check_dates(record: &Record, schema: &Schema, on: Date) -> Vec<FactError> {
    let mut errors = Vec::new();
    let path = schema.entities[record.entity].named.name.to_lowercase();
    check(record, schema, on, &path, &mut errors);
    errors
}

fn check(record: &Record, schema: &Schema, on: Date, path: &str, errors: &mut Vec<FactError>) {
    let name = |fact: FactId| &schema.facts[fact].named.name;
    let mut note = |path: String, found: Result<(), Complaint>| {
        errors.extend(found.err().map(|complaint| FactError {
            line: 0,
            column: 0,
            path,
            complaint,
        }));
    };
    for (fact, series) in record.series.iter() {
        for (period, stated) in series {
            note(
                format!("{path}.{}.{period}", name(fact)),
                unfinished(*period, stated, on),
            );
        }
    }
    for (fact, stated) in record.facts.iter() {
        note(format!("{path}.{}", name(fact)), born(&schema.facts[fact], stated, on));
    }
    for (fact, children) in record.children.iter() {
        for (position, child) in children.items.iter().enumerate() {
            check(child, schema, on, &format!("{path}.{}[{position}]", name(fact)), errors);
        }
    }
    for (fact, inner) in record.inner.iter() {
        check(inner, schema, on, &format!("{path}.{}", name(fact)), errors);
    }
}
