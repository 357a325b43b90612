//! All that the columns of one fact and period state together: values, and ranges, sets and reasons in their place.

use std::collections::BTreeMap;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use meed_facts::batch::Column;
use meed_facts::check::{self, Complaint, End};
use meed_facts::identifier::Kind;
use meed_facts::schema::{Fact, FactType, Schema};
use meed_facts::value::{Missing, Scalar, Stated};

use super::column::{place, value_at};
use super::plan::{NamedColumn, SubjectPlan};
use super::texts::Words;
use super::{Columns, Fault, Notes, Rules, column, known};
use crate::columns::Form;

// What stands in a row beside the column of values.
#[derive(Default)]
struct Beside {
    ends: Vec<(End, Scalar)>,
    stated: Vec<Stated>,
    // The column that the complaint goes to where they do not fit together.
    at: usize,
}

pub(super) fn column(rules: Rules<'_>, plan: &SubjectPlan, columns: &Columns<'_>, faults: &mut Vec<Fault>) -> Column {
    let fact = &rules.schema.facts[plan.subject.fact.0];
    let value = plan.columns.iter().find(|column| column.form == Form::Value);
    let mut result = match value.and_then(|named| Some((named, columns.get(named.index)?))) {
        Some((named, array)) => {
            let mut notes = notes(named, faults);
            column::read(rules.schema, fact, array, named.unit.as_deref(), &mut notes)
        }
        None => {
            let mut empty = Column::new(&fact.ty);
            empty.fill(columns.rows);
            empty
        }
    };
    let mut beside: BTreeMap<usize, Beside> = BTreeMap::new();
    for (at, named) in plan
        .columns
        .iter()
        .enumerate()
        .filter(|(_, named)| named.form != Form::Value)
    {
        if let Some(array) = columns
            .get(named.index)
            .filter(|array| array.null_count() < array.len())
        {
            let mut notes = notes(named, faults);
            for (row, said) in collect(rules.schema, fact, named, array, &mut notes) {
                let row = beside.entry(row).or_default();
                row.at = at;
                match said {
                    Said::End(end, value) => row.ends.push((end, value)),
                    Said::Stated(stated) => row.stated.push(stated),
                }
            }
        }
    }
    for (row, beside) in beside {
        let Some(named) = plan.columns.get(beside.at) else {
            continue;
        };
        settle(fact, &mut result, row, beside, &mut notes(named, faults));
    }
    result.others.sort_by_key(|(row, _)| *row);
    if let (None, Some(on), FactType::Identifier(Kind::CitizenId)) = (plan.subject.period, rules.on, &fact.ty)
        && let Some(named) = value.or(plan.columns.first())
    {
        each(&result, columns.rows, &mut notes(named, faults), |stated| {
            check::born(fact, stated, on)
        });
    }
    if let (Some(period), Some(named)) = (plan.subject.period, value.or(plan.columns.first())) {
        let mut notes = notes(named, faults);
        if check::in_period(fact, period).is_err() {
            each(&result, columns.rows, &mut notes, |_| check::in_period(fact, period));
        } else if let Some(on) = rules.on.filter(|on| !period.has_ended_on(*on)) {
            each(&result, columns.rows, &mut notes, |stated| {
                check::unfinished(period, stated, on)
            });
        }
    }
    result
}

fn notes<'f>(named: &'f NamedColumn, faults: &'f mut Vec<Fault>) -> Notes<'f> {
    Notes {
        column: &named.name,
        faults,
    }
}

enum Said {
    End(End, Scalar),
    Stated(Stated),
}

