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
use super::spans::spans;
use super::texts::Words;
use super::{Columns, Fault, Notes, Rules, column, known};
use crate::columns::Form;

/// A column beside the values, with something to say.
pub(super) struct Side<'p> {
    named: &'p NamedColumn,
    pub(super) says: Says,
}

/// What it says, by row.
pub(super) enum Says {
    Ends(End, Column),
    Others(Vec<(u32, Stated)>),
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
    let sides = sides(rules.schema, fact, plan, columns, faults);
    let sorted = result.others.is_empty() && sides.len() < 2;
    match spans(fact, &result, &sides) {
        Some(spans) => {
            result.ranges = spans;
            for side in sides {
                if let Says::Others(others) = side.says {
                    others
                        .into_iter()
                        .for_each(|(row, stated)| put(&mut result, row as usize, stated));
                }
            }
        }
        None => row_by_row(fact, &mut result, sides, faults),
    }
    if !sorted {
        result.others.sort_by_key(|(row, _)| *row);
    }
    if let (None, Some(on), FactType::Identifier(Kind::CitizenId)) = (plan.subject.period, rules.on, &fact.ty)
        && let Some(named) = value.or(plan.columns.first())
    {
        each(&result, &mut notes(named, faults), |stated| {
            check::born(fact, stated, on)
        });
    }
    if let (Some(period), Some(named)) = (plan.subject.period, value.or(plan.columns.first())) {
        let mut notes = notes(named, faults);
        if check::in_period(fact, period).is_err() {
            each(&result, &mut notes, |_| check::in_period(fact, period));
        } else if let Some(on) = rules.on.filter(|on| !period.has_ended_on(*on)) {
            each(&result, &mut notes, |stated| check::unfinished(period, stated, on));
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

// What the columns beside the values say.
fn sides<'p>(
    schema: &Schema,
    fact: &Fact,
    plan: &'p SubjectPlan,
    columns: &Columns<'_>,
    faults: &mut Vec<Fault>,
) -> Vec<Side<'p>> {
    let beside = plan.columns.iter().filter(|named| named.form != Form::Value);
    let told = beside.filter_map(|named| {
        let array = columns.get(named.index)?;
        (array.null_count() < array.len()).then(|| {
            let mut notes = notes(named, faults);
            let says = match named.form {
                Form::End(end) => Says::Ends(
                    end,
                    column::read(schema, fact, array, named.unit.as_deref(), &mut notes),
                ),
                _ => Says::Others(others(schema, fact, named, array, &mut notes)),
            };
            Side { named, says }
        })
    });
    told.collect()
}

// What a column that has no ends says beside the values.
fn others(
    schema: &Schema,
    fact: &Fact,
    named: &NamedColumn,
    array: &ArrayRef,
    notes: &mut Notes<'_>,
) -> Vec<(u32, Stated)> {
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
    said.extend(
        rows.rows()
            .filter_map(|row| Some((u32::try_from(row).ok()?, stated(row)?))),
    );
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

// What stands in a row beside the column of values.
#[derive(Default)]
struct Beside {
    ends: Vec<(End, Scalar)>,
    stated: Option<Stated>,
    // How many ways of stating a value there are besides ends.
    count: usize,
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

impl Says {
    fn by_row(self) -> Vec<(usize, Said)> {
        match self {
            Self::Ends(end, ends) => {
                let value = |row| Some((row, Said::End(end, value_at(&ends, row)?)));
                (0..ends.len()).filter_map(value).collect()
            }
            Self::Others(others) => {
                let others = others.into_iter();
                others
                    .map(|(row, stated)| (row as usize, Said::Stated(stated)))
                    .collect()
            }
        }
    }
}

// Looks at each row: what does not fit together is noted.
fn row_by_row(fact: &Fact, column: &mut Column, sides: Vec<Side<'_>>, faults: &mut Vec<Fault>) {
    let before: Vec<u32> = column.others.iter().map(|(row, _)| *row).collect();
    let mut sides: Vec<_> = sides
        .into_iter()
        .map(|side| (side.named, side.says.by_row().into_iter().peekable()))
        .collect();
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
        let is_other = before.binary_search_by_key(&row, |other| *other as usize).is_ok();
        let has_value = column.known.get(row) || is_other;
        let stated = settle(fact, has_value, &mut beside);
        if let Some(stated) = notes(named, faults).checked(row, stated) {
            put(column, row, stated);
        }
    }
}

// One way of stating a value, and no more. Nothing is left beside it.
fn settle(fact: &Fact, has_value: bool, beside: &mut Beside) -> Result<Stated, Complaint> {
    let Beside { ends, stated, count } = std::mem::take(beside);
    let ways = usize::from(has_value).saturating_add(usize::from(!ends.is_empty()));
    if ways.saturating_add(count) > 1 {
        let message = (
            "a value, a range, a set and a reason exclude each other",
            "值、区间、集合和缺失原因不能并存",
        );
        return Err(Complaint::new(
            message,
            ("keep one way to state the value", "请只保留一种写法"),
        ));
    }
    if let Some(stated) = stated {
        return Ok(stated);
    }
    let twice = |low: bool| ends.iter().filter(|(end, _)| end.is_low() == low).nth(1).is_some();
    if twice(true) || twice(false) {
        return Err(Complaint::new(
            ("this end of the range is given twice", "区间的这一端给了两次"),
            ("keep one", "请只保留一个"),
        ));
    }
    check::range(fact, ends)
}

// Puts what is stated of a row that had no value. Rows ascend.
fn put(column: &mut Column, row: usize, stated: Stated) {
    if let Stated::Value(value) = &stated
        && place(column, row, value).is_some()
    {
        return;
    }
    column.put_beside(row, stated);
}

// Judges what each row states.
fn each(column: &Column, notes: &mut Notes<'_>, judge: impl Fn(&Stated) -> Result<(), Complaint>) {
    for row in 0..column.len() {
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
