//! Titles, earlier awards and choices.

use std::collections::BTreeMap;
use std::sync::Arc;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, StructArray};
use arrow_schema::DataType;
use meed_facts::batch::{Batch, Bits, Column, Lists};
use meed_facts::check::{self, Complaint};
use meed_facts::date::Date;
use meed_facts::money::{Currency, Money};
use meed_facts::record::{AwardRecord, TitleRecord};
use meed_facts::schema::{EntityId, TitleId};
use meed_facts::value::Scalar;

use super::plan::{AWARD_KEYS, ChosenPlan, ItemsPlan, KeyKind, Plan, TITLE_KEYS};
use super::texts::Words;
use super::{Columns, Fault, Notes, Rules, column, known, lists};

pub(super) fn read(rules: Rules<'_>, plan: &Plan, columns: &Columns<'_>, batch: &mut Batch, faults: &mut Vec<Fault>) {
    let entity = plan.entity;
    if let Some(items) = &plan.titles {
        let read = |keys: &mut Keys<'_>, row| title(rules, entity, keys, row);
        let together = |titles: &[Option<TitleRecord>]| check::titles(rules.schema, titles.iter().flatten());
        if let Some(lists) = list(
            rules,
            entity,
            ("titles", &TITLE_KEYS),
            items,
            columns,
            faults,
            read,
            together,
        ) {
            batch.titles = lists;
        }
    }
    if let Some(items) = &plan.awards {
        let read = |keys: &mut Keys<'_>, row| award(rules, keys, row);
        let together = |_: &[Option<AwardRecord>]| Ok(());
        if let Some(lists) = list(
            rules,
            entity,
            ("awards", &AWARD_KEYS),
            items,
            columns,
            faults,
            read,
            together,
        ) {
            batch.awards = lists;
        }
    }
    batch.titles.fill(batch.rows);
    batch.awards.fill(batch.rows);
    if let Some(plan) = &plan.chosen {
        chosen(rules, plan, columns, batch, faults);
    }
}

