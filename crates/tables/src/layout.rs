//! Which columns a population's files have.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use meed_facts::batch::{Batch, Column, Lists, Values};
use meed_facts::check::End;
use meed_facts::date::{Date, Period};
use meed_facts::schema::{EntityId, FactId, FactType, Schema};
use meed_facts::value::{Bound, Stated};

use crate::columns::{Form, Items, Meaning, Slot, Subject};

/// The columns for records of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// What the rows are records of.
    pub entity: EntityId,
    /// What the columns say, in their order.
    pub columns: BTreeSet<Meaning>,
    /// Those with ends of ranges that are written as text, since one has more digits than columns of its type or is no finite decimal.
    pub texts: BTreeSet<Meaning>,
    /// The columns of the records that facts hold.
    pub records: BTreeMap<Slot, Layout>,
    /// The groups of which choices are stated.
    pub groups: BTreeSet<Arc<str>>,
}

impl Layout {
    /// No columns.
    pub fn new(entity: EntityId) -> Self {
        Self {
            entity,
            columns: BTreeSet::new(),
            texts: BTreeSet::new(),
            records: BTreeMap::new(),
            groups: BTreeSet::new(),
        }
    }

    /// The fewest columns that say all that a batch says, but at least one.
    pub fn of(schema: &Schema, batch: &Batch) -> Self {
        let mut layout = Self::new(batch.entity);
        for (fact, column) in batch.facts.iter() {
            layout.column(fact, None, column);
        }
        for (fact, series) in batch.series.iter() {
            for (period, column) in series {
                layout.column(fact, Some(*period), column);
            }
        }
        for (fact, lists) in batch.children.iter() {
            layout.lists(lists, Meaning::Records(Slot(fact)), Items::Children(Slot(fact)));
            layout.held(schema, fact, lists);
        }
        for (fact, lists) in batch.inner.iter().filter(|(_, lists)| lists.stated.any()) {
            layout.columns.insert(Meaning::Records(Slot(fact)));
            layout.held(schema, fact, lists);
        }
        layout.lists(&batch.titles, Meaning::Titles, Items::Titles);
        layout.lists(&batch.awards, Meaning::Awards, Items::Awards);
        layout.groups = batch
            .chosen
            .values()
            .flat_map(|chosen| chosen.keys().cloned())
            .collect();
        if !layout.groups.is_empty() {
            layout.columns.insert(Meaning::Chosen);
        }
        if layout.columns.is_empty() {
            layout.columns.extend(any_column(schema, batch.entity));
        }
        layout
    }

    /// Columns for all facts, those with periods in each of `periods` that is of their kind, without the rarer ways of stating a value: what people fill in.
    pub fn of_vocabulary(schema: &Schema, entity: EntityId, periods: &[Period]) -> Self {
        let mut layout = Self::whole(schema, entity, periods, &mut vec![entity]);
        layout
            .columns
            .extend([Meaning::Awards, Meaning::Complete(Items::Awards)]);
        layout.groups = schema.groups.iter().map(|group| group.name.clone()).collect();
        if !layout.groups.is_empty() {
            layout.columns.insert(Meaning::Chosen);
        }
        layout
    }

    // `above` are the kinds that hold it: one that holds itself is not followed for ever.
    fn whole(schema: &Schema, entity: EntityId, periods: &[Period], above: &mut Vec<EntityId>) -> Self {
        let mut layout = Self::new(entity);
        for fact in &schema.entities[entity].facts {
            let declared = &schema.facts[*fact];
            let slot = Slot(*fact);
            match (&declared.ty, declared.period) {
                (FactType::Many(held) | FactType::One(held), _) => {
                    if above.contains(held) {
                        continue;
                    }
                    above.push(*held);
                    layout.columns.insert(Meaning::Records(slot));
                    if matches!(declared.ty, FactType::Many(_)) {
                        layout.columns.insert(Meaning::Complete(Items::Children(slot)));
                    }
                    let held = Self::whole(schema, *held, periods, above);
                    above.pop();
                    layout.records.insert(slot, held);
                }
                (_, None) => {
                    layout.columns.insert(value(*fact, None));
                }
                (_, Some(unit)) => {
                    let periods = periods.iter().filter(|period| period.unit() == unit);
                    layout.columns.extend(periods.map(|period| value(*fact, Some(*period))));
                }
            }
        }
        if schema.titles.iter().any(|(_, title)| title.entity == entity) {
            layout
                .columns
                .extend([Meaning::Titles, Meaning::Complete(Items::Titles)]);
        }
        layout
    }

    /// Adds the columns of another layout of the same kind.
    pub fn join(&mut self, other: &Self) {
        self.columns.extend(other.columns.iter().copied());
        self.texts.extend(other.texts.iter().copied());
        self.groups.extend(other.groups.iter().cloned());
        for (slot, records) in &other.records {
            match self.records.get_mut(slot) {
                Some(mine) => mine.join(records),
                None => drop(self.records.insert(*slot, records.clone())),
            }
        }
    }

