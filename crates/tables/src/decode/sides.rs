//! All that the columns of one fact and period state together: values, and ranges, sets and reasons in their place.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef};
use arrow_schema::DataType;
use meed_facts::batch::Column;
use meed_facts::check::{self, Complaint, End};
use meed_facts::identifier::Kind;
use meed_facts::schema::{Fact, FactType, Schema};
use meed_facts::value::{Missing, Scalar, Stated};
use rustc_hash::FxHashMap;

use super::column::{place, value_at};
use super::plan::{NamedColumn, SubjectPlan};
use super::texts::Words;
use super::{Columns, Fault, Notes, Rules, column, known};
use crate::columns::Form;

// What stands in a row beside the column of values.
#[derive(Default)]
struct Beside {
    ends: Vec<(End, Scalar)>,
    stated: Option<Stated>,
    // How many ways of stating a value there are besides ends.
    count: usize,
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
    let stated_before = result.others.len();
    let sides = sides(rules.schema, fact, plan, columns, faults);
    let mut sides: Vec<_> = sides
        .into_iter()
        .map(|(named, said)| (named, said.into_iter().peekable()))
        .collect();
    let longest = sides.iter().map(|(_, said)| said.len()).max();
    result.others.reserve(longest.unwrap_or(0));
    let mut beside = Beside::default();
    // Rows ascend in each.
    while let Some(row) = sides
        .iter_mut()
        .filter_map(|(_, said)| said.peek().map(|(row, _)| *row))
        .min()
    {
        // The column that the complaint goes to where they do not fit together: the last.
        let mut last = None;
        for (named, said) in &mut sides {
            if let Some((_, said)) = said.next_if(|(next, _)| *next == row) {
                beside.add(said);
                last = Some(*named);
            }
        }
        let Some(named) = last else { break };
        let is_other = is_among(result.others.get(..stated_before).unwrap_or_default(), row);
        let has_value = result.known.get(row) || is_other;
        settle(
            fact,
            &mut result,
            row,
            (has_value, &mut beside),
            &mut notes(named, faults),
        );
    }
    if stated_before > 0 {
        result.others.sort_by_key(|(row, _)| *row);
    }
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

impl Beside {
    fn add(&mut self, said: Said) {
        match said {
            Said::End(end, value) => self.ends.push((end, value)),
            Said::Stated(stated) => {
                self.stated.get_or_insert(stated);
                self.count = self.count.saturating_add(1);
            }
        }
    }
}

fn is_among(others: &[(u32, Stated)], row: usize) -> bool {
    others.binary_search_by_key(&row, |(other, _)| *other as usize).is_ok()
}

// What the columns beside the values say, each by row.
fn sides<'p>(
    schema: &Schema,
    fact: &Fact,
    plan: &'p SubjectPlan,
    columns: &Columns<'_>,
    faults: &mut Vec<Fault>,
) -> Vec<(&'p NamedColumn, Vec<(usize, Said)>)> {
    let beside = plan.columns.iter().filter(|named| named.form != Form::Value);
    let told = beside.filter_map(|named| {
        let array = columns.get(named.index)?;
        (array.null_count() < array.len()).then(|| {
            let mut notes = notes(named, faults);
            (named, collect(schema, fact, named, array, &mut notes))
        })
    });
    told.collect()
}

