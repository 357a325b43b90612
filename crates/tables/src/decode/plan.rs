//! What the columns of a file mean, found once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields};
use meed_facts::check::{Complaint, called};
use meed_facts::message::Message;
use meed_facts::schema::{EntityId, Fact, FactType, Named, Source};

use super::column::accepts;
use crate::columns::{Form, Items, Meaning, Place, Slot, Subject};

/// What is wanted of a file's columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// Nothing but keys is read.
    pub keys_alone: bool,
    /// Columns (`note`, `hires.note`) and sheets that are passed over although the vocabulary does not know them.
    pub ignored: BTreeSet<String>,
}

impl Wanted {
    fn reads(&self, place: Place<'_>, meaning: Meaning) -> bool {
        let key = || place.schema.entities[place.entity].key;
        let is_key = || matches!(meaning, Meaning::Fact(subject, _) if Some(subject.fact.0) == key());
        !self.keys_alone || is_key()
    }
}

/// The columns of one kind of record by their positions.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub entity: EntityId,
    pub subjects: Vec<SubjectPlan>,
    pub children: Vec<RecordsPlan>,
    pub inner: Vec<RecordsPlan>,
    pub titles: Option<ItemsPlan>,
    pub awards: Option<ItemsPlan>,
    pub chosen: Option<ChosenPlan>,
}

/// The columns about one fact in one period.
#[derive(Clone, Debug)]
pub(crate) struct SubjectPlan {
    pub subject: Subject,
    pub columns: Vec<NamedColumn>,
}

#[derive(Clone, Debug)]
pub(crate) struct NamedColumn {
    pub form: Form,
    pub index: usize,
    pub name: String,
    /// The unit of whole numbers, by the column's metadata.
    pub unit: Option<String>,
}

#[derive(Clone, Debug)]
pub(crate) struct RecordsPlan {
    pub slot: Slot,
    pub index: usize,
    pub name: String,
    pub complete: Option<usize>,
    pub plan: Plan,
}

#[derive(Clone, Debug)]
pub(crate) struct ItemsPlan {
    pub index: usize,
    pub complete: Option<usize>,
    /// The columns of an item by the keys that they have.
    pub keys: BTreeMap<&'static str, usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct ChosenPlan {
    pub index: usize,
    /// Groups by the columns in which their choice stands.
    pub groups: Vec<(Arc<str>, usize)>,
}

/// The key of a column's metadata that says what its whole numbers count: `minor` units of money, `months`, `days`.
pub(crate) const UNIT: &str = "meed.unit";

/// What the columns of titles and earlier awards hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    Word,
    Truth,
    Date,
    /// In the currency that the item names.
    Amount,
    /// Texts as in `2024-01-01/2024-07-01|2025-03-01/`, or lists of structs with `from` and `until`.
    Spans,
}

pub(crate) const TITLE_KEYS: [(&str, KeyKind); 8] = [
    ("title", KeyKind::Word),
    ("level", KeyKind::Word),
    ("held", KeyKind::Truth),
    ("granted", KeyKind::Date),
    ("until", KeyKind::Date),
    ("suspended", KeyKind::Spans),
    ("revoked", KeyKind::Date),
    ("object", KeyKind::Word),
];

pub(crate) const AWARD_KEYS: [(&str, KeyKind); 7] = [
    ("measure", KeyKind::Word),
    ("key", KeyKind::Word),
    ("on", KeyKind::Date),
    ("amount", KeyKind::Amount),
    ("currency", KeyKind::Word),
    ("recovered", KeyKind::Amount),
    ("state", KeyKind::Word),
];

impl KeyKind {
    /// A fact whose columns are read as this.
    pub(crate) fn fact(self, entity: EntityId) -> Fact {
        Fact {
            named: Named::default(),
            entity,
            ty: match self {
                Self::Word | Self::Spans => FactType::Text,
                Self::Truth => FactType::Bool,
                Self::Date => FactType::Date,
                Self::Amount => FactType::Number(None),
            },
            period: None,
            bounds: None,
            until: None,
            source: Source::Registry,
            evidence: Vec::new(),
        }
    }
}

impl Plan {
    /// What the columns mean.
    ///
    /// # Errors
    /// All columns that are unknown, stand twice, or have a type that cannot hold what they should.
    pub(crate) fn new(place: Place<'_>, fields: &Fields, wanted: &Wanted) -> Result<Self, Vec<Complaint>> {
        let mut planner = Planner {
            wanted,
            complaints: Vec::new(),
        };
        let plan = planner.plan(place, fields, "");
        if planner.complaints.is_empty() {
            Ok(plan)
        } else {
            Err(planner.complaints)
        }
    }

    /// The records that stand in the column.
    pub(crate) fn records(&self, index: usize) -> Option<&RecordsPlan> {
        self.children
            .iter()
            .chain(&self.inner)
            .find(|records| records.index == index)
    }