    /// Whether it has all columns of another layout of the same kind.
    pub fn covers(&self, other: &Self) -> bool {
        let inside =
            |(slot, records): (&Slot, &Layout)| self.records.get(slot).is_some_and(|mine| mine.covers(records));
        self.columns.is_superset(&other.columns)
            && self.texts.is_superset(&other.texts)
            && self.groups.is_superset(&other.groups)
            && other.records.iter().all(inside)
    }

    /// Adds to each list the column that says whether it is whole.
    pub(crate) fn say_what_is_whole(&mut self, schema: &Schema) {
        let whole = |meaning: &Meaning| match *meaning {
            Meaning::Records(slot) if matches!(schema.facts[slot.0].ty, FactType::Many(_)) => {
                Some(Meaning::Complete(Items::Children(slot)))
            }
            Meaning::Titles => Some(Meaning::Complete(Items::Titles)),
            Meaning::Awards => Some(Meaning::Complete(Items::Awards)),
            _ => None,
        };
        let whole: Vec<Meaning> = self.columns.iter().filter_map(whole).collect();
        self.columns.extend(whole);
        self.records
            .values_mut()
            .for_each(|records| records.say_what_is_whole(schema));
    }

    fn held(&mut self, schema: &Schema, fact: FactId, lists: &Lists<Batch>) {
        if lists.stated.any() {
            self.records.insert(Slot(fact), Self::of(schema, &lists.items));
        }
    }

    fn lists<T>(&mut self, lists: &Lists<T>, meaning: Meaning, items: Items) {
        if !lists.stated.any() {
            return;
        }
        self.columns.insert(meaning);
        if lists.stated != lists.complete {
            self.columns.insert(Meaning::Complete(items));
        }
    }

    fn column(&mut self, fact: FactId, period: Option<Period>, column: &Column) {
        let subject = Subject {
            fact: Slot(fact),
            period,
        };
        let mut add = |form| {
            self.columns.insert(Meaning::Fact(subject, form));
        };
        if column.known.any() {
            add(Form::Value);
        }
        if let Values::Numbers { scale: 1.., units } = &column.values
            && units.iter().any(|unit| !is_short(*unit))
        {
            add(Form::Exact);
        }
        for (_, stated) in &column.others {
            match stated {
                Stated::Value(_) => add(Form::Exact),
                Stated::OneOf(_) => add(Form::OneOf),
                Stated::Missing(_) => add(Form::Missing),
                Stated::Range(_) => {}
            }
        }
        for (_, end, unit) in ends(column) {
            let meaning = Meaning::Fact(subject, Form::End(end));
            self.columns.insert(meaning);
            if !unit.is_some_and(|unit| holds(&column.values, unit)) {
                self.texts.insert(meaning);
            }
        }
    }
}

// The key, else a column of any fact: not every format knows rows without columns.
fn any_column(schema: &Schema, entity: EntityId) -> Option<Meaning> {
    let entity = &schema.entities[entity];
    let fact = entity.key.or_else(|| entity.facts.first().copied())?;
    let declared = &schema.facts[fact];
    let subject = Subject {
        fact: Slot(fact),
        period: match declared.period {
            Some(unit) => Some(Period::of(Date::from_days_since_epoch(0)?, unit)),
            None => None,
        },
    };
    Some(match declared.ty {
        FactType::Many(_) | FactType::One(_) => Meaning::Fact(subject, Form::Missing),
        _ => Meaning::Fact(subject, Form::Value),
    })
}

/// The digits that decimals have in columns.
pub(crate) const DIGITS: u8 = 18;

/// Whether a multiple has as few digits as decimals have in columns.
pub(crate) fn is_short(unit: i64) -> bool {
    unit.unsigned_abs() < 1_000_000_000_000_000_000
}

fn holds(values: &Values, unit: i64) -> bool {
    match values {
        Values::Numbers { scale: 1.., .. } => is_short(unit),
        _ => true,
    }
}

/// The ends of ranges that a column states: the row, which end, and what it is in the column's units, where it is such.
pub(crate) fn ends(column: &Column) -> impl Iterator<Item = (usize, End, Option<i64>)> {
    let spans = column.ranges.iter().flat_map(|span| {
        let ends = [(End::AtLeast, span.low()), (End::AtMost, span.high())];
        ends.map(|(end, unit)| unit.map(|unit| (span.row(), end, Some(unit))))
    });
    let others = column.others.iter().flat_map(|(row, stated)| {
        let (lowest, highest) = match stated {
            Stated::Range(range) => (range.low.as_ref(), range.high.as_ref()),
            _ => (None, None),
        };
        let ends = [
            lowest.map(|bound| (bound, low(bound))),
            highest.map(|bound| (bound, high(bound))),
        ];
        ends.map(|end| end.map(|(bound, end)| (*row as usize, end, column.values.unit_of(&bound.value))))
    });
    spans.chain(others).flatten()
}

/// Which lower end a bound is.
pub(crate) fn low(bound: &Bound) -> End {
    if bound.closed { End::AtLeast } else { End::MoreThan }
}

/// Which upper end a bound is.
pub(crate) fn high(bound: &Bound) -> End {
    if bound.closed { End::AtMost } else { End::LessThan }
}

fn value(fact: FactId, period: Option<Period>) -> Meaning {
    let fact = Slot(fact);
    Meaning::Fact(Subject { fact, period }, Form::Value)
}