// What a column beside the values says, by row.
fn collect(
    schema: &Schema,
    fact: &Fact,
    named: &NamedColumn,
    array: &ArrayRef,
    notes: &mut Notes<'_>,
) -> Vec<(usize, Said)> {
    if let Form::End(end) = named.form {
        let ends = column::read(schema, fact, array, named.unit.as_deref(), notes);
        let rows = known(array);
        let said = |row| Some((row, Said::End(end, value_at(&ends, row)?)));
        return rows.rows().filter_map(said).collect();
    }
    let words = Words::new(array);
    let text = |row| words.as_ref().map_or("", |words| words.get(row));
    // Few sets are different.
    let mut sets: FxHashMap<&str, Result<Stated, Complaint>> = FxHashMap::default();
    let mut stated = |row| match named.form {
        Form::Value | Form::End(_) => None,
        Form::Exact => {
            let value = check::scalar(schema, &fact.ty, text(row));
            let value = value.and_then(|value| check::within_bounds(fact, &value).map(|()| value));
            notes.checked(row, value).map(Stated::Value)
        }
        Form::OneOf if words.is_some() => {
            let text = text(row);
            let set = sets
                .entry(text)
                .or_insert_with(|| set(schema, fact, text.split('|').map(str::trim)));
            notes.checked(row, set.clone())
        }
        Form::OneOf => {
            let listed = listed(array, row);
            notes.checked(row, set(schema, fact, listed.iter().map(String::as_str)))
        }
        Form::Missing => notes.checked(row, check::missing(fact, text(row))).map(Stated::Missing),
    };
    let rows = known(array);
    let mut said = Vec::with_capacity(rows.count());
    said.extend(rows.rows().filter_map(|row| Some((row, Said::Stated(stated(row)?)))));
    said
}

fn set<'t>(schema: &Schema, fact: &Fact, names: impl Iterator<Item = &'t str>) -> Result<Stated, Complaint> {
    let members: Result<Vec<Scalar>, Complaint> = names.map(|name| check::scalar(schema, &fact.ty, name)).collect();
    check::one_of(&fact.ty, members?)
}

// The texts of a row's list.
fn listed(array: &ArrayRef, row: usize) -> Vec<String> {
    let items = match array.data_type() {
        DataType::List(_) => array.as_list::<i32>().value(row),
        DataType::LargeList(_) => array.as_list::<i64>().value(row),
        _ => return Vec::new(),
    };
    let Some(words) = Words::new(&items) else {
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

// One way of stating a value, and no more. Nothing is left beside it.
fn settle(
    fact: &Fact,
    column: &mut Column,
    row: usize,
    (has_value, beside): (bool, &mut Beside),
    notes: &mut Notes<'_>,
) {
    let ways = [has_value, !beside.ends.is_empty()]
        .into_iter()
        .filter(|way| *way)
        .count();
    let stated = beside.stated.take();
    let several = ways.saturating_add(std::mem::take(&mut beside.count)) > 1;
    let ends = || beside.ends.iter().map(|(end, _)| end.is_low());
    let twice = |low: bool| ends().filter(|is_low| *is_low == low).nth(1).is_some();
    let stated = if several {
        let message = (
            "a value, a range, a set and a reason exclude each other",
            "值、区间、集合和缺失原因不能并存",
        );
        Err(Complaint::new(
            message,
            ("keep one way to state the value", "请只保留一种写法"),
        ))
    } else if let Some(stated) = stated {
        Ok(stated)
    } else if twice(true) || twice(false) {
        Err(Complaint::new(
            ("this end of the range is given twice", "区间的这一端给了两次"),
            ("keep one", "请只保留一个"),
        ))
    } else {
        check::range(fact, beside.ends.drain(..))
    };
    beside.ends.clear();
    let Some(stated) = notes.checked(row, stated) else {
        return;
    };
    if let Stated::Value(value) = &stated
        && place(column, row, value).is_some()
    {
        return;
    }
    let key = u32::try_from(row).unwrap_or(u32::MAX);
    column.others.push((key, stated));
}

// Judges what each row states.
fn each(column: &Column, rows: usize, notes: &mut Notes<'_>, judge: impl Fn(&Stated) -> Result<(), Complaint>) {
    if !column.known.any() && column.others.is_empty() {
        return;
    }
    let mut others = column.others.iter().peekable();
    for row in 0..rows {
        if let Some((_, stated)) = others.next_if(|(other, _)| *other as usize == row) {
            notes.checked(row, judge(stated));
        } else if let Some(value) = column.values.get(row).filter(|_| column.known.get(row)) {
            notes.checked(row, judge(&Stated::Value(value)));
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