    /// Whether nothing but values is stated: no ranges, sets or reasons.
    pub(crate) fn has_values_alone(&self) -> bool {
        let mut columns = self.subjects.iter().flat_map(|subject| &subject.columns);
        let mut records = self.children.iter().chain(&self.inner);
        columns.all(|column| column.form == Form::Value) && records.all(|records| records.plan.has_values_alone())
    }

    /// Whether the column is read.
    pub(crate) fn uses(&self, index: usize) -> bool {
        let items = || self.titles.iter().chain(&self.awards);
        let records = || self.children.iter().chain(&self.inner);
        let subjects = self
            .subjects
            .iter()
            .flat_map(|subject| &subject.columns)
            .map(|column| column.index);
        let completes = items()
            .map(|items| items.complete)
            .chain(records().map(|records| records.complete));
        let mut used = subjects
            .chain(items().map(|items| items.index))
            .chain(records().map(|records| records.index))
            .chain(self.chosen.iter().map(|chosen| chosen.index))
            .chain(completes.flatten());
        used.any(|used| used == index)
    }
}

// The columns of the items of lists.
fn item_fields(ty: &DataType) -> Option<&Fields> {
    let (DataType::List(item) | DataType::LargeList(item)) = ty else {
        return None;
    };
    match item.data_type() {
        DataType::Struct(fields) => Some(fields),
        _ => None,
    }
}

struct Planner<'w> {
    wanted: &'w Wanted,
    complaints: Vec<Complaint>,
}