// What a column beside the values says, by row.
fn collect(
    schema: &Schema,
    fact: &Fact,
    named: &NamedColumn,
    array: &ArrayRef,
    notes: &mut Notes<'_>,
) -> Vec<(usize, Said)> {
    let words = Words::new(array);
    let text = |row| words.as_ref().map_or("", |words| words.get(row));
    let ends = match named.form {
        Form::End(_) => Some(column::read(schema, fact, array, named.unit.as_deref(), notes)),
        _ => None,
    };
    let mut said = |row| match named.form {
        Form::Value => None,
        Form::End(end) => value_at(ends.as_ref()?, row).map(|value| Said::End(end, value)),
        Form::Exact => {
            let value = check::scalar(schema, &fact.ty, text(row));
            let value = value.and_then(|value| check::within_bounds(fact, &value).map(|()| value));
            notes
                .checked(row, value)
                .map(|value| Said::Stated(Stated::Value(value)))
        }
        Form::OneOf => notes
            .checked(row, set(schema, fact, array, &words, row))
            .map(Said::Stated),
        Form::Missing => {
            let reason = notes.checked(row, check::missing(fact, text(row)));
            reason.map(|reason| Said::Stated(Stated::Missing(reason)))
        }
    };
    let rows = known(array);
    rows.rows().filter_map(|row| Some((row, said(row)?))).collect()
}

fn set(
    schema: &Schema,
    fact: &Fact,
    array: &ArrayRef,
    words: &Option<Words<'_>>,
    row: usize,
) -> Result<Stated, Complaint> {
    let scalar = |name: &str| check::scalar(schema, &fact.ty, name);
    let members: Result<Vec<Scalar>, Complaint> = match array.data_type() {
        DataType::List(_) => listed(&array.as_list::<i32>().value(row))
            .iter()
            .map(|name| scalar(name))
            .collect(),
        DataType::LargeList(_) => listed(&array.as_list::<i64>().value(row))
            .iter()
            .map(|name| scalar(name))
            .collect(),
        _ => {
            let text = words.as_ref().map_or("", |words| words.get(row));
            text.split('|').map(|name| scalar(name.trim())).collect()
        }
    };
    check::one_of(&fact.ty, members?)
}

fn listed(items: &ArrayRef) -> Vec<String> {
    let Some(words) = Words::new(items) else {
        return Vec::new();
    };
    let name = |row| {
        if items.is_valid(row) {
            words.get(row).to_owned()
        } else {
            String::new()
        }
    };
    (0..items.len()).map(name).collect()
}

// One way of stating a value, and no more.
fn settle(fact: &Fact, column: &mut Column, row: usize, beside: Beside, notes: &mut Notes<'_>) {
    let key = u32::try_from(row).unwrap_or(u32::MAX);
    let has_value = column.known.get(row) || column.others.iter().any(|(other, _)| *other == key);
    let ways = [has_value, !beside.ends.is_empty()]
        .into_iter()
        .filter(|way| *way)
        .count();
    if ways.saturating_add(beside.stated.len()) > 1 {
        let message = (
            "a value, a range, a set and a reason exclude each other",
            "值、区间、集合和缺失原因不能并存",
        );
        return notes.add(
            row,
            Complaint::new(message, ("keep one way to state the value", "请只保留一种写法")),
        );
    }
    let stated = match beside.stated.into_iter().next() {
        Some(stated) => stated,
        None => {
            let low = beside.ends.iter().filter(|(end, _)| end.is_low()).count();
            if low > 1 || beside.ends.len().saturating_sub(low) > 1 {
                return notes.add(
                    row,
                    Complaint::new(
                        ("this end of the range is given twice", "区间的这一端给了两次"),
                        ("keep one", "请只保留一个"),
                    ),
                );
            }
            match notes.checked(row, check::range(fact, beside.ends)) {
                Some(range) => range,
                None => return,
            }
        }
    };
    if let Stated::Value(value) = &stated
        && place(column, row, value).is_some()
    {
        return;
    }
    column.others.push((key, stated));
}

// Judges what each row states.
fn each(column: &Column, rows: usize, notes: &mut Notes<'_>, judge: impl Fn(&Stated) -> Result<(), Complaint>) {
    if !column.known.any() && column.others.is_empty() {
        return;
    }
    for row in 0..rows {
        if let Some(stated) = column.stated(row) {
            notes.checked(row, judge(&stated));
        }
    }
}

/// Why the records of a fact are missing, by row.
pub(super) fn reasons(column: &Column) -> impl Iterator<Item = (usize, Missing)> {
    column.others.iter().filter_map(|(row, stated)| match stated {
        Stated::Missing(reason) => Some((*row as usize, *reason)),
        _ => None,
    })
}