#[expect(
    clippy::too_many_arguments,
    reason = "a list's columns, and how its items are read and checked"
)]
fn list<T>(
    rules: Rules<'_>,
    entity: EntityId,
    (name, kinds): (&str, &[(&'static str, KeyKind)]),
    plan: &ItemsPlan,
    columns: &Columns<'_>,
    faults: &mut Vec<Fault>,
    read: impl Fn(&mut Keys<'_>, usize) -> Option<T>,
    together: impl Fn(&[Option<T>]) -> Result<(), Complaint>,
) -> Option<Lists<Vec<T>>> {
    let spans = lists::spans(columns.get(plan.index)?, plan.complete, name, columns, faults)?;
    let items = spans.items.as_struct_opt()?;
    let mut keys = Keys::new(rules, entity, kinds, &plan.keys, items);
    let read: Vec<Option<T>> = (0..items.len()).map(|row| read(&mut keys, row)).collect();
    let mut begin = 0;
    for (row, end) in spans.ends.iter().map(|end| *end as usize).enumerate() {
        let mut notes = Notes { column: name, faults };
        notes.checked(row, together(read.get(begin..end).unwrap_or_default()));
        begin = end;
    }
    let lists = Lists {
        ends: spans.ends,
        stated: spans.stated,
        complete: spans.complete,
        // An item that is wrong takes its row with it, so that lists are short only where nobody will look.
        items: read.into_iter().flatten().collect(),
    };
    lists::lift(name, &lists, keys.faults, faults, true);
    Some(lists)
}

// The items' columns by their keys, read as wholes.
struct Keys<'a> {
    words: BTreeMap<&'static str, (Bits, Words<'a>)>,
    columns: BTreeMap<&'static str, Column>,
    spans: Option<&'a ArrayRef>,
    faults: Vec<Fault>,
}

impl<'a> Keys<'a> {
    fn new(
        rules: Rules<'_>,
        entity: EntityId,
        kinds: &[(&'static str, KeyKind)],
        indices: &BTreeMap<&'static str, usize>,
        items: &'a StructArray,
    ) -> Self {
        let mut keys = Keys {
            words: BTreeMap::new(),
            columns: BTreeMap::new(),
            spans: None,
            faults: Vec::new(),
        };
        for (key, kind) in kinds {
            let Some(array) = indices.get(key).and_then(|index| items.columns().get(*index)) else {
                continue;
            };
            match (kind, Words::new(array)) {
                (KeyKind::Word | KeyKind::Spans, Some(words)) => drop(keys.words.insert(*key, (known(array), words))),
                (KeyKind::Spans, None) => keys.spans = Some(array),
                _ => {
                    let fact = kind.fact(entity);
                    let mut notes = Notes {
                        column: key,
                        faults: &mut keys.faults,
                    };
                    let column = column::read(rules.schema, &fact, array, None, &mut notes);
                    keys.columns.insert(*key, column);
                }
            }
        }
        keys
    }

    fn checked<T>(&mut self, key: &str, row: usize, found: Result<T, Complaint>) -> Option<T> {
        let mut notes = Notes {
            column: key,
            faults: &mut self.faults,
        };
        notes.checked(row, found)
    }

    fn word(&self, key: &str, row: usize) -> Option<&'a str> {
        let (known, words) = self.words.get(key)?;
        known.get(row).then(|| words.get(row))
    }

    fn text(&mut self, key: &str, row: usize) -> Option<Arc<str>> {
        let word = self.word(key, row)?;
        self.checked(key, row, check::text(word))
    }

    fn scalar(&self, key: &str, row: usize) -> Option<Scalar> {
        column::value_at(self.columns.get(key)?, row)
    }

    fn date(&self, key: &str, row: usize) -> Option<Date> {
        match self.scalar(key, row)? {
            Scalar::Date(date) => Some(date),
            _ => None,
        }
    }
}

fn title(rules: Rules<'_>, entity: EntityId, keys: &mut Keys<'_>, row: usize) -> Option<TitleRecord> {
    let Some(name) = keys.word("title", row) else {
        let complaint = Complaint::new(
            ("it is not said which title", "没有说明是哪一个称号"),
            ("add its name in the column `title`", "请在 `title` 列写出名称"),
        );
        return keys.checked("title", row, Err(complaint));
    };
    let id: TitleId = keys.checked("title", row, check::title_called(rules.schema, entity, name))?;
    let title = &rules.schema.titles[id];
    let held = match keys.scalar("held", row) {
        Some(Scalar::Bool(held)) => held,
        _ => true,
    };
    let level = keys.word("level", row).and_then(|name| {
        let Some(levels) = title.levels else {
            return keys.checked("level", row, check::title_level(rules.schema, title, 0).map(|()| 0));
        };
        let level = keys.checked("level", row, check::member(rules.schema, levels, name))?;
        keys.checked("level", row, check::title_level(rules.schema, title, level))?;
        Some(level)
    });
    let record = TitleRecord {
        title: id,
        level: level.or(title.level),
        held,
        granted: keys.date("granted", row),
        until: keys.date("until", row),
        suspended: suspensions(rules, entity, keys, row),
        revoked: keys.date("revoked", row),
        object: keys.text("object", row),
    };
    for complaint in check::title(&record) {
        keys.checked::<()>("", row, Err(complaint));
    }
    Some(record)
}

// A list of structs with `from` and `until`, or a text: `2024-01-01/2024-07-01|2025-03-01/`.
fn suspensions(rules: Rules<'_>, entity: EntityId, keys: &mut Keys<'_>, row: usize) -> Vec<(Date, Option<Date>)> {
    let found = match (keys.word("suspended", row), keys.spans) {
        (Some(text), _) => text.split('|').map(|span| text_span(span.trim())).collect(),
        (None, Some(array)) if array.is_valid(row) => match array.data_type() {
            DataType::LargeList(_) => struct_spans(rules, entity, &array.as_list::<i64>().value(row)),
            _ => struct_spans(rules, entity, &array.as_list::<i32>().value(row)),
        },
        _ => return Vec::new(),
    };
    keys.checked("suspended", row, found).unwrap_or_default()
}

fn text_span(text: &str) -> Result<(Date, Option<Date>), Complaint> {
    let (from, until) = text.split_once('/').unwrap_or((text, ""));
    let until = if until.is_empty() {
        None
    } else {
        Some(check::date(until)?)
    };
    check::suspension(check::date(from)?, until)
}

fn struct_spans(rules: Rules<'_>, entity: EntityId, spans: &ArrayRef) -> Result<Vec<(Date, Option<Date>)>, Complaint> {
    let form = || {
        Complaint::new(
            ("these are no suspensions", "这不是暂停期"),
            ("give each the dates `from` and `until`", "请各写日期 `from` 和 `until`"),
        )
    };
    let spans = spans.as_struct_opt().ok_or_else(form)?;
    let kinds = [("from", KeyKind::Date), ("until", KeyKind::Date)];
    let place = |key: &str| spans.column_names().iter().position(|name| *name == key);
    let indices = kinds.iter().filter_map(|(key, _)| Some((*key, place(key)?))).collect();
    let mut keys = Keys::new(rules, entity, &kinds, &indices, spans);
    if let Some(fault) = keys.faults.pop() {
        return Err(fault.complaint);
    }
    let span = |row| {
        let first = keys.date("from", row);
        let first = first.ok_or_else(|| {
            Complaint::new(
                ("the suspension has no first day", "暂停期没有起始日"),
                ("fill in `from`", "请填 `from`"),
            )
        })?;
        check::suspension(first, keys.date("until", row))
    };
    (0..spans.len()).map(span).collect()
}

fn award(rules: Rules<'_>, keys: &mut Keys<'_>, row: usize) -> Option<AwardRecord> {
    let Some(name) = keys.word("measure", row) else {
        let complaint = Complaint::new(
            ("it is not said which measure was awarded", "没有说明奖励出自哪一项措施"),
            ("add its name in the column `measure`", "请在 `measure` 列写出名称"),
        );
        return keys.checked("measure", row, Err(complaint));
    };
    let measure = check::called(&rules.schema.measures, name, ("measure called", "措施"));
    let measure = keys.checked("measure", row, measure)?.name.clone();
    let currency = match keys.word("currency", row) {
        Some(code) => keys.checked("currency", row, check::currency(code))?,
        None => Currency::CNY,
    };
    // Whether an award counts hangs on its state, so none is assumed.
    let Some(state) = keys.word("state", row) else {
        let complaint = Complaint::new(
            ("it is not said what became of the award", "没有说明奖励的状态"),
            (
                "add `approved`, `paid`, `annulled` or `recovered` in the column `state`",
                "请在 `state` 列填写 `approved`、`paid`、`annulled` 或 `recovered`",
            ),
        );
        return keys.checked("state", row, Err(complaint));
    };
    let state = keys.checked("state", row, check::award_state(state))?;
    let record = AwardRecord {
        measure,
        key: keys.text("key", row),
        on: keys.date("on", row),
        amount: amount(keys, currency, "amount", row),
        recovered: amount(keys, currency, "recovered", row),
        state,
    };
    keys.checked("", row, check::award(&record));
    Some(record)
}

fn amount(keys: &mut Keys<'_>, currency: Currency, key: &str, row: usize) -> Option<Money> {
    let Scalar::Number(number) = keys.scalar(key, row)? else {
        return None;
    };
    let money = check::amount(currency, &number).and_then(check::award_amount);
    keys.checked(key, row, money)
}

fn chosen(rules: Rules<'_>, plan: &ChosenPlan, columns: &Columns<'_>, batch: &mut Batch, faults: &mut Vec<Fault>) {
    let Some(choices) = columns.get(plan.index).and_then(|array| array.as_struct_opt()) else {
        return;
    };
    let there: Bits = known(choices);
    for (group, index) in &plan.groups {
        let name = format!("chosen.{group}");
        let mut notes = Notes { column: &name, faults };
        let Some(array) = choices.columns().get(*index) else {
            continue;
        };
        let Some(words) = Words::new(array) else { continue };
        for row in known(array).rows().filter(|row| there.get(*row)) {
            let measure = check::called(&rules.schema.measures, words.get(row), ("measure called", "措施"));
            if let Some(measure) = notes.checked(row, measure) {
                let row = u32::try_from(row).unwrap_or(u32::MAX);
                let choices = batch.chosen.entry(row).or_default();
                choices.insert(group.clone(), measure.name.clone());
            }
        }
    }
}