impl Planner<'_> {
    fn plan(&mut self, place: Place<'_>, fields: &Fields, path: &str) -> Plan {
        let mut plan = Plan {
            entity: place.entity,
            subjects: Vec::new(),
            children: Vec::new(),
            inner: Vec::new(),
            titles: None,
            awards: None,
            chosen: None,
        };
        let found = self.meanings(place, fields, path);
        let complete = |items| found.get(&Meaning::Complete(items)).copied();
        for (meaning, index) in &found {
            let Some(field) = fields.get(*index) else { continue };
            match *meaning {
                Meaning::Fact(subject, form) => {
                    self.subject(place, &mut plan, (subject, form), (*index, field), path);
                }
                Meaning::Records(slot) => {
                    let complete = complete(Items::Children(slot));
                    self.records(place, &mut plan, slot, (*index, field), complete, path);
                }
                Meaning::Titles => {
                    let keys = self.keys(place, field, &TITLE_KEYS, path);
                    plan.titles = keys.map(|keys| ItemsPlan {
                        index: *index,
                        complete: complete(Items::Titles),
                        keys,
                    });
                }
                Meaning::Awards => {
                    let keys = self.keys(place, field, &AWARD_KEYS, path);
                    plan.awards = keys.map(|keys| ItemsPlan {
                        index: *index,
                        complete: complete(Items::Awards),
                        keys,
                    });
                }
                Meaning::Chosen => plan.chosen = self.chosen(place, *index, field, path),
                Meaning::Complete(_) => self.complete(field, path),
            }
        }
        plan
    }

    // Columns by what they mean, each meaning once.
    fn meanings(&mut self, place: Place<'_>, fields: &Fields, path: &str) -> BTreeMap<Meaning, usize> {
        let mut found = BTreeMap::new();
        for (index, field) in fields.iter().enumerate() {
            let name = field.name();
            if self.wanted.ignored.contains(&format!("{path}{name}").replace("[]", "")) {
                continue;
            }
            match place.meaning(name) {
                Err(complaint) => self.complain(path, name, complaint),
                Ok(meaning) => {
                    if let Some(other) = found.insert(meaning, index) {
                        let other = fields.get(other).map_or("", |other| other.name());
                        let message = (
                            format!("this and the column `{other}` mean the same"),
                            format!("此列与 `{other}` 列含义相同"),
                        );
                        self.complain(
                            path,
                            name,
                            Complaint::new(message, ("keep one of the two", "请只保留一个")),
                        );
                    }
                }
            }
        }
        found.retain(|meaning, _| self.wanted.reads(place, *meaning));
        found
    }

    fn complain(&mut self, path: &str, name: &str, complaint: Complaint) {
        let message = Message::new(
            format!("column `{path}{name}`: {}", complaint.message.en),
            format!("列 `{path}{name}`：{}", complaint.message.zh),
        );
        self.complaints.push(Complaint { message, ..complaint });
    }

    fn subject(
        &mut self,
        place: Place<'_>,
        plan: &mut Plan,
        (subject, form): (Subject, Form),
        (index, field): (usize, &Field),
        path: &str,
    ) {
        let fact = &place.schema.facts[subject.fact.0];
        let unit = field.metadata().get(UNIT).cloned();
        if let Err(complaint) = accepts(place.schema, fact, form, field.data_type(), unit.as_deref()) {
            self.complain(path, field.name(), complaint);
        }
        let column = NamedColumn {
            form,
            index,
            name: field.name().clone(),
            unit,
        };
        match plan.subjects.last_mut().filter(|last| last.subject == subject) {
            Some(last) => last.columns.push(column),
            None => plan.subjects.push(SubjectPlan {
                subject,
                columns: vec![column],
            }),
        }
    }

    fn records(
        &mut self,
        place: Place<'_>,
        plan: &mut Plan,
        slot: Slot,
        (index, field): (usize, &Field),
        complete: Option<usize>,
        path: &str,
    ) {
        let name = field.name().clone();
        let path = |inside: &str| format!("{path}{name}{inside}.");
        let held = match (&place.schema.facts[slot.0].ty, field.data_type()) {
            (FactType::Many(entity), DataType::List(item) | DataType::LargeList(item)) => match item.data_type() {
                DataType::Struct(fields) => Some((*entity, fields, true)),
                _ => None,
            },
            (FactType::One(entity), DataType::Struct(fields)) => Some((*entity, fields, false)),
            _ => None,
        };
        let Some((entity, fields, many)) = held else {
            let needed = match place.schema.facts[slot.0].ty {
                FactType::Many(_) => ("a list of structs", "结构列表"),
                _ => ("a struct", "结构"),
            };
            let ty = field.data_type();
            let message = (
                format!("this is {ty}, not {}", needed.0),
                format!("这是 {ty}，不是{}", needed.1),
            );
            return self.complain(
                &path(""),
                "",
                Complaint::new(message, ("records are held here", "此处是记录")),
            );
        };
        let inside = self.plan(place.inside(entity), fields, &path(if many { "[]" } else { "" }));
        let records = RecordsPlan {
            slot,
            index,
            name,
            complete,
            plan: inside,
        };
        if many {
            plan.children.push(records)
        } else {
            plan.inner.push(records)
        }
    }

    fn keys(
        &mut self,
        place: Place<'_>,
        field: &Field,
        known: &[(&'static str, KeyKind)],
        path: &str,
    ) -> Option<BTreeMap<&'static str, usize>> {
        let Some(fields) = item_fields(field.data_type()) else {
            let message = (
                format!("this is {}, not a list of structs", field.data_type()),
                format!("这是 {}，不是结构列表", field.data_type()),
            );
            self.complain(
                path,
                field.name(),
                Complaint::new(message, ("give each item its columns", "请给每一项各自的列")),
            );
            return None;
        };
        let mut keys = BTreeMap::new();
        for (index, inside) in fields.iter().enumerate() {
            let name = format!("{}[].{}", field.name(), inside.name());
            let Some((key, kind)) = known.iter().find(|(key, _)| key == inside.name()) else {
                let known: Vec<String> = known.iter().map(|(key, _)| (*key).to_owned()).collect();
                self.complain(
                    path,
                    &name,
                    Complaint::unknown(("column called", "列"), inside.name(), &known),
                );
                continue;
            };
            let spans = *kind == KeyKind::Spans && item_fields(inside.data_type()).is_some();
            let fact = kind.fact(place.entity);
            match accepts(place.schema, &fact, Form::Value, inside.data_type(), None) {
                Err(complaint) if !spans => self.complain(path, &name, complaint),
                _ => drop(keys.insert(*key, index)),
            }
        }
        let first = known.first().map_or("", |(first, _)| first);
        if !fields.iter().any(|inside| inside.name() == first) {
            let message = (format!("there is no column `{first}`"), format!("没有 `{first}` 列"));
            self.complain(
                path,
                field.name(),
                Complaint::new(message, ("say which each is", "请说明各是哪一个")),
            );
        }
        Some(keys)
    }

    fn chosen(&mut self, place: Place<'_>, index: usize, field: &Field, path: &str) -> Option<ChosenPlan> {
        let DataType::Struct(fields) = field.data_type() else {
            let message = (
                format!("this is {}, not a struct", field.data_type()),
                format!("这是 {}，不是结构", field.data_type()),
            );
            self.complain(
                path,
                field.name(),
                Complaint::new(message, ("give each group a field", "请给每个组一个字段")),
            );
            return None;
        };
        let mut groups = Vec::new();
        for (position, group) in fields.iter().enumerate() {
            match called(&place.schema.groups, group.name(), ("exclusive group called", "互斥组")) {
                Ok(named) => groups.push((named.name.clone(), position)),
                Err(complaint) => self.complain(path, &format!("chosen.{}", group.name()), complaint),
            }
        }
        Some(ChosenPlan { index, groups })
    }

    fn complete(&mut self, field: &Field, path: &str) {
        if !super::column::is_truth(field.data_type()) {
            let message = (
                format!("this is {}, not true or false", field.data_type()),
                format!("这是 {}，不是真假值", field.data_type()),
            );
            self.complain(
                path,
                field.name(),
                Complaint::new(message, ("true where the list is whole", "列表完整时为 true")),
            );
        }
    }
}
